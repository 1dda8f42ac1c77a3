"""Ways through a thread: parents, siblings, folds, news."""

from __future__ import annotations

import pytest

from tests.tui.fake import world
from tui_reader.tui.threads import Branches, is_new


@pytest.fixture
async def branches() -> Branches:
    return Branches((await world().thread(1)).items)


def authors(branches: Branches, places: list[int]) -> list[str]:
    return [item.comment.author for place in places if (item := branches.items[place]).comment is not None]


async def test_the_sample_stands_in_reading_order(branches: Branches) -> None:
    assert [item.depth for item in branches.items] == [0, 1, 0, 1, 2, 1, 2]
    assert authors(branches, branches.visible(())) == ["erin", "frank", "alice", "bob", "carol", "dave", "erin"]


async def test_parents_roots_and_siblings(branches: Branches) -> None:
    alice, bob, carol, dave = 2, 3, 4, 5
    assert branches.parent(carol) == bob
    assert branches.ancestors(carol) == [bob, alice]
    assert branches.root(carol) == alice
    assert branches.parent(alice) is None
    assert branches.sibling(bob, 1) == dave
    assert branches.sibling(dave, -1) == bob
    assert branches.sibling(carol, 1) is None
    assert branches.top_level(0, 1) == alice
    assert branches.top_level(carol, -1) == alice
    assert branches.top_level(alice, 1) is None
    assert branches.first_reply(alice) == bob
    assert branches.first_reply(carol) is None
    assert branches.end(alice) == 7


async def test_folding_hides_what_is_below_and_nothing_else(branches: Branches) -> None:
    assert authors(branches, branches.visible({branches.names[3]})) == ["erin", "frank", "alice", "bob", "dave", "erin"]
    assert authors(branches, branches.visible({branches.names[2], branches.names[3]})) == ["erin", "frank", "alice"]


async def test_the_next_new_comment(branches: Branches) -> None:
    way = []
    place: int | None = -1
    while place is not None:
        place = branches.search(place, 1, is_new)
        way.append(place)
    assert way == [1, 3, 4, None]
    assert branches.search(4, -1, is_new) == 3
