"""Opening the library file, and the transaction every write runs in.

A file that is not ours, or newer than this program, is recognised by its header before SQLite may touch it. Each
process has one writing connection; whoever writes holds an advisory lock for as long as the transaction takes, the
checkpoint at its end included, because SQLite before 3.51.3 can damage a WAL when two connections write and
checkpoint at the same instant.
"""

from __future__ import annotations

import sqlite3
import stat
import struct
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import partial, wraps
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

from tui_reader.errors import ForeignLibrary, LibraryBusy, LibraryDamaged, LibraryError, NewerLibrary
from tui_reader.store import query, schema
from tui_reader.store.locks import FileLock, RefreshLock, beside
from tui_reader.text import clean

__all__ = [
    "RefreshLock",
    "alone",
    "backups_of",
    "copy",
    "damage",
    "data_version",
    "open_reader",
    "open_writer",
    "reads",
    "settle",
    "suspicion",
    "transaction",
]

P = ParamSpec("P")
T = TypeVar("T")

PATIENCE = 5.0
"""Seconds a write waits for another process before it gives up."""

_MAGIC = b"SQLite format 3\0"
_WAL_KEPT = 32 << 20
_WAL_PAGES = 98_304
"""Pages of 4 kB after which a commit writes the WAL back into the file by itself: more than 100,000 marks have.
`settle` does so sooner, at a quiet moment: a checkpoint waits for the disk twice, and a refresh has many commits."""
_FORGIVING = partial(str, encoding="utf-8", errors="replace")
"""How texts are read where the disk has turned a bit in one: that costs a character, not the list it stands in."""
_MUCH = 2_000
"""Rows written since the last checkpoint that make one worth its while."""


class _Writer(sqlite3.Connection):
    """The writing connection, with the lock it shares with other processes and the file it was opened on."""

    lock: FileLock
    path: Path
    settled: int = 0
    file: tuple[int, int]

    def close(self) -> None:
        # The last connection's close writes the WAL back into the file: a write like any other.
        with suppress(LibraryBusy):
            self.lock.take(PATIENCE)
        try:
            super().close()
        finally:
            self.lock.close()


def open_writer(path: Path, *, now: int) -> sqlite3.Connection:
    """Open the library for writing; make it when there is none, migrate it when it is older.

    Before a migration a copy of the old file is laid beside it. Raises ForeignLibrary or NewerLibrary, the file
    untouched, LibraryBusy when it cannot be written, LibraryDamaged when it is not whole.
    """
    _inspect(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise LibraryBusy(f"{_shown(path.parent)} cannot be made ({_reason(error)})") from error
    with _told(path):
        db = sqlite3.connect(path, PATIENCE, isolation_level=None, cached_statements=256, factory=_Writer)
        db.path, db.lock = path, FileLock(beside(path, "write"))
        try:
            _prepare(db, now)
        except BaseException:
            db.close()
            raise
    return db


def _prepare(db: _Writer, now: int) -> None:
    for pragma in (
        "synchronous = NORMAL",
        "foreign_keys = ON",
        "secure_delete = OFF",
        "temp_store = MEMORY",
        f"wal_autocheckpoint = {_WAL_PAGES}",
        "cache_size = -16000",
        f"journal_size_limit = {_WAL_KEPT}",
    ):
        db.execute(f"PRAGMA {pragma}")
    query.add_functions(db)
    status = db.path.stat()
    db.file = (status.st_dev, status.st_ino)
    with _locked(db):
        if suspicion(db.path).exists():
            _look_closely(db)
        if not _number(db, "page_count"):
            db.execute("PRAGMA auto_vacuum = INCREMENTAL")  # can be chosen before the first table only
        migrate(db, now=now)
        if _number(db, "journal_mode") != "wal":
            db.execute("PRAGMA journal_mode = WAL")
        # SQLite opens a file that cannot be written without a word; better told now than at the first mark.
        db.execute("BEGIN IMMEDIATE")
        try:
            db.execute("DELETE FROM setting WHERE 0")
        finally:
            db.execute("ROLLBACK")


def backups_of(library: Path) -> Path:
    """The folder with the daily copies, beside the library."""
    return library.with_name(f"{library.name}.backups")


def suspicion(library: Path) -> Path:
    """The mark that is left beside a library when SQLite found damage in it: the next start looks closely."""
    return library.with_name(f"{library.name}.suspect")


def _look_closely(db: _Writer) -> None:
    """Read the whole file, indexes included; a suspicion that proves wrong is forgotten."""
    fault = damage(db)
    if fault:
        raise LibraryDamaged(f"{_shown(db.path)} is damaged ({clean(fault, limit=100)})")
    with suppress(OSError):
        suspicion(db.path).unlink()


def damage(db: sqlite3.Connection) -> str:
    """What is wrong inside a library, "" when it is whole; reads all of it."""
    try:
        (said,) = db.execute("PRAGMA integrity_check(1)").fetchone()
        if said != "ok":
            return str(said)
        # Before 3.44 the check above does not look into a full-text index.
        indexes = db.execute("SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL TABLE%'").fetchall()
        for (index,) in indexes:
            db.execute(f"SELECT count(*) FROM {index}").fetchone()
            if not db.execute("PRAGMA query_only").fetchone()[0]:
                db.execute(f"INSERT INTO {index}({index}) VALUES ('integrity-check')")
    except sqlite3.DatabaseError as error:
        if (error.sqlite_errorcode & 0xFF) not in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}:
            raise
        return str(error)
    return ""


def migrate(
    db: sqlite3.Connection,
    migrations: Sequence[Sequence[str]] = schema.MIGRATIONS,
    *,
    now: int,
) -> None:
    """Bring the file to the newest version, wholly or not at all."""
    version = int(_number(db, "user_version"))
    if not schema.steps(version, migrations):
        return
    if version:
        _keep_old(db, version, now)
    db.execute("BEGIN IMMEDIATE")
    try:
        # Asked again under the lock: another process may have migrated meanwhile.
        for statement in schema.steps(int(_number(db, "user_version")), migrations):
            db.execute(statement)
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise
    # The header of the file itself, not only its WAL, must tell an older program to keep away.
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _keep_old(db: sqlite3.Connection, version: int, now: int) -> None:
    path = Path(db.execute("PRAGMA database_list").fetchone()[2])
    day = datetime.fromtimestamp(now, UTC).strftime("%Y%m%d-%H%M%S")
    with sqlite3.connect(path.with_name(f"{path.name}.version-{version}.{day}")) as old:
        db.backup(old)
    old.close()


def open_reader(path: Path) -> sqlite3.Connection:
    """Open the library for reading only, in a folder that cannot be written too.

    Raises LibraryError when there is none, when it is older than this program (opening it for writing migrates it),
    and what `open_writer` raises.
    """
    if _inspect(path) is None:
        raise LibraryError(f"there is no library at {_shown(path)} yet")
    with _told(path):
        try:
            db, version = _read_only(path, "mode=ro")
        except sqlite3.OperationalError:
            # In a folder that cannot be written SQLite can make no shared memory; nobody else can write there either.
            db, version = _read_only(path, "mode=ro&immutable=1")
    if version != schema.VERSION:
        db.close()
        raise _not_this_version(path, version)
    return db


def _read_only(path: Path, options: str) -> tuple[sqlite3.Connection, int]:
    db = sqlite3.connect(
        f"{path.absolute().as_uri()}?{options}", PATIENCE, isolation_level=None, cached_statements=256, uri=True
    )
    try:
        db.execute("PRAGMA query_only = ON")
        db.execute("PRAGMA temp_store = MEMORY")
        query.add_functions(db)
        return db, int(_number(db, "user_version"))
    except BaseException:
        db.close()
        raise


def _inspect(path: Path) -> int | None:
    """The version in the file's header, None when there is no file or an empty one; raises for a file not to be
    touched, and for one that was ours and is not whole."""
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise ForeignLibrary(f"{_shown(path)} is not a file, so it is no library")
        with path.open("rb") as file:
            header = file.read(100)
        # In this order: another process may be making it at this moment.
        unfinished = bool(_bytes_beside(path, "journal"))
        size = path.stat().st_size
    except FileNotFoundError:
        return None
    except OSError as error:
        raise LibraryError(f"{_shown(path)} cannot be opened ({_reason(error)})") from error
    if not header:
        # SQLite would take it for a new library, and throw the WAL away.
        if _bytes_beside(path, "wal") or backups_of(path).is_dir():
            raise LibraryDamaged(f"{_shown(path)} is empty, and it was a library")
        return None
    if len(header) < 100 or not header.startswith(_MAGIC):
        if beside(path, "write").exists() or backups_of(path).is_dir():
            raise LibraryDamaged(f"{_shown(path)} is damaged (its beginning is not that of a library)")
        raise ForeignLibrary(f"{_shown(path)} is no library of tui-reader; it was left as it is")
    (tables,) = struct.unpack(">I", header[40:44])
    version, application = struct.unpack(">I4xI", header[60:72])
    if not (tables or version or application or _bytes_beside(path, "wal")):
        return None  # Nobody has made a table in it: another process is about to, or was ended before it could.
    if application != schema.APPLICATION_ID:
        raise ForeignLibrary(f"{_shown(path)} belongs to another program; it was left as it is")
    if version > schema.VERSION:
        raise _not_this_version(path, version)
    if size < _size_said(header) and not unfinished and not _bytes_beside(path, "wal"):
        raise LibraryDamaged(f"{_shown(path)} is damaged (its end is missing)")
    return int(version)


def _bytes_beside(path: Path, what: str) -> int:
    """The bytes of the file's WAL, not yet written back into it, or of its journal, while a commit writes into it."""
    try:
        return path.resolve().with_name(f"{path.resolve().name}-{what}").stat().st_size
    except OSError:
        return 0


def _size_said(header: bytes) -> int:
    """The size in bytes by the header, 0 where it does not tell (sqlite.org/fileformat2.html, §1.3)."""
    (page,) = struct.unpack(">H", header[16:18])
    changed, pages = struct.unpack(">II", header[24:32])
    (valid_for,) = struct.unpack(">I", header[92:96])
    return pages * (65536 if page == 1 else int(page)) if changed == valid_for else 0


def _not_this_version(path: Path, version: int) -> LibraryError:
    if version > schema.VERSION:
        return NewerLibrary(
            f"{_shown(path)} was written by a newer tui-reader (library version {version}, this one knows "
            f"{schema.VERSION}); it was left as it is"
        )
    return LibraryError(f"{_shown(path)} is of the older version {version}; open it once where it can be written")


def data_version(db: sqlite3.Connection) -> int:
    """A number that changes when another connection has written."""
    with _told():
        return int(_number(db, "data_version"))


def copy(path: Path, to: Path) -> None:
    """Copy a library as it is at this moment to a new file, its unwritten WAL included."""
    source = open_reader(path)
    try:
        with _told(to):
            target = sqlite3.connect(to)
            try:
                source.backup(target)
            finally:
                target.close()
    finally:
        source.close()


@contextmanager
def transaction(db: sqlite3.Connection) -> Iterator[None]:
    """Write all of the block or nothing; SQLite's errors leave it as LibraryError with one plain line.

    Waits `PATIENCE` seconds for another process. A read that is followed by a write belongs in here, too: begun as a
    reader it could not become a writer once someone else has written. Inside another one it is part of that: what fails
    in it must leave both.
    """
    if not isinstance(db, _Writer):
        raise LibraryBusy("the library is open for reading only")
    within = db.in_transaction
    if within:
        yield
        return
    with _told(db.path, db), _locked(db):
        _same_file(db)
        db.execute("BEGIN IMMEDIATE")
        try:
            yield
            db.execute("COMMIT")
        except BaseException:
            # SQLite rolls back by itself when the disk is full.
            if db.in_transaction:
                db.execute("ROLLBACK")
            raise


def settle(db: sqlite3.Connection) -> bool:
    """Write a long WAL back into the file, as far as readers let it; tells whether there was something to do."""
    if not isinstance(db, _Writer) or db.total_changes - db.settled < _MUCH:
        return False
    with alone(db):
        db.execute("PRAGMA wal_checkpoint(PASSIVE)")
    db.settled = db.total_changes
    return True


@contextmanager
def alone(db: sqlite3.Connection) -> Iterator[None]:
    """Hold the lock of writing without a transaction, for what SQLite does outside one only."""
    if not isinstance(db, _Writer):
        raise LibraryBusy("the library is open for reading only")
    with _told(db.path), _locked(db):
        _same_file(db)
        yield


@contextmanager
def _locked(db: _Writer) -> Iterator[None]:
    if not db.lock.take(PATIENCE):
        raise LibraryBusy(
            "another process is writing to the library; nothing was changed, try again",
            why="another process is writing to the library",
        )
    try:
        yield
    finally:
        db.lock.release()


def _same_file(db: _Writer) -> None:
    """What is written to a file that was deleted or replaced under us would be lost without a word."""
    try:
        status = db.path.stat()
    except OSError:
        status = None
    if status is None or (status.st_dev, status.st_ino) != db.file:
        raise LibraryError(
            f"{_shown(db.path)} was moved or replaced while it was open; nothing was changed, start again"
        )


def reads(
    fn: Callable[Concatenate[sqlite3.Connection, P], T],
) -> Callable[Concatenate[sqlite3.Connection, P], T]:
    """Make a reading function raise LibraryError in place of SQLite's errors, and read on past a text that is none."""

    @wraps(fn)
    def read(db: sqlite3.Connection, /, *args: P.args, **kwargs: P.kwargs) -> T:
        with _told(db=db):
            try:
                return fn(db, *args, **kwargs)
            except sqlite3.OperationalError as error:
                if _UNREADABLE not in str(error):
                    raise
            db.text_factory = _FORGIVING  # not from the beginning: it costs a tenth of every list
            return fn(db, *args, **kwargs)

    return read


_UNREADABLE = "Could not decode to UTF-8"
_CLAUSES: dict[int, tuple[type[LibraryError], str]] = {
    sqlite3.SQLITE_BUSY: (LibraryBusy, "another process is using the library; nothing was changed, try again"),
    sqlite3.SQLITE_LOCKED: (LibraryBusy, "another process is using the library; nothing was changed, try again"),
    sqlite3.SQLITE_FULL: (LibraryBusy, "the disk is full; nothing was changed, reading works"),
    sqlite3.SQLITE_READONLY: (LibraryBusy, "the library cannot be written; reading works"),
    sqlite3.SQLITE_CANTOPEN: (LibraryBusy, "the library cannot be opened for writing"),
    sqlite3.SQLITE_PERM: (LibraryBusy, "the library may not be written"),
    sqlite3.SQLITE_IOERR: (LibraryBusy, "the disk reports a fault; nothing was changed"),
    sqlite3.SQLITE_CORRUPT: (LibraryDamaged, "the library file is damaged; the next start saves what can be read"),
    sqlite3.SQLITE_NOTADB: (LibraryDamaged, "the library file is damaged; the next start saves what can be read"),
    sqlite3.SQLITE_INTERRUPT: (LibraryError, "the query was broken off"),
    sqlite3.SQLITE_TOOBIG: (LibraryError, "a text is too long to be stored"),
}


@contextmanager
def _told(path: Path | None = None, db: sqlite3.Connection | None = None) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        # The low byte is the error proper, the rest its variety.
        code = (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF
        kind, clause = _CLAUSES.get(code, (LibraryError, "the library cannot do that"))
        detail = "" if code in _CLAUSES else f" ({clean(str(error), limit=200)})"
        where = f"{_shown(path)}: " if path is not None else ""
        if kind is LibraryDamaged and db is not None:
            _suspect(db)
        if kind is LibraryBusy:
            raise LibraryBusy(f"{where}{clause}{detail}", why=clause.partition(";")[0]) from error
        raise kind(f"{where}{clause}{detail}") from error
    except (UnicodeEncodeError, OverflowError) as error:
        raise LibraryError(f"something cannot be stored ({clean(str(error), limit=200)})") from error


def _suspect(db: sqlite3.Connection) -> None:
    with suppress(OSError, sqlite3.Error):
        suspicion(Path(db.execute("PRAGMA database_list").fetchone()[2])).touch()


def _number(db: sqlite3.Connection, pragma: str) -> str | int:
    value: str | int = db.execute(f"PRAGMA {pragma}").fetchone()[0]
    return value


def _shown(path: Path) -> str:
    return clean(str(path))


def _reason(error: OSError) -> str:
    return clean(error.strerror or "no reason given")
