"""The article pane: an entry's head and its text in a centred column."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import tzinfo

from textual import events
from textual.content import Content

from tui_reader import text, urls
from tui_reader.document.blocks import Block, Document, Kind, Line, Link, Note, Run, Style
from tui_reader.document.html import blocks
from tui_reader.document.layout import lines as laid_out
from tui_reader.document.syntax import coloured
from tui_reader.model import Enclosure, Entry
from tui_reader.tui.paint import painted
from tui_reader.tui.widgets.page import AHEAD, Page, PageLine

WORDS_A_MINUTE = 230


class ArticlePane(Page):
    """Shows one entry. Its HTML is read off the UI thread; of several asked for, the newest is shown."""

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
        self._document = Document(())
        self._most = most
        self._clock = clock
        self._zone = zone
        self._addressed = addressed
        self._minutes = 0
        self._asked = 0
        self._laid_for = 0
        self._begins: list[int] = []
        """The first line of each block that is laid out."""
        self._noted: list[tuple[int, int]] = []
        """Lines with a link inside the document, and its number."""
        self._came_from: list[int] = []

    async def open(self, entry: Entry, *, keep_place: bool = False) -> None:
        """Show an entry where it was left, from its top, or where it was being read when it only changed."""
        self._asked += 1
        mine = self._asked
        document, minutes = await asyncio.to_thread(_read, entry)
        if mine != self._asked:
            return
        place = self.letters_above() if keep_place else entry.place
        self.entry, self._document, self._minutes = entry, document, minutes
        self._came_from = []
        self.find("")
        self._lay()
        self.goto_letters(place)

    def clear(self) -> None:
        """Show nothing."""
        self._asked += 1
        self.entry = None
        self._lay()

    def links(self) -> tuple[Link, ...]:
        """The numbered links of the text."""
        return self._document.links if self.entry is not None else ()

    @property
    def place(self) -> int:
        """What is worth remembering of where the reader is: 0 at the top, and when the end was in sight."""
        done = self.percent() == 100 or (not self.most and self._rest is None)
        return 0 if done or not self.top else self.letters_above()

    # ------------------------------------------------------------ links inside the text

    def notes(self) -> list[tuple[Note, str]]:
        """The links inside the document that are in sight, each with the beginning of what it leads to."""
        found = dict.fromkeys(number for line, number in self._noted if self.top <= line < self.top + self._height)
        notes = [self._document.notes[-number - 1] for number in found]
        return [(note, _words(self._document.blocks[note.block])) for note in notes]

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

    # ------------------------------------------------------------ lines

    def _lay(self) -> None:
        self._laid_for = self.room
        if self.room > 0:
            self.show(self._all() if self.entry is not None else self._nothing())

    def _nothing(self) -> Iterator[PageLine]:
        yield PageLine(Content(""))
        yield PageLine(Content.styled("  enter opens an article, space reads on.", "$muted"))

    def _all(self) -> Iterator[PageLine]:
        """The head and the text, noting what stands where."""
        assert self.entry is not None
        self._begins, self._noted = [], []
        side = 2 if self.room >= 60 else 1
        column = max(10, min(self._most, self.room - 2 * side))
        left = Content(" " * max(side, (self.room - column) // 2))
        head = list(self._head(self.entry, column, left))
        yield from head
        at = len(head)

        def begun(place: int) -> None:
            self._begins.append(at)

        for line in laid_out(self._document, column, begun=begun):
            self._noted += [(at, run.link) for run in line.runs if run.link is not None and run.link < 0]
            yield PageLine(left + self._drawn_line(line, column))
            at += 1
        yield PageLine(Content(""))

    def _drawn_line(self, line: Line, column: int) -> Content:
        content = painted(line, self._document.links, addressed=self._addressed)
        if not line.code:
            return content
        fill = max(0, column - text.width(content.plain))
        return (content + " " * fill).stylize_before("on $code-background")

    def _head(self, entry: Entry, column: int, left: Content) -> Iterator[PageLine]:
        if self.room >= 60:
            yield PageLine(Content(""))
        title = entry.row.title or entry.row.url or "(no title)"
        for line in laid_out(_paragraph(title), column):
            yield PageLine(left + Content.styled(line.text, "bold"))
        for line in laid_out(self._about(entry), column):
            yield PageLine(left + painted(line))
        yield PageLine(left + Content.styled("─" * column, "$frame"))
        yield PageLine(Content(""))
        if not self._minutes and not any(block.runs or block.rows for block in self._document.blocks):
            fetch = self.hints.get("article.full_text", "")
            ways = [f"{fetch} fetches its page"] if fetch and entry.row.url else []
            told = "; ".join(["This entry has no text of its own", *ways, "o opens its page"])
            for line in laid_out(_paragraph(f"{told}."), column):
                yield PageLine(left + Content.styled(line.text, "$muted"))

    def _about(self, entry: Entry) -> Document:
        """Where it is from, who wrote it, when, how long it is, what is said of it; each part whole on a line."""
        row = entry.row
        when = text.clock(row.published, self._clock(), self._zone) if row.published is not None else "no date"
        count = max(row.comments or 0, row.comments_stored)
        full = entry.full is not None and entry.full.shown and not entry.full.error
        changes = self.hints.get("article.changes", "")
        parts = [
            (row.feed_title, Style.HEADING),
            ("" if row.author == row.feed_title else row.author, Style.DIM),
            (when, Style.DIM),
            (f"{self._minutes} min" if self._minutes else "", Style.DIM),
            (text.plural(count, "comment") if count else "", Style.DIM),
            ("full text" if full else "", Style.MEDIA),
            (f"✎ edited{f', {changes} what' if changes else ''}" if row.edited else "", Style.DIM),
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
            self._came_from = []
            if self.room > 0:
                self.relay(self._all() if self.entry is not None else self._nothing())


def _paragraph(line: str) -> Document:
    return Document((Block(Kind.PARAGRAPH, (Run(line, Style.PLAIN),)),))


def _words(block: Block) -> str:
    runs = block.runs or tuple(run for row in block.rows[:1] for cell in row for run in cell.runs)
    return text.cut(text.clean("".join(run.text for run in runs if not run.style & Style.NUMBER)), 120)


def _read(entry: Entry) -> tuple[Document, int]:
    """The document and the minutes it takes to read, 0 for a glance."""
    source = entry.text
    document = coloured(blocks(source.body, base=source.base, is_text=source.is_text))
    words = sum(len(run.text.split()) for block in document.blocks for run in block.runs)
    return _with_enclosures(document, entry.enclosures), round(words / WORDS_A_MINUTE)


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
