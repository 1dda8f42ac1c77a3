"""The article pane: an entry's head and its text in a centred column."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from datetime import tzinfo
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace
from rich.segment import Segment
from textual import events
from textual.content import Content
from textual.strip import Strip

from tui_reader import text, urls
from tui_reader.document.blocks import Block, Document, Kind, Line, Link, Note, Run, Style
from tui_reader.late import Late
from tui_reader.model import Enclosure, Entry
from tui_reader.tui.paint import painted
from tui_reader.tui.panes.plates import Frame, Plates
from tui_reader.tui.pictures import ground
from tui_reader.tui.widgets.page import AHEAD, Page, PageLine

if TYPE_CHECKING:
    from tui_reader.document import html, layout, syntax
else:
    html, layout, syntax = (
        Late("tui_reader.document.html"),
        Late("tui_reader.document.layout"),
        Late("tui_reader.document.syntax"),
    )

SHORT = 16_000
"""Characters of HTML that are read at once, in two or three milliseconds: longer texts are read beside the keys."""
WORDS_A_MINUTE = 230
LEAST_ROWS = 4
"""Lines that a picture may take in the lowest pane."""
LEAST_FAULT = 8
"""Cells from which on what is wrong with a picture is told beside its label."""


class PictureLine(PageLine, frozen=True):
    """A line of a picture, or of its label."""

    url: str = ""


class Text(Struct, frozen=True):
    """The text of an entry, read but not yet laid out, and the minutes it takes a reader, 0 for a glance."""

    document: Document
    minutes: int


class ArticlePane(Page):
    """Shows one entry. A long text is read off the UI thread; of several asked for, the newest is shown."""

    def __init__(
        self,
        most: int,
        clock: Callable[[], int],
        zone: tzinfo | None,
        *,
        addressed: bool = False,
        id: str | None = None,
    ) -> None:
        super().__init__(id=id)
        self.entry: Entry | None = None
        self.hints: dict[str, str] = {}
        """Keys that the text itself names, by command."""
        self._text = Text(Document(()), 0)
        self._most = most
        self._clock = clock
        self._zone = zone
        self._addressed = addressed
        self._dates = False
        self._asked = 0
        self._laid_for = 0
        self._begins: list[int] = []
        """The first line of each block that is laid out."""
        self._noted: list[tuple[int, int]] = []
        """Lines with a link inside the document, and its number."""
        self._came_from: list[int] = []
        self.plates = Plates()

    async def open(self, entry: Entry, ready: Text | None = None, *, keep_place: bool = False) -> None:
        """Show an entry where it was left, from its top, or where it was being read when it only changed. `ready` is
        its text where that has been read already."""
        self._asked += 1
        mine = self._asked
        if ready is None:
            short = len(entry.text.body) <= SHORT and "<pre" not in entry.text.body.lower()  # code is coloured, too
            ready = read(entry) if short else await asyncio.to_thread(read, entry)
        if mine != self._asked:
            return
        if self.entry is None or self.entry.row.id != entry.row.id:
            self.plates = Plates()
        place = self.letters_above() if keep_place else entry.place
        self.entry, self._text = entry, ready
        self._came_from = []
        self.find("")
        self._lay()
        self.goto_letters(place)

    def clear(self) -> None:
        """Show nothing."""
        self._asked += 1
        self.entry = None
        self.plates = Plates()
        self._lay()

    def links(self) -> tuple[Link, ...]:
        """The numbered links of the text."""
        return self._text.document.links if self.entry is not None else ()

    @property
    def place(self) -> int:
        """What is worth remembering of where the reader is: 0 at the top, and when the end was in sight."""
        done = self.percent() == 100 or (not self.most and self._rest is None)
        return 0 if done or not self.top else self.letters_above()

    # ------------------------------------------------------------ links inside the text

    def notes(self) -> list[tuple[Note, str]]:
        """The links inside the document that are in sight, each with the beginning of what it leads to."""
        found = dict.fromkeys(number for line, number in self._noted if self.top <= line < self.top + self._height)
        notes = [self._text.document.notes[-number - 1] for number in found]
        return [(note, _words(self._text.document.blocks[note.block])) for note in notes]

    def go_to_note(self, note: Note) -> None:
        """To what a link inside the document leads to; `go_back` returns."""
        self._came_from.append(self.top)
        while len(self._begins) <= note.block and self._rest is not None:
            self._take(AHEAD)
        if note.block < len(self._begins):
            self.goto(self._begins[note.block])

    def go_back(self) -> bool:
        """To where the last jump began; False when there was none."""
        if self._came_from:
            self.goto(self._came_from.pop())
            return True
        return False

    # ------------------------------------------------------------ pictures

    def pictures(self) -> dict[str, str]:
        """The pictures that stand by themselves in the text, by address, each with its label."""
        if self.entry is None:
            return {}
        labels = {
            block.picture: "".join(run.text for run in block.runs if not run.style & Style.NUMBER)
            for block in reversed(self._text.document.blocks)
            if block.picture
        }
        return {url: labels[url] for url in self._text.document.pictures}

    async def put_picture(self, url: str, content: bytes) -> None:
        """Show a picture above its label, the words at the top where they are. Raises BadPicture."""
        plates = self.plates
        await plates.read(url, content)
        if plates is self.plates:
            await self._fit()

    def put_fault(self, url: str, reason: str) -> None:
        """Say beside its label why a picture is not shown."""
        self.plates.faults[url] = reason
        self._renew()

    def picture_in_sight(self) -> str:
        """The first picture of which something is in sight, else the nearest; "" when there is none."""
        last = self.top + self._height - 1
        places = [(place, line.url) for place, line in enumerate(self.lines) if isinstance(line, PictureLine)]
        return min(places, key=lambda one: max(self.top - one[0], one[0] - last, 0), default=(0, ""))[1]

    async def _fit(self) -> None:
        """Draw the pictures for the room there is, and show them."""
        plates = self.plates
        while self.room > 0 and not plates.fits(frame := self._frame()):
            await plates.fit(frame)
        if plates is self.plates:
            self._renew()

    def _fit_soon(self) -> None:
        if self.plates and self.room > 0 and not self.plates.fits(self._frame()):
            self.run_worker(self._fit(), group="fit", exclusive=True, exit_on_error=False)

    def _frame(self) -> Frame:
        background = ground(self.background_colors[1])
        return Frame(self._column()[0], max(LEAST_ROWS, self._height * 2 // 3), background)

    def _renew(self) -> None:
        if self.room > 0 and self.entry is not None:
            self._laid_for = self.room
            self.renew(self._all())
            self._fit_width()

    def notify_style_update(self) -> None:
        """Another theme may have another background, which shines through pictures."""
        super().notify_style_update()
        if self.is_mounted:
            self._fit_soon()

    # ------------------------------------------------------------ lines

    def _column(self) -> tuple[int, int]:
        """How many cells the text has, and how many stand left of it."""
        side = 2 if self._is_roomy else 1
        column = max(10, min(self._most, self.room - 2 * side))
        return column, max(side, (self.room - column) // 2)

    @property
    def _is_roomy(self) -> bool:
        return self.room >= 60

    def _lay(self) -> None:
        for _ in range(2):  # a scroll bar that comes or goes with the text leaves it another width
            self._laid_for = self.room
            if self.room > 0:
                self.show(self._all() if self.entry is not None else self._nothing())
            if self.room == self._laid_for:
                break

    def _nothing(self) -> Iterator[PageLine]:
        yield PageLine(Content(""))
        yield PageLine(Content.styled("  enter opens an article, space reads on.", "$muted"))

    def _all(self) -> Iterator[PageLine]:
        """The head and the text, noting what stands where."""
        assert self.entry is not None
        self._begins, self._noted = [], []
        column, margin = self._column()
        left = Content(" " * margin)
        head = list(self._head(self.entry, column, left))
        yield from head
        at = len(head)

        def begun(place: int) -> None:
            self._begins.append(at)

        for line in layout.lines(self._text.document, column, begun=begun):
            self._noted += [(at, run.link) for run in line.runs if run.link is not None and run.link < 0]
            drawn = left + self._drawn_line(line, column)
            for made in self._picture(line.picture, drawn, column) if line.picture else (PageLine(drawn),):
                yield made
                at += 1
        yield PageLine(Content(""))

    def _drawn_line(self, line: Line, column: int) -> Content:
        content = painted(line, self._text.document.links, addressed=self._addressed)
        if not line.code:
            return content
        fill = max(0, column - text.width(content.plain))
        return (content + " " * fill).stylize_before("on $code-background")

    def _head(self, entry: Entry, column: int, left: Content) -> Iterator[PageLine]:
        if self._is_roomy:
            yield PageLine(Content(""))
        title = entry.row.title or entry.row.url or "(no title)"
        for line in layout.lines(_paragraph(title), column):
            yield PageLine(left + Content.styled(line.text, "bold"))
        for line in layout.lines(self._about(entry), column):
            yield PageLine(left + painted(line))
        yield PageLine(left + Content.styled("─" * column, "$frame"))
        yield PageLine(Content(""))
        if not self._text.minutes and not any(block.runs or block.rows for block in self._text.document.blocks):
            fetch = self.hints.get("article.full_text", "")
            ways = [f"{fetch} fetches its page"] if fetch and entry.row.url else []
            told = "; ".join(["This entry has no text of its own", *ways, "o opens its page"])
            for line in layout.lines(_paragraph(f"{told}."), column):
                yield PageLine(left + Content.styled(line.text, "$muted"))

    def _picture(self, url: str, label: Content, column: int) -> Iterator[PictureLine]:
        """A picture, if it can be shown, above its label; else why it cannot, as far as there is room beside it."""
        left = self._column()[1]
        margin = Strip([Segment(" " * left)], left)
        for strip in self.plates.lines(url, column):
            yield PictureLine(Content(""), strip=Strip.join([margin, strip]), url=url)
        room = left + column - text.width(label.plain) - 3
        fault = self.plates.faults.get(url, "")
        if fault and room >= LEAST_FAULT:
            label += Content.styled(f" · {text.cut(fault, room)}", "$muted")
        yield PictureLine(label, url=url)

    def _about(self, entry: Entry) -> Document:
        """Where it is from, who wrote it, when, how long it is, what is said of it; each part whole on a line."""
        row = entry.row
        when = self._when(row.published) if row.published is not None else "no date"
        count = max(row.comments or 0, row.comments_stored)
        full = entry.full is not None and entry.full.shown and not entry.full.error
        changes = self.hints.get("article.changes", "")
        parts = [
            (row.feed_title, Style.HEADING),
            ("" if row.author == row.feed_title else row.author, Style.DIM),
            (when, Style.DIM),
            (f"{self._text.minutes} min" if self._text.minutes else "", Style.DIM),
            (text.plural(count, "comment") if count else "", Style.DIM),
            ("full text" if full else "", Style.MEDIA),
            (f"✎ edited{f', {changes} what' if changes else ''}" if row.edited else "", Style.DIM),
            *((f"#{tag}", Style.MEDIA) for tag in entry.own_tags),
            *((tag, Style.DIM) for tag in entry.tags[:4]),
        ]
        runs: list[Run] = []
        for part, style in parts:
            if part:
                if runs:
                    runs.append(Run("  ·  ", Style.DIM))
                runs.append(Run(part.replace(" ", "\N{NO-BREAK SPACE}"), style))
        return Document((Block(Kind.PARAGRAPH, tuple(runs)),))

    def _when(self, then: int) -> str:
        return text.moment(then, self._zone) if self._dates else text.clock(then, self._clock(), self._zone)

    def tell(self, *, dates: bool) -> None:
        """Tell the article's date in full, or as short as it is clear."""
        if dates != self._dates:
            self._dates, self._laid_for = dates, 0
            self._fit_width()

    def use(self, most: int) -> None:
        """Let the column be so wide at the most."""
        if most != self._most:
            self._most, self._laid_for = most, 0
            self._fit_width()

    def on_resize(self, event: events.Resize) -> None:
        """Lay the text out for the new width, with the words at the top where they were."""
        self._fit_width()

    def _fit_width(self) -> None:
        for _ in range(2):
            if self.room == self._laid_for:
                break
            self._laid_for = self.room
            self._came_from = []
            if self.room > 0:
                self.relay(self._all() if self.entry is not None else self._nothing())
        self._fit_soon()


def warm() -> None:
    """Import what the first article needs and do all of it once. Blocks; safe on any thread."""
    sample = '<p>a <a href="https://a.example/">b</a> <em>c</em></p><ul><li>d</ul><blockquote>e</blockquote>'
    document = syntax.coloured(html.blocks(sample, base="", is_text=False))
    for line in layout.lines(document, 40):
        painted(line, document.links)


def _paragraph(line: str) -> Document:
    return Document((Block(Kind.PARAGRAPH, (Run(line, Style.PLAIN),)),))


def _words(block: Block) -> str:
    runs = block.runs or tuple(run for row in block.rows[:1] for cell in row for run in cell.runs)
    return text.cut(text.clean("".join(run.text for run in runs if not run.style & Style.NUMBER)), 120)


def read(entry: Entry) -> Text:
    """The text of an entry. Blocks; safe on any thread."""
    source = entry.text
    document = syntax.coloured(html.blocks(source.body, base=source.base, is_text=source.is_text))
    words = sum(len(run.text.split()) for block in document.blocks for run in block.runs)
    return Text(_with_enclosures(document, entry.enclosures), round(words / WORDS_A_MINUTE))


def _with_enclosures(document: Document, enclosures: tuple[Enclosure, ...]) -> Document:
    """The files that belong to the entry, below the text and numbered on like its links."""
    for file in enclosures:
        known = next((link for link in document.links if link.url == file.url), None)
        link = known or Link(number=len(document.links) + 1, url=file.url, text=file.url, kind="file")
        about = " · ".join(part for part in (file.type, text.size(file.length) if file.length else "") if part)
        runs = (
            Run(f"⬇ {urls.short(file.url, 60)}", Style.LINK, link.number),
            Run(f"[{link.number}]", Style.NUMBER, link.number),
            Run(f"  {about}" if about else "", Style.DIM),
        )
        links = document.links if known else (*document.links, link)
        document = replace(document, blocks=(*document.blocks, Block(Kind.PARAGRAPH, runs)), links=links)
    return document
