"""What rules do with entries and comments, in the transaction in which they arrive, so never twice."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from functools import partial

from msgspec import Struct
from msgspec.structs import replace

from tui_reader.model import Fired
from tui_reader.query import parse
from tui_reader.rules import Rule, Rules
from tui_reader.store import journal, scopes, tags, words
from tui_reader.store.connect import reads
from tui_reader.store.journal import Edit, ids_json
from tui_reader.store.query import LIBRARY, Ground
from tui_reader.store.query import compile as condition_of
from tui_reader.text import plural

Texts = Sequence[tuple[int | str, ...]]
"""What is looked into, as the rows of a full-text index: id, title, author and words of an entry; id, author and words
of a comment."""

_COMMENTS = """comment JOIN discussion ON discussion.id = comment.discussion_id
    JOIN entry ON entry.id = discussion.entry_id"""


class _Kind(Struct, frozen=True):
    """What rules look at: `rows` joins what a condition speaks of, `heard` is what no mute silences."""

    name: str
    table: str
    rows: str
    heard: str
    index: str
    new: Ground
    stored: Ground


_ENTRY = _Kind(
    "article",
    "entry",
    "entry",
    "entry.muted = 0",
    "arrived_words",
    new=Ground(entries="arrived_words", few=True),
    stored=LIBRARY,
)
_COMMENT = _Kind(
    "comment",
    "comment",
    _COMMENTS,
    "entry.muted = 0 AND comment.quiet = 0",
    "arrived_comment_words",
    new=Ground(comments="arrived_comment_words", few=True, said=True),
    stored=Ground(said=True),
)


# ---------------------------------------------------------------- reading


@reads
def touched(db: sqlite3.Connection, rules: Iterable[Rule], *, now: int) -> tuple[tuple[int, ...], ...]:
    """For each rule the stored entries or comments that it fits, newest first, as if they had just arrived. Nothing is
    changed: a rule sees none of what those before it would have done."""
    found = []
    for rule in rules:
        kind = _COMMENT if rule.of_comments else _ENTRY
        condition, values = condition_of(parse(rule.when, now=now), ground=kind.stored)
        rows = db.execute(
            f"""SELECT {kind.table}.id FROM {kind.rows} WHERE {scopes.SUBSCRIBED} AND {kind.heard} AND {condition}
            ORDER BY {kind.table}.id DESC""",
            values,
        )
        found.append(tuple(number for (number,) in rows))
    return tuple(found)


# ---------------------------------------------------------------- within a transaction


def apply_to_entries(db: sqlite3.Connection, rules: Rules, texts: Texts, *, now: int) -> tuple[Fired, ...]:
    """Do what the rules say with new entries, in their order, each seeing what those before it did; the answer names
    those that have something to tell or to run. What is muted is left alone."""
    return tuple(_apply(db, rules, [rule for rule in rules.rules if not rule.of_comments], _ENTRY, texts, now))


def apply_to_comments(db: sqlite3.Connection, rules: Rules, texts: Texts, *, now: int) -> tuple[Fired, ...]:
    """The same with new comments, by the rules that are about comments."""
    return tuple(_apply(db, rules, [rule for rule in rules.rules if rule.of_comments], _COMMENT, texts, now))


def _apply(
    db: sqlite3.Connection, rules: Rules, wanted: Sequence[Rule], kind: _Kind, texts: Texts, now: int
) -> Iterator[Fired]:
    if not wanted or not texts:
        return
    words.lay_out(db, kind.index, texts)
    ids = ids_json([int(row[0]) for row in texts])
    for rule in wanted:
        condition, values = condition_of(parse(rule.when, now=now), ground=kind.new)
        rows = db.execute(
            f"""SELECT {kind.table}.id FROM {kind.rows} WHERE {kind.table}.id IN (SELECT value FROM json_each(:ids))
            AND {kind.heard} AND {condition} ORDER BY {kind.table}.id""",
            {"ids": ids, **values},
        )
        fitting = tuple(number for (number,) in rows)
        if not fitting:
            continue
        edits = [journal.make(db, edit) for edit in _edits(db, rule, kind.table, fitting, now)]
        batch = f"{rules.batch}:{rule.number}:{kind.name}" if rules.batch else ""
        journal.record_batch(db, batch, edits, now, count=len(fitting), label=partial(_label, kind.name, rule.name))
        if rule.notify or rule.runs:
            fired = Fired(rule.number)
            yield replace(fired, entries=fitting) if kind is _ENTRY else replace(fired, comments=fitting)


def _label(noun: str, rule: str, count: int) -> str:
    return f"{plural(count, noun)} by {rule}"


def _edits(db: sqlite3.Connection, rule: Rule, table: str, ids: tuple[int, ...], now: int) -> Iterator[Edit]:
    if rule.mark_read:
        yield Edit(f"{table}.read", ids, 0, 1)
    if rule.star:
        yield Edit(f"{table}.starred", ids, 0, 1)
    if rule.hide:
        yield Edit("entry.hidden", ids, 0, 1)
    for tag in rule.tags:
        yield Edit("tagging.removed_at", tags.laid_by(db, ids, tag, now=now), now, None)
