"""Sorting the list of articles; each list keeps the order it was given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from tui_reader.model import Order, SortKey
from tui_reader.tui import titles
from tui_reader.tui.panes.feeds import scope_name
from tui_reader.tui.tasks import Doing

if TYPE_CHECKING:
    from tui_reader.tui.main import Main


def date(main: Main, count: int | None) -> Doing:
    return _sort(main, "date")


def arrival(main: Main, count: int | None) -> Doing:
    return _sort(main, "arrival")


def title(main: Main, count: int | None) -> Doing:
    return _sort(main, "title")


def feed(main: Main, count: int | None) -> Doing:
    return _sort(main, "feed")


def comments(main: Main, count: int | None) -> Doing:
    return _sort(main, "comments")


def new(main: Main, count: int | None) -> Doing:
    return _sort(main, "new")


def relevance(main: Main, count: int | None) -> Doing:
    """Only a search knows how well something fits."""
    if main.view.scope.kind == "search":
        return _sort(main, "relevance")
    main.say("only a search can be sorted by how well it fits")
    return None


def reverse(main: Main, count: int | None) -> Doing:
    """The same order the other way round."""
    return _show(main, replace(main.entries.order, reverse=not main.entries.order.reverse))


def _sort(main: Main, by: SortKey) -> Doing:
    return _show(main, Order(by))


def _show(main: Main, order: Order) -> Doing:
    """From the top, where what was asked for stands. The list keeps what was read in it."""
    main.orders[scope_name(main.view.scope)] = order
    main.entries.expect()
    return _sorted(main, order)


async def _sorted(main: Main, order: Order) -> None:
    await main.open_scope(main.view.scope)
    main.say(f"{titles.order_of(order)} · {main.keys.hint('sort.reverse', 'the other way round')}")
    await main.keep_session()
