"""The open article: its full text, its notes, its versions, its source."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Sequence
from typing import TYPE_CHECKING, Any

from tui_reader import text
from tui_reader.errors import ReaderError
from tui_reader.model import Entry
from tui_reader.tui import article_cards, chosen

if TYPE_CHECKING:
    from tui_reader.tui.main import Main


def full_text(main: Main, count: int | None) -> Coroutine[Any, Any, None]:
    """The article, or each that is selected, as its page has it, fetched when it never was; again, as the feed has
    it."""
    selected = chosen.selected(main)
    return _full_texts(main, selected) if selected else _full_text(main)


async def _full_texts(main: Main, ids: Sequence[int]) -> None:
    """The full text of those that are read as their feeds have them; when there are none, the feeds' text of all."""
    library = main.library
    entries = [await library.entry(one) for one in ids]
    full = {entry.row.id: entry.full for entry in entries if entry.full is not None and not entry.full.error}
    wanted = [entry.row.id for entry in entries if entry.row.id not in full]
    waiting = [one for one, page in full.items() if not page.shown]
    if not wanted and not waiting:
        await library.show_full_text(ids, False)
        told = f"{text.plural(len(ids), 'article')} as the feed has {'it' if len(ids) == 1 else 'them'}"
    else:
        await library.show_full_text(waiting, True)
        got, why = len(waiting), ""
        for number, one in enumerate(wanted, 1):
            main.say(f"fetching page {number} of {len(wanted)} …")
            try:
                await library.full_text(one)
                got += 1
            except ReaderError as error:
                why = str(error)
        missed = len(wanted) + len(waiting) - got
        told = text.plural(got, "full text")
        if missed:
            told += f", {missed} could not be had: {why}"
    open_entry = main.reading.entry
    if open_entry is not None and open_entry.row.id in ids:
        await main.reading.show_again(open_entry.row.id)
    main.say(told)


async def _full_text(main: Main) -> None:
    entry = await _open(main)
    if entry is None:
        return
    library, number = main.library, entry.row.id
    if entry.full is None or entry.full.error:
        main.say(f"fetching {entry.row.url} …" if entry.row.url else "")
        await library.full_text(number)
        told = "full text"
    else:
        await library.show_full_text((number,), not entry.full.shown)
        told = "the feed's text" if entry.full.shown else "full text"
    await main.reading.show_again(number)
    main.say(f"{told} · {main.keys.hint('article.full_text', 'the other')}")


async def always_full_text(main: Main, count: int | None) -> None:
    """Fetch the page of everything new in this feed, or no longer."""
    feeds = chosen.feeds(main)
    if not feeds:
        main.say("no feed is chosen")
        return
    feed = await main.library.feed(feeds[0])
    main.did(await main.library.always_in_full(feed.id, not feed.full_text))


async def changes(main: Main, count: int | None) -> None:
    """What the article said before it was changed."""
    entry = await _open(main)
    versions = await main.library.versions(entry.row.id) if entry is not None else ()
    if entry is None or not versions:
        main.say("this article was not changed since it was first seen")
        return
    made = await asyncio.to_thread(article_cards.changes, entry, versions, main.clock(), main.zone)
    main.app.push_screen(made)


async def source(main: Main, count: int | None) -> None:
    """The article as it came, before anything was made of it."""
    entry = await _open(main)
    if entry is not None:
        main.app.push_screen(await asyncio.to_thread(article_cards.source, entry))


async def notes(main: Main, count: int | None) -> None:
    """To what a note in sight says; where there are several, to the one that is chosen."""
    found = main.article.notes()
    if not found:
        main.say("no footnote is in sight")
        return
    place: int | None = 0
    if len(found) > 1:
        place = await main.dialogs.choose("Notes", [(note.text or "·", words) for note, words in found])
    if place is not None:
        main.article.go_to_note(found[place][0])
        main.say(f"{main.keys.hint('article.back', 'goes back')}")


def back(main: Main, count: int | None) -> None:
    """To where the text was left for a note."""
    if not main.article.go_back():
        main.say("no jump to go back from")


async def _open(main: Main) -> Entry | None:
    """The article that is open, or the one under the cursor, which is opened."""
    row = chosen.row(main)
    if row is None:
        main.say("no article is chosen")
        return None
    open_entry = main.reading.entry
    if open_entry is not None and open_entry.row.id == row.id:
        return open_entry
    await main.reading.open_now(row.id)
    return main.reading.entry
