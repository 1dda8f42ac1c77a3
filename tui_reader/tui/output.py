"""What is written to the terminal: at once as much as it takes, the rest by a thread that may wait for it."""

from __future__ import annotations

import os
from contextlib import suppress

HALVES = "surrogateescape"
"""How half a character goes as text: the terminal may take the bytes of one in two turns."""


class Output:
    """A terminal that is open for writing. The loop writes `at_once` and gives the thread, as text, what is left; the
    thread takes this for its file.

    The terminal is opened once more to be written without waiting: whether a write waits is told of an opening, and the
    one we were started with is also the shell's. Where it cannot be opened everything is left.
    """

    def __init__(self, stream: int) -> None:
        self._stream = stream
        self._impatient = -1
        with suppress(OSError):
            self._impatient = os.open(os.ttyname(stream), os.O_WRONLY | os.O_NOCTTY | os.O_NONBLOCK)
        self._left = 0  # how often something was left: counted by the loop alone
        self._caught_up = 0  # how much of that is written: counted by the thread alone

    def at_once(self, text: str) -> str:
        """Write, and never wait; what the thread has still to write, which goes before all that comes later."""
        taken, data = 0, text.encode(errors="replace")
        if self._impatient >= 0 and self._left == self._caught_up:
            with suppress(OSError):  # full, or gone, which the thread finds out
                taken = os.write(self._impatient, data)
        if taken == len(data):
            return ""
        self._left += 1
        return data[taken:].decode(errors=HALVES)

    def write(self, text: str) -> None:
        """Write all of what was left, however long the terminal takes."""
        data = text.encode(errors=HALVES)
        while data:
            data = data[os.write(self._stream, data) :]
        self._caught_up += 1

    def flush(self) -> None:
        """Nothing is kept back."""

    def fileno(self) -> int:
        """The terminal as we were started with it."""
        return self._stream

    def close(self) -> None:
        """Nothing is written at once any more."""
        if self._impatient >= 0:
            os.close(self._impatient)
            self._impatient = -1
