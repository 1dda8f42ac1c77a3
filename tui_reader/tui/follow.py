"""How the screen follows what happens behind it: writes of any process, the progress of a refresh, the clock."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from threading import Lock
from typing import TYPE_CHECKING

from textual.message import Message

from tui_reader import text
from tui_reader.errors import LibraryBusy, Offline
from tui_reader.model import Alert, Change, Feed, PollState, Progress
from tui_reader.tui import trouble

if TYPE_CHECKING:
    from tui_reader.tui.main import Main

DUE_EVERY = 5.0
"""Seconds between two looks at what has fallen due; looking costs nothing, asking happens when it is due."""
QUIET = 600
"""Seconds without asking anybody after a start that shall not begin with it."""
SETTLE_EVERY = 3.0
"""Seconds between two tries to save what waits."""
BACKUP_AFTER, BACKUP_EVERY = 30.0, 3600.0
"""Seconds to the first look whether the day's copy of the library is due, and between two looks."""
BREATH = 0.1
"""Seconds between two rounds of re-asking, and between two looks at what the engine tells, so that a refresh of many
feeds costs few of them."""


class Told(Message, bubble=False):
    """The library was written, or a refresh has moved on: what it is lies in the tray."""


class Tray:
    """What threads of the engine have told of changes and progress, put together until the screen takes it.

    The screen is woken once for all that lies there, and again after it has said that it `listens`: a refresh tells
    two things of every feed, and each waking takes from the keys.
    """

    def __init__(self, wake: Callable[[], None]) -> None:
        self._wake = wake
        self._lock = Lock()
        self._change: Change | None = None
        self._progress: Progress | None = None
        self._running = False
        self._listens = True

    def put_change(self, change: Change) -> None:
        """Add a change."""
        with self._lock:
            self._change = change if self._change is None else self._change | change
            wakes, self._listens = self._listens, False
        if wakes:
            self._wake()

    def put_progress(self, progress: Progress) -> None:
        """Only the latest is of interest; that a refresh has begun or ended is at once."""
        with self._lock:
            self._progress = progress
            wakes = self._listens or progress.running != self._running
            self._running, self._listens = progress.running, False
        if wakes:
            self._wake()

    def take(self) -> tuple[Change | None, Progress | None]:
        """All that lies there."""
        with self._lock:
            taken = self._change, self._progress
            self._change = self._progress = None
        return taken

    def listen(self) -> None:
        """Wake for what comes, at once for what has come."""
        with self._lock:
            wakes = self._change is not None or self._progress is not None
            self._listens = not wakes
        if wakes:
            self._wake()


class Noticed(Message, bubble=False):
    """The library has something to tell: acts that wait, or are done at last. Only the latest is of interest."""

    def __init__(self, line: str) -> None:
        super().__init__()
        self.line = line

    def can_replace(self, message: Message) -> bool:
        return isinstance(message, Noticed)


class Alerted(Message, bubble=False):
    """A rule has something to tell."""

    def __init__(self, alert: Alert) -> None:
        super().__init__()
        self.alert = alert


class Follow:
    """Brings what changed to the panes concerned, one round after another, and keeps time."""

    def __init__(self, main: Main) -> None:
        self.main = main
        self.refreshed_at: int | None = None
        self.progress = Progress()
        self.faulty: tuple[Feed, ...] = ()
        self._ask_from = 0
        self._pending: Change | None = None
        self._running = False
        self._watching = False
        self._tray = Tray(lambda: _post(main, Told()))

    def listen(self) -> None:
        """Start to follow the library, and the clock unless the screen must stand still."""
        main = self.main
        main.library.on_change(self._tray.put_change)
        main.library.on_progress(self._tray.put_progress)
        main.library.on_notice(lambda line: _post(main, Noticed(line)))
        main.library.on_alert(lambda alert: _post(main, Alerted(alert)))
        if not main.still:
            main.library.hold()
            main.set_interval(1.0, self._look_outside)
            main.set_interval(SETTLE_EVERY, self._settle)
            main.set_timer(BACKUP_AFTER, self._back_up)
            main.set_interval(BACKUP_EVERY, self._back_up)
            main.set_interval(60.0, self._minute)
            main.set_interval(DUE_EVERY, self._ask_due)

    def begin(self) -> None:
        """The panes are filled: ask what is due now, or let the reader have some quiet first."""
        if not self.main.config.refresh.on_start:
            self._ask_from = self.main.clock() + QUIET
        if not self.main.still:
            self._ask_due()

    def hear(self) -> None:
        """Take what the engine has told; more of it is heard after a breath."""
        change, progress = self._tray.take()
        if change is not None:
            self.note(change)
        if progress is not None:
            self.progress = progress
            self.main.show_state()
        if self.main.still:
            self._tray.listen()
        else:
            asyncio.get_running_loop().call_later(BREATH, self._tray.listen)

    # ------------------------------------------------------------ changes

    def note(self, change: Change) -> None:
        """Have the panes follow a change soon; what was read ahead of it is forgotten now."""
        self.main.reading.ahead.note(change)
        self._pending = change if self._pending is None else self._pending | change
        if not self._running:
            self._running = True
            # What the key asked for is painted first; counts and marks follow it.
            self.main.call_after_refresh(lambda: self.main.go(self._rounds(), group="follow"))

    async def _rounds(self) -> None:
        try:
            while self._pending is not None:
                change, self._pending = self._pending, None
                begun = time.monotonic()
                await self._bring(change)
                if not self.main.still:  # a long list takes long to ask for: the keys have most of the time in any case
                    await asyncio.sleep(max(BREATH, 3 * (time.monotonic() - begun)))
        finally:
            self._running = False

    async def _bring(self, change: Change) -> None:
        main = self.main
        whole = change.everything or change.subscriptions
        found_more = change.indexed and main.view.scope.kind == "search"
        concerned = whole or found_more or change.entries or change.threads
        asked = main.ask_feeds(None if whole else change.feeds)
        await (asyncio.gather(asked, main.entries.reask(change)) if concerned else asked)
        if main.view.entry is not None:
            if change.everything or main.view.entry in change.entries:
                await main.reading.reask_article()
            if change.everything or main.view.entry in change.threads:
                await main.reading.reask_thread()

    # ------------------------------------------------------------ refreshing

    async def refresh(self, feed_ids: tuple[int, ...] | None = None, *, force: bool = False) -> None:
        """Refresh and say in one line how it went."""
        main = self.main
        main.say("")
        done = await main.library.refresh(feed_ids, force=force)
        await self._ended(done, quiet=False)

    async def _refresh_due(self) -> None:
        """Ask what is due; nobody waits for it, so only news and faults are told."""
        self._ask_from = self.main.clock() + 60
        with suppress(LibraryBusy, Offline):
            done = await self.main.library.refresh()
            if done.total:
                self._ask_from = self.main.clock()
            await self._ended(done, quiet=True)

    async def _look_watched(self) -> None:
        """Look at the watched discussions that are due; what comes is told by its change."""
        if self._watching:
            return
        self._watching = True
        try:
            await self.main.library.look_watched()
        finally:
            self._watching = False

    async def _ended(self, done: Progress, *, quiet: bool) -> None:
        main = self.main
        await main.ask_feeds()
        failed = {result.feed_id for result in done.results if result.outcome == "failed"}
        self.faulty = tuple(feed for feed in main.feeds.feeds if feed.id in failed)
        if self.faulty:
            hint = main.keys.hint("error.details", "details")
            line = trouble.summary(self.faulty, done.total, main.clock(), main.zone, main.keys.key_of)
            main.complain(line, hint)
        elif not quiet or done.new:
            main.say(_said(done))

    # ------------------------------------------------------------ the clock

    async def _look_outside(self) -> None:
        self.main.go(self._outside(), group="outside")

    async def _outside(self) -> None:
        await self.main.library.poll_outside()

    def _settle(self) -> None:
        if self.main.library.waiting:
            self.main.go(self._saved(), group="settle")

    async def _saved(self) -> None:
        await self.main.library.settle()
        self.main.show_state()

    def _back_up(self) -> None:
        self.main.go(self._backed_up(), group="backup")

    async def _backed_up(self) -> None:
        await self.main.library.back_up()

    def _ask_due(self) -> None:
        """Ask what has become due: feeds, and the discussion that is open."""
        main, now = self.main, self.main.clock()
        if not main.config.refresh.auto or main.library.offline or self.progress.running:
            return
        if now < self._ask_from:
            return
        if any(is_due(feed.poll, now) for feed in main.feeds.feeds):
            main.go(self._refresh_due(), group="due")
        source = main.discussion.source
        if source is not None and source.url and is_due(source.poll, now):
            main.go(main.reading.look(), group="look", newest=True)
        if main.feeds.counts.watched:
            main.go(self._look_watched(), group="watched")

    def _minute(self) -> None:
        """Ages have grown."""
        self.main.show_header()
        self.main.feeds.redraw()
        self.main.entries.redraw()


def is_due(poll: PollState, now: int) -> bool:
    """Whether it is worth the while to ask the library to ask; it has the last word."""
    waits = poll.wait_until is not None and poll.wait_until > now
    return not poll.gone and not waits and (poll.next_at is None or poll.next_at <= now)


def _post(main: Main, message: Message) -> None:
    """Pass a message on from a thread of the engine; a screen that is closing takes none."""
    with suppress(RuntimeError):
        main.post_message(message)


def _said(done: Progress) -> str:
    new = text.plural(done.new, "new article") if done.new else "nothing new"
    if not done.total:
        return f"no feed is due: {text.plural(done.waiting, 'feed')} not asked"
    waiting = f" · {text.plural(done.waiting, 'feed')} not due" if done.waiting else ""
    return f"{text.plural(done.done, 'feed')} asked · {new}{waiting}"
