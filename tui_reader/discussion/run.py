"""Looking at a discussion: fetch its comments politely and keep every one that was ever seen."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace

from tui_reader import urls
from tui_reader.discussion import feed as comment_feed
from tui_reader.discussion import wordpress
from tui_reader.model import Discussion, Entry, NotAFeed, ParsedFeed
from tui_reader.net.fetch import Failed, Fetched, Outcome, Request
from tui_reader.refresh import due
from tui_reader.refresh.run import Ports, body_hash
from tui_reader.store import comments, tidy

LOOK_AGAIN_AFTER = 15 * 60
"""Seconds before an open discussion is asked again by itself."""


@dataclass(frozen=True, slots=True)
class Looked:
    """How a look ended: `asked` tells whether a request was sent, `message` is one plain line or ""."""

    asked: bool = False
    new: int = 0
    message: str = ""
    failed: bool = False


async def look(
    ports: Ports, entry: Entry, discussions: tuple[Discussion, ...], feed_url: str, *, forced: bool
) -> Looked:
    """Ask the entry's best discussion that can be read, if it may be asked now.

    A discussion on the feed's own host counts as typed by the user; one elsewhere must not lie in a private network.
    `forced` looks again although it was asked a moment ago, but never inside a Retry-After.
    """
    readable = next((one for one in discussions if one.kind == "feed" and one.url), None)
    if readable is None:
        offered = any(one.page_url for one in discussions) or entry.comments_url
        return Looked(message="this site offers no comments feed" if offered else "")
    verdict = due.verdict(readable.poll, ports.clock(), forced=forced)
    if isinstance(verdict, due.Waiting):
        quiet = readable.poll.checked_at is not None and not readable.poll.error and not forced
        return Looked(message="" if quiet else verdict.reason, failed=bool(readable.poll.error))
    return await _ask(ports, entry, readable, typed=urls.host(readable.url) == urls.host(feed_url))


async def _ask(ports: Ports, entry: Entry, discussion: Discussion, *, typed: bool) -> Looked:
    outcome, parsed = await _best(ports, discussion, typed=typed)
    now = ports.clock()
    settings = replace(ports.settings, interval=LOOK_AGAIN_AFTER)
    state = due.after(discussion.poll, outcome, now, settings, url=discussion.url, changed=parsed is not None)
    if not isinstance(outcome, Fetched) or parsed is None:
        ports.on_change(await ports.engine.write(comments.poll, discussion.id, state))
        return Looked(asked=True, message=state.error, failed=bool(state.error))
    held = await ports.engine.read(comments.authors, discussion.id)
    post = comment_feed.Post(guid=entry.guid, url=entry.row.url)
    found = await asyncio.to_thread(comment_feed.comments, parsed, post, held)
    state = replace(state, body_hash=body_hash(outcome))
    change = await ports.engine.write(comments.save, discussion.id, found, state, now=now)
    ports.on_change(change)
    return Looked(asked=True, new=change.new_comments)


_Answer = tuple[Outcome, ParsedFeed | None]
"""An outcome with the document it brought, None when that is the one we hold."""


async def _best(ports: Ports, discussion: Discussion, *, typed: bool) -> _Answer:
    """What the discussion's best address answers: WordPress's Atom feed where the host has one."""
    better = wordpress.atom_address(discussion.url)
    key = f"comments of {urls.host(discussion.url)}"
    if better and await ports.engine.read(tidy.recall, key) != "rss":
        outcome, parsed = await _get(ports, discussion, better, typed=typed)
        if parsed is None and not (isinstance(outcome, Failed) and outcome.kind in {"http", "refused", "redirect"}):
            return outcome, None
        if isinstance(outcome, Failed) and (outcome.retry_at is not None or outcome.status in {429, 503}):
            return outcome, None
        if parsed is not None and wordpress.says_who_answers_whom(parsed):
            return outcome, parsed
        await ports.engine.write(tidy.remember, key, "rss")
    return await _get(ports, discussion, discussion.url, typed=typed)


async def _get(ports: Ports, discussion: Discussion, url: str, *, typed: bool) -> _Answer:
    outcome = await ports.fetcher.fetch(Request(url, validators=discussion.poll.validators, typed=typed))
    if not isinstance(outcome, Fetched) or body_hash(outcome) == discussion.poll.body_hash:
        return outcome, None
    parsed = await ports.parser.parse(outcome.body, url=outcome.url, content_type=outcome.content_type)
    if isinstance(parsed, NotAFeed):
        reason = f"sent {parsed.reason}"
        return Failed(reason, kind="refused", status=outcome.status, words=parsed.words), None
    return outcome, parsed
