"""The whole screen as pictures, at four sizes; `make snap` takes them anew."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from textual.pilot import Pilot

from tests.tui.conftest import SIZES, reader
from tests.tui.fake import FakeLibrary, world
from tui_reader.config import Config, Ui
from tui_reader.tui.app import ReaderApp
from tui_reader.tui.snapshot import settle

Compare = Callable[..., bool]

STATES = {
    "list": [],
    "article": ["enter"],
    "thread": ["enter", "l", "n"],
}


def taken(snap_compare: Compare, app: ReaderApp, keys: list[str], size: str) -> bool:
    async def before(pilot: Pilot[str]) -> None:
        await settle(app, pilot)
        for key in keys:
            await pilot.press(key)
            await settle(app, pilot)

    return snap_compare(app, run_before=before, terminal_size=SIZES[size])


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("state", STATES)
def test_reading(snap_compare: Compare, size: str, state: str) -> None:
    assert taken(snap_compare, reader(world()), STATES[state], size)


@pytest.mark.parametrize("size", SIZES)
def test_the_first_screen(snap_compare: Compare, size: str) -> None:
    assert taken(snap_compare, reader(FakeLibrary()), [], size)


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("help", ["question_mark"]),
        ("prefix", ["g"]),
        ("prompt", ["slash", "r", "u"]),
        ("trouble", ["R"]),
        ("details", ["R", "exclamation_mark"]),
        ("folded", ["enter", "l", "h"]),
        ("zoomed", ["enter", "z", "z"]),
        ("found", ["enter", "slash", "c", "a", "l", "m", "enter"]),
        ("feeds", ["h", "j"]),
    ],
)
def test_on_top_of_it(snap_compare: Compare, name: str, keys: list[str]) -> None:
    assert taken(snap_compare, reader(world()), keys, "medium")


@pytest.mark.parametrize("theme", ["dawn", "ansi"])
def test_other_themes(snap_compare: Compare, theme: str) -> None:
    assert taken(snap_compare, reader(world(), Config(ui=Ui(theme=theme))), ["enter", "l", "n"], "wide")
