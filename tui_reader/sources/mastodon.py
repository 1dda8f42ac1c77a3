"""Mastodon: the replies to a status, by `api/v1/statuses/ID/context`, each with its `in_reply_to_id`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from tui_reader import urls
from tui_reader.model import Confidence, DiscussionRef, NotAFeed, ParsedComment
from tui_reader.parse import dates, jsonbody
from tui_reader.parse.jsonbody import items, mapping, objects, string
from tui_reader.sources.source import About, Body, Found, Place, Source, place_ref
from tui_reader.text import clean, clean_block

MOST = 60
"""Replies that a server tells someone who is not logged in."""
_STATUS = re.compile(r"^(https?://[^/]+)/@[^/]{1,100}/(\d{1,25})/?(?:[?#].*)?$")
_ASKED = re.compile(r"/statuses/(\d{1,25})/context")


class Mastodon(Source):
    """The tree below a status, at most sixty replies and twenty levels of it."""

    kind = "mastodon"
    name = "Fediverse"
    sign = "/@"

    def claim(self, place: Place) -> DiscussionRef | None:
        for address in (place.page, place.url):
            match = _STATUS.match(address)
            if match and self._is_own(place, address):
                return place_ref(place, self.kind, f"{match[1]}/api/v1/statuses/{match[2]}/context", address)
        return None

    def _is_own(self, place: Place, address: str) -> bool:
        """`/@someone/N` could be anyone's, so the feed must be the instance's own."""
        feed = urls.parts(place.feed_url)
        is_mastodon = place.generator.startswith("Mastodon") or (
            feed.path.startswith("/@") and feed.path.endswith(".rss")
        )
        return is_mastodon and urls.host(address) == feed.hostname

    def read(self, body: Body, about: About) -> Found | NotAFeed:
        context = mapping(jsonbody.load(body.content))
        if not isinstance(context.get("descendants"), list):
            return NotAFeed("something other than a Mastodon thread")
        asked = _ASKED.search(about.url or body.url)
        root = asked[1] if asked else ""
        replies = [one for one in objects(context.get("descendants")) if clean(string(one.get("id")))]
        found = tuple(_comment(one, root, body.url) for one in replies)
        whole = len(items(context.get("descendants"))) < MOST
        return Found(found, complete=whole, window=0 if whole else MOST)


def _comment(said: Mapping[str, Any], root: str, site: str) -> ParsedComment:
    key, parent = clean(string(said.get("id"))), clean(string(said.get("in_reply_to_id")))
    account = mapping(said.get("account"))
    url = urls.join(site, string(said.get("url")))
    return ParsedComment(
        key=key,
        parent_key="" if parent in {root, key} else parent,
        confidence=Confidence.EXACT,
        author=clean(string(account.get("display_name")) or string(account.get("acct"))),
        author_url=urls.join(site, string(account.get("url"))),
        published=dates.seconds(string(said.get("created_at"))),
        updated=dates.seconds(string(said.get("edited_at"))),
        url=url,
        html=clean_block(string(said.get("content"))),
        base=url,
    )
