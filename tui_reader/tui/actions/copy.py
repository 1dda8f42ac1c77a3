"""Copying to the clipboard through the terminal (OSC 52), which works over SSH as well."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tui_reader.exporting import Format
from tui_reader.tui import chosen, outside, written_out
from tui_reader.tui.tasks import Doing

if TYPE_CHECKING:
    from tui_reader.tui.main import Main


def link(main: Main, count: int | None) -> Doing:
    """The address of the article, or of the comment under the cursor; of selected articles one a line."""
    selected = chosen.selected(main)
    if selected:
        return _lines(main, selected, "url")
    url = chosen.url(main)
    if url:
        outside.copy(main, url)
    else:
        main.say("this has no address")
    return None


def title(main: Main, count: int | None) -> Doing:
    selected = chosen.selected(main)
    if selected:
        return _lines(main, selected, "title")
    row = chosen.row(main)
    if row is not None:
        outside.copy(main, row.title)
    return None


async def _lines(main: Main, ids: Sequence[int], what: str) -> None:
    lines = [line for row in await main.library.rows(ids) if (line := getattr(row, what))]
    shown = f"{len(lines):,} {'addresses' if what == 'url' else 'titles'}"
    outside.copy(main, "\n".join(lines), shown=shown)


def markdown(main: Main, count: int | None) -> Doing:
    """The whole article, with its head."""
    return _markdown(main, chosen.ids(main))


async def _markdown(main: Main, ids: Sequence[int]) -> None:
    entries = await written_out.entries(main, ids)
    if entries:
        written = written_out.together(main, entries, Format.MARKDOWN)
        outside.copy(main, written, shown=f"{written_out.told(entries)} as Markdown")


async def number(main: Main, count: int | None) -> None:
    """The address of a link by its number: a count before the key, or asked for."""
    url = await main.dialogs.ask_link(count, "copy link")
    if url:
        outside.copy(main, url)
