"""The articles pane: the entries of a scope, any number of them, one line each."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from textual.content import Content
from textual.strip import Strip

from tui_reader import text
from tui_reader.model import Change, EntryRow, Order, Scope
from tui_reader.tui import lines, titles
from tui_reader.tui.widgets.rows import Rows
from tui_reader.tui.widgets.strips import drawn

if TYPE_CHECKING:
    from tui_reader.library import Library

FIRST = 200
"""Rows asked for before the ids of the whole list: more than any screen is high."""
AROUND = 128
"""Rows loaded beyond each end of what is on the screen."""
KEPT = 4096
"""Rows held in memory; those far from the screen are dropped beyond it."""
NEWEST = Order()
FIXED = frozenset({"date", "arrival"})
"""The orders in which an entry's place never changes."""


class EntriesPane(Rows):
    """A list of entries. It asks the library for what it shows and nothing else.

    `keep` holds the ids that were read while the list was open: they stay in an unread list until it is left.
    """

    def __init__(self, library: Library, now: Callable[[], int], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.library = library
        self.now = now
        self.scope = Scope()
        self.order = Order()
        self.ids: array[int] = array("q")
        self.keep: set[int] = set()
        self.rows: dict[int, EntryRow] = {}
        self.show_feed = True
        self._asked = 0

    # ------------------------------------------------------------ drawing

    def line(self, index: int, width: int) -> Content:
        row = self.rows.get(self.ids[index])
        if row is None:
            return lines.waiting(width)
        return lines.entry(row, width, self.now(), show_feed=self.show_feed)

    def render_line(self, y: int) -> Strip:
        """A list with nothing in it says so."""
        if self.length or y != 1 or not self._asked:
            return super().render_line(y)
        width = self.scrollable_content_region.width
        return drawn(
            self, Content.styled(text.cut(f"  {titles.nothing(self.scope)}", width), "$muted"), width, self.visual_style
        )

    # ------------------------------------------------------------ what is here

    @property
    def current(self) -> EntryRow | None:
        """The row under the cursor, None in an empty list or while it is loading."""
        return self.rows.get(self.ids[self.cursor]) if 0 <= self.cursor < len(self.ids) else None

    def place(self, entry_id: int) -> int | None:
        """Where an entry stands in the list."""
        try:
            return self.ids.index(entry_id)
        except ValueError:
            return None

    # ------------------------------------------------------------ asking

    async def open(self, scope: Scope, cursor: int = 0, order: Order = NEWEST) -> None:
        """Show another scope from its top, or with the cursor on the entry `cursor`: its first rows at once."""
        self._asked += 1
        mine = self._asked
        same = replace(scope, filter="") == replace(self.scope, filter="")
        if not same:
            self.keep.clear()
        self.scope, self.order = scope, order
        self.show_feed = scope.kind != "feed"
        first = await self.library.first(scope, self.keep, FIRST, order)
        if mine != self._asked:
            return
        self.rows = {row.id: row for row in first}
        self.ids = array("q", self.rows)
        self._show(cursor)
        if len(first) >= FIRST:
            ids = await self.library.ids(scope, self.keep, order=order)
            if mine == self._asked:
                at = self.ids[self.cursor] if self.ids else 0
                self.ids = ids
                self._show(cursor or at, keep_line=True)

    async def reask(self, change: Change) -> None:
        """Follow a change, with the cursor and the scroll where they are."""
        known = set(self.ids) if len(change.entries) > 8 else self.ids
        touched = change.entries | change.threads
        if (
            change.everything
            or change.subscriptions
            or change.new_entries
            or any(entry_id not in known for entry_id in change.entries)
        ):
            await self._relist(touched, everything=change.everything or change.subscriptions)
        else:
            await self._renew(touched)

    async def _relist(self, touched: Collection[int], *, everything: bool) -> None:
        self._asked += 1
        mine = self._asked
        ids = await self.library.ids(self.scope, self.keep, order=self.order)
        if mine != self._asked:
            return
        if self.order.by not in FIXED:
            ids = settled(self.ids, ids)
        held = [entry_id for entry_id in self.rows if everything or entry_id in touched]
        at = self.ids[self.cursor] if 0 <= self.cursor < len(self.ids) else 0
        self.ids = ids
        await self._renew(held)
        if mine == self._asked:
            self._show(at, keep_line=True)

    async def _renew(self, entry_ids: Iterable[int]) -> None:
        """Ask again for the rows among these that are held."""
        held = [entry_id for entry_id in entry_ids if entry_id in self.rows]
        if held:
            self.rows.update((row.id, row) for row in await self.library.rows(held))
            self.redraw()

    async def load(self, first: int, last: int) -> None:
        """Have the rows of these places, and some around them."""
        reach = range(max(0, first - AROUND), min(len(self.ids), last + AROUND))
        missing = [self.ids[place] for place in reach if self.ids[place] not in self.rows]
        if not missing or all(self.ids[place] in self.rows for place in range(first, min(last + 1, len(self.ids)))):
            return
        rows = await self.library.rows(missing)
        if len(self.rows) > KEPT:
            near = {self.ids[place] for place in reach if place < len(self.ids)}
            self.rows = {entry_id: row for entry_id, row in self.rows.items() if entry_id in near}
        self.rows.update((row.id, row) for row in rows)
        self.redraw()

    # ------------------------------------------------------------ acting at once

    def patch(self, entry_ids: Collection[int], *, read: bool | None = None, starred: bool | None = None) -> None:
        """Show a mark before it is stored."""
        for entry_id in entry_ids:
            row = self.rows.get(entry_id)
            if row is not None:
                is_read = row.read if read is None else read
                is_starred = row.starred if starred is None else starred
                self.rows[entry_id] = replace(row, read=is_read, starred=is_starred)
        self.redraw()

    async def next_unread(self, step: int, *, start: int | None = None) -> int | None:
        """The place of the next (1) or previous (-1) unread entry from the cursor, None when there is none."""
        start = self.cursor + step if start is None else start
        reach = range(start, len(self.ids)) if step > 0 else range(min(start, len(self.ids) - 1), -1, -1)
        for chunk in range(0, len(reach), FIRST):
            places = reach[chunk : chunk + FIRST]
            missing = [self.ids[place] for place in places if self.ids[place] not in self.rows]
            if missing:
                self.rows.update((row.id, row) for row in await self.library.rows(missing))
            for place in places:
                row = self.rows.get(self.ids[place]) if place < len(self.ids) else None
                if row is not None and not row.read:
                    return place
        return None

    def known_news(self) -> str:
        """The title of the next entry below the cursor that is known to have news, going round, "" for none."""
        order = [*self.ids[self.cursor + 1 :], *self.ids[: max(0, self.cursor)]]
        return next((row.title for one in order if (row := self.rows.get(one)) is not None and row.comments_new), "")

    async def next_with_news(self) -> EntryRow | None:
        """The next entry below the cursor, going round, whose discussion has something new."""
        order = [*range(self.cursor + 1, len(self.ids)), *range(self.cursor)]
        for chunk in range(0, len(order), FIRST):
            wanted = [self.ids[place] for place in order[chunk : chunk + FIRST]]
            for row in await self.library.rows(wanted):
                if row.comments_new:
                    return row
        return None

    def _show(self, entry_id: int, *, keep_line: bool = False) -> None:
        place = self.place(entry_id) if entry_id else 0
        if place is None:
            place = min(self.cursor, max(0, len(self.ids) - 1))
        self.show(len(self.ids), cursor=place, keep_line=keep_line)
        self.border_subtitle = Content(titles.listed(len(self.ids), self.order))


def settled(shown: array[int], asked: array[int]) -> array[int]:
    """The ids asked for with those on the screen in the order in which they stand there: what an open list goes by
    may change (a discussion is read, a title edited), and nothing moves under the reader's hands for it. What came
    stands below what it follows."""
    held = set(asked)
    stay = [entry_id for entry_id in shown if entry_id in held]
    known = set(stay)
    after: dict[int, list[int]] = {}
    above = 0
    for entry_id in asked:
        if entry_id in known:
            above = entry_id
        else:
            after.setdefault(above, []).append(entry_id)
    order = array("q", after.get(0, ()))
    for entry_id in stay:
        order.append(entry_id)
        if entry_id in after:
            order.extend(after[entry_id])
    return order
