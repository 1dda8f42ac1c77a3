"""The full-text index behind the writes: nothing is lost between the two, whatever ends a batch."""

from __future__ import annotations

import sqlite3

import pytest
from shelf import NOW, arrive, changed, id_of, indexed, new, post, say, shelf, talk, with_comments

from tui_reader.model import FeedUpdate, FullText, PollState, ThreadUpdate
from tui_reader.store import comments, discussions, entries, full_text, index
from tui_reader.store.search import search


def store(db: sqlite3.Connection, feed_id: int, *keys: str) -> None:
    """What a refresh does: entries, and nothing of the index."""
    updates = tuple(new(post(key, html=f"<p>about {key}</p>")) for key in keys)
    entries.save(db, FeedUpdate(feed_id, "", "", "", PollState(), updates), now=NOW)


def test_what_is_stored_is_noted_and_found_once_the_index_has_caught_up(db: sqlite3.Connection) -> None:
    store(db, shelf(db), "zebra", "gnu")
    assert index.missing(db) == 2
    assert search(db, "zebra") == ()
    assert not index.fill(db)
    assert index.missing(db) == 0
    assert [hit.row.title for hit in search(db, "zebra")] == ["zebra"]


def test_somebody_who_waits_ends_a_batch_and_what_is_left_stays_noted(db: sqlite3.Connection) -> None:
    store(db, shelf(db), "zebra", "gnu", "okapi")
    assert index.fill(db, lambda: True)
    assert index.missing(db) == 2
    indexed(db)
    assert [len(search(db, word)) for word in ("zebra", "gnu", "okapi")] == [1, 1, 1]


def test_a_batch_ends_by_its_size(db: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index, "BATCH", 2)
    store(db, shelf(db), "zebra", "gnu", "okapi")
    assert index.fill(db)
    assert index.missing(db) == 1
    assert [len(search(db, word)) for word in ("zebra", "gnu", "okapi")] == [0, 1, 1], "the youngest come first"
    monkeypatch.setattr(index, "BATCH_CHARACTERS", 1)
    store(db, 1, "lynx", "hare")
    assert index.fill(db)
    assert index.missing(db) == 2


def test_words_that_were_taken_out_before_are_not_taken_out_again(
    db: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index, "BATCH", 2)
    store(db, shelf(db), "zebra", "gnu", "okapi", "lynx", "hare")
    assert index.bodies(db, 1) == ["<p>about okapi</p>", "<p>about gnu</p>"]
    assert index.fill(db)
    assert index.fill(db, known={"<p>about okapi</p>": "stripes"})
    assert [len(search(db, word)) for word in ("stripes", '"about gnu"', '"about okapi"')] == [1, 1, 0]
    monkeypatch.setattr(index, "BATCH_CHARACTERS", 1)
    assert index.bodies(db, 1) == []


def test_a_batch_that_breaks_off_has_done_nothing(db: sqlite3.Connection) -> None:
    def broken() -> bool:
        raise KeyboardInterrupt

    store(db, shelf(db), "zebra", "gnu")
    with pytest.raises(KeyboardInterrupt):
        index.fill(db, broken)
    assert index.missing(db) == 2
    assert db.execute("SELECT count(*) FROM entry_words").fetchone() == (0,)
    indexed(db)
    assert len(search(db, "zebra")) == 1


def test_new_words_take_the_place_of_the_old_ones(db: sqlite3.Connection) -> None:
    feed_id = shelf(db, "zebra")
    entry_id = id_of(db, "zebra")
    update = changed(entry_id, post("zebra", "stripes", "<p>okapi</p>"))
    entries.save(db, FeedUpdate(feed_id, "", "", "", PollState(), (update,)), now=NOW)
    assert index.missing(db) == 1
    assert len(search(db, "zebra")) == 1, "until then it is found by what it said"
    indexed(db)
    assert [len(search(db, word)) for word in ("zebra", "stripes", "okapi")] == [0, 1, 1]


def test_a_page_that_was_fetched_is_noted_and_found_beside_the_feeds_own_words(db: sqlite3.Connection) -> None:
    shelf(db, "zebra")
    found = entries.entry(db, id_of(db, "zebra"))
    full_text.save(db, found, FullText("https://example.org/zebra", "<p>savannah</p>", NOW, "", True))
    assert index.missing(db) == 1
    indexed(db)
    assert [len(search(db, word)) for word in ("savannah", "zebra")] == [1, 1]


def test_comments_are_noted_with_the_look_that_brings_them(db: sqlite3.Connection) -> None:
    arrive(db, shelf(db), new(with_comments("post", 2)))
    (place,) = discussions.of_entry(db, 1)
    said = (say("1", html="<p>marzipan</p>"), say("2", html="<p>nougat</p>"))
    comments.save(db, ThreadUpdate(place.id, said, PollState(checked_at=NOW)), now=NOW)
    assert index.missing(db) == 2
    indexed(db)
    assert [hit.comment_id for hit in search(db, "marzipan")] == [1]
    talk(db, 1, say("1", html="<p>praline</p>"), said[1])
    assert [len(search(db, word)) for word in ("marzipan", "praline", "nougat")] == [0, 1, 1]


def test_what_is_deleted_is_no_longer_missed(db: sqlite3.Connection) -> None:
    feed_id = shelf(db)
    store(db, feed_id, "zebra")
    db.execute("DELETE FROM feed WHERE id = ?", (feed_id,))
    assert index.missing(db) == 0
    assert not index.fill(db)
