"""Read, unread, starred; and taking an act back."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable
from dataclasses import replace

from tui_reader.model import Change
from tui_reader.store import discussions, entries, feeds, journal, mutes, tags
from tui_reader.store.connect import transaction
from tui_reader.store.journal import Edit, ids_json
from tui_reader.text import plural


def mark(db: sqlite3.Connection, ids: Collection[int], read: bool, *, now: int) -> Change:
    """Mark entries read or unread; those that are so already are not part of the act."""
    return _act(db, "entry.read", ids, read, "{} marked read" if read else "{} marked unread", now)


def star(db: sqlite3.Connection, ids: Collection[int], starred: bool, *, now: int) -> Change:
    """Star entries or take the star away; those that are so already are not part of the act."""
    return _act(db, "entry.starred", ids, starred, "{} starred" if starred else "{} unstarred", now)


def mark_comments(db: sqlite3.Connection, ids: Collection[int], read: bool, *, now: int) -> Change:
    """Mark comments read or unread; those that are so already are not part of the act."""
    return _act(db, "comment.read", ids, read, "{} marked read" if read else "{} marked unread", now)


def star_comments(db: sqlite3.Connection, ids: Collection[int], starred: bool, *, now: int) -> Change:
    """Star comments or take the star away; those that are so already are not part of the act."""
    return _act(db, "comment.starred", ids, starred, "{} starred" if starred else "{} unstarred", now)


def undo(db: sqlite3.Connection, *, now: int) -> Change | None:
    """Take back the last act that was not taken back yet; None when there is none. The change is labelled as the act.

    Only what the act itself changed, and what nobody has changed since, goes back.
    """
    return _step(db, back=True, now=now)


def redo(db: sqlite3.Connection, *, now: int) -> Change | None:
    """Do again what was taken back last; None when there is nothing, or something else was done since."""
    return _step(db, back=False, now=now)


def _act(db: sqlite3.Connection, what: str, ids: Collection[int], value: bool, label: str, now: int) -> Change:
    with transaction(db):
        made = journal.make(db, Edit(what, tuple(ids), int(not value), int(value)))
        if not made.ids:
            return Change()
        count = len(made.ids)
        text = label.format(plural(count, "comment") if what.startswith("comment.") else count)
        journal.record(db, text, [made], now)
        return replace(follows(db, [made], now=now), label=text)


def _step(db: sqlite3.Connection, *, back: bool, now: int) -> Change | None:
    with transaction(db):
        step = journal.step(db, back=back, now=now)
        if step is None:
            return None
        label, made = step
        return replace(follows(db, made, now=now), label=label)


def follows(db: sqlite3.Connection, made: Iterable[Edit], *, now: int) -> Change:
    """What follows from edits: counts and titles brought up to date, and who shows something of it."""
    change = Change()
    for edit in made:
        if not edit.ids:
            continue
        table = edit.what.partition(".")[0]
        if edit.what == "entry.feed_id":
            change |= entries.after_moves(db, edit)
        elif table == "entry":
            change |= Change(feeds=_feeds_of(db, edit.ids), entries=frozenset(edit.ids))
        elif table == "comment":
            change |= discussions.after_marks(db, edit.ids)
        elif table == "discussion":
            change |= discussions.after_edits(db, edit.ids)
        elif table == "tagging":
            change |= Change(entries=tags.after_edits(db, edit.ids))
        elif table == "smart":
            change |= Change(subscriptions=True)
        elif table == "mute":
            change |= mutes.after_edits(db, edit.ids, now=now)
        else:
            feeds.settle(db, [edit])
            change |= Change(feeds=frozenset(edit.ids), subscriptions=True)
    return change


def _feeds_of(db: sqlite3.Connection, ids: Collection[int]) -> frozenset[int]:
    rows = db.execute(
        "SELECT DISTINCT feed_id FROM entry WHERE id IN (SELECT value FROM json_each(?))", (ids_json(ids),)
    )
    return frozenset(feed for (feed,) in rows)
