"""Room on the disk: what is deleted is given back, by pieces or all at once."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from shelf import NOW, arrive, id_of, listed, new, post, shelf

from tui_reader.errors import LibraryBusy
from tui_reader.store import connect, feeds, space, tidy
from tui_reader.store.journal import KEPT


def fill(db: sqlite3.Connection, count: int = 60) -> int:
    feed_id = shelf(db, feed="large.example")
    arrive(db, feed_id, *(new(post(f"large{n}", html=f"<p>{n} {'x' * 50_000}</p>")) for n in range(count)))
    return feed_id


def forget(db: sqlite3.Connection, feed_id: int) -> None:
    """The feed was removed long ago."""
    feeds.remove(db, (feed_id,), now=NOW)
    tidy.purge(db, now=NOW + 2 * KEPT)


def test_what_is_deleted_is_given_back_by_pieces(
    db: sqlite3.Connection, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(space, "SPARE", 100)
    monkeypatch.setattr(space, "PIECE", 200)
    shelf(db, "kept")
    feed_id = fill(db)
    assert not space.give_back(db), "nothing is free"
    before, _ = space.sizes(db)
    forget(db, feed_id)
    pieces = 0
    while space.give_back(db):
        pieces += 1
    after, free = space.sizes(db)
    assert pieces > 2
    assert after < before / 2
    assert free <= 100 * 4096
    assert listed(db) == ["kept"]
    assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_library_made_otherwise_is_left_alone_until_it_is_written_anew(db: sqlite3.Connection) -> None:
    shelf(db, "kept")
    feed_id = fill(db)
    db.execute("PRAGMA auto_vacuum = NONE")
    db.execute("VACUUM")
    forget(db, feed_id)
    before, free = space.sizes(db)
    assert free > 0
    assert not space.give_back(db)
    space.vacuum(db)
    after, free = space.sizes(db)
    assert after < before / 2
    assert free == 0
    assert db.execute("PRAGMA auto_vacuum").fetchone() == (2,)
    assert id_of(db, "kept") == 1


def test_a_connection_for_reading_gives_nothing_back(screen: sqlite3.Connection) -> None:
    with pytest.raises(LibraryBusy):
        space.vacuum(screen)


def test_a_long_wal_is_written_back_once(db: sqlite3.Connection, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connect, "_MUCH", 10)
    before = path.stat().st_size
    fill(db, 5)
    assert connect.settle(db)
    assert path.stat().st_size > before
    assert not connect.settle(db)
