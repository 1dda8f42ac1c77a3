"""Discussions and their comments.

Comments accumulate: one that a feed no longer shows stays. What is new is told by arrival, never by date.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from tui_reader.errors import NotFound
from tui_reader.model import Change, Comment, Confidence, Discussion, DiscussionRef, ParsedComment, PollState
from tui_reader.store import polls, words
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
)
_COLUMNS = ", ".join(f"c.{column}" for column in _IDENTITY + _MUTABLE)
_SURENESS = {confidence: rank for rank, confidence in enumerate(reversed(Confidence))}


# ---------------------------------------------------------------- reading


@reads
def discussions(db: sqlite3.Connection, entry_id: int) -> tuple[Discussion, ...]:
    """The places where an entry is discussed, the best first: those that can be read, then the fullest."""
    rows = db.execute(
        f"""SELECT id, entry_id, kind, url, page_url, declared, held, new, visit_seq, {polls.selected("discussion")}
        FROM discussion WHERE entry_id = ? ORDER BY kind = 'page', held DESC, id""",
        (entry_id,),
    )
    return tuple(_discussion(row) for row in rows)


@reads
def comments(db: sqlite3.Connection, entry_id: int) -> tuple[Comment, ...]:
    """All stored comments of an entry in the order of their arrival."""
    rows = db.execute(
        f"""SELECT c.id, c.discussion_id, d.entry_id, {_COLUMNS}, c.arrived, c.read, d.visit_seq
        FROM discussion d JOIN comment c ON c.discussion_id = d.id WHERE d.entry_id = ? ORDER BY c.id""",
        (entry_id,),
    )
    return tuple(_comment(row) for row in rows)


@reads
def authors(db: sqlite3.Connection, discussion_id: int) -> dict[str, str]:
    """Who wrote which of the stored comments, by key."""
    return dict(db.execute("SELECT key, author FROM comment WHERE discussion_id = ?", (discussion_id,)))


def _discussion(row: tuple[Any, ...]) -> Discussion:
    number, entry_id, kind, url, page_url, declared, held, new, visit_seq, *poll = row
    return Discussion(number, entry_id, kind, url, page_url, declared, held, new, polls.state(poll), visit_seq)


def _comment(row: tuple[Any, ...]) -> Comment:
    names = ("id", "discussion_id", "entry_id", *_IDENTITY, *_MUTABLE, "arrived")
    named = dict(zip(names, row, strict=False))
    read, visit_seq = row[len(names) :]
    named["confidence"] = Confidence(named["confidence"])
    named["is_text"] = bool(named["is_text"])
    new = visit_seq is not None and row[0] > visit_seq and not read
    return Comment(**named, seq=row[0], read=bool(read), new=new)


# ---------------------------------------------------------------- writing


def save(
    db: sqlite3.Connection,
    discussion_id: int,
    found: Sequence[ParsedComment],
    state: PollState,
    *,
    now: int,
) -> Change:
    """Store what a look at a discussion brought: new comments are added, changed ones brought up to date (and stay
    read), none is removed. A parent once known is given up only for one that is at least as sure. Raises NotFound
    when the discussion is gone."""
    with transaction(db):
        entry_id, feed_id = _place(db, discussion_id)
        known = {
            row[0]: row[1:]
            for row in db.execute(
                f"SELECT key, id, {', '.join(_MUTABLE)} FROM comment WHERE discussion_id = ?", (discussion_id,)
            )
        }
        new = changed = 0
        for comment in found:
            if comment.key not in known:
                known[comment.key] = (_insert(db, discussion_id, comment, now), *_mutable(comment))
                new += 1
            else:
                comment_id, *before = known[comment.key]
                changed += _update(db, comment_id, before, comment)
        db.execute(f"UPDATE discussion SET {polls.SET} WHERE id = ?", (*polls.values(state), discussion_id))
        if new:
            recount(db, (discussion_id,))
    touched = frozenset({entry_id})
    return Change(
        feeds=frozenset({feed_id}) if new else frozenset(),
        entries=touched if new else frozenset(),
        threads=touched,
        new_comments=new,
    )


def poll(db: sqlite3.Connection, discussion_id: int, state: PollState) -> Change:
    """Note how a look ended that brought no comments. Raises NotFound when the discussion is gone."""
    with transaction(db):
        entry_id, _ = _place(db, discussion_id)
        db.execute(f"UPDATE discussion SET {polls.SET} WHERE id = ?", (*polls.values(state), discussion_id))
    return Change(threads=frozenset({entry_id}))


def visit(db: sqlite3.Connection, entry_id: int) -> Change:
    """Note that the entry's discussion was seen as it is now: only what arrives later is new.

    A discussion that was never fetched cannot have been seen.
    """
    with transaction(db):
        rows = db.execute(
            """SELECT d.id, d.new, d.visit_seq, (SELECT max(id) FROM comment WHERE discussion_id = d.id)
            FROM discussion d WHERE d.entry_id = ? AND (d.held > 0 OR d.checked_at IS NOT NULL)""",
            (entry_id,),
        ).fetchall()
        moved = [(last or 0, discussion) for discussion, _, seen, last in rows if seen != (last or 0)]
        if not moved:
            return Change()
        db.executemany("UPDATE discussion SET visit_seq = ?, new = 0 WHERE id = ?", moved)
        if not any(new for _, new, _, _ in rows):
            return Change(threads=frozenset({entry_id}))
        return shown_change(db, [discussion for _, discussion in moved])


# ---------------------------------------------------------------- within a transaction


def note(db: sqlite3.Connection, entry_id: int, refs: Iterable[DiscussionRef]) -> bool:
    """Keep where an entry is discussed and how many comments are declared; tells whether that changed anything."""
    changed = 0
    for ref in refs:
        if not (ref.url or ref.page_url):
            continue
        changed += db.execute(
            """INSERT INTO discussion (entry_id, kind, url, page_url, declared) VALUES (?, ?, ?, ?, ?)
            ON CONFLICT (entry_id, coalesce(nullif(url, ''), page_url)) DO UPDATE SET
                kind = excluded.kind, url = excluded.url,
                page_url = coalesce(nullif(excluded.page_url, ''), page_url),
                declared = coalesce(excluded.declared, declared)
            WHERE (kind, url) != (excluded.kind, excluded.url)
                OR (excluded.declared IS NOT NULL AND excluded.declared IS NOT declared)
                OR excluded.page_url NOT IN ('', page_url)""",
            (entry_id, ref.kind, ref.url, ref.page_url, ref.count),
        ).rowcount
    return changed > 0


def recount(db: sqlite3.Connection, discussion_ids: Collection[int]) -> None:
    """Bring the counts of these discussions up to date."""
    db.execute(
        """UPDATE discussion SET
            held = (SELECT count(*) FROM comment c WHERE c.discussion_id = discussion.id),
            new = (SELECT count(*) FROM comment c
                   WHERE c.discussion_id = discussion.id AND c.read = 0 AND c.id > discussion.visit_seq)
        WHERE id IN (SELECT value FROM json_each(?))""",
        (ids_json(discussion_ids),),
    )


def after_marks(db: sqlite3.Connection, comment_ids: Collection[int]) -> Change:
    """Recount where comments were marked; the change says which threads, entries and feeds that concerns."""
    rows = db.execute(
        "SELECT DISTINCT discussion_id FROM comment WHERE id IN (SELECT value FROM json_each(?))",
        (ids_json(comment_ids),),
    )
    concerned = [discussion for (discussion,) in rows]
    recount(db, concerned)
    return shown_change(db, concerned)


def shown_change(db: sqlite3.Connection, discussion_ids: Collection[int]) -> Change:
    """The change that makes everything be asked anew that shows something of these discussions."""
    rows = db.execute(
        """SELECT DISTINCT e.id, e.feed_id FROM discussion d JOIN entry e ON e.id = d.entry_id
        WHERE d.id IN (SELECT value FROM json_each(?))""",
        (ids_json(discussion_ids),),
    ).fetchall()
    entries = frozenset(entry for entry, _ in rows)
    return Change(feeds=frozenset(feed for _, feed in rows), entries=entries, threads=entries)


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
    )


def _insert(db: sqlite3.Connection, discussion_id: int, comment: ParsedComment, now: int) -> int:
    row = db.execute(
        f"""INSERT INTO comment (discussion_id, key, number, arrived, {", ".join(_MUTABLE)})
        VALUES (?, ?, ?, ?{", ?" * len(_MUTABLE)})""",
        (discussion_id, comment.key, comment.number, now, *_mutable(comment)),
    )
    comment_id = row.lastrowid or 0
    words.put_comment(db, comment_id, comment.author, comment.html, is_text=comment.is_text, known=False)
    return comment_id


def _update(db: sqlite3.Connection, comment_id: int, before: Sequence[Any], comment: ParsedComment) -> bool:
    after = _mutable(comment)
    if _SURENESS[comment.confidence] < _SURENESS[Confidence(before[1])]:
        after = (*before[:2], *after[2:])
    if tuple(before) == after:
        return False
    db.execute(
        f"UPDATE comment SET {', '.join(f'{column} = ?' for column in _MUTABLE)} WHERE id = ?",
        (*after, comment_id),
    )
    words.put_comment(db, comment_id, comment.author, comment.html, is_text=comment.is_text, known=True)
    return True


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
