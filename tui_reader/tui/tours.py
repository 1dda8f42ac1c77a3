"""A tour of the ten keys that are enough to read with, as they are bound now."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from textual.content import Content

from tui_reader import text
from tui_reader.tui.sheet import Sheet
from tui_reader.tui.widgets.page import PageLine

TEN = (
    (("move.down", "move.up"), "go down and up; 5j goes five down"),
    (("pane.in", "pane.out"), "go in and out: feeds, articles, the article"),
    (("read.on",), "read on: down the page, then what is unread next"),
    (("entry.next_unread",), "open the next unread article"),
    (("discussion.show",), "show its discussion, and back"),
    (("entry.star",), "star it; a star keeps it"),
    (("act.undo",), "take back what you did last, whatever it was"),
    (("find.here", "find.everywhere"), "narrow this list; search everything"),
    (("refresh.all",), "ask the feeds that are due for news"),
    (("app.palette", "app.help"), "do anything by its name; show every key"),
)
"""The commands whose keys make the tour, in the order of an evening's reading, and what they do."""


def sheet(key_of: Callable[[str], str]) -> Sheet:
    """The tour; any closing key skips it."""
    return Sheet("Ten keys", lambda width: _lines(key_of, width))


def _lines(key_of: Callable[[str], str], width: int) -> Iterator[PageLine]:
    yield PageLine(Content(""))
    for number, (commands, sentence) in enumerate(TEN, 1):
        keys = "  ".join(filter(None, map(key_of, commands))) or "no key"
        yield PageLine(
            Content.assemble(
                (f"{number:>4}  ", "$text-muted"),
                (text.pad(keys, 11), "bold $primary"),
                text.cut(sentence, max(10, width - 19)),
            )
        )
    yield PageLine(Content(""))
    yield PageLine(Content.assemble("  ", ("Find it again under “tour” in the command line.", "$text-muted")))
    yield PageLine(Content.assemble("  ", ("Nothing you press is final: undo knows it all.", "$text-muted")))
