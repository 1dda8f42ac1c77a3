"""The list of any length: what moves, what stays, and how little is drawn for it."""

from __future__ import annotations

import pytest
from textual import events
from textual.pilot import Pilot
from textual.strip import Strip

from tests.tui.stage import Numbers, Stage, shown
from tui_reader.tui.widgets.rows import Rows

MILLION = 1_000_000
HEIGHT = 18
"""Rows in a terminal of 20 lines: the frame takes two."""


async def settled(pilot: Pilot[None]) -> None:
    await pilot.pause()
    await pilot.pause()


# ---------------------------------------------------------------- how little is drawn


@pytest.mark.row("S14")
async def test_a_million_rows_cost_what_is_in_sight() -> None:
    rows = Numbers()
    async with Stage(rows).run_test(size=(60, 20)) as pilot:
        rows.focus()
        rows.show(MILLION)
        await settled(pilot)
        assert len(rows.drawn_since()) <= 2 * HEIGHT, "a screen, and its cursor line with and without the keys"

        rows.move(1)
        await settled(pilot)
        assert rows.drawn_since() == [0, 1], "the line the cursor left and the one it is on"

        rows.end()
        await settled(pilot)
        assert rows.cursor == MILLION - 1
        assert len(rows.drawn_since()) <= HEIGHT + 1
        assert shown(rows)[-1] == " row 999999"

        rows.goto(MILLION // 2)
        await settled(pilot)
        assert len(rows.drawn_since()) <= HEIGHT + 1


async def test_a_key_at_the_edge_draws_the_line_that_comes_into_sight() -> None:
    rows = Numbers()
    async with Stage(rows).run_test(size=(60, 20)) as pilot:
        rows.focus()
        rows.show(MILLION, cursor=HEIGHT - 1)
        await settled(pilot)
        rows.drawn_since()
        rows.move(1)
        await settled(pilot)
        assert rows.top == 1
        assert sorted(rows.drawn_since()) == [HEIGHT - 1, HEIGHT]


class Counted(Numbers):
    """Notes the lines that are painted anew."""

    painted: list[int]

    def _between_sides(self, y: int, line: Strip, width: int) -> Strip:
        held = self._bordered.get((y, self.is_lit))
        strip = super()._between_sides(y, line, width)
        if held is None or held[1] is not strip:
            self.painted.append(y - self.styles.gutter.top)
        return strip


async def test_a_key_draws_two_lines_of_the_screen_and_no_more() -> None:
    rows = Counted()
    lines = rows.painted = []
    async with Stage(rows).run_test(size=(60, 20)) as pilot:
        rows.focus()
        rows.show(MILLION)
        await settled(pilot)
        lines.clear()
        rows.move(3)
        await settled(pilot)
        assert sorted(lines) == [0, 3]


async def test_only_what_looks_different_is_painted_again() -> None:
    words = {row: str(row) for row in range(100)}
    rows = Counted(words=words.__getitem__)
    lines = rows.painted = []
    async with Stage(rows).run_test(size=(60, 20)) as pilot:
        rows.show(100)
        await settled(pilot)
        lines.clear()
        rows.redraw()
        await settled(pilot)
        assert lines == []
        words[3] = "three"
        rows.redraw()
        await settled(pilot)
        assert lines == [3]
        words[5], words[7] = "five", "seven"
        rows.redraw_rows(lambda row: row == 5)
        await settled(pilot)
        assert shown(rows)[3:8] == [" row three", " row 4", " row five", " row 6", " row 7"]


async def test_rows_that_come_below_the_screen_draw_nothing_and_those_in_sight_are_drawn() -> None:
    rows = Counted()
    lines = rows.painted = []
    async with Stage(rows).run_test(size=(60, 20)) as pilot:
        rows.show(100, of=1000)
        await settled(pilot)
        assert rows.virtual_size.height == 1000
        lines.clear()
        rows.show(1000, changed=lambda row: row >= 100)
        await settled(pilot)
        assert lines == []
        rows.show(5, changed=lambda row: False)
        await settled(pilot)
        assert shown(rows)[4:6] == [" row 4", ""]
        rows.show(8, changed=lambda row: False)
        await settled(pilot)
        assert shown(rows)[4:9] == [" row 4", " row 5", " row 6", " row 7", ""]


async def test_a_row_that_changed_out_of_sight_is_drawn_anew_when_it_comes_back() -> None:
    words = {row: str(row) for row in range(100)}
    rows = Numbers(words=words.__getitem__)
    async with Stage(rows).run_test(size=(60, 20)) as pilot:
        rows.show(100)
        await settled(pilot)
        rows.end()
        await settled(pilot)
        words[0] = "zero"
        rows.redraw_rows(lambda row: row == 0)
        rows.home()
        await settled(pilot)
        assert shown(rows)[0] == " row zero"


async def test_scrolling_far_keeps_few_strips() -> None:
    rows = Numbers()
    async with Stage(rows).run_test(size=(60, 20)) as pilot:
        rows.show(MILLION)
        for _ in range(40):
            rows.page(1)
            await pilot.pause()
        assert len(rows._strips) <= 10 * HEIGHT


# ---------------------------------------------------------------- moving


async def test_headings_are_stepped_over_and_shown_with_what_they_head() -> None:
    rows = Numbers(headings=0)
    async with Stage(rows).run_test(size=(60, 20)) as pilot:
        rows.show(100)
        await settled(pilot)
        assert rows.cursor == 1
        rows.move(9)
        assert rows.cursor == 11, "row 10 is a heading"
        rows.move(-1)
        assert rows.cursor == 9
        rows.goto(50)
        assert rows.cursor == 51
        rows.goto(1)
        await settled(pilot)
        assert rows.top == 0, "the heading above the first row comes into sight with it"
        rows.move(-1)
        assert rows.cursor == 1


@pytest.mark.parametrize("move", ["page", "half"])
async def test_pages_keep_the_cursors_line_of_the_screen(move: str) -> None:
    rows = Numbers()
    async with Stage(rows).run_test(size=(60, 20)) as pilot:
        rows.show(1000, cursor=5)
        await settled(pilot)
        step = HEIGHT - 1 if move == "page" else HEIGHT // 2
        getattr(rows, move)(2)
        assert (rows.cursor, rows.top) == (5 + 2 * step, 2 * step)
        getattr(rows, move)(-2)
        assert (rows.cursor, rows.top) == (5, 0)
        getattr(rows, move)(-1)
        assert (rows.cursor, rows.top) == (0, 0)
        getattr(rows, move)(500)
        assert (rows.cursor, rows.top) == (999, 1000 - HEIGHT)


async def test_nothing_moves_in_an_empty_list() -> None:
    rows = Numbers()
    app = Stage(rows)
    async with app.run_test(size=(60, 20)) as pilot:
        rows.show(0)
        for act in (rows.home, rows.end, lambda: rows.move(1), lambda: rows.page(-1), lambda: rows.half(1)):
            act()
        await settled(pilot)
        await pilot.click(rows, offset=(5, 5))
        assert rows.drawn_since() == []
        assert app.of(Rows.Visible) == []
        assert set(shown(rows)) == {""}


async def test_it_tells_where_the_cursor_is_and_what_is_in_sight() -> None:
    rows = Numbers()
    app = Stage(rows)
    async with app.run_test(size=(60, 20)) as pilot:
        rows.show(MILLION)
        await settled(pilot)
        window = app.of(Rows.Visible)[-1]
        assert (window.first, window.last) == (0, HEIGHT - 1)
        rows.goto(500)
        await settled(pilot)
        assert [moved.index for moved in app.of(Rows.Moved)] == [500]
        window = app.of(Rows.Visible)[-1]
        assert (window.first, window.last) == (rows.top, rows.top + HEIGHT - 1)
        rows.goto(500)
        await settled(pilot)
        assert app.of(Rows.Moved) == [], "it stayed where it was"


# ---------------------------------------------------------------- showing again


async def test_showing_again_keeps_the_cursors_line_of_the_screen() -> None:
    rows = Numbers()
    async with Stage(rows).run_test(size=(60, 20)) as pilot:
        rows.show(1000, cursor=500)
        await settled(pilot)
        rows.move(-4)
        line = rows.cursor - rows.top
        rows.show(1030, cursor=rows.cursor + 30, keep_line=True)
        await settled(pilot)
        assert rows.cursor == 526
        assert rows.cursor - rows.top == line


async def test_showing_less_keeps_the_cursor_inside() -> None:
    rows = Numbers()
    async with Stage(rows).run_test(size=(60, 20)) as pilot:
        rows.show(1000, cursor=999)
        await settled(pilot)
        rows.show(3, cursor=999, keep_line=True)
        await settled(pilot)
        assert (rows.cursor, rows.top) == (2, 0)
        assert shown(rows)[:4] == [" row 0", " row 1", " row 2", ""]


async def test_shown_before_there_is_room_it_starts_at_the_top() -> None:
    class Early(Numbers):
        def on_mount(self) -> None:
            self.show(1000, cursor=5)

    rows = Early()
    async with Stage(rows).run_test(size=(60, 20)) as pilot:
        await settled(pilot)
        assert (rows.cursor, rows.top) == (5, 0)


@pytest.mark.parametrize("size", [(60, 10), (20, 40), (60, 5), (1, 1)])
async def test_a_resize_keeps_the_cursor_in_sight(size: tuple[int, int]) -> None:
    rows = Numbers()
    async with Stage(rows).run_test(size=(60, 20)) as pilot:
        rows.show(1000, cursor=300)
        await settled(pilot)
        await pilot.resize_terminal(*size)
        await settled(pilot)
        assert rows.cursor == 300
        height = rows.scrollable_content_region.height
        assert not height or rows.top <= 300 < rows.top + height
        await pilot.resize_terminal(60, 20)
        await settled(pilot)
        assert " row 300" in shown(rows)


# ---------------------------------------------------------------- the mouse


async def test_a_click_moves_and_a_second_one_chooses() -> None:
    rows = Numbers(headings=4)
    app = Stage(rows)
    async with app.run_test(size=(60, 20)) as pilot:
        rows.show(1000)
        await settled(pilot)
        await pilot.click(rows, offset=(5, 4))
        assert rows.cursor == 3
        assert [moved.index for moved in app.of(Rows.Moved)] == [3]
        assert app.of(Rows.Chosen) == []
        await pilot.click(rows, offset=(5, 5))
        assert rows.cursor == 3, "a heading cannot be chosen"
        await pilot.click(rows, offset=(5, 4))
        assert [chosen.index for chosen in app.of(Rows.Chosen)] == [3]


async def test_the_wheel_scrolls_and_leaves_the_cursor() -> None:
    rows = Numbers()
    async with Stage(rows).run_test(size=(60, 20)) as pilot:
        rows.show(1000)
        await settled(pilot)
        rows._on_mouse_scroll_down(_wheel(rows))
        await settled(pilot)
        assert rows.top > 0
        assert rows.cursor == 0
        rows.move(1)
        await settled(pilot)
        assert (rows.cursor, rows.top) == (1, 1), "the next key brings the cursor back into sight"


def _wheel(rows: Numbers) -> events.MouseScrollDown:
    return events.MouseScrollDown(rows, 1, 1, 0, 0, 0, False, False, False)
