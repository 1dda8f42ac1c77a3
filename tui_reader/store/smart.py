"""Smart feeds: queries that are kept under a name and listed like a feed."""

from __future__ import annotations

import sqlite3

from tui_reader.errors import BadInput, NotFound
from tui_reader.model import Change, Scope, SmartFeed
from tui_reader.query import parse
from tui_reader.store import journal, scopes
from tui_reader.store.connect import reads, transaction
from tui_reader.store.journal import Edit, Value


@reads
def smart_feeds(db: sqlite3.Connection, *, today_from: int, now: int | None = None) -> tuple[SmartFeed, ...]:
    """All of them by name, each with how many of its entries are unread."""
    rows = db.execute("SELECT id, name, query FROM smart WHERE removed_at IS NULL ORDER BY name COLLATE NOCASE, id")
    return tuple(
        SmartFeed(number, name, query, _unread(db, query, today_from, now)) for number, name, query in rows.fetchall()
    )


def _unread(db: sqlite3.Connection, query: str, today_from: int, now: int | None) -> int:
    """Only what is unread is looked at: that is little of a large library."""
    scope = Scope("smart", query=query, unread_only=True)
    listed, values = scopes.query(scope, today_from=today_from, keep=(), limit=None, now=now)
    found: int = db.execute(f"SELECT count(*) FROM ({listed})", values).fetchone()[0]
    return found


def save(db: sqlite3.Connection, name: str, query: str, *, now: int) -> Change:
    """Keep a query under a name; one that has the name already gets the new query. Raises QueryFault for a faulty
    query, BadInput for no name."""
    parse(query, now=now)
    if not name:
        raise BadInput("a smart feed needs a name")
    with transaction(db):
        row = db.execute(
            "SELECT id, query FROM smart WHERE name = ? COLLATE NOCASE AND removed_at IS NULL", (name,)
        ).fetchone()
        if row is not None:
            return _act(db, f"{name} asks something else", row[0], "query", row[1], query, now)
        made = db.execute("INSERT INTO smart (name, query, removed_at) VALUES (?, ?, ?)", (name, query, now))
        return _act(db, f"smart feed {name} made", made.lastrowid or 0, "removed_at", now, None, now)


def rename(db: sqlite3.Connection, smart_id: int, name: str, *, now: int) -> Change:
    """Give a smart feed another name; raises NotFound, or BadInput for no name."""
    if not name:
        raise BadInput("a smart feed needs a name")
    with transaction(db):
        before = _named(db, smart_id)
        return _act(db, f"{before} renamed to {name}", smart_id, "name", before, name, now)


def remove(db: sqlite3.Connection, smart_id: int, *, now: int) -> Change:
    """Forget a smart feed; its entries are those of the feeds and stay. Raises NotFound."""
    with transaction(db):
        return _act(db, f"smart feed {_named(db, smart_id)} removed", smart_id, "removed_at", None, now, now)


def _named(db: sqlite3.Connection, smart_id: int) -> str:
    row = db.execute("SELECT name FROM smart WHERE id = ? AND removed_at IS NULL", (smart_id,)).fetchone()
    if row is None:
        raise NotFound(f"there is no smart feed number {smart_id}")
    return str(row[0])


def _act(db: sqlite3.Connection, label: str, smart_id: int, column: str, old: Value, new: Value, now: int) -> Change:
    made = journal.make(db, Edit(f"smart.{column}", (smart_id,), old, new))
    if old == new or not made.ids:
        return Change()
    journal.record(db, label, [made], now)
    return Change(subscriptions=True, label=label)
