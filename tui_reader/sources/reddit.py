"""Reddit: a discussion's `.rss`. It lists the comments of a thread without saying who answers whom."""

from __future__ import annotations

import re

from msgspec.structs import replace

from tui_reader.model import Confidence, DiscussionRef, NotAFeed
from tui_reader.parse import document
from tui_reader.sources import threading
from tui_reader.sources.source import About, Body, Found, Place, Source, Step, place_ref

WINDOW = 100
_COMMENTS = re.compile(r"^https?://(?:[a-z]{2,6}\.)?reddit\.com(/r/[A-Za-z0-9_]{1,50}/comments/[a-z0-9]{1,12}/[^?#]*)")


class Reddit(Source):
    """A hundred comments in the order of the thread; no parent is told, so none is drawn. Asked once a minute."""

    kind = "reddit"
    name = "Reddit"
    sign = "/comments/"
    pace = 60

    def claim(self, place: Place) -> DiscussionRef | None:
        for address in (place.page, place.url):
            if match := _COMMENTS.match(address):
                path = match[1].removesuffix(".rss").removesuffix("/")
                return place_ref(place, self.kind, f"https://www.reddit.com{path}/.rss", address)
        return None

    def read(self, body: Body, about: About) -> Found | NotAFeed:
        found = document.parse(body.content, url=body.url, content_type=body.content_type)
        if isinstance(found, NotAFeed):
            return found
        comments = replace(found, entries=tuple(one for one in found.entries if not one.raw_id.startswith("t3_")))
        said = threading.comments(comments, about)
        named = tuple(replace(one, confidence=Confidence.ORDER, parent_key="") for one in said)
        return Found(named, window=WINDOW)

    def more(self, about: About) -> tuple[Step, ...]:
        return (Step(self.kind, f"{about.url}?limit=500"),)
