"""The help: every key as it is bound now, made from the command table, narrowed by what one types."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from textual import events
from textual.content import Content

from tui_reader import text
from tui_reader.commands import Command
from tui_reader.keymap import Keymap
from tui_reader.tui.sheet import Sheet
from tui_reader.tui.widgets.page import PageLine
from tui_reader.tui.widgets.strips import harmless_text

Shown = Callable[[str], str]

PLACES = {
    "any": "Everywhere",
    "feeds": "In the feeds",
    "entries": "In the articles",
    "article": "In the article",
    "thread": "In the discussion",
}
KEYS_WIDE = 16
"""Cells of the column of keys."""


class Help(Sheet):
    """What is typed narrows it, to a key of just this name or to what has the words in its sentence, its id or its
    keys; escape widens it again, then closes. Before anything is typed `q`, `?` and space do what they do elsewhere."""

    def __init__(self, keymap: Keymap, context: str, shown: Shown, whose: str) -> None:
        super().__init__("Keys", lambda width: lines(keymap, context, shown, width, self.words, whose))
        self.words = ""

    def _tell(self) -> None:
        typed = f"{self.words}▏" if self.words else "type a word or a key"
        self._page.border_title = Content(f"Keys · {typed}")
        self._page.border_subtitle = Content("esc clears" if self.words else "esc closes")

    def _fill(self) -> None:
        before = self._page.styles.height
        super()._fill()
        self._tell()
        if self.words:
            self._page.styles.height = before

    def _narrow(self, words: str) -> None:
        self.words = words
        self._page.home()
        self._fill()

    def on_key(self, event: events.Key) -> None:
        """Narrow, widen, scroll, or close."""
        event.prevent_default()
        event.stop()
        typed = event.character if event.is_printable and event.character else ""
        page = self._page
        match event.key:
            case "escape" | "ctrl+u" | "ctrl+g" if self.words:
                self._narrow("")
            case "backspace" if self.words:
                self._narrow(self.words[:-1])
            case "down":
                page.move(1)
            case "up":
                page.move(-1)
            case "pagedown" | "ctrl+f" | "ctrl+v":
                page.page(1)
            case "pageup" | "ctrl+b":
                page.page(-1)
            case "ctrl+d":
                page.half(1)
            case "ctrl+u":
                page.half(-1)
            case "home":
                page.home()
            case "end":
                page.end()
            case "space" if not self.words:
                page.page(1)
            case _ if typed and (self.words or typed not in {"q", "?"}):
                self._narrow(self.words + harmless_text(typed))
            case "escape" | "enter" | "ctrl+c" | "ctrl+g" | "q" | "question_mark" if self.is_current:
                self.dismiss()


def sheet(keymap: Keymap, context: str, shown: Shown, whose: str) -> Sheet:
    """The help, the place where the keys are first."""
    return Help(keymap, context, shown, whose)


def lines(
    keymap: Keymap, context: str, shown: Shown, width: int, words: str = "", whose: str = "default"
) -> Iterator[PageLine]:
    """One line a command, by place, macros first; those without a key at the end, for the palette. With `words` only
    what these find."""
    found = 0
    for title, here in _sections(keymap, context, shown, words):
        if here:
            found += len(here)
            yield PageLine(Content.assemble("  ", (title, "bold $primary")))
            for command in here:
                yield _line(command, "  ".join(shown(keys) for keys in keymap.keys_of(command.id)), width)
            yield PageLine(Content(""))
    if words and not found:
        yield PageLine(Content.assemble("  ", (f"No command has “{words}” in its keys, its sentence or its id.", "")))
        return
    if not words:
        feet = ["A number before a key repeats it: 5j. Every key can be changed in config.toml."]
        feet += [f"These are the keys of {whose}."] if whose != "default" else []
        for foot in feet:
            yield PageLine(Content.assemble("  ", (foot, "$text-muted")))


def _sections(keymap: Keymap, context: str, shown: Shown, words: str) -> Iterator[tuple[str, Sequence[Command]]]:
    places = sorted(PLACES, key=lambda place: (place != context, place != "any"))
    wanted = words[1:] if len(words) > 1 and words.startswith("/") else words
    parts = wanted.casefold().split()

    def has_key(command: Command) -> bool:
        return any(wanted in {keys, shown(keys)} for keys in keymap.keys_of(command.id))

    def fits(command: Command) -> bool:
        keys = " ".join(f"{keys} {shown(keys)}" for keys in keymap.keys_of(command.id))
        told = f"{command.sentence} {command.id} {keys}".casefold()
        return all(part in told for part in parts)

    this = [command for command in keymap.commands if words and has_key(command)]
    if this:
        yield f"The key {wanted}", this
    rest = [command for command in keymap.commands if command not in this and fits(command)]
    yield "Macros of yours", [command for command in rest if command.steps]
    for place in places:
        bound = [one for one in rest if one.context == place and keymap.keys_of(one.id) and not one.steps]
        yield PLACES[place], bound
    yield "Without a key: type its name after :", [command for command in rest if not keymap.keys_of(command.id)]


def _line(command: Command, keys: str, width: int) -> PageLine:
    """Its keys, its sentence, and where there is room its id."""
    room = max(10, width - KEYS_WIDE - 6)
    takes = f" {command.argument.upper()}" if command.argument else ""
    id = "" if command.steps else f"{command.id}{takes}"
    sentence = text.cut(command.sentence, room)
    between = room - text.width(sentence) - len(id)
    made = Content.assemble("  ", (text.pad(text.cut(keys, KEYS_WIDE), KEYS_WIDE), "bold"), "  ", sentence)
    return PageLine(made + Content(" " * between) + Content.styled(id, "$text-muted") if id and between > 1 else made)
