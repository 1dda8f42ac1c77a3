"""Sorting the list of articles; each list keeps the order it was given."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tui_reader.model import Order, SortKey
from tui_reader.tui import titles
from tui_reader.tui.panes.feeds import scope_name

if TYPE_CHECKING:
    from tui_reader.tui.main import Main


async def date(main: Main, count: int | None) -> None:
    await _sort(main, "date")


async def arrival(main: Main, count: int | None) -> None:
    await _sort(main, "arrival")


async def title(main: Main, count: int | None) -> None:
    await _sort(main, "title")


async def feed(main: Main, count: int | None) -> None:
    await _sort(main, "feed")


async def comments(main: Main, count: int | None) -> None:
    await _sort(main, "comments")


async def new(main: Main, count: int | None) -> None:
    await _sort(main, "new")


async def relevance(main: Main, count: int | None) -> None:
    """Only a search knows how well something fits."""
    if main.view.scope.kind == "search":
        await _sort(main, "relevance")
    else:
        main.say("only a search can be sorted by how well it fits")


async def reverse(main: Main, count: int | None) -> None:
    """The same order the other way round."""
    await _show(main, replace(main.entries.order, reverse=not main.entries.order.reverse))


async def _sort(main: Main, by: SortKey) -> None:
    await _show(main, Order(by))


async def _show(main: Main, order: Order) -> None:
    """From the top, where what was asked for stands. The list keeps what was read in it."""
    main.orders[scope_name(main.view.scope)] = order
    await main.open_scope(main.view.scope)
    main.say(f"{titles.order_of(order)} · {main.keys.hint('sort.reverse', 'the other way round')}")
    await main.keep_session()
