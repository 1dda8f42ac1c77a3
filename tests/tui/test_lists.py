"""The lists by keys: their order, what is marked in them, what is selected, and the ways through them."""

from __future__ import annotations

import re
from array import array
from datetime import UTC
from pathlib import Path
from typing import get_args

import pytest
from msgspec.structs import replace

from tests.tui.conftest import Start
from tests.tui.fake import DAY, FakeLibrary
from tui_reader import text
from tui_reader.config import Column, Config, Opening, Ui
from tui_reader.model import Change, EntryRow, Order, Scope
from tui_reader.tui import lines
from tui_reader.tui.history import MOST, History, Stop
from tui_reader.tui.jump import labels
from tui_reader.tui.lines import COLUMNS, RowLook
from tui_reader.tui.panes.entries import settled
from tui_reader.tui.panes.selection import Selection


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


# ---------------------------------------------------------------- marking


def unread(library: FakeLibrary) -> list[int]:
    return [number for number, entry in library.entries.items() if not entry.row.read]


async def test_what_is_above_below_and_older_is_marked_in_one_step_each(desk: Start, library: FakeLibrary) -> None:
    async with desk() as it:
        listed = list(it.main.entries.ids)
        await it.press("j", "j", "M", "a")
        assert unread(library) == listed[2:], "the article under the cursor stays"
        assert "2 marked read" in it.last_line
        assert list(it.main.entries.ids) == listed, "what was just read stays in the list"
        await it.press("u", "M", "b")
        assert unread(library) == listed[:3]
        await it.press("u", "2", "M", "o")
        assert unread(library) == listed[:-1], "two days and more"
        await it.press("u", "M", "o")
        await it.type("1 fortnight")
        await it.press("enter")
        assert unread(library) == listed
        assert "older:" in it.screen, "what cannot be read as an age is told, and asked again"
        await it.press("escape")
        await it.press("g", "g", "M", "a")
        assert "nothing to mark" in it.last_line


async def test_a_feed_and_its_folder_are_marked_and_nothing_else(desk: Start, library: FakeLibrary) -> None:
    async with desk() as it:
        before = unread(library)
        await it.press("M", "f")
        assert {library.entries[one].row.feed_title for one in set(before) - set(unread(library))} == {"LWN.net"}
        assert "marked read in LWN.net" in it.last_line
        await it.press("u")
        assert unread(library) == before
        await it.press("M", "F")
        gone = {library.entries[one].row.feed_title for one in set(before) - set(unread(library))}
        assert gone == {"LWN.net", "Planet Kernel"}
        await it.press("u", "g", "1")
        it.main.feeds.go(Scope("folder", "Blogs"))
        await it.press("M", "f")
        assert "marked read in Blogs" in it.last_line
        assert not any(library.entries[one].row.feed_title == "Seed Blog" for one in unread(library))


async def test_scrolling_past_marks_read_only_what_was_in_sight(desk: Start, library: FakeLibrary) -> None:
    for number in range(100):
        library.entry_of(4, f"Filler {number}", 5 * DAY + number)
    async with desk("small", config=Config(ui=Ui(mark_read="scroll", layout="narrow"))) as it:
        listed = list(it.main.entries.ids)
        await it.press(*"jjj")
        assert unread(library) == sorted(listed), "nothing has left the screen"
        await it.press("pagedown")
        top = it.main.entries.top
        assert 0 < top < len(listed)
        assert set(listed) - set(unread(library)) == set(listed[:top])
        await it.press("G")
        seen = set(listed) - set(unread(library))
        assert len(seen) < 40, "what was jumped over was not read"
        before = len(unread(library))
        new = library.entry_of(1, "Fresh", 1)
        library.tell(Change(entries=frozenset({new}), new_entries=1))
        await it.press()
        assert len(unread(library)) == before + 1, "what arrives pushes nothing into being read"


# ---------------------------------------------------------------- selecting


async def test_a_selection_is_acted_on_by_id_whatever_the_list_does(desk: Start, library: FakeLibrary) -> None:
    async with desk() as it:
        main = it.main
        listed = list(main.entries.ids)
        await it.press("j", "v", "j", "j")
        assert "3 selected · " in it.screen
        assert it.screen.count("▌●") == 3
        between = library.entry_of(1, "Came between", 4 * 3600)
        library.tell(Change(entries=frozenset({between}), new_entries=1))
        await it.press()
        assert between in main.entries.ids
        assert "3 selected · " in it.screen
        await it.press("s")
        assert [one for one in listed if library.entries[one].row.starred] == listed[1:4]
        assert not library.entries[between].row.starred
        assert "selected" not in it.screen, "an act ends the selection"
        await it.press("u")
        assert not any(library.entries[one].row.starred for one in listed)


async def test_a_selection_grows_shrinks_and_ends(desk: Start, library: FakeLibrary) -> None:
    async with desk() as it:
        main = it.main
        listed = list(main.entries.ids)
        await it.press("j", "j", "v", "j", "k", "k", "k")
        assert main.entries.selection.ids == set(listed[:3]), "the row it began on stays"
        await it.press("escape")
        assert not main.entries.selection
        assert main.view.pane == "entries", "esc leaves the selection first"
        await it.press("3", "v")
        assert main.entries.selection.ids == set(listed[:3])
        await it.press("v")
        assert not main.entries.selection

        await it.press("g", "g", "v", "j", "m")
        assert [one for one in listed if library.entries[one].row.read] == listed[:2]
        await it.press("g", "g", "v", "j", "m")
        assert not any(library.entries[one].row.read for one in listed), "all read: all unread again"
        await it.press("g", "g", "v", "j", "A")
        assert [one for one in listed if library.entries[one].row.read] == listed[:2]


async def test_copying_opening_and_saving_take_the_selection(
    desk: Start, library: FakeLibrary, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk(config=Config(open=Opening(browser=("true",)))) as it:
        listed = list(it.main.entries.ids)
        await it.press("v", "j", "y", "y")
        assert it.app.clipboard.split("\n") == [library.entries[one].row.url for one in listed[:2]]
        assert "copied: 2 addresses" in it.last_line
        await it.press("g", "g", "v", "j", "y", "t")
        assert it.app.clipboard.split("\n") == [library.entries[one].row.title for one in listed[:2]]
        await it.press("g", "g", "v", "j", "y", "m")
        assert it.app.clipboard.count("\n# ") + it.app.clipboard.startswith("# ") == 2
        await it.press("g", "g", "v", "j", "e", "s", "ctrl+u")
        await it.fill(str(tmp_path))
        await it.press("enter")
        assert len(list(tmp_path.glob("*.md"))) == 2
        for number in range(30):
            library.entry_of(1, f"More {number}", 5 * DAY)
        library.tell(Change(everything=True))
        await it.press("g", "g", "v", "G", "o")
        assert "20 pages can be opened at once, none was" in it.last_line


async def test_watching_takes_the_selection_and_one_undo_takes_it_back(desk: Start, library: FakeLibrary) -> None:
    async with desk() as it:
        listed = list(it.main.entries.ids)
        await it.press("v", "j", "j", "w")
        assert [one for one in listed if library.entries[one].row.watched] == listed[:3]
        assert "selected" not in it.screen, "an act ends the selection"
        await it.press("u")
        assert not any(library.entries[one].row.watched for one in listed)
        await it.press("g", "g", "w", "v", "j", "w")
        assert [one for one in listed if library.entries[one].row.watched][:2] == listed[:2]
        await it.press("g", "g", "v", "j", "w")
        assert not any(library.entries[one].row.watched for one in listed[:2]), "all watched: none any longer"


def test_a_selection_whose_first_row_is_gone_keeps_the_others() -> None:
    chosen = Selection()
    chosen.begin(1)
    chosen.reach([1, 2, 3, 4], 0, 2)
    chosen.reach([2, 3, 4], 1, 2)
    assert chosen.ids == {1, 2, 3, 4}
    assert chosen.in_order([4, 3, 2]) == (4, 3, 2, 1)


# ---------------------------------------------------------------- ways


async def test_next_unread_goes_on_into_the_next_feed_and_back(desk: Start, library: FakeLibrary) -> None:
    async with desk() as it:
        main = it.main
        main.feeds.go(Scope("feed", "Planet Kernel", 2))
        await main.open_scope(Scope("feed", "Planet Kernel", 2))
        await it.press("g", "2", "n", "n")
        assert main.view.scope.name == "Planet Kernel"
        await it.press("n")
        assert main.view.scope.name == "Seed Blog"
        assert main.view.entry is not None
        assert library.entries[main.view.entry].row.feed_title == "Seed Blog"
        await it.press("p")
        assert main.view.scope.name == "LWN.net", "back to the feed before that has something unread"


async def test_one_goes_back_and_forward_through_what_was_visited(desk: Start, library: FakeLibrary) -> None:
    async with desk() as it:
        main = it.main
        first, second = main.entries.ids[1:3]
        await it.press("n", "n")
        assert main.view.entry == second
        await it.press("g", "1", "j", "j", "j")
        await it.press("g", "2")
        scope = main.view.scope
        assert scope != Scope("unread")
        await it.press("ctrl+o")
        assert (main.view.scope, main.view.entry) == (Scope("unread"), second)
        assert main.feeds.current.scope == Scope("unread")
        await it.press("ctrl+o")
        assert main.view.entry == first
        assert main.entries.current.id == first
        await it.press("ctrl+o")
        assert "nothing was visited before this" in it.last_line
        await it.press("2", "g", "i")
        assert main.view.scope == scope
        await it.press("g", "i")
        assert "nothing was visited after this" in it.last_line


def test_a_list_that_was_only_passed_and_what_is_gone_are_no_places() -> None:
    visited = History()
    visited.visit(Stop(Scope("unread")))
    visited.visit(Stop(Scope("all")))
    visited.visit(Stop(Scope("starred")))
    assert visited.step(-1) is None
    visited.visit(Stop(Scope("starred"), 7))
    visited.visit(Stop(Scope("starred")))
    assert visited.here == Stop(Scope("starred"), 7), "the list is the same place"
    for number in range(1000):
        visited.visit(Stop(Scope("all"), number))
    steps = 0
    while visited.step(-1) is not None:
        steps += 1
    assert steps == MOST - 1
    visited.visit(Stop(Scope("news"), 1))
    assert visited.step(1) is None, "what was ahead is forgotten"


# ---------------------------------------------------------------- jumping


def test_no_label_begins_another() -> None:
    assert labels(3) == ["a", "s", "d"]
    for count in (1, 26, 27, 51, 52, 100, 300):
        made = labels(count)
        assert len(made) == len(set(made)) == count
        assert not any(one != other and other.startswith(one) for one in made for other in made)
        assert max(map(len, made)) <= 2


async def test_a_label_leads_to_any_row_in_any_pane(desk: Start, library: FakeLibrary) -> None:
    async with desk() as it:
        main = it.main
        await it.press("enter", "g", "2")
        places = [(name, line) for name, pane in main.panes.items() for line in pane.targets()]
        names = labels(len(places))
        await it.press("semicolon")
        assert "type a label" in it.last_line
        here = names[places.index(("entries", 4))]
        assert f" {here} " in it.screen
        await it.press(*here)
        assert main.entries.cursor == 4
        assert main.view.pane == "entries"
        await it.press("semicolon", *names[next(at for at, place in enumerate(places) if place[0] == "discussion") + 2])
        assert main.view.pane == "discussion"
        assert main.discussion.item == 2
        place = next(place for place in places if place[0] == "feeds")
        await it.press("semicolon", *names[places.index(place)])
        assert main.view.pane == "feeds"
        assert main.view.scope == Scope("all")
        await it.press("semicolon", "escape", "j")
        assert main.view.scope == Scope("unread"), "the keys are what they were"
        await it.press("semicolon", "1")
        assert "no row has this label" in it.last_line


# ---------------------------------------------------------------- looks


async def test_rows_may_have_a_second_line(desk: Start, library: FakeLibrary) -> None:
    for number in range(40):
        library.entry_of(4, f"Filler {number}", 5 * DAY + number)
    async with desk("medium", config=Config(ui=Ui(density="comfortable"))) as it:
        main = it.main
        height = main.entries.scrollable_content_region.height
        shown = it.screen.splitlines()
        first = next(place for place, line in enumerate(shown) if "Kernel 7.4" in line)
        assert "LWN.net · J. Corbet" in shown[first + 1]
        assert shown[first + 1].index("LWN.net") == shown[first].index("Kernel 7.4"), "under the title"
        await it.press("G")
        assert main.entries.cursor == len(main.entries.ids) - 1
        assert "Filler 39" in it.screen
        assert main.entries.top == len(main.entries.ids) - height // 2 - (height % 2)
        await it.press("k", "k")
        here = main.entries.current
        await it.press("z", "d")
        assert main.entries.current == here
        assert "inessential" in next(line for line in it.screen.splitlines() if "Filler 37" in line)
        await it.press("z", "d", "semicolon")
        assert it.screen.count(" f ") >= 1
        await it.press("escape", "g", "g", "v", "j")
        assert it.screen.count("▌") >= 4, "both lines of a row are selected"


async def test_ages_turn_into_dates_and_columns_are_those_asked_for(desk: Start, library: FakeLibrary) -> None:
    columns = ("age", "title", "author", "mark")
    async with desk(config=Config(ui=Ui(columns=columns))) as it:
        line = next(line for line in it.screen.splitlines() if "Notes on repro" in line)
        assert line.index("3h") < line.index("Notes") < line.index("J. Corbet") < line.index("●")
        assert "Xe Iaso  Notes" not in line
        await it.press("z", "t")
        assert "09:00 " in next(line for line in it.screen.splitlines() if "Notes on repro" in line)
        assert "Tue 12:00" in next(line for line in it.screen.splitlines() if "Security up" in line)
        await it.press("z", "t")
        assert " 3h " in it.screen
        await it.press("colon")
        await it.type("set ui.density comfortable")
        await it.press("enter")
        assert it.main.entries.tall == 2


async def test_a_second_line_says_how_the_text_begins_and_asks_for_what_is_in_sight(
    desk: Start, library: FakeLibrary
) -> None:
    for number in range(300):
        library.entry_of(4, f"Filler {number}", 5 * DAY + number)
    async with desk("wide") as it:
        main = it.main
        await it.press("g", "g")
        assert not library.excerpts_asked, "one line a row asks for nothing"
        await it.press("z", "d")
        shown = it.screen.splitlines()
        first = next(place for place, line in enumerate(shown) if "Kernel 7.4" in line)
        begins = main.entries.excerpts[main.entries.ids[0]]
        assert f"LWN.net · {begins[:12]}" in shown[first + 1].replace("J. Corbet · ", "")
        await it.press("z", "t")
        rows = [line for line in it.screen.splitlines() if "Filler" in line and "The text of" not in line]
        assert rows
        assert all(re.search(r"\d+ (Nov|Dec)|\w{3} \d\d:\d\d", line) for line in rows), (
            "every line in sight is drawn anew"
        )
        sight = main.entries.scrollable_content_region.height // 2 + 1
        await it.press("pagedown", "G", "k")
        assert max(map(len, library.excerpts_asked)) <= sight
        asked = [one for ids in library.excerpts_asked for one in ids]
        assert len(asked) == len(set(asked)) <= 3 * sight, "nothing twice, and nothing out of sight"


@pytest.mark.parametrize("width", [10, 30, 40, 52, 80, 120, 200])
@pytest.mark.parametrize("name", get_args(Column))
@pytest.mark.parametrize("dates", [False, True])
def test_a_row_is_as_wide_as_its_pane_whatever_it_shows(width: int, name: Column, dates: bool) -> None:
    row = EntryRow(
        1, 1, "長い名前 of a feed", "Rust 在 the block layer 🦀", "Jané", "", 0, 0, False, False, comments=1234
    )
    for columns in ((name,), (*COLUMNS, "author"), ("comments", name, "title")):
        for comfortable in (False, True):
            look = RowLook(tuple(dict.fromkeys(columns)), comfortable, dates, UTC)
            assert text.width(lines.entry(row, width, DAY, look=look).plain) <= width
            assert text.width(lines.entry_more(row, width, look).plain) <= width


async def test_a_second_line_follows_an_edit(desk: Start, library: FakeLibrary) -> None:
    async with desk("wide") as it:
        await it.press("z", "d")
        entry_id = it.main.entries.ids[0]
        library.entries[entry_id] = replace(library.entries[entry_id], html="<p>Words that were put in later.</p>")
        library.tell(Change(entries=frozenset({entry_id}), changed_entries=1))
        await it.press()
        assert "Words that were put in later." in it.screen
