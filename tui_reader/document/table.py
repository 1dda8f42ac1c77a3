"""Tables to lines: a grid when it fits, else a record for each row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from tui_reader.document.blocks import Cell, Line, Run, Style
from tui_reader.text import width

_GAP = 3
_LEAST_COLUMN = 6
_MOST_COLUMNS = 24


@dataclass(frozen=True, slots=True)
class _Placed:
    """A cell with the column it begins in."""

    cell: Cell
    column: int


def table_lines(rows: Sequence[Sequence[Cell]], columns: int) -> Iterator[Line]:
    """The lines of a table, none wider than `columns` cells."""
    grid, count = _placed(rows)
    widths = _widths(grid, count, columns) if 0 < count <= _MOST_COLUMNS else None
    if widths is None:
        yield from _records(grid, columns)
        return
    for place, row in enumerate(grid):
        yield from _row(row, widths)
        if _is_header(row) and place + 1 < len(grid) and not _is_header(grid[place + 1]):
            yield Line((Run("─┼─".join("─" * size for size in widths), Style.GUTTER),))


def _placed(rows: Sequence[Sequence[Cell]]) -> tuple[list[list[_Placed]], int]:
    """Every cell in its column, passing over those that reach down from above."""
    grid: list[list[_Placed]] = []
    down: dict[int, int] = {}
    count = 0
    for row in rows:
        line: list[_Placed] = []
        column = 0
        for cell in row:
            while down.get(column, 0) > 0:
                column += 1
            line.append(_Placed(cell, column))
            for covered in range(column, column + cell.columns):
                down[covered] = cell.rows
            column += cell.columns
            count = max(count, column)
        down = {place: left - 1 for place, left in down.items() if left > 1}
        grid.append(line)
    return grid, count


def _widths(grid: list[list[_Placed]], count: int, columns: int) -> list[int] | None:
    """A width for each column: what it wants when all fit, else a fair share; None when that is too narrow."""
    wanted = [1] * count
    for row in grid:
        for placed in row:
            if placed.cell.columns == 1:
                lines = "".join(run.text for run in placed.cell.runs).split("\n")
                wanted[placed.column] = max(wanted[placed.column], *(width(line) for line in lines))
    room = columns - _GAP * (count - 1)
    if sum(wanted) <= room:
        return wanted
    least = [min(size, _LEAST_COLUMN) for size in wanted]
    if sum(least) > room:
        return None
    widths = list(least)
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


def _is_header(row: Sequence[_Placed]) -> bool:
    return bool(row) and all(placed.cell.header for placed in row)


def _row(row: Sequence[_Placed], widths: Sequence[int]) -> Iterator[Line]:
    from tui_reader.document.layout import wrapped

    cells: dict[int, tuple[_Placed, int, list[Line]]] = {}
    for placed in row:
        span = widths[placed.column : placed.column + placed.cell.columns]
        size = sum(span) + _GAP * (len(span) - 1)
        runs = placed.cell.runs
        if placed.cell.header:
            runs = tuple(replace(run, style=run.style | Style.STRONG) for run in runs)
        cells[placed.column] = (placed, size, list(wrapped(runs, max(size, 1))))
    height = max((len(lines) for _, _, lines in cells.values()), default=0)
    for number in range(height):
        made: list[Run] = []
        column = 0
        while column < len(widths):
            if column:
                made.append(Run(" │ ", Style.GUTTER))
            if column not in cells:
                made.append(Run(" " * widths[column]))
                column += 1
                continue
            placed, size, lines = cells[column]
            made += _aligned(lines[number].runs if number < len(lines) else (), size, placed.cell.align)
            column += placed.cell.columns
        yield Line(tuple(made))


def _aligned(runs: Sequence[Run], size: int, align: str) -> list[Run]:
    free = size - sum(width(run.text) for run in runs)
    before = free if align == "right" else free // 2 if align == "center" else 0
    return [Run(" " * before), *runs, Run(" " * (free - before))]


def _records(grid: list[list[_Placed]], columns: int) -> Iterator[Line]:
    """One row after the other, each cell behind the name of its column."""
    from tui_reader.document.layout import wrapped

    names: dict[int, str] = {}
    if grid and _is_header(grid[0]):
        names = {placed.column: "".join(run.text for run in placed.cell.runs).strip() for placed in grid.pop(0)}
    for place, row in enumerate(grid):
        if place:
            yield Line((Run("┄" * min(columns, 16), Style.GUTTER),))
        for placed in row:
            name = names.get(placed.column, "")
            lead = (Run(f"{name}: ", Style.DIM),) if name else ()
            yield from wrapped((*lead, *placed.cell.runs), columns)
