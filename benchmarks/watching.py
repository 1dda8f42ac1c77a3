"""Fourteen days of one discussion against a site on loopback: what a pace costs in requests and in lost comments.

The site shows a window of the ten newest comments, as WordPress does. Comments arrive by a made-up curve from a seed:
six in ten within hours, three in ten within days, the rest at any time. The library, its clock and its store are the
real ones; only time is driven by hand.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, median
from tempfile import TemporaryDirectory

from tests.site import Site, document
from tests.wordpress import BEGIN, comment_feed, remark
from tui_reader.config import Config
from tui_reader.library import Added, Library

HOUR, DAY = 3600, 86_400
SPAN = 14 * DAY
WINDOW = 10
SEEDS = (1, 2, 3)


@dataclass(frozen=True)
class Told:
    """What a pace came to: requests sent, comments never seen, and how late the others were seen (median, seconds)."""

    requests: float
    lost: float
    lag: float


def arrivals(count: int, seed: int) -> list[int]:
    """When the comments are written, in seconds after the article, ascending."""
    rng = random.Random(seed)
    made: list[int] = []
    while len(made) < count:
        kind = rng.random()
        mean_delay = 6 * HOUR if kind < 0.6 else 2 * DAY
        delay = rng.uniform(0, SPAN) if kind > 0.9 else rng.expovariate(1 / mean_delay)
        if delay < SPAN:
            made.append(int(delay))
    return sorted(made)


class Thread:
    """A blog's article on a site, with the comments that were written by a moment."""

    def __init__(self, site: Site, written: Sequence[int]) -> None:
        self.site = site
        self.written = written
        home = site.url("")
        self.feed = site.url("/feed")
        site["/feed"] = document(
            '<?xml version="1.0"?><rss version="2.0" xmlns:wfw="http://wellformedweb.org/CommentAPI/"><channel>'
            f"<title>Blog</title><link>{home}/</link><item><title>One</title><link>{home}/one/</link>"
            f'<guid isPermaLink="false">{home}/?p=1</guid><wfw:commentRss>{home}/one/feed/</wfw:commentRss>'
            "<pubDate>Thu, 01 Jan 2026 00:00:00 GMT</pubDate></item></channel></rss>".encode()
        )

    def at(self, moment: int) -> None:
        """Show what had been written by then."""
        home = self.site.url("")
        there = [number for number, delay in enumerate(self.written, 1) if BEGIN + delay <= moment]
        said = (remark(home, number) for number in reversed(there[-WINDOW:]))
        self.site["/one/feed/atom/"] = comment_feed(said, etag=f'"{len(there)}"'.encode())


@contextmanager
def _site(count: int, seed: int) -> Iterator[Thread]:
    with Site() as site:
        yield Thread(site, arrivals(count, seed))


async def _run(thread: Thread, folder: Path, every: int | None) -> Told:
    now = BEGIN
    library = await Library.open(folder / "library.db", Config(), clock=lambda: now)
    try:
        assert isinstance(await library.add(thread.feed), Added)
        thread.at(now)
        await library.look(1)
        (discussion,) = (await library.thread(1)).discussions
        await library.watch(discussion.id, days=30)
        seen: dict[str, int] = {}
        while now < BEGIN + SPAN:
            thread.at(now)
            if every is None:
                await library.look_watched()
            else:
                await library.look(1, force=True)
            for item in (await library.thread(1)).items:
                seen.setdefault(item.key, now)
            (discussion,) = (await library.thread(1)).discussions
            now = now + every if every else max(discussion.watch_at or 0, now + 60)
    finally:
        await library.close()
    lags = [
        seen[key] - BEGIN - delay
        for number, delay in enumerate(thread.written, 1)
        if (key := f"#comment-{number}") in seen
    ]
    requests = len(thread.site.asked("/one/feed/atom/"))
    return Told(requests, (len(thread.written) - len(lags)) / len(thread.written), median(lags) if lags else 0.0)


def simulate(count: int, every: int | None, seeds: Sequence[int] = SEEDS) -> Told:
    """The mean of a few seeds: `every` seconds, or at our own pace for None."""
    told = []
    for seed in seeds:
        with _site(count, seed) as thread, TemporaryDirectory() as folder:
            told.append(asyncio.run(_run(thread, Path(folder), every)))
    return Told(mean(one.requests for one in told), mean(one.lost for one in told), mean(one.lag for one in told))
