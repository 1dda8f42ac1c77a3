"""S, D: a disk that is full, shut, busy, or breaks; the reader goes on reading, and what is done waits for it."""

from __future__ import annotations

import asyncio
import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.faults.world import World, rss
from tests.site import Answer
from tui_reader import waiting
from tui_reader.errors import LibraryBusy, LibraryDamaged
from tui_reader.model import Scope
from tui_reader.store import backup, connect
from tui_reader.store.marker import Marker

Notices = list[str]


def listen(world: World) -> Notices:
    """What the library has to tell from now on, its acts held as the screen has it."""
    told: Notices = []
    world.library.hold()
    world.library.on_notice(told.append)
    return told


async def full(world: World, is_full: bool) -> None:
    """Fill the disk, or make room: SQLite may not take another page."""

    def limit(db: sqlite3.Connection) -> None:
        (pages,) = db.execute("PRAGMA page_count").fetchone()
        db.execute(f"PRAGMA max_page_count = {pages if is_full else 1_000_000}")

    await world.library._engine.write(limit)


def sqlite3_error(code: int) -> sqlite3.Error:
    error = sqlite3.OperationalError("made up")
    error.sqlite_errorcode = code
    return error


@pytest.mark.row("S08", "D01")
@pytest.mark.parametrize(
    ("code", "why"),
    [
        (sqlite3.SQLITE_FULL, "the disk is full"),
        (sqlite3.SQLITE_IOERR, "the disk reports a fault"),
        (sqlite3.SQLITE_READONLY, "the library cannot be written"),
    ],
)
async def test_acts_wait_for_the_disk_and_are_done_in_their_order(
    world: World, monkeypatch: pytest.MonkeyPatch, code: int, why: str
) -> None:
    await world.subscribe("/feed", rss("a", "b", "c"))
    told = listen(world)
    ids = {title: (await world.ids(title))[0] for title in "abc"}

    def broken(db: sqlite3.Connection) -> None:
        raise sqlite3_error(code)

    with monkeypatch.context() as patched:
        patched.setattr(connect, "_same_file", broken)
        await world.library.mark([ids["a"], ids["b"]], True)
        await world.library.mark([ids["b"]], False)
        await world.library.star([ids["c"]], True)
        assert world.library.waiting == 3
        assert why in told[-1]
        assert "(3 waiting)" in told[-1]
        shown = {row.title: (row.read, row.starred) for row in await world.library.first(Scope("all"))}
        assert (shown["a"], shown["b"], shown["c"]) == ((True, False), (False, False), (False, True))
        assert await world.library.settle() == 3
        undone = await world.library.undo()
        assert undone is not None
        assert world.library.waiting == 2
    assert await world.library.settle() == 0
    assert told[-1] == "saved: all that waited"
    world.acknowledge("read", [ids["a"]])
    world.acknowledge("read", [ids["b"]], value=False)
    world.acknowledge("starred", [ids["c"]], value=False)
    undone = await world.library.undo()
    assert undone is not None
    assert undone.label == "1 marked unread"
    world.acknowledge("read", [ids["b"]])


@pytest.mark.row("S08")
async def test_a_refresh_onto_a_full_disk_fails_feed_by_feed_and_comes_again(world: World) -> None:
    await world.subscribe("/feed", rss("a"), etag='"1"')
    big = rss("a", "b").replace(b"about b", b"word " * 60_000)
    world.site["/feed"] = Answer(200, big, type="application/rss+xml")
    feed = await world.feed_at("/feed")
    await full(world, True)
    world.now += 10 * 86_400
    done = await world.library.refresh([feed.id])
    (result,) = [one for one in done.results if one.feed_id == feed.id]
    assert result.outcome == "failed"
    assert "disk is full" in result.message
    assert await world.titles() == ["a"]
    await full(world, False)
    world.now += 10 * 86_400
    done = await world.library.refresh([feed.id])
    assert sorted(await world.titles()) == ["a", "b"]


@pytest.mark.row("S11")
async def test_a_lock_of_another_program_is_told_and_waited_for(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "SLOW", 0.01)
    monkeypatch.setattr(connect, "PATIENCE", 0.1)
    await world.subscribe("/feed", rss("a", "b"))
    told = listen(world)
    await world.library._engine.write(lambda db: db.execute("PRAGMA busy_timeout = 100"))
    with closing(sqlite3.connect(world.path, isolation_level=None)) as shell:
        shell.execute("BEGIN IMMEDIATE")
        acting = asyncio.ensure_future(world.mark("a"))
        await asyncio.wait({acting}, timeout=30)
        assert "still waiting for the library" in told[0]
        assert await world.titles() == ["a", "b"]  # reading works
        assert world.library.waiting == 1
        shell.execute("ROLLBACK")
    assert await world.library.settle() == 0


@pytest.mark.row("S13")
async def test_a_library_that_is_replaced_is_not_written(world: World) -> None:
    await world.subscribe("/feed", rss("a"))
    listen(world)
    (a,) = await world.ids("a")
    kept = world.path.with_name("kept.db")
    world.path.rename(kept)
    world.path.write_bytes(b"from another machine")
    with pytest.raises(Exception, match="moved or replaced"):
        await world.library.mark([a], True)
    assert world.path.read_bytes() == b"from another machine"
    kept.replace(world.path)


@pytest.mark.row("S05", "S04")
@pytest.mark.parametrize("what", ["zeroed page", "empty", "cut"])
async def test_the_reader_starts_on_a_damaged_library_and_says_what_was_saved(
    world: World, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    monkeypatch.setattr(backup, "ROOM", 0)
    await world.subscribe("/feed", rss("a", "b"))
    await world.mark("a")
    assert await world.library.back_up()
    assert not await world.library.back_up()
    await world.library.close()
    whole = world.path.read_bytes()
    spoiled = {"zeroed page": whole[:8192] + bytes(4096) + whole[12288:], "empty": b"", "cut": whole[: len(whole) // 2]}
    world.path.write_bytes(spoiled[what])
    connect.suspicion(world.path).touch()
    world.library = await world.open()
    assert "the library was damaged: 3 feeds and 4 entries were saved from" in world.library.recovered
    assert [line for line in await world.library.notices() if line == world.library.recovered]
    assert not await world.library.notices()  # told once
    assert await world.library.damage() == ""
    assert [path.name for path in world.path.parent.glob("*.broken-*")]


@pytest.mark.row("S05")
async def test_damage_that_cannot_be_saved_yet_leaves_everything_where_it_is(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await world.subscribe("/feed", rss("a"))
    await world.library.close()
    whole = world.path.read_bytes()
    world.path.write_bytes(whole[: len(whole) // 2])

    def no_room(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("os.fsync", no_room)
        with pytest.raises(LibraryDamaged, match=r"could not be saved yet: No space left"):
            await world.open()
    assert world.path.read_bytes() == whole[: len(whole) // 2]
    assert not list(world.path.parent.glob("*.broken-*"))
    world.path.write_bytes(whole)
    world.library = await world.open()


@pytest.mark.row("P02")
def test_a_screen_that_was_killed_is_noticed_and_nothing_else_is(tmp_path: Path) -> None:
    library = tmp_path / "library.db"
    first, second = Marker(library), Marker(library)
    second._path = second._path.with_name("library.db.77.open")
    assert not first.put()
    assert not second.put()  # the first is alive
    second.take_away()
    child = os.fork()
    if child == 0:
        Marker(library).put()
        os._exit(9)
    os.waitpid(child, 0)
    third = Marker(library)
    third._path = third._path.with_name("library.db.78.open")
    assert third.put()
    assert not Marker(tmp_path / "other.db").put()
    third.take_away()
    assert not Marker(library).put()


@pytest.mark.row("S09")
async def test_without_the_screen_an_act_is_refused_rather_than_kept(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await world.subscribe("/feed", rss("a"))
    with monkeypatch.context() as patched:
        patched.setattr(connect, "_same_file", lambda db: (_ for _ in ()).throw(sqlite3_error(sqlite3.SQLITE_FULL)))
        with pytest.raises(LibraryBusy, match="the disk is full"):
            await world.library.mark(await world.ids("a"), True)
    assert world.library.waiting == 0
