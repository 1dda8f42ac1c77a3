"""Many watched posts of one WordPress are served by its one feed of all comments, as long as that has not moved on
further than one look."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from tui_reader import urls
from tui_reader.discussion.run import LOOK_AGAIN_AFTER, Looked, Looker, about
from tui_reader.model import ParsedComment, ParsedFeed, ThreadUpdate, Validators, Watched
from tui_reader.net.fetch import Fetched, NotModified, Request
from tui_reader.refresh import due
from tui_reader.refresh.run import Ports
from tui_reader.store import comments, tidy

if TYPE_CHECKING:
    from tui_reader.sources.source import About

_Share = tuple[tuple[ParsedComment, ...], int]
"""What belongs to one post, and how much of it is new."""
FEWEST = 3
"""Watched posts of one site from which on its own feed is asked instead of theirs."""


class Site:
    """One WordPress with several watched posts."""

    def __init__(self, ports: Ports, looker: Looker, address: str, posts: Sequence[Watched]) -> None:
        self._ports = ports
        self._looker = looker
        self._address = address
        self.posts = posts
        self._key = f"comments at {address}"

    async def look(self) -> Looked | None:
        """Ask the site once for all of them; None when each has to be asked: the answer is no feed, or the window
        moved on further than what was seen of it last."""
        etag, modified, seen = _remembered(await self._ports.engine.read(tidy.recall, self._key))
        typed = all(urls.host(self._address) == urls.host(post.feed_url) for post in self.posts)
        validators = Validators(etag, modified, self._address)
        outcome = await self._ports.fetcher.fetch(Request(self._address, validators=validators, typed=typed))
        if isinstance(outcome, NotModified):
            await self._settle(outcome, {})
            return Looked(asked=True)
        if not isinstance(outcome, Fetched):
            return None
        parsed = await self._ports.parser.parse(outcome.body, url=outcome.url, content_type=outcome.content_type)
        if not isinstance(parsed, ParsedFeed):
            return None
        there = [entry.raw_id or entry.guid for entry in parsed.entries]
        await self._remember(outcome.validators, there)
        if not set(there) & set(seen):
            return None
        posts = {}
        for post in self.posts:
            held = await self._ports.engine.read(comments.authors, post.discussion.id)
            posts[post.discussion.id] = about(post, held)
        routed = await asyncio.to_thread(_routed, parsed, posts)
        return Looked(asked=True, new=await self._settle(outcome, routed))

    async def _remember(self, validators: Validators, there: list[str]) -> None:
        tags = [tag.decode("latin-1") if tag else "" for tag in (validators.etag, validators.last_modified)]
        await self._ports.engine.write(tidy.remember, self._key, [*tags, there])

    async def _settle(self, outcome: Fetched | NotModified, routed: dict[int, _Share]) -> int:
        """Every post was looked at, whether something came for it or not; its own address keeps its validators."""
        ports, new = self._ports, 0
        for post in self.posts:
            one, now = post.discussion, ports.clock()
            said, came = routed.get(one.id, ((), 0))
            settings = replace(ports.settings, interval=LOOK_AGAIN_AFTER, paced=False)
            state = due.after(one.poll, outcome, now, settings, url=one.url, changed=came > 0)
            state = replace(state, validators=one.poll.validators, body_hash=one.poll.body_hash)
            watch_at, why = self._looker.next_watch(post, state, came, 0, now)
            update = ThreadUpdate(
                one.id,
                said,
                state,
                declared=one.declared,
                complete=one.complete,
                gap_at=one.gap_at,
                watch_at=watch_at,
                watch_why=why,
            )
            change = await ports.engine.write(comments.save, update, now=now)
            ports.on_change(change)
            new += change.new_comments
        return new


def _routed(parsed: ParsedFeed, posts: dict[int, About]) -> dict[int, _Share]:
    from tui_reader.sources.wordpress_site import routed

    shares = routed(parsed, posts)
    return {id: (said, sum(one.key not in posts[id].authors for one in said)) for id, said in shares.items()}


def _remembered(kept: object) -> tuple[bytes | None, bytes | None, list[str]]:
    """The validators of the last answer and the ids that it held."""
    match kept:
        case [str(etag), str(modified), list(seen)]:
            return etag.encode("latin-1") or None, modified.encode("latin-1") or None, [str(one) for one in seen]
        case _:
            return None, None, []


def sites(ports: Ports, looker: Looker, due_now: Sequence[Watched]) -> tuple[list[Site], list[Watched]]:
    """The sites that can be asked once for several of these, and what is left to be asked one by one."""
    from tui_reader.sources.wordpress_site import address

    groups: dict[str, list[Watched]] = {}
    for one in due_now:
        home, mark, _ = one.entry_guid.partition("?p=")
        shared = address(one.discussion.url, home) if one.discussion.kind == "wordpress" and mark else ""
        groups.setdefault(shared, []).append(one)
    found = [Site(ports, looker, to, posts) for to, posts in groups.items() if to and len(posts) >= FEWEST]
    left = [one for to, posts in groups.items() if not to or len(posts) < FEWEST for one in posts]
    return found, left
