"""JSON Feed 1 and 1.1 (jsonfeed.org/version/1.1), read with as little trust as XML."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from tui_reader.model import NotAFeed, ParsedEntry, ParsedFeed
from tui_reader.parse import build, dates
from tui_reader.text import clean, clean_block

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_MOST_TAGS = 50


def parse(body: bytes, *, url: str, on_entry: build.Beat | None = None) -> ParsedFeed | NotAFeed:
    """Read a document that may be a JSON Feed. Never raises for what stands in it."""
    try:
        document = json.loads(body.decode("utf-8-sig", "replace"), parse_int=_integer, parse_constant=_nothing)
    except (ValueError, RecursionError):
        return NotAFeed("JSON that could not be read as a feed")
    version = document.get("version") if isinstance(document, dict) else None
    items = document.get("items") if isinstance(document, dict) else None
    if not isinstance(items, list) or "jsonfeed.org" not in str(version):
        return NotAFeed("JSON that is no feed")
    site = build.link(url, document.get("home_page_url"))
    entries = []
    for item in items[: build.MOST_ENTRIES]:
        if on_entry is not None:
            on_entry()
        if isinstance(item, dict):
            entries.append(_entry(item, url, site, document))
    return ParsedFeed(
        format="json",
        title=build.plain(_text(document.get("title"))),
        site_url=site,
        entries=build.identified(entries),
    )


def _entry(item: Mapping[str, Any], url: str, site: str, feed: Mapping[str, Any]) -> ParsedEntry:
    html, plain = _text(item.get("content_html")), _text(item.get("content_text"))
    body = html or plain or _text(item.get("summary"))
    guid = clean(_text(item.get("id")))
    link = build.link(url, item.get("url") or item.get("external_url"))
    author, author_url = _author(item)
    if not author:
        author, author_url = _author(feed)
    return ParsedEntry(
        key="",
        guid=guid,
        raw_id=guid,
        url=link,
        title=clean(_text(item.get("title"))),
        author=author,
        author_url=build.link(url, author_url),
        published=dates.seconds(_text(item.get("date_published"))),
        updated=dates.seconds(_text(item.get("date_modified"))),
        html=clean_block(body),
        is_text=not html,
        base=link or url,
        tags=tuple(dict.fromkeys(tag for one in _list(item.get("tags")) if (tag := clean(_text(one)))))[:_MOST_TAGS],
        enclosures=build.enclosures(
            (build.link(url, one.get("url")), _text(one.get("mime_type")), one.get("size_in_bytes"))
            for one in _objects(item.get("attachments"))
        ),
    )


def _author(owner: Mapping[str, Any]) -> tuple[str, str]:
    """Version 1.1 has a list of authors, version 1 a single one."""
    found = [*_objects(owner.get("authors")), *_objects([owner.get("author")])]
    names = [name for one in found[:10] if (name := clean(_text(one.get("name"))))]
    return ", ".join(dict.fromkeys(names)), _text(found[0].get("url")) if found else ""


def _objects(value: object) -> Iterator[Mapping[str, Any]]:
    return (one for one in _list(value) if isinstance(one, dict))


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _text(value: object) -> str:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return str(value)
    return _LONE_SURROGATE.sub("\ufffd", value) if isinstance(value, str) else ""


def _integer(digits: str) -> int:
    return int(digits) if len(digits) < 19 else 0


def _nothing(_name: str) -> None:
    return None
