"""Bringing newsboat over: feeds, articles with their state, query feeds; its files stay as they are."""

from __future__ import annotations

import json
import sqlite3
from hashlib import sha256
from pathlib import Path

import pytest
from shelf import ALL, NOW, STARRED, UNREAD, arrive, id_of, indexed, listed, new, post, shelf

from tests.newsboat_cache import ITEM, NEWER, OLDEST, cache
from tui_reader.errors import LibraryBusy
from tui_reader.model import IMPORTED, NewsboatReport, ParsedEntry, ParsedFeed, PollState, Scope
from tui_reader.newsboat.subscriptions import QueryFeed, Subscription
from tui_reader.refresh.decide import decide
from tui_reader.store import entries, feeds, smart, status, tags
from tui_reader.store.newsboat import bring

A = Subscription("https://a.example/feed", "https://a.example/feed", "Alpha", "tech", ("tech", "linux"))
B = Subscription("https://b.example/feed", "b.example/feed", hidden=True)
OF_B = {"feedurl": "b.example/feed"}


def brought(db: sqlite3.Connection, path: Path | None, *subscribed: Subscription) -> NewsboatReport:
    return bring(db, subscribed or (A, B), (), path, now=NOW)[0]


def answered(db: sqlite3.Connection, feed_id: int, *items: ParsedEntry) -> None:
    """The feed's first good answer arrives."""
    stored = entries.stored(db, feed_id, items)
    update = decide(feeds.feed(db, feed_id), stored, ParsedFeed("rss", "Alpha", entries=items), PollState(), NOW + 60)
    entries.save(db, update, now=NOW + 60)


def ours(db: sqlite3.Connection) -> list[object]:
    """What is in sight: all rows but the journal and what is removed."""
    return [
        db.execute("SELECT * FROM feed WHERE removed_at IS NULL ORDER BY id").fetchall(),
        db.execute(
            "SELECT * FROM entry WHERE feed_id IN (SELECT id FROM feed WHERE removed_at IS NULL) ORDER BY id"
        ).fetchall(),
        db.execute("SELECT entry_id, tag FROM tagging WHERE removed_at IS NULL ORDER BY 1, 2").fetchall(),
        db.execute("SELECT * FROM smart WHERE removed_at IS NULL ORDER BY id").fetchall(),
    ]


def test_read_and_flagged_survive_the_first_refresh(db: sqlite3.Connection, tmp_path: Path) -> None:
    """By guid, by the name that newsboat makes of link and date, and by the address where the guid is another."""
    path = cache(
        tmp_path / "cache.db",
        {"guid": "one", "unread": 0},
        {"guid": "two", "flags": "sx"},
        {"guid": "three", "unread": 0},
        {
            "guid": "https://a.example/4Mon, 05 Jun 2026 10:00:00 GMT",
            "url": "https://a.example/4",
            "unread": 0,
            "title": "four",
        },
        {"guid": "gone", "deleted": 1},
        {"guid": "left the feed", "unread": 0},
        {"guid": "six", "unread": 0, **OF_B},
        {"guid": "stray", "feedurl": "https://c.example/feed"},
    )
    before = sha256(path.read_bytes()).digest()
    report = brought(db, path)
    assert (report.entries, report.read, report.starred) == (7, 6, 1)
    assert report.added == (A.url, B.url)
    assert [what for what, _ in report.left] == ["1 article of 1 feed in the cache"]
    assert listed(db, UNREAD) == ["two"]
    assert listed(db, STARRED) == ["two"]
    assert tags.tags(db) == (("flag-s", 1), ("flag-x", 1))
    answered(
        db,
        1,
        ParsedEntry("one", "one", url="https://a.example/one", title="One, by the feed", html="<p>Other words</p>"),
        ParsedEntry("two", "two", url="https://a.example/two", title="Two"),
        ParsedEntry("new-guid", "new-guid", url="http://a.example/three?utm_source=rss", title="Three"),
        ParsedEntry("https://a.example/4", url="https://a.example/4", title="Four"),
        ParsedEntry("gone", "gone", url="https://a.example/gone", title="Gone"),
        ParsedEntry("fresh", "fresh", url="https://a.example/fresh", title="Fresh"),
    )
    assert sorted(listed(db, UNREAD)) == ["Fresh", "Two"]
    assert sorted(listed(db, Scope("feed", feed_id=1))) == [
        "Four",
        "Fresh",
        "Gone",
        "One, by the feed",
        "Three",
        "Two",
        "left the feed",
    ]
    assert listed(db, Scope("all", filter="is:edited")) == []
    indexed(db)
    indexed(db)
    assert listed(db, Scope("all", filter="text:other")) == ["One, by the feed"]
    assert sha256(path.read_bytes()).digest() == before
    assert sorted(one.name for one in tmp_path.iterdir() if one.name.startswith("cache")) == ["cache.db"]


def test_feeds_get_folder_title_tags_and_are_hidden(db: sqlite3.Connection, tmp_path: Path) -> None:
    brought(db, cache(tmp_path / "cache.db", {"guid": "one"}, {"guid": "two", **OF_B}))
    alpha, beta = feeds.feed(db, 1), feeds.feed(db, 2)
    assert (alpha.title, alpha.folder, alpha.hidden, alpha.entries, alpha.unread) == ("Alpha", "tech", False, 1, 1)
    assert (beta.title, beta.folder, beta.hidden, beta.unread) == ("b.example", "", True, 1)
    assert listed(db, ALL) == ["one"]
    assert listed(db, Scope("all", filter="tag:linux")) == ["one"]
    assert listed(db, Scope("all", filter="tag:/^lin/")) == ["one"]
    assert listed(db, Scope("all", filter="-tag:linux")) == []


def test_it_is_one_act(db: sqlite3.Connection, tmp_path: Path) -> None:
    shelf(db, "one", "two", feed="a.example")
    before = ours(db)
    path = cache(
        tmp_path / "cache.db", {"guid": "one", "unread": 0, "flags": "s"}, {"guid": "old"}, {"guid": "six", **OF_B}
    )
    report, change = bring(db, (A, B), (QueryFeed("Mine", "is:unread tag:tech"),), path, now=NOW)
    assert change.label == "1 feed and 2 articles imported from newsboat"
    assert report.present == ("https://a.example/feed",)
    assert report.smart == ("Mine",)
    after = ours(db)
    assert sorted(listed(db, Scope("feed", feed_id=1))) == ["old", "one", "two"]
    assert listed(db, Scope("feed", feed_id=1, unread_only=True)) == ["two", "old"]
    assert feeds.feed(db, 1).entries == 3
    assert [one.unread for one in smart.smart_feeds(db, today_from=NOW, now=NOW)] == [2]
    undone = status.undo(db, now=NOW)
    assert undone is not None
    assert undone.label == change.label
    assert ours(db) == before
    assert tags.tags(db) == ()
    assert status.redo(db, now=NOW) is not None
    assert ours(db) == after
    again, change = bring(db, (A, B), (QueryFeed("mine", "is:read"),), path, now=NOW)
    assert (again.entries, again.added, again.smart, change.label) == (0, (), (), "")
    assert again.left == (("query feed “mine”", "there is a smart feed of that name; newsboat's asks is:read"),)
    assert ours(db) == after


def test_what_is_read_here_stays_read(db: sqlite3.Connection, tmp_path: Path) -> None:
    shelf(db, "one", feed="a.example")
    status.mark(db, [1], True, now=NOW)
    status.star(db, [1], True, now=NOW)
    brought(db, cache(tmp_path / "cache.db", {"guid": "one", "unread": 1}))
    assert (listed(db, UNREAD), listed(db, STARRED)) == ([], ["one"])


def test_a_feed_that_was_removed_comes_back_and_goes_again(db: sqlite3.Connection, tmp_path: Path) -> None:
    feed = shelf(db, "one", feed="a.example", folder="Mine")
    feeds.remove(db, [feed], now=NOW - 9)
    before = db.execute("SELECT * FROM feed WHERE id = ?", (feed,)).fetchall()
    brought(db, cache(tmp_path / "cache.db", {"guid": "one", "unread": 0}, {"guid": "old"}), A)
    assert (feeds.feed(db, feed).folder, sorted(listed(db, ALL))) == ("tech", ["old", "one"])
    status.undo(db, now=NOW)
    assert db.execute("SELECT * FROM feed WHERE id = ?", (feed,)).fetchall() == before


@pytest.mark.parametrize("tables", [ITEM, NEWER, OLDEST])
def test_caches_of_all_versions(db: sqlite3.Connection, tmp_path: Path, tables: str) -> None:
    path = cache(tmp_path / "cache.db", {"guid": "one", "unread": 0}, {"guid": "two"}, tables=tables)
    assert brought(db, path).read == 1
    assert listed(db, UNREAD) == ["two"]
    assert db.execute("SELECT DISTINCT hash FROM entry").fetchall() == [(IMPORTED,)]


def test_plain_text_of_newer_versions_is_no_markup(db: sqlite3.Connection, tmp_path: Path) -> None:
    brought(
        db,
        cache(
            tmp_path / "cache.db", {"guid": "one", "content": "a < b", "content_mime_type": "text/plain"}, tables=NEWER
        ),
    )
    assert entries.entry(db, id_of(db, "one")).text.is_text


def test_a_cache_in_wal_mode_that_is_being_written(db: sqlite3.Connection, tmp_path: Path) -> None:
    path = cache(tmp_path / "cache.db", {"guid": "one", "unread": 0})
    writer = sqlite3.connect(path)
    writer.execute("PRAGMA journal_mode = WAL")
    writer.execute("UPDATE rss_item SET flags = 's'")
    writer.commit()
    kept = {one: one.read_bytes() for one in tmp_path.glob("cache.db*") if one.name != "cache.db-shm"}
    assert len(kept) == 2
    assert brought(db, path).starred == 1
    assert {one: one.read_bytes() for one in kept} == kept
    writer.close()


def test_a_cache_that_newsboat_holds_open_is_read(db: sqlite3.Connection, tmp_path: Path) -> None:
    path = cache(tmp_path / "cache.db", {"guid": "one", "unread": 0})
    other = sqlite3.connect(path)
    other.execute("BEGIN")
    other.execute("SELECT count(*) FROM rss_item").fetchone()
    assert brought(db, path).read == 1
    other.close()


def test_a_cache_that_is_being_written_is_waited_for_and_nothing_is_half_done(
    db: sqlite3.Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui_reader.store.newsboat._PATIENCE", 0.01)
    path = cache(tmp_path / "cache.db", {"guid": "one"})
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(LibraryBusy, match="newsboat"):
        brought(db, path)
    other.execute("ROLLBACK")
    other.close()
    assert feeds.feeds(db) == ()


def _half(path: Path) -> None:
    path.write_bytes(cache(path.with_name("whole.db"), *({"guid": str(n)} for n in range(300))).read_bytes()[:9000])


def _foreign(path: Path) -> None:
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE rss_item (id INTEGER)")
    other.close()


@pytest.mark.parametrize(
    "make",
    [
        _half,
        _foreign,
        lambda path: path.write_bytes(b""),
        lambda path: path.write_text("no database"),
        lambda path: path.mkdir(),
    ],
)
def test_a_cache_that_is_none_is_told_and_the_feeds_are_brought(
    db: sqlite3.Connection, tmp_path: Path, make: object
) -> None:
    path = tmp_path / "cache.db"
    make(path)  # type: ignore[operator]
    report = brought(db, path)
    assert (len(report.added), report.entries, [what for what, _ in report.left]) == (2, 0, ["cache.db"])


def test_without_a_list_the_feeds_of_the_cache_are_taken(db: sqlite3.Connection, tmp_path: Path) -> None:
    report = bring(db, (), (), cache(tmp_path / "cache.db", {"guid": "one"}), now=NOW)[0]
    assert (report.added, report.entries) == (("https://a.example/feed",), 1)
    assert report.left[0][0] == "urls"


def test_nothing_dangerous_comes_from_the_cache(db: sqlite3.Connection, tmp_path: Path) -> None:
    evil = "a\x1b]0;x\x07\u202eb"
    path = cache(
        tmp_path / "cache.db",
        {
            "guid": evil,
            "title": evil,
            "author": evil,
            "url": "javascript:alert(1)",
            "enclosure_url": "file:///etc/passwd",
            "flags": "s\x1b;",
        },
        {"guid": "", "url": ""},
        {"guid": "dated", "pubDate": -5, "title": None or ""},
    )
    assert brought(db, path).entries == 2
    row = entries.rows(db, [1])[0]
    assert not {"\x1b", "\x07", "\u202e"} & set(row.title + row.author + row.url)
    assert json.loads(db.execute("SELECT enclosures FROM content").fetchone()[0]) == []
    assert [tag for tag, _ in tags.tags(db)] == ["flag-s"]


def test_an_entry_of_the_same_article_arrives_once(db: sqlite3.Connection, tmp_path: Path) -> None:
    feed = shelf(db, "one", feed="a.example")
    brought(db, cache(tmp_path / "cache.db", {"guid": "other", "url": "https://example.org/one", "unread": 0}), A)
    assert (listed(db, Scope("feed", feed_id=feed)), listed(db, UNREAD)) == (["one"], [])
    arrive(db, feed, new(post("two")))
    assert listed(db, UNREAD) == ["two"]
