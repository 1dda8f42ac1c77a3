"""What the lists cost SQLite in a library of 100,000 entries and 1,000 feeds, in steps of its machine: neither the
hardware nor what else runs on it changes them."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import get_args

import pytest

from tests import big
from tui_reader.model import Order, Scope, SortKey
from tui_reader.store import connect, entries, feeds, scopes, status

UNREAD = big.ENTRIES // big.UNREAD_EVERY


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    path: Path = tmp_path_factory.mktemp("big") / "library.db"
    big.write(path)
    reader = connect.open_reader(path)
    yield reader
    reader.close()


def steps(db: sqlite3.Connection, ask: Callable[[], object], every: int = 100) -> int:
    """The steps that SQLite takes for an answer, to the next hundred."""
    count = 0

    def tick() -> int:
        nonlocal count
        count += every
        return 0

    db.set_progress_handler(tick, every)
    try:
        ask()
    finally:
        db.set_progress_handler(None, 0)
    return count


@pytest.mark.parametrize(
    "scope", [Scope("all"), Scope("unread"), Scope("feed", feed_id=1), Scope("feed", feed_id=1, unread_only=True)]
)
@pytest.mark.parametrize("reverse", [False, True])
def test_the_first_rows_cost_the_same_in_a_list_of_any_length(
    db: sqlite3.Connection, scope: Scope, reverse: bool
) -> None:
    few = steps(db, lambda: entries.first(db, scope, today_from=0, limit=50, order=Order(reverse=reverse)))
    assert few < 50 * 400, "it grows with the rows asked for, not with those there are"


@pytest.mark.parametrize("by", get_args(SortKey))
def test_an_order_takes_a_bounded_number_of_steps_an_entry(db: sqlite3.Connection, by: SortKey) -> None:
    for scope, size in ((Scope("all"), big.ENTRIES), (Scope("unread"), UNREAD), (Scope("feed", feed_id=7), 50)):
        taken = steps(db, lambda scope=scope: entries.ids(db, scope, today_from=0, order=Order(by)))  # type: ignore[misc]
        assert taken < 60 * size + 20_000, scope


def test_the_first_rows_by_arrival_are_read_off_the_table(db: sqlite3.Connection) -> None:
    assert steps(db, lambda: entries.first(db, Scope("all"), today_from=0, limit=50, order=Order("arrival"))) < 20_000


@pytest.mark.parametrize("by", ["comments", "new"])
@pytest.mark.parametrize("scope", [Scope("all"), Scope("unread")])
def test_the_first_rows_by_comments_cost_what_is_discussed_not_what_there_is(
    db: sqlite3.Connection, scope: Scope, by: SortKey
) -> None:
    discussed = big.ENTRIES // big.TALKED_EVERY
    few = steps(db, lambda: entries.first(db, scope, today_from=0, limit=50, order=Order(by)))
    assert few < 100 * discussed


@pytest.mark.parametrize("reverse", [False, True])
@pytest.mark.parametrize("by", ["comments", "new"])
@pytest.mark.parametrize("scope", [Scope("all"), Scope("unread")])
def test_the_parts_of_a_list_by_comments_are_the_list(
    db: sqlite3.Connection, scope: Scope, by: SortKey, reverse: bool
) -> None:
    order, kept = Order(by, reverse), (1, 2, 10, 70, 140)
    query, values = scopes.query(scope, today_from=0, keep=kept, limit=None, order=order)
    whole = [row[0] for row in db.execute(query, values)]
    for limit in (None, 50, big.ENTRIES - 50):
        assert list(entries.ids(db, scope, today_from=0, keep=kept, limit=limit, order=order)) == whole[:limit]


def test_feeds_and_counts_cost_what_is_unread_not_what_there_is(db: sqlite3.Connection) -> None:
    assert steps(db, lambda: feeds.feeds(db)) < 8 * (UNREAD + big.FEEDS)
    assert steps(db, lambda: entries.counts(db, today_from=big.NOW)) < 6 * (UNREAD + big.ENTRIES // big.TALKED_EVERY)


def test_a_mark_costs_a_bounded_number_of_steps_an_entry_its_count_included(
    db: sqlite3.Connection, tmp_path: Path
) -> None:
    """The steps of the triggers count, too: one that rewrites the row of a feed takes a hundred."""
    path = tmp_path / "library.db"
    shutil.copyfile(db.execute("PRAGMA database_list").fetchone()[2], path)
    writer = connect.open_writer(path, now=big.NOW)
    ids = entries.ids(writer, Scope("unread"), today_from=0)
    assert steps(writer, lambda: status.mark(writer, ids, True, now=big.NOW)) < 140 * UNREAD
    assert sum(feed.unread for feed in feeds.feeds(writer)) == 0
    assert steps(writer, lambda: status.undo(writer, now=big.NOW)) < 140 * UNREAD
    assert sum(feed.unread for feed in feeds.feeds(writer)) == entries.counts(writer, today_from=0).unread == UNREAD
    writer.close()


def test_rows_are_read_by_their_ids(db: sqlite3.Connection) -> None:
    ids = entries.ids(db, Scope("all"), today_from=0, limit=300)
    assert steps(db, lambda: entries.rows(db, ids)) < 300 * 200


def test_the_whole_list_is_one_walk_along_its_index(db: sqlite3.Connection) -> None:
    asked = scopes.query(Scope("unread"), today_from=0, keep=(), limit=None)
    assert steps(db, lambda: db.execute(*asked).fetchall()) < 30 * UNREAD
