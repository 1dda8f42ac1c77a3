"""Keys to commands: the default keys, a preset's and the user's on top of each other, the user's macros, and a small
machine that reads one key at a time.

Pure. A context is a pane; a key looks for a command of that pane first, then for one that works anywhere. Digits
before a key are its count (`5j`). A key that begins a longer sequence waits for the rest, and the caller shows what
can follow.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from msgspec import Struct

from tui_reader.commands import Command

PANES = ("feeds", "entries", "article", "thread")
LONGEST_COUNT = 5

_NAMED = (
    "enter|space|escape|tab|backspace|delete|insert|home|end|pageup|pagedown|up|down|left|right|f[1-9]|f1[0-9]|f2[0-4]"
)
_KEY = re.compile(rf"\S|(?:(?:ctrl|alt|shift|super)\+)*(?:{_NAMED}|(?<=\+)\S|(?<=\+)[a-z_]+)")


class Match(Struct, frozen=True):
    """The keys so far name a command; `count` is None when none was typed."""

    command: Command
    count: int | None


class Prefix(Struct, frozen=True):
    """The keys so far begin a sequence: what may follow, as (key, command)."""

    pending: tuple[str, ...]
    menu: tuple[tuple[str, Command], ...]


class Count(Struct, frozen=True):
    """A count is being typed."""

    count: int


class Unbound(Struct, frozen=True):
    """No command has these keys."""

    keys: tuple[str, ...]


class State(Struct, frozen=True):
    """What was typed and has not been answered yet."""

    count: int | None = None
    pending: tuple[str, ...] = ()


START = State()
Step = Match | Prefix | Count | Unbound


class Keymap:
    """The bindings in force: for each context a table from key sequence to command. `commands` are all there are,
    with or without keys, macros at the end."""

    def __init__(
        self, bindings: Iterable[tuple[tuple[str, ...], Command]], commands: Iterable[Command] | None = None
    ) -> None:
        self._tables: dict[str, dict[tuple[str, ...], Command]] = {context: {} for context in ("any", *PANES)}
        self._keys: dict[str, list[str]] = {}
        for keys, command in bindings:
            self._tables[command.context][keys] = command
            self._keys.setdefault(command.id, []).append(" ".join(keys))
        self.commands = tuple(commands or ())

    def keys_of(self, command_id: str) -> tuple[str, ...]:
        """The keys of a command as they are now, in the order of preference."""
        return tuple(self._keys.get(command_id, ()))

    def bindings(self, context: str) -> dict[tuple[str, ...], Command]:
        """Every key sequence that works in a pane, with what it does there."""
        own = self._tables.get(context, {})
        whole, begun = ({keys[0] for keys in own if (len(keys) > 1) is longer} for longer in (False, True))
        general = {
            keys: command
            for keys, command in self._tables["any"].items()
            if keys[0] not in whole and not (len(keys) == 1 and keys[0] in begun)
        }
        return general | own

    def feed(self, state: State, key: str, context: str) -> tuple[State, Step]:
        """Take one key; the new state and what it came to."""
        if not state.pending and key.isascii() and key.isdigit() and (key != "0" or state.count):
            count = int(f"{state.count or ''}{key}"[:LONGEST_COUNT])
            return State(count), Count(count)
        keys = (*state.pending, key)
        bindings = self.bindings(context)
        if keys in bindings:
            return START, Match(bindings[keys], state.count)
        longer = tuple((found[len(keys)], command) for found, command in bindings.items() if found[: len(keys)] == keys)
        if longer:
            return State(state.count, keys), Prefix(keys, longer)
        return START, Unbound(keys)


class KeyFault(Struct, frozen=True):
    """A key of the user's that cannot be used, and why in plain words; `keys` is "" when the id is what is wrong, and
    a macro has its keys for its id."""

    command_id: str
    keys: str
    message: str
    section: str = "keys"

    def __str__(self) -> str:
        return f"{self.section}.{self.command_id}: {self.message}"


Given = Mapping[str, tuple[str, ...]]
"""Keys by command id, or the steps of macros by their keys."""
NONE: Given = {}
Taken = dict[str, list[tuple[tuple[str, ...], Command]]]
"""What is bound already, by the first key, since only what begins alike can clash."""


def build(
    commands: Iterable[Command], overrides: Given, preset: Given = NONE, macros: Given = NONE
) -> tuple[Keymap, tuple[str, ...]]:
    """The keymap of these commands and its faults in plain words.

    The user's keys (`overrides`) stand in place of the preset's, those in place of the default ones. A key that is
    given to one command is taken from another that has it by a lower of these; one given to two commands of the same
    place is a fault, and the first keeps it. A macro's key must be free in every pane. An unknown id is a fault.
    """
    keymap, faults = _built(commands, overrides, preset, macros)
    return keymap, tuple(str(fault) for fault in faults)


def check(
    commands: Iterable[Command], overrides: Given, preset: Given = NONE, macros: Given = NONE
) -> tuple[KeyFault, ...]:
    """What is wrong with the user's keys and macros."""
    return tuple(_built(commands, overrides, preset, macros)[1])


def parted(line: str) -> tuple[str, str]:
    """A command and what is given to it, of a line like `entry.tag rust`."""
    id, _, given = line.strip().partition(" ")
    return id, given.strip()


def _built(
    commands: Iterable[Command], overrides: Given, preset: Given, macros: Given
) -> tuple[Keymap, list[KeyFault]]:
    table = {command.id: command for command in commands}
    faults = [KeyFault(id, "", "there is no such command") for id in overrides if id not in table]
    bindings: dict[tuple[str, tuple[str, ...]], Command] = {}
    taken: Taken = {}
    chosen = [(table[id], keys) for id, keys in overrides.items() if id in table]
    usual = [(table[id], keys) for id, keys in preset.items() if id in table and id not in overrides]
    default = [
        (command, command.keys)
        for command in table.values()
        if command.id not in overrides and command.id not in preset
    ]
    for by_user, group in ((True, chosen), (False, usual), (False, default)):
        for command, sequences in group:
            for written in sequences:
                keys = tuple(written.split())
                fault = _fault(keys, command, taken)
                if fault is None:
                    bindings[command.context, keys] = command
                    taken.setdefault(keys[0], []).append((keys, command))
                elif by_user:
                    faults.append(KeyFault(command.id, written, fault))
    order = {id: place for place, id in enumerate(table)}
    ordered = sorted(bindings.items(), key=lambda item: order[item[1].id])
    made: dict[tuple[str, tuple[str, ...]], Command] = {}
    for written, steps in macros.items():
        keys = tuple(written.split())
        command = macro(" ".join(keys), steps, table)
        fault = _step_fault(steps, table) or _fault(keys, command, taken, everywhere=True)
        if fault is None:
            made["any", keys] = command
            taken.setdefault(keys[0], []).append((keys, command))
        else:
            faults.append(KeyFault(written, written, fault, "macros"))
    bound = [(keys, command) for (_, keys), command in (*ordered, *made.items())]
    return Keymap(bound, (*table.values(), *made.values())), faults


def macro(keys: str, steps: tuple[str, ...], table: Mapping[str, Command]) -> Command:
    """A command made of commands."""
    acts = any(table[id].acts for id, _ in map(parted, steps) if id in table)
    return Command(f"macro.{keys}", " · ".join(steps), (keys,), acts=acts, steps=steps)


def _step_fault(steps: tuple[str, ...], table: Mapping[str, Command]) -> str | None:
    if not steps:
        return "no command is named"
    for id, given in map(parted, steps):
        if id not in table:
            return f"{id}: there is no such command"
        if id == "act.repeat":
            return "a macro cannot repeat the last act, which it may be itself"
        if given and not table[id].argument:
            return f"{id} takes nothing, so “{given}” is too much"
    return None


def _fault(
    keys: tuple[str, ...],
    command: Command,
    taken: Taken,
    *,
    everywhere: bool = False,
) -> str | None:
    """Why these keys cannot be the command's; with `everywhere` they must be free in every pane."""
    written = " ".join(keys)
    if not keys:
        return "an empty key"
    if keys[0].isascii() and keys[0].isdigit():
        return f"{written}: a digit is a count"
    for key in keys:
        if not _KEY.fullmatch(key):
            return f"{key}: there is no such key"
    for other_keys, other in taken.get(keys[0], ()):
        if other.context != command.context and not everywhere:
            continue
        if other_keys == keys:
            return f"{written} is already the key of {other.id}"
        if other_keys[: len(keys)] == keys or keys[: len(other_keys)] == other_keys:
            return f"{written} and {' '.join(other_keys)} ({other.id}) begin alike"
    return None
