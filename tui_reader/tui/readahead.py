"""What is likely to be opened next, read before it is asked for: the article under the cursor and the next unread one.

Opening then waits for no thread and no disk, and a long article is there at once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from msgspec import Struct

from tui_reader.errors import ReaderError
from tui_reader.model import Change, Entry, EntryRow, Thread
from tui_reader.tui.panes.article import Text, read

if TYPE_CHECKING:
    from tui_reader.library import Library

MOST_COMMENTS = 300
"""Comments of a discussion that is read ahead: to put more in order would take time from the keys."""
MOST_CHARACTERS = 200_000
"""Characters of HTML that are read ahead, in less than a tenth of a second."""


class Ready(Struct, frozen=True):
    """An entry that can be shown, as it was stored a moment ago; `text` where that has been read as well."""

    entry: Entry
    thread: Thread
    text: Text | None = None


class ReadAhead:
    """Holds a few entries that are ready, and none that has changed since."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._ready: dict[int, Ready | None] = {}
        """None for one that is being read."""

    async def prepare(self, rows: Iterable[EntryRow]) -> None:
        """Have these ready and no others, one after another; a fault is told when the entry is opened."""
        wanted = [row for row in rows if row.comments_stored <= MOST_COMMENTS]
        keep = {row.id for row in wanted}
        self._ready = {entry_id: ready for entry_id, ready in self._ready.items() if ready and entry_id in keep}
        for row in wanted:
            if row.id not in self._ready:
                await self._prepare(row.id)

    async def _prepare(self, entry_id: int) -> None:
        self._ready[entry_id] = None
        try:
            entry, thread = await asyncio.gather(self._library.entry(entry_id), self._library.thread(entry_id))
        except ReaderError:
            return
        if len(entry.text.body) <= MOST_CHARACTERS:
            ready = Ready(entry, thread, await asyncio.to_thread(read, entry))
            if entry_id in self._ready:  # else it has changed meanwhile
                self._ready[entry_id] = ready

    def take(self, entry_id: int) -> Ready | None:
        """An entry that is ready, once: what is done with it changes it."""
        return self._ready.pop(entry_id, None)

    def forget(self, entry_ids: Collection[int]) -> None:
        """These entries are not any more what they were."""
        for entry_id in entry_ids:
            self._ready.pop(entry_id, None)

    def note(self, change: Change) -> None:
        """Forget what a change may concern."""
        if change.everything or change.subscriptions:
            self._ready.clear()
        self.forget(change.entries | change.threads)
