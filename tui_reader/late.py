"""Modules that are imported when something of them is used first, so that nothing waits for them at the start.

The first screen needs a tenth of the program. Write the import twice: for whoever reads the types, and for the run.

    if TYPE_CHECKING:
        from tui_reader.parse import opml
    else:
        opml = Late("tui_reader.parse.opml")
"""

from __future__ import annotations

from importlib import import_module
from typing import Any


class Late:
    """Stands for a module until it is used. Any thread may be the first."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        found = getattr(import_module(self._name), name)
        setattr(self, name, found)
        return found
