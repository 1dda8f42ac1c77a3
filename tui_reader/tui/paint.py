"""Lines of a document to `Content`: what each way of meaning text looks like."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache

from textual.content import Content
from textual.style import Style as Look

from tui_reader.document.blocks import Line, Link, Run, Style
from tui_reader.tui.widgets.page import LINK

_LOOKS: tuple[tuple[Style, str], ...] = (
    (Style.QUOTED, "italic $quote"),
    (Style.DIM, "$muted"),
    (Style.MEDIA, "$link"),
    (Style.HEADING, "bold $primary"),
    (Style.STRONG, "bold"),
    (Style.EM, "italic"),
    (Style.CODE, "$warning"),
    (Style.KBD, "reverse"),
    (Style.MARK, "reverse $warning"),
    (Style.INSERTED, "underline"),
    (Style.DELETED, "strike $muted"),
    (Style.LINK, "underline $link"),
    (Style.NUMBER, "$muted not bold not underline not italic"),
    (Style.GUTTER, "$muted"),
    (Style.KEYWORD, "$code-keyword"),
    (Style.STRING, "$code-string"),
    (Style.LITERAL, "$code-literal"),
    (Style.NAME, "$code-name"),
    (Style.COMMENT, "italic $muted"),
)


_TELLABLE = re.compile(r"(?:https?://|mailto:)[!-~]{1,2000}")
"""Addresses that may stand in an escape sequence: printable ASCII and nothing else."""


def painted(line: Line, links: Sequence[Link] = (), *, addressed: bool = False) -> Content:
    """One line of a document. Its links can be clicked; with `addressed` the terminal is told where they lead (OSC 8),
    so that its own way of following them works as well."""
    if line.code:
        made = Content.assemble(*((run.text, _code_look(run)) for run in line.runs))
    else:
        made = Content.assemble(*_pieces(line.runs))
    if not links or all(run.link is None for run in line.runs):
        return made
    at = 0
    for run in line.runs:
        end = at + len(run.text)
        if run.link is not None and 0 < run.link <= len(links):
            url = links[run.link - 1].url
            here = Look.from_meta({LINK: run.link})
            if addressed and _TELLABLE.fullmatch(url):
                here += Look(link=url)
            made = made.stylize(here, at, end)
        at = end
    return made


def _pieces(runs: Iterable[Run]) -> Iterable[tuple[str, str]]:
    for run in runs:
        yield run.text, _look(run.style)


def _code_look(run: Run) -> str:
    if run.style & Style.GUTTER:
        return _look(run.style & ~Style.CODE)
    return _look(run.style & ~(Style.CODE | Style.QUOTED))


@cache
def _look(style: Style) -> str:
    """There are a few dozen in all, and to take an enum apart is slow."""
    if style & Style.GUTTER and style & Style.QUOTED:
        return "$primary"
    return " ".join(look for meant, look in _LOOKS if style & meant)
