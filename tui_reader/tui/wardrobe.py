"""Which theme is worn: what the settings say, else what was chosen in the reader, else one that fits the terminal.

A terminal of 16 colours has those of its owner, and NO_COLOR asks for none at all: there every theme is `ansi`, which
marks lines by reversing them. In 256 colours a theme is made of these.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tui_reader.config import Ui
from tui_reader.tui import themes

if TYPE_CHECKING:
    from textual.app import App

KEY = "theme"
"""Under which the library remembers the theme that was chosen."""
_LIGHT = frozenset({"7", "15"})


class Wardrobe:
    """The themes of one run, each made when it is worn. `every_colour` takes the terminal for one that has them all."""

    def __init__(self, app: App[Any], ui: Ui, chosen: str, *, every_colour: bool) -> None:
        self._app = app
        self._every_colour = every_colour
        light = ui.light_theme if not every_colour and on_light(os.environ) else ""
        self.faults = tuple(
            f"ui.{key}: there is no theme “{name}”; there are {', '.join(themes.NAMES)}"
            for key, name in (("theme", ui.theme), ("light_theme", ui.light_theme))
            if name and name not in themes.NAMES
        )
        self.fixed = next((name for name in (light, ui.theme) if name in themes.NAMES), "")
        """The theme that the settings say, "" when they leave it open."""
        self.chosen = chosen if chosen in themes.NAMES else ""
        """The theme that was chosen in the reader, "" to follow the terminal."""

    @property
    def colours(self) -> int:
        """How many colours the terminal has; 0 where none are wanted."""
        if self._every_colour:
            return 1 << 24
        if self._app.no_color:
            return 0
        return {"truecolor": 1 << 24, "256": 256}.get(self._app.console.color_system or "", 16)

    def put_on(self, name: str = "") -> None:
        """Wear a theme, or the one that is meant to be worn."""
        name = name or self.fixed or self.chosen or self._fitting()
        if self.colours <= 16:
            name = themes.ANSI.name
        theme = themes.named(name, of_256=self.colours == 256)
        self._app.register_theme(theme)
        self._app.theme = theme.name

    def _fitting(self) -> str:
        light = not self._every_colour and on_light(os.environ)
        return (themes.DAWN if light else themes.DUSK).name


def on_light(environ: Mapping[str, str]) -> bool:
    """Whether the terminal says that its background is light, as rxvt, Konsole and others do in COLORFGBG: the numbers
    of the text's and the background's colour, a semicolon between."""
    return environ.get("COLORFGBG", "").rpartition(";")[2] in _LIGHT
