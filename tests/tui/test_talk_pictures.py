"""Discussions of every shape as pictures, at three sizes; `make snap` takes them anew."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from datetime import UTC
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.tui import talk
from tests.tui.conftest import SIZES
from tui_reader.config import Config, Ui
from tui_reader.library import Library
from tui_reader.tui.app import ReaderApp
from tui_reader.tui.snapshot import settle

SHAPES = {
    "gap-and-mutes": (talk.LETTERS, ["n", "n"]),
    "deep": (talk.DEEP, ["G"]),
    "wide": (talk.WIDE, ["J"]),
    "news-only": (talk.LETTERS, ["z", "n"]),
    "empty": (talk.PAGE, []),
}


@pytest.fixture
def open_library(tmp_path: Path) -> Iterator[Callable[[Config], Library]]:
    talk.make(tmp_path / "library.db")
    opened: list[Library] = []

    def start(config: Config) -> Library:
        opened.append(asyncio.run(Library.open(tmp_path / "library.db", config, clock=lambda: talk.NOW, offline=True)))
        return opened[-1]

    yield start
    for library in opened:
        asyncio.run(library.close())


def taken(
    snap_compare: Callable[..., bool], library: Library, article: int, keys: list[str], size: str, config: Config
) -> bool:
    app = ReaderApp(library, config, clock=lambda: talk.NOW, zone=UTC, still=True, open_entry=article)

    async def before(pilot: Pilot[str]) -> None:
        await settle(app, pilot)
        for key in ["g", "4", *keys]:
            await pilot.press(key)
            await settle(app, pilot)

    return snap_compare(app, run_before=before, terminal_size=SIZES[size])


@pytest.mark.parametrize("size", ["wide", "medium", "narrow"])
@pytest.mark.parametrize("shape", SHAPES)
def test_a_discussion(
    snap_compare: Callable[..., bool], open_library: Callable[[Config], Library], shape: str, size: str
) -> None:
    article, keys = SHAPES[shape]
    assert taken(snap_compare, open_library(talk.CONFIG), article, keys, size, talk.CONFIG)


def test_a_discussion_in_ascii(snap_compare: Callable[..., bool], open_library: Callable[[Config], Library]) -> None:
    config = Config(ui=Ui(ascii=True))
    assert taken(snap_compare, open_library(config), talk.LETTERS, ["n"], "narrow", config)
