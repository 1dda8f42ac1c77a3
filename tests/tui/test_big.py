"""What each act costs in a library of 100,000 entries and 1,000 feeds: what is asked of the library, how many rows."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

import pytest
from msgspec.structs import replace

from tests import big
from tests.tui.conftest import Desk
from tui_reader.config import Config, Refresh
from tui_reader.library import Library
from tui_reader.model import Scope
from tui_reader.tui import ahead
from tui_reader.tui.app import ReaderApp
from tui_reader.tui.panes.entries import AROUND, FIRST, GATHERED, NEAR
from tui_reader.tui.snapshot import screen_text, settle

HEIGHT = 50


class Counted:
    """A library that notes what it is asked, and how much it answered."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self.asked: list[tuple[str, int]] = []

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._library, name)
        if name.startswith("on_") or name == "hold" or not callable(found):
            return found

        async def noted(*args: Any, **more: Any) -> Any:
            answer = await found(*args, **more)
            counted = answer[1] if name == "opening" else answer
            self.asked.append((name, len(counted) if hasattr(counted, "__len__") else 1))
            return answer

        return noted

    def since(self) -> dict[str, int]:
        """What was asked since the last time, each with the rows of all its answers."""
        told: dict[str, int] = {}
        for name, size in self.asked:
            told[name] = told.get(name, 0) + size
        self.asked.clear()
        return told


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("big") / "library.db"
    big.write(path)
    return path


Asked = TypeVar("Asked", bound=Counted)


@asynccontextmanager
async def reading(path: Path, kind: Callable[[Library], Asked]) -> AsyncIterator[tuple[Desk, Asked]]:
    config = Config(refresh=Refresh(auto=False, on_start=False))
    library = await Library.open(path, config, clock=lambda: big.NOW, offline=True)
    counted = kind(library)
    app = ReaderApp(counted, config, clock=lambda: big.NOW, still=True)  # type: ignore[arg-type]
    try:
        async with app.run_test(size=(160, HEIGHT)) as pilot:
            await settle(app, pilot)
            yield Desk(app, pilot, counted), counted  # type: ignore[arg-type]
    finally:
        await library.close()


class Held(Counted):
    """A library that answers with how a list begins when it `may_begin`, and with all its ids when it `may`."""

    def __init__(self, library: Library) -> None:
        super().__init__(library)
        self.may, self.may_begin = asyncio.Event(), asyncio.Event()
        self.may.set()
        self.may_begin.set()

    async def opening(self, *args: Any, **more: Any) -> Any:
        await self.may_begin.wait()
        return await self._library.opening(*args, **more)

    async def ids(self, *args: Any, **more: Any) -> Any:
        await self.may.wait()
        return await self._library.ids(*args, **more)


async def test_the_first_screen_stands_before_the_list_is_whole_and_keys_wait_for_that(
    written: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ahead, "PATIENCE", 60)
    path = tmp_path / "library.db"
    shutil.copy(written, path)
    config = Config(refresh=Refresh(auto=False, on_start=False))
    library = await Library.open(path, config, clock=lambda: big.NOW, offline=True)
    held = Held(library)
    held.may.clear()
    app = ReaderApp(held, config, clock=lambda: big.NOW)  # type: ignore[arg-type]
    try:
        async with app.run_test(size=(160, HEIGHT)) as pilot:
            await pilot.pause()
            main = app.main
            assert len(main.entries.ids) == FIRST
            assert main.entries.rows[main.entries.ids[0]].title in screen_text(app)
            assert main.entries.border_subtitle == f"newest first · {main.feeds.counts.unread:,} articles"
            await pilot.press("G")
            assert main.entries.cursor == 0
            held.may.set()
            await settle(app, pilot)
            assert len(main.entries.ids) == main.feeds.counts.unread > FIRST
            assert main.entries.cursor == len(main.entries.ids) - 1
    finally:
        await library.close()


async def test_a_folder_begins_with_few_and_says_of_none_that_it_is_empty(written: Path, tmp_path: Path) -> None:
    """To put thousands of many feeds in order takes longer than a picture; the list before it may have been empty."""
    path = tmp_path / "library.db"
    shutil.copy(written, path)
    async with reading(path, Held) as (it, held):
        app, pilot, main = it.app, it.pilot, it.main
        await main.open_scope(Scope("starred"))
        assert "Nothing is starred" in screen_text(app)
        held.may.clear()
        held.may_begin.clear()
        asked = asyncio.create_task(main.open_scope(Scope("folder", name="Folder 1")))
        await pilot.pause()
        main.entries.redraw()
        await pilot.pause()
        assert "Folder 1 ─" in screen_text(app)
        assert "Nothing" not in screen_text(app)
        held.may_begin.set()
        while len(main.entries.ids) != GATHERED:
            await pilot.pause()
        held.may.set()
        await asked
        assert len(main.entries.ids) > FIRST


async def test_a_long_feed_says_how_many_it_has_before_their_ids_are_here(
    written: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "library.db"
    shutil.copy(written, path)
    async with reading(path, Held) as (it, held):
        app, pilot, main = it.app, it.pilot, it.main
        feed = max(main.feeds.feeds, key=lambda feed: feed.entries)
        assert feed.entries > FIRST
        held.may.clear()
        asked = asyncio.create_task(main.open_scope(Scope("feed", feed_id=feed.id)))
        while len(main.entries.ids) != FIRST:
            await pilot.pause()
        await pilot.pause()
        before = screen_text(app)
        assert f"{feed.entries:,} articles" in before
        drawn: list[int] = []
        line = main.entries.line
        monkeypatch.setattr(main.entries, "line", lambda index, width: drawn.append(index) or line(index, width))
        held.may.set()
        await asked
        await settle(app, pilot)
        assert len(main.entries.ids) == feed.entries
        assert screen_text(app) == before
        assert drawn == [main.entries.cursor]


@pytest.mark.parametrize("unread_only", [False, True])
async def test_what_a_list_should_have_is_what_it_has(written: Path, tmp_path: Path, unread_only: bool) -> None:
    path = tmp_path / "library.db"
    shutil.copy(written, path)
    async with reading(path, Counted) as (it, library):
        for scope in (Scope("all"), Scope("unread"), Scope("folder", "Folder 3"), Scope("feed", feed_id=7)):
            asked = replace(scope, unread_only=unread_only)
            assert it.main.feeds.holds(asked) == len(await library.ids(asked)) > 0
            assert it.main.feeds.holds(replace(asked, filter="title:7")) == 0, "nobody knows before it is asked"


async def test_an_act_asks_for_no_more_than_it_shows(written: Path, tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    shutil.copy(written, path)
    unread = -(-big.ENTRIES // big.UNREAD_EVERY) - 1
    window = HEIGHT + 2 * AROUND
    async with reading(path, Counted) as (it, library):
        main = it.main
        assert len(main.entries.ids) == unread
        started = library.since()
        assert started["opening"] == 2 * HEIGHT
        assert started.get("rows", 0) <= window

        await it.press("j", "k", "j")
        assert library.since() == {}, "moving where rows are known asks nothing"
        await it.press(*["pagedown"] * 3)
        assert library.since().get("rows", 0) <= 3 * window
        await it.press("G", "g", "g")
        told = library.since()
        assert set(told) <= {"rows"}
        assert told["rows"] <= 2 * window

        await it.press("n")
        told = library.since()
        assert told["mark"] == 1
        assert told["entry"] <= 2, "once to show it, once to follow its mark"
        assert told.get("ids", 0) == 0, "one article read makes no list anew"
        assert told.get("rows", 0) <= NEAR + 1
        assert told["feeds"] == 1, "its own, of a thousand"
        await it.press("m")
        told = library.since()
        assert told.get("ids", 0) == 0
        assert told["rows"] <= 2

        await it.press("J")
        told = library.since()
        assert told["opening"] <= 2 * HEIGHT
        assert told.get("ids", 0) <= big.BIGGEST
        assert told.get("rows", 0) <= window

        big_feed = next(feed for feed in main.feeds.feeds if feed.id == 1)
        main.feeds.go(Scope("feed", big_feed.title, 1))
        await it.press("g", "2", "S", "t")
        told = library.since()
        assert told["opening"] <= 4 * HEIGHT
        assert told["ids"] <= 2 * big.BIGGEST
        assert told.get("rows", 0) <= 2 * window
        title = main.entries.rows[main.entries.ids[0]].title
        assert title == "Title 0" or title.startswith("Title 1"), "by title, the first of all"

        await it.press("A")
        told = library.since()
        assert told["mark"] == 1, "one act, whatever it is about"
        assert told.get("rows", 0) <= 4096
        assert await library._library.ids(Scope("feed", feed_id=1, unread_only=True)) == type(main.entries.ids)("q")
        await it.press("u")
        told = library.since()
        assert told["undo"] == 1
        assert told.get("rows", 0) <= 4096


async def test_the_next_unread_far_away_is_found_without_reading_rows(written: Path, tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    shutil.copy(written, path)
    async with reading(path, Counted) as (it, library):
        main = it.main
        await main.open_scope(Scope("feed", "x", 1))
        await it.press("g", "2")
        last = main.entries.ids[-1]
        await library._library.mark(list(main.entries.ids[:-1]), True)
        await library._library.mark([last], False)
        await it.press()
        await it.press("g", "g")
        library.since()
        await it.press("n")
        told = library.since()
        assert main.view.entry == last
        assert told["ids"] == 1
        assert told["rows"] <= NEAR + 2 * (HEIGHT + 2 * AROUND)
