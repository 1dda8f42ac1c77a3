"""The article pane: an entry's head and its text in a centred column."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from datetime import tzinfo

from textual import events
from textual.content import Content

from tui_reader import text
from tui_reader.document.blocks import Block, Document, Kind, Link, Run, Style
from tui_reader.document.html import blocks
from tui_reader.document.layout import lines as laid_out
from tui_reader.model import Entry
from tui_reader.tui.paint import painted
from tui_reader.tui.widgets.page import Page, PageLine

WORDS_A_MINUTE = 230


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

    async def open(self, entry: Entry, *, keep_place: bool = False) -> None:
        """Show an entry from its top, or where it was being read when it only changed."""
        self._asked += 1
        mine = self._asked
        document, minutes = await asyncio.to_thread(_read, entry)
        if mine != self._asked:
            return
        self.entry, self._document, self._minutes = entry, document, minutes
        self.find("")
        self._lay(self.top if keep_place else 0)

    def clear(self) -> None:
        """Show nothing."""
        self._asked += 1
        self.entry = None
        self._lay(0)

    def links(self) -> tuple[Link, ...]:
        """The numbered links of the text."""
        return self._document.links if self.entry is not None else ()

    # ------------------------------------------------------------ lines

    def _lay(self, top: int) -> None:
        self._laid_for = self.room
        if self.room > 0:
            self.show(self._made(self.entry) if self.entry is not None else self._nothing(), top=top)

    def _nothing(self) -> Iterator[PageLine]:
        yield PageLine(Content(""))
        yield PageLine(Content.styled("  enter opens an article, space reads on.", "$muted"))

    def _made(self, entry: Entry) -> Iterator[PageLine]:
        roomy = self.room >= 60
        side = 2 if roomy else 1
        column = max(10, min(self._most, self.room - 2 * side))
        left = Content(" " * max(side, (self.room - column) // 2))
        if roomy:
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


def _paragraph(line: str) -> Document:
    return Document((Block(Kind.PARAGRAPH, (Run(line, Style.PLAIN),)),))


def _read(entry: Entry) -> tuple[Document, int]:
    """The document and the minutes it takes to read, 0 for a glance."""
    document = blocks(entry.html, base=entry.base or entry.row.url, is_text=entry.is_text)
    words = sum(len(run.text.split()) for block in document.blocks for run in block.runs)
    return document, round(words / WORDS_A_MINUTE)
