"""Narrowing a list, finding in a text, searching everything."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tui_reader.model import Scope
from tui_reader.tui.view import Pane

if TYPE_CHECKING:
    from tui_reader.tui.main import Main


async def here(main: Main, count: int | None) -> None:
    """In a list, narrow it while typing; in a text, mark what was typed and go there."""
    pane = main.view.pane
    if pane is Pane.FEEDS:
        await _narrow_feeds(main)
    elif pane is Pane.ENTRIES:
        await _narrow_entries(main)
    else:
        await _find(main)


async def _narrow_feeds(main: Main) -> None:
    before = main.feeds.words
    if await main.dialogs.ask("filter", before, typing=main.feeds.narrow) is None:
        main.feeds.narrow(before)


async def _narrow_entries(main: Main) -> None:
    before = main.view.scope

    def typing(words: str) -> None:
        main.go(main.open_scope(replace(before, filter=words)), group="scope", newest=True)

    if await main.dialogs.ask("filter", before.filter, typing=typing) is None:
        await main.open_scope(before)


async def _find(main: Main) -> None:
    page = main.page
    words = await main.dialogs.ask("find", "", typing=page.find)
    if words is None:
        page.find("")
    elif words and not page.find(words):
        main.say(f"“{words}” is not in this text")


async def everywhere(main: Main, count: int | None) -> None:
    """Search all articles and comments, while typing."""
    before = main.view.scope
    if before.kind != "search":
        main.before_search = before
    old = before.name if before.kind == "search" else ""

    def typing(words: str) -> None:
        if words.strip():
            main.go(main.open_scope(Scope("search", words)), group="scope", newest=True)

    words = await main.dialogs.ask("search everything", old, typing=typing)
    if words is None or not words.strip():
        await main.open_scope(before)
    else:
        await main.open_scope(Scope("search", words))
        main.show(main.view.focused(Pane.ENTRIES))
