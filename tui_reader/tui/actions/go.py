"""Back and forward through the lists and articles that were visited."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from tui_reader.errors import NotFound
from tui_reader.tui.history import Stop
from tui_reader.tui.tasks import Doing

if TYPE_CHECKING:
    from tui_reader.tui.main import Main


def back(main: Main, count: int | None) -> Doing:
    return main.reading.held(partial(_go, main, -1, count or 1))


def forward(main: Main, count: int | None) -> Doing:
    return main.reading.held(partial(_go, main, 1, count or 1))


async def _go(main: Main, step: int, times: int) -> None:
    """So many places further; what is no longer there is passed over."""
    went = 0
    while went < times and (stop := main.history.step(step)) is not None:
        went += await _show(main, stop)
    if not went:
        main.say(f"nothing was visited {'before' if step < 0 else 'after'} this")


async def _show(main: Main, stop: Stop) -> bool:
    """Show a place as it was left; False when its feed or its article is gone."""
    scope = stop.scope
    if scope.kind == "feed" and all(feed.id != scope.feed_id for feed in main.feeds.feeds):
        return False
    if stop.entry is not None and not await main.library.rows([stop.entry]):
        return False
    if scope != main.view.scope:
        await main.open_scope(scope, cursor=stop.entry or 0, keep=main.history.entries(scope))
        main.feeds.go(scope)
    if stop.entry is not None:
        with suppress(NotFound):
            await main.reading.open_now(stop.entry)
    return True
