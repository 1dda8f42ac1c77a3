"""The settings file as a documented sample, made from the settings themselves."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator

from tui_reader.config import SECTIONS, fields
from tui_reader.presets import PRESETS


def text() -> str:
    """A settings file in which everything is said and nothing is set."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield "# Settings of tui-reader. Everything here is the default: take the # away to change it."
    for name, section in SECTIONS.items():
        yield ""
        yield f"[{name}]"
        for field, said, default in fields(section):
            yield from textwrap.wrap(said, 100, initial_indent="# ", subsequent_indent="# ")
            yield f"# {field} = {toml(default)}"
    yield ""
    yield "[keys]"
    yield '# A command\'s id and its key, or a list of keys; "" takes its keys away. The ids are in docs/keys.md.'
    yield '# "entry.star" = ["*", "s"]'
    yield f"# Whose keys they are on top of: {', '.join(PRESETS)}."
    yield '# preset = "default"'
    yield ""
    yield "[macros]"
    yield "# A key and the commands it runs one after another, each with what is given to it."
    yield '# ", x" = ["entry.star", "entry.tag later", "entry.next_unread"]'
    yield ""
    yield "# What is done with what arrives, as often as you like; docs/rules.md tells what can be asked and done."
    yield "# [[rules]]"
    yield "# when = 'feed:planet title:/^weekly/'"
    yield '# do = ["mark-read", "tag weekly"]'


def toml(value: object) -> str:
    """A setting's value as TOML writes it."""
    if isinstance(value, tuple):
        return f"[{', '.join(map(toml, value))}]"
    return json.dumps(value, ensure_ascii=False)
