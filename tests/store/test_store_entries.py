"""Lists of entries, and what a refresh does to them."""

from __future__ import annotations

import sqlite3

import pytest
from msgspec.structs import replace
from shelf import (
    ALL,
    NOW,
    STARRED,
    TODAY,
    UNREAD,
    arrive,
    changed,
    everything,
    id_of,
    indexed,
    listed,
    new,
    post,
    shelf,
    with_comments,
)

from tui_reader.errors import LibraryError, NotFound
from tui_reader.model import Change, Counts, DiscussionRef, Enclosure, FeedUpdate, ParsedFeed, PollState, Scope
from tui_reader.refresh.decide import decide
from tui_reader.store import discussions, entries, excerpts, feeds, status


def refresh(db: sqlite3.Connection, feed_id: int, *posts: object, now: int = NOW) -> Change:
    """A whole document arrives, as the refresh would store it."""
    parsed = ParsedFeed("rss20", "Example", entries=tuple(posts))  # type: ignore[arg-type]
    stored = entries.stored(db, feed_id, parsed.entries)
    update = decide(feeds.feed(db, feed_id), stored, parsed, PollState(), now)
    return entries.save(db, update, now=now)


# ---------------------------------------------------------------- lists


def test_lists_are_newest_first_and_ties_go_by_arrival(db: sqlite3.Connection) -> None:
    feed = shelf(db)
    arrive(db, feed, new(post("a"), 5), new(post("b"), 9), new(post("c"), 5))
    assert listed(db) == ["b", "c", "a"]


def test_scopes(db: sqlite3.Connection) -> None:
    top = shelf(db, "top1", "top2")
    inner = shelf(db, "inner", feed="b.example", folder="Tech / Linux")
    shelf(db, "outer", feed="c.example", folder="Tech")
    shelf(db, "other", feed="d.example", folder="Technics")
    status.mark(db, [id_of(db, "top1")], True, now=NOW)
    status.star(db, [id_of(db, "outer")], True, now=NOW)
    assert listed(db, UNREAD) == ["top2", "other", "outer", "inner"]
    assert listed(db, STARRED) == ["outer"]
    assert listed(db, TODAY, today_from=NOW + 1) == ["top2"]
    assert listed(db, Scope("folder", name="Tech")) == ["outer", "inner"]
    assert listed(db, Scope("folder", name="Tech / Linux")) == ["inner"]
    assert listed(db, Scope("feed", feed_id=top)) == ["top2", "top1"]
    assert listed(db, Scope("feed", feed_id=top, unread_only=True)) == ["top2"]
    assert listed(db, Scope("folder", name="Tech", unread_only=True)) == ["outer", "inner"]
    assert listed(db, Scope("search", name="inner")) == ["inner"]
    assert listed(db, Scope("search", name="…")) == []
    assert listed(db, Scope("feed", feed_id=99)) == []
    assert feeds.feed(db, inner).folder == "Tech / Linux"


def test_a_row_just_read_stays_in_its_place_while_it_is_kept(db: sqlite3.Connection) -> None:
    feed = shelf(db, "a", "b", "c", "d")
    status.mark(db, [1, 3], True, now=NOW)
    assert listed(db, UNREAD, keep={3}) == ["d", "c", "b"]
    assert listed(db, Scope("feed", feed_id=feed, unread_only=True), keep={1, 99}) == ["d", "b", "a"]
    assert listed(db, Scope("folder", name="x", unread_only=True), keep={1}) == []
    assert listed(db, UNREAD, keep={1, 2, 3}, limit=2) == ["d", "c"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("is:unread", "dcb"),
        ("-is:read", "dcb"),
        ("is:unread title:c", "c"),
        ("is:read", "ca"),
        ("-is:unread", "ca"),
        ("-(is:read OR title:d)", "cb"),
    ],
)
def test_what_is_kept_passes_as_unread_wherever_a_query_asks_for_that(
    db: sqlite3.Connection, query: str, found: str
) -> None:
    shelf(db, "a", "b", "c", "d")
    status.mark(db, [1, 3], True, now=NOW)
    for scope in (Scope("all", filter=query), Scope("smart", query=query), Scope("search", name=query)):
        assert listed(db, scope, keep={3}) == list(found)
        assert listed(db, scope) == [
            one for one in found if (one == "c" and query in {"is:read", "-is:unread"}) or one != "c"
        ]
    assert listed(db, Scope("unread", filter="is:unread"), keep={3}) == ["d", "c", "b"]


def test_an_excerpt_is_the_first_words_of_a_body_without_its_markup(db: sqlite3.Connection) -> None:
    feed = shelf(db)
    long = f"<p>One <b>two</b> &amp; three.</p>\n<p>{'four ' * 5_000}</p>"
    arrive(
        db,
        feed,
        new(post("a", html=long)),
        new(post("b", html=f"<img src='data:{'x' * 9_000}'>late")),
        new(post("c", html="a < b\nand on", is_text=True)),
    )
    told = dict(excerpts.excerpts(db, [1, 2, 3, 99]))
    assert told[1].startswith("One two & three. four four")
    assert len(told[1]) <= 400
    assert told[2] == ""
    assert told[3] == "a < b and on"
    assert set(told) == {1, 2, 3}


def test_a_limit_takes_the_newest(db: sqlite3.Connection) -> None:
    shelf(db, *"abcdef")
    assert list(entries.ids(db, ALL, today_from=0, limit=2)) == [6, 5]
    assert len(entries.ids(db, ALL, today_from=0)) == 6


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("alpha", ["Alpha 100%"]),
        ("ALPHA 100", ["Alpha 100%"]),
        ("100%", ["Alpha 100%"]),
        ("%", ["Alpha 100%"]),
        ("_", ["under_score"]),
        ("\\", ["back\\slash"]),
        ("ann", ["by ann"]),
        ("ann planet", ["by ann"]),
        ("planet", ["by ann", "back\\slash", "under_score", "Alpha 100%", "Ärger"]),
        ("ÄRGER", ["Ärger"]),
        ("ärger", ["Ärger"]),
        ("alpha beta", []),
        ("'; DROP TABLE entry; --", []),
    ],
)
def test_a_filter_wants_all_of_its_words_in_title_author_or_feed(
    db: sqlite3.Connection, words: str, found: list[str]
) -> None:
    feed = feeds.add(db, url="https://example.org/", title="Planet", now=NOW)
    titles = ("Ärger", "Alpha 100%", "under_score", "back\\slash")
    arrive(db, feed, *(new(post(title), number) for number, title in enumerate(titles)))
    arrive(db, feed, new(post("x", title="by ann", author="Ann Other"), 9))
    assert listed(db, Scope("all", filter=words)) == found
    assert listed(db, Scope("unread", filter=words), keep={1}) == found


def test_rows_come_in_the_order_asked_for_without_those_that_are_gone(db: sqlite3.Connection) -> None:
    shelf(db, "a", "b", "c")
    assert [row.id for row in entries.rows(db, [2, 99, 3, 1])] == [2, 3, 1]
    assert entries.rows(db, []) == ()


def test_an_entry_comes_back_whole(db: sqlite3.Connection) -> None:
    feed = shelf(db)
    parsed = post(
        "a",
        author="Ann",
        published=5,
        updated=6,
        html="<p>x\0y</p>",
        is_text=True,
        base="https://example.org/",
        tags=("ä", "b"),
        enclosures=(Enclosure("https://example.org/a.mp3", "audio/mpeg", 2**40), Enclosure("https://x")),
        comments_url="https://example.org/c",
    )
    arrive(db, feed, new(parsed, 5), title="Example")
    entry = entries.entry(db, 1)
    assert (entry.guid, entry.updated, entry.arrived, entry.html) == ("a", 6, NOW, "<p>x\0y</p>")
    assert (entry.is_text, entry.base, entry.tags) == (True, "https://example.org/", ("ä", "b"))
    assert (entry.enclosures, entry.comments_url) == (parsed.enclosures, "https://example.org/c")
    assert entry.row == entries.rows(db, [1])[0]
    assert (entry.row.feed_title, entry.row.author, entry.row.published) == ("Example", "Ann", 5)
    with pytest.raises(NotFound, match="no entry number 99"):
        entries.entry(db, 99)


def test_counts(db: sqlite3.Connection) -> None:
    shelf(db, *"abcde")
    assert entries.counts(db, today_from=NOW + 3) == Counts(all=5, unread=5, today=2)
    status.mark(db, [1, 2], True, now=NOW)
    status.star(db, [2, 3, 4], True, now=NOW)
    assert entries.counts(db, today_from=NOW + 9) == Counts(all=5, unread=3, starred=3)


# ---------------------------------------------------------------- what a refresh brings


def test_the_same_document_again_changes_nothing(db: sqlite3.Connection) -> None:
    feed = shelf(db)
    posts = (with_comments("a", 3), post("b"))
    assert refresh(db, feed, *posts).new_entries == 2
    before = everything(db)
    again = refresh(db, feed, *posts, now=NOW + 60)
    assert (again.new_entries, again.changed_entries, again.entries) == (0, 0, frozenset())
    assert everything(db) == before


def test_an_edit_keeps_state_star_and_place_and_is_marked(db: sqlite3.Connection) -> None:
    feed = shelf(db)
    refresh(db, feed, post("a", "Old"), post("b", published=NOW - 9))
    status.mark(db, [id_of(db, "Old")], True, now=NOW)
    status.star(db, [id_of(db, "Old")], True, now=NOW)
    before = entries.rows(db, [id_of(db, "Old")])[0]
    change = refresh(db, feed, post("a", "New", "<p>neu</p>", published=NOW - 99), post("b"), now=NOW + 99)
    assert (change.new_entries, change.changed_entries) == (0, 1)
    after = entries.rows(db, [before.id])[0]
    assert after == replace(before, title="New", published=NOW - 99, edited=True)
    assert entries.entry(db, before.id).html == "<p>neu</p>"
    indexed(db)
    assert listed(db, Scope("search", name="neu")) == ["New"]
    assert listed(db, Scope("search", name="old")) == []


def test_entries_that_leave_the_feed_stay_and_are_not_unread_when_they_come_back(db: sqlite3.Connection) -> None:
    feed = shelf(db)
    refresh(db, feed, post("a"), post("b"))
    status.mark(db, [id_of(db, "a")], True, now=NOW)
    refresh(db, feed)
    refresh(db, feed, post("b"))
    assert sorted(listed(db)) == ["a", "b"]
    assert refresh(db, feed, post("a"), post("b")).new_entries == 0
    assert listed(db, UNREAD) == ["b"]


@pytest.mark.row("F02")
def test_a_changed_guid_with_the_same_address_is_the_same_entry(db: sqlite3.Connection) -> None:
    feed = shelf(db)
    refresh(db, feed, post("http://example.org/a", url="http://example.org/a"))
    status.mark(db, [1], True, now=NOW)
    moved = post("https://example.org/a", url="https://www.example.org/a?utm_source=x", title="http://example.org/a")
    moved = replace(moved, html="<p>http://example.org/a</p>")
    for _ in range(2):
        change = refresh(db, feed, moved)
        assert (change.new_entries, change.changed_entries) == (0, 0)
    assert listed(db, UNREAD) == []
    assert entries.entry(db, 1).guid == "https://example.org/a"


@pytest.mark.row("F01")
def test_entries_that_all_link_to_one_page_are_different_ones(db: sqlite3.Connection) -> None:
    feed = shelf(db)
    front = "https://example.org/"
    refresh(db, feed, post("a", url=front), post("b", url=front))
    assert refresh(db, feed, post("c", url=front), post("d", url=front)).new_entries == 2
    assert sorted(listed(db)) == ["a", "b", "c", "d"]


@pytest.mark.row("F03")
def test_the_same_guid_in_two_feeds_is_two_entries(db: sqlite3.Connection) -> None:
    shelf(db, "same")
    shelf(db, "same", feed="b.example")
    assert listed(db) == ["same", "same"]


def test_an_entry_stored_by_another_process_meanwhile_is_left_as_it_is(db: sqlite3.Connection) -> None:
    feed = shelf(db, "a")
    change = arrive(db, feed, new(post("a", "late")), new(post("b")))
    assert (change.new_entries, listed(db)) == (1, ["b", "a"])
    assert feeds.feed(db, feed).entries == 2


def test_two_entries_never_end_up_with_one_key(db: sqlite3.Connection) -> None:
    feed = shelf(db, "a", "b")
    arrive(db, feed, changed(id_of(db, "b"), post("a", "b2")))
    assert listed(db) == ["b2", "a"]


def test_stored_finds_by_key_and_by_address(db: sqlite3.Connection) -> None:
    feed, other = shelf(db, "a", "b", "c"), shelf(db, "d", feed="b.example")
    asked = [post("a", url=""), post("x", url="http://www.example.org/b/"), post("d"), post("y", url="")]
    assert {one.key for one in entries.stored(db, feed, asked)} == {"a", "b"}
    assert {one.key for one in entries.stored(db, other, asked)} == {"d"}
    assert entries.stored(db, feed, []) == ()


def test_declared_counts_grow_without_an_edit(db: sqlite3.Connection) -> None:
    feed = shelf(db)
    refresh(db, feed, with_comments("a", 3), with_comments("b", None))
    assert [row.comments for row in entries.rows(db, [2, 1])] == [3, None]
    change = refresh(db, feed, with_comments("a", 4), with_comments("b", None))
    assert (change.entries, change.changed_entries) == (frozenset({2}), 0)
    assert entries.rows(db, [2])[0].comments == 4
    refresh(db, feed, with_comments("a", None))
    assert entries.rows(db, [2])[0].comments == 4


def test_discussions_are_known_by_their_address_or_their_page(db: sqlite3.Connection) -> None:
    feed = shelf(db)
    refs = (
        DiscussionRef("page", "", "https://example.org/a#comments", 2),
        DiscussionRef("feed", "https://example.org/a/feed", "https://example.org/a#comments", 5),
        DiscussionRef("page", "", "https://elsewhere.example/a", 2),
        DiscussionRef("feed", "", "", 9),
    )
    refresh(db, feed, post("a", discussions=refs))
    refresh(db, feed, post("a", discussions=refs))
    found = discussions.of_entry(db, 1)
    assert [(one.kind, one.url, one.page_url, one.declared) for one in found] == [
        ("feed", "https://example.org/a/feed", "https://example.org/a#comments", 5),
        ("page", "", "https://elsewhere.example/a", 2),
    ]
    assert entries.rows(db, [1])[0].comments == 5


def test_a_page_becomes_the_discussion_that_is_found_on_it(db: sqlite3.Connection) -> None:
    feed = shelf(db)
    page = DiscussionRef("page", "", "https://example.org/a#comments", 2)
    refresh(db, feed, post("a", discussions=(page,)))
    found = DiscussionRef("feed", "https://example.org/a/feed", "https://example.org/a#comments", name="Comments")
    assert discussions.noted(db, 1, (found,)).threads == {1}
    assert discussions.noted(db, 1, (found,)) == Change()
    refresh(db, feed, post("a", discussions=(replace(page, count=3),)))
    (one,) = discussions.of_entry(db, 1)
    assert (one.kind, one.url, one.declared) == ("feed", "https://example.org/a/feed", 3)


@pytest.mark.row("S12")
def test_what_sqlite_cannot_hold_is_one_plain_line_and_nothing_is_stored(db: sqlite3.Connection) -> None:
    feed = shelf(db, "a")
    before = everything(db)
    for bad in (post("x", "\ud800"), post("x", published=2**63)):
        with pytest.raises(LibraryError, match="cannot be stored"):
            arrive(db, feed, new(post("fine")), new(bad))
        assert everything(db) == before


@pytest.mark.row("D01")
def test_a_failure_at_any_moment_of_a_save_stores_nothing(db: sqlite3.Connection) -> None:
    feed = shelf(db, "a")
    before = everything(db)
    update = FeedUpdate(feed, "T", "", "", PollState(), tuple(new(with_comments(key, 1)) for key in "bcd"))
    failures, moment = 0, 1
    while True:
        steps = iter(range(moment))
        db.set_progress_handler(lambda steps=steps: next(steps, None) is None, 50)
        try:
            change = entries.save(db, update, now=NOW)
        except LibraryError:
            db.set_progress_handler(None, 0)
            assert everything(db) == before
            failures, moment = failures + 1, moment + 1
        else:
            db.set_progress_handler(None, 0)
            break
    assert failures > 3
    assert change.new_entries == 3
    assert listed(db) == ["d", "c", "b", "a"]


def test_numbers_of_any_size_are_listed(db: sqlite3.Connection) -> None:
    feed = shelf(db, "a", "b", "c")
    db.execute("PRAGMA foreign_keys = OFF")
    db.execute("UPDATE entry SET id = id + (1 << 40) WHERE key = 'b'")
    expected = [number for (number,) in db.execute("SELECT id FROM entry ORDER BY sort_at DESC, id DESC")]
    assert max(expected) > 1 << 40
    assert list(entries.ids(db, Scope("feed", feed_id=feed), today_from=0)) == expected


def test_a_text_with_a_turned_bit_costs_a_character_and_not_the_list(db: sqlite3.Connection) -> None:
    shelf(db, "whole", "one")
    db.execute("UPDATE entry SET title = CAST(x'6F6EE5' AS TEXT) WHERE title = 'one'")
    assert listed(db) == ["on\ufffd", "whole"]
