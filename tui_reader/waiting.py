"""Acts that the disk does not take: kept in their order, shown as done, and done as soon as it takes them.

A full disk, a folder that cannot be written, another program that holds the file: none of them should cost what a
person does while reading. What waits is in memory only; whoever ends the program says what is lost with it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from tui_reader.engine import Engine
from tui_reader.errors import LibraryBusy, ReaderError
from tui_reader.model import Change, EntryRow
from tui_reader.store import status

SLOW = 2.0
"""Seconds after which it is told that an act is not saved yet."""


class _Act(Struct, frozen=True):
    fn: Callable[..., Change]
    args: tuple[Any, ...]
    more: dict[str, Any]


class Waiting:
    """Does acts, and once it is told to `hold` keeps those that cannot be done now. `tell` gets a line for a person."""

    def __init__(self, engine: Engine, tell: Callable[[str], None]) -> None:
        self._engine = engine
        self._tell = tell
        self._acts: list[_Act] = []
        self._holds = False
        self._settling = False
        self.why = ""

    def __len__(self) -> int:
        return len(self._acts)

    def hold(self) -> None:
        """From now on an act that cannot be done waits, where it was refused before."""
        self._holds = True

    async def act(self, fn: Callable[..., Change], *args: object, **more: object) -> Change:
        """Do an act and return what it changed, nothing yet when it has to wait."""
        act = _Act(fn, args, more)
        if not self._holds:
            return await self._do(act)
        if self._acts:
            self._keep(act)
            return Change()
        try:
            return await self._patiently(act)
        except LibraryBusy as busy:
            self.why = busy.why
            self._keep(act)
            return Change()

    async def settle(self) -> tuple[int, Change]:
        """Do what waits, the oldest first, until the disk refuses again; how many acts that were, and the change."""
        done, change = 0, Change()
        if self._settling:
            return done, change
        self._settling = True
        try:
            while self._acts:
                try:
                    change |= await self._do(self._acts[0])
                except LibraryBusy as busy:
                    self.why = busy.why
                    break
                except ReaderError as error:
                    self._tell(f"⚠ one thing that waited cannot be done any more: {error}")
                done += 1
                del self._acts[0]
        finally:
            self._settling = False
        if done and not self._acts:
            self._tell("saved: all that waited")
        return done, replace(change, label="")

    def take_back(self) -> bool:
        """Forget the last act that waits; False when none does."""
        if not self._acts or self._settling:
            return False
        self._acts.pop()
        return True

    def shown(self, rows: Iterable[EntryRow]) -> tuple[EntryRow, ...]:
        """The rows as they will be when what waits is done."""
        marks: dict[int, dict[str, bool]] = {}
        for act in self._acts:
            field = {status.mark: "read", status.star: "starred"}.get(act.fn)
            for entry_id in act.args[0] if field else ():
                marks.setdefault(entry_id, {})[str(field)] = act.args[1]
        return tuple(replace(row, **marks[row.id]) if row.id in marks else row for row in rows)

    def _keep(self, act: _Act) -> None:
        self._acts.append(act)
        self._tell(f"✖ {self.why} — reading works; what you do waits until it can be saved ({len(self)} waiting)")

    async def _patiently(self, act: _Act) -> Change:
        doing = asyncio.ensure_future(self._do(act))
        done, _ = await asyncio.wait({doing}, timeout=SLOW)
        if not done:
            self._tell("still waiting for the library, which is being written; reading works")
        return await doing

    async def _do(self, act: _Act) -> Change:
        return await self._engine.write(act.fn, *act.args, **act.more)
