"""Bringing over what newsboat's cache holds, in one transaction that one undo takes back.

The cache is opened for reading only and stays as it is, byte by byte. A cache in WAL mode, whose readers write a file
beside it, or one that newsboat left in the middle of a write, is read from a copy.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from msgspec import Struct, field

from tui_reader import urls
from tui_reader.errors import BadInput, LibraryBusy
from tui_reader.model import IMPORTED, Change, Enclosure, EntryUpdate, NewsboatReport, ParsedEntry
from tui_reader.newsboat.filters import FLAG
from tui_reader.newsboat.subscriptions import QueryFeed, Subscription
from tui_reader.store import entries, feeds, index, journal, status
from tui_reader.store.connect import transaction
from tui_reader.store.journal import Edit, ids_json
from tui_reader.text import clean, plural

_PATIENCE = 5.0
_NEEDED = {"guid", "url", "feedurl", "unread"}
_OPTIONAL = {
    "title": "''",
    "author": "''",
    "pubDate": "0",
    "content": "''",
    "content_mime_type": "''",
    "enclosure_url": "''",
    "enclosure_type": "''",
    "flags": "''",
    "deleted": "0",
    "base": "''",
}
"""Columns that some versions of newsboat have not, and what stands for them."""
_DATE_AFTER_LINK = "0123456789-:+,. "


class Cache:
    """An open cache of newsboat's."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        columns = {row[1] for row in db.execute("PRAGMA table_info(rss_item)")}
        if not columns >= _NEEDED:
            raise BadInput("it is no cache of newsboat's")
        self._columns = ", ".join(
            name if name in columns else f"{other} AS {name}" for name, other in _OPTIONAL.items()
        )

    def feeds(self) -> dict[str, str]:
        """The addresses of the feeds it knows, with their titles."""
        known = {str(url): "" for (url,) in self._db.execute("SELECT DISTINCT feedurl FROM rss_item")}
        if self._db.execute("SELECT 1 FROM sqlite_master WHERE name = 'rss_feed'").fetchone():
            known |= {
                str(url): clean(str(title)) for url, title in self._db.execute("SELECT rssurl, title FROM rss_feed")
            }
        return known

    def count(self, written: str) -> int:
        """How many articles of a feed it holds."""
        found: int = self._db.execute("SELECT count(*) FROM rss_item WHERE feedurl = ?", (written,)).fetchone()[0]
        return found

    def articles(self, feed: Subscription) -> Iterator[Article]:
        """The articles of a feed, oldest first."""
        rows = self._db.execute(
            f"SELECT guid, url, unread, {self._columns} FROM rss_item WHERE feedurl = ? ORDER BY pubDate, id",
            (feed.written,),
        )
        for row in rows:
            yield _article(feed, *row)


class Article(Struct, frozen=True):
    """An article of the cache with its state."""

    parsed: ParsedEntry
    read: bool
    flags: str


def _article(
    feed: Subscription,
    guid: str,
    url: str,
    unread: int,
    title: str,
    author: str,
    published: int,
    content: str,
    mime: str,
    enclosure: str,
    enclosure_type: str,
    flags: str,
    deleted: int,
    base: str,
) -> Article:
    link = urls.join(feed.url, str(url or ""))
    named = clean(str(guid or ""))
    key = link if link and _is_made_up(named, str(url)) else named or link
    date = published if isinstance(published, int) and 0 < published < 1 << 40 else None
    attached = (
        (Enclosure(address, clean(str(enclosure_type or ""), limit=100)),)
        if (address := urls.join(feed.url, str(enclosure or "")))
        else ()
    )
    parsed = ParsedEntry(
        key=key,
        guid="" if key == link else named,
        url=link,
        title=clean(str(title or "")) or link,
        author=clean(str(author or "")),
        published=date,
        html=_sound(str(content or "")),
        is_text=str(mime).startswith("text/plain"),
        base=urls.join(feed.url, str(base or "")) or link or feed.url,
        enclosures=attached,
    )
    letters = "".join(sorted({one for one in str(flags or "") if one.isascii() and one.isalpha()}))
    return Article(parsed, read=not unread or bool(deleted), flags=letters)


def _is_made_up(guid: str, url: str) -> bool:
    """Newsboat names an article without a guid by its link and its date."""
    rest = guid.removeprefix(url)
    return bool(url) and guid.startswith(url) and (not rest or any(one in _DATE_AFTER_LINK[:10] for one in rest))


def _sound(text: str) -> str:
    """What SQLite can store: a lone half of a surrogate pair cannot be."""
    return text.encode("utf-8", "replace").decode("utf-8")


@contextmanager
def opened(path: Path) -> Iterator[Cache]:
    """Open a cache. Raises BadInput for what is none or damaged, LibraryBusy while newsboat writes to it."""
    try:
        with path.open("rb") as file:
            header = file.read(20)
    except OSError as error:
        raise BadInput((error.strerror or "cannot be read").lower()) from error
    if not header.startswith(b"SQLite format 3\0"):
        raise BadInput("it is no database")
    with TemporaryDirectory(prefix="tui-reader-") as folder:
        try:
            db = _connected(_copied(path, Path(folder)) if header[18:20] == b"\2\2" else path, path, Path(folder))
        except sqlite3.Error as error:
            raise _told(error) from error
        try:
            yield Cache(db)
        except sqlite3.Error as error:
            raise _told(error) from error
        finally:
            db.close()


def _connected(path: Path, original: Path, folder: Path) -> sqlite3.Connection:
    db = sqlite3.connect(f"{path.absolute().as_uri()}?mode={'ro' if path == original else 'rw'}", _PATIENCE, uri=True)
    try:
        db.execute("PRAGMA query_only = ON")
        db.text_factory = lambda raw: raw.decode("utf-8", "replace")
        db.execute("BEGIN")
        if db.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
            raise BadInput("it is damaged")
    except sqlite3.OperationalError as error:
        db.close()
        # A write that was broken off leaves a journal which a reader may not roll back.
        if path == original and (error.sqlite_errorcode & 0xFF) in {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN}:
            return _connected(_copied(original, folder), original, folder)
        raise
    except BaseException:
        db.close()
        raise
    return db


def _copied(path: Path, folder: Path) -> Path:
    for ending in ("", "-wal", "-journal"):
        beside = path.with_name(path.name + ending)
        if beside.exists():
            shutil.copyfile(beside, folder / f"cache.db{ending}")
    return folder / "cache.db"


def _told(error: sqlite3.Error) -> BadInput | LibraryBusy:
    code = (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF
    if code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
        return LibraryBusy("newsboat is writing to its cache; nothing was changed, try again")
    return BadInput(f"it cannot be read ({clean(str(error), limit=100)})")


# ---------------------------------------------------------------- writing


class _Tally(Struct):
    """What an import has done so far."""

    entries: int = 0
    read: list[int] = field(default_factory=list)
    starred: list[int] = field(default_factory=list)
    flagged: dict[str, list[int]] = field(default_factory=dict)
    newly_read: list[int] = field(default_factory=list)
    newly_starred: list[int] = field(default_factory=list)
    edits: list[Edit] = field(default_factory=list)


def bring(
    db: sqlite3.Connection,
    listed: Sequence[Subscription],
    queries: Iterable[QueryFeed],
    cache: Path | None,
    *,
    now: int,
) -> tuple[NewsboatReport, Change]:
    """Subscribe to the feeds, bring their articles with read and flag state, make the smart feeds: all or nothing.

    A feed that is subscribed already keeps its name, folder and entries; what newsboat has read and flagged of it is
    marked so, never the other way round, and articles that it lacks are added. A flagged article is starred and gets
    a tag for each of its letters. A cache that cannot be read is told in the report, the rest is brought. Raises
    LibraryBusy while newsboat writes.
    """
    left: list[tuple[str, str]] = []
    if cache is None:
        return _brought(db, listed, queries, None, left, now)
    try:
        with opened(cache) as held:
            return _brought(db, listed, queries, held, left, now)
    except BadInput as error:
        left.append((clean(cache.name), f"{error}; what was read and flagged is not known"))
    return _brought(db, listed, queries, None, left, now)


def _brought(
    db: sqlite3.Connection,
    listed: Sequence[Subscription],
    queries: Iterable[QueryFeed],
    cache: Cache | None,
    left: list[tuple[str, str]],
    now: int,
) -> tuple[NewsboatReport, Change]:
    if not listed and cache is not None:
        listed = _of_cache(cache, left)
    tally = _Tally()
    with transaction(db):
        added, present, born = feeds.subscribe(db, listed, now=now)
        tally.edits += born
        new = {feed_id for edit in born if edit.old == now for feed_id in edit.ids}
        for subscription, feed_id in (*added, *present):
            _label(db, subscription, feed_id, feed_id in new, tally)
            if cache is not None:
                _of_feed(db, cache, subscription, feed_id, feed_id in new, tally, now)
        _mark(db, tally, now)
        smart = _smart(db, queries, left, tally, now)
        done = [edit for edit in tally.edits if edit.ids]
        label = f"{plural(len(added), 'feed')} and {plural(tally.entries, 'article')} imported from newsboat"
        if done:
            journal.record(db, label, done, now)
        change = status.follows(db, done, now=now)
    if cache is not None:
        _untaken(cache, listed, left)
    report = NewsboatReport(
        added=tuple(one.url for one, _ in added),
        present=tuple(one.url for one, _ in present),
        entries=tally.entries,
        read=len(tally.read),
        starred=len(tally.starred),
        smart=smart,
        left=tuple(left),
    )
    return report, Change(everything=True, label=label) if done else change


def _of_cache(cache: Cache, left: list[tuple[str, str]]) -> list[Subscription]:
    found: list[Subscription] = []
    for written, title in cache.feeds().items():
        try:
            found.append(Subscription(urls.normalise_input(written), written))
        except BadInput as error:
            left.append((title or clean(written, limit=80), str(error)))
    left.append(("urls", "there is no list of feeds; those of the cache were taken"))
    return found


def _untaken(cache: Cache, listed: Sequence[Subscription], left: list[tuple[str, str]]) -> None:
    written = {one.written for one in listed}
    others = {url: count for url in cache.feeds() if url not in written and (count := cache.count(url))}
    if others:
        what = f"{plural(sum(others.values()), 'article')} of {plural(len(others), 'feed')} in the cache"
        left.append((what, f"not in the list of feeds: {', '.join(clean(url, limit=60) for url in list(others)[:3])}"))


def _label(db: sqlite3.Connection, one: Subscription, feed_id: int, new: bool, tally: _Tally) -> None:
    """The tags of a feed, and whether it is hidden; a feed that was there keeps what it has."""
    if new:
        row = (json.dumps(one.tags, ensure_ascii=False), int(one.hidden), feed_id)
        db.execute("UPDATE feed SET tags = ?, hidden = ? WHERE id = ?", row)
        return
    (written,) = db.execute("SELECT tags FROM feed WHERE id = ?", (feed_id,)).fetchone()
    merged = json.dumps(list(dict.fromkeys((*json.loads(written), *one.tags))), ensure_ascii=False)
    if merged != written:
        tally.edits.append(journal.make(db, Edit("feed.tags", (feed_id,), written, merged)))


def _of_feed(
    db: sqlite3.Connection, cache: Cache, one: Subscription, feed_id: int, new: bool, tally: _Tally, now: int
) -> None:
    home = feed_id if new else 0
    arrived: list[int] = []
    for article in cache.articles(one):
        if not article.parsed.key:
            continue
        entry_id = None if new else _stored(db, feed_id, article.parsed)
        if entry_id is None:
            home = home or _holding(db, now)
            placed = min(article.parsed.published or now, now)
            update = EntryUpdate(None, article.parsed, placed, IMPORTED, read=article.read)
            made = entries.insert(db, home, [update], now)
            entry_id = next(iter(made), None)
            if entry_id is None:
                continue
            arrived.append(entry_id)
            db.execute("UPDATE entry SET starred = ? WHERE id = ?", (int(bool(article.flags)), entry_id))
        else:
            if article.read:
                tally.newly_read.append(entry_id)
            if article.flags:
                tally.newly_starred.append(entry_id)
        if article.read:
            tally.read.append(entry_id)
        if article.flags:
            tally.starred.append(entry_id)
        for letter in article.flags:
            tally.flagged.setdefault(letter, []).append(entry_id)
    index.want_entries(db, arrived)
    tally.entries += len(arrived)
    index.want_entries(db, arrived)
    if new:
        db.execute("UPDATE feed SET entries = entries + ? WHERE id = ?", (len(arrived), feed_id))
    elif arrived:
        moved = journal.make(db, Edit("entry.feed_id", tuple(arrived), home, feed_id))
        entries.after_moves(db, moved)
        tally.edits.append(moved)


def _stored(db: sqlite3.Connection, feed_id: int, parsed: ParsedEntry) -> int | None:
    """The feed's entry that this article is: by its key, else by its address where that is one entry's alone."""
    row = db.execute("SELECT id FROM entry WHERE feed_id = ? AND key = ?", (feed_id, parsed.key)).fetchone()
    if row is None and parsed.url:
        rows = db.execute(
            "SELECT id FROM entry WHERE address = ? AND feed_id = ? LIMIT 2", (urls.canonical(parsed.url), feed_id)
        ).fetchall()
        row = rows[0] if len(rows) == 1 else None
    return None if row is None else int(row[0])


def _holding(db: sqlite3.Connection, now: int) -> int:
    """A removed feed in which entries lie until they are given to a feed that was there, and again after an undo."""
    made = db.execute("INSERT INTO feed (url, title, removed_at) VALUES ('', '', ?)", (now,))
    return made.lastrowid or 0


def _mark(db: sqlite3.Connection, tally: _Tally, now: int) -> None:
    for what, ids in (("entry.read", tally.newly_read), ("entry.starred", tally.newly_starred)):
        if ids:
            tally.edits.append(journal.make(db, Edit(what, tuple(ids), 0, 1)))
    for letter, ids in tally.flagged.items():
        # Made as if it had been taken off, so that the edit which puts it on can be taken back.
        db.execute(
            """INSERT INTO tagging (entry_id, tag, removed_at) SELECT value, ?, ? FROM json_each(?) WHERE true
            ON CONFLICT (entry_id, tag) DO UPDATE SET removed_at = excluded.removed_at WHERE removed_at IS NOT NULL""",
            (FLAG + letter, now, ids_json(ids)),
        )
        rows = db.execute(
            "SELECT id FROM tagging WHERE tag = ? AND entry_id IN (SELECT value FROM json_each(?))",
            (FLAG + letter, ids_json(ids)),
        )
        tags = tuple(number for (number,) in rows)
        tally.edits.append(journal.make(db, Edit("tagging.removed_at", tags, now, None)))


def _smart(
    db: sqlite3.Connection, queries: Iterable[QueryFeed], left: list[tuple[str, str]], tally: _Tally, now: int
) -> tuple[str, ...]:
    made: dict[int, str] = {}
    for one in queries:
        known = db.execute(
            "SELECT query FROM smart WHERE name = ? COLLATE NOCASE AND removed_at IS NULL", (one.name,)
        ).fetchone()
        if known is not None:
            if known[0] != one.query:
                left.append(
                    (f"query feed “{one.name}”", f"there is a smart feed of that name; newsboat's asks {one.query}")
                )
            continue
        row = db.execute("INSERT INTO smart (name, query, removed_at) VALUES (?, ?, ?)", (one.name, one.query, now))
        made[row.lastrowid or 0] = one.name
    if made:
        tally.edits.append(journal.make(db, Edit("smart.removed_at", tuple(made), now, None)))
    return tuple(made.values())
