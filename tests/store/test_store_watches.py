"""Watching: what is looked at and what of it is news; stars, authors, the same article in several feeds."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from msgspec.structs import replace
from shelf import NOW, arrive, changed, listed, new, post, say, shelf, talk, with_comments

from tui_reader.errors import NotFound
from tui_reader.model import Change, DiscussionRef, Scope
from tui_reader.store import comments, connect, discussions, entries, feeds, status

DAY = 86_400


def new_count(db: sqlite3.Connection) -> int:
    return entries.rows(db, [1])[0].comments_new


# ---------------------------------------------------------------- watching


def test_a_watched_discussion_is_listed_until_its_time_is_over(db: sqlite3.Connection, entry: int) -> None:
    change = discussions.watch(db, 1, until=NOW + DAY, now=NOW)
    assert change.label == "discussion watched"
    (one,) = discussions.watched(db, NOW)
    assert (one.discussion.id, one.entry_guid, one.feed_url) == (1, "post", feeds.feed(db, 1).url)
    assert list(entries.ids(db, Scope("watched"), today_from=0)) == [1]
    assert entries.rows(db, [1])[0].watched
    assert entries.counts(db, today_from=0).watched == 1
    assert discussions.end_watches(db, now=NOW + DAY - 1) == Change()
    assert discussions.end_watches(db, now=NOW + DAY).entries == {1}
    assert discussions.watched(db, NOW) == ()
    assert not entries.rows(db, [1])[0].watched


def test_watching_can_be_taken_back_and_done_again(db: sqlite3.Connection, entry: int) -> None:
    discussions.watch(db, 1, until=NOW + DAY, now=NOW)
    undone = status.undo(db, now=NOW)
    assert undone is not None
    assert undone.label == "discussion watched"
    assert discussions.watched(db, NOW) == ()
    status.redo(db, now=NOW)
    assert len(discussions.watched(db, NOW)) == 1
    discussions.unwatch(db, 1, now=NOW)
    assert discussions.watched(db, NOW) == ()
    status.undo(db, now=NOW)
    assert len(discussions.watched(db, NOW)) == 1


def test_only_the_replies_that_are_watched_are_news(db: sqlite3.Connection, entry: int) -> None:
    discussions.watch(db, 1, key="1", until=NOW + DAY, now=NOW)
    talk(db, 1, say("2", "1"), say("3", "2"), say("4"))
    assert new_count(db) == 2
    status.undo(db, now=NOW)
    assert new_count(db) == 3


def test_a_loop_below_a_watched_comment_does_no_harm(db: sqlite3.Connection, entry: int) -> None:
    talk(db, 1, say("2", "3"), say("3", "2"))
    discussions.watch(db, 1, key="2", until=NOW + DAY, now=NOW)
    assert new_count(db) == 2


def test_what_is_gone_cannot_be_watched(db: sqlite3.Connection) -> None:
    with pytest.raises(NotFound):
        discussions.watch(db, 99, until=NOW + DAY, now=NOW)


def test_a_followed_feed_watches_what_is_new_in_it(db: sqlite3.Connection) -> None:
    feed = shelf(db)
    arrive(db, feed, new(with_comments("old", 1)))
    assert feeds.follow(db, feed, True, now=NOW).label == f"all discussions of {feeds.feed(db, feed).title} watched"
    assert feeds.feed(db, feed).follow
    arrive(db, feed, new(with_comments("fresh", 1)))
    assert [one.entry_guid for one in discussions.watched(db, NOW)] == ["fresh"]
    status.undo(db, now=NOW)
    assert not feeds.feed(db, feed).follow


def test_what_is_watched_no_longer_stays_so_when_its_feed_is_followed(db: sqlite3.Connection) -> None:
    feed = shelf(db)
    feeds.follow(db, feed, True, now=NOW)
    arrive(db, feed, new(with_comments("post", 1)))
    discussions.unwatch(db, 1, now=NOW)
    arrive(db, feed, changed(1, with_comments("post", 2)), new(with_comments("fresh", 1)))
    assert [one.entry_guid for one in discussions.watched(db, NOW)] == ["fresh"]


def test_a_discussion_that_nothing_can_be_fetched_from_is_not_followed(db: sqlite3.Connection) -> None:
    feed = shelf(db)
    feeds.follow(db, feed, True, now=NOW)
    page = DiscussionRef("page", "", "https://example.org/post#comments")
    arrive(db, feed, new(post("post", discussions=(page,))))
    assert listed(db, Scope("watched")) == []


def test_a_watch_that_is_over_leaves_nothing_behind_when_it_is_taken_back(db: sqlite3.Connection, entry: int) -> None:
    discussions.watch(db, 1, key="1", until=NOW + DAY, now=NOW)
    discussions.watch(db, 1, until=NOW + 2 * DAY, now=NOW)
    discussions.end_watches(db, now=NOW + 2 * DAY)
    talk(db, 1, say("2"))
    status.undo(db, now=NOW + 2 * DAY)
    (one,) = discussions.of_entry(db, 1)
    assert (one.watch_until, one.watch_key, one.new) == (None, "", 1)


def test_watching_survives_closing_the_library_and_so_does_taking_it_back(
    db: sqlite3.Connection, entry: int, path: Path
) -> None:
    discussions.watch(db, 1, key="1", until=NOW + DAY, now=NOW)
    db.close()
    again = connect.open_writer(path, now=NOW)
    assert discussions.watched(again, NOW)[0].discussion.watch_key == "1"
    undone = status.undo(again, now=NOW)
    again.close()
    assert undone is not None
    assert undone.label == "replies watched"


def test_what_is_watched_and_what_is_news_is_listed_newest_first(db: sqlite3.Connection) -> None:
    feed = shelf(db)
    arrive(db, feed, *(new(with_comments(key), NOW + n) for n, key in enumerate(("old", "middle", "young", "still"))))
    for number in (1, 2, 3):
        talk(db, number, say("1"))
        discussions.visit(db, number, now=NOW)
        talk(db, number, say("2"), say("3"))
    discussions.watch(db, 1, until=NOW + DAY, now=NOW)
    discussions.watch(db, 4, until=NOW + DAY, now=NOW)
    assert listed(db, Scope("watched")) == ["still", "old"]
    assert listed(db, Scope("news")) == ["young", "middle", "old"]
    status.mark(db, [2], True, now=NOW)
    assert listed(db, Scope("news", unread_only=True)) == ["young", "old"]
    counts = entries.counts(db, today_from=0)
    assert (counts.watched, counts.watched_new, counts.news, counts.comments_new) == (2, 2, 3, 6)
    feeds.remove(db, [feed], now=NOW)
    gone = entries.counts(db, today_from=0)
    assert (gone.watched, gone.watched_new, gone.news, listed(db, Scope("watched"))) == (0, 0, 0, [])
    assert discussions.watched(db, NOW) == ()


def test_a_count_that_grew_makes_a_watched_discussion_due(db: sqlite3.Connection, entry: int) -> None:
    discussions.watch(db, 1, until=NOW + DAY, now=NOW)
    talk(db, 1, say("1", author="Ann"))
    db.execute("UPDATE discussion SET watch_at = ?", (NOW + DAY,))
    (url,) = db.execute("SELECT url FROM discussion").fetchone()
    with_count = lambda count: DiscussionRef("feed", url, count=count)  # noqa: E731
    discussions.noted(db, 1, (with_count(7),))
    assert discussions.watched(db, NOW)[0].discussion.watch_at == NOW + DAY
    discussions.noted(db, 1, (with_count(8),))
    (one,) = discussions.watched(db, NOW)
    assert (one.discussion.watch_at, one.discussion.watch_why) == (0, "its feed counts more comments")


# ---------------------------------------------------------------- stars, authors, the same article elsewhere


def test_a_star_can_be_taken_back(db: sqlite3.Connection, entry: int) -> None:
    assert status.star_comments(db, [1], True, now=NOW).label == "1 comment starred"
    assert comments.comments(db, 1)[0].starred
    status.undo(db, now=NOW)
    assert not comments.comments(db, 1)[0].starred


def test_all_that_an_author_said_is_found_that_of_the_site_first(db: sqlite3.Connection, entry: int) -> None:
    discussions.noted(db, 1, (DiscussionRef("feed", "https://elsewhere.example/feed"),))
    talk(db, 1, say("2", author="Bob"), say("3", author="Ann"))
    db.execute("UPDATE comment SET discussion_id = 2 WHERE key = '1'")
    found = comments.by_author(db, "Ann", host="elsewhere.example")
    assert [(comment.key, title, entry_id) for comment, title, entry_id in found] == [
        ("1", "post", 1),
        ("3", "post", 1),
    ]


def test_the_same_article_in_another_feed_brings_its_discussions_along(db: sqlite3.Connection) -> None:
    first, second = shelf(db), feeds.add(db, url="https://other.example/feed", now=NOW)
    arrive(db, first, new(with_comments("post", 7)))
    url = entries.rows(db, [1])[0].url

    again = replace(
        with_comments("again", 3),
        url=f"{url}?utm_source=x",
        discussions=(DiscussionRef("hackernews", "https://hn.example/1"),),
    )
    arrive(db, second, new(again))
    assert [one.url for one in discussions.of_entry(db, 1)][1:] == ["https://hn.example/1"]
    assert len(discussions.of_entry(db, 2)) == 2
    feeds.remove(db, [second], now=NOW)
    assert len(discussions.of_entry(db, 1)) == 1


def test_the_same_article_can_be_listed_once(db: sqlite3.Connection) -> None:
    first, second = shelf(db), feeds.add(db, url="https://other.example/feed", now=NOW)
    arrive(db, first, new(with_comments("post", 7)), new(with_comments("alone", 1)))
    url = entries.rows(db, [1])[0].url
    arrive(db, second, new(replace(with_comments("again", 3), url=f"{url}?utm_source=x")))
    for kind in ("all", "unread"):
        assert sorted(entries.ids(db, Scope(kind), today_from=0)) == [1, 2, 3]
        assert sorted(entries.ids(db, Scope(kind), today_from=0, once=True)) == [1, 2]
    assert list(entries.ids(db, Scope("feed", feed_id=second), today_from=0, once=True)) == [3]
    assert entries.twins(db, [1]) == {1, 3}
    status.mark(db, [1], True, now=NOW)
    assert sorted(entries.ids(db, Scope("unread"), today_from=0, once=True)) == [2, 3]
    feeds.remove(db, [first], now=NOW)
    assert list(entries.ids(db, Scope("all"), today_from=0, once=True)) == [3]


def test_many_are_watched_as_one_act(db: sqlite3.Connection) -> None:
    feed = shelf(db)
    arrive(db, feed, *(new(with_comments(key, 3)) for key in "abc"), new(post("quiet")))
    discussions.watch(db, 1, until=NOW + DAY, now=NOW)
    discussions.watch(db, 2, until=NOW + DAY, now=NOW, key="c1")
    change = discussions.watch_entries(db, [1, 2, 3, 4], until=NOW + 2 * DAY, now=NOW)
    assert change.label == "2 discussions watched"
    assert [one.discussion.watch_key for one in discussions.watched(db, NOW)] == ["", "", ""]
    assert discussions.watch_entries(db, [1, 2, 3, 4], until=NOW + DAY, now=NOW) == Change()
    status.undo(db, now=NOW)
    assert [one.discussion.watch_key for one in discussions.watched(db, NOW)] == ["", "c1"]
    status.redo(db, now=NOW)
    assert discussions.watch_entries(db, [1, 2, 3, 4], until=None, now=NOW).label == "3 discussions no longer watched"
    assert discussions.watched(db, NOW) == ()
