"""A glimpse of the first screen, on the terminal before what draws it is imported, which is most of a start.

A reader that ends leaves beside the library what the next one will show first. It is shown only where it is true: the
same library, not written to since, the same settings, a terminal of the same kind and size, the same day. The real
screen is painted over it; what is typed meanwhile waits for that. See docs/decisions/0020-a-glimpse-of-the-screen.md.
"""

from __future__ import annotations

import os
import signal
import sys
import termios
import time
import zlib
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from tui_reader import __version__

SUFFIX = "glimpse"
LOOKS = ("TERM", "COLORTERM", "NO_COLOR", "COLORFGBG", "TEXTUAL_COLOR_SYSTEM", "LC_ALL", "LC_CTYPE", "LANG", "TZ")
"""What of the environment says how the screen is drawn."""

Attributes = list[Any]
"""What `termios.tcgetattr` gives."""


class Glimpse:
    """The glimpse of one library in this terminal. `offline` is how the reader was started."""

    def __init__(self, library: Path, settings: Path, environ: Mapping[str, str], *, offline: bool) -> None:
        self._library = library
        self._settings = settings
        self._path = library.with_name(f"{library.name}.{SUFFIX}")
        self._started_as = (__version__, offline, *(environ.get(name) for name in LOOKS))
        self._before: Attributes | None = None

    def show(self) -> None:
        """Show it, if there is one and it is true; the terminal echoes nothing from then on."""
        try:
            stamp, _, drawn = self._path.read_bytes().partition(b"\n")
            if not _in_front() or stamp != self._stamp(drawn, os.get_terminal_size(1)):
                return
            before = termios.tcgetattr(0)
            termios.tcsetattr(0, termios.TCSANOW, _quiet(before))
        except (OSError, termios.error):
            return
        self._before = before
        signal.signal(signal.SIGTERM, _end)
        signal.signal(signal.SIGHUP, _end)
        _write(b"\x1b[?1049h\x1b[?25l\x1b[?7l" + drawn)

    def hand_over(self) -> Attributes | None:
        """The real screen has the terminal from now on, which shows a glimpse already: how the terminal was before.
        None when nothing is shown."""
        before, self._before = self._before, None
        return before

    def take_away(self) -> None:
        """Leave the terminal as it was, unless the real screen has it."""
        before = self.hand_over()
        if before is not None:
            with suppress(OSError, termios.error):
                _write(b"\x1b[0m\x1b[?7h\x1b[?1049l\x1b[?25h")
                termios.tcsetattr(0, termios.TCSANOW, before)

    def keep(self, drawn: str, size: tuple[int, int]) -> None:
        """Leave for the next start what it will show in a terminal of `size` columns and lines. The library is closed.

        A glimpse that cannot be written is none: that is no fault.
        """
        written = drawn.encode()
        new = self._path.with_name(f"{self._path.name}.{os.getpid()}.new")
        try:
            stamp = self._stamp(written, size)
            with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(stamp + b"\n" + written)
            new.replace(self._path)
        except OSError:
            new.unlink(missing_ok=True)

    def _stamp(self, drawn: bytes, size: tuple[int, int]) -> bytes:
        """What must be the same at the next start, as one line. Raises OSError where it cannot be told, as while others
        write to the library: what they write is not in the file itself before they end."""
        seen = (
            *self._started_as,
            *size,
            time.localtime()[:3],
            _state(self._library),
            _state(self._settings) if self._settings.exists() else None,
            zlib.crc32(drawn),
        )
        if _size(self._library.with_name(f"{self._library.name}-wal")):
            raise BlockingIOError
        return repr(seen).encode()


def _state(path: Path) -> tuple[int, int, int]:
    found = path.stat()
    return found.st_ino, found.st_size, found.st_mtime_ns


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def _in_front() -> bool:
    """Whether this is the program that the terminal is typed to, in and out."""
    return all(os.isatty(stream) for stream in (0, 1, 2)) and os.tcgetpgrp(0) == os.getpgrp()


def _quiet(attributes: Attributes) -> Attributes:
    """The terminal as the real screen has it, so that what is typed is kept for it byte by byte; but for Ctrl-C, which
    ends the start."""
    iflag, oflag, cflag, lflag, ispeed, ospeed, cc = attributes
    iflag &= ~(termios.IXON | termios.IXOFF | termios.ICRNL | termios.INLCR | termios.IGNCR)
    lflag &= ~(termios.ECHO | termios.ICANON | termios.IEXTEN)
    cc = [*cc]
    for key in (termios.VSUSP, termios.VQUIT):
        cc[key] = b"\0"
    cc[termios.VMIN], cc[termios.VTIME] = 1, 0
    return [iflag, oflag, cflag, lflag, ispeed, ospeed, cc]


def _end(number: int, frame: object) -> None:
    sys.exit(128 + number)


def _write(drawn: bytes) -> None:
    """To where the real screen writes, all of it."""
    while drawn:
        drawn = drawn[os.write(2, drawn) :]
