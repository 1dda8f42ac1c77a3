"""The feeds a web page names: `<link rel="alternate">` first, then links in the page that look like feeds."""

from __future__ import annotations

import re
from collections.abc import Iterable

from selectolax.lexbor import LexborHTMLParser, LexborNode

from tui_reader import urls
from tui_reader.model import Candidate
from tui_reader.parse.document import charset
from tui_reader.parse.xml import is_text_codec
from tui_reader.text import clean

_TYPES = {
    "application/rss+xml": "RSS",
    "application/atom+xml": "Atom",
    "application/rdf+xml": "RDF",
    "application/feed+json": "JSON Feed",
    "application/json": "JSON Feed",
    "application/xml": "XML",
    "text/xml": "XML",
}
_LOOKS_LIKE_A_FEED = re.compile(r"(^|[/._-])(rss|atom|feed|feeds|index\.xml|feed\.json|rdf)([/._?-]|$)", re.IGNORECASE)
_MOST = 20
_LONGEST_PAGE = 4_000_000


def candidates(page: bytes, url: str, content_type: str = "") -> tuple[Candidate, ...]:
    """The feeds that the page at `url` offers, at most 20, each once, in the page's order."""
    named = charset(content_type)
    markup = page[:_LONGEST_PAGE].decode(named if is_text_codec(named) else "utf-8", "replace")
    tree = LexborHTMLParser(markup)
    base = url
    for node in tree.css("base[href]")[:1]:
        base = urls.join(url, node.attributes.get("href") or "") or url
    alternates = _found((_alternate(node, base) for node in tree.css("link[href]")), url)
    return alternates or _found((_in_page(node, base) for node in tree.css("a[href]")), url)


def _found(offered: Iterable[Candidate | None], page: str) -> tuple[Candidate, ...]:
    kept: dict[str, Candidate] = {}
    for one in offered:
        if one is not None and one.url != page and len(kept) < _MOST:
            kept.setdefault(one.url, one)
    return tuple(kept.values())


def _alternate(node: LexborNode, base: str) -> Candidate | None:
    rel = (node.attributes.get("rel") or "").lower().split()
    type_ = (node.attributes.get("type") or "").partition(";")[0].strip().lower()
    if not ({"alternate", "feed"} & set(rel)) or (type_ not in _TYPES and "feed" not in rel):
        return None
    url = urls.join(base, node.attributes.get("href") or "")
    if not url or "/wp-json/" in url or (type_ == "application/json" and "feed" not in url):
        return None
    return Candidate(url, clean(node.attributes.get("title") or ""), _TYPES.get(type_, ""))


def _in_page(node: LexborNode, base: str) -> Candidate | None:
    url = urls.join(base, node.attributes.get("href") or "")
    path = url.partition("://")[2].partition("/")[2]
    if not url or not _LOOKS_LIKE_A_FEED.search(f"/{path}"):
        return None
    return Candidate(url, clean(node.text() or ""))
