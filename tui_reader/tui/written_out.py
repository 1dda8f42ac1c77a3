"""The article that saving, piping and copying write, as it is read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_reader import exporting, text
from tui_reader.model import Entry
from tui_reader.tui import chosen

if TYPE_CHECKING:
    from tui_reader.tui.main import Main


async def entry(main: Main) -> Entry | None:
    """The article that is open, or the one under the cursor of the list."""
    row = chosen.row(main)
    if row is None:
        main.say("no article is chosen")
        return None
    return await main.library.entry(row.id)


def export(main: Main, entry: Entry, format: exporting.Format) -> str:
    """The article in a form, its date for people."""
    published = entry.row.published
    when = text.clock(published, main.clock(), main.zone) if published is not None else "no date"
    return exporting.export(entry, format, when)
