"""What an import did, in full."""

from __future__ import annotations

from collections.abc import Iterator

from textual.content import Content

from tui_reader import text
from tui_reader.document.blocks import Block, Document, Kind, Run
from tui_reader.document.layout import lines as laid_out
from tui_reader.model import NewsboatReport
from tui_reader.tui.sheet import Sheet
from tui_reader.tui.widgets.page import PageLine


def newsboat(report: NewsboatReport) -> Sheet:
    """What came from newsboat, what did not and why, and its keys and settings in our words."""
    return Sheet("From newsboat", lambda width: _lines(report, width))


def summary(report: NewsboatReport) -> str:
    """The same in one line."""
    parts = [text.plural(len(report.added), "feed"), text.plural(report.entries, "article")]
    if report.present:
        parts.append(f"{len(report.present)} there already")
    return " · ".join([*parts, f"{report.read} read", f"{report.starred} flagged"])


def _lines(report: NewsboatReport, width: int) -> Iterator[PageLine]:
    yield from _wrapped(summary(report), width, "bold")
    if report.smart:
        yield from _wrapped(f"Smart feeds: {', '.join(report.smart)}", width)
    if report.left:
        yield PageLine(Content(""))
        yield PageLine(Content.assemble("  ", ("Not taken", "bold $primary")))
        for what, why in report.left:
            yield from _wrapped(f"{what}: {why}", width)
    if report.settings:
        yield PageLine(Content(""))
        yield PageLine(Content.assemble("  ", ("Its keys and settings, for config.toml", "bold $primary")))
        for line in report.settings.splitlines():
            yield PageLine(Content.assemble("  ", (text.cut(text.clean(line), width - 4), "$text-muted")))
        yield PageLine(Content(""))
        yield from _wrapped("tui-reader import --newsboat --write-config FILE writes them to a file.", width)


def _wrapped(said: str, width: int, style: str = "") -> Iterator[PageLine]:
    paragraph = Document((Block(Kind.PARAGRAPH, (Run(text.clean(said)),)),))
    for line in laid_out(paragraph, max(20, width - 6)):
        yield PageLine(Content.assemble("  ", (line.text, style)))
