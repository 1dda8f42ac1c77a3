"""What each element of HTML does to the flow of text."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from selectolax.lexbor import LexborNode

from tui_reader import urls
from tui_reader.document.blocks import Block, Cell, Gutter, Kind, Run, Style
from tui_reader.document.flow import Flow, Links, Target
from tui_reader.document.marks import ListMarks, integer
from tui_reader.document.tags import BLOCKS, DROPPED, FRAMES, LABELS, SIDED, STYLES
from tui_reader.text import clean, size, width

MOST_NODES = 400_000
DEEPEST = 40
"""Levels of quotes and lists that are shown as such; what lies deeper stands at the deepest."""

_SUBSCRIPTS = str.maketrans("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎")
_SUPERSCRIPTS = str.maketrans("0123456789+-−=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿ")
_ORDINALS = frozenset({"st", "nd", "rd", "th"})
_TINY = re.compile(r"^\s*[01](px)?\s*$")
_SOURCES = ("src", "data-src", "data-lazy-src", "data-original", "srcset", "data-srcset")
_MOST_SPAN = 100
_CELLS = frozenset({"td", "th"})
_ARRANGED = "table, ul, ol, blockquote, pre, h1, h2, h3"
"""What no cell of data holds. Asked of a table's children: a node would match itself by what is around it."""

Acts = list[Callable[[], None]]
"""What is to be done at the end of an element, the last first."""


class Builder(Flow):
    """Walks a tree and collects its blocks; relative links join `base`."""

    def __init__(self, base: str, links: Links | None = None) -> None:
        super().__init__(Links() if links is None else links)
        self.base = base
        self._lists: list[ListMarks] = []
        self._ids = 0

    # ------------------------------------------------------------ walking

    def walk(self, root: LexborNode) -> None:
        """Visit everything below `root` in document order."""
        leaving: list[tuple[LexborNode, Acts]] = []
        node = root.first_child
        left = MOST_NODES
        seen = 0
        while node is not None:
            if node.is_text_node:
                text = node.text_content or ""
                seen += len(text)
                self.text(text)
            else:
                left -= 1
                after = self._enter(node)
                child = node.first_child if after is not None else None
                if after is not None and child is not None:
                    leaving.append((node, after))
                    node = child
                    continue
                for act in reversed(after or ()):
                    act()
            while node.next is None or not left:
                if not leaving:
                    break
                node, acts = leaving.pop()
                for act in reversed(acts):
                    act()
            node = node.next if left else None
        self.flush()
        if not left:
            rest = size(max(len(root.text(deep=True)) - seen, 0))
            self.add(Kind.PARAGRAPH, (Run(f"… {rest} more; open the page to read it", Style.DIM),))

    def _enter(self, node: LexborNode) -> Acts | None:
        """Begin an element; what is to be done at its end, or None to pass over what it holds."""
        tag = node.tag or ""
        attributes = node.attributes
        if tag in DROPPED or "hidden" in attributes:
            return None
        after: Acts = []
        if tag in STYLES:
            self._restyle(STYLES[tag], after)
        if attributes.get("dir") in {"rtl", "ltr"} and tag in SIDED:
            self._turn(attributes.get("dir") == "rtl", after)
        begin = _ELEMENTS.get(tag)
        if begin is not None:
            return after if begin(self, node, after) else None
        if tag in BLOCKS:
            self.flush_inside()
            after.append(self.flush_inside)
        return after

    def _restyle(self, style: Style, after: Acts) -> None:
        before = self.style
        self.style = before | style

        def leave() -> None:
            self.style = before

        after.append(leave)

    def _turn(self, right: bool, after: Acts) -> None:
        before = self.right
        self.right = right

        def leave() -> None:
            self.right = before

        after.append(leave)

    # ------------------------------------------------------------ inline

    def _break(self, node: LexborNode, after: Acts) -> bool:
        self.line_end()
        return False

    def _anchor(self, node: LexborNode, after: Acts) -> bool:
        href = (node.attributes.get("href") or "").strip()
        url = href if href.startswith("mailto:") and urls.safe_to_open(href) else urls.join(self.base, href)
        if not url or href.startswith("#"):
            return True
        before = self.link
        target = self.link = Target(url, node.text(deep=True) or "")
        self._restyle(Style.LINK, after)

        def leave() -> None:
            self.number(target)
            self.link = before

        after.append(leave)
        return True

    def _inline_quote(self, node: LexborNode, after: Acts) -> bool:
        self.text("“")
        after.append(lambda: self.append("”"))
        return True

    def _raised(self, node: LexborNode, after: Acts) -> bool:
        table, sign = (_SUPERSCRIPTS, "^") if node.tag == "sup" else (_SUBSCRIPTS, "_")

        def small(text: str) -> str:
            made = text.translate(table)
            if all(ord(one) in table.values() or one.isspace() for one in made):
                return made
            if not text[0].isalnum() or (text.lower() in _ORDINALS and self.last().isdigit()):
                return text
            return sign + text

        if not self.changes and node.css_first("a") is None:
            self.changes.append(small)
            after.append(self.changes.clear)
        return True

    def _ruby_text(self, node: LexborNode, after: Acts) -> bool:
        self.append("(")
        after.append(lambda: self.append(")"))
        return True

    def _nothing(self, node: LexborNode, after: Acts) -> bool:
        return False

    def _checkbox(self, node: LexborNode, after: Acts) -> bool:
        if (node.attributes.get("type") or "").lower() == "checkbox":
            self.text("☑ " if "checked" in node.attributes else "☐ ")
        return False

    # ------------------------------------------------------------ blocks

    def _caption(self, node: LexborNode, after: Acts) -> bool:
        self.flush()
        self.tight = bool(self.blocks)
        after.append(self.flush)
        return True

    def _rule(self, node: LexborNode, after: Acts) -> bool:
        self.flush()
        self.add(Kind.RULE)
        return False

    def _quote(self, node: LexborNode, after: Acts) -> bool:
        self._indent("▎ ", after, quote=True)
        self._restyle(Style.QUOTED, after)
        return True

    def _indent(self, mark: str, after: Acts, *, quote: bool = False) -> None:
        """Let what the element holds stand behind `mark`."""
        self.flush()
        before = self.gutters
        if len(before) < DEEPEST:
            self._ids += 1
            self.gutters = (*before, Gutter(self._ids, mark, len(mark), quote))

        def leave() -> None:
            self.flush()
            self.gutters = before

        after.append(leave)

    def _list(self, node: LexborNode, after: Acts) -> bool:
        self.flush()
        self._lists.append(ListMarks(node, sum(not one.ordered for one in self._lists[-DEEPEST:])))
        self.tight = len(self._lists) > 1

        def leave() -> None:
            self.flush()
            self._lists.pop()
            self.tight = False

        after.append(leave)
        return True

    def _item(self, node: LexborNode, after: Acts) -> bool:
        self.flush()
        here = self._lists[-1] if self._lists else None
        mark = here.next(node.attributes.get("value")) if here else "• "
        self._indent(mark, after)
        self.tight = (here is not None and not here.first) or len(self._lists) > 1
        if here is not None:
            here.first = False
        return True

    def _term(self, node: LexborNode, after: Acts) -> bool:
        self.flush()
        before = node.prev
        while before is not None and before.tag in {"-text", "-comment"}:
            before = before.prev
        self.tight = before is not None and before.tag == "dt"
        after.append(self.flush)
        return True

    def _definition(self, node: LexborNode, after: Acts) -> bool:
        self._indent("    ", after)
        self.tight = True
        return True

    def _title(self, node: LexborNode, after: Acts) -> bool:
        self.flush()
        before, self.heading = self.heading, int((node.tag or "h1")[1])
        self._restyle(Style.HEADING, after)

        def leave() -> None:
            self.flush()
            self.heading = before

        after.append(leave)
        return True

    def _preformatted(self, node: LexborNode, after: Acts) -> bool:
        self.flush()
        self.preformatted += 1

        def leave() -> None:
            self.flush()
            self.preformatted -= 1

        after.append(leave)
        return True

    # ------------------------------------------------------------ pictures and embedded things

    def _image(self, node: LexborNode, after: Acts) -> bool:
        alt = clean(node.attributes.get("alt") or node.attributes.get("title") or "")
        url = self._source(node)
        tiny = any(_TINY.match(node.attributes.get(side) or "") for side in ("width", "height"))
        if tiny or not (url or alt):
            return False
        if url and alt and not alt.isascii() and width(alt) <= 2:
            self.text(alt)
        else:
            self._media(url, alt, "image")
        return False

    def _source(self, node: LexborNode) -> str:
        """Where a picture or an embedded thing is; pages that load late keep it out of `src`."""
        for name in _SOURCES:
            written = (node.attributes.get(name) or "").strip()
            if "srcset" in name:
                written = written.split(" ", 1)[0].rstrip(",")
            if url := urls.join(self.base, written):
                return url
        return ""

    def _frame(self, node: LexborNode, after: Acts) -> bool:
        source = node
        if node.tag in {"video", "audio"} and not self._source(node):
            source = node.css_first("source[src]") or node
        url = urls.join(self.base, node.attributes.get("data") or "") if node.tag == "object" else self._source(source)
        if url:
            self.flush_inside()
            title = clean(node.attributes.get("title") or "") or urls.short(url, 60)
            self._media(url, title, FRAMES[node.tag or ""])
            self.flush_inside()
        return node.tag == "object" and not url

    def _media(self, url: str, label: str, kind: str) -> None:
        """One labelled piece with its number; alone in its paragraph it becomes a line of its own. A picture in a link
        leads where the link does."""
        self.separate()
        around = self.link
        if around is None and url:
            self.link = Target(url, label, kind)
        elif around is not None and not around.text.strip():
            around.text = label
        self.append(f"{LABELS[kind]} {label}".rstrip(), Style.MEDIA)
        self.picture = url if kind == "image" else ""
        if around is None and self.link is not None:
            self.number(self.link)
        self.link = around
        self.space()

    # ------------------------------------------------------------ tables

    def _table(self, node: LexborNode, after: Acts) -> bool:
        self.flush_inside()
        if self.preformatted or not _is_data(node):
            after.append(self.flush_inside)
            return True
        rows: list[tuple[Cell, ...]] = []
        for part in node.css("tr, caption"):
            if part.tag == "caption":
                caption = tuple(replace(run, style=run.style | Style.DIM) for run in self._inner(part))
                if caption:
                    self.add(Kind.PARAGRAPH, caption)
                    self.tight = True
            elif cells := tuple(self._cell(cell) for cell in part.iter() if cell.tag in _CELLS):
                rows.append(cells)
        self.blocks.append(Block(Kind.TABLE, (), self.gutters, tight=self.tight, rows=tuple(rows)))
        self.tight = False
        return False

    def _cell(self, node: LexborNode) -> Cell:
        attributes = node.attributes
        align = (attributes.get("align") or "").lower()
        if "style" in attributes:
            style = (attributes["style"] or "").replace(" ", "").lower()
            align = next((side for side in ("right", "center") if f"text-align:{side}" in style), align)
        return Cell(
            self._inner(node),
            max(1, min(integer(attributes.get("colspan"), 1), _MOST_SPAN)),
            max(1, min(integer(attributes.get("rowspan"), 1), _MOST_SPAN)),
            node.tag == "th",
            align if align in {"right", "center"} else "",
        )

    def _inner(self, node: LexborNode) -> tuple[Run, ...]:
        """What a cell or caption says, its paragraphs one after the other."""
        builder = Builder(self.base, self.links)
        builder.style = self.style & ~Style.QUOTED
        builder.walk(node)
        runs: list[Run] = []
        for block in builder.blocks:
            if runs:
                runs.append(Run("\n"))
            runs += [
                Run(gutter.mark.strip() + " ") for gutter in block.gutters if not gutter.quote and gutter.mark.strip()
            ]
            runs += block.runs
        return tuple(runs)


_Begin = Callable[[Builder, LexborNode, Acts], bool]
_ELEMENTS: Mapping[str, _Begin] = {
    "br": Builder._break,
    "wbr": Builder._nothing,
    "hr": Builder._rule,
    "figcaption": Builder._caption,
    "a": Builder._anchor,
    "blockquote": Builder._quote,
    "q": Builder._inline_quote,
    "ul": Builder._list,
    "ol": Builder._list,
    "menu": Builder._list,
    "li": Builder._item,
    "dt": Builder._term,
    "dd": Builder._definition,
    "pre": Builder._preformatted,
    "img": Builder._image,
    "sup": Builder._raised,
    "sub": Builder._raised,
    "rt": Builder._ruby_text,
    "rp": Builder._nothing,
    "input": Builder._checkbox,
    "table": Builder._table,
    **{f"h{level}": Builder._title for level in range(1, 7)},
    **dict.fromkeys(FRAMES, Builder._frame),
}


def _is_data(table: LexborNode) -> bool:
    """Whether a table holds data rather than a page's layout."""
    if table.attributes.get("role") == "presentation":
        return False
    if any(child.css_first(_ARRANGED) is not None for child in table.iter()):
        return False
    rows = table.css("tr")
    widest = max((sum(1 for cell in row.iter() if cell.tag in _CELLS) for row in rows), default=0)
    return widest > 1 and (len(rows) > 1 or table.css_first("th") is not None)
