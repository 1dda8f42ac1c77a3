"""What each element of HTML does to the flow of text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from urllib.parse import unquote

from msgspec.structs import replace
from selectolax.lexbor import LexborNode

from tui_reader import urls
from tui_reader.document.blocks import Block, Cell, Gutter, Kind, Run, Style
from tui_reader.document.flow import Flow, Links, Target
from tui_reader.document.formula import formula, grouped, lowered, raised
from tui_reader.document.marks import ListMarks, integer, language
from tui_reader.document.tags import BLOCKS, DROPPED, FRAMES, LABELS, SIDED, STYLED, STYLES
from tui_reader.text import clean, size, width

MOST_NODES = 400_000
DEEPEST = 40
"""Levels of quotes and lists that are shown as such; what lies deeper stands at the deepest."""

_ORDINALS = frozenset({"st", "nd", "rd", "th"})
_TINY = re.compile(r"^\s*[01](px)?\s*$")
_SOURCES = ("src", "data-src", "data-lazy-src", "data-original", "srcset", "data-srcset")
_SIGNS = frozenset({"", "#", "¶", "§", "🔗", "⚓"})
"""What a heading's link to itself shows."""
_IN_BRACKETS = re.compile(r"\([^()]*\)")
"""What a formula should not be broken in."""
_SUMS = re.compile("[-+−=*/×]")
_NOT_SEEN = re.compile(r"display:none.*(max-height:0|opacity:0|mso-hide:all|font-size:[01](px)?(;|$))", re.DOTALL)
"""The style of a mail's preview text, which is in the letter only for the list of letters."""
_DECLARED = re.compile(r"(?:^|[;\s])(font-weight|font-style|text-decoration(?:-line)?)\s*:\s*([^;]+)")
_MEANT = {
    "font-weight": (Style.STRONG, re.compile("bold|[6-9]00"), re.compile("normal|[1-5]00")),
    "font-style": (Style.EM, re.compile("italic|oblique"), re.compile("normal")),
    **dict.fromkeys(
        ("text-decoration", "text-decoration-line"), (Style.DELETED, re.compile(".*line-through"), re.compile(r"(?!)"))
    ),
}
"""What a declaration means, and which values say so or say that it is not so."""
_MOST_SPAN = 100
_MOST_WRAPPED = 5
_CELLS = frozenset({"td", "th"})
_ROWS = frozenset({"tr"})
_PARTS = frozenset({"tr", "thead", "tbody", "tfoot", "caption"})
_ARRANGED = "table, ul, ol, blockquote, pre, h1, h2, h3"
"""What no cell of data holds. Asked of a table's children: a node would match itself by what is around it."""

Acts = list[Callable[[], None]]
"""What is to be done at the end of an element, the last first."""


class Builder(Flow):
    """Walks a tree and collects its blocks; relative links join `base`."""

    def __init__(self, base: str, links: Links | None = None, named: frozenset[str] | None = None) -> None:
        super().__init__(Links() if links is None else links)
        self.base = base
        self.anchors: dict[str, int] = {}
        """Where in the document its named elements are: the places of their blocks."""
        self._named = named
        self._lists: list[ListMarks] = []
        self._ids = 0
        self._quotes = 0
        self._lined: dict[int, bool] = {}

    # ------------------------------------------------------------ walking

    def walk(self, root: LexborNode) -> None:
        """Visit everything below `root` in document order."""
        if self._named is None:
            self._named = frozenset(_name(node) for node in root.css("[id], a[name]"))
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
        if tag in DROPPED or _is_hidden(node):
            return None
        if ("style" in attributes or "aria-hidden" in attributes) and _is_unseen(node):
            return None
        after: Acts = []
        if tag in STYLES:
            self._restyle(STYLES[tag], after)
        if tag in STYLED and "style" in attributes:
            self._restyle_as(attributes["style"] or "", after)
        if attributes.get("dir") in {"rtl", "ltr"} and tag in SIDED:
            self._turn(attributes.get("dir") == "rtl", after)
        begin = _ELEMENTS.get(tag)
        goes_in = True
        before = len(self.blocks)
        if begin is not None:
            goes_in = begin(self, node, after)
            if not goes_in:
                for act in reversed(after):
                    act()
        elif tag in BLOCKS:
            self.flush_inside()
            if tag == "div" and self._is_line(node):
                self.tight = True
                after.append(self._end_tight)
            after.append(self.flush_inside)
        if "id" in attributes or "name" in attributes:
            done = not goes_in and len(self.blocks) > before
            self.anchors.setdefault(_name(node), len(self.blocks) - done)
        return after if goes_in else None

    def _is_line(self, node: LexborNode) -> bool:
        """Whether a division is only a line: editors that make one of each line make an empty one for a gap."""
        before, parent = _before(node), node.parent
        if before is None or before.tag != "div" or parent is None or _is_gap(before):
            return False
        if parent.mem_id not in self._lined:
            self._lined[parent.mem_id] = any(child.tag == "div" and _is_gap(child) for child in parent.iter())
        return self._lined[parent.mem_id]

    def _end_tight(self) -> None:
        self.tight = False

    def _restyle(self, style: Style, after: Acts) -> None:
        before = self.style
        self.style = before | style

        def leave() -> None:
            self.style = before

        after.append(leave)

    def _restyle_as(self, written: str, after: Acts) -> None:
        """What a style says about weight and slant, as office programs write it instead of elements."""
        on, off = _declared(written)
        before = self.style
        self.style = (before | on) & ~off

        def leave() -> None:
            self.style = before

        if self.style != before:
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
        if (
            self.heading
            and "#" in href
            and (node.text(deep=True) or "").strip() in _SIGNS
            and not node.css_first("img")
        ):
            return False
        page, _, fragment = url.partition("#") if url else ("", "", href.removeprefix("#"))
        inside = bool(fragment) and (href.startswith("#") or page == self.base.partition("#")[0])
        if inside and unquote(fragment) in (self._named or ()):
            target = Target(f"#{fragment}", node.text(deep=True) or "")
            target.number = self.links.number_inside(unquote(fragment), target.text)
        elif not url or href.startswith("#"):
            return True
        else:
            target = Target(url, node.text(deep=True) or "")
        before, self.link = self.link, target
        self._restyle(Style.LINK, after)

        def leave() -> None:
            self.number(target)
            self.link = before

        after.append(leave)
        return True

    def _inline_quote(self, node: LexborNode, after: Acts) -> bool:
        opening, closing = "“”" if self._quotes % 2 == 0 else "‘’"
        self.text(opening)
        self._quotes += 1

        def leave() -> None:
            self.append(closing)
            self._quotes -= 1

        after.append(leave)
        return True

    def _raised(self, node: LexborNode, after: Acts) -> bool:
        set_small, sign = (raised, "^") if node.tag == "sup" else (lowered, "_")

        def small(text: str) -> str:
            made = set_small(text)
            if made is not None:
                return made
            if not text[0].isalnum() or (text.lower() in _ORDINALS and self.last().isdigit()):
                return text
            return sign + (grouped(text) if _SUMS.search(text) else text)

        if not self.changes and node.css_first("a:not([href^='#'])") is None:
            self.changes.append(small)
            after.append(self.changes.clear)
        return True

    def _ruby_text(self, node: LexborNode, after: Acts) -> bool:
        if not _is_reading(_before(node)):
            self.append("(")
        if not _is_reading(_after(node)):
            after.append(lambda: self.append(")"))
        return True

    def _formula(self, node: LexborNode, after: Acts) -> bool:
        if (node.attributes.get("display") or "") == "block":
            self.flush_inside()
            after.append(self.flush_inside)
        self.text(_IN_BRACKETS.sub(lambda found: found[0].replace(" ", "\u00a0"), formula(node)))
        return False

    def _without_scripts(self, node: LexborNode, after: Acts) -> bool:
        """A picture alone for those without scripts is the one before it again."""
        if node.css_first("img") is None or (node.text(deep=True) or "").strip():
            return True
        before = _before(node)
        if before is not None and before.tag != "img":
            before = before.css_first("img")
        return before is None or not self._source(before)

    def _nothing(self, node: LexborNode, after: Acts) -> bool:
        return False

    def _checkbox(self, node: LexborNode, after: Acts) -> bool:
        if (node.attributes.get("type") or "").lower() == "checkbox":
            self.text("☑ " if "checked" in node.attributes else "☐ ")
        return False

    # ------------------------------------------------------------ blocks

    def _caption(self, node: LexborNode, after: Acts) -> bool:
        self.flush()
        figure = node.parent
        gallery = figure is not None and any(child.tag == "figure" for child in figure.iter())
        self.tight = bool(self.blocks) and not gallery
        after.append(self.flush)
        return True

    def _rule(self, node: LexborNode, after: Acts) -> bool:
        self.flush()
        last = self.blocks[-1] if self.blocks else None
        if last is None or last.kind is not Kind.RULE or last.gutters != self.gutters:
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
        self._lists.append(ListMarks(node, sum(not one.ordered for one in self._lists[-DEEPEST:]), len(self.blocks)))
        self.tight = self._lists[-1].tight = self.tight or len(self._lists) > 1

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
        self.tight = here is not None and here.follows_at_once(self.blocks)
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
        if _are_line_numbers(node):
            return False
        self.flush()
        self.preformatted += 1
        before, self.language = self.language, language(node) or self.language

        def leave() -> None:
            self.flush()
            self.preformatted -= 1
            self.language = before

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
        if self.preformatted:
            self.append(" ")
        else:
            self.loose_space()

    # ------------------------------------------------------------ tables

    def _table(self, node: LexborNode, after: Acts) -> bool:
        self.flush_inside()
        if self.preformatted or not _is_data(node):
            after.append(self.flush_inside)
            return True
        for named in node.css("[id], a[name]"):
            self.anchors.setdefault(_name(named), len(self.blocks))
        rows: list[tuple[Cell, ...]] = []
        for part in _seen(node, _PARTS):
            if part.tag == "caption":
                self._end_table(rows)
                caption = tuple(replace(run, style=run.style | Style.DIM) for run in self._inner(part))
                if caption:
                    self.add(Kind.PARAGRAPH, caption)
                    self.tight = True
            else:
                found = (tuple(self._cell(cell) for cell in _seen(row, _CELLS)) for row in _rows(part))
                rows += [row for row in found if row]
        self._end_table(rows)
        return False

    def _end_table(self, rows: list[tuple[Cell, ...]]) -> None:
        """Add the rows found so far as a table, unless they hold nothing."""
        if any(cell.runs for row in rows for cell in row):
            self.blocks.append(Block(Kind.TABLE, (), self.gutters, tight=self.tight, rows=tuple(rows)))
        self.tight = False
        rows.clear()

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
        builder = Builder(self.base, self.links, self._named)
        builder.style = self.style & ~Style.QUOTED
        builder.walk(node)
        runs: list[Run] = []
        for block in builder.blocks:
            if runs:
                runs.append(Run("\n"))
            runs += [
                Run(gutter.mark.strip() + " ", Style.GUTTER)
                for gutter in block.gutters
                if not gutter.quote and gutter.mark.strip()
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
    **dict.fromkeys(("pre", "xmp", "listing", "plaintext"), Builder._preformatted),
    "img": Builder._image,
    "sup": Builder._raised,
    "sub": Builder._raised,
    "rt": Builder._ruby_text,
    "rp": Builder._nothing,
    "math": Builder._formula,
    "noscript": Builder._without_scripts,
    "input": Builder._checkbox,
    "table": Builder._table,
    **{f"h{level}": Builder._title for level in range(1, 7)},
    **dict.fromkeys(FRAMES, Builder._frame),
}


def _name(node: LexborNode) -> str:
    return node.attributes.get("id") or node.attributes.get("name") or ""


def _is_hidden(node: LexborNode) -> bool:
    """Whether a page says that an element is not to be seen."""
    return "hidden" in node.attributes or (node.tag == "dialog" and "open" not in node.attributes)


def _seen(node: LexborNode, tags: frozenset[str]) -> Iterator[LexborNode]:
    """The children of these kinds that are to be seen."""
    return (child for child in node.iter() if child.tag in tags and not _is_hidden(child))


def _rows(part: LexborNode) -> Iterator[LexborNode]:
    """The rows in a part of a table, which may be one itself."""
    return iter((part,)) if part.tag == "tr" else _seen(part, _ROWS)


def _is_data(table: LexborNode) -> bool:
    """Whether a table holds data rather than a page's layout."""
    if table.attributes.get("role") == "presentation":
        return False
    if any(child.css_first(_ARRANGED) is not None for child in table.iter()):
        return False
    rows = [row for part in _seen(table, _PARTS) for row in _rows(part)]
    widest = max((sum(1 for _ in _seen(row, _CELLS)) for row in rows), default=0)
    return widest > 1 and (len(rows) > 1 or table.css_first("th") is not None)


@lru_cache(maxsize=256)
def _declared(written: str) -> tuple[Style, Style]:
    """What a style says there is, and what it says there is not."""
    on = off = Style.PLAIN
    for name, value in _DECLARED.findall(written.lower()):
        meant, more, less = _MEANT[name]
        if more.match(value):
            on |= meant
        elif less.match(value):
            off |= meant
    return on, off


def _before(node: LexborNode) -> LexborNode | None:
    """The element before this one, unless there is text between them."""
    before = node.prev
    while before is not None and (before.tag == "-comment" or _is_blank(before)):
        before = before.prev
    return before


def _after(node: LexborNode) -> LexborNode | None:
    """The element after this one, unless there is text between them."""
    following = node.next
    while following is not None and (following.tag == "-comment" or _is_blank(following)):
        following = following.next
    return following


def _is_blank(node: LexborNode) -> bool:
    return node.is_text_node and not (node.text_content or "").strip(" \t\n\f\r")


def _is_reading(node: LexborNode | None) -> bool:
    return node is not None and node.tag == "rt"


def _is_gap(node: LexborNode) -> bool:
    """Whether an element is an empty line: a line end or a no-break space and nothing else, however wrapped."""
    for _ in range(_MOST_WRAPPED):
        inner = node.first_child
        if inner is None or inner.next is not None:
            return False
        if inner.tag == "br":
            return True
        if inner.is_text_node:
            return (inner.text_content or "").strip(" \n") == "\u00a0"
        node = inner
    return False


def _is_unseen(node: LexborNode) -> bool:
    """Whether a browser would not show an element, or it is the second form of a formula."""
    if _NOT_SEEN.search((node.attributes.get("style") or "").replace(" ", "").lower()):
        return True
    if (node.attributes.get("aria-hidden") or "").lower() != "true":
        return False
    before = _before(node)
    return before is not None and (before.tag == "math" or before.css_first("math") is not None)


def _are_line_numbers(node: LexborNode) -> bool:
    """Whether preformatted text is the numbers of the lines of what stands in the next cell."""
    cell = node.parent
    while cell is not None and cell.tag not in _CELLS and cell.first_child is not None and cell.tag in {"div", "code"}:
        cell = cell.parent
    if cell is None or cell.tag not in _CELLS:
        return False
    beside = _after(cell)
    if beside is None or beside.css_first("pre") is None:
        return False
    numbers = (node.text(deep=True) or "").split()
    return (
        bool(numbers)
        and all(one.isdigit() for one in numbers)
        and int(numbers[-1]) - int(numbers[0]) == len(numbers) - 1
    )
