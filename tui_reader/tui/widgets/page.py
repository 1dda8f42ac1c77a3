"""A scrolling document of any length: lines are taken from an iterator as they come into sight.

A line may belong to an item (a comment of a thread); then there is an item cursor, and a bar marks the item it is on.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from textwrap import dedent

from msgspec import Struct
from textual import events
from textual.content import Content
from textual.geometry import Region
from textual.message import Message
from textual.selection import Selection
from textual.strip import Strip

from tui_reader.tui.widgets.strips import LineView, drawn

AHEAD = 200
"""Lines taken beyond the screen at once."""
SLICE, IDLE = 60, 6_000
"""The rest follows while nothing else happens, in slices of so many lines, so that no key waits long; up to so many
lines in all, beyond which they are taken as they come near."""


LINK = "link"
"""What a piece of a line with a link's number is marked with, so that a click finds it."""


class PageLine(Struct, frozen=True):
    """One line: what it looks like, and the item it belongs to (-1 for none). `strip` is a line that is drawn already,
    part of a picture; it stands between the lines of the text and is none of them."""

    content: Content
    item: int = -1
    strip: Strip | None = None


class Page(LineView, can_focus=True):
    """Shows lines. The first screen is drawn before the rest has been laid out."""

    COMPONENT_CLASSES = {"page--item", "page--found", "page--found-here", "page--selected"}

    class Moved(Message):
        """The item cursor is on another item."""

        def __init__(self, page: Page, item: int) -> None:
            super().__init__()
            self.page = page
            self.item = item

        @property
        def control(self) -> Page:
            return self.page

    class Followed(Message):
        """A link was clicked, by its number."""

        def __init__(self, page: Page, number: int) -> None:
            super().__init__()
            self.page = page
            self.number = number

        @property
        def control(self) -> Page:
            return self.page

    class Scrolled(Message):
        """Another part is in sight."""

        def __init__(self, page: Page) -> None:
            super().__init__()
            self.page = page

        @property
        def control(self) -> Page:
            return self.page

        def can_replace(self, message: Message) -> bool:
            return isinstance(message, Page.Scrolled) and message.page is self.page

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self.lines: list[PageLine] = []
        self.item = -1
        self._rest: Iterator[PageLine] | None = None
        self._taking = False
        self._starts: dict[int, int] = {}
        self._found: re.Pattern[str] | None = None
        self._hits: list[int] = []
        self._hit = -1

    # ------------------------------------------------------------ showing

    def show(self, lines: Iterable[PageLine], *, top: int = 0, item: int = -1) -> None:
        """Show other lines, from line `top` on, with the item cursor on `item`."""
        self._rest = iter(lines)
        self.lines = []
        self._starts = {}
        self._hits = []
        self._strips.clear()
        self.item = item
        self._take(top + self._height + AHEAD)
        while item >= 0 and item not in self._starts and self._rest is not None:
            self._take(AHEAD)
        self.scroll_to(y=min(top, self.most), animate=False, immediate=True, force=True)
        self.refresh()
        if self._rest is not None and not self._taking:
            self._taking = self.call_later(self._take_on)
        self.pass_on(self.Scrolled(self))

    def relay(self, lines: Iterable[PageLine]) -> None:
        """Show the same text laid out for another width, with the words at the top that were there."""
        above = self.letters_above()
        self.show(lines, item=self.item)
        self.goto_letters(above)

    def letters_above(self) -> int:
        """How much of the text is above the first line in sight, whatever the width it is laid out for."""
        return sum(_letters(line) for line in self.lines[: self.top])

    def goto_letters(self, count: int) -> None:
        """To the line with so much of the text above it."""
        place = 0
        while count > 0:
            if place == len(self.lines):
                self._take(AHEAD)
            if place == len(self.lines) or _letters(self.lines[place]) > count:
                break
            count -= _letters(self.lines[place])
            place += 1
        self.goto(place)

    def renew(self, lines: Iterable[PageLine]) -> None:
        """Show the same text with other pictures between its lines, the line at the top where it was."""
        line = self.top
        while line < len(self.lines) and self.lines[line].strip is not None:
            line += 1  # the words below stay in place, and with them as much of the picture above as there is
        above = line - self.top
        left = sum(one.strip is None for one in self.lines[:line])
        self.show(lines, top=self.top, item=self.item)
        place = 0
        while place < len(self.lines) or self._rest is not None:
            if place == len(self.lines):
                self._take(AHEAD)
                continue
            if self.lines[place].strip is None:
                if not left:
                    break
                left -= 1
            place += 1
        self.goto(place - above)

    def _take(self, count: int) -> None:
        if self._rest is None:
            return
        begun = len(self.lines)
        self.lines += islice(self._rest, count)
        if len(self.lines) - begun < count:
            self._rest = None
        for place in range(begun, len(self.lines)):
            self._starts.setdefault(self.lines[place].item, place)
        self.lengthen(len(self.lines))
        if self._found is not None:
            self._seek(begun)

    def _take_on(self) -> None:
        self._take(SLICE)
        self._taking = self._rest is not None and len(self.lines) < IDLE and self.call_later(self._take_on)
        if not self._taking:
            self.pass_on(self.Scrolled(self))

    def finish(self) -> None:
        """Take all that is left; what asks for the end needs it."""
        while self._rest is not None:
            self._take(10 * AHEAD)

    # ------------------------------------------------------------ where it is

    @property
    def most(self) -> int:
        """The last line that can be the first in sight."""
        return max(0, len(self.lines) - self._height)

    def percent(self) -> int | None:
        """How much has been in sight, 0 to 100; None when all is in sight at once or the length is not known yet."""
        if self._rest is not None or not self.most:
            return None
        return min(100, round(100 * (self.top + self._height) / len(self.lines)))

    # ------------------------------------------------------------ scrolling

    def scroll_lines(self, count: int) -> bool:
        """Scroll by lines; False when there is nothing further."""
        self._take(max(0, self.top + count + self._height + 1 - len(self.lines)))
        before = self.top
        self.scroll_to(y=max(0, min(before + count, self.most)), animate=False, immediate=True, force=True)
        return self.top != before

    def move(self, steps: int) -> None:
        """Scroll by lines, or move the item cursor where there are items."""
        self.scroll_lines(steps)

    def page(self, count: int) -> bool:
        """Scroll by pages, two lines kept in sight; False when there is nothing further."""
        return self.scroll_lines(count * max(1, self._height - 2))

    def half(self, count: int) -> None:
        """Scroll by half pages."""
        self.scroll_lines(count * max(1, self._height // 2))

    def home(self) -> None:
        """To the first line."""
        self.scroll_lines(-self.top)

    def end(self) -> None:
        """To the last line."""
        self.finish()
        self.scroll_lines(len(self.lines))

    def goto(self, line: int) -> None:
        """To a line."""
        self.scroll_lines(line - self.top)

    # ------------------------------------------------------------ items

    def item_lines(self, item: int) -> range:
        """The lines of an item."""
        start = self._starts.get(item)
        if start is None:
            return range(0)
        stop = start
        while stop < len(self.lines) and self.lines[stop].item == item:
            stop += 1
        return range(start, stop)

    def goto_item(self, item: int) -> None:
        """Put the item cursor on an item and bring it into sight, whole when it fits."""
        while item not in self._starts and self._rest is not None:
            self._take(AHEAD)
        before, self.item = self.item, item
        for one in (before, item):
            lines = self.item_lines(one)
            if lines:
                self.refresh(Region(0, lines.start - self.top, self.size.width, len(lines)))
        lines = self.item_lines(item)
        if lines and lines.start < self.top:
            self.goto(lines.start)
        elif lines and lines.stop > self.top + self._height:
            self.goto(min(lines.start, lines.stop - self._height))
        if before != item:
            self.pass_on(self.Moved(self, item))

    # ------------------------------------------------------------ finding

    def find(self, words: str) -> bool:
        """Mark every place with these words and go to the first from here; "" ends it. False when there is none."""
        self._strips.clear()
        self._found = re.compile(re.escape(words), re.IGNORECASE) if words else None
        self._hits, self._hit = [], -1
        self.refresh()
        if self._found is None:
            return True
        self.finish()
        self._hits = []
        self._seek(0)
        return self._to_hit(next((n for n, line in enumerate(self._hits) if line >= self.top), 0))

    def find_next(self, step: int) -> bool:
        """The next (1) or previous (-1) place found, going round; False when nothing is searched for."""
        return bool(self._hits) and self._to_hit((self._hit + step) % len(self._hits))

    @property
    def finding(self) -> bool:
        """Whether places are marked."""
        return self._found is not None

    def _seek(self, begun: int) -> None:
        assert self._found is not None
        self._hits += [
            place for place in range(begun, len(self.lines)) if self._found.search(self.lines[place].content.plain)
        ]

    def _to_hit(self, hit: int) -> bool:
        if not self._hits:
            return False
        self._hit = hit
        line = self._hits[hit]
        self._strips.clear()
        self.refresh()
        if not self.top <= line < self.top + self._height:
            self.goto(max(0, line - self._height // 3))
        return True

    # ------------------------------------------------------------ selecting with the mouse

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """The text of a selection, without the margin it stands behind."""
        lines = [line.content.plain.rstrip() for line in self.lines]
        return dedent(selection.extract("\n".join(lines))), "\n"

    def selection_updated(self, selection: Selection | None) -> None:
        """Show what is selected."""
        self.redraw()

    # ------------------------------------------------------------ drawing

    @property
    def _count(self) -> int:
        return len(self.lines)

    def _state(self, index: int) -> int:
        item = self.lines[index].item
        return int(item >= 0 and item == self.item and self.is_lit)

    def _drawn(self, index: int, width: int, state: int) -> Strip:
        line = self.lines[index]
        base = self.look("page--item") if state else self.look()
        if base.reverse and index != self._starts.get(line.item):
            base = self.look()  # reversed, a line is enough to say where the cursor is, and a comment too much
        if line.strip is not None:
            return line.strip.apply_style(base.rich_style).adjust_cell_length(width, base.rich_style)
        content = line.content
        if self._found is not None:
            is_here = 0 <= self._hit < len(self._hits) and index == self._hits[self._hit]
            style = self.look("page--found-here" if is_here else "page--found")
            for match in self._found.finditer(content.plain):
                content = content.stylize(style, match.start(), match.end())
        selected = self.text_selection.get_span(index) if self.text_selection is not None else None
        if selected is not None:
            start, end = selected
            content = content.stylize(self.look("page--selected"), start, None if end < 0 else end)
        return drawn(self, content, width, base)

    def render_line(self, y: int) -> Strip:
        """A line as whoever selects with the mouse asks for it: each part says where in the text it is."""
        return super().render_line(y).apply_offsets(0, self.top + y)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        if round(old_value) != round(new_value):
            self._take(max(0, self.top + self._height + AHEAD - len(self.lines)))
            self.pass_on(self.Scrolled(self))

    def on_click(self, event: events.Click) -> None:
        """A click follows the link under it, or puts the item cursor on what was clicked."""
        number = event.style.meta.get(LINK)
        if isinstance(number, int):
            self.post_message(self.Followed(self, number))
            return
        offset = event.get_content_offset(self)
        if offset is not None and 0 <= self.top + offset.y < len(self.lines):
            item = self.lines[self.top + offset.y].item
            if item >= 0:
                self.goto_item(item)


def _letters(line: PageLine) -> int:
    """What a line holds of a text, whatever the width: its characters without the space between and around them."""
    return sum(len(word) for word in line.content.plain.split())
