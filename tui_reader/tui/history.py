"""Where the reader has been: lists and articles, to go back to and forward again. Pure."""

from __future__ import annotations

from msgspec import Struct

from tui_reader.model import Scope

MOST = 200
"""Places that are remembered."""


class Stop(Struct, frozen=True):
    """A list, with the article that was open in it; None while none was opened there yet."""

    scope: Scope
    entry: int | None = None


class History:
    """The places in the order in which they were visited, and at which of them the reader is."""

    def __init__(self) -> None:
        self._stops: list[Stop] = []
        self._at = -1

    @property
    def here(self) -> Stop | None:
        """The place where the reader is."""
        return self._stops[self._at] if self._stops else None

    def entries(self, scope: Scope) -> set[int]:
        """The articles that were opened in a list."""
        return {stop.entry for stop in self._stops if stop.scope == scope and stop.entry is not None}

    def visit(self, stop: Stop) -> None:
        """The reader is in another place, which is the last one from now on. A list in which nothing was opened was
        only passed, and is no place to go back to."""
        here = self.here
        if here == stop or (here is not None and stop.entry is None and here.scope == stop.scope):
            return
        keep = self._at if here is not None and here.entry is None else self._at + 1
        self._stops = [*self._stops[max(0, keep - MOST + 1) : keep], stop]
        self._at = len(self._stops) - 1

    def step(self, steps: int) -> Stop | None:
        """Go one place back (-1) or forward (1); None at the end, where nothing changes."""
        if not 0 <= self._at + steps < len(self._stops):
            return None
        self._at += steps
        return self._stops[self._at]
