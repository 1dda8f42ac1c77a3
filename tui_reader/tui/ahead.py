"""Keys typed ahead of a question, an article or a list: they wait for it, so that none is lost or means something else.

A command that asks takes a moment until its question is up: it may have to read the library first, and a widget is
mounted by turns of the loop. An article that is opened, or a list, may have to be read first, too. Whoever types
at full speed is faster than that, and over a slow line several keys arrive at once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from textual import events
from textual.timer import Timer

if TYPE_CHECKING:
    from tui_reader.tui.main import Main

LAID_OUT = 0.2
"""Seconds that laying out is waited for: behind a question it does not happen."""
PATIENCE = 1.0
"""Seconds that keys wait at most: a command that hangs must not take the keys with it."""


class TypeAhead:
    """Holds what is typed from the moment such a command begins until what it brings has the keys."""

    def __init__(self, main: Main) -> None:
        self.main = main
        self.waiting = False
        self._held: list[events.Key | events.Paste] = []
        self._timer: Timer | None = None

    def begin(self) -> None:
        """What takes the keys is on its way: what is typed from here on waits."""
        self._stop()
        self.waiting = True
        self._timer = self.main.set_timer(PATIENCE, self.end)

    def keep(self, event: events.Key | events.Paste) -> bool:
        """Hold what was typed; False when nothing is waited for."""
        held = self.waiting or self.main.dialogs.over
        if held:
            self._held.append(event)
        return held

    def held(self, work: Callable[[], Coroutine[Any, Any, None]]) -> Coroutine[Any, Any, None]:
        """Do what brings something to the screen: what is typed from now on is meant for that, and waits for it. `work`
        is called when it begins, so that nothing is left of what is given up before."""
        self.begin()
        return self._held_by(work)

    async def _held_by(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        try:
            await work()
        finally:
            await self._shown()

    async def _shown(self) -> None:
        """What was waited for is here. What was typed meanwhile is handed on when that is laid out as well: a page down
        in a pane that has no height yet is none."""
        if self._held:
            laid_out = asyncio.Event()
            self.main.call_after_refresh(laid_out.set)
            with suppress(TimeoutError):
                await asyncio.wait_for(laid_out.wait(), LAID_OUT)
        await self.end()

    async def end(self) -> None:
        """Hand on what was typed, in the order in which it was, to whoever has the keys now."""
        self._stop()
        self.waiting = False
        # What was on its way to a pane when the waiting began arrives behind what came later.
        held, self._held = sorted(self._held, key=lambda event: event.time), []
        for event in held:
            await self.main.app.on_event(
                events.Paste(event.text) if isinstance(event, events.Paste) else events.Key(event.key, event.character)
            )

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
