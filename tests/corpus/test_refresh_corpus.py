"""Real feeds that nobody here wrote, over real HTTP, through the whole road: subscribe, refresh, again.

Every file is served by a loopback server and added as a person would add it. What is a feed is stored; what is none is
refused with a reason. A second, forced pass gets whole answers again and must find nothing new and nothing changed.
"""

from __future__ import annotations

import asyncio
import os
import re
import sqlite3
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from benchmarks.serve import FeedFolder
from tui_reader.config import Config, Network, Refresh
from tui_reader.errors import Offline, ReaderError
from tui_reader.library import Choice, Library
from tui_reader.model import NotAFeed, ParsedFeed
from tui_reader.worker.client import Parser

CORPORA = Path(os.environ.get("TUI_READER_CORPORA") or Path(__file__).parents[3] / "shared" / "corpora")
HOSTS = 8 if sys.platform == "linux" else 1
"""Only Linux answers at every loopback address without being told to."""
NOWHERE = "http://127.0.0.1:9"
"""A proxy that is not there: pages in the corpus name feeds out in the world, which no test may ask."""
HUNG = "takes too long"
"""What is said of a document that the parser had to be killed over: five seconds without another entry."""
RAW = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", ["real-feeds", "feedparser"])
async def test_everything_subscribes_and_a_second_pass_finds_nothing(name: str, tmp_path: Path) -> None:
    folder = CORPORA / name
    if not folder.is_dir():
        pytest.skip(f"corpus absent: {name} not run (set TUI_READER_CORPORA)")
    with FeedFolder(folder, hosts=HOSTS) as served:
        urls = served.urls()
        path = tmp_path / "library.db"
        config = Config(refresh=Refresh(minimum_interval=1), network=Network(proxy=NOWHERE))
        library = await Library.open(path, config, clock=lambda: int(time.time()))
        try:
            outcomes = await _add_all(library, urls)
            assert [one for one in outcomes if one.startswith(("crashed", "hung")) or HUNG in one] == []
            feeds = await library.feeds()
            assert len(feeds) > len(urls) // 3
            first = await library.counts()
            served.requests = 0
            second = await library.refresh(force=True)
            assert served.requests == len(feeds) == second.done
            assert [one for one in second.results if (one.outcome, one.new, one.changed) != ("unchanged", 0, 0)] == []
            assert await library.counts() == first
            assert first.all > 0
        finally:
            await library.close()
    assert _raw_texts(path) == []


@pytest.mark.row("X06")
@pytest.mark.timeout(3000)
@pytest.mark.parametrize("every", [16, pytest.param(1, marks=pytest.mark.soak)])
async def test_a_file_that_was_cut_is_read_as_far_as_it_goes(every: int) -> None:
    """Nine cuts of every so many files: never a crash, never a hang, never an entry that the whole file has not."""
    folder = CORPORA / "real-feeds"
    if not folder.is_dir():
        pytest.skip("corpus absent: real-feeds not cut (set TUI_READER_CORPORA)")
    strange: list[str] = []
    parser = Parser()
    try:
        for file in sorted(path for path in folder.iterdir() if path.is_file())[::every]:
            whole = file.read_bytes()
            read = await parser.parse(whole, url="https://blog.example/feed", content_type="")
            known = {entry.key for entry in read.entries} if isinstance(read, ParsedFeed) else set()
            for tenth in range(1, 10):
                part = whole[: len(whole) * tenth // 10]
                cut = await parser.parse(part, url="https://blog.example/feed", content_type="")
                if isinstance(cut, NotAFeed):
                    strange += [f"{file.name}, {tenth}/10: {cut.reason}"] if HUNG in cut.reason else []
                elif known:
                    # The entry that the cut went through may have lost what names it.
                    new = {entry.key for entry in cut.entries} - known
                    strange += [f"{file.name}, {tenth}/10: {new}"] if len(new) > 1 else []
    finally:
        await parser.close()
    assert strange == []


async def _add_all(library: Library, urls: list[str]) -> list[str]:
    """How each ended: added, a choice, or refused with a reason."""
    outcomes: list[str] = []

    async def work(mine: list[str]) -> None:
        for url in mine:
            try:
                async with asyncio.timeout(60):
                    added = await library.add(url)
            except TimeoutError:
                outcomes.append(f"hung {url}")
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
    """What could reach a terminal raw, from every column of every table."""
    found: list[str] = []
    with closing(sqlite3.connect(path)) as db:
        tables = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in tables:
            for row in db.execute(f'SELECT * FROM "{table}"'):
                found += [f"{table}: {value!r:.80}" for value in row if isinstance(value, str) and RAW.search(value)]
    return found
