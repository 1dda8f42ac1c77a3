"""What a document is made of between its HTML and its lines: blocks of runs, with what stands left of them."""

from __future__ import annotations

from enum import IntFlag, StrEnum, auto

from msgspec import Struct


class Style(IntFlag):
    """How a run of text is meant; the screen decides how that looks."""

    PLAIN = 0
    STRONG = auto()
    EM = auto()
    CODE = auto()
    LINK = auto()
    NUMBER = auto()
    """The number of a link."""
    MARK = auto()
    INSERTED = auto()
    DELETED = auto()
    KBD = auto()
    DIM = auto()
    """Captions, labels, notes of our own."""
    QUOTED = auto()
    GUTTER = auto()
    """Bars, bullets and rules that we drew."""
    HEADING = auto()
    MEDIA = auto()
    KEYWORD = auto()
    """In code, like those below: what the language itself means by it."""
    STRING = auto()
    LITERAL = auto()
    NAME = auto()
    COMMENT = auto()


class Run(Struct, frozen=True):
    """Text of one style; `link` is the number of the link it belongs to, below 0 for one inside the document."""

    text: str
    style: Style = Style.PLAIN
    link: int | None = None


class Link(Struct, frozen=True):
    """A numbered link: where it leads and what it is ("link", "image", "video", "audio", "frame")."""

    number: int
    url: str
    text: str = ""
    kind: str = "link"


class Note(Struct, frozen=True):
    """A link inside the document, a footnote's mark for one; its number is below 0 and not shown. `block` is the place
    of the block that it leads to."""

    number: int
    text: str
    block: int


class Gutter(Struct, frozen=True):
    """What stands left of a block: a quote's bar, or the mark of a list item before its first line and room below.

    `id` tells one item from the next, so that its mark is drawn once.
    """

    id: int
    mark: str
    width: int
    quote: bool = False


class Kind(StrEnum):
    """The kinds of block."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    CODE = "code"
    TABLE = "table"
    RULE = "rule"


class Cell(Struct, frozen=True):
    """A table cell: its text, how many columns and rows it spans, whether it is a header, and its alignment."""

    runs: tuple[Run, ...]
    columns: int = 1
    rows: int = 1
    header: bool = False
    align: str = ""


class Block(Struct, frozen=True):
    """One block. `level` is a heading's; `tight` blocks follow without an empty line (items of a tight list);
    `right` marks a paragraph written from right to left, `language` is what code is written in, `picture` is the
    address of the picture that is all it has."""

    kind: Kind
    runs: tuple[Run, ...] = ()
    gutters: tuple[Gutter, ...] = ()
    level: int = 0
    tight: bool = False
    right: bool = False
    rows: tuple[tuple[Cell, ...], ...] = ()
    language: str = ""
    picture: str = ""


class Document(Struct, frozen=True):
    """A document ready to be laid out; `links` in the order of their numbers, from 1, `notes` from -1 down."""

    blocks: tuple[Block, ...]
    links: tuple[Link, ...] = ()
    notes: tuple[Note, ...] = ()

    @property
    def pictures(self) -> tuple[str, ...]:
        """The addresses of the pictures that stand by themselves, in order, each once."""
        return tuple(dict.fromkeys(block.picture for block in self.blocks if block.picture))


class Line(Struct, frozen=True):
    """One line of a laid-out document. `code` lines are shaded over their whole width, `level` a heading's; `picture`
    is the address of the picture that this line is the label of."""

    runs: tuple[Run, ...] = ()
    code: bool = False
    level: int = 0
    picture: str = ""

    @property
    def text(self) -> str:
        """The line as plain text."""
        return "".join(run.text for run in self.runs)
