"""Which feeds there are: added, changed, brought from elsewhere, written out."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from tui_reader import feed_settings, urls
from tui_reader.errors import NotFound, Offline, Refused
from tui_reader.late import Late
from tui_reader.library.acts import Acts
from tui_reader.library.reading import Reading
from tui_reader.model import (
    Candidate,
    Change,
    Feed,
    FeedResult,
    FeedSettings,
    ImportReport,
    NewsboatReport,
    NotAFeed,
    ParsedFeed,
)
from tui_reader.store import feeds
from tui_reader.text import clean

if TYPE_CHECKING:
    from importlib import resources

    from tui_reader.net import fetch
    from tui_reader.newsboat import files as newsboat
    from tui_reader.parse import discover, opml
    from tui_reader.refresh import run
    from tui_reader.store import feed_settings as tuning
    from tui_reader.store import newsboat as bringing
else:
    resources = Late("importlib.resources")
    fetch = Late("tui_reader.net.fetch")
    newsboat = Late("tui_reader.newsboat.files")
    discover = Late("tui_reader.parse.discover")
    opml = Late("tui_reader.parse.opml")
    run = Late("tui_reader.refresh.run")
    tuning = Late("tui_reader.store.feed_settings")
    bringing = Late("tui_reader.store.newsboat")

NOTHING_SET = FeedSettings()


class Added(Struct, frozen=True):
    """A subscription that was made, or was there already (`present`)."""

    feed: Feed
    result: FeedResult | None = None
    present: bool = False


class Choice(Struct, frozen=True):
    """The address is a page that offers several feeds: add one of them."""

    page: str
    candidates: tuple[Candidate, ...]


class Subscriptions(Acts, Reading):
    """The verbs about feeds."""

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


def _starter() -> tuple[opml.OutlineFeed, ...]:
    return opml.read(resources.files("tui_reader").joinpath("starter.opml").read_bytes()).feeds


def _refusal(url: str, outcome: fetch.Fetched, parsed: NotAFeed) -> Refused:
    return Refused(f"{urls.host(url)} sent {parsed.reason}", status=outcome.status, words=parsed.words)
