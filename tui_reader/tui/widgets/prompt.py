"""A question with a line of text for its answer, above the status line."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec import Struct
from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, Static

from tui_reader import text
from tui_reader.tui.widgets.statusbar import both_ends, cut
from tui_reader.tui.widgets.strips import harmless_text

MOST_OFFERS = 8
"""Completions in sight at once."""


class Offer(Struct, frozen=True):
    """A completion: what the line becomes, and how it is told; `key` does the same."""

    line: str
    name: str
    more: str = ""
    key: str = ""


Offers = Callable[[str], Sequence[Offer]]


class _Line(Input):
    """The answer.

    It takes enter and escape as they come. A binding is looked up only when the key has gone all the way to the app:
    what was typed behind it at full speed would be in the answer by then. `over`, it takes nothing any more.
    """

    def __init__(self, value: str, *, placeholder: str, steps: Callable[[str], bool]) -> None:
        super().__init__(value, placeholder=placeholder, compact=True, select_on_focus=False)
        self._steps = steps
        self.over = False
        self.cursor_blink = False

    def validate_value(self, value: str) -> str:
        """What is pasted may hold anything."""
        return harmless_text(value)

    async def _on_key(self, event: events.Key) -> None:
        if self.over:
            event.prevent_default()
        elif event.key in {"enter", "escape"}:
            event.stop()
            event.prevent_default()
            self.over = True
            self.post_message(Prompt.Answered(self.value if event.key == "enter" else None))
        elif self._steps(event.key):
            event.stop()
            event.prevent_default()
        else:
            await super()._on_key(event)


class _Offered(Widget):
    """The completions, the one that is in the line marked."""

    def __init__(self) -> None:
        super().__init__()
        self._offers: Sequence[Offer] = ()
        self._at = -1

    def show(self, offers: Sequence[Offer], at: int) -> None:
        """Show these; `at` is the place of the one that was taken, -1 for none."""
        self._offers, self._at = offers, at
        self.display = bool(offers)
        self.refresh(layout=True)

    def _most(self, height: int) -> int:
        return max(2, min(MOST_OFFERS, height // 2 - 2))

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return min(len(self._offers), self._most(viewport.height))

    def render(self) -> Content:
        width, most = self.size.width, self._most(self.screen.size.height)
        first = max(0, min(self._at - most // 2, len(self._offers) - most))
        shown = self._offers[first : first + most]
        widest = min(max((text.width(one.name) for one in shown), default=0), width // 2)
        lines = []
        for place, one in enumerate(shown, first):
            name = text.pad(text.cut(harmless_text(one.name), widest), widest)
            taken = place == self._at
            mark, style = ("▸ ", "bold $primary") if taken else ("  ", "bold")
            more = (harmless_text(one.more), "" if taken else "$text-muted")
            left = Content.assemble((mark, style), (name, style), "  ", more)
            key = Content.assemble(" ", (one.key, "bold $primary"), " ") if one.key else Content("")
            lines.append(both_ends(cut(left, width - text.width(key.plain)), key, width))
        return Content("\n").join(lines)


class Prompt(Widget):
    """Asks once: `Typed` at every change, `Answered` at the end, with None when it was given up.

    With `offers` it shows completions of what is typed: tab and the arrows go through them. `earlier` are the lines
    that the up arrow brings back, the newest last, those that begin as what is typed does.

    Keys that the line does not take go on to the app: there Textual looks for what is bound. Whoever asks sees to it
    that they are no commands meanwhile.
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

    def __init__(
        self,
        label: str,
        value: str = "",
        *,
        fault: str = "",
        placeholder: str = "",
        offers: Offers | None = None,
        earlier: Sequence[str] = (),
    ) -> None:
        super().__init__()
        self._label = label
        self._value = value
        self._placeholder = placeholder
        self._written: _Line | None = None
        self._fault = fault
        self._offers = offers
        self._earlier = tuple(earlier)
        self._typed = value
        self._shown: Sequence[Offer] = ()
        self._at = -1
        self._back = 0
        """How many of the earlier lines one has gone back."""
        self._put = value
        """What was put into the line by a step, not by typing."""

    def compose(self) -> ComposeResult:
        if self._fault:
            yield Static(Content(f" ⚠ {harmless_text(self._fault)}"), classes="prompt--fault", markup=False)
        if self._offers is not None:
            yield _Offered()
        with Horizontal():
            yield Static(Content(f" {harmless_text(self._label)} "), classes="prompt--label", markup=False)
            self._written = _Line(self._value, placeholder=self._placeholder, steps=self._step)
            yield self._written

    def on_mount(self) -> None:
        """Take the keys."""
        self.query_one(_Line).focus()
        self._offer(self._value)

    # ------------------------------------------------------------ completions and earlier lines

    def _offer(self, typed: str) -> None:
        if self._offers is None:
            return
        self._typed, self._at, self._back = typed, -1, 0
        self._shown = self._offers(typed)
        self.query_one(_Offered).show(self._shown, -1)

    def _step(self, key: str) -> bool:
        """Go through the completions or the earlier lines; False when the key means neither."""
        if self._offers is None or key not in {"tab", "shift+tab", "up", "down"}:
            return False
        if key == "up" and self._at < 0:
            self._recall(1)
        elif key == "down" and self._back:
            self._recall(-1)
        elif self._shown:
            self._complete(1 if key in {"tab", "down"} else -1)
        return True

    def _complete(self, step: int) -> None:
        places = len(self._shown) + 1
        self._at = (self._at + 1 + step) % places - 1
        line = self._shown[self._at].line if self._at >= 0 else self._typed
        if len(self._shown) == 1 and self._at == 0:
            self._write(line)
            self._offer(line)
            return
        self._write(line)
        self.query_one(_Offered).show(self._shown, self._at)

    def _recall(self, step: int) -> None:
        begun = [line for line in reversed(self._earlier) if line.startswith(self._typed) and line != self._typed]
        self._back = max(0, min(self._back + step, len(begun)))
        self._write(begun[self._back - 1] if self._back else self._typed)

    def _write(self, line: str) -> None:
        field = self.query_one(_Line)
        self._put = field.value = line
        field.cursor_position = len(field.value)

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        event.stop()
        if event.value != self._put:
            self._put = event.value
            self._offer(event.value)
        self.post_message(self.Typed(event.value))

    @property
    def over(self) -> bool:
        """Whether the answer was given: keys that come now are not for this question."""
        return self._written is not None and self._written.over
