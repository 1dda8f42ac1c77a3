"""What a list shows, as a query that lists the same."""

from __future__ import annotations

import pytest

from tui_reader.model import Scope
from tui_reader.query import parse
from tui_reader.tui.asking import query_of


@pytest.mark.parametrize(
    ("scope", "query"),
    [
        (Scope("all"), ""),
        (Scope("unread"), "is:unread"),
        (Scope("unread", filter="rust"), "is:unread rust"),
        (Scope("starred", filter="a OR b"), "is:starred (a OR b)"),
        (Scope("all", filter="a OR b"), "a OR b"),
        (Scope("feed", 'The "odd" one', 3), 'feed:"The  odd  one"'),
        (Scope("folder", "Outer / Inner", unread_only=True), 'folder:"Outer / Inner" is:unread'),
        (Scope("smart", "Mine", query="a OR b", filter="c"), "(a OR b) c"),
        (Scope("search", "two words"), "two words"),
        (Scope("news"), "new:>0"),
        (Scope("watched"), "is:watched"),
        (Scope("today"), "newer:1d"),
    ],
)
def test_a_list_is_a_query(scope: Scope, query: str) -> None:
    assert query_of(scope) == query
    parse(query, now=0)
