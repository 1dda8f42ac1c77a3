"""Commands that draw: the reader's screen, the demo, the snapshot. Only these need the drawing library."""

from __future__ import annotations

import asyncio
import gc
import os
import sys
from argparse import Namespace
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

import msgspec
from msgspec.structs import replace

from tui_reader import text
from tui_reader.cli.main import BUSY, OK
from tui_reader.cli.session import Session, clock, tell
from tui_reader.errors import BadInput, LibraryBusy, LibraryDamaged, LibraryError, ReaderError
from tui_reader.library import Library
from tui_reader.store.marker import Marker

UNCLEAN = "the last session ended unexpectedly; nothing that was saved is lost"
STARTED = 2.0
"""Seconds from when on memory is collected: what a start makes stays to the end, and looking through it takes a tenth
of the start."""
FRAMES = "250"
"""Frames a second at the most; there is none while nothing changes."""
ESCAPE = "50"
"""Milliseconds after which escape is a key and not the beginning of one; the variable is that of curses."""
DEMO_INTERVAL = 10
"""Seconds between two polls of the demo's site, which is on this machine."""


async def screen(session: Session, args: Namespace) -> int:
    """The reader, until the user leaves it."""
    _need_terminal()
    result, code = await _screen(session)
    if result == "damaged":
        # Met while the panes were filled: opened once more, the library is set aside and saved first.
        result, code = await _screen(session)
        if result == "damaged":
            raise LibraryDamaged(f"{session.library_path} is damaged; `tui-reader doctor` says what can be done")
    return await demo(session, args) if result == "demo" else code


def _collect() -> None:
    """Collect from now on, and never look again through what the start has made."""
    gc.freeze()
    gc.enable()


def _need_terminal() -> None:
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise BadInput("the screen needs a terminal; `tui-reader --help` lists what works without one")
    kind, encoding = os.environ.get("TERM", ""), sys.stdout.encoding.lower()
    if kind in {"", "dumb"}:
        said = f"TERM is {kind}, a terminal that cannot draw" if kind else "TERM is not set, so the terminal is unknown"
        raise BadInput(f"{said}; set it to what yours is, or see `tui-reader --help` for what works without the screen")
    if encoding.replace("-", "") != "utf8":
        raise BadInput(f"the screen needs UTF-8 and the encoding here is {encoding}; try LC_ALL=C.UTF-8 tui-reader")


async def _screen(session: Session) -> tuple[str | None, int]:
    """The screen on the session's library: what the user asked for at its end, and the exit code."""
    gc.disable()
    asyncio.get_running_loop().call_later(STARTED, _collect)
    # Textual gathers what changed until its next frame, of 60 a second: of the time from a key to its answer on the
    # screen that wait would be most. It reads this while it is imported, and how long escape alone waits for more.
    os.environ.setdefault("TEXTUAL_FPS", FRAMES)
    os.environ.setdefault("ESCDELAY", ESCAPE)

    from tui_reader import presets
    from tui_reader.tui import wardrobe
    from tui_reader.tui.app import ReaderApp

    async with session.library(quiet=True) as library:
        marker = Marker(session.library_path)
        notices = [UNCLEAN] if marker.put() else []
        notices += [str(fault) for fault in session.faults]
        try:
            app = ReaderApp(
                library,
                session.config,
                clock=clock,
                notices=notices,
                chosen_theme=str(await library.recall(wardrobe.KEY) or ""),
                chosen_keys=str(await library.recall(presets.KEY) or ""),
                take_over=session.glimpse.hand_over if session.glimpse is not None else None,
            )
            app.heed_signals()
            await asyncio.sleep(0)  # a Ctrl-C from before that ends us here, and not somewhere within
            result = await app.run_async()
            if await library.settle():
                acts = text.plural(library.waiting, "act")
                tell([f"tui-reader: {acts} could not be saved ({library.waiting_for}) and had to be given up"])
                return result, BUSY
            if app.next_start:
                with suppress(LibraryBusy):  # whose log of writes keeps the glimpse from being kept
                    await library.poll_outside()  # which has it forgotten where another process has written
        except LibraryDamaged:
            return "damaged", OK
        finally:
            marker.take_away()
    if app.next_start and session.glimpse is not None and not session.faults:
        session.glimpse.keep(app.next_start, app.size)
    if app.hung_up:
        # What the terminal that is gone did not take would be tried again at the end, and make another code of ours.
        for stream in (sys.stdout, sys.stderr):
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
    return result, app.return_code or OK


async def demo(session: Session, args: Namespace) -> int:
    """The reader on the bundled site: fetched by the real client into a library that is thrown away."""
    from tui_reader.demo.site import DemoSite

    _need_terminal()
    with TemporaryDirectory(prefix="tui-reader-demo-") as folder, DemoSite() as site:
        shown = in_demo(session, Path(folder) / "library.db")
        async with shown.library() as library:
            await subscribe(library, site.subscriptions)
        code = (await _screen(shown))[1]
    tell(["That was the demo; nothing of it is kept. `tui-reader add URL` subscribes to a feed of your own."])
    return code


def in_demo(session: Session, library_path: Path) -> Session:
    """The session with a library of its own, and with its own machine polled often enough to watch."""
    refresh = msgspec.structs.replace(session.config.refresh, minimum_interval=DEMO_INTERVAL)
    config = msgspec.structs.replace(session.config, refresh=refresh)
    return replace(session, library_path=library_path, config=config, offline=False, proxy="", glimpse=None)


async def subscribe(library: Library, subscriptions: Iterable[tuple[str, str]]) -> None:
    """Subscribe to (address, folder) pairs; one that fails is told and costs the others nothing."""
    for url, folder in subscriptions:
        try:
            await library.add(url, folder=folder)
        except LibraryError:
            raise
        except ReaderError as error:
            tell([error])


async def snapshot(session: Session, args: Namespace) -> int:
    """A picture of any state, the same every time."""
    from tui_reader.cli.subscriptions import write_whole
    from tui_reader.tui.snapshot import render

    form: Literal["svg", "txt"] = "txt"
    if args.output is not None:
        if args.output.suffix not in {".svg", ".txt"}:
            raise BadInput(f"{args.output}: the name should end in .svg or .txt")
        form = "svg" if args.output.suffix == ".svg" else "txt"
    drawn = await render(
        session.library_path,
        session.config,
        size=args.size,
        keys=args.keys.split(),
        now=_moment(args.now) if args.now else clock(),
        open_entry=args.open,
        form=form,
    )
    if args.output is None:
        sys.stdout.write(drawn)
    else:
        write_whole(args.output.expanduser(), drawn.encode())
    return OK


def _moment(written: str) -> int:
    try:
        at = datetime.fromisoformat(written)
        return int((at if at.tzinfo is not None else at.replace(tzinfo=UTC)).timestamp())
    except (ValueError, OverflowError) as error:
        raise BadInput(f"{written}: not a time like 2026-01-01T12:00:00Z") from error
