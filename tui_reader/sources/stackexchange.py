"""Stack Exchange: `feeds/question/N` holds the question first, then its answers, which stand side by side by nature.

An answer's score is `re:rank` (the Atom rank extension).
"""

from __future__ import annotations

import re

from msgspec.structs import replace

from tui_reader.model import Confidence, DiscussionRef, NotAFeed
from tui_reader.parse import document
from tui_reader.sources import threading
from tui_reader.sources.source import About, Body, Found, Place, Source, place_ref

WINDOW = 30
_QUESTION = re.compile(
    r"^https?://((?:(?:[a-z0-9-]+\.)*stackexchange|(?:[a-z]{2}\.)?stackoverflow|superuser|serverfault|askubuntu|"
    r"stackapps)\.com|mathoverflow\.net)/(?:questions|q)/(\d{1,12})(?:[/?#]|$)"
)


class StackExchange(Source):
    """The answers to a question; every answer answers the question."""

    kind = "stackexchange"
    name = "Answers"
    sign = "/q"

    def claim(self, place: Place) -> DiscussionRef | None:
        for address in (place.page, place.url):
            if match := _QUESTION.match(address):
                return place_ref(place, self.kind, f"https://{match[1]}/feeds/question/{match[2]}", address)
        return None

    def read(self, body: Body, about: About) -> Found | NotAFeed:
        found = document.parse(body.content, url=body.url, content_type=body.content_type)
        if isinstance(found, NotAFeed):
            return found
        asked = _QUESTION.match(about.page_url or about.link)
        mark = f"/{asked[2]}" if asked else ""
        answers = tuple(one for one in found.entries if not _is_question(one.raw_id or one.url, mark))
        said = threading.comments(replace(found, entries=answers), about)
        return Found(tuple(replace(one, confidence=Confidence.EXACT, parent_key="") for one in said), window=WINDOW)


def _is_question(id: str, mark: str) -> bool:
    """The question's id is its address, `…/q/N`; an answer's has its own number, and often `#M` behind the title."""
    return bool(mark) and (id.endswith(mark) or f"{mark}/" in id) and "#" not in id
