"""The articles that were taken from their own pages: kept, shown or not, and found by the search."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Sequence
from typing import Any

from tui_reader.model import Change, Entry, FullText
from tui_reader.store import index
from tui_reader.store.connect import reads, transaction


def of_entry(db: sqlite3.Connection, entry_id: int) -> FullText | None:
    """What was taken from the entry's page, or why nothing was; None when nobody asked."""
    row = db.execute(
        "SELECT url, html, fetched_at, error, shown FROM full_text WHERE entry_id = ?", (entry_id,)
    ).fetchone()
    return None if row is None else taken(row)


def taken(row: Sequence[Any]) -> FullText | None:
    """From its columns; None where there is no row."""
    url, html, fetched_at, error, shown = row
    return None if url is None else FullText(url, html, fetched_at, error, bool(shown))


@reads
def wanted(db: sqlite3.Connection, most: int) -> tuple[tuple[int, str, str], ...]:
    """The unread entries of feeds that are always read in full, whose page was not asked for yet: their ids, addresses
    and feeds' addresses, newest first, at most so many of each feed."""
    rows = db.execute(
        """SELECT id, url, feed_url FROM (
            SELECT e.id, e.url, f.url AS feed_url, e.sort_at,
                row_number() OVER (PARTITION BY e.feed_id ORDER BY e.sort_at DESC, e.id DESC) AS place
            FROM feed f CROSS JOIN unread u ON u.feed_id = f.id JOIN entry e ON e.id = u.id
            WHERE f.full_text = 1 AND f.removed_at IS NULL AND e.url != ''
                AND NOT EXISTS (SELECT 1 FROM full_text t WHERE t.entry_id = e.id)
        ) WHERE place <= ? ORDER BY sort_at DESC, id DESC""",
        (most,),
    )
    return tuple(rows)


def save(db: sqlite3.Connection, entry: Entry, page: FullText) -> Change:
    """Keep what was taken from an entry's page. What was had before is not given up for a fault."""
    with transaction(db):
        if not db.execute("SELECT 1 FROM entry WHERE id = ?", (entry.row.id,)).fetchone():
            return Change()
        if page.error and (before := of_entry(db, entry.row.id)) is not None and not before.error:
            return Change()
        db.execute(
            """INSERT INTO full_text (entry_id, url, html, fetched_at, error, shown) VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT (entry_id) DO UPDATE SET url = excluded.url, html = excluded.html,
                fetched_at = excluded.fetched_at, error = excluded.error, shown = excluded.shown""",
            (entry.row.id, page.url, page.html, page.fetched_at, page.error, int(page.shown)),
        )
        if not page.error:
            index.want_entries(db, (entry.row.id,))
    return Change(feeds=frozenset({entry.row.feed_id}), entries=frozenset({entry.row.id}))


def show(db: sqlite3.Connection, entry_ids: Collection[int], shown: bool) -> Change:
    """Read these entries in full, or as their feeds have them."""
    with transaction(db):
        for entry_id in entry_ids:
            db.execute("UPDATE full_text SET shown = ? WHERE entry_id = ?", (int(shown), entry_id))
    return Change(entries=frozenset(entry_ids))
