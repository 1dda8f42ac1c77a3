"""The discussion pane: comments in thread order, with folds, an item cursor, and ways through it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from datetime import tzinfo
from functools import partial
from typing import TYPE_CHECKING

from textual import events
from textual.content import Content
from textual.message import Message

from tui_reader import text
from tui_reader.document.blocks import Document, Link
from tui_reader.late import Late
from tui_reader.model import Comment, Confidence, Discussion, Entry, Quiet, Thread, ThreadItem, Visit
from tui_reader.tui import lines
from tui_reader.tui.paint import painted
from tui_reader.tui.panes.walking import BEFORE, ThreadPage
from tui_reader.tui.threads import ORDERS, Branches, is_new, is_unread, ordered, overview, since
from tui_reader.tui.widgets.page import PageLine

if TYPE_CHECKING:
    from tui_reader.document import html, layout
else:
    html, layout = Late("tui_reader.document.html"), Late("tui_reader.document.layout")

NARROWEST = 24
"""Cells a comment's text keeps, however deep it stands."""
DOCUMENTS = 600
"""Comments whose parsed text is held."""
MAP = 24
"""Cells of the overview of a thread, and the fewest comments (a third of it) that have one."""
DAY = 86_400


class DiscussionPane(ThreadPage):
    """Shows one discussion of an article. An item of the page is a place in the thread; a comment is on one of them.

    `whole` is everything known of the article's discussions, `thread` the part that is shown, in the order chosen.
    """

    class Resized(Message):
        """It is another size: what stands in its frame may fit now, or no longer."""

    def __init__(
        self, clock: Callable[[], int], zone: tzinfo | None, *, ascii: bool = False, id: str | None = None
    ) -> None:
        super().__init__(id=id)
        self.whole: Thread | None = None
        self.thread: Thread | None = None
        self.source: Discussion | None = None
        self.order = ORDERS[0]
        self.is_looking = False
        self.told = ""
        self.back_fill = "B"
        """The key that fetches what is missing, as the gap rows name it."""
        self.next_title = ""
        """Where the next news is when there is none below, for the line at the end."""
        self._ascii = ascii
        self._dates = False
        self._clock = clock
        self._zone = zone
        self._author = ""
        self._base = ""
        self._authors: dict[tuple[int, str], str] = {}
        self._news: Callable[[Comment], bool] | None = None
        self._step = 0
        self._were_new: set[int] = set()
        self._documents: dict[tuple[int, int], Document] = {}
        self._laid_for = 0

    # ------------------------------------------------------------ showing

    def open(self, thread: Thread, entry: Entry) -> None:
        """Show an article's best discussion from its top, its new comments not folded away, what is muted folded."""
        self.told = ""
        self.is_looking = False
        self.order = ORDERS[0]
        self._author = entry.row.author
        self._base = entry.row.url
        self._documents.clear()
        self._choose(thread, None)
        self.find("")

    def _choose(self, thread: Thread, source: Discussion | None) -> None:
        """Show one of the discussions from its top; for None the first that has news, else comments, else the first."""
        places = sorted(thread.discussions, key=lambda one: (not one.new, not one.held))
        self.source = source or (places[0] if places else None)
        self._news, self._step, self._from = None, 0, 0
        self._jumps.clear()
        self._were_new = set()
        self.folded.clear()
        self._take_in(thread)
        self.folded = {
            name
            for name, item in zip(self.branches.names, self.branches.items, strict=True)
            if item.comment is not None and item.comment.quiet is Quiet.MUTED and item.replies and not item.new_replies
        }
        self._lay(0 if self.branches.items else -1, top=0)

    def _take_in(self, thread: Thread) -> None:
        """What is known becomes what is shown: one discussion, news as asked for, in the order chosen."""
        self.whole = thread
        if self.source is not None:
            self.source = next((one for one in thread.discussions if one.id == self.source.id), None)
        elif thread.discussions:
            self.source = thread.discussions[0]
        shown = thread if self.source is None else thread.only(self.source.id)
        items = since(shown.items, self._news) if self._news is not None else shown.items
        self._authors = {
            (item.discussion_id, item.key): item.comment.author for item in items if item.comment is not None
        }
        self._were_new |= {item.comment.id for item in items if item.comment is not None and item.comment.new}
        self.thread = shown.with_items(ordered(items, self.order))
        self.branches = Branches(self.thread.items)

    def follow(self, thread: Thread) -> str:
        """Show the same thread as it is now: the comment under the cursor stays on its line of the screen. What came
        above and below it is told in a few words, "" for nothing."""
        here, known = self._here, set(self.branches.names)
        above = self._above_cursor()
        self._take_in(thread)
        self.folded &= set(self.branches.names)
        place = self.branches.find(here) if here else None
        arrived = [
            number
            for number, (name, item) in enumerate(zip(self.branches.names, self.branches.items, strict=True))
            if name not in known and item.comment is not None
        ]
        if place is None:
            place = min(max(self.item, 0), len(self.branches.items) - 1)
        self._lay(place, above=above if known else 0)
        if not known or not arrived:
            return ""
        before = sum(number < place for number in arrived)
        told = [
            f"{count} new {where}" for count, where in ((before, "above"), (len(arrived) - before, "below")) if count
        ]
        return " · ".join(told)

    def clear(self) -> None:
        """Show nothing."""
        self.whole = self.thread = self.source = None
        self.branches = Branches(())
        self.show(())

    def looking(self, looks: bool, told: str = "") -> None:
        """Say that the site is being asked, or how that ended."""
        self.is_looking, self.told = looks, told
        if not self.branches.items:
            self._lay(-1, top=0)

    def switch(self, step: int) -> bool:
        """To the next (1) or previous (-1) place where the article is discussed, going round; False without another."""
        if self.whole is None or self.source is None or len(self.whole.discussions) < 2:
            return False
        ids = [one.id for one in self.whole.discussions]
        self._choose(self.whole, self.whole.discussions[(ids.index(self.source.id) + step) % len(ids)])
        return True

    def reorder(self) -> str:
        """The next of the orders, the cursor on its comment; tells which."""
        if self.whole is None:
            return ""
        here, self.order = self._here, ORDERS[(ORDERS.index(self.order) + 1) % len(ORDERS)]
        self._take_in(self.whole)
        self._from = 0
        place = self.branches.find(here)
        self._lay(place if place is not None else 0 if self.branches.items else -1, above=0)
        return self.order

    def step_since(self, visits: Sequence[Visit]) -> str:
        """New since the last visit, since the ones before it, within a day, all: the next of these; tells which."""
        if self.whole is None:
            return ""
        today = self._clock() - DAY
        steps: list[tuple[str, Callable[[Comment], bool] | None]] = [("new since your last visit", None)]
        for visit in visits:
            when = text.clock(visit.at, self._clock(), self._zone)
            steps.append((f"new since the visit that ended {when}", partial(_after, visit.seq)))
        steps += [("new within a day", lambda one: one.arrived >= today), ("all of them as new", lambda one: True)]
        self._step = (self._step + 1) % len(steps)
        told, self._news = steps[self._step]
        self.follow(self.whole)
        return f"{told}: {self.thread.new if self.thread is not None else 0}"

    @property
    def how(self) -> str:
        """What is shown when it is not the whole tree."""
        return "" if self.order == ORDERS[0] else self.order

    def map(self, cells: int) -> Content:
        """The thread at a glance, "" for a short one or where there is no room."""
        if len(self.branches.items) < MAP // 3 or cells < MAP // 3:
            return Content("")
        return lines.overview(overview(self.branches.items, self.item, min(MAP, cells)))

    # ------------------------------------------------------------ laying out

    def _lay(self, place: int, *, top: int | None = None, above: int = 0) -> None:
        if self._from and place >= 0:
            number = bisect_left(self.branches.visible(self.folded), place)
            self._from = min(self._from, max(0, number - BEFORE))
        for _ in range(2):  # a scroll bar that comes or goes with the thread leaves it another width
            self._laid_for = self.room
            if self.room <= 0:
                self.item = place
                return
            self.show(self._made(), top=top or 0, item=place)
            if self.room == self._laid_for:
                break
        if top is None and place >= 0:
            self.goto(max(0, self.item_lines(place).start - above))

    def _made(self) -> Iterator[PageLine]:
        if self.thread is None:
            return
        if not self.branches.items:
            for line in self._nothing():
                yield PageLine(Content.assemble("  ", (line, "$muted")))
            return
        shown = self.branches.visible(self.folded)
        if self._from:
            yield PageLine(Content.styled(f"  ⋯ {text.plural(self._from, 'comment')} above", "$muted"))
        for number, place in enumerate(shown[self._from :]):
            item = self.branches.items[place]
            if number and item.depth == 0:
                yield PageLine(Content(""))
            yield from self._comment(place, item)
        yield PageLine(Content(""))
        leads = f" · next: {self.next_title}" if self.next_title else ""
        yield PageLine(Content.styled(text.cut(f"── end of the discussion{leads} ──", self.room), "$muted"))

    def _comment(self, place: int, item: ThreadItem) -> Iterator[PageLine]:
        width = self.room
        folded = self.branches.names[place] in self.folded and self.branches.first_reply(place) is not None
        said = item.comment
        header = lines.comment(
            item,
            width,
            self._clock(),
            author=self._author,
            folded=folded,
            was_new=said is not None and said.id in self._were_new,
            back_fill=self.back_fill,
            ascii=self._ascii,
            when=text.moment(lines.written(said), self._zone) if self._dates and said is not None else "",
        )
        yield PageLine(header, place)
        if said is None or said.quiet is Quiet.MUTED or self.branches.names[place] in self.folded:
            return
        lead = lines.guides(item, first=False, most=lines.levels(width), ascii=self._ascii)
        column = max(NARROWEST, min(width - text.width(lead.plain) - 1, 96))
        if said.confidence is Confidence.QUOTE:
            quoted = self._authors.get((said.discussion_id, said.parent_key)) or "another comment"
            yield PageLine(lead + Content.styled(text.cut(f"↳ quotes {quoted}", column), "$muted"), place)
        for line in layout.lines(self._document(said), column):
            body = painted(line)
            yield PageLine(lead + (body.stylize("$muted") if said.removed else body), place)

    def _document(self, comment: Comment) -> Document:
        key = (comment.id, hash(comment.html))
        document = self._documents.get(key)
        if document is None:
            if len(self._documents) >= DOCUMENTS:
                self._documents.clear()
            document = html.blocks(comment.html, base=comment.base or self._base, is_text=comment.is_text)
            self._documents[key] = document
        return document

    def _nothing(self) -> Iterator[str]:
        """Why there is nothing to show, honestly, and what can be done."""
        assert self.whole is not None
        source = self.source
        read_page = f"{self.back_fill} reads the page once" if self.back_fill else ""
        if self.order != ORDERS[0] and self.whole.held:
            yield f"Nothing to show {self.order}."
        elif self.is_looking:
            yield "looking for comments …"
        elif self.told:
            yield f"No comments to show: {self.told}."
        elif source is None:
            yield "This article names no discussion."
            yield f"{read_page} to look for one." if read_page else ""
        elif not source.url:
            yield "The comments are on the site's page only."
            yield f"{read_page} for what is there." if read_page else ""
        elif source.poll.checked_at is None:
            yield "The comments have not been fetched yet."
        elif source.declared:
            yield f"No comments yet, though the feed counts {source.declared}."
        else:
            yield "No comments yet."

    def use(self, *, ascii: bool) -> None:
        """Draw threads with plain characters, or as well as the terminal can."""
        if ascii != self._ascii:
            self._ascii = ascii
            self._lay_again()

    def tell(self, *, dates: bool) -> None:
        """Tell of every comment its date, or how old it is."""
        if dates != self._dates:
            self._dates = dates
            self._lay_again()

    def _lay_again(self) -> None:
        """Draw the thread anew, the cursor's comment where it was."""
        self._lay(self.item, above=max(0, self._above_cursor()) if self.item in self._starts else 0)

    def on_resize(self, event: events.Resize) -> None:
        """Lay the thread out for the new width, the cursor's comment where it was."""
        if self.room != self._laid_for:
            self._lay_again()
        self.post_message(self.Resized())

    # ------------------------------------------------------------ what is here and what is wanted

    def links(self) -> tuple[Link, ...]:
        """The numbered links of the comment under the cursor."""
        return self._document(self.comment).links if self.comment is not None else ()

    def text_of(self, comment: Comment) -> Document:
        """The text of a comment of this thread."""
        return self._document(comment)

    def go_new(self, step: int) -> bool:
        """To the next (1) comment to be read, or back (-1) to one that is or was new; False when there is none."""
        if self.thread is None:
            return False
        return self._go(self.branches.search(self.item, step, self._is_wanted if step > 0 else self._was_wanted))

    def go_first_new(self) -> bool:
        """To the first comment to be read."""
        return self._go(self.branches.search(-1, 1, self._is_wanted))

    def go_comment(self, comment_id: int) -> bool:
        """To this comment, wherever the article is discussed; False when it is not here."""
        items = self.whole.items if self.whole is not None else ()
        at = next(
            (one.discussion_id for one in items if one.comment is not None and one.comment.id == comment_id), None
        )
        if self.whole is None or at is None:
            return False
        if self.source is None or self.source.id != at:
            self._choose(self.whole, next((one for one in self.whole.discussions if one.id == at), None))
        return self._go(
            self.branches.search(-1, 1, lambda item: item.comment is not None and item.comment.id == comment_id)
        )

    def _is_wanted(self, item: ThreadItem) -> bool:
        """New since the last visit; in a discussion never visited whatever was not read."""
        if item.comment is None or item.comment.quiet is not Quiet.NO:
            return False
        visited = self.source is not None and self.source.visit_seq is not None
        return is_new(item) if visited or self._news is not None else is_unread(item)

    def _was_wanted(self, item: ThreadItem) -> bool:
        return self._is_wanted(item) or (item.comment is not None and item.comment.id in self._were_new)

    # ------------------------------------------------------------ reading on

    def has_more(self, *, entered: bool) -> bool:
        """Whether something here is to be read: the rest of this comment, or a later one; before the thread was
        `entered`, the comment under the cursor too."""
        if self.thread is None or not self.branches.items:
            return False
        wanted = self.branches.search(self.item if entered else -1, 1, self._is_wanted) is not None
        return wanted or (entered and self._comment_goes_on())

    def read_on(self) -> None:
        """The rest of a long comment, then the next one to be read."""
        if (self._comment_goes_on() and self.is_lit) or not self.go_new(1):
            self.page(1)


def _after(seq: int, comment: Comment) -> bool:
    return comment.seq > seq
