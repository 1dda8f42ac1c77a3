"""Refreshing: ask what is due, many hosts at once and each host one at a time, and keep whatever arrives.

A feed can end in any way without touching another one. What has been fetched is stored before the next feed of the
same host is asked, so a refresh that is broken off keeps all it got.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import suppress

from msgspec import Struct
from msgspec.structs import replace

from tui_reader import urls
from tui_reader.engine import Engine
from tui_reader.errors import NotFound, ReaderError
from tui_reader.model import (
    Change,
    Feed,
    FeedResult,
    FeedUpdate,
    NotAFeed,
    ParsedEntry,
    ParsedFeed,
    PollState,
    Progress,
    StoredEntry,
    Validators,
)
from tui_reader.net.fetch import Failed, Fetched, Network, NotModified, Request
from tui_reader.refresh import due, secrets
from tui_reader.refresh.decide import decide
from tui_reader.refresh.gate import Gate
from tui_reader.rules import NONE, Rules
from tui_reader.store import entries, feeds
from tui_reader.text import clean, plural
from tui_reader.worker.client import Parser

NO_VALIDATORS = Validators()
log = logging.getLogger(__name__)

UNSAFE = "its secure address led to an open one (https to http), so anyone on the way could have changed it"
EMPTIED = "it lists no articles any more; the saved ones stay"


class Ports(Struct, frozen=True):
    """What a refresh works with; `on_change` is called after every stored answer, on the engine's loop."""

    engine: Engine
    fetcher: Network
    gate: Gate
    parser: Parser
    settings: due.Settings
    clock: Callable[[], int]
    on_change: Callable[[Change], None]
    concurrency: int = 20
    rules: Rules = NONE


async def refresh(
    ports: Ports,
    subscribed: Iterable[Feed],
    *,
    forced: bool,
    on_progress: Callable[[Progress], None],
) -> Progress:
    """Ask every feed that may be asked now; those that are not due are counted as waiting, with their reason.

    `forced` asks what is not due as well, but never inside a Retry-After.
    """
    tally = _Tally(on_progress)
    hosts: dict[str, deque[Feed]] = {}
    for feed in subscribed:
        verdict = due.verdict(feed.poll, ports.clock(), forced=forced)
        if isinstance(verdict, due.Waiting):
            tally.wait(FeedResult(feed.id, feed.title, "waiting", message=verdict.reason, next_at=verdict.until))
        else:
            hosts.setdefault(urls.host_key(feed.url), deque()).append(feed)
            tally.expect()
    tally.start()
    queue = deque(hosts.values())
    # Of a feed that has never been read there will be a document: the worker starts while it is asked for.
    expected = any(not feed.poll.body_hash for of_host in queue for feed in of_host)
    ahead = [asyncio.create_task(ports.parser.begin())] if expected else []

    async def work() -> None:
        while queue:
            for feed in queue.popleft():
                tally.done(await _safely(ports, feed))

    workers = [asyncio.create_task(work()) for _ in range(min(ports.concurrency, len(queue)))]
    try:
        await asyncio.gather(*workers)
    finally:
        for task in (*workers, *ahead):
            task.cancel()
        await asyncio.gather(*workers, *ahead, return_exceptions=True)
        tally.stop()
    return tally.progress


async def _safely(ports: Ports, feed: Feed) -> FeedResult:
    """One feed's fault, foreseen or not, is that feed's result and stops no other."""
    try:
        return await refresh_one(ports, feed)
    except ReaderError as error:
        return FeedResult(feed.id, feed.title, "failed", message=str(error))
    except Exception as error:
        log.exception("refreshing feed %d failed", feed.id)
        return FeedResult(feed.id, feed.title, "failed", message=f"an unforeseen fault ({clean(str(error))})")


async def refresh_one(ports: Ports, feed: Feed) -> FeedResult:
    """Fetch, parse, decide, store one feed."""
    return await absorb(ports, feed, await ask(ports, feed, feed.poll.validators, held=feed.poll.body_hash))


async def ask(
    ports: Ports, feed: Feed, validators: Validators = NO_VALIDATORS, *, held: bytes = b"", typed: bool = True
) -> Fetched | NotModified | Failed:
    """Fetch a feed's document with what the reader set for this feed; `held` is as in `Request`. A secret that is not
    found is a fault of its own: the server is not asked without it."""
    try:
        pairs = await secrets.headers(feed.own)
    except secrets.Missing as why:
        return Failed(str(why), "refused")
    return await ports.fetcher.fetch(Request(feed.url, validators, typed=typed, headers=pairs, held=held))


async def absorb(ports: Ports, feed: Feed, outcome: Fetched | NotModified | Failed) -> FeedResult:
    """Store what an answer says of a feed, and tell how it ended."""
    now = ports.clock()
    if not isinstance(outcome, Fetched):
        return await _without_entries(
            ports, feed, due.after(feed.poll, outcome, now, ports.settings.of(feed), url=feed.url)
        )
    if outcome.digest == feed.poll.body_hash:
        state = due.after(feed.poll, outcome, now, ports.settings.of(feed), url=feed.url, changed=False)
        return await _without_entries(ports, feed, state)
    parsed = await ports.parser.parse(outcome.body, url=outcome.url, content_type=outcome.content_type)
    if isinstance(parsed, NotAFeed):
        failed = Failed(f"sent {parsed.reason}", kind="refused", status=outcome.status, words=parsed.words)
        return await _without_entries(
            ports, feed, due.after(feed.poll, failed, now, ports.settings.of(feed), url=feed.url)
        )
    return await store(ports, feed, outcome, parsed)


async def store(ports: Ports, feed: Feed, outcome: Fetched, parsed: ParsedFeed) -> FeedResult:
    """Write a parsed document: what is new, what changed, and when to ask again."""
    now = ports.clock()
    state = due.after(feed.poll, outcome, now, ports.settings.of(feed), url=feed.url, changed=True, parsed=parsed)
    state = replace(state, body_hash=outcome.digest)
    moved = _adopted(state, feed, now)
    other = await _at(ports, moved)

    def decided(listed: tuple[ParsedEntry, ...], stored: Sequence[StoredEntry]) -> FeedUpdate:
        update = decide(feed, stored, replace(parsed, entries=listed), state, now)
        address = moved if stored or parsed.title == feed.title else ""
        if address and other is None:
            update = replace(update, url=address, poll=_settled(state))
        return replace(update, fault=_remarks(feed, outcome, parsed, update, other if address else None))

    change, fault = await ports.engine.write_shared(
        entries.merge, feed.id, parsed.entries, decided, now=now, rules=ports.rules
    )
    ports.on_change(change)
    new, changed = change.new_entries, change.changed_entries
    return FeedResult(
        feed.id,
        feed.title,
        "updated" if new or changed else "unchanged",
        new=new,
        changed=changed,
        message=fault,
        next_at=state.next_at,
        status=outcome.status,
    )


def _remarks(feed: Feed, outcome: Fetched, parsed: ParsedFeed, update: FeedUpdate, other: Feed | None) -> str:
    """What a person should know of a document that was read, as plain clauses."""
    old = sum(one.read for one in update.entries)
    told = (
        parsed.fault,
        UNSAFE if outcome.downgraded else "",
        EMPTIED if feed.entries and not parsed.entries else "",
        f"{plural(old, 'older article')} came at once and {'is' if old == 1 else 'are'} here as read" if old else "",
        _moved_onto(other) if other is not None else "",
    )
    return "; ".join(filter(None, told))


def _adopted(state: PollState, feed: Feed, now: int) -> str:
    """The address to ask from now on, "" for the same. What is confidential is never taken to another server: there
    the reader changes the address himself."""
    address = due.adopted(state, feed.url, now)
    if feed.own.confidential and urls.host_key(address) != urls.host_key(feed.url):
        return ""
    return address


def _moved_onto(other: Feed) -> str:
    return f"it has moved to where “{other.title}” is, which you have too; both stay until you remove one"


async def _at(ports: Ports, url: str) -> Feed | None:
    """The subscription with this address."""
    with suppress(NotFound):
        return await ports.engine.read(feeds.by_url, url) if url else None
    return None


async def _without_entries(ports: Ports, feed: Feed, state: PollState) -> FeedResult:
    now = ports.clock()
    address = _adopted(state, feed, now)
    other = await _at(ports, address)
    if other is not None:
        update = FeedUpdate(feed.id, title="", site_url="", fault=_moved_onto(other), poll=state)
        ports.on_change(await ports.engine.write_shared(entries.save, update, now=now))
    elif address:
        state = _settled(state)
        update = FeedUpdate(feed.id, title="", site_url="", fault=feed.fault, poll=state, url=address)
        ports.on_change(await ports.engine.write_shared(entries.save, update, now=now))
    else:
        ports.on_change(await ports.engine.write_shared(feeds.poll, feed.id, state))
    return FeedResult(
        feed.id,
        feed.title,
        "failed" if state.error else "unchanged",
        message=state.error,
        next_at=state.next_at,
        status=state.status,
    )


def _settled(state: PollState) -> PollState:
    """The state of a feed that now lives at its new address; what its old one said last is over."""
    state = replace(state, moved_to="", moved_count=0, moved_since=None)
    if state.error:
        state = replace(state, error="", failures=0, failing_since=None, gone=False, next_at=None, wait_until=None)
    return state


class _Tally:
    """Counts a refresh as it runs and tells it on."""

    def __init__(self, tell: Callable[[Progress], None]) -> None:
        self.progress = Progress()
        self._tell = tell
        self._results: list[FeedResult] = []

    def expect(self) -> None:
        self.progress = replace(self.progress, total=self.progress.total + 1)

    def wait(self, result: FeedResult) -> None:
        self._results.append(result)
        self.progress = replace(self.progress, waiting=self.progress.waiting + 1)

    def start(self) -> None:
        self._say(running=True)

    def done(self, result: FeedResult) -> None:
        self._results.append(result)
        failed = result.outcome == "failed"
        self.progress = replace(
            self.progress,
            done=self.progress.done + 1,
            new=self.progress.new + result.new,
            errors=self.progress.errors + failed,
        )
        self._say(running=True)

    def stop(self) -> None:
        self.progress = replace(self.progress, results=tuple(self._results))
        self._say(running=False)

    def _say(self, *, running: bool) -> None:
        self.progress = replace(self.progress, running=running)
        self._tell(self.progress)


def chosen(subscribed: Collection[Feed], ids: Collection[int] | None) -> list[Feed]:
    """The feeds with these ids in their order, or all of them for None."""
    return [feed for feed in subscribed if ids is None or feed.id in ids]
