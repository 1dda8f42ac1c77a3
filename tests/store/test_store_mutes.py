"""Mutes: who is silent where, for how long, and that every mute can be taken back; long threads, similar names."""

from __future__ import annotations

import sqlite3

import pytest
from shelf import NOW, arrive, new, news, say, talk, with_comments
from test_store_plans import planned, traced

from tui_reader.errors import NotFound
from tui_reader.model import Change, DiscussionRef, Quiet
from tui_reader.store import comments, discussions, entries, feed_settings, feeds, journal, mutes, status, tidy

DAY = 86_400
LONG = 5_000


@pytest.fixture
def long(db: sqlite3.Connection, entry: int) -> int:
    """The same with thousands of replies, each to the one before or to the first."""
    talk(db, 1, *(say(str(n), str(n - 1 if n % 2 else 1), author=f"author {n % 50}") for n in range(2, LONG + 1)))
    return entry


def quiet(db: sqlite3.Connection) -> dict[str, Quiet]:
    return {one.key: one.quiet for one in comments.comments(db, 1)}


def new_count(db: sqlite3.Connection) -> int:
    return entries.rows(db, [1])[0].comments_new


# ---------------------------------------------------------------- who is muted where


@pytest.mark.parametrize(
    ("address", "is_muted"),
    [
        ("https://example.org/feed", True),
        ("http://example.org:8080/feed", True),
        ("https://EXAMPLE.org/feed", True),
        ("https://example.org.example/feed", False),
        ("https://example.organic.example/feed", False),
        ("https://www.example.org/feed", False),
        ("https://other.example/?from=//example.org/", False),
    ],
)
def test_a_site_is_told_by_its_whole_host(db: sqlite3.Connection, entry: int, address: str, is_muted: bool) -> None:
    db.execute("UPDATE discussion SET url = ?", (address,))
    mutes.mute_author(db, "Ann", "example.org", expires_at=None, now=NOW)
    assert quiet(db) == {"1": Quiet.MUTED if is_muted else Quiet.NO}


def test_a_discussion_known_by_its_page_only_is_of_that_pages_host(db: sqlite3.Connection, entry: int) -> None:
    db.execute("UPDATE discussion SET url = '', page_url = 'https://forum.example/t/1'")
    mutes.mute_author(db, "Ann", "forum.example", expires_at=None, now=NOW)
    assert quiet(db) == {"1": Quiet.MUTED}


def test_an_author_muted_everywhere_is_so_in_every_discussion(db: sqlite3.Connection, entry: int) -> None:
    arrive(db, 1, new(with_comments("other", 1)))
    talk(db, 2, say("9", author="Ann"))
    change = mutes.mute_author(db, "Ann", "", expires_at=None, now=NOW)
    assert change.entries == {1, 2}
    assert [one.quiet for one in comments.comments(db, 2)] == [Quiet.MUTED]


def test_those_without_a_name_are_nobody(db: sqlite3.Connection, entry: int) -> None:
    talk(db, 1, say("2", author=""))
    mutes.own(db, ("",), now=NOW)
    mutes.mute_author(db, "", "", expires_at=None, now=NOW)
    assert quiet(db)["2"] is Quiet.NO


def test_ones_own_comment_below_a_muted_one_is_ones_own(db: sqlite3.Connection, entry: int) -> None:
    mutes.own(db, ("Me",), now=NOW)
    talk(db, 1, say("2", author="Me", parent_key="1"))
    mutes.mute_thread(db, 1, "1", expires_at=None, now=NOW)
    assert quiet(db) == {"1": Quiet.MUTED, "2": Quiet.OWN}


def test_what_is_gone_cannot_be_muted(db: sqlite3.Connection) -> None:
    with pytest.raises(NotFound):
        mutes.mute_thread(db, 99, "1", expires_at=None, now=NOW)


# ---------------------------------------------------------------- one mute, several mutes


def test_a_second_mute_of_the_same_takes_the_place_of_the_first(db: sqlite3.Connection, entry: int) -> None:
    mutes.mute_author(db, "Ann", "", expires_at=NOW + DAY, now=NOW)
    mutes.mute_author(db, "Ann", "", expires_at=NOW + 9 * DAY, now=NOW + 1)
    assert [one.expires_at for one in mutes.mutes(db, NOW)] == [NOW + 9 * DAY]
    mutes.end(db, now=NOW + DAY)
    assert quiet(db) == {"1": Quiet.MUTED}
    (mute,) = mutes.mutes(db, NOW)
    mutes.lift(db, mute.id, now=NOW + DAY)
    assert quiet(db) == {"1": Quiet.NO}


def test_taking_the_second_mute_back_leaves_the_first(db: sqlite3.Connection, entry: int) -> None:
    mutes.mute_thread(db, 1, "1", expires_at=NOW + DAY, now=NOW)
    mutes.mute_thread(db, 1, "1", expires_at=None, now=NOW)
    status.undo(db, now=NOW)
    assert [one.expires_at for one in mutes.mutes(db, NOW)] == [NOW + DAY]
    assert quiet(db) == {"1": Quiet.MUTED}
    status.undo(db, now=NOW)
    assert (mutes.mutes(db, NOW), quiet(db)) == ((), {"1": Quiet.NO})
    status.redo(db, now=NOW)
    status.redo(db, now=NOW)
    assert [one.expires_at for one in mutes.mutes(db, NOW)] == [None]


def test_what_two_mutes_hold_stays_muted_when_one_is_lifted(db: sqlite3.Connection, entry: int) -> None:
    mutes.mute_author(db, "Ann", "", expires_at=None, now=NOW)
    mutes.mute_thread(db, 1, "1", expires_at=None, now=NOW)
    thread, author = mutes.mutes(db, NOW)
    mutes.lift(db, author.id, now=NOW)
    assert quiet(db) == {"1": Quiet.MUTED}
    mutes.lift(db, thread.id, now=NOW)
    assert quiet(db) == {"1": Quiet.NO}


def test_a_mute_that_has_ended_does_not_come_back(db: sqlite3.Connection, entry: int) -> None:
    mutes.mute_author(db, "Ann", "", expires_at=NOW + DAY, now=NOW)
    mutes.lift(db, mutes.mutes(db, NOW)[0].id, now=NOW)
    mutes.end(db, now=NOW + DAY)
    status.undo(db, now=NOW + DAY)
    assert (mutes.mutes(db, NOW + DAY), quiet(db)) == ((), {"1": Quiet.NO})


def test_a_lifted_mute_is_forgotten_when_nobody_can_take_that_back(db: sqlite3.Connection, entry: int) -> None:
    mutes.mute_author(db, "Ann", "", expires_at=None, now=NOW)
    mutes.lift(db, mutes.mutes(db, NOW)[0].id, now=NOW)
    mutes.end(db, now=NOW + journal.KEPT)
    assert db.execute("SELECT count(*) FROM mute").fetchone() == (1,)
    mutes.end(db, now=NOW + journal.KEPT + 1)
    assert db.execute("SELECT count(*) FROM mute").fetchone() == (0,)


def test_a_loop_below_a_muted_comment_does_no_harm(db: sqlite3.Connection, entry: int) -> None:
    talk(db, 1, say("2", "3"), say("3", "2"), say("4", "4"))
    mutes.mute_thread(db, 1, "2", expires_at=None, now=NOW)
    mutes.mute_thread(db, 1, "4", expires_at=None, now=NOW)
    assert [key for key, why in quiet(db).items() if why] == ["2", "3", "4"]


def test_the_same_key_in_another_discussion_is_another_comment(db: sqlite3.Connection, entry: int) -> None:
    arrive(db, 1, new(with_comments("other", 1)))
    talk(db, 2, say("1"), say("2", "1"))
    mutes.mute_thread(db, 1, "1", expires_at=None, now=NOW)
    assert [one.quiet for one in comments.comments(db, 2)] == [Quiet.NO, Quiet.NO]


# ---------------------------------------------------------------- long threads


def test_thousands_of_replies_are_muted_by_as_many_statements_as_one(db: sqlite3.Connection, entry: int) -> None:
    few = traced(db, lambda: mutes.mute_thread(db, 1, "1", expires_at=None, now=NOW))
    status.undo(db, now=NOW)
    talk(db, 1, *(say(str(n), str(n - 1)) for n in range(2, LONG + 1)))
    many = traced(db, lambda: mutes.mute_thread(db, 1, "1", expires_at=None, now=NOW))
    assert set(quiet(db).values()) == {Quiet.MUTED}
    assert new_count(db) == 0
    assert len(few) == len(many)


@pytest.mark.parametrize(
    "act",
    [
        lambda db: mutes.mute_thread(db, 1, "1", expires_at=None, now=NOW),
        lambda db: discussions.watch(db, 1, key="1", until=NOW + DAY, now=NOW),
    ],
)
def test_replies_are_found_by_their_index(db: sqlite3.Connection, entry: int, act: object) -> None:
    """Looking through the whole discussion for each reply takes seconds where there are thousands."""
    statements = [one for one in traced(db, lambda: act(db)) if "RECURSIVE" in one]  # type: ignore[operator]
    assert statements
    for statement in statements:
        assert "USING INDEX comment_replies (discussion_id=? AND parent_key=?)" in planned(db, statement)


def test_what_an_author_said_is_found_by_its_index(db: sqlite3.Connection, entry: int) -> None:
    asked = traced(db, lambda: comments.by_author(db, "Ann"))
    muted = traced(db, lambda: mutes.mute_author(db, "Ann", "", expires_at=None, now=NOW))
    for statement in (asked[0], next(one for one in muted if "JOIN comment" in one)):
        assert "INDEX comment_author (author=?)" in planned(db, statement)


def test_only_the_watched_replies_of_thousands_are_news(db: sqlite3.Connection, long: int) -> None:
    assert new_count(db) == LONG - 1
    discussions.watch(db, 1, key="2", until=NOW + DAY, now=NOW)
    assert new_count(db) == 2
    mutes.mute_thread(db, 1, "3", expires_at=None, now=NOW)
    assert new_count(db) == 1


# ---------------------------------------------------------------- with the feed


def test_mutes_visits_and_edits_go_when_their_feed_goes_for_good(db: sqlite3.Connection, entry: int) -> None:
    talk(db, 1, say("1", author="Ann", html="<p>edited</p>"), say("2"))
    discussions.visit(db, 1, now=NOW + 1)
    mutes.mute_thread(db, 1, "1", expires_at=None, now=NOW)
    mutes.mute_author(db, "Ann", "", expires_at=None, now=NOW)
    feeds.remove(db, [1], now=NOW)
    tidy.purge(db, now=NOW + journal.KEPT + 1)
    for table in ("discussion", "comment", "comment_edit", "visit"):
        assert db.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,), table
    assert [one.author for one in mutes.mutes(db, NOW)] == ["Ann"]


def test_an_author_is_found_only_where_one_is_subscribed(db: sqlite3.Connection, entry: int) -> None:
    discussions.noted(db, 1, (DiscussionRef("feed", "https://example.organic.example/feed"),))
    talk(db, 1, say("2", author="Ann"))
    db.execute("UPDATE comment SET discussion_id = 2 WHERE key = '2'")
    assert [one.key for one, _, _ in comments.by_author(db, "Ann", host="example.org")] == ["1", "2"]
    assert [one.key for one, _, _ in comments.by_author(db, "Ann")] == ["2", "1"]
    feeds.remove(db, [1], now=NOW)
    assert comments.by_author(db, "Ann") == ()


# ---------------------------------------------------------------- what a mute is


def test_a_muted_author_is_no_news_here_and_stays_so_for_what_comes(db: sqlite3.Connection, entry: int) -> None:
    talk(db, 1, say("2", author="Eve"), say("3", author="Bob"))
    assert news(db) == ["2", "3"]
    host = "example.org"
    change = mutes.mute_author(db, "Eve", host, expires_at=NOW + DAY, now=NOW)
    assert change.label == "Eve muted on example.org"
    assert change.entries == {1}
    assert news(db) == ["3"]
    talk(db, 1, say("4", author="Eve"))
    assert news(db) == ["3"]
    status.undo(db, now=NOW)
    assert news(db) == ["2", "3", "4"]
    status.redo(db, now=NOW)
    assert news(db) == ["3"]


def test_an_author_of_another_site_is_another_one(db: sqlite3.Connection, entry: int) -> None:
    talk(db, 1, say("2", author="Eve"))
    mutes.mute_author(db, "Eve", "elsewhere.example", expires_at=None, now=NOW)
    assert news(db) == ["2"]
    mutes.mute_author(db, "Eve", "", expires_at=None, now=NOW)
    assert news(db) == []


def test_a_muted_thread_takes_its_replies_along_those_to_come_as_well(db: sqlite3.Connection, entry: int) -> None:
    talk(db, 1, say("2"), say("3", "2"), say("4"))
    mutes.mute_thread(db, 1, "2", expires_at=None, now=NOW)
    assert news(db) == ["4"]
    talk(db, 1, say("5", "3"), say("6", "4"))
    assert news(db) == ["4", "6"]
    assert [one.quiet for one in comments.comments(db, 1)][1] is Quiet.MUTED


def test_a_mute_ends_by_itself_or_by_hand(db: sqlite3.Connection, entry: int) -> None:
    talk(db, 1, say("2", author="Eve"))
    mutes.mute_author(db, "Eve", "", expires_at=NOW + DAY, now=NOW)
    (mute,) = mutes.mutes(db, NOW)
    assert (mute.author, mute.host, mute.expires_at) == ("Eve", "", NOW + DAY)
    assert mutes.end(db, now=NOW + DAY - 1) == Change()
    assert mutes.end(db, now=NOW + DAY).entries == {1}
    assert news(db) == ["2"]
    mutes.mute_author(db, "Eve", "", expires_at=None, now=NOW)
    assert news(db) == []
    mutes.lift(db, mutes.mutes(db, NOW)[0].id, now=NOW)
    assert (news(db), mutes.mutes(db, NOW)) == (["2"], ())
    status.undo(db, now=NOW)
    assert news(db) == []


def test_ones_own_comments_are_no_news(db: sqlite3.Connection, entry: int) -> None:
    mutes.own(db, ("Me",), now=NOW)
    talk(db, 1, say("2", author="Me"), say("3", author="Bob"))
    assert news(db) == ["3"]
    mutes.own(db, (), now=NOW)
    assert news(db) == ["2", "3"]


def test_the_readers_name_in_one_feed(db: sqlite3.Connection) -> None:
    feed = feeds.add(db, url="https://example.org/feed", now=NOW)
    arrive(db, feed, new(with_comments("a")))
    talk(db, 1, say("c0"))
    discussions.visit(db, 1, now=NOW)
    talk(db, 1, say("c1"), say("c2", author="ann"))
    assert news(db) == ["c1", "c2"]
    feed_settings.set_up(db, [feed], "name", "ann", now=NOW)
    assert news(db) == ["c1"]
    talk(db, 1, say("c3", author="ann"), say("c4"))
    assert news(db) == ["c1", "c4"]
    status.undo(db, now=NOW)
    assert news(db) == ["c1", "c2", "c3", "c4"]
    status.redo(db, now=NOW)
    assert news(db) == ["c1", "c4"]
