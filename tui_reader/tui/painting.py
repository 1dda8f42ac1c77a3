"""When a screen is painted: as soon as what a key set going has come to rest."""

from __future__ import annotations

import asyncio
from typing import TypeVar

from textual import events
from textual.geometry import Size
from textual.screen import Screen

TURNS = 24
"""Turns of the event loop that are waited: as many as a message takes from widget to widget up to the screen."""
PATIENCE = 0.03
"""Seconds that a picture is waited for at most: it may have been painted already, or show nothing new."""
WRITTEN = 0.01
"""Seconds that a terminal is given to take a picture, of which it takes some kilobytes at once."""
LATEST = 0.008
"""Seconds after which it is painted though more is on its way, so that nothing that goes on for long hides a key's
answer."""

Result = TypeVar("Result")


class PaintedScreen(Screen[Result]):
    """Paints once what belongs together. Textual paints at the next of its frames, 60 a second: by then half of what
    follows a key has arrived or all of it has long been waiting."""

    _awaited: asyncio.Future[None] | None = None
    _turns = 0
    _until = 0.0
    _lays_out = False

    @property
    def is_behind(self) -> bool:
        """Whether something has changed that is not painted yet."""
        asked = self._layout_required or self._scroll_required or self._repaint_required
        return bool(asked or self._dirty_widgets or self._compositor._dirty_regions)

    async def painted(self) -> None:
        """Wait until the terminal has the next picture: work that begins before takes its time from it."""
        if self.app.is_headless:
            return
        if self._awaited is None or self._awaited.done():
            self._awaited = asyncio.get_running_loop().create_future()
        await asyncio.wait({self._awaited}, timeout=PATIENCE)
        await asyncio.sleep(WRITTEN)

    def _refresh_layout(self, size: Size | None = None, scroll: bool = False) -> None:
        self._lays_out = True
        try:
            super()._refresh_layout(size, scroll)
        finally:
            self._lays_out = False

    def _compositor_refresh(self) -> None:
        """Paint, but not what a layout has moved before that is filled: a start has four layouts, a new size two."""
        if not self._lays_out:
            super()._compositor_refresh()

    async def _on_idle(self, event: events.Idle) -> None:
        if not (self.is_behind and self.is_current) or self.app._batch_count or self._recompose_required:
            return  # Textual's own part
        event.prevent_default()
        if not self._turns:
            self._turns = TURNS
            loop = asyncio.get_running_loop()
            self._until = loop.time() + LATEST
            loop.call_soon(self._turn)

    def _turn(self) -> None:
        loop = asyncio.get_running_loop()
        self._turns -= 1
        if self._turns and loop.time() < self._until:
            loop.call_soon(self._turn)
            return
        self._turns = 0
        if self.app._exit or not self.is_running:
            return
        try:
            self._on_timer_update()
            if self._compositor._dirty_regions:
                self._compositor_refresh()
        except Exception as error:
            self.app._handle_exception(error)
        if self._awaited is not None and not self._awaited.done():
            self._awaited.set_result(None)
