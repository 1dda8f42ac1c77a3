"""What can be done about the discussions of an entry over the network: the library's verbs for them.

What a verb needs is imported when it is called: the sources read feeds, and what reads feeds takes long to load.
"""

from __future__ import annotations

from tui_reader.discussion.run import Looked, Looker
from tui_reader.model import Discussion, Watched
from tui_reader.refresh.run import Ports
from tui_reader.store import discussions, entries, feeds, mutes


class Discussions:
    """Lives on the engine's loop. Entries and discussions are named by their ids, 0 is an entry's best discussion."""

    def __init__(self, ports: Ports) -> None:
        self._ports = ports
        self._looker = Looker(ports)

    async def look(self, entry_id: int, discussion_id: int, *, forced: bool) -> Looked:
        """Fetch a discussion, if it may be asked now; one known by its page only is looked for there."""
        subject = await self._subject(entry_id, discussion_id)
        if subject is None:
            return Looked()
        if subject.discussion.url:
            return await self._looker.look(subject, forced=forced)
        return await self._discover(subject, forced=forced)

    async def back_fill(self, entry_id: int, discussion_id: int) -> Looked:
        """Fetch what the site's feed no longer shows; where no discussion is known, look for one on the page."""
        from tui_reader.discussion.back_fill import back_fill

        subject = await self._subject(entry_id, discussion_id)
        if subject is not None and subject.discussion.url:
            return await back_fill(self._looker, subject)
        subject = subject or await self._undiscussed(entry_id)
        if not (subject.discussion.page_url or subject.entry_url):
            return Looked(message="this article has no page that could be read", failed=True)
        return await self._discover(subject, forced=True)

    async def ask_elsewhere(self, entry_id: int) -> Looked:
        """Ask other sites about the entry's link; what is found becomes a discussion of the entry."""
        from tui_reader.discussion.discover import elsewhere

        refs, failed = await elsewhere(self._looker, await self._undiscussed(entry_id))
        self._ports.on_change(await self._ports.engine.write(discussions.noted, entry_id, refs))
        found = ", ".join(f"{ref.name} ({ref.count})" for ref in refs)
        message = f"found: {found}" if found else failed or "discussed at neither"
        return Looked(asked=True, message=message, failed=bool(failed))

    async def look_watched(self, *, forced: bool) -> Looked:
        """End what is over, and look at the watched discussions that are due, with `forced` at all of them."""
        engine, now = self._ports.engine, self._ports.clock()
        for ended in (discussions.end_watches, mutes.end):
            self._ports.on_change(await engine.write(ended, now=now))
        watched = await engine.read(discussions.watched, now)
        due = [one for one in watched if forced or (one.discussion.watch_at or 0) <= now]
        if not due:
            return Looked()
        from tui_reader.discussion.watch import look

        return await look(self._looker, due, forced=forced)

    async def _discover(self, subject: Watched, *, forced: bool) -> Looked:
        """Read the page for a discussion, and look at the one that it names."""
        from tui_reader.discussion.discover import on_page

        found = await on_page(self._looker, subject, forced=forced)
        if isinstance(found, Looked):
            return found
        entry_id = subject.discussion.entry_id
        self._ports.on_change(await self._ports.engine.write(discussions.noted, entry_id, found))
        named = await self._subject(entry_id, 0)
        return Looked() if named is None or not named.discussion.url else await self._looker.look(named, forced=forced)

    async def _subject(self, entry_id: int, discussion_id: int) -> Watched | None:
        known = await self._ports.engine.read(discussions.of_entry, entry_id)
        chosen = next((one for one in known if discussion_id in {0, one.id}), None)
        return None if chosen is None else await self._with_entry(chosen)

    async def _undiscussed(self, entry_id: int) -> Watched:
        return await self._with_entry(Discussion(0, entry_id, "page", ""))

    async def _with_entry(self, discussion: Discussion) -> Watched:
        entry = await self._ports.engine.read(entries.entry, discussion.entry_id)
        feed = await self._ports.engine.read(feeds.feed, entry.row.feed_id)
        return Watched(discussion, entry.guid, entry.row.url, entry.row.sort_at, feed.url)
