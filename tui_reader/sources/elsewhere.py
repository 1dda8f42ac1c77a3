"""Asking Hacker News and Lobsters whether they discuss a link. It tells them what is read, so only a person asks."""

from __future__ import annotations

from urllib.parse import urlencode

from msgspec.structs import replace

from tui_reader import urls
from tui_reader.model import DiscussionRef, NotAFeed
from tui_reader.parse import jsonbody
from tui_reader.parse.jsonbody import mapping, number, objects, string
from tui_reader.sources.source import About, Body, Found, Source, Step
from tui_reader.text import clean

MOST = 5
"""Discussions of one link that are taken from one site."""


def questions(link: str) -> tuple[Step, ...]:
    """What to ask about a link."""
    algolia = urlencode({"query": link, "restrictSearchableAttributes": "url", "tags": "story"})
    return (
        Step("hackernews-search", f"https://hn.algolia.com/api/v1/search?{algolia}"),
        Step("lobsters-search", f"https://lobste.rs/stories/url/all.json?{urlencode({'url': link})}"),
    )


class HackerNewsSearch(Source):
    """Stories by their link (hn.algolia.com/api, `search`)."""

    kind = "hackernews-search"
    name = "Hacker News"

    def read(self, body: Body, about: About) -> Found | NotAFeed:
        answer = mapping(jsonbody.load(body.content))
        if not isinstance(answer.get("hits"), list):
            return NotAFeed("something other than an answer of Hacker News")
        refs = []
        for hit in objects(answer.get("hits")):
            id = string(hit.get("objectID"))
            if id.isascii() and id.isdigit() and _same(string(hit.get("url")), about.link):
                page = f"https://news.ycombinator.com/item?id={id}"
                found = DiscussionRef("hackernews", f"https://hn.algolia.com/api/v1/items/{id}", page, name=self.name)
                refs.append((number(hit.get("num_comments")) or 0, found))
        return Found(refs=_fullest(refs))


class LobstersSearch(Source):
    """Stories by their link (`stories/url/all.json`)."""

    kind = "lobsters-search"
    name = "Lobsters"

    def read(self, body: Body, about: About) -> Found | NotAFeed:
        listed = jsonbody.load(body.content)
        if not isinstance(listed, list):
            return NotAFeed("something other than an answer of Lobsters")
        refs = []
        for story in objects(listed):
            id = clean(string(story.get("short_id")))
            if id.isascii() and id.isalnum() and _same(string(story.get("url")), about.link):
                page = f"https://lobste.rs/s/{id}"
                found = DiscussionRef("lobsters", f"{page}.json", page, name=self.name)
                refs.append((number(story.get("comment_count")) or 0, found))
        return Found(refs=_fullest(refs))


def _same(link: str, asked: str) -> bool:
    return bool(link) and urls.canonical(link) == urls.canonical(asked)


def _fullest(refs: list[tuple[int, DiscussionRef]]) -> tuple[DiscussionRef, ...]:
    """Those with comments, the fullest first, with their counts."""
    refs.sort(key=lambda one: -one[0])
    return tuple(replace(ref, count=count) for count, ref in refs[:MOST] if count)
