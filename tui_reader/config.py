"""The user's settings: typed, documented, and forgiving.

`config.toml` is read key by key, so that one faulty key costs itself only: it is told with file and line, and the rest
is used. The program never writes the file. Each field's docstring is what docs/config.md says of it.
"""

from __future__ import annotations

import ast
import inspect
import re
import shlex
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_type_hints

import msgspec
from msgspec import Meta, Struct

from tui_reader import rules
from tui_reader.commands import COMMANDS
from tui_reader.errors import BadInput
from tui_reader.keymap import check
from tui_reader.late import Late
from tui_reader.presets import KEY as PRESET
from tui_reader.presets import PRESETS
from tui_reader.rules import Rule
from tui_reader.text import clean

if TYPE_CHECKING:
    import tomllib
else:
    tomllib = Late("tomllib")

Column = Literal["mark", "age", "feed", "title", "author", "comments"]
Natural = Annotated[int, Meta(ge=0)]
Texts = Mapping[str, tuple[str, ...]]


class Ui(Struct, frozen=True, forbid_unknown_fields=True):
    """How it looks."""

    theme: str = ""
    """The theme, by its name: docs/themes.md shows them all. When empty, the one that was chosen in the reader (`:`
    theme), else `dusk`, or `dawn` where the terminal says that its background is light. `ansi` follows the terminal's
    own 16 colours."""
    light_theme: str = ""
    """The theme for terminals that say that their background is light (in the variable COLORFGBG); when empty, `theme`
    holds for them too."""
    layout: Literal["auto", "wide", "medium", "narrow"] = "auto"
    """The arrangement of the panes; `auto` chooses by the width of the terminal."""
    width: Annotated[int, Meta(ge=30, le=200)] = 78
    """The widest an article's column becomes, in cells."""
    one_row_per_link: bool = False
    """Whether an article that several feeds have is one row in All and Unread, with the discussions of all of them;
    marking it read marks them all. Its discussions are shown together in any case."""
    ascii: bool = False
    """Whether threads are drawn with plain ASCII characters only."""
    density: Literal["compact", "comfortable"] = "compact"
    """Whether an article in a list has one line, or a second one for its feed, its author and how it begins."""
    columns: tuple[Column, ...] = ("mark", "age", "feed", "title", "comments")
    """What a line of a list of articles shows, in this order: `mark`, `age`, `feed`, `title`, `author`, `comments`. The
    title takes what the others leave; feed and author go where there is no room."""
    mark_read: Literal["open", "scroll", "hand"] = "open"
    """What marks an article read: opening it (`open`), also scrolling past it in the list (`scroll`), or only a key
    (`hand`)."""


class Refresh(Struct, frozen=True, forbid_unknown_fields=True):
    """When feeds are asked."""

    auto: bool = True
    """Whether feeds that are due are asked by themselves while the reader is open."""
    on_start: bool = True
    """Whether feeds that are due are asked when the reader starts."""
    interval: Annotated[int, Meta(ge=60)] = 60
    """Minutes between two requests to the same feed; never less than 60. A feed that changes seldom is asked less."""
    minimum_interval: Natural = 0
    """Seconds between two requests to a feed on this very machine (a loopback address); 0 treats it like any other."""
    concurrency: Annotated[int, Meta(ge=1, le=100)] = 20
    """How many servers are asked at once. Each of them gets one request at a time."""
    contact: str = ""
    """An address (a page or an e-mail) that server operators see in the User-Agent and can turn to."""


class Network(Struct, frozen=True, forbid_unknown_fields=True):
    """How the network is reached."""

    proxy: Annotated[str, Meta(pattern=r"^(https?://\S+)?$")] = ""
    """A proxy for all requests, `http://host:port`. When empty, the variables `https_proxy`, `all_proxy` and
    `http_proxy` are read once at the start; `no_proxy=*` turns them off."""
    timeout: Annotated[int, Meta(ge=1, le=300)] = 20
    """Seconds after which a request is given up, whatever has arrived."""
    max_bytes: Annotated[int, Meta(ge=100_000)] = 20_000_000
    """The largest document that is read, in bytes, after unpacking."""


class Opening(Struct, frozen=True, forbid_unknown_fields=True):
    """What opens links."""

    browser: tuple[str, ...] = ()
    """The command that opens a link, as a list; the address is added as its last word. No shell is involved. When
    empty, the system's browser is used."""


class Discussion(Struct, frozen=True, forbid_unknown_fields=True):
    """Comments and the people who write them."""

    my_names: tuple[str, ...] = ()
    """The names under which you write comments yourself: what they say is no news."""
    watch_days: Annotated[int, Meta(ge=1, le=365)] = 30
    """Days after which watching a discussion ends by itself."""
    mute_days: Annotated[int, Meta(ge=1, le=3650)] = 30
    """Days after which a mute ends by itself."""
    ask_elsewhere: bool = False
    """Whether a key may ask Hacker News and Lobsters where an article is discussed. It tells them what you read."""


class Images(Struct, frozen=True, forbid_unknown_fields=True):
    """Pictures in articles. They need the extra `images` (`pip install 'tui-newsreader[images]'`)."""

    show: Literal["ask", "never", "always"] = "ask"
    """When an article's pictures are fetched: when a key asks for them, never, or as soon as it is opened, which tells
    whoever keeps the pictures that it is being read."""
    cache_megabytes: Natural = 100
    """Megabytes of pictures that are kept beside the library file; those not seen for the longest time go first."""


class Notify(Struct, frozen=True, forbid_unknown_fields=True):
    """How a rule's `notify` tells of what has come."""

    terminal: Literal["auto", "9", "777", "off"] = "auto"
    """How the open reader asks the terminal to tell it: by the sequence OSC 9 or OSC 777, whichever the terminal seems
    to know for `auto`, or not at all."""
    command: tuple[str, ...] = ()
    """A command that tells it, as a list, in the open reader and from cron; a title and a line of text are added as its
    last two words, as `notify-send` takes them. No shell is involved. When empty, none is run."""


class Library(Struct, frozen=True, forbid_unknown_fields=True):
    """Where everything is kept."""

    path: str = ""
    """The library file; `~` is your home. When empty, it lies in the system's folder for data. The option `--library`
    and the variable `TUI_READER_LIBRARY` win over it."""
    keep: Natural = 0
    """How many articles of each feed are kept, 0 for all; older ones are deleted after a refresh. What is starred,
    watched or tagged stays. A feed may have a number of its own: `tui-reader feed FEED --set keep=200`."""
    backups: Natural = 3
    """How many daily copies of the library, and of the list of subscriptions as OPML, are kept in the folder
    `library.db.backups` beside it; 0 makes none. One is made when something has changed, and never fills the disk."""


class Config(Struct, frozen=True, forbid_unknown_fields=True):
    """Every setting there is."""

    ui: Ui = Ui()
    refresh: Refresh = Refresh()
    network: Network = Network()
    open: Opening = Opening()
    discussion: Discussion = Discussion()
    images: Images = Images()
    notify: Notify = Notify()
    library: Library = Library()
    preset: str = ""
    """Whose keys: in the file it stands with the keys, `preset = "vim"`. "" leaves it to what was chosen in the
    reader."""
    keys: Mapping[str, tuple[str, ...]] = {}
    """Keys by command: `"entry.star" = "*"` or `["*", "s"]`; `""` takes its keys away. docs/keys.md lists the
    commands."""
    macros: Mapping[str, tuple[str, ...]] = {}
    """Commands by key: `"g x" = ["entry.star", "entry.tag rust"]`."""
    rules: tuple[Rule, ...] = ()
    """What is done with what arrives, a table `[[rules]]` each. docs/rules.md tells how."""


class Fault(Struct, frozen=True):
    """One thing that is wrong in a config file; `line` and `column` count from 1 and are 0 when not known."""

    path: Path
    line: int
    key: str
    message: str
    column: int = 0

    def __str__(self) -> str:
        place = [self.path.name, *(str(number) for number in (self.line, self.column) if number)]
        return clean(f"{':'.join(place)}: {self.key + ': ' if self.key else ''}{self.message}")


def load(path: Path | None) -> tuple[Config, tuple[Fault, ...]]:
    """The settings of a file with its faults; the defaults where it says nothing, is wrong, or does not exist."""
    if path is None:
        return Config(), ()
    try:
        source = path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
        document = tomllib.loads(source)
    except FileNotFoundError:
        return Config(), ()
    except tomllib.TOMLDecodeError as error:
        return Config(), (_syntax_fault(path, source, str(error)),)
    except OSError as error:
        said = (error.strerror or "no reason given").lower()
        return Config(), (Fault(path, 0, "", f"cannot be read ({said}); the defaults are used"),)
    except (UnicodeDecodeError, RecursionError):
        return Config(), (Fault(path, 0, "", "cannot be read as text; the defaults are used"),)
    return _converted(document, path, source)


def _syntax_fault(path: Path, source: str, message: str) -> Fault:
    """tomllib tells the place only inside its message."""
    place = re.search(r"\(at line (\d+), column (\d+)\)", message)
    if place:
        line, column = int(place[1]), int(place[2])
    else:
        lines = source.rstrip("\n").split("\n")
        line, column = len(lines), len(lines[-1]) + 1
    said = message.partition(" (at ")[0]
    return Fault(path, line, "", f"{said[:1].lower()}{said[1:]}; the defaults are used", column)


def _converted(document: Mapping[str, Any], path: Path, source: str) -> tuple[Config, tuple[Fault, ...]]:
    faults: list[Fault] = []
    sections: dict[str, Any] = {}
    types = get_type_hints(Config)
    for name, table in document.items():
        if name not in types or name == PRESET:
            line = _line(source, name, "") or _line(source, "", name)
            faults.append(Fault(path, line, name, "there is no such section"))
        elif name == "rules":
            sections[name] = tuple(_rules(table, path, source, faults))
        elif not isinstance(table, dict):
            faults.append(Fault(path, _line(source, "", name), name, "should be a section, [like.this]"))
        elif name in {"keys", "macros"}:
            if name == "keys":
                sections["preset"] = _preset(table.pop(PRESET, ""), path, source, faults)
            sections[name] = dict(_texts(name, table, path, source, faults))
        else:
            sections[name] = _section(types[name], name, table, path, source, faults)
    preset = PRESETS[sections.get("preset") or "default"].keys
    keys, macros = sections.pop("keys", {}), sections.pop("macros", {})
    keys, macros = _usable(keys, macros, preset, path, source, faults)
    return Config(**sections, keys=keys, macros=macros), tuple(faults)


def _section(
    type_: type[Struct], name: str, table: Mapping[str, Any], path: Path, source: str, faults: list[Fault]
) -> Struct:
    hints = get_type_hints(type_, include_extras=True)
    good: dict[str, Any] = {}
    for key, value in table.items():
        if key not in hints:
            message = INSTEAD.get(f"{name}.{key}", "there is no such setting")
            faults.append(Fault(path, _line(source, name, key), f"{name}.{key}", message))
            continue
        try:
            good[key] = msgspec.convert(value, hints[key])
        except msgspec.ValidationError as error:
            said = str(error).partition(" - at ")[0]
            message = f"{said[:1].lower()}{said[1:]}; {getattr(type_(), key)!r} is used"
            faults.append(Fault(path, _line(source, name, key), f"{name}.{key}", message))
    return type_(**good)


def _preset(name: object, path: Path, source: str, faults: list[Fault]) -> str:
    if name == "" or (isinstance(name, str) and name in PRESETS):
        return name
    said = f"there is no preset “{name}”; there are {', '.join(PRESETS)}"
    faults.append(Fault(path, _line(source, "keys", PRESET), f"keys.{PRESET}", said))
    return ""


INSTEAD = {"ui.mark_read_on_open": 'write mark_read = "open", "scroll" or "hand"; "open" is used'}
"""Settings that have another name, and what to write."""


def _rules(tables: object, path: Path, source: str, faults: list[Fault]) -> Iterator[Rule]:
    """The rules that can be used; a faulty one costs itself only."""
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        line = _line(source, "", "rules") or _line(source, "rules", "")
        faults.append(Fault(path, line, "rules", "should be tables, [[rules]] each"))
        return
    for number, table in enumerate(tables[: rules.MOST], 1):
        try:
            yield rules.rule(table, number)
        except rules.RuleFault as fault:
            line, column = _place_of_rule(source, number, fault.key, fault.position)
            faults.append(Fault(path, line, f"rule {number}", str(fault), column))
    if len(tables) > rules.MOST:
        line, _ = _place_of_rule(source, rules.MOST + 1, "", None)
        faults.append(Fault(path, line, "rules", f"only the first {rules.MOST} are used"))


def _place_of_rule(source: str, number: int, key: str, position: int | None) -> tuple[int, int]:
    """Line and column of what stands under a key of the so-and-so-many-th `[[rules]]`, as well as the text tells it: a
    query with escapes in it, or on several lines, is told by its beginning."""
    seen = header = 0
    for line, text in enumerate(source.splitlines(), 1):
        if re.match(r"\s*\[", text):
            seen += bool(re.match(r"\s*\[\[\s*rules\s*\]\]", text))
            header = header or (line if seen == number else 0)
            if seen > number:
                break
            continue
        written = re.match(rf"\s*[\"']?{re.escape(key)}[\"']?\s*=\s*", text) if key and seen == number else None
        if written is not None:
            quoted = text[written.end() : written.end() + 1] in {'"', "'"}
            plain = quoted and "\\" not in text and text[written.end() : written.end() + 3] not in {'"""', "'''"}
            return line, written.end() + 1 + (position + 1 if plain and position is not None else 0)
    return header or _line(source, "", "rules"), 0


def _texts(
    section: str, table: Mapping[str, Any], path: Path, source: str, faults: list[Fault]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    for id, value in _flat(table):
        texts = [value] if isinstance(value, str) else value
        if isinstance(texts, list) and all(isinstance(one, str) for one in texts):
            yield id, tuple(one for one in texts if one)
        else:
            what = "a key or a list of keys" if section == "keys" else "a command or a list of commands"
            faults.append(Fault(path, _line(source, section, id), f"{section}.{id}", f"should be {what}, as text"))


def _usable(
    keys: Texts, macros: Texts, preset: Texts, path: Path, source: str, faults: list[Fault]
) -> tuple[Texts, Texts]:
    """The keys and the macros that can be used; a command whose keys are all wrong keeps its default ones."""
    wrong = check(COMMANDS, keys, preset, macros)
    faults += [
        Fault(
            path,
            _line(source, fault.section, fault.command_id),
            f"{fault.section}.{fault.command_id}",
            fault.message,
        )
        for fault in wrong
    ]
    bad = {(fault.section, fault.command_id, fault.keys) for fault in wrong}
    good = {id: tuple(key for key in written if ("keys", id, key) not in bad) for id, written in keys.items()}
    return (
        {id: left for id, left in good.items() if ("keys", id, "") not in bad and (left or not keys[id])},
        {key: steps for key, steps in macros.items() if ("macros", key, key) not in bad},
    )


def _flat(table: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """`entry.star = "*"` without quotes is a table in a table to TOML; to people it is one id."""
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value


def _line(source: str, section: str, key: str) -> int:
    """The line a key stands on, as well as it can be told from the text; 0 when it is not found."""
    inside = ""
    for number, text in enumerate(source.splitlines(), 1):
        header = re.match(r"\s*\[\s*([^\[\]]+?)\s*\]", text)
        if header:
            inside = header[1].replace('"', "").replace(" ", "")
            if inside == section and not key:
                return number
            continue
        name = _named(text)
        if name and (inside, name) in {(section, key), ("", f"{section}.{key}")}:
            return number
        if key and inside and f"{inside}.{name}" == f"{section}.{key}":
            return number
    return 0


def _named(line: str) -> str:
    """The key before the `=` of a line. A quoted one is taken as it is; one with dots has its quotes left out."""
    quoted = re.match(r"""\s*("(?:[^"\\]|\\.)*"|'[^']*')\s*=""", line)
    if quoted is None:
        return line.partition("=")[0].strip().replace('"', "").replace("'", "").replace(" ", "")
    try:
        return next(iter(tomllib.loads(f"{quoted[1]} = 0")))
    except tomllib.TOMLDecodeError:
        return ""


def changed(config: Config, name: str, written: str) -> Config:
    """The settings with `section.name` changed to what is written: a word, a number, true or false, or words for a
    list. Raises BadInput with the reason."""
    section, _, key = name.partition(".")
    type_ = SECTIONS.get(section)
    hint = get_type_hints(type_, include_extras=True).get(key) if type_ is not None else None
    if type_ is None or hint is None:
        raise BadInput(f"there is no setting {name}")
    held: Struct = getattr(config, section)
    try:
        value: object = shlex.split(written) if isinstance(getattr(held, key), tuple) else written
        value = msgspec.convert(value, hint, strict=False)
    except (msgspec.ValidationError, ValueError) as error:
        said = str(error).partition(" - at ")[0]
        raise BadInput(f"{name}: {said[:1].lower()}{said[1:]}") from None
    return msgspec.structs.replace(config, **{section: msgspec.structs.replace(held, **{key: value})})


@cache
def fields(section: type[Struct]) -> tuple[tuple[str, str, object], ...]:
    """Each setting of a section as (name, what it does, default), in order, for the docs and the sample file."""
    tree = ast.parse(inspect.getsource(section)).body[0]
    assert isinstance(tree, ast.ClassDef)
    said: dict[str, str] = {}
    for field, text in zip(tree.body, tree.body[1:], strict=False):
        if (
            isinstance(field, ast.AnnAssign)
            and isinstance(field.target, ast.Name)
            and isinstance(text, ast.Expr)
            and isinstance(text.value, ast.Constant)
        ):
            said[field.target.id] = " ".join(str(text.value.value).split())
    default = section()
    return tuple((name, text, getattr(default, name)) for name, text in said.items())


SECTIONS: Mapping[str, type[Struct]] = {
    "ui": Ui,
    "refresh": Refresh,
    "network": Network,
    "open": Opening,
    "discussion": Discussion,
    "images": Images,
    "notify": Notify,
    "library": Library,
}
"""The sections with settings of their own, in the order of the docs; `keys` and `macros` stand apart."""
