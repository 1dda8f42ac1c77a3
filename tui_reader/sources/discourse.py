"""Discourse: `t/ID.json` tells of every post which one it answers; the topic's RSS, where that is closed, only quotes.

A topic's JSON holds its first twenty posts and the ids of all; the others are had by `t/ID/posts.json?post_ids[]=…`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from tui_reader import urls
from tui_reader.model import Confidence, DiscussionRef, NotAFeed, ParsedComment, ParsedEntry
from tui_reader.parse import dates, document, jsonbody
from tui_reader.parse.jsonbody import items, mapping, number, objects, string
from tui_reader.sources.source import About, Body, Found, Place, Source, claimed, place_ref
from tui_reader.text import clean, clean_block

WINDOW = 25
"""Posts that a topic's RSS shows."""
A_PAGE, MOST_PAGES = 20, 10
_TOPIC = re.compile(
    r"^(https?://[^/]+(?:/[^/?#]+)*?)/t/(?:[^/?#]+/)?(\d{1,12})(?:/\d+)?(?:\.rss|\.json)?/?(?:[?#].*)?$"
)
_GUID = re.compile(r"-post-(\d{1,12})-(\d{1,9})$")
_FEEDS = re.compile(r"/(?:t/.*|c/.*|latest|posts|top|new|tag/.*)\.rss$")
_WROTE = re.compile(
    r"^\s*<p><a [^>]*>@[^<]{1,100}</a> [^<]{1,40}:</p>\s*<blockquote>(?P<body>.*)</blockquote>\s*"
    r"<p><a [^>]*>[^<]{1,80}</a></p>\s*$",
    re.DOTALL,
)
_QUOTED = re.compile(r"<aside class=\"quote[^>]*? data-post=\"(\d{1,9})\"")


class Discourse(Source):
    """A topic without its first post, which is the article."""

    kind = "discourse"
    name = "Forum"
    sign = "/t/"

    def claim(self, place: Place) -> DiscussionRef | None:
        for address in (*(ref.url for ref in place.announced), place.page, place.url):
            if "/t/" in address and (match := _TOPIC.match(address)) and self._is_discourse(place, address):
                known = next((ref for ref in place.announced if ref.url == address and address), None)
                if known is not None:
                    return claimed(known, self.kind)
                return place_ref(place, self.kind, f"{match[1]}/t/{match[2]}.rss", address)
        return None

    def _is_discourse(self, place: Place, address: str) -> bool:
        feed = urls.parts(place.feed_url)
        own_feed = feed.hostname == urls.host(address) and bool(_FEEDS.search(feed.path))
        return place.generator.startswith("Discourse") or own_feed or urls.parts(address).path.endswith(".rss")

    def addresses(self, url: str) -> tuple[str, ...]:
        match = _TOPIC.match(url)
        return (f"{match[1]}/t/{match[2]}.json", url) if match else (url,)

    def read(self, body: Body, about: About) -> Found | NotAFeed:
        if body.content[:64].lstrip()[:1] == b"{":
            return self._read_json(body, about)
        found = document.parse(body.content, url=body.url, content_type=body.content_type)
        if isinstance(found, NotAFeed):
            return found
        said = tuple(one for entry in found.entries if (one := _from_rss(entry)) is not None)
        return Found(said, window=WINDOW)

    def _read_json(self, body: Body, about: About) -> Found | NotAFeed:
        topic = mapping(jsonbody.load(body.content))
        stream = mapping(topic.get("post_stream"))
        if not isinstance(stream.get("posts"), list):
            return NotAFeed("something other than a Discourse topic")
        posts = [post for post in objects(stream.get("posts")) if number(post.get("post_number"))]
        said = tuple(_from_json(post, body.url) for post in posts if number(post.get("post_number")) != 1)
        there = {number(post.get("id")) for post in posts}
        all_ids = [one for id in items(stream.get("stream")) if (one := number(id))]
        missing = [one for one in all_ids if one not in there]
        wanted = min(max(0, len(all_ids) - 1 - len(about.authors)), A_PAGE * MOST_PAGES)
        unknown = missing[-wanted:] if wanted else []
        declared = len(all_ids) - 1 if all_ids else None
        return Found(said, complete=unknown == missing, follow=tuple(_pages(body.url, unknown)), declared=declared)


def _pages(topic: str, missing: list[int]) -> list[str]:
    """The addresses of the posts that a topic's first page leaves out, the newest first."""
    match = _TOPIC.match(topic)
    if match is None:
        return []
    newest = missing[-A_PAGE * MOST_PAGES :]
    pages = [newest[start : start + A_PAGE] for start in range(0, len(newest), A_PAGE)]
    base = f"{match[1]}/t/{match[2]}/posts.json"
    return [f"{base}?{urlencode([('post_ids[]', str(id)) for id in page])}" for page in reversed(pages)]


def _from_json(post: Mapping[str, Any], site: str) -> ParsedComment:
    own, parent = number(post.get("post_number")) or 0, number(post.get("reply_to_post_number")) or 0
    username = clean(string(post.get("username")))
    base = site.partition("/t/")[0] + "/"
    created, updated = dates.seconds(string(post.get("created_at"))), dates.seconds(string(post.get("updated_at")))
    return ParsedComment(
        key=f"#post-{own}",
        parent_key=f"#post-{parent}" if parent > 1 and parent != own else "",
        confidence=Confidence.EXACT,
        number=own,
        author=clean(string(post.get("name"))) or username,
        author_url=urls.join(base, f"u/{username}") if username else "",
        published=created,
        updated=updated,
        url=urls.join(base, string(post.get("post_url")).lstrip("/")) if post.get("post_url") else "",
        html=clean_block(string(post.get("cooked"))),
        base=base,
        removed=post.get("user_deleted") is True or post.get("hidden") is True,
    )


def _from_rss(entry: ParsedEntry) -> ParsedComment | None:
    """A post of the RSS, which wraps it in who wrote it and a link to the topic; the first one is the article."""
    match = _GUID.search(entry.raw_id)
    own = int(match[2]) if match else 0
    if own == 1:
        return None
    wrapped = _WROTE.match(entry.html)
    html = wrapped["body"] if wrapped else entry.html
    quoted = _QUOTED.search(html)
    parent = int(quoted[1]) if quoted and 1 < int(quoted[1]) < own else 0
    return ParsedComment(
        key=f"#post-{own}" if own else entry.raw_id or entry.key,
        parent_key=f"#post-{parent}" if parent else "",
        confidence=Confidence.QUOTE if parent else Confidence.NONE,
        number=own,
        author=entry.author.partition(" ")[2] or entry.author.lstrip("@"),
        author_url=entry.author_url,
        published=entry.published,
        updated=entry.updated,
        url=entry.url,
        html=html.strip(),
        base=entry.base,
    )
