"""The refresh command: live on a terminal, silent for cron, JSON for scripts; it can be broken off at any moment."""

from __future__ import annotations

import asyncio
import sys
import threading
from argparse import Namespace
from typing import TYPE_CHECKING

from tui_reader import shapes, text
from tui_reader.cli import output
from tui_reader.cli.main import INTERRUPTED, OK, TROUBLE
from tui_reader.cli.session import Session, clock, tell
from tui_reader.errors import LibraryBusy
from tui_reader.model import Alert, FeedResult, Progress
from tui_reader.tui import trouble

if TYPE_CHECKING:
    from tui_reader.library import Library

SETTLES_WITHIN = 2.0
"""Seconds a refresh that was broken off may take to end."""


async def refresh(session: Session, args: Namespace) -> int:
    """Ask feeds for news. Broken off, it keeps and tells what has arrived, and ends with code 130."""
    live = _Live(shown=sys.stderr.isatty() and not args.quiet)
    interrupted = False
    async with session.library() as library:
        ids = {(await library.find(name)).id for name in args.feed} or None
        library.on_progress(live.show)
        library.on_alert(live.note)
        try:
            await library.refresh(ids, force=args.force, wait=args.wait)
            await library.index(live.index)
        except asyncio.CancelledError:
            # The runner turns Ctrl-C into this; what follows is only telling.
            _go_on()
            interrupted = True
            await live.settled()
        except LibraryBusy:
            if not args.quiet or library.read_only:
                raise
            return TROUBLE if live.progress.errors else OK
        finally:
            live.end()
        tell(live.faults)
        done = live.progress
        if args.json:
            output.print_json(shapes.progress(done, interrupted=interrupted))
        elif not args.quiet:
            await _report(library, done, named=bool(args.feed), interrupted=interrupted)
        if not interrupted:
            await library.back_up()
    if interrupted:
        return INTERRUPTED
    return TROUBLE if done.errors else OK


def _go_on() -> None:
    """Take the cancelling back, so that what is awaited after it runs."""
    task = asyncio.current_task()
    if task is not None:
        task.uncancel()


async def _report(library: Library, done: Progress, *, named: bool, interrupted: bool) -> None:
    now = clock()
    for result in done.results:
        if result.outcome == "updated":
            output.print_line(f"{result.title}: {_news(result)}")
    failed = [await library.feed(result.feed_id) for result in done.results if result.outcome == "failed"]
    tell(trouble.line(feed, now, None) for feed in failed)
    if named:
        tell(_waiting(result, now) for result in done.results if result.outcome == "waiting")
    output.print_line(_summary(done, interrupted=interrupted))


def _news(result: FeedResult) -> str:
    parts = [f"{result.new} new"] if result.new else []
    if result.changed:
        parts.append(f"{result.changed} changed")
    return ", ".join(parts)


def _summary(done: Progress, *, interrupted: bool) -> str:
    asked = text.plural(done.total, "feed")
    parts = [f"broken off after {done.done} of {asked}" if interrupted else f"{asked} asked"]
    parts.append(text.plural(done.new, "new entry"))
    if done.errors:
        parts.append(f"{done.errors} had trouble")
    if done.waiting:
        parts.append(f"{done.waiting} not due (--force asks them too)")
    return ", ".join(parts)


def _waiting(result: FeedResult, now: int) -> str:
    until = f", until {text.clock(result.next_at, now)}" if result.next_at is not None else ""
    return f"{result.title} was not asked: {result.message}{until}"


class _Live:
    """One line on the terminal that follows a refresh. Told of progress on a thread of the engine."""

    def __init__(self, *, shown: bool) -> None:
        self.progress = Progress()
        self.faults: list[str] = []
        self._shown = shown
        self._settled = threading.Event()

    def show(self, progress: Progress) -> None:
        """Take note, and draw the line anew."""
        self.progress = progress
        if not progress.running:
            self._settled.set()
        if self._shown and progress.running:
            errors = f" · {text.plural(progress.errors, 'error')}" if progress.errors else ""
            self._draw(f"refreshing {progress.done}/{progress.total} · {progress.new} new{errors}")

    def note(self, alert: Alert) -> None:
        """Keep why a rule could not do what it was to do."""
        if alert.fault:
            self.faults.append(alert.fault)

    def index(self, left: int) -> None:
        """Draw what is left to do for the full-text search once everything is stored."""
        if self._shown:
            self._draw(f"indexing for the search, {left:,} to go")

    async def settled(self) -> None:
        """Wait until a refresh that was broken off has counted what it got."""
        if self.progress.running:
            await asyncio.to_thread(self._settled.wait, SETTLES_WITHIN)

    def end(self) -> None:
        """Take the line away."""
        if self._shown:
            self._draw("")

    def _draw(self, line: str) -> None:
        sys.stderr.write(f"\r{line}\x1b[K")
        sys.stderr.flush()
