"""Discussions and their comments.

Comments accumulate: one that a feed no longer shows stays. What is new is told by arrival, never by date.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from tui_reader.errors import NotFound
from tui_reader.model import (
    Change,
    Comment,
    Confidence,
    Discussion,
    DiscussionRef,
    ParsedComment,
    PollState,
    ThreadUpdate,
)
from tui_reader.parse.readable import strip
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
    "removed",
    "score",
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


def save(db: sqlite3.Connection, update: ThreadUpdate, *, now: int) -> Change:
    """Store what a look at a discussion brought: new comments are added, changed ones brought up to date (they stay
    read, and what they said before is kept), none is deleted. A parent once known is given up only for one that is at
    least as sure. Raises NotFound when the discussion is gone."""
    with transaction(db):
        entry_id, feed_id = _place(db, update.discussion_id)
        known = {
            row[0]: row[1:]
            for row in db.execute(
                f"SELECT key, id, {', '.join(_MUTABLE)} FROM comment WHERE discussion_id = ?", (update.discussion_id,)
            )
        }
        before, new, changed = set(known), 0, 0
        for comment in update.comments:
            if comment.key not in known:
                known[comment.key] = (_insert(db, update.discussion_id, comment, now), *_mutable(comment))
                new += 1
            elif not update.fill:
                comment_id, *stored = known[comment.key]
                changed += _update(db, comment_id, stored, comment, now)
        gone = set(update.deleted)
        if update.whole:
            gone |= before - {comment.key for comment in update.comments}
        changed += _remove(db, update.discussion_id, gone & before)
        _note_look(db, update)
        if new or changed:
            recount(db, (update.discussion_id,))
    touched = frozenset({entry_id})
    return Change(
        feeds=frozenset({feed_id}) if new else frozenset(),
        entries=touched if new else frozenset(),
        threads=touched,
        new_comments=new,
    )


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


def poll(db: sqlite3.Connection, discussion_id: int, state: PollState, watch_at: int | None, watch_why: str) -> Change:
    """Note how a look ended that brought no comments. Raises NotFound when the discussion is gone."""
    with transaction(db):
        entry_id, _ = _place(db, discussion_id)
        db.execute(
            f"UPDATE discussion SET {polls.SET}, watch_at = ?, watch_why = ? WHERE id = ?",
            (*polls.values(state), watch_at, watch_why, discussion_id),
        )
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


def noted(db: sqlite3.Connection, entry_id: int, refs: Iterable[DiscussionRef]) -> Change:
    """Keep discussions that were found elsewhere than in the entry's feed."""
    with transaction(db):
        return Change(threads=frozenset({entry_id})) if note(db, entry_id, refs) else Change()


# ---------------------------------------------------------------- within a transaction


def note(db: sqlite3.Connection, entry_id: int, refs: Iterable[DiscussionRef], *, fresh: bool = False) -> bool:
    """Keep where an entry is discussed and how many comments are declared; tells whether that changed anything.

    `fresh`: the entry is new, nothing is known of it. What was known as a page only becomes the discussion that is
    found there. A watched discussion that grew, by its count or its date, is due at once: that cost no request.
    """
    refs = tuple(ref for ref in refs if ref.url or ref.page_url)
    found = {ref.page_url for ref in refs if ref.url}
    changed = 0
    for ref in refs:
        if fresh:
            changed += _note_new(db, entry_id, ref) if ref.url or ref.page_url not in found else 0
            continue
        known = db.execute(
            """SELECT id FROM discussion WHERE entry_id = ?1 AND (
                (?2 != '' AND url = ?2) OR (page_url = ?3 AND ?3 != '' AND (?2 = '' OR url = '')))
            ORDER BY url != ?2 LIMIT 1""",
            (entry_id, ref.url, ref.page_url),
        ).fetchone()
        if known is None:
            changed += _note_new(db, entry_id, ref)
        else:
            changed += _note_again(db, known[0], ref)
    return changed > 0


def _note_new(db: sqlite3.Connection, entry_id: int, ref: DiscussionRef) -> int:
    return db.execute(
        """INSERT OR IGNORE INTO discussion (entry_id, kind, name, url, page_url, declared, declared_updated)
        VALUES (?, ?, ?, ?, ?, ?, ?)""",
        (entry_id, ref.kind, ref.name, ref.url, ref.page_url, ref.count, ref.updated),
    ).rowcount


def _note_again(db: sqlite3.Connection, discussion_id: int, ref: DiscussionRef) -> int:
    """A page that is named again says nothing of the discussion that was found there."""
    found = ref.url != ""
    return db.execute(
        """UPDATE OR IGNORE discussion SET
            kind = iif(:found, :kind, kind), name = iif(:found, :name, name), url = iif(:found, :url, url),
            page_url = coalesce(nullif(:page_url, ''), page_url),
            watch_at = iif(watch_until IS NOT NULL AND (:count > declared OR :updated > declared_updated), 0, watch_at),
            watch_why = iif(watch_until IS NOT NULL AND (:count > declared OR :updated > declared_updated),
                'its feed counts more comments', watch_why),
            declared = coalesce(:count, declared), declared_updated = coalesce(:updated, declared_updated)
        WHERE id = :id AND (
            (:found AND (kind, name, url) IS NOT (:kind, :name, :url))
            OR (:count IS NOT NULL AND :count IS NOT declared)
            OR (:updated IS NOT NULL AND :updated IS NOT declared_updated)
            OR :page_url NOT IN ('', page_url))""",
        {
            "id": discussion_id,
            "found": found,
            "kind": ref.kind,
            "name": ref.name,
            "url": ref.url,
            "page_url": ref.page_url,
            "count": ref.count,
            "updated": ref.updated,
        },
    ).rowcount


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
        int(comment.removed),
        comment.score,
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
        words.put_comment(db, comment_id, after["author"], after["html"], is_text=bool(after["is_text"]), known=True)
    return True


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
