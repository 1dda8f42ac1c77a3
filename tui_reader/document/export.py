"""A document as text and as Markdown, for the command line and for other programs."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from msgspec.structs import replace

from tui_reader.document.blocks import Block, Cell, Document, Gutter, Kind, Run, Style
from tui_reader.document.layout import lines, shared
from tui_reader.document.table import in_columns
from tui_reader.document.tags import LABELS

_SPECIAL = re.compile(r"[\\`*\[\]<>~]|(?<![^\W_])_+|_+(?![^\W_])|&(?=#?\w*(?:;|$))")
"""What means something in a line. An underscore within a word does not, and an address keeps its own."""
_AT_START = re.compile(r"^(\s*)(?:(#{1,6}|[+-])(?=\s|$)|([-=:|])(?=[-=:|\s]*$)|(\d{1,9})([.)])(?=\s|$))")
"""What means something where one begins: a heading, an item, a rule, what underlines a heading or a table's head."""
_CLOSING = re.compile(r"#+$")
_TICKS = re.compile(r"`+")
_IN_ADDRESS = str.maketrans({"<": "%3C", ">": "%3E", "&": "&amp;", "\\": "%5C"})
_EMPHASIS = ((Style.STRONG, "**"), (Style.EM, "*"))
_FIXED = Style.CODE | Style.KBD
_WORDS = frozenset("LMN")
"""The categories of what may stand beside a mark of emphasis wherever it is."""


def to_text(document: Document, columns: int) -> str:
    """The document as it stands on the screen, its links listed below."""
    body = "\n".join(line.text.rstrip() for line in lines(document, columns))
    listed = "\n".join(f"[{link.number}] {link.url}" for link in document.links)
    return f"{body}\n\n{listed}\n" if listed else f"{body}\n"


def to_markdown(document: Document) -> str:
    """The document as CommonMark (tables as in GitHub's), links in place."""
    made: list[str] = []
    drawn: set[int] = set()
    before: Block | None = None
    for block in document.blocks:
        if before is not None:
            made.append("\n" if block.tight and _follows(before, block, drawn) else _gap(before, block))
        made.append("\n".join(_prefixed(block, _block(block, document), drawn)))
        before = block
    return "".join(made) + "\n"


def inline_text(text: str) -> str:
    """A line of plain text as Markdown that means just that text."""
    return _AT_START.sub(_literal, _SPECIAL.sub(_escaped, text))


def _follows(before: Block, block: Block, drawn: set[int]) -> bool:
    """Whether a block begins an item that may stand on the very next line: one with a number above 1 only after another
    of its list."""
    place = next((n for n, one in enumerate(block.gutters) if _is_mark(one.mark) and one.id not in drawn), None)
    if place is None:
        return False
    if _mark(block.gutters[place]) in {"- ", "1. "}:
        return True
    around = block.gutters[:place]
    return len(before.gutters) > place and before.gutters[:place] == around and _is_mark(before.gutters[place].mark)


def _gap(before: Block, block: Block) -> str:
    """An empty line, behind the bars of the quotes that go on."""
    lead = "".join("> " if gutter.quote else " " * _room(gutter) for gutter in shared(before.gutters, block.gutters))
    return f"\n{lead.rstrip()}\n"


def _is_mark(mark: str) -> bool:
    """Whether a gutter's mark begins a list item: neither a quote's bar nor the room before a definition."""
    return bool(mark.strip()) and not mark.startswith("▎")


def _mark(gutter: Gutter) -> str:
    """The mark of an item in Markdown, which counts in figures only."""
    mark = gutter.mark.strip()
    return f"{mark} " if mark.rstrip(".").isdigit() else "- "


def _room(gutter: Gutter) -> int:
    return len(_mark(gutter)) if _is_mark(gutter.mark) else 0


def _prefixed(block: Block, body: Iterable[str], drawn: set[int]) -> Iterator[str]:
    """The lines of a block behind the marks of what it stands in, or the room those take."""
    for line in body:
        lead = ""
        for gutter in block.gutters:
            if gutter.quote:
                lead += "> "
            elif _is_mark(gutter.mark):
                lead += " " * _room(gutter) if gutter.id in drawn else _mark(gutter)
                drawn.add(gutter.id)
        yield lead + line if line else lead.rstrip()


def _block(block: Block, document: Document) -> list[str]:
    match block.kind:
        case Kind.RULE:
            return ["***" if block.gutters else "---"]  # hyphens behind an item's would be one rule with it
        case Kind.CODE:
            code = "".join(run.text for run in block.runs if not run.style & Style.NUMBER)
            fence = _ticks(code, 3)
            return [f"{fence}{block.language}", *(code.expandtabs(4) if block.gutters else code).split("\n"), fence]
        case Kind.TABLE:
            return _table(block.rows, document)
        case Kind.HEADING:
            text = " ".join(filter(None, _lines(block.runs, document)))
            return [f"{'#' * block.level} {_CLOSING.sub(_escaped, text)}"]
        case Kind.PARAGRAPH:
            return list(_paragraph([_AT_START.sub(_literal, line) for line in _lines(block.runs, document)]))


def _paragraph(written: Sequence[str]) -> Iterator[str]:
    """The lines of a paragraph, two spaces at the end of those that end there; an empty line stays one."""
    for line, after in zip(written, (*written[1:], ""), strict=True):
        yield f"{line}  " if line and after else line


def _literal(begin: re.Match[str]) -> str:
    space, sign, underline, number, end = begin.groups()
    return f"{space}{number}\\{end}" if number else f"{space}\\{sign or underline}"


def _escaped(found: re.Match[str]) -> str:
    return "".join(f"\\{one}" for one in found[0])


def _ticks(text: str, least: int) -> str:
    """A fence longer than any row of backticks in the text."""
    return "`" * max(least, max((len(row) for row in _TICKS.findall(text)), default=0) + 1)


def _lines(runs: Iterable[Run], document: Document) -> Iterator[str]:
    """The lines of a paragraph: every mark of the format that begins in one ends there."""
    line: list[Run] = []
    for run in runs:
        for place, text in enumerate(run.text.split("\n")):
            if place:
                yield _line(line, document)
                line = []
            before = line[-1] if line else None
            if before is not None and _is_fixed(before) and _is_fixed(run) and before.link == run.link:
                line[-1] = replace(before, text=before.text + text)
            elif text and not run.style & Style.NUMBER:
                line.append(replace(run, text=text))
    yield _line(line, document)


def _is_fixed(run: Run) -> bool:
    """Whether a run is written as code."""
    return bool(run.style & _FIXED) and not run.style & (Style.MEDIA | Style.NUMBER)


def _line(runs: Iterable[Run], document: Document) -> str:
    made = ""
    link: int | None = None
    touches = False
    """Whether a mark of emphasis has just ended: another beside it would be read as one with it."""
    for run in (*runs, Run("")):
        to = run.link if run.link is not None and run.link > 0 else None
        if link is not None and to != link:
            made += f"](<{_address(document, link)}>)"
            link, touches = None, False
        if to is not None and link is None:
            if run.style & Style.MEDIA and not run.style & Style.LINK and run.text.startswith(LABELS["image"]):
                shown = _SPECIAL.sub(_escaped, run.text.removeprefix(LABELS["image"]).strip())
                made += f"![{shown}](<{_address(document, to)}>)"
                continue
            if made.endswith("!"):
                made = made[:-1] + "\\!"
            made += "["
            link, touches = to, False
        before, mark, core, after = _styled(run)
        made += before + core + after if touches and not before else before + mark + core + mark[::-1] + after
        touches = bool(mark) and not after
    return made.strip()


def _address(document: Document, number: int) -> str:
    return document.links[number - 1].url.translate(_IN_ADDRESS)


def _styled(run: Run) -> tuple[str, str, str, str]:
    """What stands before the emphasis of a run, its mark, what stands in it and after it.

    A mark that touched a sign of punctuation would mean nothing beside a letter: emphasis is of the words only.
    """
    if _is_fixed(run):
        ticks = _ticks(run.text, 1)
        gap = " " if run.text.strip() and {run.text[0], run.text[-1]} & {"`", " "} else ""
        return "", "", f"{ticks}{gap}{run.text}{gap}{ticks}", ""
    text = run.text.partition(" ")[2] if run.style & Style.MEDIA else run.text
    if run.style & Style.DELETED:
        mark = "~~"
    else:
        mark = "".join(mark for style, mark in _EMPHASIS if run.style & style)
    words = [place for place, one in enumerate(text) if unicodedata.category(one)[0] in _WORDS] if mark else []
    if not words:
        return "", "", _SPECIAL.sub(_escaped, text), ""
    parts = text[: words[0]], text[words[0] : words[-1] + 1], text[words[-1] + 1 :]
    before, core, after = (_SPECIAL.sub(_escaped, part) for part in parts)
    return before, mark, core, after


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
    return "<br>".join(_lines(cell.runs, document)).replace("|", "\\|") if cell is not None else ""
