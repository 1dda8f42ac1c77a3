"""The parent's end of the parse worker: one warm child, killed when it hangs, replaced when it is gone."""

from __future__ import annotations

import asyncio
import os
import sys
from contextlib import suppress
from pathlib import Path

import msgspec

import tui_reader
from tui_reader.model import NotAFeed, ParsedFeed
from tui_reader.sources.source import About, Body, Found
from tui_reader.worker.child import BEAT, LENGTH, Job, Result

_LARGEST_ANSWER = 512 << 20


class Parser:
    """Parses documents in a child process, one at a time. Belongs to one asyncio loop.

    A document that keeps the child busy for `quiet` seconds without another entry, or for `longest` seconds in all,
    costs the child its life and is answered with NotAFeed; the next document gets a new child. Seconds that a new child
    takes to start on a busy machine are no fault of the document: they count for `longest` alone.
    """

    def __init__(self, *, quiet: float = 5.0, longest: float = 60.0) -> None:
        self._quiet = quiet
        self._longest = longest
        self._child: asyncio.subprocess.Process | None = None
        self._turn = asyncio.Lock()
        self._answer = msgspec.msgpack.Decoder(Result)

    async def parse(self, body: bytes, *, url: str, content_type: str = "") -> ParsedFeed | NotAFeed:
        """What the document is. Never raises for what stands in it."""
        result = await self._do(Job(url, content_type, body))
        return result if isinstance(result, NotAFeed) else result.feed or NotAFeed("a feed that could not be read")

    async def read(self, source: str, body: Body, about: About) -> Found | NotAFeed:
        """The comments that a source of this kind finds in a document. Never raises for what stands in it."""
        result = await self._do(Job(body.url, body.content_type, body.content, source, about))
        return result if isinstance(result, NotAFeed) else result.found or NotAFeed("comments that could not be read")

    async def article(self, body: bytes, *, url: str, content_type: str = "") -> str | NotAFeed:
        """The HTML of a page's article. Never raises for what stands in it."""
        result = await self._do(Job(url, content_type, body, article=True))
        return result if isinstance(result, NotAFeed) else result.article or NotAFeed("a page that could not be read")

    async def _do(self, job: Job) -> Result | NotAFeed:
        what = "a page" if job.article else "a feed"
        async with self._turn:
            try:
                async with asyncio.timeout(self._longest):
                    result = await self._ask(msgspec.msgpack.encode(job))
            except TimeoutError:
                await self._kill()
                return NotAFeed(f"{what} that takes too long to be read")
            except (OSError, EOFError, asyncio.IncompleteReadError, msgspec.DecodeError):
                await self._kill()
                return NotAFeed(f"{what} that could not be read")
            except asyncio.CancelledError:
                await self._kill()
                raise
        return result.refused or result

    async def close(self) -> None:
        """End the child."""
        async with self._turn:
            await self._kill()

    async def _ask(self, frame: bytes) -> Result:
        child = self._child
        if child is None or child.returncode is not None:
            child = self._child = await self._start()
            assert child.stdout is not None
            if await child.stdout.readexactly(LENGTH.size) != BEAT:
                raise EOFError
        assert child.stdin is not None
        assert child.stdout is not None
        child.stdin.writelines((LENGTH.pack(len(frame)), frame))
        async with asyncio.timeout(self._longest) as patience:
            patience.reschedule(asyncio.get_running_loop().time() + self._quiet)
            await child.stdin.drain()
            while True:
                length = LENGTH.unpack(await child.stdout.readexactly(LENGTH.size))[0]
                patience.reschedule(asyncio.get_running_loop().time() + self._quiet)
                if length > _LARGEST_ANSWER:
                    raise EOFError
                if length:
                    return self._answer.decode(await child.stdout.readexactly(length))

    async def _start(self) -> asyncio.subprocess.Process:
        home = str(Path(tui_reader.__file__).parent.parent)
        path = os.pathsep.join(filter(None, (home, os.environ.get("PYTHONPATH", ""))))
        return await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tui_reader.worker.child",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": path},
            limit=1 << 20,
            start_new_session=True,
        )

    async def _kill(self) -> None:
        child, self._child = self._child, None
        if child is not None and child.returncode is None:
            with suppress(ProcessLookupError):
                child.kill()
            await child.wait()
