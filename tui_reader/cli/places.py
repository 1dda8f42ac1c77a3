"""Where the files are: by option, environment, settings or the system's custom, in this order."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Mapping
from pathlib import Path

APP = "tui-reader"


def settings(args: Namespace, environ: Mapping[str, str]) -> Path:
    """The settings file, which need not be there."""
    chosen = _first(getattr(args, "config", None), environ.get("TUI_READER_CONFIG"))
    if chosen is not None:
        return chosen
    import platformdirs

    return platformdirs.user_config_path(APP, appauthor=False) / "config.toml"


def library(args: Namespace, environ: Mapping[str, str], said: str) -> Path:
    """The library file, which need not be there; `said` is what the settings say, "" for nothing."""
    chosen = _first(getattr(args, "library", None), environ.get("TUI_READER_LIBRARY"), said)
    if chosen is not None:
        return chosen
    import platformdirs

    return platformdirs.user_data_path(APP, appauthor=False) / "library.db"


def needs_settings(args: Namespace, environ: Mapping[str, str], settings: Path) -> bool:
    """Whether the settings have to be read to know where the library is: nothing comes before them, and they speak of
    a library at all. Reading them takes longer than all else that finds the files."""
    if _first(getattr(args, "library", None), environ.get("TUI_READER_LIBRARY")) is not None:
        return False
    try:
        return b"library" in settings.read_bytes()
    except OSError:
        return False


def _first(*places: str | None) -> Path | None:
    return next((Path(place).expanduser() for place in places if place), None)
