"""The article pane: an entry's head and its text in a centred column."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import tzinfo

from rich.segment import Segment
from textual import events
from textual.content import Content
from textual.strip import Strip

from tui_reader import text
from tui_reader.document.blocks import Block, Document, Kind, Link, Run, Style
from tui_reader.document.html import blocks
from tui_reader.document.layout import lines as laid_out
from tui_reader.model import Entry
from tui_reader.tui.paint import painted
from tui_reader.tui.panes.plates import Frame, Plates
from tui_reader.tui.pictures import ground
from tui_reader.tui.widgets.page import Page, PageLine

WORDS_A_MINUTE = 230
LEAST_ROWS = 4
"""Lines that a picture may take in the lowest pane."""
LEAST_FAULT = 8
"""Cells from which on what is wrong with a picture is told beside its label."""


@dataclass(frozen=True, slots=True)
class PictureLine(PageLine):
    """A line of a picture, or of its label."""

    url: str = ""


class ArticlePane(Page):
    """Shows one entry. Its HTML is read off the UI thread; of several asked for, the newest is shown."""

    def __init__(self, most: int, clock: Callable[[], int], zone: tzinfo | None, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.entry: Entry | None = None
        self._document = Document(())
        self._most = most
        self._clock = clock
        self._zone = zone
        self._minutes = 0
        self._asked = 0
        self._laid_for = 0
        self.plates = Plates()

    async def open(self, entry: Entry, *, keep_place: bool = False) -> None:
        """Show an entry from its top, or where it was being read when it only changed."""
        self._asked += 1
        mine = self._asked
        document, minutes = await asyncio.to_thread(_read, entry)
        if mine != self._asked:
            return
        if self.entry is None or self.entry.row.id != entry.row.id:
            self.plates = Plates()
        self.entry, self._document, self._minutes = entry, document, minutes
        self.find("")
        self._lay(self.top if keep_place else 0)

    def clear(self) -> None:
        """Show nothing."""
        self._asked += 1
        self.entry = None
        self.plates = Plates()
        self._lay(0)

    def links(self) -> tuple[Link, ...]:
        """The numbered links of the text."""
        return self._document.links if self.entry is not None else ()

    # ------------------------------------------------------------ pictures

    def pictures(self) -> dict[str, str]:
        """The pictures that stand by themselves in the text, by address, each with its label."""
        if self.entry is None:
            return {}
        labels = {
            block.picture: "".join(run.text for run in block.runs if not run.style & Style.NUMBER)
            for block in reversed(self._document.blocks)
            if block.picture
        }
        return {url: labels[url] for url in self._document.pictures}

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
            self.renew(self._made(self.entry))

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

    def _lay(self, top: int) -> None:
        self._laid_for = self.room
        if self.room > 0:
            self.show(self._made(self.entry) if self.entry is not None else self._nothing(), top=top)

    def _nothing(self) -> Iterator[PageLine]:
        yield PageLine(Content(""))
        yield PageLine(Content.styled("  enter opens an article, space reads on.", "$muted"))

    def _made(self, entry: Entry) -> Iterator[PageLine]:
        column, margin = self._column()
        left = Content(" " * margin)
        if self._is_roomy:
            yield PageLine(Content(""))
        title = entry.row.title or entry.row.url or "(no title)"
        for line in laid_out(_paragraph(title), column):
            yield PageLine(left + Content.styled(line.text, "bold"))
        for line in laid_out(self._about(entry), column):
            yield PageLine(left + painted(line))
        yield PageLine(left + Content.styled("─" * column, "$frame"))
        yield PageLine(Content(""))
        empty = True
        for line in laid_out(self._document, column):
            empty = False
            content = painted(line)
            if line.code:
                fill = max(0, column - text.width(content.plain))
                content = (content + " " * fill).stylize("on $code-background")
            if line.picture:
                yield from self._picture(line.picture, left + content, column)
            else:
                yield PageLine(left + content)
        if empty:
            yield PageLine(left + Content.styled("This entry has no text of its own; o opens its page.", "$muted"))
        for enclosure in entry.enclosures:
            about = " · ".join(
                part for part in (enclosure.type, text.size(enclosure.length) if enclosure.length else "") if part
            )
            label = Content.assemble(("⬇ ", "$link"), (text.cut(enclosure.url, column - 4), ""))
            yield PageLine(Content(""))
            yield PageLine(left + label)
            if about:
                yield PageLine(left + Content.styled(f"  {text.cut(about, column - 4)}", "$muted"))
        yield PageLine(Content(""))

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
        when = text.clock(row.published, self._clock(), self._zone) if row.published is not None else "no date"
        count = max(row.comments or 0, row.comments_stored)
        parts = [
            (row.feed_title, Style.HEADING),
            ("" if row.author == row.feed_title else row.author, Style.DIM),
            (when, Style.DIM),
            (f"{self._minutes} min" if self._minutes else "", Style.DIM),
            (text.plural(count, "comment") if count else "", Style.DIM),
            *((tag, Style.DIM) for tag in entry.tags[:4]),
        ]
        runs: list[Run] = []
        for part, style in parts:
            if part:
                if runs:
                    runs.append(Run("  ·  ", Style.DIM))
                runs.append(Run(part.replace(" ", "\N{NO-BREAK SPACE}"), style))
        return Document((Block(Kind.PARAGRAPH, tuple(runs)),))

    def on_resize(self, event: events.Resize) -> None:
        """Lay the text out for the new width, with the words at the top where they were."""
        if self.room != self._laid_for:
            self._laid_for = self.room
            if self.room > 0:
                self.relay(self._made(self.entry) if self.entry is not None else self._nothing())
        self._fit_soon()


def _paragraph(line: str) -> Document:
    return Document((Block(Kind.PARAGRAPH, (Run(line, Style.PLAIN),)),))


def _read(entry: Entry) -> tuple[Document, int]:
    """The document and the minutes it takes to read, 0 for a glance."""
    document = blocks(entry.html, base=entry.base or entry.row.url, is_text=entry.is_text)
    words = sum(len(run.text.split()) for block in document.blocks for run in block.runs)
    return document, round(words / WORDS_A_MINUTE)
