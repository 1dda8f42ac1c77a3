"""The fast road for sound feeds: one pass of expat over RSS 0.91–2.0 and Atom 1.0.

It reads what it knows exactly and hands everything else over to feedparser by answering None: another charset than
UTF-8, a document type declaration, XML that is not well-formed, RSS 1.0 and an older Atom, a date in a form of its own,
markup where text belongs. Both roads must give the same `ParsedFeed`; the corpus test holds them together.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from tui_reader import urls
from tui_reader.late import Late
from tui_reader.model import ParsedEntry, ParsedFeed
from tui_reader.parse import build, dates
from tui_reader.text import clean, clean_block

if TYPE_CHECKING:
    from xml.sax import saxutils
else:
    # It imports all of urllib.request.
    saxutils = Late("xml.sax.saxutils")

ATOM = "{http://www.w3.org/2005/Atom}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}"
DC = "{http://purl.org/dc/elements/1.1/}"
ITUNES = "{http://www.itunes.com/dtds/podcast-1.0.dtd}"
MEDIA = "{http://search.yahoo.com/mrss/}"
GOOGLE = "{http://schemas.google.com/g/2005}"
SLASH = "{http://purl.org/rss/1.0/modules/slash/}"
SOURCE = "{http://source.scripting.com/}"
TOMBSTONES = "{http://purl.org/atompub/tombstones/1.0}"
THR = "{http://purl.org/syndication/thread/1.0}"
WFW = "{http://wellformedweb.org/CommentAPI/}"
XHTML = "{http://www.w3.org/1999/xhtml}"
XML = "{http://www.w3.org/XML/1998/namespace}"

_DECLARATION = re.compile(rb"""^<\?xml[^>]*?encoding\s*=\s*["']([^"']+)["']""")
_HARMLESS = frozenset(
    {f"{MEDIA}{name}" for name in ("content", "thumbnail", "player", "credit", "rating", "copyright")}
    | {
        f"{ITUNES}{name}"
        for name in ("duration", "explicit", "image", "episode", "season", "episodeType", "subtitle", "block", "order")
    }
    | {"thumbnail"}
)
"""Elements that say nothing we keep, as long as they hold no others."""
_IGNORED = re.compile(
    r"^\{(?!http://www\.w3\.org/2005/Atom|http://purl\.org/dc/|http://purl\.org/rss/1\.0/|http://wellformedweb|"
    r"http://purl\.org/syndication/thread|http://www\.w3\.org/|http://purl\.org/atom|http://search\.yahoo|"
    r"https?://www\.itunes\.com|http://example\.com/DTDs)"
)
_KNOWN_ITEM = frozenset(
    {
        "title", "link", "description", "guid", "pubDate", "comments", "source", f"{ATOM}updated",
        f"{CONTENT}encoded", f"{DC}date", f"{WFW}commentRss", f"{WFW}commentRSS",
        f"{WFW}comment", f"{SLASH}comments", f"{SLASH}section", f"{SLASH}department", f"{SLASH}hit_parade",
        f"{THR}total", f"{THR}in-reply-to",
    }
)  # fmt: skip
_CATEGORIES = frozenset({"category", f"{DC}subject"})
_LINK, _REPLY_TO = f"{ATOM}link", f"{THR}in-reply-to"
_SOURCE_REPLY_TO, _SOURCE_COMMENTS = f"{SOURCE}inReplyTo", f"{SOURCE}comments"
_ENCODED, _DC_DATE, _ATOM_UPDATED = f"{CONTENT}encoded", f"{DC}date", f"{ATOM}updated"
_COMMENT_RSS, _COMMENT_RSS_OLD = f"{WFW}commentRss", f"{WFW}commentRSS"
_SLASH_COMMENTS, _TOTAL = f"{SLASH}comments", f"{THR}total"
_AUTHORS = frozenset({"author", f"{DC}creator", f"{ITUNES}author"})
_KNOWN_ENTRY = frozenset(
    f"{ATOM}{name}"
    for name in ("title", "link", "id", "published", "updated", "author", "category", "content", "summary", "rights",
                 "contributor")
) | {f"{THR}total", f"{THR}in-reply-to", f"{SLASH}comments"}  # fmt: skip
_FEED_TYPES = frozenset({"application/atom+xml", "application/rss+xml", "application/xml", "text/xml"})
_PAGE_TYPES = frozenset({"text/html", "application/xhtml+xml"})
_HTML_TYPES = frozenset({"text/html", "application/xhtml+xml", ""})
_ADDRESS = re.compile(r"^([\w.+-]+@[\w-]+(?:\.[\w-]+)*\.[a-zA-Z]{2,4})(?:\s+\(([^()@<>]+)\))?$")
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MOST_TAGS = 50


class _Handover(Exception):
    """This is for feedparser."""


def parse(body: bytes, *, url: str, charset: str = "", on_entry: build.Beat | None = None) -> ParsedFeed | None:
    """Read a sound feed, or answer None for what feedparser must read."""
    if charset.lower() not in {"", "utf-8", "utf8"}:
        return None
    body = body.removeprefix(b"\xef\xbb\xbf").strip()
    declared = _DECLARATION.match(body[:400])
    if (declared and declared[1].lower() not in {b"utf-8", b"utf8"}) or b"<!DOCTYPE" in body[:65536]:
        return None
    try:
        root = ElementTree.fromstring(body)
        reader = _Reader(url, on_entry)
        if root.tag == "rss" and root.get("version", "")[:2] in {"2.", "0."}:
            return reader.rss(root)
        if root.tag == f"{ATOM}feed":
            return reader.atom(root)
    except (ElementTree.ParseError, _Handover, ValueError, LookupError, RecursionError):
        return None
    return None


class _Reader:
    """Reads one document."""

    def __init__(self, url: str, on_entry: build.Beat | None) -> None:
        self._url = url
        self._beat = on_entry

    def _begin(self) -> None:
        if self._beat is not None:
            self._beat()

    # ------------------------------------------------------------ RSS

    def rss(self, root: Element) -> ParsedFeed:
        channel = root.find("channel")
        if channel is None or any(XML in name for name in (*root.attrib, *channel.attrib)):
            raise _Handover
        version = root.get("version", "")
        site = ""
        for child in channel:
            if child.tag == f"{ATOM}link" and child.get("rel", "alternate") == "alternate":
                raise _Handover
            if child.tag == "link":
                site = build.link(self._url, _plain_text(child))
        items = channel.findall("item")
        foreign = sum(
            1 for child in root.iter() if isinstance(child.tag, str) and child.tag.endswith(("}item", "}entry"))
        )
        if foreign or root.find("item") is not None:
            raise _Handover
        title = channel.find("title")
        if title is None and channel.find(f"{DC}title") is not None:
            raise _Handover
        refused = build.no_discussion(self._url, site)
        entries = build.identified(self._item(item, refused) for item in items[: build.MOST_ENTRIES])
        return ParsedFeed(
            format="rss20" if version.startswith("2") else "rss",
            title=build.plain(_plain_text(title)) if title is not None else "",
            site_url=site,
            generator=clean(_plain_text(channel.find("generator")), limit=200),
            entries=entries,
            ttl=_ttl(_plain_text(channel.find("ttl"))),
            skip_hours=_hours(channel.find("skipHours")),
            skip_days=_days(channel.find("skipDays")),
            next_url=self._next(channel, self._url),
        )

    def _item(self, item: Element, refused: frozenset[str]) -> ParsedEntry:
        self._begin()
        found: dict[str, Element] = {}
        categories: list[str] = []
        replies: list[str] = []
        links: list[Element] = []
        authors: list[str] = []
        tree: tuple[str, int | None] = ("", None)
        enclosures: list[tuple[str, str, object]] = []
        for child in item:
            tag = child.tag
            if tag in _CATEGORIES:
                categories.append(build.plain(_plain_text(child)))
            elif tag == "enclosure":
                enclosures.append((build.link(self._url, child.get("url")), child.get("type", ""), child.get("length")))
            elif tag == _REPLY_TO:
                replies.append(clean(child.get("ref") or child.get("href") or ""))
            elif tag == _LINK and child.get("rel") in {"replies", "related"}:
                links.append(child)
            elif tag == _SOURCE_REPLY_TO:
                replies.append(clean(child.text or ""))
            elif tag == _SOURCE_COMMENTS:
                tree = self._tree(child)
            elif tag in _KNOWN_ITEM:
                if tag in found:
                    raise _Handover
                found[tag] = child
            elif tag in _AUTHORS:
                authors.append(_author(_plain_text(child)))
            elif not _says_nothing(child):
                raise _Handover

        def text(tag: str) -> str:
            return _plain_text(found.get(tag))

        guid_element = found.get("guid")
        guid = clean(text("guid"))
        address = text("link")
        if not address and guid_element is not None and guid_element.get("isPermaLink", "true") == "true":
            address = guid if urls.is_web(guid) else ""
        if len(authors) > 1:
            raise _Handover
        encoded = text(_ENCODED)
        url = build.link(self._url, address)
        page = build.page_link(self._url, text("comments")) or self._reply_page(links, self._url)
        rss = text(_COMMENT_RSS) or text(_COMMENT_RSS_OLD)
        announced = [*self._announced(links, self._url), *([(build.link(self._url, rss), None, None)] if rss else [])]
        declared = _first_count(text(_SLASH_COMMENTS), text(_TOTAL))
        return ParsedEntry(
            key=guid or url,
            guid=guid,
            raw_id=guid,
            url=url,
            title=build.plain(text("title")),
            author="".join(authors),
            published=_date(text("pubDate")),
            updated=_date(text(_ATOM_UPDATED) or text(_DC_DATE)),
            html=clean_block(encoded or text("description")),
            base=self._url,
            tags=tuple(dict.fromkeys(tag for tag in categories if tag))[:_MOST_TAGS],
            enclosures=build.enclosures(enclosures),
            comments_url=page,
            discussions=build.discussions(announced, page, declared, None, refused=refused, entry=url, tree=tree),
            in_reply_to=tuple(ref for ref in replies if ref),
            related=self._related(links, self._url),
        )

    # ------------------------------------------------------------ Atom

    def atom(self, root: Element) -> ParsedFeed:
        base = self._joined(self._url, root)
        site = ""
        for link in root.findall(f"{ATOM}link"):
            if link.get("rel", "alternate") == "alternate" and link.get("type", "") in _HTML_TYPES:
                site = build.link(self._joined(base, link), link.get("href"))
        feed_id = _plain_text(root.find(f"{ATOM}id"))
        if not site and urls.is_web(feed_id):
            site = build.link(base, feed_id)
        refused = build.no_discussion(self._url, site)
        entries = root.findall(f"{ATOM}entry")
        return ParsedFeed(
            format="atom10",
            title=self._title(root.find(f"{ATOM}title")),
            site_url=site,
            generator=clean(_plain_text(root.find(f"{ATOM}generator")), limit=200),
            entries=build.identified(self._entry(entry, base, refused) for entry in entries[: build.MOST_ENTRIES]),
            next_url=self._next(root, base),
        )

    def _entry(self, entry: Element, above: str, refused: frozenset[str]) -> ParsedEntry:
        self._begin()
        base = self._joined(above, entry)
        found: dict[str, Element] = {}
        tags: list[str] = []
        replies: list[str] = []
        links: list[Element] = []
        authors: list[Element] = []
        tree: tuple[str, int | None] = ("", None)
        for child in entry:
            tag = child.tag
            if tag == f"{ATOM}link":
                if "href" not in child.attrib:
                    raise _Handover
                links.append(child)
            elif tag == f"{ATOM}author":
                authors.append(child)
            elif tag == f"{ATOM}category":
                tags.append(build.plain(child.get("label") or child.get("term") or ""))
            elif tag == f"{THR}in-reply-to":
                replies.append(clean(child.get("ref") or child.get("href") or ""))
            elif tag == f"{SOURCE}inReplyTo":
                replies.append(clean(child.text or ""))
            elif tag == f"{SOURCE}comments":
                tree = self._tree(child)
            elif tag in _KNOWN_ENTRY:
                if tag in found:
                    raise _Handover
                found[tag] = child
            elif not _says_nothing(child):
                raise _Handover
        guid = clean(_plain_text(found.get(f"{ATOM}id")))
        url = ""
        for link in links:
            if link.get("rel", "alternate") == "alternate" and link.get("type", "") in _HTML_TYPES:
                url = build.link(self._joined(base, link), link.get("href"))
        if not url and urls.is_web(guid):
            url = build.link(base, guid)
        body, is_text, body_base = self._body(found, base)
        page = self._reply_page(links, base)
        declared = _first_count(_plain_text(found.get(f"{SLASH}comments")), _plain_text(found.get(f"{THR}total")))
        updated: int | None = None
        for link in links:
            if link.get("rel") == "replies" and link.get("type") in _PAGE_TYPES:
                count, when = _thr(link)
                declared = declared if declared is not None else count
                updated = updated if updated is not None else when
        if len(authors) > 1 and any(_home(one) for one in authors):
            raise _Handover
        names = [name for one in authors if (name := _name(one))]
        return ParsedEntry(
            key="",
            guid=guid,
            raw_id=guid,
            url=url,
            title=self._title(found.get(f"{ATOM}title")),
            author=build.plain(", ".join(names[:10])),
            author_url=build.link(base, _home(authors[-1])) if authors else "",
            published=_date(_plain_text(found.get(f"{ATOM}published"))),
            updated=_date(_plain_text(found.get(f"{ATOM}updated"))),
            html=clean_block(body),
            is_text=is_text,
            base=body_base,
            tags=tuple(dict.fromkeys(tag for tag in tags if tag))[:_MOST_TAGS],
            enclosures=build.enclosures(
                (build.link(base, link.get("href")), link.get("type", ""), link.get("length"))
                for link in links
                if link.get("rel") == "enclosure"
            ),
            comments_url=page,
            discussions=build.discussions(
                self._announced(links, base), page, declared, updated, refused=refused, entry=url, tree=tree
            ),
            in_reply_to=tuple(ref for ref in replies if ref),
            related=self._related(links, base),
        )

    def _title(self, title: Element | None) -> str:
        if title is None:
            return ""
        kind = title.get("type", "text")
        if kind in {"text", "text/plain"}:
            return clean(_plain_text(title))
        if kind in {"html", "text/html"}:
            return build.plain(_plain_text(title))
        return build.plain(_xhtml(title))

    def _body(self, found: dict[str, Element], base: str) -> tuple[str, bool, str]:
        for tag in (f"{ATOM}content", f"{ATOM}summary"):
            element = found.get(tag)
            if element is None:
                continue
            kind = element.get("type", "text")
            if "src" in element.attrib or kind not in {"text", "html", "xhtml", "text/html", "text/plain"}:
                raise _Handover
            body = _xhtml(element) if kind == "xhtml" else _plain_text(element)
            if body:
                return body, kind in {"text", "text/plain"}, self._joined(base, element)
        return "", False, self._url

    @staticmethod
    def _joined(base: str, element: Element) -> str:
        own = element.get(f"{XML}base")
        return urls.join(base, own) or base if own else base

    # ------------------------------------------------------------ discussions

    def _announced(self, links: list[Element], base: str) -> Iterator[tuple[str, int | None, int | None]]:
        for link in links:
            if link.get("rel") == "replies" and link.get("type", "application/atom+xml") in _FEED_TYPES:
                yield self._linked(link, base), *_thr(link)

    def _related(self, links: list[Element], base: str) -> tuple[str, ...]:
        found = (self._linked(link, base) for link in links if link.get("rel") == "related")
        return tuple(address for address in found if address)

    def _linked(self, link: Element, base: str) -> str:
        return build.link(self._joined(base, link), link.get("href"))

    def _tree(self, comments: Element) -> tuple[str, int | None]:
        """Where the direct replies are and how many (`source:comments`)."""
        return build.link(self._url, comments.get("feedUrl")), build.count(comments.get("count"))

    def _next(self, feed: Element, base: str) -> str:
        """The next page of a feed in pages (RFC 5005 §3). Tombstones beside the entries are feedparser's business."""
        if feed.find(f"{TOMBSTONES}deleted-entry") is not None:
            raise _Handover
        pages = (self._linked(link, base) for link in feed.findall(f"{ATOM}link") if link.get("rel") == "next")
        return next((page for page in pages if page), "")

    def _reply_page(self, links: list[Element], base: str) -> str:
        for link in links:
            if link.get("rel") == "replies" and link.get("type") in _PAGE_TYPES:
                return self._linked(link, base)
        return ""


def _thr(link: Element) -> tuple[int | None, int | None]:
    """How many replies a link leads to and when the last came (RFC 4685 §4)."""
    count = build.count(link.get(f"{THR}count") or link.get("count"))
    return count, dates.seconds(link.get(f"{THR}updated") or link.get("updated") or "")


# ---------------------------------------------------------------- text


def _plain_text(element: Element | None) -> str:
    """What an element says; markup inside it is feedparser's business."""
    if element is None:
        return ""
    if len(element):
        raise _Handover
    return (element.text or "").strip()


def _xhtml(element: Element) -> str:
    """The markup inside the `div` of an XHTML construct (RFC 4287 §3.1.1.3), as HTML."""
    inner = element[0] if len(element) == 1 and element[0].tag == f"{XHTML}div" else None
    if inner is None or (element.text or "").strip():
        raise _Handover
    return "".join(_inner(inner)).strip()


def _inner(element: Element) -> Iterator[str]:
    """What an element holds, written the way feedparser writes it; XHTML only, without recursion."""
    yield escape(element.text or "", quote=False)
    waiting = [(child, False) for child in reversed(element)]
    while waiting:
        node, done = waiting.pop()
        name = node.tag.removeprefix(XHTML) if isinstance(node.tag, str) else "{"
        if "{" in name:
            raise _Handover
        if not done:
            if any("{" in attribute for attribute in node.attrib):
                raise _Handover
            attributes = "".join(f" {key}={saxutils.quoteattr(value)}" for key, value in node.attrib.items())
            yield f"<{name}{attributes}>{escape(node.text or '', quote=False)}"
            waiting.append((node, True))
            waiting += [(child, False) for child in reversed(node)]
        else:
            yield ("" if name in build.VOID else f"</{name}>") + escape(node.tail or "", quote=False)


def _name(author: Element) -> str:
    if not author.findtext(f"{ATOM}name") and author.findtext(f"{ATOM}email"):
        raise _Handover
    return _plain_text(author.find(f"{ATOM}name"))


def _home(author: Element) -> str:
    uri = author.find(f"{ATOM}uri")
    return _plain_text(uri if uri is not None else author.find(f"{ATOM}url"))


def _author(written: str) -> str:
    """RSS asks for "address (name)"; what is neither that nor a plain name is feedparser's business."""
    if "@" not in written:
        return build.plain(written)
    match = _ADDRESS.match(written)
    if match is None:
        raise _Handover
    return build.plain(match[2] or match[1])


def _says_nothing(element: Element) -> bool:
    """Whether an element has no bearing on what is read: harmless by name, or of a module that nobody reads."""
    if not isinstance(element.tag, str) or len(element) or element.tag == f"{GOOGLE}extendedProperty":
        return False
    return element.tag in _HARMLESS or bool(_IGNORED.match(element.tag))


def _date(written: str) -> int | None:
    if not written:
        return None
    at = dates.seconds(written)
    if at is None and not written.isdigit():
        raise _Handover
    return at


def _first_count(*written: str) -> int | None:
    return next((number for one in written if (number := build.count(one)) is not None), None)


def _ttl(written: str) -> int | None:
    minutes = build.count(written)
    return minutes * 60 if minutes else None


def _hours(element: Element | None) -> tuple[int, ...]:
    texts = [(child.text or "").strip() for child in element] if element is not None else []
    return tuple(sorted({int(hour) % 24 for hour in texts if hour.isascii() and hour.isdigit()}))


def _days(element: Element | None) -> tuple[int, ...]:
    texts = [(child.text or "").strip().lower() for child in element] if element is not None else []
    return tuple(sorted({_DAYS.index(day) for day in texts if day in _DAYS}))
