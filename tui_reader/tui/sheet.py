"""A page of text over the screen: the help, the details of a fault. Any of the usual keys closes it."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from textual import events
from textual.app import ComposeResult
from textual.content import Content
from textual.screen import ModalScreen

from tui_reader.tui.widgets.page import Page, PageLine

CLOSING = frozenset({"escape", "q", "Q", "question_mark", "exclamation_mark", "enter", "ctrl+c"})


class Sheet(ModalScreen[None]):
    """Shows lines made for the width there is, no higher than they need."""

    DEFAULT_CSS = """
    Sheet {
        align: center middle;
        background: $background 60%;
    }
    Sheet Page {
        width: 92%;
        max-width: 100;
        min-width: 40;
        background: $surface;
    }
    """

    def __init__(self, title: str, lines: Callable[[int], Iterable[PageLine]]) -> None:
        super().__init__()
        self._title = title
        self._lines = lines
        self._page = Page(id="sheet")

    def compose(self) -> ComposeResult:
        yield self._page

    def on_mount(self) -> None:
        """Take the keys."""
        self._page.border_title = Content(self._title)
        self._page.border_subtitle = Content("esc closes")
        self._page.focus()
        self.call_after_refresh(self._fill)

    def on_resize(self) -> None:
        """Lay the lines out for the new width."""
        self.call_after_refresh(self._fill)

    def _fill(self) -> None:
        page = self._page
        for _ in range(2):  # a scroll bar that comes with the lines leaves them another width
            room = page.room
            page.show(self._lines(room), top=page.top)
            if page.room == room:
                break
        page.styles.height = min(len(page.lines) + 2, self.size.height - (2 if self.size.height > 20 else 0))

    def on_key(self, event: events.Key) -> None:
        """Scroll, or close."""
        event.stop()
        page = self._page
        match event.key:
            case "j" | "down":
                page.move(1)
            case "k" | "up":
                page.move(-1)
            case "space" | "pagedown" | "ctrl+f":
                page.page(1)
            case "b" | "pageup" | "ctrl+b":
                page.page(-1)
            case "ctrl+d":
                page.half(1)
            case "ctrl+u":
                page.half(-1)
            case "g" | "home":
                page.home()
            case "G" | "end":
                page.end()
            case key if key in CLOSING and self.is_current:  # a second key may come before the first has closed it
                self.dismiss()
