"""The JSON shapes of docs/cli.md, which scripts rely on: a field is never renamed or removed, only added. Times are
RFC 3339 in UTC, or null."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from tui_reader import feed_settings, text
from tui_reader.model import (
    Act,
    Candidate,
    Comment,
    Discussion,
    Entry,
    EntryRow,
    Feed,
    FeedResult,
    ImportReport,
    NewsboatReport,
    Progress,
    Quiet,
    SearchHit,
    SmartFeed,
    Thread,
)

Shape = dict[str, Any]


def moment(at: int | None) -> str | None:
    """A time as RFC 3339 in UTC, None when there is none (or none that a calendar has)."""
    if at is None:
        return None
    try:
        return datetime.fromtimestamp(at, UTC).isoformat().replace("+00:00", "Z")
    except (OverflowError, ValueError, OSError):
        return None


def feed(one: Feed) -> Shape:
    """A subscription with its counts and how its polling stands."""
    poll = one.poll
    return {
        "id": one.id,
        "url": one.url,
        "title": one.title,
        "folder": one.folder,
        "site_url": one.site_url,
        "entries": one.entries,
        "unread": one.unread,
        "comments_new": one.comments_new,
        "checked_at": moment(poll.checked_at),
        "changed_at": moment(poll.changed_at),
        "next_at": moment(poll.next_at),
        "next_why": poll.next_why,
        "wait_until": moment(poll.wait_until),
        "error": poll.error,
        "status": poll.status,
        "words": poll.words,
        "failures": poll.failures,
        "fault": one.fault,
        "gone": poll.gone,
        "full_text": one.full_text,
        "hidden": one.hidden,
        "settings": {name: value for name, value, _ in feed_settings.shown(one.own) if value},
    }


def smart_feed(one: SmartFeed) -> Shape:
    """A query that is kept under a name."""
    return {"id": one.id, "name": one.name, "query": one.query, "unread": one.unread}


def entry(one: Entry) -> Shape:
    """An entry as lists have it."""
    row = one.row
    return {
        "id": row.id,
        "feed_id": row.feed_id,
        "feed_title": row.feed_title,
        "guid": one.guid,
        "url": row.url,
        "title": row.title,
        "author": row.author,
        "published": moment(row.published),
        "updated": moment(one.updated),
        "arrived": moment(one.arrived),
        "read": row.read,
        "starred": row.starred,
        "edited": row.edited,
        "comments": row.comments,
        "comments_stored": row.comments_stored,
        "comments_new": row.comments_new,
        "comments_url": one.comments_url,
    }


def whole_entry(one: Entry) -> Shape:
    """An entry with its body."""
    enclosures = [{"url": file.url, "type": file.type, "length": file.length} for file in one.enclosures]
    return entry(one) | {
        "html": body(one),
        "text": words(one),
        "full_text": one.full.html if one.full is not None and not one.full.error else None,
        "tags": list(one.tags),
        "own_tags": list(one.own_tags),
        "enclosures": enclosures,
    }


def body(one: Entry | Comment) -> str:
    """The body as HTML, as it was published."""
    if not one.is_text:
        return one.html
    from html import escape

    return f"<pre>{escape(one.html)}</pre>"


def words(one: Entry | Comment) -> str:
    """The body's text, a paragraph a line."""
    # Reading HTML takes a while to import, and most commands have none to read.
    from tui_reader.document import html

    return one.html if one.is_text else html.plain(one.html)


def comment(one: Comment, parent_id: int | None, depth: int) -> Shape:
    """A comment in its place in the thread."""
    return {
        "id": one.id,
        "entry_id": one.entry_id,
        "parent_id": parent_id,
        "depth": depth,
        "author": one.author,
        "author_url": one.author_url,
        "published": moment(one.published),
        "updated": moment(one.updated),
        "url": one.url,
        "html": body(one),
        "text": words(one),
        "read": one.read,
        "new": one.new,
        "parent_confidence": str(one.confidence),
        "discussion_id": one.discussion_id,
        "removed": one.removed,
        "edited": one.edited,
        "starred": one.starred,
        "muted": one.quiet is Quiet.MUTED,
        "own": one.quiet is Quiet.OWN,
        "score": one.score,
    }


def comments(thread: Thread) -> list[Shape]:
    """The comments in reading order. A comment's depth is one more than that of its `parent_id`, 0 without one: a
    parent that is not held has no place in it."""
    depths: dict[int, int] = {}
    found: list[Shape] = []
    for item in thread.items:
        if item.comment is not None:
            depth = 0 if item.parent_id is None else depths.get(item.parent_id, -1) + 1
            depths[item.comment.id] = depth
            found.append(comment(item.comment, item.parent_id, depth))
    return found


def discussion(one: Discussion) -> Shape:
    """A place where an entry is discussed."""
    return {
        "id": one.id,
        "kind": one.kind,
        "name": one.name,
        "url": one.url,
        "page_url": one.page_url,
        "declared": one.declared,
        "held": one.held,
        "new": one.new,
        "complete": one.complete,
        "watched_until": moment(one.watch_until),
        "watch_at": moment(one.watch_at),
        "watch_why": one.watch_why,
        "checked_at": moment(one.poll.checked_at),
        "next_at": moment(one.poll.next_at),
        "error": one.poll.error,
        "status": one.poll.status,
    }


def talked_about(row: EntryRow, places: Iterable[Discussion]) -> Shape:
    """An article in the list of discussions."""
    return {
        "entry_id": row.id,
        "title": row.title,
        "feed_title": row.feed_title,
        "url": row.url,
        "new_count": row.comments_new,
        "held_count": row.comments_stored,
        "watched": row.watched,
        "discussions": [discussion(one) for one in places],
    }


def thread(one: Thread, about: Entry, message: str) -> Shape:
    """A discussion: its entry, its sources, its comments, and what the last look came to ("" for nothing to say)."""
    declared = [place.declared for place in one.discussions if place.declared is not None]
    return {
        "entry_id": one.entry_id,
        "title": about.row.title,
        "url": about.row.url,
        "comments_url": about.comments_url,
        "declared_count": max(declared, default=None),
        "held_count": one.held,
        "new_count": one.new,
        "gap": any(item.missing is not None for item in one.items),
        "missing_count": sum(item.missing or 0 for item in one.items),
        "message": message,
        "discussions": [discussion(place) for place in one.discussions],
        "comments": comments(one),
    }


def hit(one: SearchHit, found: Entry) -> Shape:
    """A search hit: the entry, the words around the hit, and the comment when it was found in one."""
    return entry(found) | {"snippet": text.clean(one.snippet), "comment_id": one.comment_id}


def result(one: FeedResult) -> Shape:
    """How the refresh of one feed ended."""
    return {
        "feed_id": one.feed_id,
        "title": one.title,
        "outcome": one.outcome,
        "new": one.new,
        "changed": one.changed,
        "message": one.message,
        "next_at": moment(one.next_at),
        "status": one.status,
    }


def progress(one: Progress, *, interrupted: bool = False) -> Shape:
    """How a refresh ended: `asked` feeds were asked, `waiting` ones were not due."""
    return {
        "asked": one.total,
        "done": one.done,
        "new": one.new,
        "errors": one.errors,
        "waiting": one.waiting,
        "interrupted": interrupted,
        "feeds": [result(each) for each in one.results],
    }


def candidate(one: Candidate) -> Shape:
    """A feed that a page offers."""
    return {"url": one.url, "title": one.title, "type": one.type}


def report(one: ImportReport) -> Shape:
    """What an import did."""
    return {
        "added": list(one.added),
        "present": list(one.present),
        "skipped": [{"what": what, "why": why} for what, why in one.skipped],
    }


def act(one: Act) -> Shape:
    """Something that was done."""
    return {"id": one.id, "at": moment(one.at), "label": one.label, "undone": one.undone}


def newsboat_report(one: NewsboatReport) -> Shape:
    """What an import from newsboat did."""
    return {
        "added": list(one.added),
        "present": list(one.present),
        "entries": one.entries,
        "read": one.read,
        "starred": one.starred,
        "smart_feeds": list(one.smart),
        "not_taken": [{"what": what, "why": why} for what, why in one.left],
        "settings": one.settings,
    }
