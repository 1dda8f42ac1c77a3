"""HTML as feeds carry it, to blocks.

An allow-list: what is not known as an element is its text; scripts, styles, controls and invisible things are dropped;
nothing is fetched. The tree is walked without recursion. White space is collapsed as a browser does it, over the
borders of inline elements.
"""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser

from tui_reader.document.blocks import Block, Document, Kind, Run, Style
from tui_reader.document.elements import Builder
from tui_reader.document.flow import reads_leftwards
from tui_reader.text import clean_block, size

LONGEST = 3_000_000
"""Characters of HTML that are laid out; the rest is named, not silently lost."""

_PARAGRAPHS = re.compile(r"\n[ \t]*\n\s*")


def blocks(html: str, *, base: str = "", is_text: bool = False) -> Document:
    """The document of a body; relative links join `base`. Never raises, whatever the markup."""
    html = clean_block(html)
    rest = len(html) - LONGEST
    found = _plain(html[:LONGEST]) if is_text else _marked_up(html[:LONGEST], base)
    if rest > 0:
        note = Block(Kind.PARAGRAPH, (Run(f"… {size(rest)} more; open the page to read it", Style.DIM),))
        found = Document((*found.blocks, note), found.links)
    return found


def plain(html: str) -> str:
    """The readable text of a body, a paragraph a line, without numbers or marks of ours."""
    lines = []
    for block in blocks(html).blocks:
        runs = block.runs or tuple(run for row in block.rows for cell in row for run in (*cell.runs, Run(" ")))
        lines.append("".join(run.text for run in runs if not run.style & (Style.NUMBER | Style.GUTTER)))
    return "\n".join(line for line in lines if line.strip())


def _marked_up(html: str, base: str) -> Document:
    builder = Builder(base)
    body = LexborHTMLParser(html).body
    if body is not None:
        builder.walk(body)
    return Document(tuple(builder.blocks), tuple(builder.links.listed))


def _plain(text: str) -> Document:
    """text/plain: an empty line ends a paragraph, a line end inside one stays."""
    parts = (part.strip("\n").expandtabs(4) for part in _PARAGRAPHS.split(text))
    return Document(
        tuple(Block(Kind.PARAGRAPH, (Run(part),), right=reads_leftwards(part)) for part in parts if part.strip())
    )
