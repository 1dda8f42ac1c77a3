"""Runs to the lines of a paragraph, one after the other as they are asked for.

A line breaks at spaces, after dashes between words, and between any two East Asian characters but before closing and
after opening marks. A word that is wider than a line gives way at its no-break spaces, then between characters.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterable, Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from tui_reader.document.blocks import Line, Run, Style
from tui_reader.text import graphemes, width

_PIECES = re.compile(r"\n|[ \t]+|[^ \t\n]+")
_STRETCHES = re.compile(r"(?<= )[!-,.-~]+(?: [!-,.-~]+){2,200}(?= )|\n|[ \t]+|[^ \t\n]+")
"""The same, but words in a row that break nowhere inside and are as wide as they are long are one piece."""
_NO_BREAK = "\u00a0"
_WIDE = "\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\U00020000-\U0003fffd"  # noqa: E501
_CLOSING = "、。，．・：；？！）］｝〕〉》」』】〙〗ー々ぁぃぅぇぉっゃゅょァィゥェォッャュョ)]}!?,.:;%’”…"
_OPENING = "（［｛〔〈《「『【〘〖([{‘“"
_MARKS = "\u0300-\u036f\u0483-\u0489\u20d0-\u20ff\u302a-\u302f\u3099\u309a\ufe00-\ufe0f\ufe20-\ufe2f\u200c\u200d"
_C, _O = re.escape(_CLOSING), re.escape(_OPENING)
_IS_WIDE = re.compile(f"[{_WIDE}]")
_UNIT = re.compile(
    f"(?:[^{_WIDE}]*[{_O}]|[{_O}])*"  # what opens goes with what follows
    f"(?:[{_WIDE}]|[^{_WIDE}]+|$)"
    f"[{_C}{_MARKS}]*"  # what closes goes with what stands before
)
_STAYS = re.compile(f"[{_C}{_MARKS}]")
_DASHES = frozenset("-–—")
_AFTER_DASH = re.compile(r"(?<=[^\W\d_]{2}[-–])(?=[^\W\d_]{2})|(?<=\w—)(?=\w)")
_CODE_CUT = re.compile(r".*[ ]|.*[,;/&|=)\]}>]", re.DOTALL)
"""Up to the last space, else up to the last sign after which a line of code may be cut."""
_ADDRESS_CUT = re.compile(r".*[/?&=]", re.DOTALL)
_WHOLE = Style.CODE | Style.KBD
_AT_ONCE = 2048
"""Characters whose clusters are found at a time, so that a line of a megabyte costs no more than what is shown."""


class _Word(Struct):
    """What is not broken: pieces of one or more styles, their width, and the run of the space before it, if any."""

    pieces: list[Run]
    cells: int
    space: Run | None


class _Stretch(Struct):
    """Words of one run with a space between two of them, none with a place to break in it and each a cell a letter."""

    text: str
    run: Run
    space: Run | None

    def words(self) -> Iterator[_Word]:
        space = self.space
        for text in self.text.split(" "):
            yield _Word([Run(text, self.run.style, self.run.link)], len(text), space)
            space = self.run


def wrapped(runs: Iterable[Run], columns: int) -> Iterator[Line]:
    """The lines of a paragraph, none wider than `columns` cells."""
    line: list[Run] = []
    used = 0
    for word in _with_room(_words(runs), columns):
        if word is None:
            yield Line(tuple(line))
            line, used = [], 0
            continue
        if isinstance(word, _Stretch):
            used = yield from _filled(line, used, word, columns)
            continue
        for part in (word,) if word.cells <= columns else _loosened(word):
            space = part.space if line else None
            if line and used + (space is not None) + part.cells > columns:
                yield Line(tuple(line))
                line, used, space = [], 0, None
            if part.cells > columns:
                ready: list[Run] = []
                for cut in parted_kindly(part.pieces, columns, columns, _ADDRESS_CUT):
                    if ready:
                        yield Line(tuple(ready))
                    ready = cut
                line, used = ready, sum(width(run.text) for run in ready)
                continue
            if space is not None:
                _add(line, " ", space)
                used += 1
            for piece in part.pieces:
                _add(line, piece.text, piece)
            used += part.cells
    if line:
        yield Line(tuple(line))


def _with_room(words: Iterable[_Word | _Stretch | None], columns: int) -> Iterator[_Word | _Stretch | None]:
    """The same, but a stretch with a word that is wider than a line is taken word by word."""
    for word in words:
        if isinstance(word, _Stretch) and max(map(len, word.text.split(" "))) > columns:
            yield from word.words()
        else:
            yield word


def _filled(line: list[Run], used: int, stretch: _Stretch, columns: int) -> Generator[Line, None, int]:
    """Fill lines with a stretch, a line at a time; what does not fill one stays in `line`, whose width is returned."""
    text, run = stretch.text, stretch.run
    at = 0
    while at < len(text):
        room = columns - used - bool(line)
        end = len(text) if len(text) - at <= room else text.rfind(" ", at, at + max(room, 0) + 1)
        if end < at:
            yield Line(tuple(line))
            line.clear()
            used = 0
            continue
        if line:
            _add(line, " ", stretch.space or run)
            used += 1
        _add(line, text[at:end], run)
        used += end - at
        at = end + 1
    return used


def parted(runs: Iterable[Run], first: int, later: int) -> Iterator[list[Run]]:
    """Runs cut between characters: the first part at most `first` cells wide, the others `later`."""
    part: list[Run] = []
    room = left = first
    for run in runs:
        text = run.text
        begun = 0
        if text.isascii():
            while len(text) - begun > left:
                if left > 0:
                    part.append(replace(run, text=text[begun : begun + left]))
                    begun += left
                yield part
                part, room = [], later
                left = room
            left -= len(text) - begun
        else:
            for start, cells in _clusters(text):
                if cells > left and left < room:
                    if start > begun:
                        part.append(replace(run, text=text[begun:start]))
                    yield part
                    part, begun, room = [], start, later
                    left = room
                left -= cells
        if begun < len(text):
            part.append(replace(run, text=text[begun:] if begun else text))
    yield part


def parted_kindly(
    runs: Sequence[Run], first: int, later: int, cuts: re.Pattern[str] = _CODE_CUT
) -> Iterator[list[Run]]:
    """As `parted`, but where it matches when that is near the end of a part: code after a space or a sign."""
    text = "".join(run.text for run in runs)
    if len(text) <= first or not text.isascii():
        yield from parted(runs, first, later)
        return
    part: list[Run] = []
    end = _kind_cut(text, 0, first, cuts)
    begun = 0
    for run in runs:
        inside = 0
        while begun + len(run.text) - inside > end:
            if end > begun:
                part.append(replace(run, text=run.text[inside : inside + end - begun]))
            inside += end - begun
            yield part
            part, begun = [], end
            end = _kind_cut(text, begun, later, cuts)
        if inside < len(run.text):
            part.append(replace(run, text=run.text[inside:] if inside else run.text))
            begun += len(run.text) - inside
    yield part


def _kind_cut(text: str, begun: int, room: int, cuts: re.Pattern[str]) -> int:
    """Where a line that begins there ends."""
    end = begun + room
    if end >= len(text):
        return len(text)
    found = cuts.match(text, begun + room * 2 // 3, end)
    return found.end() if found is not None else end


def _clusters(text: str) -> Iterator[tuple[int, int]]:
    """Where each character that must not be split begins, with its cells."""
    begun = 0
    while begun < len(text):
        chunk = text[begun : begun + _AT_ONCE]
        found = graphemes(chunk)
        if begun + len(chunk) < len(text) and len(found) > 1:
            found.pop()
        for start, _end, cells in found:
            yield begun + start, cells
        begun += found[-1][1]


def _add(line: list[Run], text: str, like: Run) -> None:
    """Add text in the style of a run; it goes on with the last run when that is the same."""
    if line and line[-1].style == like.style and line[-1].link == like.link:
        line[-1] = Run(line[-1].text + text, like.style, like.link)
    else:
        line.append(Run(text, like.style, like.link))


def _words(runs: Iterable[Run], pieces: re.Pattern[str] = _STRETCHES) -> Iterator[_Word | _Stretch | None]:
    """The words of a paragraph, many at once where they are plain; None where a line must end."""
    word: _Word | None = None
    space: Run | None = None
    for run in runs:
        style, link = run.style, run.link
        for match in pieces.finditer(run.text):
            piece = match[0]
            first = piece[0]
            if first in " \t\n":
                if word is not None:
                    yield word
                word = None
                if first == "\n":
                    space = None
                    yield None
                else:
                    space = space or run
                continue
            if " " in piece:
                yield _Stretch(piece, run, space)
                space = None
                continue
            for place, part in enumerate(_breakable(piece, style)):
                if word is not None and (place or _may_break(word.pieces[-1].text[-1], part[0])):
                    yield word
                    word = None
                if word is None:
                    word = _Word([], 0, space)
                    space = None
                word.pieces.append(Run(part, style, link))
                word.cells += width(part)
    if word is not None:
        yield word


def _breakable(piece: str, style: Style) -> Iterable[str]:
    """A run without spaces, apart where a line may break."""
    if not piece.isascii() and _IS_WIDE.search(piece):
        return (unit[0] for unit in _UNIT.finditer(piece) if unit[0])
    if _DASHES.isdisjoint(piece) or style & _WHOLE or "://" in piece:
        return (piece,)
    return _AFTER_DASH.split(piece)


def _may_break(left: str, right: str) -> bool:
    """Whether a line may end between two runs that touch."""
    if (left.isascii() and right.isascii()) or _STAYS.match(right) or left in _OPENING:
        return False
    return left == "—" or bool(_IS_WIDE.match(left) or _IS_WIDE.match(right))


def _loosened(word: _Word) -> Iterator[_Word]:
    """A word that is wider than a line, apart at its no-break spaces."""
    if not any(_NO_BREAK in piece.text for piece in word.pieces):
        yield word
        return
    space = word.space
    spaced = (replace(piece, text=piece.text.replace(_NO_BREAK, " ")) for piece in word.pieces)
    for part in _words(spaced, _PIECES):
        if isinstance(part, _Word):
            yield _Word(part.pieces, part.cells, space or part.space)
            space = None
