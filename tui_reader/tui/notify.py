"""Asking the terminal to notify, by OSC 9 (iTerm2, kitty, WezTerm, Ghostty) or OSC 777 (rxvt, foot, VTE)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from tui_reader import text
from tui_reader.model import Alert

_LONGEST = 200


def sequence(alert: Alert, how: Literal["auto", "9", "777", "off"], environ: Mapping[str, str]) -> str:
    """What is written to the terminal, "" for nothing. Inside tmux it is passed on, where tmux is set to allow that."""
    if how == "off":
        return ""
    title, body = (text.cut(text.clean(part), _LONGEST) for part in (alert.title, alert.body))
    if how == "777" or (how == "auto" and _knows_777(environ)):
        asked = f"\x1b]777;notify;{title.replace(';', ',')};{body.replace(';', ',')}\x1b\\"
    else:
        # What begins with a number and a semicolon is another request to some terminals: 9;4 is a progress bar.
        asked = f"\x1b]9;{f'{title} · {body}' if body else title}\x1b\\".replace("]9;4;", "]9;4,")
    return f"\x1bPtmux;{asked.replace(chr(27), chr(27) * 2)}\x1b\\" if environ.get("TMUX") else asked


def _knows_777(environ: Mapping[str, str]) -> bool:
    return environ.get("TERM", "").startswith(("rxvt", "foot")) or "VTE_VERSION" in environ
