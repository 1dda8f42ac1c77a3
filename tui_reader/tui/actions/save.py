"""Writing the article into a file."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Coroutine, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tui_reader import text
from tui_reader.exporting import NAMES, Format, file_name
from tui_reader.tui import chosen, written_out

if TYPE_CHECKING:
    from tui_reader.tui.main import Main


def article(main: Main, count: int | None, given: str = "") -> Coroutine[Any, Any, None]:
    """Into a file whose name is asked for; its end says in which form, and a form alone (`html`) names the file by
    itself. Selected articles go into a folder. No file is written over unasked."""
    ids = chosen.ids(main)
    return _article(main, ids, given) if len(ids) < 2 else _articles(main, ids, given)


async def _articles(main: Main, ids: Sequence[int], given: str) -> None:
    """Each into a Markdown file of its own; one whose name is taken gets a number."""
    entries = await written_out.entries(main, ids)
    fault, value = "", "~"
    while entries:
        answer, given = (
            given or await main.dialogs.ask(f"save {written_out.told(entries)} in", value, fault=fault),
            "",
        )
        if answer is None or not answer.strip():
            return
        value, folder = answer, Path(answer.strip()).expanduser()
        try:
            for entry in entries:
                written = written_out.export(main, entry, Format.MARKDOWN)
                await asyncio.to_thread(_write_new, folder / file_name(entry, Format.MARKDOWN), written)
        except OSError as error:
            fault = f"{text.clean(str(folder))}: {(error.strerror or 'it could not be written').lower()}"
            continue
        main.keys.answered(value)
        main.say(f"{written_out.told(entries)} saved as Markdown in {text.cut(text.clean(str(folder)), 100)}")
        return


def _write(path: Path, written: str, *, over: bool) -> None:
    """Write a file; over one that is there only when that was meant, and never through a link to somewhere else."""
    with path.open("w" if over else "x", encoding="utf-8") as file:
        file.write(written)


def _write_new(path: Path, written: str) -> None:
    """Write a file that is not there yet, under another name when need be."""
    for number in itertools.count(1):
        free = path if number == 1 else path.with_stem(f"{path.stem} {number}")
        try:
            with free.open("x", encoding="utf-8") as file:
                file.write(written)
        except FileExistsError:
            continue
        return


async def _article(main: Main, ids: Sequence[int], given: str) -> None:
    entries = await written_out.entries(main, ids)
    if not entries:
        return
    entry = entries[0]
    fault = ""
    value = str(Path("~", file_name(entry, Format.MARKDOWN)))
    if given in set(Format):
        given = str(Path("~", file_name(entry, Format(given))))
    while True:
        answer, given = (
            given or await main.dialogs.ask("save as", value, fault=fault, placeholder="a file: .md .txt .html .json"),
            "",
        )
        if answer is None or not answer.strip():
            return
        value, path = answer, Path(answer.strip()).expanduser()
        ending = path.suffix.removeprefix(".").lower()
        if ending not in set(Format):
            fault = "the name must end in .md, .txt, .html or .json"
            continue
        over = path.exists()
        if over and not await main.dialogs.confirm(f"write over {path.name}?"):
            return
        try:
            written = written_out.export(main, entry, Format(ending))
            await asyncio.to_thread(_write, path, written, over=over)
        except OSError as error:
            fault = f"{text.clean(str(path))}: {(error.strerror or 'it could not be written').lower()}"
            continue
        main.say(f"saved as {NAMES[Format(ending)]}: {text.cut(text.clean(str(path)), 100)}")
        return
