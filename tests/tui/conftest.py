"""The screen on a library in memory, at a time that stands still."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC

import pytest
from textual.pilot import Pilot

from tests.tui.fake import NOW, FakeLibrary, world
from tests.tui.idle import wait_for_idle
from tui_reader.config import Config
from tui_reader.tui.app import ReaderApp
from tui_reader.tui.snapshot import screen_text, settle

SIZES = {"wide": (200, 50), "medium": (120, 35), "narrow": (80, 24), "small": (60, 15)}


class Desk:
    """A running reader to press keys on."""

    def __init__(self, app: ReaderApp, pilot: Pilot[str], library: FakeLibrary) -> None:
        self.app = app
        self.pilot = pilot
        self.library = library

    @property
    def main(self):
        return self.app.main

    async def press(self, *keys: str) -> None:
        """Press keys one after another, each when what the one before started has been shown."""
        await settle(self.app, self.pilot)
        for key in keys:
            await self.pilot.press(key)
            await settle(self.app, self.pilot)

    async def type(self, words: str) -> None:
        await self.press(*("space" if letter == " " else letter for letter in words))

    async def fill(self, words: str) -> None:
        """Have this in the line that is written in, at once: a path may be long."""
        await settle(self.app, self.pilot)
        self.app.focused.value = words
        await settle(self.app, self.pilot)

    @property
    def screen(self) -> str:
        return screen_text(self.app)

    @property
    def last_line(self) -> str:
        return self.screen.splitlines()[-1]


def reader(library: FakeLibrary, config: Config | None = None, **more: object) -> ReaderApp:
    return ReaderApp(library, config or Config(), clock=lambda: NOW, zone=UTC, still=True, **more)  # type: ignore[arg-type]


@pytest.fixture(scope="session", autouse=True)
def _idle_is_asked_not_guessed() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for module in ("textual.pilot", "textual.app"):
            patch.setattr(f"{module}.wait_for_idle", wait_for_idle)
        yield


@pytest.fixture
def library() -> FakeLibrary:
    return world()


Start = Callable[..., AbstractAsyncContextManager[Desk]]


@pytest.fixture
def desk(library: FakeLibrary) -> Start:
    @asynccontextmanager
    async def start(size: str = "wide", **more: object) -> AsyncIterator[Desk]:
        app = reader(library, **more)
        async with app.run_test(size=SIZES[size]) as pilot:
            await settle(app, pilot)
            yield Desk(app, pilot, library)

    return start
