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


@pytest.mark.parametrize(
    ("module", "absent"),
    [
        ("tui_reader.tui.app", {"feedparser", "httpx", "httpcore", "PIL", "textual_image"}),
        ("tui_reader.library", {"feedparser", "httpx", "httpcore", "textual", "rich.console"}),
        ("tui_reader.cli.main", {"feedparser", "httpx", "textual", "rich.console", "sqlite3", "selectolax"}),
        ("tui_reader.worker.child", {"httpx", "textual", "rich.console", "sqlite3"}),
        ("tui_reader.document.layout", {"textual", "rich.console", "sqlite3", "httpx", "feedparser"}),
        ("tui_reader.model", {"textual", "rich.console", "sqlite3", "httpx", "feedparser", "selectolax", "msgspec"}),
        ("tui_reader.tui.widgets.rows", {"tui_reader.model", "tui_reader.library", "sqlite3"}),
    ],
)
def test_a_part_does_not_load_what_lies_above_it_or_can_wait(module: str, absent: set[str]) -> None:
    assert not loaded_by(module) & absent
