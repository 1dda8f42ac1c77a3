"""What the process that fetches and its parent tell each other."""

from __future__ import annotations

import msgspec

from tui_reader.net.fetch import Failed, Fetched, NotModified, Request


class Said(msgspec.Struct):
    """A request, or without one that number `number` is not wanted any more. `now` is the parent's time in seconds."""

    number: int
    now: int = 0
    request: Request | None = None


class Answered(msgspec.Struct):
    """What came of request `number`: one of the four; `fault` is one of this program."""

    number: int
    fetched: Fetched | None = None
    unchanged: NotModified | None = None
    failed: Failed | None = None
    fault: str = ""
