"""Runs one command and answers with its exit code."""

from __future__ import annotations

import errno
import os
import sys
from argparse import Namespace
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING, cast

from tui_reader import errors
from tui_reader.cli import arguments

if TYPE_CHECKING:
    from tui_reader.children import Child
    from tui_reader.cli.glimpse import Glimpse
    from tui_reader.cli.session import Session

OK, FAULT, USAGE, NOT_FOUND, REFUSED, CHOOSE, OFFLINE, BUSY, TROUBLE = range(9)
"""The exit codes; docs/cli.md says when each is given."""
INTERRUPTED = 130
PIPE_CLOSED = 141

_CODES: tuple[tuple[type[errors.ReaderError], int], ...] = (
    (errors.LibraryBusy, BUSY),
    (errors.LibraryError, FAULT),
    (errors.NotFound, NOT_FOUND),
    (errors.Refused, REFUSED),
    (errors.Offline, OFFLINE),
    (errors.BadInput, USAGE),
)

Handler = Callable[["Session", Namespace], Awaitable[int]]


def run(argv: Sequence[str]) -> int:
    """Run the command line; the answer is the exit code. Whatever can be foreseen ends in one line, not a traceback."""
    try:
        args = arguments.parse(argv)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else USAGE
    try:
        return _run(args)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # Python would complain once more when it flushes at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return PIPE_CLOSED
    except errors.ReaderError as error:
        return _told(error)
    except OSError as error:
        if error.errno not in {errno.EMFILE, errno.ENFILE}:
            raise
        print("tui-reader: too many files are open (see `ulimit -n`); what is stored is safe", file=sys.stderr)
        return FAULT


def _run(args: Namespace) -> int:
    child = _fetching() if asks(args) else None
    glimpse = _glimpse(args) if args.verb == "screen" else None
    try:
        return _begun(args, child, glimpse)
    finally:
        if glimpse is not None:
            glimpse.take_away()


def _begun(args: Namespace, child: Child | None, glimpse: Glimpse | None) -> int:
    import asyncio
    import logging

    from tui_reader.cli import session

    # What went wrong is told in our words; a library's log lines would land in the middle of them.
    logging.getLogger().addHandler(logging.NullHandler())
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    begun = session.begin(args, os.environ, child, glimpse)
    if args.family != "health" and args.verb != "screen" and not args.quiet:
        session.tell(begun.faults)
    handler = cast(Handler, getattr(import_module(f"tui_reader.cli.{args.family}"), args.verb))

    async def work() -> int:
        return await handler(begun, args)

    code = asyncio.run(work())
    sys.stdout.flush()
    return code


def _glimpse(args: Namespace) -> Glimpse:
    """The glimpse of the screen, shown at once if there is one."""
    from tui_reader.cli import places
    from tui_reader.cli.glimpse import Glimpse

    settings, said = places.settings(args, os.environ), ""
    if places.needs_settings(args, os.environ, settings):
        from tui_reader import config

        said = config.load(settings)[0].library.path
    library = places.library(args, os.environ, said)
    glimpse = Glimpse(library, settings, os.environ, offline=getattr(args, "offline", False))
    glimpse.show()
    return glimpse


def asks(args: Namespace) -> bool:
    """Whether a command line asks the network in any case, so that the process that does may be started for it."""
    always = args.verb in {"add", "refresh"}
    wanted = args.verb == "thread" and (args.refresh or args.back_fill)
    return bool(always or wanted) and not getattr(args, "offline", False)


def _fetching() -> Child | None:
    """The process that fetches, started before anything else: it takes as long to be there as all that comes before the
    first request. None where the system has no room for it yet."""
    from tui_reader import net
    from tui_reader.children import Child

    with suppress(OSError):
        return Child(net.CHILD)
    return None


def _told(error: errors.ReaderError) -> int:
    from tui_reader.cli import session
    from tui_reader.query import QueryFault

    said = str(error)
    if isinstance(error, errors.Refused):
        status = f" (HTTP status {error.status})" if error.status and str(error.status) not in said else ""
        said += status + (f"; it says: “{error.words}”" if error.words else "")
    session.tell([f"tui-reader: {said}"])
    if isinstance(error, QueryFault):
        session.show(error.pointed())
    return next((code for kind, code in _CODES if isinstance(error, kind)), FAULT)
