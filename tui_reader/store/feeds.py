"""Subscriptions."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Collection, Iterable
from typing import Any, Protocol, TypeVar

from tui_reader import urls
from tui_reader.errors import BadInput, NotFound
from tui_reader.model import Change, Feed, FeedSettings, PollState
from tui_reader.store import journal, polls
from tui_reader.store.connect import reads, transaction
from tui_reader.store.journal import Edit, ids_json
from tui_reader.text import clean, plural

_OWN = "f.interval, f.headers, f.login, f.password_from, f.my_name, f.edits_unread, f.keep, f.tags"
_FEEDS = f"""
    SELECT f.id, f.url, f.title, f.folder, f.site_url, f.own_title, f.fault, f.entries, c.unread,
        coalesce(n.new, 0), f.follow, f.full_text, f.hidden, {_OWN},
        {polls.selected("f")}
    FROM feed f JOIN feed_count c ON c.feed_id = f.id LEFT JOIN (
        SELECT e.feed_id, sum(d.new) AS new FROM discussion d CROSS JOIN entry e ON e.id = d.entry_id
        WHERE d.new > 0 GROUP BY e.feed_id
    ) n ON n.feed_id = f.id
    WHERE f.removed_at IS NULL
"""


class Outline(Protocol):
    """A feed as an OPML list names it; a title there is a name its owner gave, and is kept as such."""

    @property
    def url(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def folder(self) -> str: ...
    @property
    def site_url(self) -> str: ...


Listed = TypeVar("Listed", bound=Outline)


# ---------------------------------------------------------------- reading


@reads
def feeds(db: sqlite3.Connection, only: Collection[int] | None = None) -> tuple[Feed, ...]:
    """All subscriptions, or those of these ids, with their counts and in the order of the list."""
    if only is None:
        found = db.execute(_FEEDS)
    else:
        found = db.execute(f"{_FEEDS} AND f.id IN (SELECT value FROM json_each(?))", (ids_json(only),))
    return tuple(sorted(map(_feed, found), key=lambda feed: feed.rank))


@reads
def feed(db: sqlite3.Connection, feed_id: int) -> Feed:
    """One subscription; raises NotFound."""
    row = db.execute(f"{_FEEDS} AND f.id = ?", (feed_id,)).fetchone()
    if row is None:
        raise NotFound(f"there is no feed number {feed_id}")
    return _feed(row)


@reads
def by_url(db: sqlite3.Connection, url: str) -> Feed:
    """The subscription to this address, or to one that differs in scheme or tracking words only; raises NotFound."""
    feed_id, removed = _known(db, url)
    if feed_id is None or removed:
        raise NotFound(f"{urls.short(url, 60)} is not subscribed")
    return feed(db, feed_id)


@reads
def find(db: sqlite3.Connection, text: str) -> Feed:
    """The feed named by its number, address, title, or a part of a title that only it has; raises NotFound."""
    wanted = clean(text)
    known = feeds(db)
    lower, address = wanted.casefold(), urls.canonical(wanted)
    ways: tuple[Callable[[Feed], bool], ...] = (
        lambda feed: wanted == str(feed.id),
        lambda feed: wanted == feed.url,
        lambda feed: wanted == feed.title,
        lambda feed: urls.canonical(feed.url) == address,
        lambda feed: lower == feed.title.casefold(),
        lambda feed: lower != "" and lower in feed.title.casefold(),
    )
    for way in ways:
        hits = [feed for feed in known if way(feed)]
        if len(hits) == 1:
            return hits[0]
        if hits:
            some = ", ".join(f"{hit.title} ({hit.id})" for hit in hits[:3])
            raise NotFound(f"“{wanted}” fits {plural(len(hits), 'feed')}: {some}{' …' if len(hits) > 3 else ''}")
    raise NotFound(f"no feed is called “{wanted}”")


def _feed(row: tuple[Any, ...]) -> Feed:
    feed_id, url, title, folder, site_url, own_title, fault, entries, unread, new = row[:10]
    follow, in_full, hidden = map(bool, row[10:13])
    own, state = _own(row[13:21]), polls.state(row[21:])
    return Feed(
        feed_id,
        url,
        title,
        folder,
        site_url,
        own_title,
        fault,
        entries,
        unread,
        new,
        state,
        follow=follow,
        full_text=in_full,
        hidden=hidden,
        own=own,
    )


def _own(row: tuple[Any, ...]) -> FeedSettings:
    interval, headers, login, password_from, my_name, edits_unread, keep, tags = row
    pairs = tuple(json.loads(headers).items()) if headers != "{}" else ()
    labels = tuple(json.loads(tags)) if tags != "[]" else ()
    return FeedSettings(interval, pairs, login, password_from, my_name, bool(edits_unread), keep, labels)


# ---------------------------------------------------------------- writing


def add(db: sqlite3.Connection, *, url: str, title: str = "", folder: str = "", feed_title: str = "", now: int) -> int:
    """Subscribe to an address and return the feed's id; one that was removed comes back with all it had.

    `title` is the user's own name for it, `feed_title` its own. An address that is subscribed already is left as it is.
    """
    with transaction(db):
        feed_id, removed = _known(db, url)
        if feed_id is not None and not removed:
            return feed_id
        feed_id, edits = _subscribe(db, feed_id, url, title, folder, now=now)
        if feed_title:
            db.execute("UPDATE feed SET feed_title = ? WHERE id = ?", (feed_title, feed_id))
            retitle(db, (feed_id,))
        shown = db.execute("SELECT title FROM feed WHERE id = ?", (feed_id,)).fetchone()[0]
        journal.record(db, f"{shown} added", edits, now)
        return feed_id


def add_all(
    db: sqlite3.Connection, outlines: Iterable[Outline], *, now: int
) -> tuple[tuple[str, ...], tuple[str, ...], Change]:
    """Subscribe to a list of feeds, all or none; returns the addresses added, those that were there, the change."""
    with transaction(db):
        added, present, edits = subscribe(db, outlines, now=now)
        there = tuple(outline.url for outline, _ in present)
        if not added:
            return (), there, Change()
        label = f"{plural(len(added), 'feed')} added"
        journal.record(db, label, edits, now)
    change = Change(feeds=frozenset(feed_id for _, feed_id in added), subscriptions=True, label=label)
    return tuple(outline.url for outline, _ in added), there, change


def rename(db: sqlite3.Connection, feed_id: int, title: str, *, now: int) -> Change:
    """Give a feed the user's own name; "" goes back to the feed's. Raises NotFound."""
    with transaction(db):
        before = feed(db, feed_id)
        edit = Edit("feed.own_title", (feed_id,), before.own_title, title.strip())
        return _act(db, [edit], lambda: f"{before.title} renamed to {feed(db, feed_id).title}", now)


def move(db: sqlite3.Connection, feed_id: int, folder: str, *, now: int) -> Change:
    """Put a feed into a folder; "" is the top level. Raises NotFound."""
    with transaction(db):
        before = feed(db, feed_id)
        edit = Edit("feed.folder", (feed_id,), before.folder, folder.strip())
        return _act(db, [edit], lambda: f"{before.title} moved to {folder.strip() or 'the top level'}", now)


def rename_folder(db: sqlite3.Connection, old: str, new: str, *, now: int) -> Change:
    """Give a folder, and with it the feeds and folders inside, another name; "" dissolves it. Raises NotFound."""
    old, new = old.strip(), new.strip()
    with transaction(db):
        inside = [one for one in feeds(db) if one.folder == old or one.folder.startswith(f"{old} / ")]
        if not old or not inside:
            raise NotFound(f"there is no folder “{old}”")
        edits = [
            Edit("feed.folder", (one.id,), one.folder, f"{new}{one.folder[len(old) :]}".removeprefix(" / "))
            for one in inside
        ]
        return _act(db, edits, lambda: f"folder {old} renamed to {new or 'the top level'}", now)


def set_url(db: sqlite3.Connection, feed_id: int, url: str, *, now: int) -> Change:
    """Change a feed's address; its entries stay, what is known of the old server goes. Raises NotFound, and BadInput
    when another feed has this address."""
    with transaction(db):
        before = feed(db, feed_id)
        taken = db.execute(
            "SELECT title FROM feed WHERE url = ? AND removed_at IS NULL AND id != ?", (url, feed_id)
        ).fetchone()
        if taken is not None:
            raise BadInput(f"{taken[0]} is subscribed at that address already")
        edit = Edit("feed.url", (feed_id,), before.url, url)
        return _act(db, [edit], lambda: f"address of {before.title} changed", now)


def follow(db: sqlite3.Connection, feed_id: int, on: bool, *, now: int) -> Change:
    """Watch the discussions of everything new in a feed, or no longer; raises NotFound."""
    name = feed(db, feed_id).title
    with transaction(db):
        what = "all discussions of {} watched" if on else "discussions of {} no longer watched"
        return _act(db, [Edit("feed.follow", (feed_id,), int(not on), int(on))], lambda: what.format(name), now)


def in_full(db: sqlite3.Connection, feed_id: int, on: bool, *, now: int) -> Change:
    """Fetch the page of everything new in a feed, or no longer; raises NotFound."""
    name = feed(db, feed_id).title
    with transaction(db):
        what = "{} is always read in full" if on else "{} is read as the feed has it"
        return _act(db, [Edit("feed.full_text", (feed_id,), int(not on), int(on))], lambda: what.format(name), now)


def hide(db: sqlite3.Connection, feed_ids: Collection[int], hidden: bool, *, now: int) -> Change:
    """Leave feeds out of All, Unread and Today, or no longer; queries find their entries all the same."""
    with transaction(db):
        names = {one.id: one.title for one in feeds(db) if one.id in feed_ids}
        name = next(iter(names.values())) if len(names) == 1 else plural(len(names), "feed")
        edit = Edit("feed.hidden", tuple(names), int(not hidden), int(hidden))
        return _act(db, [edit], lambda: f"{name} {'hidden from All and Unread' if hidden else 'no longer hidden'}", now)


def remove(db: sqlite3.Connection, feed_ids: Collection[int], *, now: int) -> Change:
    """Unsubscribe: the feeds and all that came from them are hidden at once, and deleted for good after a while."""
    with transaction(db):
        names = {one.id: one.title for one in feeds(db) if one.id in feed_ids}
        edit = Edit("feed.removed_at", tuple(names), None, now)
        label = next(iter(names.values())) if len(names) == 1 else plural(len(names), "feed")
        return _act(db, [edit], lambda: f"{label} removed", now)


def poll(db: sqlite3.Connection, feed_id: int, state: PollState) -> Change:
    """Note how a poll ended that brought no entries."""
    with transaction(db):
        done = db.execute(f"UPDATE feed SET {polls.SET} WHERE id = ?", (*polls.values(state), feed_id))
        return Change(feeds=frozenset({feed_id})) if done.rowcount else Change()


# ---------------------------------------------------------------- within a transaction


def settle(db: sqlite3.Connection, edits: Iterable[Edit]) -> None:
    """After edits of feeds: show the title that now holds, and forget the troubles of an address that is left."""
    for edit in edits:
        if edit.what == "feed.url":
            db.execute(
                "UPDATE feed SET next_at = NULL, next_why = '', wait_until = NULL, failures = 0,"
                " failing_since = NULL, quiet = 0, error = '', status = 0, words = '', moved_to = '',"
                " moved_count = 0, moved_since = NULL, gone = 0 WHERE id IN (SELECT value FROM json_each(?))",
                (ids_json(edit.ids),),
            )
        if edit.what in {"feed.url", "feed.own_title"}:
            retitle(db, edit.ids)
        if edit.what == "feed.interval":
            # Never sooner than it was to be asked: that may have been the server's wish.
            db.execute(
                """UPDATE feed SET next_at = max(coalesce(next_at, 0), checked_at + interval)
                WHERE interval IS NOT NULL AND checked_at IS NOT NULL AND id IN (SELECT value FROM json_each(?))""",
                (ids_json(edit.ids),),
            )


def retitle(db: sqlite3.Connection, feed_ids: Collection[int]) -> bool:
    """Bring the shown titles of these feeds up to date; tells whether one changed."""
    rows = db.execute(
        "SELECT id, title, own_title, feed_title, url FROM feed WHERE id IN (SELECT value FROM json_each(?))",
        (ids_json(feed_ids),),
    ).fetchall()
    changes = [
        (title, feed_id)
        for feed_id, shown, own, announced, url in rows
        if (title := own or announced or urls.host(url) or url) != shown
    ]
    db.executemany("UPDATE feed SET title = ? WHERE id = ?", changes)
    return bool(changes)


def _act(db: sqlite3.Connection, edits: Iterable[Edit], label: Callable[[], str], now: int) -> Change:
    made = [done for edit in edits if edit.old != edit.new and (done := journal.make(db, edit)).ids]
    if not made:
        return Change()
    settle(db, made)
    text = label()
    journal.record(db, text, made, now)
    ids = frozenset(feed_id for edit in made for feed_id in edit.ids)
    return Change(feeds=ids, subscriptions=True, label=text)


def _known(db: sqlite3.Connection, url: str) -> tuple[int | None, bool]:
    """The feed at this address, if there is one, and whether it was removed."""
    row = db.execute("SELECT id, removed_at IS NOT NULL FROM feed WHERE url = ? ORDER BY 2, id DESC", (url,)).fetchone()
    if row is not None and not row[1]:
        return row[0], False
    return _addresses(db).get(urls.canonical(url), (None, False))


def _addresses(db: sqlite3.Connection) -> dict[str, tuple[int | None, bool]]:
    """Every address in comparable form; a feed that was removed yields to one that is subscribed."""
    rows = db.execute("SELECT url, id, removed_at IS NOT NULL FROM feed ORDER BY 3 DESC, id")
    return {urls.canonical(url): (feed_id, bool(removed)) for url, feed_id, removed in rows}


def subscribe(
    db: sqlite3.Connection, outlines: Iterable[Listed], *, now: int
) -> tuple[list[tuple[Listed, int]], list[tuple[Listed, int]], list[Edit]]:
    """Subscribe to a list of feeds: those that were added and those that were there, each with its feed's id, and the
    edits that undo it."""
    added: list[tuple[Listed, int]] = []
    present: list[tuple[Listed, int]] = []
    born: list[int] = []
    edits: list[Edit] = []
    known = _addresses(db)
    for outline in outlines:
        address = urls.canonical(outline.url)
        feed_id, removed = known.get(address, (None, False))
        if feed_id is not None and not removed:
            present.append((outline, feed_id))
            continue
        new, made = _subscribe(db, feed_id, outline.url, outline.title, outline.folder, outline.site_url, now=now)
        if feed_id is None:
            born.append(new)
        else:
            edits += made
        known[address] = (new, False)
        added.append((outline, new))
    return added, present, [*edits, *([Edit("feed.removed_at", tuple(born), now, None)] if born else [])]


def _subscribe(
    db: sqlite3.Connection,
    removed: int | None,
    url: str,
    title: str,
    folder: str,
    site_url: str = "",
    *,
    now: int,
) -> tuple[int, list[Edit]]:
    if removed is None:
        row = db.execute(
            "INSERT INTO feed (url, title, own_title, folder, site_url) VALUES (?, '', ?, ?, ?)",
            (url, title.strip(), folder.strip(), site_url),
        )
        feed_id = row.lastrowid or 0
        retitle(db, (feed_id,))
        return feed_id, [Edit("feed.removed_at", (feed_id,), now, None)]
    old_url, own_title, old_folder, removed_at = db.execute(
        "SELECT url, own_title, folder, removed_at FROM feed WHERE id = ?", (removed,)
    ).fetchone()
    edits = [
        Edit("feed.url", (removed,), old_url, url),
        Edit("feed.own_title", (removed,), own_title, title.strip() or own_title),
        Edit("feed.folder", (removed,), old_folder, folder.strip() or old_folder),
        Edit("feed.removed_at", (removed,), removed_at, None),
    ]
    made = [journal.make(db, edit) for edit in edits if edit.old != edit.new]
    settle(db, [edits[0]])
    retitle(db, (removed,))
    return removed, made
