"""OPML 2.0 (opml.org/spec2.opml), in and out, folders as outlines."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from email.utils import format_datetime
from html import unescape
from xml.etree import ElementTree

from msgspec import Struct

from tui_reader import urls
from tui_reader.errors import BadInput
from tui_reader.model import Feed
from tui_reader.text import clean

SEPARATOR = " / "
"""Between the names of a folder and of the folder it lies in."""
_MOST_FEEDS = 50_000
_NO_LIST = "this is no OPML list of subscriptions; nothing was changed"
_LONGEST_OUTLINE = 20_000
_MARK = re.compile(r"<outline\b|</outline\s*>|</body\s*>|</opml\s*>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r'([A-Za-z_][\w.-]*)\s*=\s*"(.*?)"(?=\s+[A-Za-z_][\w.:-]*\s*=\s*"|\s*/?>)', re.DOTALL)


class OutlineFeed(Struct, frozen=True):
    """One subscription of a list."""

    url: str
    title: str = ""
    folder: str = ""
    site_url: str = ""


class OpmlFile(Struct, frozen=True):
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
    try:
        root = ElementTree.fromstring(document.strip())
    except (ElementTree.ParseError, ValueError, LookupError):
        return _mended(document.decode("utf-8", "replace"))
    if _name(root) != "opml":
        raise BadInput(_NO_LIST)
    return root


def _mended(text: str) -> ElementTree.Element:
    """A whole list whose XML is not well-formed: many a program writes descriptions with bare `<`, `&` and `"`."""
    marks = list(_MARK.finditer(text))
    if not text.rstrip().lower().endswith("</opml>"):
        raise BadInput(_NO_LIST)
    root = ElementTree.Element("opml")
    above = [root]
    for mark, after in zip(marks, [*marks[1:], None], strict=True):
        if mark[0][1] == "/":
            above = above[:-1] or [root]
            continue
        written = text[mark.end() : after.start() if after else None][:_LONGEST_OUTLINE].rstrip()
        outline = ElementTree.SubElement(above[-1], "outline")
        for name, value in _ATTRIBUTE.findall(written):
            outline.attrib.setdefault(name.lower(), unescape(value))
        if not written.endswith("/>"):
            above.append(outline)
    if not len(root):
        raise BadInput(_NO_LIST)
    return root


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
