"""kill -9 and several processes: what was acknowledged is there, nothing is half there.

A child that is forked instead of started costs a few milliseconds, so a hundred kills are cheap; `make soak`
kills a thousand.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import hammer as hammer_
import pytest
from shelf import NOW

import tui_reader
from tests.faults.report import Figures
from tui_reader.model import Scope
from tui_reader.store import comments, connect, entries, feeds, schema

ROUNDS = 5
GOLDEN = Path(__file__).parent / "golden"
ROOT = str(Path(tui_reader.__file__).parents[1])


def hammer(path: Path, acked: Path, name: str, turns: int) -> subprocess.Popen[bytes]:
    script = Path(__file__).with_name("hammer.py")
    return subprocess.Popen(
        [sys.executable, str(script), str(path), str(acked), name, str(turns)],
        env={**os.environ, "PYTHONPATH": ROOT},
        stderr=subprocess.PIPE,
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


def forked(work: Callable[[], None]) -> int:
    """Do this in a child, and return its process id."""
    child = os.fork()
    if child == 0:
        code = 1
        with suppress(BaseException):
            work()
            code = 0
        os._exit(code)
    return child


def killed(child: int, after: float) -> bool:
    """Kill it so many seconds later; False when it had ended before."""
    time.sleep(after)
    os.kill(child, signal.SIGKILL)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


def many(rounds: int, thousand: int) -> list[Any]:
    return [rounds, pytest.param(thousand, marks=pytest.mark.soak)]


@pytest.mark.row("S01")
@pytest.mark.timeout(600)
@pytest.mark.parametrize("rounds", many(100, 1_000))
def test_a_hundred_kills_lose_nothing_that_was_acknowledged(tmp_path: Path, figures: Figures, rounds: int) -> None:
    """A child stores, discusses and marks until it is killed at random. What it acknowledged is looked for after every
    round, everything else after every fiftieth."""
    path, acked = tmp_path / "library.db", tmp_path / "acked"
    acked.touch()
    connect.open_writer(path, now=NOW).close()
    dice = random.Random(3)
    kills = lost = 0
    seen = 0
    for number in range(rounds):
        writer = forked(lambda: hammer_.write(path, str(acked), "a", 1_000_000))
        size = acked.stat().st_size
        while dice.random() < 0.9 and acked.stat().st_size == size:
            time.sleep(0.001)  # mostly into its work; one in many while it opens the file
        kills += killed(writer, dice.uniform(0, 0.02))
        with closing(connect.open_reader(path)) as db:
            lines = acked.read_text().split("\n")[:-1]
            marks = dict(db.execute("SELECT key, id NOT IN (SELECT id FROM unread) FROM entry").fetchall())
            fresh, seen = lines[max(0, seen - 3) :], len(lines)
            for what, key in (line.split() for line in fresh):
                lost += key not in marks or (what == "read" and not marks[key])
        if number % 50 == 49:
            db = connect.open_writer(path, now=NOW)
            check(db, acked)
            db.close()
    figures.add("kills", kills)
    figures.add("acts", seen)
    figures.add("acts_lost", lost)
    figures.add("torn", 0)
    figures.add("corrupt", 0)
    assert lost == 0
    assert kills > rounds * 0.9
    assert seen > rounds / 20


@pytest.mark.row("S02")
@pytest.mark.timeout(600)
@pytest.mark.parametrize("rounds", many(40, 1_000))
def test_kills_inside_a_migration_leave_the_old_or_the_new(tmp_path: Path, figures: Figures, rounds: int) -> None:
    """From the oldest library to the newest, killed at a random statement; then resumed, with nothing lost."""
    golden, path = GOLDEN / "version-1.db", tmp_path / "library.db"
    steps = len(schema.steps(1))
    dice = random.Random(5)
    kills = 0
    with closing(sqlite3.connect(golden)) as db:
        (entries_before,) = db.execute("SELECT count(*) FROM entry").fetchone()
    for _ in range(rounds):
        for old in tmp_path.glob("library.db*"):
            old.unlink()
        shutil.copy(golden, path)
        deadly = dice.randrange(steps + 3)

        def migrate(deadly: int = deadly) -> None:
            done = 0

            def count(_: str) -> None:
                nonlocal done
                done += 1
                if done > deadly:
                    os.kill(os.getpid(), signal.SIGKILL)

            db = sqlite3.connect(path, isolation_level=None)
            db.execute("PRAGMA journal_mode = WAL")
            db.set_trace_callback(count)
            connect.migrate(db, now=NOW)
            os.kill(os.getpid(), signal.SIGKILL)

        child = forked(migrate)
        kills += os.WIFSIGNALED(os.waitpid(child, 0)[1])
        with closing(sqlite3.connect(path)) as db:
            (version,) = db.execute("PRAGMA user_version").fetchone()
            assert version in {1, schema.VERSION}
        db = connect.open_writer(path, now=NOW)
        assert db.execute("SELECT count(*) FROM entry").fetchone() == (entries_before,)
        assert db.execute("PRAGMA user_version").fetchone() == (schema.VERSION,)
        db.close()
    with closing(connect.open_reader(path)) as db:
        assert connect.damage(db) == ""
    figures.add("kills", kills)
    figures.add("torn", 0)
    assert kills == rounds


@pytest.mark.row("S01")
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


@pytest.mark.row("S10")
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


@pytest.mark.row("S03")
def test_whatever_became_of_the_journal_the_library_opens_consistent(tmp_path: Path) -> None:
    """Cut, turned, zeroed, gone: what had been written back is there whole, and of the rest a beginning."""
    path, acked = tmp_path / "library.db", tmp_path / "acked"
    hammer_.write(path, str(acked), "a", 5)

    def more() -> None:
        hammer_.write(path, str(acked), "a", 8)

    def and_die() -> None:
        connect._Writer.close = lambda self: os._exit(0)  # type: ignore[method-assign, assignment]
        more()

    assert os.waitpid(forked(and_die), 0)[1] == 0
    whole, wal = path.read_bytes(), path.with_name("library.db-wal").read_bytes()
    assert len(wal) > 50_000
    dice = random.Random(9)
    variants = [b"", wal, wal[:31], bytes(len(wal)), None]
    for _ in range(25):
        spoiled = bytearray(wal)
        at = dice.randrange(len(wal))
        match dice.randrange(3):
            case 0:
                del spoiled[at:]
            case 1:
                spoiled[at] ^= 1 << dice.randrange(8)
            case _:
                spoiled[at : at + 4096] = bytes(len(spoiled[at : at + 4096]))
        variants.append(bytes(spoiled))
    held = set()
    for variant in variants:
        for old in tmp_path.glob("library.db*"):
            old.unlink()
        path.write_bytes(whole)
        if variant is not None:
            path.with_name("library.db-wal").write_bytes(variant)
        db = connect.open_writer(path, now=NOW)
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
        keys = [key for (key,) in db.execute("SELECT key FROM entry ORDER BY id")]
        assert keys == [f"a-{number}" for number in range(len(keys))]
        held.add(len(keys))
        db.close()
    assert min(held) == 5
    assert max(held) == 13
    assert len(held) > 3
