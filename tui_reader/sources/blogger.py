"""Blogger: the comment feed of a post. Its `thr:in-reply-to` always names the post; the parent of a reply is the
`rel="related"` link, `…/comments/default/PARENT`."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlencode, urlunsplit

from msgspec.structs import replace

from tui_reader import urls
from tui_reader.model import Confidence, DiscussionRef, NotAFeed, ParsedComment, ParsedEntry
from tui_reader.parse import document
from tui_reader.sources import threading
from tui_reader.sources.source import About, Body, Found, Place, Source, Step, claimed

WINDOW = 25
MOST = 150
"""Comments that one answer holds at most, when asked for."""
_FEED = re.compile(r"^/feeds/(?:\d+/)?\d+/comments/(?:default|full)$")
_PARENT = re.compile(r"/comments/default/(\d{1,25})(?:[?#]|$)")
_ID = re.compile(r"\.post-(\d{1,25})$")


class Blogger(Source):
    """Twenty-five comments a page, with their parents; a removed one is told by `blogger.contentRemoved`."""

    kind = "blogger"
    name = "Comments"
    sign = "/feeds/"

    def claim(self, place: Place) -> DiscussionRef | None:
        for ref in place.announced:
            if ref.kind == "feed" and "/feeds/" in ref.url and _FEED.match(urls.parts(ref.url).path):
                return claimed(ref, self.kind)
        return None

    def read(self, body: Body, about: About) -> Found | NotAFeed:
        found = document.parse(body.content, url=body.url, content_type=body.content_type)
        if isinstance(found, NotAFeed):
            return found
        parents = {threading.key_of(entry): _parent(entry) for entry in found.entries}
        said = threading.comments(found, about)
        comments = tuple(_answering(one, parents.get(one.key, "")) for one in said)
        return Found(comments, window=WINDOW, older=(found.next_url,) if found.next_url else ())

    def more(self, about: About) -> tuple[Step, ...]:
        parts = urls.parts(about.url)
        asked = {**dict(parse_qsl(parts.query)), "start-index": "1", "max-results": str(MOST)}
        return (Step(self.kind, urlunsplit(parts._replace(query=urlencode(asked)))),)


def _parent(entry: ParsedEntry) -> str:
    return next((match[1] for address in entry.related if (match := _PARENT.search(address))), "")


def _answering(one: ParsedComment, parent: str) -> ParsedComment:
    match = _ID.search(one.key)
    key = match[1] if match else one.key
    return replace(one, key=key, parent_key="" if parent == key else parent, confidence=Confidence.EXACT)
