"""HTML to lines: what a reader sees of each element."""

from __future__ import annotations

import pytest

from tests.unit.document.drawn import document, drawn
from tui_reader.document.blocks import Kind, Style
from tui_reader.document.html import LONGEST, plain
from tui_reader.document.layout import lines


def styles(html: str) -> dict[str, Style]:
    """Each run of the first block by its text."""
    return {run.text.strip(): run.style for run in document(html).blocks[0].runs}


# ---------------------------------------------------------------- blocks


def test_paragraphs_stand_apart() -> None:
    assert drawn("<p>One</p><p>Two</p>three<div>four</div>") == ["One", "", "Two", "", "three", "", "four"]


def test_an_empty_element_is_nothing() -> None:
    assert drawn("<p></p><div> <p> </p>\n</div><br><ul></ul><blockquote></blockquote>") == []
    assert drawn("") == []


def test_line_ends() -> None:
    assert drawn("<p>One<br>Two<br/>Three</p>") == ["One", "Two", "Three"]
    assert drawn("<p>One<br> Two <br></p>") == ["One", "Two"]
    assert drawn("<p><br>One<br><br><br><br>Two<br><br></p>") == ["One", "", "Two"]


def test_headings_know_their_level() -> None:
    found = list(lines(document("<h2>Over</h2><p>under</p>"), 40))
    assert [(line.text, line.level) for line in found] == [("Over", 2), ("", 0), ("under", 0)]


def test_a_rule() -> None:
    assert drawn("a<hr>b") == ["a", "", "─" * 24, "", "b"]


def test_quotes_in_quotes() -> None:
    assert drawn("<blockquote><p>a</p><blockquote>b</blockquote><p>c</p></blockquote><p>d</p>") == [
        "▎ a", "▎", "▎ ▎ b", "▎", "▎ c", "", "d",
    ]  # fmt: skip


def test_two_quotes_in_a_row_are_two() -> None:
    assert drawn("<blockquote>a</blockquote><blockquote>b</blockquote>") == ["▎ a", "", "▎ b"]


def test_an_inline_quote_and_a_cited_work() -> None:
    assert drawn("<p>He said <q>well <em>done</em></q>.</p>") == ["He said “well done”."]


# ---------------------------------------------------------------- lists


def test_lists_in_lists() -> None:
    html = "<ul><li>a<ul><li>b<ul><li>c</ul></ul><li>d</ul><p>e</p>"
    assert drawn(html) == ["• a", "  ◦ b", "    ▪ c", "• d", "", "e"]


def test_numbers_line_up() -> None:
    html = "<ol start=9><li>nine<li>ten that is long enough to need another line</ol>"
    assert drawn(html, 30) == [" 9. nine", "10. ten that is long enough to", "    need another line"]


@pytest.mark.parametrize(
    ("attributes", "marks"),
    [
        ("", ["1.", "2."]),
        ("start=5", ["5.", "6."]),
        ("start=-1", ["-1.", "0."]),
        ("start='--5'", ["1.", "2."]),
        ("start=''", ["1.", "2."]),
        ("start=x", ["1.", "2."]),
        ("start=99999999999999999999", ["1.", "2."]),
        ("start='٣'", ["1.", "2."]),
        ("type=a", ["a.", "b."]),
        ("type=A start=26", ["Z.", "AA."]),
        ("type=a start=702", ["zz.", "aaa."]),
        ("type=i start=4", ["iv.", "v."]),
        ("type=I start=1999", ["MCMXCIX.", "MM."]),
        ("type=I start=0", ["0.", "I."]),
        ("type=nonsense", ["1.", "2."]),
        ("reversed", ["2.", "1."]),
        ("reversed start=9", ["9.", "8."]),
    ],
)
def test_marks_of_ordered_lists(attributes: str, marks: list[str]) -> None:
    assert [line.split()[0] for line in drawn(f"<ol {attributes}><li>x<li>y</ol>")] == marks


def test_an_item_may_say_its_number() -> None:
    assert drawn("<ol><li>a<li value=7>b<li>c</ol>") == ["1. a", "7. b", "8. c"]


def test_paragraphs_of_an_item_stand_under_it() -> None:
    assert drawn("<ul><li><p>a</p><p>b</p></li><li><p>c</p></li></ul>") == ["• a", "", "  b", "", "• c"]


def test_items_without_a_list_and_lists_without_items() -> None:
    assert drawn("<li>a</li>") == ["• a"]
    assert drawn("<ul>a<p>b</p></ul>") == ["a", "", "b"]


def test_definitions() -> None:
    assert drawn("<dl><dt>Tea</dt><dd>A drink.</dd><dt>Cup</dt><dd>For it.</dd></dl>") == [
        "Tea", "    A drink.", "", "Cup", "    For it.",
    ]  # fmt: skip


def test_terms_that_share_a_definition_stand_together() -> None:
    assert drawn("<dl>\n<dt>Tea</dt>\n<dt>Infusion</dt>\n<dd>A drink.</dd><dt>Cup</dl>") == [
        "Tea", "Infusion", "    A drink.", "", "Cup",
    ]  # fmt: skip


def test_a_quote_and_code_in_an_item() -> None:
    assert drawn("<ul><li>a<blockquote>q</blockquote><pre>x\ny</pre></ul>") == [
        "• a",
        "",
        "  ▎ q",
        "",
        "    x",
        "    y",
    ]


def test_boxes_to_tick() -> None:
    assert drawn("<ul><li><input type=checkbox checked> done<li><input type=checkbox>open</ul>") == [
        "• ☑ done",
        "• ☐ open",
    ]


# ---------------------------------------------------------------- code


def test_code_keeps_its_spaces_and_lines() -> None:
    assert drawn("<pre><code>\nif x:\n    y = 1\n\n    z\n</code></pre>") == ["  if x:", "      y = 1", "", "      z"]


@pytest.mark.parametrize(
    "html",
    [
        "<div>a</div><div>b</div><div>c</div>",
        "<p>a</p><p>b</p>c",
        "a<br>b<br/>c",
        "<table><tr><td>a<tr><td>b<tr><td>c</table>",
    ],
)
def test_elements_in_code_are_its_lines(html: str) -> None:
    assert drawn(f"<pre>{html}</pre>") == ["  a", "  b", "  c"]


def test_tabs_go_to_the_next_stop() -> None:
    assert drawn("<pre>a\tb\n\tc\nabcd\te</pre>") == ["  a   b", "      c", "  abcd    e"]
    assert drawn("<pre><b>ab</b>\tc</pre>") == ["  ab  c"]


def test_a_line_of_code_that_is_too_long_goes_on_behind_a_mark() -> None:
    assert drawn("<pre>abcdefghijklmnopqrstuvwxyz</pre>", 12) == ["  abcdefghij", "  ↪ klmnopqr", "  ↪ stuvwxyz"]
    assert drawn("<pre>日本語日本語</pre>", 9) == ["  日本語", "  ↪ 日本", "  ↪ 語"]


def test_markup_in_code_is_text() -> None:
    assert drawn("<pre>&lt;b&gt; [/red] &amp;amp;</pre>") == ["  <b> [/red] &amp;"]


def test_code_lines_are_marked() -> None:
    assert [line.code for line in lines(document("<p>a</p><pre>b</pre>"), 40)] == [False, False, True]


def test_a_megabyte_of_code_on_one_line() -> None:
    assert len(drawn(f"<pre>{'x' * 1_000_000}</pre>", 80)) == 13_158


# ---------------------------------------------------------------- inline


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<b>a</b><i>b</i>", "ab"),
        ("<b>a</b> <i>b</i>", "a b"),
        ("<b>a </b><i>b</i>", "a b"),
        ("<b>a</b><i> b</i>", "a b"),
        ("<b>a </b> <i> b</i>", "a b"),
        ("a\n\t <b>b</b>\r\nc", "a b c"),
        ("  a  ", "a"),
        ("a<!-- x --> b", "a b"),
        ("a<span> </span>b", "a b"),
        ("a<span></span>b", "ab"),
        ("a<wbr>b", "ab"),
        ("a&nbsp;b", "a\u00a0b"),
        ("a<a href='/x'> b </a>c", "a b[1] c"),
        ("a <a href='/x'>b</a>, c", "a b[1], c"),
        ("x<sup>2</sup> y<sub>10</sub>", "x² y₁₀"),
        ("x<sup>th</sup> y<sub>max</sub>", "x^th y_max"),
        ("the 5<sup>th</sup>, 10<sup>−3</sup>, a<sup>*</sup>", "the 5th, 10⁻³, a*"),
        ("a&emsp;b &#x3000;c", "a\u2003b \u3000c"),
        ("<ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp></ruby>", "漢(kan)"),
        ("&lt;b&gt; &amp;amp; &#8217; &hearts; &bogus;", "<b> &amp; ’ ♥ &bogus;"),
        ("[/red] [link=x]", "[/red] [link=x]"),
        ("a&#27;[31mb&#x9d;c&#8238;d", "abcd"),
        ("<unknown-thing>a</unknown-thing>b", "ab"),
    ],
)
def test_inline(html: str, text: str) -> None:
    assert drawn(f"<p>{html}</p>") == [text]


@pytest.mark.parametrize(
    ("tag", "style"),
    [("b", Style.STRONG), ("strong", Style.STRONG), ("em", Style.EM), ("cite", Style.EM), ("code", Style.CODE), ("kbd", Style.KBD),
     ("mark", Style.MARK), ("ins", Style.INSERTED), ("del", Style.DELETED), ("s", Style.DELETED), ("small", Style.DIM)],
)  # fmt: skip
def test_styles(tag: str, style: Style) -> None:
    found = styles(f"<p>a <{tag}>b</{tag}> c</p>")
    assert (found["a"], found["b"], found["c"]) == (Style.PLAIN, style, Style.PLAIN)


def test_styles_add_up() -> None:
    assert styles("<p><b>a <i>b</i></b></p>")["b"] == Style.STRONG | Style.EM


# ---------------------------------------------------------------- links and pictures


def test_links_are_numbered_each_address_once() -> None:
    found = document("<p><a href='/a'>one</a> <a href='b'>two</a> <a href='/a'>again</a></p>")
    assert [(link.number, link.url, link.text, link.kind) for link in found.links] == [
        (1, "https://blog.example/a", "one", "link"),
        (2, "https://blog.example/2026/post/b", "two", "link"),
    ]
    assert [line.text for line in lines(found, 40)] == ["one[1] two[2] again[1]"]


@pytest.mark.parametrize(
    "href", ["", "#top", "javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "vscode://x", "http://[::1"]
)
def test_what_may_not_be_opened_is_text(href: str) -> None:
    found = document(f"<p>a <a href='{href}'>b</a></p>")
    assert found.links == ()
    assert [line.text for line in lines(found, 40)] == ["a b"]


def test_a_mail_address_is_a_link() -> None:
    assert document("<a href='mailto:a@b.example'>x</a>").links[0].url == "mailto:a@b.example"
    assert document("<a href='mailto:a@b.example --flag'>x</a>").links == ()


@pytest.mark.parametrize(
    "html",
    [
        "<a href='/a'><h3>Title</h3></a>",
        "<a href='/a'><p>Title</p></a>",
        "<p>x</p><a href='/a'><div><div>Title</div></div></a>",
    ],
)
def test_a_link_around_blocks_is_numbered_too(html: str) -> None:
    assert drawn(html)[-1] == "Title[1]"


def test_a_link_that_shows_nothing_takes_no_number() -> None:
    found = document("<p><a href='/icon'><svg></svg></a> <a href='/seen'>seen</a> <a href='/not'> </a></p>")
    assert [(link.number, link.url) for link in found.links] == [(1, "https://blog.example/seen")]


@pytest.mark.parametrize("around", ["/page", "/small.jpg"])
def test_a_picture_in_a_link_leads_where_the_link_does(around: str) -> None:
    found = document(f"<p>a <a href='{around}'><img src='/small.jpg' alt='Cat'></a> b</p>")
    assert [(link.url, link.text, link.kind) for link in found.links] == [
        (f"https://blog.example{around}", "Cat", "link")
    ]
    assert [line.text for line in lines(found, 60)] == ["a ▣ Image Cat[1] b"]


@pytest.mark.parametrize(
    "img",
    [
        "<img src='data:image/gif;base64,R0lGOD' data-src='/real.jpg'>",
        "<img src='data:image/gif;base64,R0lGOD' data-lazy-src='/real.jpg'>",
        "<img srcset='/real.jpg, /twice.jpg 2x'>",
        "<img srcset='/real.jpg 480w, /large.jpg 900w'>",
        "<picture><source srcset='/other.webp'><img src='/real.jpg'></picture>",
    ],
)
def test_a_picture_that_loads_late_is_found(img: str) -> None:
    assert [link.url for link in document(img).links] == ["https://blog.example/real.jpg"]


def test_the_parts_of_a_link_know_its_number() -> None:
    (block,) = document("<p>see <a href='/x'>the <b>page</b></a>.</p>").blocks
    assert {run.text.strip(): run.link for run in block.runs if run.link and run.text.strip()} == {
        "the": 1,
        "page": 1,
        "[1]": 1,
    }


def test_pictures_are_named_and_numbered() -> None:
    found = document("<p>a <img src='i.png' alt='A cat &amp; dog'> b</p>")
    assert found.links[0].kind == "image"
    assert [line.text for line in lines(found, 60)] == ["a ▣ Image A cat & dog[1] b"]


@pytest.mark.parametrize(
    "img",
    [
        "<img src='/p.gif' width=1 height=1>",
        "<img src='/p.gif' width='1px'>",
        "<img src='/p.gif' height=0 alt='pixel'>",
        "<img src='data:image/gif;base64,R0lGOD'>",
        "<img>",
        "<img src='javascript:x'>",
    ],
)
def test_what_only_counts_readers_is_dropped(img: str) -> None:
    found = document(f"<p>a {img}b</p>")
    assert found.links == ()
    assert [line.text for line in lines(found, 60)] == ["a b"]


def test_a_picture_that_is_a_letter_is_one() -> None:
    assert drawn("<p>nice <img src='https://s.w.org/1f642.png' alt='🙂'></p>") == ["nice 🙂"]


def test_a_figure_with_its_caption() -> None:
    assert drawn("<figure><img src='/a.jpg' alt='Hill'><figcaption>The hill in <b>May</b></figcaption></figure><p>x</p>") == [
        "▣ Image Hill[1]", "The hill in May", "", "x",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("html", "line", "kind"),
    [
        ("<iframe src='https://video.example/embed/1' title='A talk'></iframe>", "▶ Embedded A talk[1]", "frame"),
        ("<iframe src='//video.example/embed/1'></iframe>", "▶ Embedded video.example/embed/1[1]", "frame"),
        ("<video><source src='/v.mp4'>none</video>", "▶ Video blog.example/v.mp4[1]", "video"),
        ("<audio src='/a.mp3'></audio>", "♪ Audio blog.example/a.mp3[1]", "audio"),
        ("<object data='/v.swf'><p>no player</p></object>", "▶ Embedded blog.example/v.swf[1]", "frame"),
        ("<object><param name=x><embed src='/v/1'></object>", "▶ Embedded blog.example/v/1[1]", "frame"),
        ("<iframe data-src='/late' title=late></iframe>", "▶ Embedded late[1]", "frame"),
    ],
)
def test_media(html: str, line: str, kind: str) -> None:
    found = document(f"<p>a</p>{html}<p>b</p>")
    assert found.links[0].kind == kind
    assert [one.text for one in lines(found, 60)] == ["a", "", line, "", "b"]


@pytest.mark.parametrize(
    "html",
    [
        "<script>alert(1)</script>",
        "<style>p{color:red}</style>",
        "<form action='/x'><input name=q><button>Go</button></form>",
        "<svg><text>x</text></svg>",
        "<template>x</template>",
        "<object data='javascript:x'></object>",
        "<math><annotation encoding='application/x-tex'>x</annotation></math>",
        "<p hidden>x</p>",
        "<textarea>x</textarea>",
        "<!-- x -->",
        "<input type=text value=x>",
        "<iframe src='javascript:x'></iframe>",
        "<link rel=stylesheet href=/x><meta http-equiv=refresh content='0;url=/x'><base href='https://evil.example/'>",
    ],
)
def test_what_is_dropped(html: str) -> None:
    assert drawn(f"<p>a</p>{html}<p>b</p>") == ["a", "", "b"]


# ---------------------------------------------------------------- plain text, excerpts, length


def test_plain_text_keeps_its_lines() -> None:
    assert drawn("One & <b>two</b>\nthree\n\n\n  four\tfive\n", is_text=True) == [
        "One & <b>two</b>",
        "three",
        "",
        "four five",
    ]


def test_the_words_alone() -> None:
    assert plain("<h1>T</h1><p>a <a href='/x'>b</a></p><ul><li>c</ul><table><tr><th>d<th>e<tr><td>f<td>g</table>") == (
        "T\na b\nc\nd e f g "
    )  # fmt: skip


def test_what_is_too_long_says_how_much_is_missing() -> None:
    (*_, note) = document("<p>" + "word " * (LONGEST // 5 + 1000) + "</p>").blocks
    assert note.runs[0].text.startswith("… 5.0 kB more; open the page")


def test_too_many_elements_say_so() -> None:
    assert drawn("<p>a</p>" + "<b></b>" * 400_000 + "b" * 2000)[-1] == "… 2.0 kB more; open the page to read it"


def test_all_but_the_cap_is_shown() -> None:
    found = document("<b>x</b> " * 330_000).blocks
    assert sum(run.text.count("x") for block in found for run in block.runs) == 330_000
    assert "more" not in found[-1].runs[-1].text


DEEP = ["div", "b", "blockquote", "ul", "ol", "li", "span", "a", "sup", "q", "table", "pre", "dl", "dd", "h1", "font", "details", "rt",
        "figure", "caption", "tr", "td", "select", "svg", "math", "unknown"]  # fmt: skip


@pytest.mark.parametrize("tag", DEEP)
def test_ten_thousand_levels(tag: str) -> None:
    found = drawn(f"<{tag}>" * 10_000 + "words<p>after", 80)
    assert all(len(line) <= 80 for line in found)
    if tag not in {"select", "svg"}:
        assert "words" in "".join(line.replace(" ", "") for line in found)


@pytest.mark.parametrize(
    "each", ["<blockquote>x", "<ul><li>x", "<dl><dd>x", "<sup>1", "<a href=/x>y", "<table><tr><td>a", "<q>x", "<pre>x"]
)
def test_thousands_of_levels_with_words_at_each(each: str) -> None:
    assert all(len(line) <= 80 for line in drawn(each * 3000, 80))


def test_the_kinds_of_block() -> None:
    html = "<h1>a</h1><p>b</p><pre>c</pre><hr><table><tr><td>d<td>e<tr><td>f<td>g</table>"
    assert [block.kind for block in document(html).blocks] == [
        Kind.HEADING, Kind.PARAGRAPH, Kind.CODE, Kind.RULE, Kind.TABLE,
    ]  # fmt: skip
