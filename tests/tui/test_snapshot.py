"""Pictures of any state, from a real library: the same every time, and nothing is changed by taking one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.running import Reader, blog
from tests.site import Site
from tui_reader.config import Config
from tui_reader.tui.snapshot import render

NOW = 1_767_268_800


@pytest.fixture
def reader(tmp_path: Path) -> Reader:
    reader = Reader(tmp_path)
    with Site() as site:
        assert reader("add", blog(site, "/feed", "A blog", "one", "two", "three")).code == 0
        entry = next(entry for entry in reader("list", "--json").json if entry["title"] == "Two")
        assert reader("thread", entry["id"]).code == 0
    return reader


async def shot(reader: Reader, *keys: str, open_entry: int | None = None, form: str = "txt") -> str:
    return await render(
        reader.library,
        Config(),
        size=(120, 35),
        keys=keys,
        now=NOW,
        open_entry=open_entry,
        form=form,  # type: ignore[arg-type]
    )


async def test_the_same_state_is_the_same_picture(reader: Reader) -> None:
    for form in ("txt", "svg"):
        assert await shot(reader, "j", "enter", "c", form=form) == await shot(reader, "j", "enter", "c", form=form)


async def test_keys_are_pressed_and_change_nothing(reader: Reader) -> None:
    before = reader("list", "--json").json
    files = {path.name for path in reader.folder.iterdir()}
    drawn = await shot(reader, "j", "enter", "s", "A")
    assert "★" in drawn
    assert "0 unread" in drawn
    assert reader("list", "--json").json == before
    assert {path.name for path in reader.folder.iterdir()} == files


async def test_it_opens_with_an_entry_and_its_discussion(reader: Reader) -> None:
    entry = next(entry for entry in reader("list", "--json").json if entry["title"] == "Two")
    drawn = await shot(reader, "c", open_entry=entry["id"])
    assert "First thought." in drawn
    assert "└ Cy" in drawn
    assert "An answer with marzipan." in drawn


async def test_a_question_may_stand_open(reader: Reader) -> None:
    drawn = await shot(reader, "/", "o", "n", "e")
    assert "filter one" in drawn
    assert "1 article" in drawn
