"""`python -m benchmarks [CASE…]`: measure, beside a peer in the same run where one is installed.

Wall seconds are the median of the runs; memory is the peak of the whole process in MB. Ratios are ours / theirs. The
machine and its noise stand above the table: trust ratios, and only large ones.
"""

from __future__ import annotations

import os
import platform
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from benchmarks import refreshing, report, screen

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
    yield from _pairs(refreshing.many((largest // 8, largest // 2, largest), 10))
    yield from _pairs(refreshing.meanwhile(largest, 10))


def _pairs(figures: Iterable[refreshing.Figure]) -> Iterable[Result]:
    return (Result(*figure) for figure in figures)


def _timed(command: list[str]) -> tuple[float, float]:
    begun = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, _, usage = os.wait4(process.pid, 0)
    return time.perf_counter() - begun, usage.ru_maxrss / 1024


# ---------------------------------------------------------------- the screen


def start() -> Iterable[Result]:
    """From the command to the feed list on a real pty, at 200,000 and 1,000,000 entries."""
    return (Result(*figure) for figure in screen.start(refreshing.newsboat_version()))


def keys() -> Iterable[Result]:
    """From key to screen at 1,000 and 1,000,000 entries, and the memory of the open reader."""
    return (Result(*figure) for figure in screen.keys(refreshing.newsboat_version()))


def search() -> Iterable[Result]:
    """Filter and search while typing, and a word to its list."""
    return (Result(*figure) for figure in screen.search(refreshing.newsboat_version()))


def marks() -> Iterable[Result]:
    """Mark 100,000 entries read and take it back."""
    return (Result(*figure) for figure in screen.marks(refreshing.newsboat_version()))


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
    "keys": keys,
    "search": search,
    "marks": marks,
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
    if len(wanted) > 1:
        # Each in a process of its own: what one leaves in memory would make the collecting of garbage slow for the next.
        for name in wanted:
            subprocess.run([sys.executable, "-u", "-m", "benchmarks", name], check=True)
        return
    machine = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, {date.today()}"
    print(f"{machine}\n")
    print(f"{'case':<56} {'ours':>10}  {'peer':<36} {'theirs':>10}  {'ratio':>6}")
    for name in wanted:
        results = []
        for result in CASES[name]():
            results.append(result)
            theirs = f"{result.theirs:.3f}" if result.theirs else ""
            print(
                f"{result.case:<56} {result.ours:>7.3f} {result.unit:<2}  {result.peer:<36} {theirs:>10}  {result.ratio:>6}"
            )
        report.keep(name, results, machine)
    print(f"\npeak memory of this process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
