"""A damaged library: set aside, never deleted; what can be read is saved, the rest comes from the daily copies."""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from shelf import NOW, arrive, listed, new, post, say, shelf, talk, with_comments

from tui_reader.errors import ForeignLibrary, LibraryDamaged
from tui_reader.model import Scope
from tui_reader.store import backup, comments, connect, entries, feeds, index, recovery, search, status, tidy

pytestmark = pytest.mark.row("S05")
PAGE = 4096
STARRED, UNREAD = Scope("starred"), Scope("unread")
DAY = 86_400


@pytest.fixture
def closed(path: Path) -> Path:
    """A library of two feeds with eighty posts, of which some are read, some starred, one discussed."""
    db = connect.open_writer(path, now=NOW)
    fill(db)
    db.close()
    return path


def fill(db: sqlite3.Connection) -> None:
    for name in ("one.example", "two.example"):
        feed = shelf(db, feed=name, folder="Blogs")
        posts = (new(post(f"{name}-{n}", html=f"<p>{'words ' * 100}{n}</p>"), NOW + n) for n in range(40))
        arrive(db, feed, *posts, title=f"Blog of {name}")
    arrive(db, 1, new(with_comments("talked", 2)))
    talk(db, 81, say("1"), say("2", "1"))
    status.mark(db, range(1, 41), True, now=NOW)
    status.star(db, [3, 50], True, now=NOW)
    feeds.rename(db, 2, "My name for it", now=NOW)
    tidy.remember(db, "session", {"scope": "all"})
    while index.fill(db):
        pass


def saved(path: Path) -> sqlite3.Connection:
    """Recover as a start does, and open."""
    with pytest.raises(LibraryDamaged):
        connect.open_writer(path, now=NOW)
    recovery.recover(path, now=NOW)
    db = connect.open_writer(path, now=NOW)
    while index.fill(db):
        pass
    return db


def aside(path: Path) -> list[Path]:
    return sorted(one for one in path.parent.glob(f"{path.name}.broken-*") if not one.name.endswith("-wal"))


def state(db: sqlite3.Connection) -> object:
    return (
        [(feed.url, feed.title, feed.folder, feed.entries, feed.unread) for feed in feeds.feeds(db)],
        listed(db),
        listed(db, UNREAD),
        listed(db, STARRED),
        [one.key for one in comments.comments(db, 81)],
        len(search.search(db, "words")),
        tidy.recall(db, "session"),
    )


@pytest.fixture
def before(closed: Path) -> object:
    with closing(connect.open_reader(closed)) as db:
        return state(db)


def pages(path: Path, table: str) -> list[int]:
    """The pages of a table or an index, from 1 on."""
    with closing(sqlite3.connect(path)) as db:
        try:
            return [page for (page,) in db.execute("SELECT pageno FROM dbstat WHERE name = ?", (table,))]
        except sqlite3.OperationalError:
            pytest.skip("this SQLite does not tell which pages a table has")


def spoil(path: Path, *numbers: int) -> None:
    dice = random.Random(7)
    with path.open("r+b") as file:
        for number in numbers:
            file.seek((number - 1) * PAGE)
            file.write(dice.randbytes(PAGE))


def test_a_copy_is_made_once_a_day_and_only_when_something_changed(closed: Path) -> None:
    daily = backup.Backup(closed, 2)
    assert daily.is_due(NOW)
    assert daily.make(NOW)
    assert not daily.is_due(NOW + 60)
    assert not daily.is_due(NOW + DAY)
    for day in range(1, 4):
        db = connect.open_writer(closed, now=NOW)
        tidy.remember(db, "day", day)
        db.close()
        assert daily.is_due(NOW + day * DAY)
        assert daily.make(NOW + day * DAY)
    assert len(list(backup.copies(closed))) == 2
    assert len(list(backup.copies(closed, "opml"))) == 2
    assert not list(connect.backups_of(closed).glob("*.part"))
    with closing(connect.open_reader(next(backup.copies(closed)))) as copied:
        assert tidy.recall(copied, "day") == 3
    assert not backup.Backup(closed, 0).is_due(NOW + 9 * DAY)


def test_a_copy_holds_what_is_still_in_the_wal_and_blocks_nobody(db: sqlite3.Connection, path: Path) -> None:
    fill(db)
    db.execute("BEGIN IMMEDIATE")
    assert backup.Backup(path, 1).make(NOW)
    db.execute("ROLLBACK")
    with closing(connect.open_reader(next(backup.copies(path)))) as copied:
        assert state(copied) == state(db)


def test_a_copy_never_fills_the_disk(closed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backup, "ROOM", 1 << 60)
    assert not backup.Backup(closed, 1).make(NOW)
    assert not list(backup.copies(closed))


def test_a_damaged_library_replaces_no_copy(closed: Path) -> None:
    assert backup.Backup(closed, 1).make(NOW)
    (good,) = backup.copies(closed)
    spoil(closed, *pages(closed, "content")[3:6])
    with pytest.raises(LibraryDamaged):
        backup.Backup(closed, 1).make(NOW + DAY)
    assert list(backup.copies(closed)) == [good]
    assert connect.suspicion(closed).exists()


@pytest.mark.parametrize(
    "table",
    ["entry", "content", "feed", "comment", "discussion", "journal", "setting", "entry_newest", "entry_words_data"],
)
@pytest.mark.parametrize("copied", [True, False])
def test_a_page_that_was_overwritten_costs_at_most_itself(
    closed: Path, before: object, table: str, copied: bool
) -> None:
    if copied:
        backup.Backup(closed, 1).make(NOW)
    spoil(closed, pages(closed, table)[-1])
    connect.suspicion(closed).touch()
    db = saved(closed)
    if copied:
        assert state(db) == before
    elif table in {"entry_newest", "entry_words_data", "comment", "discussion", "journal", "setting"}:
        assert len(listed(db)) == 81
    elif table in {"entry", "content"}:
        assert len(listed(db)) > 40
    assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert connect.damage(db) == ""
    db.close()
    assert len(aside(closed)) == 1
    assert not connect.suspicion(closed).exists()


STANDS_IN = ("unread", "unread_of_feed", "unread_newest")
"""What is unread stands in a table and in its two indexes."""


@pytest.mark.parametrize("sound", STANDS_IN)
def test_what_is_unread_is_saved_from_whatever_is_left_of_it(closed: Path, before: object, sound: str) -> None:
    spoil(closed, *(page for name in STANDS_IN if name != sound for page in pages(closed, name)))
    connect.suspicion(closed).touch()
    db = saved(closed)
    assert state(db) == before
    db.close()


def test_what_cannot_be_told_to_be_read_is_unread(closed: Path, before: object) -> None:
    """The copy knows the marks of its day. Of what came later nobody knows: it is offered once more."""
    backup.Backup(closed, 1).make(NOW)
    db = connect.open_writer(closed, now=NOW)
    arrive(db, 1, new(post("young"), NOW + 99), new(post("younger"), NOW + 100))
    status.mark(db, [82], True, now=NOW)
    known = listed(db, UNREAD)
    db.close()
    spoil(closed, *(page for name in STANDS_IN for page in pages(closed, name)))
    connect.suspicion(closed).touch()
    db = saved(closed)
    assert sorted(listed(db, UNREAD)) == sorted([*known, "young"])
    assert sum(feed.unread for feed in feeds.feeds(db)) == len(known) + 1
    db.close()


@pytest.mark.parametrize("copied", [True, False])
def test_where_no_copy_tells_all_that_cannot_be_told_is_unread(closed: Path, copied: bool) -> None:
    if copied:
        backup.Backup(closed, 1).make(NOW)
        with closing(sqlite3.connect(next(backup.copies(closed)))) as older:
            older.execute("DROP TABLE unread")  # as a copy of an earlier version has none
    spoil(closed, *(page for name in STANDS_IN for page in pages(closed, name)))
    connect.suspicion(closed).touch()
    db = saved(closed)
    assert len(listed(db)) == len(listed(db, UNREAD)) == 81
    db.close()


def test_what_was_read_and_starred_since_the_last_copy_is_kept(closed: Path) -> None:
    backup.Backup(closed, 1).make(NOW)
    db = connect.open_writer(closed, now=NOW)
    status.mark(db, [60], True, now=NOW)
    status.star(db, [70], True, now=NOW)
    arrive(db, 1, new(post("young"), NOW + 99))
    db.close()
    spoil(closed, pages(closed, "content")[5])
    connect.suspicion(closed).touch()
    db = saved(closed)
    assert len(listed(db)) == 82
    assert "two.example-29" in listed(db, STARRED)
    assert "two.example-19" not in listed(db, UNREAD)
    db.close()


@pytest.mark.parametrize("share", [0.02, 0.3, 0.9, 0.999])
def test_a_file_that_was_cut_is_noticed_and_filled_from_the_copy(closed: Path, before: object, share: float) -> None:
    backup.Backup(closed, 1).make(NOW)
    whole = closed.read_bytes()
    closed.write_bytes(whole[: int(len(whole) * share)])
    db = saved(closed)
    assert state(db) == before
    db.close()
    assert aside(closed)[0].read_bytes() == whole[: int(len(whole) * share)]


@pytest.mark.row("S04")
@pytest.mark.parametrize(
    "content", [b"", b"\0" * 9000, b"not a database any more " * 500], ids=["empty", "zeroed", "words"]
)
def test_an_empty_or_foreign_looking_library_comes_back_from_the_copy(
    closed: Path, before: object, content: bytes
) -> None:
    backup.Backup(closed, 1).make(NOW)
    closed.write_bytes(content)
    db = saved(closed)
    assert state(db) == before
    db.close()
    assert aside(closed)[0].read_bytes() == content


def test_with_no_copy_the_list_of_subscriptions_comes_back(closed: Path) -> None:
    backup.Backup(closed, 1).make(NOW)
    for copy in backup.copies(closed):
        copy.unlink()
    closed.write_bytes(b"\0" * 4096)
    db = saved(closed)
    assert [(feed.url, feed.folder) for feed in feeds.feeds(db)] == [
        ("https://one.example/feed", "Blogs"),
        ("https://two.example/feed", "Blogs"),
    ]
    assert "list of" in str(tidy.recall(db, recovery.KEY))
    db.close()


def test_a_file_that_never_was_a_library_is_not_touched(path: Path) -> None:
    path.write_bytes(b"my shopping list")
    with pytest.raises(ForeignLibrary):
        connect.open_writer(path, now=NOW)
    assert [one.name for one in path.parent.iterdir()] == [path.name]


def test_another_programs_database_in_the_place_of_a_library_is_not_touched(closed: Path) -> None:
    closed.unlink()
    with closing(sqlite3.connect(closed)) as other:
        other.executescript("PRAGMA application_id = 77; CREATE TABLE bookmark (url)")
    before = closed.read_bytes()
    with pytest.raises(ForeignLibrary):
        connect.open_writer(closed, now=NOW)
    assert closed.read_bytes() == before
    assert aside(closed) == []


def test_damage_that_is_met_while_reading_is_remembered_for_the_next_start(closed: Path) -> None:
    spoil(closed, *pages(closed, "content"))
    with closing(connect.open_reader(closed)) as reader, pytest.raises(LibraryDamaged, match="next start"):
        entries.entry(reader, 5)
    assert connect.suspicion(closed).exists()
    db = saved(closed)
    assert len(listed(db)) == 81
    assert entries.entry(db, 5).html == ""
    assert db.execute("SELECT count(*) FROM feed WHERE body_hash != x'' OR etag NOT NULL").fetchone() == (0,)
    db.close()


def test_a_suspicion_that_proves_wrong_is_forgotten(closed: Path) -> None:
    connect.suspicion(closed).touch()
    connect.open_writer(closed, now=NOW).close()
    assert not connect.suspicion(closed).exists()
    assert aside(closed) == []


def test_two_damaged_files_of_one_second_are_both_kept(closed: Path) -> None:
    for _ in range(2):
        closed.write_bytes(b"\0" * 9000)
        saved(closed).close()
    assert len(aside(closed)) == 2


def test_only_one_of_two_that_start_at_once_recovers(closed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    closed.write_bytes(b"\0" * 9000)
    take = recovery.FileLock.take

    def late(lock: recovery.FileLock, patience: float = 0.0) -> bool:
        monkeypatch.setattr(recovery.FileLock, "take", take)
        recovery.recover(closed, now=NOW)
        return take(lock, patience)

    monkeypatch.setattr(recovery.FileLock, "take", late)
    assert recovery.recover(closed, now=NOW) == ""
    assert len(aside(closed)) == 1


def test_whatever_is_done_to_its_bytes_a_library_opens_and_the_bytes_are_kept(closed: Path) -> None:
    """Bits turned, pages zeroed, swapped, cut: opened at once, or saved and then opened; never a bare fault."""
    whole, dice = closed.read_bytes(), random.Random(11)
    backup.Backup(closed, 1).make(NOW)
    recovered = 0
    for _ in range(40):
        bytes_ = bytearray(whole)
        for _ in range(dice.randint(1, 3)):
            at = dice.randrange(PAGE, len(bytes_) - PAGE)
            match dice.randrange(4):
                case 0:
                    bytes_[at] ^= 1 << dice.randrange(8)
                case 1:
                    start = at // PAGE * PAGE
                    bytes_[start : start + PAGE] = bytes(PAGE)
                case 2:
                    bytes_[at : at + 200] = dice.randbytes(200)
                case _:
                    del bytes_[at:]
                    bytes_ += bytes(PAGE)
        closed.write_bytes(bytes_)
        connect.suspicion(closed).touch()
        try:
            db = connect.open_writer(closed, now=NOW)
        except LibraryDamaged:
            recovered += 1
            recovery.recover(closed, now=NOW)
            db = connect.open_writer(closed, now=NOW)
            assert any(one.read_bytes() == bytes(bytes_) for one in aside(closed))
        assert len(listed(db)) >= 81
        assert connect.damage(db) == ""
        db.close()
        for one in aside(closed):
            one.unlink()
    assert recovered > 20
