"""The mouse, and how the panes share the screen."""

from __future__ import annotations

import pytest
from textual import events

from tests.tui.conftest import Desk, Start
from tests.tui.fake import FakeLibrary
from tui_reader.tui import dividers
from tui_reader.tui.dividers import Sizes
from tui_reader.tui.view import Pane


async def drag(it: Desk, start: tuple[int, int], end: tuple[int, int]) -> None:
    await it.pilot.mouse_down(offset=start)
    for step in (1, 2, 3):
        x, y = (one + (other - one) * step // 3 for one, other in zip(start, end, strict=True))
        await it.pilot.hover(offset=(x, y))
    await it.pilot.mouse_up(offset=end)
    await it.press()


async def test_a_divider_follows_the_mouse_and_stays_where_it_is_let_go(desk: Start, library: FakeLibrary) -> None:
    async with desk("wide") as it:
        main = it.main
        assert main.feeds.region.width == 30
        await drag(it, (29, 10), (41, 12))
        assert main.feeds.region.width == 42
        assert main.view.pane is Pane.ENTRIES, "taking hold of a frame moves no keys"
        right = main.entries.region.right
        await drag(it, (right, 20), (right - 20, 20))
        assert main.entries.region.right == right - 19
        foot = main.article.region.bottom
        await drag(it, (120, foot), (120, foot - 9))
        assert main.article.region.bottom == foot - 8
        assert main.discussion.region.y == main.article.region.bottom
        await it.pilot.hover(offset=(60, 5))
        assert main.feeds.region.width == 42
        assert not it.app.clipboard
        main.still = False
        await main.leave()
        assert library.memory[dividers.KEY] == {
            "feeds": 42,
            "entries": main.entries.region.width,
            "list": 0,
            "article": main.article.region.height,
        }
    async with desk("wide") as it:
        assert it.main.feeds.region.width == 42


async def test_in_the_medium_layout_the_list_is_above_what_is_read(desk: Start) -> None:
    async with desk("medium") as it:
        main = it.main
        foot = main.entries.region.bottom
        await drag(it, (60, foot - 1), (60, foot + 5))
        assert main.entries.region.bottom == foot + 6
        await drag(it, (25, 3), (1, 3))
        assert main.feeds.region.width == dividers.LEAST_COLUMNS
        await drag(it, (dividers.LEAST_COLUMNS, 3), (110, 3))
        assert main.feeds.region.width == 60


async def test_a_zoomed_or_narrow_pane_has_the_whole_screen_all_the_same(desk: Start) -> None:
    async with desk("wide") as it:
        it.main.dividers.sizes = Sizes(50, 60, 9, 9)
        await it.press("g", "1", "z", "z")
        assert it.main.feeds.region.width == 200
        await it.press("z", "z")
        assert it.main.feeds.region.width == 50
        await it.pilot.resize_terminal(80, 24)
        await it.press("l")
        assert it.main.entries.region.size == (80, 22)
        await it.press("z", "l")
        assert "this pane has all the width there is" in it.last_line


async def test_panes_grow_and_shrink_by_command(desk: Start) -> None:
    async with desk("wide") as it:
        main = it.main
        await it.press("g", "1", "1", "0", "z", "l")
        assert main.feeds.region.width == 40
        await it.press("z", "h")
        assert main.feeds.region.width == 36
        width, high = main.entries.region.width, main.article.region.height
        await it.press("g", "2", "z", "l")
        assert main.entries.region.width == width + 4
        await it.press("z", "j")
        assert "this pane has all the height there is" in it.last_line
        await it.press("g", "3", "z", "l", "z", "j")
        assert main.entries.region.width == width
        assert main.article.region.height == high + 2
        await it.press("g", "4", "5", "z", "j")
        assert main.article.region.height == high - 3
        await it.press("z", "k")
        assert main.article.region.height == high - 1
        await it.press("z", "=")
        assert main.feeds.region.width == 30
        assert main.dividers.sizes == Sizes()


@pytest.mark.parametrize("garbage", [None, 5, {"feeds": "wide"}, {"feeds": -3, "nonsense": 1}])
def test_sizes_that_make_no_sense_are_the_usual_ones(garbage: object) -> None:
    assert dividers.recalled(garbage) == Sizes()


async def test_clicking_and_scrolling(desk: Start) -> None:
    async with desk("wide") as it:
        main = it.main
        row = main.entries.region
        await it.pilot.click(offset=(row.x + 5, row.y + 3))
        await it.press()
        assert main.entries.cursor == 2
        await it.pilot.click(offset=(row.x + 5, row.y + 3))
        await it.press()
        assert main.reading.entry.row.id == main.entries.ids[2]
        await it.pilot.click(offset=(5, 3))
        await it.press()
        assert main.view.pane is Pane.FEEDS
        assert main.view.scope.kind == "all"
        await it.pilot.click(offset=(5, 3))
        await it.press()
        assert main.view.pane is Pane.ENTRIES, "a click on the row that has the cursor opens it"
        await it.press("g", "2", "g", "g", "enter")
        before = main.article.top
        await it.pilot._post_mouse_events([events.MouseScrollDown], offset=(main.article.region.x + 5, 10), button=0)
        await it.press()
        assert main.article.top > before
