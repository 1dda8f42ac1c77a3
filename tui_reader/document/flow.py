"""Text into blocks: white space as a browser folds it, the styles and links in force, and what stands left of it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from msgspec.structs import replace

from tui_reader import urls
from tui_reader.document.blocks import Block, Gutter, Kind, Link, Run, Style
from tui_reader.text import clean, clean_block, cut

_SPACE = re.compile(r"[ \t\n\f\r]+")
_RIGHT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_INSIDE = Style.LINK | Style.CODE | Style.KBD | Style.MARK
"""Styles with an edge that can be seen: a space outside them is bare."""
_STOPS = frozenset(",.;:!?)]}…")
_ADDRESS = re.compile(
    r"(?:https?://|(?=www\.)|(?=[^\s/]+/))((?:[^\W_][\w-]*\.)+[^\W\d_]{2,})(?::\d+)?(?:[/?#]\S*)?", re.I
)
"""Text that a reader takes for an address, with its host. `main.py` is none."""
_LONGEST_ADDRESS = 2000
_MOST_BREAKS = 2
"""Line ends in a row that are kept: more would only push the text off the screen."""


class Links:
    """The links of a document, numbered from 1, each address once; those inside it, by fragment, from -1 down."""

    def __init__(self) -> None:
        self.listed: list[Link] = []
        self.inside: list[tuple[str, str]] = []
        self._numbers: dict[str, int] = {}

    def number(self, url: str, text: str, kind: str) -> int:
        """The number of an address."""
        if url not in self._numbers:
            self._numbers[url] = len(self.listed) + 1
            self.listed.append(Link(len(self.listed) + 1, url, cut(clean(text), 200), kind))
        return self._numbers[url]

    def number_inside(self, fragment: str, text: str) -> int:
        """The number of a link that leads to another place of the document."""
        self.inside.append((fragment, cut(clean(text), 40)))
        return -len(self.inside)


class Target:
    """A link that is open. It is numbered with the first thing shown of it, so that an empty one takes no number."""

    __slots__ = ("kind", "number", "text", "url")

    def __init__(self, url: str, text: str, kind: str = "link") -> None:
        self.url = url
        self.text = text
        self.kind = kind
        self.number: int | None = None

    def elsewhere(self) -> str:
        """The host it leads to when what it shows is an address at another one."""
        found = (
            _ADDRESS.fullmatch(self.text.strip()) if self.kind == "link" and len(self.text) < _LONGEST_ADDRESS else None
        )
        host = urls.host(self.url)
        if found is None or not host:
            return ""
        shown = urls.host(f"https://{found[1]}").removeprefix("www.")
        same = f".{host}".endswith(f".{shown}") or f".{shown}".endswith(f".{host.removeprefix('www.')}")
        return "" if same else host


class _Piece:
    """A run that is still growing."""

    __slots__ = ("link", "style", "texts")

    def __init__(self, text: str, style: Style, link: Target | None) -> None:
        self.texts = [text]
        self.style = style
        self.link = link

    def run(self) -> Run:
        return Run("".join(self.texts), self.style, self.link.number if self.link is not None else None)


class Flow:
    """Collects text until a block ends. The public attributes are what is in force for the text that comes next."""

    def __init__(self, links: Links) -> None:
        self.links = links
        self.blocks: list[Block] = []
        self.style = Style.PLAIN
        self.link: Target | None = None
        self.gutters: tuple[Gutter, ...] = ()
        self.heading = 0
        self.preformatted = 0
        self.language = ""
        self.right: bool | None = None
        self.tight = False
        self.changes: list[Callable[[str], str]] = []
        self.picture = ""
        """The address of the last picture of the block, which may turn out to be all the block has."""
        self._pieces: list[_Piece] = []
        self._space: Style | None = None
        self._breaks = 0
        self._loose = False

    # ------------------------------------------------------------ text

    def text(self, text: str) -> None:
        """Add text as it stands in the markup."""
        if not (text.isascii() and text.isprintable()):
            text = clean_block(text)
        for change in self.changes:
            text = change(text)
        if self.preformatted:
            if text:
                self.append(text)
            return
        body = _SPACE.sub(" ", text)
        core = body.strip(" ")
        if body and body[0] == " ":
            self.space()
        if core:
            if self._loose and core[0] in _STOPS:
                self._space = None
            self._add_space()
            self.append(core)
            if body[-1] == " ":
                self.space()

    def space(self) -> None:
        """Let a space follow if text does. Of several in a row the first counts, whose style it has."""
        self._loose = False
        if self._space is None:
            self._space = self.style

    def loose_space(self) -> None:
        """Let a space follow that is not in the text: none before a stop."""
        if self._space is None:
            self.space()
            self._loose = True

    def _add_space(self) -> None:
        """The space that was to follow, in the style it shares with both sides; in a link only between its words."""
        self._loose = False
        if self._space is None:
            return
        style, self._space = self._space & self.style, None
        if not self._pieces or self._breaks:
            return
        last = self._pieces[-1]
        if last.texts[-1][-1] in " \n":
            return
        style &= last.style
        if style == last.style and last.link is self.link:
            last.texts.append(" ")
        else:
            self._pieces.append(_Piece(" ", style & ~_INSIDE, None))

    def append(self, text: str, style: Style = Style.PLAIN) -> None:
        """Add text exactly as given, in the style in force and `style`."""
        if self.link is not None and self.link.number is None:
            self.link.number = self.links.number(self.link.url, self.link.text, self.link.kind)
        style = style | self.style if style else self.style
        if self._breaks:
            text, self._breaks = "\n" * self._breaks + text, 0
        last = self._pieces[-1] if self._pieces else None
        if self.link is not None and last is not None and last.style & Style.NUMBER and last.link is not self.link:
            self._beside_link(last)
            last = self._pieces[-1]
        if last is not None and last.link is self.link and last.style == style:
            last.texts.append(text)
        else:
            self._pieces.append(_Piece(text, style, self.link))

    def _beside_link(self, number: _Piece) -> None:
        """Two links that touch are buttons in a row, which only their page's looks hold apart. But an editor may have
        made two of one, in the middle of a word: those lead to the same page, and one number is enough for them."""
        before = number.link
        if before is None or self.link is None:
            return
        if before.number == self.link.number:
            self._pieces.remove(number)
        elif not (self.preformatted or self._breaks) and _page(before) != _page(self.link):
            self._pieces.append(_Piece(" ", self.style & ~_INSIDE, None))

    def separate(self) -> None:
        """See to a space before what comes next, unless a line begins there."""
        self.space()
        self._add_space()

    def line_end(self) -> None:
        """End a line inside a block. One before its first text or after its last is not shown."""
        if self.preformatted:
            self.append("\n")
        elif self._pieces:
            self._breaks = min(self._breaks + 1, _MOST_BREAKS)
        self._space = None

    def number(self, target: Target) -> None:
        """Show a link's number behind the last text of it."""
        if target.number is None or target.number < 0:
            return
        elsewhere = target.elsewhere()
        said = f"[{target.number}→{elsewhere}]" if elsewhere else f"[{target.number}]"
        shown = Run(said, self.style | Style.NUMBER, target.number)
        if self._pieces:
            if self._pieces[-1].link is target:
                self._pieces.append(_Piece(shown.text, shown.style, target))
        elif self.blocks and _ends_in(self.blocks[-1], target.number):
            self.blocks[-1] = replace(self.blocks[-1], runs=(*self.blocks[-1].runs, shown))

    def last(self) -> str:
        """The character before the one that comes next, "" at the beginning of a block."""
        return self._pieces[-1].texts[-1][-1] if self._pieces else ""

    # ------------------------------------------------------------ blocks

    def flush(self) -> None:
        """End the block that is being collected."""
        pieces, self._pieces = self._pieces, []
        self._space, self._breaks = None, 0
        picture, self.picture = self.picture, ""
        if not pieces:
            return
        runs = tuple(piece.run() for piece in pieces)
        shown = "".join(run.text for run in runs)
        if not shown.strip():
            return
        if self.preformatted:
            self.add(Kind.CODE, _trimmed(runs), language=self.language)
        elif self.heading:
            self.add(Kind.HEADING, runs, level=self.heading, right=self._reads_leftwards(shown))
        else:
            picture = picture if _is_one_label(runs) else ""
            self.add(Kind.PARAGRAPH, runs, right=self._reads_leftwards(shown), picture=picture)

    def _reads_leftwards(self, shown: str) -> bool:
        return self.right if self.right is not None else reads_leftwards(shown)

    def flush_inside(self) -> None:
        """End the block; inside preformatted text only a line."""
        if not self.preformatted:
            self.flush()
        elif self._pieces and self._pieces[-1].texts[-1][-1] != "\n":
            self.append("\n")

    def add(
        self,
        kind: Kind,
        runs: tuple[Run, ...] = (),
        *,
        level: int = 0,
        right: bool = False,
        language: str = "",
        picture: str = "",
    ) -> None:
        """Add a block at this place."""
        self.blocks.append(
            Block(kind, runs, self.gutters, level, self.tight, right, language=language, picture=picture)
        )
        self.tight = False


def _page(target: Target) -> str:
    return target.url.partition("#")[0]


def reads_leftwards(text: str) -> bool:
    """Whether a paragraph is written from right to left: its first letter with a direction says so (UAX #9, P2)."""
    if text.isascii() or not _RIGHT.search(text):
        return False
    for character in text:
        direction = unicodedata.bidirectional(character)
        if direction in {"L", "R", "AL"}:
            return direction != "L"
    return False


def _is_one_label(runs: tuple[Run, ...]) -> bool:
    """Whether a paragraph is one label, of a picture or the like, and its number."""
    told = [run for run in runs if run.text.strip() and not run.style & Style.NUMBER]
    return len(told) == 1 and bool(told[0].style & Style.MEDIA)


def _ends_in(block: Block, number: int) -> bool:
    return bool(block.runs) and block.runs[-1].link == number and not block.runs[-1].style & Style.NUMBER


def _trimmed(runs: tuple[Run, ...]) -> tuple[Run, ...]:
    """Without the line ends before and after: those belong to the markup."""
    kept = list(runs)
    while kept and not kept[0].text.strip("\n"):
        kept.pop(0)
    while kept and not kept[-1].text.strip():
        kept.pop()
    if kept:
        first = kept[0]
        kept[0] = Run(first.text.lstrip("\n"), first.style, first.link)
        last = kept[-1]
        kept[-1] = Run(last.text.rstrip(), last.style, last.link)
    return tuple(kept)
