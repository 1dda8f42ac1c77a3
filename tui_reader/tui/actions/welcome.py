"""Ways to begin."""

from __future__ import annotations

import asyncio
from importlib import resources
from typing import TYPE_CHECKING

from tui_reader import text

if TYPE_CHECKING:
    from tui_reader.tui.main import Main


def demo(main: Main, count: int | None) -> None:
    """Leave with the wish to see the demo; the command line starts it."""
    main.end("demo")


async def starter(main: Main, count: int | None) -> None:
    """Subscribe to the starter list. Nothing is fetched by it."""
    listed = await asyncio.to_thread(resources.files("tui_reader").joinpath("starter.opml").read_bytes)
    report = await main.library.import_opml(listed)
    hint = main.keys.hint("refresh.all", "fetches them")
    main.say(f"{text.plural(len(report.added), 'feed')} added · {hint}")
