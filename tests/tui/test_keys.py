"""Macros, repeating, and what is given to a command."""

from __future__ import annotations

import asyncio
import gc

import pytest
from textual import events
from textual.widgets import Input

from tests.tui.conftest import SIZES, Desk, Start, reader
from tests.tui.fake import FakeLibrary, world
from tui_reader.config import Config
from tui_reader.errors import NotFound
from tui_reader.model import Change, Entry, Scope
from tui_reader.tui import main as main_
from tui_reader.tui.view import Pane

# ---------------------------------------------------------------- macros


async def test_a_macro_runs_each_step_when_the_one_before_is_shown(desk: Start) -> None:
    config = Config(macros={"g x": ("entry.star", "entry.tag rust", "entry.next_unread"), ", o": ("pane.open",)})
    async with desk(config=config) as it:
        await it.press("g")
        assert "entry.star · entry.tag rust · entry.next_unread" in it.screen
        await it.press("x")
        assert it.library.entries[1].row.starred
        assert it.library.entries[1].own_tags == ("rust",)
        assert it.main.reading.entry.row.id == 2
        await it.press("2", "g", "x")
        assert [it.library.entries[number].own_tags for number in (2, 3, 6)] == [("rust",), ("rust",), ()]
        await it.press("question_mark")
        assert "entry.star · entry.tag rust" in it.screen


async def test_a_macro_waits_for_what_its_steps_open(desk: Start) -> None:
    config = Config(macros={",": ("pane.feeds", "move.bottom", "pane.entries", "pane.open", "entry.star")})
    async with desk(config=config) as it:
        await it.press(",")
        opened = it.main.reading.entry
        assert it.main.view.scope.name == "xkcd" or opened is not None
        starred = [number for number, entry in it.library.entries.items() if entry.row.starred and number != 4]
        assert starred == ([opened.row.id] if opened is not None else [])


async def test_a_step_of_another_pane_ends_the_macro_in_one_line(desk: Start) -> None:
    config = Config(macros={"g x": ("thread.mark_subtree", "entry.star")})
    async with desk(config=config) as it:
        await it.press("g", "x")
        assert "thread.mark_subtree belongs in the discussion; the macro ends here" in it.last_line
        assert not it.library.entries[1].row.starred


async def test_a_step_that_fails_ends_the_macro(desk: Start) -> None:
    config = Config(macros={"g x": ("find.here is:", "entry.star")})
    async with desk(config=config) as it:
        await it.press("g", "x")
        assert "is: wants" in it.last_line
        assert not it.library.entries[1].row.starred
        await it.press("j")
        assert it.main.entries.cursor == 1


# ---------------------------------------------------------------- repeating


async def test_a_dot_repeats_the_last_act_not_the_last_move(desk: Start) -> None:
    async with desk() as it:
        await it.press(".")
        assert "nothing was done yet" in it.last_line
        await it.press("s", "j", ".")
        assert [it.library.entries[number].row.starred for number in (1, 2, 3)] == [True, True, False]


async def test_a_dot_gives_the_same_answer_again(desk: Start) -> None:
    async with desk() as it:
        await it.press("t")
        await it.type("rust, later")
        await it.press("enter", "j", ".")
        assert it.library.entries[2].own_tags == ("later", "rust")


async def test_a_dot_repeats_with_the_count_or_another(desk: Start) -> None:
    async with desk() as it:
        days = []

        async def mute(author: str, host: str, *, days: int, told=days) -> Change:
            told.append(days)
            return Change(label="muted")

        it.library.mute_author = mute
        await it.press("enter", "l", "7", "X", "e", ".", "9", ".")
        assert days == [7, 7, 9]


async def test_a_dot_repeats_a_whole_macro(desk: Start) -> None:
    async with desk(config=Config(macros={"g x": ("entry.star", "move.down")})) as it:
        await it.press("g", "x", ".")
        assert [it.library.entries[number].row.starred for number in (1, 2, 3)] == [True, True, False]


# ---------------------------------------------------------------- what is given


async def test_what_is_given_is_not_asked_for(desk: Start, library: FakeLibrary) -> None:
    async with desk() as it:
        it.main.keys.run("find.here", given="kernel")
        await it.press()
        assert it.main.view.scope.filter == "kernel"
        it.main.show(it.main.view.focused(Pane.FEEDS))
        it.main.feeds.go(it.main.feeds.scope_of(it.library.subscriptions[1]))
        it.main.keys.run("feed.move", given="News")
        await it.press()
        assert it.library.subscriptions[1].folder == "News"
        it.main.keys.run("feed.rename", given="Weekly")
        await it.press()
        assert it.library.subscriptions[1].title == "Weekly"
        assert not it.main.keys.suspended


async def test_what_is_given_and_refused_is_asked_again_with_the_fault(desk: Start, library: FakeLibrary) -> None:
    from tui_reader.errors import BadInput

    library.answer = BadInput("that is no address")
    async with desk() as it:
        it.main.keys.run("feed.add", given="nonsense")
        await it.press()
        assert "that is no address" in it.screen
        assert it.main.keys.suspended


async def test_all_articles_are_no_smart_feed(desk: Start) -> None:
    async with desk() as it:
        await it.main.open_scope(Scope("all"))
        it.main.keys.run("smart.save", given="everything")
        await it.press()
        assert "all articles are listed: / filter first" in it.last_line


async def test_saving_takes_a_form_for_its_name(desk: Start, tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    async with desk() as it:
        it.main.keys.run("save.article", given="txt")
        await it.press()
        assert [file.suffix for file in tmp_path.iterdir()] == [".txt"]
        assert "saved as" in it.last_line


# ---------------------------------------------------------------- presets


async def test_a_preset_is_chosen_in_the_reader_and_remembered(desk: Start, library: FakeLibrary) -> None:
    async with desk(config=Config(keys={"entry.star": ("f",)})) as it:
        it.main.keys.run("app.keys")
        await it.press()
        assert "as in newsboat: N toggles read" in it.screen
        await it.press("j", "j", "enter")
        assert "the keys of newsboat · ? help" in it.last_line
        assert library.memory["preset"] == "newsboat"
        await it.press("N", "f")
        assert it.library.entries[1].row.read
        assert it.library.entries[1].row.starred
        await it.press("u")
        assert "there is no link here" in it.last_line
        await it.press("U")
        assert "taken back" in it.last_line
        await it.press("escape")
        assert "N read" in it.last_line
    async with desk(chosen_keys="newsboat") as it:
        assert it.main.keys.key_of("entry.star") == "*"
        it.main.keys.run("app.keys", given="pico")
        await it.press()
        assert "there is no preset “pico”" in it.last_line


async def test_the_settings_win_over_what_was_chosen(desk: Start) -> None:
    async with desk(config=Config(preset="emacs"), chosen_keys="newsboat") as it:
        await it.press("ctrl+n")
        assert it.main.entries.cursor == 1
        it.main.keys.run("app.keys", given="vim")
        await it.press()
        assert "the keys of vim until the reader ends: the settings say emacs (keys.preset)" in it.last_line


async def test_a_macro_that_a_preset_leaves_no_key_is_told(desk: Start) -> None:
    async with desk(config=Config(macros={"U": ("entry.star",)})) as it:
        it.main.keys.run("app.keys", given="newsboat")
        await it.press()
        assert "⚠ macros.U: U is already the key of act.undo" in it.last_line


async def test_keys_with_alt_are_told_from_letters(desk: Start) -> None:
    async with desk(config=Config(preset="emacs")) as it:
        await it.press("alt+x")
        assert it.main.keys.suspended
        await it.press("escape", "ctrl+x")
        assert "Leave the reader" in it.screen
        await it.press("1")
        assert it.main.view.zoomed


async def test_the_first_screen_offers_other_keys() -> None:
    from tui_reader.tui.snapshot import settle

    library = FakeLibrary()
    app = reader(library)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(app, pilot)
        it = Desk(app, pilot, library)
        await it.press("k")
        assert "as in emacs" in it.screen
        await it.press("j", "enter")
        assert library.memory["preset"] == "vim"
        assert "You follow no feeds yet" in it.screen
        await it.press("s")
        assert "What would you like to read about?" in it.screen


async def test_a_question_that_follows_a_wrong_answer_hands_the_keys_back(desk: Start) -> None:
    async with desk("wide") as it:
        await it.press("g", "2", "g", "g")
        it.main.keys.run("entry.mark_older", None, "whenever")
        await it.press()
        assert it.main.keys.suspended
        await it.press("escape")
        assert not it.main.ahead.waiting
        await it.press("j")
        assert it.main.entries.cursor == 1


async def at_once(it: Desk, *keys: str) -> None:
    """Press keys that arrive together, as they do over a slow line and from fast fingers."""
    driver = it.app._driver
    assert driver is not None
    for key in keys:
        event = events.Key(key, key if len(key) == 1 else None)
        event.set_sender(it.app)
        driver.send_message(event)
    await it.press()


async def test_keys_that_arrive_together_each_find_done_what_the_one_before_does(desk: Start) -> None:
    async with desk("medium") as it:
        main = it.main
        long = it.library.entry_of(1, "A long one", 1, html="<p>word</p>" * 300)
        await main.open_scope(main.view.scope, cursor=long)
        place = main.entries.cursor
        await at_once(it, "enter", "ctrl+d")
        assert main.view.pane is Pane.ARTICLE
        assert main.article.top > 5, "the article was opened, then it was moved in"
        top = main.article.top
        await at_once(it, "q", "j")
        assert main.view.pane is Pane.ENTRIES
        assert main.entries.cursor == place + 1
        assert main.article.top == top
        await at_once(it, "enter", "m")
        opened = main.reading.entry.row.id
        assert opened == main.entries.ids[place + 1] != long
        assert not it.library.entries[opened].row.read, "opened it is read, then it is marked unread"
        assert [act for act, _ in it.library._acts][-2:] == ["1 marked read", "1 marked unread"]


async def test_an_article_that_is_left_at_once_is_read_all_the_same(desk: Start) -> None:
    async with desk("medium") as it:
        await it.press("g", "2", "g", "g")
        first, second = it.main.entries.ids[:2]
        await at_once(it, "enter", "q", "j", "enter")
        assert it.main.reading.entry.row.id == second
        assert it.library.entries[first].row.read
        assert it.library.entries[second].row.read


async def test_as_many_articles_are_opened_as_keys_arrive_together(desk: Start) -> None:
    async with desk("medium") as it:
        await it.press("g", "2", "g", "g")
        unread = [one for one in it.main.entries.ids if not it.library.entries[one].row.read]
        await at_once(it, "enter", "n", "n", "n")
        assert it.main.reading.entry.row.id == unread[3]
        marked = [one for one in unread if it.library.entries[one].row.read]
        assert marked == unread[:4], "each of them was shown, so each is read"
        assert not it.main.ahead.waiting


async def reached(keys: list[str], size: str, *, together: bool) -> tuple[object, ...]:
    """Where keys lead: the view, the places in it, the open article, the marks."""
    library = world()
    app = reader(library)
    async with app.run_test(size=SIZES[size]) as pilot:
        it = Desk(app, pilot, library)
        await it.press()
        await (at_once(it, *keys) if together else it.press(*keys))
        main = it.main
        opened = main.reading.entry.row.id if main.reading.entry is not None else 0
        marks = [(one, entry.row.read, entry.row.starred) for one, entry in library.entries.items()]
        at = main.entries.ids[main.entries.cursor :][:1]
        places = main.feeds.cursor, list(at), main.article.top, main.discussion.top
        return main.view, places, opened, marks


@pytest.mark.parametrize("size", ["medium", "narrow"])
@pytest.mark.parametrize(
    "keys",
    [
        "space space",
        "space space space space space",
        "J n",
        "J J m",
        "J K J enter j",
        "m m s s j m",
        "A n",
        "M b n j",
        "S t G enter",
        "enter n n ctrl+o ctrl+o j",
        "g 1 j j enter j m",
        "g 1 G J",
        "g 1 j j l G m",
    ],
)
async def test_keys_lead_to_the_same_place_however_they_arrive(keys: str, size: str) -> None:
    one_by_one = await reached(keys.split(), size, together=False)
    assert await reached(keys.split(), size, together=True) == one_by_one


async def test_a_list_that_takes_long_holds_the_keys_for_a_moment_only(
    desk: Start, library: FakeLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    never, opening = asyncio.Event(), library.opening

    async def slow(scope: Scope, *asked: object, **more: object) -> object:
        await never.wait()
        return await opening(scope, *asked, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(main_, "PATIENCE", 0.05)
    async with desk("medium") as it:
        monkeypatch.setattr(library, "opening", slow)
        before = it.main.view.scope
        await at_once(it, "J", "J", "z", "t")
        assert it.main.view.scope not in {before, it.main.feeds.neighbour(before, 1)}, "on through the feeds at once"
        await asyncio.sleep(0.1)
        await it.press()
        assert it.main.entries.is_here
        never.set()


async def test_an_opening_that_is_given_up_before_it_began_leaves_nothing_behind(
    desk: Start, recwarn: pytest.WarningsRecorder
) -> None:
    async with desk("medium") as it:
        first, second = it.main.entries.ids[:2]
        it.main.reading.open_listed(first)
        it.main.reading.open_listed(second)
        await it.press()
        assert it.main.reading.entry.row.id == second
        assert not it.library.entries[first].row.read
    gc.collect()
    assert [str(one.message) for one in recwarn if "never awaited" in str(one.message)] == []


async def test_keys_behind_an_article_that_is_gone_are_not_lost(
    desk: Start, library: FakeLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def gone(entry_id: int) -> Entry:
        raise NotFound("it is gone")

    async with desk("medium") as it:
        monkeypatch.setattr(library, "entry", gone)
        before = it.main.entries.cursor
        await at_once(it, "enter", "j")
        assert "it is gone" in it.screen
        assert it.main.entries.cursor == before + 1
        assert not it.main.ahead.waiting


async def test_what_is_typed_before_the_palette_is_there_are_its_first_letters(desk: Start) -> None:
    async with desk("wide") as it:
        await at_once(it, "ctrl+p", *"dense")
        assert [one.value for one in it.app.screen.query(Input)] == ["dense"]
        await it.press("escape")
        assert not it.main.ahead.waiting
