"""How little is painted for a key: the lines that look different, and the screen is not laid out anew for them."""

from __future__ import annotations

from collections import Counter

import pytest
from textual.screen import Screen
from textual.strip import Strip

from tests.tui.conftest import Start
from tui_reader.tui.widgets.strips import LineView


class Painted:
    """The lines painted of each pane, and how often the screen was laid out, since they were last asked for."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._lines: Counter[str] = Counter()
        self._layouts = 0
        painting, laying = LineView._between_sides, Screen._refresh_layout

        def between_sides(view: LineView, y: int, line: Strip, width: int) -> Strip:
            held = view._bordered.get((y, view.is_lit))
            strip = painting(view, y, line, width)
            self._lines[str(view.id)] += held is None or held[1] is not strip
            return strip

        def refresh_layout(screen: Screen, *args: object, **more: object) -> None:
            self._layouts += 1
            laying(screen, *args, **more)

        monkeypatch.setattr(LineView, "_between_sides", between_sides)
        monkeypatch.setattr(Screen, "_refresh_layout", refresh_layout)

    def since(self) -> tuple[dict[str, int], int]:
        told = dict(+self._lines), self._layouts
        self._lines.clear()
        self._layouts = 0
        return told


@pytest.fixture
def painted(monkeypatch: pytest.MonkeyPatch) -> Painted:
    return Painted(monkeypatch)


async def test_a_move_paints_two_lines(desk: Start, painted: Painted) -> None:
    async with desk("wide") as it:
        await it.press("g", "2", "j")
        painted.since()
        await it.press("j")
        assert painted.since() == ({"entries": 2}, 0)


async def test_a_count_paints_the_status_line_only(desk: Start, painted: Painted) -> None:
    async with desk("wide") as it:
        await it.press("g", "2")
        painted.since()
        await it.press("5")
        assert "5" in it.last_line
        assert painted.since() == ({}, 0)


async def test_a_mark_paints_its_row_and_the_counts_it_changes(desk: Start, painted: Painted) -> None:
    async with desk("wide") as it:
        await it.press("g", "2")
        painted.since()
        await it.press("m")
        lines, layouts = painted.since()
        assert lines["entries"] <= 2, "at once, and as it is stored"
        assert lines["feeds"] <= 4, "All or Unread, the folder, the feed"
        assert set(lines) == {"entries", "feeds"}
        assert layouts == 0


async def test_another_pane_with_the_keys_paints_these_two(desk: Start, painted: Painted) -> None:
    async with desk("wide") as it:
        await it.press("g", "2")
        painted.since()
        await it.press("g", "1")
        lines, _ = painted.since()
        assert set(lines) == {"feeds", "entries"}


async def test_what_is_drawn_anew_and_looks_the_same_is_not_painted(desk: Start, painted: Painted) -> None:
    async with desk("wide") as it:
        painted.since()
        for pane in (it.main.feeds, it.main.entries):
            pane.redraw()
        it.main.show_titles()
        it.main.show_header()
        await it.press()
        assert painted.since() == ({}, 0)
