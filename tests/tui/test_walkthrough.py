"""A first evening with the reader, key by key: once on a pilot, and in real terminals of two sizes.

Each step is what is typed and what must then be on the screen; both fronts walk the same list.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.cli.running import Reader, blog
from tests.faults.terminals import Terminal
from tests.site import Site
from tui_reader.config import load
from tui_reader.library import Library
from tui_reader.tui.app import ReaderApp
from tui_reader.tui.snapshot import screen_text

NAMES = ("one", "two", "three", "four", "five")
NAMED = {"space": b" ", "ctrl+u": b"\x15", "enter": b"\r", "escape": b"\x1b", "tab": b"\t", "ctrl+p": b"\x10"}
"""The bytes a terminal sends for keys that are no characters."""
PATIENCE = 40
"""Seconds that a step may take before the walk is given up."""


@dataclass(frozen=True)
class Step:
    """Keys one after another, and whether the screen shows what it must afterwards."""

    keys: tuple[str, ...]
    seen: Callable[[str], bool]


def step(keys: str, *texts: str, words: str = "", then: str = "", without: str = "") -> Step:
    """A step: keys with spaces between, words typed letter by letter, more keys; what is seen, and what is not."""
    typed = ["space" if letter == " " else letter for letter in words]
    return Step(
        (*keys.split(), *typed, *then.split()),
        lambda screen: all(text in screen for text in texts) and not (without and without in screen),
    )


def walk(url: str) -> Iterator[Step]:
    """Add, refresh, filter, search, mark in bulk, undo, keep a smart feed, star, tag, palette, help."""
    yield step("a", "A blog", "Five", words=url, then="enter")
    yield step("g 2", "5 unread")
    yield step("r", "nothing new")
    yield step("/", "Three", words="title:three", then="enter", without="Four")
    yield step("escape", "Three", "Four")
    yield step("g g v j j m", "3 marked read", "2 unread")
    yield step("u", "5 unread")
    yield step("\\", "Search", "Two", words="about two", then="enter", without="Three")
    yield step("escape", "One", "Five", "5 unread")
    yield step("g 2 g g s", "★")
    yield step("t", words="rust", then="enter")
    yield step("/", "Five", words="tag:rust", then="enter", without="Four")
    yield step("e f enter ctrl+u", "its name")
    yield step("", "Rusty", words="Rusty", then="enter", without="its name")
    yield step("ctrl+p", "Show every key", words="every key")
    yield step("enter", "Everywhere", "Go down")
    yield step("escape", "A blog", without="Everywhere")
    yield step("?", "Everywhere", "Go down")
    yield step("escape", "A blog", without="Everywhere")


@pytest.fixture
def world(tmp_path: Path) -> Iterator[tuple[Reader, str]]:
    """An empty library, and a blog of five posts that may be asked again at once."""
    reader = Reader(tmp_path)
    reader.config.write_text("[refresh]\nminimum_interval = 1\n", encoding="utf-8")
    with Site() as site:
        yield reader, blog(site, "/feed", "A blog", *NAMES)


async def test_on_a_pilot(world: tuple[Reader, str]) -> None:
    reader, url = world
    config, faults = load(reader.config)
    assert not faults
    library = await Library.open(reader.library, config, clock=lambda: int(time.time()))
    app = ReaderApp(library, config, clock=lambda: int(time.time()), zone=UTC)
    try:
        async with app.run_test(size=(120, 35)) as pilot:
            for place in walk(url):
                await pilot.press(*place.keys)
                await until(app, pilot, place)
            await pilot.press("Q")
        assert app.return_code == 0
    finally:
        await library.close()


async def until(app: ReaderApp, pilot: Pilot[str], place: Step) -> None:
    end = time.monotonic() + PATIENCE
    while not place.seen(screen_text(app)):
        assert time.monotonic() < end, f"{place.keys}\n{screen_text(app)}"
        await pilot.pause(0.05)


@pytest.mark.parametrize(("columns", "rows"), [(120, 35), (80, 24)])
def test_in_a_real_terminal(world: tuple[Reader, str], columns: int, rows: int) -> None:
    reader, url = world
    terminal = Terminal(reader, columns=columns, rows=rows, offline=False)
    terminal.until(lambda screen: "add" in screen)
    for place in walk(url):
        for key in place.keys:
            terminal.child.send(NAMED.get(key, key.encode()))
            if key == "escape":
                time.sleep(0.2)  # with what follows it at once it would be one key, as alt and a letter are
        terminal.until(place.seen, seconds=PATIENCE)
    terminal.child.send(b"Q")
    assert terminal.ended() == 0
