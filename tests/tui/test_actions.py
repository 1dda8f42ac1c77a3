"""Every command has its function, and every function its command."""

from __future__ import annotations

import inspect
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

import pytest

from tui_reader.commands import COMMANDS
from tui_reader.tui import actions
from tui_reader.tui.actions import action


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.id)
def test_a_command_has_a_function(command) -> None:
    wanted = ["main", "count", "given"] if command.argument else ["main", "count"]
    assert list(inspect.signature(action(command.id)).parameters) == wanted


def modules() -> list[ModuleType]:
    return [import_module(f"{actions.__name__}.{one.name}") for one in iter_modules(actions.__path__)]


def test_a_function_has_a_command() -> None:
    known = {command.id for command in COMMANDS}
    found = {
        f"{module.__name__.rpartition('.')[2]}.{name.rstrip('_')}"
        for module in modules()
        for name, function in vars(module).items()
        if inspect.isfunction(function) and function.__module__ == module.__name__ and not name.startswith("_")
    }
    assert found == known


def test_an_unknown_command_has_none() -> None:
    with pytest.raises(KeyError):
        action("entry.explode")
