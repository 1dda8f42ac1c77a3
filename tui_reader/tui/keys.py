"""From key presses to actions: the keymap's machine, fed by Textual, and what the footer and the menus show of it."""

from __future__ import annotations

from inspect import isawaitable
from typing import TYPE_CHECKING

from textual import events
from textual.timer import Timer

from tui_reader.commands import COMMANDS, Command
from tui_reader.keymap import START, Count, Keymap, Match, Prefix, State, Unbound
from tui_reader.tui.actions import action
from tui_reader.tui.panes.welcome import BEGINNINGS
from tui_reader.tui.view import Pane

if TYPE_CHECKING:
    from tui_reader.tui.main import Main

MENU_AFTER = 0.25
"""Seconds after a prefix key before its menu comes up, so that a sequence typed at once does not flicker."""

WELCOME = {key: command_id for key, command_id, _, _ in BEGINNINGS}
UNTOLD = frozenset({"move.down", "move.up", "app.palette", "app.help"})
"""Commands that the footer leaves out or tells in another way; the header has the last two."""
LIST_ONLY = frozenset({"pane.open", "refresh.feed", "feed.add"})
"""Commands whose hint is of no use while a text is read."""
HINTS_THERE = {
    ("find.here", Pane.ARTICLE): "find",
    ("find.here", Pane.DISCUSSION): "find",
    ("discussion.show", Pane.DISCUSSION): "article",
}
"""Commands that mean something else in one pane, and what."""


def written(event: events.Key) -> str:
    """A key press in the notation of the command table."""
    if event.is_printable and event.character:
        return "space" if event.character == " " else event.character
    return event.key


class Keys:
    """The keys of the main screen. `suspended` while a prompt or a menu has them."""

    def __init__(self, main: Main, keymap: Keymap) -> None:
        self.main = main
        self.keymap = keymap
        self.suspended = False
        self._state = START
        self._timer: Timer | None = None
        self._table = {command.id: command for command in COMMANDS}

    # ------------------------------------------------------------ pressing

    def press(self, key: str) -> None:
        """Take one key."""
        self._hide_menu()
        if not self.main.has_feeds and self._state == START and key in WELCOME:
            self.run(WELCOME[key])
            return
        before = self._state
        self._state, step = self.keymap.feed(before, key, self.context)
        match step:
            case Match(command, count):
                self.main.show_pending("")
                self.run(command.id, count)
            case Prefix(pending, menu):
                self.main.show_pending(_typed(self._state))
                self._menu_soon(" ".join(pending), menu)
            case Count():
                self.main.show_pending(_typed(self._state))
            case Unbound(keys):
                self.main.show_pending("")
                if before == START or key != "escape":
                    self.main.say(f"{' '.join(keys)} does nothing here · {self.hint('app.help')}")

    def run(self, command_id: str, count: int | None = None) -> None:
        """Do what a command does."""
        try:
            doing = action(command_id)(self.main, count)
        except Exception as error:
            self.main.failed(error)
            return
        if isawaitable(doing):
            self.main.go(doing, group=command_id)

    def _menu_soon(self, title: str, menu: tuple[tuple[str, Command], ...]) -> None:
        rows = [(shown(key), command.sentence) for key, command in menu]
        if self.main.still:
            self.main.show_menu(title, rows)
        else:
            self._timer = self.main.set_timer(MENU_AFTER, lambda: self.main.show_menu(title, rows))

    def _hide_menu(self) -> None:
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        self.main.show_menu("", [])

    # ------------------------------------------------------------ showing

    @property
    def context(self) -> str:
        """The place of the command table that the pane with the keys is."""
        return "thread" if self.main.view.pane is Pane.DISCUSSION else str(self.main.view.pane)

    def key_of(self, command_id: str) -> str:
        """The first key of a command as a person reads it, "" when it has none."""
        keys = self.keymap.keys_of(command_id)
        return shown(keys[0]) if keys else ""

    def hint(self, command_id: str, word: str = "") -> str:
        """A key and what it does, for the end of a message; "" when it has no key."""
        key = self.key_of(command_id)
        return f"{key} {word or self._table[command_id].hint}" if key else ""

    def hints(self) -> list[tuple[str, str]]:
        """The footer: the few keys that matter where the keys are, those of the pane first."""
        if self.suspended:
            return [("enter", "take it"), ("esc", "give up")]
        if not self.main.has_feeds:
            return [(key, word) for key, _, word, _ in BEGINNINGS]
        bound = {command.id for command in self.keymap.bindings(self.context).values()} - UNTOLD
        pane = self.main.view.pane
        if pane in {Pane.ARTICLE, Pane.DISCUSSION}:
            bound -= LIST_ONLY
        move = " ".join(filter(None, (self.key_of("move.down"), self.key_of("move.up"))))
        order = sorted(COMMANDS, key=lambda command: (command.id != "read.on", command.context == "any"))
        told = [
            (self.key_of(command.id), HINTS_THERE.get((command.id, pane), command.hint))
            for command in order
            if command.hint and command.id in bound
        ]
        return [(move, "move"), *told] if move else told

    def shown(self, keys: str) -> str:
        """A key sequence as a person reads it."""
        return shown(keys)

    def offered(self) -> list[Command]:
        """The commands that do something where the keys are, in the order of the table."""
        return [command for command in COMMANDS if command.context in {"any", self.context}]


def _typed(state: State) -> str:
    return f"{state.count or ''}{' '.join(shown(key) for key in state.pending)}"


SIGNS = {"escape": "esc", "pagedown": "pgdn", "pageup": "pgup", "down": "↓", "up": "↑", "left": "←", "right": "→"}
"""Keys that are shown by a shorter name than they are written with."""


def shown(keys: str) -> str:
    """A key sequence as a person reads it: `g g` as gg, `ctrl+d` as ^d."""
    parts = [SIGNS.get(part, part.replace("ctrl+", "^").replace("shift+", "⇧")) for part in keys.split()]
    return "".join(parts) if all(len(part) == 1 for part in parts) else " ".join(parts)
