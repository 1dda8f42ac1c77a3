"""Every version that was ever shipped opens, wholly migrated or not at all."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
from pathlib import Path

import pytest
from golden.make import NOW, read
from shelf import everything, shelf

from tui_reader.errors import LibraryError
from tui_reader.store import connect, schema

GOLDEN = Path(__file__).parent / "golden"

NEXT = (
    *schema.MIGRATIONS,
    (
        "ALTER TABLE feed ADD COLUMN shade TEXT NOT NULL DEFAULT 'none'",
        "CREATE TABLE extra (id INTEGER PRIMARY KEY)",
        "SELECT step()",
        "INSERT INTO extra SELECT id FROM entry",
    ),
)
"""The versions as they may be one day."""


def within(expected: object, found: object) -> bool:
    """Whether all that is expected is found; later versions may tell more of the same thing."""
    if isinstance(expected, dict) and isinstance(found, dict):
        return all(key in found and within(value, found[key]) for key, value in expected.items())
    if isinstance(expected, list) and isinstance(found, list):
        return len(expected) == len(found) and all(map(within, expected, found))
    return expected == found


def tables(db: sqlite3.Connection) -> list[tuple[str, str]]:
    query = "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY name"
    return [(name, " ".join(sql.split())) for name, sql in db.execute(query)]


@pytest.mark.parametrize("version", range(1, schema.VERSION + 1))
@pytest.mark.row("S07")
def test_a_library_of_every_shipped_version_reads_as_it_did(tmp_path: Path, version: int) -> None:
    path = tmp_path / "library.db"
    shutil.copy(GOLDEN / f"version-{version}.db", path)
    expected = json.loads((GOLDEN / f"version-{version}.json").read_text(encoding="utf-8"))
    assert within(expected, read(path))


@pytest.mark.parametrize("version", range(1, schema.VERSION + 1))
def test_a_shipped_version_is_never_edited(tmp_path: Path, version: int) -> None:
    shutil.copy(GOLDEN / f"version-{version}.db", tmp_path / "golden.db")
    golden = sqlite3.connect(tmp_path / "golden.db")
    fresh = sqlite3.connect(tmp_path / "fresh.db", isolation_level=None)
    connect.migrate(fresh, schema.MIGRATIONS[:version], now=NOW)
    assert tables(golden) == tables(fresh)
    golden.close()
    fresh.close()


def step(db: sqlite3.Connection, what: object) -> None:
    db.create_function("step", 0, what)  # type: ignore[arg-type]


@pytest.mark.row("S07")
def test_a_migration_keeps_all_and_leaves_a_copy_of_the_old(db: sqlite3.Connection, path: Path) -> None:
    shelf(db, "a", "b")
    before = everything(db)
    step(db, lambda: 1)
    connect.migrate(db, NEXT, now=NOW)
    assert db.execute("PRAGMA user_version").fetchone() == (schema.VERSION + 1,)
    assert everything(db)[1:] == before[1:]
    assert db.execute("SELECT id FROM extra").fetchall() == [(1,), (2,)]
    # An older program reads the version from the file's header, not from its WAL.
    assert path.read_bytes()[60:64] == (schema.VERSION + 1).to_bytes(4, "big")
    old = sqlite3.connect(path.with_name(f"library.db.version-{schema.VERSION}.20231114-221320"))
    assert everything(old) == before
    old.close()
    connect.migrate(db, NEXT, now=NOW)


@pytest.mark.row("D01")
def test_a_migration_that_fails_leaves_the_old_version(db: sqlite3.Connection) -> None:
    shelf(db, "a", "b")
    before, shape = everything(db), tables(db)
    step(db, lambda: 1 / 0)
    with pytest.raises(sqlite3.OperationalError):
        connect.migrate(db, NEXT, now=NOW)
    assert (everything(db), tables(db)) == (before, shape)
    assert db.execute("PRAGMA user_version").fetchone() == (schema.VERSION,)


@pytest.mark.row("S02")
def test_a_migration_that_is_killed_leaves_the_old_version_and_can_be_resumed(path: Path) -> None:
    db = connect.open_writer(path, now=NOW)
    shelf(db, "a", "b")
    before, shape = everything(db), tables(db)
    db.close()
    for _ in range(3):
        child = os.fork()
        if child == 0:
            mortal = connect.open_writer(path, now=NOW)
            step(mortal, lambda: os.kill(os.getpid(), signal.SIGKILL))
            connect.migrate(mortal, NEXT, now=NOW)
            os._exit(0)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
        db = connect.open_writer(path, now=NOW)
        assert (everything(db), tables(db)) == (before, shape)
        db.close()
    db = connect.open_writer(path, now=NOW)
    step(db, lambda: 1)
    connect.migrate(db, NEXT, now=NOW)
    assert db.execute("SELECT count(*) FROM extra").fetchone() == (2,)
    db.close()


def test_an_older_library_cannot_be_read_before_it_is_migrated(
    db: sqlite3.Connection, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schema, "VERSION", schema.VERSION + 1)
    with pytest.raises(LibraryError, match="open it once where it can be written"):
        connect.open_reader(path)
