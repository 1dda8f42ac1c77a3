"""What every kind of feed document has in common: plain titles, identities, discussions, limits."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Sequence
from html import unescape
from itertools import chain

from msgspec.structs import replace

from tui_reader import urls
from tui_reader.model import DiscussionRef, Enclosure, ParsedEntry
from tui_reader.text import clean

MOST_ENTRIES = 10_000
"""Entries taken from one document; the rest is left and said so."""
LONGEST_URL = 4096
VOID = frozenset(
    {"area", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"}
)
"""Elements of HTML that hold nothing and have no end tag."""
_TAG = re.compile(r"<(?:/?[a-zA-Z][^<>]*|!--.*?--)>", re.DOTALL)
_DROPPED = re.compile(r"<(script|style)\b.*?</\1\s*>", re.DOTALL | re.IGNORECASE)
_MARKUP = re.compile(r"</?[a-zA-Z]|&(?:#\d|#x|[a-zA-Z]+;)")


def plain(written: str) -> str:
    """A title or a name as one plain line: markup gone, entities decoded, cleaned, at most 1,000 characters."""
    if _MARKUP.search(written):
        written = unescape(_TAG.sub(" " if "<br" in written else "", _DROPPED.sub("", written)))
    return clean(written)


def count(written: object) -> int | None:
    """A number of comments as feeds write it: "12", "1,234"; None for anything else."""
    digits = str(written or "").strip().replace(",", "").replace("\u00a0", "")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 10 else None


def link(base: str, written: object) -> str:
    """An address that can be fetched, absolute, or ""."""
    text = str(written or "").strip()
    if not text or len(text) > LONGEST_URL:
        return ""
    return urls.join(base, text)


def page_link(base: str, written: object) -> str:
    """The same for `<comments>`, which some feeds fill with a bare count."""
    text = str(written or "").strip()
    return "" if text.isdigit() else link(base, text)


def no_discussion(document: str, site: str) -> frozenset[str]:
    """What is never the discussion of one entry, in comparable form: the feed itself and its site's feed of all
    comments."""
    refused = {urls.canonical(document)} if document else set()
    for home in filter(None, (site, document)):
        start = urls.parts(home)
        for path in ("/comments/feed", "/comments/feed/atom"):
            refused.add(urls.canonical(f"{start.scheme}://{start.netloc}{path}"))
    return frozenset(refused)


def discussions(
    feeds: Iterable[tuple[str, int | None, int | None]],
    page: str,
    declared: int | None,
    updated: int | None,
    *,
    refused: frozenset[str],
    entry: str,
    tree: tuple[str, int | None] = ("", None),
) -> tuple[DiscussionRef, ...]:
    """What an entry's announcements come to, best first.

    `tree` is the address and count of `source:comments`, `feeds` are (address, count, updated). What `no_discussion`
    refused is none, nor is the entry's own page.
    """
    declared = declared if declared is not None else tree[1]
    found: dict[str, DiscussionRef] = {}
    for url, own_count, own_updated in chain(((*tree, None),) if tree[0] else (), feeds):
        if not url or (comparable := urls.canonical(url)) in refused or (entry and comparable == urls.canonical(entry)):
            continue
        number = own_count if own_count is not None else declared
        kind = "source" if url == tree[0] else "feed"
        found.setdefault(url, DiscussionRef(kind, url, page, number, updated if own_updated is None else own_updated))
    if not found and (page or declared):
        found[""] = DiscussionRef("page", "", page or entry, declared, updated)
    return tuple(found.values())


def enclosures(found: Iterable[tuple[str, str, object]]) -> tuple[Enclosure, ...]:
    """(address, type, length) as written, each address once."""
    kept: dict[str, Enclosure] = {}
    for url, type_, length in found:
        if url:
            kept.setdefault(url, Enclosure(url, clean(type_, limit=100), count(length)))
    return tuple(kept.values())


def identified(entries: Iterable[ParsedEntry]) -> tuple[ParsedEntry, ...]:
    """Give every entry its key: guid, else link, else a hash of title, date and body.

    Within one document an equal id on another link, or an equal link on another text, is another item: all of them
    are then told apart by what differs, so that no key depends on their order. What is listed twice is kept once.
    """
    groups: dict[str, list[ParsedEntry]] = {}
    for entry in entries:
        groups.setdefault(entry.guid or entry.url or f"hash:{_digest(entry)}", []).append(entry)
    return tuple(chain.from_iterable(_told_apart(key, group) for key, group in groups.items()))


def _told_apart(key: str, group: Sequence[ParsedEntry]) -> Iterable[ParsedEntry]:
    different: dict[tuple[str, ...], ParsedEntry] = {}
    if len(group) > 1:
        for entry in group:
            different.setdefault(_differs(entry), entry)
    if len(different) < 2:
        return (group[0] if group[0].key == key else replace(group[0], key=key),)
    return [replace(entry, key="\n".join((key, *differs))) for differs, entry in different.items()]


def _differs(entry: ParsedEntry) -> tuple[str, ...]:
    return (entry.url,) if entry.guid and entry.url else (entry.url, _digest(entry))


def _digest(entry: ParsedEntry) -> str:
    digest = hashlib.blake2b(digest_size=12)
    for part in (entry.title, str(entry.published), entry.html):
        digest.update(part.encode("utf-8", "surrogatepass") + b"\0")
    return digest.hexdigest()


Beat = Callable[[], None]
"""Called for every entry begun, so that whoever waits knows that the parser is alive."""
