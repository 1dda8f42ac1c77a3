"""How lists and dates look, until the reader ends; the settings say how they look at the start."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

if TYPE_CHECKING:
    from tui_reader.tui.main import Main


def dates(main: Main, count: int | None) -> None:
    """Dates in place of ages in the list and the discussion, the article's in full; and back."""
    look = main.entries.look_of
    dates = not look.dates
    main.entries.use(replace(look, dates=dates))
    main.article.tell(dates=dates)
    main.discussion.tell(dates=dates)
    main.say("dates in full" if dates else "ages")


def density(main: Main, count: int | None) -> None:
    """Two lines a row, and back."""
    look = main.entries.look_of
    main.entries.use(replace(look, comfortable=not look.comfortable))
