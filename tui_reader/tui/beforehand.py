"""The first screen of the next start, drawn when this one ends: what a glimpse shows until that start has its own."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from tui_reader.tui.main import Main

if TYPE_CHECKING:
    from tui_reader.tui.app import ReaderApp

CALM = 2
"""Looks in a row that find nothing left to do, until the screen is taken to be whole."""
LOOK = 0.001
"""Seconds between two looks."""


async def drawn(app: ReaderApp) -> str:
    """What a terminal is sent to show that screen, made by the very code that will start; "" where it may not be what
    the start shows. Nobody sees it being drawn. Takes as long as filling four panes; the caller bounds it.
    """
    main = app.main
    if main.still or main.library.read_only or main.library.waiting or main.follow.progress.running:
        return ""
    screen = Main(main.library, main.config, main.keys.keymap, main.clock, zone=main.zone, still=True, whole=False)
    app.is_unseen = True
    try:
        if app._driver is not None:
            app._driver.disable_input()  # what is typed now is not for that screen
        await app.push_screen(screen)
        await _rest(app, screen)
        return screen._compositor.render_full_update().render_segments(app.console)
    finally:
        app.is_unseen = False


async def _rest(app: ReaderApp, screen: Main) -> None:
    calm = 0
    while calm < CALM:
        await asyncio.sleep(LOOK)
        busy = any(pump.message_queue_size for pump in (app, *screen.walk_children(with_self=True)))
        calm = 0 if busy or any(screen.tasks.running()) or screen.is_behind else calm + 1
