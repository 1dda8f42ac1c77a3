"""Hacker News: the whole tree in one answer of the Algolia API (hn.algolia.com/api, `items/ID`)."""

from __future__ import annotations

import re

from tui_reader import urls
from tui_reader.model import Confidence, DiscussionRef, NotAFeed, ParsedComment
from tui_reader.parse import jsonbody
from tui_reader.parse.jsonbody import mapping, number, objects, string
from tui_reader.sources.source import About, Body, Found, Place, Source, place_ref
from tui_reader.text import clean, clean_block

_ITEM = re.compile(r"^https?://news\.ycombinator\.com/item\?id=(\d{1,12})\b")


class HackerNews(Source):
    """Every reply names its parent by standing inside it; a deleted one keeps its place without text."""

    kind = "hackernews"
    name = "Hacker News"
    sign = "ycombinator.com/item"

    def claim(self, place: Place) -> DiscussionRef | None:
        for address in (place.page, place.url):
            if match := _ITEM.match(address):
                return place_ref(place, self.kind, f"https://hn.algolia.com/api/v1/items/{match[1]}", address)
        return None

    def read(self, body: Body, about: About) -> Found | NotAFeed:
        story = mapping(jsonbody.load(body.content))
        if not isinstance(story.get("children"), list):
            return NotAFeed("something other than a Hacker News discussion")
        root = clean(string(story.get("id")))
        found: list[ParsedComment] = []
        waiting = [(child, "") for child in objects(story.get("children"))]
        for item, parent in waiting:
            key = clean(string(item.get("id")))
            if key and key != root:
                found.append(_comment(item, key, parent))
                waiting += [(child, key) for child in objects(item.get("children"))]
        return Found(tuple(found), complete=True)


def _comment(item: object, key: str, parent: str) -> ParsedComment:
    said = mapping(item)
    author, html = clean(string(said.get("author"))), string(said.get("text"))
    url = f"https://news.ycombinator.com/item?id={key}"
    return ParsedComment(
        key=key,
        parent_key=parent,
        confidence=Confidence.EXACT,
        number=number(said.get("id")) or 0,
        author=author,
        author_url=urls.join("https://news.ycombinator.com/", f"user?id={author}") if author else "",
        published=number(said.get("created_at_i")),
        url=url,
        html=clean_block(html),
        base=url,
        removed=not author and not html,
    )
