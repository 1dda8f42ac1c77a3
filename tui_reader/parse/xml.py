"""RSS, RDF and Atom, well-formed or not, by feedparser; what feedparser bends is put right from the raw XML.

feedparser rewrites ids that are not absolute, keeps one of several `thr:in-reply-to` (RFC 4685 §3), the last of several
`gd:extendedProperty` and tombstones, and loses lists such as `skipHours` and the text of elements with attributes. A
second pass over the raw XML collects these per item; it is joined by position, and dropped when it cannot be read or
counts other items than feedparser did.
"""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from xml.etree import ElementTree

from msgspec import Struct

from tui_reader import urls
from tui_reader.model import DiscussionRef, NotAFeed, ParsedEntry, ParsedFeed
from tui_reader.parse import build, dates
from tui_reader.text import clean, clean_block

THREADING = "http://purl.org/syndication/thread/1.0"
SOURCE = "http://source.scripting.com/"
_GOOGLE = "http://schemas.google.com/g/2005"
_RANK = "http://purl.org/atompub/rank/1.0"
_TOMBSTONES = "http://purl.org/atompub/tombstones/1.0"
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._:-]{1,40})["']""")
_CODECS = re.compile(
    r"^(utf-(8|8-sig|16|16-le|16-be|32|32-le|32-be)|ascii|iso8859-\d+|cp\d+|koi8-[rut]|gb2312|gbk|gb18030|big5|"
    r"big5hkscs|shift_jis|shift_jisx0213|cp932|euc_jp|euc_kr|iso2022_jp|mac-roman|mac-cyrillic|tis-620|johab|hz)$"
)
_FEED_TYPES = frozenset({"application/atom+xml", "application/rss+xml", "application/xml", "text/xml"})
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MOST_TAGS = 50
_ENDED_VOID = re.compile(rf"></(?:{'|'.join(sorted(build.VOID))})>")
_NOT_FAULTS = ("CharacterEncodingOverride", "NonXMLContentType")


def parse(body: bytes, *, url: str, charset: str = "", on_entry: build.Beat | None = None) -> ParsedFeed | NotAFeed:
    """Read a document that may be RSS, RDF or Atom. Never raises for what stands in it."""
    body, charset = _with_known_codec(body, charset)
    document = _feedparser(body, url, charset, on_entry)
    if document is None or not (document.get("version") or document.entries):
        return NotAFeed("something that could not be read as a feed")
    raw = _raw(body, len(document.entries))
    reader = _Reader(document, url, raw)
    whole = document.entries[:-1] if document.get("bozo") and _breaks_off(body) else document.entries
    read = list(whole[: build.MOST_ENTRIES])
    entries = build.identified(_alive(on_entry, map(reader.entry, read, reader.extras)))
    feed = document.feed
    return ParsedFeed(
        format=document.get("version") or "xml",
        title=build.plain(_text(feed.get("title"))),
        site_url=reader.site,
        generator=clean(_text(feed.get("generator")), limit=200),
        entries=entries,
        ttl=_ttl(feed.get("ttl")),
        skip_hours=raw.skip_hours if raw else (),
        skip_days=raw.skip_days if raw else (),
        next_url=next(iter(reader.linked(feed, "next")), ""),
        deleted=raw.deleted if raw else (),
        fault=_fault(document, len(entries)),
    )


def _alive(on_entry: build.Beat | None, entries: Iterable[ParsedEntry]) -> Iterator[ParsedEntry]:
    """The entries, each of them a sign of life: taking over thousands lasts as long as reading them."""
    for entry in entries:
        if on_entry is not None:
            on_entry()
        yield entry


# ---------------------------------------------------------------- feedparser


def _feedparser(body: bytes, url: str, charset: str, on_entry: build.Beat | None) -> Any:
    import feedparser
    from feedparser.mixin import _FeedParserMixin

    feedparser.api.PREFERRED_XML_PARSERS = []
    if on_entry is not None:
        on_entry()  # loading it takes a while on a busy machine, which is no fault of the document
    _FeedParserMixin.can_be_relative_uri.difference_update({"id", "comments"})  # an id is opaque, a count is no address
    headers = {"content-location": url}
    if charset:
        headers["content-type"] = f"application/xml; charset={charset}"
    with _beating(on_entry):
        try:
            return feedparser.parse(
                io.BytesIO(body), response_headers=headers, sanitize_html=False, resolve_relative_uris=False
            )
        except Exception:
            return None


@contextmanager
def _beating(on_entry: build.Beat | None) -> Iterator[None]:
    """Have feedparser call `on_entry` whenever it begins an item."""
    if on_entry is None:
        yield
        return
    from feedparser.namespaces._base import Namespace

    begin = Namespace._start_item

    def begin_and_beat(self: Any, attributes: Any) -> None:
        on_entry()
        begin(self, attributes)

    Namespace._start_item = Namespace._start_entry = begin_and_beat
    try:
        yield
    finally:
        Namespace._start_item = Namespace._start_entry = begin


def _with_known_codec(body: bytes, charset: str) -> tuple[bytes, str]:
    """Only codecs that carry text are used: `unicode_escape` and its like turn plain letters into control bytes."""
    declared = _DECLARED.match(body[:400])
    if declared and not is_text_codec(declared[1].decode("ascii")):
        rest = body[declared.end() :]
        body = b"<?xml version='1.0' encoding='utf-8'" + rest.decode("utf-8", "replace").encode("utf-8")
    return body, charset if charset and is_text_codec(charset) else ""


def is_text_codec(name: str) -> bool:
    """Whether this names a codec that turns bytes into text and cannot fail when told to replace."""
    try:
        return bool(_CODECS.match(codecs.lookup(name).name))
    except (LookupError, ValueError):
        return False


def _breaks_off(body: bytes) -> bool:
    """Whether a document ends within an entry: what is there of it would be taken for another one, or for an edit."""
    begun = max(body.rfind(b"<item"), body.rfind(b"<entry"))
    return begun > max(body.rfind(end) for end in (b"</item", b"</entry", b"</rss", b"</feed", b"</rdf", b"</RDF"))


def _fault(document: Any, found: int) -> str:
    if not document.get("bozo") or type(document.get("bozo_exception")).__name__ in _NOT_FAULTS:
        return ""
    return f"its XML is not well-formed; {found} {'entry' if found == 1 else 'entries'} could be read"


# ---------------------------------------------------------------- the raw XML


class _Extra(Struct, frozen=True):
    """What the raw XML of one item says."""

    raw_id: str = ""
    in_reply_to: tuple[str, ...] = ()
    removed: bool = False
    score: int | None = None
    replies: tuple[str, int | None] = ("", None)


class _Raw(Struct, frozen=True):
    items: tuple[_Extra, ...]
    skip_hours: tuple[int, ...]
    skip_days: tuple[int, ...]
    deleted: tuple[str, ...] = ()


def _raw(body: bytes, expected: int) -> _Raw | None:
    if b"<!ENTITY" in body[:65536]:
        return None
    try:
        root = ElementTree.fromstring(body)
    except (ElementTree.ParseError, ValueError, LookupError, RecursionError, MemoryError):
        return None
    items: list[_Extra] = []
    hours: list[int] = []
    days: list[int] = []
    deleted: list[str] = []
    for element in root.iter():
        name = _local(element.tag)
        if name in {"item", "entry"}:
            items.append(_extra(element))
        elif element.tag == f"{{{_TOMBSTONES}}}deleted-entry":
            deleted.append(clean(element.get("ref") or ""))
        elif name == "skipHours":
            hours += [int(hour) % 24 for hour in _texts(element) if hour.isascii() and hour.isdigit()]
        elif name == "skipDays":
            days += [_DAYS.index(day.lower()) for day in _texts(element) if day.lower() in _DAYS]
    if len(items) != expected:
        return None
    hours, days = sorted(set(hours)), sorted(set(days))
    return _Raw(tuple(items), tuple(hours), tuple(days), tuple(one for one in deleted if one))


def _extra(item: ElementTree.Element) -> _Extra:
    raw_id = next((value for name, value in item.attrib.items() if _local(name) == "about"), "")
    own = item.tag.removesuffix(_local(item.tag))
    refs: list[str] = []
    replies: tuple[str, int | None] = ("", None)
    removed, score = False, None
    for child in item:
        match child.tag:
            case str(tag) if tag in {f"{own}id", f"{own}guid"} and child.text:
                raw_id = child.text
            case str(tag) if tag == f"{{{THREADING}}}in-reply-to":
                refs.append(child.get("ref") or child.get("href") or "")
            case str(tag) if tag == f"{{{SOURCE}}}inReplyTo":
                refs.append(child.text or "")
            case str(tag) if tag == f"{{{_GOOGLE}}}extendedProperty":
                removed |= (child.get("name"), child.get("value")) == ("blogger.contentRemoved", "true")
            case str(tag) if tag == f"{{{_RANK}}}rank":
                score = _whole(child.text or "")
            case str(tag) if tag == f"{{{SOURCE}}}comments":
                replies = (child.get("feedUrl") or "", build.count(child.get("count")))
    kept = tuple(ref for one in refs if (ref := clean(one)))
    return _Extra(clean(raw_id), kept, removed, score, replies)


def _whole(written: str) -> int | None:
    try:
        return int(float(written)) if len(written) < 20 else None
    except (ValueError, OverflowError):
        return None


def _local(tag: object) -> str:
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _texts(element: ElementTree.Element) -> Iterator[str]:
    for child in element:
        yield (child.text or "").strip()


# ---------------------------------------------------------------- entries


class _Reader:
    """Turns feedparser's items into ours."""

    def __init__(self, document: Any, url: str, raw: _Raw | None) -> None:
        self._url = url
        self._is_atom = str(document.get("version", "")).startswith("atom")
        spaces = document.get("namespaces", {})
        self._thr = {prefix for prefix, space in spaces.items() if space == THREADING} | {"thr"}
        self._source = {prefix for prefix, space in {"source": SOURCE, **spaces}.items() if space == SOURCE}
        self.extras = raw.items if raw else tuple(_Extra() for _ in document.entries)
        self.site = build.link(url, document.feed.get("link"))
        self._refused = build.no_discussion(url, self.site)

    def entry(self, item: Mapping[str, Any], extra: _Extra) -> ParsedEntry:
        guid = extra.raw_id or clean(_text(_own(item, "id")))
        url = build.link(self._url, _own(item, "link"))
        if guid and not urls.is_web(guid) and url == urls.join(self._url, guid):
            url = ""  # feedparser takes an id for a link
        html, is_text, base = self._body(item)
        page = build.page_link(self._url, _own(item, "comments")) or self._reply_page(item)
        author = item.get("author_detail") or {}
        return ParsedEntry(
            key="",
            guid=guid,
            raw_id=guid,
            url=url,
            title=self._title(item),
            author=self._author(item),
            author_url=build.link(self._url, author.get("href")),
            published=_when(item, "published"),
            updated=_when(item, "updated"),
            html=html,
            is_text=is_text,
            base=base,
            tags=self._tags(item),
            enclosures=build.enclosures(
                (build.link(self._url, one.get("href")), _text(one.get("type")), one.get("length"))
                for one in item.get("enclosures") or ()
            ),
            comments_url=page,
            discussions=self._discussions(item, page, url, extra.replies if any(extra.replies) else self._tree(item)),
            in_reply_to=extra.in_reply_to or self._in_reply_to(item),
            related=self.linked(item, "related"),
            removed=extra.removed,
            score=extra.score,
        )

    def linked(self, item: Mapping[str, Any], rel: str) -> tuple[str, ...]:
        """The addresses of an item's or the feed's links of this kind (RFC 4287 §4.2.7.2), in their order."""
        found = (one for one in item.get("links") or () if one.get("rel") == rel)
        return tuple(address for one in found if (address := build.link(self._url, one.get("href"))))

    def _title(self, item: Mapping[str, Any]) -> str:
        detail = item.get("title_detail") or {}
        written = _text(item.get("title"))
        if self._is_atom and detail.get("type") == "text/plain":
            return clean(written)
        return build.plain(written)

    def _author(self, item: Mapping[str, Any]) -> str:
        names = [_text(one.get("name")) for one in item.get("authors") or () if one.get("name")]
        return build.plain(", ".join(names[:10]) or _text(item.get("author")))

    def _body(self, item: Mapping[str, Any]) -> tuple[str, bool, str]:
        """The fullest body there is: content before summary, HTML before text."""
        parts = [one for one in item.get("content") or () if one.get("value")]
        marked = [one for one in parts if one.get("type") != "text/plain"]
        chosen = (marked or parts or [item.get("summary_detail") or {}])[0]
        written = _text(chosen.get("value")) or _text(item.get("summary"))
        if chosen.get("type") == "application/xhtml+xml":
            written = _ENDED_VOID.sub(">", written)  # HTML reads </br> as another <br>
        html = clean_block(written)
        base = build.link(self._url, chosen.get("base")) or self._url
        return html, chosen.get("type") == "text/plain", base

    def _tags(self, item: Mapping[str, Any]) -> tuple[str, ...]:
        found = (build.plain(_text(tag.get("label")) or _text(tag.get("term"))) for tag in item.get("tags") or ())
        return tuple(dict.fromkeys(tag for tag in found if tag))[:_MOST_TAGS]

    def _reply_page(self, item: Mapping[str, Any]) -> str:
        for one in item.get("links") or ():
            if one.get("rel") == "replies" and one.get("type") in {"text/html", "application/xhtml+xml"}:
                return build.link(self._url, one.get("href"))
        return ""

    def _discussions(
        self, item: Mapping[str, Any], page: str, url: str, replies: tuple[str, int | None]
    ) -> tuple[DiscussionRef, ...]:
        feeds: list[tuple[str, int | None, int | None]] = []
        declared = build.count(item.get("slash_comments"))
        updated: int | None = None
        for prefix in self._thr:
            declared = declared if declared is not None else build.count(item.get(f"{prefix}_total"))
        for one in item.get("links") or ():
            if one.get("rel") != "replies":
                continue
            number, when = build.count(one.get("count")), dates.seconds(_text(one.get("updated")))
            if (one.get("type") or "application/atom+xml") in _FEED_TYPES:
                feeds.append((build.link(self._url, one.get("href")), number, when))
            else:
                declared = declared if declared is not None else number
                updated = updated if updated is not None else when
        feeds += [
            (build.link(self._url, value), None, None)
            for key, value in item.items()
            if key.endswith("_commentrss") and isinstance(value, str)
        ]
        tree = (build.link(self._url, replies[0]), replies[1])
        return build.discussions(feeds, page, declared, updated, refused=self._refused, entry=url, tree=tree)

    def _in_reply_to(self, item: Mapping[str, Any]) -> tuple[str, ...]:
        for prefix in self._thr:
            found = item.get(f"{prefix}_in-reply-to")
            if isinstance(found, Mapping) and (ref := clean(_text(found.get("ref") or found.get("href")))):
                return (ref,)
        for prefix in self._source:
            if ref := clean(_text(item.get(f"{prefix}_inreplyto"))):
                return (ref,)
        return ()

    def _tree(self, item: Mapping[str, Any]) -> tuple[str, int | None]:
        for prefix in self._source:
            if isinstance(found := item.get(f"{prefix}_comments"), Mapping):
                return _text(found.get("feedurl")), build.count(found.get("count"))
        return "", None


def _own(item: Mapping[str, Any], key: str) -> Any:
    """A key that stands there itself: feedparser lends some keys the values of others."""
    return dict.get(item, key) if isinstance(item, dict) else item.get(key)


def _when(item: Mapping[str, Any], key: str) -> int | None:
    written = _text(_own(item, key))
    at = dates.seconds(written)
    parsed = _own(item, f"{key}_parsed")
    if at is None and parsed and not written.strip().isdigit():
        at = dates.from_struct(parsed)
    return at


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _ttl(written: object) -> int | None:
    minutes = build.count(written)
    return minutes * 60 if minutes else None
