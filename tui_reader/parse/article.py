"""The article of a web page, without what stands around it. Needs the extra `reader`; runs in the worker only."""

from __future__ import annotations

import re

from tui_reader.model import NotAFeed
from tui_reader.parse.document import charset
from tui_reader.parse.readable import strip
from tui_reader.parse.xml import is_text_codec

LEAST_WORDS = 25
"""Fewer words are no article but a notice in its place: "please turn on JavaScript"."""
_LONGEST = 5_000_000
"""Characters of a page that are looked at."""
_DECLARED = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?([A-Za-z0-9._:-]{1,40})", re.IGNORECASE)
_HEAD = 4096


def extract(body: bytes, *, url: str, content_type: str) -> str | NotAFeed:
    """The HTML of the page's article, its links absolute; what the page sent instead when there is none."""
    from lxml.etree import LxmlError
    from readability import Document
    from readability.readability import Unparseable

    if content_type and not re.search(r"html|xml|text/plain", content_type, re.IGNORECASE):
        return NotAFeed(f"{content_type.partition(';')[0].strip()[:60]}, which is no page to read")
    page = _decoded(body, content_type)[:_LONGEST]
    try:
        article = Document(page, url=url).summary(html_partial=True)
    except (Unparseable, LxmlError, ValueError, TypeError, AttributeError, KeyError):
        return NotAFeed("a page that could not be read")
    return article if len(strip(article).split()) >= LEAST_WORDS else NotAFeed("a page without an article")


def _decoded(body: bytes, content_type: str) -> str:
    """By what the server says, else what the page says, else as UTF-8, else as browsers read what says nothing."""
    declared = _DECLARED.search(body[:_HEAD])
    for name in (charset(content_type), declared[1].decode("ascii") if declared else "", "utf-8"):
        if name and is_text_codec(name):
            try:
                return body.decode(name)
            except UnicodeDecodeError:
                continue
    return body.decode("cp1252", "replace")
