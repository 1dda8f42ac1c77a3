"""What a body is, whatever it was called: a feed of some kind, or something else, which is named."""

from __future__ import annotations

import re

from tui_reader.model import NotAFeed, ParsedFeed
from tui_reader.parse import build, jsonfeed, strict, xml
from tui_reader.text import first_words

_HEAD = 16_384
_MAGIC = (
    (b"%PDF", "a PDF instead of a feed"),
    (b"\x89PNG", "a picture instead of a feed"),
    (b"GIF8", "a picture instead of a feed"),
    (b"\xff\xd8\xff", "a picture instead of a feed"),
    (b"RIFF", "a picture or sound instead of a feed"),
    (b"PK\x03\x04", "an archive instead of a feed"),
    (b"\x1f\x8b", "an archive instead of a feed"),
    (b"<opml", "a list of subscriptions instead of a feed; it can be imported"),
)
_FEED_ROOT = re.compile(r"<(?:\w+:)?(rss|feed|RDF|channel|rdf)[\s>/]", re.IGNORECASE)
_WEB_PAGE = re.compile(r"<!doctype\s+html|<(?:html|head|body)[\s>]", re.IGNORECASE)
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9._:-]{1,40})", re.IGNORECASE)


def parse(
    body: bytes, *, url: str, content_type: str = "", on_entry: build.Beat | None = None
) -> ParsedFeed | NotAFeed:
    """Read any body that came from `url`; never raises for what stands in it."""
    start = body[:_HEAD].lstrip()
    if not start.strip(b"\x00\xef\xbb\xbf\xff\xfe \t\r\n"):
        return NotAFeed("an empty document")
    for magic, what in _MAGIC:
        if start.startswith(magic):
            return NotAFeed(what)
    head = _readable(body[:_HEAD])
    if head[:1] in {"{", "["}:
        found = jsonfeed.parse(body, url=url, on_entry=on_entry)
    else:
        root, page = _FEED_ROOT.search(head), _WEB_PAGE.search(head)
        if page and (root is None or page.start() < root.start()):
            return NotAFeed("a web page instead of a feed", first_words(body))
        named = charset(content_type)
        found = strict.parse(body, url=url, charset=named, on_entry=on_entry) or xml.parse(
            body, url=url, charset=named, on_entry=on_entry
        )
    if isinstance(found, NotAFeed):
        return NotAFeed(found.reason, first_words(body))
    return found


def charset(content_type: str) -> str:
    """The charset a Content-Type names, or ""."""
    match = _CHARSET.search(content_type)
    return match[1] if match else ""


def _readable(head: bytes) -> str:
    if head[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return head.decode("utf-16", "replace").lstrip("\ufeff \t\r\n")
    if b"\0" in head[:4]:
        return head.replace(b"\0", b"").decode("latin-1").lstrip()
    return head.decode("latin-1").removeprefix("\xef\xbb\xbf").lstrip()
