"""The daily copies of the library and of its list of subscriptions, in a folder beside it.

A copy is one file without a WAL (`VACUUM INTO`), made through a connection of its own while others go on reading and
writing. It is complete before it gets its name, so whatever bears the name of a day is whole.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from tui_reader.errors import LibraryDamaged
from tui_reader.late import Late
from tui_reader.store import connect
from tui_reader.store.connect import backups_of
from tui_reader.store.feeds import feeds

if TYPE_CHECKING:
    from tui_reader.parse import opml
else:
    opml = Late("tui_reader.parse.opml")

ROOM = 100_000_000
"""Bytes of the disk that a copy must leave free: it shall not be what fills it."""


class Backup:
    """Makes the copies of one library, at most one a day, and keeps the youngest `kept`; 0 makes none."""

    def __init__(self, library: Path, kept: int) -> None:
        self._library = library
        self._kept = kept
        self._db: sqlite3.Connection | None = None

    def is_due(self, now: int) -> bool:
        """Whether there is no copy of today yet, and something to copy that the last one does not hold."""
        if not self._kept or _named(self._library, now, "db").exists():
            return False
        last = max((_written(path) for path in copies(self._library)), default=0.0)
        wal = self._library.with_name(f"{self._library.name}-wal")
        return max(_written(self._library), _written(wal)) > last

    def make(self, now: int) -> bool:
        """Make today's copies and let the oldest go. Blocks as long as reading the file takes; False when it was
        broken off or the disk has no room.

        Raises LibraryDamaged when the library cannot be read whole; every older copy is kept then.
        """
        folder = backups_of(self._library)
        try:
            if shutil.disk_usage(self._library.parent).free < self._library.stat().st_size + ROOM:
                return False
            folder.mkdir(exist_ok=True)
            part = folder / f"{os.getpid()}.part"
            part.unlink(missing_ok=True)
            try:
                self._copy(part)
                with part.open("rb") as file:
                    os.fsync(file.fileno())
                part.replace(_named(self._library, now, "db"))
            finally:
                part.unlink(missing_ok=True)
            self._keep_list(folder, now)
        except OSError:
            return False
        except sqlite3.OperationalError:  # broken off, or the disk is full: another day
            return False
        except sqlite3.DatabaseError as error:
            with suppress(OSError):
                connect.suspicion(self._library).touch()
            raise LibraryDamaged("the library file is damaged; the next start saves what can be read") from error
        for form in ("db", "opml"):
            for old in list(copies(self._library, form))[self._kept :]:
                old.unlink(missing_ok=True)
        return True

    def stop(self) -> None:
        """Break off a copy that is being made; from any thread."""
        if self._db is not None:
            with suppress(sqlite3.ProgrammingError):
                self._db.interrupt()

    def _copy(self, to: Path) -> None:
        with closing(_reading(self._library)) as self._db:
            self._db.execute("VACUUM INTO ?", (str(to),))
        self._db = None

    def _keep_list(self, folder: Path, now: int) -> None:
        with closing(connect.open_reader(self._library)) as db:
            document = opml.write(feeds(db), title="tui-reader subscriptions", now=now)
        part = folder / f"{os.getpid()}.opml.part"
        part.write_bytes(document)
        part.replace(_named(self._library, now, "opml"))


def copies(library: Path, form: str = "db") -> Iterator[Path]:
    """The copies there are, the youngest first; `form` is "db" or "opml"."""
    yield from sorted(backups_of(library).glob(f"????-??-??.{form}"), reverse=True)


def _named(library: Path, now: int, form: str) -> Path:
    return backups_of(library) / f"{datetime.fromtimestamp(now).astimezone():%Y-%m-%d}.{form}"


def _written(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def _reading(path: Path) -> sqlite3.Connection:
    # Interrupted from the thread that ends the program.
    return sqlite3.connect(
        f"{path.absolute().as_uri()}?mode=ro", 5.0, isolation_level=None, uri=True, check_same_thread=False
    )
