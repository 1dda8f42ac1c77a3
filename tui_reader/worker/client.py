"""The parent's end of the parse worker: one warm child, killed when it hangs, replaced when it is gone."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from itertools import islice

import msgspec

from tui_reader.children import LENGTH, Child
from tui_reader.model import NotAFeed, ParsedFeed
from tui_reader.sources.source import About, Body, Found
from tui_reader.worker.child import BEAT, Job, Result

CHILD = "tui_reader.worker.child"
"""The module that runs in the child."""
_LARGEST_ANSWER = 512 << 20
_AHEAD = 2
"""Documents that are with the child at once: it begins the next one while the parent takes the answer."""


class _Asked:
    """A document, whose answer it is, and the child that was given it."""

    def __init__(self, frame: bytes, what: str, answer: asyncio.Future[Result | NotAFeed]) -> None:
        self.frame = frame
        self.what = what
        self.answer = answer
        self.child: Child | None = None


class Parser:
    """Parses documents in a child process, one after the other. Belongs to one asyncio loop.

    A document that keeps the child busy for `quiet` seconds without another entry, or for `longest` seconds in all,
    costs the child its life and is answered with NotAFeed; the others get a new child. Seconds that a new child
    takes to start on a busy machine are no fault of the document: they count for `longest` alone.
    """

    def __init__(self, *, quiet: float = 5.0, longest: float = 60.0) -> None:
        self._quiet = quiet
        self._longest = longest
        self._child: Child | None = None
        self._waiting: deque[_Asked] = deque()
        """The first is being parsed."""
        self._turns: asyncio.Task[None] | None = None
        self._decoder = msgspec.msgpack.Decoder(Result)

    async def begin(self) -> None:
        """Start the child before there is something for it."""
        await self.words(("",))

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

    async def words(self, texts: Sequence[str]) -> Sequence[str]:
        """The words of each of these HTML texts, one line of each; nothing at all where they could not be taken out."""
        result = await self._do(Job(texts=tuple(texts)))
        return () if isinstance(result, NotAFeed) else result.words or ()

    async def _do(self, job: Job) -> Result | NotAFeed:
        what = "a page" if job.article else "a feed"
        asked = _Asked(msgspec.msgpack.encode(job), what, asyncio.get_running_loop().create_future())
        self._waiting.append(asked)
        self._give()
        if self._turns is None or self._turns.done():
            self._turns = asyncio.create_task(self._take_turns())
        try:
            result = await asked.answer
        except asyncio.CancelledError:
            self._give_up(asked)
            raise
        return result if isinstance(result, NotAFeed) else result.refused or result

    async def close(self) -> None:
        """End the child; whoever waits is told that nothing could be read."""
        if self._turns is not None:
            self._turns.cancel()
            with suppress(asyncio.CancelledError):
                await self._turns
        for asked in self._waiting:
            _settle(asked, NotAFeed(f"{asked.what} that could not be read"))
        self._waiting.clear()
        await self._kill()

    async def _take_turns(self) -> None:
        """Await the answers in the order of the questions until none is left."""
        while self._waiting:
            first = self._waiting[0]
            if first.answer.cancelled() and first.child is not self._child:
                self._waiting.popleft()
                continue
            try:
                _settle(first, await self._answered(first))
            except Exception as error:
                await self._kill()
                if not first.answer.done():
                    first.answer.set_exception(error)
            self._waiting.popleft()

    def _give_up(self, asked: _Asked) -> None:
        """Nobody waits for this answer any more: what the child has begun may take a minute, what it has not begun is
        never asked."""
        if asked.child is None and asked in self._waiting and asked is not self._waiting[0]:
            self._waiting.remove(asked)
        elif self._waiting and asked is self._waiting[0] and asked.child is not None and asked.child.lives:
            asked.child.kill()

    async def _answered(self, first: _Asked) -> Result | NotAFeed:
        try:
            async with asyncio.timeout(self._longest):
                return await self._read(await self._ready(first))
        except TimeoutError:
            await self._kill()
            return NotAFeed(f"{first.what} that takes too long to be read")
        except (OSError, EOFError, asyncio.IncompleteReadError, msgspec.DecodeError):
            await self._kill()
            return NotAFeed(f"{first.what} that could not be read")

    async def _ready(self, first: _Asked) -> asyncio.StreamReader:
        """What the child says that has this document: one that died before it began leaves it to the next."""
        if first.child is None or first.child is not self._child or not first.child.lives:
            await self._kill()
            child = Child(CHILD)
            await child.open()
            self._child = child
            if await child.said.readexactly(LENGTH.size) != BEAT:
                raise EOFError
        self._give()
        assert self._child is not None
        return self._child.said

    def _give(self) -> None:
        """Let the child have what it may have."""
        child = self._child
        if child is None or not child.lives:
            return
        for asked in islice(self._waiting, _AHEAD):
            if asked.child is not child:
                asked.child = child
                child.tell(asked.frame)

    async def _read(self, said: asyncio.StreamReader) -> Result:
        async with asyncio.timeout(self._longest) as patience:
            while True:
                patience.reschedule(asyncio.get_running_loop().time() + self._quiet)
                length = LENGTH.unpack(await said.readexactly(LENGTH.size))[0]
                if length > _LARGEST_ANSWER:
                    raise EOFError
                if length:
                    patience.reschedule(asyncio.get_running_loop().time() + self._quiet)
                    return self._decoder.decode(await said.readexactly(length))

    async def _kill(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            await child.end()


def _settle(asked: _Asked, result: Result | NotAFeed) -> None:
    if not asked.answer.done():
        asked.answer.set_result(result)
