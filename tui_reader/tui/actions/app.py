"""The program itself: palette, help, leaving."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_reader.tui import help as keys

if TYPE_CHECKING:
    from tui_reader.tui.main import Main


def palette(main: Main, count: int | None) -> None:
    main.app.action_command_palette()


def help_(main: Main, count: int | None) -> None:
    """Every key as it is bound now."""
    main.app.push_screen(keys.sheet(main.keys.keymap, main.keys.context, main.keys.shown))


def quit_(main: Main, count: int | None) -> None:
    main.end()
