"""No word is lost and none changes its place, whatever the markup; and bad input costs no more than what is shown."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.unit.document.drawn import document, drawn
from tests.visible import lost_between, lost_in_lines
from tui_reader.document import table, wrap
from tui_reader.document.blocks import Block, Kind, Line
from tui_reader.document.elements import DEEPEST
from tui_reader.document.layout import LEAST, lines
from tui_reader.text import graphemes, width

SAMPLES = [
    "<p>One <b>two</b>three<i> four</i> five</p><p>six<br>seven</p>eight",
    "<form action=/post><div id=wrap><h1>Title</h1><p>All of an article <input name=q> in a form</p></div></form>",
    "<form><label>Search <input name=q></label><select><option>a</select><button>Go</button><textarea>b</textarea></form>",
    "<form><ul><li>a<input type=checkbox> b</ul><table><tr><td>c<td>d<tr><td>e<td>f</table></form>g",
    "<ol type=a><li>a<ol type=i><li>b<p>c</p></ol></ol><ul><li><blockquote>d<pre>e\n  f</pre></blockquote></ul>",
    "<table><caption>Cap</caption><tr><th>a<th>b<tr><td>c<td>d</table>",
    "<table><tr><td>c<td>d<tr><td>e<td>f<caption>Late</caption></table>",
    "<table><thead><tr><th>a<th>b<tbody><tr><td rowspan=2>c<td>d<tr><td>e<tfoot><tr><td colspan=2>f</table>",
    "<table><tr><td>a<td><ol type=a><li>b<li>c</ol><tr><td>d<td>e</table>",
    "<table><tr><td>a<td>b<tr hidden><td>c<td>d<tr><td>e<td hidden>f</table>",
    "<table><tbody hidden><tr><td>a<td>b<tr><td>c<td>d</table><p>e",
    "<table>" + "<tr>" + "".join(f"<th>name{n}" for n in range(9)) + "<tr>" + "<td>some longer words" * 9 + "</table>",
    "<table><tr><td>" + "words that wrap " * 20 + "<td>" + "beside others " * 20 + "<tr><td>end<td>here</table>",
    "<table>stray<tr><td>a<td>b<p>text</p></tr>between<tr><td>c<td>d</table>after",
    "<dialog>unseen</dialog><dialog open>seen</dialog>",
    "<xmp>a <b>c</b></xmp><listing>d\n  e</listing><p>f</p>",
    "<noframes><p>a</p></noframes><noembed>b</noembed>c<datalist><option>d</datalist>",
    "<noscript><p>a</p></noscript><details><summary>b</summary>c</details><progress>d</progress>",
    "<rt>word</rt><!-- x --><rt>word</rt> <rt>word",
    "<p>漢<ruby>字<rp>(</rp><rt>じ</rt><rp>)</rp></ruby>と日本語の文章、とても長い文章です。" * 4,
    "<p dir=rtl>שלום עולם and English</p><p>مرحبا بالعالم 12 شيء</p>",
    "<p>👨‍👩‍👧 family 🇩🇪 e&#x301; caf&eacute; &lt;b&gt;not bold&lt;/b&gt; &amp;amp; &nbsp;x&shy;y z&#8203;w",
    "<b><p>mis</b>nested</p><i><div>a</i>b</div><a href=/x>c<p>d</a>e",
    "<ul><b><li>a</b><li>b</ul><p>c<ul><li>d</p>e</ul></blockquote>f</td>g",
    "<select><p>a</select>b<svg><text>c</text></svg>d<math><mi>e</mi><mo>+</mo><annotation>f</annotation></math>g",
    "<p>a<sub>n</sub> b<sup>th</sup> 1<sup>st</sup> <q>q</q> <kbd>Ctrl</kbd><kbd>C</kbd> <del>gone</del><ins>come</ins>",
    "<pre>" + "long line of code " * 30 + "\n\tx\n<b>bold</b> <a href=/x>link</a></pre>",
    "<h1>a<br>b</h1><h2>c<p>d</p></h2><dl><dt>e<dt>f<dd>g<p>h</dl><figure><img src=/x alt=alt><figcaption>i</figcaption>j</figure>",
    "<frameset><frame src=/x><noframes>a</noframes></frameset>",
    "text </p> of <br/> nothing <unknown>known</unknown> <o:p>word</o:p> a<wbr>b a<!-- c -->b",
    "<video>none</video><audio src=/a.mp3>none</audio><iframe src=/f>none</iframe><object>held</object><canvas>none</canvas>a",
    "<a href=/x>" + "supercalifragilistic" * 20 + "</a> <code>" + "identifier_of_some_length" * 9 + "</code>",
    "<h1>" + "<blockquote><ul><li>deep " * 60 + "end",
]  # fmt: skip


def lost(html: str, columns: Sequence[int] = (LEAST, 30, 72, 4000)) -> list[str]:
    found = document(html)
    return [*lost_between(html, found), *(one for size in columns for one in lost_in_lines(found, size))]


@pytest.mark.parametrize("html", SAMPLES)
def test_every_word_in_its_place(html: str) -> None:
    assert lost(html) == []


def test_a_page_in_a_form_is_shown_without_the_controls() -> None:
    html = "<form><h1>A</h1><p>b</p><label>Mail <input name=m></label><button>Send</button></form>"
    assert drawn(html) == ["A", "", "b", "", "Mail"]


def test_hidden_rows_and_cells_are_not_shown() -> None:
    html = "<table><tr><td>a<td hidden>b<td>c<tr hidden><td>d<td>e<tr><td>f<td>g</table>"
    assert drawn(html) == ["a │ c", "f │ g"]


def test_a_table_of_nothing_is_nothing() -> None:
    assert drawn("a<table><tr><td> <td><tr><td><td></table>b") == ["a", "", "b"]


def test_the_first_record_has_every_name_and_names_keep_their_links() -> None:
    html = "<table><tr><th>Name<th><a href=/n>Note</a><tr><td>some words<tr><td>more words<td>here</table>"
    assert drawn(html, 12) == ["Name: some", "words", "Note[1]:", "┄" * 12, "Name: more", "words", "Note[1]:", "here"]
    linked = [run for line in lines(document(html), 12) for run in line.runs if run.link == 1]
    assert [run.text for run in linked] == ["Note", "[1]"] * 2


def test_a_caption_between_rows_stays_there() -> None:
    html = "<table><tr><td>a<td>b<tr><td>c<td>d<caption>late</caption><tr><td>e<td>f</table>"
    assert drawn(html) == ["a │ b", "c │ d", "", "late", "e │ f"]


# ---------------------------------------------------------------- generated pages

TEXTS = st.sampled_from(
    ["word", "two words", "日本語の文章です。", "שלום", "مرحبا", "👨‍👩‍👧 family", "e\u0301clair", "x" * 120, "a-b", "한국어 글",
     "caf&eacute;", "&lt;b&gt;", "&amp;amp;", "a&nbsp;b", "a\tb", "\n", " ", "1. x", "# y", "&#8203;", "Straße", "ﬁne", "२ हिन्दी"]
)  # fmt: skip
TAGS = st.sampled_from(
    ["p", "div", "section", "b", "i", "em", "u", "code", "kbd", "pre", "blockquote", "ul", "ol", "ol type=a start=3", "li", "dl",
     "dt", "dd", "h1", "h4", "table", "tbody", "thead", "tr", "td", "th", "td colspan=3", "td rowspan=2", "th colspan=2 rowspan=3",
     "td align=right", "caption", "figure", "figcaption", "a href=/x", "a href=/y", "a href='#z'", "q", "span", "small",
     "p dir=rtl", "div dir=ltr", "details", "summary", "form", "label", "fieldset", "nonsense", "center", "font", "mark", "del",
     "button", "svg", "p hidden", "td hidden", "tr hidden", "dialog", "dialog open", "template", "object", "ruby", "rt", "noscript"]
)  # fmt: skip
VOID = st.sampled_from(
    [
        "<br>",
        "<hr>",
        "<wbr>",
        "<input>",
        "<input type=checkbox>",
        "<img src=/i alt=pic>",
        "</p>",
        "</b>",
        "</table>",
        "</li>",
    ]
)
ENDS = st.sampled_from(["closed", "open", "crossed"])


def _element(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    def made(tag: str, held: list[str], end: str) -> str:
        name = tag.split()[0]
        if end == "crossed":
            return f"<i><{tag}>{''.join(held)}</i></{name}>"
        return f"<{tag}>{''.join(held)}" + (f"</{name}>" if end == "closed" else "")

    return st.builds(made, TAGS, st.lists(inner, max_size=4), ENDS)


def _grid(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """A table as tables are: rows of cells, some over several columns and rows."""
    cell = st.tuples(st.sampled_from(["td", "th", "td colspan=2", "td rowspan=2", "th colspan=30"]), inner)
    row = st.lists(cell.map(lambda parts: f"<{parts[0]}>{parts[1]}"), min_size=1, max_size=5).map("".join)
    return st.lists(row.map(lambda cells: f"<tr>{cells}"), min_size=1, max_size=4).map(
        lambda rows: f"<table>{''.join(rows)}</table>"
    )


def _deeper(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return _element(inner) | _grid(inner)


MADE_UP = int(os.environ.get("TUI_READER_FUZZ", "100"))
"""How many pages are made up."""
PAGES = st.lists(st.recursive(TEXTS | VOID, _deeper, max_leaves=25), max_size=6).map("".join)


@settings(max_examples=MADE_UP, deadline=None)
@given(PAGES, st.integers(LEAST, 100))
def test_any_page_keeps_its_words_in_order(html: str, columns: int) -> None:
    assert lost(html, (columns,)) == []


@settings(max_examples=MADE_UP, deadline=None)
@given(PAGES, st.integers(LEAST, 100))
def test_any_page_keeps_within_its_width_and_is_always_the_same(html: str, columns: int) -> None:
    found = document(html)
    first = list(lines(found, columns))
    assert [line.text for line in first if width(line.text) > columns or "\n" in line.text] == []
    assert list(lines(document(html), columns)) == first
    assert [link.number for link in found.links] == list(range(1, len(found.links) + 1))
    told = {run.link for line in first for run in line.runs if run.link is not None}
    assert told == {link.number for link in found.links}


# ---------------------------------------------------------------- bad input

SCREEN = 60


class Counted(tuple[Block, ...]):
    """Blocks that count how many of them were asked for."""

    asked = 0

    def __iter__(self) -> Iterator[Block]:
        for block in super().__iter__():
            self.asked += 1
            yield block


@dataclass
class Work:
    """What was done for the lines that were asked for."""

    blocks: Counted
    first: list[Line] = field(default_factory=list)
    rows: int = 0
    words: int = 0
    clusters: int = 0


FirstScreen = Callable[..., Work]


@pytest.fixture
def first_screen(monkeypatch: pytest.MonkeyPatch) -> FirstScreen:
    """A function from a page to the work that its first screen takes."""

    def look(html: str, columns: int = 80) -> Work:
        whole = document(html)
        work = Work(Counted(whole.blocks))
        row, words = table._row, wrap._words

        def counted_row(*arguments: object) -> Iterator[Line]:
            work.rows += 1
            return row(*arguments)

        def counted_words(*arguments: object) -> Iterator[object]:
            for word in words(*arguments):
                work.words += 1
                yield word

        def counted_clusters(text: str) -> list[tuple[int, int, int]]:
            work.clusters += len(text)
            return graphemes(text)

        with monkeypatch.context() as patch:
            patch.setattr(table, "_row", counted_row)
            patch.setattr(wrap, "_words", counted_words)
            patch.setattr(wrap, "graphemes", counted_clusters)
            work.first = list(islice(lines(replace(whole, blocks=work.blocks), columns), SCREEN))
        assert all(width(line.text) <= columns for line in work.first)
        return work

    return look


def test_two_thousand_paragraphs(first_screen: FirstScreen) -> None:
    work = first_screen("<p>some words of a paragraph</p>" * 2000)
    assert (len(work.blocks), len(work.first)) == (2000, SCREEN)
    assert work.blocks.asked <= SCREEN // 2 + 1


def test_a_grid_of_five_hundred_rows(first_screen: FirstScreen) -> None:
    html = "<table>" + ("<tr>" + "<td>cell" * 20) * 500 + "</table>"
    assert first_screen(html, 200).rows == SCREEN
    assert first_screen(html, 80).words <= SCREEN + 1  # too wide for a grid: one cell a line


def test_five_thousand_links(first_screen: FirstScreen) -> None:
    work = first_screen("<p>" + "".join(f"<a href='/{n}'>link</a> " for n in range(5000)))
    assert len(work.first) == SCREEN
    assert work.words < 60 * SCREEN
    listed = first_screen("<ul>" + "".join(f"<li><a href='/{n}'>link</a>" for n in range(5000)) + "</ul>")
    assert listed.blocks.asked == SCREEN


@pytest.mark.parametrize("unit", ["x", "word ", "日本", "e\u0301", "a-b-"])
@pytest.mark.parametrize("around", ["p", "pre", "h1"])
def test_a_line_of_a_megabyte(first_screen: FirstScreen, around: str, unit: str) -> None:
    work = first_screen(f"<{around}>{unit * (1_000_000 // len(unit))}")
    assert len(work.first) == SCREEN
    assert work.words < 100 * SCREEN
    assert work.clusters < 20_000


@pytest.mark.parametrize(
    "tag", ["div", "blockquote", "ul><li", "b", "form", "table><tr><td", "span", "a href=/x", "dialog open"]
)
def test_ten_thousand_nested_tags(first_screen: FirstScreen, tag: str) -> None:
    work = first_screen(f"<{tag}>" * 10_000 + "words")
    assert "words" in "".join(line.text for line in work.first).replace(" ", "")
    assert work.blocks.asked <= 2
    assert all(len(block.gutters) <= DEEPEST for block in work.blocks)


def test_the_kinds_that_are_laid_out_by_rows_and_words_are_all() -> None:
    """A new kind of block needs its own proof that its first lines do not cost the whole."""
    assert set(Kind) == {Kind.PARAGRAPH, Kind.HEADING, Kind.CODE, Kind.TABLE, Kind.RULE}
