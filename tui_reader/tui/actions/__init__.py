"""What every command does: one module a family, one function a command.

The command `entry.star` is the function `star` of the module `entry`; a verb that Python needs for itself has an
underscore behind it. A function takes the main screen and the count that was typed (None without one); when its
command has an `argument`, also what is `given`, "" when it has to ask. What has to wait is a coroutine. A test holds
this and `commands.COMMANDS` together.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from types import ModuleType
from typing import Any, cast

from tui_reader.tui.actions import (
    act,
    app,
    article,
    comment,
    copy,
    discussion,
    entry,
    error,
    feed,
    find,
    image,
    link,
    move,
    mute,
    pane,
    pipe,
    read,
    refresh,
    save,
    smart,
    sort,
    thread,
    welcome,
)

Action = Callable[..., Coroutine[Any, Any, None] | None]

FAMILIES: tuple[ModuleType, ...] = (
    act,
    app,
    article,
    comment,
    copy,
    discussion,
    entry,
    error,
    feed,
    find,
    image,
    link,
    move,
    mute,
    pane,
    pipe,
    read,
    refresh,
    save,
    smart,
    sort,
    thread,
    welcome,
)


def action(command_id: str) -> Action:
    """The function of a command. Raises KeyError when there is none."""
    family, _, verb = command_id.partition(".")
    for module in FAMILIES:
        if module.__name__.endswith(f".{family}"):
            found = vars(module).get(verb) or vars(module).get(f"{verb}_")
            if found is not None and found.__module__ == module.__name__:
                return cast(Action, found)
    raise KeyError(command_id)
