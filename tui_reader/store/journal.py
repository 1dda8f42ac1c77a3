"""The journal of acts that can be taken back. See docs/decisions/0004-undo-journal.md.

An act is a list of edits, each "this column of these rows went from old to new", read of an entry being no column but
a row of its own that is there or not. Taking it back is the same edits the other way round, for the rows that still are
as the act left them.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Collection, Iterable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from tui_reader.store import unread

UNDOABLE = frozenset(
    {
        "entry.read",
        "entry.feed_id",
        "entry.starred",
        "entry.hidden",
        "comment.read",
        "comment.starred",
        "discussion.watch_until",
        "discussion.watch_key",
        "mute.removed_at",
        "smart.name",
        "smart.query",
        "smart.removed_at",
        "tagging.removed_at",
        "feed.follow",
        "feed.full_text",
        "feed.tags",
        "feed.interval",
        "feed.headers",
        "feed.login",
        "feed.password_from",
        "feed.my_name",
        "feed.edits_unread",
        "feed.keep",
        "feed.hidden",
        "feed.own_title",
        "feed.folder",
        "feed.url",
        "feed.removed_at",
    }
)

KEPT = 30 * 86_400
"""Seconds for which an act can be taken back, and for which what was removed is kept."""

_ALONE = "rule"
"""The batch of what a rule did outside a refresh: an act of its own, and not the reader's."""

_PIECE = 10_000
_json = json.JSONEncoder().encode

Value = str | int | None


class Edit(Struct, frozen=True):
    """One column of some rows, and its value before and after; `feeds` are those of the entries that were changed."""

    what: str
    ids: tuple[int, ...]
    old: Value
    new: Value
    feeds: frozenset[int] = frozenset()

    def back(self) -> Edit:
        """The edit that takes this one back."""
        return replace(self, old=self.new, new=self.old)


def make(db: sqlite3.Connection, edit: Edit) -> Edit:
    """Make an edit, within a transaction; the answer names only the rows that it changed."""
    if edit.what not in UNDOABLE:
        raise ValueError(edit.what)
    if edit.what == "entry.read":
        return _mark(db, edit)
    table, column = edit.what.split(".")
    feed = "feed_id" if table == "entry" else "NULL"
    # A feed whose address someone else has taken meanwhile stays as it is.
    done = db.execute(
        f"""UPDATE OR IGNORE {table} SET {column} = ? WHERE id IN (SELECT value FROM json_each(?)) AND {column} IS ?
        RETURNING id, {feed}""",
        (edit.new, ids_json(edit.ids), edit.old),
    )
    ids: list[int] = []
    feeds: set[int | None] = set()
    for row_id, feed_id in done:
        ids.append(row_id)
        feeds.add(feed_id)
    return replace(edit, ids=tuple(ids), feeds=frozenset(one for one in feeds if one is not None))


def _mark(db: sqlite3.Connection, edit: Edit) -> Edit:
    """A mark is a row of a table of its own, there or not."""
    ids, feeds = unread.mark(db, edit.ids, bool(edit.new))
    return replace(edit, ids=ids, feeds=feeds)


def record(db: sqlite3.Connection, label: str, edits: Iterable[Edit], now: int) -> None:
    """Note an act that was just made, within its transaction; what had been taken back can no longer be redone."""
    db.execute("DELETE FROM journal WHERE undone > 0")
    db.execute("INSERT INTO journal (at, label, edits) VALUES (?, ?, ?)", (now, label, _written(edits)))


def record_batch(
    db: sqlite3.Connection, batch: str, edits: Iterable[Edit], now: int, *, count: int, label: Callable[[int], str]
) -> None:
    """Note edits that a rule made to `count` rows, within a transaction, beside those that have the same `batch`, so
    that they are taken back together. `label` begins with the count it gets. What the reader has taken back can still
    be redone."""
    edits = [edit for edit in edits if edit.ids]
    if not edits:
        return
    written = _written(edits)
    before = db.execute(
        "SELECT id, label FROM journal WHERE batch = ? AND batch != '' AND undone = 0", (batch,)
    ).fetchone()
    if before is None:
        db.execute(
            "INSERT INTO journal (at, label, edits, batch) VALUES (?, ?, ?, ?)",
            (now, label(count), written, batch or _ALONE),
        )
        return
    number, said = before
    # Put together as text: a list of many thousand ids is not read again for every feed that adds some.
    db.execute(
        "UPDATE journal SET label = ?, edits = substr(edits, 1, length(edits) - 1) || ',' || substr(?, 2) WHERE id = ?",
        (label(count + int(said.partition(" ")[0].replace(",", ""))), written, number),
    )


Noted = tuple[int, str, str]
"""An act as it stands in the journal: its id, its label, its edits as JSON."""


def last(db: sqlite3.Connection, *, back: bool, now: int) -> Noted | None:
    """The youngest act that stands, or the one taken back last; None when there is none younger than `KEPT`.

    What the reader did comes before what rules did meanwhile: nobody looks for that behind the key.
    """
    query = "undone = 0 ORDER BY batch != '', id DESC" if back else "undone > 0 ORDER BY undone DESC, id"
    found: Noted | None = db.execute(
        f"SELECT id, label, edits FROM journal WHERE at >= ? AND {query} LIMIT 1", (now - KEPT,)
    ).fetchone()
    return found


def step(db: sqlite3.Connection, noted: Noted, *, back: bool) -> tuple[str, Sequence[Edit]]:
    """Take back an act, or do it again, within a transaction; its label and what really changed."""
    act, label, text = noted
    edits = _edits(text)
    made = [make(db, edit.back()) for edit in reversed(edits)] if back else [make(db, edit) for edit in edits]
    # Numbered in the order of taking back, so that doing again goes the other way, whichever act was chosen.
    undone = "(SELECT max(undone) + 1 FROM journal)" if back else "0"
    db.execute(f"UPDATE journal SET undone = {undone} WHERE id = ?", (act,))
    return label, made


def in_the_way(db: sqlite3.Connection, act: int) -> str:
    """The label of a later act that stands and changed something of the same, "" when there is none."""
    (text,) = db.execute("SELECT edits FROM journal WHERE id = ?", (act,)).fetchone()
    touched: dict[str, set[int]] = {}
    for edit in _edits(text):
        touched.setdefault(edit.what, set()).update(edit.ids)
    later = db.execute("SELECT label, edits FROM journal WHERE id > ? AND undone = 0 ORDER BY id DESC", (act,))
    for label, text in later:
        if any(not touched.get(edit.what, set()).isdisjoint(edit.ids) for edit in _edits(text)):
            return str(label)
    return ""


def _edits(text: str) -> list[Edit]:
    return [Edit(what, tuple(ids), old, new) for what, ids, old, new in json.loads(text)]


def _written(edits: Iterable[Edit]) -> str:
    rows = (f"[{_json(edit.what)},{ids_json(edit.ids)},{_json(edit.old)},{_json(edit.new)}]" for edit in edits)
    return f"[{','.join(rows)}]"


def ids_json(ids: Collection[int]) -> str:
    """Ids as a JSON array for `json_each`: one bound value however many there are. Written in pieces, between which
    other threads get their turn."""
    listed = ids if isinstance(ids, Sequence) else tuple(ids)
    pieces = (",".join(map(str, listed[at : at + _PIECE])) for at in range(0, len(listed), _PIECE))
    return f"[{','.join(pieces)}]"
