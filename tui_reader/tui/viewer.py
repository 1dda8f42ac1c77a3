"""A picture on the whole screen: in real pixels where the terminal has them, else in half cells."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from rich.segment import Segment
from textual import events
from textual.app import ComposeResult
from textual.containers import Container
from textual.content import Content
from textual.screen import ModalScreen
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Static

from tui_reader import text
from tui_reader.errors import ReaderError
from tui_reader.tui import pictures

if TYPE_CHECKING:
    from PIL.Image import Image

    from tui_reader.tui.graphics import Graphics

CLOSING = frozenset({"escape", "q", "Q", "i", "enter", "ctrl+c"})
MOST_SIDE = 2000
"""Pixels of a side that a terminal is given."""


class HalfCells(Widget):
    """Lines that are drawn already, in the middle."""

    DEFAULT_CSS = "HalfCells { width: 1fr; height: 1fr; }"

    def __init__(self, lines: Sequence[Strip]) -> None:
        super().__init__()
        self._lines = lines

    def render_line(self, y: int) -> Strip:
        width, style = self.size.width, self.rich_style
        line = y - (self.size.height - len(self._lines)) // 2
        if not 0 <= line < len(self._lines):
            return Strip.blank(width, style)
        strip = self._lines[line]
        left = max(0, width - strip.cell_length) // 2
        return Strip([Segment(" " * left, style), *strip]).adjust_cell_length(width, style)


class Viewer(ModalScreen[None]):
    """Shows one of an article's pictures, and the others by h and l. The newest one asked for is shown."""

    DEFAULT_CSS = """
    Viewer {
        background: $background;
    }
    Viewer #picture {
        width: 1fr;
        height: 1fr;
        align: center middle;
    }
    Viewer #picture Static {
        width: auto;
        color: $muted;
    }
    Viewer #about {
        height: 1;
        dock: bottom;
        color: $muted;
        background: $surface;
    }
    """

    def __init__(
        self, load: Callable[[str], Awaitable[bytes]], labels: Mapping[str, str], start: str, graphics: Graphics
    ) -> None:
        super().__init__()
        self._load = load
        self._labels = labels
        self._urls = list(labels)
        self._place = self._urls.index(start) if start in labels else 0
        self._graphics = graphics
        self._picture = Container(id="picture")
        self._about = Static(id="about", markup=False)

    def compose(self) -> ComposeResult:
        yield self._picture
        yield self._about

    def on_resize(self) -> None:
        """Show the picture in the size there is; this is also how it is first shown."""
        self._show()

    def on_key(self, event: events.Key) -> None:
        """Another picture, or close."""
        event.stop()
        match event.key:
            case "h" | "k" | "p" | "left" | "up":
                self._step(-1)
            case "l" | "j" | "n" | "right" | "down" | "space":
                self._step(1)
            case key if key in CLOSING and self.is_current:  # a second key may come before the first has closed it
                self._forget()
                self.dismiss()

    def _step(self, step: int) -> None:
        place = self._place + step
        if 0 <= place < len(self._urls):
            self._place = place
            self._show()

    def _show(self) -> None:
        url = self._urls[self._place]
        count = f"{self._place + 1} of {len(self._urls)} · " if len(self._urls) > 1 else ""
        keys = " h l the others · esc closes " if count else " esc closes "
        room = self.size.width - text.width(keys) - 1
        about = text.pad(text.cut(f" {count}{self._labels[url]}", room), room)
        self._about.update(Content(f"{about} {keys}"))
        self.run_worker(self._put(url), group="picture", exclusive=True, exit_on_error=False)

    async def _put(self, url: str) -> None:
        try:
            content = await self._load(url)
            shown = await self._made(content)
        except ReaderError as error:
            shown = Static(Content(str(error)))
        self._forget()
        await self._picture.remove_children()
        await self._picture.mount(shown)

    def _forget(self) -> None:
        """Have the terminal forget the pixels it holds."""
        for widget in self._picture.children:
            if hasattr(widget, "image"):
                widget.image = None

    async def _made(self, content: bytes) -> Widget:
        if self._graphics.widget is not None:
            widget = self._graphics.widget(await asyncio.to_thread(pictures.opened, content, MOST_SIDE))
            widget.styles.width = widget.styles.height = "auto"
            return widget
        columns, rows = self.size.width, max(1, self.size.height - 1)
        return HalfCells(await asyncio.to_thread(_half_cells, content, columns, rows, self._background()))

    def _background(self) -> pictures.Rgb:
        return pictures.ground(self.background_colors[1])


def _half_cells(content: bytes, columns: int, rows: int, background: pictures.Rgb) -> Sequence[Strip]:
    image: Image = pictures.opened(content, 2 * max(columns, 2 * rows))
    return pictures.half_cells(image, columns, rows, background)
