"""HTML as feeds carry it, to blocks.

An allow-list: what is not known as an element is its text; scripts, styles, forms and invisible things are dropped;
nothing is fetched. The tree is walked without recursion. White space is collapsed as a browser does it, over the
borders of inline elements.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from selectolax.lexbor import LexborHTMLParser, LexborNode

from tui_reader import urls
from tui_reader.document.blocks import Block, Cell, Document, Gutter, Kind, Link, Run, Style
from tui_reader.text import clean, clean_block, cut, size, width

LONGEST = 3_000_000
"""Characters of HTML that are laid out; the rest is named, not silently lost."""
MOST_NODES = 400_000
DEEPEST = 40
"""Levels of quotes and lists that are shown as such; what lies deeper stands at the deepest."""

_DROPPED = frozenset(
    {
        "-comment",
        "head",
        "script",
        "style",
        "template",
        "form",
        "button",
        "select",
        "textarea",
        "svg",
        "canvas",
        "map",
        "area",
        "link",
        "meta",
        "title",
        "object",
        "applet",
        "dialog",
    }
)
_BLOCKS = frozenset(
    {
        "p",
        "div",
        "section",
        "article",
        "aside",
        "header",
        "footer",
        "main",
        "nav",
        "address",
        "center",
        "fieldset",
        "figure",
        "hgroup",
        "details",
        "summary",
        "body",
        "dl",
        "dt",
        "dd",
        "tbody",
        "thead",
        "tfoot",
        "tr",
        "td",
        "th",
        "caption",
        "table",
        "figcaption",
        "legend",
        "search",
    }
)
_INLINE: Mapping[str, Style] = {
    "b": Style.STRONG,
    "strong": Style.STRONG,
    "em": Style.EM,
    "i": Style.EM,
    "cite": Style.EM,
    "dfn": Style.EM,
    "var": Style.EM,
    "code": Style.CODE,
    "tt": Style.CODE,
    "samp": Style.CODE,
    "kbd": Style.KBD,
    "mark": Style.MARK,
    "ins": Style.INSERTED,
    "u": Style.INSERTED,
    "del": Style.DELETED,
    "s": Style.DELETED,
    "strike": Style.DELETED,
    "small": Style.DIM,
    "figcaption": Style.DIM,
    "caption": Style.DIM,
    "summary": Style.STRONG,
    "dt": Style.STRONG,
}
_FRAMES = {"iframe": "frame", "embed": "frame", "video": "video", "audio": "audio"}
_LABELS = {"frame": "▶ Embedded", "video": "▶ Video", "audio": "♪ Audio", "image": "▣ Image"}
_SPACE_KEEPS = Style.QUOTED | Style.HEADING | Style.DIM | Style.STRONG | Style.EM
_BULLETS = ("•", "◦", "▪")
_SUBSCRIPTS = str.maketrans("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")
_SUPERSCRIPTS = str.maketrans("0123456789+-=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ")
_SPACE = re.compile(r"[ \t\n\f\r]+")
_TINY = re.compile(r"^\s*[01](px)?\s*$")
_PARAGRAPHS = re.compile(r"\n[ \t]*\n\s*")
_MOST_SPAN = 100


def blocks(html: str, *, base: str = "", is_text: bool = False) -> Document:
    """The document of a body; relative links join `base`. Never raises, whatever the markup."""
    html = clean_block(html)
    rest = len(html) - LONGEST
    if is_text:
        found = _plain(html[:LONGEST])
    else:
        tree = LexborHTMLParser(html[:LONGEST])
        builder = _Builder(base)
        if tree.body is not None:
            builder.walk(tree.body)
        found = Document(tuple(builder.blocks), tuple(builder.links))
    if rest > 0:
        note = Block(Kind.PARAGRAPH, (Run(f"… {size(rest)} more; open the page to read it", Style.DIM),))
        found = Document((*found.blocks, note), found.links)
    return found


def plain(html: str) -> str:
    """The readable text of a body, a paragraph a line, without numbers or marks of ours."""
    document = blocks(html)
    lines = []
    for block in document.blocks:
        runs = block.runs or tuple(run for row in block.rows for cell in row for run in (*cell.runs, Run(" ")))
        lines.append("".join(run.text for run in runs if not run.style & Style.NUMBER))
    return "\n".join(line for line in lines if line.strip())


def _plain(text: str) -> Document:
    """text/plain: an empty line ends a paragraph, a line end inside one stays."""
    parts = [part.strip("\n") for part in _PARAGRAPHS.split(text)]
    return Document(tuple(Block(Kind.PARAGRAPH, (Run(part.expandtabs(4)),)) for part in parts if part.strip()))


class _List:
    """A list that is open: its marks, one after the other."""

    def __init__(self, node: LexborNode, depth: int) -> None:
        self.ordered = node.tag == "ol"
        self.kind = (node.attributes.get("type") or "1") if self.ordered else ""
        self.step = -1 if "reversed" in node.attributes else 1
        items = sum(1 for child in node.iter() if child.tag == "li")
        self.number = _integer(node.attributes.get("start"), items if self.step < 0 else 1)
        self.bullet = _BULLETS[min(depth, len(_BULLETS) - 1)]
        self.room = len(self.mark(self.number + self.step * max(items - 1, 0))) if self.ordered else 2
        self.first = True

    def mark(self, number: int) -> str:
        if not self.ordered:
            return f"{self.bullet} "
        written = str(number)
        if self.kind in {"a", "A"} and 0 < number <= 26:
            written = chr(ord(self.kind) + number - 1)
        elif self.kind in {"i", "I"} and 0 < number < 4000:
            written = _roman(number) if self.kind == "I" else _roman(number).lower()
        return f"{written}. "

    def next(self, value: str | None) -> str:
        self.number = _integer(value, self.number)
        mark = self.mark(self.number).rjust(self.room)
        self.number += self.step
        return mark


class _Builder:
    """Collects blocks while the tree is walked."""

    def __init__(self, base: str, links: list[Link] | None = None) -> None:
        self.base = base
        self.blocks: list[Block] = []
        self.links = [] if links is None else links
        self._numbers: dict[str, int] = {link.url: link.number for link in self.links}
        self._runs: list[Run] = []
        self._space = False
        self._styles: list[Style] = [Style.PLAIN]
        self._link: list[int | None] = [None]
        self._gutters: list[Gutter] = []
        self._lists: list[_List] = []
        self._heading = 0
        self._pre = 0
        self._right = [False]
        self._tight = False
        self._ids = 0
        self._raise: list[Callable[[str], str]] = []

    # ------------------------------------------------------------ walking

    def walk(self, root: LexborNode) -> None:
        """Visit everything below `root` in document order."""
        leaving: list[tuple[LexborNode, list[Callable[[], None]]]] = []
        node = root.first_child
        left = MOST_NODES
        while node is not None:
            left -= 1
            if left == 0:
                self._flush()
                self._add(Block(Kind.PARAGRAPH, (Run("… more; open the page to read it", Style.DIM),)))
                return
            after = self._enter(node)
            if after is not None and node.first_child is not None:
                leaving.append((node, after))
                node = node.first_child
                continue
            for act in reversed(after or []):
                act()
            while node is not None and node.next is None:
                if not leaving:
                    node = None
                    break
                node, acts = leaving.pop()
                for act in reversed(acts):
                    act()
            node = node.next if node is not None else None
        self._flush()

    def _enter(self, node: LexborNode) -> list[Callable[[], None]] | None:
        """Begin an element; what is to be done at its end, or None to pass over what it holds."""
        tag = node.tag or ""
        if tag == "-text":
            self._text(node.text_content or "")
            return None
        if tag in _DROPPED or "hidden" in node.attributes:
            return None
        after: list[Callable[[], None]] = []
        if tag in _INLINE:
            self._push(after, self._styles, self._styles[-1] | _INLINE[tag])
        if node.attributes.get("dir") in {"rtl", "ltr"} and tag in _BLOCKS | {"blockquote", "ul", "ol", "li"}:
            self._push(after, self._right, node.attributes.get("dir") == "rtl")
        if tag in _ENTER:
            return after if _ENTER[tag](self, node, after) else None
        if tag in _BLOCKS:
            self._flush()
            after.append(self._flush)
        return after

    @staticmethod
    def _push(after: list[Callable[[], None]], stack: list[Any], value: object) -> None:
        stack.append(value)
        after.append(lambda: _end(stack))

    # ------------------------------------------------------------ text

    def _text(self, text: str) -> None:
        text = clean_block(text) if not text.isascii() or not text.isprintable() else text
        for change in self._raise:
            text = change(text)
        if self._pre:
            self._append(text)
            return
        body = _SPACE.sub(" ", text)
        if not body:
            return
        if body[0] == " ":
            self._space = True
        core = body.strip(" ")
        if core:
            if self._space and self._runs and not self._runs[-1].text.endswith("\n"):
                self._append_space()
            self._append(core)
            self._space = body[-1] == " "

    def _append_space(self) -> None:
        """A space between two runs has the style both share, and belongs to a link only inside it."""
        last, style, link = self._runs[-1], self._styles[-1], self._link[-1]
        if last.style == style and last.link == link:
            self._runs[-1] = replace(last, text=last.text + " ")
        else:
            self._runs.append(Run(" ", last.style & style & _SPACE_KEEPS))

    def _append(self, text: str, style: Style = Style.PLAIN, link: int | None = None) -> None:
        style |= self._styles[-1]
        link = link if link is not None else self._link[-1]
        if self._runs and self._runs[-1].style == style and self._runs[-1].link == link:
            self._runs[-1] = replace(self._runs[-1], text=self._runs[-1].text + text)
        else:
            self._runs.append(Run(text, style, link))

    def _flush(self) -> None:
        runs, self._runs, self._space = self._runs, [], False
        if not any(run.text.strip() for run in runs):
            return
        if self._pre:
            self._add(Block(Kind.CODE, tuple(_trimmed(runs)), tuple(self._gutters)))
        elif self._heading:
            self._add(Block(Kind.HEADING, tuple(runs), tuple(self._gutters), level=self._heading))
        else:
            self._add(Block(Kind.PARAGRAPH, tuple(runs), tuple(self._gutters), right=self._right[-1]))

    def _add(self, block: Block) -> None:
        self.blocks.append(replace(block, tight=self._tight))
        self._tight = False

    # ------------------------------------------------------------ elements

    def _number(self, url: str, text: str, kind: str) -> int:
        if url not in self._numbers:
            self._numbers[url] = len(self.links) + 1
            self.links.append(Link(len(self.links) + 1, url, cut(clean(text), 200), kind))
        return self._numbers[url]

    def _break(self, node: LexborNode, after: list[Callable[[], None]]) -> bool:
        self._append("\n")
        self._space = False
        return False

    def _wbr(self, node: LexborNode, after: list[Callable[[], None]]) -> bool:
        return False

    def _caption(self, node: LexborNode, after: list[Callable[[], None]]) -> bool:
        self._flush()
        self._tight = bool(self.blocks)
        after.append(self._flush)
        return True

    def _rule(self, node: LexborNode, after: list[Callable[[], None]]) -> bool:
        self._flush()
        self._add(Block(Kind.RULE, (), tuple(self._gutters)))
        return False

    def _anchor(self, node: LexborNode, after: list[Callable[[], None]]) -> bool:
        href = (node.attributes.get("href") or "").strip()
        url = href if href.startswith("mailto:") and urls.safe_to_open(href) else urls.join(self.base, href)
        if not url or href.startswith("#"):
            return True
        number = self._number(url, node.text(deep=True) or "", "link")
        begun = len(self._runs)
        self._styles.append(self._styles[-1] | Style.LINK)
        self._link.append(number)

        def leave() -> None:
            self._styles.pop()
            self._link.pop()
            if len(self._runs) > begun or (self._runs and self._runs[-1].link == number):
                self._append(f"[{number}]", Style.NUMBER, number)
            elif not self._runs and self.blocks and _leads_to(self.blocks[-1], number):
                self._number_last(number)

        after.append(leave)
        return True

    def _number_last(self, number: int) -> None:
        """Number a link that ended with a block of its own."""
        block = self.blocks[-1]
        shown = Run(f"[{number}]", self._styles[-1] | Style.NUMBER, number)
        self.blocks[-1] = replace(block, runs=(*block.runs, shown))

    def _quote(self, node: LexborNode, after: list[Callable[[], None]]) -> bool:
        self._indent("▎ ", after, quote=True)
        self._push(after, self._styles, self._styles[-1] | Style.QUOTED)
        return True

    def _indent(self, mark: str, after: list[Callable[[], None]], *, quote: bool = False) -> None:
        """Let what the element holds stand behind `mark`."""
        self._flush()
        if len(self._gutters) < DEEPEST:
            self._ids += 1
            self._push(after, self._gutters, Gutter(self._ids, mark, len(mark), quote))
        after.append(self._flush)

    def _inline_quote(self, node: LexborNode, after: list[Callable[[], None]]) -> bool:
        self._text("“")
        after.append(lambda: self._append("”"))
        return True

    def _list(self, node: LexborNode, after: list[Callable[[], None]]) -> bool:
        self._flush()
        self._lists.append(_List(node, sum(not one.ordered for one in self._lists[-DEEPEST:])))
        nested = len(self._lists) > 1
        self._tight = nested

        def leave() -> None:
            self._flush()
            self._lists.pop()
            self._tight = False

        after.append(leave)
        return True

    def _item(self, node: LexborNode, after: list[Callable[[], None]]) -> bool:
        self._flush()
        here = self._lists[-1] if self._lists else None
        mark = here.next(node.attributes.get("value")) if here else "• "
        self._indent(mark, after)
        self._tight = (here is not None and not here.first) or len(self._lists) > 1
        if here is not None:
            here.first = False
        return True

    def _definition(self, node: LexborNode, after: list[Callable[[], None]]) -> bool:
        self._indent("    ", after)
        self._tight = True
        return True

    def _title(self, node: LexborNode, after: list[Callable[[], None]]) -> bool:
        self._flush()
        before, self._heading = self._heading, int((node.tag or "h1")[1])
        self._styles.append(self._styles[-1] | Style.HEADING)

        def leave() -> None:
            self._flush()
            self._styles.pop()
            self._heading = before

        after.append(leave)
        return True

    def _preformatted(self, node: LexborNode, after: list[Callable[[], None]]) -> bool:
        self._flush()
        self._pre += 1

        def leave() -> None:
            self._flush()
            self._pre -= 1

        after.append(leave)
        return True

    def _checkbox(self, node: LexborNode, after: list[Callable[[], None]]) -> bool:
        if (node.attributes.get("type") or "").lower() == "checkbox":
            self._text("☑ " if "checked" in node.attributes else "☐ ")
        return False

    def _raised(self, node: LexborNode, after: list[Callable[[], None]]) -> bool:
        table, plain = (_SUPERSCRIPTS, "^") if node.tag == "sup" else (_SUBSCRIPTS, "_")

        def small(text: str) -> str:
            made = text.translate(table)
            return made if all(ord(one) in table.values() or one.isspace() for one in made) else plain + text

        if not self._raise and node.css_first("a") is None:
            self._raise.append(small)
            after.append(lambda: _end(self._raise))
        return True

    def _ruby_text(self, node: LexborNode, after: list[Callable[[], None]]) -> bool:
        self._append("(")
        after.append(lambda: self._append(")"))
        return True

    def _nothing(self, node: LexborNode, after: list[Callable[[], None]]) -> bool:
        return False

    def _image(self, node: LexborNode, after: list[Callable[[], None]]) -> bool:
        alt = clean(node.attributes.get("alt") or node.attributes.get("title") or "")
        tiny = any(_TINY.match(node.attributes.get(side) or "") for side in ("width", "height"))
        source = (node.attributes.get("src") or node.attributes.get("data-src") or "").strip()
        url = urls.join(self.base, source)
        if tiny or not (url or alt) or (source.startswith("data:") and not alt):
            return False
        if url and width(alt) <= 2 and alt and not alt.isascii():
            self._text(alt)
            return False
        self._media(url, alt, "image")
        return False

    def _frame(self, node: LexborNode, after: list[Callable[[], None]]) -> bool:
        kind = _FRAMES[node.tag or ""]
        source = node.attributes.get("src") or node.attributes.get("data-src") or ""
        if not source:
            inner = node.css_first("source[src]")
            source = (inner.attributes.get("src") or "") if inner is not None else ""
        url = urls.join(self.base, source)
        if url:
            self._flush()
            title = clean(node.attributes.get("title") or "") or urls.short(url, 60)
            self._media(url, title, kind)
            self._flush()
        return False

    def _media(self, url: str, label: str, kind: str) -> None:
        """One labelled piece with its number; alone in its paragraph it becomes a line of its own."""
        name = f"{_LABELS[kind]} " + (label if label else "")
        if self._runs and not self._runs[-1].text.endswith((" ", "\n")):
            self._append(" ")
        self._append(name.rstrip(), Style.MEDIA)
        if url:
            number = self._number(url, label, kind)
            self._append(f"[{number}]", Style.NUMBER, number)
        self._space = True

    def _table(self, node: LexborNode, after: list[Callable[[], None]]) -> bool:
        self._flush()
        if not _is_data(node):
            after.append(self._flush)
            return True
        rows: list[tuple[Cell, ...]] = []
        caption = None
        for part in node.css("tr, caption"):
            if part.tag == "caption":
                caption = part
                continue
            cells = tuple(self._cell(cell) for cell in part.iter() if cell.tag in {"td", "th"})
            if cells:
                rows.append(cells)
        if caption is not None:
            inner = self._inner(caption)
            self._add(Block(Kind.PARAGRAPH, tuple(replace(run, style=run.style | Style.DIM) for run in inner)))
            self._tight = True
        self._add(Block(Kind.TABLE, (), tuple(self._gutters), rows=tuple(rows)))
        return False

    def _cell(self, node: LexborNode) -> Cell:
        align = (node.attributes.get("align") or "").lower()
        style = (node.attributes.get("style") or "").replace(" ", "").lower()
        for side in ("right", "center"):
            if f"text-align:{side}" in style:
                align = side
        return Cell(
            self._inner(node),
            max(1, min(_integer(node.attributes.get("colspan"), 1), _MOST_SPAN)),
            max(1, min(_integer(node.attributes.get("rowspan"), 1), _MOST_SPAN)),
            node.tag == "th",
            align if align in {"right", "center"} else "",
        )

    def _inner(self, node: LexborNode) -> tuple[Run, ...]:
        """What a cell or caption says, its paragraphs one after the other."""
        builder = _Builder(self.base, self.links)
        builder.walk(node)
        self._numbers.update(builder._numbers)
        runs: list[Run] = []
        for block in builder.blocks:
            if runs:
                runs.append(Run("\n"))
            runs += [
                Run(gutter.mark.strip() + " ") for gutter in block.gutters if not gutter.quote and gutter.mark.strip()
            ]
            runs += block.runs
        return tuple(runs)


_Enter = Callable[[_Builder, LexborNode, list[Callable[[], None]]], bool]
_ENTER: Mapping[str, _Enter] = {
    "br": _Builder._break,
    "wbr": _Builder._wbr,
    "hr": _Builder._rule,
    "figcaption": _Builder._caption,
    "a": _Builder._anchor,
    "blockquote": _Builder._quote,
    "q": _Builder._inline_quote,
    "ul": _Builder._list,
    "ol": _Builder._list,
    "menu": _Builder._list,
    "li": _Builder._item,
    "dd": _Builder._definition,
    "pre": _Builder._preformatted,
    "img": _Builder._image,
    "sup": _Builder._raised,
    "sub": _Builder._raised,
    "rt": _Builder._ruby_text,
    "rp": _Builder._nothing,
    "input": _Builder._checkbox,
    "table": _Builder._table,
    **{f"h{level}": _Builder._title for level in range(1, 7)},
    **dict.fromkeys(_FRAMES, _Builder._frame),
}


def _is_data(table: LexborNode) -> bool:
    """Whether a table holds data rather than a page's layout."""
    if (
        table.css_first("table") is not table
        and table.css_first("table table, ul, ol, blockquote, pre, h1, h2, h3") is not None
    ):
        return False
    if table.attributes.get("role") == "presentation":
        return False
    rows = table.css("tr")
    widest = max((sum(1 for cell in row.iter() if cell.tag in {"td", "th"}) for row in rows), default=0)
    return widest > 1 and (len(rows) > 1 or table.css_first("th") is not None)


def _leads_to(block: Block, number: int) -> bool:
    return bool(block.runs) and block.runs[-1].link == number and not block.runs[-1].style & Style.NUMBER


def _trimmed(runs: list[Run]) -> list[Run]:
    """Without the line ends before and after: those belong to the markup."""
    kept = list(runs)
    while kept and not kept[0].text.strip("\n"):
        kept.pop(0)
    while kept and not kept[-1].text.strip():
        kept.pop()
    if kept:
        kept[0] = replace(kept[0], text=kept[0].text.lstrip("\n"))
        kept[-1] = replace(kept[-1], text=kept[-1].text.rstrip())
    return kept


def _end(stack: list[Any]) -> None:
    stack.pop()


def _integer(written: str | None, default: int) -> int:
    digits = (written or "").strip()
    return int(digits) if digits.removeprefix("-").isdigit() and len(digits) < 9 and digits.isascii() else default


def _roman(number: int) -> str:
    made = ""
    for value, letters in (
        (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"),
        (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
    ):  # fmt: skip
        made += letters * (number // value)
        number %= value
    return made
