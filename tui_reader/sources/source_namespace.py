"""The `source:` namespace (source.scripting.com): each item may name a feed of its direct replies by
`source:comments feedUrl`, each reply what it answers by `source:inReplyTo`. The tree is walked feed by feed; a reply
that does not count its own replies may have some."""

from __future__ import annotations

from tui_reader.model import DiscussionRef, NotAFeed
from tui_reader.parse import document
from tui_reader.sources import threading
from tui_reader.sources.source import About, Body, Found, Place, Source

KIND = "source"
MOST = 50
"""Feeds of replies that one feed may lead to; with more of them, not all of the discussion is read."""


class SourceNamespace(Source):
    """Direct replies, and where the replies to those are to be had."""

    kind = KIND
    name = "Replies"

    def claim(self, place: Place) -> DiscussionRef | None:
        return next((ref for ref in place.announced if ref.kind == self.kind and ref.url), None)

    def read(self, body: Body, about: About) -> Found | NotAFeed:
        found = document.parse(body.content, url=body.url, content_type=body.content_type)
        if isinstance(found, NotAFeed):
            return found
        follow = tuple(
            dict.fromkeys(
                ref.url
                for entry in found.entries
                for ref in entry.discussions
                if ref.kind == KIND and ref.count != 0 and ref.url != about.url
            )
        )
        return Found(threading.comments(found, about), complete=len(follow) <= MOST, follow=follow[:MOST])
