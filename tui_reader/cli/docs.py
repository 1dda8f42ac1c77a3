"""Writes docs/keys.md, docs/config.md and docs/screenshot.svg: `python -m tui_reader.cli.docs docs`."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from tui_reader.cli import sample
from tui_reader.commands import COMMANDS, Command
from tui_reader.config import SECTIONS, Config, fields
from tui_reader.presets import PRESETS

_BEGUN = 1_767_268_800
"""2026-01-01 12:00 UTC."""
_WATCHED = 40

_PLACES = (
    ("any", "Everywhere", "These work in every pane, unless the pane has a meaning of its own for the key."),
    ("feeds", "In the feeds", "These work while the keys are in the list of feeds."),
    ("entries", "In the articles", "These work while the keys are in the list of articles."),
    ("article", "In an article", "These work while the keys are in an article."),
    ("thread", "In a discussion", "These work while the keys are in a discussion."),
)


_KEYS = """\
# Keys

Made from the command table (`tui_reader/commands.py`) by `make docs`. Inside the reader `?` shows the keys as they are
bound now, `:` takes a command by its name with what is given to it, and `^p` finds one by what it does.

After `:` stand the commands of the pane, narrowed while one types; tab and the arrows go through them, the up arrow
brings earlier lines back. `:entry.tag rust` tags, `:tag rust` is the same, `:12` goes to line 12, and
`:set ui.width 90` changes a [setting](config.md) until the reader ends: the file is yours and is not written.

A number before a key is its count: `5j` goes five down. A key that begins a sequence (`g`, `y`, `z`) shows what can
follow. Change any of them in the `[keys]` section of the [settings](config.md):

```toml
[keys]
"entry.star" = "*"                    # another key
"move.page_down" = ["ctrl+f", "F"]    # several
"feed.remove" = ""                    # none
```

`preset = "vim"` in the same section begins from the keys of another program: see [presets](#presets) below.

A macro is a key that runs commands one after another, each with what is given to it. It waits for what a step opens,
and ends, in one line, at a step that fails or that belongs in another pane. Its key must be free everywhere; the comma
is.

```toml
[macros]
", x" = ["entry.star", "entry.tag later", "entry.next_unread"]
", k" = "find.here title:kernel is:unread"
```

`.` does the last act again, with its count and with what was given to it or answered: a star, a tag, a macro.
Commands that take something say so in the last column.\
"""

_PRESETS = """
## Presets

For fingers that know another program: these keys stand in place of the default ones, all others stay. Chosen in
config.toml, or in the reader (`:keys vim`, and `k` on the first screen), which remembers it; config.toml wins. Your own
keys are on top of the preset's.

```toml
[keys]
preset = "newsboat"
"entry.star" = "f"
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
            yield from (
                "",
                f"## {title}",
                "",
                said,
                "",
                "| keys | what it does | id and what it takes |",
                "|---|---|---|",
            )
            for command in rows:
                takes = f" {command.argument.upper()}" if command.argument else ""
                yield f"| {_cell(command.keys)} | {command.sentence} | `{command.id}{takes}` |"
    yield from _presets(commands)


def _presets(commands: tuple[Command, ...]) -> Iterator[str]:
    table = {command.id: command for command in commands}
    yield _PRESETS
    for name, preset in PRESETS.items():
        if not preset.keys:
            continue
        yield from ("", f"### {name}", "", "| keys | what it does | id |", "|---|---|---|")
        for id, keys in preset.keys.items():
            yield f"| {_cell(keys)} | {table[id].sentence} | `{id}` |"
        yield from ("", f"Not as in {name}:", "")
        yield from (f"- {sentence}" for sentence in preset.differences)


def _cell(keys: Iterable[str]) -> str:
    return " ".join(f"`{key.replace('|', chr(92) + '|')}`" for key in keys)


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
    yield from ("## [macros]", "", "Commands by key; see [keys.md](keys.md).", "")
    yield from ("## [[rules]]", "", "What is done with what arrives; see [rules.md](rules.md).", "")
    yield from ("## All of it", "", "```toml", *sample.text().splitlines(), "```")


async def screenshot() -> str:
    """The demo's world after a while, an article and its discussion open."""
    from tui_reader.cli.screen import subscribe
    from tui_reader.demo.site import DemoSite
    from tui_reader.library import Library
    from tui_reader.model import Scope
    from tui_reader.tui.snapshot import render

    now = _BEGUN
    with TemporaryDirectory() as folder, DemoSite(lambda: now) as site:
        now += _WATCHED
        path = Path(folder) / "library.db"
        library = await Library.open(path, Config(), clock=lambda: now)
        await subscribe(library, site.subscriptions)
        discussed = max(await library.first(Scope("all")), key=lambda row: row.comments or 0)
        await library.look(discussed.id)
        await library.close()
        return await render(path, Config(), size=(160, 45), keys=(), now=now, open_entry=discussed.id, form="svg")


def main(folder: Path) -> None:
    """Write all of them into a folder."""
    (folder / "keys.md").write_text(keys_markdown(COMMANDS), encoding="utf-8")
    (folder / "config.md").write_text(config_markdown(), encoding="utf-8")
    (folder / "screenshot.svg").write_text(asyncio.run(screenshot()), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
