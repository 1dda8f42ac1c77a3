"""The user's settings: one fault costs one key."""

from __future__ import annotations

from pathlib import Path

import pytest

from tui_reader import config
from tui_reader.config import Config, load


def loaded(path: Path, text: str | bytes) -> tuple[Config, list[str]]:
    path /= "config.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    settings, faults = load(path)
    return settings, [str(fault) for fault in faults]


def test_no_file_means_the_defaults(tmp_path: Path) -> None:
    assert load(None) == (Config(), ())
    assert load(tmp_path / "none.toml") == (Config(), ())


def test_an_empty_file_means_the_defaults(tmp_path: Path) -> None:
    assert loaded(tmp_path, "") == (Config(), [])


def test_what_is_said_is_used(tmp_path: Path) -> None:
    settings, faults = loaded(
        tmp_path,
        """
        [ui]
        width = 60
        [refresh]
        interval = 90
        auto = false
        [open]
        browser = ["firefox", "--new-tab"]
        [keys]
        "entry.star" = "*"
        entry.mark_all = ["X", "ctrl+a"]
        "act.undo" = ""
        """,
    )
    assert faults == []
    assert settings.ui.width == 60
    assert (settings.refresh.interval, settings.refresh.auto, settings.refresh.on_start) == (90, False, True)
    assert settings.open.browser == ("firefox", "--new-tab")
    assert settings.keys == {"entry.star": ("*",), "entry.mark_all": ("X", "ctrl+a"), "act.undo": ()}


@pytest.mark.row("D02")
def test_each_fault_has_its_line_and_costs_only_itself(tmp_path: Path) -> None:
    settings, faults = loaded(
        tmp_path,
        '[ui]\nwidth = "wide"\nlayout = "wide"\nmouse = true\n\n[refresh]\ninterval = 5\nauto = false\n\n[sound]\n'
        '\n[keys]\n"entry.star" = 7\n"entry.sar" = "x"\n"act.undo" = "U"\n',
    )
    assert [fault.partition(": ")[0] for fault in faults] == [
        "config.toml:2",
        "config.toml:4",
        "config.toml:7",
        "config.toml:10",
        "config.toml:13",
        "config.toml:14",
    ]
    assert "ui.width: " in faults[0]
    assert "78 is used" in faults[0]
    assert faults[1] == "config.toml:4: ui.mouse: there is no such setting"
    assert faults[3] == "config.toml:10: sound: there is no such section"
    assert faults[5] == "config.toml:14: keys.entry.sar: there is no such command"
    assert settings.ui.layout == "wide"
    assert settings.ui.width == 78
    assert settings.refresh.interval == 60
    assert settings.refresh.auto is False
    assert settings.keys == {"act.undo": ("U",)}


def test_a_faulty_key_is_dropped_and_the_others_of_its_command_hold(tmp_path: Path) -> None:
    settings, faults = loaded(tmp_path, '[keys]\n"entry.star" = ["5", "*"]\n"entry.mark_all" = "7"\n')
    assert faults == [
        "config.toml:2: keys.entry.star: 5: a digit is a count",
        "config.toml:3: keys.entry.mark_all: 7: a digit is a count",
    ]
    assert settings.keys == {"entry.star": ("*",)}


def test_clashing_keys_are_told_with_their_line(tmp_path: Path) -> None:
    settings, faults = loaded(tmp_path, '[keys]\n"entry.star" = "x"\n"entry.mark_all" = "x"\n')
    assert faults == ["config.toml:3: keys.entry.mark_all: x is already the key of entry.star"]
    assert settings.keys == {"entry.star": ("x",)}


def test_macros_are_read_and_their_faults_have_a_line(tmp_path: Path) -> None:
    settings, faults = loaded(
        tmp_path,
        '[macros]\n", x" = ["entry.star", "entry.tag rust"]\n"," = "entry.sar"\n", =" = "entry.star"\n"s" = "move.down"\n'
        '", q" = 7\n\', "\' = "entry.star"\n"\\\\" = "entry.star"\n[keys]\n"entry.mark_all" = ", x"\n',
    )
    assert faults == [
        "config.toml:6: macros., q: should be a command or a list of commands, as text",
        "config.toml:2: macros., x: , x is already the key of entry.mark_all",
        "config.toml:3: macros.,: entry.sar: there is no such command",
        "config.toml:5: macros.s: s is already the key of entry.star",
        "config.toml:8: macros.\\: \\ is already the key of find.everywhere",
    ]
    assert settings.macros == {", =": ("entry.star",), ', "': ("entry.star",)}


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("[ui\nwidth = 3", "config.toml:1:4: "),
        ("[ui]\nwidth = \n", "config.toml:2:9: "),
        ("[ui]\nwidth = [1,", "config.toml:2:12: "),
        ("[ui]\nwidth = 60\nwidth = 70\n", "config.toml:3:"),
        (b"\xff\xfe[ui]", "config.toml: "),
        (b"\x00\x01\x02", "config.toml:1:1: "),
        ("x = " + "[" * 100_000, "config.toml: "),
    ],
)
@pytest.mark.row("D02")
def test_a_broken_file_is_told_with_its_place_and_the_defaults_are_used(
    tmp_path: Path, text: str | bytes, place: str
) -> None:
    settings, faults = loaded(tmp_path, text)
    assert settings == Config()
    assert len(faults) == 1
    assert faults[0].startswith(place)
    assert faults[0].endswith("the defaults are used")
    assert faults[0].isprintable()


@pytest.mark.row("D02")
def test_a_byte_order_mark_and_windows_line_ends_are_fine(tmp_path: Path) -> None:
    settings, faults = loaded(tmp_path, b"\xef\xbb\xbf[ui]\r\nwidth = 50\r\n")
    assert (settings.ui.width, faults) == (50, [])


@pytest.mark.row("D02")
def test_a_folder_in_place_of_the_file_is_told(tmp_path: Path) -> None:
    settings, faults = load(tmp_path)
    assert settings == Config()
    assert "cannot be read" in str(faults[0])


@pytest.mark.row("D02")
def test_the_file_is_never_written(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(b"[ui\nbroken")
    load(path)
    assert path.read_bytes() == b"[ui\nbroken"


@pytest.mark.row("D02")
def test_escape_sequences_in_it_do_not_reach_the_terminal(tmp_path: Path) -> None:
    _, faults = loaded(tmp_path, '[keys]\n"a\\u001b]52;c;aGk=\\u0007b" = "x"\n["\\u001b[31mui"]\n')
    assert all(fault.isprintable() for fault in faults)


def test_every_setting_says_what_it_does() -> None:
    for section in config.SECTIONS.values():
        told = config.fields(section)
        assert [name for name, _, _ in told] == list(section.__struct_fields__)
        assert all(text.endswith(".") for _, text, _ in told)


def test_a_setting_of_another_name_is_told_with_what_to_write(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text("[ui]\nmark_read_on_open = false\n", encoding="utf-8")
    settings, (fault,) = load(path)
    assert settings.ui.mark_read == "open"
    assert str(fault) == (
        'config.toml:2: ui.mark_read_on_open: write mark_read = "open", "scroll" or "hand"; "open" is used'
    )
