"""What every command needs: the paths, the settings, the clock, the open library."""

from __future__ import annotations

import os
import sys
import time
from argparse import Namespace
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from tui_reader import config
from tui_reader.cli import places
from tui_reader.config import Config, Fault
from tui_reader.text import clean, clean_block

if TYPE_CHECKING:
    from tui_reader.children import Child
    from tui_reader.cli.glimpse import Glimpse
    from tui_reader.library import Library
    from tui_reader.net.fetch import Network

_PROXIES = ("https_proxy", "all_proxy", "http_proxy")


class Session(Struct, frozen=True):
    """One run of the program. `faults` are those of the settings file; `proxy` is "" for none; `child` is a process
    that can fetch, where one was started already; `glimpse` is that of the screen, where it is the screen that runs."""

    library_path: Path
    config_path: Path
    config: Config
    faults: tuple[Fault, ...]
    offline: bool
    proxy: str
    child: Child | None = None
    glimpse: Glimpse | None = None

    @asynccontextmanager
    async def library(self, *, quiet: bool = False) -> AsyncIterator[Library]:
        """The library, opened for one block; that it was damaged is told, unless `quiet`. Raises LibraryError."""
        from tui_reader.library import Library

        library = await Library.open(
            self.library_path,
            self.config,
            clock=clock,
            offline=self.offline,
            proxy=self.proxy,
            fetching=self._fetching(),
        )
        if library.recovered and not quiet:
            tell([f"tui-reader: {library.recovered}"])
        try:
            yield library
        finally:
            await library.close()

    def _fetching(self) -> Callable[..., Network] | None:
        if self.child is None:
            return None
        from tui_reader.net.process import FetchProcess

        return partial(FetchProcess, child=self.child)


def begin(
    args: Namespace, environ: Mapping[str, str], child: Child | None = None, glimpse: Glimpse | None = None
) -> Session:
    """Find the files and read the settings."""
    config_path = places.settings(args, environ)
    settings, faults = config.load(config_path)
    return Session(
        library_path=places.library(args, environ, settings.library.path),
        config_path=config_path,
        config=settings,
        faults=faults,
        offline=getattr(args, "offline", False),
        proxy=settings.network.proxy or environment_proxy(environ),
        child=child,
        glimpse=glimpse,
    )


def environment_proxy(environ: Mapping[str, str]) -> str:
    """The proxy that the usual variables name, "" for none. One that does not speak HTTP is passed over."""
    if "*" in (environ.get("no_proxy") or environ.get("NO_PROXY") or ""):
        return ""
    for name in _PROXIES:
        written = environ.get(name) or environ.get(name.upper()) or ""
        proxy = written if "://" in written or not written else f"http://{written}"
        if proxy.startswith(("http://", "https://")):
            return proxy
    return ""


def clock() -> int:
    """Now, in seconds since 1970."""
    return int(time.time())


def tell(lines: Iterable[object]) -> None:
    """Write lines for a person to standard error, cleaned: it may be a terminal."""
    for line in lines:
        print(clean(str(line), limit=2000), file=sys.stderr)


def show(block: str) -> None:
    """Write a block of lines, whose spaces stay as they are, to standard error."""
    print(clean_block(block), file=sys.stderr)


def columns(most: int) -> int:
    """The width to lay text out in: the terminal's, at most `most`; `most` when the output is no terminal."""
    if not sys.stdout.isatty():
        return most
    try:
        return max(20, min(os.get_terminal_size(sys.stdout.fileno()).columns, most))
    except OSError:
        return most
