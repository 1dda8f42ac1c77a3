"""Acts on articles: the one that is open, or the one under the cursor of the list."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from tui_reader.errors import ReaderError
from tui_reader.model import Change, EntryRow
from tui_reader.tui import chosen
from tui_reader.tui.view import Pane

if TYPE_CHECKING:
    from tui_reader.tui.main import Main


async def next_unread(main: Main, count: int | None) -> None:
    await _unread(main, count or 1)


async def previous_unread(main: Main, count: int | None) -> None:
    await _unread(main, -(count or 1))


async def _unread(main: Main, steps: int) -> None:
    """In the feeds the next feed with something unread; else the next unread article of the list."""
    step = 1 if steps > 0 else -1
    if main.view.pane is Pane.FEEDS:
        scope = main.feeds.next_unread(main.view.scope, step)
        if scope is None:
            main.say("no other feed has unread articles")
        else:
            main.feeds.go(scope)
            await main.open_scope(scope)
        return
    place: int | None = main.entries.cursor
    for _ in range(abs(steps)):
        place = await main.entries.next_unread(step, start=(place or 0) + step)
        if place is None:
            main.say(f"no unread article {'below' if step > 0 else 'above'}")
            return
    if place is not None:
        main.reading.open(main.entries.ids[place], into=main.reading.pane())


async def toggle_read(main: Main, count: int | None) -> None:
    row = chosen.row(main)
    if row is not None:
        await _mark(main, row, not row.read)


async def _mark(main: Main, row: EntryRow, read: bool) -> None:
    main.entries.keep.add(row.id)
    main.entries.patch({row.id}, read=read)
    try:
        change = await main.library.mark({row.id}, read)
    except ReaderError:
        main.entries.patch({row.id}, read=row.read)
        raise
    main.did(change)


async def mark_all(main: Main, count: int | None) -> None:
    """Every article of the list as it is on the screen now; what arrives meanwhile stays unread."""
    listed = main.entries.ids[:]
    if not listed:
        return
    main.entries.keep.update(listed)
    change = await main.library.mark(listed, True)
    if change.label:
        main.did(change)
    else:
        main.say("all of these are read")


async def tag(main: Main, count: int | None, given: str = "") -> None:
    """The article's own tags as a line to edit, those in use offered while typing. Given ones are added."""
    row = chosen.row(main)
    if row is None:
        main.say("no article is chosen")
        return
    if given:
        changes = [await main.library.tag({row.id}, name) for name in _names(given)]
        _did(main, changes)
        return
    had = (await main.library.entry(row.id)).own_tags
    known = [name for name, _ in await main.library.tags()]
    answer = await main.dialogs.ask(
        "tags",
        ", ".join(had),
        placeholder="a comma between two",
        typing=lambda so_far: main.say(_offered(known, so_far)),
    )
    main.say("")
    if answer is None:
        return
    wanted = _names(answer)
    added = [name for name in wanted if name.casefold() not in _folded(had)]
    changes = [await main.library.tag({row.id}, name) for name in added]
    changes += [await main.library.untag({row.id}, name) for name in had if name.casefold() not in _folded(wanted)]
    main.keys.answered(", ".join(added))
    _did(main, changes)


def _names(line: str) -> list[str]:
    return [name for name in (" ".join(part.split()) for part in line.split(",")) if name]


def _did(main: Main, changes: Iterable[Change]) -> None:
    told = [change.label for change in changes if change.label]
    if told:
        main.say(f"{' · '.join(told)} · {main.keys.hint('act.undo')}")


def _folded(names: Iterable[str]) -> set[str]:
    return {name.casefold() for name in names}


def _offered(known: Sequence[str], so_far: str) -> str:
    """The tags in use that begin like the one being typed."""
    begun = so_far.rpartition(",")[2].strip().casefold()
    fitting = [name for name in known if name.casefold().startswith(begun)]
    return f"in use: {', '.join(fitting[:8])}" if fitting else ""


async def star(main: Main, count: int | None) -> None:
    row = chosen.row(main)
    if row is None:
        return
    main.entries.patch({row.id}, starred=not row.starred)
    try:
        change = await main.library.star({row.id}, not row.starred)
    except ReaderError:
        main.entries.patch({row.id}, starred=row.starred)
        raise
    main.did(change)
