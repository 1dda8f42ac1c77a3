"""The words around what a search found, as a line under the article. Pure."""

from __future__ import annotations

import re

from textual.content import Content

from tui_reader import text
from tui_reader.model import SearchHit
from tui_reader.tui.lines import MUTED, SELECTED
from tui_reader.tui.widgets.statusbar import cut

INDENT = 6
"""Cells before the words: those of a row's marks and age."""
_HIT = re.compile("\ue000(.*?)\ue001", re.DOTALL)


def line(hit: SearchHit | None, width: int, *, selected: bool = False) -> Content:
    """The words around the hit, it in sight, and that a comment says them; nothing while that is not known."""
    bar = Content.styled(SELECTED, "bold $primary") if selected else Content(" ")
    made = bar + Content(" " * (INDENT - 1))
    if hit is None:
        return cut(made, width)
    if hit.comment_id is not None:
        made += Content.styled("in a comment · ", "$primary")
    pieces = _HIT.split(_from_sight(hit.snippet, width - text.width(made.plain)))
    for number, piece in enumerate(pieces):
        made += Content.styled(piece, "bold $news" if number % 2 else MUTED)
    return cut(made, width)


def _from_sight(snippet: str, room: int) -> str:
    """The snippet from a word on that brings its first hit into sight."""
    first = _HIT.search(snippet)
    if first is None or text.width(f"{snippet[: first.start()]}{first[1]}") < room * 3 // 4:
        return snippet
    before = snippet[: first.start()]
    while before and text.width(before) > room // 3:
        before = before.partition(" ")[2]
    return f"… {before}{snippet[first.start() :]}"
