"""The table of commands holds together."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from tui_reader.commands import COMMANDS, Command
from tui_reader.keymap import build, check


def test_ids_are_unique_and_read_family_verb() -> None:
    assert [id for id, times in Counter(command.id for command in COMMANDS).items() if times > 1] == []
    assert [command.id for command in COMMANDS if not re.fullmatch(r"[a-z]+\.[a-z_]+", command.id)] == []


def test_every_sentence_says_what_happens() -> None:
    for command in COMMANDS:
        assert command.sentence[:1].isupper(), command.id
        assert not command.sentence.endswith("."), command.id
        assert len(command.sentence) <= 80, command.id


def test_the_default_keys_are_keys_and_do_not_clash() -> None:
    assert check(COMMANDS, {command.id: command.keys for command in COMMANDS}) == ()


def test_every_default_key_is_bound() -> None:
    keymap, _ = build(COMMANDS, {})
    for command in COMMANDS:
        assert keymap.keys_of(command.id) == command.keys


@pytest.mark.parametrize(
    ("pane", "key", "id"),
    [
        ("feeds", "j", "move.down"),
        ("entries", "space", "read.on"),
        ("entries", "n", "entry.next_unread"),
        ("thread", "n", "thread.next_new"),
        ("entries", "J", "feed.next"),
        ("thread", "J", "thread.next_sibling"),
        ("thread", "}", "thread.next_top"),
        ("article", "f", "link.follow"),
        ("feeds", "!", "error.details"),
        ("article", "?", "app.help"),
        ("article", "ctrl+p", "app.palette"),
        ("article", ":", "app.command"),
        ("feeds", "g g", "move.top"),
        ("feeds", "z z", "pane.zoom"),
        ("feeds", "z a", "feed.fold"),
        ("article", "y y", "copy.link"),
        ("article", "y f", "copy.number"),
        ("thread", "enter", "thread.in"),
        ("entries", "enter", "pane.open"),
    ],
)
def test_a_key_does_in_a_pane_what_readers_expect(pane: str, key: str, id: str) -> None:
    keymap, _ = build(COMMANDS, {})
    assert keymap.bindings(pane)[tuple(key.split())].id == id


def test_a_row_needs_no_more_than_an_id_a_sentence_and_keys() -> None:
    command = Command("entry.fold", "Fold the entry", ("F",))
    assert (command.context, command.hint) == ("any", "")
