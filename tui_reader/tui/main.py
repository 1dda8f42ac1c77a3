"""The main screen: four panes, a header line, a status line, and the view that says which of them are shown."""

from __future__ import annotations

import asyncio
import os
from collections import Counter
from collections.abc import Callable, Collection, Coroutine, Sequence, Set
from datetime import tzinfo
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from msgspec.structs import replace
from textual import events, on
from textual.app import ComposeResult
from textual.containers import Container
from textual.content import Content
from textual.widgets import Static

from tui_reader import text
from tui_reader.config import Config
from tui_reader.errors import LibraryDamaged, ReaderError
from tui_reader.keymap import Keymap
from tui_reader.model import Change, EntryRow, Order, Scope
from tui_reader.tui import actions, commandline, dividers, lines, outside, session, titles
from tui_reader.tui.actions import pane as pane_actions
from tui_reader.tui.ahead import PATIENCE, TypeAhead
from tui_reader.tui.dialogs import Dialogs
from tui_reader.tui.dividers import Dividers
from tui_reader.tui.follow import Alerted, Follow, Noticed, Told
from tui_reader.tui.gallery import Gallery
from tui_reader.tui.history import History, Stop
from tui_reader.tui.jump import Jump
from tui_reader.tui.keys import Keys, written
from tui_reader.tui.opening import hyperlinks
from tui_reader.tui.painting import PaintedScreen
from tui_reader.tui.panes import article
from tui_reader.tui.panes.article import ArticlePane
from tui_reader.tui.panes.discussion import DiscussionPane
from tui_reader.tui.panes.entries import EntriesPane
from tui_reader.tui.panes.feeds import FeedsPane, scope_name
from tui_reader.tui.panes.welcome import WelcomePane
from tui_reader.tui.reading import Reading
from tui_reader.tui.tasks import Tasks
from tui_reader.tui.view import LEAST_HEIGHT, LEAST_WIDTH, Layout, Pane, View, layout_for
from tui_reader.tui.widgets.menu import ChoiceList, PrefixMenu
from tui_reader.tui.widgets.page import Page
from tui_reader.tui.widgets.prompt import Prompt
from tui_reader.tui.widgets.rows import Rows
from tui_reader.tui.widgets.statusbar import HeaderLine, StatusBar

if TYPE_CHECKING:
    from tui_reader.library import Library
    from tui_reader.tui.app import ReaderApp
    from tui_reader.tui.wardrobe import Wardrobe

KEYS_OF_A_FAULT = 6
"""How many keys a fault outlasts in the status line; its mark on the feed stays."""


class Box(Container):
    """Holds panes and is covered by them."""

    BLANK = True


class Main(PaintedScreen[None]):
    """What the reader is: a view of a library. Actions work on it; panes hold their own cursor and scroll."""

    AUTO_FOCUS = ""

    def __init__(
        self,
        library: Library,
        config: Config,
        keymap: Keymap,
        clock: Callable[[], int],
        *,
        zone: tzinfo | None = None,
        still: bool = False,
        whole: bool = True,
        open_entry: int | None = None,
        notices: Sequence[str] = (),
    ) -> None:
        super().__init__()
        self.library = library
        self.config = config
        self.clock = clock
        self.zone = zone
        self.still = still
        self._whole = whole
        self.view = View()
        self.feeds = FeedsPane(clock, id=Pane.FEEDS)
        self.entries = EntriesPane(library, clock, id=Pane.ENTRIES)
        comfortable = config.ui.density == "comfortable"
        self.entries.use(lines.RowLook(config.ui.columns, comfortable, zone=zone))
        self.article = ArticlePane(config.ui.width, clock, zone, addressed=hyperlinks(os.environ), id=Pane.ARTICLE)
        self.discussion = DiscussionPane(clock, zone, ascii=config.ui.ascii, id=Pane.DISCUSSION)
        self.welcome = WelcomePane(id="welcome")
        self.header = HeaderLine(id="header")
        self.status = StatusBar(id="status")
        for pane in self.panes.values():
            pane.can_focus = False  # the keys are this screen's; the pane they act on is the view's
        self.tasks = Tasks(self.failed)
        self.follow = Follow(self)
        self.reading = Reading(self)
        self.gallery = Gallery(self)
        self.keys = Keys(self, keymap)
        self.dialogs = Dialogs(self)
        self.ahead = TypeAhead(self)
        self.dividers = Dividers(self)
        self.command_lines: tuple[str, ...] = ()
        self.menu = PrefixMenu(id="menu")
        self.before_search: Scope | None = None
        self.history = History()
        self.jump = Jump(self)
        self.orders: dict[str, Order] = {}
        """The orders of the lists that were sorted, by the name of the list."""
        self.has_feeds = True
        self._pending = ""
        self._hint = ""
        self._warned = False
        self._stays = 0
        self._open_entry = open_entry
        self._notices = notices

    def compose(self) -> ComposeResult:
        self._mark(layout_for(*self.app.size, self.config.ui.layout))  # while there is nothing yet to be styled anew
        yield self.header
        with Box(id="body"):
            yield self.feeds
            with Box(id="middle"):
                yield self.entries
                with Box(id="reading"):
                    yield self.article
                    yield self.discussion
            yield self.welcome
        yield Static(id="tiny", markup=False)
        yield self.status
        yield self.menu

    @property
    def wardrobe(self) -> Wardrobe:
        """The themes."""
        return cast("ReaderApp", self.app).wardrobe

    @property
    def pane(self) -> Rows | Page:
        """The pane with the keys."""
        return self.panes[self.view.pane]

    @property
    def page(self) -> Page:
        """The text with the keys, or the article."""
        return self.discussion if self.view.pane is Pane.DISCUSSION else self.article

    @property
    def panes(self) -> dict[Pane, Rows | Page]:
        """The panes by name."""
        return {
            Pane.FEEDS: self.feeds,
            Pane.ENTRIES: self.entries,
            Pane.ARTICLE: self.article,
            Pane.DISCUSSION: self.discussion,
        }

    # ------------------------------------------------------------ starting

    async def on_mount(self) -> None:
        """Show the last session's place, or the entry asked for, and follow what happens from then on."""
        self.show(replace(self.view, layout=layout_for(*self.app.size, self.config.ui.layout)))
        self.show_keys()
        self.follow.listen()
        try:
            await self.start()
        except LibraryDamaged:
            self.app.exit("damaged")
            return
        except ReaderError as error:
            self.failed(error)
        cast("ReaderApp", self.app).built()
        if self.still:
            self.follow.begin()
        else:
            self.call_after_refresh(lambda: self.go(self._warm(), group="warm"))

    async def _warm(self) -> None:
        """The first screen is painted: have the whole list, import what the next keys need before they come, then ask
        what is due."""
        try:
            await self.entries.complete()
        except LibraryDamaged:
            self.app.exit("damaged")
            return
        except ReaderError as error:
            self.failed(error)
        await self.ahead.end()
        await asyncio.to_thread(actions.load)
        await asyncio.to_thread(article.warm)
        await self.library.warm()
        self.follow.begin()

    async def start(self) -> None:
        """Fill the panes from the library."""
        await self._tell_notices()
        self.dividers.sizes = dividers.recalled(await self.library.recall(dividers.KEY))
        self.command_lines = commandline.remembered(await self.library.recall(commandline.KEY))
        kept = session.recalled(await self.library.recall(session.KEY))
        self.feeds.folded, self.orders, scope = set(kept.folded), dict(kept.orders), kept.scope
        await self.ask_feeds()
        if not any(node.scope == scope for node in self.feeds.nodes):
            scope = Scope("unread")
        if self._open_entry is not None:
            await self.open_scope(Scope("all"), cursor=self._open_entry)
            self.reading.open(self._open_entry, into=Pane.ARTICLE)
            return
        await self.open_scope(scope, whole=self.still and self._whole)
        if not self.entries.is_whole:
            self.ahead.begin()  # until the list is whole, which the first screen does not wait for
        self.feeds.go(scope)
        self.show(self.view.focused(Pane.ENTRIES if self.entries.ids else Pane.FEEDS))

    async def _tell_notices(self) -> None:
        """What the start has to say: of the library, of the settings, of how the last session ended."""
        notices = [*await self.library.notices(), *self._notices]
        if notices:
            more = f" (and {len(notices) - 1} more)" if len(notices) > 1 else ""
            self.complain(f"⚠ {notices[0]}{more}")

    async def ask_feeds(self, only: Collection[int] | None = None) -> None:
        """Ask for the subscriptions, or for those of these ids, and all counts, and show them."""
        counts, saved, feeds = await asyncio.gather(
            self.library.counts(), self.library.smart_feeds(), self.library.feeds(only)
        )
        if only is None:
            self.feeds.show_feeds(feeds, counts, saved)
        else:
            self.feeds.renew(feeds, counts, saved)
        polled = [feed.poll.checked_at for feed in self.feeds.feeds if feed.poll.checked_at is not None]
        self.follow.refreshed_at = max(polled, default=None)
        had, self.has_feeds = self.has_feeds, bool(self.feeds.feeds)
        if had != self.has_feeds:
            self.show(self.view)
        self.show_titles()
        self.show_header()

    def open_scope(
        self, scope: Scope, cursor: int = 0, keep: Collection[int] = (), *, whole: bool = True
    ) -> Coroutine[Any, Any, None]:
        """Show another list, which is on its way at once; the one that is left forgets what was read in it, but for
        what is to `keep`. Without `whole` only its first rows."""
        self.entries.expect()
        self.history.visit(Stop(scope))
        self.show(replace(self.view, scope=scope))
        return self._list(scope, cursor, keep, whole=whole)

    async def _list(self, scope: Scope, cursor: int, keep: Collection[int], *, whole: bool) -> None:
        order, of = self.orders.get(scope_name(scope), Order()), self.feeds.holds(scope)
        await self.entries.open(scope, cursor, order, keep, whole=whole, of=of)
        self.reading.look_ahead()
        self.show_titles()
        self.show_state()

    def on_unmount(self) -> None:
        """Nothing is shown any more, so nothing is done for it."""
        self.tasks.cancel()

    async def leave(self) -> None:
        """Keep what the next session wants to know."""
        if self.still:
            return
        for left in (self.reading.visit_over(), self.reading.place_to_keep()):
            if left is not None:
                await left
        await self.library.acted()
        await self.keep_session()

    async def keep_session(self) -> None:
        """Keep the lists as they are: which is open, what is folded, how each is sorted."""
        if not self.library.read_only:
            kept = session.kept(self.view.scope, self.feeds.folded, self.orders)
            await self.library.remember(session.KEY, kept)
            await self.library.remember(dividers.KEY, self.dividers.kept())

    # ------------------------------------------------------------ the view

    def show(self, view: View) -> None:
        """Make the screen look as the view says."""
        before, self.view = self.view, view
        shown = view.shown() if self.has_feeds else frozenset[Pane]()
        for name, pane in self.panes.items():
            pane.display = name in shown
        tiny = view.layout is Layout.TINY
        self.query_one("#tiny").display = tiny
        self.query_one("#body").display = not tiny
        self.query_one("#middle").display = bool(shown - {Pane.FEEDS})
        self.query_one("#reading").display = bool(shown & {Pane.ARTICLE, Pane.DISCUSSION})
        self.welcome.display = not self.has_feeds and not tiny
        self._mark(view.layout)
        self.set_class(view.zoomed, "-zoomed")
        self.dividers.apply()
        for name, pane in self.panes.items():
            pane.light(name is view.pane and not self.keys.suspended)
        if view.pane is Pane.DISCUSSION and before.pane is not Pane.DISCUSSION:
            self.reading.enter()
        self.show_hints()
        self.show_titles()

    def _mark(self, shown: Layout) -> None:
        for layout in Layout:
            self.set_class(shown is layout, f"-{layout}")

    def show_as(self, layout: Layout) -> None:
        """Show the panes in another layout."""
        self.show(replace(self.view, layout=layout))

    def on_resize(self, event: events.Resize) -> None:
        """Choose the layout for the new size."""
        width, height = event.size
        layout = layout_for(width, height, self.config.ui.layout)
        tiny = self.query_one("#tiny", Static)
        tiny.update(Content(f"too small: {LEAST_WIDTH}×{LEAST_HEIGHT} needed"))
        self.show_as(layout)
        self.show_header()

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """The pane that is clicked has the keys; a divider is held until the button is let go."""
        self.dividers.moving = self.dividers.at(event.screen_x, event.screen_y)
        if self.dividers.moving is not None:
            self.show(self.view)
        elif not self.keys.suspended:
            under = [name for name in self.view.shown() if self.panes[name].region.contains(*event.screen_offset)]
            if under and self.has_feeds:
                self.show(self.view.focused(under[0]))

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """A divider that is held follows; nothing is selected by it."""
        if self.dividers.moving is not None:
            self.clear_selection()
            self.dividers.drag(event.screen_x, event.screen_y)

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """A divider is let go."""
        self.dividers.moving = None

    # ------------------------------------------------------------ telling

    def say(self, message: str) -> None:
        """Tell something in the status line; it stays until the next key."""
        self._tell(message, keys=1)

    def complain(self, message: str, hint: str = "") -> None:
        """Tell of a fault in the status line, with the key that helps at its right end; it stays for some keys."""
        self._tell(message, keys=KEYS_OF_A_FAULT, hint=hint, fault=True)

    def _tell(self, message: str, *, keys: int, hint: str = "", fault: bool = False) -> None:
        self._stays = keys
        self._hint = hint
        self.status.say(Content(message), fault=fault)
        self.show_state()

    def _forget(self) -> None:
        """A key was pressed: what was told long enough goes, and the keys that matter are back."""
        self._stays -= 1
        if self._stays == 0:
            self._tell("", keys=0)

    def show_header(self) -> None:
        """The line at the top: what waits, and when it was last asked for."""
        counts, now = self.feeds.counts, self.clock()
        hints = [self.keys.hint(name) for name in ("app.command", "app.help")]
        right = Content.styled("   ".join(hint for hint in hints if hint) + " ", "$muted")
        self.header.show(lines.header(counts, self.follow.refreshed_at, now), right)

    def show_state(self) -> None:
        """The right end of the status line: a refresh under way, or what the list narrows to."""
        progress = self.follow.progress
        if self._pending:
            told = self._pending
        elif progress.running:
            errors = f" · {text.plural(progress.errors, 'error')}" if progress.errors else ""
            told = f"refreshing {progress.done}/{progress.total} · {progress.new} new{errors}"
        else:
            told = self._hint
        if self.library.waiting and not self._pending:
            told = f"{self.library.waiting} waiting{' · ' if told else ''}{told}"
        self.status.state(Content(told))

    def show_keys(self) -> None:
        """Name the keys as they are, wherever one is named."""
        self.article.hints = {name: self.keys.key_of(name) for name in ("article.full_text", "article.changes")}
        self.discussion.back_fill = self.keys.key_of("discussion.back_fill")
        self.show_header()
        self.show_hints()

    def show_hints(self) -> None:
        """The few keys that matter where the keys are."""
        self.status.hints(self.keys.hints())

    def show_titles(self) -> None:
        """The titles in the panes' frames."""
        pane, in_sight = self.discussion, Pane.DISCUSSION in self.view.shown()
        thread, key = pane.thread, self.keys.hint("discussion.show")
        foot = titles.looking(thread, pane.source, pane.told, self.clock(), self.zone)
        title = titles.discussion(thread, pane.source, looking=pane.is_looking, how=pane.how)
        self.entries.frame(title=Content(titles.entries(self.view.scope)))
        self.article.frame(title=Content(titles.article(thread, key, discussion_in_sight=in_sight)))
        chart = pane.map(pane.size.width - text.width(foot) - 8)
        pane.frame(Content(title), Content.assemble(chart, " " if chart.plain and foot else "", foot))

    # ------------------------------------------------------------ running

    def go(self, work: Coroutine[Any, Any, None], *, group: str, newest: bool = False) -> None:
        """Run an action; with `newest` the one before it in its group is given up. Its faults become one line."""
        self.tasks.start(work, group=group, newest=newest)

    def failed(self, error: Exception) -> None:
        """Tell of a fault in one line; an action that fails does not end the reader."""
        if isinstance(error, ReaderError):
            self.complain(f"⚠ {error}")
        else:
            self.log.error(error)
            self.complain(f"✖ this did not work, by a fault of the program: {text.clean(repr(error), limit=160)}")

    def patch(self, ids: Set[int], *, read: bool | None = None, starred: bool | None = None) -> Sequence[EntryRow]:
        """Show marks before they are stored, in the list and, where all of these articles are at hand, in the counts:
        what a key changes is painted at once and not in two halves. The rows that change, as they were."""
        changed = self.entries.patch(ids, read=read, starred=starred)
        if changed and len(ids) <= len(self.entries.rows):
            unread = Counter[int]()
            for before, now in changed:
                unread[now.feed_id] += before.read - now.read
            self.feeds.count(unread, sum(now.starred - before.starred for before, now in changed))
            self.show_header()
        return [before for before, _ in changed]

    def did(self, change: Change) -> None:
        """Tell what an act did and how to take it back."""
        if change.label:
            self.say(f"{change.label} · {self.keys.hint('act.undo')}")

    def end(self, result: str | None = None) -> None:
        """Leave the reader. What waits to be saved is lost then, so that is told before."""
        if self.library.waiting and not self._warned:
            self._warned = True
            waits = f"{self.library.waiting} of your acts cannot be saved ({self.library.waiting_for})"
            self.complain(f"✖ {waits} and would be lost; {self.keys.key_of('app.quit')} again leaves all the same")
            return
        cast("ReaderApp", self.app).end(result)

    # ------------------------------------------------------------ keys and what the panes say

    def on_key(self, event: events.Key) -> None:
        """Every key that no question takes is a command's."""
        if self.ahead.keep(event):
            event.stop()
        elif not self.keys.suspended:
            event.stop()
            self._forget()
            if self.entries.is_here or self.keys.leafs(written(event)):
                self._press(written(event))
            else:
                self.go(self.ahead.held(partial(self.entries.here, PATIENCE)), group="held")
                self.ahead.keep(event)
        elif event.key in {"tab", "shift+tab"}:
            event.stop()

    def _press(self, key: str) -> None:
        """Take one key. Where it moves on in the feeds their list is asked for at once: the message of the move comes
        behind the keys that are there already."""
        before = self.feeds.cursor
        self.keys.press(key)
        if self.feeds.cursor != before:
            self._list_under_cursor()

    def show_menu(self, title: str, rows: list[tuple[str, str]]) -> None:
        """Show what may follow a prefix key; no rows hide it."""
        self.menu.show(title, rows)

    def show_pending(self, typed: str) -> None:
        """Show the count or the first key of a sequence that waits for more."""
        self._pending = typed
        self.show_state()

    def stop_finding(self) -> bool:
        """End a search in the text; False when there was none."""
        finding = self.page.finding
        if finding:
            self.page.find("")
        return finding

    @on(Prompt.Typed)
    def _typed(self, event: Prompt.Typed) -> None:
        self.dialogs.typed(event.value)

    @on(Prompt.Answered)
    @on(ChoiceList.Answered)
    def _answered(self, event: Prompt.Answered | ChoiceList.Answered) -> None:
        self.dialogs.answered(event.value if isinstance(event, Prompt.Answered) else event.place)

    @on(Rows.Moved, "ChoiceList")
    def _choice_under_cursor(self, event: Rows.Moved) -> None:
        self.dialogs.moved(event.index)

    @on(Rows.Visible, "#entries")
    def _entries_in_sight(self, event: Rows.Visible) -> None:
        event.stop()
        if self.config.ui.mark_read == "scroll":
            self.reading.scrolled_past(self.entries.passed(event.first, event.last))
        self.go(self.entries.load(event.first, event.last), group="load")
        if self.entries.searches:
            self.go(self.entries.load_hits(event.first, event.last), group="hits", newest=True)
        elif self.entries.look_of.comfortable:
            self.go(self.entries.load_excerpts(event.first, event.last), group="hits", newest=True)

    @on(Rows.Moved, "#feeds")
    def _feed_under_cursor(self, event: Rows.Moved) -> None:
        event.stop()
        if isinstance(event, Rows.Chosen):
            pane_actions.open_(self, None)
        else:
            self._list_under_cursor()

    def _list_under_cursor(self) -> None:
        node = self.feeds.current
        if node is not None and node.scope is not None and node.scope != replace(self.view.scope, filter=""):
            self.go(self.open_scope(node.scope), group="scope", newest=True)

    @on(Rows.Moved, "#entries")
    def _entry_under_cursor(self, event: Rows.Moved) -> None:
        event.stop()
        self.reading.look_ahead()

    @on(Rows.Chosen, "#entries")
    def _entry_chosen(self, event: Rows.Chosen) -> None:
        self.reading.open_listed(self.entries.ids[event.index])

    @on(DiscussionPane.Resized)
    def _discussion_resized(self) -> None:
        self.show_titles()

    @on(Page.Moved, "#discussion")
    def _comment_under_cursor(self, event: Page.Moved) -> None:
        self.reading.passed()

    @on(Page.Followed)
    def _link_clicked(self, event: Page.Followed) -> None:
        links = self.discussion.links() if event.page is self.discussion else self.article.links()
        found = next((link for link in links if link.number == event.number), None)
        if found is not None:
            self.go(outside.browse(self, found.url), group="link")

    def on_text_selected(self) -> None:
        """What was selected with the mouse is copied at once, as terminals do."""
        selected = self.get_selected_text()
        if selected and selected.strip():
            outside.copy(self, selected)

    @on(Page.Scrolled, "#article")
    def _article_scrolled(self, event: Page.Scrolled) -> None:
        event.stop()
        percent = self.article.percent()
        self.article.frame(subtitle=Content("" if percent is None else f"{percent} %"))

    @on(Told)
    def _told(self) -> None:
        self.follow.hear()

    @on(Alerted)
    def _alerted(self, event: Alerted) -> None:
        outside.alert(self, event.alert)

    @on(Noticed)
    def _noticed(self, event: Noticed) -> None:
        self.complain(event.line)
