"""The command line: what a line means, what could complete it, and the lines that were typed before."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from tui_reader.commands import Command
from tui_reader.errors import BadInput
from tui_reader.keymap import parted
from tui_reader.tui import settings
from tui_reader.tui.widgets.prompt import Offer

if TYPE_CHECKING:
    from tui_reader.tui.main import Main

KEY = "command-lines"
"""Under which the library remembers the lines that were typed."""
KEPT = 100
SHORT = {
    **dict.fromkeys(("q", "q!", "qa", "qa!", "quit", "wq", "x", "exit"), "app.quit"),
    **dict.fromkeys(("h", "help"), "app.help"),
}
"""What fingers type that know other programs."""
SET = "set"


Known = Mapping[str, Sequence[tuple[str, str]]]
"""What arguments may be completed with, as (value, explanation), by the word that a command says of its argument."""


async def run(main: Main, line: str) -> str:
    """Do what a line says; what to say of it, "" when the command says it itself. Raises BadInput when it says
    nothing that can be done."""
    word, given = parted(line)
    if re.fullmatch(r"\d+", line.strip()):
        main.pane.goto(int(line) - 1)
        return ""
    if word == SET:
        return settings.put(main, given) if given else "a setting and its value: tab goes through the settings"
    command = meant(main, word)
    if given and not command.argument:
        raise BadInput(f"{command.id} takes nothing, so “{given}” is too much")
    main.keys.run(command.id, None, given)
    return ""


def meant(main: Main, word: str) -> Command:
    """The command of this id, or the one it is short for: a verb alone, or as much of an id as no other begins with.
    Of two with the same verb the one of the pane is meant, as with keys."""
    every = {command.id: command for command in main.keys.keymap.commands if not command.steps}
    here = [command for command in main.keys.offered() if not command.steps]
    here.sort(key=lambda command: command.context == "any")
    known = SHORT.get(word, word)
    if known in every:
        return every[known]
    by_verb = [command for command in here if command.id.partition(".")[2] == word]
    for found in (by_verb, [command for command in here if command.id.startswith(word)]):
        if found and (len(found) == 1 or (found[0].context != "any" and found[1].context == "any")):
            return found[0]
        if found:
            names = ", ".join(command.id for command in found[:4])
            raise BadInput(f"{word} could be {names}{' …' if len(found) > 4 else ''}")
    raise BadInput(f"there is no command “{word}” · tab completes, {main.keys.hint('app.help')}")


def offers(main: Main, known: Known, line: str) -> list[Offer]:
    """What a line could become: commands by id or sentence, then what a command takes; settings and their values."""
    word, space, given = line.lstrip().partition(" ")
    if word == SET and space:
        return settings.offers(main.config, given)
    if space:
        return _arguments(main, known, word, given.lstrip())
    commands = [command for command in main.keys.offered() if not command.steps and command.id != "app.command"]
    ranked = sorted(((rank, command) for command in commands if (rank := _rank(command, word)) is not None), key=_first)
    made = [_offer(main, command) for _, command in ranked]
    if SET.startswith(word):
        made.insert(0 if word else len(made), Offer(f"{SET} ", "set SETTING VALUE", "Change a setting for this run"))
    return made


def _first(ranked: tuple[int, Command]) -> int:
    return ranked[0]


def _rank(command: Command, word: str) -> int | None:
    """How well a command fits what is typed; the less the better."""
    verb = command.id.partition(".")[2]
    if command.id.startswith(word):
        return 0
    if verb.startswith(word):
        return 1
    if word.casefold() in f"{command.id} {command.sentence.casefold()}":
        return 2
    return None


def _offer(main: Main, command: Command) -> Offer:
    takes = f" {command.argument.upper()}" if command.argument else ""
    line = f"{command.id} " if takes else command.id
    return Offer(line, f"{command.id}{takes}", command.sentence, main.keys.key_of(command.id))


def _arguments(main: Main, known: Known, word: str, given: str) -> list[Offer]:
    try:
        command = meant(main, word)
    except BadInput:
        return []
    values = known.get(command.argument, ())
    return [Offer(f"{word} {value}", value, said) for value, said in values if value.startswith(given)]


def remembered(told: object) -> tuple[str, ...]:
    """The lines that were typed before, the newest last; none for whatever makes no sense."""
    return tuple(line for line in told if isinstance(line, str)) if isinstance(told, list) else ()


def with_new(earlier: Sequence[str], line: str) -> list[str]:
    """The lines to remember after another one."""
    return [*(one for one in earlier if one != line), line][-KEPT:]
