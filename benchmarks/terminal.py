"""A program on a real pty: from its start to a text on the screen, and from a key to the last byte of the repaint."""

from __future__ import annotations

import os
import pty
import select
import signal
import struct
import termios
import time
from collections.abc import Sequence
from fcntl import ioctl
from pathlib import Path

QUIET = 0.08
"""Seconds without a byte after which a repaint is over."""


class Terminal:
    """A program of 40 × 120 cells; leave it and it is killed."""

    def __init__(self, command: Sequence[str]) -> None:
        self.begun = time.perf_counter()
        self.pid, self._fd = pty.fork()
        if self.pid == 0:
            ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
            environ = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor"}
            os.execvpe(command[0], list(command), environ)
        self.written = b""

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, *exc: object) -> None:
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self._fd)

    def until(self, marker: bytes, seconds: float = 120) -> float:
        """Seconds from the start to this text, which the program must send in one piece."""
        while marker not in self.written:
            assert time.perf_counter() - self.begun < seconds, self.written[-2000:]
            self._read(0.5)
        return time.perf_counter() - self.begun

    def key(self, keys: str, *, patience: float = 0.5, seconds: float = 60) -> float:
        """Seconds from writing keys to the last byte of what they cause, 0 when nothing comes within `patience`."""
        self.settle()
        asked = last = time.perf_counter()
        os.write(self._fd, keys.encode())
        seen = False
        while time.perf_counter() - asked < seconds:
            if self._read(QUIET if seen else patience):
                last, seen = time.perf_counter(), True
            elif seen or time.perf_counter() - asked > patience:
                break
        return last - asked

    def shows(self, keys: str, marker: bytes, *, seconds: float = 5) -> float:
        """Seconds from writing keys to this text, whatever else is painted meanwhile."""
        while self._read(0):
            pass
        self.written = b""
        asked = time.perf_counter()
        os.write(self._fd, keys.encode())
        while marker not in self.written:
            assert time.perf_counter() - asked < seconds, self.written[-2000:]
            self._read(0.5)
        return time.perf_counter() - asked

    def settle(self) -> None:
        """Read until nothing comes any more."""
        while self._read(QUIET):
            pass

    @property
    def peak(self) -> float:
        """The most memory it has had, in MB."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        return int(status.partition("VmHWM:")[2].split()[0]) / 1024

    @property
    def worked(self) -> float:
        """The processor time that it has had, in seconds."""
        return time.clock_gettime(~self.pid << 3 | 2)  # as clock_getcpuclockid(3) makes a clock of a process

    def _read(self, seconds: float) -> bool:
        ready, _, _ = select.select([self._fd], [], [], seconds)
        if not ready:
            return False
        try:
            self.written = self.written[-100_000:] + os.read(self._fd, 65536)
        except OSError:
            return False
        return True
