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


def _any(names: frozenset[str]) -> str:
    """One of these names in any case, as a pattern; `re.IGNORECASE` would look for the "<" ten times as long."""
    spelled = ("".join(f"[{letter}{letter.upper()}]" for letter in name) for name in sorted(names))
    return f"(?:{'|'.join(spelled)})(?![a-zA-Z0-9])"


_HIDING = re.compile(rf"<(?:!--|{_any(_UNSEEN)})")
"""What the short way cannot do: it sees tags, and not what stands between two of them."""
_INLINE_TAG = re.compile(rf"</?{_any(_INLINE)}[^<>]*>")
_OTHER_TAG = re.compile(r"<(?:/?[a-zA-Z]|[/!?])[^<>\0]*>")


def strip(html: str) -> str:
    """The words of an HTML text on one line, for searching only; takes linear time on any input."""
    if "\0" in html or _HIDING.search(html):
        seen = "".join(_texts(html))
    else:
        # A tag that is dropped leaves its place until the others are gone, so that no two pieces become one more tag.
        seen = _OTHER_TAG.sub(" ", _INLINE_TAG.sub("\0", html)).replace("\0", "")
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
