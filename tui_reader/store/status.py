"""Read, unread, starred; and taking an act back."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Sequence

from msgspec.structs import replace

from tui_reader.errors import BadInput, NotFound
from tui_reader.model import Act, Change
from tui_reader.store import discussions, entries, feeds, journal, mutes, tags
from tui_reader.store.connect import reads, transaction
from tui_reader.store.journal import Edit
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
    return _last(db, back=True, now=now)


def redo(db: sqlite3.Connection, *, now: int) -> Change | None:
    """Do again what was taken back last; None when there is nothing, or something else was done since."""
    return _last(db, back=False, now=now)


@reads
def acts(db: sqlite3.Connection, *, now: int, limit: int = 200) -> tuple[Act, ...]:
    """The acts that can be taken back or done again, the youngest first."""
    rows = db.execute(
        "SELECT id, at, label, undone FROM journal WHERE at >= ? ORDER BY id DESC LIMIT ?", (now - journal.KEPT, limit)
    )
    return tuple(Act(number, at, label, bool(undone)) for number, at, label, undone in rows)


def undo_act(db: sqlite3.Connection, act: int, *, now: int) -> Change:
    """Take back one act and leave what was done since. Raises NotFound, and BadInput when a later act that stands
    changed something of the same: then neither is what it was alone."""
    with transaction(db):
        _known(db, act, now, undone=False)
        other = journal.in_the_way(db, act)
        if other:
            raise BadInput(f"“{other}” changed some of the same later; take that back first")
        return _stepped(db, "id = ?", act, back=True, now=now)


def undo_to(db: sqlite3.Connection, act: int, *, now: int) -> Change:
    """Take back an act and everything that was done since. Raises NotFound."""
    with transaction(db):
        _known(db, act, now, undone=False)
        return _stepped(db, "id >= ? AND undone = 0 ORDER BY id DESC", act, back=True, now=now)


def redo_to(db: sqlite3.Connection, act: int, *, now: int) -> Change:
    """Do again an act and everything that was taken back after it. Raises NotFound."""
    with transaction(db):
        order = _known(db, act, now, undone=True)
        return _stepped(db, "undone >= ? ORDER BY undone DESC, id", order, back=False, now=now)


def _known(db: sqlite3.Connection, act: int, now: int, *, undone: bool) -> int:
    row = db.execute("SELECT undone FROM journal WHERE id = ? AND at >= ?", (act, now - journal.KEPT)).fetchone()
    if row is None or bool(row[0]) is not undone:
        raise NotFound(f"there is no act number {act} to {'do again' if undone else 'take back'}")
    return int(row[0])


def _act(db: sqlite3.Connection, what: str, ids: Collection[int], value: bool, label: str, now: int) -> Change:
    with transaction(db):
        made = journal.make(db, Edit(what, tuple(ids), int(not value), int(value)))
        if not made.ids:
            return Change()
        count = len(made.ids)
        text = label.format(plural(count, "comment") if what.startswith("comment.") else count)
        journal.record(db, text, [made], now)
        return replace(follows(db, [made], now=now), label=text)


def _last(db: sqlite3.Connection, *, back: bool, now: int) -> Change | None:
    with transaction(db):
        noted = journal.last(db, back=back, now=now)
        return None if noted is None else _made(db, [noted], back=back, now=now)


def _stepped(db: sqlite3.Connection, which: str, value: int, *, back: bool, now: int) -> Change:
    noted = db.execute(f"SELECT id, label, edits FROM journal WHERE {which}", (value,)).fetchall()
    return _made(db, noted, back=back, now=now)


def _made(db: sqlite3.Connection, acts: Sequence[journal.Noted], *, back: bool, now: int) -> Change:
    change, labels = Change(), []
    for noted in acts:
        label, made = journal.step(db, noted, back=back)
        change |= follows(db, made, now=now)
        labels.append(label)
    return replace(change, label=labels[0] if len(labels) == 1 else f"{len(labels)} acts")


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
            change |= Change(feeds=edit.feeds, entries=frozenset(edit.ids))
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
            if edit.what == "feed.my_name":
                change |= mutes.after_names(db, edit.ids, now=now)
            change |= Change(feeds=frozenset(edit.ids), subscriptions=True)
    return change
