"""Lobsters: the whole thread in one answer of `s/ID.json`, every comment with its parent's `short_id`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from tui_reader import urls
from tui_reader.model import Confidence, DiscussionRef, NotAFeed, ParsedComment
from tui_reader.parse import dates, jsonbody
from tui_reader.parse.jsonbody import mapping, number, objects, string
from tui_reader.sources.source import About, Body, Found, Place, Source, place_ref
from tui_reader.text import clean, clean_block

_STORY = re.compile(r"^https?://lobste\.rs/s/([a-z0-9]{1,12})\b")
_SITE = "https://lobste.rs/"


class Lobsters(Source):
    """A removed comment keeps its place and loses its text."""

    kind = "lobsters"
    name = "Lobsters"
    sign = "lobste.rs/s/"

    def claim(self, place: Place) -> DiscussionRef | None:
        for address in (place.page, place.url):
            if match := _STORY.match(address):
                return place_ref(place, self.kind, f"{_SITE}s/{match[1]}.json", address)
        return None

    def read(self, body: Body, about: About) -> Found | NotAFeed:
        story = mapping(jsonbody.load(body.content))
        if not isinstance(story.get("comments"), list):
            return NotAFeed("something other than a Lobsters story")
        found = [_comment(one) for one in objects(story.get("comments")) if clean(string(one.get("short_id")))]
        return Found(tuple(found), complete=True, declared=number(story.get("comment_count")))


def _comment(said: Mapping[str, Any]) -> ParsedComment:
    key, parent = clean(string(said.get("short_id"))), clean(string(said.get("parent_comment")))
    author = clean(string(said.get("commenting_user")) or string(mapping(said.get("commenting_user")).get("username")))
    url = urls.join(_SITE, string(said.get("url")) or f"c/{key}")
    return ParsedComment(
        key=key,
        parent_key="" if parent == key else parent,
        confidence=Confidence.EXACT,
        author=author,
        author_url=urls.join(_SITE, f"~{author}") if author else "",
        published=dates.seconds(string(said.get("created_at"))),
        updated=dates.seconds(string(said.get("last_edited_at"))),
        url=url,
        html=clean_block(string(said.get("comment"))),
        base=url,
        removed=said.get("is_deleted") is True or said.get("is_moderated") is True,
        score=number(said.get("score")),
    )
