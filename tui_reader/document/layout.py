"""Blocks to lines of a given width, lazily: the first screen costs no more than it shows.

Every line is at most as wide as asked, in cells. A word that is wider than a line is cut between characters; Chinese,
Japanese and Korean text breaks between any two characters but before closing and after opening marks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from tui_reader.document.blocks import Block, Document, Gutter, Kind, Line, Run, Style
from tui_reader.document.table import table_lines
from tui_reader.text import graphemes, width

LEAST = 8
"""Cells that text keeps however deep it is nested."""
_TAB = 4
_WRAPPED = "↪ "
_PIECES = re.compile(r"\n|[^\S\n]+|\S+")
_WIDE = re.compile(
    "[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\U00020000-\U0003fffd]"
)
_CLOSING = frozenset("、。，．・：；？！）］｝〕〉》」』】〙〗ー々ぁぃぅぇぉっゃゅょァィゥェォッャュョ)]}!?,.:;%’”…")
_OPENING = frozenset("（［｛〔〈《「『【〘〖([{‘“")


@dataclass(slots=True)
class _Word:
    """What is not broken: pieces of one or more styles, their width, and whether white space stands before it."""

    pieces: list[Run]
    cells: int
    spaced: bool


def lines(document: Document, columns: int) -> Iterator[Line]:
    """The document's lines, none wider than `columns` cells, an empty line between blocks."""
    drawn: set[int] = set()
    before: Block | None = None
    for block in document.blocks:
        if before is not None and not (block.tight or (block.kind is before.kind is Kind.CODE and not block.runs)):
            shared = _shared(before.gutters, block.gutters)
            yield Line(tuple(_margin(shared, drawn)))
        yield from _block(block, max(columns, LEAST), drawn)
        before = block


def _shared(one: Sequence[Gutter], other: Sequence[Gutter]) -> list[Gutter]:
    shared = []
    for left, right in zip(one, other, strict=False):
        if left.id != right.id:
            break
        shared.append(left)
    last = max((place for place, gutter in enumerate(shared) if gutter.quote), default=-1)
    return shared[: last + 1]


def _margin(gutters: Iterable[Gutter], drawn: set[int]) -> Iterator[Run]:
    """What stands left of the next line: bars, and the mark of an item before its first line."""
    for gutter in gutters:
        if gutter.quote:
            yield Run(gutter.mark, Style.GUTTER | Style.QUOTED)
        elif gutter.id in drawn or not gutter.mark.strip():
            yield Run(" " * gutter.width)
        else:
            drawn.add(gutter.id)
            yield Run(gutter.mark, Style.GUTTER)


def _fitting(gutters: Sequence[Gutter], columns: int) -> tuple[list[Gutter], int]:
    """As many gutters as leave room for text: the innermost, when it is too deep."""
    kept = list(gutters)
    while kept and sum(gutter.width for gutter in kept) > columns - LEAST:
        kept.pop(0)
    return kept, columns - sum(gutter.width for gutter in kept)


def _block(block: Block, columns: int, drawn: set[int]) -> Iterator[Line]:
    gutters, room = _fitting(block.gutters, columns)
    match block.kind:
        case Kind.RULE:
            inner: Iterable[Line] = (Line((Run("─" * min(room, 24), Style.GUTTER),)),)
        case Kind.CODE:
            inner = _code(block.runs, room)
        case Kind.TABLE:
            inner = table_lines(block.rows, room)
        case Kind.HEADING:
            inner = (replace(line, level=block.level) for line in wrapped(block.runs, room))
        case Kind.PARAGRAPH:
            inner = wrapped(block.runs, room)
            if block.right:
                inner = (_to_the_right(line, room) for line in inner)
    for line in inner:
        yield replace(line, runs=(*_margin(gutters, drawn), *line.runs))


def _to_the_right(line: Line, room: int) -> Line:
    return replace(line, runs=(Run(" " * (room - width(line.text))), *line.runs))


# ---------------------------------------------------------------- wrapping


def wrapped(runs: Iterable[Run], columns: int) -> Iterator[Line]:
    """The lines of a paragraph."""
    current: list[Run] = []
    used = 0
    for word in _words(runs):
        if word is None:
            yield Line(tuple(current))
            current, used = [], 0
            continue
        gap = 1 if word.spaced and current else 0
        if current and used + gap + word.cells > columns:
            yield Line(tuple(current))
            current, used, gap = [], 0, 0
        if word.cells > columns:
            *full, last = _cut(word, columns)
            for part in full:
                yield Line(tuple(part))
            current, used = last, sum(width(run.text) for run in last)
            continue
        for place, piece in enumerate(word.pieces):
            _join(current, piece, " " if gap and place == 0 else "")
        used += gap + word.cells
    if current:
        yield Line(tuple(current))


def _join(line: list[Run], piece: Run, gap: str) -> None:
    """Add a piece; the space before it takes the style that both sides share."""
    if not line:
        line.append(piece)
        return
    before = line[-1]
    if before.style == piece.style and before.link == piece.link:
        line[-1] = replace(before, text=before.text + gap + piece.text)
    elif gap:
        shared = before.style & piece.style & ~(Style.LINK | Style.CODE | Style.KBD | Style.MARK)
        line += [Run(gap, shared), piece]
    else:
        line.append(piece)


def _words(runs: Iterable[Run]) -> Iterator[_Word | None]:
    """The words of a paragraph; None where a line must end."""
    word: _Word | None = None
    spaced = False
    for run in runs:
        for match in _PIECES.finditer(run.text):
            piece = match[0]
            if piece == "\n":
                if word is not None:
                    yield word
                word, spaced = None, False
                yield None
            elif piece.isspace() and piece != "\u00a0":
                if word is not None:
                    yield word
                word, spaced = None, True
            else:
                for part in _breakable(piece):
                    if word is not None and _may_break(word, part):
                        yield word
                        word = None
                    if word is None:
                        word = _Word([], 0, spaced)
                        spaced = False
                    word.pieces.append(replace(run, text=part))
                    word.cells += width(part)
    if word is not None:
        yield word


def _breakable(piece: str) -> Iterator[str]:
    """A run without spaces, apart where East Asian text allows a break."""
    if piece.isascii() or not _WIDE.search(piece):
        yield piece
        return
    begun = 0
    for place in range(1, len(piece)):
        left, right = piece[place - 1], piece[place]
        if (_WIDE.match(left) or _WIDE.match(right)) and right not in _CLOSING and left not in _OPENING:
            if width(right) == 0:
                continue
            yield piece[begun:place]
            begun = place
    yield piece[begun:]


def _may_break(word: _Word, part: str) -> bool:
    left, right = word.pieces[-1].text[-1:], part[:1]
    if right in _CLOSING or left in _OPENING or width(right) == 0:
        return False
    return bool(_WIDE.match(left) or _WIDE.match(right))


def _cut(word: _Word, columns: int) -> list[list[Run]]:
    """A word that is wider than a line, in parts that are not."""
    parts: list[list[Run]] = [[]]
    used = 0
    for run in word.pieces:
        begun = 0
        for start, _end, cells in graphemes(run.text):
            if used + cells > columns and used:
                if start > begun:
                    parts[-1].append(replace(run, text=run.text[begun:start]))
                parts.append([])
                begun, used = start, 0
            used += cells
        parts[-1].append(replace(run, text=run.text[begun:]))
    return parts


# ---------------------------------------------------------------- code


def _code(runs: Iterable[Run], columns: int) -> Iterator[Line]:
    """Code keeps its lines and its spaces; a line that is too long goes on behind a mark."""
    room = columns - 2
    for line in _source_lines(runs):
        for place, part in enumerate(_parts(line, room, room - width(_WRAPPED))):
            lead = Run(f"  {_WRAPPED}", Style.GUTTER | Style.CODE) if place else Run("  ", Style.CODE)
            yield Line((lead, *part), code=True)


def _source_lines(runs: Iterable[Run]) -> Iterator[list[Run]]:
    line: list[Run] = []
    column = 0
    for run in runs:
        for place, part in enumerate(run.text.split("\n")):
            if place:
                yield line
                line, column = [], 0
            expanded: list[str] = []
            for number, piece in enumerate(part.split("\t")):
                if number:
                    gap = _TAB - column % _TAB
                    expanded.append(" " * gap)
                    column += gap
                expanded.append(piece)
                column += width(piece)
            if text := "".join(expanded):
                line.append(replace(run, text=text, style=run.style | Style.CODE))
    yield line


def _parts(line: Iterable[Run], first: int, later: int) -> Iterator[list[Run]]:
    """A line of code in parts, the first of at most `first` cells and the others of `later`."""
    part: list[Run] = []
    left = first
    for run in line:
        begun = 0
        for start, _end, cells in graphemes(run.text):
            if cells > left and (start > begun or part):
                if start > begun:
                    part.append(replace(run, text=run.text[begun:start]))
                yield part
                part, begun, left = [], start, later
            left -= cells
        part.append(replace(run, text=run.text[begun:]))
    yield part
