"""The article that saving, piping and copying write, as it is read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tui_reader import exporting, text
from tui_reader.model import Entry

if TYPE_CHECKING:
    from tui_reader.tui.main import Main


MOST = 200
"""Articles that are written out together at most."""


async def entries(main: Main, ids: Sequence[int]) -> list[Entry]:
    """These articles; none, and why, when they are too many or there is none."""
    if not ids:
        main.say("no article is chosen")
    elif len(ids) > MOST:
        main.complain(f"⚠ {len(ids):,} articles are selected; {MOST} can be written out at once, nothing was")
    else:
        return [await main.library.entry(one) for one in ids]
    return []


def together(main: Main, written: Sequence[Entry], format: exporting.Format) -> str:
    """Articles one below another; several as JSON are an array."""
    parts = [export(main, one, format).rstrip("\n") for one in written]
    if format is exporting.Format.JSON and len(parts) > 1:
        return f"[{','.join(parts)}]\n"
    return "\n\n".join(parts) + "\n"


def told(written: Sequence[Entry]) -> str:
    """What was written out, in a few words."""
    return written[0].row.title if len(written) == 1 else text.plural(len(written), "article")


def export(main: Main, entry: Entry, format: exporting.Format) -> str:
    """The article in a form, its date for people."""
    published = entry.row.published
    when = text.clock(published, main.clock(), main.zone) if published is not None else "no date"
    return exporting.export(entry, format, when)
