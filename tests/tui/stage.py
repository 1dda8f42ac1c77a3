"""A bare stage for one widget: the real style sheet and themes, nothing of the reader around it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from textual.app import App, ComposeResult
from textual.content import Content
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

import tui_reader.tui
from tui_reader.tui import themes
from tui_reader.tui.widgets.page import Page
from tui_reader.tui.widgets.rows import Rows


class Stage(App[None]):
    """Shows widgets one below the other and keeps what they tell."""

    CSS_PATH = Path(tui_reader.tui.__file__).parent / "tui.tcss"
    ENABLE_COMMAND_PALETTE = False

    def __init__(self, *widgets: Widget, theme: str = themes.DUSK.name) -> None:
        super().__init__()
        self.widgets = widgets
        self.told: list[Message] = []
        self.register_theme(themes.named(theme))
        self.theme = theme

    def compose(self) -> ComposeResult:
        yield from self.widgets

    def of(self, kind: type[Message]) -> list[Any]:
        """What was told of one kind, subclasses left out; and it is forgotten."""
        found = [message for message in self.told if type(message) is kind]
        self.told = [message for message in self.told if type(message) is not kind]
        return found

    def on_rows_moved(self, message: Rows.Moved) -> None:
        self.told.append(message)

    def on_rows_chosen(self, message: Rows.Chosen) -> None:
        self.told.append(message)

    def on_rows_visible(self, message: Rows.Visible) -> None:
        self.told.append(message)

    def on_page_moved(self, message: Page.Moved) -> None:
        self.told.append(message)

    def on_page_scrolled(self, message: Page.Scrolled) -> None:
        self.told.append(message)


class Numbers(Rows):
    """Rows that say their number; every tenth from `headings` on cannot be chosen. `asked` counts what is drawn."""

    def __init__(self, *, headings: int | None = None, words: Callable[[int], str] = str) -> None:
        super().__init__(id="rows")
        self.headings = headings
        self.words = words
        self.asked: list[int] = []

    def line(self, index: int, width: int) -> Content:
        self.asked.append(index)
        return Content.assemble(" ", (f"row {self.words(index)}", "$muted"))

    def selectable(self, index: int) -> bool:
        return self.headings is None or index < self.headings or (index - self.headings) % 10 != 0

    def drawn_since(self) -> list[int]:
        """The rows drawn since this was last asked."""
        asked, self.asked = self.asked, []
        return asked


def shown(widget: Widget) -> list[str]:
    """What stands in a line view, line by line."""
    return [strip.text.rstrip() for strip in strips(widget)]


def strips(widget: Widget) -> list[Strip]:
    """The lines of a line view as they are drawn."""
    return [widget.render_line(y) for y in range(widget.scrollable_content_region.height)]
