"""An article outside the reader: as Markdown, plain text, a web page or JSON. The command line, saving, piping and
copying all write it here."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from enum import StrEnum
from html import escape

from tui_reader import shapes
from tui_reader.document.blocks import Document
from tui_reader.document.export import inline_text, to_markdown, to_text
from tui_reader.document.html import blocks
from tui_reader.document.webpage import to_html
from tui_reader.model import Entry
from tui_reader.text import clean_block

COLUMNS = 78
"""Cells of a line of plain text, where nobody says how wide it may be."""
_LONGEST_NAME = 80
_LONGEST_BYTES = 200
_RESERVED = re.compile(r"con|prn|aux|nul|com\d|lpt\d", re.IGNORECASE)
"""What Windows keeps for devices, whatever the ending."""


class Format(StrEnum):
    """What an article can be written as; the value is also the end of the file's name."""

    MARKDOWN = "md"
    TEXT = "txt"
    HTML = "html"
    JSON = "json"


NAMES: Mapping[Format, str] = {
    Format.MARKDOWN: "Markdown",
    Format.TEXT: "text",
    Format.HTML: "HTML",
    Format.JSON: "JSON",
}


def export(entry: Entry, format: Format, when: str, *, columns: int = COLUMNS) -> str:
    """The article as it is read, with its head; `when` is its date for people. Control characters are left out."""
    if format is Format.JSON:
        return json.dumps(shapes.whole_entry(entry), ensure_ascii=False, indent=2) + "\n"
    source = entry.text
    document = blocks(source.body, base=source.base, is_text=source.is_text)
    write = {Format.MARKDOWN: _markdown, Format.TEXT: _text, Format.HTML: _html}[format]
    return clean_block(write(entry, document, when, columns))


def file_name(entry: Entry, format: Format) -> str:
    """A name for the article's file that every file system takes."""
    words = re.sub(r"[^\w\s.-]+", "", entry.row.title).split()
    name = "-".join(words)[:_LONGEST_NAME].encode()[:_LONGEST_BYTES].decode("utf-8", "ignore").strip("-.")
    if not name or _RESERVED.fullmatch(name.partition(".")[0]):
        name = f"article-{entry.row.id}"
    return f"{name}.{format}"


def _byline(entry: Entry, when: str) -> str:
    return " · ".join(part for part in (entry.row.feed_title, entry.row.author, when) if part)


def _markdown(entry: Entry, document: Document, when: str, columns: int) -> str:
    parts = [f"# {inline_text(entry.row.title or '(no title)')}", inline_text(_byline(entry, when))]
    parts += [f"<{entry.row.url}>"] if entry.row.url else []
    parts += [to_markdown(document).rstrip("\n")]
    parts += ["\n".join(f"- <{file.url}>" for file in entry.enclosures)] if entry.enclosures else []
    return "\n\n".join(part for part in parts if part) + "\n"


def _text(entry: Entry, document: Document, when: str, columns: int) -> str:
    head = [entry.row.title or "(no title)", _byline(entry, when), entry.row.url]
    files = "\n".join(f"file: {file.url}" for file in entry.enclosures)
    parts = ["\n".join(line for line in head if line), to_text(document, columns).rstrip("\n"), files]
    return "\n\n".join(part for part in parts if part) + "\n"


def _html(entry: Entry, document: Document, when: str, columns: int) -> str:
    title, url = escape(entry.row.title or "(no title)"), escape(entry.row.url)
    linked = f'<a href="{url}">{title}</a>' if url else title
    files = "".join(f'<li><a href="{escape(file.url)}">{escape(file.url)}</a></li>\n' for file in entry.enclosures)
    tail = f"<ul>\n{files}</ul>\n" if files else ""
    return (
        f'<!doctype html>\n<html>\n<head>\n<meta charset="utf-8">\n<title>{title}</title>\n</head>\n<body>\n'
        f"<h1>{linked}</h1>\n<p><small>{escape(_byline(entry, when))}</small></p>\n"
        f"{to_html(document)}{tail}</body>\n</html>\n"
    )
