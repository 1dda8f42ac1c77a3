"""Markup as real articles write it, where following it to the letter would look wrong."""

from __future__ import annotations

import pytest

from tests.unit.document.drawn import document, drawn
from tui_reader.document.blocks import Kind, Style

# ---------------------------------------------------------------- formulas


@pytest.mark.parametrize(
    ("inner", "text"),
    [
        ("<mi>a</mi><mo>+</mo><mi>b</mi>", "a + b"),
        ("<mo>−</mo><mi>b</mi>", "−b"),
        ("<mo>(</mo><mo>-</mo><mn>1</mn><mo>)</mo>", "(-1)"),
        ("<msup><mi>x</mi><mn>2</mn></msup><mi>y</mi>", "x²y"),
        ("<msup><mi>e</mi><mrow><mi>i</mi><mi>π</mi></mrow></msup><mi>x</mi>", "e^iπ x"),
        ("<msub><mi>x</mi><mrow><mi>k</mi><mo>+</mo><mn>1</mn></mrow></msub>", "x_(k+1)"),
        ("<msubsup><mi>x</mi><mn>0</mn><mn>2</mn></msubsup>", "x₀²"),
        ("<mfrac><mn>1</mn><mn>2</mn></mfrac>", "1/2"),
        ("<mfrac>\n  <mn> 1 </mn>\n  <mn> 2 </mn>\n</mfrac>", "1/2"),
        ("<msup>\n <mi> x </mi>\n <mn> 2 </mn>\n</msup>", "x²"),
        ("<mfrac><mrow><mi>a</mi><mo>+</mo><mi>b</mi></mrow><mrow><mn>2</mn><mi>c</mi></mrow></mfrac>", "(a + b)/2c"),
        ("<mfrac><mrow><mi>n</mi><mo>(</mo><mi>n</mi><mo>+</mo><mn>1</mn><mo>)</mo></mrow><mn>2</mn></mfrac>", "n(n + 1)/2"),
        ("<msqrt><mi>x</mi><mo>+</mo><mn>1</mn></msqrt>", "√(x + 1)"),
        ("<mroot><mi>x</mi><mn>3</mn></mroot>", "³√x"),
        (
            "<munderover><mo>∑</mo><mrow><mi>k</mi><mo>=</mo><mn>1</mn></mrow><mi>n</mi></munderover><mi>k</mi>",
            "∑_(k=1)ⁿ k",
        ),
        ("<mi>sin</mi><mo>&#x2061;</mo><mi>x</mi>", "sin x"),
        ("<mi>π</mi><mi>r</mi>", "πr"),
        ("<mfenced><mi>x</mi><mi>y</mi></mfenced>", "(x, y)"),
        ("<mtable><mtr><mtd><mn>1</mn></mtd><mtd><mn>0</mn></mtd></mtr><mtr><mtd><mn>0</mn></mtd><mtd><mn>1</mn></mtd></mtr></mtable>", "[1, 0; 0, 1]"),
        ("<mtable><mtr><mtd><mi>x</mi></mtd><mtd><mi></mi><mo>=</mo><mn>1</mn></mtd></mtr></mtable>", "[x = 1]"),
        ("<semantics><mi>x</mi><annotation encoding='application/x-tex'>\\x</annotation></semantics>", "x"),
        ("<mfrac><mn>1</mn></mfrac>", "1"),
        ("bare", "bare"),
    ],
)  # fmt: skip
def test_a_formula_is_a_line_of_text(inner: str, text: str) -> None:
    (line,) = drawn(f"<p>so <math>{inner}</math>, yes</p>")
    assert line.replace("\u00a0", " ") == f"so {text}, yes"


def test_a_formula_breaks_outside_of_its_brackets() -> None:
    html = "<math><mi>y</mi><mo>=</mo><msqrt><mi>x</mi><mo>+</mo><mn>1</mn></msqrt></math>"
    assert drawn(html, 9) == ["y =", "√(x\u00a0+\u00a01)"]


def test_a_displayed_formula_stands_alone() -> None:
    assert drawn("<p>so <math display=block><mi>x</mi></math> yes</p>") == ["so", "", "x", "", "yes"]


def test_a_formula_nested_absurdly_deep_is_its_words() -> None:
    assert drawn("<math>" + "<mrow>" * 3000 + "<mi>x</mi>" + "</math>") == ["x"]


def test_the_second_form_of_a_formula_is_not_shown() -> None:
    html = (
        "<p>so <span><math><mi>r</mi></math></span><span aria-hidden='true'>r</span> and <b aria-hidden=true>b</b></p>"
    )
    assert drawn(html) == ["so r and b"]


def test_a_sum_in_a_script_is_bracketed() -> None:
    assert drawn("<p>x<sub>i</sub> x<sub>i+1</sub></p>") == ["x_i x_(i+1)"]


# ---------------------------------------------------------------- lines and gaps


def test_divisions_are_lines_where_empty_ones_are_the_gaps() -> None:
    assert drawn("<div>a</div><div>b</div><div><br></div><div>c</div><div>d</div>") == ["a", "b", "", "c", "d"]
    assert drawn("<div>a</div> <div>b</div><div><span>&nbsp;</span></div><p>c</p>") == ["a", "b", "", "c"]
    assert drawn("<div>a</div><div>b</div>") == ["a", "", "b"]


def test_rules_in_a_row_are_one() -> None:
    assert len(drawn("<p>a</p><hr><hr><p>b</p>")) == 5


def test_a_list_follows_its_term_at_once() -> None:
    assert drawn("<dl><dt>a</dt><dd><ul><li>b<li>c</ul></dd></dl>") == ["a", "    • b", "    • c"]


def test_an_empty_item_takes_no_gap_away() -> None:
    assert drawn("<p>a</p><ul><li></li><li>b</li></ul>") == ["a", "", "• b"]


def test_the_caption_of_several_figures_stands_apart_from_the_last() -> None:
    html = "<figure><figure><img src=/a.png><figcaption>a</figcaption></figure><figcaption>all</figcaption></figure>"
    assert drawn(html) == ["▣ Image[1]", "a", "", "all"]


def test_an_item_with_a_gap_in_it_is_parted_from_the_next() -> None:
    html = "<ul><li>a<li>b<ul><li>c</ul><li>d<pre>e</pre><li><li>f</ul>"
    assert drawn(html) == ["• a", "• b", "  ◦ c", "• d", "", "    e", "", "• f"]


def test_quotes_in_quotes_alternate() -> None:
    assert drawn("<p><q>a <q>b <q>c</q></q></q> <q>d</q></p>") == ["“a ‘b “c”’” “d”"]


# ---------------------------------------------------------------- marks of lists


def test_marks_line_up_at_the_widest_of_them() -> None:
    assert drawn("<ol type=i start=2><li>a<li>b<li>c</ol>") == [" ii. a", "iii. b", " iv. c"]
    assert drawn("<ol><li value=9>a<li value=100>b<li value=3>c</ol>") == ["  9. a", "100. b", "  3. c"]


# ---------------------------------------------------------------- code


def test_a_long_line_of_code_is_cut_after_a_space_or_a_sign_when_one_is_near() -> None:
    assert drawn("<pre>one two three four</pre>", 17) == ["  one two three", "  ↪ four"]
    assert drawn("<pre>call(argument,other)</pre>", 18) == ["  call(argument,", "  ↪ other)"]
    assert drawn("<pre>a <b>bcdefghij</b> klmnopqrstuvw</pre>", 16) == ["  a bcdefghij", "  ↪ klmnopqrstuv", "  ↪ w"]


def test_line_numbers_beside_code_are_not_shown() -> None:
    table = "<table><tr><td><pre>{}</pre></td><td><pre>x\ny</pre></td></tr></table>"
    assert drawn(table.format("1\n2\n")) == ["  x", "  y"]
    assert drawn(table.format("1\n7\n")) == ["  1", "  7", "", "  x", "  y"]
    assert drawn("<pre>1\n2</pre>") == ["  1", "  2"]


# ---------------------------------------------------------------- links


@pytest.mark.parametrize("sign", ["#", "¶", "", "§"])
def test_a_headings_link_to_itself_is_not_shown(sign: str) -> None:
    assert drawn(f"<h2>Words <a href='#words'>{sign}</a></h2>") == ["Words"]
    assert drawn(f"<h2><a href='https://blog.example/2026/post/#words'>{sign}</a>Words</h2>") == ["Words"]


def test_other_links_in_a_heading_are_shown() -> None:
    assert drawn("<h2><a href='#words'>Words</a></h2>") == ["Words"]
    assert drawn("<p>see <a href='#words'>#</a></p>") == ["see #"]


def test_the_mark_of_a_footnote_is_raised() -> None:
    assert drawn("<p>ribbon,<sup><a href='#fn1'>1</a></sup> wax<sup><a href='#f2'>2</a>, <a href='#f3'>3</a></sup></p>") == [
        "ribbon,¹ wax², ³"
    ]  # fmt: skip
    assert drawn("<p>a<sup><a href='/x'>1</a></sup></p>") == ["a1[1]"]


@pytest.mark.parametrize(
    ("shown", "href", "number"),
    [
        ("https://bank.example/login", "https://thief.example/", "[1→thief.example]"),
        ("www.bank.example", "https://bank.example.thief.example/", "[1→bank.example.thief.example]"),
        ("pic.bank.example/x1", "https://t.example/x", "[1→t.example]"),
        ("https://bank.example", "https://www.bank.example/login", "[1]"),
        ("bank.example/login", "https://my.bank.example/", "[1]"),
        ("https://www.bank.example/", "http://bank.example/", "[1]"),
        ("bank.example", "https://thief.example/", "[1]"),
        ("main.py", "https://code.example/main.py", "[1]"),
        ("and/or", "https://code.example/", "[1]"),
        ("a bank: https://bank.example", "https://thief.example/", "[1]"),
    ],
)
@pytest.mark.row("C05")
def test_a_link_that_shows_the_address_of_another_host_says_so(shown: str, href: str, number: str) -> None:
    assert drawn(f"<p><a href='{href}'>{shown}</a></p>") == [shown + number]


def test_links_that_touch_are_parted() -> None:
    assert drawn("<p><a href=/a>Print</a><a href=/b>Save</a>/<a href=/c>Share</a></p>") == ["Print[1] Save[2]/Share[3]"]
    assert drawn("<p><a href=/a>one<b>two</b></a></p>") == ["onetwo[1]"]
    assert drawn("<p><a href=/a#x>D</a><a href=/a#y>ata</a></p>") == ["D[1]ata[2]"]


def test_an_address_that_does_not_fit_is_cut_after_a_slash() -> None:
    assert drawn("<p>https://a.example/one/another?x=1</p>", 24) == ["https://a.example/one/", "another?x=1"]


# ---------------------------------------------------------------- pictures


def test_no_space_between_a_picture_and_a_stop() -> None:
    assert drawn("<p>see <img src=/x.png alt=x>, and <img src=/y.png alt=y> too</p>") == [
        "see ▣ Image x[1], and ▣ Image y[2] too"
    ]
    assert drawn("<p>see <img src=/x.png alt=x> .5</p>") == ["see ▣ Image x[1] .5"]


def test_a_picture_for_those_without_scripts_is_shown_once() -> None:
    twice = "<img src='data:image/gif;base64,R0' data-src=/a.png alt=a><noscript><img src=/a.png alt=a></noscript>"
    assert drawn(f"<p>{twice}</p>") == ["▣ Image a[1]"]
    assert drawn(f"<p><a href=/b>{twice}</a></p>") == ["▣ Image a[1]"]
    assert drawn("<p><noscript><img src=/a.png alt=a></noscript></p>") == ["▣ Image a[1]"]
    assert drawn("<noscript><p>Words</p></noscript>") == ["Words"]
    said = drawn("<p><img src=/a.png alt=a><noscript>only here <img src=/a.png alt=a></noscript></p>")
    assert said == ["▣ Image a[1] only here ▣ Image a[1]"]


# ---------------------------------------------------------------- styles of office programs


@pytest.mark.parametrize(
    ("html", "style"),
    [
        ("<b style='font-weight: normal'>a</b>", Style.PLAIN),
        ("<b style='font-weight:normal'><b>a</b></b>", Style.STRONG),
        ("<em style='font-style:normal;font-weight:bold'>a</em>", Style.STRONG),
        ("<span style='FONT-WEIGHT: 700'>a</span>", Style.STRONG),
        ("<span style='font-style:italic;text-decoration:line-through'>a</span>", Style.EM | Style.DELETED),
        ("<span style='font-weight:400'>a</span>", Style.PLAIN),
        ("<b><span style='font-weight:400'>a</span></b>", Style.PLAIN),
    ],
)
def test_what_a_style_says_counts_as_the_element_would(html: str, style: Style) -> None:
    (block,) = document(f"<p>{html}</p>").blocks
    assert [run.style for run in block.runs] == [style]


# ---------------------------------------------------------------- tables


def test_a_cell_over_several_columns_is_given_room_when_there_is_some() -> None:
    html = "<table><tr><td>a<td>b<td>c</tr><tr><td>d<td colspan=2>eight words</td></tr></table>"
    assert drawn(html) == ["a │ b    │ c", "d │ eight words"]


def test_columns_that_hold_nothing_are_left_out() -> None:
    assert drawn("<table><tr><td>1.<td>&nbsp;<td>a</tr><tr><td>2.<td><td>b</tr></table>") == ["1. │ a", "2. │ b"]


# ---------------------------------------------------------------- what is not seen, and what is seen too often


def test_the_preview_text_of_a_mail_is_not_shown() -> None:
    assert drawn("<div style='display: none; max-height:0px'>Preview</div><p>Text</p>") == ["Text"]
    assert drawn("<div style='display:none'>A riddle's answer</div>") == ["A riddle's answer"]


def test_a_body_that_was_escaped_twice_is_read_as_what_it_was() -> None:
    assert drawn("&lt;p&gt;a &lt;b&gt;b&lt;/b&gt; &amp;amp; c&lt;/p&gt;\n&lt;p&gt;d&lt;/p&gt;") == ["a b & c", "", "d"]
    assert drawn("Use &lt;p&gt; for a paragraph") == ["Use <p> for a paragraph"]
    assert drawn("<p>&lt;p&gt;a&lt;/p&gt;</p>") == ["<p>a</p>"]


# ---------------------------------------------------------------- plain text


def test_what_is_drawn_in_plain_text_stays_as_it_is() -> None:
    art = "  +--+    +--+\n  |a |----| b|\n  +--+    +--+"
    assert drawn(f"Look:\n\n{art}\n", is_text=True) == [
        "Look:",
        "",
        "  +--+    +--+",
        "  |a |----| b|",
        "  +--+    +--+",
    ]
    assert drawn("a\tb\nccc\td", is_text=True) == ["  a       b", "  ccc     d"]
    assert document(art, is_text=True).blocks[0].kind is Kind.CODE


def test_lines_of_plain_text_keep_their_indent() -> None:
    assert drawn(" * one\n   more\n * two", is_text=True) == ["* one", "  more".replace("  ", "\u00a0" * 2), "* two"]


def test_plain_text_that_a_program_wrapped_flows_again() -> None:
    text = (
        "the weather station on the roof reports again. The cable was\n"
        "chewed by something small; the new one is in a steel tube."
    )
    assert drawn(text, 200, is_text=True) == [text.replace("\n", " ")]
    for kept in ("> " + text, text.replace("chewed", "* chewed"), text.replace(" cable was", ""), "roof\n" + text):
        assert len(drawn(kept, 200, is_text=True)) == len(kept.split("\n"))


# ---------------------------------------------------------------- scripts of the world


def test_readings_in_a_row_share_their_brackets() -> None:
    assert drawn("<ruby><rb>東<rb>京<rt>とう<rt>きょう</ruby>") == ["東京(とうきょう)"]
    assert drawn("<ruby>東<rt>とう</rt>京<rt>きょう</rt></ruby>") == ["東(とう)京(きょう)"]


def test_marks_stand_where_writing_begins() -> None:
    html = (
        "<div dir=rtl><ul><li>أ</li></ul><ol><li>ب</li></ol><blockquote><p>ت</p><p>ث</p></blockquote><h2>ج</h2></div>"
    )
    assert drawn(html, 12) == [
        "         أ •", "", "        ب .1", "", "         ت ▎", "           ▎", "         ث ▎", "", "           ج"
    ]  # fmt: skip


def test_the_direction_of_a_table_ends_with_it() -> None:
    assert drawn("<table dir=rtl><tr><th>أ<td>1</table><p>a</p>", 20)[-1] == "a"
