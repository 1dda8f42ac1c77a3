"""Refreshing many feeds over loopback, beside others in the same run: newsboat, plain feedparser, the `reader` library.

Every program runs in a process of its own against the same server. Ours is looked at from outside: `readable` is when
the last feed stands in the library, `indexed` when the full-text index lacks nothing of it. What follows until the end
of the process is the WAL written back into the file, and the copy of the library that is made once a day.
"""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import NamedTuple

from benchmarks.server import Feeds
from benchmarks.terminal import Terminal

LOOK_EVERY = 0.05
"""Seconds between two looks at how far our refresh is."""
MOMENTS = (
    "SELECT count(*) = :count FROM feed WHERE checked_at IS NOT NULL",
    "SELECT NOT EXISTS (SELECT 1 FROM entry_unindexed)",
)
"""What is true of the library once all of it can be read, and once all of it can be found."""
PART = 10
"""Plain feedparser reads one in so many feeds, and its time is multiplied."""

FEEDPARSER = """
import sys, httpx, feedparser
with httpx.Client() as client:
    for url in sys.stdin.read().split():
        feedparser.parse(client.get(url).content)
"""
READER = """
import sys
from reader import make_reader
reader = make_reader(sys.argv[1])
for url in sys.stdin.read().split():
    reader.add_feed(url, exist_ok=True)
reader.update_feeds(scheduled=False, workers=20)
"""


class Figure(NamedTuple):
    """One figure and its peer's; `pair` is the median of the ratios of each round."""

    case: str
    ours: float
    peer: str = ""
    theirs: float | None = None
    unit: str = "s"
    pair: float | None = None


@dataclass(frozen=True)
class Run:
    """One program run: seconds until what it fetched could be read, until a search could find it and until its end, CPU
    seconds with its children's, peak memory in MB of its largest process."""

    readable: float
    indexed: float
    whole: float
    cpu: float
    memory: float


@dataclass(frozen=True)
class Round:
    """The same feeds three times: never seen, answered 304, answered 200 with the same bytes."""

    cold: Run
    unchanged: Run
    same: Run


def figures(feeds: int, entries: int, rounds: int) -> Iterator[Figure]:
    """The table: ours beside every peer there is, `rounds` times; newsboat as it is shipped, which is slow, once."""
    with Feeds(feeds, entries) as site:
        _ours(site, Path(os.devnull), warm=True)
        ours: list[Round] = []
        floor: list[float] = []
        analysed: list[Round] = []
        shipped = statistics = None
        for _ in range(rounds):
            with TemporaryDirectory() as home:
                ours.append(_ours(site, Path(home)))
            floor.append(sum(_asked(what, site.urls) for what in ("download", "store")))
            if shutil.which("newsboat"):
                if shipped is None:
                    with TemporaryDirectory() as home:
                        shipped, statistics = _newsboat(site, Path(home), None)
                with TemporaryDirectory() as home:
                    analysed.append(_newsboat(site, Path(home), statistics)[0])
        yield from _table(f"{feeds} feeds × {entries}", ours, floor, shipped, analysed)
        yield from _others(f"{feeds} feeds × {entries}", ours, site)


def _table(
    name: str, ours: Sequence[Round], floor: Sequence[float], shipped: Round | None, analysed: Sequence[Round]
) -> Iterator[Figure]:
    peers: list[tuple[str, Sequence[Round]]] = []
    if shipped is not None:
        version = newsboat_version()
        peers = [(f"{version} as shipped", [shipped] * len(ours)), (f"{version}, ANALYZEd", analysed)]
    readable = [one.cold.readable for one in ours]
    yield _pairs(f"cold, readable, {name}", readable, "download and store, our client", floor)
    for peer, theirs in peers:
        cold = [one.cold.whole for one in theirs]
        yield _pairs(f"cold, readable, {name}", readable, peer, cold)
        yield _pairs(f"cold, index complete, {name}", [one.cold.indexed for one in ours], peer, cold)
        yield _pairs(f"cold, the program's end, {name}", [one.cold.whole for one in ours], peer, cold)
        for what in ("unchanged", "same"):
            case = f"{'all 304' if what == 'unchanged' else '200 but unchanged'}, {name}"
            runs = [getattr(one, what).whole for one in ours], [getattr(one, what).whole for one in theirs]
            yield _pairs(case, runs[0], peer, runs[1])
        cpu = [one.cold.cpu for one in ours], [one.cold.cpu for one in theirs]
        yield _pairs(f"cold, CPU with the parse worker's, {name}", cpu[0], peer, cpu[1])
        memory = [one.cold.memory for one in ours], [one.cold.memory for one in theirs]
        yield _pairs(f"cold, peak memory, {name}", memory[0], peer, memory[1], "MB")
    if not peers:
        yield Figure(f"cold, index complete, {name}", median(one.cold.indexed for one in ours))
        yield Figure(f"all 304, {name}", median(one.unchanged.whole for one in ours))
        yield Figure(f"200 but unchanged, {name}", median(one.same.whole for one in ours))
        yield Figure(f"cold, peak memory, {name}", median(one.cold.memory for one in ours), unit="MB")


def _others(name: str, ours: Sequence[Round], site: Feeds) -> Iterator[Figure]:
    cold = median(one.cold.readable for one in ours)
    some = site.urls[:: min(PART, len(site.urls))]
    plain = _run([sys.executable, "-c", FEEDPARSER], stdin="\n".join(some))
    times = len(site.urls) / len(some)
    yield Figure(f"cold, readable, {name}", cold, f"httpx + feedparser (1 in {times:.0f})", plain.whole * times)
    if importlib.util.find_spec("reader"):
        with TemporaryDirectory() as home:
            command = [sys.executable, "-c", READER, str(Path(home, "reader.db"))]
            runs = [_run(command, stdin="\n".join(site.urls)) for _ in range(2)]
        yield Figure(f"cold, readable, {name}", cold, "reader, 20 workers", runs[0].whole)
        yield Figure(
            f"all 304, {name}", median(one.unchanged.whole for one in ours), "reader, 20 workers", runs[1].whole
        )


def _pairs(case: str, ours: Sequence[float], peer: str, theirs: Sequence[float], unit: str = "s") -> Figure:
    ratio = median(mine / other for mine, other in zip(ours, theirs, strict=True))
    return Figure(case, median(ours), peer, median(theirs), unit, ratio)


def many(counts: Sequence[int], entries: int) -> Iterator[Figure]:
    """One refresh of more and more feeds: what a feed costs beside what it costs in the smallest, and the memory."""
    first: float | None = None
    for count in counts:
        with Feeds(count, entries, distinct=50) as site, TemporaryDirectory() as home:
            run = _ours_once(Path(home), subscribed(Path(home), site.urls), len(site.urls))
        each = run.readable / count * 1000
        first = first or each
        name = f"{count:,} feeds × {entries}, cold"
        yield Figure(f"{name}: readable", run.readable)
        yield Figure(f"{name}: a feed", each, f"in {counts[0]:,} feeds", first, "ms")
        yield Figure(f"{name}: peak memory", run.memory, unit="MB")


def meanwhile(count: int, entries: int) -> Iterator[Figure]:
    """Moves of the cursor in the open reader while it refreshes so many feeds, beside the same at rest."""
    with Feeds(count, entries, distinct=50) as site, TemporaryDirectory() as home:
        library, quiet = Path(home, "library.db"), Path(home, "quiet.toml")
        quiet.write_text("[refresh]\nauto = false\non_start = false\n")
        command = subscribed(Path(home), site.urls)
        _run([*command, "refresh", "--quiet", "1"])
        with closing(sqlite3.connect(f"{library.as_uri()}?mode=ro", uri=True)) as db:
            listed = db.execute("SELECT id, title FROM entry ORDER BY sort_at DESC, id DESC").fetchall()
            _run([*command, "star", *(str(number) for number, _ in listed)])
            first, second = (str(title)[:16].encode() for _, title in listed[:2])
            with Terminal([*command, "--config", str(quiet)]) as reader:
                reader.until(b"Starred")
                time.sleep(3)
                for keys in ("g1", "gg", "jjj", "g2", "gg"):
                    reader.key(keys)
                times: list[list[float]] = []
                for refreshes in (False, True):
                    if refreshes:
                        reader.shows("R", b"refreshing")
                        time.sleep(2)
                    times.append([])
                    for number in range(240 if refreshes else 80):
                        key, marker = ("k", first) if number % 2 else ("j", second)
                        times[-1].append(reader.shows(key, marker))
                        time.sleep(0.07)
                (asked,) = db.execute("SELECT count(*) FROM feed WHERE checked_at IS NOT NULL").fetchone()
                assert asked < count, "the refresh was over before the keys were"
    for name, part in (("p50", 0.5), ("p95", 0.95)):
        rest, busy = (sorted(some)[int(len(some) * part)] * 1000 for some in times)
        yield Figure(f"a move while {count:,} feeds are refreshed, {name}", busy, "at rest", rest, "ms")


# ---------------------------------------------------------------- programs


def subscribed(home: Path, urls: Sequence[str]) -> list[str]:
    """Our command on a new library that subscribes to the addresses, nothing fetched yet."""
    opml = home / "feeds.opml"
    outlines = "".join(f'<outline type="rss" text="{n}" xmlUrl="{url}"/>' for n, url in enumerate(urls))
    opml.write_text(f'<opml version="2.0"><body>{outlines}</body></opml>')
    ours = [sys.executable, "-m", "tui_reader", "--library", str(home / "library.db")]
    subprocess.run([*ours, "import", str(opml)], check=True, capture_output=True, env=_environment())
    return ours


def _ours(site: Feeds, home: Path, *, warm: bool = False) -> Round:
    """Three refreshes; `warm` only compiles the program's modules, as they are where it is installed."""
    if warm:
        with TemporaryDirectory() as other, Feeds(2, 1) as few:
            command = subscribed(Path(other), few.urls)
            run = _ours_once(Path(other), command, 2)
            return Round(run, run, run)
    command = subscribed(home, site.urls)
    cold = _ours_once(home, command, len(site.urls))
    again = [*command, "refresh", "--quiet", "--force"]
    unchanged = _run(again)
    site.ignore_conditions(True)
    same = _run(again)
    site.ignore_conditions(False)
    return Round(cold, unchanged, same)


def _ours_once(home: Path, command: Sequence[str], count: int) -> Run:
    return _run([*command, "refresh", "--quiet"], library=home / "library.db", count=count)


def _newsboat(site: Feeds, home: Path, statistics: Sequence[object] | None) -> tuple[Round, Sequence[object]]:
    """Three reloads and the one between them in which it stores the validators of new feeds. With `statistics`, which
    `ANALYZE` makes of a full cache and newsboat never runs, they are planted into its new cache before the first."""
    reload = [*newsboat(home, site.urls), "-x", "reload"]
    cache = home / "cache.db"
    if statistics is not None:
        subprocess.run([*newsboat(home, ["file:///dev/null"]), "-x", "print-unread"], capture_output=True)
        newsboat(home, site.urls)
        with closing(sqlite3.connect(cache)) as db, db:
            db.execute("ANALYZE")
            db.execute("DELETE FROM sqlite_stat1")
            db.executemany("INSERT INTO sqlite_stat1 VALUES (?, ?, ?)", statistics)
    cold = _run(reload)
    _run(reload)
    unchanged = _run(reload)
    site.ignore_conditions(True)
    same = _run(reload)
    site.ignore_conditions(False)
    with closing(sqlite3.connect(cache)) as db:
        db.execute("ANALYZE")
        return Round(cold, unchanged, same), db.execute("SELECT tbl, idx, stat FROM sqlite_stat1").fetchall()


def newsboat(home: Path, urls: Sequence[str]) -> list[str]:
    """Newsboat's command on a cache of its own."""
    (home / "urls").write_text("\n".join(urls))
    (home / "config").write_text("reload-threads 20\n")
    return ["newsboat", "-u", str(home / "urls"), "-c", str(home / "cache.db"), "-C", str(home / "config")]


def newsboat_version() -> str:
    """Its name and version, "" where it is not installed."""
    if not shutil.which("newsboat"):
        return ""
    said = subprocess.run(["newsboat", "-v"], capture_output=True, text=True).stdout
    return " ".join(said.split()[:2])


def _environment() -> dict[str, str]:
    """Ours, with the modules kept compiled, as an installer leaves them."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "PYTHONPYCACHEPREFIX": str(Path(__file__).parents[1] / "build" / "bytecode")}


def _run(command: Sequence[str], *, stdin: str = "", library: Path | None = None, count: int = 0) -> Run:
    begun = time.perf_counter()
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=_environment()
    )
    assert process.stdin is not None
    process.stdin.write(stdin.encode())
    process.stdin.close()
    moments: list[float] = []
    if library is not None:
        with closing(sqlite3.connect(f"{library.as_uri()}?mode=ro", uri=True)) as db:
            while len(moments) < len(MOMENTS) and not _ended(process.pid):
                time.sleep(LOOK_EVERY)
                while len(moments) < len(MOMENTS) and db.execute(MOMENTS[len(moments)], {"count": count}).fetchone()[0]:
                    moments.append(time.perf_counter() - begun)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    whole = time.perf_counter() - begun
    readable, indexed = [*moments, whole, whole][:2]
    return Run(readable, indexed, whole, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def _ended(pid: int) -> bool:
    return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


# ---------------------------------------------------------------- the floor, in a process of its own


def _asked(what: str, urls: Sequence[str]) -> float:
    """Seconds of the bare download, or of storing what was parsed before: `python -m benchmarks.refreshing WHAT`."""
    command = [sys.executable, "-m", "benchmarks.refreshing", what]
    said = subprocess.run(
        command, input="\n".join(urls), capture_output=True, text=True, check=True, env=_environment()
    )
    return float(json.loads(said.stdout))


def _download(urls: Sequence[str]) -> tuple[float, list[bytes]]:
    import asyncio

    from tui_reader.net.client import Fetcher
    from tui_reader.net.fetch import Fetched, Request, Settings

    async def all_of() -> tuple[float, list[bytes]]:
        fetcher = Fetcher(Settings("benchmark"), clock=lambda: int(time.time()))
        begun = time.perf_counter()
        answers = await asyncio.gather(*(fetcher.fetch(Request(url, typed=True)) for url in urls))
        taken = time.perf_counter() - begun
        await fetcher.close()
        return taken, [answer.body for answer in answers if isinstance(answer, Fetched)]

    return asyncio.run(all_of())


def _store(urls: Sequence[str]) -> float:
    from tui_reader.model import ParsedFeed, PollState
    from tui_reader.parse.document import parse
    from tui_reader.refresh.decide import decide
    from tui_reader.store import connect, entries, feeds

    now = int(time.time())
    documents = [parse(body, url=url) for url, body in zip(urls, _download(urls)[1], strict=True)]
    with TemporaryDirectory() as home:
        db = connect.open_writer(Path(home, "library.db"), now=now)
        known = [feeds.feed(db, feeds.add(db, url=url, now=now)) for url in urls]
        updates = [
            decide(feed, (), document, PollState(checked_at=now), now)
            for feed, document in zip(known, documents, strict=True)
            if isinstance(document, ParsedFeed)
        ]
        begun = time.perf_counter()
        for update in updates:
            entries.save(db, update, now=now)
        taken = time.perf_counter() - begun
        db.close()
    return taken


if __name__ == "__main__":
    asked = sys.stdin.read().split()
    print(_download(asked)[0] if sys.argv[1] == "download" else _store(asked))
