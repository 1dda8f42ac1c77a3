"""OPML 2.0 (opml.org/spec2.opml), in and out, folders as outlines."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from xml.etree import ElementTree

from tui_reader import urls
from tui_reader.errors import BadInput
from tui_reader.model import Feed
from tui_reader.text import clean

SEPARATOR = " / "
"""Between the names of a folder and of the folder it lies in."""
_MOST_FEEDS = 50_000
_STRAY_AMPERSAND = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9a-fA-F]{1,6});)")


@dataclass(frozen=True, slots=True)
class OutlineFeed:
    """One subscription of a list."""

    url: str
    title: str = ""
    folder: str = ""
    site_url: str = ""


@dataclass(frozen=True, slots=True)
class OpmlFile:
    """The subscriptions of a list, each address once, and what was left out, as (what, why)."""

    feeds: tuple[OutlineFeed, ...]
    skipped: tuple[tuple[str, str], ...] = ()


def read(document: bytes) -> OpmlFile:
    """Read a list of subscriptions. Attribute names are taken in any case. Raises BadInput when it is no OPML."""
    root = _root(document)
    feeds: dict[str, OutlineFeed] = {}
    skipped: list[tuple[str, str]] = []
    body = next((child for child in root if _name(child) == "body"), root)
    waiting = [(child, "") for child in reversed(body)]
    while waiting and len(feeds) < _MOST_FEEDS:
        outline, folder = waiting.pop()
        about = {name.lower(): clean(value) for name, value in outline.attrib.items()}
        title = about.get("title") or about.get("text", "")
        address = about.get("xmlurl", "")
        if address:
            try:
                url = urls.normalise_input(address)
            except BadInput as error:
                skipped.append((title or address, str(error)))
            else:
                if url in feeds:
                    skipped.append((title or url, "listed twice"))
                feeds.setdefault(url, OutlineFeed(url, title, folder, about.get("htmlurl", "")))
        elif len(outline):
            folder = SEPARATOR.join(part for part in (folder, title) if part)
        else:
            skipped.append((title or "an outline", "it has no address"))
        waiting += [(child, folder) for child in reversed(outline)]
    return OpmlFile(tuple(feeds.values()), tuple(skipped))


def _root(document: bytes) -> ElementTree.Element:
    if b"<!ENTITY" in document.replace(b"\0", b""):  # UTF-16 has a zero beside every letter
        raise BadInput("this list declares entities, which no list of subscriptions needs; nothing was changed")
    for attempt in (document, _STRAY_AMPERSAND.sub(b"&amp;", document)):
        try:
            root = ElementTree.fromstring(attempt.strip())
        except (ElementTree.ParseError, ValueError, LookupError):
            continue
        if _name(root) == "opml":
            return root
        break
    raise BadInput("this is no OPML list of subscriptions; nothing was changed")


def _name(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2].lower() if isinstance(element.tag, str) else ""


def write(feeds: Iterable[Feed], *, title: str, now: int) -> bytes:
    """A list of these feeds, in their folders."""
    root = ElementTree.Element("opml", version="2.0")
    head = ElementTree.SubElement(root, "head")
    ElementTree.SubElement(head, "title").text = title
    ElementTree.SubElement(head, "dateCreated").text = format_datetime(datetime.fromtimestamp(now, UTC), usegmt=True)
    body = ElementTree.SubElement(root, "body")
    folders: dict[str, ElementTree.Element] = {"": body}
    for feed in feeds:
        outline = ElementTree.SubElement(_folder(folders, feed.folder), "outline", type="rss")
        outline.set("text", feed.title)
        outline.set("title", feed.title)
        outline.set("xmlUrl", feed.url)
        if feed.site_url:
            outline.set("htmlUrl", feed.site_url)
    ElementTree.indent(root)
    written: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def _folder(folders: dict[str, ElementTree.Element], name: str) -> ElementTree.Element:
    path = ""
    for part in name.split(SEPARATOR) if name else ():
        inner = SEPARATOR.join(filter(None, (path, part)))
        if inner not in folders:
            folders[inner] = ElementTree.SubElement(folders[path], "outline", text=part, title=part)
        path = inner
    return folders[path]
