"""The discussion pane: comments in thread order, with folds, an item cursor, and ways through it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import tzinfo

from textual import events
from textual.content import Content

from tui_reader import text
from tui_reader.document.blocks import Document, Link
from tui_reader.document.html import blocks
from tui_reader.document.layout import lines as laid_out
from tui_reader.model import Comment, Entry, Thread, ThreadItem
from tui_reader.tui import lines
from tui_reader.tui.paint import painted
from tui_reader.tui.threads import Branches, is_new, is_unread
from tui_reader.tui.widgets.page import Page, PageLine

NARROWEST = 24
"""Cells a comment's text keeps, however deep it stands."""
DOCUMENTS = 600
"""Comments whose parsed text is held."""


class DiscussionPane(Page):
    """Shows one thread. An item of the page is a place in the thread; a comment is on one of them."""

    def __init__(self, clock: Callable[[], int], zone: tzinfo | None, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.thread: Thread | None = None
        self.branches = Branches(())
        self.folded: set[str] = set()
        self.is_looking = False
        self.told = ""
        self._clock = clock
        self._zone = zone
        self._author = ""
        self._base = ""
        self._documents: dict[tuple[int, int], Document] = {}
        self._laid_for = 0

    # ------------------------------------------------------------ showing

    def open(self, thread: Thread, entry: Entry) -> None:
        """Show a thread from its top, its new comments not folded away."""
        self.thread = thread
        self.branches = Branches(thread.items)
        self.folded.clear()
        self.told = ""
        self.is_looking = False
        self._author = entry.row.author
        self._base = entry.row.url
        self._documents.clear()
        self.find("")
        first = 0 if thread.items else -1
        self._lay(first, top=0)

    def follow(self, thread: Thread) -> None:
        """Show the same thread as it is now: the comment under the cursor stays on its line of the screen."""
        here = self._here
        above = self.item_lines(self.item).start - self.top if self.item >= 0 else 0
        known = set(self.branches.names)
        self.thread = thread
        self.branches = Branches(thread.items)
        self.folded &= set(self.branches.names)
        place = self.branches.find(here) if here else None
        if place is None:
            place = min(max(self.item, 0), len(thread.items) - 1)
        self._lay(place, above=above if known else 0)

    def clear(self) -> None:
        """Show nothing."""
        self.thread = None
        self.branches = Branches(())
        self.show(())

    def looking(self, looks: bool, told: str = "") -> None:
        """Say that the site is being asked, or how that ended."""
        self.is_looking, self.told = looks, told
        if not self.branches.items:
            self._lay(-1, top=0)

    def _lay(self, place: int, *, top: int | None = None, above: int = 0) -> None:
        """Lay the lines out with the cursor on `place`, which then stands `above` lines below the top."""
        self._laid_for = self.room
        if self.room <= 0:
            self.item = place
            return
        self.show(self._made(), top=top or 0, item=place)
        if top is None and place >= 0:
            self.goto(max(0, self.item_lines(place).start - above))

    def _made(self) -> Iterator[PageLine]:
        if self.thread is None:
            return
        if not self.branches.items:
            for line in self._nothing():
                yield PageLine(Content.assemble("  ", (line, "$muted")))
            return
        shown = self.branches.visible(self.folded)
        for number, place in enumerate(shown):
            item = self.branches.items[place]
            if number and item.depth == 0:
                yield PageLine(Content(""))
            yield from self._comment(place, item)

    def _comment(self, place: int, item: ThreadItem) -> Iterator[PageLine]:
        width = self.room
        folded = self.branches.names[place] in self.folded and self.branches.first_reply(place) is not None
        header = lines.comment(item, width, self._clock(), author=self._author, folded=folded)
        yield PageLine(header, place)
        if item.comment is None or self.branches.names[place] in self.folded:
            return
        lead = lines.guides(item, first=False)
        column = max(NARROWEST, min(width - text.width(lead.plain) - 1, 96))
        for line in laid_out(self._document(item.comment), column):
            yield PageLine(lead + painted(line), place)

    def _document(self, comment: Comment) -> Document:
        key = (comment.id, comment.updated or 0)
        document = self._documents.get(key)
        if document is None:
            if len(self._documents) >= DOCUMENTS:
                self._documents.clear()
            document = blocks(comment.html, base=comment.base or self._base, is_text=comment.is_text)
            self._documents[key] = document
        return document

    def _nothing(self) -> Iterator[str]:
        """Why there is nothing to show, honestly."""
        assert self.thread is not None
        if self.is_looking:
            yield "looking for comments …"
        elif self.told:
            yield f"No comments to show: {self.told}."
        elif not self.thread.discussions:
            yield "This article names no discussion."
        elif any(one.kind != "page" for one in self.thread.discussions):
            asked = any(one.poll.checked_at is not None for one in self.thread.discussions)
            yield "No comments yet." if asked else "The comments have not been fetched yet."
        else:
            yield "The comments are on the site's page only."

    def on_resize(self, event: events.Resize) -> None:
        """Lay the thread out for the new width, the cursor's comment where it was."""
        if self.room != self._laid_for:
            above = self.item_lines(self.item).start - self.top if self.item in self._starts else 0
            self._lay(self.item, above=max(0, above))

    # ------------------------------------------------------------ what is here

    @property
    def comment(self) -> Comment | None:
        """The comment under the cursor."""
        return self.branches.items[self.item].comment if 0 <= self.item < len(self.branches.items) else None

    @property
    def _here(self) -> str:
        return self.branches.names[self.item] if 0 <= self.item < len(self.branches.names) else ""

    def links(self) -> tuple[Link, ...]:
        """The numbered links of the comment under the cursor."""
        return self._document(self.comment).links if self.comment is not None else ()

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
        self.goto_item(shown[max(0, min(here + steps, len(shown) - 1))])

    def home(self) -> None:
        """To the first comment."""
        super().home()
        if self.branches.items:
            self.goto_item(0)

    def end(self) -> None:
        """To the last comment on the screen."""
        super().end()
        if self.branches.items:
            self.goto_item(self.branches.visible(self.folded)[-1])

    def scroll_lines(self, count: int) -> bool:
        """Scroll, taking the cursor along when its comment leaves the screen."""
        moved = super().scroll_lines(count)
        reach = self.item_lines(self.item)
        if moved and reach and (reach.stop <= self.top or reach.start >= self.top + self._height):
            inside = [line.item for line in self.lines[self.top : self.top + self._height] if line.item >= 0]
            if inside:
                self.item = inside[0] if count > 0 else inside[-1]
                self.redraw()
                self.post_message(self.Moved(self, self.item))
        return moved

    def _go(self, place: int | None) -> bool:
        """To a place, unfolding the way to it."""
        if place is None:
            return False
        way = {self.branches.names[above] for above in self.branches.ancestors(place)}
        if way & self.folded:
            self.folded -= way
            above = self.item_lines(self.item).start - self.top if self.item >= 0 else 0
            self._lay(self.item, above=max(0, above))
        self.goto_item(place)
        return True

    def go_new(self, step: int) -> bool:
        """To the next (1) or previous (-1) comment to be read; False when there is none."""
        if self.thread is None:
            return False
        return self._go(self.branches.search(self.item, step, self._is_wanted))

    def go_first_new(self) -> bool:
        """To the first comment to be read."""
        return self._go(self.branches.search(-1, 1, self._is_wanted))

    def _is_wanted(self, item: ThreadItem) -> bool:
        """New since the last visit; in a discussion never visited whatever was not read."""
        visited = self.thread is not None and any(one.visit_seq is not None for one in self.thread.discussions)
        return is_new(item) if visited else is_unread(item)

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
        above = self.item_lines(self.item).start - self.top
        (self.folded.add if shut else self.folded.discard)(name)
        self._lay(self.item, above=max(0, above))

    # ------------------------------------------------------------ reading on

    def has_more(self, *, entered: bool) -> bool:
        """Whether something here is to be read: the rest of this comment, or a later one; before the thread was
        `entered`, the comment under the cursor too."""
        if self.thread is None or not self.branches.items:
            return False
        wanted = self.branches.search(self.item if entered else -1, 1, self._is_wanted) is not None
        return wanted or (entered and self._comment_goes_on())

    def _comment_goes_on(self) -> bool:
        return self.item_lines(self.item).stop > self.top + self._height

    def read_on(self) -> None:
        """The rest of a long comment, then the next one to be read."""
        if (self._comment_goes_on() and self.has_focus) or not self.go_new(1):
            self.page(1)
