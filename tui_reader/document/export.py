"""A document as text and as Markdown, for the command line and for other programs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from tui_reader.document.blocks import Block, Cell, Document, Kind, Run, Style
from tui_reader.document.layout import lines
from tui_reader.document.table import in_columns
from tui_reader.document.tags import LABELS

_SPECIAL = re.compile(r"[\\`*_\[\]<>]|~(?=~)|&(?=#?\w+;)")
_AT_START = re.compile(r"^(\s*)(?:(#{1,6}|[>+-]|[=-]{2,})(?=\s|$)|(\d{1,9})([.)])(?=\s|$))", re.MULTILINE)
_TICKS = re.compile(r"`+")
_IN_ADDRESS = str.maketrans({"<": "%3C", ">": "%3E", "&": "&amp;", "\\": "%5C"})
_EMPHASIS = ((Style.STRONG, "**"), (Style.EM, "*"), (Style.DELETED, "~~"))


def to_text(document: Document, columns: int) -> str:
    """The document as it stands on the screen, its links listed below."""
    body = "\n".join(line.text.rstrip() for line in lines(document, columns))
    listed = "\n".join(f"[{link.number}] {link.url}" for link in document.links)
    return f"{body}\n\n{listed}\n" if listed else f"{body}\n"


def to_markdown(document: Document) -> str:
    """The document as CommonMark (tables as in GitHub's), links in place."""
    made: list[str] = []
    drawn: set[int] = set()
    for block in document.blocks:
        begins_item = any(_is_mark(gutter.mark) and gutter.id not in drawn for gutter in block.gutters)
        text = "\n".join(_prefixed(block, _block(block, document), drawn))
        made.append(("\n" if block.tight and begins_item else "\n\n") + text if made else text)
    return "".join(made) + "\n"


def inline_text(text: str) -> str:
    """A line of plain text as Markdown that means just that text."""
    return _AT_START.sub(_literal, _SPECIAL.sub(r"\\\g<0>", text))


def _is_mark(mark: str) -> bool:
    """Whether a gutter's mark begins a list item: neither a quote's bar nor the room before a definition."""
    return bool(mark.strip()) and not mark.startswith("▎")


def _prefixed(block: Block, body: Iterable[str], drawn: set[int]) -> Iterator[str]:
    """The lines of a block behind the marks of what it stands in, or the room those take."""
    for line in body:
        lead = ""
        for gutter in block.gutters:
            if gutter.quote:
                lead += "> "
            elif _is_mark(gutter.mark):
                mark = gutter.mark.strip()
                mark = f"{mark} " if mark.rstrip(".").isdigit() else "- "
                lead += " " * len(mark) if gutter.id in drawn else mark
                drawn.add(gutter.id)
        yield (lead + line).rstrip(" ") if not line.endswith("  ") else lead + line


def _block(block: Block, document: Document) -> list[str]:
    match block.kind:
        case Kind.RULE:
            return ["---"]
        case Kind.CODE:
            code = "".join(run.text for run in block.runs)
            fence = _ticks(code, 3)
            return [fence, *code.split("\n"), fence]
        case Kind.TABLE:
            return _table(block.rows, document)
        case Kind.HEADING:
            return [f"{'#' * block.level} {_inline(block.runs, document, ' ')}"]
        case Kind.PARAGRAPH:
            return _AT_START.sub(_literal, _inline(block.runs, document, "  \n")).split("\n")


def _literal(begin: re.Match[str]) -> str:
    space, sign, number, end = begin.groups()
    return f"{space}\\{sign}" if sign else f"{space}{number}\\{end}"


def _ticks(text: str, least: int) -> str:
    """A fence longer than any row of backticks in the text."""
    return "`" * max(least, max((len(row) for row in _TICKS.findall(text)), default=0) + 1)


def _inline(runs: Iterable[Run], document: Document, line_end: str) -> str:
    made: list[str] = []
    link: int | None = None
    for run in (*runs, Run("")):
        to = run.link if run.link is not None and run.link > 0 else None
        if link is not None and to != link:
            made.append(f"](<{_address(document, link)}>)")
            link = None
        if run.style & Style.NUMBER:
            continue
        if to is not None and link is None:
            if run.style & Style.MEDIA and not run.style & Style.LINK and run.text.startswith(LABELS["image"]):
                shown = _SPECIAL.sub(r"\\\g<0>", run.text.removeprefix(LABELS["image"]).strip())
                made.append(f"![{shown}](<{_address(document, to)}>)")
                continue
            if made and made[-1].endswith("!"):
                made[-1] = made[-1][:-1] + "\\!"
            made.append("[")
            link = to
        made.append(_styled(run))
    return "".join(made).strip().replace("\n", line_end)


def _address(document: Document, number: int) -> str:
    return document.links[number - 1].url.translate(_IN_ADDRESS)


def _styled(run: Run) -> str:
    if run.style & (Style.CODE | Style.KBD):
        ticks = _ticks(run.text, 1)
        gap = " " if "`" in (run.text[:1], run.text[-1:]) else ""
        return f"{ticks}{gap}{run.text}{gap}{ticks}"
    written = run.text.partition(" ")[2] if run.style & Style.MEDIA else run.text
    text = _SPECIAL.sub(r"\\\g<0>", written)
    core = text.strip()
    if not any(one.isalnum() for one in core):
        return text
    before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    for style, mark in _EMPHASIS:
        if run.style & style:
            core = f"{mark}{core}{mark}"
    return before + core + after


def _table(rows: Sequence[Sequence[Cell]], document: Document) -> list[str]:
    """A row of cells a line, each in its column; the first row is the head, as the format has it."""
    grid = [{one.column: one.cell for one in row} for row in in_columns(rows)]
    count = max((column + cell.columns for row in grid for column, cell in row.items()), default=0)
    made: list[str] = []
    for place, row in enumerate(grid):
        cells = [_cell(row.get(column), document) for column in range(count)]
        made.append(f"| {' | '.join(cells)} |")
        if place == 0:
            made.append("|" + " --- |" * count)
    return made


def _cell(cell: Cell | None, document: Document) -> str:
    return _inline(cell.runs, document, "<br>").replace("|", "\\|") if cell is not None else ""
