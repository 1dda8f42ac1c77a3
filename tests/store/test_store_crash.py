"""kill -9 and several processes: what was acknowledged is there, nothing is half there."""

from __future__ import annotations

import os
import random
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

from shelf import NOW

import tui_reader
from tui_reader.model import Scope
from tui_reader.store import comments, connect, entries, feeds

ROUNDS = 20
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(tui_reader.__file__).parents[1])}


def hammer(path: Path, acked: Path, name: str, turns: int) -> subprocess.Popen[bytes]:
    script = Path(__file__).with_name("hammer.py")
    return subprocess.Popen(
        [sys.executable, str(script), str(path), str(acked), name, str(turns)], env=ENVIRONMENT, stderr=subprocess.PIPE
    )


def check(db: sqlite3.Connection, acked: Path) -> int:
    """Compare the library with the log of what it acknowledged; returns how many lines that were."""
    assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert db.execute("PRAGMA foreign_key_check").fetchall() == []
    stored = {key: number for number, key in db.execute("SELECT id, key FROM entry")}
    assert set(db.execute("SELECT entry_id FROM content")) == {(number,) for number in stored.values()}
    indexed = [number for (number,) in db.execute("SELECT rowid FROM entry_words")]
    noted = [number for (number,) in db.execute("SELECT entry_id FROM entry_unindexed")]
    assert sorted(indexed + noted) == sorted(stored.values())
    assert [feed.entries for feed in feeds.feeds(db)] == [
        len(entries.ids(db, Scope("feed", feed_id=feed.id), today_from=0)) for feed in feeds.feeds(db)
    ]
    unread = set(entries.ids(db, Scope("unread"), today_from=0))
    lines = acked.read_text().split("\n")[:-1]
    for line in lines:
        what, key = line.split()
        assert key in stored, line
        if what == "said":
            assert [one.key for one in comments.comments(db, stored[key])] == ["1", "2"], line
        if what == "read":
            assert stored[key] not in unread, line
    assert db.execute("SELECT count(*) FROM comment").fetchone()[0] % 2 == 0
    return len(lines)


def test_killed_at_any_moment_nothing_acknowledged_is_lost(tmp_path: Path) -> None:
    path, acked = tmp_path / "library.db", tmp_path / "acked"
    acked.touch()
    dice = random.Random(1)
    lines = 0
    for _ in range(ROUNDS):
        child = hammer(path, acked, "a", 1_000_000)
        while acked.read_bytes().count(b"\n") <= lines and child.poll() is None:
            time.sleep(0.002)
        time.sleep(dice.uniform(0, 0.05))
        child.kill()
        _, said = child.communicate()
        assert child.returncode == -9, said
        db = connect.open_writer(path, now=NOW)
        before, lines = lines, check(db, acked)
        db.close()
        assert lines > before


def test_processes_that_write_at_the_same_time_all_get_their_turn(tmp_path: Path) -> None:
    path, acked = tmp_path / "library.db", tmp_path / "acked"
    writers = [hammer(path, acked, name, 60) for name in ("a", "b", "c")]
    for writer in writers:
        _, said = writer.communicate()
        assert writer.returncode == 0, said
    db = connect.open_writer(path, now=NOW)
    assert check(db, acked) == 3 * 60 * 3
    assert entries.counts(db, today_from=0).all == 180
    db.close()
