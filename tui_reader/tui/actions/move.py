"""Moving within the pane that has the keys: lines of a list, lines of a text, comments of a thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui_reader.tui.main import Main


def down(main: Main, count: int | None) -> None:
    main.pane.move(count or 1)


def up(main: Main, count: int | None) -> None:
    main.pane.move(-(count or 1))


def top(main: Main, count: int | None) -> None:
    """The first line, or the line of that number."""
    if count is None:
        main.pane.home()
    else:
        main.pane.goto(count - 1)


def bottom(main: Main, count: int | None) -> None:
    """The last line, or the line of that number."""
    if count is None:
        main.pane.end()
    else:
        main.pane.goto(count - 1)


def page_down(main: Main, count: int | None) -> None:
    main.pane.page(count or 1)


def page_up(main: Main, count: int | None) -> None:
    main.pane.page(-(count or 1))


def half_down(main: Main, count: int | None) -> None:
    main.pane.half(count or 1)


def half_up(main: Main, count: int | None) -> None:
    main.pane.half(-(count or 1))


def jump(main: Main, count: int | None) -> None:
    """A label on every row in sight; typing one goes there."""
    main.jump.begin()
