"""The articles pane: the entries of a scope, any number of them, one line each."""

from __future__ import annotations

import asyncio
from array import array
from collections.abc import Callable, Collection, Iterable, Set
from typing import TYPE_CHECKING, cast

from msgspec.structs import replace
from textual.content import Content
from textual.strip import Strip

from tui_reader import text
from tui_reader.late import Late
from tui_reader.model import Change, EntryRow, Order, Scope, SearchHit
from tui_reader.tui import lines, titles
from tui_reader.tui.panes.selection import Selection
from tui_reader.tui.widgets.rows import Rows
from tui_reader.tui.widgets.strips import drawn

if TYPE_CHECKING:
    from tui_reader.library import Library
    from tui_reader.tui import snippets
    from tui_reader.tui.painting import PaintedScreen
else:
    snippets = Late("tui_reader.tui.snippets")

FIRST = 2_000
"""Ids asked for before those of the whole list; most lists have no more and are complete with them."""
GATHERED = 200
"""The same for a folder, where each more has to be put in order among those of all its feeds."""
NEAR = 200
"""Rows that are looked at for the next unread one before the library is asked."""
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
    `selection` are the rows that the next act is about, when there are any. `hits` says what a search found in the rows
    that were in sight, None where that cannot be told; `excerpts` how the entries begin that were in sight, where rows
    have a second line.
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
        self.hits: dict[int, SearchHit | None] = {}
        self.excerpts: dict[int, str] = {}
        self.show_feed = True
        self.look_of = lines.PLAIN
        self.selection = Selection()
        self._asked = 0
        self._here = asyncio.Event()
        self._here.set()
        self._whole = True
        self._window = range(0)

    # ------------------------------------------------------------ drawing

    def line(self, index: int, width: int) -> Content:
        row = self.rows.get(self.ids[index])
        if row is None:
            return lines.waiting(width)
        chosen = self.selected(index)
        look = replace(self.look_of, comfortable=False) if self.searches else self.look_of
        return lines.entry(row, width, self.now(), look=look, show_feed=self.show_feed, selected=chosen)

    def more(self, index: int, width: int) -> Content:
        row = self.rows.get(self.ids[index])
        if row is None:
            return Content("")
        if self.searches:
            return snippets.line(self.hits.get(row.id), width, selected=self.selected(index))
        chosen, begins = self.selected(index), self.excerpts.get(row.id, "")
        return lines.entry_more(row, width, self.look_of, begins, show_feed=self.show_feed, selected=chosen)

    def use(self, look: lines.RowLook) -> None:
        """Show the rows like this from now on, the cursor on its line."""
        self.look_of = look
        self._stand()
        if self.is_attached:
            self.show(len(self.ids), cursor=self.cursor, keep_line=True)

    def _stand(self) -> None:
        """As tall as the rows are: in a search what was found stands under each."""
        self.tall = 2 if self.look_of.comfortable or self.searches else 1

    @property
    def searches(self) -> bool:
        """Whether the list is what a search found."""
        return self.scope.kind == "search"

    def selected(self, index: int) -> bool:
        return bool(self.selection) and self.ids[index] in self.selection.ids

    def line_at(self, index: int, width: int) -> Strip:
        """A list with nothing in it says so."""
        if self.length or index != 1 or not self._asked or not self.is_here:
            return super().line_at(index, width)
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
        if 0 <= self.cursor < len(self.ids) and self.ids[self.cursor] == entry_id:
            return self.cursor
        try:
            return self.ids.index(entry_id)
        except ValueError:
            return None

    # ------------------------------------------------------------ asking

    async def open(
        self,
        scope: Scope,
        cursor: int = 0,
        order: Order = NEWEST,
        keep: Collection[int] = frozenset(),
        *,
        whole: bool = True,
        of: int = 0,
    ) -> None:
        """Show another scope from its top, or with the cursor on the entry `cursor`: its first rows at once. What is to
        `keep` stays in it although it was read. Without `whole` those below the first rows are left to `complete`. `of`
        is how many there should be in all, 0 where that is not known."""
        self.expect()
        self._asked += 1
        mine = self._asked
        try:
            await self._open(mine, scope, cursor, order, keep, of)
        finally:
            if mine == self._asked:
                self._here.set()
        if whole and mine == self._asked and not self._whole:
            await cast("PaintedScreen[None]", self.screen).painted()
            if mine == self._asked:
                await self.complete(cursor)

    def expect(self) -> None:
        """Another list is on its way."""
        self._here.clear()

    @property
    def is_here(self) -> bool:
        """Whether the list that was asked for last is shown, or at least how it begins."""
        return self._here.is_set()

    async def here(self, most: float) -> None:
        """Wait for the list that was asked for last, so many seconds at most, and never twice for the same."""
        try:
            await asyncio.wait_for(self._here.wait(), most)
        except TimeoutError:
            self._here.set()

    async def _open(self, mine: int, scope: Scope, cursor: int, order: Order, keep: Collection[int], of: int) -> None:
        same = replace(scope, filter="") == replace(self.scope, filter="")
        if not same:
            self.selection.end()
        # Another filter is another list, but for one that lists what is unread with and without it.
        if not same or (scope.filter != self.scope.filter and scope.kind != "unread" and not scope.unread_only):
            self.keep.clear()
        self.keep.update(keep)
        if scope.name != self.scope.name or not self.searches:
            self.hits.clear()
        self.excerpts.clear()
        self.scope, self.order = scope, order
        self.show_feed = scope.kind != "feed"
        searches, rows = self.searches, 2 * self.screen.size.height
        most = max(GATHERED, rows) if scope.kind == "folder" else FIRST
        hits: tuple[SearchHit, ...] = ()
        if searches:  # which finds all before it can put the first in order
            seen = (self.scrollable_content_region.height + 1) // 2
            ids, first, hits = await self.library.found(scope, self.keep, order, rows=rows, seen=seen)
        else:
            ids, first = await self.library.opening(scope, self.keep, order, rows=rows, most=most)
        if mine != self._asked:
            return
        self.rows = {row.id: row for row in first}
        self.hits.update((hit.row.id, hit) for hit in hits)
        self.ids = ids
        self._stand()
        self._whole = searches or len(ids) < most
        self._show(cursor, of=of)

    async def complete(self, cursor: int = 0) -> None:
        """Have the list whole when only its first rows are here."""
        if self._whole:
            return
        mine = self._asked
        ids = await self.library.ids(self.scope, self.keep, order=self.order)
        if mine == self._asked:
            at = self.ids[self.cursor] if self.ids else 0
            first, self._whole, self.ids = self.ids, True, ids
            shown = len(first) if ids[: len(first)] == first else 0
            self._show(cursor or at, keep_line=True, changed=lambda place: place >= shown)

    @property
    def is_whole(self) -> bool:
        """Whether more than the first rows is here, if there is more."""
        return self._whole

    async def reask(self, change: Change) -> None:
        """Follow a change, with the cursor and the scroll where they are."""
        unknown = [entry_id for entry_id in change.entries if entry_id not in self.rows]
        known = set(self.ids) if len(unknown) > 8 else self.ids
        touched = change.entries | change.threads
        if change.indexed:
            self.hits = {entry_id: hit for entry_id, hit in self.hits.items() if hit is not None}
        if change.changed_entries:
            self.excerpts.clear()
        if (
            change.everything
            or change.subscriptions
            or change.new_entries
            or change.indexed
            or any(entry_id not in known for entry_id in unknown)
        ):
            await self._relist(touched, everything=change.everything or change.subscriptions)
        else:
            await self._renew(touched)
        if change.changed_entries or change.indexed:
            self._tell_window()  # what stood in second lines is asked for again

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
        self._whole, self.ids = True, ids
        self._show(at, keep_line=True)
        await self._renew(held)

    async def _renew(self, entry_ids: Iterable[int]) -> None:
        """Ask again for the rows among these that are held."""
        held = [entry_id for entry_id in entry_ids if entry_id in self.rows]
        if held:
            self.rows.update((row.id, row) for row in await self.library.rows(held))
            self._redraw(held)

    def _redraw(self, entry_ids: Collection[int]) -> None:
        wanted = set(entry_ids)
        self.redraw_rows(lambda place: place < len(self.ids) and self.ids[place] in wanted)

    async def load(self, first: int, last: int) -> None:
        """Have the rows of these places before they are in sight, and some around them."""
        page = last - first + 1
        near = range(max(0, first - page), min(len(self.ids), last + page + 1))
        if all(self.ids[place] in self.rows for place in near):
            return
        around = max(AROUND, 2 * page)
        reach = range(max(0, first - around), min(len(self.ids), last + around))
        missing = [self.ids[place] for place in reach if self.ids[place] not in self.rows]
        rows = await self.library.rows(missing)
        if len(self.rows) > KEPT:
            kept = {self.ids[place] for place in reach if place < len(self.ids)}
            self.rows = {entry_id: row for entry_id, row in self.rows.items() if entry_id in kept}
        self.rows.update((row.id, row) for row in rows)
        self.redraw()

    async def load_hits(self, first: int, last: int) -> None:
        """Have what the search found in the rows of these places, and in no others."""
        asked = self.scope.name
        wanted = [entry_id for entry_id in self.ids[first : last + 1] if entry_id not in self.hits]
        if not wanted:
            return
        found = {hit.row.id: hit for hit in await self.library.hits_in(asked, wanted)}
        if self.searches and self.scope.name == asked:
            self.hits.update((entry_id, found.get(entry_id)) for entry_id in wanted)
            self.redraw()

    async def load_excerpts(self, first: int, last: int) -> None:
        """Have how the entries of these places begin, and of no others."""
        wanted = [entry_id for entry_id in self.ids[first : last + 1] if entry_id not in self.excerpts]
        if wanted:
            found = dict(await self.library.excerpts(wanted))
            self.excerpts.update((entry_id, found.get(entry_id, "")) for entry_id in wanted)
            self._redraw(wanted)

    def hit_of(self, entry_id: int) -> SearchHit | None:
        """What the search that is listed found in an entry, as far as that is known."""
        return self.hits.get(entry_id) if self.searches else None

    # ------------------------------------------------------------ acting at once

    def patch(
        self, entry_ids: Set[int], *, read: bool | None = None, starred: bool | None = None
    ) -> list[tuple[EntryRow, EntryRow]]:
        """Show a mark before it is stored; the rows that it changes, as they were and as they are."""
        changed: list[tuple[EntryRow, EntryRow]] = []
        few = entry_ids if len(entry_ids) < len(self.rows) else [one for one in self.rows if one in entry_ids]
        for entry_id in few:
            row = self.rows.get(entry_id)
            if row is not None:
                is_read = row.read if read is None else read
                is_starred = row.starred if starred is None else starred
                now = self.rows[entry_id] = replace(row, read=is_read, starred=is_starred)
                if now != row:
                    changed.append((row, now))
        self._redraw(few)
        return changed

    async def next_unread(self, step: int, *, start: int | None = None) -> int | None:
        """The place of the next (1) or previous (-1) unread entry from the cursor, None when there is none.

        The rows nearby are looked at; beyond them the library says which are unread, however far that is.
        """
        start = self.cursor + step if start is None else start
        reach = range(start, len(self.ids)) if step > 0 else range(min(start, len(self.ids) - 1), -1, -1)
        near = reach[:NEAR]
        for place in near:
            row = self.rows.get(self.ids[place])
            if row is None:
                break
            if not row.read:
                return place
        missing = [self.ids[place] for place in near if self.ids[place] not in self.rows]
        if missing:
            self.rows.update((row.id, row) for row in await self.library.rows(missing))
        for place in near:
            row = self.rows.get(self.ids[place]) if place < len(self.ids) else None
            if row is not None and not row.read:
                return place
        if len(reach) <= NEAR:
            return None
        unread = set(await self.library.ids(replace(self.scope, unread_only=True), order=self.order))
        return next((place for place in reach[NEAR:] if place < len(self.ids) and self._is_unread(place, unread)), None)

    def _is_unread(self, place: int, unread: Collection[int]) -> bool:
        row = self.rows.get(self.ids[place])
        return not row.read if row is not None else self.ids[place] in unread

    def known_unread(self) -> EntryRow | None:
        """The next unread entry below the cursor, if it is known to be that."""
        for place in range(self.cursor + 1, min(len(self.ids), self.cursor + 1 + NEAR)):
            row = self.rows.get(self.ids[place])
            if row is None or not row.read:
                return row
        return None

    def known_news(self) -> str:
        """The title of the next entry below the cursor that is known to have news, going round, "" for none. What is
        known is near the screen."""
        if not any(row.comments_new for row in self.rows.values()):
            return ""
        below = range(self.cursor + 1, min(len(self.ids), self.cursor + 1 + KEPT))
        above = range(max(0, min(self.cursor, KEPT)))
        for places in (below, above):
            for place in places:
                row = self.rows.get(self.ids[place])
                if row is not None and row.comments_new:
                    return row.title
        return ""

    async def next_with_news(self) -> EntryRow | None:
        """The next entry below the cursor, going round, whose discussion has something new."""
        news = set(await self.library.ids(Scope("news")))
        for places in (range(self.cursor + 1, len(self.ids)), range(min(self.cursor, len(self.ids)))):
            for place in places if news else ():
                if self.ids[place] in news:
                    return next(iter(await self.library.rows([self.ids[place]])), None)
        return None

    # ------------------------------------------------------------ selecting and passing

    def goto(self, index: int) -> None:
        """Put the cursor on a row; a selection goes with it."""
        before = self.cursor
        super().goto(index)
        if self.selection and before != self.cursor and before < len(self.ids):
            self.selection.reach(self.ids, before, self.cursor)
            self.refresh()
            self._tell()

    def select(self) -> None:
        """Begin a selection on the row of the cursor."""
        if 0 <= self.cursor < len(self.ids):
            self.selection.begin(self.ids[self.cursor])
            self.refresh()
            self._tell()

    def stop_selecting(self) -> tuple[int, ...]:
        """End the selection; the ids that were in it, in the order of the list."""
        chosen = self.selection.in_order(self.ids) if self.selection else ()
        self.selection.end()
        if chosen:
            self.refresh()
            self._tell()
        return chosen

    def passed(self, first: int, last: int) -> list[int]:
        """The unread entries that were in sight before and stand above the screen, now that it shows these rows."""
        was, self._window = self._window, range(first, last + 1)
        gone = (self.rows.get(self.ids[place]) for place in range(was.start, min(was.stop, first, len(self.ids))))
        return [row.id for row in gone if row is not None and not row.read]

    def _show(
        self, entry_id: int, *, keep_line: bool = False, changed: Callable[[int], bool] | None = None, of: int = 0
    ) -> None:
        place = self.place(entry_id) if entry_id else 0
        if place is None:
            place = min(self.cursor, max(0, len(self.ids) - 1))
        self._window = range(0)  # what a change of the list pushes off the screen was not passed
        self.show(len(self.ids), cursor=place, keep_line=keep_line, changed=changed, of=of)
        self._tell(of)

    def _tell(self, of: int = 0) -> None:
        count = len(self.ids) if self._whole else of
        told = titles.listed(count, self.order, len(self.selection.ids))
        self.frame(subtitle=Content(told if count else titles.order_of(self.order)))


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
