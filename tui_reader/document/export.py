"""A document as text and as Markdown, for the command line and for other programs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from tui_reader.document.blocks import Block, Cell, Document, Kind, Run, Style
from tui_reader.document.layout import lines

_SPECIAL = re.compile(r"([\\`*_\[\]<>])")
_AT_START = re.compile(r"^(\s*)([#>+-]|\d+\.)(\s)")


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
        text = "\n".join(_prefixed(block, _block(block, document), drawn))
        made.append(("\n" if block.tight and made else "\n\n" if made else "") + text)
    return "".join(made) + "\n"


def _prefixed(block: Block, body: Iterable[str], drawn: set[int]) -> Iterator[str]:
    for line in body:
        lead = ""
        for gutter in block.gutters:
            if gutter.quote:
                lead += "> "
            elif gutter.id in drawn or not gutter.mark.strip():
                lead += " " * (2 if gutter.mark.strip() in {"•", "◦", "▪", ""} else 3)
            else:
                drawn.add(gutter.id)
                mark = gutter.mark.strip()
                lead += f"{mark} " if mark.rstrip(".").isdigit() else "- "
        yield (lead + line).rstrip()


def _block(block: Block, document: Document) -> list[str]:
    match block.kind:
        case Kind.RULE:
            return ["---"]
        case Kind.CODE:
            return ["```", *"".join(run.text for run in block.runs).split("\n"), "```"]
        case Kind.TABLE:
            return _table(block.rows, document)
        case Kind.HEADING:
            return [f"{'#' * block.level} {_inline(block.runs, document)}"]
        case Kind.PARAGRAPH:
            return _AT_START.sub(r"\1\\\2\3", _inline(block.runs, document)).split("\n")


def _inline(runs: Iterable[Run], document: Document) -> str:
    made: list[str] = []
    link: int | None = None
    for run in (*runs, Run("")):
        if link is not None and run.link != link:
            made.append(f"](<{document.links[link - 1].url}>)")
            link = None
        if run.style & Style.NUMBER:
            continue
        if run.link is not None and link is None:
            made.append("[")
            link = run.link
        made.append(_styled(run))
    return "".join(made).replace("\n", "  \n").strip()


def _styled(run: Run) -> str:
    if run.style & (Style.CODE | Style.KBD):
        fence = "``" if "`" in run.text else "`"
        return f"{fence}{run.text}{fence}"
    text = _SPECIAL.sub(r"\\\1", run.text)
    core = text.strip()
    if not core:
        return text
    for style, mark in ((Style.STRONG, "**"), (Style.EM, "*"), (Style.DELETED, "~~")):
        if run.style & style:
            core = f"{mark}{core}{mark}"
    return text[: len(text) - len(text.lstrip())] + core + text[len(text.rstrip()) :]


def _table(rows: tuple[tuple[Cell, ...], ...], document: Document) -> list[str]:
    count = max((sum(cell.columns for cell in row) for row in rows), default=0)
    made: list[str] = []
    for place, row in enumerate(rows):
        cells: list[str] = []
        for cell in row:
            cells.append(_inline(cell.runs, document).replace("  \n", "<br>").replace("|", "\\|"))
            cells += [""] * (cell.columns - 1)
        cells += [""] * (count - len(cells))
        made.append(f"| {' | '.join(cells)} |")
        if place == 0:
            made.append("|" + " --- |" * count)
    return made
