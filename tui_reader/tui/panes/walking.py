"""A page that shows a thread: the cursor on a comment, the ways from it, folds, and the way back."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence

from tui_reader.model import Comment, ThreadItem
from tui_reader.tui.threads import Branches
from tui_reader.tui.widgets.page import Page

FAR = 400
"""Comments beyond those laid out from which on a jump lays out the thread from its target instead of up to it."""
BEFORE = 60
"""Comments laid out before the target of such a jump."""
JUMPS = 100
"""Places that one can go back to."""


class ThreadPage(Page):
    """Knows its way in a thread. An item of the page is a place in `branches`; what is laid out begins with the
    comment of number `_from` among those that no fold hides."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.branches = Branches(())
        self.folded: set[str] = set()
        self._jumps: list[str] = []
        self._from = 0

    def _lay(self, place: int, *, top: int | None = None, above: int = 0) -> None:
        """Lay the lines out with the cursor on `place`, which then stands `above` lines below the top."""
        raise NotImplementedError

    # ------------------------------------------------------------ what is here

    @property
    def comment(self) -> Comment | None:
        """The comment under the cursor."""
        return self.branches.items[self.item].comment if 0 <= self.item < len(self.branches.items) else None

    @property
    def _here(self) -> str:
        return self.branches.names[self.item] if 0 <= self.item < len(self.branches.names) else ""

    def below(self) -> list[int]:
        """The ids of the comment under the cursor and of everything below it."""
        if self.item < 0:
            return []
        reach = range(self.item, self.branches.end(self.item))
        found = (self.branches.items[place].comment for place in reach)
        return [comment.id for comment in found if comment is not None]

    def whole_in_sight(self) -> list[Comment]:
        """The unread comments that are on the screen from their first to their last line."""
        seen = []
        for place in dict.fromkeys(line.item for line in self.lines[self.top : self.top + self._height]):
            reach = self.item_lines(place) if place >= 0 else range(0)
            comment = self.branches.items[place].comment if reach else None
            if comment is not None and not comment.read and reach.stop <= self.top + self._height:
                seen.append(comment)
        return seen

    def _above_cursor(self) -> int:
        return self.item_lines(self.item).start - self.top if self.item >= 0 else 0

    def _comment_goes_on(self) -> bool:
        return self.item_lines(self.item).stop > self.top + self._height

    def targets(self) -> list[int]:
        """The first line of every comment that begins in sight."""
        return [line for item, line in self._starts.items() if item >= 0 and 0 <= line - self.top < self._height]

    def jump(self, line: int) -> None:
        self._leave_mark()
        self.goto_item(self.lines[line].item)

    # ------------------------------------------------------------ moving

    def move(self, steps: int) -> None:
        """To the next or previous comment on the screen; a long one scrolls first."""
        if self.item < 0:
            self.scroll_lines(steps)
            return
        reach = self.item_lines(self.item)
        if abs(steps) == 1 and reach:
            over = reach.stop - (self.top + self._height)
            if steps > 0 and over > 0 and reach.start <= self.top + self._height:
                self.scroll_lines(min(over, self._height - 2))
                return
            if steps < 0 and reach.start < self.top < reach.stop:
                self.scroll_lines(-min(self.top - reach.start, self._height - 2))
                return
        shown = self.branches.visible(self.folded)
        here = shown.index(self.item) if self.item in shown else 0
        self._reach(shown[max(0, min(here + steps, len(shown) - 1))], shown)

    def home(self) -> None:
        """To the first comment."""
        self._leave_mark()
        if self._from:
            self._from = 0
            self._lay(0, top=0)
        super().home()
        if self.branches.items:
            self.goto_item(0)

    def end(self) -> None:
        """To the last comment."""
        self._leave_mark()
        if self.branches.items:
            shown = self.branches.visible(self.folded)
            self._reach(shown[-1], shown)
        super().end()
        if self.branches.items:
            self.goto_item(self.branches.visible(self.folded)[-1])

    def scroll_lines(self, count: int) -> bool:
        """Scroll, taking the cursor along when its comment leaves the screen."""
        if count < 0 and self._from and self.top + count < 0:
            self._uncover()
        moved = super().scroll_lines(count)
        reach = self.item_lines(self.item)
        if moved and reach and (reach.stop <= self.top or reach.start >= self.top + self._height):
            inside = [line.item for line in self.lines[self.top : self.top + self._height] if line.item >= 0]
            if inside:
                self.item = inside[0] if count > 0 else inside[-1]
                self.redraw()
                self.pass_on(self.Moved(self, self.item))
        return moved

    def _go(self, place: int | None) -> bool:
        """To a place, unfolding the way to it."""
        if place is None:
            return False
        self._leave_mark()
        way = {self.branches.names[above] for above in self.branches.ancestors(place)}
        if way & self.folded:
            self._refold(self.folded - way)
        self._reach(place, self.branches.visible(self.folded))
        return True

    def _reach(self, place: int, shown: Sequence[int]) -> None:
        """Put the cursor on a place. What lies far beyond the lines laid out is not laid out to get there: the page
        begins a little before it, and what is above is laid out when it is scrolled to."""
        if place not in self._starts:
            number = bisect_left(shown, place)
            laid = max(self._starts, default=-1)
            if number < self._from or number - bisect_left(shown, laid) > FAR:
                self._from = max(0, number - BEFORE)
                self._lay(place, above=self._height // 3)
                self.pass_on(self.Moved(self, place))
                return
        self.goto_item(place)

    def _uncover(self) -> None:
        """Lay out more of what is above the first line."""
        above = self._above_cursor()
        self._from = max(0, self._from - FAR)
        self._lay(self.item, above=above)

    def _leave_mark(self) -> None:
        """Note where the cursor is, so that one can come back."""
        if self._here and (not self._jumps or self._jumps[-1] != self._here):
            self._jumps = [*self._jumps[-JUMPS:], self._here]

    def back(self) -> bool:
        """To where the cursor was before the last jump; False when there is none left."""
        while self._jumps:
            place = self.branches.find(self._jumps.pop())
            if place is not None and place != self.item:
                left, self._jumps = self._jumps, []
                self._go(place)
                self._jumps = left
                return True
        return False

    def answered(self) -> list[ThreadItem]:
        """What the comment under the cursor answers, the top first, and the comment itself."""
        if self.item < 0:
            return []
        way = [*reversed(self.branches.ancestors(self.item)), self.item]
        return [self.branches.items[place] for place in way]

    def sibling(self, steps: int) -> bool:
        """So many answers to the same comment further."""
        return self._walk(steps, self.branches.sibling)

    def top_level(self, steps: int) -> bool:
        """So many threads further."""
        return self._walk(steps, self.branches.top_level)

    def _walk(self, steps: int, step_from: Callable[[int, int], int | None]) -> bool:
        place = self.item
        for _ in range(abs(steps)):
            following = step_from(place, 1 if steps > 0 else -1) if place >= 0 else None
            if following is None:
                break
            place = following
        return place != self.item and self._go(place)

    def root(self) -> bool:
        """To the top-level comment above."""
        root = self.branches.root(self.item) if self.item >= 0 else self.item
        return root != self.item and self._go(root)

    def out(self) -> bool:
        """Fold what is below; where that is done or there is nothing, to the parent; False at the top level."""
        if self.item < 0:
            return False
        if self.branches.first_reply(self.item) is not None and self._here not in self.folded:
            self.fold(self._here, shut=True)
            return True
        return self._go(self.branches.parent(self.item))

    def into(self) -> None:
        """Unfold; where nothing is folded, to the first reply."""
        if self._here in self.folded:
            self.fold(self._here, shut=False)
        elif self.item >= 0:
            self._go(self.branches.first_reply(self.item))

    def fold(self, name: str, *, shut: bool) -> None:
        """Shut or open what is below a comment; the cursor's line stays where it is on the screen."""
        self._refold(self.folded | {name} if shut else self.folded - {name})

    def open_to(self, depth: int) -> None:
        """Show so many levels, 1 for the top one alone."""
        self._refold(self.branches.deeper_than(depth))

    def open_all(self) -> None:
        """Fold nothing."""
        self._refold(set())

    def fold_old(self) -> None:
        """Fold everything that has no news below it."""
        self._refold(self.branches.without_news())

    def _refold(self, folded: set[str]) -> None:
        """Fold these and nothing else. A cursor that would be hidden goes to what hides it."""
        above = self._above_cursor()
        self.folded = folded
        if self.item >= 0:
            hides = [place for place in self.branches.ancestors(self.item) if self.branches.names[place] in folded]
            self.item = hides[-1] if hides else self.item
            self._from = min(self._from, max(0, len(self.branches.visible(folded)) - BEFORE))
        self._lay(self.item, above=max(0, above))
