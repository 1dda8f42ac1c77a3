"""Many watched posts of one WordPress are served by its one feed of all comments, as long as that has not moved on
further than one look."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

from tui_reader.discussion.run import Looked, Looker, Reading, about
from tui_reader.model import ParsedComment, ParsedFeed, Validators, Watched
from tui_reader.net.fetch import Fetched, NotModified, Outcome
from tui_reader.sources.wordpress import WordPress
from tui_reader.sources.wordpress_site import address, routed
from tui_reader.store import comments, tidy

FEWEST = 3
"""Watched posts of one site from which on its own feed is asked instead of theirs."""


class Site:
    """One WordPress with several watched posts."""

    def __init__(self, looker: Looker, address: str, posts: Sequence[Watched]) -> None:
        self._looker = looker
        self._address = address
        self.posts = posts
        self._key = f"comments at {address}"

    async def look(self) -> Looked | None:
        """Ask the site once for all of them; None when each has to be asked: the answer is no feed, or the window
        moved on further than what was seen of it last."""
        ports = self._looker.ports
        etag, modified, seen = _remembered(await ports.engine.read(tidy.recall, self._key))
        validators = Validators(etag, modified, self._address)
        outcome = await self._looker.fetch(self.posts[0], self._address, WordPress(), validators)
        if isinstance(outcome, NotModified):
            return await self._settle(outcome, {})
        if not isinstance(outcome, Fetched):
            return None
        parsed = await ports.parser.parse(outcome.body, url=outcome.url, content_type=outcome.content_type)
        if not isinstance(parsed, ParsedFeed):
            return None
        there = [entry.raw_id or entry.guid for entry in parsed.entries]
        await self._remember(outcome.validators, there)
        if not set(there) & set(seen):
            return None
        posts = {}
        for post in self.posts:
            held = await ports.engine.read(comments.authors, post.discussion.id)
            posts[post.discussion.id] = about(post, held)
        return await self._settle(outcome, await asyncio.to_thread(routed, parsed, posts))

    async def _remember(self, validators: Validators, there: list[str]) -> None:
        tags = [tag.decode("latin-1") if tag else "" for tag in (validators.etag, validators.last_modified)]
        await self._looker.ports.engine.write(tidy.remember, self._key, [*tags, there])

    async def _settle(self, outcome: Outcome, routed: Mapping[int, tuple[ParsedComment, ...]]) -> Looked:
        """Every post was looked at, whether something came for it or not."""
        new = 0
        for post in self.posts:
            held = await self._looker.ports.engine.read(comments.authors, post.discussion.id)
            said = {one.key: one for one in routed.get(post.discussion.id, ())}
            looked = await self._looker.keep(post, Reading(outcome, comments=said), held, shared=True)
            new += looked.new
        return Looked(asked=True, new=new)


def _remembered(kept: object) -> tuple[bytes | None, bytes | None, list[str]]:
    """The validators of the last answer and the ids that it held."""
    match kept:
        case [str(etag), str(modified), list(seen)]:
            return etag.encode("latin-1") or None, modified.encode("latin-1") or None, [str(one) for one in seen]
        case _:
            return None, None, []


def sites(looker: Looker, subjects: Sequence[Watched]) -> tuple[list[Site], list[Watched]]:
    """The sites that can be asked once for several of these, and what is left to be asked one by one."""
    groups: dict[str, list[Watched]] = {}
    for one in subjects:
        home, mark, _ = one.entry_guid.partition("?p=")
        shared = address(one.discussion.url, home) if one.discussion.kind == WordPress.kind and mark else ""
        groups.setdefault(shared, []).append(one)
    found = [Site(looker, to, posts) for to, posts in groups.items() if to and len(posts) >= FEWEST]
    left = [one for to, posts in groups.items() if not to or len(posts) < FEWEST for one in posts]
    return found, left
