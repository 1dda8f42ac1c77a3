"""The reader's own tags on entries. What is taken away stays as a row for a while, so that it can be given back."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection

from tui_reader.errors import BadInput
from tui_reader.model import Change
from tui_reader.store import journal
from tui_reader.store.connect import reads, transaction
from tui_reader.store.journal import Edit, ids_json
from tui_reader.text import plural


@reads
def tags(db: sqlite3.Connection) -> tuple[tuple[str, int], ...]:
    """Every tag that is in use with the number of its entries, the most used first."""
    rows = db.execute(
        "SELECT tag, count(*) FROM tagging WHERE removed_at IS NULL GROUP BY tag ORDER BY count(*) DESC, tag"
    )
    return tuple(rows)


def tag(db: sqlite3.Connection, entry_ids: Collection[int], name: str, *, now: int) -> Change:
    """Put a tag on entries; those that have it already are not part of the act. Raises BadInput for no name."""
    if not name:
        raise BadInput("a tag needs a name")
    with transaction(db):
        laid_by(db, entry_ids, name, now=now)
        return _act(db, entry_ids, name, Edit("tagging.removed_at", (), now, None), "{} tagged “{}”", now)


def untag(db: sqlite3.Connection, entry_ids: Collection[int], name: str, *, now: int) -> Change:
    """Take a tag off entries."""
    with transaction(db):
        return _act(db, entry_ids, name, Edit("tagging.removed_at", (), None, now), "“{1}” taken off {0}", now)


def laid_by(db: sqlite3.Connection, entry_ids: Collection[int], name: str, *, now: int) -> tuple[int, ...]:
    """Prepare a tag, within a transaction: a row that is taken away at `now` for every entry that does not have it, to
    be put in force by an edit. The answer is all rows of the tag with these entries."""
    db.execute(
        """INSERT INTO tagging (entry_id, tag, removed_at)
        SELECT id, ?, ? FROM entry WHERE id IN (SELECT value FROM json_each(?))
        ON CONFLICT (entry_id, tag) DO UPDATE SET removed_at = excluded.removed_at WHERE removed_at IS NOT NULL""",
        (name, now, ids_json(entry_ids)),
    )
    return _rows(db, entry_ids, name)


def _rows(db: sqlite3.Connection, entry_ids: Collection[int], name: str) -> tuple[int, ...]:
    rows = db.execute(
        "SELECT id FROM tagging WHERE tag = ? AND entry_id IN (SELECT value FROM json_each(?))",
        (name, ids_json(entry_ids)),
    )
    return tuple(number for (number,) in rows)


def _act(db: sqlite3.Connection, entry_ids: Collection[int], name: str, edit: Edit, label: str, now: int) -> Change:
    made = journal.make(db, Edit(edit.what, _rows(db, entry_ids, name), edit.old, edit.new))
    if not made.ids:
        return Change()
    told = label.format(plural(len(made.ids), "article"), name)
    journal.record(db, told, [made], now)
    return Change(entries=after_edits(db, made.ids), label=told)


def after_edits(db: sqlite3.Connection, tagging_ids: Collection[int]) -> frozenset[int]:
    """The entries whose tags were edited."""
    rows = db.execute(
        "SELECT entry_id FROM tagging WHERE id IN (SELECT value FROM json_each(?))", (ids_json(tagging_ids),)
    )
    return frozenset(entry for (entry,) in rows)
