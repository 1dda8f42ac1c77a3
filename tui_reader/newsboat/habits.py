"""Newsboat's `config` in the words of ours: its keys, its macros and the few settings that mean the same here.

Nothing is applied by itself: what maps is written out as a piece of config.toml, and what does not is told.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct, field

from tui_reader.commands import COMMANDS
from tui_reader.keymap import check
from tui_reader.newsboat.words import split, words
from tui_reader.presets import PRESETS
from tui_reader.text import clean

OPERATIONS: Mapping[str, Mapping[str, str]] = {
    "open": {"any": "pane.open"},
    "quit": {"any": "pane.back"},
    "hard-quit": {"any": "app.quit"},
    "reload": {"any": "refresh.feed", "thread": "thread.look"},
    "reload-all": {"any": "refresh.all"},
    "mark-feed-read": {"any": "entry.mark_all"},
    "save": {"any": "save.article"},
    "next-unread": {"any": "entry.next_unread", "thread": "thread.next_new"},
    "prev-unread": {"any": "entry.previous_unread", "thread": "thread.previous_new"},
    "open-in-browser": {"any": "link.open"},
    "help": {"any": "app.help"},
    "toggle-source-view": {"any": "article.source"},
    "toggle-article-read": {"any": "entry.toggle_read"},
    "show-urls": {"any": "link.list"},
    "open-search": {"any": "find.everywhere"},
    "goto-url": {"any": "link.follow"},
    "edit-urls": {"any": "feed.add"},
    "cmdline": {"any": "app.command"},
    "set-filter": {"any": "find.here"},
    "edit-flags": {"any": "entry.tag"},
    "next-feed": {"any": "feed.next"},
    "prev-feed": {"any": "feed.previous"},
    "next-unread-feed": {"any": "feed.next"},
    "prev-unread-feed": {"any": "feed.previous"},
    "pipe-to": {"any": "pipe.text"},
    "up": {"any": "move.up"},
    "down": {"any": "move.down"},
    "pageup": {"any": "move.page_up"},
    "pagedown": {"any": "move.page_down"},
    "halfpageup": {"any": "move.half_up"},
    "halfpagedown": {"any": "move.half_down"},
    "home": {"any": "move.top"},
    "end": {"any": "move.bottom"},
    "switch-focus": {"any": "pane.next"},
}
"""Newsboat's operations and the commands that do the same, by pane where panes differ."""

Texts = dict[str, tuple[str, ...]]

_CONTEXTS = {"feedlist": "feeds", "articlelist": "entries", "article": "article", "everywhere": "any", "all": "any"}
_NAMES = {
    "ENTER": "enter",
    "SPACE": "space",
    "ESC": "escape",
    "TAB": "tab",
    "BACKSPACE": "backspace",
    "DELETE": "delete",
    "UP": "up",
    "DOWN": "down",
    "LEFT": "left",
    "RIGHT": "right",
    "HOME": "home",
    "END": "end",
    "PPAGE": "pageup",
    "NPAGE": "pagedown",
    "PAGEUP": "pageup",
    "PAGEDOWN": "pagedown",
    **{f"F{number}": f"f{number}" for number in range(1, 13)},
}
_KEY = re.compile(r"<(?:C-)?[^<>\s]+>|\^.|.")
_PRESET = PRESETS["newsboat"].keys
_QUIET = frozenset({"color", "highlight", "highlight-article", "highlight-feed"})
"""Colours: a theme of ours is chosen, so each line of these is not told on its own."""


class Habits(Struct, frozen=True):
    """What the settings come to. `keys` are by command, `macros` by key as lists of commands, `settings` as
    (section, name, value); `left` is what has no like here, as (what, why). `preset`: the keys are on top of those that
    newsboat has by itself."""

    keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    macros: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    settings: tuple[tuple[str, str, object], ...] = ()
    left: tuple[tuple[str, str], ...] = ()
    preset: bool = False

    def toml(self) -> str:
        """What maps, as a piece of config.toml; "" when nothing does."""
        sections: dict[str, list[str]] = {}
        for section, name, value in self.settings:
            sections.setdefault(section, []).append(f"{name} = {_value(value)}")
        if self.preset:
            sections.setdefault("keys", []).append('preset = "newsboat"')
        for command_id, keys in self.keys.items():
            sections.setdefault("keys", []).append(f"{_value(command_id)} = {_value(list(keys))}")
        for key, commands in self.macros.items():
            sections.setdefault("macros", []).append(f"{_value(key)} = {_value(list(commands))}")
        return "\n".join(f"[{name}]\n" + "\n".join(lines) + "\n" for name, lines in sections.items())


def read(document: str) -> Habits:
    """Translate the settings; a line that is not understood is told and costs only itself."""
    reading = _Reading()
    for line in document.replace("\\\n", " ").splitlines():
        reading.line(line)
    return reading.habits()


class _Reading:
    def __init__(self) -> None:
        self.bound: list[tuple[str, str]] = []
        self.macros: Texts = {}
        self.settings: dict[tuple[str, str], object] = {}
        self.left: list[tuple[str, str]] = []
        self.proxy = {"use-proxy": "", "proxy": "", "proxy-type": "http"}
        self.colours = 0
        self.lines = 0

    def line(self, line: str) -> None:
        """Take one line."""
        written = words(line)
        if not written:
            return
        self.lines += 1
        name, *rest = written
        match name:
            case "bind-key":
                self._bind_key(rest)
            case "bind":
                self._bind(line, rest)
            case "macro":
                self._macro(line, rest)
            case "unbind-key":
                if "-a" not in rest:
                    self._leave(line, 'a key is taken away with `"command" = ""`')
            case _ if name in _QUIET:
                self.colours += 1
            case _:
                self._setting(name, rest, line)

    def habits(self) -> Habits:
        """What all lines come to."""
        if self.proxy["use-proxy"] == "yes" and self.proxy["proxy"]:
            kind = self.proxy["proxy-type"]
            if kind in {"http", "https"}:
                self.settings["network", "proxy"] = f"{kind}://{self.proxy['proxy']}"
            else:
                self.left.append((f"proxy-type {kind}", "only http and https proxies can be used"))
        if self.colours:
            self.left.append((f"{self.colours} lines of colours", "choose a theme"))
        keys, macros, faults = _sound(_with_defaults(self.bound), self.macros)
        settings = tuple((section, name, value) for (section, name), value in self.settings.items())
        return Habits(keys, macros, settings, (*self.left, *faults), self.lines > 0)

    def _leave(self, line: str, why: str) -> None:
        self.left.append((clean(line, limit=120), why))

    # ------------------------------------------------------------ keys

    def _bind_key(self, rest: Sequence[str]) -> None:
        """`bind-key KEY OPERATION [DIALOG]`."""
        line = " ".join(("bind-key", *rest))
        if len(rest) < 2:
            self._leave(line, "it is not complete")
            return
        self._take(line, rest[0], rest[1], [rest[2]] if len(rest) > 2 else ["all"])

    def _bind(self, line: str, rest: Sequence[str]) -> None:
        """`bind KEYS CONTEXTS OPERATION…`, since newsboat 2.38."""
        operations = [part for part in rest[2:] if part != "--"]
        if len(rest) < 3 or not operations:
            self._leave(line, "it is not complete")
            return
        if len(operations) > 1 and operations[1] != ";" and not operations[0].endswith(";"):
            operations = operations[:1] if line.count(" -- ") else operations
        if len(operations) > 1 or operations[0].endswith(";"):
            self._leave(line, "a key with several operations is a macro")
            return
        self._take(line, rest[0], operations[0], rest[1].split(","))

    def _take(self, line: str, key: str, operation: str, dialogs: Sequence[str]) -> None:
        keys = sequence(key)
        if operation not in OPERATIONS:
            self._leave(line, f"nothing here does {clean(operation, limit=40)}")
            return
        places = {_CONTEXTS[dialog] for dialog in dialogs if dialog in _CONTEXTS}
        if not keys or not places:
            self._leave(line, "there is no such key here" if not keys else "there is no such place here")
            return
        for place in places:
            mapped = OPERATIONS[operation]
            self.bound.append((mapped.get(place, mapped["any"]), keys))

    def _macro(self, line: str, rest: Sequence[str]) -> None:
        """`macro KEY OPERATION [ARGUMENT…] ; …`. Its prefix is `,`."""
        if len(rest) < 2:
            self._leave(line, "it is not complete")
            return
        key, _, body = line.split("macro", 1)[1].strip().partition(" ")
        steps = [words(step) for step in split(body.split(' -- "')[0], ";")]
        commands = tuple(
            OPERATIONS[step[0]]["any"] for step in steps if step and len(step) == 1 and step[0] in OPERATIONS
        )
        keys = sequence(key)
        if not keys or not commands or len(commands) != len([step for step in steps if step]):
            self._leave(line, "a step of this macro has no like here")
            return
        self.macros[f", {keys}"] = commands

    # ------------------------------------------------------------ settings

    def _setting(self, name: str, rest: Sequence[str], line: str) -> None:
        value = rest[0] if rest else ""
        if name in self.proxy:
            self.proxy[name] = value
        elif name in {"auto-reload", "refresh-on-startup"} and value in {"yes", "no"}:
            self.settings["refresh", "auto" if name == "auto-reload" else "on_start"] = value == "yes"
        elif name == "reload-time" and value.isdigit():
            self.settings["refresh", "interval"] = max(60, int(value))
        elif name == "download-timeout" and value.isdigit():
            self.settings["network", "timeout"] = min(max(1, int(value)), 300)
        elif name == "text-width" and value.isdigit() and int(value):
            self.settings["ui", "width"] = min(max(30, int(value)), 200)
        elif name == "browser" and (program := _command(value)):
            self.settings["open", "browser"] = program
        else:
            self._leave(line, "there is no such setting here")


def sequence(written: str) -> str:
    """A key as our table writes it, "" when it has no like: `^R` is `ctrl+r`, `<ENTER>` and `ENTER` are `enter`."""
    if written in _NAMES:
        return _NAMES[written]
    return " ".join(map(_key, _KEY.findall(written))) if all(map(_key, _KEY.findall(written))) else ""


def _key(written: str) -> str:
    if written.startswith("<") and len(written) > 1:
        inside = written[1:-1]
        if inside.startswith("C-"):
            return f"ctrl+{inside[2:].lower()}"
        return _NAMES.get(inside.upper(), "")
    if written.startswith("^") and len(written) == 2:
        return f"ctrl+{written[1].lower()}" if written[1].isalpha() else ""
    return "space" if written == " " else written


def _command(written: str) -> list[str]:
    """A browser's command as a list; one that needs a shell, or the address elsewhere than at its end, is none."""
    parts: list[str] = written.replace("'%u'", "%u").replace('"%u"', "%u").split()
    if parts and parts[-1] == "%u":
        parts.pop()
    unfit = any("%" in part or set(part) & set("|&;<>`$\"'") for part in parts)
    return [] if unfit else parts


def _with_defaults(bound: Iterable[tuple[str, str]]) -> Texts:
    """The keys by command, each with those of its keys in the preset that nothing else was given."""
    table = {command.id: command for command in COMMANDS}
    chosen: dict[tuple[str, str], str] = {}
    for command_id, keys in bound:
        chosen[table[command_id].context, keys] = command_id
    wanted: dict[str, list[str]] = {}
    for (_, keys), command_id in chosen.items():
        wanted.setdefault(command_id, []).append(keys)
    firsts = {(context, keys.split()[0]): id for (context, keys), id in chosen.items()}
    result: Texts = {}
    for command_id, given in wanted.items():
        context, usual = table[command_id].context, _PRESET.get(command_id, table[command_id].keys)
        kept = [key for key in usual if firsts.get((context, key.split()[0]), command_id) == command_id]
        merged = tuple(dict.fromkeys((*given, *kept)))
        if set(merged) != set(usual):
            result[command_id] = merged
    return result


def _sound(keys: Texts, macros: Texts) -> tuple[Texts, Texts, tuple[tuple[str, str], ...]]:
    """What the check of our own table leaves of keys and macros, and what it says of the rest."""
    faults = check(COMMANDS, keys, _PRESET, macros)
    bad = {(fault.section, fault.command_id, fault.keys) for fault in faults}
    good = {id: tuple(key for key in given if ("keys", id, key) not in bad) for id, given in keys.items()}
    told = tuple((f"{fault.keys} for {fault.command_id}", fault.message) for fault in faults)
    sound = {keys: steps for keys, steps in macros.items() if ("macros", keys, keys) not in bad}
    return {id: given for id, given in good.items() if given}, sound, told


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return f"[{', '.join(map(_value, value))}]"
    if isinstance(value, int):
        return str(value)
    text = "".join(
        f"\\u{ord(one):04x}" if not one.isprintable() else f"\\{one}" if one in '"\\' else one for one in str(value)
    )
    return f'"{text}"'
