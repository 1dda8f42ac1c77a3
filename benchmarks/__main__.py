"""`python -m benchmarks [CASE…]`: measure, beside a peer in the same run where one is installed.

Wall seconds are the median of the runs; memory is the peak of the whole process in MB. Ratios are ours / theirs. The
machine and its noise stand above the table: trust ratios, and only large ones.
"""

from __future__ import annotations

import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import refreshing
from benchmarks.server import Feeds

FEEDS, ENTRIES = int(os.environ.get("FEEDS", "500")), 40
ROUNDS = int(os.environ.get("ROUNDS", "3"))


@dataclass(frozen=True)
class Result:
    """One figure and its peer's."""

    case: str
    ours: float
    peer: str = ""
    theirs: float | None = None
    unit: str = "s"
    pair: float | None = None

    @property
    def ratio(self) -> str:
        if self.pair is not None:
            return f"{self.pair:.2f}"
        return f"{self.ours / self.theirs:.2f}" if self.theirs else ""


# ---------------------------------------------------------------- refresh


def refresh() -> Iterable[Result]:
    """Cold, all 304, and 200 with the same bytes: ours against the peers that are installed."""
    return _pairs(refreshing.figures(FEEDS, ENTRIES, ROUNDS))


def refresh_many() -> Iterable[Result]:
    """Up to 5,000 feeds in one refresh: the time must grow with their number only, the memory hardly."""
    largest = FEEDS * 10
    return _pairs(refreshing.many((largest // 8, largest // 2, largest), 10))


def _pairs(figures: Iterable[refreshing.Figure]) -> Iterable[Result]:
    return (Result(*figure) for figure in figures)


def _timed(command: list[str]) -> tuple[float, float]:
    begun = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, _, usage = os.wait4(process.pid, 0)
    return time.perf_counter() - begun, usage.ru_maxrss / 1024


# ---------------------------------------------------------------- start


EMPTY = """
from textual.app import App
from textual.widgets import Static
class Empty(App):
    def compose(self):
        yield Static("ready")
Empty().run()
"""


def start() -> Iterable[Result]:
    """From the command to the feed list on a real pty, everything fetched before: against an empty Textual application
    (what the drawing library costs by itself) and against newsboat."""
    with Feeds(FEEDS, ENTRIES) as feeds, TemporaryDirectory() as folder:
        ours = refreshing.subscribed(Path(folder), feeds.urls)
        _timed([*ours, "refresh", "--quiet"])
        taken = _first_paint([*ours, "--offline"], "Starred")
        empty = _first_paint([sys.executable, "-c", EMPTY], "ready")
        name = f"start to feed list, {FEEDS * ENTRIES:,} entries"
        yield Result(name, taken, "empty Textual app", empty)
        peer = refreshing.newsboat_version()
        if peer:
            theirs = refreshing.newsboat(Path(folder), feeds.urls)
            _timed([*theirs, "-x", "reload"])
            yield Result(name, taken, peer, _first_paint(theirs, f"{ENTRIES}/{ENTRIES}"))


def _first_paint(command: list[str], marker: str) -> float:
    import pexpect

    times = []
    for _ in range(7):
        begun = time.perf_counter()
        child = pexpect.spawn(
            command[0], command[1:], dimensions=(40, 120), env={**os.environ, "TERM": "xterm-256color"}
        )
        child.expect(marker, timeout=60)
        times.append(time.perf_counter() - begun)
        child.close(force=True)
    return statistics.median(times)


# ---------------------------------------------------------------- reading


def article() -> Iterable[Result]:
    """Opening an article, from its HTML to its first screen and to its last line."""
    from benchmarks.articles import figures

    return (Result(*figure) for figure in figures())


def thread() -> Iterable[Result]:
    """A discussion into reading order, to the first screen, and from one new comment to the next."""
    from benchmarks.talking import measure
    from tui_reader.discussion.tree import thread as in_reading_order
    from tui_reader.model import Comment, Confidence

    for count in (300, 1_000, 20_000):
        comments = [
            Comment(n, 1, 1, str(n), str(n * 7 // 10) if n % 5 else "", Confidence.EXACT, 0, "", "", n, None, n, "", "",
                    False, "", n, False, False)
            for n in range(1, count + 1)
        ]  # fmt: skip
        yield Result(
            f"thread of {count:,}: in order", _median(lambda c=comments: in_reading_order(c)) * 1000, unit="ms"
        )
        opened, key, slow = measure(count)
        yield Result(f"thread of {count:,}: from the file to the first screen", opened * 1000, unit="ms")
        yield Result(f"thread of {count:,}: next new comment, median", key * 1000, unit="ms")
        yield Result(f"thread of {count:,}: next new comment, 95 of 100", slow * 1000, unit="ms")


def watching() -> Iterable[Result]:
    """Fourteen simulated days of a watched discussion: our pace against a fixed one of an hour and of six hours."""
    from benchmarks.watching import HOUR, simulate

    for count in (60, 300):
        ours = simulate(count, None)
        for every, name in ((HOUR, "hourly"), (6 * HOUR, "six-hourly")):
            peer = simulate(count, every)
            yield Result(f"{count} comments: requests", ours.requests, name, peer.requests, "")
            yield Result(f"{count} comments: lost", ours.lost * 100, name, peer.lost * 100, "%")
            yield Result(f"{count} comments: seen after", ours.lag / 60, name, peer.lag / 60, "min")


def _median(work: Callable[[], object], runs: int = 9) -> float:
    times = []
    for _ in range(runs):
        begun = time.perf_counter()
        work()
        times.append(time.perf_counter() - begun)
    return statistics.median(times)


CASES: dict[str, Callable[[], Iterable[Result]]] = {
    "refresh": refresh,
    "refresh-5000": refresh_many,
    "start": start,
    "article": article,
    "thread": thread,
    "watching": watching,
}


def main() -> None:
    """Run the cases named, or all; print the table and write it as JSON beside this file."""
    wanted = sys.argv[1:] or list(CASES)
    unknown = [name for name in wanted if name not in CASES]
    if unknown:
        sys.exit(f"no such case: {', '.join(unknown)}. There are: {', '.join(CASES)}")
    results: list[Result] = []
    print(f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}\n")
    print(f"{'case':<56} {'ours':>10}  {'peer':<36} {'theirs':>10}  {'ratio':>6}")
    for name in wanted:
        for result in CASES[name]():
            results.append(result)
            theirs = f"{result.theirs:.3f}" if result.theirs else ""
            print(
                f"{result.case:<56} {result.ours:>7.3f} {result.unit:<2}  {result.peer:<36} {theirs:>10}  {result.ratio:>6}"
            )
    report = {"machine": platform.platform(), "cores": os.cpu_count(), "results": [asdict(one) for one in results]}
    (Path(__file__).parent / "results.json").write_text(json.dumps(report, indent=1) + "\n")
    print(f"\npeak memory of this process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
