"""The page: lines taken as they are needed, items, finding, and staying where one was."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from textual.content import Content
from textual.pilot import Pilot

from tests.tui.stage import Stage, shown, strips
from tui_reader.tui.widgets.page import AHEAD, Page, PageLine

HEIGHT = 18
"""Lines in a terminal of 20: the frame takes two."""


async def settled(pilot: Pilot[None]) -> None:
    for _ in range(3):
        await pilot.pause()


def numbered(count: int, taken: list[int] | None = None) -> Iterator[PageLine]:
    for number in range(count):
        if taken is not None:
            taken.append(number)
        yield PageLine(Content(f"line {number}"))


def items(*sizes: int) -> Iterator[PageLine]:
    """Items of so many lines each, an empty line between them."""
    for item, size in enumerate(sizes):
        if item:
            yield PageLine(Content(""))
        for line in range(size):
            yield PageLine(Content(f"item {item} line {line}"), item)


def wrapped(words: list[str], width: int) -> Iterator[PageLine]:
    line = ""
    for word in words:
        if line and len(line) + 1 + len(word) > width:
            yield PageLine(Content(line))
            line = ""
        line = f"{line} {word}".strip()
    yield PageLine(Content(line))


class Counted(Page):
    """Keeps which lines it has drawn."""

    def __init__(self) -> None:
        super().__init__()
        self.drawn: list[int] = []

    def _drawn(self, index: int, width: int, state: int):
        self.drawn.append(index)
        return super()._drawn(index, width, state)


# ---------------------------------------------------------------- taking lines


async def test_the_first_screen_is_there_before_the_rest() -> None:
    page, taken = Page(), []
    async with Stage(page).run_test(size=(60, 20)) as pilot:
        await settled(pilot)
        page.show(numbered(5000, taken))
        assert len(taken) <= HEIGHT + AHEAD
        assert shown(page)[0] == "line 0"
        assert page.percent() is None, "how long it is, is not known yet"
        while len(taken) < 5000:
            await pilot.pause()
        await settled(pilot)
        assert len(page.lines) == 5000
        assert page.percent() == 0


async def test_another_document_ends_the_one_before() -> None:
    page, first, second = Page(), [], []
    async with Stage(page).run_test(size=(60, 20)) as pilot:
        await settled(pilot)
        page.show(numbered(5000, first))
        page.show(numbered(1000, second))
        taken = len(first)
        while len(second) < 1000:
            await pilot.pause()
        await settled(pilot)
        assert len(first) == taken
        assert len(page.lines) == 1000


async def test_scrolling_runs_ahead_of_what_was_taken() -> None:
    page = Page()
    async with Stage(page).run_test(size=(60, 20)) as pilot:
        await settled(pilot)
        page.show(numbered(5000))
        page.goto(3000)
        assert (page.top, shown(page)[0]) == (3000, "line 3000")
        page.end()
        assert shown(page)[-1] == "line 4999"
        assert page.percent() == 100
        assert page.page(1) is False
        page.home()
        assert page.top == 0
        await settled(pilot)


async def test_shown_again_it_starts_where_it_is_told() -> None:
    page = Page()
    async with Stage(page).run_test(size=(60, 20)) as pilot:
        await settled(pilot)
        page.show(numbered(5000), top=700)
        assert shown(page)[0] == "line 700"
        page.show(numbered(30), top=700)
        assert shown(page)[-1] == "line 29"
        page.show(())
        assert set(shown(page)) == {""}
        assert page.percent() is None
        await settled(pilot)


# ---------------------------------------------------------------- scrolling


async def test_pages_keep_two_lines_in_sight_and_say_when_there_is_no_more() -> None:
    page = Page()
    async with Stage(page).run_test(size=(60, 20)) as pilot:
        await settled(pilot)
        page.show(numbered(40))
        assert page.page(1) is True
        assert page.top == HEIGHT - 2
        assert page.page(1) is True
        assert page.page(1) is False
        page.half(-1)
        assert page.top == 40 - HEIGHT - HEIGHT // 2
        assert page.page(-9) is True
        assert page.page(-1) is False
        await settled(pilot)


async def test_a_line_further_draws_one_line() -> None:
    page = Counted()
    async with Stage(page).run_test(size=(60, 20)) as pilot:
        await settled(pilot)
        page.show(numbered(100))
        await settled(pilot)
        page.drawn.clear()
        page.move(1)
        await settled(pilot)
        assert page.drawn == [HEIGHT]
        page.move(-1)
        await settled(pilot)
        assert page.drawn == [HEIGHT], "what was drawn once is kept"


@pytest.mark.parametrize("width", [25, 40, 80])
async def test_another_width_keeps_the_words_at_the_top(width: int) -> None:
    words = [f"word{number}" for number in range(4000)]
    page = Page()
    async with Stage(page).run_test(size=(60, 20)) as pilot:
        await settled(pilot)
        page.show(wrapped(words, 50))
        page.goto(150)
        first = shown(page)[0].split()[0]
        page.relay(wrapped(words, width))
        assert first in shown(page)[0].split()
        page.home()
        page.relay(wrapped(words, 30))
        assert page.top == 0
        await settled(pilot)


# ---------------------------------------------------------------- items


async def test_an_item_comes_into_sight_whole() -> None:
    page = Page()
    app = Stage(page)
    async with app.run_test(size=(60, 20)) as pilot:
        await settled(pilot)
        page.show(items(5, 5, 5, 5, 5), item=0)
        await settled(pilot)
        page.goto_item(3)
        assert page.item_lines(3) == range(18, 23)
        assert page.top == 23 - HEIGHT, "scrolled no further than it takes"
        page.goto_item(0)
        assert page.top == 0
        await settled(pilot)
        assert [moved.item for moved in app.of(Page.Moved)] == [3, 0]


async def test_an_item_longer_than_the_screen_shows_its_first_line() -> None:
    page = Page()
    async with Stage(page).run_test(size=(60, 20)) as pilot:
        await settled(pilot)
        page.show(items(5, 60, 5), item=0)
        page.goto_item(1)
        assert shown(page)[0] == "item 1 line 0"
        await settled(pilot)


async def test_an_item_far_down_is_found_before_its_lines_were_taken() -> None:
    page = Page()
    async with Stage(page).run_test(size=(60, 20)) as pilot:
        await settled(pilot)
        page.show(items(*([3] * 2000)), item=0)
        page.goto_item(1500)
        assert "item 1500 line 2" in shown(page)
        page.show(items(*([3] * 2000)), item=1800)
        page.goto(page.item_lines(1800).start)
        assert shown(page)[0] == "item 1800 line 0"
        page.finish()
        await settled(pilot)


async def test_the_item_cursor_draws_two_items_and_shows_only_with_the_keys() -> None:
    page = Counted()
    async with Stage(page).run_test(size=(60, 20)) as pilot:
        page.focus()
        page.show(items(2, 2, 2, 2), item=0)
        await settled(pilot)
        here, elsewhere = strips(page)[0], strips(page)[3]
        assert here._segments[0].style.bgcolor != elsewhere._segments[0].style.bgcolor
        page.drawn.clear()
        page.goto_item(1)
        await settled(pilot)
        assert sorted(page.drawn) == [0, 1, 3, 4]
        assert strips(page)[0]._segments[0].style.bgcolor == elsewhere._segments[0].style.bgcolor
        page.blur()
        await settled(pilot)
        assert strips(page)[3]._segments[0].style == elsewhere._segments[0].style


async def test_a_click_puts_the_cursor_on_an_item() -> None:
    page = Page()
    async with Stage(page).run_test(size=(60, 20)) as pilot:
        await settled(pilot)
        page.show(items(2, 2, 2, 2), item=0)
        await settled(pilot)
        await pilot.click(page, offset=(5, 8))
        assert page.item == 2
        await pilot.click(page, offset=(5, 6))
        assert page.item == 2, "between items there is nothing to be on"


# ---------------------------------------------------------------- finding


async def test_finding_goes_to_the_next_place_and_round() -> None:
    page = Page()
    async with Stage(page).run_test(size=(60, 20)) as pilot:
        await settled(pilot)
        page.show(PageLine(Content("A Needle[1] here" if n in {3, 50, 90} else f"hay {n}")) for n in range(100))
        assert page.find("needle[1]") is True
        assert "A Needle[1] here" in shown(page)
        plain, found = strips(page)[0], strips(page)[3]
        assert len(found._segments) > len(plain._segments)
        places = [3]
        for _ in range(3):
            assert page.find_next(1) is True
            places.append(next(page.top + y for y, line in enumerate(shown(page)) if "Needle" in line))
        assert places == [3, 50, 90, 3]
        assert page.find_next(-1) is True
        assert "A Needle[1] here" in shown(page)
        assert page.top > 50
        assert page.finding is True
        page.find("")
        assert page.finding is False
        assert page.find_next(1) is False
        await settled(pilot)


async def test_what_is_not_there_is_not_found() -> None:
    page = Page()
    async with Stage(page).run_test(size=(60, 20)) as pilot:
        await settled(pilot)
        page.show(numbered(5000), top=5)
        assert page.find("(unbalanced") is False
        assert page.top == 5
        await settled(pilot)
