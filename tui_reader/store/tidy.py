"""Keeping the library file in order, and the few things the program itself remembers in it."""

from __future__ import annotations

import json
import sqlite3

from tui_reader.model import Change
from tui_reader.store.connect import reads, transaction
from tui_reader.store.journal import KEPT

ACTS_KEPT = 1_000
"""How many acts can be taken back at most, none older than `journal.KEPT`."""


def purge(db: sqlite3.Connection, *, now: int) -> Change:
    """Delete for good what was removed long ago, and forget acts too old to be taken back."""
    with transaction(db):
        db.execute(
            "DELETE FROM journal WHERE at < ? OR id <= (SELECT max(id) FROM journal) - ?",
            (now - KEPT, ACTS_KEPT),
        )
        rows = db.execute("SELECT id FROM feed WHERE removed_at < ?", (now - KEPT,)).fetchall()
        for (feed_id,) in rows:
            of_feed = "SELECT id FROM entry WHERE feed_id = ?"
            db.execute(
                f"""DELETE FROM comment_words WHERE rowid IN (SELECT id FROM comment WHERE discussion_id IN (
                    SELECT id FROM discussion WHERE entry_id IN ({of_feed})))""",
                (feed_id,),
            )
            db.execute(f"DELETE FROM entry_words WHERE rowid IN ({of_feed})", (feed_id,))
            db.execute("DELETE FROM feed WHERE id = ?", (feed_id,))
    return Change(feeds=frozenset(feed_id for (feed_id,) in rows))


def optimize(db: sqlite3.Connection) -> None:
    """Let SQLite look at what is stored, so that it picks the right index; a few milliseconds after a bulk load,
    nothing otherwise."""
    with transaction(db):
        db.execute("PRAGMA analysis_limit = 400")
        known = db.execute("SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1'").fetchone()
        filled = known and db.execute("SELECT 1 FROM sqlite_stat1 WHERE tbl = 'entry'").fetchone()
        if filled:
            db.execute("PRAGMA optimize")
        else:
            for table in ("feed", "entry", "discussion", "comment"):
                db.execute(f"ANALYZE {table}")


def remember(db: sqlite3.Connection, key: str, value: object) -> Change:
    """Keep a small JSON value between sessions."""
    with transaction(db):
        db.execute("INSERT OR REPLACE INTO setting (key, value) VALUES (?, ?)", (key, json.dumps(value)))
    return Change()


@reads
def recall(db: sqlite3.Connection, key: str) -> object:
    """The value kept under `key`, or None."""
    row = db.execute("SELECT value FROM setting WHERE key = ?", (key,)).fetchone()
    return None if row is None else json.loads(row[0])
