"""The command line: what is typed after the colon."""

from __future__ import annotations

import pytest
from textual import events

from tests.tui.conftest import Desk, Start
from tests.tui.fake import FakeLibrary
from tui_reader.config import SECTIONS
from tui_reader.tui import commandline, settings, themes
from tui_reader.tui.view import Layout


async def typed(it: Desk, line: str) -> None:
    await it.press("colon")
    it.app.focused.value = line
    await it.press("enter")


async def test_completions_stand_there_from_the_start_and_narrow(desk: Start) -> None:
    async with desk("narrow") as it:
        await it.press("colon")
        assert "move.down" in it.screen
        assert "Go down, by a count" in it.screen
        await it.type("entry.st")
        assert "Star the article, or take its star away" in it.screen
        assert "move.down" not in it.screen
        await it.press("tab", "enter")
        assert it.library.entries[1].row.starred
        assert "move.down" not in it.screen


async def test_what_a_command_does_finds_it_too(desk: Start) -> None:
    async with desk() as it:
        await it.press("colon")
        await it.type("browser")
        assert "link.open" in it.screen


async def test_tab_and_the_arrows_go_round_the_completions_and_back_to_what_was_typed(desk: Start) -> None:
    async with desk() as it:
        await it.press("colon")
        await it.type("move.pa")
        await it.press("tab")
        assert ": move.page_down" in " ".join(it.screen.split())
        await it.press("down")
        assert ": move.page_up" in " ".join(it.screen.split())
        await it.press("up", "up")
        assert ": move.pa " in " ".join(it.screen.split())
        await it.press("shift+tab", "escape")
        assert not it.main.keys.suspended


async def test_a_command_takes_what_is_given_and_completes_it(desk: Start) -> None:
    async with desk() as it:
        await typed(it, "entry.tag rust, later")
        assert it.library.entries[1].own_tags == ("later", "rust")
        await it.press("j", "colon")
        await it.type("tag ru")
        assert "1 article" in it.screen
        await it.press("tab", "enter")
        assert it.library.entries[2].own_tags == ("rust",)


async def test_a_verb_alone_means_the_pane_s_own_command(desk: Start) -> None:
    async with desk() as it:
        await typed(it, "star")
        assert it.library.entries[1].row.starred
        await it.press("enter", "l")
        command = commandline.meant(it.main, "star")
        assert command.id == "comment.star"


async def test_a_bare_number_goes_to_that_line(desk: Start) -> None:
    async with desk() as it:
        await typed(it, "4")
        assert it.main.entries.cursor == 3
        await typed(it, "9999")
        assert it.main.entries.cursor == len(it.main.entries.ids) - 1


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("explode", "there is no command “explode” · tab completes, ? help"),
        ("move", "move could be move.down, move.up, move.top, move.bottom …"),
        ("entry.star 5", "entry.star takes nothing, so “5” is too much"),
        ("set ui.colour red", "there is no setting ui.colour"),
        ("set ui.width wide", "ui.width: expected `int`"),
        ("set ui.width 5", "ui.width: expected `int` >= 30"),
        ("set ui.theme plaid", "there is no theme “plaid”"),
        ("set network.timeout 5", "network.timeout is read at the start"),
        ("\x1b[31m", "there is no command"),
    ],
)
async def test_what_cannot_be_is_one_line_and_can_be_put_right(desk: Start, line: str, said: str) -> None:
    async with desk() as it:
        await it.press("colon")
        it.app.focused.value = line
        await it.press("enter")
        assert said in it.screen
        assert it.main.keys.suspended
        await it.press("escape", "j")
        assert it.main.entries.cursor == 1


async def test_a_command_of_another_pane_says_where_it_belongs(desk: Start) -> None:
    async with desk() as it:
        await typed(it, "thread.mark_subtree")
        assert "thread.mark_subtree belongs in the discussion" in it.last_line


async def test_settings_change_for_this_run(desk: Start) -> None:
    async with desk() as it:
        await it.press("enter")
        before = it.main.article.lines
        await typed(it, "set ui.width 40")
        assert "ui.width is 40 until the reader ends; config.toml is not touched" in it.last_line
        assert len(it.main.article.lines) > len(before)
        await typed(it, "set ui.layout=narrow")
        assert it.main.view.layout is Layout.NARROW
        await typed(it, f"set ui.theme {themes.NAMES[3]}")
        assert it.app.theme == themes.NAMES[3]
        await typed(it, "set ui.mark_read hand")
        assert it.main.config.ui.mark_read == "hand"
        await typed(it, "set discussion.watch_days")
        assert "discussion.watch_days = 30 · Days after which watching" in it.last_line
        await it.press("colon")
        await it.type("set ui.as")
        await it.press("tab", "t")
        await it.press("tab", "enter")
        assert it.main.config.ui.ascii is True
        assert it.library.used is it.main.config


async def test_every_setting_can_be_typed(desk: Start) -> None:
    async with desk() as it:
        for name, section in SECTIONS.items():
            for key in section.__struct_fields__:
                [offer] = [
                    one for one in settings.offers(it.main.config, f"{name}.{key}") if one.name == f"{name}.{key}"
                ]
                assert offer.line == f"set {name}.{key} "
                held = settings.value_of(it.main.config, f"{name}.{key}")
                assert settings.told(it.main.config, f"{name}.{key}")
                if f"{name}.{key}" not in settings.AT_START and settings.shown(held):
                    assert settings.put(it.main, f"{name}.{key} {settings.shown(held)}")


async def test_lines_are_remembered_from_run_to_run(desk: Start, library: FakeLibrary) -> None:
    async with desk() as it:
        await typed(it, "move.down")
        await typed(it, "entry.star")
        await typed(it, "move.down")
        await it.press("colon", "up", "up")
        assert ": entry.star" in " ".join(it.screen.split())
        await it.press("down", "enter")
        assert it.main.entries.cursor == 3
        assert library.memory[commandline.KEY] == ["entry.star", "move.down"]
    async with desk() as it:
        await it.press("colon", "e", "up", "enter")
        assert it.library.entries[1].row.starred


def test_only_so_many_lines_are_remembered() -> None:
    lines: list[str] = []
    for number in range(300):
        lines = commandline.with_new(lines, str(number))
    assert lines[-1] == "299"
    assert len(lines) == commandline.KEPT
    assert commandline.remembered(["a", 5, None, "b"]) == ("a", "b")
    assert commandline.remembered("nonsense") == ()


async def test_what_is_typed_before_the_line_is_there_is_not_lost(desk: Start) -> None:
    async with desk() as it:
        for key in ("colon", "e", "n", "t", "r", "y", ".", "s", "t", "a", "r", "enter"):
            it.app.post_message(events.Key(*_KEYS.get(key, (key, key))))
        await it.press()
        assert it.library.entries[1].row.starred
        await it.press("j", "j")
        assert it.main.entries.cursor > 0


_KEYS = {"colon": ("colon", ":"), "enter": ("enter", None), ".": ("full_stop", ".")}
