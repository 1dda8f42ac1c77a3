"""Copying to the clipboard through the terminal (OSC 52), which works over SSH as well."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_reader.exporting import Format
from tui_reader.tui import chosen, outside, written_out

if TYPE_CHECKING:
    from tui_reader.tui.main import Main


def link(main: Main, count: int | None) -> None:
    """The address of the article, or of the comment under the cursor."""
    url = chosen.url(main)
    if url:
        outside.copy(main, url)
    else:
        main.say("this has no address")


def title(main: Main, count: int | None) -> None:
    row = chosen.row(main)
    if row is not None:
        outside.copy(main, row.title)


async def markdown(main: Main, count: int | None) -> None:
    """The whole article, with its head."""
    entry = await written_out.entry(main)
    if entry is not None:
        outside.copy(main, written_out.export(main, entry, Format.MARKDOWN), shown=f"{entry.row.title} as Markdown")


async def number(main: Main, count: int | None) -> None:
    """The address of a link by its number: a count before the key, or asked for."""
    url = await main.dialogs.ask_link(count, "copy link")
    if url:
        outside.copy(main, url)
