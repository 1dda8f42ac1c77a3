"""A reader at work on a loopback network that can do anything to it: site, clock, names, and what must hold after.

    async def test_...(world: World) -> None:
        feed = await world.subscribe("/feed", rss("a", "b"))
        await world.mark("a")                       # acknowledged: it is checked at the end
        result = await world.fault("/feed", Answer(503))
        assert world.line(await world.feed(feed)) == "…"

Two calm feeds on other hosts are refreshed with every refresh and must get their news. When the test ends, the library
is opened anew and everything that was acknowledged and everything that was ever shown is looked for (`World.verify`).
Names are looked up in `world.names`; whatever else is asked for counts as a host touched outside. Parsing happens in
the real worker process.
"""

from __future__ import annotations

import logging
import resource
import socket
import sqlite3
import ssl
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import closing
from datetime import UTC
from functools import partial
from pathlib import Path
from typing import Any

from tests.faults.report import Figures
from tests.site import Route, Site, document
from tui_reader.config import Config, Network, Refresh
from tui_reader.library import Added, Library
from tui_reader.model import Feed, FeedResult, Progress, Scope
from tui_reader.net.client import Fetcher
from tui_reader.net.guard import is_private_as_written
from tui_reader.tui import trouble

HOUR, DAY = 3600, 86400
NOW = 1_767_300_000
"""2026-01-01 20:40 UTC."""
CALM = (("/calm-1", "localhost"), ("/calm-2", "127.0.0.2"))
KEYS = {"feed.remove": "d d", "feed.address": "e u"}
DEADLINE = 2
"""Seconds that a request may take in these tests."""
MOST_BYTES = 2_000_000


def rss(*names: str, title: str = "Blog", extra: str = "", channel: str = "", prefix: str = "g-") -> bytes:
    """A feed with an item for each name, the first on top; `{name}` in `extra` is the item's."""
    items = "".join(
        f"<item><title>{name}</title><guid isPermaLink='false'>{prefix}{name}</guid><link>/{name}</link>"
        f"<description>about {name}</description>{extra.format(name=name)}</item>"
        for name in names
    )
    return (
        f"<rss version='2.0'><channel><title>{title}</title><link>/</link>{channel}{items}</channel></rss>"
    ).encode()


class Clock:
    """Wall time that a test sets; the library is given it."""

    def __init__(self, now: int = NOW) -> None:
        self.now = now

    def __call__(self) -> int:
        return self.now


class World:
    """A library, the site it is fed from, and a ledger of what it has acknowledged."""

    def __init__(self, site: Site, path: Path, figures: Figures, tls: ssl.SSLContext | None = None) -> None:
        self.site = site
        self.path = path
        self.figures = figures
        self.clock = Clock()
        self.names: dict[str, list[str]] = {}
        self.looked_up: list[str] = []
        self.outside = 0
        self.settings: dict[str, Any] = {}
        self.twice: frozenset[str] = frozenset()
        """Titles that several entries of one feed bear by right."""
        self.library: Library
        self.log = _Log()
        self._tls = tls
        self._calm = 0
        self._shown: dict[int, str] = {}
        self._acts: dict[tuple[str, int], bool] = {}

    @property
    def now(self) -> int:
        return self.clock.now

    @now.setter
    def now(self, value: int) -> None:
        self.clock.now = value

    # ------------------------------------------------------------ opening

    async def open(self, **settings: Any) -> Library:
        """A library on this file; `settings` go to `Library.open`, or to who asks the network."""
        config = Config(refresh=Refresh(concurrency=20), network=Network(timeout=DEADLINE, max_bytes=MOST_BYTES))
        own = {"resolver": self._resolve, "tls": self._tls} | self.settings | settings
        kept = {name: own.pop(name) for name in set(own) - {"resolver", "tls"}}
        return await Library.open(self.path, config, clock=self.clock, fetching=partial(Fetcher, **own), **kept)

    async def start(self) -> None:
        """Open the library and subscribe to the calm feeds."""
        logging.getLogger("tui_reader").addHandler(self.log)
        self.library = await self.open()
        for path, host in CALM:
            self._serve_calm(path)
            await self.library.add(self.site.url(path, host=host))

    async def restart(self) -> None:
        """Close the library and open it again, as after a quit."""
        await self.library.close()
        self.library = await self.open()

    async def end(self) -> None:
        """Close, and look whether everything is there."""
        await self._see()
        await self.library.close()
        logging.getLogger("tui_reader").removeHandler(self.log)
        self.verify()

    async def _resolve(self, host: str, port: int) -> list[str]:
        self.looked_up.append(host)
        if host in self.names:
            return self.names[host]
        if host == "localhost":
            return ["127.0.0.1"]
        if is_private_as_written(host) and (host.startswith("127.") or host == "::1"):
            return [host]
        self.outside += 1
        raise socket.gaierror(socket.EAI_NONAME, f"no name: {host}")

    # ------------------------------------------------------------ doing

    async def subscribe(
        self, path: str = "/feed", body: bytes | Route = b"", host: str = "127.0.0.1", **how: Any
    ) -> Feed:
        """Serve a document, as a good server does, or any route, and subscribe to it."""
        self.site[path] = document(body, **how) if isinstance(body, bytes) else body
        added = await self.library.add(self.site.url(path, host=host))
        assert isinstance(added, Added)
        await self._see()
        return added.feed

    async def feed(self, feed: Feed) -> Feed:
        """The feed as it stands."""
        return await self.library.feed(feed.id)

    async def feed_at(self, path: str) -> Feed:
        """The subscription whose address has this path."""
        (found,) = [feed for feed in await self.library.feeds() if feed.url.endswith(path)]
        return found

    async def refresh(self, after: int = 2 * DAY, *, force: bool = False) -> Progress:
        """Refresh everything so much later; the calm feeds must get their news."""
        self.clock.now += after
        self._calm += 1
        for path, _ in CALM:
            self._serve_calm(path)
        done = await self.library.refresh(force=force)
        calm = {feed.id for feed in await self.library.feeds() if "/calm-" in feed.url}
        ends = [(one.outcome, one.new) for one in done.results if one.feed_id in calm and one.outcome != "waiting"]
        assert all(outcome == "updated" and new for outcome, new in ends), f"calm feeds were disturbed: {ends}"
        await self._see()
        return done

    async def result(self, path: str = "/feed", after: int = 2 * DAY, *, force: bool = False) -> FeedResult:
        """What became of one feed in a refresh of all of them."""
        done = await self.refresh(after, force=force)
        wanted = (await self.feed_at(path)).id
        (found,) = [one for one in done.results if one.feed_id == wanted]
        return found

    async def fault(self, path: str, route: Route, after: int = 2 * DAY) -> FeedResult:
        """Answer like this from now on, refresh; it must end as this feed's failure, copy and address kept."""
        before = await self.feed_at(path)
        self.site[path] = route
        result = await self.result(path, after)
        found = await self.feed_at(path)
        assert result.outcome == "failed", result
        assert (found.url, found.entries, found.title) == (before.url, before.entries, before.title)
        self.line(found)
        return result

    async def faults(self, routes: Mapping[str, Route], after: int = 2 * DAY) -> dict[str, FeedResult]:
        """The same for many feeds at once, each at the path of its name; how each ended, by name."""
        feeds = {}
        for name in routes:
            path = f"/{name.replace(' ', '-')}"
            feeds[name] = await self.subscribe(path, rss(f"{name} 1", f"{name} 2", title=name.capitalize()), etag='"1"')
            await self.mark(f"{name} 1")
            self.site[path] = routes[name]
        done = {one.feed_id: one for one in (await self.refresh(after)).results}
        for feed in feeds.values():
            found = await self.feed(feed)
            assert done[feed.id].outcome == "failed", done[feed.id]
            assert (found.url, found.entries, found.title) == (feed.url, 2, feed.title)
            assert found.poll.validators.etag == b'"1"'
            self.line(found)
        return {name: done[feed.id] for name, feed in feeds.items()}

    def line(self, feed: Feed) -> str:
        """The feed's trouble as the screen says it; its five parts are counted."""
        told = trouble.line(feed, self.clock.now, UTC, KEYS.get)
        parts = (
            told.startswith(f"⚠ {feed.title} — "),
            plain(feed.poll.error),
            "saved article" in told or "Nothing was saved" in told,
            "Next try" in told or "wait until" in told or "not asked again" in told,
            len(told) <= 240 and told.isprintable(),
        )
        self.figures.add("lines", 1)
        self.figures.add("lines_poor", int(not all(parts)))
        assert all(parts), (parts, told)
        return told

    async def ids(self, *titles: str) -> list[int]:
        """The ids of the entries with these titles, of all entries for none."""
        rows = await self.library.first(Scope("all"), limit=100_000)
        return [row.id for row in rows if not titles or row.title in titles]

    async def titles(self, feed: Feed | None = None, *, unread: bool = False) -> list[str]:
        """The titles in a list, newest first, those of the calm feeds left out."""
        rows = await self.library.first(Scope("feed", feed_id=feed.id) if feed else Scope("all"), limit=100_000)
        return [row.title for row in rows if "calm" not in row.title and not (unread and row.read)]

    async def mark(self, *titles: str, read: bool = True) -> None:
        """Mark entries read, or unread; once this returns it must never be lost."""
        ids = await self.ids(*titles)
        await self.library.mark(ids, read)
        self._acts |= {("read", one): read for one in ids}

    async def star(self, *titles: str) -> None:
        """Star entries; once this returns it must never be lost."""
        ids = await self.ids(*titles)
        await self.library.star(ids, True)
        self._acts |= {("starred", one): True for one in ids}

    def forget(self, *ids: int) -> None:
        """These entries are gone by the user's own act, or their state was changed by it."""
        for one in ids:
            self._shown.pop(one, None)
            self._acts.pop(("read", one), None)
            self._acts.pop(("starred", one), None)

    def acknowledge(self, state: str, ids: Sequence[int], value: bool = True) -> None:
        """Note an act that a test did by itself: "read" or "starred"."""
        self._acts |= {(state, one): value for one in ids}

    # ------------------------------------------------------------ what must hold

    async def _see(self) -> None:
        for row in await self.library.first(Scope("all"), limit=100_000):
            self._shown[row.id] = row.title

    def verify(self) -> None:
        """Nothing acknowledged is lost, nothing shown is gone, nothing is there twice, nobody outside was asked."""
        with closing(sqlite3.connect(self.path)) as db:
            stored = {
                row[0]: row[1:]
                for row in db.execute("SELECT id, id NOT IN (SELECT id FROM unread), starred FROM entry")
            }
            named = db.execute("SELECT feed_id, title, url FROM entry").fetchall()
            (sound,) = db.execute("PRAGMA integrity_check").fetchone()
            orphans = db.execute("PRAGMA foreign_key_check").fetchall()
        lost = [title for one, title in self._shown.items() if one not in stored]
        acts = {"read": 0, "starred": 1}
        undone = [
            (state, one)
            for (state, one), value in self._acts.items()
            if one in stored and stored[one][acts[state]] != value
        ]
        flipped = [act for act in undone if act[0] == "read" and self._acts[act]]
        twice = [key for key, count in Counter(named).items() if count > 1 and key[1] not in self.twice]
        figures = {
            "entries": len(self._shown),
            "entries_lost": len(lost),
            "acts": len(self._acts),
            "acts_lost": len(undone),
            "flipped": len(flipped),
            "duplicated": len(twice),
            "outside": self.outside,
            "unhandled": len(self.log.crashes),
            "corrupt": int(sound != "ok") + len(orphans),
        }
        for name, value in figures.items():
            self.figures.add(name, value)
        self.figures.add("rss", peak_memory())
        assert (lost, undone, twice) == ([], [], [])
        assert (sound, orphans) == ("ok", [])
        assert self.outside == 0, self.looked_up
        assert self.log.crashes == []

    def _serve_calm(self, path: str) -> None:
        names = [f"calm {path[-1]}.{n}" for n in range(self._calm + 1)]
        self.site[path] = document(rss(*reversed(names), title=f"Calm {path[-1]}"), etag=f'"{self._calm}"')


class _Log(logging.Handler):
    """What the program itself calls unforeseen."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.crashes: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.crashes.append(self.format(record))


def plain(reason: str) -> bool:
    """Whether a reason is a clause for people: no class names, no numbers of errors, nothing raw."""
    strange = ("Error", "Exception", "Traceback", "errno", "0x", "None", "unforeseen", "\x1b")
    return bool(reason) and reason.isprintable() and len(reason) <= 160 and not any(one in reason for one in strange)


def peak_memory() -> float:
    """Megabytes of the largest process: this one or a child that has ended."""
    scale = 1 << 10
    told = (resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return max(told) / scale
