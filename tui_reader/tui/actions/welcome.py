"""Ways to begin."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from tui_reader import text
from tui_reader.errors import NotFound
from tui_reader.tui import reports, tours

if TYPE_CHECKING:
    from tui_reader.tui.main import Main


def demo(main: Main, count: int | None) -> None:
    """Leave with the wish to see the demo; the command line starts it."""
    main.end("demo")


async def starter(main: Main, count: int | None) -> None:
    """Choose topics of the starter list and subscribe to their feeds. Nothing is fetched by it."""
    topics = await main.library.starter()
    chosen = {topic for topic, _ in topics}
    place: int | None = 0
    while True:
        feeds = sum(len(titles) for topic, titles in topics if topic in chosen)
        rows = [(f"Subscribe to {text.plural(feeds, 'feed')}", "enter below takes a topic out or in")]
        rows += [(f"{'✓' if topic in chosen else ' '} {topic}", ", ".join(titles)) for topic, titles in topics]
        place = await main.dialogs.choose("What would you like to read about?", rows, at=place or 0)
        if place is None:
            main.say("nothing was added")
            return
        if place == 0:
            break
        chosen ^= {topics[place - 1][0]}
    if not chosen:
        main.say("no topic is chosen; nothing was added")
        return
    report = await main.library.import_starter(chosen)
    hints = [main.keys.hint("refresh.all", "fetches them"), main.keys.hint("act.undo")]
    main.say(" · ".join([f"{text.plural(len(report.added), 'feed')} added", *filter(None, hints)]))


def tour(main: Main, count: int | None) -> None:
    """The ten keys to begin with, as they are bound now."""
    main.app.push_screen(tours.sheet(main.keys.key_of))


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
