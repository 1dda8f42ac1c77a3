"""One comment: its star, its author, what it said before, what to quote of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_reader import urls
from tui_reader.tui import cards, outside

if TYPE_CHECKING:
    from tui_reader.tui.main import Main


async def star(main: Main, count: int | None) -> None:
    """A starred comment is kept when its article goes."""
    comment = main.discussion.comment
    if comment is not None:
        main.did(await main.library.star_comments({comment.id}, not comment.starred))


async def author(main: Main, count: int | None) -> None:
    """All that this author has said, here and in everything stored."""
    comment, source = main.discussion.comment, main.discussion.source
    if comment is None or not comment.author or source is None:
        main.say("this comment names no author")
        return
    said = await main.library.by_author(comment.author, urls.host(source.url or source.page_url))
    main.app.push_screen(cards.author(comment.author, comment.author_url, said, main.clock(), main.zone))


async def changes(main: Main, count: int | None) -> None:
    """What the comment under the cursor said before it was edited."""
    comment = main.discussion.comment
    edits = await main.library.edits(comment.id) if comment is not None else ()
    if comment is None or not edits:
        main.say("this comment was not edited since it was first seen")
        return
    main.app.push_screen(cards.changes(comment, edits, main.clock(), main.zone))


def quote(main: Main, count: int | None) -> None:
    """The comment under the cursor as a quotation, for an answer."""
    comment = main.discussion.comment
    if comment is None:
        main.say("no comment is chosen")
        return
    outside.copy(main, cards.quoted(comment))
