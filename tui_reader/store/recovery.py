"""Saving what can be read of a library that is damaged.

The damaged file is set aside, never deleted. A new one is made of every row that can still be read, of the youngest
daily copy where rows are missing, and, when not one subscription is left, of the daily list of subscriptions.
"""

from __future__ import annotations

import json
import os
import sqlite3
import struct
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct, field

from tui_reader.errors import LibraryBusy, LibraryDamaged, ReaderError
from tui_reader.late import Late
from tui_reader.store import backup, connect, discussions, feeds, index, query, schema
from tui_reader.store.locks import FileLock, beside
from tui_reader.text import clean, clean_block, plural

if TYPE_CHECKING:
    from tui_reader.parse import opml
else:
    opml = Late("tui_reader.parse.opml")

KEY = "recovery"
"""The setting that tells of the last recovery: {"line": …, "told": whether the screen has shown it}."""
_AT_ONCE = 512
_FAR = 1 << 62


class _Found(Struct):
    """What a damaged file and its copies still give."""

    gaps: set[str] = field(default_factory=set)
    """The tables that could not be read whole."""
    unknown: list[range] = field(default_factory=list)
    """Ids of which it cannot be read whether they are unread."""
    sources: list[str] = field(default_factory=list)


def recover(path: Path, *, now: int) -> str:
    """Set a damaged library aside and put what can be saved of it in its place; returns what was done, in one line,
    "" when another process has just done it.

    Raises LibraryDamaged when another process holds the library or the disk has no room; the damaged file is in its
    place then.
    """
    before = _file(path)
    lock = FileLock(beside(path, "write"))
    try:
        if not lock.take(connect.PATIENCE):
            raise LibraryDamaged("the library is damaged, and another process is using it; end that and start again")
        return _recover(path, now) if _file(path) == before else ""
    except sqlite3.Error as error:
        full = error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_FULL
        why = "the disk is full; make room and start again" if full else clean(str(error), limit=100)
        raise LibraryDamaged(f"{clean(str(path))} is damaged and could not be saved yet: {why}") from error
    except LibraryBusy as error:
        raise LibraryDamaged(f"the library is damaged and could not be saved yet: {error}") from error
    except OSError as error:
        why = clean(error.strerror or "no reason given")
        raise LibraryDamaged(f"{clean(str(path))} is damaged and could not be saved yet: {why}") from error
    finally:
        lock.close()


def _recover(path: Path, now: int) -> str:
    place = path.resolve()
    fresh = place.with_name(f"{place.name}.saved")
    for leftover in (fresh, fresh.with_name(f"{fresh.name}-journal")):
        leftover.unlink(missing_ok=True)
    aside = _free_name(place, now)
    try:
        with closing(sqlite3.connect(fresh, isolation_level=None)) as db:
            line = _fill(db, path, now, aside.name)
        with fresh.open("rb") as file:
            os.fsync(file.fileno())
        _set_aside(place, aside)
        fresh.replace(place)
    finally:
        fresh.unlink(missing_ok=True)
    connect.suspicion(path).unlink(missing_ok=True)
    return line


def _fill(db: sqlite3.Connection, path: Path, now: int, aside: str) -> str:
    query.add_functions(db)
    for pragma in ("synchronous = OFF", "journal_mode = MEMORY", "foreign_keys = OFF", "temp_store = MEMORY"):
        db.execute(f"PRAGMA {pragma}")
    # Made as old as the damaged file is, so that its migrations run over what is saved.
    _migrate(db, schema.MIGRATIONS[: _version(path)])
    found = _Found()
    db.execute("BEGIN")
    if _take(db, path.resolve(), found, missing=None):
        found.sources.append("the file itself")
    for copy in backup.copies(path):
        if not found.gaps:
            break
        if _take(db, copy, found, missing=frozenset(found.gaps)):
            found.sources.append(f"the copy of {copy.stem}")
            break
    db.execute("COMMIT")
    _migrate(db, schema.MIGRATIONS)
    db.execute("BEGIN")
    _mend(db, found)
    db.execute("COMMIT")
    kept, entries = db.execute(
        "SELECT count(*), coalesce(sum(entries), 0) FROM feed WHERE removed_at IS NULL"
    ).fetchone()
    if not kept:
        kept = _from_list(db, path, found, now)
    what = f"{plural(kept, 'feed')} and {plural(entries, 'entry')} were saved"
    saved = f"{what} from {' and '.join(found.sources)}" if kept else "nothing in it could be read"
    line = f"the library was damaged: {saved}; the damaged file is kept as {clean(aside)}"
    note = json.dumps({"line": line, "told": False})
    db.execute("INSERT OR REPLACE INTO setting (key, value) VALUES (?, ?)", (KEY, note))
    fault = connect.damage(db)
    if fault:
        raise LibraryDamaged(f"what was saved of {clean(str(path))} is not sound ({clean(fault, limit=100)})")
    return line


def _migrate(db: sqlite3.Connection, migrations: Sequence[Sequence[str]]) -> None:
    (version,) = db.execute("PRAGMA user_version").fetchone()
    for statement in schema.steps(version, migrations):
        db.execute(statement)


def _version(path: Path) -> int:
    """The version the damaged file says it has, where its header can still be believed."""
    with suppress(OSError, struct.error), path.open("rb") as file:
        (version,) = struct.unpack(">I", file.read(100)[60:64])
        if 1 <= version <= schema.VERSION:
            return int(version)
    return schema.VERSION


# ---------------------------------------------------------------- reading what is left


def _take(db: sqlite3.Connection, source: Path, found: _Found, missing: frozenset[str] | None) -> bool:
    """Copy the rows of a file that are not there yet; of the tables in `missing`, or of all for None, noting which
    could not be read whole. Tells whether an entry or a feed came of it."""
    before = db.total_changes
    if missing is None:
        found.gaps.update(_tables(db))
    try:
        with closing(_damaged(source)) as old:
            for table in _tables(db):
                if missing is not None and table not in missing:
                    continue
                left = _take_table(db, old, table)
                if table == "unread" and left and _take_unread(db, old):
                    left = []
                if table == "unread" and missing is None:
                    found.unknown = left
                elif table == "unread" and not left:
                    found.unknown = _still_unknown(found, old)
                if not left:
                    found.gaps.discard(table)
    except sqlite3.DatabaseError:
        pass
    return db.total_changes > before


def _damaged(path: Path) -> sqlite3.Connection:
    """A connection that reads what there is: a file shorter than it says, text that is no text."""
    db = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", isolation_level=None, uri=True)
    db.text_factory = lambda raw: clean_block(raw.decode("utf-8", "replace"))
    db.execute("PRAGMA writable_schema = ON")
    return db


def _tables(db: sqlite3.Connection) -> list[str]:
    """The tables with rows of their own, full-text indexes left out: they are made anew."""
    made = db.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite^_%' ESCAPE '^'"
    ).fetchall()
    virtual = [name for name, sql in made if sql.startswith("CREATE VIRTUAL")]
    return [name for name, _ in made if not any(name == one or name.startswith(f"{one}_") for one in virtual)]


def _take_table(db: sqlite3.Connection, old: sqlite3.Connection, table: str) -> list[range]:
    """Copy what can be read of one table; the ids among which rows may be missing."""
    try:
        there = {row[1] for row in old.execute(f"PRAGMA table_info({table})")}
    except sqlite3.DatabaseError:
        return [range(_FAR)]
    columns = [row[1] for row in db.execute(f"PRAGMA table_info({table})") if row[1] in there]
    if not columns:
        return [range(_FAR)]
    names = ", ".join(columns)
    insert = f"INSERT OR IGNORE INTO {table} ({names}) VALUES ({', '.join('?' * len(columns))})"
    missing: list[range] = []
    rowless = db.execute("SELECT 1 FROM pragma_table_list WHERE name = ? AND wr", (table,)).fetchone()
    for rows in _in_one_go(old, table, names) if rowless else _around_damage(old, table, names):
        if isinstance(rows, range):
            missing.append(rows)
        else:
            db.executemany(insert, rows)
    return missing


def _take_unread(db: sqlite3.Connection, old: sqlite3.Connection) -> bool:
    """Copy what is unread from the indexes of that table, each of which has all of it; False when none can be read to
    its end."""
    for name in ("unread_of_feed", "unread_newest"):
        with suppress(sqlite3.DatabaseError):
            rows = old.execute(f"SELECT id, feed_id, sort_at FROM unread INDEXED BY {name}")
            db.executemany("INSERT OR IGNORE INTO unread (id, feed_id, sort_at) VALUES (?, ?, ?)", rows)
            return True
    return False


def _still_unknown(found: _Found, copy: sqlite3.Connection) -> list[range]:
    """What a copy cannot tell of either: it was made before those entries arrived."""
    (last,) = copy.execute("SELECT coalesce(max(id), 0) FROM entry").fetchone()
    return [range(max(ids.start, last + 1), ids.stop) for ids in found.unknown]


def _in_one_go(old: sqlite3.Connection, table: str, names: str) -> Iterator[Sequence[tuple[object, ...]] | range]:
    """The rows of a table without row ids, up to the first that cannot be read; a range stands for the rest."""
    try:
        for row in old.execute(f"SELECT {names} FROM {table}"):
            yield [row]
    except sqlite3.DatabaseError:
        yield range(_FAR)


def _around_damage(old: sqlite3.Connection, table: str, names: str) -> Iterator[Sequence[tuple[object, ...]] | range]:
    """The rows of a table in the order of their ids; a range of ids stands for a stretch that cannot be read."""
    last, at_once = 0, _AT_ONCE
    while True:
        rows = _after(old, table, names, last, at_once)
        if rows is None and at_once > 1:
            at_once = max(1, at_once // 8)
        elif rows is None:
            behind = _behind(old, table, last)
            yield range(last + 1, _FAR if behind is None else behind + 1)
            if behind is None:
                return
            last, at_once = behind, _AT_ONCE
        elif rows:
            yield [row[1:] for row in rows]
            last = rows[-1][0]
        else:
            return


def _after(old: sqlite3.Connection, table: str, names: str, last: int, most: int) -> list[tuple[int, ...]] | None:
    """The next rows after an id; None when they cannot be read, or come in an order that no sound page has."""
    try:
        rows: list[tuple[int, ...]] = old.execute(
            f"SELECT rowid, {names} FROM {table} NOT INDEXED WHERE rowid > ? ORDER BY rowid LIMIT ?", (last, most)
        ).fetchall()
    except sqlite3.DatabaseError:
        return None
    ids = [last, *(row[0] for row in rows)]
    return rows if all(one < next_ for one, next_ in pairwise(ids)) else None


def _behind(old: sqlite3.Connection, table: str, last: int) -> int | None:
    """The smallest id after which rows can be read again, None when there is none: found by doubling and halving."""
    step = 1
    while _after(old, table, "rowid", last + step, 1) is None:
        step *= 2
        if step > _FAR:
            return None
    bad, good = last + step // 2, last + step
    while good - bad > 1:
        middle = (bad + good) // 2
        if _after(old, table, "rowid", middle, 1) is None:
            bad = middle
        else:
            good = middle
    return good


# ---------------------------------------------------------------- making it whole


def _mend(db: sqlite3.Connection, found: _Found) -> None:
    """Bring together what was saved: no row without the one it belongs to, counts and search made anew."""
    while sum(_drop_orphans(db, table) for table in _tables(db)):
        pass
    unread = "INSERT OR REPLACE INTO unread SELECT id, feed_id, sort_at FROM entry WHERE id"
    db.execute(f"{unread} IN (SELECT id FROM unread)")
    for ids in found.unknown:
        # What only looks read would be lost without anybody's notice.
        db.execute(f"{unread} BETWEEN ? AND ?", (ids.start, ids.stop - 1))
    db.execute(
        """INSERT OR IGNORE INTO content
            (entry_id, guid, updated, html, is_text, base, tags, enclosures, comments_url)
        SELECT id, key, NULL, '', 0, url, '[]', '[]', '' FROM entry
        WHERE id NOT IN (SELECT entry_id FROM content)"""
    )
    db.execute("UPDATE entry SET hash = x'' WHERE id IN (SELECT entry_id FROM content WHERE html = '')")
    db.execute("UPDATE feed SET entries = (SELECT count(*) FROM entry WHERE feed_id = feed.id)")
    db.execute(schema.COUNT_UNREAD)
    if found.gaps:
        # What is missing may still be in the feeds: the next answer has to be a whole one.
        db.execute("UPDATE feed SET etag = NULL, last_modified = NULL, body_hash = x''")
    discussions.recount(db, [number for (number,) in db.execute("SELECT id FROM discussion")])
    _index(db)


def _drop_orphans(db: sqlite3.Connection, table: str) -> int:
    """Delete the rows whose parent is gone, and tell how many those were."""
    gone = 0
    for _, _, parent, column, to, *_rest in db.execute(f"PRAGMA foreign_key_list({table})").fetchall():
        there = f"SELECT {to} FROM {parent}"
        gone += db.execute(f"DELETE FROM {table} WHERE {column} NOTNULL AND {column} NOT IN ({there})").rowcount
    return gone


def _index(db: sqlite3.Connection) -> None:
    for (table,) in db.execute("SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL TABLE%'").fetchall():
        db.execute(f"DELETE FROM {table}")
    index.want_entries(db, [number for (number,) in db.execute("SELECT id FROM entry")])
    index.want_comments(db, [number for (number,) in db.execute("SELECT id FROM comment")])


def _from_list(db: sqlite3.Connection, path: Path, found: _Found, now: int) -> int:
    """Subscribe to what the youngest daily list names; returns how many feeds that are."""
    for listed in backup.copies(path, "opml"):
        try:
            outlines = opml.read(listed.read_bytes()).feeds
        except (OSError, ReaderError):
            continue
        for one in outlines:
            added = db.execute(
                "INSERT OR IGNORE INTO feed (url, title, own_title, folder, site_url) VALUES (?, '', ?, ?, ?)",
                (one.url, one.title, one.folder, one.site_url),
            )
            feeds.retitle(db, (added.lastrowid or 0,))
        if outlines:
            found.sources.append(f"the list of {listed.stem}")
            return len(outlines)
    return 0


# ---------------------------------------------------------------- files


def _file(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_dev, status.st_ino


def _free_name(place: Path, now: int) -> Path:
    stamp = f"{datetime.fromtimestamp(now, UTC):%Y%m%d-%H%M%S}"
    name, number = place.with_name(f"{place.name}.broken-{stamp}"), 1
    while name.exists():
        number += 1
        name = place.with_name(f"{place.name}.broken-{stamp}-{number}")
    return name


def _set_aside(place: Path, aside: Path) -> None:
    """Give the damaged file its other name, where the disk allows it without a moment in which there is none."""
    try:
        aside.hardlink_to(place)
    except OSError:
        place.rename(aside)
    wal = place.with_name(f"{place.name}-wal")
    with suppress(FileNotFoundError):
        if wal.stat().st_size:
            wal.rename(aside.with_name(f"{aside.name}-wal"))
        else:
            wal.unlink()
    place.with_name(f"{place.name}-shm").unlink(missing_ok=True)
