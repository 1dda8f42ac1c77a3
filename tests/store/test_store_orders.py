"""In which order a list stands: six ways and each of them turned round, in every kind of list."""

from __future__ import annotations

import sqlite3
from typing import get_args

import pytest
from shelf import NOW, arrive, changed, id_of, listed, new, post, say, shelf, talk, with_comments

from tui_reader.model import Order, Scope, SortKey
from tui_reader.store import discussions, feeds, status

DAY = 86_400
UNREAD = Scope("unread")


@pytest.fixture
def filled(db: sqlite3.Connection) -> sqlite3.Connection:
    """Five articles in two feeds; they came in the order a to e, and their dates go another way."""
    feeds.add(db, url="https://z.example/feed", title="Überblick", folder="F", now=NOW)
    feeds.add(db, url="https://a.example/feed", title="Valley", folder="F", now=NOW)
    said = [
        (1, with_comments("a", 5), "“Quoted” first", NOW - 5 * DAY),
        (1, with_comments("b"), "Éclair", NOW - DAY),
        (2, with_comments("c", 40), "alpha", NOW - 3 * DAY),
        (2, with_comments("d", 5), "Delta", NOW - 2 * DAY),
        (1, post("e"), "éclair, again", NOW - 4 * DAY),
    ]
    for number, (feed_id, entry, title, at) in enumerate(said):
        titled = post(entry.key, title, discussions=entry.discussions)
        arrive(db, feed_id, new(titled, at), title=("Überblick", "Valley")[feed_id - 1], now=NOW + number)
    for entry_id, count in ((2, 1), (4, 3)):
        talk(db, entry_id, say(f"{entry_id}"))
        discussions.visit(db, entry_id, now=NOW)
        talk(db, entry_id, *(say(f"{entry_id}-{one}") for one in range(count)))
    return db


def keys(db: sqlite3.Connection, scope: Scope = Scope("all"), **asked: object) -> str:  # noqa: B008
    """The articles of a list by the letter each came under."""
    letters = {title: key for key, title in db.execute("SELECT key, title FROM entry")}
    return "".join(letters[title] for title in listed(db, scope, **asked))


ORDERS = [
    ("date", "bdcea", "aecdb"),
    ("arrival", "edcba", "abcde"),
    ("title", "cdbea", "aebdc"),
    ("feed", "beadc", "dcbea"),
    ("comments", "cdabe", "ebdac"),
    ("new", "dbcea", "ceabd"),
]


@pytest.mark.parametrize("scope", [Scope("all"), UNREAD, Scope("folder", "F"), Scope("all", unread_only=True)])
@pytest.mark.parametrize(("by", "first", "reversed"), ORDERS)
def test_each_order_stands_as_it_says_and_turned_round(
    filled: sqlite3.Connection, by: SortKey, first: str, reversed: str, scope: Scope
) -> None:
    assert keys(filled, scope, order=Order(by)) == first
    assert keys(filled, scope, order=Order(by, reverse=True)) == reversed


def test_every_order_is_tested() -> None:
    assert [by for by, _, _ in ORDERS] == [by for by in get_args(SortKey) if by != "relevance"], "an order of searches"


@pytest.mark.parametrize(("by", "first", "reversed"), ORDERS)
def test_rows_that_were_just_read_keep_their_place(
    filled: sqlite3.Connection, by: SortKey, first: str, reversed: str
) -> None:
    status.mark(filled, [id_of(filled, "alpha"), id_of(filled, "Delta")], True, now=NOW)
    assert keys(filled, UNREAD, order=Order(by), keep=[3, 4]) == first
    assert keys(filled, UNREAD, order=Order(by), keep=[3]) == first.replace("d", "")
    assert keys(filled, UNREAD, order=Order(by), limit=2, keep=[3, 4]) == first[:2]


@pytest.mark.parametrize(("by", "first", "reversed"), ORDERS)
def test_a_feed_alone_and_a_filter_are_sorted_alike(
    filled: sqlite3.Connection, by: SortKey, first: str, reversed: str
) -> None:
    in_feed = "".join(letter for letter in first if letter in "abe")
    assert keys(filled, Scope("feed", feed_id=1), order=Order(by)) == in_feed
    assert keys(filled, Scope("all", filter="title:eclair"), order=Order(by)) == in_feed.replace("a", "")


@pytest.mark.parametrize("by", get_args(SortKey))
def test_an_article_of_several_feeds_is_one_row_in_every_order(db: sqlite3.Connection, by: SortKey) -> None:
    shelf(db, "same", "one", feed="a.example")
    shelf(db, "same", "two", feed="b.example")
    for reverse in (False, True):
        titles = listed(db, once=True, order=Order(by, reverse))
        assert sorted(titles) == ["one", "same", "two"]


def test_an_edit_of_the_title_moves_the_article_in_the_next_list(filled: sqlite3.Connection) -> None:
    arrive(filled, 2, changed(3, post("c", "zulu")))
    assert keys(filled, order=Order("title")) == "dbeac"


def test_what_was_read_of_a_discussion_stays_in_the_list_of_news_until_it_is_left(filled: sqlite3.Connection) -> None:
    news = Scope("news")
    assert keys(filled, news) == "bd"
    discussions.visit(filled, 4, now=NOW + DAY)
    assert keys(filled, news) == "b"
    assert keys(filled, news, keep=[4]) == "bd"
    assert keys(filled, news, keep=[2, 4], order=Order("new", reverse=True)) == "db"
