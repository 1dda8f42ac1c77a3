"""Lemmy: `api/v3/comment/list`, in which `path` ("0.12.15") names every ancestor of a comment."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from tui_reader import urls
from tui_reader.model import Confidence, DiscussionRef, NotAFeed, ParsedComment
from tui_reader.parse import dates, jsonbody
from tui_reader.parse.jsonbody import mapping, number, objects, string
from tui_reader.sources.source import About, Body, Found, Place, Source, Step, place_ref
from tui_reader.text import clean, clean_block

WINDOW = 50
_POST = re.compile(r"^(https?://[^/]+)/post/(\d{1,15})/?(?:[?#].*)?$")


class Lemmy(Source):
    """The fifty newest comments of a post; their text is Markdown and shown as it was typed."""

    kind = "lemmy"
    name = "Lemmy"
    sign = "/post/"

    def claim(self, place: Place) -> DiscussionRef | None:
        """`/post/N` alone could be anyone's, so the feed must be an instance's own: it lies under `/feeds/`."""
        for address in (place.page, place.url):
            match = _POST.match(address)
            feed = urls.parts(place.feed_url) if match else None
            if match and feed and feed.path.startswith("/feeds/") and urls.host(address) == feed.hostname:
                query = f"post_id={match[2]}&max_depth=8&sort=New&limit={WINDOW}"
                return place_ref(place, self.kind, f"{match[1]}/api/v3/comment/list?{query}", address)
        return None

    def read(self, body: Body, about: About) -> Found | NotAFeed:
        listed = mapping(jsonbody.load(body.content))
        if not isinstance(listed.get("comments"), list):
            return NotAFeed("something other than Lemmy's comments")
        views = [view for view in objects(listed.get("comments")) if number(mapping(view.get("comment")).get("id"))]
        return Found(tuple(_comment(view, body.url) for view in views), window=WINDOW)

    def more(self, about: About) -> tuple[Step, ...]:
        """Pages of the same list, the oldest comments first."""
        base = about.url.replace("sort=New", "sort=Old")
        return tuple(Step(self.kind, f"{base}&page={page}") for page in range(1, 7))


def _comment(view: Mapping[str, Any], site: str) -> ParsedComment:
    said, creator = mapping(view.get("comment")), mapping(view.get("creator"))
    above = [part for part in string(said.get("path")).split(".")[:-1] if part.isdigit() and part != "0"]
    url = urls.join(site, string(said.get("ap_id")))
    return ParsedComment(
        key=string(number(said.get("id"))),
        parent_key=above[-1] if above else "",
        confidence=Confidence.EXACT,
        number=number(said.get("id")) or 0,
        author=clean(string(creator.get("display_name")) or string(creator.get("name"))),
        author_url=urls.join(site, string(creator.get("actor_id"))),
        published=dates.seconds(string(said.get("published"))),
        updated=dates.seconds(string(said.get("updated"))),
        url=url,
        html=clean_block(string(said.get("content"))),
        is_text=True,
        base=url,
        removed=said.get("deleted") is True or said.get("removed") is True,
        score=number(mapping(view.get("counts")).get("score")),
    )
