"""What a session leaves for the next comes back, and nonsense in its place costs only itself."""

from __future__ import annotations

import json

import pytest

from tui_reader.model import Order, Scope
from tui_reader.tui import session


@pytest.mark.parametrize(
    "scope", [Scope("unread"), Scope("news"), Scope("feed", "LWN", 3), Scope("smart", "Rust", query="tag:rust")]
)
def test_what_is_kept_comes_back(scope: Scope) -> None:
    orders = {"feed:3": Order("title", reverse=True), "smart:all": Order("date")}
    told = json.loads(json.dumps(session.kept(scope, {"folder:b", "folder:a"}, orders)))
    found = session.recalled(told)
    assert (found.scope, found.folded) == (scope, {"folder:a", "folder:b"})
    assert found.orders == {"feed:3": Order("title", reverse=True)}, "newest first needs no keeping"


@pytest.mark.parametrize(
    "told",
    [
        None,
        [],
        "x",
        {"scope": 3, "folded": 4, "orders": 5},
        {"scope": ["nowhere", "", 0, ""], "folded": [1, None], "orders": {"a": ["b", True], "c": ["date"], "d": 1}},
        {"scope": ["unread"], "orders": {"a": ["date", 1], "b": [[], True]}},
        {"scope": [["unread"], "", 0, ""], "orders": [["a", True]]},
    ],
)
def test_what_makes_no_sense_is_the_default(told: object) -> None:
    assert session.recalled(told) == session.Session()
