"""The screen at any size: start, keys, search, marks; beside newsboat with the same entries where it has the action."""

from __future__ import annotations

import asyncio
import os
import shutil
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import stock
from benchmarks.generate import WORDS
from benchmarks.terminal import Terminal

Figure = tuple[str, float, str, float | None, str]
"""What was measured, ours, the peer, the peer's, the unit."""

START, SMALL, LARGE = 200_000, 1_000, 1_000_000
ENTER, ESCAPE, PAGE = "\r", "\x1b", "\x1b[6~"
READY, THEIRS_READY = b"Feed 00", b"Feed 0001"
OURS_HEARS = b"\x1b[?1004h"
"""What our screen writes when it takes the terminal."""
EMPTY = """
from textual.app import App
from textual.widgets import Static
class Empty(App):
    def compose(self):
        yield Static("ready")
Empty().run()
"""


def has_newsboat() -> bool:
    """Whether the peer is installed."""
    return shutil.which("newsboat") is not None


@contextmanager
def ours(entries: int) -> Iterator[list[str]]:
    """Our command on a copy of a stocked library, for keys leave marks."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "library.db"
        shutil.copyfile(stock.library(entries), path)
        yield [sys.executable, "-m", "tui_reader", "--library", str(path), "--config", f"{folder}/none", "--offline"]


@contextmanager
def theirs(entries: int) -> Iterator[list[str]]:
    """Newsboat's command on a copy of its cache."""
    with TemporaryDirectory() as folder:
        shutil.copytree(stock.newsboat(entries), folder, dirs_exist_ok=True)
        yield stock.newsboat_command(Path(folder))


# ---------------------------------------------------------------- start


def start(peer: str) -> Iterator[Figure]:
    """From the command to the feed list, against an empty Textual application and newsboat; runs take turns. First what
    is seen at once after a session that ended as it should, then the screen itself, which answers keys: what a start
    shows first where something has changed since."""
    taken: dict[tuple[str, int], float] = {}
    for entries in (START, LARGE):
        with ours(entries) as command:
            _left(command)
            glimpses, screens, empty = [], [], []
            for _ in range(7):
                glimpse, screen = _started(command)
                glimpses.append(glimpse)
                screens.append(screen)
                with Terminal([sys.executable, "-c", EMPTY]) as terminal:
                    empty.append((terminal.until(b"ready"), terminal.worked))
        for name, runs in (("start", glimpses), ("start, the screen itself", screens)):
            taken[name, entries] = statistics.median(time for time, _ in runs)
            for place, what in enumerate(("", ", processor time")):
                mine, least = (statistics.median(run[place] for run in some) for some in (runs, empty))
                yield f"{name}, {entries:,} entries{what}", mine, "empty Textual app", least, "s"
    for name in ("start", "start, the screen itself"):
        yield f"{name}, {LARGE:,} entries", taken[name, LARGE], f"ours, {START:,}", taken[name, START], "s"
    if peer:
        with theirs(START) as command:
            known = statistics.median(_seconds(command, THEIRS_READY) for _ in range(3))
        for name in ("start", "start, the screen itself"):
            yield f"{name}, {START:,} entries", taken[name, START], peer, known, "s"


def _left(command: Sequence[str]) -> None:
    """A session that ends as it should."""
    with Terminal(command) as terminal:
        terminal.until(OURS_HEARS)
        _rest(terminal)
        terminal.key("Q", patience=5)
        _rest(terminal)


def _started(command: Sequence[str]) -> tuple[tuple[float, float], tuple[float, float]]:
    """Seconds by the clock and of the processor until the feeds are seen, and until the screen itself has painted
    them."""
    with Terminal(command) as terminal:
        glimpse = terminal.until(READY), terminal.worked
        assert OURS_HEARS not in terminal.written, "there was no glimpse"
        terminal.until(OURS_HEARS)
        terminal.written = b""
        return glimpse, (terminal.until(READY), terminal.worked)


def _seconds(command: Sequence[str], marker: bytes) -> float:
    """Seconds until the marker is on the screen."""
    with Terminal(command) as terminal:
        return terminal.until(marker)


# ---------------------------------------------------------------- keys


def keys(peer: str) -> Iterator[Figure]:
    """From key to screen, p50 and p95 of each action, and the memory of the reader that did all of it."""
    for entries in (SMALL, LARGE):
        with ours(entries) as command, Terminal(command) as terminal:
            terminal.until(READY)
            _rest(terminal)
            mine = _walked(terminal, _OURS)
            peak = terminal.peak
        known: dict[str, list[float]] = {}
        weight: float | None = None
        if peer:
            with theirs(entries) as command, Terminal(command) as terminal:
                terminal.until(THEIRS_READY)
                terminal.key(ENTER)
                known = _walked(terminal, _THEIRS)
                weight = terminal.peak
        for action, times in mine.items():
            for name, part in (("p50", 0.5), ("p95", 0.95)):
                yield (
                    f"{action}, {entries:,} entries, {name}",
                    _part(times, part) * 1000,
                    peer if action in known else "",
                    _part(known[action], part) * 1000 if action in known else None,
                    "ms",
                )
        yield f"open reader, {entries:,} entries: peak memory", peak, peer, weight, "MB"


Act = tuple[str, str, str, int]
"""An action: its name, the key, the keys after it that are not measured, how often."""
_OURS: tuple[Act, ...] = (
    ("move", "j", "", 40),
    ("page", PAGE, "", 20),
    ("open", ENTER, "qj", 40),
    ("next unread", "n", "", 40),
    ("switch feed", "J", "", 40),
)
_THEIRS: tuple[Act, ...] = (
    ("move", "j", "", 40),
    ("page", PAGE, "", 2),
    ("switch feed", "J", "", 40),
    ("open", ENTER, "qj", 40),
)


def _rest(terminal: Terminal) -> None:
    """Let what follows the first screen come to its end."""
    time.sleep(2)
    terminal.settle()


def _walked(terminal: Terminal, acts: Sequence[Act]) -> dict[str, list[float]]:
    made: dict[str, list[float]] = {}
    for name, key, after, times in acts:
        for _ in range(times):
            made.setdefault(name, []).append(terminal.key(key))
            if after:
                terminal.key(after)
    return made


def _part(times: Sequence[float], part: float) -> float:
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))]


# ---------------------------------------------------------------- search


def search(peer: str) -> Iterator[Figure]:
    """As you type, in a filter and everywhere, and a word from the last letter to its list; newsboat's own search."""
    for entries in (START, LARGE):
        with ours(entries) as command, Terminal(command) as terminal:
            terminal.until(READY)
            _rest(terminal)
            filtered = _typed(terminal, "/", "kernel thread")
            terminal.key(ESCAPE)
            typed = _typed(terminal, "\\", "harbour signal")
            terminal.key(ESCAPE)
            word = _word(terminal, "\\", "kernel", "")
            rare = _word(terminal, "\\", stock.RARE, "")
        for name, part in (("p50", 0.5), ("p95", 0.95)):
            yield f"a letter of a filter, {entries:,} entries, {name}", _part(filtered, part) * 1000, "", None, "ms"
            yield f"a letter of a search, {entries:,} entries, {name}", _part(typed, part) * 1000, "", None, "ms"
        known: list[float | None] = [None, None]
        if peer and entries == START:
            with theirs(entries) as command, Terminal(command) as terminal:
                terminal.until(THEIRS_READY)
                known = [_word(terminal, "/", "kernel", ENTER), None]
                terminal.key("q")
                known[1] = _word(terminal, "/", stock.RARE, ENTER)
        yield from asyncio.run(_asked(entries))
        yield (
            f"search a common word, {entries:,} entries",
            word * 1000,
            peer if known[0] else "",
            known[0] and known[0] * 1000,
            "ms",
        )
        yield (
            f"search a rare word, {entries:,} entries",
            rare * 1000,
            peer if known[1] else "",
            known[1] and known[1] * 1000,
            "ms",
        )


HITS = 40
"""Hits that are asked for: a screen of them."""


async def _asked(entries: int) -> list[Figure]:
    """The search without the screen: its newest hits with their snippets, for whole words, one and two, and for
    beginnings of one to three letters."""
    from tui_reader.config import Config
    from tui_reader.library import Library

    with TemporaryDirectory() as folder:
        path = Path(folder) / "library.db"
        shutil.copyfile(stock.library(entries), path)
        library = await Library.open(path, Config(), clock=lambda: stock.NOW, offline=True)
        pairs = zip(WORDS, WORDS[7:], strict=False)
        kinds = {
            "words": [f"{word} " for word in WORDS] + [f"{one} {other} " for one, other in pairs],
            "a beginning": list(dict.fromkeys(word[:letters] for letters in (1, 2, 3) for word in WORDS)),
        }
        figures: list[Figure] = []
        try:
            for kind, queries in kinds.items():
                times = []
                for query in queries:
                    begun = time.perf_counter()
                    found = await library.search(query, limit=HITS)
                    times.append(time.perf_counter() - begun)
                    assert found, query
                for name, part in (("p50", 0.5), ("p95", 0.95)):
                    figures.append(
                        (
                            f"the search alone, {kind}, {entries:,} entries, {name}",
                            _part(times, part) * 1000,
                            "",
                            None,
                            "ms",
                        )
                    )
        finally:
            await library.close()
        return figures


def _typed(terminal: Terminal, opening: str, words: str) -> list[float]:
    terminal.key(opening)
    return [terminal.key(letter) for letter in words]


def _word(terminal: Terminal, opening: str, word: str, end: str) -> float:
    terminal.key(opening)
    taken = terminal.key(word + end, patience=15)
    if not end:
        terminal.key(ESCAPE)
    return taken


# ---------------------------------------------------------------- marks


def marks(peer: str) -> Iterator[Figure]:
    """Mark 100,000 read and take it back; and how long the loop that draws was kept from a key meanwhile."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "library.db"
        shutil.copyfile(stock.library(LARGE), path)
        with path.open("rb+") as file:
            os.fsync(file.fileno())  # or the first checkpoint waits until the disk has the whole copy
        yield from asyncio.run(_marked(path))


async def _marked(path: Path) -> list[Figure]:
    from tui_reader.config import Config
    from tui_reader.library import Library
    from tui_reader.model import Scope

    library = await Library.open(path, Config(), clock=lambda: stock.NOW, offline=True)
    try:
        ids = (await library.ids(Scope("unread")))[:100_000]
        figures: list[Figure] = []
        acts: tuple[tuple[str, Callable[[], object]], ...] = (
            ("mark 100,000 read", lambda: library.mark(ids, True)),
            ("take it back", library.undo),
        )
        for name, act in acts:
            waits: list[float] = []
            watch = asyncio.create_task(_watch(waits))
            await asyncio.sleep(0.05)
            begun = time.perf_counter()
            await act()  # type: ignore[misc]
            taken = time.perf_counter() - begun
            watch.cancel()
            figures.append((f"{name}, {LARGE:,} entries", taken, "", None, "s"))
            figures.append((f"{name}: the longest wait of a key", max(waits) * 1000, "", None, "ms"))
        return figures
    finally:
        await library.close()


async def _watch(waits: list[float]) -> None:
    """Note by how much a loop is late that wants to turn every two milliseconds."""
    while True:
        begun = time.perf_counter()
        await asyncio.sleep(0.002)
        waits.append(time.perf_counter() - begun - 0.002)
