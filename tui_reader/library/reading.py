"""What is stored, as frozen data. Nothing here writes."""

from __future__ import annotations

import sqlite3
from array import array
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from tui_reader.late import Late
from tui_reader.library.core import Core
from tui_reader.model import (
    Comment,
    CommentEdit,
    Counts,
    Entry,
    EntryRow,
    Feed,
    Mute,
    Order,
    Scope,
    SearchHit,
    SmartFeed,
    Thread,
    Version,
    Visit,
)
from tui_reader.rules import Rule
from tui_reader.store import discussions, entries, feeds, mutes, smart

if TYPE_CHECKING:
    from tui_reader.discussion import tree
    from tui_reader.store import comments, search, tags
    from tui_reader.store import excerpts as beginnings
    from tui_reader.store import rules as in_force
else:
    tree = Late("tui_reader.discussion.tree")
    comments = Late("tui_reader.store.comments")
    search = Late("tui_reader.store.search")
    tags = Late("tui_reader.store.tags")
    beginnings = Late("tui_reader.store.excerpts")
    in_force = Late("tui_reader.store.rules")

NEWEST = Order()


class Reading(Core):
    """The verbs that read."""

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

    async def visits(self, discussion_id: int) -> tuple[Visit, ...]:
        """The visits before the last one, newest first."""
        return await self._engine.read(discussions.visits, discussion_id)

    async def smart_feeds(self) -> tuple[SmartFeed, ...]:
        """The saved queries with the number of their unread entries."""
        return await self._engine.read(smart.smart_feeds, today_from=self._today(), now=self._clock())

    async def fitting(self, rules: Sequence[Rule]) -> tuple[tuple[int, ...], ...]:
        """For each rule the stored entries, or comments, that it would have acted on; nothing is changed."""
        return await self._engine.search(in_force.touched, rules, now=self._clock())

    async def tags(self) -> tuple[tuple[str, int], ...]:
        """The reader's own tags, each with the number of its entries."""
        return await self._engine.read(tags.tags)

    async def mutes(self) -> tuple[Mute, ...]:
        """The mutes in force, the youngest first."""
        return await self._engine.read(mutes.mutes, self._clock())

    async def comments(self, ids: Sequence[int]) -> tuple[Comment, ...]:
        """The comments with these ids, in the order of their arrival."""
        return await self._engine.read(comments.some, ids)

    async def by_author(self, author: str, host: str = "") -> tuple[tuple[Comment, str, int], ...]:
        """What is stored of an author, that of the host first, each with the title and id of its entry."""
        return await self._engine.read(comments.by_author, author, host=host)

    async def edits(self, comment_id: int) -> tuple[CommentEdit, ...]:
        """What a comment said before, oldest first."""
        return await self._engine.read(comments.edits, comment_id)


def _thread(db: sqlite3.Connection, entry_id: int) -> Thread:
    places = discussions.of_entry(db, entry_id)
    return Thread(entry_id, places, tree.thread(comments.comments(db, entry_id), places))
