"""Text from outside made harmless, and text measured in terminal cells.

`clean` and `clean_block` stand at the boundary where bytes become text: what they return can be written to a terminal
without moving its cursor, changing its title, filling its clipboard or turning a line around. Widths are those of
`rich.cells`, by which the screen is laid out.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime, tzinfo
from html import unescape

from rich.cells import cell_len, split_graphemes

_SEQUENCES = re.compile(
    r"""(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x07\x1b\x9c]{0,4096}(?:\x07|\x1b\\|\x9c)  # OSC DCS SOS PM APC
      |(?:\x1b\[|\x9b)[0-?]{0,64}[ -/]{0,16}[@-~]?                                          # CSI
      |\x1b[ -/]{0,8}[0-~]?                                                                 # other escapes
    """,
    re.VERBOSE,
)
_NEWLINES = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f"  # C0, DEL, C1
    "\u00ad\u061c\u180e\u200b\u200e\u200f\u2060-\u2064\ufeff"  # soft hyphen, marks and spaces nobody sees
    "\u202a-\u202e\u2066-\u2069\u206a-\u206f"  # overrides and isolates of direction
    "\ufff9-\ufffb\ue000\ue001"  # interlinear annotation; our own search markers
    "\U000e0000-\U000e007f]"  # tags
)
_PLAIN = bytes(range(0x20, 0x7F)) + b"\n\t"
_SPACES = re.compile("  +")
_PILE = re.compile(r"[^\w\s\x00-\x7f]{5}")  # every run of marks is one of these
_SURROGATES = re.compile("[\ud800-\udfff]")
_MARKS_KEPT = 4
_JOINER = "\u200d"
"""Joins two characters to one; at an end it would join with whatever stands next on the screen."""

_MINUTE, _HOUR, _DAY = 60, 3600, 86400


def clean(text: str, *, limit: int = 1000) -> str:
    """One harmless line: no control, no direction override, no invisible character, at most `limit` characters."""
    if text.isascii() and text.isprintable() and len(text) <= limit:
        return (_SPACES.sub(" ", text) if "  " in text else text).strip(" ")
    line = " ".join(_harmless(text[: 16 * limit]).split()).rstrip(f"{_JOINER} ")
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def clean_block(text: str, *, limit: int = 20_000_000) -> str:
    """The same for text of many lines or HTML: line ends become `\\n`, and `\\n` and tab stay."""
    return _harmless(text[:limit])


def _harmless(text: str) -> str:
    if text.isascii():
        if not text.encode().translate(None, _PLAIN):
            return text
    elif text.replace("\n", "").replace("\t", "").replace("\xa0", "").isprintable():
        return _few_marks(text)
    text = _SEQUENCES.sub("", text)
    text = _NEWLINES.sub("\n", text)
    text = _SURROGATES.sub("\ufffd", _FORBIDDEN.sub("", text))
    return text if text.isascii() else _few_marks(text)


def _few_marks(text: str) -> str:
    """Drop what a letter carries beyond four combining marks: a pile of them paints over the lines above."""
    if not _PILE.search(text):
        return text
    kept: list[str] = []
    marks = 0
    for character in text:
        marks = marks + 1 if unicodedata.category(character) in {"Mn", "Me"} else 0
        if marks <= _MARKS_KEPT:
            kept.append(character)
    return "".join(kept)


def width(text: str) -> int:
    """The cells a line of text takes in the terminal."""
    return len(text) if text.isascii() and text.isprintable() else cell_len(text)


def graphemes(text: str) -> list[tuple[int, int, int]]:
    """What must not be split, as (start, end, cells), over the whole text."""
    return split_graphemes(text)[0]


def cut(text: str, cells: int) -> str:
    """The text, or as much of it as leaves room for a final "…"; no character is split."""
    if width(text) <= cells:
        return text
    if cells <= 0:
        return ""
    room, end = cells - 1, 0
    for _start, stop, size in graphemes(text):
        if size > room:
            break
        room -= size
        end = stop
    return text[:end].rstrip() + "…"


def pad(text: str, cells: int) -> str:
    """The text cut or filled with spaces to exactly this many cells."""
    short = cut(text, cells).rstrip(_JOINER)
    return short + " " * (cells - width(short))


def age(then: int, now: int) -> str:
    """How long ago, in at most three cells: now, 5m, 3h, 2d, 6w, 3y."""
    passed = now - then
    for unit, seconds, below in (("m", _MINUTE, _HOUR), ("h", _HOUR, _DAY), ("d", _DAY, 14 * _DAY)):
        if passed < seconds:
            return "now"
        if passed < below:
            return f"{passed // seconds}{unit}"
    if passed < 365 * _DAY:
        return f"{passed // (7 * _DAY)}w"
    return f"{passed // (365 * _DAY)}y"


def clock(then: int, now: int, zone: tzinfo | None = None) -> str:
    """A point in time as short as it is clear, in `zone` or the machine's: 14:20, Tue 14:20, 23 Nov, 23 Nov 2024."""
    try:
        at, today = (
            datetime.fromtimestamp(then).astimezone(zone),
            datetime.fromtimestamp(now).astimezone(zone),
        )
    except (OverflowError, ValueError, OSError):
        return "no date"
    days = abs((at.date() - today.date()).days)
    if days == 0:
        return f"{at:%H:%M}"
    if days < 7:
        return f"{at:%a %H:%M}"
    return f"{at.day} {at:%b}" if at.year == today.year else f"{at.day} {at:%b} {at.year}"


def moment(then: int, zone: tzinfo | None = None) -> str:
    """A point in time in full, in `zone` or the machine's: Mon 23 Nov 2026 14:20."""
    try:
        at = datetime.fromtimestamp(then).astimezone(zone)
    except (OverflowError, ValueError, OSError):
        return "no date"
    return f"{at:%a} {at.day} {at:%b} {at.year} {at:%H:%M}"


def size(bytes_: int) -> str:
    """A number of bytes for people: 512 B, 2.1 MB."""
    amount = float(bytes_)
    for unit in ("B", "kB", "MB"):
        if amount < 1000:
            return f"{amount:.0f} {unit}" if unit == "B" or amount >= 100 else f"{amount:.1f} {unit}"
        amount /= 1000
    return f"{amount:.1f} GB"


def plural(count: int, noun: str) -> str:
    """A count with its noun: 1 feed, 2 feeds, 3 entries, 4 days."""
    if count == 1:
        return f"1 {noun}"
    changes = noun.endswith("y") and noun[-2:-1] not in {"a", "e", "o", "u"}
    return f"{count:,} {noun[:-1]}ies" if changes else f"{count:,} {noun}s"


_MARKUP = re.compile(r"<(script|style|svg)\b.*?</\1\s*>|<!--.*?-->|<[^<>]*>", re.DOTALL | re.IGNORECASE)


def first_words(document: bytes, limit: int = 300) -> str:
    """The first readable words of a document that was not what we hoped for: markup gone, cleaned, one line."""
    start = document[:16_384].decode("utf-8", "replace")
    return clean(unescape(_MARKUP.sub(" ", start)), limit=limit)
