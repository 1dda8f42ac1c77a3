"""What every command does: one module a family, one function a command.

The command `entry.star` is the function `star` of the module `entry`; a verb that Python needs for itself has an
underscore behind it. A function takes the main screen and the count that was typed (None without one); when its
command has an `argument`, also what is `given`, "" when it has to ask. What has to wait is a coroutine. A test holds
this and `commands.COMMANDS` together.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, cast

Action = Callable[..., Coroutine[Any, Any, None] | None]


def action(command_id: str) -> Action:
    """The function of a command; its family is imported when one of its commands is used first. Raises KeyError when
    there is none."""
    family, _, verb = command_id.partition(".")
    try:
        module = import_module(f"{__name__}.{family}")
    except ModuleNotFoundError as error:
        raise KeyError(command_id) from error
    found = vars(module).get(verb) or vars(module).get(f"{verb}_")
    if found is None or found.__module__ != module.__name__:
        raise KeyError(command_id)
    return cast(Action, found)


def load() -> None:
    """Import every family, so that the first key of each is as fast as the second. Blocks; safe on any thread."""
    for module in iter_modules(__path__):
        import_module(f"{__name__}.{module.name}")
