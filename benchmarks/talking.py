"""The discussion pane at work: from the library file to the first screen of a thread, and from key to screen in it."""

from __future__ import annotations

import asyncio
import random
import time
from datetime import UTC
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory

from tui_reader.config import Config
from tui_reader.library import Library
from tui_reader.model import (
    Confidence,
    DiscussionRef,
    EntryUpdate,
    FeedUpdate,
    ParsedComment,
    ParsedEntry,
    PollState,
    ThreadUpdate,
)
from tui_reader.store import comments, connect, discussions, entries, feeds
from tui_reader.tui.app import ReaderApp
from tui_reader.tui.snapshot import settle

NOW = 1_767_268_800
NEWS = 50
KEYS = 20


def _make(path: Path, count: int) -> None:
    """A thread of so many comments, fifty of them new and strewn over it."""
    rng = random.Random(count)
    db = connect.open_writer(path, now=NOW)
    feed = feeds.add(db, url="https://blog.example/feed", now=NOW)
    parsed = ParsedEntry(
        key="1",
        url="https://blog.example/1/",
        title="One",
        html="<p>One</p>",
        discussions=(DiscussionRef("feed", "https://blog.example/1/feed/"),),
    )
    entries.save(db, FeedUpdate(feed, "Blog", "", "", PollState(), (EntryUpdate(None, parsed, NOW, b"1"),)), now=NOW)
    said = [
        ParsedComment(
            str(number),
            str(rng.randrange(1, number)) if number > 1 and rng.random() < 0.8 else "",
            Confidence.EXACT,
            author=f"author {number % 97}",
            published=NOW - 10_000_000 + number * 60,
            html=f"<p>{'What was said, and then some more of it. ' * rng.randrange(1, 6)}</p>",
        )
        for number in range(1, count + 1)
    ]
    rng.shuffle(said)
    talk = discussions.of_entry(db, 1)[0].id
    comments.save(db, ThreadUpdate(talk, tuple(said[:-NEWS]), PollState(checked_at=NOW)), now=NOW)
    discussions.visit(db, 1, now=NOW)
    comments.save(db, ThreadUpdate(talk, tuple(said[-NEWS:]), PollState(checked_at=NOW)), now=NOW)
    db.close()


async def _run(path: Path) -> tuple[float, list[float]]:
    library = await Library.open(path, Config(), clock=lambda: NOW, offline=True)
    app = ReaderApp(library, Config(), clock=lambda: NOW, zone=UTC, still=True)
    try:
        async with app.run_test(size=(120, 35)) as pilot:
            await settle(app, pilot)
            entry = await library.entry(1)
            begun = time.perf_counter()
            app.main.discussion.open(await library.thread(1), entry)
            opened = time.perf_counter() - begun
            app.main.reading.open(1)
            await settle(app, pilot)
            await pilot.press("g", "4")
            await settle(app, pilot)
            keys = []
            for _ in range(KEYS):
                begun = time.perf_counter()
                app.main.discussion.go_new(1)
                app.screen._compositor.render_strips()
                keys.append(time.perf_counter() - begun)
                await settle(app, pilot)
            return opened, keys
    finally:
        await library.close()


def measure(count: int, runs: int = 2) -> tuple[float, float, float]:
    """Seconds to the first screen (median), and to the next new comment (median and 95th percentile)."""
    opened, keys = [], []
    for _ in range(runs):
        with TemporaryDirectory() as folder:
            path = Path(folder) / "library.db"
            _make(path, count)
            first, pressed = asyncio.run(_run(path))
            opened.append(first)
            keys += pressed
    return median(opened), median(keys), quantiles(keys, n=20)[-1]
