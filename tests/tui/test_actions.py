"""Every command has its function, and every function its command."""

from __future__ import annotations

import inspect

import pytest

from tui_reader.commands import COMMANDS
from tui_reader.tui.actions import FAMILIES, action


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.id)
def test_a_command_has_a_function(command) -> None:
    wanted = ["main", "count", "given"] if command.argument else ["main", "count"]
    assert list(inspect.signature(action(command.id)).parameters) == wanted


def test_a_function_has_a_command() -> None:
    known = {command.id for command in COMMANDS}
    found = {
        f"{module.__name__.rpartition('.')[2]}.{name.rstrip('_')}"
        for module in FAMILIES
        for name, function in vars(module).items()
        if inspect.isfunction(function) and function.__module__ == module.__name__ and not name.startswith("_")
    }
    assert found == known


def test_an_unknown_command_has_none() -> None:
    with pytest.raises(KeyError):
        action("entry.explode")
