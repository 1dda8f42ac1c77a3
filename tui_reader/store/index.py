"""The full-text index, filled behind the writes: what it lacks is noted with every write and put in when there is time.

A note stands in the same transaction as what it is about and goes in the same transaction as the words come, so after
a crash at any moment the index is complete or knows what it lacks.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Mapping
from functools import partial
from types import MappingProxyType

from tui_reader.parse.readable import strip
from tui_reader.store import words
from tui_reader.store.connect import reads, transaction
from tui_reader.store.journal import ids_json

BATCH = 512
"""Entries, or comments, that are indexed in one transaction."""
BATCH_CHARACTERS = 2_000_000
"""Characters of their bodies after which a batch ends before it is full."""

_ENTRIES = """
    SELECT e.id, e.title, e.author, coalesce(c.html, ''), coalesce(c.is_text, 1),
        coalesce(t.html, ''), coalesce(t.error, '')
    FROM (SELECT entry_id FROM entry_unindexed ORDER BY entry_id DESC LIMIT ?) missing
    JOIN entry e ON e.id = missing.entry_id LEFT JOIN content c ON c.entry_id = e.id
    LEFT JOIN full_text t ON t.entry_id = e.id ORDER BY e.id
"""
_BODIES = """
    SELECT c.html FROM (SELECT entry_id FROM entry_unindexed ORDER BY entry_id DESC LIMIT ? OFFSET ?) missing
    JOIN content c ON c.entry_id = missing.entry_id WHERE NOT c.is_text
"""
_COMMENTS = """
    SELECT c.id, c.author, c.html, c.is_text
    FROM (SELECT comment_id FROM comment_unindexed ORDER BY comment_id DESC LIMIT ?) missing
    JOIN comment c ON c.id = missing.comment_id ORDER BY c.id
"""


@reads
def missing(db: sqlite3.Connection) -> int:
    """How many entries and comments the index lacks, or has in older words."""
    entries, comments = db.execute(
        "SELECT (SELECT count(*) FROM entry_unindexed), (SELECT count(*) FROM comment_unindexed)"
    ).fetchone()
    return int(entries + comments)


def want_entries(db: sqlite3.Connection, ids: Collection[int]) -> None:
    """Note, within a transaction, that the words of these entries are new or have changed."""
    db.execute("INSERT OR IGNORE INTO entry_unindexed SELECT value FROM json_each(?)", (ids_json(ids),))


def want_comments(db: sqlite3.Connection, ids: Collection[int]) -> None:
    """Note, within a transaction, that the words of these comments are new or have changed."""
    db.execute("INSERT OR IGNORE INTO comment_unindexed SELECT value FROM json_each(?)", (ids_json(ids),))


@reads
def bodies(db: sqlite3.Connection, batch: int) -> list[str]:
    """The HTML of a batch of entries to come; 0 is the next one."""
    found: list[str] = []
    characters = 0
    for (html,) in db.execute(_BODIES, (BATCH, batch * BATCH)):
        found.append(html)
        characters += len(html)
        if characters > BATCH_CHARACTERS:
            break
    return found


def fill(
    db: sqlite3.Connection,
    urgent: Callable[[], bool] = lambda: False,
    *,
    known: Mapping[str, str] = MappingProxyType({}),
) -> bool:
    """Index one batch of what is missing, the youngest first; tells whether anything is left.

    Asked between any two of them, `urgent` ends the batch early: somebody waits for this connection. `known` are words
    of bodies by their HTML that were taken out before.
    """
    for query, put, table, key in (
        (_ENTRIES, partial(_put_entry, known), "entry_unindexed", "entry_id"),
        (_COMMENTS, _put_comment, "comment_unindexed", "comment_id"),
    ):
        if not _any(db, table):
            continue
        with transaction(db):
            done: list[int] = []
            characters = 0
            # In the order of their ids: within a transaction the index writes out what it holds when they step back.
            for row in db.execute(query, (BATCH,)).fetchall():
                characters += put(db, *row)
                done.append(row[0])
                if characters > BATCH_CHARACTERS or urgent():
                    break
            db.execute(f"DELETE FROM {table} WHERE {key} IN (SELECT value FROM json_each(?))", (ids_json(done),))
        break
    return missing(db) > 0


def _any(db: sqlite3.Connection, table: str) -> bool:
    return db.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone() is not None


def _put_entry(
    known: Mapping[str, str],
    db: sqlite3.Connection,
    entry_id: int,
    title: str,
    author: str,
    html: str,
    is_text: int,
    page: str,
    fault: str,
) -> int:
    """An entry is found by the words of its feed and by those of its page; answers how long they were with markup."""
    text = html if is_text else known[html] if html in known else strip(html)
    if page and not fault:
        text = f"{strip(page)} {text}"
    words.put_entry(db, entry_id, title, author, text)
    return len(html) + len(page)


def _put_comment(db: sqlite3.Connection, comment_id: int, author: str, html: str, is_text: int) -> int:
    words.put_comment(db, comment_id, author, html if is_text else strip(html))
    return len(html)
