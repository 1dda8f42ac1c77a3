"""Whether the terminal draws real pixels. Asking it means to talk with it, which only works while nobody else does."""

from __future__ import annotations

import os
import sys
import termios
import time
import tty
from contextlib import suppress
from importlib import import_module
from importlib.util import find_spec
from select import select
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from textual.app import App, SuspendNotSupported
from textual.widget import Widget

if TYPE_CHECKING:
    from collections.abc import Callable

    from PIL.Image import Image

TEXT_ONLY = frozenset({"", "dumb", "linux"})
"""Values of TERM that need not be asked."""
LAST_QUESTION, LAST_ANSWER = b"\x1b[5n", b"\x1b[0n"
"""“Are you well?”, which every terminal answers, and after all that it was asked before (ECMA-48, DSR)."""
PATIENCE = 1.0
"""Seconds to wait for that answer at the most."""


class Graphics(Struct, frozen=True):
    """What is known of the terminal: what makes a widget of real pixels, None where half cells are all there is."""

    widget: Callable[[Image], Widget] | None = None


def has_colours(app: App[Any]) -> bool:
    """Whether half cells can show a picture: not in 16 colours, and not where the user wants none. What is drawn for
    no terminal has all colours."""
    return not app.no_color and (app.is_headless or app.console.color_system in {"256", "truecolor"})


def find(app: App[Any]) -> Graphics:
    """Ask the terminal, once: the reader lets go of it until it has answered."""
    if app.is_headless or os.environ.get("TERM", "") in TEXT_ONLY or find_spec("textual_image") is None:
        return Graphics()
    found = Graphics()
    with suppress(SuspendNotSupported), app.suspend():
        found = _asked()
        with suppress(OSError, termios.error):
            _hear_out()
    return found


def _hear_out() -> None:
    """Read what is answered later than it was waited for, as over a slow line: it would be taken for keys."""
    terminal = sys.__stdin__.fileno() if sys.__stdin__ is not None else -1
    before = termios.tcgetattr(terminal)
    tty.setcbreak(terminal, termios.TCSANOW)
    try:
        os.write(1, LAST_QUESTION)
        heard, end = b"", time.monotonic() + PATIENCE
        while LAST_ANSWER not in heard and select([terminal], [], [], max(0.0, end - time.monotonic()))[0]:
            heard += os.read(terminal, 1024)
    finally:
        termios.tcsetattr(terminal, termios.TCSANOW, before)


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
