"""Jumping: a label on every row in sight, in every pane, and the keys that are typed until one of them is named."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_reader.tui.view import Pane

if TYPE_CHECKING:
    from tui_reader.tui.main import Main

LETTERS = "asdfghjklqwertyuiopzxcvbnm"
"""What labels are made of, the letters under the fingers first."""


def labels(count: int) -> list[str]:
    """So many labels, none of which begins another: single letters while they last, then pairs."""
    pairs = max(0, -(-(count - len(LETTERS)) // (len(LETTERS) - 1)))
    single, leading = LETTERS[: len(LETTERS) - pairs], LETTERS[len(LETTERS) - pairs :]
    return [*single, *(first + second for first in leading for second in LETTERS)][:count]


class Jump:
    """While it is `on`, the keys are its own."""

    def __init__(self, main: Main) -> None:
        self.main = main
        self.on = False
        self._typed = ""
        self._places: dict[str, tuple[Pane, int]] = {}

    def begin(self) -> None:
        """Label what can be jumped to."""
        shown = [(name, pane) for name, pane in self.main.panes.items() if pane.display]
        places = [(name, line) for name, pane in shown for line in pane.targets()]
        self._places = dict(zip(labels(len(places)), places, strict=False))
        self._typed, self.on = "", bool(self._places)
        self._show()
        self.main.say("type a label · esc leaves" if self.on else "there is no row to jump to")

    def press(self, key: str) -> None:
        """Take a letter of a label; any other key ends it."""
        self._typed += key if key in LETTERS else ""
        left = [label for label in self._places if label.startswith(self._typed)]
        if key in LETTERS and left and left != [self._typed]:
            self._show()
            return
        place = self._places.get(self._typed) if key in LETTERS else None
        self.on, self._places = False, {}
        self._show()
        self.main.say("" if place is not None or key == "escape" else "no row has this label")
        if place is not None:
            self.main.show(self.main.view.focused(place[0]))
            self.main.panes[place[0]].jump(place[1])

    def _show(self) -> None:
        for name, pane in self.main.panes.items():
            pane.label(
                {
                    line: label[len(self._typed) :]
                    for label, (at, line) in self._places.items()
                    if at is name and label.startswith(self._typed)
                }
            )
