"""What went wrong with feeds, in full."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import tzinfo

from textual.content import Content

from tui_reader import text
from tui_reader.document.blocks import Block, Document, Kind, Run
from tui_reader.document.layout import lines as laid_out
from tui_reader.model import Feed
from tui_reader.tui import trouble
from tui_reader.tui.sheet import Sheet
from tui_reader.tui.widgets.page import PageLine

LABEL = 16


def sheet(feeds: Sequence[Feed], now: int, zone: tzinfo | None, key: trouble.Keys) -> Sheet:
    """The faults of these feeds, with the keys that help."""
    told = [(feed.title, trouble.details(feed, now, zone, key)) for feed in feeds]
    return Sheet("What went wrong", lambda width: _lines(told, width))


def _lines(told: Sequence[tuple[str, Sequence[tuple[str, str]]]], width: int) -> Iterator[PageLine]:
    for number, (title, details) in enumerate(told):
        if number:
            yield PageLine(Content(""))
        yield PageLine(Content.assemble("  ", ("⚠ ", "$text-error"), (text.cut(title, width - 6), "bold")))
        for label, said in details:
            for part_number, part in enumerate(_wrapped(said, max(20, width - LABEL - 6))):
                yield PageLine(
                    Content.assemble("  ", (text.pad("" if part_number else label, LABEL), "$text-muted"), part)
                )


def _wrapped(said: str, width: int) -> list[str]:
    paragraph = Document((Block(Kind.PARAGRAPH, (Run(said),)),))
    return [line.text for line in laid_out(paragraph, width)]
