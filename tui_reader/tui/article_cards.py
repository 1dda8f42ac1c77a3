"""What is told of an article on a sheet of its own: what changed in it, how it came. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import tzinfo
from difflib import SequenceMatcher
from itertools import pairwise

from textual.content import Content

from tui_reader import text
from tui_reader.document.blocks import Block, Document, Kind, Run
from tui_reader.document.html import plain
from tui_reader.document.layout import lines as laid_out
from tui_reader.document.syntax import coloured
from tui_reader.model import Entry, Version
from tui_reader.tui.cards import difference, wrapped
from tui_reader.tui.paint import painted
from tui_reader.tui.sheet import Sheet
from tui_reader.tui.widgets.page import PageLine

MOST_COMPARED = 1500
"""Words of a changed passage that are compared one by one; a longer one is shown whole, before and after."""

Word = tuple[str, str]
"""A word and its style."""


def changes(entry: Entry, versions: Sequence[Version], now: int, zone: tzinfo | None) -> Sheet:
    """Each version of an article against the one after it, the newest change first. Compares at once: may take long."""
    texts = [_paragraphs(one.title, one.html, is_text=one.is_text) for one in versions]
    texts.append(_paragraphs(entry.row.title, entry.html, is_text=entry.is_text))
    made = [
        (f"changed by {text.clock(version.seen_at, now, zone)}", list(_compared(before, after)))
        for version, (before, after) in zip(versions, pairwise(texts), strict=True)
    ]
    return Sheet(f"{text.cut(entry.row.title, 60)} · edited", lambda width: _shown(made[::-1], width))


def _paragraphs(title: str, body: str, *, is_text: bool) -> list[str]:
    said = body if is_text else plain(body)
    return [" ".join(line.split()) for line in (title, *said.split("\n")) if line.strip()]


def _compared(before: Sequence[str], after: Sequence[str]) -> Iterator[list[Word]]:
    """The paragraphs that differ, word by word; what stands between them is counted."""
    for kind, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            yield [(f"⋯ {text.plural(b - a, 'paragraph')} as before", "$text-muted")]
            continue
        old, new = " ".join(before[a:b]).split(), " ".join(after[c:d]).split()
        if len(old) + len(new) <= MOST_COMPARED:
            yield difference(old, new)
        else:
            yield [(word, "strike $text-error") for word in old]
            yield [(word, "underline $text-success") for word in new]


def _shown(made: Sequence[tuple[str, Sequence[Sequence[Word]]]], width: int) -> Iterator[PageLine]:
    for told, paragraphs in made:
        yield PageLine(Content.styled(f"  {told}", "bold"))
        for words in paragraphs:
            yield PageLine(Content(""))
            yield from wrapped(words, width - 4)
        yield PageLine(Content(""))


def source(entry: Entry) -> Sheet:
    """The article's text as it came. Colours it at once: may take long."""
    said = entry.text
    code = Block(Kind.CODE, (Run(text.clean_block(said.body)),), language="" if said.is_text else "html")
    document = coloured(Document((code,)))
    kind = "plain text" if said.is_text else "HTML"
    title = f"Source · {kind} · {text.size(len(said.body.encode('utf-8', 'replace')))}"
    return Sheet(title, lambda width: (PageLine(painted(line)) for line in laid_out(document, width - 1)))
