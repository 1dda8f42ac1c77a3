"""The child process that parses: `python -m tui_reader.worker.child`.

It reads requests from its standard input and answers on its standard output, in frames: a length of four bytes, big
end first, then as many bytes of msgpack. A length of 0 is a beat: it is ready, or more entries were begun. It never
writes anything else, never touches the network or a file, and takes no more memory than `MOST_MEMORY`.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
import time
from collections.abc import Callable
from typing import BinaryIO

import msgspec

from tui_reader.children import LENGTH
from tui_reader.model import NotAFeed, ParsedFeed
from tui_reader.parse.readable import strip
from tui_reader.sources.source import About, Body, Found

MOST_MEMORY = 1 << 30
"""Bytes of address space, where the system can limit it."""

BEAT = LENGTH.pack(0)
BEAT_EVERY = 0.2
"""Seconds between two beats at least: each of them wakes the parent."""


class Job(msgspec.Struct):
    """A document to parse: a feed, or with `source` the comments that this kind of source reads out of it, or with
    `article` the page an article is taken from. Or the HTML of `texts` whose words are wanted, and no document."""

    url: str = ""
    content_type: str = ""
    body: bytes = b""
    source: str = ""
    about: About = About()
    article: bool = False
    texts: tuple[str, ...] = ()


class Result(msgspec.Struct):
    """What came of it: one of the five."""

    feed: ParsedFeed | None = None
    found: Found | None = None
    article: str | None = None
    words: tuple[str, ...] | None = None
    refused: NotAFeed | None = None


def main() -> None:
    """Answer requests until the input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _limit_memory()
    # What a document becomes has no cycles: looking for some after every few hundred objects is in vain.
    gc.set_threshold(100_000, 20, 100)
    requests, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    decoder = msgspec.msgpack.Decoder(Job)
    import tui_reader.parse.document
    import tui_reader.sources.registry  # noqa: F401 (what every document needs: loaded before the first one waits)

    answers.write(BEAT)
    answers.flush()
    while True:
        frame = _frame(requests)
        if frame is None:
            return
        answer = msgspec.msgpack.encode(_answer(decoder.decode(frame), answers))
        answers.write(LENGTH.pack(len(answer)) + answer)
        answers.flush()


def _answer(job: Job, answers: BinaryIO) -> Result:
    last = -BEAT_EVERY

    def beat() -> None:
        nonlocal last
        now = time.monotonic()
        if now - last >= BEAT_EVERY:
            last = now
            answers.write(BEAT)
            answers.flush()

    try:
        if job.texts:
            return Result(words=tuple(map(strip, job.texts)))
        if job.article:
            return _extract(job)
        answer = _read(job) if job.source else _parse(job, beat)
    except (MemoryError, RecursionError):
        return Result(refused=NotAFeed(f"{'a page' if job.article else 'a feed'} too large to be read"))
    if isinstance(answer, NotAFeed):
        return Result(refused=answer)
    return Result(found=answer) if isinstance(answer, Found) else Result(feed=answer)


def _parse(job: Job, beat: Callable[[], None]) -> ParsedFeed | NotAFeed:
    from tui_reader.parse.document import parse
    from tui_reader.sources.registry import announced

    found = parse(job.body, url=job.url, content_type=job.content_type, on_entry=beat)
    return announced(found, job.url) if isinstance(found, ParsedFeed) else found


def _read(job: Job) -> Found | NotAFeed:
    from tui_reader.sources.registry import by_kind

    return by_kind(job.source).read(Body(job.body, job.url, job.content_type), job.about)


def _extract(job: Job) -> Result:
    from tui_reader.parse.article import extract

    found = extract(job.body, url=job.url, content_type=job.content_type)
    return Result(refused=found) if isinstance(found, NotAFeed) else Result(article=found)


def _frame(requests: BinaryIO) -> bytes | None:
    head = requests.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    length = LENGTH.unpack(head)[0]
    frame = requests.read(length)
    return frame if len(frame) == length else None


def _limit_memory() -> None:
    if sys.platform == "linux":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))


if __name__ == "__main__":
    main()
