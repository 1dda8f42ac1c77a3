"""Acts on articles: the open one or that under the cursor of the list, the selected ones, whole stretches of it."""

from __future__ import annotations

from collections.abc import Collection, Coroutine, Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

from msgspec.structs import replace

from tui_reader import text
from tui_reader.errors import ReaderError
from tui_reader.model import Change, EntryRow, Scope
from tui_reader.query import QueryFault, parse
from tui_reader.tui import chosen
from tui_reader.tui.tasks import Doing
from tui_reader.tui.view import Pane

if TYPE_CHECKING:
    from tui_reader.tui.main import Main

Mark = Literal["read", "starred"]


def next_unread(main: Main, count: int | None) -> Doing:
    return main.reading.held(partial(_unread, main, count or 1))


def previous_unread(main: Main, count: int | None) -> Doing:
    return main.reading.held(partial(_unread, main, -(count or 1)))


async def _unread(main: Main, steps: int) -> None:
    """In the feeds the next feed with something unread; else the next unread article, in this list or the next."""
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
            await main.reading.next_entry(step=step)
            return
    if place is not None:
        main.reading.open(main.entries.ids[place], into=main.reading.pane())


def select(main: Main, count: int | None) -> None:
    """Begin a selection, which the next act is about; again, end it."""
    if main.entries.stop_selecting():
        return
    main.entries.select()
    if count:
        main.entries.move(count - 1)
    if main.entries.selection:
        main.say(f"selecting · move, then any command · {main.keys.hint('pane.back', 'ends it')}")


def toggle_read(main: Main, count: int | None) -> Doing:
    return _toggle(main, "read")


def star(main: Main, count: int | None) -> Doing:
    return _toggle(main, "starred")


def _toggle(main: Main, what: Mark) -> Doing:
    """Give the one article another mark; the selected ones that have none, and when all have it, take it away."""
    selected, row = _chosen(main)
    if selected:
        return _mark(main, selected, what, None)
    return _mark(main, {row.id}, what, not getattr(row, what)) if row is not None else None


def _mark(
    main: Main, ids: Collection[int], what: Mark, value: bool | None, *, nothing: str = ""
) -> Coroutine[Any, Any, None]:
    """Show a mark at once, for the next key may ask for it, and store it then; without `value` see `_toggle`. Where it
    changes nothing, say so."""
    marked = frozenset(ids)
    if what == "read":
        main.entries.keep.update(marked)
    before = main.patch(marked, **{what: value is not False})
    return _stored(main, marked, what, value, before, nothing)


async def _stored(
    main: Main, ids: frozenset[int], what: Mark, value: bool | None, before: Sequence[EntryRow], nothing: str
) -> None:
    store = main.library.mark if what == "read" else main.library.star
    try:
        change = await store(ids, value is not False, after=main.painted)
        if value is None and not change.label:
            main.patch(ids, **{what: False})
            change = await store(ids, False)
    except ReaderError:
        for row in before:
            main.patch({row.id}, **{what: getattr(row, what)})
        raise
    main.did(change)
    if nothing and not change.label:
        main.say(nothing)


def _chosen(main: Main) -> tuple[tuple[int, ...], EntryRow | None]:
    """The selected articles, or none of them and the one article, as they are at the key press."""
    selected = chosen.selected(main)
    return selected, None if selected else chosen.row(main)


def mark_all(main: Main, count: int | None) -> Doing:
    """Every article of the list as it is on the screen, or the selected ones; what arrives meanwhile stays unread."""
    return _mark_read(main, _chosen(main)[0] or main.entries.ids[:])


def mark_above(main: Main, count: int | None) -> Doing:
    return _mark_read(main, main.entries.ids[: main.entries.cursor])


def mark_below(main: Main, count: int | None) -> Doing:
    return _mark_read(main, main.entries.ids[main.entries.cursor + 1 :])


def _mark_read(main: Main, ids: Collection[int]) -> Doing:
    if not ids:
        main.say("nothing to mark")
        return None
    return _mark(main, ids, "read", True, nothing="all of these are read")


def mark_older(main: Main, count: int | None, given: str = "") -> Doing:
    """What the list shows that is older than so many days, or than an age that is asked for."""
    return _mark_older(main, main.entries.ids[:], main.view.scope, f"{count}d" if count else given)


async def _mark_older(main: Main, listed: Collection[int], scope: Scope, age: str) -> None:
    fault = ""
    while True:
        answer = age or await main.dialogs.ask(
            "mark read what is older than", fault=fault, placeholder="an age: 3d, 2w, 6mo, 1y"
        )
        if answer is None or not answer.strip():
            return
        written = answer.strip()
        older = f"older:{written}d" if written.isascii() and written.isdigit() else f"older:{written}"
        try:
            parse(older, now=main.clock())
            break
        except QueryFault as error:
            age, fault = "", str(error)
    main.keys.answered(written)
    narrowed = f"({scope.filter}) {older}" if scope.filter else older
    found = set(await main.library.ids(replace(scope, filter=narrowed, unread_only=True)))
    marking = _mark_read(main, found.intersection(listed))
    if marking is not None:
        await marking


def tag(main: Main, count: int | None, given: str = "") -> Doing:
    """The article's own tags as a line to edit, those in use offered while typing. Given ones are added, and so are
    those typed for several articles; a minus before one takes it off."""
    selected, row = _chosen(main)
    if selected:
        return _tag_all(main, selected, given)
    if row is None:
        main.say("no article is chosen")
        return None
    return _tag(main, row, given)


async def _tag_all(main: Main, ids: Collection[int], given: str) -> None:
    known = [name for name, _ in await main.library.tags()]
    answer = given or await main.dialogs.ask(
        f"tags for {text.plural(len(ids), 'article')}",
        placeholder="a comma between two, a minus before one to take it off",
        typing=lambda so_far: main.say(_offered(known, so_far)),
    )
    main.say("")
    if not answer:
        return
    main.keys.answered(answer)
    changes = [
        await (main.library.untag(ids, name[1:].strip()) if name.startswith("-") else main.library.tag(ids, name))
        for name in _names(answer)
    ]
    _did(main, changes)


async def _tag(main: Main, row: EntryRow, given: str) -> None:
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
