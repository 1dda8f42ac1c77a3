"""Fourteen days of one library against servers of many kinds, in seconds: every request is kept with its time.

The clock is put forward to when something falls due, as the reader's own watch does, and the library is closed and
opened again every day.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise
from pathlib import Path

from tests.faults.world import DAY, HOUR, NOW, rss
from tests.site import Answer, Asked, Site
from tui_reader.config import Config, Refresh
from tui_reader.errors import Refused
from tui_reader.library import Library
from tui_reader.net.client import Fetcher
from tui_reader.tui.follow import is_due

TICK = 1800
DAYS = 14
CONTACT = "https://reader.example/me"
ODD = "/odd//path;a=b/%7Eme/?x=1&y"

Serve = Callable[[Asked, int], Answer]
Headers = list[tuple[str, str | bytes]]


@dataclass(frozen=True, slots=True)
class Entry:
    """One request and its answer, and when: `wished` when a person pressed a key for it."""

    at: int
    path: str
    asked: Asked
    answer: Answer
    wished: bool

    def sent(self, name: str) -> bytes | None:
        """A header of the answer, byte for byte."""
        values = [value for key, value in self.answer.headers if str(key).lower() == name]
        return (values[-1] if isinstance(values[-1], bytes) else values[-1].encode("latin-1")) if values else None


def date(at: int) -> str:
    """A moment as HTTP writes it."""
    return format_datetime(datetime.fromtimestamp(at, UTC), usegmt=True)


class Fortnight:
    """The servers, their log, and the run."""

    def __init__(self, site: Site, path: Path) -> None:
        self.site = site
        self.path = path
        self.now = NOW
        self.log: list[Entry] = []
        self.restarts: list[int] = []
        self.words = ""
        self._wished = False
        for name, serve in self._servers().items():
            self._put(name, serve)

    # ------------------------------------------------------------ servers

    def _put(self, path: str, serve: Serve) -> None:
        def answer(asked: Asked) -> Answer:
            answered = serve(asked, self.now)
            self.log.append(Entry(self.now, path, asked, answered, self._wished))
            return answered

        self.site[path] = answer

    def _servers(self) -> dict[str, Serve]:
        every = self._every
        return {
            "/lively": self._feed(
                lambda now: (f'"{every(now, 3)}"', date(NOW + every(now, 3) * 3 * HOUR)), every_hours=3
            ),
            "/quiet": self._feed(lambda now: ('"q"', None)),
            "/weak": self._feed(lambda now: (f"W/{every(now, 30)}", "yesterday, or so")),
            "/same-second": self._feed(lambda now: (f'"s{every(now, 5)}"', date(NOW)), every_hours=20),
            "/touched": self._feed(lambda now: (f'"t{every(now, 5)}"', date(NOW + every(now, 5)))),
            "/by-date": self._feed(lambda now: (None, "Sat, 01 Jan 2000 00:00:00 GMT")),
            "/bare": self._feed(lambda now: (None, None), every_hours=7),
            "/max-age": self._feed(lambda now: ('"m"', None), [("Cache-Control", "public, max-age=21600")]),
            "/expires": self._feed(lambda now: ('"e"', None), expires=8 * HOUR),
            "/ttl": self._feed(lambda now: (f'"{every(now, 5)}"', None), channel="<ttl>600</ttl>", every_hours=5),
            "/hours": self._feed(
                lambda now: (f'"{every(now, 4)}"', None),
                channel=f"<skipHours>{''.join(f'<hour>{n}</hour>' for n in range(7))}</skipHours>",
                every_hours=4,
            ),
            "/days": self._feed(
                lambda now: (f'"{every(now, 4)}"', None),
                channel="<skipDays><day>Saturday</day><day>Sunday</day></skipDays>",
                every_hours=4,
            ),
            "/busy": self._now_and_then(
                lambda now: 8 * HOUR <= (now - NOW) % DAY < 12 * HOUR,
                lambda now: Answer(429, headers=[("Retry-After", str(5 * HOUR)), ("ETag", '"wrong"')]),
            ),
            "/busy-by-date": self._now_and_then(
                lambda now: 8 * HOUR <= (now - NOW) % DAY < 12 * HOUR,
                lambda now: Answer(
                    503, headers=[("Retry-After", date(now + 3 * HOUR)), ("Date", date(now - 2 * HOUR))]
                ),
            ),
            "/slow-down": self._now_and_then(lambda now: now >= NOW + DAY, lambda now: Answer(429)),
            "/flaky": self._now_and_then(lambda now: DAY <= now - NOW < 4 * DAY, lambda now: Answer(500)),
            "/gone": self._now_and_then(lambda now: now >= NOW + 3 * DAY, lambda now: Answer(410)),
            "/missing": self._now_and_then(lambda now: now >= NOW + 2 * DAY, lambda now: Answer(404)),
            "/moved": self._now_and_then(
                lambda now: now >= NOW + DAY, lambda now: Answer(301, headers=[("Location", "/moved-here")], type="")
            ),
            "/moved-here": self._feed(lambda now: ('"here"', None)),
            "/for-now": self._now_and_then(
                lambda now: now >= NOW + DAY, lambda now: Answer(302, headers=[("Location", "/elsewhere")], type="")
            ),
            "/elsewhere": self._feed(lambda now: ('"else"', None)),
            ODD: self._feed(lambda now: ('"o"', None), [("Set-Cookie", "id=1; Path=/"), ("Set-Cookie", "b=2")]),
            "/page": lambda asked, now: Answer(
                body=b"<!doctype html><head><link rel=alternate type=application/rss+xml href='/named'></head>",
                type="text/html",
            ),
            "/named": self._feed(lambda now: ('"n"', None)),
            "/no-feed": lambda asked, now: Answer(
                body=b"<html><body>Come back on Monday</body></html>", type="text/html"
            ),
        }

    def _every(self, now: int, hours: int) -> int:
        return (now - NOW) // (hours * HOUR)

    def _feed(
        self,
        pair: Callable[[int], tuple[str | None, str | None]],
        headers: Headers | None = None,
        *,
        channel: str = "",
        expires: int = 0,
        every_hours: int = 0,
    ) -> Serve:
        """A good server: 304 when both match byte for byte; a new entry every so many hours."""

        def serve(asked: Asked, now: int) -> Answer:
            etag, stamp = pair(now)
            told: Headers = [*(headers or ())]
            told += [(key, value) for key, value in (("ETag", etag), ("Last-Modified", stamp)) if value]
            if expires:
                told += [("Expires", date(now + expires)), ("Date", date(now))]
            sent = (asked.header("if-none-match"), asked.header("if-modified-since"))
            held = tuple(value.encode() if value else None for value in (etag, stamp))
            if any(held) and sent == held:
                return Answer(304, headers=told, reason="Not Modified")
            count = 1 + (self._every(now, every_hours) if every_hours else 0)
            body = rss(*(f"{n}" for n in reversed(range(count))), title=asked.path, channel=channel)
            return Answer(body=body, headers=told)

        return serve

    def _now_and_then(self, when: Callable[[int], bool], other: Callable[[int], Answer]) -> Serve:
        good = self._feed(lambda now: ('"g"', None))
        return lambda asked, now: other(now) if when(now) else good(asked, now)

    # ------------------------------------------------------------ the run

    async def run(self) -> None:
        """Subscribe, and live for fourteen days."""
        config = Config(refresh=Refresh(contact=CONTACT))
        library = await Library.open(self.path, config, clock=lambda: self.now, fetching=Fetcher)
        try:
            for path in self._servers():
                if path in {"/moved-here", "/elsewhere", "/named", "/no-feed"}:
                    continue
                host = "localhost" if path in {"/quiet", "/lively"} else "127.0.0.1"
                await library.add(self.site.url(path, host=host))
            try:
                await library.add(self.site.url("/no-feed"))
            except Refused as refused:
                self.words = refused.words
            day = 0
            while self.now < NOW + DAYS * DAY:
                self.now += TICK
                feeds = await library.feeds()
                if not any(is_due(feed.poll, self.now) for feed in feeds):
                    continue
                if (self.now - NOW) // DAY > day:
                    day += 1
                    await library.close()
                    library = await Library.open(self.path, config, clock=lambda: self.now, fetching=Fetcher)
                    self.restarts.append(self.now)
                    await library.refresh()
                    self._wished = True
                    lively = next(feed.id for feed in feeds if feed.url.endswith("/lively"))
                    await library.refresh([lively], force=True)
                    self._wished = False
                await library.refresh()
        finally:
            await library.close()

    # ------------------------------------------------------------ read off

    def of(self, path: str, *, wished: bool = True) -> list[Entry]:
        """What was asked of one address."""
        return [one for one in self.log if one.path == path and (wished or not one.wished)]

    def gaps(self, path: str) -> list[int]:
        """Seconds between two requests that nobody wished for."""
        return [later.at - earlier.at for earlier, later in pairwise(self.of(path)) if not later.wished]

    def held(self) -> Iterator[tuple[Entry, tuple[bytes | None, bytes | None]]]:
        """Every request with the pair that this address had issued last, as a client must hold it."""
        pairs: dict[str, tuple[bytes | None, bytes | None]] = {}
        for one in self.log:
            yield one, pairs.get(one.path, (None, None))
            if one.answer.status == 200:
                pairs[one.path] = (one.sent("etag"), one.sent("last-modified"))
            elif one.answer.status in {301, 302}:
                pairs.pop(one.path, None)  # it has no document of its own any more

    def bytes(self) -> int:
        """What was sent to us, bodies and heads."""
        return sum(len(part) for one in self.log for part in one.answer.steps() if isinstance(part, bytes))


def moment(at: int) -> datetime:
    """In UTC, as skipHours and skipDays count."""
    return datetime.fromtimestamp(at, UTC)


def span(seconds: float) -> str:
    """As people say it."""
    return str(timedelta(seconds=int(seconds))).removesuffix(":00")
