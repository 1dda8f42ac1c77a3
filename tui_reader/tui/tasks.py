"""What runs beside the keys: the actions under way, in groups of which one may hold a single one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Coroutine
from typing import Any

Doing = Coroutine[Any, Any, None] | None
"""What an act has still to do once it is known, at the key press, what it is about. The next key may be there already:
it must find done all that decides what it means."""


class Tasks:
    """The tasks of one screen. Textual's workers would do; each tells four widgets four times how it is getting on,
    and of the keys that start a few of them that took a tenth of the time to the answer."""

    def __init__(self, failed: Callable[[Exception], None]) -> None:
        self._failed = failed
        self._groups: dict[asyncio.Task[None], str] = {}

    def start(self, work: Coroutine[Any, Any, None], *, group: str, newest: bool = False) -> None:
        """Run this; with `newest` whatever else runs in its group is given up. What it fails with goes to `failed`."""
        if newest:
            self.cancel(group)
        task = asyncio.create_task(self._guarded(work), name=group)
        self._groups[task] = group
        task.add_done_callback(lambda task: self._over(task, work))

    async def _guarded(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except Exception as error:
            self._failed(error)

    def _over(self, task: asyncio.Task[None], work: Coroutine[Any, Any, None]) -> None:
        del self._groups[task]
        work.close()  # what was given up before it began

    def running(self, groups: Collection[str] = ()) -> list[asyncio.Task[None]]:
        """What has not ended, of these groups, or of all when none is named."""
        return [task for task, group in self._groups.items() if not groups or group in groups]

    def cancel(self, *groups: str) -> None:
        """Give up what runs in these groups, or everything."""
        for task in self.running(groups):
            task.cancel()
