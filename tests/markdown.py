"""Markdown as another program reads it, and what got lost on the way there and back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

from markdown_it import MarkdownIt

from tests.visible import first_difference
from tui_reader.document.blocks import Block, Document, Kind, Run, Style
from tui_reader.document.export import to_markdown
from tui_reader.document.html import blocks

BASE = "https://blog.example/post/"
SIGNS = re.compile("[▣▶♪]")
GITHUB = MarkdownIt("commonmark", {"maxNesting": 1000}).enable(["table", "strikethrough"])


def back(document: Document) -> Document:
    """A document as Markdown, read by another program and shown again."""
    return blocks(GITHUB.render(to_markdown(document)), base=BASE)


def changed(html: str) -> Iterator[str]:
    """What of a page is not the same after Markdown: its text, words, links, headings and code."""
    before = blocks(html, base=BASE)
    after = back(before)
    for what, one, other in (
        ("text", squeezed(before), squeezed(after)),
        ("words", words(before), words(after)),
        ("links", addresses(before), addresses(after)),
        ("headings", headings(before), headings(after)),
        ("code", code(before), code(after)),
        ("inline code", inline_code(before), inline_code(after)),
    ):
        if difference := first_difference(one, other):
            yield f"{what} {difference}"


def runs(block: Block) -> Iterator[Run]:
    """What a block says, or its cells, without the numbers of links."""
    yield from (run for run in block.runs if not run.style & Style.NUMBER)
    for row in block.rows:
        for cell in row:
            yield Run("\n")
            yield from (run for run in cell.runs if not run.style & Style.NUMBER)


def text(document: Document) -> str:
    """Everything a document says, a line end between blocks, a space around pictures."""
    told = (
        "".join(f" {run.text} " if run.style & Style.MEDIA else run.text for run in runs(block))
        for block in document.blocks
    )
    return SIGNS.sub("", "\n".join(told))


def squeezed(document: Document) -> str:
    """Every sign of it that is no white space."""
    return "".join(text(document).split())


def words(document: Document) -> list[str]:
    """What stands between white space."""
    return text(document).split()


def addresses(document: Document) -> list[str]:
    """Where the links lead, in their order; Markdown has none in a block of code."""
    told = {run.link for block in document.blocks if block.kind is not Kind.CODE for run in runs(block)}
    return [unquote(link.url) for link in document.links if link.number in told]


def headings(document: Document) -> list[str]:
    """The headings with their levels."""
    found = (block for block in document.blocks if block.kind is Kind.HEADING)
    return [f"{block.level} {squeezed(Document((block,)))}" for block in found]


def code(document: Document) -> list[str]:
    """The blocks of code, each line as it stands, without white space at the end, where only the number of a link may stand."""
    found = (block for block in document.blocks if block.kind is Kind.CODE)
    told = ("".join(run.text for run in runs(block)).expandtabs(4).rstrip() for block in found)
    return [one for one in told if one]


def inline_code(document: Document) -> str:
    """What is written as code within text."""
    found = (run for block in document.blocks if block.kind is not Kind.CODE for run in runs(block))
    return "".join("".join(run.text.split()) for run in found if is_code(run))


def is_code(run: Run) -> bool:
    """Whether a run is code, not a picture within."""
    return bool(run.style & (Style.CODE | Style.KBD)) and not run.style & Style.MEDIA
