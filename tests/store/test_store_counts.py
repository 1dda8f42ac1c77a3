"""How much is unread is kept with the feeds by whatever writes, so that nothing has to be counted for the screen."""

from __future__ import annotations

import sqlite3

from shelf import NOW, arrive, new, post, shelf

from tui_reader.store import entries, feeds, schema, status, unread


def kept_and_counted(db: sqlite3.Connection) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    counted = db.execute(f"SELECT id, {schema.UNREAD_NOW} FROM feed ORDER BY id").fetchall()
    return db.execute("SELECT feed_id, unread FROM feed_count ORDER BY feed_id").fetchall(), counted


def test_whatever_is_done_the_count_is_right(db: sqlite3.Connection) -> None:
    one, other = shelf(db, "a", "b", "c"), shelf(db, "d", "e", feed="other.example")
    steps = (
        lambda: status.mark(db, (1, 2, 4), True, now=NOW),
        lambda: status.mark(db, (1, 2), True, now=NOW),
        lambda: status.undo(db, now=NOW),
        lambda: status.redo(db, now=NOW),
        lambda: status.mark(db, (2,), False, now=NOW),
        lambda: arrive(db, one, new(post("f"))),
        lambda: feeds.remove(db, (other,), now=NOW),
        lambda: status.undo(db, now=NOW),
        lambda: db.execute("UPDATE entry SET hidden = 1 WHERE id IN (1, 3)"),
        lambda: db.execute("UPDATE entry SET muted = 1 WHERE id IN (3, 5)"),
        lambda: unread.mark(db, (3, 4), True),
        lambda: db.execute("UPDATE entry SET hidden = 0"),
        lambda: unread.mark(db, (1, 2, 3, 4, 5), False),
        lambda: db.execute("UPDATE entry SET muted = 0"),
        lambda: db.execute("DELETE FROM entry WHERE id IN (1, 3)"),
        lambda: db.execute("DELETE FROM feed WHERE id = ?", (other,)),
    )
    for number, step in enumerate(steps):
        step()
        kept, counted = kept_and_counted(db)
        assert kept == counted, number
    assert kept == [(one, 2)]


def test_no_list_of_feeds_looks_at_entries_to_count_them(db: sqlite3.Connection) -> None:
    for number in range(5):
        shelf(db, *(f"{number}-{key}" for key in range(200)), feed=f"{number}.example")
    before = worked(db, lambda: entries.counts(db, today_from=NOW + 9_999)), worked(db, lambda: feeds.feeds(db))
    for number in range(5):
        arrive(db, number + 1, *(new(post(f"more-{number}-{key}")) for key in range(200)))
    after = worked(db, lambda: entries.counts(db, today_from=NOW + 9_999)), worked(db, lambda: feeds.feeds(db))
    assert entries.counts(db, today_from=NOW).unread == 2_000
    # Numbers with more digits take a step or two.
    assert max(now - then for now, then in zip(after, before, strict=True)) <= 2, (before, after)


def worked(db: sqlite3.Connection, ask: object) -> int:
    """How many steps of SQLite's machine a question took, in tens."""
    steps = 0

    def step() -> int:
        nonlocal steps
        steps += 1
        return 0

    db.set_progress_handler(step, 10)
    ask()  # type: ignore[operator]
    db.set_progress_handler(None, 0)
    return steps
