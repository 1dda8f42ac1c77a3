"""The child process that fetches: `python -m tui_reader.net.child`.

Its standard input brings first `Settings`, then a `Said` for every request and for every one that nobody waits for any
more; each request is answered by one `Answered` on its standard output, in the order in which they are done. It ends
when its input does.
"""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import time
from contextlib import suppress

import msgspec

from tui_reader import children
from tui_reader.net.client import Fetcher
from tui_reader.net.fetch import Fetched, NotModified, Outcome, Request, Settings
from tui_reader.net.frames import Answered, Said


class _Child:
    """One fetcher, and a task for each request that it has."""

    def __init__(self, settings: Settings, answers: asyncio.StreamWriter) -> None:
        self._told, self._heard = 0, time.monotonic()
        """What time it was for the parent, and when it said so."""
        self._fetcher = Fetcher(settings, clock=self._now)
        self._answers = answers
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._encoder = msgspec.msgpack.Encoder()

    def hear(self, said: Said) -> None:
        """Begin a request or break one off."""
        if said.request is None:
            task = self._tasks.get(said.number)
            if task is not None:
                task.cancel()
            return
        self._told, self._heard = said.now, time.monotonic()
        task = asyncio.create_task(self._do(said.number, said.request))
        self._tasks[said.number] = task
        task.add_done_callback(lambda _: self._tasks.pop(said.number))

    def _now(self) -> int:
        return self._told + int(time.monotonic() - self._heard)

    async def _do(self, number: int, request: Request) -> None:
        try:
            outcome = await self._fetcher.fetch(request)
        except Exception as error:
            answer = Answered(number, fault=f"{type(error).__name__}: {error}")
        else:
            answer = _answer(number, outcome)
        frame = self._encoder.encode(answer)
        self._answers.writelines((children.LENGTH.pack(len(frame)), frame))
        await self._answers.drain()


def _answer(number: int, outcome: Outcome) -> Answered:
    if isinstance(outcome, Fetched):
        return Answered(number, fetched=outcome)
    if isinstance(outcome, NotModified):
        return Answered(number, unchanged=outcome)
    return Answered(number, failed=outcome)


async def _serve(questions: int, answers: int) -> None:
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(questions, "rb"))
    transport, protocol = await loop.connect_write_pipe(
        lambda: asyncio.StreamReaderProtocol(asyncio.StreamReader()), os.fdopen(answers, "wb")
    )
    writer = asyncio.StreamWriter(transport, protocol, None, loop)
    with suppress(asyncio.IncompleteReadError):
        child = _Child(msgspec.msgpack.decode(await children.frame(reader), type=Settings), writer)
        decoder = msgspec.msgpack.Decoder(Said)
        while True:
            child.hear(decoder.decode(await children.frame(reader)))


def main() -> None:
    """Answer requests until the input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    questions, answers = os.dup(0), os.dup(1)
    os.dup2(2, 1)
    gc.freeze()
    asyncio.run(_serve(questions, answers))


if __name__ == "__main__":
    main()
