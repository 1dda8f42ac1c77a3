"""The one key that reads everything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_reader.tui.tasks import Doing

if TYPE_CHECKING:
    from tui_reader.tui.main import Main


def on(main: Main, count: int | None) -> Doing:
    return main.reading.held(main.reading.read_on)
