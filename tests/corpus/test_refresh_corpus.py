"""Real feeds that nobody here wrote, over real HTTP, through the whole road: subscribe, refresh, again.

Every file is served by a loopback server and added as a person would add it. What is a feed is stored; what is none is
refused with a reason. A second, forced pass gets whole answers again and must find nothing new and nothing changed.
"""

from __future__ import annotations

import asyncio
import os
import re
import sqlite3
import time
from pathlib import Path

import pytest

from benchmarks.serve import FeedFolder
from tui_reader.config import Config, Refresh
from tui_reader.errors import Offline, ReaderError
from tui_reader.library import Choice, Library

CORPORA = Path(os.environ.get("TUI_READER_CORPORA") or Path(__file__).parents[3] / "shared" / "corpora")
HOSTS = 8
RAW = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
TEXTS = {
    "feed": ("title", "url", "site_url", "folder", "fault", "error", "words"),
    "entry": ("key", "url", "title", "author"),
    "content": ("guid", "html", "base", "tags", "comments_url"),
}


@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", ["real-feeds", "feedparser"])
async def test_everything_subscribes_and_a_second_pass_finds_nothing(name: str, tmp_path: Path) -> None:
    folder = CORPORA / name
    if not folder.is_dir():
        pytest.skip(f"corpus absent: {name} not run (set TUI_READER_CORPORA)")
    with FeedFolder(folder, hosts=HOSTS) as served:
        urls = served.urls()
        path = tmp_path / "library.db"
        config = Config(refresh=Refresh(minimum_interval=1))
        library = await Library.open(path, config, clock=lambda: int(time.time()))
        try:
            outcomes = await _add_all(library, urls)
            assert not [one for one in outcomes if one.startswith("crashed")]
            feeds = await library.feeds()
            assert len(feeds) > len(urls) // 3
            counted = (await library.counts()).all
            served.requests = 0
            second = await library.refresh(force=True)
        finally:
            await library.close()
        assert served.requests == len(feeds) == second.done
        assert [one for one in second.results if one.outcome != "unchanged"] == []
    assert _raw_texts(path) == []
    assert counted > 0


async def _add_all(library: Library, urls: list[str]) -> list[str]:
    """How each ended. Pages may name feeds out in the world: those cannot be reached, which is an answer too."""
    outcomes: list[str] = []

    async def work(mine: list[str]) -> None:
        for url in mine:
            try:
                async with asyncio.timeout(30):
                    added = await library.add(url)
            except (Offline, ReaderError) as error:
                outcomes.append(f"refused {url}: {error}")
            except Exception as error:
                outcomes.append(f"crashed {url}: {error!r}")
            else:
                outcomes.append("choice" if isinstance(added, Choice) else "added")

    await asyncio.gather(*(work(urls[number::HOSTS]) for number in range(HOSTS)))
    assert len(outcomes) == len(urls)
    return outcomes


def _raw_texts(path: Path) -> list[str]:
    found: list[str] = []
    db = sqlite3.connect(path)
    try:
        for table, columns in TEXTS.items():
            for row in db.execute(f"SELECT {', '.join(columns)} FROM {table}"):
                found += [repr(text)[:80] for text in row if isinstance(text, str) and RAW.search(text)]
    finally:
        db.close()
    return found
