"""Opening an entry: its article, its discussion, and the one key that reads on through everything."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterable
from functools import partial
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from tui_reader import text
from tui_reader.model import Comment, Entry, Scope
from tui_reader.tui.history import Stop
from tui_reader.tui.readahead import ReadAhead, Ready
from tui_reader.tui.view import Layout, Pane

if TYPE_CHECKING:
    from tui_reader.tui.main import Main

GLANCE = 5
"""Seconds in a discussion from which on it was visited, though nothing was moved in it."""
SETTLED = 0.4
"""Seconds an entry must stay open before its discussion is asked for, so that leafing through asks nobody."""
PAUSE = 0.05
"""Seconds without a move after which the next entries are read ahead: a key that is held down comes sooner."""


class Reading:
    """The open entry. Of several openings under way the newest wins."""

    def __init__(self, main: Main) -> None:
        self.main = main
        self.ahead = ReadAhead(main.library)
        self.entry: Entry | None = None
        self.visited = False
        """Whether the reader was in the open entry's discussion, so that leaving it makes what is in it old news."""
        self._under: Comment | None = None
        self._passed: set[int] = set()
        self._scrolled: set[int] = set()
        self._entered_at = 0
        self._moved = False

    # ------------------------------------------------------------ opening

    def open(self, entry_id: int, *, into: Pane | None = None, at_news: bool = False, comment_id: int = 0) -> None:
        """Open an entry, keys in the pane `into` or as they are; `at_news` goes to the first new comment, `comment_id`
        to that one."""
        self.main.go(self._open(entry_id, into, at_news, comment_id), group="open", newest=True)

    def open_listed(self, entry_id: int) -> None:
        """Open an entry of the list with the keys in it: in its article, or at the comment that a search found."""
        hit = self.main.entries.hit_of(entry_id)
        said = hit.comment_id if hit is not None else None
        into = Pane.ARTICLE if said is None else Pane.DISCUSSION
        opening = partial(self._open, entry_id, into, False, said or 0)
        self.main.go(self.held(opening), group="open", newest=True)

    def held(self, opening: Callable[[], Coroutine[Any, Any, None]]) -> Coroutine[Any, Any, None]:
        """Open something, or find what to open: what is typed from now on is meant for that, and waits for it."""
        return self.main.ahead.held(partial(self._until_open, opening))

    async def _until_open(self, opening: Callable[[], Coroutine[Any, Any, None]]) -> None:
        await opening()
        found = [task for task in self.main.tasks.running(("open",)) if task is not asyncio.current_task()]
        if found:
            await asyncio.wait(found)

    async def open_now(self, entry_id: int) -> None:
        """Open an entry, and come back when it is shown."""
        await self._open(entry_id, None, at_news=False)

    async def show_again(self, entry_id: int) -> None:
        """The open entry reads differently now: show it from its top."""
        if self.entry is None or self.entry.row.id != entry_id:
            return
        entry = await self.main.library.entry(entry_id)
        self.entry = entry
        await self.main.article.open(replace(entry, place=0))
        self.main.show_titles()

    async def _open(self, entry_id: int, into: Pane | None, at_news: bool, comment_id: int = 0) -> None:
        main = self.main
        entry, ready = self._shown(entry_id), None
        if entry is None:
            ready = await self._take(entry_id)  # all that is awaited comes before anything is shown: it is painted once
            entry = self.entry = ready.entry
        main.history.visit(Stop(main.view.scope, entry_id))
        main.entries.keep.add(entry_id)
        main.show(replace(main.view.focused(into) if into else main.view, entry=entry_id))
        place = main.entries.place(entry_id)
        if place is not None:
            main.entries.goto(place)
        if ready is not None:
            await main.article.open(entry, ready.text)
            main.gallery.opened(entry)
            main.discussion.next_title = main.entries.known_news()
            main.discussion.open(ready.thread, entry)
            self._under = main.discussion.comment
            self.visited = False
        if into is Pane.DISCUSSION:
            self.enter()
        if at_news:
            main.discussion.go_first_new()
        if comment_id:
            main.discussion.go_comment(comment_id)
        main.show_titles()
        if main.config.ui.mark_read != "hand" and not entry.row.read:
            main.patch({entry_id}, read=True)
            # On its own: whatever is opened next gives up this opening, and must not take the mark with it.
            main.go(self._mark(entry_id), group="opened")
        self.look_ahead()
        if not main.still:
            main.go(self.look(wait=SETTLED), group="look", newest=True)

    async def _mark(self, entry_id: int) -> None:
        await self.main.library.mark({entry_id}, True, after=self.main.painted)

    async def _take(self, entry_id: int) -> Ready:
        if self.entry is None or self.entry.row.id != entry_id:
            self.leave()
            self.main.gallery.leave()
        ready = self.ahead.take(entry_id)
        if ready is not None:
            return ready
        library = self.main.library
        return Ready(*await asyncio.gather(library.entry(entry_id), library.thread(entry_id)))

    def _shown(self, entry_id: int) -> Entry | None:
        """The open entry if it is this one, which then stays where it is read."""
        entry, article = self.entry, self.main.article.entry
        is_shown = entry is not None and article is not None and entry.row.id == article.row.id == entry_id
        return entry if is_shown else None

    def look_ahead(self) -> None:
        """Once the keys pause, have ready what they may open next."""
        if not self.main.still:
            self.main.go(self._look_ahead(), group="ahead", newest=True)

    async def _look_ahead(self) -> None:
        await asyncio.sleep(PAUSE)
        entries = self.main.entries
        likely = {row.id: row for row in (entries.current, entries.known_unread()) if row is not None}
        likely.pop(self.entry.row.id if self.entry is not None else 0, None)
        await self.ahead.prepare(likely.values())

    def enter(self) -> None:
        """The keys are in the discussion: what is seen of it from now on counts as a visit."""
        self.visited = self.entry is not None
        self._entered_at, self._moved = self.main.clock(), False

    def leave(self) -> None:
        """Leave the open entry: what was seen of its discussion is no news any more, and its place is remembered."""
        self.leave_source()
        kept = self.place_to_keep()
        if kept is not None:
            self.main.go(kept, group="place")
        self.visited = False

    def leave_source(self) -> None:
        """Leave the discussion that is shown. One that was only glanced at keeps its news."""
        visit = self.visit_over()
        if visit is not None:
            self.main.go(visit, group="visit")
        self._entered_at, self._moved = self.main.clock(), False

    def place_to_keep(self) -> Coroutine[Any, Any, None] | None:
        """The remembering of how far the open entry was read, to be awaited; None when that is known already."""
        article, entry = self.main.article, self.entry
        if entry is None or article.entry is None or article.entry.row.id != entry.row.id:
            return None
        place = article.place
        return self._keep_place(entry.row.id, place) if place != entry.place else None

    async def _keep_place(self, entry_id: int, place: int) -> None:
        await self.main.library.keep_place(entry_id, place)
        self.ahead.forget((entry_id,))

    def visit_over(self) -> Coroutine[Any, Any, None] | None:
        """The end of a visit, to be awaited; None when the discussion was not entered, or left again at once."""
        stayed = self._moved or self.main.clock() - self._entered_at >= GLANCE
        if self.entry is None or not self.visited or not stayed:
            return None
        seen = {comment.id for comment in self.main.discussion.whole_in_sight()} | self._passed
        self._passed = set()
        source = self.main.discussion.source
        return self._visit(self.entry.row.id, source.id if source is not None else 0, seen)

    async def _visit(self, entry_id: int, discussion_id: int, seen: set[int]) -> None:
        """What was on the screen is read, and what is there is no news any more."""
        if seen:
            await self.main.library.mark_comments(seen, True)
        await self.main.library.visit(entry_id, discussion_id)

    def passed(self) -> None:
        """The cursor is on another comment: the one it was on was read, if the reader is in the discussion."""
        before, self._under = self._under, self.main.discussion.comment
        self._moved = True
        if before is not None and not before.read and self.visited:
            self._passed.add(before.id)
            self.main.go(self._mark_passed(), group="passed")

    async def _mark_passed(self) -> None:
        """Mark what was passed; several in a row become one act."""
        if not self.main.still:
            await asyncio.sleep(SETTLED)
        ids, self._passed = self._passed, set()
        if ids:
            await self.main.library.mark_comments(ids, True)

    def close(self) -> None:
        """Show no entry."""
        self.leave()
        self.main.gallery.leave()
        self.entry = None
        self.main.article.clear()
        self.main.discussion.clear()
        self.main.show(replace(self.main.view, entry=None))
        self.look_ahead()

    def scrolled_past(self, ids: Iterable[int]) -> None:
        """These articles left the top of the list; several in a row become one act."""
        self._scrolled.update(ids)
        if self._scrolled:
            self.main.go(self._mark_scrolled(), group="scrolled")

    async def _mark_scrolled(self) -> None:
        if not self.main.still:
            await asyncio.sleep(SETTLED)
        ids, self._scrolled = self._scrolled, set()
        if ids:
            self.main.entries.keep.update(ids)
            self.main.patch(ids, read=True)
            await self.main.library.mark(ids, True)

    # ------------------------------------------------------------ following

    async def reask_article(self) -> None:
        """The open entry was written: show it again if it reads differently."""
        if self.entry is None:
            return
        entry = await self.main.library.entry(self.entry.row.id)
        if self.entry is None or entry.row.id != self.entry.row.id:
            return
        before, self.entry = self.entry, entry
        if (entry.text, entry.row.title, entry.own_tags) != (before.text, before.row.title, before.own_tags):
            await self.main.article.open(entry, keep_place=True)
            self.main.gallery.opened(entry)
        self.main.show_titles()

    async def reask_thread(self) -> None:
        """The open discussion was written: show what came, with the cursor where it is."""
        if self.entry is None:
            return
        thread = await self.main.library.thread(self.entry.row.id)
        if self.entry is not None and thread.entry_id == self.entry.row.id:
            arrived = self.main.discussion.follow(thread)
            if arrived and self.main.view.pane is Pane.DISCUSSION:
                self.main.say(arrived)
            self.main.show_titles()

    async def look(self, *, wait: float = 0.0, force: bool = False) -> None:
        """Ask the site for the open entry's comments and say in the pane how that went."""
        main, entry = self.main, self.entry
        if entry is None:
            return
        if wait:
            await asyncio.sleep(wait)
        main.discussion.looking(True)
        main.show_titles()
        told = ""
        try:
            source = main.discussion.source
            looked = await main.library.look(entry.row.id, source.id if source is not None else 0, force=force)
            told = looked.message
        finally:
            if self.entry is not None and self.entry.row.id == entry.row.id:
                main.discussion.looking(False, told)
                main.show_titles()
        if force:
            main.say(told or (text.plural(looked.new, "new comment") if looked.new else "no new comments"))

    # ------------------------------------------------------------ reading on

    async def read_on(self) -> None:
        """One step further: down the page, the next new comment, the next unread entry, the next feed."""
        main = self.main
        here = main.view.pane
        if here is Pane.FEEDS or (here is Pane.ENTRIES and not self.is_at_cursor()):
            await self._start()
        elif not (here is not Pane.DISCUSSION and self._article_goes_on()) and not self._thread_goes_on():
            await self.next_entry()

    def is_at_cursor(self) -> bool:
        """Whether the article under the list's cursor is the open one."""
        row = self.main.entries.current
        return self.entry is not None and row is not None and row.id == self.entry.row.id

    async def _start(self) -> None:
        """From a list: read what the cursor is on, or the list's first unread entry."""
        main = self.main
        row = main.entries.current
        if row is None or (main.view.pane is Pane.FEEDS and row.read):
            await self.next_entry(from_top=True)
        else:
            self.open(row.id, into=self.pane())

    def pane(self) -> Pane | None:
        """Where reading goes on: in place where the article is in sight, in its pane where it is not."""
        view = self.main.view
        if view.zoomed or view.layout is Layout.NARROW or view.pane is Pane.DISCUSSION:
            return Pane.ARTICLE
        if view.reading is Pane.DISCUSSION:
            self.main.show(replace(view, reading=Pane.ARTICLE))
        return None

    def _article_goes_on(self) -> bool:
        main = self.main
        if main.view.reading is Pane.DISCUSSION and main.view.layout is Layout.MEDIUM:
            return False
        return main.article.page(1)

    def _thread_goes_on(self) -> bool:
        main = self.main
        if not main.discussion.has_more(entered=self.visited):
            return False
        if main.view.pane is not Pane.DISCUSSION and main.view.reading is not Pane.DISCUSSION:
            view = main.view
            alone = view.zoomed or view.layout is Layout.NARROW or view.pane is Pane.ARTICLE
            main.show(view.focused(Pane.DISCUSSION) if alone else replace(view, reading=Pane.DISCUSSION))
        if self.visited or not main.discussion.go_first_new():
            main.discussion.read_on()
        self.visited = self._moved = True
        return True

    async def next_entry(self, *, from_top: bool = False, step: int = 1) -> None:
        """Open the next unread entry of the list, else of the next feed that has one."""
        main = self.main
        place = await main.entries.next_unread(step, start=0 if from_top else None)
        if place is None and not from_top and step > 0:
            place = await main.entries.next_unread(1, start=0)
        if place is not None:
            self.open(main.entries.ids[place], into=self.pane())
            return
        await self._next_feed(step)

    async def _next_feed(self, step: int) -> None:
        """On into the next feed with something unread, or back to the last unread entry of the one before."""
        main = self.main
        scope: Scope | None = main.feeds.next_unread(main.view.scope, step)
        if scope is None:
            main.say("all is read")
            return
        await main.open_scope(scope)
        main.feeds.go(scope)
        main.say(f"{'on' if step > 0 else 'back'} to {scope.name}")
        place = await main.entries.next_unread(step, start=0 if step > 0 else len(main.entries.ids) - 1)
        if place is not None:
            self.open(main.entries.ids[place], into=self.pane())
