"""The feeds pane: what changes line by line is what it would be if all of it were laid out anew."""

from __future__ import annotations

import random

import pytest
from msgspec.structs import replace

from tests.tui.stage import Stage
from tui_reader.model import Counts, Feed, SmartFeed
from tui_reader.tui.panes.feeds import FeedsPane, nodes

FOLDERS = ("", "Harbours", "Harbours / Deep", "Ships")


def subscribed() -> list[Feed]:
    made = [Feed(n, f"https://{n}.example/", f"Feed {n}", FOLDERS[n % 4], unread=n, entries=50) for n in range(1, 20)]
    return sorted(made, key=lambda feed: feed.rank)


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("folded", [frozenset[str](), frozenset({"folder:Harbours"})])
async def test_a_few_that_change_look_as_all_laid_out_anew(seed: int, folded: frozenset[str]) -> None:
    chance = random.Random(seed)
    pane, saved = FeedsPane(lambda: 0, id="feeds"), [SmartFeed(1, "Mine", "unread", 3)]
    async with Stage(pane).run_test(size=(40, 40)) as pilot:
        pane.folded = set(folded)
        pane.show_feeds(subscribed(), Counts(all=9), saved)
        for step in range(6):
            some = chance.sample(pane.feeds, 4)
            changed = [
                replace(
                    feed, unread=chance.randrange(9), comments_new=chance.randrange(3), hidden=chance.random() < 0.2
                )
                for feed in some
            ]
            if step == 3:
                changed[0] = replace(changed[0], folder=chance.choice(FOLDERS), title="Another")
            if step == 4:
                changed.append(Feed(100, "https://new.example/", "New", "Ships", unread=2))
            counts = Counts(*(chance.randrange(99) for _ in range(8)))
            saved = [replace(saved[0], unread=chance.randrange(9))]
            pane.renew(changed, counts, saved)
            assert pane.counts == counts
            assert [feed.rank for feed in pane.feeds] == sorted(feed.rank for feed in pane.feeds)
            assert {feed.id: feed for feed in pane.feeds} | {feed.id: feed for feed in changed} == {
                feed.id: feed for feed in pane.feeds
            }
            assert pane.nodes == nodes(pane.feeds, counts, folded, "", saved)
        await pilot.pause()
