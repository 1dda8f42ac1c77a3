"""The program itself: palette, help, leaving."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from tui_reader import presets, text
from tui_reader.errors import BadInput
from tui_reader.presets import PRESETS
from tui_reader.tui import commandline, themes, wardrobe
from tui_reader.tui import help as keys_help
from tui_reader.tui.ahead import PATIENCE

if TYPE_CHECKING:
    from tui_reader.tui.main import Main


async def command(main: Main, count: int | None) -> None:
    """A command by its name, with what is given to it, or a setting; its completions are shown while it is typed."""
    known: dict[str, Sequence[tuple[str, str]]] = {
        "preset": [(name, preset.sentence) for name, preset in PRESETS.items()]
    }

    async def ask_tags() -> None:
        known["tag"] = [(name, text.plural(held, "article")) for name, held in await main.library.tags()]

    main.go(ask_tags(), group="tags")
    line, fault = "" if count is None else str(count), ""
    while True:
        answer = await main.dialogs.ask(
            ":",
            line,
            fault=fault,
            placeholder="a command, set SETTING VALUE, or a line's number; tab completes, ↑ brings earlier ones",
            offers=lambda so_far: commandline.offers(main, known, so_far),
            earlier=main.command_lines,
        )
        if answer is None or not answer.strip():
            return
        line = answer.strip()
        main.command_lines = tuple(commandline.with_new(main.command_lines, line))
        await main.library.remember(commandline.KEY, list(main.command_lines))
        try:
            said = await commandline.run(main, line)
        except BadInput as error:
            fault = str(error)
            continue
        if said:
            main.say(said)
        return


async def palette(main: Main, count: int | None) -> None:
    """Open it, and let what was typed meanwhile be its first letters."""
    main.app.action_command_palette()
    with suppress(TimeoutError):
        async with asyncio.timeout(PATIENCE):
            while main.app.focused is None or main.app.focused.screen is main:
                await asyncio.sleep(0)


def help_(main: Main, count: int | None) -> None:
    """Every key as it is bound now."""
    here = main.keys
    main.app.push_screen(keys_help.sheet(here.keymap, here.context, here.shown, here.preset))


async def keys(main: Main, count: int | None, given: str = "") -> None:
    """Go by the keys of a preset, and remember it. The user's own keys stay on top of them."""
    names = tuple(PRESETS)
    if not given:
        rows = [(name, PRESETS[name].sentence) for name in names]
        place = await main.dialogs.choose("Keys", rows, at=names.index(main.keys.preset))
        if place is None:
            return
        given = names[place]
    if given not in PRESETS:
        raise BadInput(f"there is no preset “{given}”; there are {', '.join(names)}")
    faults = main.keys.choose(given)
    await main.library.remember(presets.KEY, given)
    config = main.config.preset
    if faults:
        main.complain(f"⚠ {faults[0]}")
    elif config and config != given:
        main.say(f"the keys of {given} until the reader ends: the settings say {config} (keys.preset)")
    else:
        main.say(f"the keys of {given} · {main.keys.hint('app.help')}")


async def theme(main: Main, count: int | None, given: str = "") -> None:
    """Wear each theme as the cursor comes to it, and keep the one that is chosen; or the one that is given."""
    worn = main.wardrobe
    names = ("", *themes.NAMES)
    if given and given not in names:
        raise BadInput(f"there is no theme “{given}”; there are {', '.join(themes.NAMES)}")
    rows = [("as the terminal", "dark or light as it says"), *((name, _kind(name)) for name in themes.NAMES)]
    at = names.index(worn.chosen if not worn.fixed else worn.fixed)
    place: int | None = names.index(given)
    if not given:
        place = await main.dialogs.choose("Theme", rows, at=at, moving=lambda place: worn.put_on(names[place]))
    if place is None:
        worn.put_on()
        return
    worn.chosen = names[place]
    await main.library.remember(wardrobe.KEY, worn.chosen)
    worn.put_on(worn.chosen)
    if worn.colours <= 16:
        main.say("kept; this terminal shows every theme in its own 16 colours")
    elif worn.fixed and worn.fixed != worn.chosen:
        main.say(f"kept until the reader ends: the settings say {worn.fixed} (ui.theme)")


def _kind(name: str) -> str:
    if name == themes.ANSI.name:
        return "the terminal's own 16 colours"
    return "dark" if themes.is_dark(name) else "light"


def quit_(main: Main, count: int | None) -> None:
    main.end()
