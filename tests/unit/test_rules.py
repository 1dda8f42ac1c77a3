"""What a rule may say, and what is told of one that says something else."""

from __future__ import annotations

from pathlib import Path

import pytest

from tui_reader import config
from tui_reader.model import Alert
from tui_reader.rules import Rule, RuleFault, rule
from tui_reader.tui.notify import sequence


def test_a_rule_is_a_query_and_its_acts() -> None:
    do = [
        "mark-read",
        "star",
        "hide",
        "notify",
        "tag two words",
        "tag 'rust'",
        "run echo 'a b' c",
        ["run", "x", "$y z"],
    ]
    assert rule({"when": "a b", "do": do}, 3) == Rule(
        3,
        "a b",
        mark_read=True,
        star=True,
        hide=True,
        notify=True,
        tags=("two words", "rust"),
        runs=(("echo", "a b", "c"), ("x", "$y z")),
    )
    assert rule({"when": "(from:ann OR x) -is:read", "do": ["star"]}, 1).of_comments
    assert not rule({"when": "", "do": ["star"]}, 1).of_comments


@pytest.mark.parametrize(
    ("table", "key", "position", "said"),
    [
        ({"when": "is:new", "do": ["star"]}, "when", 3, "is: knows no “new”"),
        ({"when": 3, "do": ["star"]}, "when", None, "a rule wants a query"),
        ({"do": ["star"]}, "when", None, "a rule wants a query"),
        ({"when": "a"}, "do", None, "a rule wants a list of acts"),
        ({"when": "a", "do": []}, "do", None, "a rule wants a list of acts"),
        ({"when": "a", "do": "star"}, "do", None, "a rule wants a list of acts"),
        ({"when": "a", "do": ["star it"]}, "do", None, "star stands alone, without “it”"),
        ({"when": "a", "do": ["delete"]}, "do", None, "there is no act “delete”, only mark-read, star"),
        ({"when": "a", "do": ["tag"]}, "do", None, "tag wants a name"),
        ({"when": "a", "do": [f"tag {'x' * 81}"]}, "do", None, "tag wants a name of at most 80"),
        ({"when": "a", "do": ["run"]}, "do", None, "run wants a command"),
        ({"when": "a", "do": ["run 'x"]}, "do", None, "a quote in this act is not closed"),
        ({"when": "a", "do": ["run a\0b"]}, "do", None, "an act wants a name"),
        ({"when": "a", "do": [""]}, "do", None, "an act wants a name"),
        ({"when": "a", "do": [[]]}, "do", None, "an act is a text, or a list of words"),
        ({"when": "a", "do": [7]}, "do", None, "an act is a text, or a list of words"),
        ({"when": "comment:a", "do": ["hide"]}, "do", None, "a rule about comments cannot hide"),
        ({"when": "from:a", "do": ["tag x"]}, "do", None, "a rule about comments cannot tag"),
        ({"when": "a", "do": ["star"], "name": "x"}, "name", None, "a rule has only when and do"),
    ],
)
def test_a_faulty_rule_says_what_is_wrong(table: dict[str, object], key: str, position: int | None, said: str) -> None:
    with pytest.raises(RuleFault, match=said) as fault:
        rule(table, 1)
    assert (fault.value.key, fault.value.position) == (key, position)


def test_a_faulty_rule_is_told_with_its_place_and_costs_itself_only(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(
        "[ui]\nwidth = 60\n\n[[rules]]\nwhen = 'feed:a autor:b'\ndo = ['star']\n\n"
        '[[ rules ]]\ndo = ["star"]\nwhen = "ok"\n[[rules]]\n  do = [\n"delete"]\nwhen="a"\n[[rules]]\ndo = ["star"]\n'
        '[[rules]]\nwhen = "\\"a\\" is:so"\ndo=["star"]\n[network]\ntimeout = 9\n'
    )
    settings, faults = config.load(path)
    assert [str(fault).partition(": ")[0] for fault in faults] == [
        "config.toml:5:16",
        "config.toml:12:8",
        "config.toml:15",
        "config.toml:18:8",
    ]
    assert str(faults[0]) == "config.toml:5:16: rule 1: there is no field autor: (did you mean author:)"
    assert [one.number for one in settings.rules] == [2]
    assert (settings.ui.width, settings.network.timeout) == (60, 9)


@pytest.mark.parametrize("text", ["rules = 3", "[rules]\nwhen = 'a'", "rules = ['a']"])
def test_rules_that_are_no_tables_are_told(tmp_path: Path, text: str) -> None:
    path = tmp_path / "config.toml"
    path.write_text(text)
    settings, faults = config.load(path)
    assert [str(fault) for fault in faults] == ["config.toml:1: rules: should be tables, [[rules]] each"]
    assert settings.rules == ()


def test_there_are_only_so_many_rules(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text("[[rules]]\nwhen = 'a'\ndo = ['star']\n" * 102)
    settings, faults = config.load(path)
    assert len(settings.rules) == 100
    assert [str(fault) for fault in faults] == ["config.toml:301: rules: only the first 100 are used"]


@pytest.mark.parametrize(
    ("how", "environ", "written"),
    [
        ("auto", {}, "\x1b]9;a;b · c\x1b\\"),
        ("auto", {"TERM": "foot-extra"}, "\x1b]777;notify;a,b;c\x1b\\"),
        ("auto", {"VTE_VERSION": "7600"}, "\x1b]777;notify;a,b;c\x1b\\"),
        ("9", {"TERM": "foot"}, "\x1b]9;a;b · c\x1b\\"),
        ("777", {"TMUX": "x"}, "\x1bPtmux;\x1b\x1b]777;notify;a,b;c\x1b\x1b\\\x1b\\"),
        ("off", {}, ""),
    ],
)
def test_the_terminal_is_asked_in_its_own_way(how: str, environ: dict[str, str], written: str) -> None:
    assert sequence(Alert("a;b", "c"), how, environ) == written  # type: ignore[arg-type]


def test_nothing_of_a_feed_reaches_the_terminal_raw() -> None:
    asked = sequence(Alert("4;1\x1b]0;x\x07\x9c" + "w" * 500, "\x1b\\\nb"), "9", {})
    assert asked.startswith("\x1b]9;4,1")
    assert asked.endswith("\x1b\\")
    assert all(character.isprintable() for character in asked[1:-2])
    assert len(asked) < 500
