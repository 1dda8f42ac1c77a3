"""Feeds, entries and comments in a few words, for the tests of the store."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from msgspec.structs import replace

from tui_reader.model import (
    Change,
    Confidence,
    DiscussionRef,
    EntryUpdate,
    FeedUpdate,
    ParsedComment,
    ParsedEntry,
    PollState,
    Scope,
    ThreadUpdate,
)
from tui_reader.refresh.decide import fingerprint
from tui_reader.store import comments, discussions, entries, feeds, index

NOW = 1_700_000_000
ALL, UNREAD, STARRED, TODAY = Scope("all"), Scope("unread"), Scope("starred"), Scope("today")


def post(key: str, title: str = "", html: str = "", **more: object) -> ParsedEntry:
    entry = ParsedEntry(
        key=key, guid=key, url=f"https://example.org/{key}", title=title or key, html=html or f"<p>{key}</p>"
    )
    return replace(entry, **more)  # type: ignore[arg-type]


def with_comments(key: str, count: int | None = None) -> ParsedEntry:
    return post(key, discussions=(DiscussionRef("feed", f"https://example.org/{key}/feed", "", count),))


def new(entry: ParsedEntry, at: int = NOW) -> EntryUpdate:
    return EntryUpdate(None, entry, at, fingerprint(entry))


def changed(entry_id: int, entry: ParsedEntry, *, edited: bool = True) -> EntryUpdate:
    return EntryUpdate(entry_id, entry, NOW + 9_999, fingerprint(entry), edited)


def arrive(
    db: sqlite3.Connection, feed_id: int, *updates: EntryUpdate, title: str = "", url: str = "", now: int = NOW
) -> Change:
    change = entries.save(db, FeedUpdate(feed_id, title, "", "", PollState(), updates, url=url), now=now)
    indexed(db)
    return change


def indexed(db: sqlite3.Connection) -> None:
    """Let the full-text index catch up."""
    while index.fill(db):
        pass


def shelf(db: sqlite3.Connection, *keys: str, feed: str = "example.org", folder: str = "") -> int:
    """A feed with an entry for each key, the last one the newest; returns the feed's id."""
    feed_id = feeds.add(db, url=f"https://{feed}/feed", folder=folder, now=NOW)
    arrive(db, feed_id, *(new(post(key), NOW + number) for number, key in enumerate(keys)))
    return feed_id


def listed(db: sqlite3.Connection, scope: Scope = ALL, **asked: object) -> list[str]:
    """The titles of a scope."""
    rows = entries.first(db, scope, **{"today_from": NOW, "limit": 1000, **asked})  # type: ignore[arg-type]
    return [row.title for row in rows]


def id_of(db: sqlite3.Connection, title: str) -> int:
    found: int = db.execute("SELECT id FROM entry WHERE title = ?", (title,)).fetchone()[0]
    return found


def say(key: str, parent: str = "", **more: object) -> ParsedComment:
    confidence = Confidence.EXACT if parent else Confidence.NONE
    comment = ParsedComment(key, parent, confidence, author=f"author of {key}", html=f"<p>{key}</p>")
    return replace(comment, **more)  # type: ignore[arg-type]


def talk(db: sqlite3.Connection, entry_id: int, *said: ParsedComment, now: int = NOW) -> Change:
    """These comments come in for the entry's discussion."""
    discussion = discussions.of_entry(db, entry_id)[0]
    change = comments.save(db, ThreadUpdate(discussion.id, said, PollState(checked_at=now)), now=now)
    indexed(db)
    return change


def everything(db: sqlite3.Connection) -> Sequence[object]:
    """All rows of all tables, to tell whether anything at all has changed."""
    tables = ("feed", "entry", "unread", "content", "discussion", "comment", "journal", "setting", "entry_words")
    return [db.execute(f"SELECT * FROM {table} ORDER BY 1").fetchall() for table in tables]


def news(db: sqlite3.Connection, entry: int = 1) -> list[str]:
    """The keys of what is new, which every count agrees with."""
    found = [one.key for one in comments.comments(db, entry) if one.new]
    (row,) = entries.rows(db, [entry])
    assert row.comments_new == sum(one.new for one in discussions.of_entry(db, entry))
    return found
