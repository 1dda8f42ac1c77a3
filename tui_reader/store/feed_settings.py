"""What is set for one feed alone, or for several at once."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection

from msgspec.structs import replace

from tui_reader.feed_settings import change
from tui_reader.model import Change
from tui_reader.store import feeds, journal, status
from tui_reader.store.connect import transaction
from tui_reader.store.journal import Edit
from tui_reader.text import plural


def set_up(db: sqlite3.Connection, feed_ids: Collection[int], name: str, written: str, *, now: int) -> Change:
    """Set one of the settings of `tui_reader/feed_settings.py` for these feeds. Raises BadInput."""
    with transaction(db):
        known = [one for one in feeds.feeds(db) if one.id in feed_ids]
        made = []
        for one in known:
            column, value = change(name, written, one.own)
            (old,) = db.execute(f"SELECT {column} FROM feed WHERE id = ?", (one.id,)).fetchone()
            if old != value:
                made.append(journal.make(db, Edit(f"feed.{column}", (one.id,), old, value)))
        if not made:
            return Change()
        who = known[0].title if len(known) == 1 else plural(len(known), "feed")
        label = f"{name.strip().lower()} of {who} {'set' if written.strip() else 'as usual'}"
        journal.record(db, label, made, now)
        return replace(status.follows(db, made, now=now), label=label)
