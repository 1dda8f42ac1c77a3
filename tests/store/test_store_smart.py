"""Smart feeds, the reader's own tags, feeds that are hidden."""

from __future__ import annotations

import sqlite3

import pytest
from msgspec.structs import replace
from shelf import ALL, NOW, TODAY, UNREAD, arrive, listed, new, post, shelf

from tui_reader.errors import BadInput, NotFound
from tui_reader.model import FullText, Scope
from tui_reader.query import QueryFault
from tui_reader.store import entries, feeds, full_text, smart, status, tags


def smart_feeds(db: sqlite3.Connection) -> list[tuple[str, str, int]]:
    return [(one.name, one.query, one.unread) for one in smart.smart_feeds(db, today_from=NOW)]


# ---------------------------------------------------------------- smart feeds


def test_a_query_is_kept_counted_and_listed(db: sqlite3.Connection) -> None:
    shelf(db, "rust one", "python", "rust two")
    status.mark(db, [1], True, now=NOW)
    change = smart.save(db, "Rust", "title:rust", now=NOW)
    assert (change.label, change.subscriptions) == ("smart feed Rust made", True)
    assert smart_feeds(db) == [("Rust", "title:rust", 1)]
    scope = Scope("smart", "Rust", query="title:rust")
    assert listed(db, scope) == ["rust two", "rust one"]
    assert listed(db, replace(scope, filter="title:two")) == ["rust two"]
    assert listed(db, replace(scope, unread_only=True)) == ["rust two"]


def test_the_same_name_gets_the_new_query(db: sqlite3.Connection) -> None:
    smart.save(db, "Rust", "title:rust", now=NOW)
    assert smart.save(db, "rust", "title:crab", now=NOW).label == "rust asks something else"
    assert not smart.save(db, "Rust", "title:crab", now=NOW).label
    assert smart_feeds(db) == [("Rust", "title:crab", 0)]
    status.undo(db, now=NOW)
    assert smart_feeds(db) == [("Rust", "title:rust", 0)]


def test_all_that_is_done_to_a_smart_feed_can_be_undone(db: sqlite3.Connection) -> None:
    smart.save(db, "Rust", "rust", now=NOW)
    smart.rename(db, 1, "Crabs", now=NOW)
    smart.remove(db, 1, now=NOW)
    assert smart_feeds(db) == []
    for expected in (["Crabs"], ["Rust"], []):
        change = status.undo(db, now=NOW)
        assert change is not None
        assert change.subscriptions
        assert [name for name, _, _ in smart_feeds(db)] == expected
    status.redo(db, now=NOW)
    assert [name for name, _, _ in smart_feeds(db)] == ["Rust"]


def test_what_is_no_smart_feed_is_refused(db: sqlite3.Connection) -> None:
    with pytest.raises(QueryFault):
        smart.save(db, "x", "title:/(/", now=NOW)
    with pytest.raises(BadInput):
        smart.save(db, "", "x", now=NOW)
    with pytest.raises(NotFound):
        smart.rename(db, 9, "x", now=NOW)
    with pytest.raises(NotFound):
        smart.remove(db, 9, now=NOW)
    assert smart_feeds(db) == []


def test_counting_looks_only_at_what_is_unread(db: sqlite3.Connection) -> None:
    shelf(db, *map(str, range(50)))
    status.mark(db, range(1, 41), True, now=NOW)
    smart.save(db, "All", "", now=NOW)
    seen: list[str] = []
    db.set_trace_callback(seen.append)
    assert smart_feeds(db) == [("All", "", 10)]
    db.set_trace_callback(None)
    assert len(seen) == 2
    plan = " ".join(row[3] for row in db.execute(f"EXPLAIN QUERY PLAN {seen[1]}"))
    assert "COVERING INDEX unread_newest" in plan


# ---------------------------------------------------------------- tags


def test_tags_are_put_on_found_and_taken_off(db: sqlite3.Connection) -> None:
    shelf(db, "a", "b", "c")
    assert tags.tag(db, [1, 2], "to read", now=NOW).label == "2 articles tagged “to read”"
    assert tags.tag(db, [2, 3], "to read", now=NOW).label == "1 article tagged “to read”"
    assert not tags.tag(db, [2], "To Read", now=NOW).label
    assert tags.tags(db) == (("to read", 3),)
    assert listed(db, Scope("all", filter='tag:"to read"')) == ["c", "b", "a"]
    assert entries.entry(db, 1).own_tags == ("to read",)
    change = tags.untag(db, [1, 3], "to read", now=NOW)
    assert change.label == "“to read” taken off 2 articles"
    assert change.entries == {1, 3}
    assert listed(db, Scope("all", filter="has:tag")) == ["b"]
    assert entries.entry(db, 1).own_tags == ()


def test_each_act_on_tags_is_undone_for_just_its_entries(db: sqlite3.Connection) -> None:
    shelf(db, "a", "b")
    tags.tag(db, [1], "x", now=NOW)
    tags.tag(db, [1, 2], "x", now=NOW + 1)
    status.undo(db, now=NOW)
    assert tags.tags(db) == (("x", 1),)
    status.undo(db, now=NOW)
    assert tags.tags(db) == ()
    status.redo(db, now=NOW)
    status.redo(db, now=NOW)
    assert tags.tags(db) == (("x", 2),)


def test_a_tag_of_the_feed_is_found_beside_ones_own(db: sqlite3.Connection) -> None:
    feed = shelf(db, "a")
    arrive(db, feed, new(post("b", tags=("linux",))))
    tags.tag(db, [1], "Linux", now=NOW)
    assert sorted(listed(db, Scope("all", filter="tag:linux"))) == ["a", "b"]
    assert listed(db, Scope("all", filter="-tag:linux")) == []


def test_a_tag_needs_a_name_and_entries_that_exist(db: sqlite3.Connection) -> None:
    with pytest.raises(BadInput):
        tags.tag(db, [1], "", now=NOW)
    assert not tags.tag(db, [99], "x", now=NOW).label
    assert tags.tags(db) == ()


# ---------------------------------------------------------------- hidden feeds, full text


def test_a_hidden_feed_is_found_by_queries_only(db: sqlite3.Connection) -> None:
    feed = shelf(db, "seen")
    hidden = shelf(db, "unseen", feed="noisy.example")
    assert feeds.hide(db, [hidden], True, now=NOW).label == "noisy.example hidden from All and Unread"
    for scope in (ALL, UNREAD, TODAY):
        assert listed(db, scope) == ["seen"]
    counts = entries.counts(db, today_from=0)
    assert (counts.all, counts.unread, counts.today) == (1, 1, 1)
    assert listed(db, Scope("feed", feed_id=hidden)) == ["unseen"]
    assert sorted(listed(db, Scope("smart", query="-title:x"))) == ["seen", "unseen"]
    assert [one.hidden for one in feeds.feeds(db) if one.id == feed] == [False]
    status.undo(db, now=NOW)
    assert sorted(listed(db, ALL)) == ["seen", "unseen"]


def test_what_was_read_from_its_page_is_found(db: sqlite3.Connection) -> None:
    shelf(db, "a", "b", "c")
    page = FullText("https://example.org/a", "<p>whole</p>", NOW)
    full_text.save(db, entries.entry(db, 1), page)
    full_text.save(db, entries.entry(db, 2), replace(page, html="", error="gone"))
    assert listed(db, Scope("all", filter="has:fulltext")) == ["a"]
