"""A cursor list of any length, one line a row or two, drawn on demand."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from textual import events
from textual.content import Content
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip

from tui_reader.tui.widgets.strips import LineView, drawn

CURSOR, CURSOR_BLURRED, SELECTED = 2, 1, 4
"""What a row may be; it is selected with the cursor on it or without."""


class Rows(LineView, can_focus=True):
    """Shows `length` rows; a subclass says what a row looks like with `line` and which can be chosen with
    `selectable`. A million rows cost what the visible ones cost: nothing is kept for a row but what is on the screen.
    """

    COMPONENT_CLASSES = {"rows--cursor", "rows--cursor-blurred", "rows--selected"}

    class Moved(Message):
        """The cursor is on another row."""

        def __init__(self, rows: Rows, index: int) -> None:
            super().__init__()
            self.rows = rows
            self.index = index

        @property
        def control(self) -> Rows:
            return self.rows

    class Chosen(Moved):
        """A row was chosen with the mouse."""

    class Visible(Message):
        """Other rows came into sight: those from `first` to `last`."""

        def __init__(self, rows: Rows, first: int, last: int) -> None:
            super().__init__()
            self.rows = rows
            self.first = first
            self.last = last

        @property
        def control(self) -> Rows:
            return self.rows

        def can_replace(self, message: Message) -> bool:
            return isinstance(message, Rows.Visible) and message.rows is self.rows

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self.length = 0
        self.cursor = 0
        self.tall = 1

    # ------------------------------------------------------------ for subclasses

    def line(self, index: int, width: int) -> Content:
        """What row `index` looks like in `width` cells."""
        raise NotImplementedError

    def more(self, index: int, width: int) -> Content:
        """The second line of row `index`, where rows have two."""
        return Content("")

    def selectable(self, index: int) -> bool:
        """Whether the cursor may stand on a row; headings say no."""
        return True

    def selected(self, index: int) -> bool:
        """Whether a row is among those that the next act is about."""
        return False

    # ------------------------------------------------------------ showing

    def show(
        self,
        length: int,
        *,
        cursor: int = 0,
        keep_line: bool = False,
        changed: Callable[[int], bool] | None = None,
        of: int = 0,
    ) -> None:
        """Show other rows. With `keep_line` the cursor stays on its line of the screen, whatever came above it. Of a
        screen full of rows before and now those that have not `changed` are not drawn again. The scroll bar is that of
        a list `of` more rows, where those below are still to come."""
        screen_line = self.cursor - self.top
        was_in_sight = 0 <= screen_line < self._height
        before, were, self.length = self.cursor, self.length, length
        self.cursor = self._nearest(cursor)
        self.lengthen(max(length, of) * self.tall)
        if keep_line and was_in_sight:
            self._scroll(self.cursor - screen_line)
        self._into_sight()
        if changed is None or (length != were and self.top + self._height >= min(length, were)):
            self.redraw()
        else:
            self.redraw_rows(lambda row: row in {before, self.cursor} or changed(row))
        self._tell_window()

    def redraw_rows(self, changed: Callable[[int], bool]) -> None:
        """Draw those rows anew that have changed."""
        self.redraw([line for line in self._strips if line < self._count and changed(line // self.tall)])

    # ------------------------------------------------------------ moving

    def goto(self, index: int) -> None:
        """Put the cursor on a row, or on the nearest that can have it."""
        before, self.cursor = self.cursor, self._nearest(index, 1 if index >= self.cursor else -1)
        if before == self.cursor:
            self._into_sight()
            return
        self._into_sight()
        for row in (before, self.cursor):
            line = row * self.tall - self.scroll_offset.y
            self.refresh(Region(0, line, self.size.width, self.tall))
        self.pass_on(self.Moved(self, self.cursor))

    def move(self, steps: int) -> None:
        """Move the cursor by so many rows that can have it."""
        place, step = self.cursor, 1 if steps > 0 else -1
        if abs(steps) > self._height:
            self.goto(self.cursor + steps)
            return
        for _ in range(abs(steps)):
            following = place + step
            while 0 <= following < self.length and not self.selectable(following):
                following += step
            if not 0 <= following < self.length:
                break
            place = following
        self.goto(place)

    def page(self, count: int) -> None:
        """Move by pages, the cursor keeping its line of the screen until the list ends."""
        self._leap(count * max(1, self._height - 1))

    def half(self, count: int) -> None:
        """Move by half pages, as by pages."""
        self._leap(count * max(1, self._height // 2))

    def home(self) -> None:
        """To the first row."""
        self._scroll(0)
        self.goto(0)

    def end(self) -> None:
        """To the last row."""
        self.goto(self.length - 1)

    def _leap(self, rows: int) -> None:
        target = max(0, min(self.cursor + rows, self.length - 1))
        self._scroll(self.top + rows)
        self.goto(target)

    def _nearest(self, index: int, step: int = 1) -> int:
        index = max(0, min(index, self.length - 1))
        for direction in (step, -step):
            place = index
            while 0 <= place < self.length:
                if self.selectable(place):
                    return place
                place += direction
        return index

    def _into_sight(self) -> None:
        if not self.scrollable_content_region.height:
            return  # not laid out yet: the first resize asks again
        height = self._height
        if self.cursor < self.top:
            above = self.cursor
            while above > 0 and not self.selectable(above - 1):
                above -= 1
            self._scroll(above if self.cursor - above < height else self.cursor)
        elif self.cursor >= self.top + height:
            self._scroll(self.cursor - height + 1)

    def _scroll(self, top: int) -> None:
        top = max(0, min(top, max(0, self.length - self._height)))
        if top != self.top:
            self.scroll_to(y=top * self.tall, animate=False, immediate=True)

    def targets(self) -> Iterable[int]:
        rows = range(self.top, min(self.length, self.top + self._height))
        return (row * self.tall for row in rows if self.selectable(row))

    def jump(self, line: int) -> None:
        self.goto(line // self.tall)

    @property
    def top(self) -> int:
        """The first row in sight."""
        return self.scroll_offset.y // self.tall

    @property
    def _height(self) -> int:
        """The rows that there is room for."""
        return max(1, self.scrollable_content_region.height // self.tall)

    # ------------------------------------------------------------ drawing

    @property
    def _count(self) -> int:
        return self.length * self.tall

    def _state(self, index: int) -> int:
        index //= self.tall
        chosen = SELECTED if self.selected(index) else 0
        if index != self.cursor:
            return chosen
        return chosen | (CURSOR if self.is_lit else CURSOR_BLURRED)

    def _drawn(self, index: int, width: int, state: int) -> Strip:
        looks = ((SELECTED, "rows--selected"), (CURSOR_BLURRED, "rows--cursor-blurred"), (CURSOR, "rows--cursor"))
        names = [name for look, name in looks if state & look]
        row, part = divmod(index, self.tall)
        said = self.more(row, width) if part else self.line(row, width)
        return drawn(self, said, width, self.look(*names))

    def _tell_window(self) -> None:
        if self.length and self.is_attached:
            end = -(-(self.scroll_offset.y + self.scrollable_content_region.height) // self.tall)
            self.pass_on(self.Visible(self, self.top, min(self.length, max(end, self.top + 1)) - 1))

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        if round(old_value) != round(new_value):
            self._tell_window()

    def on_resize(self, event: events.Resize) -> None:
        """Keep the cursor in sight."""
        self._into_sight()
        self._tell_window()

    # ------------------------------------------------------------ the mouse

    def on_click(self, event: events.Click) -> None:
        """A click moves the cursor; a click on the row it is on, or a double one, chooses it."""
        offset = event.get_content_offset(self)
        if offset is None:
            return
        index = (self.scroll_offset.y + offset.y) // self.tall
        if 0 <= index < self.length and self.selectable(index):
            chosen = event.chain > 1 or index == self.cursor
            self.goto(index)
            if chosen:
                self.post_message(self.Chosen(self, index))
