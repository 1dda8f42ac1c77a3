"""From the items of a comment feed to comments that know their parent: the ladder that all feeds share.

Who answers whom, first that answers (the confidence is kept with it):

1. `thr:in-reply-to` (RFC 4685 §3): exact. Of several, the one that names a known comment, else the last.
2. WordPress since 5.4 opens the body of a reply with a translated sentence around one link to `#comment-N`. It is
   believed, in any language, when N is smaller than the comment's own number and the link's text is the name of N's
   author (strong); when N is not held, only if the same words were verified by another comment of this feed, or are
   the English ones (likely).
3. A body that begins with a quotation, word for word, of exactly one older comment quotes it (quote); that is told, and
   never drawn as a reply.
4. Nothing: the site does not mark replies.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from html import unescape

from tui_reader import urls
from tui_reader.model import Confidence, ParsedComment, ParsedEntry, ParsedFeed
from tui_reader.parse import readable
from tui_reader.sources.source import About

_NUMBER = re.compile(r"#comment-(\d{1,18})$")
_WORDPRESS_REPLY = re.compile(
    r"""^\s*(?P<block><p[^>]*>)?\s*
        (?P<before>[^<>]{0,80}?)\s*
        <a\s[^>]*?href=["'][^"'<>]*\#comment-(?P<number>\d{1,18})["'][^>]*>(?P<name>[^<]{1,200})</a>
        (?P<after>[^<>]{0,40}?)\s*
        (?P<end></p>|$|(?<=[.。:!])\s)""",
    re.VERBOSE | re.IGNORECASE,
)
_ENGLISH = ("In reply to", ".")


_POST_OF = re.compile(r"^(https?://[^#]*[?&]p=\d{1,18})#comment-\d{1,18}$")
_QUOTATION = re.compile(
    r"^\s*<blockquote[^>]*>(?P<quoted>(?:(?!<blockquote).)*?)</blockquote>", re.DOTALL | re.IGNORECASE
)
LEAST_QUOTED = 20
"""Characters that a quotation needs to be taken for one."""
LEAST_WINDOW = 10
"""Comments from which on a feed may be showing the newest ones only."""


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A possible "In reply to NAME." at the start of a body, and where the body proper begins."""

    number: int
    name: str
    words: tuple[str, str]
    end: int


def comments(document: ParsedFeed, about: About) -> tuple[ParsedComment, ...]:
    """The document's comments in its order.

    An item that is the post itself is left out, and so is one of another post where the guids tell that.
    """
    items = [
        (entry, key_of(entry))
        for entry in document.entries
        if not _is_post(entry, about) and not _is_other(entry, about)
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
        parent, confidence = _by_reference(entry, about, names, authors)
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
    if all(one.confidence is not Confidence.NONE or "<blockquote" not in one.html for one in found.values()):
        return found
    said: dict[str, list[ParsedComment]] = {}
    for one in found.values():
        said.setdefault(_words(_QUOTATION.sub("", one.html)), []).append(one)
    for one in list(found.values()):
        match = _QUOTATION.match(one.html) if one.confidence is Confidence.NONE else None
        words = _words(match["quoted"]) if match else ""
        older = [other for other in said.get(words, ()) if _is_older(other, one)]
        if len(words) >= LEAST_QUOTED and len(older) == 1:
            found[one.key] = replace(one, parent_key=older[0].key, confidence=Confidence.QUOTE)
    return found


def _is_older(other: ParsedComment, one: ParsedComment) -> bool:
    if other.number and one.number:
        return other.number < one.number
    return other.key != one.key and (other.published or 0) <= (one.published or 0)


def _words(html: str) -> str:
    return " ".join(readable.strip(html).split())


def _is_other(entry: ParsedEntry, about: About) -> bool:
    """Whether a comment's guid names another post than the one it is read for; both in the form WordPress gives."""
    match = _POST_OF.match(entry.raw_id or entry.guid)
    return match is not None and "?p=" in about.guid and match[1] != about.guid


def key_of(entry: ParsedEntry) -> str:
    """A comment's key within its discussion: `#comment-N` where the site numbers its comments (its guid and its link
    differ, the number does not), else its id as written."""
    number = _number(entry)
    return f"#comment-{number}" if number else entry.raw_id or entry.guid or entry.key


def _number(entry: ParsedEntry) -> int:
    match = _NUMBER.search(entry.raw_id or entry.guid) or _NUMBER.search(entry.url)
    return int(match[1]) if match else 0


def _is_post(entry: ParsedEntry, about: About) -> bool:
    if _number(entry):
        return False
    ids = {entry.raw_id, entry.guid} - {""}
    return (about.guid != "" and about.guid in ids) or (
        about.link != "" and not ids and urls.canonical(entry.url) == urls.canonical(about.link)
    )


def _by_reference(
    entry: ParsedEntry, about: About, names: Mapping[str, str], known: Mapping[str, str]
) -> tuple[str, Confidence]:
    """`names` maps what the document calls its comments to their keys, `known` holds the keys of all there are."""
    if not entry.in_reply_to:
        return "", Confidence.NONE
    keys = [names.get(ref) or _reference_key(ref) for ref in entry.in_reply_to]
    parent = next((key for key in keys if key in known), None)
    if parent is not None:
        return parent, Confidence.EXACT
    last = entry.in_reply_to[-1]
    if last == about.guid or (about.link and urls.canonical(last) == urls.canonical(about.link) and "#" not in last):
        return "", Confidence.EXACT
    return keys[-1], Confidence.EXACT


def _reference_key(ref: str) -> str:
    match = _NUMBER.search(ref)
    return f"#comment-{match[1]}" if match else ref


def _sentence(html: str) -> _Sentence | None:
    match = _WORDPRESS_REPLY.match(html[:2000])
    if match is None or bool(match["block"]) != (match["end"].lower() == "</p>"):
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
