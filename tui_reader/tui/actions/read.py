"""The one key that reads everything."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui_reader.tui.main import Main


async def on(main: Main, count: int | None) -> None:
    await main.reading.read_on()
