"""How little is painted for a key: the lines that look different, and the screen is not laid out anew for them."""

from __future__ import annotations

from collections import Counter

import pytest
from textual.app import App
from textual.screen import Screen
from textual.strip import Strip

from tests.tui.conftest import Start
from tests.tui.fake import FakeLibrary
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


class Pictures:
    """How often something was written to the terminal since this was last asked."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._count = 0
        display = App._display

        def counted(app: App[object], screen: Screen[object], update: object) -> None:
            self._count += update is not None
            display(app, screen, update)  # type: ignore[arg-type]

        monkeypatch.setattr(App, "_display", counted)

    def since(self) -> int:
        count, self._count = self._count, 0
        return count


@pytest.fixture
def pictures(monkeypatch: pytest.MonkeyPatch) -> Pictures:
    return Pictures(monkeypatch)


@pytest.mark.parametrize("key", ["j", "n", "J", "m", "enter", "c", "g2"])
async def test_what_a_key_changes_is_painted_at_once(desk: Start, pictures: Pictures, key: str) -> None:
    """The counts come from another thread, which a busy machine may keep for longer than a frame: not five times over."""
    made = []
    for _ in range(5):
        async with desk("wide") as it:
            await it.press("g", "2", "j")
            pictures.since()
            await it.press(*(key if key == "g2" else [key]))
            made.append(pictures.since())
        if made[-1] <= 1 + (key in {"c", "g2"}):
            return
    pytest.fail(f"{key}: {made} pictures")


async def test_a_mark_is_in_the_counts_before_it_is_stored(desk: Start, library: FakeLibrary) -> None:
    async with desk("wide") as it:
        await it.press("g", "2", "g", "g")
        feeds, row = it.main.feeds, it.main.entries.current
        assert row is not None
        assert not row.read
        before = {node.name: node.unread for node in feeds.nodes}
        it.main.patch({row.id}, read=True, starred=not row.starred)
        now = {node.name: node.unread for node in feeds.nodes}
        changed = {name: now[name] - before[name] for name in now if now[name] != before[name]}
        folder = next(feed.folder for feed in feeds.feeds if feed.id == row.feed_id)
        expected = {"smart:unread": -1, "smart:starred": -1 if row.starred else 1, f"feed:{row.feed_id}": -1}
        assert changed == expected | ({f"folder:{folder}": -1} if folder else {})
        it.main.patch({row.id}, read=False, starred=row.starred)
        assert {node.name: node.unread for node in feeds.nodes} == before
        await it.main.ask_feeds()
        assert {node.name: node.unread for node in feeds.nodes} == before, "as the library counts"
