"""Commands about the program itself: doctor and config."""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
from argparse import Namespace
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from msgspec import Struct

from tui_reader import text
from tui_reader.cli import output, sample
from tui_reader.cli.main import FAULT, OK
from tui_reader.cli.session import Session, clock, tell
from tui_reader.config import SECTIONS
from tui_reader.errors import ForeignLibrary, LibraryBusy, LibraryDamaged, LibraryError, NewerLibrary
from tui_reader.library import Library
from tui_reader.store import backup, connect, recovery

ANSWERS_WITHIN = 3.0
"""Seconds in which a proxy should take a connection."""


class Finding(Struct, frozen=True):
    """What a check found; `mend` says what to do about it, "" when nothing is to be done."""

    check: Literal["library", "backups", "feeds", "config", "keys", "terminal", "network"]
    ok: bool
    message: str
    mend: str = ""


async def doctor(session: Session, args: Namespace) -> int:
    """Check everything that can be checked without asking a feed, and say how to mend what is wrong."""
    found = [finding async for finding in _library(session, vacuum=args.vacuum)]
    found += [*_backups(session), *_config(session), *_terminal(), await _network(session)]
    if args.json:
        output.print_json(
            [{"check": one.check, "ok": one.ok, "message": one.message, "mend": one.mend} for one in found]
        )
    else:
        for one in found:
            output.print_line(f"{'✔' if one.ok else '✖'} {one.check}: {one.message}")
            if one.mend:
                output.print_block(f"    {text.clean(one.mend)}")
    return OK if all(one.ok for one in found) else FAULT


async def _library(session: Session, *, vacuum: bool) -> AsyncIterator[Finding]:
    path = session.library_path
    if not path.exists():
        saved = next(backup.copies(path), None)
        told = f"{path} does not exist yet; it is made at the first use"
        yield Finding("library", saved is None, told, f"to have the last copy back: cp {saved} {path}" if saved else "")
        return
    try:
        async with session.library(quiet=True) as library:
            if vacuum:
                tell([await _vacuumed(library)])
            feeds, counts, missing = await library.feeds(), await library.counts(), await library.unindexed()
            size, free = await library.sizes()
            room = f"{text.size(size)}, {text.size(free)} of it free" if free > size // 10 else text.size(size)
            about = f"{path}, {room}: {text.plural(len(feeds), 'feed')}, {text.plural(counts.all, 'entry')}"
            about += f", {missing:,} not in the search index yet" if missing else ""
            damage = await library.damage()
            if damage:
                yield Finding("library", False, f"{path}: {damage}", "start the reader: it saves what can be read")
            elif library.read_only:
                mend = "see that the file and its folder belong to you and that the disk has room"
                yield Finding("library", False, f"{about}, but it can only be read: {library.read_only}", mend)
            else:
                yield Finding("library", True, f"{about}, sound")
            note = await library.recall(recovery.KEY)
            if isinstance(note, dict):
                mend = f"when nothing is missing, delete {path}.broken-*" if list(_broken(path)) else ""
                yield Finding("library", not library.recovered, str(note.get("line", "")), mend)
    except LibraryError as error:
        yield Finding("library", False, str(error), _library_mend(error, path))
        return
    except OSError as error:
        yield Finding("library", False, f"{path}: {(error.strerror or 'cannot be read').lower()}")
        return
    faulty = [feed for feed in feeds if feed.poll.error]
    gone = [feed for feed in faulty if feed.poll.gone]
    if faulty:
        names = ", ".join(feed.title for feed in faulty[:5]) + (" …" if len(faulty) > 5 else "")
        mend = "`tui-reader feeds` tells why; `address` changes an address, `remove` gives one up"
        told = f"{len(faulty)} of {text.plural(len(feeds), 'feed')} in trouble"
        yield Finding("feeds", not gone, f"{told}{f', {len(gone)} gone for good' if gone else ''}: {names}", mend)
    elif feeds:
        polled = [feed.poll.checked_at for feed in feeds if feed.poll.checked_at is not None]
        last = f"last asked {text.clock(max(polled), clock())}" if polled else "never asked yet"
        yield Finding("feeds", True, f"{text.plural(len(feeds), 'feed')} without trouble, {last}")


async def _vacuumed(library: Library) -> str:
    before, _ = await library.sizes()
    await library.vacuum()
    after, _ = await library.sizes()
    return f"vacuumed: {text.size(before)} before, {text.size(after)} now"


def _broken(path: Path) -> Iterator[Path]:
    yield from path.parent.glob(f"{path.name}.broken-*")


def _backups(session: Session) -> Iterator[Finding]:
    """The daily copies: how young the youngest is, and whether there is room for the next."""
    path, kept = session.library_path, session.config.library.backups
    if not path.exists():
        return
    made = list(backup.copies(path))
    if not kept:
        yield Finding("backups", True, "none are made (library.backups = 0)")
    elif not made:
        yield Finding("backups", True, "none yet; the first is made while the reader is open, or by `refresh`")
    else:
        told = f"{text.plural(len(made), 'copy')} in {connect.backups_of(path)}, the last of {made[0].stem}"
        yield Finding("backups", True, told)
    free = shutil.disk_usage(path.parent).free
    if kept and free < path.stat().st_size + backup.ROOM:
        told = f"the disk has {text.size(free)} left, too little for another copy"
        yield Finding("backups", False, told, "make room; or set library.backups to 0")


def _library_mend(error: LibraryError, path: Path) -> str:
    saved = next(backup.copies(path), None)
    restore = f"or put the last copy in its place: cp {saved} {path}" if saved else "or move it away to start anew"
    match error:
        case ForeignLibrary():
            return f"name another file with --library; this one was not touched; {restore}"
        case NewerLibrary():
            return "install the newest version of tui-reader; the file was not touched"
        case LibraryBusy():
            return "end the other process, or make room on the disk, and try again"
        case LibraryDamaged():
            return f"see that nothing else has it open and that there is room, and start again; {restore}"
        case _:
            return f"see that {path} is a file of yours; {restore}"


def _config(session: Session) -> Iterator[Finding]:
    path = session.config_path
    settings = [fault for fault in session.faults if not fault.key.startswith(("keys.", "macros."))]
    keys = [fault for fault in session.faults if fault.key.startswith(("keys.", "macros."))]
    if not session.faults:
        state = "no faults" if path.exists() else "does not exist; the defaults are used"
        yield Finding("config", True, f"{path}: {state}")
    for fault in settings:
        yield Finding("config", False, str(fault), f"edit {path}; `tui-reader config --default` shows what can be set")
    for fault in keys:
        yield Finding("keys", False, str(fault), f"edit {path}; docs/keys.md and `?` in the reader list the commands")
    if not keys:
        own, macros = len(session.config.keys), len(session.config.macros)
        usual = f"those of {session.config.preset}" if session.config.preset else "the default ones"
        told = [usual, f"{text.plural(own, 'command')} with keys of your own"][: 2 if own else 1]
        told += [text.plural(macros, "macro")] if macros else []
        yield Finding("keys", True, ", ".join(told))


def _terminal() -> Iterator[Finding]:
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        yield Finding("terminal", True, "none here: commands work, the screen needs one")
        return
    kind = os.environ.get("TERM", "")
    size = shutil.get_terminal_size()
    colours = "truecolor" if os.environ.get("COLORTERM") in {"truecolor", "24bit"} else "the colours of its kind"
    colours = "no colours (NO_COLOR)" if os.environ.get("NO_COLOR") else colours
    if kind in {"", "dumb"}:
        yield Finding("terminal", False, f"TERM is {kind or 'not set'}", "set TERM to the terminal's kind")
    else:
        yield Finding("terminal", True, f"{kind}, {size.columns}×{size.lines}, {colours}")
    encoding = (sys.stdout.encoding or "").lower()
    if encoding.replace("-", "") != "utf8":
        yield Finding("terminal", False, f"its encoding is {encoding}", "choose a UTF-8 locale (LANG=C.UTF-8)")


async def _network(session: Session) -> Finding:
    if session.offline:
        return Finding("network", True, "off (--offline)")
    if not session.proxy:
        return Finding("network", True, "direct")
    place = urlsplit(session.proxy)
    shown = f"{place.scheme}://{place.hostname}{f':{place.port}' if place.port else ''}"
    try:
        async with asyncio.timeout(ANSWERS_WITHIN):
            port = place.port or (443 if place.scheme == "https" else 80)
            _, writer = await asyncio.open_connection(place.hostname, port)
        writer.close()
    except (OSError, TimeoutError, ValueError):
        mend = "see network.proxy in the settings, and the variables https_proxy, all_proxy and http_proxy"
        return Finding("network", False, f"the proxy {shown} does not answer", mend)
    return Finding("network", True, f"through the proxy {shown}, which answers")


async def config(session: Session, args: Namespace) -> int:
    """Show the settings: their place and what they come to, or a documented sample."""
    if args.default:
        output.print_block(sample.text())
        return OK
    if args.path:
        output.print_line(str(session.config_path))
        return OK
    settings = {
        name: {field: getattr(getattr(session.config, name), field) for field in section.__struct_fields__}
        for name, section in SECTIONS.items()
    }
    if args.json:
        shape: dict[str, object] = {
            "config": str(session.config_path),
            "library": str(session.library_path),
            "settings": settings
            | {"keys": {"preset": session.config.preset} | {id: list(keys) for id, keys in session.config.keys.items()}}
            | {"macros": {key: list(steps) for key, steps in session.config.macros.items()}},
            "faults": [str(fault) for fault in session.faults],
        }
        output.print_json(shape)
    else:
        output.print_line(f"# {session.config_path}{'' if session.config_path.exists() else ' (does not exist)'}")
        output.print_line(f"# library: {session.library_path}")
        for name, fields in settings.items():
            output.print_block(f"\n[{name}]")
            for field, value in fields.items():
                output.print_line(f"{field} = {sample.toml(value)}")
        output.print_block("\n[keys]")
        if session.config.preset:
            output.print_line(f"preset = {sample.toml(session.config.preset)}")
        for id, keys in session.config.keys.items():
            output.print_line(f"{sample.toml(id)} = {sample.toml(keys)}")
        output.print_block("\n[macros]")
        for key, steps in session.config.macros.items():
            output.print_line(f"{sample.toml(key)} = {sample.toml(steps)}")
        for fault in session.faults:
            output.print_line(f"# fault: {fault}")
    return FAULT if session.faults else OK
