"""Keys become commands, one at a time."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_reader.commands import COMMANDS, Command
from tui_reader.keymap import START, Count, Keymap, Match, Prefix, State, Step, Unbound, build, check

DOWN = Command("move.down", "Go down", ("j", "down"))
TOP = Command("move.top", "Go to the top", ("g g",))
FEEDS = Command("pane.feeds", "Go to the feeds", ("g 1",))
STAR = Command("entry.star", "Star it", ("s",))
DELETE = Command("feed.remove", "Remove the feed", ("d d",), "feeds")
NEXT = Command("entry.next_unread", "Next unread", ("n",))
NEXT_NEW = Command("thread.next_new", "Next new comment", ("n",), "thread")
TABLE = (DOWN, TOP, FEEDS, STAR, DELETE, NEXT, NEXT_NEW)


def typed(keymap: Keymap, keys: str, context: str = "entries") -> tuple[State, Step]:
    state, step = START, Step
    for key in keys.split():
        state, step = keymap.feed(state, key, context)
    return state, step


@pytest.fixture
def keymap() -> Keymap:
    return build(TABLE, {})[0]


def test_a_key_names_its_command(keymap: Keymap) -> None:
    assert typed(keymap, "j") == (START, Match(DOWN, None))
    assert typed(keymap, "down") == (START, Match(DOWN, None))


def test_digits_are_a_count(keymap: Keymap) -> None:
    assert typed(keymap, "1 2") == (State(12), Count(12))
    assert typed(keymap, "1 2 j") == (START, Match(DOWN, 12))
    assert typed(keymap, "1 0 j") == (START, Match(DOWN, 10))


def test_a_zero_alone_is_no_count(keymap: Keymap) -> None:
    assert typed(keymap, "0") == (START, Unbound(("0",)))


def test_a_count_stays_small_however_long_it_is_leant_on(keymap: Keymap) -> None:
    state, _ = typed(keymap, " ".join("9" * 500))
    assert state.count == 99_999


def test_a_prefix_waits_and_tells_what_may_follow(keymap: Keymap) -> None:
    state, step = typed(keymap, "g")
    assert state == State(None, ("g",))
    assert step == Prefix(("g",), (("g", TOP), ("1", FEEDS)))
    assert keymap.feed(state, "g", "entries") == (START, Match(TOP, None))


def test_a_digit_after_a_prefix_is_a_key(keymap: Keymap) -> None:
    assert typed(keymap, "g 1") == (START, Match(FEEDS, None))


def test_a_count_goes_through_a_prefix(keymap: Keymap) -> None:
    assert typed(keymap, "7 g g") == (START, Match(TOP, 7))


def test_a_sequence_that_leads_nowhere_starts_over(keymap: Keymap) -> None:
    assert typed(keymap, "5 g x") == (START, Unbound(("g", "x")))


def test_a_pane_has_its_own_meaning_of_a_key(keymap: Keymap) -> None:
    assert typed(keymap, "n", "thread") == (START, Match(NEXT_NEW, None))
    assert typed(keymap, "n", "article") == (START, Match(NEXT, None))


def test_a_sequence_of_a_pane_is_not_hidden_by_a_general_key() -> None:
    keymap, faults = build(TABLE, {"entry.star": ("d",)})
    assert faults == ()
    assert typed(keymap, "d d", "feeds") == (START, Match(DELETE, None))
    assert typed(keymap, "d", "article") == (START, Match(STAR, None))


def test_a_single_key_of_a_pane_hides_general_sequences_there() -> None:
    keymap, _ = build(TABLE, {"thread.next_new": ("g",)})
    assert typed(keymap, "g", "thread") == (START, Match(NEXT_NEW, None))
    assert typed(keymap, "g g", "article") == (START, Match(TOP, None))


def test_the_user_rebinds_and_unbinds() -> None:
    keymap, faults = build(TABLE, {"entry.star": ("*", "ctrl+s"), "move.down": ()})
    assert faults == ()
    assert keymap.keys_of("entry.star") == ("*", "ctrl+s")
    assert keymap.keys_of("move.down") == ()
    assert typed(keymap, "j") == (START, Unbound(("j",)))


def test_a_key_the_user_gives_away_is_taken_from_its_default_command() -> None:
    keymap, faults = build(TABLE, {"entry.star": ("j",)})
    assert faults == ()
    assert typed(keymap, "j") == (START, Match(STAR, None))
    assert keymap.keys_of("move.down") == ("down",)


@pytest.mark.parametrize(
    ("overrides", "said"),
    [
        ({"entry.sar": ("x",)}, "keys.entry.sar: there is no such command"),
        ({"entry.star": ("x",), "move.down": ("x",)}, "keys.move.down: x is already the key of entry.star"),
        ({"entry.star": ("g",), "move.top": ("g g",)}, "keys.move.top: g g and g (entry.star) begin alike"),
        ({"entry.star": ("5",)}, "keys.entry.star: 5: a digit is a count"),
        ({"entry.star": ("Enter",)}, "keys.entry.star: Enter: there is no such key"),
        ({"entry.star": ("control+x",)}, "keys.entry.star: control+x: there is no such key"),
        ({"entry.star": (" ",)}, "keys.entry.star: an empty key"),
    ],
)
def test_what_cannot_be_is_told(overrides: dict[str, tuple[str, ...]], said: str) -> None:
    assert build(TABLE, overrides)[1] == (said,)
    assert [str(fault) for fault in check(TABLE, overrides)] == [said]


def test_the_first_of_two_clashing_keys_holds() -> None:
    keymap, _ = build(TABLE, {"entry.star": ("x",), "move.down": ("x", "y")})
    assert typed(keymap, "x") == (START, Match(STAR, None))
    assert keymap.keys_of("move.down") == ("y",)


TAG = Command("entry.tag", "Tag it", ("t",), argument="tag", acts=True)


def test_a_macro_is_a_command_made_of_commands() -> None:
    keymap, faults = build((*TABLE, TAG), {}, macros={"g  x": ("entry.tag rust", "move.down")})
    assert faults == ()
    _, step = typed(keymap, "3 g x", "thread")
    assert isinstance(step, Match)
    assert (step.count, step.command.steps) == (3, ("entry.tag rust", "move.down"))
    assert step.command.acts
    assert keymap.keys_of(step.command.id) == ("g x",)
    assert keymap.commands[-1] is step.command
    _, prefix = typed(keymap, "g")
    assert isinstance(prefix, Prefix)
    assert ("x", step.command) in prefix.menu


@pytest.mark.parametrize(
    ("keys", "steps", "said"),
    [
        ("x", ("entry.sar",), "macros.x: entry.sar: there is no such command"),
        ("x", (), "macros.x: no command is named"),
        ("x", ("move.down 5",), "macros.x: move.down takes nothing, so “5” is too much"),
        ("x", ("act.repeat",), "macros.x: a macro cannot repeat the last act, which it may be itself"),
        ("5 x", ("move.down",), "macros.5 x: 5 x: a digit is a count"),
        ("Enter", ("move.down",), "macros.Enter: Enter: there is no such key"),
        ("s", ("move.down",), "macros.s: s is already the key of entry.star"),
        ("d", ("move.down",), "macros.d: d and d d (feed.remove) begin alike"),
        ("g g", ("move.down",), "macros.g g: g g is already the key of move.top"),
    ],
)
def test_a_macro_that_cannot_be_is_told_and_left_out(keys: str, steps: tuple[str, ...], said: str) -> None:
    table = (*TABLE, TAG, Command("act.repeat", "Again", (".",)))
    keymap, faults = build(table, {}, macros={keys: steps, ",": ("move.down",)})
    assert faults == (said,)
    assert [command.id for command in keymap.commands if command.steps] == ["macro.,"]


def test_two_macros_that_begin_alike_clash() -> None:
    _, faults = build(TABLE, {}, macros={", a": ("move.down",), ",": ("move.down",)})
    assert faults == ("macros.,: , and , a (macro., a) begin alike",)


def test_a_preset_stands_between_the_user_and_the_default() -> None:
    preset = {"entry.star": ("*",), "move.down": ("s", "ctrl+n"), "entry.sar": ("x",)}
    keymap, faults = build(TABLE, {"move.down": ("*",)}, preset)
    assert faults == ()
    assert typed(keymap, "*") == (START, Match(DOWN, None))
    assert keymap.keys_of("entry.star") == ()
    keymap, _ = build(TABLE, {}, preset)
    assert typed(keymap, "s") == (START, Match(DOWN, None))
    assert keymap.keys_of("entry.star") == ("*",)


@given(st.lists(st.sampled_from([*string.printable.split()[0], "enter", "escape", "ctrl+p", "tab", "é"]), max_size=30))
def test_no_typing_confuses_it(keys: list[str]) -> None:
    keymap, _ = build(COMMANDS, {})
    state = START
    for key in keys:
        before = state
        state, step = keymap.feed(state, key, "thread")
        if isinstance(step, Match | Unbound):
            assert state == START
        elif isinstance(step, Prefix):
            assert state.pending == (*before.pending, key)
            assert step.menu
