"""The lists by keys: their order, what is marked in them, what is selected, and the ways through them."""

from __future__ import annotations

from array import array

from tests.tui.conftest import Start
from tests.tui.fake import FakeLibrary
from tui_reader.model import Change, Order, Scope
from tui_reader.tui.panes.entries import settled


def titles(main) -> list[str]:
    return [main.entries.rows[number].title for number in main.entries.ids]


# ---------------------------------------------------------------- order


async def test_a_list_is_sorted_by_keys_says_so_and_remembers_it(desk: Start, library: FakeLibrary) -> None:
    async with desk() as it:
        main = it.main
        newest = titles(main)
        await it.press("j", "S", "t")
        assert titles(main) == sorted(newest, key=str.casefold)
        assert main.entries.cursor == 0
        assert "by title · " in it.screen
        assert "by title" in it.last_line
        await it.press("S", "r")
        assert titles(main) == sorted(newest, key=str.casefold, reverse=True)
        assert "by title, Z to A · " in it.screen
        await it.press("S", "c")
        assert titles(main)[0].startswith("Kernel 7.4")
        assert "most comments first · " in it.screen
        assert library.memory["session"]["orders"] == {"smart:unread": ["comments", False]}

        await it.press("g", "1", "k")
        assert main.view.scope == Scope("all")
        assert "newest first · 10 articles" in it.screen, "the order is that of one list"
        await it.press("j")
        assert "most comments first · " in it.screen


async def test_the_order_of_a_list_comes_back_with_the_next_session(desk: Start, library: FakeLibrary) -> None:
    library.memory["session"] = {"orders": {"smart:unread": ["date", True], "smart:all": ["no such", False]}}
    async with desk() as it:
        assert it.main.entries.order == Order("date", reverse=True)
        assert "oldest first · " in it.screen


async def test_what_arrives_stands_at_its_place_and_the_cursor_on_its_line(desk: Start, library: FakeLibrary) -> None:
    async with desk() as it:
        main = it.main
        await it.press("S", "t", "j", "j", "j")
        here = main.entries.current
        line = main.entries.cursor - main.entries.top
        new = library.entry_of(1, "Aardvarks, mostly", 60)
        library.tell(Change(entries=frozenset({new}), new_entries=1))
        await it.press()
        assert titles(main) == sorted(titles(main), key=str.casefold)
        assert main.entries.current == here
        assert main.entries.cursor - main.entries.top in {line, line + 1}


async def test_reading_a_discussion_moves_no_row_of_a_list_sorted_by_news(desk: Start, library: FakeLibrary) -> None:
    async with desk() as it:
        main = it.main
        await it.press("S", "n")
        before = list(main.entries.ids)
        assert main.entries.current is not None
        assert main.entries.current.comments_new == 3
        await library.visit(before[0])
        library.tell(Change(everything=True))
        await it.press()
        assert list(main.entries.ids) == before
        assert main.entries.current.comments_new == 0
        await it.press("S", "n")
        assert main.entries.rows[main.entries.ids[0]].comments_new == 0


def test_what_an_open_list_goes_by_may_change_but_its_rows_stay() -> None:
    shown = array("q", [1, 2, 3, 4])
    assert list(settled(shown, array("q", [4, 3, 2, 1]))) == [1, 2, 3, 4]
    assert list(settled(shown, array("q", [9, 4, 3, 8, 7, 1]))) == [9, 1, 3, 8, 7, 4]
    assert list(settled(array("q"), array("q", [3, 1]))) == [3, 1]
    assert list(settled(shown, array("q"))) == []
