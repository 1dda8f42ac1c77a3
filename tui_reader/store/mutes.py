"""Mutes: an author, on one site or everywhere, or a comment with all its replies; the articles of an author or with a
word. What is muted is never news, and a muted article is in no list.

A mute is a row that an undo can lift again, and it ends by itself. What follows from all mutes stands with each
comment as `quiet`, so that lists and counts need not know of them.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Sequence

from msgspec.structs import replace

from tui_reader import urls
from tui_reader.errors import BadInput, NotFound
from tui_reader.model import Change, Mute
from tui_reader.query import Query, Words
from tui_reader.store import discussions, journal, words
from tui_reader.store.connect import reads, transaction
from tui_reader.store.journal import Edit, ids_json
from tui_reader.store.query import Ground
from tui_reader.store.query import compile as condition_of

OWN_NAMES = "own names"
"""The setting that holds under which names the reader writes."""
_IN_FORCE = "m.removed_at IS NULL AND (m.expires_at IS NULL OR m.expires_at > :now)"


@reads
def mutes(db: sqlite3.Connection, now: int) -> tuple[Mute, ...]:
    """The mutes in force, the youngest first."""
    rows = db.execute(
        f"""SELECT m.id, m.author, m.host, coalesce(m.discussion_id, 0), m.key, coalesce(e.title, ''), m.made_at,
            m.expires_at, m.entry_author, m.word
        FROM mute m LEFT JOIN discussion d ON d.id = m.discussion_id LEFT JOIN entry e ON e.id = d.entry_id
        WHERE {_IN_FORCE} ORDER BY m.id DESC""",
        {"now": now},
    )
    return tuple(Mute(*row) for row in rows)


def mute_author(db: sqlite3.Connection, author: str, host: str, *, expires_at: int | None, now: int) -> Change:
    """Mute what this author says on a host, everywhere for ""."""
    where = f"on {host}" if host else "everywhere"
    return _mute(db, author, host, None, "", f"{author} muted {where}", expires_at, now)


def mute_thread(
    db: sqlite3.Connection,
    discussion_id: int,
    key: str,
    *,
    expires_at: int | None,
    now: int,
) -> Change:
    """Mute a comment and its replies, those to come as well. Raises NotFound when the discussion is gone."""
    return _mute(db, "", "", discussion_id, key, "thread muted", expires_at, now)


def mute_entries(
    db: sqlite3.Connection, *, author: str = "", word: str = "", expires_at: int | None, now: int
) -> Change:
    """Mute the entries by an author, or those with a word in the title, or in the text where there is no title; those
    to come as well. They are in no list and no count. Raises BadInput for what is no word."""
    if not author and not words.term(word):
        raise BadInput("there is no word in this to be muted")
    label = f"articles by {author} muted" if author else f"articles with “{word}” muted"
    return _mute(db, "", "", None, "", label, expires_at, now, entry_author=author, word=word)


def own(db: sqlite3.Connection, names: Collection[str], *, now: int) -> Change:
    """Note under which names the reader writes; what they say is no news. Names that are noted already cost no lock."""
    written = json.dumps(sorted(names), ensure_ascii=False)
    row = db.execute("SELECT value FROM setting WHERE key = ?", (OWN_NAMES,)).fetchone()
    if (row[0] if row else "[]") == written:
        return Change()
    with transaction(db):
        db.execute("INSERT OR REPLACE INTO setting (key, value) VALUES (?, ?)", (OWN_NAMES, written))
        rows = db.execute(
            """SELECT DISTINCT discussion_id FROM comment
            WHERE quiet = 2 OR author IN (SELECT value FROM json_each(?))""",
            (written,),
        )
        concerned = [discussion for (discussion,) in rows]
        apply(db, concerned, now=now)
        discussions.recount(db, concerned)
        return discussions.shown_change(db, concerned)


def lift(db: sqlite3.Connection, mute_id: int, *, now: int) -> Change:
    """End a mute."""
    with transaction(db):
        made = journal.make(db, Edit("mute.removed_at", (mute_id,), None, now))
        if not made.ids:
            return Change()
        journal.record(db, "mute lifted", [made], now)
        return replace(after_edits(db, made.ids, now=now), label="mute lifted")


def end(db: sqlite3.Connection, *, now: int) -> Change:
    """Mutes end by themselves when their time is over; so do those that were lifted longer ago than can be undone."""
    with transaction(db):
        over = [row[0] for row in db.execute("SELECT id FROM mute WHERE expires_at <= ?", (now,))]
        change = Change()
        if over:
            db.execute(
                "UPDATE mute SET removed_at = ? WHERE id IN (SELECT value FROM json_each(?))", (now, ids_json(over))
            )
            change = after_edits(db, over, now=now)
            db.execute("DELETE FROM mute WHERE id IN (SELECT value FROM json_each(?))", (ids_json(over),))
        db.execute("DELETE FROM mute WHERE removed_at < ?", (now - journal.KEPT,))
        return change


def _mute(
    db: sqlite3.Connection,
    author: str,
    host: str,
    discussion_id: int | None,
    key: str,
    label: str,
    expires_at: int | None,
    now: int,
    *,
    entry_author: str = "",
    word: str = "",
) -> Change:
    """The row is made lifted and then put in force by an edit, so that the journal can take it back. It takes the
    place of a mute of the same, so that there is one to lift."""
    with transaction(db):
        if discussion_id and not db.execute("SELECT 1 FROM discussion WHERE id = ?", (discussion_id,)).fetchone():
            raise NotFound("this discussion is gone: its feed was removed")
        same = db.execute(
            """SELECT id FROM mute WHERE removed_at IS NULL
            AND (author, host, coalesce(discussion_id, 0), key, entry_author, word) = (?, ?, ?, ?, ?, ?)""",
            (author, host, discussion_id or 0, key, entry_author, word),
        )
        before = tuple(mute_id for (mute_id,) in same)
        made = db.execute(
            """INSERT INTO mute (author, host, discussion_id, key, made_at, expires_at, removed_at, entry_author, word)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)""",
            (author, host, discussion_id, key, now, expires_at, now, entry_author, word),
        )
        edits = [journal.make(db, Edit("mute.removed_at", (made.lastrowid or 0,), now, None))]
        if before:
            edits.append(journal.make(db, Edit("mute.removed_at", before, None, now)))
        journal.record(db, label, edits, now)
        return replace(after_edits(db, edits[0].ids, now=now), label=label)


# ---------------------------------------------------------------- within a transaction


def silence_entries(db: sqlite3.Connection, *, now: int) -> bool:
    """Whether a mute in force speaks of entries."""
    return bool(_silenced(db, Ground(), now)[0])


def silence_new(db: sqlite3.Connection, texts: Sequence[tuple[int | str, ...]], *, now: int) -> None:
    """Mute those of the entries that have just arrived, rows of id, title, author and words, which a mute speaks of."""
    if not texts:
        return
    condition, values = _silenced(db, Ground(entries="arrived_words", few=True, indexed=True), now)
    if condition:
        words.lay_out(db, "arrived_words", texts)
        db.execute(
            f"UPDATE entry SET muted = 1 WHERE id IN (SELECT value FROM json_each(:ids)) AND ({condition})",
            values | {"ids": ids_json([int(row[0]) for row in texts])},
        )


def _settle_entries(db: sqlite3.Connection, *, now: int) -> Change:
    """Bring up to date which of all entries are muted."""
    condition, values = _silenced(db, Ground(indexed=True), now)
    wanted = {row[0] for row in db.execute(f"SELECT id FROM entry WHERE {condition or '0'}", values)}
    rows = db.execute("SELECT id FROM entry WHERE hidden + muted > 0 AND muted = 1")
    muted = {row[0] for row in rows}
    for value, ids in ((1, wanted - muted), (0, muted - wanted)):
        db.execute(
            "UPDATE entry SET muted = ? WHERE id IN (SELECT value FROM json_each(?))", (value, ids_json(sorted(ids)))
        )
    changed = wanted ^ muted
    feeds = db.execute(
        "SELECT DISTINCT feed_id FROM entry WHERE id IN (SELECT value FROM json_each(?))", (ids_json(sorted(changed)),)
    )
    return Change(feeds=frozenset(feed for (feed,) in feeds), entries=frozenset(changed))


def _silenced(db: sqlite3.Connection, ground: Ground, now: int) -> tuple[str, dict[str, object]]:
    """The condition that an entry fulfils which a mute in force speaks of, "" when there is no such mute."""
    rows = db.execute(
        f"SELECT m.id, m.entry_author, m.word FROM mute m WHERE (m.entry_author != '' OR m.word != '') AND {_IN_FORCE}",
        {"now": now},
    ).fetchall()
    ways: list[str] = []
    values: dict[str, object] = {}
    for number, author, word in rows:
        if author:
            ways.append(f"entry.author = :author{number}")
            values[f"author{number}"] = author
            continue
        for field, only in (("title", "1"), ("text", "entry.title = ''")):
            asked = Query(Words(field, word, phrase=True), now)
            condition, bound = condition_of(asked, f"{field}{number}_", ground)
            ways.append(f"({only} AND {condition})")
            values |= bound
    return " OR ".join(ways), values


def after_edits(db: sqlite3.Connection, mute_ids: Collection[int], *, now: int) -> Change:
    """Bring every discussion up to date that these mutes, in force or not, speak of, and the entries if they do."""
    of_entries = db.execute(
        """SELECT 1 FROM mute WHERE id IN (SELECT value FROM json_each(?)) AND (entry_author != '' OR word != '')""",
        (ids_json(mute_ids),),
    ).fetchone()
    if of_entries:
        return _settle_entries(db, now=now)
    rows = db.execute(
        """SELECT DISTINCT c.discussion_id FROM mute m JOIN comment c
        ON (m.author != '' AND c.author = m.author) OR (m.key != '' AND c.discussion_id = m.discussion_id)
        WHERE m.id IN (SELECT value FROM json_each(?))""",
        (ids_json(mute_ids),),
    )
    concerned = [discussion for (discussion,) in rows]
    apply(db, concerned, now=now)
    discussions.recount(db, concerned)
    return discussions.shown_change(db, concerned)


def after_names(db: sqlite3.Connection, feed_ids: Collection[int], *, now: int) -> Change:
    """Bring the discussions of feeds up to date in which the reader has another name."""
    rows = db.execute(
        """SELECT d.id FROM discussion d JOIN entry e ON e.id = d.entry_id
        WHERE d.held > 0 AND e.feed_id IN (SELECT value FROM json_each(?))""",
        (ids_json(feed_ids),),
    )
    concerned = [discussion for (discussion,) in rows]
    apply(db, concerned, now=now)
    discussions.recount(db, concerned)
    return discussions.shown_change(db, concerned)


def apply(db: sqlite3.Connection, discussion_ids: Collection[int], *, now: int) -> None:
    """Set what is quiet in these discussions: 1 muted, 2 the reader's own, else 0."""
    rows = db.execute(
        """SELECT d.id, coalesce(nullif(d.url, ''), d.page_url), f.my_name FROM discussion d
        JOIN entry e ON e.id = d.entry_id JOIN feed f ON f.id = e.feed_id
        WHERE d.id IN (SELECT value FROM json_each(?))""",
        (ids_json(discussion_ids),),
    )
    places = [(discussion, urls.host(address), name) for discussion, address, name in rows]
    db.execute(
        f"""WITH RECURSIVE
            place(id, host, own) AS (
                SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]'), json_extract(value, '$[2]')
                FROM json_each(:places)),
            below(discussion_id, key) AS (
                SELECT m.discussion_id, m.key FROM mute m
                WHERE m.key != '' AND m.discussion_id IN (SELECT id FROM place) AND {_IN_FORCE}
                UNION
                SELECT c.discussion_id, c.key FROM comment c JOIN below
                ON c.discussion_id = below.discussion_id AND c.parent_key = below.key),
            quiet(id, why) AS (
                SELECT c.id, CASE
                    WHEN c.author != '' AND c.author IN (
                        SELECT own.value FROM setting, json_each(setting.value) own WHERE setting.key = :own) THEN 2
                    WHEN c.author != '' AND c.author = place.own THEN 2
                    WHEN (c.discussion_id, c.key) IN below THEN 1
                    WHEN EXISTS (
                        SELECT 1 FROM mute m WHERE m.author = c.author AND m.author != '' AND {_IN_FORCE}
                        AND m.host IN ('', place.host)) THEN 1
                    ELSE 0 END
                FROM comment c JOIN place ON place.id = c.discussion_id)
        UPDATE comment SET quiet = (SELECT why FROM quiet WHERE quiet.id = comment.id)
        WHERE id IN (SELECT quiet.id FROM quiet JOIN comment c ON c.id = quiet.id WHERE c.quiet != quiet.why)""",
        {"places": json.dumps(places), "own": OWN_NAMES, "now": now},
    )
