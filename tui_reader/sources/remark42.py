"""remark42: its RSS of one page. A reply says so in its title, "Bob > Ann, My post", and quotes the start of what it
answers in a last blockquote."""

from __future__ import annotations

import re

from msgspec.structs import replace

from tui_reader import urls
from tui_reader.model import Confidence, DiscussionRef, NotAFeed, ParsedComment
from tui_reader.parse import document, readable
from tui_reader.sources import threading
from tui_reader.sources.source import About, Body, Found, Place, Source, claimed

WINDOW = 20
_FEED = "/api/v1/rss/post"
_TITLE = re.compile(r"^(?P<author>.{1,200}?) > (?P<parent>.{1,200}?), ")
_QUOTE = re.compile(r"<blockquote>(?P<quoted>(?:(?!<blockquote>).)*)</blockquote>$", re.DOTALL)


class Remark42(Source):
    """Believed when one earlier comment has both the name and the quoted words."""

    kind = "remark42"
    name = "Comments"
    sign = _FEED

    def claim(self, place: Place) -> DiscussionRef | None:
        for ref in place.announced:
            if ref.kind == "feed" and _FEED in ref.url and urls.parts(ref.url).path.endswith(_FEED):
                return claimed(ref, self.kind)
        return None

    def read(self, body: Body, about: About) -> Found | NotAFeed:
        found = document.parse(body.content, url=body.url, content_type=body.content_type)
        if isinstance(found, NotAFeed):
            return found
        titles = {threading.key_of(entry): entry.title for entry in found.entries}
        read = threading.comments(found, replace(about, guid="", link=""))
        said = tuple(replace(one, html=one.html.strip()) for one in read)
        plain = {one.key: _words(_QUOTE.sub("", one.html)) for one in said}
        return Found(tuple(_answering(one, titles.get(one.key, ""), said, plain) for one in said), window=WINDOW)


def _answering(one: ParsedComment, title: str, said: tuple[ParsedComment, ...], plain: dict[str, str]) -> ParsedComment:
    named, quote = _TITLE.match(title), _QUOTE.search(one.html)
    if named is None or quote is None:
        return one
    words = _words(quote["quoted"]).rstrip("….")
    parents = [
        other.key
        for other in said
        if other.key != one.key and other.author == named["parent"] and words and plain[other.key].startswith(words)
    ]
    if len(parents) != 1:
        return one
    return replace(one, parent_key=parents[0], confidence=Confidence.LIKELY, html=one.html[: quote.start()].rstrip())


def _words(html: str) -> str:
    return " ".join(readable.strip(html).split())
