"""A small framed menu: what may follow a prefix key, or lines to choose one of."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.widget import Widget

from tui_reader import text
from tui_reader.tui.widgets.rows import Rows
from tui_reader.tui.widgets.statusbar import cut

AROUND = 7
"""Lines of the screen that the menu of a prefix leaves free: the header, the status line, frames and margins."""


class PrefixMenu(Widget):
    """Shows keys and what they do; it takes no keys itself. Hidden when it has nothing to show. More rows than the
    screen has lines stand in columns."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._rows: tuple[tuple[str, str], ...] = ()

    def show(self, title: str, rows: Sequence[tuple[str, str]]) -> None:
        """Show these (key, sentence) under a title; none hides it."""
        if not rows and not self._rows:
            return  # hidden already: every key comes through here, and laying out the screen costs more than most do
        self._rows = tuple(rows)
        self.border_title = Content(f" {title} ")
        self.display = bool(rows)
        self.refresh(layout=True)

    def _columns(self, height: int) -> list[tuple[tuple[str, str], ...]]:
        high = max(1, min(len(self._rows), height - AROUND))
        high = -(-len(self._rows) // -(-len(self._rows) // high)) if self._rows else 1
        return [self._rows[start : start + high] for start in range(0, len(self._rows), high)]

    def get_content_width(self, container: Size, viewport: Size) -> int:
        columns = self._columns(viewport.height)
        widest = [max(text.width(key) + text.width(said) + 5 for key, said in column) for column in columns]
        return min(sum(widest), container.width - 4)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        columns = self._columns(viewport.height)
        return len(columns[0]) if columns else 0

    def render(self) -> Content:
        columns = self._columns(self.screen.size.height)
        room = self.content_size.width // max(1, len(columns))
        lines = []
        for place in range(len(columns[0]) if columns else 0):
            cells = [_entry(column, place, room) for column in columns]
            lines.append(Content.assemble(*cells))
        return Content("\n").join(lines)


def _entry(column: Sequence[tuple[str, str]], place: int, room: int) -> Content:
    """One key and its sentence, in just so many cells."""
    if place >= len(column):
        return Content(" " * room)
    key, said = column[place]
    widest = max(text.width(key) for key, _ in column)
    made = cut(Content.assemble(" ", (text.pad(key, widest), "bold $primary"), "  ", said), room - 1)
    return made + Content(" " * (room - text.width(made.plain)))


class ChoiceList(Rows):
    """Lines of (name, explanation) to choose one of; `Answered` carries its place, None when given up."""

    class Answered(Message):
        """The place of the line that was chosen, or None."""

        def __init__(self, place: int | None) -> None:
            super().__init__()
            self.place = place

    def __init__(self, title: str, rows: Sequence[tuple[str, str]], *, at: int = 0) -> None:
        super().__init__()
        self._at = at
        self.border_title = Content(f" {title} ")
        self.border_subtitle = Content(" enter choose · esc leave ")
        self._rows = tuple(rows)
        # Not when it is mounted: what was laid out before that would stay, and a style set then is taken for old.
        self.styles.height = min(len(self._rows) + 2, 16)

    def on_mount(self) -> None:
        """Take the keys."""
        self.show(len(self._rows), cursor=self._at)
        self.focus()

    def line(self, index: int, width: int) -> Content:
        name, more = self._rows[index]
        return cut(Content.assemble(f" {index + 1} ", (name, "bold"), "  ", (more, "$text-muted")), width)

    def on_rows_chosen(self, event: Rows.Chosen) -> None:
        """A click chooses."""
        event.stop()
        self.post_message(self.Answered(event.index))

    def key_enter(self) -> None:
        """Choose the line under the cursor."""
        self.post_message(self.Answered(self.cursor))

    def key_escape(self) -> None:
        """Choose none."""
        self.post_message(self.Answered(None))

    key_q = key_escape

    def key_j(self) -> None:
        """Down."""
        self.move(1)

    def key_k(self) -> None:
        """Up."""
        self.move(-1)

    def key_pagedown(self) -> None:
        """A page down."""
        self.move(self.size.height)

    def key_pageup(self) -> None:
        """A page up."""
        self.move(-self.size.height)

    key_down, key_up = key_j, key_k
