"""How the commands print: JSON for scripts, lines and tables for people, all of it harmless for a terminal."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from typing import Any

from tui_reader import text

Shape = dict[str, Any]


def print_json(shape: object) -> None:
    """Print one JSON document, its texts harmless for a terminal."""
    unicode = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
    json.dump(_harmless(shape), sys.stdout, ensure_ascii=not unicode, indent=2, allow_nan=False)
    sys.stdout.write("\n")


def _harmless(shape: object) -> object:
    match shape:
        case str():
            return text.clean_block(shape)
        case dict():
            return {name: _harmless(value) for name, value in shape.items()}
        case list():
            return [_harmless(value) for value in shape]
        case _:
            return shape


def print_line(line: str) -> None:
    """Print one line, harmless for a terminal."""
    print(text.clean(line, limit=100_000))


def print_block(block: str) -> None:
    """Print text of several lines, harmless for a terminal; its line ends stay."""
    sys.stdout.write(text.clean_block(block).rstrip("\n") + "\n")


def print_table(rows: Iterable[Sequence[str]], columns: int | None) -> None:
    """Print rows with their cells aligned, the last one ragged; cut to `columns` unless None. A column whose cells
    are all digits is set to the right."""
    cells = [[text.clean(cell) for cell in row] for row in rows]
    widths = [max(map(text.width, column)) for column in zip(*cells, strict=True)]
    right = [all(cell.isdigit() or not cell for cell in column) for column in zip(*cells, strict=True)]
    for row in cells:
        filled = [
            " " * (wide - text.width(cell)) + cell if to_right else text.pad(cell, wide)
            for cell, wide, to_right in zip(row, widths, right, strict=True)
        ]
        line = "  ".join(filled).rstrip()
        print(line if columns is None else text.cut(line, columns))
