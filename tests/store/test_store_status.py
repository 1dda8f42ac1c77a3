"""Marks, stars, and taking acts back."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from shelf import NOW, STARRED, UNREAD, arrive, everything, listed, new, post, shelf

from tui_reader.model import Change, Scope
from tui_reader.store import connect, entries, feeds, status, tidy, unread


def test_an_act_tells_what_it_changed_and_nothing_else(db: sqlite3.Connection) -> None:
    first, second = shelf(db, "a", "b"), shelf(db, "c", feed="b.example")
    assert status.mark(db, [1, 3, 99], True, now=NOW) == Change(
        feeds=frozenset({first, second}), entries=frozenset({1, 3}), label="2 marked read"
    )
    assert status.mark(db, [1, 2], True, now=NOW) == Change(
        feeds=frozenset({first}), entries=frozenset({2}), label="1 marked read"
    )
    assert status.star(db, [1], True, now=NOW).label == "1 starred"
    assert status.star(db, [1], False, now=NOW).label == "1 unstarred"
    assert status.mark(db, [1], False, now=NOW).label == "1 marked unread"
    before = everything(db)
    assert status.mark(db, [2], True, now=NOW) == status.mark(db, [], True, now=NOW) == Change()
    assert everything(db) == before


def test_undo_takes_back_only_what_the_act_changed(db: sqlite3.Connection) -> None:
    feed = shelf(db, "a", "b", "c")
    status.mark(db, [1], True, now=NOW)
    status.mark(db, [1, 2], True, now=NOW)
    arrive(db, feed, new(post("d"), NOW + 9))
    change = status.undo(db, now=NOW)
    assert change == Change(feeds=frozenset({feed}), entries=frozenset({2}), label="1 marked read")
    assert listed(db, UNREAD) == ["d", "c", "b"]


def test_undo_and_redo_walk_through_all_kinds_of_acts(db: sqlite3.Connection) -> None:
    feed = shelf(db, "a", "b")
    states = [everything(db)[:3]]
    for act in (
        lambda: status.mark(db, [1, 2], True, now=NOW),
        lambda: status.star(db, [2], True, now=NOW),
        lambda: feeds.rename(db, feed, "Mine", now=NOW),
        lambda: feeds.move(db, feed, "Folder", now=NOW),
        lambda: feeds.set_url(db, feed, "https://new.example/", now=NOW),
        lambda: feeds.rename_folder(db, "Folder", "Other", now=NOW),
        lambda: status.mark(db, [1], False, now=NOW),
        lambda: feeds.remove(db, [feed], now=NOW),
    ):
        assert act().label
        states.append(everything(db)[:3])
    labels = []
    for state in reversed(states[:-1]):
        change = status.undo(db, now=NOW)
        assert change is not None
        labels.append(change.label)
        assert everything(db)[:3] == state
    assert labels == [
        "Mine removed",
        "1 marked unread",
        "folder Folder renamed to Other",
        "address of Mine changed",
        "Mine moved to Folder",
        "example.org renamed to Mine",
        "1 starred",
        "2 marked read",
    ]
    for state in states[1:]:
        assert status.redo(db, now=NOW) is not None
        assert everything(db)[:3] == state
    assert status.redo(db, now=NOW) is None


def test_a_new_act_ends_redoing(db: sqlite3.Connection) -> None:
    shelf(db, "a", "b")
    status.mark(db, [1], True, now=NOW)
    status.undo(db, now=NOW)
    assert status.mark(db, [99], True, now=NOW) == Change()
    assert status.redo(db, now=NOW) is not None
    status.undo(db, now=NOW)
    status.star(db, [2], True, now=NOW)
    assert status.redo(db, now=NOW) is None
    assert listed(db, STARRED) == ["b"]


def test_undo_after_a_restart(path: Path) -> None:
    db = connect.open_writer(path, now=NOW)
    shelf(db, "a", "b")
    status.mark(db, [1, 2], True, now=NOW)
    db.close()
    db = connect.open_writer(path, now=NOW)
    change = status.undo(db, now=NOW)
    assert change is not None
    assert change.label == "2 marked read"
    assert listed(db, UNREAD) == ["b", "a"]
    db.close()


def test_what_was_changed_since_is_left_alone(db: sqlite3.Connection) -> None:
    shelf(db, "a", "b")
    status.mark(db, [1, 2], True, now=NOW)
    with connect.transaction(db):
        unread.mark(db, [1], False)
    change = status.undo(db, now=NOW)
    assert change is not None
    assert change.entries == {2}


def test_an_entry_that_is_named_twice_is_marked_once(db: sqlite3.Connection) -> None:
    shelf(db, "a", "b")
    change = status.mark(db, [2, 1, 2, 9], True, now=NOW)
    assert (change.label, change.entries, change.feeds) == ("2 marked read", {1, 2}, {1})
    assert status.mark(db, [1, 1, 9], False, now=NOW).label == "1 marked unread"
    assert listed(db, UNREAD) == ["a"]


def test_old_acts_stand(db: sqlite3.Connection) -> None:
    shelf(db, "a", "b")
    status.mark(db, [1], True, now=NOW)
    month = 31 * 86_400
    assert status.undo(db, now=NOW + month) is None
    tidy.purge(db, now=NOW + month)
    assert status.undo(db, now=NOW) is None


def test_a_huge_act_is_one_act(db: sqlite3.Connection) -> None:
    feed = shelf(db)
    arrive(db, feed, *(new(post(str(number)), number) for number in range(3_000)))
    ids = entries.ids(db, Scope("all"), today_from=0)
    assert status.mark(db, ids, True, now=NOW).label == "3000 marked read"
    assert entries.counts(db, today_from=0).unread == 0
    status.undo(db, now=NOW)
    assert entries.counts(db, today_from=0).unread == 3_000


def test_what_the_program_remembers(db: sqlite3.Connection, screen: sqlite3.Connection) -> None:
    assert tidy.recall(screen, "pane") is None
    tidy.remember(db, "pane", {"width": [1, 2.5, None, "ä"]})
    tidy.remember(db, "pane", {"width": 3})
    assert tidy.recall(screen, "pane") == {"width": 3}
