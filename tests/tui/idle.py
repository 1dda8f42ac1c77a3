"""When a reader on a pilot has nothing left to do, asked of itself.

Textual's own answer sleeps a fiftieth of a second at a time until the process uses little CPU: some eighty milliseconds
a key on a quiet machine, up to a second each on a busy one, and still only a guess.
"""

from __future__ import annotations

import asyncio

from textual._context import active_app
from textual.message_pump import MessagePump
from textual.screen import Screen

ROUNDS = 500
"""How often is asked before a handler that goes on waiting is let be."""
SOON = 0.02
"""Seconds: what a timer of so little puts off belongs to the key, as laying out after a resize does."""
CALM = 3
"""Looks in a row that find nothing: what one widget has done may wake another."""


async def wait_for_idle(min_sleep: float = 0, max_sleep: float = 1) -> None:
    """Wait until every widget waits for its next message; stands in for `textual._wait.wait_for_idle`."""
    app = active_app.get()
    calm = 0
    for _ in range(ROUNDS):
        await asyncio.sleep(0)
        if _paints(app.screen) or any(_works(pump) for pump in (app, *app._registry)):
            calm = 0
            await asyncio.sleep(0.001)
        else:
            calm += 1
        if calm == CALM:
            return


def _paints(screen: Screen) -> bool:
    """Whether a frame is due, or something waits for it."""
    return bool(
        screen._callbacks
        or screen._dirty_widgets
        or screen._layout_required
        or screen._scroll_required
        or screen._repaint_required
    )


def _works(pump: MessagePump) -> bool:
    if not pump._running or pump._closing:
        return False
    queue = pump._message_queue
    soon = (timer for timer in pump._timers if timer._repeat == 0 and timer._interval <= SOON)
    return bool(
        queue.qsize()
        or pump._next_callbacks
        or not queue.ready_event._waiters
        or any(timer._task is not None and not timer._task.done() for timer in soon)
    )
