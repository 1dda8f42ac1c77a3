"""JSON Feed 1 and 1.1 (jsonfeed.org/version/1.1), read with as little trust as XML."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tui_reader.model import NotAFeed, ParsedEntry, ParsedFeed
from tui_reader.parse import build, dates, jsonbody
from tui_reader.parse.jsonbody import items, mapping, objects, string
from tui_reader.text import clean, clean_block

_MOST_TAGS = 50


def parse(body: bytes, *, url: str, on_entry: build.Beat | None = None) -> ParsedFeed | NotAFeed:
    """Read a document that may be a JSON Feed. Never raises for what stands in it."""
    loaded = jsonbody.load(body)
    if loaded is None:
        return NotAFeed("JSON that could not be read as a feed")
    document = mapping(loaded)
    if not isinstance(document.get("items"), list) or "jsonfeed.org" not in str(document.get("version")):
        return NotAFeed("JSON that is no feed")
    site = build.link(url, document.get("home_page_url"))
    entries = []
    for item in items(document.get("items"))[: build.MOST_ENTRIES]:
        if on_entry is not None:
            on_entry()
        if isinstance(item, dict):
            entries.append(_entry(item, url, site, document))
    return ParsedFeed(
        format="json",
        title=build.plain(string(document.get("title"))),
        site_url=site,
        entries=build.identified(entries),
    )


def _entry(item: Mapping[str, Any], url: str, site: str, feed: Mapping[str, Any]) -> ParsedEntry:
    html, plain = string(item.get("content_html")), string(item.get("content_text"))
    body = html or plain or string(item.get("summary"))
    guid = clean(string(item.get("id")))
    link = build.link(url, item.get("url") or item.get("external_url"))
    author, author_url = _author(item)
    if not author:
        author, author_url = _author(feed)
    return ParsedEntry(
        key="",
        guid=guid,
        raw_id=guid,
        url=link,
        title=clean(string(item.get("title"))),
        author=author,
        author_url=build.link(url, author_url),
        published=dates.seconds(string(item.get("date_published"))),
        updated=dates.seconds(string(item.get("date_modified"))),
        html=clean_block(body),
        is_text=not html,
        base=link or url,
        tags=tuple(dict.fromkeys(tag for one in items(item.get("tags")) if (tag := clean(string(one)))))[:_MOST_TAGS],
        enclosures=build.enclosures(
            (build.link(url, one.get("url")), string(one.get("mime_type")), one.get("size_in_bytes"))
            for one in objects(item.get("attachments"))
        ),
    )


def _author(owner: Mapping[str, Any]) -> tuple[str, str]:
    """Version 1.1 has a list of authors, version 1 a single one."""
    found = [*objects(owner.get("authors")), *objects([owner.get("author")])]
    names = [name for one in found[:10] if (name := clean(string(one.get("name"))))]
    return ", ".join(dict.fromkeys(names)), string(found[0].get("url")) if found else ""
