"""What an entry said before it was changed, and how far it was read."""

from __future__ import annotations

import sqlite3

from shelf import NOW, arrive, changed, new, post, shelf

from tui_reader.store import entries


def said(db: sqlite3.Connection) -> list[tuple[str, str]]:
    return [(one.title, one.html) for one in entries.versions(db, 1)]


def test_a_change_of_words_keeps_the_words_before(db: sqlite3.Connection) -> None:
    feed = shelf(db, "a")
    arrive(db, feed, changed(1, post("a", "New", "<p>two</p>")), now=NOW + 5)
    arrive(db, feed, changed(1, post("a", "New", "<p>three</p>")), now=NOW + 9)
    assert said(db) == [("a", "<p>a</p>"), ("New", "<p>two</p>")]
    assert [one.seen_at for one in entries.versions(db, 1)] == [NOW + 5, NOW + 9]


def test_other_markup_around_the_same_words_is_no_version(db: sqlite3.Connection) -> None:
    feed = shelf(db, "a")
    arrive(db, feed, changed(1, post("a", html='<p class="x"><b>a</b></p>')))
    assert said(db) == []


def test_only_the_last_versions_are_kept(db: sqlite3.Connection) -> None:
    feed = shelf(db, "a")
    for number in range(entries.MOST_VERSIONS + 3):
        arrive(db, feed, changed(1, post("a", html=f"<p>{number}</p>")))
    assert len(said(db)) == entries.MOST_VERSIONS
    assert said(db)[-1] == ("a", f"<p>{entries.MOST_VERSIONS + 1}</p>")


def test_a_place_belongs_to_an_entry_and_goes_with_it(db: sqlite3.Connection) -> None:
    shelf(db, "a")
    entries.keep_place(db, 1, 300)
    entries.keep_place(db, 99, 300)
    assert entries.entry(db, 1).place == 300
    db.execute("DELETE FROM entry")
    assert db.execute("SELECT count(*) FROM place").fetchone() == (0,)


def test_versions_go_with_their_entry(db: sqlite3.Connection) -> None:
    feed = shelf(db, "a")
    arrive(db, feed, changed(1, post("a", html="<p>b</p>")), new(post("b")))
    db.execute("DELETE FROM entry WHERE id = 1")
    assert db.execute("SELECT count(*) FROM content_edit").fetchone() == (0,)
