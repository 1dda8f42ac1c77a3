"""The library file itself: what is opened, what is refused, what happens when the disk or another process says no."""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
import stat
import tempfile
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from shelf import NOW, arrive, everything, listed, new, post, shelf

from tui_reader.errors import ForeignLibrary, LibraryBusy, LibraryError, NewerLibrary
from tui_reader.model import Scope
from tui_reader.store import connect, entries, feeds, schema, status, tidy


def print_of(path: Path) -> dict[str, str]:
    """A hash of every file in the folder: to tell whether anything was touched."""
    return {one.name: hashlib.sha256(one.read_bytes()).hexdigest() for one in path.parent.iterdir()}


# ---------------------------------------------------------------- opening


def test_a_new_library_is_made_with_its_folders(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b ?#%41" / "library.db"
    connect.open_writer(path, now=NOW).close()
    header = path.read_bytes()[:100]
    assert header[68:72] == schema.APPLICATION_ID.to_bytes(4, "big")
    assert header[60:64] == schema.VERSION.to_bytes(4, "big")
    reader = connect.open_reader(path)
    assert feeds.feeds(reader) == ()
    reader.close()


def test_an_empty_file_becomes_a_library(path: Path) -> None:
    path.touch()
    connect.open_writer(path, now=NOW).close()
    assert path.stat().st_size > 0


@pytest.mark.row("S10")
def test_a_file_that_another_process_is_about_to_make_becomes_a_library(path: Path) -> None:
    """Before its tables a library is a page without any, and stays one when whoever made it was ended there."""
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("PRAGMA auto_vacuum = INCREMENTAL")
    assert path.stat().st_size > 0
    other.close()
    with pytest.raises(LibraryError, match="there is no library"):
        connect.open_reader(path)
    connect.open_writer(path, now=NOW).close()
    connect.open_reader(path).close()


@pytest.mark.row("S10")
def test_a_library_whose_first_tables_are_being_written_is_not_taken_for_a_damaged_one(path: Path) -> None:
    """The first page says how long the file will be; the others follow, with a journal beside until all are there."""
    connect.open_writer(path, now=NOW).close()
    whole, journal = path.read_bytes(), path.with_name("library.db-journal")
    path.write_bytes(whole[:8192])
    with pytest.raises(LibraryError, match="its end is missing"):
        connect.open_reader(path)
    journal.write_bytes(b"\0" * 512)
    path.write_bytes(whole[:8192])
    # What SQLite makes of it is its own affair: it waits for the journal to go.
    with pytest.raises(LibraryError) as refused:
        entries.counts(connect.open_reader(path), today_from=0)
    assert "its end is missing" not in str(refused.value)


def test_how_it_is_kept(db: sqlite3.Connection) -> None:
    pragmas = ("journal_mode", "synchronous", "foreign_keys")
    assert [db.execute(f"PRAGMA {pragma}").fetchone()[0] for pragma in pragmas] == ["wal", 1, 1]


@pytest.mark.parametrize("content", [b"not a database, but some notes\n" * 9, b"SQLite format 3\0", b"\0" * 4096, b"x"])
@pytest.mark.row("S05")
def test_a_foreign_file_is_refused_and_left_as_it_is(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    refused(path, ForeignLibrary, "no library of tui-reader|belongs to another program")


@pytest.mark.parametrize("application", [0, 0x42])
@pytest.mark.row("S05")
def test_another_programs_database_is_refused_and_left_as_it_is(path: Path, application: int) -> None:
    other = sqlite3.connect(path)
    other.executescript(f"PRAGMA application_id = {application}; CREATE TABLE bookmark (url); PRAGMA user_version = 1")
    other.close()
    refused(path, ForeignLibrary, "belongs to another program")


@pytest.mark.row("S06")
def test_a_newer_library_is_refused_and_left_as_it_is(path: Path) -> None:
    connect.open_writer(path, now=NOW).close()
    newer = sqlite3.connect(path)
    newer.execute(f"PRAGMA user_version = {schema.VERSION + 6}")
    newer.close()
    refused(path, NewerLibrary, rf"newer tui-reader \(library version {schema.VERSION + 6}, this one knows")


def refused(path: Path, error: type[Exception], words: str) -> None:
    before = print_of(path)
    for open_library in (lambda: connect.open_writer(path, now=NOW), lambda: connect.open_reader(path)):
        with pytest.raises(error, match=words):
            open_library()
        assert print_of(path) == before


@pytest.mark.row("S05")
def test_what_is_no_file_is_no_library(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    for name in (".", "pipe", "loop", "pipe/library.db"):
        for open_library in (lambda p: connect.open_writer(p, now=NOW), connect.open_reader):
            with pytest.raises(LibraryError):
                open_library(tmp_path / name)


def test_a_library_that_is_not_there_cannot_be_read(path: Path) -> None:
    with pytest.raises(LibraryError, match="there is no library at"):
        connect.open_reader(path)
    assert not list(path.parent.iterdir())


def test_a_damaged_library_is_one_plain_line(path: Path) -> None:
    db = connect.open_writer(path, now=NOW)
    shelf(db, *"abc")
    db.close()
    whole = path.read_bytes()
    path.write_bytes(whole[:4096] + b"\xff" * (len(whole) - 4096))
    reader = connect.open_reader(path)
    with pytest.raises(LibraryError, match="damaged"):
        feeds.feeds(reader)
    reader.close()


def test_the_screen_cannot_write(db: sqlite3.Connection, screen: sqlite3.Connection) -> None:
    shelf(db, "a")
    with pytest.raises(LibraryBusy, match="for reading only"):
        status.mark(screen, [1], True, now=NOW)
    with pytest.raises(sqlite3.OperationalError):
        screen.execute("DELETE FROM entry")


def test_what_another_connection_wrote_is_noticed(db: sqlite3.Connection, path: Path) -> None:
    before = connect.data_version(db)
    shelf(db, "a")
    assert connect.data_version(db) == before
    other = connect.open_writer(path, now=NOW)
    status.mark(other, [1], True, now=NOW)
    other.close()
    assert connect.data_version(db) != before


def test_a_copy_holds_what_is_still_in_the_wal(db: sqlite3.Connection, path: Path, tmp_path: Path) -> None:
    shelf(db, "a", "b")
    connect.copy(path, tmp_path / "copy.db")
    copied = connect.open_writer(tmp_path / "copy.db", now=NOW)
    assert everything(copied) == everything(db)
    status.mark(copied, [1], True, now=NOW)
    copied.close()
    assert listed(db, Scope("unread")) == ["b", "a"]


# ---------------------------------------------------------------- no room, no right, no turn


@pytest.mark.row("S08")
def test_a_full_disk_loses_nothing_and_reading_works(db: sqlite3.Connection) -> None:
    feed = shelf(db, "a", "b")
    before = everything(db)
    pages = db.execute("PRAGMA page_count").fetchone()[0]
    db.execute(f"PRAGMA max_page_count = {pages}")
    big = new(post("c", html="<p>word</p>" * 100_000))
    for _ in range(2):
        with pytest.raises(LibraryBusy, match="the disk is full; nothing was changed, reading works"):
            arrive(db, feed, big)
        assert everything(db) == before
    status.mark(db, [1], True, now=NOW)
    db.execute("PRAGMA max_page_count = 1000000")
    arrive(db, feed, big)
    assert sorted(listed(db, Scope("unread"))) == ["b", "c"]


@pytest.mark.row("S11")
def test_a_lock_held_by_another_program_is_waited_for_then_told(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connect, "PATIENCE", 0.05)
    db = connect.open_writer(path, now=NOW)
    shelf(db, "a")
    shell = sqlite3.connect(path, isolation_level=None)
    shell.execute("BEGIN IMMEDIATE")
    with pytest.raises(LibraryBusy, match="another process is using the library"):
        status.mark(db, [1], True, now=NOW)
    shell.execute("ROLLBACK")
    shell.close()
    assert status.mark(db, [1], True, now=NOW).label
    db.close()


@pytest.mark.row("S10")
def test_a_write_of_another_reader_is_waited_for_then_told(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connect, "PATIENCE", 0.05)
    one, other = connect.open_writer(path, now=NOW), connect.open_writer(path, now=NOW)
    shelf(one, "a")
    with connect.transaction(one), pytest.raises(LibraryBusy, match="another process is writing"):
        status.mark(other, [1], True, now=NOW)
    assert status.mark(other, [1], True, now=NOW).label
    other.close()
    one.close()


@pytest.mark.row("S13")
def test_a_library_that_was_moved_away_is_not_written(db: sqlite3.Connection, path: Path) -> None:
    shelf(db, "a")
    path.rename(path.with_name("moved.db"))
    with pytest.raises(LibraryError, match="was moved or replaced"):
        status.mark(db, [1], True, now=NOW)
    path.write_bytes(b"something else")
    with pytest.raises(LibraryError, match="was moved or replaced"):
        status.mark(db, [1], True, now=NOW)
    assert path.read_bytes() == b"something else"


@pytest.fixture
def public() -> Iterator[Path]:
    """A folder that other users may enter."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


def as_a_nobody(work: Callable[[], None]) -> None:
    """Do the work in a child without root's power to write anywhere."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            if os.getuid() == 0:
                os.setgid(65534)
                os.setuid(65534)
            work()
            code = 0
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(code)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


@pytest.mark.row("S09")
def test_in_a_folder_that_cannot_be_written_reading_works(public: Path) -> None:
    path = public / "library.db"
    db = connect.open_writer(path, now=NOW)
    shelf(db, "a", "b")
    db.close()
    for leftover in public.glob("*.lock"):
        leftover.unlink()
    path.chmod(0o444)
    public.chmod(stat.S_IRUSR | stat.S_IXUSR | stat.S_IROTH | stat.S_IXOTH)
    before = print_of(path)

    def work() -> None:
        with pytest.raises(LibraryBusy, match="cannot be written"):
            connect.open_writer(path, now=NOW)
        reader = connect.open_reader(path)
        assert listed(reader) == ["b", "a"]
        with pytest.raises(LibraryBusy):
            connect.open_writer(public / "new.db", now=NOW)
        with pytest.raises(LibraryBusy):
            connect.open_writer(public / "deeper" / "new.db", now=NOW)

    as_a_nobody(work)
    assert print_of(path) == before


@pytest.mark.row("S09")
def test_a_file_that_cannot_be_written_is_told_at_once(public: Path) -> None:
    path = public / "library.db"
    db = connect.open_writer(path, now=NOW)
    shelf(db, "a")
    db.close()
    for leftover in public.glob("*.lock"):
        leftover.unlink()
    path.chmod(0o444)
    public.chmod(0o777)

    def work() -> None:
        with pytest.raises(LibraryBusy, match="cannot be written"):
            connect.open_writer(path, now=NOW)
        assert listed(connect.open_reader(path)) == ["a"]

    as_a_nobody(work)


@pytest.mark.row("S10")
def test_one_process_refreshes_at_a_time(path: Path) -> None:
    mine, other = connect.RefreshLock(path), connect.RefreshLock(path)
    assert mine.take()
    assert not other.take()
    assert other.holder().startswith(f"process {os.getpid()} since ")
    mine.release()
    assert other.take()
    other.release()
    assert connect.RefreshLock(path.with_name("other.db")).holder() == "another process"


def test_tidying_an_empty_library_does_no_harm(db: sqlite3.Connection) -> None:
    for _ in range(3):
        tidy.optimize(db)
        tidy.purge(db, now=NOW)
    assert entries.counts(db, today_from=0).all == 0
