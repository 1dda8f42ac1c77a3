"""Keeping the library file in order, and the few things the program itself remembers in it."""

from __future__ import annotations

import json
import sqlite3

from tui_reader.model import Change
from tui_reader.store.connect import reads, transaction
from tui_reader.store.journal import KEPT, ids_json

ACTS_KEPT = 1_000
"""How many acts can be taken back at most, none older than `journal.KEPT`."""
FORGOTTEN_FOR = 400 * 86_400
"""Seconds for which it is noted that an entry was deleted to keep fewer."""

_MAY_GO = """e.starred = 0
    AND NOT EXISTS (SELECT 1 FROM tagging WHERE entry_id = e.id AND removed_at IS NULL)
    AND NOT EXISTS (SELECT 1 FROM discussion d WHERE d.entry_id = e.id AND (d.watch_until IS NOT NULL
        OR EXISTS (SELECT 1 FROM comment WHERE discussion_id = d.id AND starred = 1)))"""


def purge(db: sqlite3.Connection, *, now: int) -> Change:
    """Delete for good what was removed long ago, and forget acts too old to be taken back."""
    with transaction(db):
        db.execute(
            "DELETE FROM journal WHERE at < ? OR id <= (SELECT max(id) FROM journal) - ?",
            (now - KEPT, ACTS_KEPT),
        )
        rows = db.execute("SELECT id FROM feed WHERE removed_at < ?", (now - KEPT,)).fetchall()
        for (feed_id,) in rows:
            _unindex(db, "SELECT id FROM entry WHERE feed_id = ?", (feed_id,))
            db.execute("DELETE FROM feed WHERE id = ?", (feed_id,))
    return Change(feeds=frozenset(feed_id for (feed_id,) in rows))


def retain(db: sqlite3.Connection, keep: int, *, now: int) -> Change:
    """Delete the oldest entries of each feed beyond so many, 0 for all, or beyond the number set for that feed.

    What is starred, watched or tagged, or has a starred comment, stays, and does not count. What is deleted is noted by
    its key, so that it does not come back while its feed still shows it; the note goes after `FORGOTTEN_FOR`.
    """
    with transaction(db):
        db.execute("DELETE FROM forgotten WHERE at < ?", (now - FORGOTTEN_FOR,))
        rows = db.execute(
            f"""SELECT id, feed_id FROM (
                SELECT e.id, e.feed_id, coalesce(f.keep, :keep) AS keep,
                    row_number() OVER (PARTITION BY e.feed_id ORDER BY e.sort_at DESC, e.id DESC) AS place
                FROM feed f JOIN entry e ON e.feed_id = f.id
                WHERE f.removed_at IS NULL AND coalesce(f.keep, :keep) > 0 AND f.entries > coalesce(f.keep, :keep)
                AND {_MAY_GO}
            ) WHERE place > keep""",
            {"keep": keep},
        ).fetchall()
        if not rows:
            return Change()
        ids = ids_json([entry for entry, _ in rows])
        chosen = "SELECT value FROM json_each(?)"
        db.execute(
            f"""INSERT OR REPLACE INTO forgotten (feed_id, key, at)
            SELECT feed_id, key, ? FROM entry WHERE id IN ({chosen})""",
            (now, ids),
        )
        _unindex(db, chosen, (ids,))
        db.execute(f"DELETE FROM entry WHERE id IN ({chosen})", (ids,))
        touched = frozenset(feed for _, feed in rows)
        db.execute(
            f"""UPDATE feed SET entries = (SELECT count(*) FROM entry WHERE feed_id = feed.id)
            WHERE id IN ({chosen})""",
            (ids_json(touched),),
        )
    return Change(feeds=touched, everything=True)


def _unindex(db: sqlite3.Connection, entries: str, values: tuple[object, ...]) -> None:
    """Take the words of entries and of their comments out of the index."""
    db.execute(
        f"""DELETE FROM comment_words WHERE rowid IN (SELECT id FROM comment WHERE discussion_id IN (
            SELECT id FROM discussion WHERE entry_id IN ({entries})))""",
        values,
    )
    db.execute(f"DELETE FROM entry_words WHERE rowid IN ({entries})", values)


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
            for table in ("feed", "entry", "unread", "discussion", "comment"):
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
