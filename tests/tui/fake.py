"""A small library in memory with the verbs the screen uses, and a world of feeds to show.

It keeps what is marked, so that a test can ask it afterwards, and notes every call that goes to the network.
"""

from __future__ import annotations

import asyncio
import re
from array import array
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from tui_reader.discussion.tree import thread as in_reading_order
from tui_reader.document.html import plain
from tui_reader.errors import BadInput, NotFound, Refused
from tui_reader.feed_settings import applied
from tui_reader.model import (
    Act,
    Alert,
    Change,
    Comment,
    Confidence,
    Counts,
    Discussion,
    Entry,
    EntryRow,
    Feed,
    FeedResult,
    ImportReport,
    NewsboatReport,
    Order,
    PollState,
    Progress,
    Scope,
    SearchHit,
    SmartFeed,
    Thread,
    Version,
)

NOW = 1_767_268_800
"""2026-01-01 12:00 UTC."""

HOUR = 3600
DAY = 24 * HOUR


NEWEST = Order()
PLACES: dict[str, Callable[[EntryRow], Any]] = {
    "arrival": lambda row: -row.id,
    "title": lambda row: row.title.casefold(),
    "feed": lambda row: row.feed_title.casefold(),
    "comments": lambda row: -(row.comments or 0),
    "new": lambda row: -row.comments_new,
    "relevance": lambda row: len(row.title),
}


class FakeLibrary:
    """What `library.Library` offers, over lists."""

    def __init__(self) -> None:
        self.missing = 0
        self.offline = False
        self.read_only = ""
        self.waiting = 0
        self.waiting_for = ""
        self.told_at_start: tuple[str, ...] = ()
        self.hearers: list[Callable[[str], None]] = []
        self.entries: dict[int, Entry] = {}
        self.comments: dict[int, list[Comment]] = {}
        self.subscriptions: dict[int, Feed] = {}
        self.memory: dict[str, object] = {}
        self.looked: list[int] = []
        self.hits_asked: list[list[int]] = []
        self.excerpts_asked: list[list[int]] = []
        self.visited: list[int] = []
        self.files: dict[str, bytes] = {}
        """Pictures by address."""
        self.pictured: list[str] = []
        self.answer: Any = None
        self.refreshing: Progress = Progress()
        self.reloaded: list[int] = []
        self.look_answer: Any = None
        self._acts: list[tuple[str, Callable[[bool], Change]]] = []
        self._undone: list[tuple[str, Callable[[bool], Change]]] = []
        self._listeners: list[Callable[[Change], None]] = []
        self._told: list[Callable[[Alert], None]] = []
        self._watchers: list[Callable[[Progress], None]] = []

    # -------------------------------------------------------- making a world

    def feed_of(self, title: str, folder: str = "", **more: Any) -> int:
        number = len(self.subscriptions) + 1
        self.subscriptions[number] = Feed(number, f"https://site{number}.example/feed", title, folder, **more)
        return number

    def entry_of(self, feed_id: int, title: str, age: int, html: str = "", **more: Any) -> int:
        number = len(self.entries) + 1
        feed = self.subscriptions[feed_id]
        url = f"https://site{feed_id}.example/{number}"
        author = more.pop("author", "J. Corbet")
        then = NOW - age
        row = EntryRow(
            number,
            feed_id,
            feed.title,
            title,
            author,
            url,
            then,
            then,
            more.pop("read", False),
            more.pop("starred", False),
            **more,
        )
        self.entries[number] = Entry(row, url, None, then, html or f"<p>The text of {title}.</p>", False, url)
        return number

    def comment_of(self, entry_id: int, author: str, age: int, html: str, parent: int = 0, new: bool = False) -> int:
        number = sum(map(len, self.comments.values())) + 1
        self.comments.setdefault(entry_id, []).append(
            Comment(
                number,
                entry_id,
                entry_id,
                str(number),
                str(parent) if parent else "",
                Confidence.EXACT,
                0,
                author,
                "",
                NOW - age,
                None,
                NOW - age,
                f"https://site.example/{entry_id}#{number}",
                html,
                False,
                "",
                number,
                not new,
                new,
            )
        )
        return number

    # -------------------------------------------------------- telling

    def on_change(self, listener: Callable[[Change], None]) -> None:
        self._listeners.append(listener)

    def on_notice(self, hearer: Callable[[str], None]) -> None:
        self.hearers.append(hearer)

    async def notices(self) -> tuple[str, ...]:
        return self.told_at_start

    def hold(self) -> None:
        pass

    def on_progress(self, watcher: Callable[[Progress], None]) -> None:
        self._watchers.append(watcher)

    def on_alert(self, listener: Callable[[Alert], None]) -> None:
        self._told.append(listener)

    def alert(self, alert: Alert) -> None:
        for listener in self._told:
            listener(alert)

    def tell(self, change: Change) -> Change:
        for listener in self._listeners:
            listener(change)
        return change

    def progress(self, progress: Progress) -> None:
        for watcher in self._watchers:
            watcher(progress)

    async def poll_outside(self) -> bool:
        return False

    async def close(self) -> None:
        pass

    # -------------------------------------------------------- reading

    def _row(self, entry_id: int) -> EntryRow:
        row = self.entries[entry_id].row
        held = self.comments.get(entry_id, [])
        if not held:
            return row
        return replace(
            row,
            comments=row.comments if row.comments is not None else len(held),
            comments_stored=len(held),
            comments_new=sum(comment.new and not comment.read for comment in held),
        )

    async def feeds(self, only: Collection[int] | None = None) -> tuple[Feed, ...]:
        rows = [self._row(number) for number in self.entries]
        counted = [
            replace(
                feed,
                entries=sum(row.feed_id == feed.id for row in rows),
                unread=sum(row.feed_id == feed.id and not row.read for row in rows),
                comments_new=sum(row.comments_new for row in rows if row.feed_id == feed.id),
            )
            for feed in self.subscriptions.values()
            if only is None or feed.id in only
        ]
        return tuple(sorted(counted, key=lambda feed: (feed.folder, feed.title.casefold())))

    async def feed(self, feed_id: int) -> Feed:
        for feed in await self.feeds():
            if feed.id == feed_id:
                return feed
        raise NotFound("no such feed")

    async def smart_feeds(self) -> tuple[SmartFeed, ...]:
        return ()

    async def counts(self) -> Counts:
        rows = [self._row(number) for number in self.entries]
        return Counts(
            len(rows),
            sum(not row.read for row in rows),
            sum(row.starred for row in rows),
            sum(row.sort_at >= NOW - DAY / 2 for row in rows),
            sum(row.comments_new for row in rows),
            news=sum(row.comments_new > 0 for row in rows),
        )

    def _in(self, scope: Scope, row: EntryRow, keep: Collection[int]) -> bool:
        if row.feed_id not in self.subscriptions:
            return False
        kinds = {
            "all": True,
            "unread": not row.read or row.id in keep,
            "starred": row.starred or row.id in keep,
            "today": row.sort_at >= NOW - DAY / 2,
            "watched": row.watched,
            "news": row.comments_new > 0,
            "folder": self.subscriptions[row.feed_id].folder == scope.name,
            "feed": row.feed_id == scope.feed_id,
        }
        if scope.unread_only and row.read and row.id not in keep:
            return False
        words = scope.filter.casefold().split()
        if words and (older := re.fullmatch(r"older:(\d+)d", words[-1])):
            words.pop()
            if row.sort_at >= NOW - int(older[1]) * DAY:
                return False
        text = f"{row.title} {row.author} {row.feed_title}".casefold()
        return kinds[scope.kind] and all(word in text for word in words)

    async def ids(
        self, scope: Scope, keep: Iterable[int] = (), limit: int | None = None, order: Order = NEWEST
    ) -> array[int]:
        rows = [
            self._row(number) for number, entry in self.entries.items() if self._in(scope, self._row(number), set(keep))
        ]
        rows.sort(key=lambda row: (-row.sort_at, -row.id))
        if order.by == "date":
            rows = rows[::-1] if order.reverse else rows
        else:
            rows.sort(key=PLACES[order.by], reverse=order.reverse)
        return array("q", [row.id for row in rows][:limit])

    async def first(
        self, scope: Scope, keep: Iterable[int] = (), limit: int = 200, order: Order = NEWEST
    ) -> tuple[EntryRow, ...]:
        return await self.rows(await self.ids(scope, keep, limit, order))

    async def opening(
        self, scope: Scope, keep: Iterable[int] = (), order: Order = NEWEST, *, rows: int, most: int | None
    ) -> tuple[array[int], tuple[EntryRow, ...]]:
        ids = await self.ids(scope, keep, most, order)
        return ids, await self.rows(ids[:rows])

    async def found(
        self, scope: Scope, keep: Iterable[int] = (), order: Order = NEWEST, *, rows: int, seen: int
    ) -> tuple[array[int], tuple[EntryRow, ...], tuple[SearchHit, ...]]:
        ids, first = await self.opening(scope, keep, order, rows=rows, most=None)
        return ids, first, await self.hits_in(scope.name, ids[:seen])

    async def rows(self, ids: Sequence[int]) -> tuple[EntryRow, ...]:
        return tuple(self._row(number) for number in ids if number in self.entries)

    async def excerpts(self, ids: Sequence[int]) -> tuple[tuple[int, str], ...]:
        self.excerpts_asked.append(list(ids))
        return tuple((number, plain(self.entries[number].html)) for number in ids if number in self.entries)

    async def entry(self, entry_id: int) -> Entry:
        if entry_id not in self.entries:
            raise NotFound("no such entry")
        return replace(self.entries[entry_id], row=self._row(entry_id))

    async def thread(self, entry_id: int) -> Thread:
        held = self.comments.get(entry_id, [])
        where = Discussion(entry_id, entry_id, "feed", f"https://site.example/{entry_id}/comments", held=len(held))
        known = (where,) if held or self._row(entry_id).comments is not None else ()
        return Thread(entry_id, known, in_reading_order(held, known))

    async def unindexed(self) -> int:
        return self.missing

    async def search(self, words: str, limit: int = 200) -> tuple[SearchHit, ...]:
        rows = await self.first(Scope("all", filter=words))
        return tuple(SearchHit(row, f"… {row.title} …") for row in rows[:limit])

    async def hits_in(self, words: str, ids: Collection[int]) -> tuple[SearchHit, ...]:
        self.hits_asked.append(list(ids))
        return tuple(self.hit_of(words, number) for number in ids)

    def hit_of(self, words: str, entry_id: int) -> SearchHit:
        said = next((one for one in self.comments.get(entry_id, []) if words in one.html), None)
        around = "a long way before it, word by word, and then some " * 2
        return SearchHit(self._row(entry_id), f"{around}\ue000{words}\ue001 after", said.id if said else None)

    # -------------------------------------------------------- acting

    def _act(self, label: str, do: Callable[[bool], Change]) -> Change:
        self._acts.append((label, do))
        self._undone.clear()
        return self.tell(replace(do(True), label=label))

    def _set(self, entry_ids: Iterable[int], **what: bool) -> Change:
        ids = frozenset(entry_ids)
        for number in ids:
            entry = self.entries[number]
            self.entries[number] = replace(entry, row=replace(entry.row, **what))
        return Change(frozenset(self.entries[number].row.feed_id for number in ids), ids)

    async def mark(self, ids: Collection[int], read: bool, *, after: object = None) -> Change:
        touched = [number for number in ids if self.entries[number].row.read != read]
        if not touched:
            return Change()
        word = "read" if read else "unread"
        return self._act(f"{len(touched)} marked {word}", lambda done: self._set(touched, read=read is done))

    async def star(self, ids: Collection[int], starred: bool, *, after: object = None) -> Change:
        touched = [number for number in ids if self.entries[number].row.starred != starred]
        return self._act(f"{len(touched)} starred", lambda done: self._set(touched, starred=starred is done))

    async def watch_entries(self, ids: Collection[int], on: bool, *, days: int = 30) -> Change:
        touched = [number for number in ids if self.entries[number].row.watched != on]
        if not touched:
            return Change()
        return self._act(f"{len(touched)} watched", lambda done: self._set(touched, watched=on is done))

    async def tags(self) -> tuple[tuple[str, int], ...]:
        held = [name for entry in self.entries.values() for name in entry.own_tags]
        return tuple((name, held.count(name)) for name in sorted(set(held)))

    async def tag(self, ids: Collection[int], name: str) -> Change:
        return self._tagged(ids, f"tagged {name}", lambda tags: tuple(sorted({*tags, name})))

    async def untag(self, ids: Collection[int], name: str) -> Change:
        return self._tagged(ids, f"{name} taken off", lambda tags: tuple(tag for tag in tags if tag != name))

    def _tagged(self, ids: Collection[int], label: str, to: Callable[[tuple[str, ...]], tuple[str, ...]]) -> Change:
        before = {number: self.entries[number].own_tags for number in ids}

        def do(done: bool) -> Change:
            for number, tags in before.items():
                self.entries[number] = replace(self.entries[number], own_tags=to(tags) if done else tags)
            return Change(entries=frozenset(ids))

        return self._act(label, do)

    async def mark_comments(self, ids: Collection[int], read: bool) -> Change:
        entries = set()
        for entry_id, held in self.comments.items():
            for place, comment in enumerate(held):
                if comment.id in ids:
                    held[place] = replace(comment, read=read, new=comment.new and not read)
                    entries.add(entry_id)
        feeds = frozenset(self.entries[number].row.feed_id for number in entries)
        return self.tell(Change(feeds, frozenset(entries), frozenset(entries)))

    async def acted(self) -> None:
        return

    async def keep_place(self, entry_id: int, letters: int) -> None:
        self.entries[entry_id] = replace(self.entries[entry_id], place=letters)

    async def versions(self, entry_id: int) -> tuple[Version, ...]:
        return ()

    async def visit(self, entry_id: int, discussion_id: int = 0) -> Change:
        self.visited.append(entry_id)
        self.comments[entry_id] = [replace(comment, new=False) for comment in self.comments.get(entry_id, [])]
        of = frozenset({self.entries[entry_id].row.feed_id})
        return self.tell(Change(of, frozenset({entry_id}), frozenset({entry_id})))

    async def undo(self) -> Change | None:
        if not self._acts:
            return None
        label, do = self._acts.pop()
        self._undone.append((label, do))
        return self.tell(replace(do(False), label=label))

    async def redo(self) -> Change | None:
        if not self._undone:
            return None
        label, do = self._undone.pop()
        self._acts.append((label, do))
        return self.tell(replace(do(True), label=label))

    async def set_feed(self, feed_ids: Collection[int], name: str, written: str) -> Change:
        before = {number: self.subscriptions[number] for number in feed_ids}
        after = {number: replace(one, own=applied(one.own, name, written)) for number, one in before.items()}

        def do(done: bool) -> Change:
            self.subscriptions.update(after if done else before)
            return Change(feeds=frozenset(before), subscriptions=True)

        return self._act(f"{name} set", do)

    async def journal(self, limit: int = 200) -> tuple[Act, ...]:
        standing = [Act(number, NOW - HOUR + number, label) for number, (label, _) in enumerate(self._acts)]
        undone = [Act(100 + number, NOW, label, True) for number, (label, _) in enumerate(self._undone)]
        return (*undone, *reversed(standing))

    async def undo_act(self, act: int) -> Change:
        if act == 0:
            raise BadInput("“something” changed some of the same later; take that back first")
        label, do = self._acts.pop(act)
        self._undone.append((label, do))
        return self.tell(replace(do(False), label=label))

    async def undo_to(self, act: int) -> Change:
        count = len(self._acts) - act
        changes = [await self.undo() for _ in range(count)]
        assert changes[-1] is not None
        return changes[-1] if count == 1 else replace(changes[-1], label=f"{count} acts")

    async def redo_to(self, act: int) -> Change:
        change = await self.redo()
        assert change is not None
        return change

    # -------------------------------------------------------- subscriptions and the network

    async def add(self, address: str, *, folder: str = "", title: str = "") -> Any:
        answer = self.answer.pop(0) if isinstance(self.answer, list) else self.answer
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def rename(self, feed_id: int, title: str) -> Change:
        return self._feed(feed_id, title=title)

    async def move(self, feed_id: int, folder: str) -> Change:
        return self._feed(feed_id, folder=folder)

    async def rename_folder(self, old: str, new: str) -> Change:
        for feed in list(self.subscriptions.values()):
            if feed.folder == old:
                self._feed(feed.id, folder=new)
        return Change(label="folder renamed")

    async def set_url(self, feed_id: int, address: str) -> Change:
        return self._feed(feed_id, url=address)

    def _feed(self, feed_id: int, **what: Any) -> Change:
        self.subscriptions[feed_id] = replace(self.subscriptions[feed_id], **what)
        return self.tell(Change(feeds=frozenset({feed_id}), subscriptions=True, label="feed changed"))

    async def remove(self, feed_ids: Collection[int]) -> Change:
        gone = {number: self.subscriptions[number] for number in feed_ids}

        def do(done: bool) -> Change:
            for number, feed in gone.items():
                if done:
                    del self.subscriptions[number]
                else:
                    self.subscriptions[number] = feed
            return Change(feeds=frozenset(gone), subscriptions=True)

        return self._act(f"{len(gone)} removed", do)

    async def import_opml(self, document: bytes) -> ImportReport:
        count = document.count(b"xmlUrl")
        added = tuple(f"https://starter{number}.example/" for number in range(count))
        for address in added:
            self.feed_of(address, "Starter")
        self.tell(Change(subscriptions=True, everything=True))
        return ImportReport(added)

    async def starter(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        return ("Technology", ("LWN.net", "Ars Technica")), ("Fun", ("xkcd",))

    async def import_starter(self, topics: Collection[str]) -> ImportReport:
        added = tuple(title for topic, titles in await self.starter() if topic in topics for title in titles)
        for title in added:
            self.feed_of(title, "Starter")
        self.tell(Change(subscriptions=True, everything=True))
        return ImportReport(added)

    async def import_newsboat(
        self, environ: Mapping[str, str], folder: Path | None = None, cache: Path | None = None
    ) -> NewsboatReport:
        if folder is None:
            raise NotFound("no newsboat files in /home/me/.newsboat; --config-dir names another folder")
        self.feed_of("From newsboat", "Old")
        self.tell(Change(subscriptions=True, everything=True))
        left = (("macro y open ; frob", "a step of this macro has no like here"),)
        return NewsboatReport(("https://a.example/",), entries=7, read=5, starred=1, left=left, settings="[keys]\n")

    async def export_opml(self) -> bytes:
        return b"<opml/>"

    async def refresh(
        self, feed_ids: Collection[int] | None = None, *, force: bool = False, wait: bool = False
    ) -> Progress:
        asked = [feed for feed in self.subscriptions.values() if feed_ids is None or feed.id in feed_ids]
        self.progress(Progress(total=len(asked), running=True))
        await asyncio.sleep(0)
        results = tuple(FeedResult(feed.id, feed.title, "failed" if feed.poll.error else "unchanged") for feed in asked)
        errors = sum(bool(feed.poll.error) for feed in asked)
        done = Progress(len(asked), len(asked), 0, errors, results=results)
        self.progress(done)
        return done

    async def reload(self, feed_id: int) -> FeedResult:
        if feed_id in self.reloaded:
            raise Refused("LWN.net was fetched whole less than an hour ago")
        self.reloaded.append(feed_id)
        return FeedResult(feed_id, self.subscriptions[feed_id].title, "updated", 2)

    async def look(self, entry_id: int, discussion_id: int = 0, *, force: bool = False) -> Any:
        self.looked.append(entry_id)
        answer = self.look_answer
        return answer(entry_id) if callable(answer) else answer

    async def picture(self, url: str, feed_id: int) -> bytes:
        self.pictured.append(url)
        if url not in self.files:
            raise Refused("lore.example: not found (404)", status=404)
        return self.files[url]

    async def warm(self) -> None:
        pass

    def use(self, config: object) -> None:
        self.used = config

    async def remember(self, key: str, value: object) -> None:
        self.memory[key] = value

    async def recall(self, key: str) -> object:
        return self.memory.get(key)


ARTICLE = """
<p>The 7.4 kernel is out. Headline features include a <em>deadline-aware</em> scheduler class
(see <a href="https://lore.example/patch">the patch set</a> and <a href="https://lore.example/talk">the discussion</a>),
faster <code>epoll</code> wake-ups, and the first half of the memory-tiering work described last month.</p>
<blockquote><p>“It is the boring release I wanted,” the announcement says, “and nobody will be sad about that.”</p></blockquote>
<h2>What changed</h2>
<ul><li>Wake-up latency falls by a third on large machines</li>
<li>Two file systems lose their experimental mark<ul><li>and one gains it back</li></ul></li></ul>
<pre><code>static int pick_next(struct rq *rq) {
    return rq-&gt;dl.first ? 0 : -EAGAIN;
}</code></pre>
<figure><img src="https://lore.example/latency.png" alt="Latency, before and after"><figcaption>Latency, before and after</figcaption></figure>
""" + "".join(
    f"<p>Paragraph {number}: the merge window was calm, and the stabilisation calmer still.</p>"
    for number in range(1, 30)
)


def world() -> FakeLibrary:
    """Feeds in two folders, articles of several days, one with a deep discussion."""
    library = FakeLibrary()
    lwn = library.feed_of("LWN.net", "Linux")
    planet = library.feed_of("Planet Kernel", "Linux")
    seed = library.feed_of("Seed Blog", "Blogs")
    library.feed_of("inessential", "Blogs")
    xe = library.feed_of("Xe Iaso", "Blogs")
    library.feed_of(
        "xkcd",
        poll=PollState(
            checked_at=NOW - 2 * HOUR,
            next_at=NOW + HOUR,
            error="sent a web page instead of a feed",
            status=200,
            failures=2,
            failing_since=NOW - 2 * HOUR,
            words="Welcome to the hotel",
        ),
    )
    kernel = library.entry_of(lwn, "Kernel 7.4 released, with a new scheduler class", 2 * HOUR, ARTICLE, comments=42)
    library.entry_of(xe, "Notes on reproducible systems", 3 * HOUR, comments=3)
    library.entry_of(seed, "Two strikes in two days", 5 * HOUR, author="")
    library.entry_of(xe, "Show: A newsreader that reads the threads as well as the posts", DAY, starred=True, read=True)
    library.entry_of(planet, "On shipping small things", DAY + HOUR, read=True)
    library.entry_of(lwn, "Leading items: the state of memory tiering", DAY + 2 * HOUR, comments=26)
    library.entry_of(planet, "GNOME [51] beta [/red] and what it means", DAY + 3 * HOUR)
    library.entry_of(lwn, "Security updates for Friday", 2 * DAY)
    library.entry_of(planet, "Rust 在 the block layer, one year on 🦀", 2 * DAY + HOUR, comments=14)
    library.entry_of(seed, "A short tour of my desk", 3 * DAY, read=True)
    say = library.comment_of
    ann = say(
        kernel,
        "alice",
        HOUR,
        "<p>The wake-up numbers look too good. Has anyone run them on a machine with more than two nodes, and with mitigations on?</p>",
    )
    bob = say(
        kernel, "bob", 50 * 60, "<p>Yes, on four nodes: a fifth instead of a third, still worth it.</p>", ann, new=True
    )
    say(kernel, "carol", 20 * 60, "<p>That matches what we see. The tail is where it pays.</p>", bob, new=True)
    dave = say(kernel, "dave", 30 * 60, "<p>Which scheduler did you compare with?</p>", ann)
    say(kernel, "erin", 25 * 60, "<p>The one before.</p>", dave)
    erin = say(kernel, "erin", 2 * HOUR, "<p>Which file systems? The summary does not say.</p>")
    say(
        kernel,
        "frank",
        HOUR,
        "<p>Both are named in the second half of the article, under the table.</p>",
        erin,
        new=True,
    )
    return library
