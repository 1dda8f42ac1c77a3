"""Settings changed while the reader runs. The file is the user's and is not touched."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args, get_origin, get_type_hints

from msgspec.structs import replace

from tui_reader.config import SECTIONS, Ui, changed, fields
from tui_reader.errors import BadInput
from tui_reader.model import Change
from tui_reader.tui import themes
from tui_reader.tui.view import layout_for
from tui_reader.tui.widgets.prompt import Offer

if TYPE_CHECKING:
    from tui_reader.config import Config
    from tui_reader.tui.main import Main

AT_START = frozenset(
    {
        "refresh.on_start",
        "refresh.interval",
        "refresh.minimum_interval",
        "refresh.concurrency",
        "refresh.contact",
        "network.proxy",
        "network.timeout",
        "network.max_bytes",
        "discussion.my_names",
        "images.cache_megabytes",
        "library.path",
        "library.keep",
        "library.backups",
    }
)
"""What is read once, when the library is opened: it can be seen, and changed in the file only."""
THEMED = frozenset({"ui.theme", "ui.light_theme"})


def value_of(config: Config, name: str) -> object:
    """A setting by `section.name`. Raises KeyError when there is none."""
    section, _, key = name.partition(".")
    return {key: value for key, _, value in _all(config, section)}[key]


def _all(config: Config, section: str) -> list[tuple[str, str, object]]:
    if section not in SECTIONS:
        return []
    held = getattr(config, section)
    return [(key, said, getattr(held, key)) for key, said, _ in fields(SECTIONS[section])]


def shown(value: object) -> str:
    """A value as it is written after `:set`."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return " ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def told(config: Config, name: str) -> str:
    """One setting, with its value and what it is for."""
    section, _, key = name.partition(".")
    said = next((said for known, said, _ in _all(config, section) if known == key), "")
    if not said:
        raise BadInput(f"there is no setting {name}")
    return f"{name} = {shown(value_of(config, name)) or '(empty)'} · {said.partition('. ')[0].removesuffix('.')}"


def offers(config: Config, begun: str) -> list[Offer]:
    """Completions of what follows `set`: the names of settings, then the values that one can have."""
    name, space, value = begun.partition(" ")
    if not space:
        every = [(f"{section}.{key}", said, old) for section in SECTIONS for key, said, old in _all(config, section)]
        found = [one for one in every if name in one[0]] or [one for one in every if name in one[1].casefold()]
        found.sort(key=lambda one: not one[0].startswith(name))
        return [Offer(f"set {key} ", key, f"{shown(old) or '(empty)'} · {said}") for key, said, old in found]
    return [Offer(f"set {name} {one}", one) for one in _values(name) if one.startswith(value)]


def _values(name: str) -> tuple[str, ...]:
    section, _, key = name.partition(".")
    hint = get_type_hints(SECTIONS[section]).get(key) if section in SECTIONS else None
    if name in THEMED:
        return themes.NAMES
    if hint is bool:
        return "true", "false"
    return tuple(map(str, get_args(hint))) if get_origin(hint) is not None and hint is not tuple else ()


def put(main: Main, line: str) -> str:
    """Change a setting for this run, as `section.name value`, or tell it when there is no value. What to say of it."""
    name, _, value = line.replace("=", " ", 1).strip().partition(" ")
    value = value.strip()
    if not value:
        return told(main.config, name)
    if name in THEMED and value not in themes.NAMES:
        raise BadInput(f"there is no theme “{value}”; tab goes through them")
    config = changed(main.config, name, value)
    if name in AT_START:
        raise BadInput(f"{name} is read at the start: set it in config.toml, then start anew")
    apply(main, config)
    return f"{name} is {shown(value_of(config, name)) or 'empty'} until the reader ends; config.toml is not touched"


def apply(main: Main, config: Config) -> None:
    """Go by these settings from here on."""
    before, main.config = main.config, config
    main.library.use(config)
    worn = (config.ui.light_theme or config.ui.theme) if _theme(before.ui) != _theme(config.ui) else ""
    if worn:
        main.wardrobe.fixed = worn
        main.wardrobe.put_on()
    look = main.entries.look_of
    main.entries.use(replace(look, columns=config.ui.columns, comfortable=config.ui.density == "comfortable"))
    main.article.use(config.ui.width)
    main.discussion.use(ascii=config.ui.ascii)
    if (before.ui.columns, before.ui.density) != (config.ui.columns, config.ui.density):
        comfortable = config.ui.density == "comfortable"
        main.entries.use(replace(main.entries.look_of, columns=config.ui.columns, comfortable=comfortable))
    main.show_as(layout_for(*main.size, config.ui.layout))
    main.follow.note(Change(everything=True))


def _theme(ui: Ui) -> tuple[str, str]:
    return ui.theme, ui.light_theme
