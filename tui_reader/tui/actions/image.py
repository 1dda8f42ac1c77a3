"""The pictures of the article."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui_reader.tui.main import Main


def show(main: Main, count: int | None) -> None:
    """All of them in the text, or the one in sight on the whole screen."""
    main.gallery.show()
