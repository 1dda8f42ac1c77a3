"""Opening addresses in the browser."""

from __future__ import annotations

from collections.abc import Coroutine, Sequence
from typing import TYPE_CHECKING, Any

from tui_reader import text
from tui_reader.tui import chosen, outside

if TYPE_CHECKING:
    from tui_reader.tui.main import Main


MOST_PAGES = 20
"""Pages that are opened by one key at most."""


def open_(main: Main, count: int | None) -> Coroutine[Any, Any, None]:
    """The article, or the comment under the cursor; every selected article."""
    selected = chosen.selected(main)
    return _open_all(main, selected) if selected else outside.browse(main, chosen.url(main))


async def _open_all(main: Main, ids: Sequence[int]) -> None:
    if len(ids) > MOST_PAGES:
        main.complain(f"⚠ {len(ids):,} articles are selected; {MOST_PAGES} pages can be opened at once, none was")
        return
    for row in await main.library.rows(ids):
        if row.url:
            await outside.browse(main, row.url)


async def open_discussion(main: Main, count: int | None) -> None:
    """The page where the open article is discussed."""
    entry, thread = main.reading.entry, main.discussion.thread
    pages = [one.page_url for one in thread.discussions if one.page_url] if thread is not None else []
    if not pages and entry is not None and entry.comments_url:
        pages = [entry.comments_url]
    if pages:
        await outside.browse(main, pages[0])
    else:
        main.say("no page of a discussion is known")


async def follow(main: Main, count: int | None) -> None:
    """A link by its number: a count before the key, or asked for. Its target is told before it opens."""
    url = await main.dialogs.ask_link(count, "open link")
    if url:
        await outside.browse(main, url)


async def list_(main: Main, count: int | None) -> None:
    """The links of the text with where each really leads; the chosen one opens."""
    links = main.dialogs.links()
    if not links:
        main.say("there is no link here")
        return
    place = await main.dialogs.choose("Links", [(text.cut(link.text or link.kind, 40), link.url) for link in links])
    if place is not None:
        await outside.browse(main, links[place].url)


follow_comment = follow
