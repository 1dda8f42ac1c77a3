"""Taking acts back and doing them again."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui_reader.tui.main import Main


async def undo(main: Main, count: int | None) -> None:
    change = await main.library.undo()
    main.say(f"taken back: {change.label} · {main.keys.hint('act.redo', 'redo')}" if change else "nothing to take back")


async def redo(main: Main, count: int | None) -> None:
    change = await main.library.redo()
    main.say(f"done again: {change.label} · {main.keys.hint('act.undo')}" if change else "nothing to do again")


def repeat(main: Main, count: int | None) -> None:
    """The last command that acted, with its count and what was given to it."""
    main.keys.repeat(count)
