"""From the items of a comment feed to comments that know their parent: the ladder that all feeds share.

Who answers whom, first that answers (the confidence is kept with it):

1. `thr:in-reply-to` (RFC 4685 §3): exact. Of several, the one that names a known comment, else the last.
2. WordPress since 5.4 opens the body of a reply with a translated sentence around one link to `#comment-N`. It is
   believed, in any language, when N is smaller than the comment's own number and the link's text is the name of N's
   author (strong); when N is not held, only if the same words were verified by another comment of this feed, or are
   the English ones (likely).
3. A body that begins with a quotation whose words stand in exactly one older comment quotes it (quote); that is told,
   and never drawn as a reply. What that comment quotes itself does not count as its words.
4. Nothing: the site does not mark replies.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import unescape

from msgspec import Struct
from msgspec.structs import replace

from tui_reader import urls
from tui_reader.model import Confidence, ParsedComment, ParsedEntry, ParsedFeed
from tui_reader.parse import readable
from tui_reader.sources.source import About

_NUMBER = re.compile(r"#comment-(\d{1,18})$")
_WORDPRESS_REPLY = re.compile(
    r"""^\s*+(?:(?P<block><p[^<>]*>)\s*+)?
        (?P<before>[^<>]{0,80}+)
        <a\s[^<>]*?href=["'][^"'<>]*\#comment-(?P<number>\d{1,18})["'][^<>]*>(?P<name>[^<]{1,200})</a>
        (?P<after>[^<>]{0,40}?)
        (?P<end>\s*+(?:</p>|$)|(?<=[.。:!])\s)""",
    re.VERBOSE | re.IGNORECASE,
)
_ENGLISH = ("In reply to", ".")
_POST_NUMBER = re.compile(r"^https?://[^#]*[?&]p=(\d{1,18})(?:#comment-\d{1,18})?$")
_QUOTATION = re.compile(r"<blockquote[^<>]*>(?P<quoted>(?:(?!<blockquote).)*?)</blockquote>", re.DOTALL | re.IGNORECASE)
LEAST_QUOTED = 20
"""Characters that a quotation needs to be taken for one."""
_OPENING = 3
"""Words of a quotation by which the comments that may hold it are found."""
_MOST_HOLDING = 100
"""Comments with the same opening words from which on nobody is said to be quoted."""
LEAST_WINDOW = 10
"""Comments from which on a feed may be showing the newest ones only."""


class _Sentence(Struct, frozen=True):
    """A possible "In reply to NAME." at the start of a body, and where the body proper begins."""

    number: int
    name: str
    words: tuple[str, str]
    end: int


def comments(document: ParsedFeed, about: About) -> tuple[ParsedComment, ...]:
    """The document's comments in its order.

    An item that is the post itself is left out, and so is one of another post where the guids tell that.
    """
    post = _names(about)
    items = [
        (entry, key_of(entry))
        for entry in document.entries
        if not _is_post(entry, post) and not _is_other(entry, about)
    ]
    authors = {**about.authors, **{key: entry.author for entry, key in items}}
    sentences = {key: _sentence(entry.html) for entry, key in items if not entry.is_text}
    names = {name: key for entry, key in items for name in (entry.raw_id, entry.guid, key) if name}
    verified = {_ENGLISH} | {
        sentence.words
        for key, sentence in sentences.items()
        if sentence is not None and _same_name(authors.get(f"#comment-{sentence.number}", ""), sentence.name)
    }
    found: dict[str, ParsedComment] = {}
    for entry, key in items:
        parent, confidence = _by_reference(entry, post, names, authors)
        html = entry.html
        sentence = sentences.get(key)
        number = _number(entry)
        if sentence is not None and sentence.number < (number or sentence.number + 1):
            target = f"#comment-{sentence.number}"
            if confidence is Confidence.NONE:
                parent, confidence = _by_sentence(target, sentence, authors, verified)
            if parent == target:
                html = entry.html[sentence.end :].lstrip()
        found.setdefault(
            key,
            ParsedComment(
                key=key,
                parent_key="" if parent == key else parent,
                confidence=confidence,
                number=number,
                author=entry.author,
                author_url=entry.author_url,
                published=entry.published if entry.published is not None else entry.updated,
                updated=entry.updated,
                url=entry.url,
                html=html,
                is_text=entry.is_text,
                base=entry.base,
                removed=entry.removed,
                score=entry.score,
            ),
        )
    return tuple(_with_quotes(found).values())


def _with_quotes(found: dict[str, ParsedComment]) -> dict[str, ParsedComment]:
    """Who quotes whom, where nothing better is known."""
    quoted = {
        one.key: words
        for one in found.values()
        if one.confidence is Confidence.NONE and not one.is_text and (match := _QUOTATION.match(one.html.lstrip()))
        if len(words := _words(match["quoted"])) >= LEAST_QUOTED
    }
    if not quoted:
        return found
    said = {
        key: f" {_words(one.html if one.is_text else _QUOTATION.sub(' ', one.html))} " for key, one in found.items()
    }
    holding = _holding(set(quoted.values()), said)
    for key, words in quoted.items():
        known = holding.get(_opening(words.split()), ())
        older = [
            other
            for other in (known if len(known) < _MOST_HOLDING else ())
            if f" {words} " in said[other] and _is_older(found[other], found[key])
        ]
        if len(older) == 1:
            found[key] = replace(found[key], parent_key=older[0], confidence=Confidence.QUOTE)
    return found


def _holding(quotations: set[str], said: Mapping[str, str]) -> dict[tuple[str, ...], dict[str, None]]:
    """Which comments hold the opening words of which quotations."""
    openings = {_opening(words.split()) for words in quotations}
    sizes = {len(opening) for opening in openings}
    first = {opening[0] for opening in openings}
    holding: dict[tuple[str, ...], dict[str, None]] = {}
    for key, words in said.items():
        each = words.split()
        for place, word in enumerate(each):
            if word in first:
                for size in sizes:
                    opening = tuple(each[place : place + size])
                    if opening in openings:
                        holding.setdefault(opening, {})[key] = None
    return holding


def _opening(words: list[str]) -> tuple[str, ...]:
    return tuple(words[:_OPENING])


def _is_older(other: ParsedComment, one: ParsedComment) -> bool:
    if other.number and one.number:
        return other.number < one.number
    return other.key != one.key and (other.published or 0) <= (one.published or 0)


def _words(html: str) -> str:
    return " ".join(readable.strip(html).split())


def _is_other(entry: ParsedEntry, about: About) -> bool:
    """Whether a comment's guid names another post than the one it is read for; both in the form WordPress gives.

    A site has one numbering, whatever the scheme and the host of its addresses were when they were written.
    """
    own, other = _POST_NUMBER.match(about.guid), _POST_NUMBER.match(entry.raw_id or entry.guid)
    return own is not None and other is not None and own[1] != other[1]


def key_of(entry: ParsedEntry) -> str:
    """A comment's key within its discussion: `#comment-N` where the site numbers its comments (its guid and its link
    differ, the number does not), else its id as written."""
    number = _number(entry)
    return f"#comment-{number}" if number else entry.raw_id or entry.guid or entry.key


def _number(entry: ParsedEntry) -> int:
    match = _NUMBER.search(entry.raw_id or entry.guid) or _NUMBER.search(entry.url)
    return int(match[1]) if match else 0


def _names(about: About) -> frozenset[str]:
    """What the post is called: its guid as written, and its addresses in comparable form."""
    pages = (urls.canonical(one) for one in (about.guid, about.link) if urls.is_web(one) and "#" not in one)
    return frozenset({about.guid, *pages} - {""})


def _is_among(post: frozenset[str], name: str) -> bool:
    return name in post or ("#" not in name and urls.canonical(name) in post)


def _is_post(entry: ParsedEntry, post: frozenset[str]) -> bool:
    if _number(entry):
        return False
    ids = {entry.raw_id, entry.guid} - {""}
    return any(_is_among(post, name) for name in ids or {entry.url})


def _by_reference(
    entry: ParsedEntry, post: frozenset[str], names: Mapping[str, str], known: Mapping[str, str]
) -> tuple[str, Confidence]:
    """`names` maps what the document calls its comments to their keys, `known` holds the keys of all there are."""
    if not entry.in_reply_to:
        return "", Confidence.NONE
    keys = [names.get(ref) or _reference_key(ref) for ref in entry.in_reply_to]
    parent = next((key for key in keys if key in known), None)
    if parent is not None:
        return parent, Confidence.EXACT
    if _is_among(post, entry.in_reply_to[-1]):
        return "", Confidence.EXACT
    return keys[-1], Confidence.EXACT


def _reference_key(ref: str) -> str:
    match = _NUMBER.search(ref)
    return f"#comment-{match[1]}" if match else ref


def _sentence(html: str) -> _Sentence | None:
    match = _WORDPRESS_REPLY.match(html[:2000])
    if match is None or bool(match["block"]) != (match["end"].strip().lower() == "</p>"):
        return None
    before, after = unescape(match["before"]).strip(), unescape(match["after"]).strip()
    return _Sentence(int(match["number"]), unescape(match["name"]).strip(), (before, after), match.end())


def _by_sentence(
    target: str, sentence: _Sentence, authors: Mapping[str, str], verified: set[tuple[str, str]]
) -> tuple[str, Confidence]:
    if target in authors:
        if _same_name(authors[target], sentence.name):
            return target, Confidence.STRONG
        return "", Confidence.NONE
    if sentence.words in verified:
        return target, Confidence.LIKELY
    return "", Confidence.NONE


def _same_name(author: str, name: str) -> bool:
    return author != "" and author.split() == name.split()
