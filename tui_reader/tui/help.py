"""The help: every key as it is bound now, made from the command table."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from textual.content import Content

from tui_reader import text
from tui_reader.commands import Command
from tui_reader.keymap import Keymap
from tui_reader.tui.sheet import Sheet
from tui_reader.tui.widgets.page import PageLine

Shown = Callable[[str], str]

PLACES = {
    "any": "Everywhere",
    "feeds": "In the feeds",
    "entries": "In the articles",
    "article": "In the article",
    "thread": "In the discussion",
}


def sheet(keymap: Keymap, context: str, shown: Shown) -> Sheet:
    """The help, the place where the keys are first."""
    return Sheet("Keys", lambda width: lines(keymap, context, shown, width))


def lines(keymap: Keymap, context: str, shown: Shown, width: int) -> Iterator[PageLine]:
    """One line a command, by place; those without a key at the end, for the palette."""
    places = sorted(PLACES, key=lambda place: (place != context, place != "any"))
    sections = [("Macros of yours", [command for command in keymap.commands if command.steps])]
    sections += [
        (
            PLACES[place],
            [one for one in keymap.commands if one.context == place and keymap.keys_of(one.id) and not one.steps],
        )
        for place in places
    ]
    for title, here in sections:
        if here:
            yield PageLine(Content.assemble("  ", (title, "bold $primary")))
            for command in here:
                yield _line(command, "  ".join(shown(keys) for keys in keymap.keys_of(command.id)), width)
            yield PageLine(Content(""))
    yield PageLine(Content.assemble("  ", ("Without a key, by the palette", "bold $primary")))
    for command in keymap.commands:
        if not keymap.keys_of(command.id):
            yield _line(command, "", width)
    yield PageLine(Content(""))
    yield PageLine(
        Content.assemble(
            "  ",
            ("A number before a key repeats it: 5j. ", "$text-muted"),
            ("Every key can be changed in config.toml.", "$text-muted"),
        )
    )


def _line(command: Command, keys: str, width: int) -> PageLine:
    sentence = text.cut(command.sentence, max(10, width - 22))
    return PageLine(Content.assemble("  ", (text.pad(keys, 16), "bold"), "  ", sentence))
