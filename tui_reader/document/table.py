"""Tables to lines: a grid when it fits, else a record for each row. The rows are laid out as they are asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from msgspec import Struct
from msgspec.structs import replace

from tui_reader.document.blocks import Cell, Line, Run, Style
from tui_reader.document.wrap import wrapped
from tui_reader.text import width

_GAP = 3
_LEAST_COLUMN = 6
_MOST_COLUMNS = 24
_MEASURED = 400
"""Rows by which the columns are measured; in a longer table a later row may need another line."""

_Row = Sequence[Cell]


class Placed(Struct, frozen=True):
    """A cell with the column it begins in."""

    cell: Cell
    column: int


def table_lines(rows: Sequence[_Row], columns: int) -> Iterator[Line]:
    """The lines of a table, none wider than `columns` cells."""
    rows = without_blanks(rows)
    count = _count(rows)
    widths = _widths(rows, count, columns) if 0 < count <= _MOST_COLUMNS else None
    if widths is None:
        yield from _records(rows, columns)
        return
    above_is_header = False
    for row in in_columns(rows):
        header = _is_header(row)
        if above_is_header and not header:
            yield Line((Run("─┼─".join("─" * size for size in widths), Style.GUTTER),))
        yield from _row(row, widths)
        above_is_header = header


def without_blanks(rows: Sequence[_Row]) -> Sequence[_Row]:
    """Without the columns that hold nothing: those only keep others apart."""
    if not all(cell.columns == 1 and cell.rows == 1 for row in rows for cell in row):
        return rows
    filled: set[int] = set()
    for row in rows:
        filled.update(place for place, cell in enumerate(row) if any(run.text.strip() for run in cell.runs))
    if len(filled) == max(map(len, rows), default=0):
        return rows
    return [[cell for place, cell in enumerate(row) if place in filled] for row in rows]


def _count(rows: Sequence[_Row]) -> int:
    """How many columns a table has."""
    if all(cell.columns == 1 and cell.rows == 1 for row in rows for cell in row):
        return max(map(len, rows), default=0)
    return max((placed.column + placed.cell.columns for row in in_columns(rows) for placed in row), default=0)


def in_columns(rows: Iterable[_Row]) -> Iterator[list[Placed]]:
    """Every cell in its column, passing over those that reach down from above."""
    down: dict[int, int] = {}
    for row in rows:
        line: list[Placed] = []
        column = 0
        for cell in row:
            while column in down:
                column += 1
            line.append(Placed(cell, column))
            if cell.rows > 1:
                down.update((covered, cell.rows) for covered in range(column, column + cell.columns))
            column += cell.columns
        if down:
            down = {place: left - 1 for place, left in down.items() if left > 1}
        yield line


def _widths(rows: Sequence[_Row], count: int, columns: int) -> list[int] | None:
    """A width for each column: what it wants when all fit, else a fair share; None when that is too narrow."""
    room = columns - _GAP * (count - 1)
    wanted = [1] * count
    spanning: list[tuple[int, int, int]] = []
    for row in in_columns(islice(rows, _MEASURED)):
        for placed in row:
            needed = max(map(width, "".join(run.text for run in placed.cell.runs).split("\n")))
            if placed.cell.columns == 1:
                wanted[placed.column] = max(wanted[placed.column], needed)
            else:
                spanning.append((placed.column, placed.column + placed.cell.columns, needed))
        if sum(min(size, _LEAST_COLUMN) for size in wanted) > room:
            return None
    if sum(wanted) <= room:
        _widen(wanted, spanning, room)
        return wanted
    widths = [min(size, _LEAST_COLUMN) for size in wanted]
    left = room - sum(widths)
    hungry = [place for place in range(count) if widths[place] < wanted[place]]
    while left > 0 and hungry:
        share = max(1, left // len(hungry))
        for place in list(hungry):
            more = min(share, wanted[place] - widths[place], left)
            widths[place] += more
            left -= more
            if widths[place] >= wanted[place]:
                hungry.remove(place)
            if left <= 0:
                break
    return widths


def _widen(widths: list[int], spanning: Iterable[tuple[int, int, int]], room: int) -> None:
    """Give the columns under a cell that spans them what it needs of the room that is left."""
    left = room - sum(widths)
    for begin, end, needed in spanning:
        missing = min(left, needed - sum(widths[begin:end]) - _GAP * (end - begin - 1))
        for place in range(begin, end):
            more = max(missing, 0) // (end - place)
            widths[place] += more
            missing -= more
            left -= more


def _is_header(row: Sequence[Placed]) -> bool:
    return bool(row) and all(placed.cell.header for placed in row)


def _row(row: Sequence[Placed], widths: Sequence[int]) -> Iterator[Line]:
    """The lines of one row, its cells side by side until the longest has ended."""
    cells: dict[int, tuple[Placed, int, Iterator[Line]]] = {}
    for placed in row:
        span = widths[placed.column : placed.column + placed.cell.columns]
        size = sum(span) + _GAP * (len(span) - 1)
        runs = placed.cell.runs
        if placed.cell.header:
            runs = tuple(replace(run, style=run.style | Style.STRONG) for run in runs)
        cells[placed.column] = (placed, size, wrapped(runs, size))
    while True:
        found = {column: next(lines, None) for column, (_, _, lines) in cells.items()}
        if all(line is None for line in found.values()):
            return
        made: list[Run] = []
        column = 0
        while column < len(widths):
            if column:
                made.append(Run(" │ ", Style.GUTTER))
            if column not in cells:
                made.append(Run(" " * widths[column]))
                column += 1
                continue
            placed, size, _ = cells[column]
            line = found[column]
            made += _aligned(line.runs if line is not None else (), size, placed.cell.align)
            column += placed.cell.columns
        yield Line(tuple(made))


def _aligned(runs: Sequence[Run], size: int, align: str) -> list[Run]:
    free = size - sum(width(run.text) for run in runs)
    before = free if align == "right" else free // 2 if align == "center" else 0
    return [Run(" " * before), *runs, Run(" " * (free - before))]


def _records(rows: Sequence[_Row], columns: int) -> Iterator[Line]:
    """One row after the other, each cell behind the name of its column; the first has every name, cell or not."""
    names: dict[int, tuple[Run, ...]] = {}
    begun = False
    for place, row in enumerate(in_columns(rows)):
        if place == 0 and _is_header(row) and len(rows) > 1:
            names = {placed.column: _name(placed.cell) for placed in row}
            continue
        cells = {placed.column: placed.cell.runs for placed in row}
        if begun:
            yield Line((Run("┄" * min(columns, 16), Style.GUTTER),))
        else:
            cells = dict.fromkeys(sorted({*names, *cells}), ()) | cells
        begun = True
        for column, runs in cells.items():
            yield from wrapped((*names.get(column, ()), *runs), columns)


def _name(cell: Cell) -> tuple[Run, ...]:
    """What a head cell puts before the cells of its column."""
    if not any(run.text.strip() for run in cell.runs):
        return ()
    return (*(replace(run, style=run.style | Style.DIM) for run in cell.runs), Run(": ", Style.DIM))
