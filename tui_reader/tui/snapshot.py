"""Any state of the reader as a picture or as text, without a terminal, without the network, the same every time."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from textual.pilot import Pilot

from tui_reader.config import Config
from tui_reader.library import Library
from tui_reader.tui.app import ReaderApp

ROUNDS = 2000
"""How often the screen may ask for more before it is taken as it is."""


async def render(
    library_path: Path,
    config: Config,
    *,
    size: tuple[int, int],
    keys: Sequence[str],
    now: int,
    open_entry: int | None,
    form: Literal["svg", "txt"],
) -> str:
    """Show the library at `now` in a terminal of `size` cells, press `keys`, and return the screen.

    It works on a temporary copy: keys change nothing. Times are UTC.
    """
    with TemporaryDirectory(prefix="tui-reader-") as folder:
        copy = Path(folder) / "library.db"
        await Library.copy(library_path, copy)
        library = await Library.open(copy, config, clock=lambda: now, offline=True)
        try:
            app = ReaderApp(library, config, clock=lambda: now, zone=UTC, still=True, open_entry=open_entry)
            async with app.run_test(size=size) as pilot:
                await settle(app, pilot)
                for key in keys:
                    await pilot.press(key)
                    await settle(app, pilot)
                return picture(app) if form == "svg" else screen_text(app)
        finally:
            await library.close()


async def settle(app: ReaderApp, pilot: Pilot[str]) -> None:
    """Wait until the screen has shown all it asked for; an action that asks the user something is not waited for."""
    quiet = 0
    for _ in range(ROUNDS):
        await pilot.pause()
        running = any(one is not app.main.dialogs.waiting for one in app.main.tasks.running())
        running |= any(not one.is_finished for one in app.workers)
        running |= any(one.message_queue_size for one in (app, *app.screen.walk_children(with_self=True)))
        quiet = 0 if running else quiet + 1
        if quiet == 2:
            return
        if running:
            await asyncio.sleep(0.005)


def picture(app: ReaderApp) -> str:
    """The screen as an SVG document."""
    return app.export_screenshot(title="tui-reader")


def screen_text(app: ReaderApp) -> str:
    """The screen as lines of text."""
    strips = app.screen._compositor.render_strips()
    return "\n".join("".join(segment.text for segment in strip).rstrip() for strip in strips) + "\n"
