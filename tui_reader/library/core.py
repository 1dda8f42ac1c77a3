"""One library file: opened, kept in order, closed; who is told of what; what the network needs, made when needed."""

from __future__ import annotations

import asyncio
import sqlite3
from collections import deque
from collections.abc import Callable, Coroutine, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, Self, TypeVar

from tui_reader import __version__
from tui_reader.config import Config
from tui_reader.engine import Engine
from tui_reader.errors import LibraryBusy, LibraryDamaged, LibraryError
from tui_reader.late import Late
from tui_reader.model import Alert, Change, Fired, Progress
from tui_reader.rules import Rules
from tui_reader.store import backup, connect, index, mutes, pictures, recovery, tidy
from tui_reader.waiting import Waiting

if TYPE_CHECKING:
    from tui_reader.discussion import verbs
    from tui_reader.net import fetch, process
    from tui_reader.refresh import due, follow_up, gate, run
    from tui_reader.store import locks, space
    from tui_reader.worker import client as worker
else:
    verbs = Late("tui_reader.discussion.verbs")
    fetch = Late("tui_reader.net.fetch")
    process = Late("tui_reader.net.process")
    due = Late("tui_reader.refresh.due")
    follow_up = Late("tui_reader.refresh.follow_up")
    gate = Late("tui_reader.refresh.gate")
    run = Late("tui_reader.refresh.run")
    locks = Late("tui_reader.store.locks")
    space = Late("tui_reader.store.space")
    worker = Late("tui_reader.worker.client")

T = TypeVar("T")

_BATCHES_AHEAD = 3
"""Batches of entries whose words are asked for before they are indexed: neither the parse worker nor the thread that
writes waits for the other."""


class Core:
    """What every family of verbs stands on."""

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
        self._acting = asyncio.Lock()
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
    ) -> Self:
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

    async def unindexed(self) -> int:
        """How many entries and comments no search can find yet, or only by older words. The index catches up by itself
        behind the writes; when it has, a Change says so (`indexed`)."""
        return await self._engine.read(index.missing)

    async def index(self, told: Callable[[int], None] = lambda left: None) -> None:
        """Bring the full-text index up to date, telling how much is left; cancelled, it keeps what is done."""
        ahead: deque[asyncio.Task[Mapping[str, str]]] = deque()
        try:
            while left := await self.unindexed():
                told(left)
                for batch in range(len(ahead), min(_BATCHES_AHEAD, self._worth_handing_over(left))):
                    ahead.append(asyncio.create_task(self._words(batch)))
                known = await ahead.popleft() if ahead else {}
                await self._engine.write(index.fill, known=known)
        finally:
            for task in ahead:
                task.cancel()
            await asyncio.gather(*ahead, return_exceptions=True)
        await self._engine.write(connect.settle)
        self._tell(Change(indexed=True))

    def _worth_handing_over(self, left: int) -> int:
        """Of how many batches the parse worker, where a refresh has just used it, takes the words out meanwhile."""
        return left // index.BATCH if self._made is not None else 0

    async def _words(self, batch: int) -> Mapping[str, str]:
        """The words of a batch of entries to come, by their HTML."""
        bodies = await self._engine.read(index.bodies, batch)
        assert self._made is not None
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

    def use(self, config: Config) -> None:
        """Go by these settings from here on, as far as they are not read when the library is opened."""
        self._one_row = config.ui.one_row_per_link
        self._may_ask_elsewhere = config.discussion.ask_elsewhere

    async def remember(self, key: str, value: object) -> None:
        """Keep a small JSON value between sessions."""
        await self._engine.write(tidy.remember, key, value)

    async def recall(self, key: str) -> object:
        """The value kept under `key`, or None."""
        return await self._engine.read(tidy.recall, key)
