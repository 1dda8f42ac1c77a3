"""Entries: lists of them, one with its body, and what a refresh brings."""

from __future__ import annotations

import json
import sqlite3
from array import array
from collections.abc import Callable, Collection, Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import msgspec

from tui_reader import urls
from tui_reader.errors import NotFound
from tui_reader.late import Late
from tui_reader.model import (
    Change,
    Counts,
    Enclosure,
    Entry,
    EntryRow,
    EntryUpdate,
    FeedUpdate,
    Order,
    ParsedEntry,
    Scope,
    StoredEntry,
    Version,
)
from tui_reader.parse.readable import strip
from tui_reader.rules import NONE, Rules
from tui_reader.store import discussions, feeds, full_text, index, mutes, polls, scopes, unread, words
from tui_reader.store import rules as in_force
from tui_reader.store.connect import reads, transaction
from tui_reader.store.journal import Edit, ids_json

if TYPE_CHECKING:
    from tui_reader.store import bulk
else:
    bulk = Late("tui_reader.store.bulk")

PIECE = 100_000
"""Characters of a list of ids that are taken over at once, in about a millisecond."""
MOST_VERSIONS = 10
"""Earlier versions of an entry that are kept."""

_ROWS = """
    SELECT e.id, e.feed_id, f.title, e.title, e.author, e.url, e.sort_at, e.published,
        e.id NOT IN (SELECT id FROM unread), e.starred, e.edited,
        (SELECT coalesce(nullif(sum(iif(kind = 'page', 0, iif(complete, held, max(coalesce(declared, 0), held)))), 0),
            max(declared)) FROM discussion WHERE entry_id = e.id),
        (SELECT sum(held) FROM discussion WHERE entry_id = e.id),
        (SELECT sum(new) FROM discussion WHERE entry_id = e.id),
        EXISTS (SELECT 1 FROM discussion WHERE entry_id = e.id AND watch_until IS NOT NULL)
"""


# ---------------------------------------------------------------- reading


@reads
def ids(
    db: sqlite3.Connection,
    scope: Scope,
    *,
    today_from: int,
    keep: Collection[int] = frozenset(),
    limit: int | None = None,
    now: int | None = None,
    once: bool = False,
    order: Order = scopes.NEWEST,
    beginning: Callable[[str, str], str] | None = None,
) -> array[int]:
    """The ids of a scope in an order; with `once` an article of several feeds is listed once (see `scopes.query`).

    `today_from` is the start of the user's day; ages in a filter count from `now`, or from there. `keep` are ids that
    stay in a list of unread entries, or of those with news, although they were read meanwhile. `beginning` is that of
    `finding`, where somebody has asked it already. Raises QueryFault for a faulty filter.
    """
    if beginning is None and scope.kind == "search":
        beginning = partial(words.beginning, db)
    found = array("q")
    for part in scopes.parts(scope, order):
        left = None if limit is None else limit - len(found)
        if left != 0:
            asked = scopes.query(
                scope,
                today_from=today_from,
                keep=keep,
                limit=left,
                now=now,
                once=once,
                order=order,
                part=part,
                beginning=beginning,
            )
            found.extend(_listed(db, *asked))
    return found


def _listed(db: sqlite3.Connection, query: str, values: dict[str, object]) -> array[int]:
    """The ids, as one text that SQLite makes and msgspec takes apart: a million rows that came one by one would keep
    the interpreter from drawing for most of a second."""
    (joined,) = db.execute(f"SELECT group_concat(id) FROM ({query})", values).fetchone()
    found, begun = array("q"), 0
    while joined and begun < len(joined):
        end = joined.find(",", begun + PIECE)
        end = len(joined) if end < 0 else end
        found.extend(msgspec.json.decode(f"[{joined[begun:end]}]", type=list[int]))
        begun = end + 1
    return found


@reads
def first(
    db: sqlite3.Connection,
    scope: Scope,
    *,
    today_from: int,
    keep: Collection[int] = frozenset(),
    limit: int = 200,
    now: int | None = None,
    once: bool = False,
    order: Order = scopes.NEWEST,
) -> tuple[EntryRow, ...]:
    """The first rows of a scope; see `ids`."""
    return opening(
        db, scope, today_from=today_from, keep=keep, limit=limit, most=limit, now=now, once=once, order=order
    )[1]


@reads
def opening(
    db: sqlite3.Connection, /, scope: Scope, *, limit: int, most: int | None, **asked: Any
) -> tuple[array[int], tuple[EntryRow, ...]]:
    """The first `most` ids of a scope, or all, and the rows of the first `limit`; see `ids` for what else is asked."""
    found = ids(db, scope, limit=most, **asked)
    return found, rows(db, found[:limit])


@reads
def twins(db: sqlite3.Connection, ids: Collection[int]) -> frozenset[int]:
    """These entries and the same articles in other feeds."""
    found = db.execute(
        """SELECT twin.id FROM json_each(?) wanted JOIN entry e ON e.id = wanted.value
        JOIN entry twin ON twin.address = e.address AND twin.address != ''""",
        (ids_json(ids),),
    )
    return frozenset(ids) | {twin for (twin,) in found}


@reads
def rows(db: sqlite3.Connection, ids: Sequence[int]) -> tuple[EntryRow, ...]:
    """The rows with these ids, in this order; ids that are gone are left out."""
    found = db.execute(
        f"""{_ROWS} FROM json_each(?) wanted CROSS JOIN entry e ON e.id = wanted.value
        JOIN feed f ON f.id = e.feed_id WHERE f.removed_at IS NULL ORDER BY wanted.key""",
        (ids_json(ids),),
    )
    return tuple(_row(row) for row in found)


@reads
def entry(db: sqlite3.Connection, entry_id: int) -> Entry:
    """An entry with its body; raises NotFound."""
    row = db.execute(
        f"""{_ROWS}, e.arrived, c.guid, c.updated, c.html, c.is_text, c.base, c.tags, c.enclosures, c.comments_url,
            place.letters,
            (SELECT json_group_array(tag) FROM tagging WHERE entry_id = e.id AND removed_at IS NULL),
            t.url, t.html, t.fetched_at, t.error, t.shown
        FROM entry e JOIN feed f ON f.id = e.feed_id JOIN content c ON c.entry_id = e.id
        LEFT JOIN place ON place.entry_id = e.id LEFT JOIN full_text t ON t.entry_id = e.id
        WHERE e.id = ? AND f.removed_at IS NULL""",
        (entry_id,),
    ).fetchone()
    if row is None:
        raise NotFound(f"there is no entry number {entry_id}")
    arrived, guid, updated, html, is_text, base, tags, enclosures, comments_url, place, own_tags, *taken = row[15:]
    return Entry(
        row=_row(row),
        guid=guid,
        updated=updated,
        arrived=arrived,
        html=html,
        is_text=bool(is_text),
        base=base,
        tags=tuple(json.loads(tags)),
        enclosures=tuple(Enclosure(*enclosure) for enclosure in json.loads(enclosures)),
        comments_url=comments_url,
        full=full_text.taken(taken),
        place=place or 0,
        own_tags=tuple(sorted(json.loads(own_tags))),
    )


@reads
def versions(db: sqlite3.Connection, entry_id: int) -> tuple[Version, ...]:
    """What an entry said before it was changed, oldest first."""
    rows = db.execute(
        "SELECT seen_at, title, html, is_text FROM content_edit WHERE entry_id = ? ORDER BY id", (entry_id,)
    )
    return tuple(Version(seen_at, title, html, bool(is_text)) for seen_at, title, html, is_text in rows)


@reads
def counts(db: sqlite3.Connection, *, today_from: int) -> Counts:
    """Totals of the smart feeds; `today_from` is the start of the user's day."""
    # CROSS JOIN keeps the order: from the few discussions to their entries, not from every entry to its discussions.
    row = db.execute(
        f"""SELECT
            (SELECT coalesce(sum(entries), 0) FROM feed WHERE removed_at IS NULL AND hidden = 0)
                - (SELECT count(*) FROM entry WHERE hidden + muted > 0 AND {scopes.IN_SIGHT}),
            (SELECT coalesce(sum(unread), 0) FROM feed JOIN feed_count ON feed_id = feed.id
             WHERE removed_at IS NULL AND hidden = 0),
            (SELECT count(*) FROM entry WHERE starred = 1 AND {scopes.SUBSCRIBED} AND {scopes.SHOWN}),
            (SELECT count(*) FROM entry WHERE sort_at >= ? AND {scopes.IN_SIGHT} AND {scopes.SHOWN}),
            (SELECT coalesce(sum(new), 0) FROM discussion CROSS JOIN entry ON entry.id = entry_id
             WHERE new > 0 AND {scopes.SUBSCRIBED} AND {scopes.SHOWN}),
            (SELECT count(DISTINCT entry_id) FROM discussion CROSS JOIN entry ON entry.id = entry_id
             WHERE watch_until IS NOT NULL AND {scopes.SUBSCRIBED} AND {scopes.SHOWN}),
            (SELECT coalesce(sum(new), 0) FROM discussion CROSS JOIN entry ON entry.id = entry_id
             WHERE watch_until IS NOT NULL AND {scopes.SUBSCRIBED} AND {scopes.SHOWN}),
            (SELECT count(DISTINCT entry_id) FROM discussion CROSS JOIN entry ON entry.id = entry_id
             WHERE new > 0 AND {scopes.SUBSCRIBED} AND {scopes.SHOWN})""",
        (today_from,),
    ).fetchone()
    return Counts(*row)


@reads
def stored(db: sqlite3.Connection, feed_id: int, parsed: Iterable[ParsedEntry]) -> tuple[StoredEntry, ...]:
    """The feed's entries that share a key, or an address in comparable form, with what was parsed."""
    keys, addresses = set(), set()
    for one in parsed:
        keys.add(one.key)
        addresses.add(_address(one.url))
    columns = "SELECT id, key, url, hash, published FROM entry WHERE feed_id = ?"
    found = db.execute(
        f"""{columns} AND key IN (SELECT value FROM json_each(?))
        UNION {columns} AND address != '' AND address IN (SELECT value FROM json_each(?))""",
        (feed_id, _texts_json(keys), feed_id, _texts_json(addresses)),
    )
    return tuple(StoredEntry(*row) for row in found)


def forgotten(db: sqlite3.Connection, feed_id: int) -> frozenset[str]:
    """The keys of the feed's entries that were deleted to keep fewer: they do not come back."""
    return frozenset(key for (key,) in db.execute("SELECT key FROM forgotten WHERE feed_id = ?", (feed_id,)))


def _row(row: Sequence[Any]) -> EntryRow:
    (number, feed_id, feed_title, title, author, url, sort_at, published, read, starred, edited) = row[:11]
    declared, held, new, watched = row[11:15]
    return EntryRow(
        id=number,
        feed_id=feed_id,
        feed_title=feed_title,
        title=title,
        author=author,
        url=url,
        sort_at=sort_at,
        published=published,
        read=bool(read),
        starred=bool(starred),
        edited=bool(edited),
        comments=declared,
        comments_stored=held or 0,
        comments_new=new or 0,
        watched=bool(watched),
    )


# ---------------------------------------------------------------- writing


def merge(
    db: sqlite3.Connection,
    feed_id: int,
    parsed: Sequence[ParsedEntry],
    decided: Callable[[tuple[ParsedEntry, ...], Sequence[StoredEntry]], FeedUpdate],
    *,
    now: int,
    rules: Rules = NONE,
) -> tuple[Change, str]:
    """Look up what is stored of a document's entries and save what is `decided` of them, in one visit to the thread
    that writes; those that were deleted to keep fewer are passed over. The change, and the fault that the feed is told
    to have."""
    gone = forgotten(db, feed_id)
    listed = tuple(one for one in parsed if one.key not in gone)
    update = decided(listed, stored(db, feed_id, listed))
    return save(db, update, now=now, rules=rules), update.fault


def save(db: sqlite3.Connection, update: FeedUpdate, *, now: int, rules: Rules = NONE) -> Change:
    """Store all that one good answer of a feed brought, and do what the rules say with what is new.

    An entry that changed keeps its place in time, its state and its star. A feed that was removed while it was
    fetched stays removed, and nothing is stored.
    """
    with transaction(db):
        if not _save_feed(db, update):
            return Change()
        new = insert(db, update.feed_id, [one for one in update.entries if one.id is None], now)
        discussions.note_new(db, [(entry_id, parsed.discussions) for entry_id, parsed in new.items()])
        changed = [(one.id, one) for one in update.entries if one.id is not None]
        for entry_id, one in changed:
            discussions.note(db, entry_id, one.parsed.discussions)
            _update(db, entry_id, one, now)
        worded = new.keys() | {entry_id for entry_id, _ in changed}
        index.want_entries(db, worded)
        noted = {entry_id for entry_id, refs in update.refs if discussions.note(db, entry_id, refs)}
        if new:
            discussions.follow_new(db, update.feed_id, new, until=now + discussions.WATCHED_FOR)
        db.execute("UPDATE feed SET entries = entries + ? WHERE id = ?", (len(new), update.feed_id))
        renamed = feeds.retitle(db, (update.feed_id,))
        looked_at = bool(new) and (bool(rules.rules) or mutes.silence_entries(db, now=now))
        texts = [(number, one.title, one.author, _words(one)) for number, one in new.items()] if looked_at else []
        mutes.silence_new(db, texts, now=now)
        fired = in_force.apply_to_entries(db, rules, texts, now=now)
    return Change(
        feeds=frozenset({update.feed_id}),
        entries=frozenset(worded | noted),
        new_entries=len(new),
        changed_entries=sum(one.edited for _, one in changed),
        subscriptions=renamed,
        fired=fired,
    )


def _save_feed(db: sqlite3.Connection, update: FeedUpdate) -> bool:
    """What the document says of the feed itself; a title or site it no longer names is kept."""
    done = db.execute(
        f"""UPDATE feed SET feed_title = coalesce(nullif(?, ''), feed_title),
            site_url = coalesce(nullif(?, ''), site_url), fault = ?, {polls.SET}
        WHERE id = ? AND removed_at IS NULL""",
        (update.title, update.site_url, update.fault, *polls.values(update.poll), update.feed_id),
    )
    if done.rowcount and update.url:
        # Moved to where another subscription points: both stay as they are, merging is the user's to decide.
        db.execute("UPDATE OR IGNORE feed SET url = ? WHERE id = ?", (update.url, update.feed_id))
    return done.rowcount > 0


def insert(db: sqlite3.Connection, feed_id: int, new: Sequence[EntryUpdate], now: int) -> dict[int, ParsedEntry]:
    """Store new entries in this order, within a transaction: they by their ids, without those that the feed has
    already."""
    if not new:
        return {}
    (last,) = db.execute("SELECT coalesce(max(id), 0) FROM entry").fetchone()
    bulk.insert(db, "entry", _COLUMNS, [_values(feed_id, one, now) for one in new])
    # The plus keeps the planner from walking all of the feed for a few rows at the table's end.
    found = db.execute("SELECT json_group_object(key, id) FROM entry WHERE id > ? AND +feed_id = ?", (last, feed_id))
    ids: dict[str, int] = json.loads(found.fetchone()[0])
    stored = {ids[one.parsed.key]: one.parsed for one in new if one.parsed.key in ids}
    arrived = {ids[one.parsed.key]: one.sort_at for one in new if one.parsed.key in ids and not one.read}
    unread.arrive(db, feed_id, tuple(arrived.items()))
    bulk.insert(
        db, "content", ("entry_id", *_CONTENT), [(entry_id, *_content(parsed)) for entry_id, parsed in stored.items()]
    )
    return stored


_COLUMNS = (
    "feed_id",
    "key",
    "url",
    "address",
    "title",
    "author",
    "published",
    "sort_at",
    "arrived",
    "hash",
)


def _values(feed_id: int, new: EntryUpdate, now: int) -> tuple[object, ...]:
    parsed = new.parsed
    return (
        feed_id,
        parsed.key,
        parsed.url,
        _address(parsed.url),
        parsed.title,
        parsed.author,
        parsed.published,
        new.sort_at,
        now,
        new.hash,
    )


def _update(db: sqlite3.Connection, entry_id: int, changed: EntryUpdate, now: int) -> None:
    parsed = changed.parsed
    if changed.edited and _keep_version(db, entry_id, parsed, now):
        query = "SELECT 1 FROM entry JOIN feed ON feed.id = feed_id WHERE entry.id = ? AND edits_unread = 1"
        if db.execute(query, (entry_id,)).fetchone():
            unread.mark(db, (entry_id,), False)
    db.execute(
        """UPDATE entry SET url = ?, address = ?, title = ?, author = ?, published = ?, hash = ?,
            edited = max(edited, ?) WHERE id = ?""",
        (
            parsed.url,
            _address(parsed.url),
            parsed.title,
            parsed.author,
            parsed.published,
            changed.hash,
            int(changed.edited),
            entry_id,
        ),
    )
    # Two entries that become one in a later document: the second keeps the key it had.
    db.execute("UPDATE OR IGNORE entry SET key = ? WHERE id = ? AND key != ?", (parsed.key, entry_id, parsed.key))
    db.execute(
        f"UPDATE content SET {', '.join(f'{column} = ?' for column in _CONTENT)} WHERE entry_id = ?",
        (*_content(parsed), entry_id),
    )


def _keep_version(db: sqlite3.Connection, entry_id: int, parsed: ParsedEntry, now: int) -> bool:
    """Keep what the entry said until now, where a reader sees the difference, and tell whether he does; the last few
    versions are kept."""
    query = "SELECT title, html, is_text FROM entry JOIN content ON entry_id = id WHERE id = ?"
    title, html, is_text = db.execute(query, (entry_id,)).fetchone()
    before = html if is_text else strip(html)
    if title == parsed.title and before.split() == _words(parsed).split():
        return False
    db.execute(
        "INSERT INTO content_edit (entry_id, seen_at, title, html, is_text) VALUES (?, ?, ?, ?, ?)",
        (entry_id, now, title, html, is_text),
    )
    db.execute(
        """DELETE FROM content_edit WHERE entry_id = ? AND id NOT IN
            (SELECT id FROM content_edit WHERE entry_id = ? ORDER BY id DESC LIMIT ?)""",
        (entry_id, entry_id, MOST_VERSIONS),
    )
    return True


def after_moves(db: sqlite3.Connection, moved: Edit) -> Change:
    """What follows when entries went from one feed to another: both are counted anew."""
    both = frozenset(feed for feed in (moved.old, moved.new) if isinstance(feed, int))
    concerned = "id IN (SELECT value FROM json_each(?))"
    db.execute(
        f"UPDATE feed SET entries = (SELECT count(*) FROM entry WHERE feed_id = feed.id) WHERE {concerned}",
        (ids_json(both),),
    )
    unread.count(db, ids_json(both))
    return Change(feeds=both, entries=frozenset(moved.ids))


def keep_place(db: sqlite3.Connection, entry_id: int, letters: int) -> Change:
    """Remember how far an entry was read; 0 forgets it."""
    with transaction(db):
        db.execute("DELETE FROM place WHERE entry_id = ?", (entry_id,))
        if letters:
            db.execute("INSERT INTO place SELECT id, ? FROM entry WHERE id = ?", (letters, entry_id))
    return Change()


def _words(parsed: ParsedEntry) -> str:
    """The readable words of the body."""
    return parsed.html if parsed.is_text else strip(parsed.html)


_json = json.JSONEncoder(ensure_ascii=False).encode
"""`json.dumps` makes a new encoder at every call."""
_CONTENT = ("guid", "updated", "html", "is_text", "base", "tags", "enclosures", "comments_url")


def _content(parsed: ParsedEntry) -> tuple[object, ...]:
    enclosures = [(one.url, one.type, one.length) for one in parsed.enclosures]
    return (
        parsed.guid,
        parsed.updated,
        parsed.html,
        int(parsed.is_text),
        parsed.base,
        _json(parsed.tags) if parsed.tags else "[]",
        _json(enclosures) if enclosures else "[]",
        parsed.comments_url,
    )


def _address(url: str) -> str:
    return urls.canonical(url) if url else ""


def _texts_json(texts: Collection[str]) -> str:
    return _json(list(texts))
