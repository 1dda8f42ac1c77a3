"""Any RSS, Atom or JSON feed of comments that an entry's feed announces (`wfw:commentRss`, RFC 4685 `rel=replies`)."""

from __future__ import annotations

from tui_reader.model import DiscussionRef, NotAFeed
from tui_reader.parse import document
from tui_reader.sources import threading
from tui_reader.sources.source import About, Body, Found, Place, Source, Step


class PlainFeed(Source):
    """Who answers whom is told by `thr:in-reply-to` or by nothing at all; how many comments it shows nobody knows."""

    kind = "feed"
    name = "Comments"

    def claim(self, place: Place) -> DiscussionRef | None:
        return next((ref for ref in place.announced if ref.kind == "feed"), None)

    def read(self, body: Body, about: About) -> Found | NotAFeed:
        found = document.parse(body.content, url=body.url, content_type=body.content_type)
        if isinstance(found, NotAFeed):
            return found
        older = (found.next_url,) if found.next_url else ()
        return Found(
            threading.comments(found, about), window=threading.LEAST_WINDOW, deleted=found.deleted, older=older
        )

    def more(self, about: About) -> tuple[Step, ...]:
        return (Step("page", about.link),) if about.link else ()
