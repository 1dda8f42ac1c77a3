"""Handing an address to the user's browser, safely: never a shell, never anything but http, https and mailto; and what
the terminal may be told of addresses."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from shutil import which

from tui_reader import urls

SETTLES_WITHIN = 2.0
"""Seconds a browser command may take to say that it failed; one still running then is taken to work."""

_LINUX = (("xdg-open",), ("wslview",), ("gio", "open"), ("x-www-browser",))


def command(
    browser: Sequence[str],
    environ: Mapping[str, str],
    *,
    platform: str = sys.platform,
    find: Callable[[str], str | None] = which,
) -> tuple[str, ...]:
    """The words that start a browser here, without the address; () when there is none to start.

    Without a display only a browser the user configured is started: the desktop's opener would fall back to one that
    wants this very terminal.
    """
    if browser:
        return tuple(browser)
    if platform == "darwin":
        return ("open",)
    if platform == "win32":
        return ("rundll32", "url.dll,FileProtocolHandler")
    if not any(environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME")):
        return ()
    return next((words for words in _LINUX if find(words[0])), ())


def open_url(url: str, words: Sequence[str]) -> bool:
    """Start the browser on `url` and tell whether that seems to work. Blocks up to two seconds: call it in a thread.

    `%u` in one of the words stands for the address; else it is the last argument. An address that is not safe to
    open is refused.
    """
    if not words or not urls.safe_to_open(url):
        return False
    placed = [word.replace("%u", url) for word in words]
    argv = placed if placed != list(words) else [*words, url]
    try:
        process = subprocess.Popen(  # noqa: S603 - an argument list, no shell, an address that was checked
            argv,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError:
        return False
    try:
        return process.wait(SETTLES_WITHIN) == 0
    except subprocess.TimeoutExpired:
        return True


def hyperlinks(environ: Mapping[str, str]) -> bool:
    """Whether the terminal can be told where a link leads (OSC 8). Those that know nothing of it pass over it, but for
    the Linux console, which prints it."""
    return environ.get("TERM", "dumb") not in {"linux", "dumb", "vt100", "vt220"}
