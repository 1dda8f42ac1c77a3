"""WordPress's REST comments (`wp/v2/comments?post=ID`), for back-fill: all of them, a hundred a page, with `parent`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlunsplit

from tui_reader import urls
from tui_reader.model import Confidence, NotAFeed, ParsedComment
from tui_reader.parse import build, dates, jsonbody
from tui_reader.parse.jsonbody import mapping, number, objects, string
from tui_reader.sources.source import About, Body, Found, Source
from tui_reader.text import clean_block

KIND = "wordpress-rest"
A_PAGE, MOST_PAGES = 100, 50


class WordPressRest(Source):
    """Its comments bear the numbers that the feeds use, so both fill one thread."""

    kind = KIND
    name = "Comments"

    def read(self, body: Body, about: About) -> Found | NotAFeed:
        answer = jsonbody.load(body.content)
        if not isinstance(answer, list):
            return NotAFeed("something other than WordPress's comments")
        said: dict[str, ParsedComment] = {}
        for one in objects(answer):
            if (number(one.get("id")) or 0) > 0:
                comment = _comment(one, body.url)
                said.setdefault(comment.key, comment)
        following = _next(body.url) if len(answer) >= A_PAGE else ""
        whole = bool(following) or len(answer) < A_PAGE
        return Found(tuple(said.values()), complete=whole, follow=(following,) if following else ())


def address(guid: str) -> str:
    """Where the comments of a post are whose guid is `https://host/?p=ID`, the form WordPress gives it; else ""."""
    parts = urls.parts(guid)
    post = dict(parse_qsl(parts.query)).get("p", "")
    if not urls.is_web(guid) or not post.isascii() or not post.isdigit():
        return ""
    return listed(
        urlunsplit(parts._replace(path=f"{parts.path.rstrip('/')}/wp-json/wp/v2/", query="", fragment="")), post
    )


def listed(rest: str, post: str) -> str:
    """The first page of a post's comments below a site's `…/wp-json/wp/v2/`."""
    query = urlencode({"post": post, "per_page": A_PAGE, "order": "asc", "page": 1})
    return f"{rest}comments?{query}"


def _next(page: str) -> str:
    parts = urls.parts(page)
    asked = dict(parse_qsl(parts.query))
    here = number(asked.get("page", "1"))
    if here is None or here >= MOST_PAGES:
        return ""
    return urlunsplit(parts._replace(query=urlencode({**asked, "page": here + 1})))


def _comment(said: Mapping[str, Any], site: str) -> ParsedComment:
    own, parent = number(said.get("id")) or 0, number(said.get("parent")) or 0
    written = string(said.get("date_gmt"))
    url = urls.join(site, string(said.get("link")))
    return ParsedComment(
        key=f"#comment-{own}",
        parent_key=f"#comment-{parent}" if parent > 0 and parent != own else "",
        confidence=Confidence.EXACT,
        number=own,
        author=build.plain(string(said.get("author_name"))),
        author_url=build.link(site, said.get("author_url")),
        published=dates.seconds(f"{written}Z" if written and written[-1:].isdigit() else written),
        url=url,
        html=clean_block(string(mapping(said.get("content")).get("rendered"))).strip(),
        base=url or site,
    )
