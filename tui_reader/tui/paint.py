"""Lines of a document to `Content`: what each way of meaning text looks like."""

from __future__ import annotations

from collections.abc import Iterable

from textual.content import Content

from tui_reader.document.blocks import Line, Run, Style

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
)


def painted(line: Line) -> Content:
    """One line of a document."""
    if line.code:
        return Content.assemble(*((run.text, _code_look(run)) for run in line.runs))
    return Content.assemble(*_pieces(line.runs))


def _pieces(runs: Iterable[Run]) -> Iterable[tuple[str, str]]:
    for run in runs:
        yield run.text, _look(run.style)


def _code_look(run: Run) -> str:
    if run.style & Style.GUTTER:
        return _look(run.style & ~Style.CODE)
    return _look(run.style & ~(Style.CODE | Style.QUOTED))


def _look(style: Style) -> str:
    if style & Style.GUTTER and style & Style.QUOTED:
        return "$primary"
    return " ".join(look for meant, look in _LOOKS if style & meant)
