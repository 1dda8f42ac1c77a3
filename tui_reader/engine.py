"""Where the work runs: one loop thread, and one thread for each database connection.

The engine knows no feeds. It owns four threads, each the only owner of its resource, so nothing is locked:

    loop     an asyncio loop: whatever is asked with `run` (fetching, the parse worker's pipe)
    write    the only writing connection; with nothing to write for a while it does what can wait (`at_leisure`)
    read     a read-only connection for the screen
    search   a read-only connection whose query can be interrupted by the next one

`write`, `read`, `search` and `run` may be awaited from any asyncio loop, the engine's own included.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from contextlib import AbstractContextManager
from functools import partial
from queue import Empty, SimpleQueue
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar

from msgspec import Struct, field

from tui_reader.errors import ReaderError

log = logging.getLogger(__name__)

P = ParamSpec("P")
T = TypeVar("T")

Connect = Callable[[], sqlite3.Connection]
Transaction = Callable[[sqlite3.Connection], AbstractContextManager[None]]
"""All that is written inside is committed at its end, or nothing is; one that begins inside another is part of it."""
Leisure = Callable[[sqlite3.Connection, Callable[[], bool]], bool]
"""Work that can wait: does a little of it and tells whether some is left. It ends early once what it is given answers
that somebody waits."""

QUIET = 0.4
"""Seconds without anything to do after which a thread begins what can wait."""
BREATH = 0.005
"""Seconds between two pieces of what can wait, in which other processes get at the file."""
TOGETHER = 8
"""Writes that share a transaction at most."""
GATHER = 0.02
"""Seconds that a write which may share its transaction waits for the next such; any other ends the waiting at once."""


class _Call(Struct, Generic[T], frozen=True):
    """What somebody waits for; `shares` tells that it may stand in one transaction with others."""

    fn: Callable[[sqlite3.Connection], T]
    shares: bool
    future: Future[T] = field(default_factory=Future)

    def is_wanted(self) -> bool:
        """Whether it was not cancelled while it waited; asked once, when it begins."""
        return self.future.set_running_or_notify_cancel()


class _Owner:
    """A thread that owns one connection, opened on that thread at its first use."""

    def __init__(self, name: str, connect: Connect, transaction: Transaction | None = None) -> None:
        self._connect = connect
        self._transaction = transaction
        self._db: sqlite3.Connection | None = None
        self._waiting: SimpleQueue[_Call[Any] | Callable[[], None]] = SimpleQueue()
        self._next: _Call[Any] | Callable[[], None] | None = None
        self._leisure: Leisure | None = None
        self._closed = self._ended = False
        self._thread = threading.Thread(target=self._turn, name=f"tui-reader-{name}", daemon=True)
        self._thread.start()

    def submit(
        self, shares: bool, fn: Callable[Concatenate[sqlite3.Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> Future[T]:
        if self._closed:
            raise RuntimeError("the library is closed")
        call = _Call(lambda db: fn(db, *args, **kwargs), shares)
        self._waiting.put(call)
        return call.future

    def at_leisure(self, work: Leisure) -> None:
        def begin() -> None:
            self._leisure = work

        self._waiting.put(begin)

    def _turn(self) -> None:
        pause: float | None = None
        while not self._ended:
            try:
                work = self._taken(pause)
            except Empty:
                pause = BREATH if self._idle() else None
                continue
            work()
            pause = QUIET if self._leisure is not None else None

    def _taken(self, pause: float | None) -> Callable[[], None]:
        """What is to be done next."""
        following = self._next or self._waiting.get(timeout=pause)
        self._next = None
        if not isinstance(following, _Call):
            return following
        return partial(self._together if following.shares else self._alone, following)

    def _alone(self, call: _Call[Any]) -> None:
        if call.is_wanted():
            self._do(call)

    def _do(self, call: _Call[Any]) -> None:
        try:
            call.future.set_result(call.fn(self._connected()))
        except BaseException as error:
            call.future.set_exception(error)

    def _together(self, first: _Call[Any]) -> None:
        """One transaction for this call and those that share it, begun when they are here: others get at the file until
        then. When one of them or the commit fails nothing is written, and alone each comes to its own end."""
        assert self._transaction is not None
        calls = [first]
        while len(calls) < TOGETHER and (call := self._sharing()) is not None:
            calls.append(call)
        wanted = [call for call in calls if call.is_wanted()]
        try:
            db = self._connected()
            with self._transaction(db):
                results = [call.fn(db) for call in wanted]
        except BaseException as error:
            if len(wanted) == 1:
                wanted[0].future.set_exception(error)
            else:
                for call in wanted:
                    self._do(call)
        else:
            for call, result in zip(wanted, results, strict=True):
                call.future.set_result(result)

    def _sharing(self) -> _Call[Any] | None:
        """The next call, if it comes soon and shares."""
        try:
            self._next = self._waiting.get(timeout=GATHER)
        except Empty:
            return None
        if not isinstance(self._next, _Call) or not self._next.shares:
            return None
        call, self._next = self._next, None
        return call

    def _connected(self) -> sqlite3.Connection:
        if self._db is None:
            self._db = self._connect()
        return self._db

    def _idle(self) -> bool:
        """Do some of what can wait; a fault there is nobody's answer, and the next write asks for it again."""
        if self._leisure is None or self._db is None:
            return False
        try:
            return self._leisure(self._db, lambda: not self._waiting.empty())
        except ReaderError:
            return False
        except Exception:
            log.exception("what could wait has failed")
            return False

    def interrupt(self) -> None:
        """Break off the query that runs now, if one does; safe from any thread."""
        if self._db is not None:
            self._db.interrupt()

    def reopen(self) -> None:
        """Close the connection; its next use opens another."""
        self._waiting.put(self._shut)

    def close(self) -> None:
        self._closed = True
        self._waiting.put(self._shut)
        self._waiting.put(self._end)
        self._thread.join()

    def _shut(self) -> None:
        if self._db is not None:
            self._db.close()
            self._db = None

    def _end(self) -> None:
        self._ended = True


class Engine:
    """Runs blocking store functions and coroutines off the caller's thread.

    `connect_writer` and `connect_reader` are called on the threads that will own the connections; `transaction` is
    what writes that may share one are put into.
    """

    def __init__(self, connect_writer: Connect, connect_reader: Connect, transaction: Transaction) -> None:
        self._writer = _Owner("write", connect_writer, transaction)
        self._reader = _Owner("read", connect_reader)
        self._searcher = _Owner("search", connect_reader)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._turn, name="tui-reader-loop", daemon=True)
        self._thread.start()

    def _turn(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_forever()

    async def write(self, fn: Callable[Concatenate[sqlite3.Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Await `fn(writing connection, …)`.

        A write that has begun is finished even when the caller is cancelled: what was asked for is never half done.
        """
        return await asyncio.shield(asyncio.wrap_future(self._writer.submit(False, fn, *args, **kwargs)))

    async def write_shared(
        self, fn: Callable[Concatenate[sqlite3.Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """`write` for one of many: those that wait at the same time are committed together. When one of them fails all
        are done once more, each alone, so `fn` must change nothing but the library."""
        return await asyncio.shield(asyncio.wrap_future(self._writer.submit(True, fn, *args, **kwargs)))

    def at_leisure(self, work: Leisure) -> None:
        """Do `work` on the writing connection whenever it has been quiet for a while after a write, until nothing is
        left. Any write that comes meanwhile waits for one step of it at most."""
        self._writer.at_leisure(work)

    async def read(self, fn: Callable[Concatenate[sqlite3.Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Await `fn(read-only connection, …)`."""
        return await asyncio.wrap_future(self._reader.submit(False, fn, *args, **kwargs))

    async def search(self, fn: Callable[Concatenate[sqlite3.Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Await `fn(search connection, …)`; when the caller is cancelled the running query is interrupted."""
        future = self._searcher.submit(False, fn, *args, **kwargs)
        try:
            return await asyncio.wrap_future(future)
        except asyncio.CancelledError:
            if not future.cancelled():
                self._searcher.interrupt()
            raise

    def reopen(self) -> None:
        """Read through new connections from now on: those of a file that could not be written see no change."""
        self._reader.reopen()
        self._searcher.reopen()

    async def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Await a coroutine that runs on the engine's loop; cancelling the caller cancels it there."""
        if asyncio.get_running_loop() is self._loop:
            return await work
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, self._loop))

    def close(self) -> None:
        """Cancel what runs on the loop, let begun writes end, close the connections. Blocks; at most a few seconds."""
        asyncio.run_coroutine_threadsafe(_cancel_all(), self._loop).result(timeout=5)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=5)
        self._searcher.interrupt()
        for owner in (self._searcher, self._reader, self._writer):
            owner.close()
        if not self._thread.is_alive():
            self._loop.close()


async def _cancel_all() -> None:
    others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
