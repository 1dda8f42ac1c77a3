"""The article's own page, the last resort: the comment feeds that its head names, and comments in its markup.

Read in this order: WordPress's `li#comment-N` nested in `ol.children`, JSON-LD (schema.org `Comment` inside
`DiscussionForumPosting`, `Article` or `BlogPosting`), microformats (`h-cite` inside `u-comment`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from selectolax.lexbor import LexborHTMLParser, LexborNode

from tui_reader import urls
from tui_reader.model import Confidence, DiscussionRef, NotAFeed, ParsedComment
from tui_reader.parse import build, dates, jsonbody
from tui_reader.parse.document import charset
from tui_reader.parse.jsonbody import items, mapping, objects, string
from tui_reader.parse.xml import is_text_codec
from tui_reader.sources import wordpress_rest
from tui_reader.sources.source import About, Body, Found, Source
from tui_reader.text import clean_block

MOST = 20_000
_LONGEST_PAGE = 4_000_000
_IS_A_PAGE = re.compile(rb"<(?:!doctype\s+html|html|head|body|div|p)[\s>]", re.IGNORECASE)
_NUMBER = re.compile(r"^(?:li-)?comment-(\d{1,18})$")
_FEEDS = frozenset({"application/rss+xml", "application/atom+xml"})
_ARTICLES = frozenset({"DiscussionForumPosting", "Article", "BlogPosting", "NewsArticle", "SocialMediaPosting"})


class Page(Source):
    """Whether a page shows all comments nobody knows."""

    kind = "page"
    name = "Page"

    def addresses(self, url: str) -> tuple[str, ...]:
        return (url,) if url else ()

    def read(self, body: Body, about: About) -> Found | NotAFeed:
        if not _IS_A_PAGE.search(body.content[:65_536]):
            return NotAFeed("something other than a web page")
        named = charset(body.content_type)
        markup = body.content[:_LONGEST_PAGE].decode(named if is_text_codec(named) else "utf-8", "replace")
        tree = LexborHTMLParser(markup)
        said = _wordpress(tree, body.url) or _json_ld(tree, body.url) or _cited(tree, body.url)
        kept: dict[str, ParsedComment] = {}
        for one in said[:MOST]:
            kept.setdefault(one.key, one)
        return Found(tuple(kept.values()), refs=tuple(_refs(tree, body.url)))


# ---------------------------------------------------------------- feeds that the head names


def _refs(tree: LexborHTMLParser, page: str) -> Iterator[DiscussionRef]:
    """The page's own comment feeds; a site names its other feeds there as well."""
    own = urls.parts(page).path.rstrip("/")
    named: set[str] = set()
    for node in tree.css("link[href]"):
        attributes = node.attributes
        url = urls.join(page, attributes.get("href") or "")
        rel = (attributes.get("rel") or "").lower().split()
        if "alternate" not in rel or (attributes.get("type") or "").lower() not in _FEEDS or not url or url in named:
            continue
        parts = urls.parts(url)
        below = own != "" and parts.path.startswith(f"{own}/") and parts.hostname == urls.parts(page).hostname
        titled = "omment" in (attributes.get("title") or "") and not parts.path.startswith("/comments/feed")
        if below or titled:
            named.add(url)
            yield DiscussionRef("feed", url, page)
    if named:
        return
    for node in tree.css("link[rel~='shortlink'][href]"):
        address = wordpress_rest.address(urls.join(page, node.attributes.get("href") or ""))
        if address and tree.css_first("link[rel='https://api.w.org/']") is not None:
            yield DiscussionRef(wordpress_rest.KIND, address, page)
            return


# ---------------------------------------------------------------- WordPress


def _wordpress(tree: LexborHTMLParser, page: str) -> list[ParsedComment]:
    found = []
    for node in tree.css("li[id], div[id], article[id]"):
        match = _NUMBER.match(node.attributes.get("id") or "")
        if match is None:
            continue
        body = _first(node, ".comment-content", ".comment-body", ".comment_content")
        if body is None:
            continue
        parent = _parent(node)
        author = _first(node, ".comment-author .fn", "cite.fn", "cite", ".comment-author")
        home = _first(node, ".comment-author a[href]", "cite a[href]")
        when = _first(node, "time[datetime]")
        url = f"{page.partition('#')[0]}#comment-{match[1]}"
        found.append(
            ParsedComment(
                key=f"#comment-{match[1]}",
                parent_key=f"#comment-{parent}" if parent and parent != match[1] else "",
                confidence=Confidence.EXACT,
                number=int(match[1]),
                author=build.plain(author.text().strip()) if author is not None else "",
                author_url=build.link(page, home.attributes.get("href")) if home is not None else "",
                published=dates.seconds((when.attributes.get("datetime") or "") if when is not None else ""),
                url=url,
                html=clean_block(body.inner_html or "").strip(),
                base=url,
            )
        )
    return found


def _parent(node: LexborNode) -> str:
    above = node.parent
    while above is not None:
        match = _NUMBER.match(above.attributes.get("id") or "")
        if match is not None:
            return match[1]
        above = above.parent
    return ""


def _first(node: LexborNode, *selectors: str) -> LexborNode | None:
    """What a comment has of its own: the first match that no reply inside it holds."""
    for selector in selectors:
        for found in node.css(selector)[:1]:
            return found
    return None


# ---------------------------------------------------------------- JSON-LD


def _json_ld(tree: LexborHTMLParser, page: str) -> list[ParsedComment]:
    for script in tree.css("script[type='application/ld+json']"):
        loaded = jsonbody.load((script.text() or "").encode("utf-8", "replace"))
        things = [*objects(loaded), mapping(loaded)]
        things += [inner for one in things for inner in objects(one.get("@graph"))]
        for thing in things:
            if _ARTICLES & set(_types(thing)) and thing.get("comment"):
                return _below(thing, page)
    return []


def _types(thing: Mapping[str, Any]) -> list[str]:
    kind = thing.get("@type")
    return [string(one) for one in items(kind)] or [string(kind)]


def _below(article: Mapping[str, Any], page: str) -> list[ParsedComment]:
    found: list[ParsedComment] = []
    waiting: list[tuple[Mapping[str, Any], str, str]] = [
        (one, "", str(number)) for number, one in enumerate(_said(article))
    ]
    for said, parent, place in waiting:
        if len(found) >= MOST:
            break
        url = urls.join(page, string(said.get("url")) or string(said.get("@id")))
        key = string(said.get("@id")) or url or f"ld:{place}"
        author = mapping(next(iter(objects([said.get("author"), *items(said.get("author"))])), None))
        found.append(
            ParsedComment(
                key=build.plain(key),
                parent_key=parent,
                confidence=Confidence.EXACT,
                author=build.plain(string(author.get("name")) or string(said.get("author"))),
                author_url=build.link(page, string(author.get("url"))),
                published=dates.seconds(string(said.get("dateCreated")) or string(said.get("datePublished"))),
                updated=dates.seconds(string(said.get("dateModified"))),
                url=url,
                html=clean_block(string(said.get("text"))),
                base=page,
            )
        )
        waiting += [(one, found[-1].key, f"{place[-200:]}.{number}") for number, one in enumerate(_said(said))]
    return found


def _said(thing: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    below = thing.get("comment")
    return objects(below if isinstance(below, list) else [below])


# ---------------------------------------------------------------- microformats


def _cited(tree: LexborHTMLParser, page: str) -> list[ParsedComment]:
    found = []
    for number, node in enumerate(tree.css(".u-comment.h-cite, .u-comment .h-cite")):
        body = _first(node, ".e-content", ".p-content", ".p-name")
        if body is None:
            continue
        author = _first(node, ".p-author .p-name", ".p-author")
        home = _first(node, ".p-author a[href]", "a.p-author[href]")
        when, link = _first(node, ".dt-published"), _first(node, "a.u-url[href]")
        url = build.link(page, link.attributes.get("href")) if link is not None else ""
        written = (when.attributes.get("datetime") or when.text() or "") if when is not None else ""
        found.append(
            ParsedComment(
                key=url or f"cite:{number}",
                confidence=Confidence.EXACT,
                author=build.plain(author.text().strip()) if author is not None else "",
                author_url=build.link(page, home.attributes.get("href")) if home is not None else "",
                published=dates.seconds(written.strip()),
                url=url,
                html=clean_block(body.inner_html or "").strip(),
                base=page,
            )
        )
    return found
