"""A document as HTML of our own making: only what was understood is written, so nothing in it runs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from itertools import groupby

from tui_reader.document.blocks import Block, Cell, Document, Gutter, Kind, Run, Style
from tui_reader.document.tags import LABELS

_TAGS = (
    (Style.STRONG, "strong"),
    (Style.EM, "em"),
    (Style.KBD, "kbd"),
    (Style.MARK, "mark"),
    (Style.INSERTED, "ins"),
    (Style.DELETED, "del"),
    (Style.DIM, "small"),
)


def to_html(document: Document) -> str:
    """The document as the inside of a page's body, a block a line."""
    return "\n".join(_blocks(document.blocks, 0, document)) + "\n"


def _blocks(blocks: Iterable[Block], depth: int, document: Document) -> Iterator[str]:
    """Blocks that stand in the same `depth` of quotes and lists, with what is nested deeper."""
    open_list = ""
    for gutter, group in groupby(blocks, lambda block: _gutter(block, depth)):
        inside = list(group)
        kind = _list_of(gutter)
        if open_list and kind != open_list:
            yield f"</{open_list}>"
        if kind and kind != open_list:
            yield f"<{kind}>"
        open_list = kind
        if gutter is None:
            yield from (_block(block, document) for block in inside)
            continue
        body = "\n".join(_blocks(inside, depth + 1, document))
        if kind:
            digits = gutter.mark.strip().rstrip(".")
            number = f' value="{digits}"' if kind == "ol" and digits.isdigit() else ""
            yield f"<li{number}>{body}</li>"
        else:
            tag = "blockquote" if gutter.quote else "div"
            yield f"<{tag}>\n{body}\n</{tag}>"
    if open_list:
        yield f"</{open_list}>"


def _gutter(block: Block, depth: int) -> Gutter | None:
    return block.gutters[depth] if depth < len(block.gutters) else None


def _list_of(gutter: Gutter | None) -> str:
    """The list that a mark belongs to, "" for a quote's bar and for mere room."""
    if gutter is None or gutter.quote or not gutter.mark.strip():
        return ""
    return "ol" if gutter.mark.rstrip().endswith(".") else "ul"


def _block(block: Block, document: Document) -> str:
    match block.kind:
        case Kind.RULE:
            return "<hr>"
        case Kind.CODE:
            named = f' class="language-{escape(block.language)}"' if block.language else ""
            code = _inline(block.runs, document, line_end="\n")
            return f"<pre><code{named}>{code}</code></pre>"
        case Kind.TABLE:
            return _table(block.rows, document)
        case Kind.HEADING:
            return f"<h{block.level}>{_inline(block.runs, document, besides=Style.HEADING)}</h{block.level}>"
        case Kind.PARAGRAPH:
            side = ' dir="rtl"' if block.right else ""
            return f"<p{side}>{_inline(block.runs, document)}</p>"


def _table(rows: Sequence[Sequence[Cell]], document: Document) -> str:
    lines = ("".join(_cell(cell, document) for cell in row) for row in rows)
    return "<table>\n{}\n</table>".format("\n".join(f"<tr>{line}</tr>" for line in lines))


def _cell(cell: Cell, document: Document) -> str:
    tag = "th" if cell.header else "td"
    spans = "".join(f' {name}="{n}"' for name, n in (("colspan", cell.columns), ("rowspan", cell.rows)) if n > 1)
    side = f' style="text-align: {cell.align}"' if cell.align else ""
    return f"<{tag}{spans}{side}>{_inline(cell.runs, document)}</{tag}>"


def _inline(runs: Iterable[Run], document: Document, *, besides: Style = Style.PLAIN, line_end: str = "<br>\n") -> str:
    made: list[str] = []
    for number, group in groupby(runs, lambda run: run.link if run.link is not None and run.link > 0 else None):
        pieces = [run for run in group if not run.style & Style.NUMBER]
        if number is None:
            made += [_styled(run, besides, line_end) for run in pieces]
            continue
        url = escape(document.links[number - 1].url)
        if len(pieces) == 1 and _is_picture(pieces[0]):
            made.append(f'<img src="{url}" alt="{escape(pieces[0].text.removeprefix(LABELS["image"]).strip())}">')
        elif pieces:
            made.append(f'<a href="{url}">{"".join(_styled(run, besides, line_end) for run in pieces)}</a>')
    return "".join(made)


def _is_picture(run: Run) -> bool:
    return bool(run.style & Style.MEDIA) and not run.style & Style.LINK and run.text.startswith(LABELS["image"])


def _styled(run: Run, besides: Style, line_end: str) -> str:
    text = escape(run.text)
    if run.style & Style.CODE:
        text = f"<code>{text}</code>"
    else:
        text = text.replace("\n", line_end)
    for style, tag in _TAGS:
        if run.style & ~besides & style:
            text = f"<{tag}>{text}</{tag}>"
    return text
