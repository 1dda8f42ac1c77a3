"""Where entries are discussed: what is known of each place, what is new there, which of them are watched.

What is new is told by arrival, never by date: a comment's id grows over the whole library.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from tui_reader.errors import NotFound
from tui_reader.late import Late
from tui_reader.model import Change, Discussion, DiscussionRef, Visit, Watched
from tui_reader.store import journal, polls
from tui_reader.store.connect import reads, transaction
from tui_reader.store.journal import Edit, ids_json
from tui_reader.text import plural

if TYPE_CHECKING:
    from tui_reader.store import bulk
else:
    bulk = Late("tui_reader.store.bulk")

WATCHED_FOR = 30 * 86_400
"""Seconds for which the discussion of a new entry is watched where the feed's discussions all are."""
VISITS_KEPT = 20
"""Visits before the last one that are kept of each discussion."""

OF_ENTRY = """
    SELECT d.id FROM discussion d WHERE d.entry_id IN (
        SELECT :entry UNION
        SELECT x.id FROM entry e JOIN entry x ON x.address = e.address AND x.address != ''
        WHERE e.id = :entry AND e.address != '' AND x.feed_id NOT IN (SELECT id FROM feed WHERE removed_at IS NOT NULL))
"""
"""The discussions of an entry and of the same article in other feeds."""

_COLUMNS = f"""d.id, d.entry_id, d.kind, d.url, d.page_url, d.declared, d.held, d.new, d.visit_seq, d.complete,
    d.gap_at, d.watch_until, d.watch_key, d.watch_at, d.watch_why, d.declared_updated, d.name, {polls.selected("d")}"""


# ---------------------------------------------------------------- reading


@reads
def of_entry(db: sqlite3.Connection, entry_id: int) -> tuple[Discussion, ...]:
    """The places where an article is discussed: those that can be read first, and of these its own.

    The same article in another feed brings its discussions along; a place that both name is listed once.
    """
    rows = db.execute(
        f"""SELECT {_COLUMNS} FROM discussion d WHERE d.id IN ({OF_ENTRY})
        ORDER BY d.kind = 'page', d.entry_id != :entry, d.id""",
        {"entry": entry_id},
    )
    found: dict[str, Discussion] = {}
    for row in rows:
        one = _discussion(row)
        known = found.setdefault(one.url or one.page_url, one)
        if known is not one and (known.held, known.visit_seq or 0) < (one.held, one.visit_seq or 0):
            found[one.url or one.page_url] = one
    return tuple(found.values())


@reads
def watched(db: sqlite3.Connection, now: int) -> tuple[Watched, ...]:
    """Every discussion that is watched, with what its source must know of the entry."""
    rows = db.execute(
        f"""SELECT {_COLUMNS}, c.guid, e.url, e.sort_at, f.url FROM discussion d JOIN entry e ON e.id = d.entry_id
        JOIN content c ON c.entry_id = e.id JOIN feed f ON f.id = e.feed_id
        WHERE d.watch_until > ? AND d.url != '' AND f.removed_at IS NULL ORDER BY d.watch_at, d.id""",
        (now,),
    )
    return tuple(Watched(_discussion(row[:-4]), *row[-4:]) for row in rows)


@reads
def visits(db: sqlite3.Connection, discussion_id: int) -> tuple[Visit, ...]:
    """The visits before the last one, newest first."""
    rows = db.execute(
        """SELECT at, seq FROM visit WHERE discussion_id = ?1
        AND seq < (SELECT visit_seq FROM discussion WHERE id = ?1) ORDER BY id DESC""",
        (discussion_id,),
    )
    return tuple(Visit(at, seq) for at, seq in rows)


@reads
def last_asked(db: sqlite3.Connection, kind: str) -> int:
    """When a discussion of this kind was asked last, by whatever run of the program; 0 for never."""
    found: int = db.execute("SELECT coalesce(max(checked_at), 0) FROM discussion WHERE kind = ?", (kind,)).fetchone()[0]
    return found


def _discussion(row: tuple[Any, ...]) -> Discussion:
    number, entry_id, kind, url, page_url, declared, held, new, visit_seq, complete, gap_at, until, key, *rest = row
    watch_at, why, updated, name, *poll = rest
    return Discussion(
        number,
        entry_id,
        kind,
        url,
        page_url,
        declared,
        held,
        new,
        polls.state(poll),
        visit_seq,
        complete=bool(complete),
        gap_at=gap_at,
        watch_until=until,
        watch_key=key,
        watch_at=watch_at,
        watch_why=why,
        declared_updated=updated,
        name=name,
    )


# ---------------------------------------------------------------- writing


def visit(db: sqlite3.Connection, entry_id: int, *, now: int, discussion_id: int = 0) -> Change:
    """Note that a discussion of the entry, or for 0 all of them, was seen as it is now: only what arrives later is
    new. The visits before are kept, so that one can step back to what was new since then.

    A discussion that was never fetched cannot have been seen.
    """
    with transaction(db):
        rows = db.execute(
            f"""SELECT d.id, d.new, d.visit_seq, (SELECT max(id) FROM comment WHERE discussion_id = d.id)
            FROM discussion d WHERE d.id IN ({OF_ENTRY}) AND :one IN (0, d.id)
            AND (d.held > 0 OR d.checked_at IS NOT NULL)""",
            {"entry": entry_id, "one": discussion_id},
        ).fetchall()
        moved = [(last or 0, discussion) for discussion, _, seen, last in rows if seen != (last or 0)]
        if not moved:
            return Change()
        ids = [discussion for _, discussion in moved]
        db.executemany("UPDATE discussion SET visit_seq = ?, new = 0 WHERE id = ?", moved)
        _keep_visits(db, ids, now)
        if not any(new for _, new, _, _ in rows):
            return Change(threads=frozenset({entry_id}))
        return shown_change(db, ids)


def _keep_visits(db: sqlite3.Connection, discussion_ids: Collection[int], now: int) -> None:
    """The last visit is kept as well: the next one makes it an earlier one, and its time must be known by then."""
    ids = ids_json(discussion_ids)
    db.execute(
        """INSERT INTO visit (discussion_id, at, seq) SELECT id, ?, visit_seq FROM discussion
        WHERE id IN (SELECT value FROM json_each(?))""",
        (now, ids),
    )
    db.execute(
        f"""DELETE FROM visit WHERE discussion_id IN (SELECT value FROM json_each(?)) AND id NOT IN (
            SELECT id FROM visit kept WHERE kept.discussion_id = visit.discussion_id
            ORDER BY id DESC LIMIT {VISITS_KEPT + 1})""",
        (ids,),
    )


def noted(db: sqlite3.Connection, entry_id: int, refs: Iterable[DiscussionRef]) -> Change:
    """Keep discussions that were found elsewhere than in the entry's feed."""
    with transaction(db):
        return Change(threads=frozenset({entry_id})) if note(db, entry_id, refs) else Change()


def watch(db: sqlite3.Connection, discussion_id: int, *, until: int, now: int, key: str = "") -> Change:
    """Watch a discussion, or with a `key` only that comment and its replies. Raises NotFound when it is gone."""
    return _watch(db, discussion_id, until, key, "discussion watched" if not key else "replies watched", now)


def unwatch(db: sqlite3.Connection, discussion_id: int, *, now: int) -> Change:
    """Watch it no longer. Raises NotFound when it is gone."""
    return _watch(db, discussion_id, None, "", "discussion no longer watched", now)


def watch_entries(db: sqlite3.Connection, entry_ids: Collection[int], *, until: int | None, now: int) -> Change:
    """Watch of each entry the discussion that stands first, as one act, or for None watch none of theirs any longer.
    Those that are so already are not part of the act."""
    with transaction(db):
        changed: dict[tuple[int | None, str], list[int]] = {}
        for entry_id in entry_ids:
            places = [one for one in of_entry(db, entry_id) if one.url]
            for one in places[:1] if until is not None else places:
                watched = one.watch_until is not None
                if watched if until is None else not watched or one.watch_key:
                    changed.setdefault((one.watch_until, one.watch_key), []).append(one.id)
        made: list[Edit] = []
        for (was, key), found in changed.items():
            ids = tuple(dict.fromkeys(found))
            made.append(journal.make(db, Edit("discussion.watch_until", ids, was, until)))
            if key:
                made.append(journal.make(db, Edit("discussion.watch_key", ids, key, "")))
        if not made:
            return Change()
        concerned = frozenset(one for edit in made for one in edit.ids)
        label = f"{plural(len(concerned), 'discussion')} {'watched' if until is not None else 'no longer watched'}"
        journal.record(db, label, made, now)
        return replace(after_edits(db, concerned), label=label)


def _watch(db: sqlite3.Connection, discussion_id: int, until: int | None, key: str, label: str, now: int) -> Change:
    with transaction(db):
        row = db.execute("SELECT watch_until, watch_key FROM discussion WHERE id = ?", (discussion_id,)).fetchone()
        if row is None:
            raise NotFound("this discussion is gone: its feed was removed")
        edits = (
            Edit("discussion.watch_until", (discussion_id,), row[0], until),
            Edit("discussion.watch_key", (discussion_id,), row[1], key),
        )
        made = [journal.make(db, edit) for edit in edits if edit.old != edit.new]
        if not made:
            return Change()
        journal.record(db, label, made, now)
        return replace(after_edits(db, (discussion_id,)), label=label)


def end_watches(db: sqlite3.Connection, *, now: int) -> Change:
    """Watches end by themselves when their time is over."""
    with transaction(db):
        over = [row[0] for row in db.execute("SELECT id FROM discussion WHERE watch_until <= ?", (now,))]
        if not over:
            return Change()
        db.execute(
            """UPDATE discussion SET watch_until = NULL, watch_key = '', watch_at = NULL, watch_why = ''
            WHERE id IN (SELECT value FROM json_each(?))""",
            (ids_json(over),),
        )
        recount(db, over)
        return shown_change(db, over)


# ---------------------------------------------------------------- within a transaction


def note(db: sqlite3.Connection, entry_id: int, refs: Iterable[DiscussionRef]) -> bool:
    """Keep where an entry is discussed and how many comments are declared; tells whether that changed anything.

    What was known as a page only becomes the discussion that is found there. A watched discussion that grew, by its
    count or its date, is due at once: that cost no request.
    """
    changed = 0
    for ref in refs:
        if not ref.url and not ref.page_url:
            continue
        known = db.execute(
            """SELECT id FROM discussion WHERE entry_id = ?1 AND (
                (?2 != '' AND url = ?2) OR (page_url = ?3 AND ?3 != '' AND (?2 = '' OR url = '')))
            ORDER BY url != ?2 LIMIT 1""",
            (entry_id, ref.url, ref.page_url),
        ).fetchone()
        if known is None:
            changed += bulk.insert(db, "discussion", _NOTED, [_noted(entry_id, ref)])
        else:
            changed += _note_again(db, known[0], ref)
    return changed > 0


def note_new(db: sqlite3.Connection, places: Iterable[tuple[int, Sequence[DiscussionRef]]]) -> None:
    """Keep where entries are discussed, as (entry id, refs), of which nothing is known yet."""
    bulk.insert(db, "discussion", _NOTED, [_noted(entry_id, ref) for entry_id, refs in places for ref in _told(refs)])


def _told(refs: Sequence[DiscussionRef]) -> Iterable[DiscussionRef]:
    """Those that can be found, a page only where nothing better is told of it."""
    found = {ref.page_url for ref in refs if ref.url}
    return (ref for ref in refs if ref.url or (ref.page_url and ref.page_url not in found))


_NOTED = ("entry_id", "kind", "name", "url", "page_url", "declared", "declared_updated")


def _noted(entry_id: int, ref: DiscussionRef) -> tuple[object, ...]:
    return entry_id, ref.kind, ref.name, ref.url, ref.page_url, ref.count, ref.updated


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
            complete = iif(:count > held, 0, complete),
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


def follow_new(db: sqlite3.Connection, feed_id: int, entry_ids: Collection[int], *, until: int) -> None:
    """Watch the discussions of these new entries, if all discussions of their feed are to be watched."""
    db.execute(
        """UPDATE discussion SET watch_until = ? WHERE watch_until IS NULL AND url != ''
        AND entry_id IN (SELECT value FROM json_each(?)) AND EXISTS (SELECT 1 FROM feed WHERE id = ? AND follow = 1)""",
        (until, ids_json(entry_ids), feed_id),
    )


def recount(db: sqlite3.Connection, discussion_ids: Collection[int]) -> None:
    """Bring the counts of these discussions up to date. What is muted or the reader's own is never news; where only
    the replies to one comment are watched, nothing else is."""
    db.execute(
        """UPDATE discussion SET
            held = (SELECT count(*) FROM comment c WHERE c.discussion_id = discussion.id),
            new = (SELECT count(*) FROM comment c
                   WHERE c.discussion_id = discussion.id AND c.read = 0 AND c.quiet = 0 AND c.id > discussion.visit_seq)
        WHERE id IN (SELECT value FROM json_each(?))""",
        (ids_json(discussion_ids),),
    )
    db.execute(
        """UPDATE discussion SET new = (
            WITH RECURSIVE below(key) AS (
                SELECT discussion.watch_key UNION
                SELECT c.key FROM comment c JOIN below ON c.parent_key = below.key
                WHERE c.discussion_id = discussion.id)
            SELECT count(*) FROM comment c WHERE c.discussion_id = discussion.id AND c.read = 0 AND c.quiet = 0
                AND c.id > discussion.visit_seq AND c.key IN below)
        WHERE watch_key != '' AND new > 0 AND id IN (SELECT value FROM json_each(?))""",
        (ids_json(discussion_ids),),
    )


def after_edits(db: sqlite3.Connection, discussion_ids: Collection[int]) -> Change:
    """What follows from watching or watching no longer. An act that is taken back after its watch has ended by itself
    must not leave behind the comment whose replies were watched."""
    db.execute(
        """UPDATE discussion SET watch_key = '' WHERE watch_until IS NULL AND watch_key != ''
        AND id IN (SELECT value FROM json_each(?))""",
        (ids_json(discussion_ids),),
    )
    recount(db, discussion_ids)
    return shown_change(db, discussion_ids)


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
