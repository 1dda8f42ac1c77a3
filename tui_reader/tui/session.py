"""What one session leaves for the next: the open list, the folders that were shut, how lists were sorted. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import get_args

from msgspec import Struct, field

from tui_reader.model import Order, Scope, ScopeKind, SortKey

KEY = "session"
"""Under which the library remembers it."""

LISTED: Mapping[str, ScopeKind] = {kind: kind for kind in get_args(ScopeKind) if kind != "search"}
"""The lists that a session can begin with."""


class Session(Struct, frozen=True):
    """What is kept. `orders` are those of the lists that do not stand newest first, by the name of the list."""

    scope: Scope = Scope("unread")
    folded: frozenset[str] = frozenset()
    orders: Mapping[str, Order] = field(default_factory=dict)


def kept(scope: Scope, folded: Iterable[str], orders: Mapping[str, Order]) -> dict[str, object]:
    """The session as JSON can hold it."""
    return {
        "folded": sorted(folded),
        "scope": [scope.kind, scope.name, scope.feed_id, scope.query],
        "orders": {name: [order.by, order.reverse] for name, order in orders.items() if order != Order()},
    }


def recalled(session: object) -> Session:
    """What was kept, or the default for whatever of it makes no sense."""
    told = session if isinstance(session, dict) else {}
    return Session(_scope(told.get("scope")), _folded(told.get("folded")), _orders(told.get("orders")))


def _folded(told: object) -> frozenset[str]:
    return frozenset(name for name in told if isinstance(name, str)) if isinstance(told, list) else frozenset()


def _scope(told: object) -> Scope:
    match told:
        case [str() as kind, str() as name, int() as feed_id, *query] if kind in LISTED:
            return Scope(LISTED[kind], name, feed_id, query=str(query[0]) if query else "")
        case _:
            return Scope("unread")


def _orders(told: object) -> dict[str, Order]:
    found = told.items() if isinstance(told, dict) else ()
    return {
        name: Order(by, reverse)
        for name, pair in found
        for by, reverse in ([pair] if isinstance(pair, list) and len(pair) == 2 else [])
        if by in get_args(SortKey) and isinstance(reverse, bool)
    }
