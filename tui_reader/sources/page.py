"""The article's own page, the last resort: the comment feeds that its head names, and comments in its markup.

Read in this order: WordPress's `li#comment-N` nested in `ol.children`, JSON-LD (schema.org `Comment` inside
`DiscussionForumPosting`, `Article` or `BlogPosting`), microformats (`h-cite` inside `u-comment`).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct
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
_OF_THE_SITE = re.compile(r"/comments/feed(?:/[a-z0-9]+)?/?(?:[?#]|$)|[?&]feed=comments-", re.IGNORECASE)
"""WordPress's feed of the comments on all posts."""
_REST_POST = re.compile(r"^(?P<comments>[^?#]+/wp-json/wp/v2/)(?:posts|pages)/(?P<post>\d{1,18})$")
_AROUND = frozenset({"comment-author", "comment-meta", "comment-awaiting-moderation", "reply", "children"})
_HTML = re.compile(r"</?[a-zA-Z]|&(?:#|[a-zA-Z]+;)")
_DECLARED = re.compile(rb"<meta\s[^>]{0,200}?charset\s*=[^>]{1,60}", re.IGNORECASE)
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
        declared = _DECLARED.search(body.content[:1024])
        named = charset(body.content_type) or charset(declared[0].decode("latin-1") if declared else "")
        markup = body.content[:_LONGEST_PAGE].decode(named if is_text_codec(named) else "utf-8", "replace")
        tree = LexborHTMLParser(markup)
        said = _wordpress(tree, body.url) or _json_ld(tree, body.url) or _cited(tree, body.url)
        kept: dict[str, ParsedComment] = {}
        for one in said[:MOST]:
            kept.setdefault(one.key, one)
        return Found(tuple(kept.values()), refs=tuple(_refs(tree, body.url)))


# ---------------------------------------------------------------- what the head names


def _refs(tree: LexborHTMLParser, page: str) -> Iterator[DiscussionRef]:
    """The page's own comment feeds, else its WordPress comments; a site names its other feeds there as well."""
    own = urls.parts(page).path.rstrip("/")
    named: set[str] = set()
    for node in tree.css("link[href]"):
        attributes = node.attributes
        url = urls.join(page, attributes.get("href") or "")
        rel = (attributes.get("rel") or "").lower().split()
        kind = (attributes.get("type") or "").partition(";")[0].strip().lower()
        if "alternate" not in rel or kind not in _FEEDS or not url or url in named or _OF_THE_SITE.search(url):
            continue
        parts = urls.parts(url)
        below = own != "" and parts.path.startswith(f"{own}/") and parts.hostname == urls.parts(page).hostname
        if below or "omment" in (attributes.get("title") or ""):
            named.add(url)
            yield DiscussionRef("feed", url, page)
    rest = "" if named else _rest(tree, page)
    if rest:
        yield DiscussionRef(wordpress_rest.KIND, rest, page)


def _rest(tree: LexborHTMLParser, page: str) -> str:
    """The REST list of a WordPress post's comments, by the post's own REST address or by its number, else ""."""
    for node in tree.css("link[rel~='alternate'][type='application/json'][href]"):
        if match := _REST_POST.match(urls.join(page, node.attributes.get("href") or "")):
            return wordpress_rest.listed(match["comments"], match["post"])
    if tree.css_first("link[rel='https://api.w.org/']") is None:
        return ""
    shortlinks = tree.css("link[rel~='shortlink'][href]")
    addresses = (wordpress_rest.address(urls.join(page, one.attributes.get("href") or "")) for one in shortlinks)
    return next(filter(None, addresses), "")


# ---------------------------------------------------------------- comments that stand inside each other


class _Nest(Struct, frozen=True):
    """Comments as a page nests them: `above` names for each, in the page's order, the one around it or "", `owner`
    the nearest comment around every element. The whole page is gone through once, however deep it is."""

    tree: LexborHTMLParser
    above: Mapping[str, str]
    owner: Mapping[int, str]

    def first(self, *selectors: str) -> dict[str, LexborNode]:
        """What each comment has of its own, by the best of these selectors that finds something outside its replies."""
        found: dict[str, LexborNode] = {}
        for selector in reversed(selectors):
            here: dict[str, LexborNode] = {}
            for node in self.tree.css(selector):
                if owner := self.owner.get(node.mem_id):
                    here.setdefault(owner, node)
            found |= here
        return found

    def texts(self, bodies: Mapping[str, LexborNode]) -> dict[str, str]:
        """What each comment says, without what themes put around it and without its replies. Bodies that stand inside
        each other would grow without limit, so that all of them together are no longer than a page."""
        found: dict[str, str] = {}
        left = _LONGEST_PAGE
        for key, body in bodies.items():
            own = (one for one in body.iter(include_text=True) if self.owner.get(one.mem_id, key) == key)
            text = "".join(one.html or "" for one in own if not _AROUND & _classes(one))
            left -= len(text)
            if left < 0:
                break
            found[key] = clean_block(text).strip()
        return found


def _nest(tree: LexborHTMLParser, marked: Mapping[int, str]) -> _Nest:
    """`marked` names the elements that are comments; two that stand inside each other may be one comment."""
    above: dict[str, str] = {}
    owner: dict[int, str] = {}
    for node in tree.root.traverse() if tree.root is not None and marked else ():
        around = owner.get(node.parent.mem_id, "") if node.parent is not None else ""
        own = marked.get(node.mem_id, around)
        if own != around:
            above.setdefault(own, around)
        if own:
            owner[node.mem_id] = own
    return _Nest(tree, above, owner)


def _classes(node: LexborNode) -> frozenset[str]:
    return frozenset((node.attributes.get("class") or "").split())


def _name(node: LexborNode | None) -> str:
    return build.plain(node.text().strip()) if node is not None else ""


def _home(node: LexborNode | None, page: str) -> str:
    return build.link(page, node.attributes.get("href")) if node is not None else ""


def _written(node: LexborNode | None) -> int | None:
    return dates.seconds((node.attributes.get("datetime") or node.text() or "").strip()) if node is not None else None


def _wordpress(tree: LexborHTMLParser, page: str) -> list[ParsedComment]:
    marked = {
        node.mem_id: match[1]
        for node in tree.css("li[id], div[id], article[id]")
        if (match := _NUMBER.match(node.attributes.get("id") or ""))
    }
    nest = _nest(tree, marked)
    bodies = nest.first(".comment-content", ".comment_content", ".comment-body")
    authors = nest.first(".comment-author .fn", "cite.fn", "cite", ".comment-author")
    homes = nest.first(".comment-author a[href]", "cite.fn a[href]")
    times = nest.first("time[datetime]")
    said = nest.texts(bodies)
    return [
        ParsedComment(
            key=f"#comment-{number}",
            parent_key=f"#comment-{above}" if above else "",
            confidence=Confidence.EXACT,
            number=int(number),
            author=_name(authors.get(number)),
            author_url=_home(homes.get(number), page),
            published=_written(times.get(number)),
            url=(url := f"{page.partition('#')[0]}#comment-{number}"),
            html=said[number],
            base=url,
        )
        for number, above in nest.above.items()
        if number in said
    ]


def _cited(tree: LexborHTMLParser, page: str) -> list[ParsedComment]:
    marked = {
        node.mem_id: str(place)
        for place, node in enumerate(tree.css(".u-comment.h-cite, .u-comment .h-cite"), 1)
        if "u-comment" in _classes(node) or not any(one.startswith(("u-", "p-")) for one in _classes(node))
    }
    nest = _nest(tree, marked)
    bodies = nest.first(".e-content", ".p-content", ".h-cite > .p-name:not(.p-author)")
    authors = nest.first(".p-author .p-name", ".p-author")
    homes = nest.first(".p-author a[href]", "a.p-author[href]")
    times = nest.first(".dt-published")
    links = nest.first(".u-url[href]:not(.h-card):not(.h-card *)")
    said = nest.texts(bodies)
    found: dict[str, ParsedComment] = {}
    for place, around in nest.above.items():
        if place not in said:
            continue
        author, published = _name(authors.get(place)), _written(times.get(place))
        url = _home(links.get(place), page)
        parent = found[around].key if around in found else ""
        key = url or _key("cite", parent, author, published, said[place])
        found[place] = ParsedComment(
            key=key,
            parent_key=parent if parent != key else "",
            confidence=Confidence.EXACT,
            author=author,
            author_url=_home(homes.get(place), page),
            published=published,
            url=url,
            html=said[place],
            base=page,
        )
    return list(found.values())


def _key(prefix: str, parent: str, author: str, published: int | None, text: str) -> str:
    """What stands for a comment that its page does not name: it stays the same when others come before it."""
    written = f"{parent}\n{author}\n{published}\n{text}"
    digest = hashlib.blake2b(written.encode("utf-8", "replace"), digest_size=12)
    return f"{prefix}:{digest.hexdigest()}"


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
    return [string(one).rpartition("/")[2] for one in items(kind) or [kind]]


def _below(article: Mapping[str, Any], page: str) -> list[ParsedComment]:
    found: list[ParsedComment] = []
    waiting = [(one, "") for one in _said(article)]
    for said, parent in waiting:
        if len(found) >= MOST:
            break
        url = urls.join(page, string(said.get("url")) or string(said.get("@id")))
        writer = said.get("author")
        author = mapping(next(objects([writer, *items(writer)]), None))
        name = build.plain(string(author.get("name")) or string(writer))
        published = dates.seconds(string(said.get("dateCreated")) or string(said.get("datePublished")))
        text = clean_block(string(said.get("text")))
        key = build.plain(string(said.get("@id"))) or url or _key("ld", parent, name, published, text)
        found.append(
            ParsedComment(
                key=key,
                parent_key=parent if parent != key else "",
                confidence=Confidence.EXACT,
                author=name,
                author_url=build.link(page, string(author.get("url"))),
                published=published,
                updated=dates.seconds(string(said.get("dateModified"))),
                url=url,
                html=text,
                is_text=not _HTML.search(text),
                base=page,
            )
        )
        waiting += [(one, key) for one in _said(said)]
    return found


def _said(thing: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    below = thing.get("comment")
    return objects(below if isinstance(below, list) else [below])
