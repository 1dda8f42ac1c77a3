"""Where the work runs: one loop thread, and one thread for each database connection.

The engine knows no feeds. It owns four threads, each the only owner of its resource, so nothing is locked:

    loop     an asyncio loop: whatever is asked with `run` (fetching, the parse worker's pipe)
    write    the only writing connection
    read     a read-only connection for the screen
    search   a read-only connection whose query can be interrupted by the next one

`write`, `read`, `search` and `run` may be awaited from any asyncio loop, the engine's own included.
"""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Concatenate, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

Connect = Callable[[], sqlite3.Connection]


class _Owner:
    """A thread that owns one connection, opened on that thread at its first use."""

    def __init__(self, name: str, connect: Connect) -> None:
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix=f"tui-reader-{name}")
        self._connect = connect
        self._db: sqlite3.Connection | None = None

    def submit(
        self, fn: Callable[Concatenate[sqlite3.Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> Future[T]:
        def call() -> T:
            if self._db is None:
                self._db = self._connect()
            return fn(self._db, *args, **kwargs)

        return self._pool.submit(call)

    def interrupt(self) -> None:
        """Break off the query that runs now, if one does; safe from any thread."""
        if self._db is not None:
            self._db.interrupt()

    def reopen(self) -> None:
        """Close the connection; its next use opens another."""
        self._pool.submit(self._shut)

    def close(self) -> None:
        self._pool.submit(self._shut)
        self._pool.shutdown(wait=True)

    def _shut(self) -> None:
        if self._db is not None:
            self._db.close()
            self._db = None


class Engine:
    """Runs blocking store functions and coroutines off the caller's thread.

    `connect_writer` and `connect_reader` are called on the threads that will own the connections.
    """

    def __init__(self, connect_writer: Connect, connect_reader: Connect) -> None:
        self._writer = _Owner("write", connect_writer)
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
        return await asyncio.shield(asyncio.wrap_future(self._writer.submit(fn, *args, **kwargs)))

    async def read(self, fn: Callable[Concatenate[sqlite3.Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Await `fn(read-only connection, …)`."""
        return await asyncio.wrap_future(self._reader.submit(fn, *args, **kwargs))

    async def search(self, fn: Callable[Concatenate[sqlite3.Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Await `fn(search connection, …)`; when the caller is cancelled the running query is interrupted."""
        future = self._searcher.submit(fn, *args, **kwargs)
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
