"""Documents for the parser's tests, written here."""

from __future__ import annotations

import json
from typing import Any

from tui_reader.model import ParsedEntry, ParsedFeed
from tui_reader.parse.document import parse

URL = "https://blog.example/feed/"


def read(text: str | bytes, url: str = URL, content_type: str = "") -> ParsedFeed:
    body = text if isinstance(text, bytes) else text.encode()
    found = parse(body, url=url, content_type=content_type)
    assert isinstance(found, ParsedFeed), found
    return found


def items(inner: str, channel: str = "") -> tuple[ParsedEntry, ...]:
    """The entries of an RSS 2.0 document with these items."""
    spaces = (
        'xmlns:slash="http://purl.org/rss/1.0/modules/slash/" xmlns:wfw="http://wellformedweb.org/CommentAPI/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    )
    return read(
        f"<rss version='2.0' {spaces}><channel><title>t</title><link>https://blog.example/</link>"
        f"{channel}{inner}</channel></rss>"
    ).entries


def json_feed(version: str, *entries: dict[str, Any], **more: Any) -> str:
    return json.dumps({"version": f"https://jsonfeed.org/version/{version}", "title": "J", "items": entries} | more)
