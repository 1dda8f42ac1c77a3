"""Keys as other programs have them."""

from __future__ import annotations

import pytest

from tui_reader.commands import COMMANDS
from tui_reader.config import load
from tui_reader.keymap import PANES, build, check
from tui_reader.presets import PRESETS

TABLE = {command.id: command for command in COMMANDS}
NAMES = list(PRESETS)


def test_there_are_those_that_were_promised() -> None:
    assert NAMES == ["default", "vim", "newsboat", "emacs"]


@pytest.mark.parametrize("name", NAMES)
def test_a_preset_names_commands_and_does_not_clash_with_itself(name: str) -> None:
    assert check(COMMANDS, PRESETS[name].keys) == ()


@pytest.mark.parametrize("name", NAMES)
def test_a_preset_leaves_no_command_without_a_key(name: str) -> None:
    keymap, _ = build(COMMANDS, {}, PRESETS[name].keys)
    assert [command.id for command in COMMANDS if command.keys and not keymap.keys_of(command.id)] == []


@pytest.mark.parametrize("name", NAMES)
def test_a_preset_keeps_every_key_it_names_and_hides_none_of_its_own(name: str) -> None:
    keymap, _ = build(COMMANDS, {}, PRESETS[name].keys)
    for id, keys in PRESETS[name].keys.items():
        assert keymap.keys_of(id) == keys, id
        panes = PANES if TABLE[id].context == "any" else (TABLE[id].context,)
        for key in keys:
            assert any(keymap.bindings(pane).get(tuple(key.split())) is TABLE[id] for pane in panes), (id, key)


@pytest.mark.parametrize("name", NAMES)
def test_the_comma_is_left_for_macros(name: str) -> None:
    assert build(COMMANDS, {}, PRESETS[name].keys, {", x": ("entry.star",), ",": ("app.help",)})[1] == (
        "macros.,: , and , x (macro., x) begin alike",
    )


@pytest.mark.parametrize(
    ("name", "pane", "keys", "id"),
    [
        ("vim", "entries", "N", "entry.previous_unread"),
        ("vim", "article", "ctrl+w l", "pane.in"),
        ("vim", "feeds", "Z Z", "app.quit"),
        ("vim", "thread", "z c", "thread.out"),
        ("newsboat", "entries", "enter", "pane.open"),
        ("newsboat", "entries", "q", "pane.back"),
        ("newsboat", "feeds", "r", "refresh.feed"),
        ("newsboat", "feeds", "R", "refresh.all"),
        ("newsboat", "entries", "A", "entry.mark_all"),
        ("newsboat", "entries", "N", "entry.toggle_read"),
        ("newsboat", "article", "o", "link.open"),
        ("newsboat", "entries", "n", "entry.next_unread"),
        ("newsboat", "entries", "p", "entry.previous_unread"),
        ("newsboat", "article", "u", "link.list"),
        ("newsboat", "article", "s", "save.article"),
        ("newsboat", "article", "#", "link.follow"),
        ("newsboat", "entries", "ctrl+n", "feed.next"),
        ("newsboat", "entries", "F", "find.here"),
        ("newsboat", "feeds", "Q", "app.quit"),
        ("emacs", "feeds", "ctrl+n", "move.down"),
        ("emacs", "article", "alt+v", "move.page_up"),
        ("emacs", "entries", "alt+x", "app.command"),
        ("emacs", "thread", "ctrl+x ctrl+c", "app.quit"),
        ("emacs", "article", "ctrl+g", "pane.back"),
        ("emacs", "article", "ctrl+s", "find.here"),
    ],
)
def test_fingers_find_what_they_know(name: str, pane: str, keys: str, id: str) -> None:
    keymap, _ = build(COMMANDS, {}, PRESETS[name].keys)
    assert keymap.bindings(pane)[tuple(keys.split())].id == id


def test_the_settings_choose_one_and_clash_with_it_by_line(tmp_path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(
        '[keys]\npreset = "newsboat"\n"entry.star" = "f"\n[macros]\n"u" = "entry.star"\n"U x" = "entry.star"\n'
    )
    config, faults = load(path)
    assert (config.preset, config.keys) == ("newsboat", {"entry.star": ("f",)})
    assert [str(fault) for fault in faults] == [
        "config.toml:5: macros.u: u is already the key of link.list",
        "config.toml:6: macros.U x: U x and U (act.undo) begin alike",
    ]


def test_a_preset_that_is_none_is_told_with_its_line(tmp_path) -> None:
    path = tmp_path / "config.toml"
    path.write_text('preset = "vim"\n[keys]\npreset = "spacemacs"\n"entry.star" = "f"\n')
    config, faults = load(path)
    assert (config.preset, config.keys) == ("", {"entry.star": ("f",)})
    assert [str(fault) for fault in faults] == [
        "config.toml:1: preset: there is no such section",
        "config.toml:3: keys.preset: there is no preset “spacemacs”; there are default, vim, newsboat, emacs",
    ]
