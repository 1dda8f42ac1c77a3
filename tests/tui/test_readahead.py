"""What is likely to be opened next is ready before it is asked for, and is never older than the library."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from tests.tui.conftest import Start
from tests.tui.fake import DAY, FakeLibrary
from tui_reader.errors import NotFound
from tui_reader.model import Change, EntryRow, Thread
from tui_reader.tui import readahead
from tui_reader.tui.readahead import ReadAhead
from tui_reader.tui.view import Pane


def rows(library: FakeLibrary, *ids: int) -> list[EntryRow]:
    return [library._row(number) for number in ids]


async def test_what_was_prepared_is_taken_once(library: FakeLibrary) -> None:
    ahead = ReadAhead(library)  # type: ignore[arg-type]
    await ahead.prepare(rows(library, 1, 2))
    ready = ahead.take(1)
    assert ready is not None
    assert ready.text is not None
    assert ready.entry == await library.entry(1)
    assert ready.thread == await library.thread(1)
    assert ready.text.document.blocks
    assert ahead.take(1) is None


async def test_only_what_was_asked_for_last_is_held(library: FakeLibrary) -> None:
    ahead = ReadAhead(library)  # type: ignore[arg-type]
    await ahead.prepare(rows(library, 1, 2))
    await ahead.prepare(rows(library, 2, 3))
    assert ahead.take(1) is None
    assert ahead.take(2) is not None
    assert ahead.take(3) is not None


@pytest.mark.parametrize(
    ("change", "left"),
    [
        (Change(entries=frozenset({1})), [2]),
        (Change(threads=frozenset({2})), [1]),
        (Change(subscriptions=True), []),
        (Change(everything=True), []),
        (Change(feeds=frozenset({1}), entries=frozenset({3})), [1, 2]),
    ],
)
async def test_what_a_change_concerns_is_forgotten(library: FakeLibrary, change: Change, left: list[int]) -> None:
    ahead = ReadAhead(library)  # type: ignore[arg-type]
    await ahead.prepare(rows(library, 1, 2))
    ahead.note(change)
    assert [number for number in (1, 2) if ahead.take(number) is not None] == left


def held(answer: Callable[[int], Coroutine[Any, Any, Thread]], gate: asyncio.Event) -> Any:
    async def thread(entry_id: int) -> Thread:
        told = await answer(entry_id)
        await gate.wait()
        return told

    return thread


async def test_what_changes_while_it_is_read_is_not_held(library: FakeLibrary, monkeypatch: pytest.MonkeyPatch) -> None:
    gate = asyncio.Event()
    monkeypatch.setattr(library, "thread", held(library.thread, gate))
    ahead = ReadAhead(library)  # type: ignore[arg-type]
    reading = asyncio.create_task(ahead.prepare(rows(library, 1)))
    await asyncio.sleep(0)
    assert ahead.take(1) is None, "half of it is nothing"
    reading.cancel()
    reading = asyncio.create_task(ahead.prepare(rows(library, 1)))
    await asyncio.sleep(0)
    ahead.note(Change(entries=frozenset({1})))
    gate.set()
    await reading
    assert ahead.take(1) is None


async def test_a_fault_is_told_when_the_entry_is_opened_and_not_before(
    library: FakeLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def gone(entry_id: int) -> Thread:
        raise NotFound("it is gone")

    monkeypatch.setattr(library, "thread", gone)
    ahead = ReadAhead(library)  # type: ignore[arg-type]
    await ahead.prepare(rows(library, 1, 2))
    assert ahead.take(1) is None


async def test_what_takes_long_to_read_is_left(library: FakeLibrary, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readahead, "MOST_COMMENTS", 2)
    monkeypatch.setattr(readahead, "MOST_CHARACTERS", 100)
    talked = library.entry_of(1, "Talked about", DAY, comments_stored=3)
    long = library.entry_of(1, "Long", DAY, html=f"<p>{'word ' * 50}</p>")
    short = library.entry_of(1, "Short", DAY)
    ahead = ReadAhead(library)  # type: ignore[arg-type]
    await ahead.prepare(rows(library, talked, long, short))
    assert [ahead.take(number) is not None for number in (talked, long, short)] == [False, False, True]


# ---------------------------------------------------------------- on the screen


async def test_the_next_article_is_asked_for_before_its_key(
    desk: Start, library: FakeLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    thread = library.thread

    async def noted(entry_id: int) -> Thread:
        asked.append(entry_id)
        return await thread(entry_id)

    async with desk("wide") as it:
        main = it.main
        await it.press("g", "2")
        main.still = False
        monkeypatch.setattr(library, "thread", noted)
        here, following = main.entries.ids[:2]
        await it.press("G", "g", "g")
        await it.press()
        assert asked[-2:] == [here, following], "what is under the cursor, and the next unread one"
        await it.press("enter")
        assert main.reading.entry.row.id == here
        assert asked.count(here) == 1
        await it.press("n")
        assert main.reading.entry.row.id == following
        assert asked.count(following) == 1
        assert main.entries.rows[following].title in it.screen
        main.still = True


async def test_the_open_article_is_not_read_again_and_stays_where_it_is_read(
    desk: Start, library: FakeLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    long = library.entry_of(1, "A long one", 1, html="<p>word</p>" * 300)
    async with desk("wide") as it:
        main = it.main
        await main.open_scope(main.view.scope, cursor=long)
        await it.press("enter", "space", "space")
        top = main.article.top
        assert top > 20
        await it.press("m", "q")
        assert main.view.pane is Pane.ENTRIES
        assert not (await library.entry(long)).row.read
        monkeypatch.setattr(main.article, "open", None)
        await it.press("enter")
        assert main.view.pane is Pane.ARTICLE
        assert main.article.top == top
        assert (await library.entry(long)).row.read, "opened is read"
