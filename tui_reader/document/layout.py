"""Blocks to lines of a given width, lazily: the first screen costs no more than it shows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from msgspec.structs import replace

from tui_reader.document.blocks import Block, Document, Gutter, Kind, Line, Run, Style
from tui_reader.document.table import table_lines
from tui_reader.document.wrap import parted_kindly, wrapped
from tui_reader.text import width

LEAST = 8
"""Cells that text keeps however deep it is nested, and the narrowest page there is."""
_TAB = 4
_CODE_INDENT = 2
_WRAPPED = "↪ "


def lines(document: Document, columns: int, *, begun: Callable[[int], None] | None = None) -> Iterator[Line]:
    """The document's lines, none wider than `columns` cells, an empty line between blocks. `begun` is told the place of
    each block before its first line."""
    drawn: set[int] = set()
    before: Block | None = None
    for place, block in enumerate(document.blocks):
        if before is not None and not block.tight:
            between = tuple(_margin(shared(before.gutters, block.gutters), drawn))
            yield _on_the_right(Line(), between, columns) if before.right and block.right else Line(between)
        if begun is not None:
            begun(place)
        yield from _block(block, max(columns, LEAST), drawn)
        before = block


def shared(one: Sequence[Gutter], other: Sequence[Gutter]) -> list[Gutter]:
    """The gutters that go on from one block to the next, up to the last bar: what stands beside an empty line."""
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
            if block.right:
                inner = (_to_the_right(line, room) for line in inner)
        case Kind.PARAGRAPH:
            inner = wrapped(block.runs, room)
            if block.picture:
                inner = _label(inner, block.picture)
            if block.right:
                inner = (_to_the_right(line, room) for line in inner)
    if not gutters:
        yield from inner
        return
    for line in inner:
        margin = tuple(_margin(gutters, drawn))
        if block.right:
            yield _on_the_right(line, margin, columns)
        else:
            yield replace(line, runs=(*margin, *line.runs))


def _on_the_right(line: Line, margin: Sequence[Run], columns: int) -> Line:
    """A line with what stands beside it at its right, where text that is written from the right begins."""
    mirrored = tuple(replace(run, text=run.text[::-1]) for run in reversed(margin))
    taken = width(line.text) + sum(width(run.text) for run in mirrored)
    return replace(line, runs=(Run(" " * max(columns - taken, 0)), *line.runs, *mirrored))


def _label(lines: Iterable[Line], picture: str) -> Iterator[Line]:
    """The lines of a picture's label, the first of which says whose it is."""
    for line in lines:
        yield replace(line, picture=picture)
        picture = ""


def _to_the_right(line: Line, room: int) -> Line:
    return replace(line, runs=(Run(" " * (room - width(line.text))), *line.runs))


# ---------------------------------------------------------------- code


def _code(runs: Iterable[Run], columns: int) -> Iterator[Line]:
    """Code keeps its lines and its spaces; a line that is too long goes on behind a mark."""
    room = columns - _CODE_INDENT
    indent = Run(" " * _CODE_INDENT, Style.CODE)
    again = Run(indent.text + _WRAPPED, Style.GUTTER | Style.CODE)
    for line in _source_lines(runs):
        lead = indent
        for part in parted_kindly(line, room, room - width(_WRAPPED)):
            yield Line((lead, *part), code=True)
            lead = again


def _source_lines(runs: Iterable[Run]) -> Iterator[list[Run]]:
    """The lines of the source, tabs expanded to the next stop."""
    line: list[Run] = []
    column = 0
    for run in runs:
        style = run.style | Style.CODE
        for place, part in enumerate(run.text.split("\n")):
            if place:
                yield line
                line, column = [], 0
            if not part:
                continue
            if "\t" in part:
                part = _expanded(part, column)
            line.append(Run(part, style, run.link))
            column += width(part)
    yield line


def _expanded(text: str, column: int) -> str:
    made: list[str] = []
    for place, piece in enumerate(text.split("\t")):
        if place:
            gap = _TAB - column % _TAB
            made.append(" " * gap)
            column += gap
        made.append(piece)
        column += width(piece)
    return "".join(made)
