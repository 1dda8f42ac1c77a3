"""The words of an HTML body, for the search index only: what a person reads is laid out by document/."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

from tui_reader.text import clean

MOST_CHARACTERS = 500_000
"""A longer body is indexed up to here."""

_TAG = re.compile(r"<(?:!--|(/?)([a-zA-Z][a-zA-Z0-9]*)[^<>]*>|[/!?][^<>]*>)")
_UNSEEN = frozenset({"script", "style", "template", "noscript"})
_INLINE = frozenset({"a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "del", "dfn", "em", "font", "i", "ins"}) | {
    "kbd", "mark", "q", "rp", "rt", "ruby", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "tt", "u",
    "var", "wbr",
}  # fmt: skip

_SPLIT = re.compile(r"<(/?[a-zA-Z][a-zA-Z0-9]*|[/!?])[^<>]*>")
"""Every tag, as `re.split` parts a text by them; comments and what is not seen are more than that."""


def strip(html: str) -> str:
    """The words of an HTML text on one line, for searching only; takes linear time on any input."""
    pieces = _SPLIT.split(html)
    between = {name: "" if name.lower().removeprefix("/") in _INLINE else " " for name in set(pieces[1::2])}
    if "<!--" in html or not _UNSEEN.isdisjoint(map(str.lower, between)):
        seen = "".join(_texts(html))
    else:
        pieces[1::2] = [between[name] for name in pieces[1::2]]
        seen = "".join(pieces)
    return clean(unescape(seen), limit=MOST_CHARACTERS)


def _texts(html: str) -> Iterator[str]:
    at = 0
    unseen = ""
    comments_end = True
    while (tag := _TAG.search(html, at)) is not None:
        if not unseen:
            yield html[at : tag.start()]
        at = tag.end()
        name = (tag[2] or "").lower()
        if html.startswith("<!--", tag.start()):
            end = html.find("-->", at) if comments_end and not unseen else -1
            comments_end = comments_end and (end >= 0 or bool(unseen))
            at = max(at, end + 3)
        elif unseen:
            if tag[1] and name == unseen:
                unseen = ""
        elif name in _UNSEEN and not tag[1]:
            unseen = name
        elif name not in _INLINE:
            yield " "
    if not unseen:
        yield html[at:]
