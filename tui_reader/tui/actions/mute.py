"""Muting: a thread, an author here or everywhere, the articles of an author or with a word. A mute ends by itself, and
`u` takes it back at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_reader import urls
from tui_reader.tui import cards, chosen

if TYPE_CHECKING:
    from tui_reader.tui.main import Main


async def thread(main: Main, count: int | None) -> None:
    """The comment under the cursor with all replies, those to come as well."""
    comment = main.discussion.comment
    if comment is None:
        main.say("no comment is chosen")
        return
    main.did(await main.library.mute_thread(comment.discussion_id, comment.key, days=_days(main, count)))


async def author(main: Main, count: int | None) -> None:
    """Everything its author says on this site."""
    source = main.discussion.source
    if source is not None:
        await _author(main, count, urls.host(source.url or source.page_url))


async def author_everywhere(main: Main, count: int | None) -> None:
    """Everything anyone of this name says anywhere."""
    await _author(main, count, "")


async def word(main: Main, count: int | None, given: str = "") -> None:
    """The articles with a word in the title, those to come as well."""
    asked = given or await main.dialogs.ask("mute the word", "")
    if asked and asked.strip():
        main.did(await main.library.mute_entries(word=asked.strip(), days=_days(main, count)))


async def entry_author(main: Main, count: int | None) -> None:
    """The articles by the author of the one that is chosen, those to come as well."""
    row = chosen.row(main)
    if row is None or not row.author:
        main.say("this article names no author")
        return
    main.did(await main.library.mute_entries(author=row.author, days=_days(main, count)))


async def list_(main: Main, count: int | None) -> None:
    """What is muted, and lifting one of the mutes."""
    mutes = await main.library.mutes()
    if not mutes:
        main.say("nothing is muted")
        return
    chosen = await main.dialogs.choose(
        "Muted; enter lifts it", [cards.mute(one, main.clock(), main.zone) for one in mutes]
    )
    if chosen is not None:
        main.did(await main.library.lift(mutes[chosen].id))


async def _author(main: Main, count: int | None, host: str) -> None:
    comment = main.discussion.comment
    if comment is None or not comment.author:
        main.say("this comment names no author")
        return
    main.did(await main.library.mute_author(comment.author, host, days=_days(main, count)))


def _days(main: Main, count: int | None) -> int:
    """A count before the key is the number of days."""
    return count or main.config.discussion.mute_days
