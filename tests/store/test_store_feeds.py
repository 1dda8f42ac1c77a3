"""Subscriptions: adding, naming, finding, removing, and what a poll leaves behind."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

import pytest
from shelf import NOW, arrive, listed, new, post, shelf

from tui_reader.errors import BadInput, NotFound
from tui_reader.model import Change, PollState, Scope, Validators
from tui_reader.store import entries, feeds, status, tidy


@dataclass(frozen=True)
class Outline:
    url: str
    title: str = ""
    folder: str = ""
    site_url: str = ""


def test_the_shown_title_is_the_users_name_else_the_feeds_else_the_host(db: sqlite3.Connection) -> None:
    feed = feeds.add(db, url="https://example.org/feed", now=NOW)
    assert feeds.feed(db, feed).title == "example.org"
    arrive(db, feed, title="Its own")
    assert feeds.feed(db, feed).title == "Its own"
    feeds.rename(db, feed, "Mine", now=NOW)
    assert arrive(db, feed, title="Its new one") == Change(feeds=frozenset({feed}))
    assert feeds.feed(db, feed).title == "Mine"
    feeds.rename(db, feed, "", now=NOW)
    assert feeds.feed(db, feed).title == "Its new one"


def test_a_document_without_title_or_site_keeps_the_ones_known(db: sqlite3.Connection) -> None:
    feed = feeds.add(db, url="https://example.org/feed", now=NOW)
    arrive(db, feed, title="Its own")
    arrive(db, feed, title="")
    assert feeds.feed(db, feed).title == "Its own"


def test_feeds_stand_by_folder_and_title_whatever_the_case(db: sqlite3.Connection) -> None:
    for title, folder in (("b", "Z"), ("a", "Z"), ("C", ""), ("d", ""), ("e", "a")):
        feeds.add(db, url=f"https://{title}.example/", title=title, folder=folder, now=NOW)
    assert [feed.title for feed in feeds.feeds(db)] == ["C", "d", "e", "a", "b"]


def test_adding_twice_is_adding_once(db: sqlite3.Connection) -> None:
    feed = feeds.add(db, url="https://example.org/feed", now=NOW)
    assert feeds.add(db, url="http://www.example.org/feed/", title="Other", now=NOW) == feed
    assert [feed.title for feed in feeds.feeds(db)] == ["example.org"]


def test_a_removed_feed_comes_back_with_all_it_had(db: sqlite3.Connection) -> None:
    feed = shelf(db, "one", "two", folder="News")
    status.mark(db, [1], True, now=NOW)
    feeds.remove(db, [feed], now=NOW)
    assert feeds.add(db, url="https://example.org/feed", now=NOW) == feed
    assert listed(db, Scope("unread")) == ["two"]
    assert feeds.feed(db, feed).folder == "News"


def test_a_removed_feed_is_in_no_answer(db: sqlite3.Connection, screen: sqlite3.Connection) -> None:
    feed = shelf(db, "one", folder="News")
    status.star(db, [1], True, now=NOW)
    change = feeds.remove(db, [feed], now=NOW)
    assert change == Change(feeds=frozenset({feed}), subscriptions=True, label="example.org removed")
    assert feeds.feeds(screen) == ()
    assert entries.rows(screen, [1]) == ()
    assert entries.counts(screen, today_from=0).all == entries.counts(screen, today_from=0).starred == 0
    for scope in (
        Scope("all"),
        Scope("unread"),
        Scope("starred"),
        Scope("today"),
        Scope("folder", name="News"),
        Scope("feed", feed_id=feed),
        Scope("search", name="one"),
    ):
        assert listed(screen, scope) == [], scope
    for ask in (
        lambda: feeds.feed(screen, feed),
        lambda: feeds.by_url(screen, "https://example.org/feed"),
        lambda: feeds.find(screen, "example"),
        lambda: entries.entry(screen, 1),
    ):
        with pytest.raises(NotFound):
            ask()


def test_what_arrives_for_a_removed_feed_is_dropped(db: sqlite3.Connection) -> None:
    feed = shelf(db, "one")
    feeds.remove(db, [feed], now=NOW)
    assert arrive(db, feed, new(post("late"))) == Change()
    status.undo(db, now=NOW)
    assert listed(db) == ["one"]


def test_removing_is_for_good_after_a_month(db: sqlite3.Connection) -> None:
    kept, feed = shelf(db, "kept"), shelf(db, "one", feed="b.example")
    feeds.remove(db, [feed], now=NOW)
    assert tidy.purge(db, now=NOW + 29 * 86_400) == Change()
    assert tidy.purge(db, now=NOW + 31 * 86_400) == Change(feeds=frozenset({feed}))
    assert db.execute("SELECT feed_id FROM entry").fetchall() == [(kept,)]
    for table in ("content", "entry_words"):
        assert db.execute(f"SELECT count(*) FROM {table}").fetchone() == (1,)
    assert status.undo(db, now=NOW + 31 * 86_400) is None


def test_find_takes_number_address_title_and_a_part_only_one_has(db: sqlite3.Connection) -> None:
    lwn = feeds.add(db, url="https://lwn.net/headlines/rss", title="LWN.net", now=NOW)
    planet = feeds.add(db, url="https://planet.example/", title="Kernel Planet", now=NOW)
    magazine = feeds.add(db, url="https://2600.example/", title="2600", now=NOW)
    for text, feed in (
        (str(lwn), lwn),
        ("https://lwn.net/headlines/rss", lwn),
        ("http://lwn.net/headlines/rss/", lwn),
        ("LWN.net", lwn),
        ("lwn", lwn),
        (" PLANET ", planet),
        ("2600", magazine),
    ):
        assert feeds.find(db, text).id == feed, text


def test_find_names_what_an_unclear_word_could_mean(db: sqlite3.Connection) -> None:
    feeds.add(db, url="https://a.example/", title="Planet One", now=NOW)
    feeds.add(db, url="https://b.example/", title="Planet Two", now=NOW)
    with pytest.raises(NotFound, match=r"“planet” fits 2 feeds: Planet One \(1\), Planet Two \(2\)"):
        feeds.find(db, "planet")
    with pytest.raises(NotFound, match="no feed is called “]0;x”"):
        feeds.find(db, "\x1b]0;x\a]0;x")
    with pytest.raises(NotFound):
        feeds.find(db, "")


def test_folders_move_rename_and_dissolve_with_what_is_inside(db: sqlite3.Connection) -> None:
    outer = feeds.add(db, url="https://a.example/", folder="Tech", now=NOW)
    inner = feeds.add(db, url="https://b.example/", folder="Tech / Linux", now=NOW)
    other = feeds.add(db, url="https://c.example/", folder="Technics", now=NOW)

    def folders() -> list[str]:
        return [feeds.feed(db, feed).folder for feed in (outer, inner, other)]

    change = feeds.rename_folder(db, "Tech", "IT", now=NOW)
    assert change.feeds == {outer, inner}
    assert folders() == ["IT", "IT / Linux", "Technics"]
    feeds.rename_folder(db, "IT", "", now=NOW)
    assert folders() == ["", "Linux", "Technics"]
    status.undo(db, now=NOW)
    status.undo(db, now=NOW)
    assert folders() == ["Tech", "Tech / Linux", "Technics"]
    feeds.move(db, other, "Tech", now=NOW)
    assert folders() == ["Tech", "Tech / Linux", "Tech"]
    with pytest.raises(NotFound, match="no folder “Nowhere”"):
        feeds.rename_folder(db, "Nowhere", "x", now=NOW)


def test_a_new_address_keeps_entries_and_forgets_the_old_servers_troubles(db: sqlite3.Connection) -> None:
    feed = shelf(db, "one")
    feeds.poll(db, feed, PollState(Validators(b'"x"', None, "https://example.org/feed"), error="gone", gone=True))
    feeds.set_url(db, feed, "https://new.example/feed", now=NOW)
    moved = feeds.feed(db, feed)
    assert (moved.url, moved.title, moved.poll.gone, moved.poll.error) == (
        "https://new.example/feed",
        "new.example",
        False,
        "",
    )
    assert moved.poll.validators.etag == b'"x"'
    assert listed(db) == ["one"]
    feeds.add(db, url="https://other.example/", title="Other", now=NOW)
    with pytest.raises(BadInput, match="Other is subscribed at that address already"):
        feeds.set_url(db, feed, "https://other.example/", now=NOW)


def test_an_adopted_move_leaves_another_subscription_alone(db: sqlite3.Connection) -> None:
    feed, other = shelf(db, "one"), shelf(db, feed="b.example")
    arrive(db, feed, url="https://b.example/feed")
    assert feeds.feed(db, feed).url == "https://example.org/feed"
    arrive(db, feed, url="https://c.example/feed")
    assert feeds.feed(db, feed).url == "https://c.example/feed"
    assert feeds.feed(db, other).url == "https://b.example/feed"


def test_undo_leaves_an_address_that_was_taken_meanwhile(db: sqlite3.Connection) -> None:
    feed, other = shelf(db, "one"), shelf(db, feed="b.example")
    feeds.remove(db, [feed], now=NOW)
    arrive(db, other, url="https://example.org/feed")
    change = status.undo(db, now=NOW)
    assert change is not None
    assert change.feeds == frozenset()
    assert [one.id for one in feeds.feeds(db)] == [other]


def test_a_poll_comes_back_to_the_bit(db: sqlite3.Connection) -> None:
    feed = feeds.add(db, url="https://example.org/", now=NOW)
    state = PollState(
        Validators(b'W/"\xff\x00\x1b"', b"not a date", "https://example.org/"),
        b"\x00\xff",
        *range(1, 4),
        "hourly",
        5,
        6,
        7,
        8,
        "is busy",
        503,
        "words",
        "https://example.net/",
        9,
        10,
        True,
        11,
        (0, 23),
        (6,),
    )
    assert feeds.poll(db, feed, state) == Change(feeds=frozenset({feed}))
    assert feeds.feed(db, feed).poll == state
    assert feeds.poll(db, 99, state) == Change()


def test_a_list_is_added_at_once_and_taken_back_at_once(db: sqlite3.Connection) -> None:
    feeds.add(db, url="https://a.example/", now=NOW)
    outlines = [
        Outline("https://a.example/"),
        Outline("https://b.example/", "B", "Folder"),
        Outline("http://b.example", "B again"),
        Outline("https://c.example/"),
    ]
    added, present, change = feeds.add_all(db, outlines, now=NOW)
    assert added == ("https://b.example/", "https://c.example/")
    assert present == ("https://a.example/", "http://b.example")
    assert (change.label, change.subscriptions) == ("2 feeds added", True)
    assert feeds.find(db, "B").folder == "Folder"
    status.undo(db, now=NOW)
    assert [feed.url for feed in feeds.feeds(db)] == ["https://a.example/"]
    assert feeds.add_all(db, outlines[:1], now=NOW)[2] == Change()


def test_counts_of_a_feed(db: sqlite3.Connection) -> None:
    feed = shelf(db, "one", "two", "three")
    status.mark(db, [1], True, now=NOW)
    assert (feeds.feed(db, feed).entries, feeds.feed(db, feed).unread) == (3, 2)


def test_some_of_the_subscriptions_are_asked_for_by_id(db: sqlite3.Connection) -> None:
    for name in ("c", "a", "b"):
        feeds.add(db, url=f"https://{name}.example/feed", title=name, now=NOW)
    known = {feed.title: feed for feed in feeds.feeds(db)}
    assert feeds.feeds(db, {known["c"].id, known["a"].id, 999}) == (known["a"], known["c"])
    assert feeds.feeds(db, ()) == ()
    feeds.remove(db, {known["a"].id}, now=NOW)
    assert feeds.feeds(db, {known["a"].id}) == ()
