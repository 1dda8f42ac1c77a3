"""Visits: when a discussion was left and what had been said by then, so that one can step back to any of them."""

from __future__ import annotations

import sqlite3

from shelf import NOW, arrive, new, news, say, shelf, talk, with_comments

from tui_reader.model import Change, DiscussionRef, Visit
from tui_reader.store import discussions, entries

DAY = 86_400


def test_one_can_step_back_to_earlier_visits(db: sqlite3.Connection, entry: int) -> None:
    """Each with the time at which it ended and the last comment that there was then."""
    assert discussions.visits(db, 1) == ()
    talk(db, 1, say("2"))
    discussions.visit(db, 1, now=NOW + DAY)
    assert discussions.visits(db, 1) == (Visit(NOW, 1),)
    talk(db, 1, say("3"))
    discussions.visit(db, 1, now=NOW + 2 * DAY)
    assert discussions.visits(db, 1) == (Visit(NOW + DAY, 2), Visit(NOW, 1))


def test_a_visit_that_sees_nothing_more_is_none(db: sqlite3.Connection, entry: int) -> None:
    talk(db, 1, say("2"))
    discussions.visit(db, 1, now=NOW + DAY)
    before = discussions.visits(db, 1)
    assert discussions.visit(db, 1, now=NOW + 2 * DAY) == Change()
    talk(db, 1, say("2", html="<p>edited</p>"))
    assert discussions.visit(db, 1, now=NOW + 3 * DAY) == Change()
    assert discussions.visits(db, 1) == before


def test_a_visit_before_the_first_comment_is_one(db: sqlite3.Connection) -> None:
    arrive(db, shelf(db), new(with_comments("post", 7)))
    assert discussions.visit(db, 1, now=NOW) == Change()
    talk(db, 1)
    discussions.visit(db, 1, now=NOW)
    talk(db, 1, say("1"))
    assert news(db) == ["1"]
    discussions.visit(db, 1, now=NOW + DAY)
    assert discussions.visits(db, 1) == (Visit(NOW, 0),)


def test_before_a_first_visit_nothing_is_new(db: sqlite3.Connection) -> None:
    arrive(db, shelf(db), new(with_comments("post", 7)))
    talk(db, 1, say("1"), say("2"))
    (row,) = entries.rows(db, [1])
    assert (row.comments_stored, row.comments_new, news(db)) == (2, 0, [])


def test_only_the_latest_visits_are_kept(db: sqlite3.Connection, entry: int) -> None:
    for number in range(2, 40):
        talk(db, 1, say(str(number)))
        discussions.visit(db, 1, now=NOW + number)
    kept = discussions.visits(db, 1)
    assert len(kept) == discussions.VISITS_KEPT
    assert kept[0] == Visit(NOW + 38, 38)
    assert kept[-1] == Visit(NOW + 19, 19)


def test_one_discussion_can_be_visited_and_another_not(db: sqlite3.Connection, entry: int) -> None:
    discussions.noted(db, 1, (DiscussionRef("feed", "https://elsewhere.example/feed"),))
    talk(db, 1, say("2"))
    discussions.visit(db, 1, now=NOW, discussion_id=2)
    assert news(db) == ["2"]
    discussions.visit(db, 1, now=NOW, discussion_id=1)
    assert news(db) == []


def test_the_visits_of_one_discussion_push_out_no_others(db: sqlite3.Connection, entry: int) -> None:
    arrive(db, 1, new(with_comments("other", 1)))
    talk(db, 1, say("2"))
    discussions.visit(db, 1, now=NOW + DAY)
    for number in range(50):
        talk(db, 2, say(str(number)))
        discussions.visit(db, 2, now=NOW + number)
    assert discussions.visits(db, 1) == (Visit(NOW, 1),)
