"""Writes docs/keys.md and docs/config.md: `python -m tui_reader.cli.docs docs`."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from tui_reader.cli import sample
from tui_reader.commands import COMMANDS, Command
from tui_reader.config import SECTIONS, fields

_PLACES = (
    ("any", "Everywhere", "These work in every pane, unless the pane has a meaning of its own for the key."),
    ("feeds", "In the feeds", "These work while the keys are in the list of feeds."),
    ("entries", "In the articles", "These work while the keys are in the list of articles."),
    ("article", "In an article", "These work while the keys are in an article."),
    ("thread", "In a discussion", "These work while the keys are in a discussion."),
)


_KEYS = """\
# Keys

Made from the command table (`tui_reader/commands.py`) by `make docs`. Inside the reader, `?` shows the keys as they
are bound now, and `:` finds a command by its name.

A number before a key is its count: `5j` goes five down. A key that begins a sequence (`g`, `y`, `z`) shows what can
follow. Change any of them in the `[keys]` section of the [settings](config.md):

```toml
[keys]
"entry.star" = "*"                    # another key
"move.page_down" = ["ctrl+f", "F"]    # several
"feed.remove" = ""                    # none
```\
"""

_CONFIG = """\
# Settings

Made from `tui_reader/config.py` by `make docs`. The settings are in `config.toml` in the system's folder for settings;
`tui-reader config --path` tells where that is, `--config PATH` or `TUI_READER_CONFIG` names another file, and
`tui-reader config --default > config.toml` makes one to start from. The program never writes it.

A fault costs only the setting it is in. It is told with file and line at the start and by `tui-reader doctor`.\
"""


def keys_markdown(commands: Iterable[Command]) -> str:
    """docs/keys.md."""
    return "\n".join(_keys(tuple(commands))) + "\n"


def _keys(commands: tuple[Command, ...]) -> Iterator[str]:
    yield _KEYS
    for context, title, said in _PLACES:
        rows = [command for command in commands if command.context == context]
        if rows:
            yield from ("", f"## {title}", "", said, "", "| keys | what it does | id |", "|---|---|---|")
            for command in rows:
                keys = " ".join(f"`{key.replace('|', chr(92) + '|')}`" for key in command.keys)
                yield f"| {keys} | {command.sentence} | `{command.id}` |"


def config_markdown() -> str:
    """docs/config.md."""
    return "\n".join(_config()) + "\n"


def _config() -> Iterator[str]:
    yield _CONFIG
    for name, section in SECTIONS.items():
        yield from ("", f"## [{name}]", "", (section.__doc__ or "").strip(), "")
        yield from ("| setting | default | |", "|---|---|---|")
        for field, said, default in fields(section):
            yield f"| `{field}` | `{sample.toml(default)}` | {said.replace('|', chr(92) + '|')} |"
    yield from ("", "## [keys]", "", "Keys by command id; see [keys.md](keys.md).", "")
    yield from ("## All of it", "", "```toml", *sample.text().splitlines(), "```")


def main(folder: Path) -> None:
    """Write both files into a folder."""
    (folder / "keys.md").write_text(keys_markdown(COMMANDS), encoding="utf-8")
    (folder / "config.md").write_text(config_markdown(), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
