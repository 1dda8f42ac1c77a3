"""Blocks to lines: wrapping, tables, scripts of the world, and what holds for any markup at any width."""

from __future__ import annotations

import re
from itertools import islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.document.drawn import document, drawn
from tui_reader.document.export import to_markdown, to_text
from tui_reader.document.layout import LEAST, lines
from tui_reader.text import clean, width

# ---------------------------------------------------------------- wrapping


def test_words_go_to_the_next_line() -> None:
    assert drawn("<p>one two three four five</p>", 13) == ["one two three", "four five"]


def test_a_word_wider_than_a_line_is_cut() -> None:
    assert drawn("<p>see https://blog.example/long for it</p>", 12) == [
        "see",
        "https://blog",
        ".example/lon",
        "g for it",
    ]


def test_a_style_in_a_word_does_not_break_it() -> None:
    assert drawn("<p>aaaa b<b>bb</b>b cccc</p>", 9) == ["aaaa bbbb", "cccc"]
    assert drawn("<p>aaaa b<b>bb</b>b cccc</p>", 8) == ["aaaa", "bbbb", "cccc"]


def test_chinese_and_japanese_break_between_characters_but_not_before_a_stop() -> None:
    assert drawn("<p>今日は天気がいい。明日も。</p>", 10) == ["今日は天気", "がいい。明", "日も。"]
    assert drawn("<p>天気がいい。明日</p>", 10) == ["天気がい", "い。明日"]
    assert drawn("<p>「天気」と「明日」</p>", 10) == ["「天気」と", "「明日」"]


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


def test_a_narrow_screen_drops_the_outer_marks_first() -> None:
    found = drawn("<blockquote>" * 20 + "words and words", 20)
    assert all(width(line) <= 20 for line in found)
    assert " ".join(line.replace("▎ ", "") for line in found) == "words and words"


def test_the_first_screen_of_a_book_costs_no_more_than_it_shows() -> None:
    book = document("<p>words and more of them</p>" * 20_000)
    assert len(list(islice(lines(book, 60), 50))) == 50


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
    missing = [word for word in words if letters(word) not in letters(found)]
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


def test_cleaning_comes_before_measuring() -> None:
    assert clean("".join(drawn("<p>a&#8203;b&#xAD;c</p>"))) == "abc"
