"""Opening an article: parsing, the first screen, every line and the memory they take, beside others with the same one.

Each measurement runs in a process of its own: `python -m benchmarks.articles PROGRAM SHAPE` prints it as JSON.
"""

from __future__ import annotations

import asyncio
import json
import random
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from itertools import islice
from statistics import median
from typing import NamedTuple

from benchmarks.generate import WORDS, body, sentence

COLUMNS, ROWS = 78, 50
PATIENCE = 120
"""Seconds after which a peer is left alone."""


class Figure(NamedTuple):
    """One figure and its peer's."""

    case: str
    ours: float
    peer: str = ""
    theirs: float | None = None
    unit: str = "ms"


def _paragraphs() -> str:
    rng = random.Random(2000)
    return "".join(f"<p>{sentence(rng, 40)}.</p>" for _ in range(2000))


def _table() -> str:
    rng = random.Random(500)
    rows = ("".join(f"<td>{rng.choice(WORDS)}</td>" for _ in range(20)) for _ in range(500))
    head = "".join(f"<th>{rng.choice(WORDS)}</th>" for _ in range(20))
    return f"<table><tr>{head}</tr>" + "".join(f"<tr>{row}</tr>" for row in rows) + "</table>"


SHAPES: Mapping[str, Callable[[], str]] = {
    "4 kB": lambda: body(random.Random(4_000), 4_000),
    "50 kB": lambda: body(random.Random(50_000), 50_000),
    "1 MB": lambda: body(random.Random(1_000_000), 1_000_000),
    "2,000 paragraphs": _paragraphs,
    "table of 500 × 20": _table,
}


def figures() -> Iterator[Figure]:
    """Every shape of article: ours, Textual's Markdown widget, and w3m where it is installed."""
    for shape, html in SHAPES.items():
        ours = _measured("ours", shape) or {}
        name = f"article, {shape}"
        widget = _measured("widget", shape)
        peer = "Textual's Markdown" if widget else f"Textual's Markdown: not in {PATIENCE} s"
        theirs: Mapping[str, float | None] = widget or dict.fromkeys(("first", "shown", "memory"))
        whole = ours["parse"] + ours["whole"]
        yield Figure(f"{name}: parse", ours["parse"])
        yield Figure(f"{name}: first screen after parsing", ours["first"])
        yield Figure(f"{name}: both", ours["parse"] + ours["first"], peer, theirs["first"])
        yield Figure(f"{name}: parse and all lines", whole, peer, theirs["shown"])
        yield Figure(f"{name}: memory for all of it", ours["memory"], peer, theirs["memory"], "MB")
        if (dumped := _w3m(html())) is not None:
            yield Figure(f"{name}: parse and all lines", whole, "w3m -dump, its start too", dumped)


def _measured(program: str, shape: str) -> dict[str, float] | None:
    """What a process of its own found, None when it took too long: the median of three when it is quick."""
    found: list[dict[str, float]] = []
    while len(found) < 3 and sum(one["shown"] for one in found) < 10_000:
        command = [sys.executable, "-m", "benchmarks.articles", program, shape]
        try:
            said = subprocess.run(command, capture_output=True, check=True, timeout=PATIENCE).stdout
        except subprocess.TimeoutExpired:
            return None
        found.append(json.loads(said))
    return {name: median(one[name] for one in found) for name in found[0]}


def _w3m(html: str) -> float | None:
    """Milliseconds of w3m for a page, None where it is not installed."""
    if not shutil.which("w3m"):
        return None
    command = ["w3m", "-dump", "-T", "text/html", "-cols", str(COLUMNS)]
    return _median(lambda: subprocess.run(command, input=html.encode(), capture_output=True, check=True))


# ---------------------------------------------------------------- in a process of its own


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _ours(html: str) -> dict[str, float]:
    """Ours: the memory is what the first time adds to the process, the times are medians of the next ones."""
    from tui_reader.document.html import blocks
    from tui_reader.document.layout import lines

    blocks("<p>a</p>")
    before = _peak()
    document = blocks(html)
    kept = list(lines(document, COLUMNS))
    memory = _peak() - before
    del kept
    parse = _median(lambda: blocks(html))
    first = _median(lambda: list(islice(lines(document, COLUMNS), ROWS)))
    whole = _median(lambda: list(lines(document, COLUMNS)))
    return {"parse": parse, "first": first, "whole": whole, "shown": parse + whole, "memory": memory}


def _median(work: Callable[[], object]) -> float:
    times = []
    for _ in range(5):
        begun = time.perf_counter()
        work()
        times.append(time.perf_counter() - begun)
    return median(times) * 1000


def _widget(html: str) -> dict[str, float]:
    """Textual's widget with the same article as Markdown, from its text until its first screen and all of it are laid out."""
    from textual.app import App, ComposeResult
    from textual.containers import VerticalScroll
    from textual.widgets import Markdown

    from tui_reader.document.export import to_markdown
    from tui_reader.document.html import blocks

    class Viewer(App[None]):
        def compose(self) -> ComposeResult:
            with VerticalScroll():
                yield Markdown()

    async def all_of(update: Awaitable[None]) -> None:
        await update

    async def shown(text: str) -> dict[str, float]:
        app = Viewer()
        async with app.run_test(size=(COLUMNS + 2, ROWS)) as pilot:
            await pilot.pause()
            before, begun = _peak(), time.perf_counter()
            widget = app.query_one(Markdown)
            update = asyncio.ensure_future(all_of(widget.update(text)))
            while widget.size.height < ROWS:
                await asyncio.sleep(0.002)
            first = time.perf_counter() - begun
            await update
            await pilot.pause()
            whole = time.perf_counter() - begun
            return {"first": first * 1000, "shown": whole * 1000, "memory": _peak() - before}

    return asyncio.run(shown(to_markdown(blocks(html))))


def main() -> None:
    """Measure one program with one shape of article."""
    program, shape = sys.argv[1:]
    measure = {"ours": _ours, "widget": _widget}[program]
    print(json.dumps(measure(SHAPES[shape]())))


if __name__ == "__main__":
    main()
