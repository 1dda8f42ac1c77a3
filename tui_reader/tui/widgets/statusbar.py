"""The line at the top and the line at the bottom."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content
from textual.widget import Widget

from tui_reader import text
from tui_reader.tui.widgets.strips import alike, harmless


class HeaderLine(Widget):
    """One line that says what waits. Where there is no room for all, the last parts of the left end give way."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._left: tuple[Content, ...] = ()
        self._right = Content("")

    def show(self, left: Sequence[Content], right: Content) -> None:
        """Show this at both ends."""
        before = (*self._left, self._right)
        self._left, self._right = tuple(harmless(part) for part in left), harmless(right)
        if not alike(before, (*self._left, self._right)):
            self.refresh()

    def render(self) -> Content:
        width = self.size.width
        room = width - text.width(self._right.plain) - 1
        shown = Content("")
        for part in self._left:
            if shown.plain and text.width(shown.plain + part.plain) > room:
                break
            shown += part
        return both_ends(shown, self._right, width)


class StatusBar(Widget):
    """One line: what was told last, or the keys that matter here; at its right end what goes on."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._said = Content("")
        self._is_fault = False
        self._hints: tuple[tuple[str, str], ...] = ()
        self._state = Content("")

    def say(self, message: Content, *, fault: bool = False) -> None:
        """Tell something in place of the keys, until the next thing is told; empty brings the keys back."""
        before = self._said, self._is_fault
        self._said, self._is_fault = harmless(message), fault
        if self._is_fault != before[1] or not alike((self._said,), before[:1]):
            self.refresh()

    @property
    def told(self) -> str:
        """What is told now."""
        return self._said.plain

    def hints(self, keys: Sequence[tuple[str, str]]) -> None:
        """The keys that matter here, as (key, word)."""
        before, self._hints = self._hints, tuple(keys)
        if self._hints != before:
            self.refresh()

    def state(self, state: Content) -> None:
        """What goes on, at the right end."""
        before, self._state = self._state, harmless(state)
        if not alike((before,), (self._state,)):
            self.refresh()

    def render(self) -> Content:
        width = self.size.width
        if self._said.plain:
            style = "$text-error" if self._is_fault else "$foreground"
            left = Content(" ") + self._said.stylize_before(style)
        else:
            left = self._keys(width - text.width(self._state.plain) - 3)
        right = self._state.stylize_before("$text-muted") + Content(" ") if self._state.plain else Content("")
        return both_ends(left, right, width)

    def _keys(self, room: int) -> Content:
        made = Content("")
        for key, word in self._hints:
            more = Content.assemble(" ", (key, "bold $primary"), " ", (word, "$text-muted"), " ")
            if text.width(made.plain) + text.width(more.plain) > room:
                break
            made += more
        return made


def both_ends(left: Content, right: Content, width: int) -> Content:
    """One line with something at both ends, the left end cut when they do not fit."""
    room = width - text.width(right.plain)
    if room < 4:
        return cut(left, width)
    short = cut(left, room)
    return short + Content(" " * (room - text.width(short.plain))) + right


def cut(content: Content, width: int) -> Content:
    """Content of at most so many cells, ending in "…" when it was longer."""
    if width <= 0:
        return Content("")
    if text.width(content.plain) <= width:
        return content
    kept = text.cut(content.plain, width)
    return content[: max(0, len(kept) - 1)] + Content("…")
