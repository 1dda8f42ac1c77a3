"""A small file beside the library for as long as a screen is open on it.

One that is there although nobody holds it was left by a screen that was killed, or by a machine that went down. Several
screens may be open at once, each with a file of its own; commands leave none.
"""

from __future__ import annotations

import fcntl
import os
from contextlib import suppress
from pathlib import Path

_SUFFIX = "open"


class Marker:
    """Says that a screen is open; `put` tells whether an earlier one ended without taking its marker away."""

    def __init__(self, library: Path) -> None:
        self._library = library
        self._path = library.with_name(f"{library.name}.{os.getpid()}.{_SUFFIX}")
        self._fd: int | None = None

    def put(self) -> bool:
        """Leave the marker, and clear away those of the dead; True when there were any. Harmless where nothing can be
        written."""
        dead = [path for path in self._library.parent.glob(f"{self._library.name}.*.{_SUFFIX}") if _is_dead(path)]
        with suppress(OSError):
            self._fd = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
            fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # Until it says so it counts for nothing: another start may look at it before it is locked.
            os.pwrite(self._fd, b"open\n", 0)
        return bool(dead)

    def take_away(self) -> None:
        """The screen ends as it should."""
        if self._fd is not None:
            self._path.unlink(missing_ok=True)
            os.close(self._fd)
            self._fd = None


def _is_dead(path: Path) -> bool:
    """Whether the marker's screen is gone; it is cleared away then."""
    try:
        with path.open("r+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if not file.read(1):
                return False
            path.unlink()
            return True
    except OSError:
        return False
