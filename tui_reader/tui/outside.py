"""Handing things out of the program: to the clipboard and to the browser."""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING

from tui_reader import text, urls
from tui_reader.model import Alert
from tui_reader.tui import opening
from tui_reader.tui.notify import sequence

if TYPE_CHECKING:
    from tui_reader.tui.main import Main


def copy(main: Main, what: str, *, shown: str = "") -> None:
    """Put a text into the clipboard, by asking the terminal to (OSC 52), and tell what was copied."""
    main.app.copy_to_clipboard(what)
    main.say(f"copied: {text.cut(text.clean(shown or what), 80)}")


def alert(main: Main, told: Alert) -> None:
    """Tell what a rule has to tell, in the status line and, by the terminal, on the desktop."""
    if told.fault:
        main.complain(f"⚠ {told.fault}")
        return
    main.say(f"{told.title} · {told.body}" if told.body else told.title)
    asked = sequence(told, main.config.notify.terminal, os.environ)
    driver = main.app._driver
    if asked and driver is not None:
        driver.write(asked)


async def browse(main: Main, url: str) -> None:
    """Open an address in the browser; where that cannot be, copy it and say so. Its host is always told."""
    if not url:
        main.say("this has no address")
        return
    if not urls.safe_to_open(url):
        main.complain(f"⚠ not opened: {text.cut(text.clean(url), 80)} is no web address")
        return
    words = opening.command(main.config.open.browser, os.environ)
    main.say(f"opening {urls.host(url)} …")
    if await asyncio.to_thread(opening.open_url, url, words):
        main.say(f"opened {urls.host(url)}")
    else:
        copy(main, url)
        why = f"{words[0]} could not open it" if words else "no browser here"
        main.say(f"{why}; copied instead: {text.cut(url, 80)}")
