"""Looking at discussions: ask their sources politely, and keep every comment that was ever seen."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from tui_reader import text, urls
from tui_reader.discussion import gaps, schedule
from tui_reader.model import (
    Discussion,
    DiscussionRef,
    NotAFeed,
    ParsedComment,
    ParsedEntry,
    PollState,
    ThreadUpdate,
    Validators,
    Watched,
)
from tui_reader.net.fetch import Failed, Fetched, NotModified, Outcome, Request
from tui_reader.refresh import due
from tui_reader.refresh.run import Ports, body_hash
from tui_reader.store import comments, discussions, tidy

if TYPE_CHECKING:
    from tui_reader.sources.source import About, Body, Found, Source, Step

LOOK_AGAIN_AFTER = 15 * 60
"""Seconds before an open discussion is asked again by itself."""
MOST_FOLLOWED = 50
"""Requests that one look makes at most."""
NOTHING_FOR = 30 * 86_400
"""Seconds for which a host whose pages name no discussion is not asked by itself."""
_ANOTHER_MAY_DO = frozenset({"http", "refused", "redirect"})


@dataclass(frozen=True, slots=True)
class Looked:
    """How a look ended: `asked` tells whether a request was sent, `message` is one plain line or "". `until` is when
    it may be asked again, where it was not asked for that."""

    asked: bool = False
    new: int = 0
    message: str = ""
    failed: bool = False
    until: int | None = None


@dataclass(slots=True)
class _Reading:
    """What one look has come to so far."""

    outcome: Outcome
    found: Found | None = None
    comments: dict[str, ParsedComment] = field(default_factory=dict)
    complete: bool = False
    older: tuple[str, ...] = ()


class Looker:
    """Asks discussions. Lives on the engine's loop, and knows when which host was asked last."""

    def __init__(self, ports: Ports) -> None:
        self._ports = ports
        self._asked: dict[str, int] = {}

    # ------------------------------------------------------------ one discussion

    async def look(self, subject: Watched, *, forced: bool) -> Looked:
        """Ask a discussion if it may be asked now.

        One on the feed's own host counts as typed by the user; one elsewhere must not lie in a private network.
        `forced` looks again although it was asked a moment ago, but never inside a Retry-After or a host's own pace.
        """
        one = subject.discussion
        source = _source(one.kind)
        waiting = self._waiting(one, source, forced=forced)
        if waiting is not None:
            quiet = one.poll.checked_at is not None and not one.poll.error and not forced
            return Looked(message="" if quiet else waiting.reason, failed=bool(one.poll.error), until=waiting.until)
        held = await self._ports.engine.read(comments.authors, one.id)
        reading = await self._best(subject, source, about(subject, held))
        return await self._keep(subject, reading, held)

    def _waiting(self, one: Discussion, source: Source, *, forced: bool) -> due.Waiting | None:
        now = self._ports.clock()
        verdict = due.verdict(one.poll, now, forced=forced)
        if isinstance(verdict, due.Waiting):
            return verdict
        host = urls.host_key(one.url)
        until = max(self._asked.get(host, 0), one.poll.checked_at or 0) + source.pace
        if now < until <= now + source.pace and not urls.is_loopback(urls.host(one.url)):
            return due.Waiting(f"{source.name} is asked once in {text.plural(source.pace, 'second')}", until)
        return None

    async def _best(self, subject: Watched, source: Source, about: About) -> _Reading:
        """What the discussion's best address answers; an address that a host does not have is tried once a host."""
        one = subject.discussion
        addresses = source.addresses(one.url) or (one.url,)
        key = f"{source.kind} at {urls.host(one.url)}"
        skipped = await self._ports.engine.read(tidy.recall, key)
        start = skipped if isinstance(skipped, int) and skipped < len(addresses) else 0
        for number, address in enumerate(addresses[start:], start + 1):
            reading = await self._get(subject, source, address, about)
            if number == len(addresses) or _is_the_answer(reading):
                break
            await self._ports.engine.write(tidy.remember, key, number)
        return await self._follow(subject, source, reading, about)

    async def _get(self, subject: Watched, source: Source, address: str, about: About) -> _Reading:
        poll = subject.discussion.poll
        outcome = await self._fetch(subject, address, poll)
        if not isinstance(outcome, Fetched) or body_hash(outcome) == poll.body_hash:
            return _Reading(outcome)
        return await self._read(source, outcome, about)

    async def _fetch(self, subject: Watched, address: str, poll: PollState | None = None) -> Outcome:
        self._asked[urls.host_key(address)] = self._ports.clock()
        validators = poll.validators if poll is not None else Validators()
        typed = urls.host(address) == urls.host(subject.feed_url)
        return await self._ports.fetcher.fetch(Request(address, validators=validators, typed=typed))

    async def _read(self, source: Source, outcome: Fetched, about: About) -> _Reading:
        found = await self._ports.parser.read(source.kind, _body(outcome), about)
        if isinstance(found, NotAFeed):
            reason = f"sent {found.reason}"
            return _Reading(Failed(reason, kind="refused", status=outcome.status, words=found.words))
        said = {comment.key: comment for comment in found.comments}
        return _Reading(outcome, found, said, found.complete, found.older)

    async def _follow(self, subject: Watched, source: Source, reading: _Reading, about: About) -> _Reading:
        """Read on where the first answer leads; what cannot be read there leaves the discussion incomplete."""
        waiting = list(reading.found.follow) if reading.found is not None else []
        asked: set[str] = set()
        while waiting and len(asked) < MOST_FOLLOWED:
            address = waiting.pop(0)
            if address in asked:
                continue
            asked.add(address)
            await self._pause(source, address)
            outcome = await self._fetch(subject, address)
            step = await self._read(source, outcome, about) if isinstance(outcome, Fetched) else _Reading(outcome)
            if step.found is None:
                reading.complete = False
                if isinstance(outcome, Failed) and (outcome.retry_at or outcome.status == 429):
                    break
                continue
            reading.comments = step.comments | reading.comments
            reading.complete = reading.complete and step.complete
            waiting += step.found.follow
        reading.complete = reading.complete and not waiting
        return reading

    async def _pause(self, source: Source, address: str) -> None:
        if not urls.is_loopback(urls.host(address)):
            await asyncio.sleep(source.pace)

    async def _keep(self, subject: Watched, reading: _Reading, held: dict[str, str]) -> Looked:
        """Store what a look brought, and when the next one is due."""
        ports, one = self._ports, subject.discussion
        now = ports.clock()
        new = sum(key not in held for key in reading.comments)
        settings = replace(ports.settings, interval=LOOK_AGAIN_AFTER, paced=False)
        state = due.after(one.poll, reading.outcome, now, settings, url=one.url, changed=new > 0)
        found = reading.found
        watch_at, why = self.next_watch(subject, state, new, found.window if found else 0, now)
        if found is None or not isinstance(reading.outcome, Fetched):
            if held and not state.error and one.gap_at is None and one.unseen:
                await self._note_gap(one)
            ports.on_change(await ports.engine.write(comments.poll, one.id, state, watch_at, why))
            return Looked(asked=True, message=state.error, failed=bool(state.error))
        declared = found.declared if found.declared is not None else one.declared
        said = tuple(reading.comments.values())
        gap = None if reading.complete else gaps.gap_at(said, held, found.window, declared, one.gap_at)
        update = ThreadUpdate(
            one.id,
            said,
            replace(state, body_hash=body_hash(reading.outcome)),
            whole=reading.complete,
            deleted=found.deleted,
            declared=found.declared,
            complete=reading.complete or (one.complete and gap is None),
            gap_at=gap,
            watch_at=watch_at,
            watch_why=why,
        )
        change = await ports.engine.write(comments.save, update, now=now)
        ports.on_change(change)
        return Looked(asked=True, new=change.new_comments)

    async def _note_gap(self, one: Discussion) -> None:
        """What the site counts and its unchanged answer does not show is missing, nobody knows where."""
        gap = ThreadUpdate(one.id, gap_at=0)
        await self._ports.engine.write(comments.save, gap, now=self._ports.clock())

    def next_watch(self, subject: Watched, state: PollState, new: int, window: int, now: int) -> tuple[int | None, str]:
        """When a watched discussion is due again: at its own pace, and not before its server allows it."""
        if subject.discussion.watch_until is None:
            return None, ""
        quiet = 0 if subject.discussion.poll.checked_at is None else state.quiet
        wait, why = schedule.pause(age=now - subject.entry_at, quiet=quiet, new=new, window=window)
        if due.is_exempt(self._ports.settings, subject.discussion.url):
            wait = self._ports.settings.minimum_interval
        if state.next_at is not None and state.next_at > now + wait:
            return state.next_at, state.next_why
        return now + wait, why

    # ------------------------------------------------------------ what a window no longer shows

    async def back_fill(self, subject: Watched) -> Looked:
        """Fetch the comments that were missed: the source's older pages, then each step of its ladder, until there is
        nothing more to be had. What is held already stays as it is."""
        one = subject.discussion
        if one.held and one.gap_at is None and (one.complete or (one.declared is not None and not one.unseen)):
            return Looked(message=f"nothing is missing ({text.plural(one.held, 'comment')})")
        source = _source(one.kind)
        asked = new = 0
        message = "the site offers no older comments"
        for step in (*_own_steps(source, one), *source.more(about(subject, {}))):
            held = await self._ports.engine.read(comments.authors, one.id)
            reading = await self._older(subject, step, about(subject, held))
            asked += 1
            if reading.found is None:
                if isinstance(reading.outcome, Failed):
                    message = reading.outcome.reason
                continue
            change = await self._fill(subject, reading, held)
            new += change
            if reading.complete or (one.declared and len(held) + change >= one.declared):
                break
        return Looked(asked=asked > 0, new=new, message="" if new else message, failed=not new)

    async def _older(self, subject: Watched, step: Step, about: About) -> _Reading:
        source = _source(step.kind)
        await self._pause(source, step.url)
        outcome = await self._fetch(subject, step.url)
        if not isinstance(outcome, Fetched):
            return _Reading(outcome)
        reading = await self._follow(subject, source, await self._read(source, outcome, about), about)
        pages = 1
        while reading.older and pages < MOST_FOLLOWED:
            pages += 1
            await self._pause(source, reading.older[0])
            outcome = await self._fetch(subject, reading.older[0])
            page = await self._read(source, outcome, about) if isinstance(outcome, Fetched) else None
            if page is None or page.found is None or not page.comments.keys() - reading.comments.keys():
                break
            reading.comments |= page.comments
            reading.older = page.older
            reading.complete = page.complete or not page.older
        return reading

    async def _fill(self, subject: Watched, reading: _Reading, held: dict[str, str]) -> int:
        ports, one = self._ports, subject.discussion
        there = len(held.keys() | reading.comments.keys())
        complete = reading.complete or bool(one.declared and there >= one.declared)
        update = ThreadUpdate(
            one.id,
            tuple(reading.comments.values()),
            declared=reading.found.declared if reading.found else None,
            complete=complete,
            gap_at=None if complete else one.gap_at,
            fill=True,
        )
        change = await ports.engine.write(comments.save, update, now=ports.clock())
        ports.on_change(change)
        return change.new_comments

    # ------------------------------------------------------------ where the feed names only a page

    async def discover(self, subject: Watched, *, forced: bool) -> tuple[DiscussionRef, ...] | Looked:
        """Read the page of a discussion, or of the entry itself, for comments and for the feeds it names.

        A host whose pages have neither is remembered, and asked again only when a person wishes it.
        """
        one, now = subject.discussion, self._ports.clock()
        address = one.page_url or subject.entry_url
        key = f"pages of {urls.host(address)}"
        nothing = await self._ports.engine.read(tidy.recall, key)
        if not forced and isinstance(nothing, int) and nothing <= now < nothing + NOTHING_FOR:
            return Looked(message="this site's pages name no comments feed")
        if isinstance(waiting := due.verdict(one.poll, now, forced=forced), due.Waiting):
            return Looked(until=waiting.until)
        held = await self._ports.engine.read(comments.authors, one.id) if one.id else {}
        source = _source("page")
        reading = await self._get(subject, source, address, about(subject, held))
        refs = _settled(subject, reading.found.refs) if reading.found is not None else ()
        if not refs and not reading.comments and reading.found is not None:
            await self._ports.engine.write(tidy.remember, key, now)
        if not one.id and reading.comments and not refs:
            subject = await self._as_page(subject, address)
            one = subject.discussion
        if one.id and not refs:
            looked = await self._keep(subject, reading, held)
            nothing_there = "this site's page shows no comments that can be read"
            return replace(looked, message=looked.message or ("" if reading.comments else nothing_there))
        if isinstance(reading.outcome, Failed):
            return Looked(asked=True, message=reading.outcome.reason, failed=True)
        return refs or Looked(asked=True, message="this site's page names no discussion")

    # ------------------------------------------------------------ elsewhere

    async def elsewhere(self, subject: Watched) -> tuple[tuple[DiscussionRef, ...], str]:
        """The discussions of the entry's link on other sites, and why one of them could not be asked, or ""."""
        from tui_reader.sources.elsewhere import questions

        found: list[DiscussionRef] = []
        failed = ""
        for step in questions(subject.entry_url):
            outcome = await self._fetch(subject, step.url)
            if isinstance(outcome, Fetched):
                reading = await self._read(_source(step.kind), outcome, about(subject, {}))
                found += reading.found.refs if reading.found is not None else ()
            elif isinstance(outcome, Failed):
                failed = f"{urls.host(step.url)}: {outcome.reason}"
        return tuple(found), failed

    async def _as_page(self, subject: Watched, address: str) -> Watched:
        """Keep the entry's page as the place where it is discussed."""
        entry_id = subject.discussion.entry_id
        await self._ports.engine.write(discussions.noted, entry_id, (DiscussionRef("page", "", address, name="Page"),))
        known = await self._ports.engine.read(discussions.of_entry, entry_id)
        return replace(subject, discussion=next(one for one in known if one.page_url == address))


def _is_the_answer(reading: _Reading) -> bool:
    """Whether a source's first address is the one to keep, rather than that the next one should be tried."""
    if isinstance(reading.outcome, NotModified):
        return True
    if isinstance(reading.outcome, Failed):
        busy = reading.outcome.retry_at is not None or reading.outcome.status in {429, 503}
        return busy or reading.outcome.kind not in _ANOTHER_MAY_DO
    return reading.found is None or reading.found.suits


def _own_steps(source: Source, one: Discussion) -> Sequence[Step]:
    from tui_reader.sources.source import Step

    return tuple(Step(source.kind, address) for address in source.addresses(one.url)[:1])


def about(subject: Watched, held: dict[str, str]) -> About:
    """What a source is told of the discussion that it reads."""
    from tui_reader.sources.source import About

    one = subject.discussion
    return About(subject.entry_guid, subject.entry_url, one.url, one.page_url, held)


def _body(outcome: Fetched) -> Body:
    from tui_reader.sources.source import Body

    return Body(outcome.body, outcome.url, outcome.content_type)


def _source(kind: str) -> Source:
    """Imported when a discussion is asked: the sources read feeds, and what reads feeds takes long to load."""
    from tui_reader.sources.registry import by_kind

    return by_kind(kind)


def _settled(subject: Watched, refs: tuple[DiscussionRef, ...]) -> tuple[DiscussionRef, ...]:
    from tui_reader.sources.registry import settled

    page = subject.discussion.page_url or subject.entry_url
    refs = tuple(replace(ref, page_url=ref.page_url or page) for ref in refs)
    return settled(ParsedEntry("", url=subject.entry_url, discussions=refs), subject.feed_url)
