"""What is told of one comment on a sheet of its own: its author's words everywhere, what an edit changed. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import tzinfo
from difflib import SequenceMatcher
from itertools import pairwise

from msgspec.structs import replace
from textual.content import Content

from tui_reader import text
from tui_reader.document.blocks import Document
from tui_reader.document.export import to_text
from tui_reader.document.html import blocks, plain
from tui_reader.document.layout import lines as laid_out
from tui_reader.model import Comment, CommentEdit, Mute, ThreadItem
from tui_reader.tui import lines
from tui_reader.tui.paint import painted
from tui_reader.tui.sheet import Sheet
from tui_reader.tui.widgets.page import PageLine

QUOTED = 78
"""Cells of a line of a quotation."""


def author(name: str, url: str, said: Sequence[tuple[Comment, str, int]], now: int, zone: tzinfo | None) -> Sheet:
    """Everything stored of one author, newest first: when, below which article, the first words."""
    return Sheet(f"{name} · {text.plural(len(said), 'comment')}", lambda width: _author(url, said, now, zone, width))


def _author(
    url: str, said: Sequence[tuple[Comment, str, int]], now: int, zone: tzinfo | None, width: int
) -> Iterator[PageLine]:
    if url:
        yield PageLine(Content.styled(f"  {text.cut(url, width - 4)}", "$text-muted"))
        yield PageLine(Content(""))
    for comment, title, _ in said:
        when = text.clock(_when(comment), now, zone)
        yield PageLine(Content.assemble("  ", (text.cut(f"{when} · {title}", width - 4), "bold")))
        words = comment.html if comment.is_text else plain(comment.html)
        yield PageLine(Content.styled(f"  {text.cut(text.clean(words), width - 4)}", "$text-muted"))
        yield PageLine(Content(""))


def ancestors(way: Sequence[ThreadItem], text_of: Callable[[Comment], Document], now: int) -> Sheet:
    """What a comment answers, from the top down to itself."""
    return Sheet("What it answers", lambda width: _ancestors(way, text_of, now, width))


def _ancestors(
    way: Sequence[ThreadItem], text_of: Callable[[Comment], Document], now: int, width: int
) -> Iterator[PageLine]:
    for number, item in enumerate(way):
        if number:
            yield PageLine(Content(""))
        level = replace(item, depth=0, guides=())
        yield PageLine(lines.comment(level, width, now, author="", folded=False), number)
        if item.comment is not None:
            lead = lines.guides(level, first=False)
            for line in laid_out(text_of(item.comment), max(24, width - 4)):
                yield PageLine(lead + painted(line), number)


def changes(comment: Comment, edits: Sequence[CommentEdit], now: int, zone: tzinfo | None) -> Sheet:
    """Each version against the one after it, the oldest edit first."""
    return Sheet(f"{comment.author or 'someone'} · edited", lambda width: _changes(comment, edits, now, zone, width))


def _changes(
    comment: Comment, edits: Sequence[CommentEdit], now: int, zone: tzinfo | None, width: int
) -> Iterator[PageLine]:
    versions = [_words(one.html, is_text=one.is_text) for one in edits]
    versions.append(_words(comment.html, is_text=comment.is_text))
    for edit, (before, after) in zip(edits, pairwise(versions), strict=True):
        seen = f"  changed by {text.clock(edit.seen_at, now, zone)}"
        yield PageLine(Content.styled(seen, "$text-muted"))
        yield from wrapped(difference(before, after), width - 4)
        yield PageLine(Content(""))


def difference(before: Sequence[str], after: Sequence[str]) -> list[tuple[str, str]]:
    """The words of both versions in order, as (word, style): what went away struck, what came underlined."""
    made: list[tuple[str, str]] = []
    for kind, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            made += [(word, "") for word in after[c:d]]
        else:
            made += [(word, "strike $text-error") for word in before[a:b]]
            made += [(word, "underline $text-success") for word in after[c:d]]
    return made


def wrapped(words: Sequence[tuple[str, str]], width: int) -> Iterator[PageLine]:
    """Words of (text, style) as the lines of a paragraph."""
    line: list[str | tuple[str, str]] = ["  "]
    used = 0
    for word, style in words:
        cells = text.width(word)
        if used and used + 1 + cells > width:
            yield PageLine(Content.assemble(*line))
            line, used = ["  "], 0
        line += [" ", (word, style)] if used else [(word, style)]
        used += cells + (1 if used else 0)
    yield PageLine(Content.assemble(*line))


def _words(html: str, *, is_text: bool) -> list[str]:
    return (html if is_text else plain(html)).split()


def quoted(comment: Comment) -> str:
    """The comment as a mail would quote it, with who said it and where."""
    body = to_text(blocks(comment.html, base=comment.base, is_text=comment.is_text), QUOTED).rstrip("\n")
    lines = [f"{comment.author or 'Someone'}:", *(f"> {line}".rstrip() for line in body.split("\n"))]
    return "\n".join([*lines, comment.url] if comment.url else lines)


def mute(one: Mute, now: int, zone: tzinfo | None) -> tuple[str, str]:
    """A mute as a line of a list: what it silences, and until when."""
    if one.author:
        name = f"{one.author} on {one.host}" if one.host else f"{one.author} everywhere"
    elif one.entry_author:
        name = f"articles by {one.entry_author}"
    elif one.word:
        name = f"articles with “{one.word}”"
    else:
        name = f"a thread of “{one.entry_title}”"
    return name, f"until {text.clock(one.expires_at, now, zone)}" if one.expires_at is not None else "for good"


def _when(comment: Comment) -> int:
    return comment.published if comment.published is not None else comment.arrived
