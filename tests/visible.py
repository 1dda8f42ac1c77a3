"""What a reader must find of a page: its words by another road than the program's, and what the lines show of them.

Letters are compared, so that the wrapping of long words, marks of lists and numbers of links do not matter. What is
passed over is the list in docs/document.md.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from selectolax.lexbor import LexborHTMLParser, LexborNode

from tui_reader.document.blocks import Block, Cell, Document, Kind, Run, Style
from tui_reader.document.layout import lines
from tui_reader.document.table import in_columns, without_blanks
from tui_reader.text import clean_block

UNSEEN = frozenset(
    {
        "-comment", "head", "script", "style", "template", "title", "meta", "link", "noframes", "noembed",
        "datalist", "button", "select", "textarea", "input", "svg", "canvas", "map", "area", "applet", "param",
        "annotation", "annotation-xml", "iframe", "video", "audio", "embed", "rp",
    }
)  # fmt: skip
APART = frozenset(
    {
        "p", "div", "section", "article", "aside", "header", "footer", "main", "nav", "address", "center",
        "fieldset", "figure", "hgroup", "details", "summary", "body", "dl", "dt", "dd", "tbody", "thead",
        "tfoot", "tr", "td", "th", "caption", "table", "figcaption", "legend", "search", "form", "dialog",
        "blockquote", "ul", "ol", "menu", "li", "pre", "xmp", "listing", "plaintext", "h1", "h2", "h3", "h4",
        "h5", "h6", "br", "hr", "img", "rt", "q",
    }
)  # fmt: skip
EMBEDDED = frozenset({"iframe", "video", "audio", "embed", "object"})
OURS = Style.GUTTER | Style.NUMBER | Style.MEDIA
"""Runs that the page did not write as text."""
EDGE = "\0"
MAY_PART = frozenset({"a", "sub", "sup"})
"""Elements that a space may hold apart from what they touch: links in a row, the parts of a formula."""
WORD = re.compile(r"[^\W\d_]+")
RAISED = re.compile(r"[\^_]")


def unseen(node: LexborNode) -> bool:
    """Whether an element is dropped on purpose, with all it holds."""
    attributes = node.attributes
    return (
        node.tag in UNSEEN
        or "hidden" in attributes
        or (node.tag == "dialog" and "open" not in attributes)
        or (node.tag == "object" and (attributes.get("data") or "").startswith(("http", "/")))
    )


def is_mark(node: LexborNode) -> bool:
    """Whether something unseen leaves a mark of ours in its place: a box to tick, a line for an embedded thing."""
    attributes = node.attributes
    return (node.tag == "input" and attributes.get("type") == "checkbox") or bool(
        node.tag in EMBEDDED and (attributes.get("src") or attributes.get("data"))
    )


def said(html: str) -> str:
    """The visible text of a page in its order, a line end wherever words stand apart."""
    body = LexborHTMLParser(clean_block(html)).body
    made: list[str] = []
    todo: list[LexborNode | str] = [body] if body is not None else []
    while todo:
        node = todo.pop()
        if isinstance(node, str):
            made.append(node)
        elif node.is_text_node:
            made.append(clean_block(node.text_content or ""))
        elif unseen(node):
            made.append("\n" * is_mark(node))
        elif node.tag == "math":
            made.append(EDGE.join(formula(node)))
        else:
            held = list(node.iter(include_text=True))
            if node.tag in MAY_PART:
                made.append(EDGE)
                todo.append(EDGE)
            if node.tag in APART:
                before, after = joined(node)
                made.append(EDGE if before else "\n")
                todo.append(EDGE if after else "\n")
            todo += reversed(held)
    return "".join(made)


def joined(node: LexborNode) -> tuple[bool, bool]:
    """Whether a reading goes on from the one before it, and is gone on with by the next: those of 東 and 京 are one word."""
    found = []
    for way in ("prev", "next"):
        beside = getattr(node, way)
        while beside is not None and (
            beside.tag == "-comment" or (beside.is_text_node and not (beside.text_content or "").strip())
        ):
            beside = getattr(beside, way)
        found.append(node.tag == "rt" and beside is not None and beside.tag == "rt")
    return found[0], found[1]


def formula(node: LexborNode) -> str:
    """The signs of a formula; how far apart they stand is not for its markup to say."""
    told: list[str] = []
    for child in node.iter(include_text=True):
        if child.is_text_node:
            told += (child.text_content or "").split()
        elif not unseen(child):
            told.append(formula(child))
    return "".join(told)


def parted(text: str) -> tuple[set[int], set[int]]:
    """After how many letters a word ends, and after how many one may: where an element does that a space may hold apart from the next."""
    must = set(accumulate(len(word) for word in words(text.replace(EDGE, ""))))
    return must, set(accumulate(len(letters(part)) for part in text.split(EDGE)))


def words(text: str) -> list[str]:
    """The runs of letters of a text, whether raised, lowered or marked as such with "^" and "_"."""
    return WORD.findall(RAISED.sub("", unicodedata.normalize("NFKD", text)))


def letters(text: str) -> str:
    """The letters of a text."""
    return "".join(words(text))


def of_page(runs: Iterable[Run]) -> str:
    """What the page itself says in some runs."""
    return "".join(
        " " * bool(run.style & (Style.MEDIA | Style.GUTTER)) if run.style & OURS else run.text for run in runs
    )


def held(document: Document) -> str:
    """What the page itself says in its blocks, a line end between them."""
    made: list[str] = []
    for block in document.blocks:
        made.append(of_page(block.runs))
        made += [of_page(cell.runs) for row in block.rows for cell in row]
    return "\n".join(made)


def first_difference(wanted: Sequence[str], found: Sequence[str]) -> str:
    """Where two texts part, "" when they do not."""
    if wanted == found:
        return ""
    place = next((n for n, (one, other) in enumerate(zip(wanted, found, strict=False)) if one != other), None)
    if place is None:
        place = min(len(wanted), len(found))
    return (
        f"at {place}: wanted {wanted[max(place - 3, 0) : place + 8]!r}, found {found[max(place - 3, 0) : place + 8]!r}"
    )


@dataclass
class Reading:
    """The letters of laid-out lines, read from the first to the last."""

    shown: str
    place: int = 0
    told: list[str] = field(default_factory=list)

    def read(self, wanted: str, what: str) -> None:
        """Expect these letters next."""
        if not self.shown.startswith(wanted, self.place):
            self.told.append(f"{what}: wanted {wanted[:60]!r}, found {self.shown[self.place : self.place + 60]!r}")
        self.place += len(wanted)

    def grid(self, rows: Sequence[Sequence[Cell]], what: str) -> None:
        """Expect rows whose cells stand side by side, so that their lines alternate."""
        for row in rows:
            cells = [letters(of_page(cell.runs)) for cell in row]
            part = self.shown[self.place : self.place + sum(map(len, cells))]
            if sorted(part) != sorted("".join(cells)) or not all(within(cell, part) for cell in cells):
                self.told.append(f"{what}: wanted the row {cells!r}, found {part!r}")
            self.place += sum(map(len, cells))

    def records(self, rows: Sequence[Sequence[Cell]], what: str) -> None:
        """Expect one cell after the other, each behind the name of its column."""
        names: dict[int, str] = {}
        begun = False
        for place, row in enumerate(in_columns(rows)):
            cells = {one.column: letters(of_page(one.cell.runs)) for one in row}
            if place == 0 and len(rows) > 1 and row and all(one.cell.header for one in row):
                names = cells
                continue
            for column in sorted(cells if begun else {*cells, *names}):
                self.read(names.get(column, "") + cells.get(column, ""), f"{what}, row {place}")
            begun = True


def within(part: str, text: str) -> bool:
    """Whether the letters of a cell stand in a row in their order."""
    rest = iter(text)
    return all(letter in rest for letter in part)


def lost_between(html: str, document: Document) -> Iterator[str]:
    """What of a page is not in its blocks, not in its order, or not in words of its own."""
    wanted, found = said(html), held(document)
    if difference := first_difference(letters(wanted), letters(found)):
        yield f"letters {difference}"
        return
    must, may = parted(wanted)
    ends, _ = parted(found)
    if not must <= ends <= must | may:
        yield f"words {first_difference(words(wanted.replace(EDGE, '')), words(found))}"


def lost_in_lines(document: Document, columns: int) -> list[str]:
    """What of the blocks is not in their lines, or not in its order."""
    reading = Reading("".join(letters(of_page(line.runs)) for line in lines(document, columns)))
    for place, block in enumerate(document.blocks):
        what = f"{columns} columns, block {place}"
        if block.kind is not Kind.TABLE:
            reading.read(letters(of_page(block.runs)), what)
        elif is_grid(block, columns):
            reading.grid(block.rows, what)
        else:
            reading.records(without_blanks(block.rows), what)
    if reading.place != len(reading.shown):
        reading.told.append(f"{columns} columns: more than there is: {reading.shown[reading.place :][:60]!r}")
    return reading.told


def is_grid(block: Block, columns: int) -> bool:
    """Whether a table's columns stand side by side."""
    return any(run.text == " │ " for line in lines(Document((block,)), columns) for run in line.runs)
