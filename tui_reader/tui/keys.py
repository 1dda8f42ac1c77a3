"""From key presses to actions: the keymap's machine, fed by Textual, and what the footer and the menus show of it.

Whatever runs a command comes through here: a key, the palette, the command line, a macro, the repeating of an act.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Coroutine
from inspect import isawaitable
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace
from textual import events
from textual.timer import Timer

from tui_reader.commands import COMMANDS, Command
from tui_reader.config import Config
from tui_reader.errors import BadInput
from tui_reader.keymap import START, Count, Keymap, Match, Prefix, State, Unbound, build, parted
from tui_reader.presets import PRESETS
from tui_reader.tui.actions import action
from tui_reader.tui.panes.welcome import BEGINNINGS
from tui_reader.tui.view import Pane

if TYPE_CHECKING:
    from tui_reader.tui.main import Main

MENU_AFTER = 0.25
"""Seconds after a prefix key before its menu comes up, so that a sequence typed at once does not flicker."""

WELCOME = {key: command_id for key, command_id, _, _ in BEGINNINGS}
UNTOLD = frozenset({"move.down", "move.up", "app.command", "app.help"})
"""Commands that the footer leaves out or tells in another way; the header has the last two."""
LIST_ONLY = frozenset({"pane.open", "refresh.feed", "feed.add"})
"""Commands whose hint is of no use while a text is read."""
HINTS_THERE = {
    ("find.here", Pane.ARTICLE): "find",
    ("find.here", Pane.DISCUSSION): "find",
    ("discussion.show", Pane.DISCUSSION): "article",
}
"""Commands that mean something else in one pane, and what."""


MOST_ROUNDS = 100
"""How often a count can have a macro run."""
LEAFING = frozenset({"feed.next", "feed.previous"})
"""Commands that lead from feed to feed without a look at the articles."""
SHOWING = frozenset({"open", "scope", "load"})
"""What a step of a macro sets going and the next one must not run ahead of."""
WHERE = {"feeds": "the feeds", "entries": "the articles", "article": "the article", "thread": "the discussion"}


def written(event: events.Key) -> str:
    """A key press in the notation of the command table."""
    if event.is_printable and event.character:
        held = event.key[: event.key.rindex("+") + 1] if "+" in event.key[:-1] else ""
        return held + ("space" if event.character == " " else event.character)
    return event.key


def bound(config: Config, preset: str) -> tuple[Keymap, tuple[str, ...]]:
    """The keys of a preset with the user's own on top, and what is wrong with these."""
    return build(COMMANDS, config.keys, PRESETS[preset].keys, config.macros)


class Act(Struct, frozen=True):
    """A command as it was done."""

    command: Command
    count: int | None = None
    given: str = ""


class Keys:
    """The keys of the main screen. `suspended` while a prompt or a menu has them."""

    def __init__(self, main: Main, keymap: Keymap) -> None:
        self.main = main
        self.suspended = False
        self._state = START
        self._timer: Timer | None = None
        self._last: Act | None = None
        self.preset = "default"
        """Whose keys these are."""
        self.use(keymap)

    def choose(self, preset: str) -> tuple[str, ...]:
        """Go by the keys of a preset with the user's own on top; what of these cannot be used with it."""
        keymap, faults = bound(self.main.config, preset)
        self.preset = preset
        self.use(keymap)
        self.main.show_keys()
        return faults

    def use(self, keymap: Keymap) -> None:
        """Go by these keys from now on."""
        self.keymap = keymap
        self._table = {command.id: command for command in keymap.commands}

    # ------------------------------------------------------------ pressing

    def press(self, key: str) -> None:
        """Take one key."""
        self._hide_menu()
        if self.main.jump.on:
            self.main.jump.press(key)
            return
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

    def leafs(self, key: str) -> bool:
        """Whether a key leads on from feed to feed, or has nothing to do with articles: it need not wait until a list
        is shown."""
        _, step = self.keymap.feed(self._state, key, self.context)
        if isinstance(step, Match):
            family = step.command.id.partition(".")[0]
            return step.command.id in LEAFING or family == "app" or (family == "move" and self.context == "feeds")
        return not isinstance(step, Prefix)

    def run(self, command_id: str, count: int | None = None, given: str = "") -> None:
        """Do what a command does, as often as counted and with what is given to it."""
        self._do(Act(self._table[command_id], count, given))

    def repeat(self, count: int | None) -> None:
        """Do the last act again; a count takes the place of the one it was done with."""
        if self._last is None:
            self.main.say("nothing was done yet that could be repeated")
        else:
            self._do(replace(self._last, count=count or self._last.count))

    def answered(self, given: str) -> None:
        """The last act asked and was answered: repeated, it takes the same answer."""
        if self._last is not None:
            self._last = replace(self._last, given=given)

    def _do(self, act: Act) -> None:
        if act.command.acts:
            self._last = act
        if act.command.steps:
            self.main.go(self._macro(act), group="macro")
            return
        if elsewhere := self._elsewhere(act.command):
            self.main.say(elsewhere)
            return
        try:
            doing = self._start(act)
        except Exception as error:
            self.main.failed(error)
            return
        if isawaitable(doing):
            if act.command.asks or (act.command.argument and not act.given):
                self.main.ahead.begin()
            if act.command.asks or act.command.argument:  # what is given may be wrong, and is asked for then
                doing = self._asking(doing)
            self.main.go(doing, group=act.command.id)

    async def _asking(self, doing: Awaitable[None]) -> None:
        """Do what asks; what was typed after its answers belongs to the screen again."""
        try:
            await doing
        finally:
            await self.main.ahead.end()

    def _start(self, act: Act) -> Coroutine[Any, Any, None] | None:
        do = action(act.command.id)
        return do(self.main, act.count, act.given) if act.command.argument else do(self.main, act.count)

    def _elsewhere(self, command: Command) -> str:
        """What to say of a command that belongs in another pane than the one with the keys; "" when it does not."""
        here = command.context in {"any", self.context}
        return "" if here else f"{command.id} belongs in {WHERE[command.context]}"

    async def _macro(self, act: Act) -> None:
        """Each step when the one before it is on the screen; a step that fails, or belongs elsewhere, ends it."""
        for _ in range(min(act.count or 1, MOST_ROUNDS)):
            for step in act.command.steps:
                id, given = parted(step)
                command = self._table[id]
                if elsewhere := self._elsewhere(command):
                    raise BadInput(f"{elsewhere}; the macro ends here")
                doing = self._start(Act(command, None, given))
                if isawaitable(doing):
                    await doing
                await self._shown()

    async def _shown(self) -> None:
        """Wait until what a step did has come up to the screen and what it asked for is shown."""
        for widget in self.main.pane.ancestors_with_self:
            heard = asyncio.Event()
            if widget.call_later(heard.set):
                await heard.wait()
            if widget is self.main:
                break
        mine = asyncio.current_task()
        while waiting := [task for task in self.main.tasks.running(SHOWING) if task is not mine]:
            await asyncio.wait(waiting)

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
        order = sorted(self.keymap.commands, key=lambda command: (command.id != "read.on", command.context == "any"))
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
        return [command for command in self.keymap.commands if command.context in {"any", self.context}]


def _typed(state: State) -> str:
    return f"{state.count or ''}{' '.join(shown(key) for key in state.pending)}"


SIGNS = {"escape": "esc", "pagedown": "pgdn", "pageup": "pgup", "down": "↓", "up": "↑", "left": "←", "right": "→"}
"""Keys that are shown by a shorter name than they are written with."""


def shown(keys: str) -> str:
    """A key sequence as a person reads it: `g g` as gg, `ctrl+d` as ^d."""
    parts = [SIGNS.get(part, part.replace("ctrl+", "^").replace("shift+", "⇧")) for part in keys.split()]
    return "".join(parts) if all(len(part) == 1 for part in parts) else " ".join(parts)
