"""Discussions: comments accumulate, and news is what arrived since the last visit."""

from __future__ import annotations

import sqlite3

import pytest
from shelf import NOW, arrive, everything, new, say, shelf, talk, with_comments

from tui_reader.errors import NotFound
from tui_reader.model import Change, Confidence, PollState, ThreadUpdate
from tui_reader.store import comments, discussions, entries, feeds, search, status


@pytest.fixture
def entry(db: sqlite3.Connection) -> int:
    """An entry whose feed announces a feed of comments."""
    arrive(db, shelf(db), new(with_comments("post", 7)))
    return 1


def news(db: sqlite3.Connection, entry_id: int) -> tuple[int, int]:
    row = entries.rows(db, [entry_id])[0]
    total = entries.counts(db, today_from=0).comments_new
    assert row.comments_new == total == feeds.feed(db, row.feed_id).comments_new
    return row.comments_stored, row.comments_new


def test_comments_accumulate_and_none_is_removed(db: sqlite3.Connection, entry: int) -> None:
    change = talk(db, entry, say("1"), say("2", "1"))
    here = frozenset({entry})
    assert change == Change(feeds=frozenset({1}), entries=here, threads=here, new_comments=2)
    talk(db, entry, say("3", "2"), now=NOW + 60)
    talk(db, entry)
    stored = comments.comments(db, entry)
    assert [(one.key, one.parent_key, one.arrived) for one in stored] == [
        ("1", "", NOW),
        ("2", "1", NOW),
        ("3", "2", NOW + 60),
    ]
    assert comments.authors(db, 1) == {key: f"author of {key}" for key in "123"}
    assert discussions.of_entry(db, entry)[0].held == 3


def test_the_same_comments_again_change_nothing(db: sqlite3.Connection, entry: int) -> None:
    said = (say("1"), say("2", "1", published=5, url="https://example.org/#2", number=2))
    talk(db, entry, *said)
    before = everything(db)
    assert talk(db, entry, *said) == Change(threads=frozenset({entry}))
    assert everything(db) == before


def test_a_key_said_twice_in_one_document_is_one_comment(db: sqlite3.Connection, entry: int) -> None:
    assert talk(db, entry, say("1"), say("1", html="again")).new_comments == 1
    assert [one.html for one in comments.comments(db, entry)] == ["again"]


def test_nothing_is_news_before_a_first_visit(db: sqlite3.Connection, entry: int) -> None:
    talk(db, entry, say("1"), say("2"))
    assert news(db, entry) == (2, 0)
    assert discussions.visit(db, entry, now=NOW) == Change(threads=frozenset({entry}))
    talk(db, entry, say("3"))
    assert news(db, entry) == (3, 1)
    assert [one.new for one in comments.comments(db, entry)] == [False, False, True]
    here = frozenset({entry})
    assert discussions.visit(db, entry, now=NOW) == Change(feeds=frozenset({1}), entries=here, threads=here)
    assert news(db, entry) == (3, 0)
    assert discussions.visit(db, entry, now=NOW) == Change()


def test_a_discussion_that_was_never_fetched_was_not_visited(db: sqlite3.Connection, entry: int) -> None:
    assert discussions.visit(db, entry, now=NOW) == Change()
    talk(db, entry, say("1"))
    assert news(db, entry) == (1, 0)


def test_the_first_comment_after_a_visit_to_an_empty_discussion_is_news(db: sqlite3.Connection, entry: int) -> None:
    talk(db, entry)
    discussions.visit(db, entry, now=NOW)
    talk(db, entry, say("1"))
    assert news(db, entry) == (1, 1)


def test_what_arrives_late_with_an_old_date_is_news(db: sqlite3.Connection, entry: int) -> None:
    talk(db, entry, say("1", published=NOW))
    discussions.visit(db, entry, now=NOW)
    talk(db, entry, say("2", published=NOW - 86_400))
    assert news(db, entry) == (2, 1)


def test_a_comment_that_was_read_is_no_news(db: sqlite3.Connection, entry: int) -> None:
    talk(db, entry)
    discussions.visit(db, entry, now=NOW)
    talk(db, entry, say("1"), say("2"))
    change = status.mark_comments(db, [1], True, now=NOW)
    assert (change.label, change.threads) == ("1 comment marked read", frozenset({entry}))
    assert news(db, entry) == (2, 1)
    assert [(one.read, one.new) for one in comments.comments(db, entry)] == [(True, False), (False, True)]
    status.undo(db, now=NOW)
    assert news(db, entry) == (2, 2)


def test_an_edit_keeps_what_was_read_and_is_found_by_its_new_words(db: sqlite3.Connection, entry: int) -> None:
    talk(db, entry, say("1", html="first wording"))
    status.mark_comments(db, [1], True, now=NOW)
    assert talk(db, entry, say("1", html="second wording"), now=NOW + 9).new_comments == 0
    [comment] = comments.comments(db, entry)
    assert (comment.html, comment.read, comment.arrived) == ("second wording", True, NOW)
    assert search.search(db, "first") == ()
    assert [hit.comment_id for hit in search.search(db, "second")] == [comment.id]


def test_a_parent_is_given_up_only_for_one_as_sure(db: sqlite3.Connection, entry: int) -> None:
    talk(db, entry, say("3", "1", confidence=Confidence.STRONG))
    talk(db, entry, say("3"))
    talk(db, entry, say("3", "2", confidence=Confidence.LIKELY))
    assert comments.comments(db, entry)[0].parent_key == "1"
    talk(db, entry, say("3", "2", confidence=Confidence.EXACT))
    assert comments.comments(db, entry)[0].parent_key == "2"


def test_a_look_that_brought_nothing_is_remembered(db: sqlite3.Connection, entry: int) -> None:
    state = PollState(checked_at=NOW, error="is busy", status=503)
    assert comments.save(db, ThreadUpdate(1, poll=state), now=NOW) == Change(threads=frozenset({entry}))
    assert discussions.of_entry(db, entry)[0].poll == state


def test_a_discussion_whose_feed_was_removed_takes_nothing(db: sqlite3.Connection, entry: int) -> None:
    feeds.remove(db, [1], now=NOW)
    with pytest.raises(NotFound, match="its feed was removed"):
        talk(db, entry, say("1"))
    with pytest.raises(NotFound):
        comments.save(db, ThreadUpdate(99, poll=PollState()), now=NOW)


def test_news_counts_over_many_discussions(db: sqlite3.Connection) -> None:
    first, second = shelf(db), shelf(db, feed="b.example")
    arrive(db, first, new(with_comments("a")), new(with_comments("b")))
    arrive(db, second, new(with_comments("c")))
    for entry_id in (1, 2, 3):
        talk(db, entry_id)
        discussions.visit(db, entry_id, now=NOW)
        talk(db, entry_id, *(say(str(number)) for number in range(entry_id)))
    assert [feed.comments_new for feed in feeds.feeds(db)] == [3, 3]
    assert entries.counts(db, today_from=0).comments_new == 6
    feeds.remove(db, [second], now=NOW)
    assert entries.counts(db, today_from=0).comments_new == 3
