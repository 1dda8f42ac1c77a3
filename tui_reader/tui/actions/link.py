"""Opening addresses in the browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_reader import text
from tui_reader.tui import chosen, outside

if TYPE_CHECKING:
    from tui_reader.tui.main import Main


async def open_(main: Main, count: int | None) -> None:
    """The article, or the comment under the cursor."""
    await outside.browse(main, chosen.url(main))


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
