"""Where newsboat keeps its files, and what stands in them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from tui_reader.errors import BadInput, NotFound
from tui_reader.newsboat import habits, subscriptions
from tui_reader.text import clean

_LARGEST = 10_000_000


class Places(Struct, frozen=True):
    """The files of one newsboat; a file that is not there is None."""

    urls: Path | None
    config: Path | None
    cache: Path | None


class Found(Struct, frozen=True):
    """What newsboat's text files say; `faults` are files that could not be read, as (file, why)."""

    places: Places
    listed: subscriptions.Listed
    habits: habits.Habits
    faults: tuple[tuple[str, str], ...] = ()


def places(environ: Mapping[str, str], folder: Path | None = None, cache: Path | None = None) -> Places:
    """Find the files: in `folder` if it is given, else where newsboat looks, in XDG's folders and then `~/.newsboat`.

    Raises NotFound when there is neither a list of feeds nor a cache.
    """
    home = Path(environ.get("HOME") or "~").expanduser()
    settings = Path(environ.get("XDG_CONFIG_HOME") or home / ".config") / "newsboat"
    data = Path(environ.get("XDG_DATA_HOME") or home / ".local" / "share") / "newsboat"
    old = home / ".newsboat"
    usual = [(settings, data), (old, old)]
    for where, held in [(folder, folder)] if folder is not None else usual:
        found = Places(_file(where / "urls"), _file(where / "config"), _file(cache or held / "cache.db"))
        if found.urls or found.cache:
            return found
    looked = [folder] if folder is not None else [settings, old]
    raise NotFound(f"no newsboat files in {clean(' or '.join(map(str, looked)))}; --config-dir names another folder")


def _file(path: Path) -> Path | None:
    try:
        return path if path.is_file() else None
    except OSError:
        return None


def read(where: Places) -> Found:
    """Read the list of feeds and the settings; a file that cannot be read is a fault, the other one is read."""
    faults: list[tuple[str, str]] = []
    listed = subscriptions.read(_text(where.urls, faults))
    return Found(where, listed, habits.read(_text(where.config, faults)), tuple(faults))


def _text(path: Path | None, faults: list[tuple[str, str]]) -> str:
    if path is None:
        return ""
    try:
        if path.stat().st_size > _LARGEST:
            raise BadInput("it is too large to be newsboat's")
        return path.read_bytes().decode("utf-8", "replace").removeprefix("\ufeff")
    except OSError as error:
        faults.append((path.name, (error.strerror or "cannot be read").lower()))
    except BadInput as error:
        faults.append((path.name, str(error)))
    return ""
