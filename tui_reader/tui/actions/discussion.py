"""Between an article and its discussion."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_reader.tui.view import Pane

if TYPE_CHECKING:
    from tui_reader.tui.main import Main


def show(main: Main, count: int | None) -> None:
    """The discussion of the open article, or of the one under the cursor, and back to the article."""
    if main.view.pane is Pane.ENTRIES and not main.reading.is_at_cursor() and main.entries.current is not None:
        main.reading.open(main.entries.current.id, into=Pane.DISCUSSION)
    else:
        main.show(main.view.flipped())
