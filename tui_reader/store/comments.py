"""Comments: they accumulate, and one that a feed no longer shows stays."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from tui_reader import urls
from tui_reader.errors import NotFound
from tui_reader.model import (
    Change,
    Comment,
    CommentEdit,
    Confidence,
    Fired,
    ParsedComment,
    Quiet,
    ThreadUpdate,
)
from tui_reader.parse.readable import strip
from tui_reader.rules import NONE, Rules
from tui_reader.store import discussions, index, mutes, polls
from tui_reader.store import rules as in_force
from tui_reader.store.connect import reads, transaction
from tui_reader.store.journal import ids_json

_IDENTITY = ("key", "number")
_MUTABLE = (
    "parent_key",
    "confidence",
    "author",
    "author_url",
    "published",
    "updated",
    "url",
    "html",
    "is_text",
    "base",
    "removed",
    "score",
)
_STATE = ("arrived", "starred", "edited", "quiet")
_NAMES = ("id", "discussion_id", "entry_id", *_IDENTITY, *_MUTABLE, *_STATE)
_SELECT = f"""SELECT c.id, c.discussion_id, d.entry_id, {", ".join(f"c.{name}" for name in _NAMES[3:])}, c.read,
    d.visit_seq, coalesce(nullif(d.url, ''), d.page_url) AS place
    FROM comment c JOIN discussion d ON d.id = c.discussion_id"""
_SURENESS = {confidence: rank for rank, confidence in enumerate(reversed(Confidence))}


# ---------------------------------------------------------------- reading


@reads
def comments(db: sqlite3.Connection, entry_id: int) -> tuple[Comment, ...]:
    """All stored comments of an entry, wherever it is discussed, in the order of their arrival."""
    rows = db.execute(f"{_SELECT} WHERE c.discussion_id IN ({discussions.OF_ENTRY}) ORDER BY c.id", {"entry": entry_id})
    return tuple(_comment(row) for row in rows)


@reads
def some(db: sqlite3.Connection, ids: Sequence[int]) -> tuple[Comment, ...]:
    """The comments with these ids, in the order of their arrival."""
    rows = db.execute(f"{_SELECT} WHERE c.id IN (SELECT value FROM json_each(?)) ORDER BY c.id", (ids_json(ids),))
    return tuple(_comment(row) for row in rows)


@reads
def by_author(
    db: sqlite3.Connection, author: str, *, host: str = "", limit: int = 200
) -> tuple[tuple[Comment, str, int], ...]:
    """What is stored of an author, newest first, each with the title and id of the entry it is said of. With a `host`
    what was said there comes first."""
    rows = db.execute(
        f"""SELECT found.*, e.title FROM ({_SELECT} WHERE c.author = :author ORDER BY c.id DESC LIMIT :limit) found
        JOIN entry e ON e.id = found.entry_id JOIN feed f ON f.id = e.feed_id WHERE f.removed_at IS NULL
        ORDER BY found.id DESC""",
        {"author": author, "limit": limit},
    ).fetchall()
    if host:
        rows.sort(key=lambda row: urls.host(row[-2]) != host)
    return tuple((_comment(row), row[-1], row[2]) for row in rows)


@reads
def edits(db: sqlite3.Connection, comment_id: int) -> tuple[CommentEdit, ...]:
    """What a comment said before, oldest first."""
    rows = db.execute("SELECT seen_at, html, is_text FROM comment_edit WHERE comment_id = ? ORDER BY id", (comment_id,))
    return tuple(CommentEdit(seen_at, html, bool(is_text)) for seen_at, html, is_text in rows)


@reads
def authors(db: sqlite3.Connection, discussion_id: int) -> dict[str, str]:
    """Who wrote which of the stored comments, by key."""
    return dict(db.execute("SELECT key, author FROM comment WHERE discussion_id = ?", (discussion_id,)))


def _comment(row: tuple[Any, ...]) -> Comment:
    named = dict(zip(_NAMES, row, strict=False))
    read, visit_seq = row[len(_NAMES) : len(_NAMES) + 2]
    named["confidence"] = Confidence(named["confidence"])
    named["quiet"] = Quiet(named["quiet"])
    named |= {name: bool(named[name]) for name in ("is_text", "removed", "starred", "edited")}
    new = visit_seq is not None and row[0] > visit_seq and not read and named["quiet"] is Quiet.NO
    return Comment(**named, seq=row[0], read=bool(read), new=new)


# ---------------------------------------------------------------- writing


def save(db: sqlite3.Connection, update: ThreadUpdate, *, now: int, rules: Rules = NONE) -> Change:
    """Store what a look at a discussion brought: new comments are added, changed ones brought up to date (they stay
    read, and what they said before is kept), none is deleted. A parent once known is given up only for one that is at
    least as sure. Raises NotFound when the discussion is gone."""
    with transaction(db):
        entry_id, feed_id = _place(db, update.discussion_id)
        known = _known(db, update) if update.comments or update.whole or update.deleted else {}
        before, changed = set(known), 0
        new: dict[int, ParsedComment] = {}
        for comment in update.comments:
            if comment.key not in known:
                number = _insert(db, update.discussion_id, comment, now)
                known[comment.key] = (number, *_mutable(comment))
                new[number] = comment
            elif not update.fill:
                comment_id, *stored = known[comment.key]
                changed += _update(db, comment_id, stored, comment, now)
        gone = set(update.deleted)
        if update.whole:
            gone |= before - {comment.key for comment in update.comments}
        changed += _remove(db, update.discussion_id, gone & before)
        _note_look(db, update)
        fired: tuple[Fired, ...] = ()
        if new:
            index.want_comments(db, list(new))
        if new or changed:
            mutes.apply(db, (update.discussion_id,), now=now)
            texts = [(number, one.author, _text(one)) for number, one in new.items()] if rules.rules else []
            fired = in_force.apply_to_comments(db, rules, texts, now=now)
            discussions.recount(db, (update.discussion_id,))
    touched = frozenset({entry_id})
    return Change(
        feeds=frozenset({feed_id}) if new else frozenset(),
        entries=touched if new else frozenset(),
        threads=touched,
        new_comments=len(new),
        fired=fired,
    )


def _known(db: sqlite3.Connection, update: ThreadUpdate) -> dict[str, Sequence[Any]]:
    """What is stored of a discussion, by key."""
    rows = db.execute(
        f"SELECT key, id, {', '.join(_MUTABLE)} FROM comment WHERE discussion_id = ?", (update.discussion_id,)
    )
    return {row[0]: row[1:] for row in rows}


def _note_look(db: sqlite3.Connection, update: ThreadUpdate) -> None:
    """How the look ended: the poll state, whether comments are missing, and when a watched one is due again."""
    if update.poll is not None:
        db.execute(
            f"UPDATE discussion SET {polls.SET}, watch_at = ?, watch_why = ? WHERE id = ?",
            (*polls.values(update.poll), update.watch_at, update.watch_why, update.discussion_id),
        )
    db.execute(
        """UPDATE discussion SET complete = ?, gap_at = ?, declared = coalesce(?, declared)
        WHERE id = ? AND (complete, gap_at, declared) IS NOT (?1, ?2, coalesce(?3, declared))""",
        (int(update.complete), update.gap_at, update.declared, update.discussion_id),
    )


# ---------------------------------------------------------------- within a transaction


def _mutable(comment: ParsedComment) -> tuple[object, ...]:
    return (
        comment.parent_key,
        comment.confidence.value,
        comment.author,
        comment.author_url,
        comment.published,
        comment.updated,
        comment.url,
        comment.html,
        int(comment.is_text),
        comment.base,
        int(comment.removed),
        comment.score,
    )


def _insert(db: sqlite3.Connection, discussion_id: int, comment: ParsedComment, now: int) -> int:
    row = db.execute(
        f"""INSERT INTO comment (discussion_id, key, number, arrived, {", ".join(_MUTABLE)})
        VALUES (?, ?, ?, ?{", ?" * len(_MUTABLE)})""",
        (discussion_id, comment.key, comment.number, now, *_mutable(comment)),
    )
    return row.lastrowid or 0


def _update(db: sqlite3.Connection, comment_id: int, stored: Sequence[Any], comment: ParsedComment, now: int) -> bool:
    before: dict[str, Any] = dict(zip(_MUTABLE, stored, strict=True))
    after: dict[str, Any] = dict(zip(_MUTABLE, _mutable(comment), strict=True))
    if _SURENESS[comment.confidence] < _SURENESS[Confidence(before["confidence"])]:
        after |= {name: before[name] for name in ("parent_key", "confidence")}
    if comment.removed:
        after |= {name: before[name] for name in ("author", "author_url", "html", "is_text", "base")}
    if before == after:
        return False
    db.execute(
        f"UPDATE comment SET {', '.join(f'{column} = ?' for column in _MUTABLE)} WHERE id = ?",
        (*after.values(), comment_id),
    )
    if _words_of(before) != _words_of(after):
        db.execute("UPDATE comment SET edited = 1 WHERE id = ?", (comment_id,))
        db.execute(
            "INSERT INTO comment_edit (comment_id, seen_at, html, is_text) VALUES (?, ?, ?, ?)",
            (comment_id, now, before["html"], before["is_text"]),
        )
        index.want_comments(db, (comment_id,))
    return True


def _text(comment: ParsedComment) -> str:
    return comment.html if comment.is_text else strip(comment.html)


def _words_of(stored: Mapping[str, Any]) -> list[str]:
    """What a reader sees of a comment: other markup around the same words is no edit."""
    return (stored["html"] if stored["is_text"] else strip(stored["html"])).split()


def _remove(db: sqlite3.Connection, discussion_id: int, keys: Collection[str]) -> int:
    """Mark comments that the site took away; our copy stays."""
    if not keys:
        return 0
    return db.execute(
        """UPDATE comment SET removed = 1
        WHERE discussion_id = ? AND removed = 0 AND key IN (SELECT value FROM json_each(?))""",
        (discussion_id, json.dumps(sorted(keys))),
    ).rowcount


def _place(db: sqlite3.Connection, discussion_id: int) -> tuple[int, int]:
    row = db.execute(
        """SELECT e.id, e.feed_id FROM discussion d JOIN entry e ON e.id = d.entry_id
        JOIN feed f ON f.id = e.feed_id WHERE d.id = ? AND f.removed_at IS NULL""",
        (discussion_id,),
    ).fetchone()
    if row is None:
        raise NotFound("this discussion is gone: its feed was removed")
    entry_id, feed_id = row
    return entry_id, feed_id
