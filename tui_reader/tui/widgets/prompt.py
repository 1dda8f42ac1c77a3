"""A question with a line of text for its answer, above the status line."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, Static

from tui_reader.tui.widgets.strips import harmless_text


class _Line(Input):
    """The answer, without the key bindings that would take a key of ours."""

    BINDINGS = [Binding("escape", "give_up", show=False)]

    def validate_value(self, value: str) -> str:
        """What is pasted may hold anything."""
        return harmless_text(value)

    def action_give_up(self) -> None:
        self.post_message(Prompt.Answered(None))


class Prompt(Widget):
    """Asks once: `Typed` at every change, `Answered` at the end, with None when it was given up.

    Keys that the line does not take go on to the app: there Textual looks for what is bound, enter among them. Whoever
    asks sees to it that they are no commands meanwhile.
    """

    class Typed(Message):
        """The answer so far."""

        def __init__(self, value: str) -> None:
            super().__init__()
            self.value = value

    class Answered(Message):
        """The answer, None when there is none."""

        def __init__(self, value: str | None) -> None:
            super().__init__()
            self.value = value

    def __init__(self, label: str, value: str = "", *, fault: str = "", placeholder: str = "") -> None:
        super().__init__()
        self._label = label
        self._value = value
        self._fault = fault
        self._placeholder = placeholder

    def compose(self) -> ComposeResult:
        if self._fault:
            yield Static(Content(f" ⚠ {harmless_text(self._fault)}"), classes="prompt--fault", markup=False)
        with Horizontal():
            yield Static(Content(f" {harmless_text(self._label)} "), classes="prompt--label", markup=False)
            yield _Line(self._value, placeholder=self._placeholder, compact=True, select_on_focus=False)

    def on_mount(self) -> None:
        """Take the keys."""
        self.query_one(_Line).focus()

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        event.stop()
        self.post_message(self.Typed(event.value))

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.post_message(self.Answered(event.value))
