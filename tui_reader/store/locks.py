"""Advisory file locks between processes. The system frees them when their holder dies, however it dies."""

from __future__ import annotations

import fcntl
import os
import time
from datetime import datetime
from pathlib import Path

from tui_reader.errors import LibraryBusy
from tui_reader.text import clean

_FIRST_PAUSE, _LONGEST_PAUSE = 0.001, 0.02
_A_LOOK = 0.01
"""Seconds in which whoever only looks whether the lock is held (`is_refreshing`) has let go of it."""


class FileLock:
    """An exclusive lock on a small file of its own beside the library."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._fd: int | None = None
        self.held = False

    def take(self, patience: float = 0.0) -> bool:
        """Lock, waiting at most `patience` seconds; False when another one holds it. Raises LibraryBusy when the
        folder allows no lock."""
        try:
            if self._fd is None:
                self._fd = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
            self.held = self._locked(self._fd, patience)
        except OSError as error:
            raise LibraryBusy(
                f"{clean(str(self._path.parent))} cannot be written ({clean(error.strerror or 'no reason')})"
            ) from error
        return self.held

    @staticmethod
    def _locked(fd: int, patience: float) -> bool:
        pause, until = _FIRST_PAUSE, time.monotonic() + patience
        while True:
            try:
                fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() >= until:
                    return False
                time.sleep(pause)
                pause = min(2 * pause, _LONGEST_PAUSE)
            else:
                return True

    def note(self, words: str) -> None:
        """Write who holds the lock into its file, for those who wait."""
        if self._fd is not None:
            os.ftruncate(self._fd, 0)
            os.pwrite(self._fd, words.encode(), 0)

    def release(self) -> None:
        """Unlock; harmless when it is not held."""
        if self.held and self._fd is not None:
            fcntl.flock(self._fd, fcntl.LOCK_UN)
        self.held = False

    def close(self) -> None:
        """Unlock and give the file back."""
        self.release()
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None


class RefreshLock:
    """Makes refreshing one process's business at a time; reading and marking are everyone's."""

    def __init__(self, library: Path) -> None:
        self._path = beside(library, "refresh")
        self._lock = FileLock(self._path)

    def take(self) -> bool:
        """Become the one who refreshes; False when another process is."""
        if not self._lock.take(_A_LOOK):
            return False
        self._lock.note(str(os.getpid()))
        return True

    def holder(self) -> str:
        """Who refreshes, in words: "process 123 since 14:02"."""
        try:
            pid = clean(self._path.read_text(encoding="ascii", errors="replace"), limit=20)
            since = datetime.fromtimestamp(self._path.stat().st_mtime).astimezone()
        except OSError:
            return "another process"
        return f"process {pid} since {since:%H:%M}"

    def release(self) -> None:
        """Let others refresh."""
        self._lock.close()


def is_refreshing(library: Path) -> bool:
    """Whether some process refreshes this library at this moment."""
    lock = FileLock(beside(library, "refresh"))
    try:
        return not lock.take()
    finally:
        lock.close()


def beside(library: Path, what: str) -> Path:
    """The lock file for one purpose, beside the library."""
    return library.with_name(f"{library.name}.{what}.lock")
