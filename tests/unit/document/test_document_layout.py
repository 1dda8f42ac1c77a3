"""Blocks to lines: wrapping, tables, scripts of the world, and what holds for any markup at any width."""

from __future__ import annotations

import re
from itertools import islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.document.drawn import document, drawn
from tests.visible import within
from tui_reader.document import wrap
from tui_reader.document.blocks import Run, Style
from tui_reader.document.export import to_markdown, to_text
from tui_reader.document.layout import LEAST, lines
from tui_reader.document.wrap import wrapped
from tui_reader.text import clean, graphemes, width

# ---------------------------------------------------------------- wrapping


def test_words_go_to_the_next_line() -> None:
    assert drawn("<p>one two three four five</p>", 13) == ["one two three", "four five"]


def test_a_word_wider_than_a_line_is_cut() -> None:
    assert drawn("<p>see https://blog.example/long for it</p>", 12) == [
        "see",
        "https://blog",
        ".example/",
        "long for it",
    ]


def test_a_style_in_a_word_does_not_break_it() -> None:
    assert drawn("<p>aaaa b<b>bb</b>b cccc</p>", 9) == ["aaaa bbbb", "cccc"]
    assert drawn("<p>aaaa b<b>bb</b>b cccc</p>", 8) == ["aaaa", "bbbb", "cccc"]


def test_words_held_together_give_way_when_they_are_wider_than_a_line() -> None:
    assert drawn("<p>see one&nbsp;two now</p>", 8) == ["see", "one\u00a0two", "now"]
    assert drawn("<p>see one&nbsp;<b>two</b>&nbsp;three</p>", 8) == ["see one", "two", "three"]


def test_a_line_may_end_after_a_dash_between_words_but_not_in_code_or_an_address() -> None:
    assert drawn("<p>ready—steady well-being</p>", 8) == ["ready—", "steady", "well-", "being"]
    assert drawn("<p>ab <code>well-being</code></p>", 11) == ["ab", "well-being"]
    assert drawn("<p>x https://ab-cd.example</p>", 21)[1] == "https://ab-cd.example"
    assert drawn("<p>to -5 or e-mail or --flag</p>", 9) == ["to -5 or", "e-mail or", "--flag"]


def test_the_space_between_two_keys_is_no_key() -> None:
    (line,) = lines(document("<p><kbd>Ctrl</kbd> <kbd>C</kbd> <code>a b</code> <code>c</code></p>"), 40)
    assert [run.text for run in line.runs if run.style & (Style.KBD | Style.CODE)] == ["Ctrl", "C", "a b", "c"]


def test_chinese_and_japanese_break_between_characters_but_not_before_a_stop() -> None:
    assert drawn("<p>今日は天気がいい。明日も。</p>", 10) == ["今日は天気", "がいい。明", "日も。"]
    assert drawn("<p>天気がいい。明日</p>", 10) == ["天気がい", "い。明日"]
    assert drawn("<p>「天気」と「明日」</p>", 10) == ["「天気」と", "「明日」"]


def test_what_opens_goes_on_and_what_closes_stays_across_styles_too() -> None:
    assert drawn("<p>天気がよい<b>。</b>明日</p>", 10) == ["天気がよ", "い。明日"]
    assert drawn("<p>天気がよ「<b>明日</b>」</p>", 10) == ["天気がよ", "「明日」"]


def test_latin_words_in_chinese_text_stay_whole() -> None:
    assert drawn("<p>使用Python语言</p>", 8) == ["使用", "Python语", "言"]


def test_korean_words() -> None:
    assert all(width(line) <= 8 for line in drawn("<p>안녕하세요 세계 여러분</p>", 8))


def test_emoji_of_several_parts_are_not_split() -> None:
    assert drawn("<p>👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧</p>", 8) == ["👨‍👩‍👧" * 4, "👨‍👩‍👧"]


def test_marks_stay_with_their_letter() -> None:
    assert drawn("<p>" + "e\u0301" * 12 + "</p>", 8) == ["e\u0301" * 8, "e\u0301" * 4]


def test_text_from_right_to_left_stands_at_the_right() -> None:
    (line,) = lines(document("<p dir=rtl>שלום עולם</p>"), 20)
    assert line.text == " " * 11 + "שלום עולם"
    assert drawn("<div dir=rtl><p>שלום</p><p dir=ltr>left</p></div>", 10) == ["      שלום", "", "left"]


@pytest.mark.parametrize(
    ("written", "right"),
    [("שלום hello", True), ("«سلام»", True), ("hello שלום", False), ("123 ...", False), ("日本", False)],
)
def test_the_first_letter_tells_the_direction_when_the_markup_does_not(written: str, right: bool) -> None:
    for found in (document(f"<p>{written}</p>"), document(written, is_text=True)):
        assert found.blocks[0].right is right
    assert document(f"<p dir=ltr>{written}</p>").blocks[0].right is False


def test_a_narrow_screen_drops_the_outer_marks_first() -> None:
    found = drawn("<blockquote>" * 20 + "words and words", 20)
    assert all(width(line) <= 20 for line in found)
    assert " ".join(line.replace("▎ ", "") for line in found) == "words and words"


@pytest.mark.parametrize(
    "html",
    [
        "<p>words and more of them</p>" * 20_000,
        "<p>" + "word " * 200_000,
        "<p>" + "x" * 1_000_000,
        "<p>" + "日本語" * 300_000,
        "<p>" + "👨‍👩‍👧" * 100_000,
        "<pre>" + "x" * 1_000_000,
        "<pre>" + "日" * 500_000,
        "<table>" + "<tr><td>a<td>b" * 20_000 + "</table>",
        "<table><tr><td>a<td>" + "word " * 200_000 + "<tr><td>b<td>c</table>",
        "<table>" + ("<tr>" + "<td>cell" * 20) * 2000 + "</table>",
    ],
    ids=["paragraphs", "words", "word", "Japanese", "emoji", "code", "wide code", "rows", "cell", "columns"],
)
def test_the_first_screen_of_a_book_costs_no_more_than_it_shows(html: str, monkeypatch: pytest.MonkeyPatch) -> None:
    book = document(html)
    measured = 0

    def counted(text: str) -> list[tuple[int, int, int]]:
        nonlocal measured
        measured += len(text)
        return graphemes(text)

    monkeypatch.setattr(wrap, "graphemes", counted)
    assert len(list(islice(lines(book, 60), 50))) == 50
    assert measured < 20_000


# ---------------------------------------------------------------- tables

TABLE = "<table><tr><th>Name<th>Size</tr><tr><td>tea<td align=right>12</tr><tr><td>coffee<td align=right>3</tr></table>"


def test_a_table_that_fits_is_a_grid() -> None:
    assert drawn(TABLE) == ["Name   │ Size", "───────┼─────", "tea    │   12", "coffee │    3"]


def test_long_cells_share_the_room() -> None:
    html = "<table><tr><td>a<td>words that go on and on<tr><td>b<td>c</table>"
    assert drawn(html, 18) == ["a │ words that go", "  │ on and on", "b │ c"]


def test_a_table_that_does_not_fit_is_a_record_for_each_row() -> None:
    html = (
        "<table><tr><th>Name<th>Colour<th>Place<tr><td>tea leaf<td>green grass<td>far away<tr><td>x<td>y<td>z</table>"
    )
    assert drawn(html, 20) == [
        "Name: tea leaf", "Colour: green grass", "Place: far away", "┄" * 16, "Name: x", "Colour: y", "Place: z",
    ]  # fmt: skip


def test_cells_over_several_columns_and_rows() -> None:
    html = "<table><tr><td rowspan=2>a<td>b<td>c<tr><td colspan=2>wide<tr><td>d<td>e<td>f</table>"
    assert drawn(html) == ["a │ b │ c", "  │ wide", "d │ e │ f"]


def test_a_table_of_data_in_a_table_that_arranges_a_page() -> None:
    assert drawn(f"<table><tr><td>{TABLE}</td></tr></table>")[0] == "Name   │ Size"


def test_a_caption_stands_where_its_table_does() -> None:
    html = TABLE.replace("<table>", "<table><caption>Drinks</caption>")
    assert drawn(f"<blockquote>{html}</blockquote>")[:2] == ["▎ Drinks", "▎ Name   │ Size"]


def test_a_wide_cell_after_the_measured_rows_is_wrapped_and_whole() -> None:
    html = "<table>" + "<tr><td>a<td>b" * 450 + "<tr><td>long words at last<td>b</table>"
    found = drawn(html, 40)
    assert all(len(line) <= 40 for line in found)
    assert "".join(line.split("│")[0].strip() for line in found).endswith("longwordsatlast")


@pytest.mark.row("C06")
def test_absurd_spans_are_bounded() -> None:
    cell = "<td colspan=99999999 rowspan=65534>a"
    assert all(width(line) <= 60 for line in drawn(f"<table><tr>{cell * 3}<tr>{cell * 3}</table>"))


def test_a_caption_stands_above() -> None:
    assert drawn(TABLE.replace("<table>", "<table><caption>Drinks</caption>"))[:2] == ["Drinks", "Name   │ Size"]


def test_links_in_cells_are_numbered_with_the_others() -> None:
    found = document(
        "<p><a href='/a'>a</a></p><table><tr><td><a href='/b'>b</a><td>x<tr><td><a href='/a'>a</a><td>y</table>"
    )
    assert [link.url for link in found.links] == ["https://blog.example/a", "https://blog.example/b"]
    assert [line.text.rstrip() for line in lines(found, 40)][2:] == ["b[2] │ x", "a[1] │ y"]


@pytest.mark.parametrize(
    "html",
    [
        "<table><tr><td><p>a</p><p>b</p></td></tr></table>",
        "<table><tr><td>a</td></tr><tr><td>b</td></tr></table>",
        "<table role=presentation><tr><td>a<td>b<tr></table>",
        "<table><tr><td><table><tr><td>a</table><td>b</table>",
    ],
)
def test_a_table_that_only_arranges_a_page_is_its_text(html: str) -> None:
    assert drawn(html) == ["a", "", "b"]


def test_a_list_in_a_cell_is_a_list() -> None:
    assert "• a" in drawn("<table><tr><td>x<td><ul><li>a<li>b</ul><tr><td>y<td>z</table>")


def test_five_hundred_rows_of_twenty_columns() -> None:
    html = "<table>" + ("<tr>" + "<td>cell" * 20) * 500 + "</table>"
    assert all(width(line) <= 80 for line in drawn(html, 80))
    assert "".join(drawn(html, 80)).count("cell") == 10_000


# ---------------------------------------------------------------- anything

WORD = st.from_regex(r"[a-z]{1,12}", fullmatch=True) | st.sampled_from(
    ["日本語", "x" * 30, "e\u0301", "👨‍👩‍👧", "שלום"]
)
VOIDS = st.sampled_from(["<br>", "<hr>", "<wbr>", "<img src=/x alt=''>", "<img width=1>", " ", "\n", "\t"])
ELEMENTS = ["p", "div", "b", "i", "code", "pre", "blockquote", "ul", "ol", "li", "dl", "dt", "dd", "h1", "h3", "table", "tr", "td", "th",
            "caption", "figure", "figcaption", "a href=/x", "a href='#x'", "q", "sup", "sub", "span", "small", "p dir=rtl", "ol start=7",
            "ol type=i reversed", "details", "summary", "td colspan=3 rowspan=2", "ruby", "rt", "nonsense", "center", "li value=3"]  # fmt: skip


def element(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    def made(parts: tuple[str, list[str], bool]) -> str:
        tag, held, closed = parts
        return f"<{tag}>{''.join(held)}" + (f"</{tag.split()[0]}>" if closed else "")

    return st.tuples(st.sampled_from(ELEMENTS), st.lists(inner, max_size=4), st.booleans()).map(made)


MARKUP = st.lists(st.recursive(WORD | VOIDS, element, max_leaves=25), max_size=6).map("".join)


def letters(text: str) -> str:
    """What must not be lost: the letters, however they are wrapped and marked."""
    return "".join(re.findall(r"[a-z日本語שלום]", text))


@settings(max_examples=100, deadline=None)
@given(MARKUP, st.integers(LEAST, 90))
def test_no_line_is_wider_than_the_page(html: str, columns: int) -> None:
    for line in lines(document(html), columns):
        assert width(line.text) <= columns
        assert "\n" not in line.text


@settings(max_examples=100, deadline=None)
@given(
    st.lists(WORD, min_size=1, max_size=8), st.sampled_from(ELEMENTS), st.sampled_from(ELEMENTS), st.integers(LEAST, 90)
)
def test_no_word_is_lost(words: list[str], outer: str, inner: str, columns: int) -> None:
    held = "".join(f"<{inner}>{word}</{inner.split()[0]}> " for word in words)
    found = "".join(line.text for line in lines(document(f"<{outer}>{held}</{outer.split()[0]}>"), columns))
    missing = [word for word in words if not within(letters(word), letters(found))]
    assert missing == []


@settings(max_examples=100, deadline=None)
@given(MARKUP)
def test_links_are_numbered_from_one_and_every_number_leads_somewhere(html: str) -> None:
    found = document(html)
    assert [link.number for link in found.links] == list(range(1, len(found.links) + 1))
    told = {run.link for line in lines(found, 60) for run in line.runs if run.link is not None}
    assert told <= set(range(1, len(found.links) + 1))


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200) | st.binary(max_size=200).map(lambda data: data.decode("latin-1")), st.integers(LEAST, 40))
def test_no_text_confuses_it(html: str, columns: int) -> None:
    for text in (html, f"<p>{html}", f"<pre>{html}", f"<table><tr><td>{html}<td>x<tr><td>{html}"):
        for line in lines(document(text), columns):
            assert width(line.text) <= columns
            assert not set(line.text) & set("\x1b\x9b\x9d\x07\u202e")
    for line in lines(document(html, is_text=True), columns):
        assert width(line.text) <= columns


@settings(max_examples=100, deadline=None)
@given(MARKUP)
def test_both_exports_take_anything(html: str) -> None:
    found = document(html)
    assert to_text(found, 60).endswith("\n")
    assert to_markdown(found).endswith("\n")


def test_text_lists_its_links_below() -> None:
    assert to_text(document("<p>a <a href='/x'>b</a></p>"), 40) == "a b[1]\n\n[1] https://blog.example/x\n"


def test_markdown() -> None:
    html = (
        "<h2>Head</h2><p>a <b>b</b> <i>c</i> <a href='/x'>d</a> <code>e</code> * f</p><blockquote>g</blockquote>"
        "<ol><li>h<li>i</ol><pre>j\n  k</pre><hr><table><tr><th>l<th>m<tr><td>n|o<td>p</table><p># q</p>"
    )
    assert to_markdown(document(html)) == (
        "## Head\n\na **b** *c* [d](<https://blog.example/x>) `e` \\* f\n\n> g\n\n1. h\n2. i\n\n```\nj\n  k\n```\n\n---\n\n"
        "| l | m |\n| --- | --- |\n| n\\|o | p |\n\n\\# q\n"
    )


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("<pre>a\n```\nb</pre>", "````\na\n```\nb\n````"),
        ("<p><code>a`b</code> <code>`c`</code></p>", "``a`b`` `` `c` ``"),
        ("<p>a<br># b<br>1. c<br>---</p>", "a  \n\\# b  \n1\\. c  \n\\---"),
        ("<p>&amp;amp; &amp; ~~x~~ wow!<a href='/x?a=1&amp;lt;2'>y</a></p>",
         "\\&amp; & \\~\\~x\\~\\~ wow\\![y](<https://blog.example/x?a=1&amp;lt;2>)"),
        ("<h2>a<br>b</h2>", "## a b"),
        ("<p><img src='/i.png' alt='A [cat]'></p>", "![A \\[cat\\]](<https://blog.example/i.png>)"),
        ("<p><a href='/x'><img src='/i.png' alt='Cat'></a></p>", "[Image Cat](<https://blog.example/x>)"),
        ("<video src='/v.mp4' title='Talk'></video>", "[Video Talk](<https://blog.example/v.mp4>)"),
        ("<ol start=10><li>a<p>b</p></li></ol>", "10. a\n\n    b"),
        ("<ul><li>a<ul><li>b</ul><li>c</ul>", "- a\n  - b\n- c"),
        ("<figure><img src='/i.png' alt='C'><figcaption>D</figcaption></figure>", "![C](<https://blog.example/i.png>)\n\nD"),
        ("<dl><dt>a<dd>b<dd>c</dl>", "**a**\n\nb\n\nc"),
        ("<p>a<b>, </b>b</p>", "a, b"),
        ("<table><tr><td rowspan=2>a<td>b<tr><td>c</table>", "| a | b |\n| --- | --- |\n|  | c |"),
    ],
)  # fmt: skip
def test_markdown_means_in_other_tools_what_it_shows_here(html: str, markdown: str) -> None:
    assert to_markdown(document(html)) == markdown + "\n"


def test_cleaning_comes_before_measuring() -> None:
    assert clean("".join(drawn("<p>a&#8203;b&#xAD;c</p>"))) == "abc"


PLAIN = st.lists(st.text("abcdefghij.,;(", min_size=1, max_size=12), min_size=4, max_size=60)


@settings(max_examples=150, deadline=None)
@given(PLAIN, PLAIN, st.integers(LEAST, 40))
def test_words_taken_at_once_break_where_words_taken_singly_do(one: list[str], other: list[str], columns: int) -> None:
    runs = (Run(f"{' '.join(one)} "), Run(" ".join(other), Style.EM), Run(f" {' '.join(one)}"))
    odd = tuple(Run(run.text.replace(" ", "  "), run.style) for run in runs)
    singly = [line.text for line in wrapped(odd, columns)]
    assert [line.text for line in wrapped(runs, columns)] == singly
