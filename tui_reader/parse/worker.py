"""The child process that parses: `python -m tui_reader.parse.worker`.

It reads requests from its standard input and answers on its standard output, in frames: a length of four bytes, big
end first, then as many bytes of msgpack. A length of 0 is a beat: another entry was begun. It never writes anything
else, never touches the network or a file, and takes no more memory than `MOST_MEMORY`.
"""

from __future__ import annotations

import os
import signal
import struct
import sys
from typing import BinaryIO

import msgspec

from tui_reader.model import NotAFeed, ParsedFeed

MOST_MEMORY = 1 << 30
"""Bytes of address space, where the system can limit it."""

LENGTH = struct.Struct(">I")
BEAT = LENGTH.pack(0)


class Job(msgspec.Struct):
    """A document to parse."""

    url: str
    content_type: str
    body: bytes


class Result(msgspec.Struct):
    """What came of it: one of the two."""

    feed: ParsedFeed | None = None
    refused: NotAFeed | None = None


def main() -> None:
    """Answer requests until the input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _limit_memory()
    requests, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    decoder = msgspec.msgpack.Decoder(Job)
    while True:
        frame = _frame(requests)
        if frame is None:
            return
        answer = msgspec.msgpack.encode(_answer(decoder.decode(frame), answers))
        answers.write(LENGTH.pack(len(answer)) + answer)
        answers.flush()


def _answer(job: Job, answers: BinaryIO) -> Result:
    from tui_reader.parse.document import parse

    def beat() -> None:
        answers.write(BEAT)
        answers.flush()

    try:
        found = parse(job.body, url=job.url, content_type=job.content_type, on_entry=beat)
    except (MemoryError, RecursionError):
        return Result(refused=NotAFeed("a feed too large to be read"))
    return Result(feed=found) if isinstance(found, ParsedFeed) else Result(refused=found)


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
