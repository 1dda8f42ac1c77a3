"""The engine's threads: one owner each, awaited from any loop, cancelled without half-done writes."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from queue import SimpleQueue

import pytest

from tui_reader.engine import Engine


@contextmanager
def transaction(db: sqlite3.Connection) -> Iterator[None]:
    if db.in_transaction:
        yield
        return
    db.execute("BEGIN")
    try:
        yield
    except BaseException:
        db.execute("ROLLBACK")
        raise
    db.execute("COMMIT")


def started(path: Path) -> Engine:
    def connect() -> sqlite3.Connection:
        return sqlite3.connect(path, isolation_level=None)

    return Engine(connect, connect, transaction)


@pytest.fixture
def engine(tmp_path: Path):
    running = started(tmp_path / "x.db")
    yield running
    running.close()


def _thread_name(db: sqlite3.Connection) -> str:
    return threading.current_thread().name


async def test_each_connection_has_its_own_thread(engine: Engine) -> None:
    names = {
        await engine.write(_thread_name),
        await engine.read(_thread_name),
        await engine.search(_thread_name),
    }
    assert len(names) == 3
    assert threading.current_thread().name not in names


async def test_run_is_on_the_engines_loop_and_may_nest(engine: Engine) -> None:
    async def inner() -> asyncio.AbstractEventLoop:
        return asyncio.get_running_loop()

    async def outer() -> bool:
        return await engine.run(inner()) is asyncio.get_running_loop()

    assert await engine.run(outer())
    assert await engine.run(inner()) is not asyncio.get_running_loop()


async def test_an_exception_reaches_the_caller(engine: Engine) -> None:
    def fail(db: sqlite3.Connection) -> None:
        raise ValueError("as asked")

    with pytest.raises(ValueError, match="as asked"):
        await engine.write(fail)


async def test_a_begun_write_ends_although_its_caller_is_cancelled(engine: Engine) -> None:
    begun, end, done = threading.Event(), threading.Event(), threading.Event()

    def slow(db: sqlite3.Connection) -> None:
        begun.set()
        end.wait(5)
        done.set()

    task = asyncio.create_task(engine.write(slow))
    await asyncio.to_thread(begun.wait, 5)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    end.set()
    assert await asyncio.to_thread(done.wait, 5)


class Table:
    """A table on the writing connection: which transactions were made, and what is in it for everybody."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.ends: list[str] = []
        self._goes_on = threading.Event()

    async def held(self) -> asyncio.Task[bool]:
        """Keep the thread that writes busy until `go`, so that what is asked for meanwhile waits in a row."""
        await self.engine.write(lambda db: db.execute("CREATE TABLE t (n INTEGER UNIQUE)"))
        await self.engine.write(lambda db: db.set_trace_callback(self._seen))
        first = asyncio.create_task(self.engine.write(lambda db: self._goes_on.wait(10)))
        await asyncio.sleep(0)
        return first

    def _seen(self, statement: str) -> None:
        if statement in ("COMMIT", "ROLLBACK"):
            self.ends.append(statement)

    def go(self) -> None:
        self._goes_on.set()

    def put(self, db: sqlite3.Connection, number: int) -> int:
        with transaction(db):
            db.execute("INSERT INTO t VALUES (?)", (number,))
        return number

    async def holds(self) -> list[int]:
        rows = await self.engine.read(lambda db: db.execute("SELECT n FROM t ORDER BY rowid").fetchall())
        return [number for (number,) in rows]


async def test_writes_that_may_be_shared_are_committed_together_and_answered_after(engine: Engine) -> None:
    table = Table(engine)
    await table.held()
    waits = [asyncio.create_task(engine.write_shared(table.put, number)) for number in range(20)]
    await asyncio.sleep(0.05)
    assert not any(one.done() for one in waits)
    table.go()
    assert await waits[0] == 0
    assert set(range(8)) <= set(await table.holds()), (
        "the first that answers is there for everybody, as are those with it"
    )
    assert await asyncio.gather(*waits) == list(range(20))
    assert table.ends == ["COMMIT"] * 3, "8, 8 and 4"


async def test_a_write_of_its_own_keeps_its_place_and_its_transaction(engine: Engine) -> None:
    table = Table(engine)
    await table.held()
    waits = [
        asyncio.create_task((engine.write if number == 2 else engine.write_shared)(table.put, number))
        for number in range(5)
    ]
    await asyncio.sleep(0.05)
    table.go()
    await asyncio.gather(*waits)
    assert await table.holds() == [0, 1, 2, 3, 4]
    assert table.ends == ["COMMIT"] * 3


async def test_one_that_fails_takes_no_other_with_it(engine: Engine) -> None:
    table = Table(engine)
    await table.held()
    waits = [asyncio.create_task(engine.write_shared(table.put, number)) for number in (1, 2, 1, 3)]
    await asyncio.sleep(0.05)
    waits[1].cancel()
    table.go()
    done = await asyncio.gather(*waits, return_exceptions=True)
    assert [type(one) for one in done] == [int, asyncio.CancelledError, sqlite3.IntegrityError, int]
    assert await table.holds() == [1, 2, 3], "a caller that has gone does not undo what it asked for"


async def test_what_waits_for_others_to_share_holds_nobody_up(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui_reader.engine.GATHER", 0.5)
    table = Table(engine)
    (await table.held(), table.go())
    (_, _, path) = await engine.read(lambda db: db.execute("PRAGMA database_list").fetchone())
    waits = asyncio.create_task(engine.write_shared(table.put, 1))
    await asyncio.sleep(0.05)
    with closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as another:
        another.execute("INSERT INTO t VALUES (2)")
    assert not waits.done()
    assert await waits == 1
    assert await table.holds() == [2, 1]


async def test_one_alone_that_fails_is_done_once_and_the_next_is_well(engine: Engine) -> None:
    table = Table(engine)
    (await table.held(), table.go())
    tried: list[int] = []

    def fail(db: sqlite3.Connection) -> None:
        table.put(db, 1)
        tried.append(1)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await engine.write_shared(fail)
    assert await engine.write_shared(table.put, 2) == 2
    assert await table.holds() == [2]
    assert tried == [1]


async def test_a_cancelled_search_is_interrupted(engine: Engine) -> None:
    begun, ended = threading.Event(), threading.Event()

    def endless(db: sqlite3.Connection) -> None:
        begun.set()
        try:
            db.execute(
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"
            ).fetchone()
        finally:
            ended.set()

    task = asyncio.create_task(engine.search(endless))
    await asyncio.to_thread(begun.wait, 5)
    await asyncio.to_thread(time.sleep, 0.05)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await asyncio.to_thread(ended.wait, 10)


async def test_cancelling_the_caller_cancels_the_work(engine: Engine) -> None:
    begun, cancelled = threading.Event(), threading.Event()

    async def work() -> None:
        begun.set()
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            cancelled.set()
            raise

    task = asyncio.create_task(engine.run(work()))
    await asyncio.to_thread(begun.wait, 5)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await asyncio.to_thread(cancelled.wait, 5)


async def test_what_can_wait_waits_for_a_quiet_moment_and_makes_way(engine: Engine) -> None:
    done: list[str] = []
    begun, caught_up = threading.Event(), threading.Event()

    def piece(db: sqlite3.Connection, urgent: Callable[[], bool]) -> bool:
        begun.set()
        if done.count("made way") < 2:
            while not urgent():  # a long piece of work that looks up now and then
                time.sleep(0.001)
            done.append("made way")
            return True
        caught_up.set()
        return False

    await engine.write(lambda db: done.append("first"))
    engine.at_leisure(piece)
    for name in ("second", "third"):
        assert await asyncio.to_thread(begun.wait, 10)
        begun.clear()
        await engine.write(lambda db, name=name: done.append(name))
    assert done == ["first", "made way", "second", "made way", "third"]
    assert await asyncio.to_thread(caught_up.wait, 10)


async def test_a_fault_in_what_can_wait_is_nobodys_and_the_next_write_asks_again(engine: Engine) -> None:
    turns = SimpleQueue[int]()

    def piece(db: sqlite3.Connection, urgent: Callable[[], bool]) -> bool:
        turns.put(1)
        raise ValueError("as asked")

    engine.at_leisure(piece)
    for _ in range(2):
        assert await engine.write(lambda db: 1) == 1
        await asyncio.to_thread(turns.get, timeout=10)


async def test_closing_ends_what_can_wait(tmp_path: Path) -> None:
    engine = started(tmp_path / "x.db")
    begun = threading.Event()

    def piece(db: sqlite3.Connection, urgent: Callable[[], bool]) -> bool:
        begun.set()
        while not urgent():
            time.sleep(0.001)
        return True

    await engine.write(lambda db: None)
    engine.at_leisure(piece)
    assert await asyncio.to_thread(begun.wait, 10)
    await asyncio.to_thread(engine.close)
    with pytest.raises(RuntimeError):
        await engine.write(lambda db: None)


@pytest.mark.row("P10")
async def test_closing_cancels_what_runs(tmp_path: Path) -> None:
    engine = started(tmp_path / "x.db")
    cancelled = threading.Event()

    async def work() -> None:
        try:
            await asyncio.sleep(60)
        finally:
            cancelled.set()

    task = asyncio.create_task(engine.run(work()))
    await asyncio.sleep(0.05)
    await asyncio.to_thread(engine.close)
    assert cancelled.is_set()
    with pytest.raises(asyncio.CancelledError):
        await task
