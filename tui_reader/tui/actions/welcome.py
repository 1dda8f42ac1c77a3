"""Ways to begin."""

from __future__ import annotations

import asyncio
import os
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from tui_reader import text
from tui_reader.errors import NotFound
from tui_reader.tui import reports

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


async def newsboat(main: Main, count: int | None) -> None:
    """Bring newsboat over from where it keeps its files, or from a folder that is asked for; then tell what came."""
    folder: Path | None = None
    while True:
        main.say("reading what newsboat has …")
        try:
            report = await main.library.import_newsboat(os.environ, folder)
        except NotFound as error:
            answer = await main.dialogs.ask(
                "newsboat's folder", str(folder or ""), fault=str(error), placeholder="where its urls and cache.db are"
            )
            if not answer or not answer.strip():
                main.say("nothing was imported")
                return
            folder = Path(answer.strip()).expanduser()
        else:
            break
    main.say(f"{reports.summary(report)} · {main.keys.hint('act.undo')}")
    if report.left or report.settings:
        main.app.push_screen(reports.newsboat(report))
