"""The parent's end of the process that fetches (docs/decisions/0018-fetching-in-a-process.md)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import msgspec

from tui_reader.children import Child, frame
from tui_reader.net import CHILD
from tui_reader.net.fetch import Failed, Outcome, Request, Settings
from tui_reader.net.frames import Answered, Said

_ENDED = Failed("the part of the program that fetches has ended", kind="offline")


class FetchProcess:
    """Does what `client.Fetcher` does in a child process of its own, which is started with the first request unless
    there is one already (`child`). Belongs to one asyncio loop.

    When the child ends before its time, what it was asked is answered with a `Failed` that tells nothing of the
    addresses, and the next request starts another. `clock` tells the time in seconds.
    """

    def __init__(self, settings: Settings, *, clock: Callable[[], int], child: Child | None = None) -> None:
        self._settings = settings
        self._clock = clock
        self._child = child
        self._hears: asyncio.Task[None] | None = None
        self._starting = asyncio.Lock()
        self._waiting: dict[int, asyncio.Future[Answered]] = {}
        """What the child was asked and has not answered."""
        self._asked = 0
        self._encoder = msgspec.msgpack.Encoder()

    async def fetch(self, request: Request) -> Outcome:
        """Ask for a document, following at most five redirects."""
        if self._settings.offline:
            return Failed("the network is off", kind="offline")
        try:
            child = await self._ready()
        except OSError as error:
            return Failed(f"no process can be started that fetches ({error.strerror})", kind="offline")
        self._asked += 1
        number, waiting = self._asked, self._waiting
        answer = waiting[number] = asyncio.get_running_loop().create_future()
        child.tell(self._encoder.encode(Said(number, self._clock(), request)))
        try:
            answered = await answer
        except asyncio.CancelledError:
            child.tell(self._encoder.encode(Said(number)))
            raise
        finally:
            del waiting[number]
        if answered.fault:
            raise RuntimeError(answered.fault)
        return answered.fetched or answered.unchanged or answered.failed or _ENDED

    async def close(self) -> None:
        """End the child; whoever waits is told so."""
        async with self._starting:
            child, self._child = self._child, None
            if child is not None:
                await child.end()
            if self._hears is not None:
                await self._hears

    async def _ready(self) -> Child:
        async with self._starting:
            if self._child is None or not self._child.lives:
                self._child, self._hears = Child(CHILD), None
            if self._hears is None:
                await self._child.open()
                self._child.tell(self._encoder.encode(self._settings))
                self._waiting = {}
                self._hears = asyncio.create_task(self._hear(self._child, self._waiting))
            return self._child

    async def _hear(self, child: Child, waiting: dict[int, asyncio.Future[Answered]]) -> None:
        """Hand on the answers until none comes any more."""
        decoder = msgspec.msgpack.Decoder(Answered)
        try:
            while True:
                answered = decoder.decode(await frame(child.said))
                answer = waiting.get(answered.number)
                if answer is not None and not answer.done():
                    answer.set_result(answered)
        except (OSError, asyncio.IncompleteReadError, msgspec.DecodeError):
            await child.end()
            for number, answer in waiting.items():
                if not answer.done():
                    answer.set_result(Answered(number, failed=_ENDED))
