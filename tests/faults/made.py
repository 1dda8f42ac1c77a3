"""Documents that nobody would write: made by rules for hypothesis, or from sound feeds with their bytes turned."""

from __future__ import annotations

import json
import random
import re
from html import escape

from hypothesis import strategies as st

from tui_reader.model import NotAFeed, ParsedFeed

RAW = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""What must not stand in anything that was parsed; line ends and tabs may, in bodies."""
PAYLOADS = (
    "\x1b[31m", "\x1b]0;owned\x07", "\x1b]52;c;aGk=\x07", "\x9b31m", "\x1bP+q\x1b\\", "\u202eevil", "[/red]", "]]>",
    "<!--", "<![CDATA[", "&#27;", "&#x202e;", "&lt;script&gt;", "&amp;amp;", "\ufeff", "\U000e0041", "e" + "\u0301" * 20,
)  # fmt: skip

texts = st.lists(st.one_of(st.text(max_size=12), st.sampled_from(PAYLOADS)), max_size=5).map("".join)
_names = st.sampled_from(
    ("title", "link", "guid", "description", "author", "pubDate", "category", "comments", "enclosure", "dc:creator",
     "content:encoded", "media:group", "slash:comments", "wfw:commentRss", "thr:in-reply-to", "summary", "id", "x:y")
)  # fmt: skip
_attributes = st.dictionaries(
    st.sampled_from(("href", "url", "rel", "type", "ref", "xml:base", "isPermaLink")), texts, max_size=2
)


@st.composite
def _elements(draw: st.DrawFn) -> str:
    name = draw(_names)
    attributes = "".join(f" {key}='{escape(value)}'" for key, value in draw(_attributes).items())
    inner = draw(st.one_of(texts, texts.map(escape), texts.map(lambda text: f"<![CDATA[{text}]]>")))
    end = draw(st.sampled_from((f"</{name}>",) * 8 + ("", "</title>", "/>")))
    return f"<{name}{attributes}>{inner}{end}"


@st.composite
def _xml(draw: st.DrawFn) -> bytes:
    root, entry = draw(st.sampled_from((("rss", "item"), ("feed", "entry"), ("rdf:RDF", "item"), ("channel", "item"))))
    entries = draw(st.lists(st.lists(_elements(), max_size=4).map("".join), max_size=4))
    encoding = draw(st.sampled_from(("utf-8", "utf-16", "iso-8859-1", "punycode", "nonsense", "unicode_escape")))
    head = draw(st.sampled_from(("", f"<?xml version='1.0' encoding='{encoding}'?>", "<!DOCTYPE x [<!ENTITY e 'x'>]>")))
    body = f"{head}<{root}>{''.join(f'<{entry}>{one}</{entry}>' for one in entries)}</{root}>"
    raw = body.encode(draw(st.sampled_from(("utf-8", "utf-16", "cp1252"))), "replace")
    return raw[: draw(st.integers(0, len(raw)))] if draw(st.integers(0, 3)) == 0 else raw


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | texts,
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(("id", "title", "url", "tags", "authors", "content_html", "date_published")), inner, max_size=4),
    max_leaves=12,
).map(lambda items: json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": [items]}).encode())  # fmt: skip

documents = st.one_of(_xml(), _json, st.binary(max_size=200))
"""Feeds of all kinds, more broken than not."""


def feed(titles: list[str]) -> bytes:
    """An RSS feed of these titles, each with a guid of its own."""
    items = "".join(
        f"<item><guid>g{title.encode('utf-8', 'replace').hex()}</guid><title>{escape(RAW.sub('', title))}</title></item>"
        for title in titles
    )
    return f"<rss version='2.0'><channel><title>t</title>{items}</channel></rss>".encode("utf-8", "replace")


def harmless(found: ParsedFeed | NotAFeed) -> None:
    """Nothing raw is in any field."""
    if isinstance(found, NotAFeed):
        assert found.reason.isprintable()
        assert not RAW.search(found.words)
        return
    for entry in found.entries:
        lines = (entry.title, entry.author, entry.url, entry.guid, *entry.tags, *(one.url for one in entry.enclosures))
        assert not any(RAW.search(text) or "\n" in text for text in lines), entry
        assert not RAW.search(entry.html), entry
        assert len(entry.title) <= 1000
    keys = [entry.key for entry in found.entries]
    assert len(keys) == len(set(keys))


_SEEDS = (
    feed(["one", "two", "three"]),
    (
        b"<feed xmlns='http://www.w3.org/2005/Atom'><title>t</title><entry><id>1</id><title type='html'>&lt;b&gt;x</title>"
        b"<link href='/1'/><updated>2026-01-01T00:00:00Z</updated><content type='xhtml'><div>y</div></content></entry></feed>"
    ),
    b'{"version":"https://jsonfeed.org/version/1.1","items":[{"id":"1","title":"t","content_html":"<p>x</p>"}]}',
)


def mutated(seed: int) -> bytes:
    """A sound feed with some bytes turned; the same for the same number."""
    chance = random.Random(seed)
    body = bytearray(chance.choice(_SEEDS))
    for _ in range(chance.randint(1, 8)):
        at = chance.randrange(len(body) + 1)
        match chance.randrange(5):
            case 0 if body:
                body[min(at, len(body) - 1)] = chance.randrange(256)
            case 1:
                body[at:at] = chance.choice(PAYLOADS).encode("utf-8", "replace")
            case 2:
                del body[at : at + chance.randint(1, 20)]
            case 3:
                body[at:at] = body[at : at + chance.randint(1, 60)] * chance.choice((1, 2, 50))
            case _:
                body[at:at] = bytes(chance.randrange(256) for _ in range(chance.randint(1, 6)))
    return bytes(body)
