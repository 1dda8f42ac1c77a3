"""HTML as feeds carry it, to blocks.

An allow-list: what is not known as an element is its text; scripts, styles, controls and invisible things are dropped;
nothing is fetched. The tree is walked without recursion. White space is collapsed as a browser does it, over the
borders of inline elements.
"""

from __future__ import annotations

import re
from itertools import pairwise
from textwrap import dedent

from msgspec.structs import replace
from selectolax.lexbor import LexborHTMLParser, LexborNode

from tui_reader.document.blocks import Block, Document, Kind, Note, Run, Style
from tui_reader.document.elements import Builder
from tui_reader.document.flow import reads_leftwards
from tui_reader.text import clean_block, size, width

LONGEST = 3_000_000
"""Characters of HTML that are laid out; the rest is named, not silently lost."""

_NO_BREAK = "\u00a0"
_PARAGRAPHS = re.compile(r"\n(?:[ \t]*\n)+")
_TAB = 8
"""Cells from one stop to the next in text that was written for a terminal."""
_COLUMNS = re.compile(r"[^\s.!?:;,] {2,}\S|\S {3,}\S|[\u2500-\u259f]{2}")
_LEAST_FILLED, _MOST_FILLED = 55, 100
"""Cells of the longest line of a paragraph that somebody's program wrapped."""
_OWN_LINE = re.compile(r"[\s>*•#|+-]|\w{1,3}[.)] |\S+$")
"""A line that begins something of its own, or is only one word."""
_ESCAPED = re.compile(
    r"\s*<(p|div|h[1-6]|ul|ol|table|blockquote|figure|section|article)\b[^<>]*>.*</?\w+\s*/?>\s*", re.DOTALL
)


def blocks(html: str, *, base: str = "", is_text: bool = False) -> Document:
    """The document of a body; relative links join `base`. Never raises, whatever the markup."""
    html = clean_block(html)
    rest = len(html) - LONGEST
    found = _plain(html[:LONGEST]) if is_text else _marked_up(html[:LONGEST], base)
    if rest > 0:
        note = Block(Kind.PARAGRAPH, (Run(f"… {size(rest)} more; open the page to read it", Style.DIM),))
        found = replace(found, blocks=(*found.blocks, note))
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
        if _is_escaped_twice(body):
            body = LexborHTMLParser(body.text(deep=True) or "").body or body
        builder.walk(body)
    last = len(builder.blocks) - 1
    notes = (
        Note(-number, text, min(builder.anchors.get(fragment, 0), last))
        for number, (fragment, text) in enumerate(builder.links.inside, 1)
    )
    return Document(tuple(builder.blocks), tuple(builder.links.listed), tuple(notes))


def _is_escaped_twice(body: LexborNode) -> bool:
    """Whether a body has no element, and its text is a whole piece of markup."""
    child = body.first_child
    while child is not None:
        if not child.is_text_node:
            return False
        child = child.next
    return _ESCAPED.fullmatch(body.text(deep=True) or "") is not None


def _plain(text: str) -> Document:
    """text/plain: an empty line ends a paragraph."""
    parts = (part.strip("\n") for part in _PARAGRAPHS.split(text))
    return Document(tuple(_plain_block(part) for part in parts if part.strip()))


def _plain_block(part: str) -> Block:
    """A paragraph of plain text. What was drawn or set in columns stays as it is; lines stay and keep their indents,
    but those a program wrapped flow again."""
    lines = dedent(part.expandtabs(_TAB)).split("\n")
    if len(lines) > 1 and sum(_COLUMNS.search(line) is not None for line in lines) > 1:
        return Block(Kind.CODE, (Run("\n".join(line.rstrip() for line in lines)),))
    if _is_filled(lines):
        lines = [" ".join(line.strip() for line in lines)]
    text = "\n".join(_NO_BREAK * (len(line) - len(line.lstrip(" "))) + line.lstrip(" ") for line in lines)
    return Block(Kind.PARAGRAPH, (Run(text),), right=reads_leftwards(text))


def _is_filled(lines: list[str]) -> bool:
    """Whether each line ends where the first word of the next would not have fitted."""
    longest = max(map(width, lines))
    if len(lines) < 2 or not _LEAST_FILLED <= longest <= _MOST_FILLED or any(map(_OWN_LINE.match, lines[:-1])):
        return False
    return not re.match(r"[\s>*•#|+-]", lines[-1]) and all(
        width(line.rstrip()) + 1 + width(following.split(None, 1)[0]) > longest for line, following in pairwise(lines)
    )
