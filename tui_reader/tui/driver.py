"""The terminal, whatever it sends, and when it is gone."""

from __future__ import annotations

import os
from codecs import getincrementaldecoder
from collections.abc import Iterable
from contextvars import Context
from typing import TYPE_CHECKING

from textual import constants
from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver

from tui_reader.tui.output import Output

if TYPE_CHECKING:
    from textual.message import Message

    from tui_reader.tui.app import ReaderApp

AT_ONCE = 4096
"""Bytes that are read of what was typed before anything else gets its turn."""
OTHER_SCREEN = "\x1b[?1049h"
LATER = 0.001
"""Seconds after which escape is surely older than the parser waits for more of it."""


class PatientDriver(LinuxDriver):
    """Reads and writes on the event loop, passes over bytes that are no UTF-8, where Textual ends the program, and
    writes nothing where nobody is.

    Textual reads in a thread of its own, from which each key has to be handed over, and whose waits are a fifth of a
    second at the end and make escape late; and it writes in another, which is left what a terminal does not take at
    once. What is written where nobody is is never taken: the program would wait for
    it when it ends, for ever. A terminal that was attached anew (tmux, SSH, an editor's) may send mouse reports in the
    old X10 form, whose bytes go beyond 0x7F (Textualize/textual#6668). What came in the same breath is lost with them.
    """

    _app: ReaderApp
    _hears = False
    _is_covered = False

    def start_application_mode(self) -> None:
        """Take the terminal, and begin to read."""
        before, covered = self._key_thread, self._app.take_over() if self._app.take_over is not None else None
        self._is_covered = covered is not None
        self._output = Output(2)
        self._file = self._output  # type: ignore[assignment]
        super().start_application_mode()  # type: ignore[no-untyped-call]
        if self._key_thread is not before:  # else we are in the background, and shall stay quiet
            if covered is not None:
                self.attrs_before = covered
            self._begin()
            self._hears = True
            # In a context of its own: what is typed is nobody's answer.
            Context().run(self._loop.add_reader, self.fileno, self._read)

    def stop_application_mode(self) -> None:
        """Leave the terminal as it was."""
        super().stop_application_mode()
        self._output.close()

    def disable_input(self) -> None:
        """Read no more."""
        self._deaf()
        super().disable_input()

    def _run_input_thread(self) -> None:
        """Nothing is left to do in the thread that Textual starts."""

    def _deaf(self) -> None:
        if self._hears:
            self._hears = False
            self._loop.remove_reader(self.fileno)

    def _begin(self) -> None:
        self._parser = XTermParser(self._debug)
        self._decode = getincrementaldecoder("utf-8")().decode

    def _read(self) -> None:
        try:
            typed = os.read(self.fileno, AT_ONCE)
        except OSError:
            typed = b""
        if not typed:
            self._deaf()
            self._app.call_later(self._app.hang_up)
            return
        try:
            self._pass_on(self._parser.feed(self._decode(typed)))
        except UnicodeDecodeError:
            self._begin()
        self._loop.call_later(constants.ESCAPE_DELAY + LATER, self._tick)

    def _tick(self) -> None:
        """An escape after which nothing came was the key."""
        self._pass_on(self._parser.tick())

    def _pass_on(self, messages: Iterable[Message]) -> None:
        for message in messages:
            self.process_message(message)

    def send_message(self, message: Message) -> None:
        """Hand the application what was typed."""
        self._app.post_message(message)

    def write(self, data: str) -> None:
        """Write, while somebody is there to see it. Where a glimpse is on the terminal it is painted over: the screen
        it stands on would be cleared if it was asked for once more."""
        if self._is_covered and data == OTHER_SCREEN:
            self._is_covered = False
        elif self._is_heard and not self._app.is_unseen and (left := self._output.at_once(data)):
            super().write(left)

    def close(self) -> None:
        """Wait for what is still to be written, while somebody is there to see it."""
        if self._is_heard:
            super().close()

    @property
    def _is_heard(self) -> bool:
        """Whether what is written arrives; a terminal that is gone ends the thread that writes."""
        return not self._app.hung_up and self._writer_thread is not None and self._writer_thread.is_alive()
