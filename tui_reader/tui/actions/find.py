"""Narrowing a list, finding in a text, searching everything."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from msgspec.structs import replace

from tui_reader import text
from tui_reader.model import Scope
from tui_reader.query import QueryFault, parse
from tui_reader.tui.panes.feeds import scope_name
from tui_reader.tui.view import Pane

if TYPE_CHECKING:
    from tui_reader.tui.main import Main


async def here(main: Main, count: int | None, given: str = "") -> None:
    """In a list, narrow it while typing; in a text, mark what was typed and go there."""
    pane = main.view.pane
    if given:
        await _here(main, given)
    elif pane is Pane.FEEDS:
        await _narrow_feeds(main)
    elif pane is Pane.ENTRIES:
        await _narrow_entries(main)
    else:
        await _find(main)


async def _here(main: Main, given: str) -> None:
    """As if it had been typed and taken."""
    if main.view.pane is Pane.FEEDS:
        main.feeds.narrow(given)
    elif main.view.pane is Pane.ENTRIES:
        fault = _fault(main, given)
        if fault is not None:
            raise fault
        await main.open_scope(replace(main.view.scope, filter=given))
    elif not main.page.find(given):
        main.say(f"“{given}” is not in this text")


async def _narrow_feeds(main: Main) -> None:
    before = main.feeds.words
    if await main.dialogs.ask("filter", before, typing=main.feeds.narrow) is None:
        main.feeds.narrow(before)


async def _narrow_entries(main: Main) -> None:
    before = main.view.scope

    def shown(written: str) -> None:
        main.go(main.open_scope(replace(before, filter=written)), group="scope", newest=True)

    if await _query(main, "filter", before.filter, shown) is None:
        await main.open_scope(before)


async def _query(main: Main, label: str, written: str, shown: Callable[[str], None]) -> str | None:
    """Ask for a query and show what it finds while it is typed. While it is half typed its fault is told under the
    place, and what was found last stays; a faulty one is not taken. None when it is given up."""
    faulty = False

    def typing(written: str) -> None:
        nonlocal faulty
        was, fault = faulty, _fault(main, written)
        faulty = fault is not None
        if fault is not None:
            main.complain(_pointed(fault, label, main.size.width))
            return
        if was:
            main.say("")
        shown(written)

    asked: str | None = written
    while asked is not None:
        asked = await main.dialogs.ask(label, asked, typing=typing)
        if not faulty:
            return asked
    main.say("")
    return None


def _fault(main: Main, written: str) -> QueryFault | None:
    try:
        parse(written, now=main.clock(), zone=main.zone)
    except QueryFault as fault:
        return fault
    return None


def _pointed(fault: QueryFault, label: str, room: int) -> str:
    """What is wrong, with a caret under the place in the line above, where the query follows its label."""
    column = text.width(f"{label} {fault.query[: fault.position]}")
    said = str(fault)
    if column + 2 + text.width(said) < room:
        return f"{' ' * column}^ {said}"
    return f"{text.pad(said, column - 1)} ^" if text.width(said) < column < room - 1 else f"⚠ {said}"


async def _find(main: Main) -> None:
    page = main.page
    words = await main.dialogs.ask("find", "", typing=page.find)
    if words is None:
        page.find("")
    elif words and not page.find(words):
        main.say(f"“{words}” is not in this text")


async def everywhere(main: Main, count: int | None, given: str = "") -> None:
    """Search all articles and comments, while typing."""
    before = main.view.scope
    if before.kind != "search":
        main.before_search = before
    listed = scope_name(Scope("search"))
    if listed in main.orders and main.orders[listed].by == "relevance":
        del main.orders[listed]  # ranked on demand only: what is typed is asked newest first
    old = before.name if before.kind == "search" else ""

    def shown(words: str) -> None:
        if words.strip():
            main.go(main.open_scope(Scope("search", words)), group="scope", newest=True)

    words = given or await _query(main, "search everything", old, shown)
    if words is None or not words.strip():
        await main.open_scope(before)
        return
    fault = _fault(main, words)
    if fault is not None:
        raise fault
    await main.open_scope(Scope("search", words))
    main.show(main.view.focused(Pane.ENTRIES))
    if missing := await main.library.unindexed():
        main.say(f"index: {missing:,} to go; what it still lacks appears here by itself")
