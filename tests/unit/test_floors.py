"""What a part pulls in when it is imported: the floors, as the interpreter sees them."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

LOOK = """
import json, sys
before = set(sys.modules)
import {module}
print(json.dumps(sorted(set(sys.modules) - before)))
"""


def loaded_by(module: str) -> set[str]:
    code = LOOK.format(module=module)
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    return set(json.loads(answer.stdout))


READY = {"httpx", "feedparser", "selectolax", "pygments", "PIL", "lxml", "readability", "difflib", "xml", "xml.sax",
         "tomllib", "secrets", "importlib.resources", "tui_reader.store.search",
         "tui_reader.net", "tui_reader.parse.xml", "tui_reader.parse.strict", "tui_reader.refresh", "tui_reader.worker",
         "tui_reader.discussion", "tui_reader.sources", "tui_reader.newsboat", "tui_reader.demo",
         "tui_reader.exporting", "tui_reader.document.html", "tui_reader.document.layout"}  # fmt: skip
"""What the first screen can be painted without."""


def test_the_first_screen_does_not_wait_for_what_it_does_not_show() -> None:
    loaded = loaded_by("tui_reader.cli.session, tui_reader.cli.screen, tui_reader.tui.app, tui_reader.tui.wardrobe")
    by_textual = loaded_by("textual.app, textual.widgets._input")
    assert not (loaded - by_textual) & READY
    assert len([name for name in loaded if name.startswith("tui_reader.")]) <= 109


@pytest.mark.parametrize(
    ("module", "absent"),
    [
        ("tui_reader.tui.app", {"feedparser", "httpx", "httpcore", "PIL", "textual_image"}),
        ("tui_reader.library", {"feedparser", "httpx", "httpcore", "textual", "rich.console"}),
        ("tui_reader.cli.glimpse, tui_reader.cli.places", {"asyncio", "msgspec", "tomllib", "tui_reader.config"}),
        ("tui_reader.cli.main", {"feedparser", "httpx", "textual", "rich.console", "sqlite3", "selectolax"}),
        ("tui_reader.refresh.run", {"httpx", "httpcore", "tui_reader.net.client", "feedparser"}),
        ("tui_reader.net.process", {"httpx", "httpcore", "tui_reader.net.client"}),
        ("tui_reader.children", {"asyncio"}),
        ("tui_reader.worker.child", {"httpx", "textual", "rich.console", "sqlite3"}),
        ("tui_reader.document.layout", {"textual", "rich.console", "sqlite3", "httpx", "feedparser"}),
        ("tui_reader.model", {"textual", "rich.console", "sqlite3", "httpx", "feedparser", "selectolax"}),
        ("tui_reader.tui.widgets.rows", {"tui_reader.model", "tui_reader.library", "sqlite3"}),
    ],
)
def test_a_part_does_not_load_what_lies_above_it_or_can_wait(module: str, absent: set[str]) -> None:
    assert not loaded_by(module) & absent
