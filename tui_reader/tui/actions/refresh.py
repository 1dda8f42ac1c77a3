"""Asking feeds for news."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_reader import text
from tui_reader.tui import chosen

if TYPE_CHECKING:
    from tui_reader.tui.main import Main


async def feed(main: Main, count: int | None) -> None:
    """The feed, or the folder's feeds, now, although they are not due."""
    ids = chosen.feeds(main)
    if ids:
        await main.follow.refresh(ids, force=True)
    else:
        await main.follow.refresh()


async def whole(main: Main, count: int | None) -> None:
    """The feed, whole, although its server says that nothing changed."""
    ids = chosen.feeds(main)
    if not ids:
        main.say("no feed is chosen")
    for feed_id in ids:
        done = await main.library.reload(feed_id)
        main.say(f"{done.title} was fetched whole: {done.message or text.plural(done.new, 'new article')}")


async def all_(main: Main, count: int | None) -> None:
    """Every feed that is due; how many are not is told."""
    await main.follow.refresh()
