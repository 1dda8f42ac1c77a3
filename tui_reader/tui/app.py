"""The terminal application: one main screen, the themes, the signals that end it."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import termios
import threading
from collections.abc import Callable, Iterable
from datetime import tzinfo
from typing import TYPE_CHECKING, Any, TextIO

from textual import events
from textual.app import App, SystemCommand
from textual.driver import Driver
from textual.screen import Screen

from tui_reader.config import Config
from tui_reader.model import Change
from tui_reader.presets import PRESETS
from tui_reader.tui.keys import bound
from tui_reader.tui.main import Main
from tui_reader.tui.palette import CommandProvider
from tui_reader.tui.wardrobe import Wardrobe

if TYPE_CHECKING:
    from tui_reader.library import Library

ENDING = {"SIGINT": 130, "SIGTERM": 143, "SIGHUP": 129}
"""The signals that end the reader with its terminal restored, and the exit codes they end it with."""
LEAVING = 0.3
"""Seconds that keeping the session may take when the reader ends."""
DRAWING = 1.0
"""Seconds that drawing what the next start shows may take then; it takes a tenth of that."""
LOOKING = 5.0
"""Seconds between two looks whether the terminal is still there: not everyone who loses it is told by a signal."""
LAST = 5.0
"""Seconds after which a reader without a terminal ends in any case. What was acted on is stored by then."""


class ReaderApp(App[str], inherit_bindings=False):
    """The reader on a library that is open.

    Run it with `await app.run_async()`: the result is "demo" when the user asked for the demo, "damaged" when the
    library turned out to be at the start, else None, and `return_code` is the exit code. `notices` are lines to tell
    at the start (faults of the configuration). `still` stops every timer and every look at the network, for pictures
    and tests, and shows every colour there is. `chosen_theme` and `chosen_keys` (a preset) are what was chosen in the
    reader before. `take_over` is called when the screen takes the terminal: where a glimpse is on it already it tells
    the terminal's attributes from before that, else None.
    """

    CSS_PATH = "tui.tcss"
    CSS = "CommandPalette SearchIcon { display: none; }"
    TITLE = "tui-reader"
    COMMANDS = {CommandProvider}

    def __init__(
        self,
        library: Library,
        config: Config,
        *,
        clock: Callable[[], int],
        zone: tzinfo | None = None,
        notices: Iterable[str] = (),
        still: bool = False,
        open_entry: int | None = None,
        chosen_theme: str = "",
        chosen_keys: str = "",
        take_over: Callable[[], list[Any] | None] | None = None,
    ) -> None:
        # Set before Textual decides how to leave colours out: the terminal's own it drops, others it only greys.
        super().__init__(ansi_color=True if not still and "NO_COLOR" in os.environ else None)
        preset = next((one for one in (config.preset, chosen_keys) if one in PRESETS), "default")
        keymap, faults = bound(config, preset)
        self.animation_level = "none"
        self.hung_up = False
        """Whether the terminal is gone."""
        self._is_built = False
        self._came: list[tuple[str, int]] = []
        self.is_unseen = False
        """Whether what is painted is not for the terminal."""
        self.take_over = take_over
        self.next_start = ""
        """What the next start can show at once, "" where that is not known; there once this one has ended."""
        self.wardrobe = Wardrobe(self, config.ui, chosen_theme, every_colour=still)
        self._faults = (*self.wardrobe.faults, *faults)
        told = (*notices, *self._faults)
        self.main = Main(library, config, keymap, clock, zone=zone, still=still, open_entry=open_entry, notices=told)
        self.main.keys.preset = preset
        self.wardrobe.put_on()

    def get_driver_class(self) -> type[Driver]:
        """Textual's driver, or ours in its place where there is one."""
        found = super().get_driver_class()
        if found.__name__ != "LinuxDriver":
            return found
        from tui_reader.tui.driver import PatientDriver

        return PatientDriver

    def get_default_screen(self) -> Screen[None]:
        """The screen everything happens on."""
        return self.main

    async def on_event(self, event: events.Event) -> None:
        """What is typed ahead of a question waits for it."""
        if isinstance(event, events.Key | events.Paste) and not event.is_forwarded and self.main.ahead.keep(event):
            return
        await super().on_event(event)

    def heed_signals(self) -> None:
        """See to it that a signal leaves the terminal as it was: from now on, on the running loop. One that comes while
        the screen is being built waits until it is there: half a screen cannot be left."""
        loop = asyncio.get_running_loop()
        for name, code in ENDING.items():
            if hasattr(signal, name):
                loop.add_signal_handler(getattr(signal, name), self._signalled, name, code)

    def on_mount(self) -> None:
        """Look from time to time whether somebody is there."""
        if not self.is_headless:
            self.set_interval(LOOKING, self._look)

    def built(self) -> None:
        """The screen is there."""
        self._is_built = True
        came, self._came = self._came, []
        for name, code in came:
            self._signalled(name, code)

    def _signalled(self, name: str, code: int) -> None:
        if not self._is_built:
            self._came.append((name, code))
        elif name == "SIGHUP" and not _is_there(sys.__stdin__):
            self.hang_up()
        else:
            self.end(None, code)

    def _look(self) -> None:
        if not _is_there(sys.__stdin__):
            self.hang_up()

    def hang_up(self) -> None:
        """The terminal is gone: keep the session, then end as a hang-up does, whatever still waits for the terminal."""
        if not self.hung_up:
            self.hung_up = True
            last = threading.Timer(LAST, os._exit, (ENDING["SIGHUP"],))
            last.daemon = True
            last.start()
            self.end(None, ENDING["SIGHUP"])

    def end(self, result: str | None = None, code: int = 0) -> None:
        """Keep the session, then end."""
        self.run_worker(self._end(result, code), group="end", exclusive=True, exit_on_error=False)

    async def _end(self, result: str | None, code: int) -> None:
        try:
            async with asyncio.timeout(LEAVING):
                await self.main.leave()
            if result is None and not code and self.take_over is not None:
                async with asyncio.timeout(DRAWING):
                    await self._look_ahead()
        finally:
            self.exit(result, return_code=code)

    async def _look_ahead(self) -> None:
        """Draw what the next start shows first, unless it has something to tell, or there is more to come meanwhile."""
        self.main.library.on_change(self._forget)
        if not self._faults:
            from tui_reader.tui import beforehand

            self.next_start = await beforehand.drawn(self)

    def _forget(self, change: Change) -> None:
        self.next_start = ""

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """None: the palette offers the reader's own commands only."""
        return ()


def _is_there(terminal: TextIO | None) -> bool:
    """Whether somebody is at the other end of a terminal."""
    try:
        return terminal is not None and bool(termios.tcgetattr(terminal))
    except (OSError, ValueError, termios.error):
        return False
