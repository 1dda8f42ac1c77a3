"""Taking acts back and doing them again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_reader import text
from tui_reader.errors import BadInput

if TYPE_CHECKING:
    from tui_reader.model import Act, Change
    from tui_reader.tui.main import Main


async def undo(main: Main, count: int | None) -> None:
    change = await main.library.undo()
    if change is None:
        main.say("nothing to take back")
    else:
        _told(main, change, "taken back")


async def redo(main: Main, count: int | None) -> None:
    change = await main.library.redo()
    if change is None:
        main.say("nothing to do again")
    else:
        _told(main, change, "done again")


def repeat(main: Main, count: int | None) -> None:
    """The last command that acted, with its count and what was given to it."""
    main.keys.repeat(count)


async def journal(main: Main, count: int | None) -> None:
    """What was done and when; one that is chosen is taken back, alone or with what followed, or done again."""
    acts = await main.library.journal()
    if not acts:
        main.say("nothing was done yet that could be taken back")
        return
    chosen = await main.dialogs.choose("What was done; enter takes it back", [_line(main, act) for act in acts])
    if chosen is None:
        return
    act = acts[chosen]
    if act.undone:
        _told(main, await main.library.redo_to(act.id), "done again")
        return
    since = [one for one in acts[:chosen] if not one.undone]
    if since:
        places = ("this one alone", act.label), ("everything since then", f"{text.plural(len(since) + 1, 'act')}")
        wanted = await main.dialogs.choose(f"Take back “{text.cut(act.label, 60)}”", places)
        if wanted is None:
            return
        if wanted == 0:
            try:
                _told(main, await main.library.undo_act(act.id), "taken back")
            except BadInput as error:
                main.say(str(error))
            return
    _told(main, await main.library.undo_to(act.id), "taken back")


def _line(main: Main, act: Act) -> tuple[str, str]:
    when = text.clock(act.at, main.clock(), main.zone)
    return act.label, f"{when} · taken back; enter does it again" if act.undone else when


def _told(main: Main, change: Change, done: str) -> None:
    back = main.keys.hint("act.redo", "redo") if done == "taken back" else main.keys.hint("act.undo")
    main.say(f"{done}: {change.label} · {back}")
