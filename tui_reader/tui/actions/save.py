"""Writing the article into a file."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from tui_reader import text
from tui_reader.exporting import NAMES, Format, file_name
from tui_reader.tui import written_out

if TYPE_CHECKING:
    from tui_reader.tui.main import Main


async def article(main: Main, count: int | None, given: str = "") -> None:
    """Into a file whose name is asked for; its end says in which form, and a form alone (`html`) names the file by
    itself. No file is written over unasked."""
    entry = await written_out.entry(main)
    if entry is None:
        return
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
        if path.exists() and not await main.dialogs.confirm(f"write over {path.name}?"):
            return
        try:
            written = written_out.export(main, entry, Format(ending))
            await asyncio.to_thread(path.write_text, written, encoding="utf-8")
        except OSError as error:
            fault = f"{text.clean(str(path))}: {(error.strerror or 'it could not be written').lower()}"
            continue
        main.say(f"saved as {NAMES[Format(ending)]}: {text.cut(text.clean(str(path)), 100)}")
        return
