"""What runs beside the keys: in groups, the newest alone where that is asked, and no fault is lost."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

import pytest

from tui_reader.tui.tasks import Tasks


@pytest.fixture
def failures() -> list[Exception]:
    return []


@pytest.fixture
def tasks(failures: list[Exception]) -> Tasks:
    return Tasks(failures.append)


def note(told: list[str], word: str) -> Coroutine[Any, Any, None]:
    async def work() -> None:
        await asyncio.sleep(0)
        told.append(word)

    return work()


async def ended(tasks: Tasks) -> None:
    await asyncio.wait(tasks.running())
    await asyncio.sleep(0)


async def test_a_group_holds_several_and_the_newest_alone_when_asked(tasks: Tasks) -> None:
    told: list[str] = []
    for word in ("a", "b"):
        tasks.start(note(told, word), group="one")
    tasks.start(note(told, "c"), group="other")
    assert len(tasks.running()) == 3
    assert len(tasks.running({"one"})) == 2
    tasks.start(note(told, "d"), group="one", newest=True)
    await ended(tasks)
    assert told == ["c", "d"]
    assert tasks.running() == []


async def test_what_fails_is_told_and_what_is_given_up_is_not(tasks: Tasks, failures: list[Exception]) -> None:
    async def fail() -> None:
        await asyncio.sleep(0)
        raise ValueError("no")

    tasks.start(fail(), group="fails")
    tasks.start(asyncio.sleep(60), group="waits")
    tasks.cancel("waits")
    await ended(tasks)
    assert [str(error) for error in failures] == ["no"]


@pytest.mark.filterwarnings("error")
async def test_what_is_given_up_before_it_began_leaves_nothing_behind(tasks: Tasks) -> None:
    told: list[str] = []
    tasks.start(note(told, "never"), group="one")
    tasks.cancel()
    await ended(tasks)
    assert told == []
