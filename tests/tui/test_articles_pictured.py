"""Articles of every awkward kind as pictures, whole, at three widths; `make snap` takes them anew."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from textual.pilot import Pilot

from tests.tui.awkward import NAMES, opened_on
from tests.tui.conftest import reader
from tui_reader.tui.snapshot import settle

SIZES = {"wide": (120, 64), "medium": (80, 76), "narrow": (60, 82)}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", NAMES, ids=lambda name: name.partition(".")[0])
def test_an_awkward_article(snap_compare: Callable[..., bool], name: str, size: str) -> None:
    app = reader(opened_on(name))

    async def before(pilot: Pilot[str]) -> None:
        await settle(app, pilot)
        for key in ("enter", "z", "z"):
            await pilot.press(key)
            await settle(app, pilot)

    assert snap_compare(app, run_before=before, terminal_size=SIZES[size])
