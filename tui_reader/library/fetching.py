"""What asks the network: refreshes, looks at discussions, full texts, pictures."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Collection
from contextlib import suppress
from typing import TYPE_CHECKING

from msgspec.structs import replace

from tui_reader import urls
from tui_reader.errors import BadPicture, LibraryBusy, LibraryError, Offline, Refused
from tui_reader.late import Late
from tui_reader.library.reading import Reading
from tui_reader.model import FeedResult, FullText, Progress
from tui_reader.store import tidy
from tui_reader.text import clean

if TYPE_CHECKING:
    import secrets

    from tui_reader.discussion import run as looking
    from tui_reader.discussion.run import Looked
    from tui_reader.net import fetch
    from tui_reader.refresh import due, full_text, run
    from tui_reader.store import locks
else:
    secrets = Late("secrets")
    looking = Late("tui_reader.discussion.run")
    fetch = Late("tui_reader.net.fetch")
    due = Late("tui_reader.refresh.due")
    full_text = Late("tui_reader.refresh.full_text")
    run = Late("tui_reader.refresh.run")
    locks = Late("tui_reader.store.locks")

HOUR = 3600
MOST_PICTURE = 10_000_000
"""The largest picture that is fetched, in bytes."""
_PICTURES = "image/webp,image/png,image/jpeg,image/gif,image/*;q=0.8,*/*;q=0.5"


class Fetching(Reading):
    """The verbs that fetch."""

    async def warm(self) -> None:
        """Have what the first article, the first mark and the first refresh need, off the caller's thread."""
        await self.thread(0)
        await asyncio.to_thread(self._for_the_network)
        if not self.read_only:
            with suppress(LibraryError):  # whoever has something to write is told
                await self._engine.write(_opened)

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


def _opened(db: sqlite3.Connection) -> None:
    """Nothing is to be written: by being asked for, the connection is opened."""
