"""Every list walks an index made for it, and an action costs a fixed, small number of statements."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from itertools import groupby
from typing import get_args

import pytest
from shelf import NOW, arrive, new, post, say, shelf, talk, with_comments

from tui_reader.model import FeedUpdate, Order, PollState, Scope, ScopeKind, SortKey
from tui_reader.store import comments, connect, discussions, entries, feeds, scopes, status, tidy


@pytest.fixture(params=["new", "analysed"])
def full(request: pytest.FixtureRequest, db: sqlite3.Connection, path: object) -> Iterator[sqlite3.Connection]:
    """A library of some size, as SQLite sees it before and after it has looked at what is stored."""
    for number in range(20):
        feed = shelf(db, feed=f"{number}.example", folder=f"Folder {number % 3}")
        arrive(db, feed, *(new(post(f"{key}"), key * 7 % 101) for key in range(50)))
    status.mark(db, range(1, 900), True, now=NOW)
    status.star(db, range(500, 510), True, now=NOW)
    if request.param == "analysed":
        tidy.optimize(db)
        tidy.optimize(db)
    reader = connect.open_reader(path)  # type: ignore[arg-type]
    yield reader
    reader.close()


@pytest.mark.parametrize("limit", [None, 200])
@pytest.mark.parametrize(
    ("scope", "index"),
    [
        (Scope("all"), "entry_newest"),
        (Scope("today"), "entry_newest"),
        (Scope("unread"), "unread_newest"),
        (Scope("all", unread_only=True), "unread_newest"),
        (Scope("today", unread_only=True), "unread_newest"),
        (Scope("starred"), "entry_starred"),
        (Scope("feed", feed_id=3), "entry_of_feed"),
        (Scope("feed", feed_id=3, unread_only=True), "unread_of_feed"),
    ],
)
def test_a_list_is_read_off_its_index_without_sorting(
    full: sqlite3.Connection, scope: Scope, index: str, limit: int | None
) -> None:
    plan = planned(full, *scopes.query(scope, today_from=50, keep=(), limit=limit))
    assert f"COVERING INDEX {index}" in plan
    assert "TEMP B-TREE" not in plan


@pytest.mark.parametrize(
    ("scope", "looked_up"),
    [
        (Scope("smart", query="is:unread"), False),
        (Scope("all", filter="is:unread -has:comments"), False),
        (Scope("feed", feed_id=3, filter="is:unread"), False),
        (Scope("unread", filter="title:x"), True),
        (Scope("today", filter="is:unread -is:starred"), True),
    ],
)
def test_what_must_be_unread_is_walked_and_looked_up_only_for_what_else_is_asked(
    full: sqlite3.Connection, scope: Scope, looked_up: bool
) -> None:
    plan = planned(full, *scopes.query(scope, today_from=50, keep=(), limit=200))
    assert "COVERING INDEX unread_" in plan
    assert "TEMP B-TREE FOR ORDER BY" not in plan
    assert ("SEARCH entry USING INTEGER PRIMARY KEY" in plan) is looked_up


def test_of_what_is_starred_and_unread_the_few_that_are_starred_are_walked(full: sqlite3.Connection) -> None:
    for scope in (Scope("all", filter="is:unread is:starred"), Scope("starred", unread_only=True)):
        plan = planned(full, *scopes.query(scope, today_from=50, keep=(), limit=200))
        assert "COVERING INDEX entry_starred" in plan
        assert "SCAN unread" not in plan


@pytest.mark.parametrize("reverse", [False, True])
@pytest.mark.parametrize(
    ("scope", "by", "read_from", "sorts"),
    [
        (Scope("all"), "date", "COVERING INDEX entry_newest", False),
        (Scope("feed", feed_id=3), "date", "COVERING INDEX entry_of_feed", False),
        (Scope("unread"), "date", "COVERING INDEX unread_newest", False),
        (Scope("all"), "arrival", "SCAN entry\n", False),
        (Scope("feed", feed_id=3), "arrival", "COVERING INDEX entry_of_feed", True),
        (Scope("unread"), "arrival", "COVERING INDEX unread_newest", True),
        (Scope("all"), "feed", "COVERING INDEX entry_newest", True),
        (Scope("unread"), "feed", "COVERING INDEX unread_newest", True),
        (Scope("all"), "comments", "COVERING INDEX entry_newest", True),
        (Scope("unread"), "new", "COVERING INDEX unread_newest", True),
        (Scope("feed", feed_id=3), "new", "COVERING INDEX entry_of_feed", True),
        (Scope("feed", feed_id=3), "title", "SEARCH entry USING INDEX entry_of_feed", True),
        (Scope("unread"), "title", "COVERING INDEX unread_newest", True),
        (Scope("folder", name="Folder 1"), "title", "SEARCH entry USING INDEX entry_of_feed", True),
    ],
)
def test_an_order_takes_what_it_needs_from_an_index(
    full: sqlite3.Connection, scope: Scope, by: SortKey, read_from: str, sorts: bool, reverse: bool
) -> None:
    plan = planned(full, *scopes.query(scope, today_from=50, keep=(), limit=200, order=Order(by, reverse)))
    assert read_from in plan
    assert ("TEMP B-TREE FOR ORDER BY" in plan) is sorts
    assert "SCAN discussion" not in plan
    beside = plan.count("SCAN feed") + plan.count("SCAN entry USING COVERING INDEX entry_hidden")
    assert plan.count("SCAN ") - beside <= 1, "the list is gone through once"


@pytest.mark.parametrize("by", get_args(SortKey))
def test_an_order_is_one_statement_or_one_for_each_of_its_parts(full: sqlite3.Connection, by: SortKey) -> None:
    asked = lambda: entries.ids(full, Scope("unread"), today_from=0, keep=(1, 2), order=Order(by))  # noqa: E731
    assert len(traced(full, asked)) == (2 if by in {"comments", "new"} else 1)


@pytest.mark.parametrize("by", ["comments", "new"])
@pytest.mark.parametrize("scope", [Scope("all"), Scope("unread")])
def test_what_has_comments_is_gathered_from_the_discussions_and_all_else_needs_no_sorting(
    full: sqlite3.Connection, scope: Scope, by: SortKey
) -> None:
    def part(name: scopes.Part) -> str:
        asked = scopes.query(scope, today_from=0, keep=(), limit=200, order=Order(by), part=name)
        return planned(full, *asked)

    spoken, silent = part("spoken"), part("silent")
    assert "SEARCH entry USING" in spoken
    assert "SCAN entry USING COVERING INDEX entry_newest" not in spoken
    assert f"COVERING INDEX {'entry_newest' if scope.kind == 'all' else 'unread_newest'}" in silent
    assert "TEMP B-TREE FOR ORDER BY" not in silent


@pytest.mark.parametrize(("unread_only", "index"), [(False, "entry_of_feed"), (True, "unread_of_feed")])
@pytest.mark.row("S14")
def test_a_folder_is_gathered_from_its_feeds(full: sqlite3.Connection, unread_only: bool, index: str) -> None:
    scope = Scope("folder", name="Folder 1", unread_only=unread_only)
    assert f"SEARCH entry USING COVERING INDEX {index}" in planned(
        full, *scopes.query(scope, today_from=0, keep=(), limit=200)
    )


@pytest.mark.parametrize(("kind", "index"), [("watched", "discussion_watched"), ("news", "discussion_new")])
def test_what_is_discussed_is_gathered_from_the_few_discussions_concerned(
    full: sqlite3.Connection, kind: ScopeKind, index: str
) -> None:
    plan = planned(full, *scopes.query(Scope(kind), today_from=0, keep=(), limit=200))
    assert f"discussion USING COVERING INDEX {index}" in plan
    assert "SEARCH entry USING" in plan


def test_kept_rows_are_looked_up_by_id_beside_the_list(full: sqlite3.Connection) -> None:
    plan = planned(full, *scopes.query(Scope("unread"), today_from=0, keep=(1, 2), limit=200))
    assert "COVERING INDEX unread_newest" in plan
    assert "SEARCH entry USING INTEGER PRIMARY KEY" in plan


@pytest.mark.parametrize(
    "ask",
    [
        lambda db: entries.rows(db, [1, 2, 3]),
        lambda db: entries.entry(db, 1),
        lambda db: feeds.feed(db, 1),
        lambda db: comments.comments(db, 1),
        lambda db: discussions.of_entry(db, 1),
        lambda db: entries.stored(db, 1, [post("1")]),
        lambda db: tidy.recall(db, "x"),
    ],
)
def test_nothing_that_grows_is_read_from_end_to_end(
    full: sqlite3.Connection, ask: Callable[[sqlite3.Connection], object]
) -> None:
    for statement in traced(full, lambda: ask(full)):
        plan = planned(full, statement)
        for table in ("entry", "content", "discussion", "comment", "e", "c"):
            assert f"SCAN {table}\n" not in plan, (statement, plan)


def test_counts_are_read_off_indexes(full: sqlite3.Connection) -> None:
    for statement in traced(full, lambda: (feeds.feeds(full), entries.counts(full, today_from=0))):
        plan = planned(full, statement)
        assert "SCAN entry\n" not in plan
        assert "SCAN e\n" not in plan


@pytest.mark.parametrize(
    ("most", "ask"),
    [
        (1, lambda db: feeds.feeds(db)),
        (1, lambda db: entries.counts(db, today_from=0)),
        (1, lambda db: entries.ids(db, Scope("unread"), today_from=0)),
        (2, lambda db: entries.first(db, Scope("unread"), today_from=0)),
        (1, lambda db: entries.rows(db, range(1, 200))),
        (1, lambda db: entries.entry(db, 1)),
        (1, lambda db: comments.comments(db, 1)),
    ],
)
def test_a_question_is_one_statement(
    full: sqlite3.Connection, most: int, ask: Callable[[sqlite3.Connection], object]
) -> None:
    assert len(traced(full, lambda: ask(full))) <= most


@pytest.mark.parametrize("count", [1, 100])
def test_an_act_is_as_many_statements_for_many_as_for_one(db: sqlite3.Connection, count: int) -> None:
    feed = shelf(db)
    arrive(db, feed, *(new(with_comments(str(key))) for key in range(count)))
    talk(db, 1, *(say(str(key)) for key in range(count)))
    ids = range(1, count + 1)
    for most, act in (
        (7, lambda: status.mark(db, ids, True, now=NOW)),
        (5, lambda: status.star(db, ids, True, now=NOW)),
        (10, lambda: status.mark_comments(db, ids, True, now=NOW)),
        (10, lambda: status.undo(db, now=NOW)),
        (7, lambda: discussions.visit(db, 1, now=NOW)),
        (3, lambda: feeds.poll(db, feed, PollState())),
        (7, lambda: feeds.remove(db, [feed], now=NOW)),
    ):
        statements = traced(db, act)
        assert len(statements) <= most, statements


@pytest.mark.parametrize("count", [32, 320])
def test_new_entries_are_stored_many_at_a_statement(db: sqlite3.Connection, count: int) -> None:
    """At every statement the thread that writes waits for its turn, while other feeds are fetched."""
    feed = shelf(db)
    update = FeedUpdate(feed, "", "", "", PollState(), tuple(new(with_comments(str(key))) for key in range(count)))
    statements = traced(db, lambda: entries.save(db, update, now=NOW))
    assert len(statements) <= 14 + 4 * count // 32, statements
    assert db.execute("SELECT count(*) FROM discussion").fetchone() == (count,)


def traced(db: sqlite3.Connection, act: Callable[[], object]) -> list[str]:
    """The statements that an act sends, without those that SQLite's own index and triggers send inside: for each row that
    sets off a trigger Python tells the statement itself once more, with the same values."""
    statements: list[str] = []
    db.set_trace_callback(statements.append)
    try:
        act()
    finally:
        db.set_trace_callback(None)
    return [statement for statement, _ in groupby(statements) if not statement.lstrip().startswith("--")]


def planned(db: sqlite3.Connection, statement: str, values: object = ()) -> str:
    return "".join(f"{row[3]}\n" for row in db.execute(f"EXPLAIN QUERY PLAN {statement}", values))  # type: ignore[arg-type]
