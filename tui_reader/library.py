"""Every verb the program has: what the screen and the command line talk to.

A `Library` may be used from any asyncio loop. Reads return frozen data; writes return the `Change` they made and
tell it to everyone who asked with `on_change`. Whatever goes wrong in a way a person can act on is a
`errors.ReaderError`.
"""

from __future__ import annotations

import asyncio
import sqlite3
from array import array
from collections.abc import Callable, Collection, Coroutine, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeVar

from tui_reader import __version__, feed_settings, urls
from tui_reader.config import Config
from tui_reader.engine import Engine
from tui_reader.errors import BadPicture, LibraryBusy, LibraryDamaged, LibraryError, NotFound, Offline, Refused
from tui_reader.frozen import dataclass
from tui_reader.late import Late
from tui_reader.model import (
    Act,
    Alert,
    Candidate,
    Change,
    Comment,
    CommentEdit,
    Counts,
    Entry,
    EntryRow,
    Feed,
    FeedResult,
    FeedSettings,
    Fired,
    FullText,
    ImportReport,
    Mute,
    NewsboatReport,
    NotAFeed,
    Order,
    ParsedFeed,
    Progress,
    Scope,
    SearchHit,
    SmartFeed,
    Thread,
    Version,
    Visit,
)
from tui_reader.rules import Rule, Rules
from tui_reader.store import (
    backup,
    connect,
    discussions,
    entries,
    feeds,
    index,
    mutes,
    pictures,
    recovery,
    smart,
    status,
    tidy,
)
from tui_reader.text import clean
from tui_reader.waiting import Waiting

if TYPE_CHECKING:
    import secrets
    from importlib import resources

    from tui_reader.discussion import run as looking
    from tui_reader.discussion import tree, verbs
    from tui_reader.discussion.run import Looked
    from tui_reader.net import fetch, process
    from tui_reader.newsboat import files as newsboat
    from tui_reader.parse import discover, opml
    from tui_reader.refresh import due, follow_up, full_text, gate, run
    from tui_reader.store import comments, locks, search, space, tags
    from tui_reader.store import excerpts as beginnings
    from tui_reader.store import feed_settings as tuning
    from tui_reader.store import full_text as taken
    from tui_reader.store import newsboat as bringing
    from tui_reader.store import rules as in_force
    from tui_reader.worker import client as worker
else:
    secrets = Late("secrets")
    resources = Late("importlib.resources")
    looking = Late("tui_reader.discussion.run")
    tree = Late("tui_reader.discussion.tree")
    verbs = Late("tui_reader.discussion.verbs")
    fetch = Late("tui_reader.net.fetch")
    process = Late("tui_reader.net.process")
    newsboat = Late("tui_reader.newsboat.files")
    discover = Late("tui_reader.parse.discover")
    opml = Late("tui_reader.parse.opml")
    due = Late("tui_reader.refresh.due")
    follow_up = Late("tui_reader.refresh.follow_up")
    full_text = Late("tui_reader.refresh.full_text")
    gate = Late("tui_reader.refresh.gate")
    run = Late("tui_reader.refresh.run")
    bringing = Late("tui_reader.store.newsboat")
    beginnings = Late("tui_reader.store.excerpts")
    tuning = Late("tui_reader.store.feed_settings")
    taken = Late("tui_reader.store.full_text")
    comments = Late("tui_reader.store.comments")
    locks = Late("tui_reader.store.locks")
    space = Late("tui_reader.store.space")
    in_force = Late("tui_reader.store.rules")
    search = Late("tui_reader.store.search")
    tags = Late("tui_reader.store.tags")
    worker = Late("tui_reader.worker.client")


T = TypeVar("T")
HOUR, DAY = 3600, 86_400
NOTHING_SET = FeedSettings()
NEWEST = Order()
MOST_PICTURE = 10_000_000
"""The largest picture that is fetched, in bytes."""
_PICTURES = "image/webp,image/png,image/jpeg,image/gif,image/*;q=0.8,*/*;q=0.5"


@dataclass(frozen=True, slots=True)
class Added:
    """A subscription that was made, or was there already (`present`)."""

    feed: Feed
    result: FeedResult | None = None
    present: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """The address is a page that offers several feeds: add one of them."""

    page: str
    candidates: tuple[Candidate, ...]


class Library:
    """One library file and the network it is fed from. Make it with `await Library.open(...)`."""

    def __init__(
        self,
        path: Path,
        config: Config,
        clock: Callable[[], int],
        *,
        offline: bool,
        proxy: str,
        fetching: Callable[..., fetch.Network] | None,
    ) -> None:
        self.path = path
        self.offline = offline
        self.read_only = ""
        self.recovered = ""
        self._clock = clock
        self._engine = Engine(
            partial(connect.open_writer, path, now=clock()), partial(connect.open_reader, path), connect.transaction
        )
        self._waiting = Waiting(self._engine, self._notice)
        self._hearers: list[Callable[[str], None]] = []
        self._listeners: list[Callable[[Change], None]] = []
        self._watchers: list[Callable[[Progress], None]] = []
        self._told: list[Callable[[Alert], None]] = []
        self._fired: list[Fired] = []
        self._notify = config.notify.command
        self._refreshing = asyncio.Lock()
        self._outside = 0
        self._config, self._proxy, self._fetching = config, proxy, fetching
        self._made: tuple[run.Ports, verbs.Discussions] | None = None
        self._making = Lock()
        self._pictures = pictures.Pictures(pictures.beside(path), config.images.cache_megabytes * 1_000_000)
        self._keep = config.library.keep
        self._backup = backup.Backup(path, config.library.backups)
        self._one_row = config.ui.one_row_per_link
        self._may_ask_elsewhere = config.discussion.ask_elsewhere

    @classmethod
    async def open(
        cls,
        path: Path,
        config: Config,
        *,
        clock: Callable[[], int],
        offline: bool = False,
        proxy: str = "",
        fetching: Callable[..., fetch.Network] | None = None,
    ) -> Library:
        """Open the library at `path`, making it when there is none.

        A library that cannot be written (a read-only folder, a full disk) is opened for reading; `read_only` then
        says why. One that is damaged is set aside and what can be read of it saved; `recovered` then says what.
        `fetching` makes who asks the network, in place of a process of its own. Raises ForeignLibrary or NewerLibrary
        for a file that must not be touched.
        """
        library = cls(path, config, clock, offline=offline, proxy=proxy, fetching=fetching)
        try:
            try:
                library._outside = await library._engine.write(connect.data_version)
            except LibraryDamaged:
                library.recovered = await asyncio.to_thread(recovery.recover, path, now=clock())
                library._outside = await library._engine.write(connect.data_version)
        except LibraryError as error:
            if not isinstance(error, LibraryBusy) or not path.exists():
                await asyncio.to_thread(library._engine.close)
                raise
            library.read_only = str(error)
            return library
        with suppress(LibraryBusy):
            await library._engine.write(mutes.own, config.discussion.my_names, now=clock())
        library._engine.at_leisure(library._catch_up)
        return library

    @staticmethod
    async def copy(path: Path, to: Path) -> None:
        """Write a consistent copy of the library at `path`, which may be open and being written, to `to`."""
        await asyncio.to_thread(connect.copy, path, to)

    async def back_up(self) -> bool:
        """Make today's copy of the library if there is something new to copy; tells whether one was made.

        Raises LibraryDamaged when the file cannot be read whole.
        """
        if self.read_only or not await asyncio.to_thread(self._backup.is_due, self._clock()):
            return False
        return await asyncio.to_thread(self._backup.make, self._clock())

    async def damage(self) -> str:
        """What is wrong inside the file, "" when it is whole; reads all of it."""
        return await self._engine.read(connect.damage)

    async def close(self) -> None:
        """End what runs, keeping what has arrived, and close the file."""
        self._backup.stop()
        with suppress(TimeoutError):
            async with asyncio.timeout(2):
                await self._engine.run(self._end())
        await asyncio.to_thread(self._engine.close)

    async def _end(self) -> None:
        if self._made is not None:
            await self._ports.parser.close()
            await self._ports.fetcher.close()

    # ------------------------------------------------------------ what the network needs

    @property
    def _ports(self) -> run.Ports:
        return self._for_the_network()[0]

    @property
    def _talks(self) -> verbs.Discussions:
        return self._for_the_network()[1]

    def _for_the_network(self) -> tuple[run.Ports, verbs.Discussions]:
        """Made when it is needed first: the first screen is not to wait for it. Any thread may ask."""
        with self._making:
            if self._made is None:
                self._made = self._make()
            return self._made

    async def warm(self) -> None:
        """Have what the first article, the first mark and the first refresh need, off the caller's thread."""
        await self._engine.read(_thread, 0)
        await asyncio.to_thread(self._for_the_network)
        if not self.read_only:
            with suppress(LibraryError):  # whoever has something to write is told
                await self._engine.write(_opened)

    def _make(self) -> tuple[run.Ports, verbs.Discussions]:
        config = self._config
        contact = f" (+{config.refresh.contact})" if config.refresh.contact else ""
        settings = fetch.Settings(
            user_agent=f"tui-reader/{__version__}{contact}",
            proxy=self._proxy or None,
            concurrency=config.refresh.concurrency,
            offline=self.offline,
            deadline=config.network.timeout,
            max_bytes=config.network.max_bytes,
        )
        fetcher = (self._fetching or process.FetchProcess)(settings, clock=self._clock)
        ports = run.Ports(
            engine=self._engine,
            fetcher=fetcher,
            gate=gate.Gate(fetcher, self._clock),
            parser=worker.Parser(),
            settings=due.Settings(
                interval=config.refresh.interval * 60, minimum_interval=config.refresh.minimum_interval
            ),
            clock=self._clock,
            on_change=self._tell,
            concurrency=config.refresh.concurrency,
            rules=Rules(config.rules),
        )
        return ports, verbs.Discussions(ports)

    # ------------------------------------------------------------ telling

    def on_change(self, listener: Callable[[Change], None]) -> None:
        """Call `listener` after every write, on a thread of the engine: it should only pass the change on."""
        self._listeners.append(listener)

    def on_progress(self, watcher: Callable[[Progress], None]) -> None:
        """Call `watcher` whenever a refresh moves on, on a thread of the engine."""
        self._watchers.append(watcher)

    def on_alert(self, listener: Callable[[Alert], None]) -> None:
        """Call `listener` with what the rules have to tell, on a thread of the engine."""
        self._told.append(listener)

    def on_notice(self, hearer: Callable[[str], None]) -> None:
        """Call `hearer` with a line for a person when an act has to wait, or what waited is done."""
        self._hearers.append(hearer)

    def _notice(self, line: str) -> None:
        for hearer in self._hearers:
            hearer(line)

    async def notices(self) -> tuple[str, ...]:
        """What a start has to tell of the library: that it was damaged and what was saved, once; that it cannot be
        written."""
        told = [f"{self.read_only}. What is stored can be read; marks wait until it can be written"]
        lines = told if self.read_only else []
        note = await self.recall(recovery.KEY)
        if isinstance(note, dict) and not note.get("told"):
            lines.append(str(note.get("line", "")))
            with suppress(LibraryBusy):
                await self.remember(recovery.KEY, note | {"told": True})
        return tuple(lines)

    def _tell(self, change: Change) -> None:
        self._fired += change.fired
        if change != Change():
            for listener in self._listeners:
                listener(change)

    def _progress(self, progress: Progress) -> None:
        for watcher in self._watchers:
            watcher(progress)

    async def _then_rules(self, work: Coroutine[Any, Any, T]) -> T:
        """Do a work, on the engine's loop, and then what the rules want done about what it brought."""
        done = await work
        fired, self._fired = self._fired, []
        if fired:
            rules = self._ports.rules.rules
            for alert in await follow_up.follow_up(self._engine, rules, fired, command=self._notify):
                for listener in self._told:
                    listener(alert)
        return done

    async def poll_outside(self) -> bool:
        """Tell whether another process has written since the last call, and tell the listeners to re-ask all."""
        if self.read_only:
            return False
        version = await self._engine.write(connect.data_version)
        seen, self._outside = self._outside, version
        if version != seen:
            self._tell(Change(everything=True))
        return version != seen

    # ------------------------------------------------------------ reading

    def _today(self) -> int:
        """The start of the user's day."""
        midnight = datetime.fromtimestamp(self._clock()).astimezone().replace(hour=0, minute=0, second=0)
        return int(midnight.timestamp())

    async def feeds(self, only: Collection[int] | None = None) -> tuple[Feed, ...]:
        """All subscriptions, or those of these ids, with their counts, by folder and title."""
        return await self._engine.read(feeds.feeds, only)

    async def feed(self, feed_id: int) -> Feed:
        """One subscription; raises NotFound."""
        return await self._engine.read(feeds.feed, feed_id)

    async def find(self, text: str) -> Feed:
        """The feed named by its number, address, title, or a part of a title that only it has; raises NotFound."""
        return await self._engine.read(feeds.find, text)

    async def counts(self) -> Counts:
        """Totals of the smart feeds."""
        return await self._engine.read(entries.counts, today_from=self._today())

    async def ids(
        self, scope: Scope, keep: Iterable[int] = (), limit: int | None = None, order: Order = NEWEST
    ) -> array[int]:
        """The ids of a scope; `keep` are ids that stay although they were read meanwhile.

        Raises QueryFault for a filter that is not understood.
        """
        asked = {"keep": frozenset(keep), "limit": limit, "order": order, **self._listing()}
        return await self._engine.read(entries.ids, scope, **asked)

    async def first(
        self, scope: Scope, keep: Iterable[int] = (), limit: int = 200, order: Order = NEWEST
    ) -> tuple[EntryRow, ...]:
        """The first rows of a scope."""
        asked = {"keep": frozenset(keep), "limit": limit, "order": order, **self._listing()}
        return self._waiting.shown(await self._engine.read(entries.first, scope, **asked))

    async def opening(
        self, scope: Scope, keep: Iterable[int] = (), order: Order = NEWEST, *, rows: int, most: int | None
    ) -> tuple[array[int], tuple[EntryRow, ...]]:
        """What a list begins with: its first ids, `most` of them or all, and the first so many rows."""
        asked = {"keep": frozenset(keep), "limit": rows, "most": most, "order": order, **self._listing()}
        ids, first = await self._engine.read(entries.opening, scope, **asked)
        return ids, self._waiting.shown(first)

    async def found(
        self, scope: Scope, keep: Iterable[int] = (), order: Order = NEWEST, *, rows: int, seen: int
    ) -> tuple[array[int], tuple[EntryRow, ...], tuple[SearchHit, ...]]:
        """What the list of a search begins with: all its ids, the first so many rows, and what was found in the entries
        that are `seen` of them. A search that is cancelled is interrupted."""
        asked = {"keep": frozenset(keep), "limit": rows, "seen": seen, "order": order, **self._listing()}
        ids, first, hits = await self._engine.search(search.opening, scope, **asked)
        return ids, self._waiting.shown(first), hits

    def _listing(self) -> dict[str, Any]:
        """What every list depends on besides what is stored."""
        return {"today_from": self._today(), "now": self._clock(), "once": self._one_row}

    async def rows(self, ids: Sequence[int]) -> tuple[EntryRow, ...]:
        """The rows with these ids, in this order; ids that are gone are left out."""
        return self._waiting.shown(await self._engine.read(entries.rows, ids))

    async def excerpts(self, ids: Sequence[int]) -> tuple[tuple[int, str], ...]:
        """The first words of each of these entries, none of their bodies whole."""
        return await self._engine.read(beginnings.excerpts, ids)

    async def entry(self, entry_id: int) -> Entry:
        """An entry with its body; raises NotFound."""
        entry = await self._engine.read(entries.entry, entry_id)
        return replace(entry, row=self._waiting.shown([entry.row])[0])

    async def versions(self, entry_id: int) -> tuple[Version, ...]:
        """What an entry said before it was changed, oldest first."""
        return await self._engine.read(entries.versions, entry_id)

    async def thread(self, entry_id: int) -> Thread:
        """The stored discussion of an entry, in reading order."""
        return await self._engine.read(_thread, entry_id)

    async def search(self, words: str, limit: int = 200, *, ranked: bool = False) -> tuple[SearchHit, ...]:
        """Entries and comments that a query finds, newest first, or the best of the newest first. A search that is
        cancelled is interrupted."""
        return await self._engine.search(search.search, words, limit=limit, now=self._clock(), ranked=ranked)

    async def hits_in(self, words: str, ids: Collection[int]) -> tuple[SearchHit, ...]:
        """What a search finds in each of these entries: the entry itself, else its newest comment. Interrupted, too."""
        return await self._engine.search(search.hits_in, words, ids, now=self._clock())

    async def unindexed(self) -> int:
        """How many entries and comments no search can find yet, or only by older words. The index catches up by itself
        behind the writes; when it has, a Change says so (`indexed`)."""
        return await self._engine.read(index.missing)

    async def index(self, told: Callable[[int], None] = lambda left: None) -> None:
        """Bring the full-text index up to date, telling how much is left; cancelled, it keeps what is done."""
        known: Mapping[str, str] = {}
        while left := await self.unindexed():
            told(left)
            known, _ = await asyncio.gather(self._words_after(left), self._engine.write(index.fill, known=known))
        await self._engine.write(connect.settle)
        self._tell(Change(indexed=True))

    async def _words_after(self, left: int) -> Mapping[str, str]:
        """The words of the entries that come after those that are being indexed, by their HTML: the parse worker, where
        a refresh has just used it, takes them out meanwhile."""
        if self._made is None or left < 2 * index.BATCH:
            return {}
        bodies = await self._engine.read(index.bodies_after)
        words = await self._engine.run(self._made[0].parser.words(bodies))
        return dict(zip(bodies, words, strict=False))

    async def sizes(self) -> tuple[int, int]:
        """Bytes that the library takes on the disk, and how many of them it could give back."""
        return await self._engine.read(space.sizes)

    async def vacuum(self) -> None:
        """Write the library file anew without its gaps. Raises LibraryBusy when another process writes or the disk has
        no room for it twice."""
        await self._engine.write(space.vacuum)

    def _catch_up(self, db: sqlite3.Connection, urgent: Callable[[], bool]) -> bool:
        """Index what is missing, give back room, write the WAL back: a piece of it. Another process that refreshes
        indexes at its end, and needs the file until then."""
        if not index.missing(db):
            return space.give_back(db) or connect.settle(db)
        if not self._refreshing.locked() and locks.is_refreshing(self.path):
            return False
        left = index.fill(db, urgent)
        if not left:
            self._tell(Change(indexed=True))
        return True

    # ------------------------------------------------------------ status

    async def _act(self, fn: Callable[..., Change], *args: object, **kwargs: object) -> Change:
        change = await self._waiting.act(fn, *args, **kwargs)
        self._tell(change)
        return change

    @property
    def waiting(self) -> int:
        """How many acts wait until they can be saved."""
        return len(self._waiting)

    @property
    def waiting_for(self) -> str:
        """Why acts have to wait, in a few words."""
        return self._waiting.why

    def hold(self) -> None:
        """From now on acts that the disk does not take wait in memory instead of being refused."""
        self._waiting.hold()

    async def settle(self) -> int:
        """Save what waits, if the disk takes it now; returns how many acts still wait."""
        if self._waiting:
            done, change = await self._waiting.settle()
            if done and self.read_only:
                self.read_only, self._outside = "", await self._engine.write(connect.data_version)
                self._engine.reopen()
                change = Change(everything=True)
            self._tell(change)
        return self.waiting

    async def mark(self, ids: Collection[int], read: bool) -> Change:
        """Mark entries read or unread; where the same article of several feeds is one row, all of them."""
        if self._one_row:
            ids = await self._engine.read(entries.twins, ids)
        return await self._act(status.mark, ids, read, now=self._clock())

    async def keep_place(self, entry_id: int, letters: int) -> None:
        """Remember how far an entry was read, in letters above the first line in sight; 0 forgets it."""
        if not self.read_only:
            await self._engine.write(entries.keep_place, entry_id, letters)

    async def show_full_text(self, ids: Collection[int], shown: bool) -> Change:
        """Read entries as their pages have them, or as their feeds have them."""
        return await self._act(taken.show, tuple(ids), shown)

    async def star(self, ids: Collection[int], starred: bool) -> Change:
        """Star entries or take the star away."""
        return await self._act(status.star, ids, starred, now=self._clock())

    async def mark_comments(self, ids: Collection[int], read: bool) -> Change:
        """Mark comments read or unread."""
        return await self._act(status.mark_comments, ids, read, now=self._clock())

    async def star_comments(self, ids: Collection[int], starred: bool) -> Change:
        """Star comments or take the star away."""
        return await self._act(status.star_comments, ids, starred, now=self._clock())

    async def undo(self) -> Change | None:
        """Take back the last act that was not taken back yet; None when there is none."""
        if self._waiting.take_back():
            self._tell(Change(everything=True))
            return Change(label="what was not saved yet")
        return await self._step(status.undo)

    async def redo(self) -> Change | None:
        """Do again what was taken back last; None when there is nothing."""
        return await self._step(status.redo)

    async def journal(self, limit: int = 200) -> tuple[Act, ...]:
        """What was done, the youngest first: acts that stand, and acts that are taken back."""
        return await self._engine.read(status.acts, now=self._clock(), limit=limit)

    async def undo_act(self, act: int) -> Change:
        """Take back one act and leave what was done since. Raises NotFound, BadInput when a later act is in the way."""
        return await self._act(status.undo_act, act, now=self._clock())

    async def undo_to(self, act: int) -> Change:
        """Take back an act and everything that was done since. Raises NotFound."""
        return await self._act(status.undo_to, act, now=self._clock())

    async def redo_to(self, act: int) -> Change:
        """Do again an act and everything that was taken back after it. Raises NotFound."""
        return await self._act(status.redo_to, act, now=self._clock())

    async def _step(self, fn: Callable[..., Change | None]) -> Change | None:
        change = await self._engine.write(fn, now=self._clock())
        if change is not None:
            self._tell(change)
        return change

    # ------------------------------------------------------------ discussions

    async def visit(self, entry_id: int, discussion_id: int = 0) -> Change:
        """Note that a discussion of the entry, all of them for 0, was seen as it is now: what arrives later is new."""
        return await self._act(discussions.visit, entry_id, discussion_id=discussion_id, now=self._clock())

    async def visits(self, discussion_id: int) -> tuple[Visit, ...]:
        """The visits before the last one, newest first."""
        return await self._engine.read(discussions.visits, discussion_id)

    async def watch(self, discussion_id: int, *, key: str = "", days: int = 30) -> Change:
        """Watch a discussion for so many days, or with a `key` only that comment and its replies."""
        now = self._clock()
        return await self._act(discussions.watch, discussion_id, key=key, until=now + days * DAY, now=now)

    async def unwatch(self, discussion_id: int) -> Change:
        """Watch a discussion no longer."""
        return await self._act(discussions.unwatch, discussion_id, now=self._clock())

    async def watch_entries(self, ids: Collection[int], on: bool, *, days: int = 30) -> Change:
        """Watch the first discussion of each entry for so many days, or none of theirs any longer, as one act."""
        now = self._clock()
        return await self._act(discussions.watch_entries, ids, until=now + days * DAY if on else None, now=now)

    async def follow(self, feed_id: int, on: bool) -> Change:
        """Watch the discussions of everything new in a feed, or no longer."""
        return await self._act(feeds.follow, feed_id, on, now=self._clock())

    async def always_in_full(self, feed_id: int, on: bool) -> Change:
        """Fetch the page of everything new in a feed, or no longer."""
        return await self._act(feeds.in_full, feed_id, on, now=self._clock())

    async def hide(self, feed_ids: Collection[int], hidden: bool) -> Change:
        """Leave feeds out of All, Unread and Today, or no longer."""
        return await self._act(feeds.hide, feed_ids, hidden, now=self._clock())

    async def set_feed(self, feed_ids: Collection[int], name: str, written: str) -> Change:
        """Set one of `feed_settings.SETTINGS` for these feeds; "" goes back to the usual. Raises BadInput."""
        return await self._act(tuning.set_up, feed_ids, name, written, now=self._clock())

    async def smart_feeds(self) -> tuple[SmartFeed, ...]:
        """The saved queries with the number of their unread entries."""
        return await self._engine.read(smart.smart_feeds, today_from=self._today(), now=self._clock())

    async def save_smart(self, name: str, query: str) -> Change:
        """Keep a query as a smart feed. Raises QueryFault for a faulty one, BadInput for no name."""
        return await self._act(smart.save, clean(name), clean(query), now=self._clock())

    async def rename_smart(self, smart_id: int, name: str) -> Change:
        """Give a smart feed another name."""
        return await self._act(smart.rename, smart_id, clean(name), now=self._clock())

    async def remove_smart(self, smart_id: int) -> Change:
        """Forget a smart feed; no entry goes with it."""
        return await self._act(smart.remove, smart_id, now=self._clock())

    async def fitting(self, rules: Sequence[Rule]) -> tuple[tuple[int, ...], ...]:
        """For each rule the stored entries, or comments, that it would have acted on; nothing is changed."""
        return await self._engine.search(in_force.touched, rules, now=self._clock())

    async def tags(self) -> tuple[tuple[str, int], ...]:
        """The reader's own tags, each with the number of its entries."""
        return await self._engine.read(tags.tags)

    async def tag(self, ids: Collection[int], name: str) -> Change:
        """Put a tag on entries."""
        return await self._act(tags.tag, ids, clean(name), now=self._clock())

    async def untag(self, ids: Collection[int], name: str) -> Change:
        """Take a tag off entries."""
        return await self._act(tags.untag, ids, clean(name), now=self._clock())

    async def mute_author(self, author: str, host: str = "", *, days: int = 30) -> Change:
        """Mute what an author says on a host, everywhere for "", for so many days, for good for 0."""
        now = self._clock()
        return await self._act(mutes.mute_author, author, host, expires_at=now + days * DAY if days else None, now=now)

    async def mute_entries(self, *, author: str = "", word: str = "", days: int = 30) -> Change:
        """Mute the entries by an author, or with a word, for so many days, for good for 0. Raises BadInput."""
        now, until = self._clock(), self._clock() + days * DAY if days else None
        word = clean(word)
        return await self._act(mutes.mute_entries, author=author, word=word, expires_at=until, now=now)

    async def mute_thread(self, discussion_id: int, key: str, *, days: int = 30) -> Change:
        """Mute a comment and its replies, those to come as well, for so many days, for good for 0."""
        now, until = self._clock(), self._clock() + days * DAY if days else None
        return await self._act(mutes.mute_thread, discussion_id, key, expires_at=until, now=now)

    async def mutes(self) -> tuple[Mute, ...]:
        """The mutes in force, the youngest first."""
        return await self._engine.read(mutes.mutes, self._clock())

    async def lift(self, mute_id: int) -> Change:
        """End a mute."""
        return await self._act(mutes.lift, mute_id, now=self._clock())

    async def comments(self, ids: Sequence[int]) -> tuple[Comment, ...]:
        """The comments with these ids, in the order of their arrival."""
        return await self._engine.read(comments.some, ids)

    async def by_author(self, author: str, host: str = "") -> tuple[tuple[Comment, str, int], ...]:
        """What is stored of an author, that of the host first, each with the title and id of its entry."""
        return await self._engine.read(comments.by_author, author, host=host)

    async def edits(self, comment_id: int) -> tuple[CommentEdit, ...]:
        """What a comment said before, oldest first."""
        return await self._engine.read(comments.edits, comment_id)

    # ------------------------------------------------------------ subscriptions

    async def add(
        self, address: str, *, folder: str = "", title: str = "", settings: Sequence[tuple[str, str]] = ()
    ) -> Added | Choice:
        """Subscribe to what an address offers: the feed it is, or the feeds its page names. `settings` are set for the
        feed as by `set_feed`, and it is asked with them from the first time on.

        One request for a feed, one more for a page that names a single feed. Raises BadInput for what is no
        address, Refused (with the server's own words) when there is no feed, Offline when it cannot be asked.
        """
        url, own = urls.normalise_input(address), FeedSettings()
        for name, written in settings:
            own = feed_settings.applied(own, name, written)
        added = await self._engine.run(self._then_rules(self._add(url, clean(folder), clean(title), own)))
        if isinstance(added, Choice) or added.present:
            return added
        for name, written in settings:
            await self.set_feed((added.feed.id,), name, written)
        return replace(added, feed=await self.feed(added.feed.id))

    async def _add(
        self, url: str, folder: str, title: str, own: FeedSettings = NOTHING_SET, *, page: str = ""
    ) -> Added | Choice:
        """`page` is the web page that named this address; on another host it is no longer what the user typed."""
        with suppress(NotFound):
            return Added(await self._engine.read(feeds.by_url, url), present=True)
        typed = not page or urls.host(url) == urls.host(page)
        asked = Feed(0, url, "", own=own if not page or urls.host_key(url) == urls.host_key(page) else NOTHING_SET)
        outcome = await run.ask(self._ports, asked, typed=typed)
        if isinstance(outcome, fetch.Failed) and outcome.kind in {"offline", "dns"}:
            raise Offline(f"{urls.host(url)}: {outcome.reason}; nothing was added")
        if not isinstance(outcome, fetch.Fetched):
            reason = outcome.reason if isinstance(outcome, fetch.Failed) else "answered without a document"
            words = outcome.words if isinstance(outcome, fetch.Failed) else ""
            raise Refused(f"{urls.host(url)}: {reason}", status=outcome.status, words=words)
        parsed = await self._ports.parser.parse(outcome.body, url=outcome.url, content_type=outcome.content_type)
        if isinstance(parsed, ParsedFeed):
            return await self._subscribe(outcome.permanent_url or url, folder, title, outcome, parsed)
        offered = await asyncio.to_thread(discover.candidates, outcome.body, outcome.url, outcome.content_type)
        if not offered or page:
            raise _refusal(url, outcome, parsed)
        if len(offered) > 1:
            return Choice(outcome.url, offered)
        return await self._add(offered[0].url, folder, title, own, page=url)

    async def _subscribe(self, url: str, folder: str, title: str, outcome: fetch.Fetched, parsed: ParsedFeed) -> Added:
        with suppress(NotFound):
            return Added(await self._engine.read(feeds.by_url, url), present=True)
        feed_id = await self._engine.write(
            feeds.add, url=url, title=title, folder=folder, feed_title=parsed.title, now=self._clock()
        )
        result = await run.store(self._ports, await self.feed(feed_id), outcome, parsed)
        self._tell(Change(feeds=frozenset({feed_id}), subscriptions=True))
        return Added(await self.feed(feed_id), result)

    async def rename(self, feed_id: int, title: str) -> Change:
        """Give a feed the user's own name; "" goes back to the feed's."""
        return await self._act(feeds.rename, feed_id, clean(title), now=self._clock())

    async def move(self, feed_id: int, folder: str) -> Change:
        """Put a feed into a folder; "" is the top level."""
        return await self._act(feeds.move, feed_id, clean(folder), now=self._clock())

    async def rename_folder(self, old: str, new: str) -> Change:
        """Give a folder, and with it its feeds, another name."""
        return await self._act(feeds.rename_folder, old, clean(new), now=self._clock())

    async def set_url(self, feed_id: int, address: str) -> Change:
        """Change a feed's address; its entries stay."""
        return await self._act(feeds.set_url, feed_id, urls.normalise_input(address), now=self._clock())

    async def remove(self, feed_ids: Collection[int]) -> Change:
        """Unsubscribe; the entries are kept for a while so that it can be undone."""
        return await self._act(feeds.remove, feed_ids, now=self._clock())

    async def import_opml(self, document: bytes) -> ImportReport:
        """Subscribe to every feed of an OPML list, all or none. Nothing is fetched. Raises BadInput."""
        listed = await asyncio.to_thread(opml.read, document)
        added, present, change = await self._engine.write(feeds.add_all, listed.feeds, now=self._clock())
        self._tell(change)
        return ImportReport(added, present, listed.skipped)

    async def starter(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """The topics of the starter list, each with the titles of its feeds; it comes with the program."""
        topics: dict[str, list[str]] = {}
        for feed in await asyncio.to_thread(_starter):
            topics.setdefault(feed.folder, []).append(feed.title)
        return tuple((topic, tuple(titles)) for topic, titles in topics.items())

    async def import_starter(self, topics: Collection[str]) -> ImportReport:
        """Subscribe to the feeds of these topics of the starter list, each topic a folder. Nothing is fetched."""
        wanted = [feed for feed in await asyncio.to_thread(_starter) if feed.folder in topics]
        added, present, change = await self._engine.write(feeds.add_all, wanted, now=self._clock())
        self._tell(change)
        return ImportReport(added, present)

    async def import_newsboat(
        self, environ: Mapping[str, str], folder: Path | None = None, cache: Path | None = None
    ) -> NewsboatReport:
        """Bring over what newsboat keeps in `folder`, by default where newsboat keeps it: its feeds and smart feeds,
        its articles with what was read and flagged. Nothing is fetched, its files stay as they are, one undo takes it
        back. Raises NotFound where nothing is, LibraryBusy while newsboat writes."""
        where = await asyncio.to_thread(newsboat.places, environ, folder, cache)
        found = await asyncio.to_thread(newsboat.read, where)
        listed = found.listed
        report, change = await self._engine.write(
            bringing.bring, listed.feeds, listed.queries, where.cache, now=self._clock()
        )
        self._tell(change)
        left = (*found.faults, *listed.skipped, *report.left, *found.habits.left)
        return replace(report, left=left, settings=found.habits.toml())

    async def export_opml(self) -> bytes:
        """All subscriptions as OPML 2.0, folders as outlines."""
        return opml.write(await self.feeds(), title="tui-reader subscriptions", now=self._clock())

    # ------------------------------------------------------------ network

    async def refresh(
        self, feed_ids: Collection[int] | None = None, *, force: bool = False, wait: bool = False
    ) -> Progress:
        """Ask these feeds, or all, for news: those that are due, or with `force` all but inside a Retry-After.

        Cancelling it keeps what has arrived. Raises LibraryBusy, naming the holder, when another process is
        refreshing and `wait` is false; Offline when the network is forbidden.
        """
        self._need_network()
        return await self._engine.run(self._then_rules(self._refresh(feed_ids, force=force, wait=wait)))

    def _need_network(self) -> None:
        if self.offline:
            raise Offline("the network is off (--offline); what is stored is here")

    async def _refresh(self, feed_ids: Collection[int] | None, *, force: bool, wait: bool) -> Progress:
        async with self._refreshing:
            lock = locks.RefreshLock(self.path)
            while not lock.take():
                if not wait:
                    raise LibraryBusy(f"another refresh is running ({lock.holder()}); what it finds appears here")
                await asyncio.sleep(0.2)
            try:
                asked = run.chosen(await self.feeds(), feed_ids)
                ports = replace(self._ports, rules=self._ports.rules.of_one_run(secrets.token_hex(8)))
                done = await run.refresh(ports, asked, forced=force, on_progress=self._progress)
                # A disk that takes nothing was told of by the feeds already.
                with suppress(LibraryBusy):
                    await full_text.fetch_wanted(self._ports)
                    await self._talks.look_watched(forced=False)
                    await self._engine.write(tidy.purge, now=self._clock())
                    self._tell(await self._engine.write(tidy.retain, self._keep, now=self._clock()))
                    await self._engine.write(tidy.optimize)
                return done
            finally:
                lock.release()

    async def reload(self, feed_id: int) -> FeedResult:
        """Fetch a feed whole although its server says that nothing changed, for servers that always say so.

        Once an hour at most, never inside a Retry-After: else Refused. Raises Offline when the network is forbidden.
        """
        self._need_network()
        return await self._engine.run(self._reload(feed_id))

    async def _reload(self, feed_id: int) -> FeedResult:
        async with self._refreshing:
            feed, now, key = await self.feed(feed_id), self._clock(), f"reloaded {feed_id}"
            verdict = due.verdict(feed.poll, now, forced=True)
            if isinstance(verdict, due.Waiting):
                raise Refused(f"{feed.title} was not asked: {verdict.reason}")
            last = await self.recall(key)
            if isinstance(last, int) and 0 <= now - last < HOUR:
                raise Refused(f"{feed.title} was fetched whole less than an hour ago")
            await self.remember(key, now)
            return await run.absorb(self._ports, feed, await run.ask(self._ports, feed))

    async def look(self, entry_id: int, discussion_id: int = 0, *, force: bool = False) -> Looked:
        """Fetch a discussion of the entry, its best one for 0, if it may be asked now; what arrives is a Change."""
        if self.offline:
            return looking.Looked(message="the network is off (--offline)")
        return await self._engine.run(self._then_rules(self._talks.look(entry_id, discussion_id, forced=force)))

    async def ask_elsewhere(self, entry_id: int) -> Looked:
        """Ask Hacker News and Lobsters whether they discuss the entry's link, which tells them what is read; what is
        found becomes a discussion of the entry. Refused unless the settings allow it."""
        if self.offline or not self._may_ask_elsewhere:
            return looking.Looked(
                message="the network is off (--offline)" if self.offline else "the settings forbid it"
            )
        return await self._engine.run(self._talks.ask_elsewhere(entry_id))

    async def look_watched(self, *, force: bool = False) -> Looked:
        """Look at the watched discussions that are due, with `force` at all that may be asked. Nothing is asked while
        another process is refreshing."""
        if self.offline or self.read_only:
            return looking.Looked(message="the network is off (--offline)" if self.offline else self.read_only)
        return await self._engine.run(self._then_rules(self._look_watched(force=force)))

    async def full_text(self, entry_id: int) -> FullText:
        """Fetch the article of an entry's own page and keep it. Raises Offline or Refused with the reason in one line;
        the feed's text stays in any case."""
        if self.offline:
            raise Offline("the network is off (--offline); the feed's text stays")
        return await self._engine.run(full_text.fetch(self._ports, entry_id))

    async def _look_watched(self, *, force: bool) -> Looked:
        async with self._refreshing:
            lock = locks.RefreshLock(self.path)
            if not lock.take():
                return looking.Looked(message=f"another refresh is running ({lock.holder()})")
            try:
                return await self._talks.look_watched(forced=force)
            finally:
                lock.release()

    async def back_fill(self, entry_id: int, discussion_id: int = 0) -> Looked:
        """Fetch the comments that the site's feed no longer shows, or, where no discussion is known, look for one on
        the entry's page. Only ever done on request."""
        if self.offline:
            return looking.Looked(message="the network is off (--offline)")
        return await self._engine.run(self._then_rules(self._talks.back_fill(entry_id, discussion_id)))

    async def picture(self, url: str, feed_id: int) -> bytes:
        """The file of a picture in an entry of this feed: the one that is held, else fetched and held from then on.

        Raises Offline, Refused when the server gives none, BadPicture when it sends something else.
        """
        return await self._engine.run(self._picture(url, feed_id))

    async def _picture(self, url: str, feed_id: int) -> bytes:
        held = await asyncio.to_thread(self._pictures.held, url, self._clock())
        if held is not None:
            return held
        if self.offline:
            raise Offline("not held, and the network is off (--offline)")
        if not urls.is_web(url):
            raise Refused("the address is no web address")
        typed = urls.host(url) == urls.host((await self.feed(feed_id)).url)
        asked = fetch.Request(url, typed=typed, most=MOST_PICTURE, accept=_PICTURES)
        outcome = await self._ports.gate.fetch(asked, pace=0)
        if isinstance(outcome, fetch.Failed) and outcome.kind in {"offline", "dns"}:
            raise Offline(f"{urls.host(url)}: {outcome.reason}")
        if not isinstance(outcome, fetch.Fetched):
            reason = outcome.reason if isinstance(outcome, fetch.Failed) else "answered without a document"
            raise Refused(f"{urls.host(url)}: {reason}", status=outcome.status)
        kind = clean(outcome.content_type.partition(";")[0], limit=40).lower()
        if kind.startswith("text/"):  # a page that asks to log in, say: not to be held in the picture's place
            raise BadPicture(f"{urls.host(url)} sent {kind} instead of a picture")
        await asyncio.to_thread(self._pictures.keep, url, outcome.body, self._clock())
        return outcome.body

    def use(self, config: Config) -> None:
        """Go by these settings from here on, as far as they are not read when the library is opened."""
        self._one_row = config.ui.one_row_per_link
        self._may_ask_elsewhere = config.discussion.ask_elsewhere

    # ------------------------------------------------------------ what the screen remembers

    async def remember(self, key: str, value: object) -> None:
        """Keep a small JSON value between sessions."""
        await self._engine.write(tidy.remember, key, value)

    async def recall(self, key: str) -> object:
        """The value kept under `key`, or None."""
        return await self._engine.read(tidy.recall, key)


def _opened(db: sqlite3.Connection) -> None:
    """Nothing is to be written: by being asked for, the connection is opened."""


def _thread(db: sqlite3.Connection, entry_id: int) -> Thread:
    places = discussions.of_entry(db, entry_id)
    return Thread(entry_id, places, tree.thread(comments.comments(db, entry_id), places))


def _starter() -> tuple[opml.OutlineFeed, ...]:
    return opml.read(resources.files("tui_reader").joinpath("starter.opml").read_bytes()).feeds


def _refusal(url: str, outcome: fetch.Fetched, parsed: NotAFeed) -> Refused:
    return Refused(f"{urls.host(url)} sent {parsed.reason}", status=outcome.status, words=parsed.words)
