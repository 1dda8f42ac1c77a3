"""Whether the terminal draws real pixels. Asking it means to talk with it, which only works while nobody else does."""

from __future__ import annotations

import os
from contextlib import suppress
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from textual.app import App, SuspendNotSupported
from textual.widget import Widget

from tui_reader.frozen import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable

    from PIL.Image import Image

TEXT_ONLY = frozenset({"", "dumb", "linux"})
"""Values of TERM that need not be asked."""


@dataclass(frozen=True, slots=True)
class Graphics:
    """What is known of the terminal: what makes a widget of real pixels, None where half cells are all there is."""

    widget: Callable[[Image], Widget] | None = None


def has_colours(app: App[Any]) -> bool:
    """Whether half cells can show a picture: not in 16 colours, and not where the user wants none. What is drawn for
    no terminal has all colours."""
    return not app.no_color and (app.is_headless or app.console.color_system in {"256", "truecolor"})


def find(app: App[Any]) -> Graphics:
    """Ask the terminal, once: the reader lets go of it for the tenth of a second that the answer may take."""
    if app.is_headless or os.environ.get("TERM", "") in TEXT_ONLY or find_spec("textual_image") is None:
        return Graphics()
    found = Graphics()
    with suppress(SuspendNotSupported), app.suspend():
        found = _asked()
    return found


def _asked() -> Graphics:
    """The import itself is what asks. Nothing may be raised: the terminal would never be taken back."""
    try:
        renderable, widget = import_module("textual_image.renderable"), import_module("textual_image.widget")
    except Exception:  # it talks with a terminal, which may answer anything
        return Graphics()
    if renderable.Image is renderable.SixelImage:
        return Graphics(widget.SixelImage)
    if renderable.Image is renderable.TGPImage:
        return Graphics(widget.TGPImage)
    return Graphics()
