"""Keys to commands: the default keys with the user's on top, and a small machine that reads one key at a time.

Pure. A context is a pane; a key looks for a command of that pane first, then for one that works anywhere. Digits
before a key are its count (`5j`). A key that begins a longer sequence waits for the rest, and the caller shows what
can follow.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tui_reader.commands import Command

PANES = ("feeds", "entries", "article", "thread")
LONGEST_COUNT = 5

_NAMED = (
    "enter|space|escape|tab|backspace|delete|insert|home|end|pageup|pagedown|up|down|left|right|f[1-9]|f1[0-9]|f2[0-4]"
)
_KEY = re.compile(rf"\S|(?:(?:ctrl|alt|shift|super)\+)*(?:{_NAMED}|(?<=\+)\S|(?<=\+)[a-z_]+)")


@dataclass(frozen=True, slots=True)
class Match:
    """The keys so far name a command; `count` is None when none was typed."""

    command: Command
    count: int | None


@dataclass(frozen=True, slots=True)
class Prefix:
    """The keys so far begin a sequence: what may follow, as (key, command)."""

    pending: tuple[str, ...]
    menu: tuple[tuple[str, Command], ...]


@dataclass(frozen=True, slots=True)
class Count:
    """A count is being typed."""

    count: int


@dataclass(frozen=True, slots=True)
class Unbound:
    """No command has these keys."""

    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class State:
    """What was typed and has not been answered yet."""

    count: int | None = None
    pending: tuple[str, ...] = ()


START = State()
Step = Match | Prefix | Count | Unbound


class Keymap:
    """The bindings in force: for each context a table from key sequence to command."""

    def __init__(self, bindings: Iterable[tuple[tuple[str, ...], Command]]) -> None:
        self._tables: dict[str, dict[tuple[str, ...], Command]] = {context: {} for context in ("any", *PANES)}
        self._keys: dict[str, list[str]] = {}
        for keys, command in bindings:
            self._tables[command.context][keys] = command
            self._keys.setdefault(command.id, []).append(" ".join(keys))

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


@dataclass(frozen=True, slots=True)
class KeyFault:
    """A key of the user's that cannot be used, and why in plain words; `keys` is "" when the id is what is wrong."""

    command_id: str
    keys: str
    message: str

    def __str__(self) -> str:
        return f"keys.{self.command_id}: {self.message}"


def build(commands: Iterable[Command], overrides: Mapping[str, tuple[str, ...]]) -> tuple[Keymap, tuple[str, ...]]:
    """The keymap of these commands with the user's keys in place of the default ones, and its faults in plain words.

    A key that the user gives to one command is taken from another that has it by default; one given to two commands
    of the same place is a fault, and the first keeps it. An unknown id is a fault.
    """
    keymap, faults = _built(commands, overrides)
    return keymap, tuple(str(fault) for fault in faults)


def check(commands: Iterable[Command], overrides: Mapping[str, tuple[str, ...]]) -> tuple[KeyFault, ...]:
    """What is wrong with the user's keys."""
    return tuple(_built(commands, overrides)[1])


def _built(commands: Iterable[Command], overrides: Mapping[str, tuple[str, ...]]) -> tuple[Keymap, list[KeyFault]]:
    table = {command.id: command for command in commands}
    faults = [KeyFault(id, "", "there is no such command") for id in overrides if id not in table]
    bindings: dict[tuple[str, tuple[str, ...]], Command] = {}
    chosen = [(table[id], keys) for id, keys in overrides.items() if id in table]
    default = [(command, command.keys) for command in table.values() if command.id not in overrides]
    for by_user, group in ((True, chosen), (False, default)):
        for command, sequences in group:
            for written in sequences:
                keys = tuple(written.split())
                fault = _fault(keys, command, bindings)
                if fault is None:
                    bindings[command.context, keys] = command
                elif by_user:
                    faults.append(KeyFault(command.id, written, fault))
    order = {id: place for place, id in enumerate(table)}
    ordered = sorted(bindings.items(), key=lambda item: order[item[1].id])
    return Keymap((keys, command) for (_, keys), command in ordered), faults


def _fault(
    keys: tuple[str, ...], command: Command, bindings: Mapping[tuple[str, tuple[str, ...]], Command]
) -> str | None:
    written = " ".join(keys)
    if not keys:
        return "an empty key"
    if keys[0].isascii() and keys[0].isdigit():
        return f"{written}: a digit is a count"
    for key in keys:
        if not _KEY.fullmatch(key):
            return f"{key}: there is no such key"
    for (context, taken), other in bindings.items():
        if context != command.context:
            continue
        if taken == keys:
            return f"{written} is already the key of {other.id}"
        if taken[: len(keys)] == keys or keys[: len(taken)] == taken:
            return f"{written} and {' '.join(taken)} ({other.id}) begin alike"
    return None
