"""What is unread: a row of the table `unread` for each entry that is. See docs/decisions/0023-what-is-unread.md.

Whoever writes to that table does it here, for the count of each feed follows from it. What becomes of an unread entry
otherwise (it is deleted, hidden, muted, or moved to another feed) is followed by triggers.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

import msgspec

from tui_reader.late import Late
from tui_reader.store import schema

if TYPE_CHECKING:
    from tui_reader.store import bulk
else:
    bulk = Late("tui_reader.store.bulk")

Marked = tuple[tuple[int, ...], frozenset[int]]
"""The entries that a mark has really changed, and their feeds."""

_READ = """SELECT group_concat(unread.id), group_concat(DISTINCT unread.feed_id)
    FROM json_each(?) wanted CROSS JOIN unread ON unread.id = wanted.value"""
_UNREAD = """SELECT group_concat(entry.id), group_concat(DISTINCT entry.feed_id)
    FROM json_each(?) wanted CROSS JOIN entry ON entry.id = wanted.value
    WHERE entry.id NOT IN (SELECT id FROM unread)"""


def mark(db: sqlite3.Connection, ids: Collection[int], read: bool) -> Marked:
    """Mark entries read or unread, within a transaction; those that are so already are not named in the answer."""
    # In the order of the tables, which spares both what is asked and what is written half of their time.
    wanted = msgspec.json.encode(sorted(set(ids))).decode()
    changed, feeds = (f"[{found or ''}]" for found in db.execute(_READ if read else _UNREAD, (wanted,)).fetchone())
    if read:
        db.execute("DELETE FROM unread WHERE id IN (SELECT value FROM json_each(?))", (changed,))
    else:
        db.execute(
            """INSERT INTO unread SELECT entry.id, feed_id, sort_at
            FROM json_each(?) wanted CROSS JOIN entry ON entry.id = wanted.value""",
            (changed,),
        )
    count(db, feeds)
    return msgspec.json.decode(changed, type=tuple[int, ...]), msgspec.json.decode(feeds, type=frozenset[int])


def arrive(db: sqlite3.Connection, feed_id: int, new: Sequence[tuple[int, int]]) -> None:
    """Note entries of a feed, (id, place in time), that have just been stored as unread."""
    if new:
        bulk.insert(db, "unread", ("id", "feed_id", "sort_at"), [(number, feed_id, at) for number, at in new])
        db.execute("UPDATE feed_count SET unread = unread + ? WHERE feed_id = ?", (len(new), feed_id))


def count(db: sqlite3.Connection, feeds: str) -> None:
    """Count anew what is unread of these feeds, their ids as a JSON array."""
    db.execute(f"{schema.COUNT_UNREAD} WHERE id IN (SELECT value FROM json_each(?))", (feeds,))
