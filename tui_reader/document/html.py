"""HTML as feeds carry it, to blocks.

An allow-list: what is not known as an element is its text; scripts, styles, controls and invisible things are dropped;
nothing is fetched. The tree is walked without recursion. White space is collapsed as a browser does it, over the
borders of inline elements.
"""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape

from selectolax.lexbor import LexborHTMLParser

from tui_reader.document.blocks import Block, Document, Kind, Note, Run, Style
from tui_reader.document.elements import Builder
from tui_reader.document.flow import reads_leftwards
from tui_reader.text import clean_block, size

LONGEST = 3_000_000
"""Characters of HTML that are laid out; the rest is named, not silently lost."""

_TAG = re.compile(r"<[a-zA-Z/!]")
_ESCAPED = re.compile(
    r"&lt;(?:/(?:p|div|a|ul|ol|li|h[1-6]|blockquote|em|strong|b|i|pre|table|span|figure)|(?:br|p|hr)\s*/?)&gt;",
    re.IGNORECASE,
)
_PARAGRAPHS = re.compile(r"\n[ \t]*\n\s*")


def blocks(html: str, *, base: str = "", is_text: bool = False) -> Document:
    """The document of a body; relative links join `base`. Never raises, whatever the markup."""
    html = clean_block(html)
    if not is_text and is_escaped_twice(html):
        html = clean_block(unescape(html))
    rest = len(html) - LONGEST
    found = _plain(html[:LONGEST]) if is_text else _marked_up(html[:LONGEST], base)
    if rest > 0:
        note = Block(Kind.PARAGRAPH, (Run(f"… {size(rest)} more; open the page to read it", Style.DIM),))
        found = replace(found, blocks=(*found.blocks, note))
    return found


def is_escaped_twice(html: str) -> bool:
    """Whether all markup of a body is escaped: a feed that escapes what was escaped already."""
    return bool(_ESCAPED.search(html)) and not _TAG.search(html)


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
    last = len(builder.blocks) - 1
    notes = (
        Note(-number, text, min(builder.anchors.get(fragment, 0), last))
        for number, (fragment, text) in enumerate(builder.links.inside, 1)
    )
    return Document(tuple(builder.blocks), tuple(builder.links.listed), tuple(notes))


def _plain(text: str) -> Document:
    """text/plain: an empty line ends a paragraph, a line end inside one stays."""
    parts = (part.strip("\n").expandtabs(4) for part in _PARAGRAPHS.split(text))
    return Document(
        tuple(Block(Kind.PARAGRAPH, (Run(part),), right=reads_leftwards(part)) for part in parts if part.strip())
    )
