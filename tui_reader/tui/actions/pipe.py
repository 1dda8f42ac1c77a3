"""Handing the article to a command: its standard input is the article, the terminal is its own while it runs."""

from __future__ import annotations

import shlex
import shutil
import subprocess
import sys
from collections.abc import Coroutine, Sequence
from typing import TYPE_CHECKING, Any

from textual.app import SuspendNotSupported

from tui_reader.exporting import NAMES, Format
from tui_reader.tui import chosen, written_out

if TYPE_CHECKING:
    from tui_reader.tui.main import Main


def markdown(main: Main, count: int | None, given: str = "") -> Coroutine[Any, Any, None]:
    return _pipe(main, chosen.ids(main), Format.MARKDOWN, given)


def text(main: Main, count: int | None, given: str = "") -> Coroutine[Any, Any, None]:
    return _pipe(main, chosen.ids(main), Format.TEXT, given)


def html(main: Main, count: int | None, given: str = "") -> Coroutine[Any, Any, None]:
    return _pipe(main, chosen.ids(main), Format.HTML, given)


def json(main: Main, count: int | None, given: str = "") -> Coroutine[Any, Any, None]:
    return _pipe(main, chosen.ids(main), Format.JSON, given)


async def _pipe(main: Main, ids: Sequence[int], format: Format, given: str) -> None:
    """Ask for the command, offering the one that was given last. Selected articles go to it one below another."""
    entries = await written_out.entries(main, ids)
    if not entries:
        return
    before, fault = await main.library.recall(REMEMBERED), ""
    value = before if isinstance(before, str) else ""
    while True:
        answer: str | None = given
        if not given:
            answer = await main.dialogs.ask(
                f"{NAMES[format]} to",
                value,
                fault=fault,
                placeholder="a command and its arguments; no shell is involved",
            )
        given = ""
        if answer is None or not answer.strip():
            return
        value = answer.strip()
        try:
            words = shlex.split(value)
        except ValueError as error:
            fault = f"{str(error).lower()}"
            continue
        if shutil.which(words[0]) is None:
            fault = f"there is no command {words[0]}"
            continue
        break
    await main.library.remember(REMEMBERED, value)
    main.keys.answered(value)
    _run(main, words, written_out.together(main, entries, format))


REMEMBERED = "piped to"


def _run(main: Main, words: list[str], given: str) -> None:
    """Give the terminal away until the command has ended and its output was read."""
    try:
        with main.app.suspend():
            code = _ran(words, given)
            sys.stdout.write(f"\n— {words[0]} ended{f' with {code}' if code else ''}; enter goes back to the reader ")
            sys.stdout.flush()
            sys.stdin.readline()
    except SuspendNotSupported:
        main.complain("⚠ there is no terminal to give to a command")
        return
    main.say(f"{words[0]} ended with {code}" if code else f"handed to {words[0]}")


def _ran(words: list[str], given: str) -> int:
    try:
        return subprocess.run(words, input=given.encode("utf-8"), check=False).returncode  # noqa: S603
    except (OSError, ValueError) as error:
        sys.stdout.write(f"{words[0]}: {error}\n")
        return 127
    except KeyboardInterrupt:
        return 130
