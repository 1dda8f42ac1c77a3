"""Looking at discussions: ask their sources politely, and keep every comment that was ever seen."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from msgspec import Struct, field
from msgspec.structs import replace

from tui_reader import text, urls
from tui_reader.discussion import gaps, schedule
from tui_reader.model import (
    Discussion,
    NotAFeed,
    ParsedComment,
    PollState,
    ThreadUpdate,
    Validators,
    Watched,
)
from tui_reader.net.fetch import Failed, Fetched, NotModified, Outcome, Request
from tui_reader.refresh import due
from tui_reader.refresh.run import Ports
from tui_reader.store import comments, discussions, tidy

if TYPE_CHECKING:
    from tui_reader.sources.source import About, Body, Found, Source

LOOK_AGAIN_AFTER = 15 * 60
"""Seconds before an open discussion is asked again by itself."""
MOST_FOLLOWED = 50
"""Requests that one look makes at most."""
_ANOTHER_MAY_DO = frozenset({"http", "refused", "redirect"})


class Looked(Struct, frozen=True):
    """How a look ended: `asked` tells whether a request was sent, `message` is one plain line or "". `until` is when
    it may be asked again, where it was not asked for that."""

    asked: bool = False
    new: int = 0
    message: str = ""
    failed: bool = False
    until: int | None = None


class Reading(Struct):
    """What one look has come to so far. Nobody should ask before `retry_at`."""

    outcome: Outcome
    found: Found | None = None
    comments: dict[str, ParsedComment] = field(default_factory=dict)
    complete: bool = False
    older: tuple[str, ...] = ()
    retry_at: int | None = None


class Looker:
    """Asks discussions. Lives on the engine's loop."""

    def __init__(self, ports: Ports) -> None:
        self.ports = ports

    async def fetch(
        self, subject: Watched, address: str, source: Source, validators: Validators | None = None
    ) -> Outcome:
        """Ask for one address: never inside what its host asked to be left alone for, never faster than the source's
        pace. An address on the feed's own host counts as typed by the user; one elsewhere must not lie in a private
        network."""
        typed = urls.host(address) == urls.host(subject.feed_url)
        request = Request(address, validators=validators or Validators(), typed=typed)
        return await self.ports.gate.fetch(request, pace=source.pace)

    async def read(self, source: Source, outcome: Outcome, about: About) -> Reading:
        """What a source finds in an answer; in one that is no document, nothing."""
        if not isinstance(outcome, Fetched):
            return Reading(outcome, retry_at=outcome.retry_at if isinstance(outcome, Failed) else None)
        found = await self.ports.parser.read(source.kind, _body(outcome), about)
        if isinstance(found, NotAFeed):
            reason = f"sent {found.reason}"
            return Reading(Failed(reason, kind="refused", status=outcome.status, words=found.words))
        said = {comment.key: comment for comment in found.comments}
        return Reading(outcome, found, said, found.complete, found.older)

    # ------------------------------------------------------------ one discussion

    async def look(self, subject: Watched, *, forced: bool) -> Looked:
        """Ask a discussion if it may be asked now. `forced` looks again although it was asked a moment ago, but never
        inside a Retry-After or a host's own pace."""
        one = subject.discussion
        source = source_of(one.kind)
        waiting = await self._waiting(one, source, forced=forced)
        if waiting is not None:
            quiet = one.poll.checked_at is not None and not one.poll.error and not forced
            return Looked(message="" if quiet else waiting.reason, failed=bool(one.poll.error), until=waiting.until)
        held = await self.ports.engine.read(comments.authors, one.id)
        reading = await self._best(subject, source, about(subject, held))
        return await self.keep(subject, reading, held)

    async def _waiting(self, one: Discussion, source: Source, *, forced: bool) -> due.Waiting | None:
        now = self.ports.clock()
        verdict = due.verdict(one.poll, now, forced=forced)
        if isinstance(verdict, due.Waiting):
            return verdict
        last = max(self.ports.gate.asked(one.url), one.poll.checked_at or 0)
        if source.pace > 1:
            last = max(last, await self.ports.engine.read(discussions.last_asked, one.kind))
        return None if urls.is_loopback(urls.host(one.url)) else held_back(source, last, now)

    async def _best(self, subject: Watched, source: Source, about: About) -> Reading:
        """What the discussion's best address answers; an address that a host does not have is tried once a host."""
        one = subject.discussion
        addresses = source.addresses(one.url) or (one.url,)
        key = f"{source.kind} at {urls.host(one.url)}"
        skipped = await self.ports.engine.read(tidy.recall, key)
        start = skipped if isinstance(skipped, int) and skipped < len(addresses) else 0
        for number, address in enumerate(addresses[start:], start + 1):
            reading = await self.once(subject, source, address, about)
            if number == len(addresses) or _is_the_answer(reading):
                break
            if not _may_pass(reading):
                await self.ports.engine.write(tidy.remember, key, number)
        return await self.follow(subject, source, reading, about)

    async def once(self, subject: Watched, source: Source, address: str, about: About) -> Reading:
        """One address, asked conditionally; the document that is known already is not read again."""
        poll = subject.discussion.poll
        outcome = await self.fetch(subject, address, source, poll.validators)
        if isinstance(outcome, Fetched) and outcome.digest == poll.body_hash:
            return Reading(outcome)
        return await self.read(source, outcome, about)

    async def follow(self, subject: Watched, source: Source, reading: Reading, about: About) -> Reading:
        """Read on where the first answer leads; what cannot be read there leaves the discussion incomplete."""
        waiting = list(reading.found.follow) if reading.found is not None else []
        asked: set[str] = set()
        while waiting and len(asked) < MOST_FOLLOWED:
            address = waiting.pop(0)
            if address in asked:
                continue
            asked.add(address)
            step = await self.read(source, await self.fetch(subject, address, source), about)
            reading.complete = reading.complete and step.complete
            if step.retry_at is not None:
                reading.retry_at = step.retry_at
                break
            if step.found is not None:
                reading.comments = step.comments | reading.comments
                waiting += step.found.follow
        reading.complete = reading.complete and not waiting
        return reading

    async def keep(self, subject: Watched, reading: Reading, held: Collection[str], *, shared: bool = False) -> Looked:
        """Store what a look brought, and when the next one is due. `shared`: the answer was for several discussions, so
        it says nothing of this one's own address, nor of what is missing here."""
        ports, one, found = self.ports, subject.discussion, reading.found
        now = ports.clock()
        new = sum(key not in held for key in reading.comments)
        settings = replace(ports.settings, interval=LOOK_AGAIN_AFTER, paced=False)
        state = due.after(one.poll, reading.outcome, now, settings, url=one.url, changed=new > 0)
        if reading.retry_at is not None:
            state = replace(state, wait_until=reading.retry_at)
        if shared:
            state = replace(state, validators=one.poll.validators, body_hash=one.poll.body_hash)
        elif found is not None and isinstance(reading.outcome, Fetched):
            state = replace(state, body_hash=reading.outcome.digest)
        watch_at, why = self._next_watch(subject, state, new, found.window if found else 0, now)
        gap = one.gap_at if shared or state.error else self._gap(one, reading, held)
        update = ThreadUpdate(
            one.id,
            tuple(reading.comments.values()),
            state,
            whole=reading.complete,
            deleted=found.deleted if found else (),
            declared=found.declared if found else None,
            complete=reading.complete or (one.complete and gap is None),
            gap_at=gap,
            watch_at=watch_at,
            watch_why=why,
        )
        change = await ports.engine.write(comments.save, update, now=now, rules=ports.rules)
        ports.on_change(change)
        return Looked(asked=True, new=change.new_comments, message=state.error, failed=bool(state.error))

    @staticmethod
    def _gap(one: Discussion, reading: Reading, held: Collection[str]) -> int | None:
        """What the site counts and an unchanged answer does not show is missing, nobody knows where."""
        if reading.complete:
            return None
        if reading.found is None:
            return 0 if held and one.gap_at is None and one.unseen else one.gap_at
        declared = reading.found.declared if reading.found.declared is not None else one.declared
        return gaps.gap_at(tuple(reading.comments.values()), held, reading.found.window, declared, one.gap_at)

    def _next_watch(
        self, subject: Watched, state: PollState, new: int, window: int, now: int
    ) -> tuple[int | None, str]:
        """When a watched discussion is due again: at its own pace, and not before its server allows it."""
        if subject.discussion.watch_until is None:
            return None, ""
        quiet = 0 if subject.discussion.poll.checked_at is None else state.quiet
        wait, why = schedule.pause(age=now - subject.entry_at, quiet=quiet, new=new, window=window)
        if due.is_exempt(self.ports.settings, subject.discussion.url):
            wait = self.ports.settings.minimum_interval
        if state.next_at is not None and state.next_at > now + wait:
            return state.next_at, state.next_why
        return now + wait, why


def _is_the_answer(reading: Reading) -> bool:
    """Whether a source's first address is the one to keep, rather than that the next one should be tried."""
    if isinstance(reading.outcome, NotModified):
        return True
    if isinstance(reading.outcome, Failed):
        busy = reading.outcome.retry_at is not None or reading.outcome.status in {429, 503}
        return busy or reading.outcome.kind not in _ANOTHER_MAY_DO
    return reading.found is None or reading.found.suits


def _may_pass(reading: Reading) -> bool:
    """Whether what kept an address from answering may be over tomorrow, so that nothing is concluded from it."""
    return isinstance(reading.outcome, Failed) and reading.outcome.status >= 500


def held_back(source: Source, last: int, now: int) -> due.Waiting | None:
    """Why a site that was asked at `last` may not be asked now, None when it may."""
    until = last + source.pace
    if not now < until <= now + source.pace:
        return None
    return due.Waiting(f"{source.name} is asked once in {text.plural(source.pace, 'second')}", until)


def about(subject: Watched, held: dict[str, str]) -> About:
    """What a source is told of the discussion that it reads."""
    from tui_reader.sources.source import About

    one = subject.discussion
    return About(subject.entry_guid, subject.entry_url, one.url, one.page_url, held)


def _body(outcome: Fetched) -> Body:
    from tui_reader.sources.source import Body

    return Body(outcome.body, outcome.url, outcome.content_type)


def source_of(kind: str) -> Source:
    """Imported when a discussion is asked: the sources read feeds, and what reads feeds takes long to load."""
    from tui_reader.sources.registry import by_kind

    return by_kind(kind)
