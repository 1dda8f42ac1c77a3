"""Links inside a document, the languages of code and its colours, links that claim to lead elsewhere."""

from __future__ import annotations

import pytest
from drawn import document, drawn

from tui_reader.document.blocks import Document, Kind, Run, Style
from tui_reader.document.export import to_markdown
from tui_reader.document.layout import lines
from tui_reader.document.syntax import coloured

FOOTNOTE = """<p>A claim<sup id="ref1"><a href="#fn1">1</a></sup> and <a href="/x">a link</a>.</p><p>More.</p>
<hr><ol><li id="fn1">The source of it. <a href="#ref1">↩</a></li></ol>"""


def led_to(found: Document) -> list[tuple[str, str]]:
    return [(note.text, "".join(run.text for run in found.blocks[note.block].runs)) for note in found.notes]


def test_a_footnote_leads_to_its_text_and_back_and_takes_no_number() -> None:
    found = document(FOOTNOTE)
    assert [(text, at.partition(" ")[0]) for text, at in led_to(found)] == [("1", "The"), ("↩", "A")]
    assert drawn(FOOTNOTE)[0] == "A claim¹ and a link[1]."
    assert [note.number for note in found.notes] == [-1, -2]
    assert {run.link for block in found.blocks for run in block.runs} == {None, -1, -2, 1}


def test_an_address_of_the_same_page_leads_inside_it() -> None:
    html = '<p><a href="https://blog.example/2026/post/#part">Part</a> <a href="/2026/post/#none">no</a></p><h2 id=part>P</h2>'
    found = document(html)
    assert led_to(found) == [("Part", "P")]
    assert [link.url for link in found.links] == ["https://blog.example/2026/post/#none"]


def test_a_fragment_that_is_nowhere_is_plain_text() -> None:
    found = document('<p><a href="#gone">up</a></p>')
    assert found.notes == ()
    assert found.blocks[0].runs == (Run("up"),)


@pytest.mark.parametrize(
    ("html", "at"),
    [
        ('<p>one</p><p id="x">two</p>', "two"),
        ('<p>one</p><p>be <a name="x"></a>fore</p>', "be fore"),
        ('text<div id="x">two</div>', "two"),
        ('<p>one</p><ul><li>a<li id="x">b</ul>', "b"),
        ('<p>one</p><section id="x"><p>two</p></section>', "two"),
        ('<p>one</p><h2><span id="x">two</span></h2>', "two"),
        ('<p>one</p><p id="x"></p>', "one"),
    ],
)
def test_an_anchor_is_where_its_text_is(html: str, at: str) -> None:
    assert led_to(document(f'{html}<p><a href="#x">go</a></p>'))[0][1] in {at, "go" if at == "one" else at}


def test_an_anchor_in_a_table_leads_to_the_table() -> None:
    found = document('<a href="#x">go</a><table><tr><th>a<th>b<tr><td id=x>c<td>d</table>')
    assert found.blocks[found.notes[0].block].kind is Kind.TABLE


def test_links_inside_are_no_links_outside() -> None:
    assert to_markdown(document(FOOTNOTE)).startswith("A claim¹ and [a link](<https://blog.example/x>).")


# ---------------------------------------------------------------- code


@pytest.mark.parametrize(
    ("html", "language"),
    [
        ('<pre><code class="language-python">x</code></pre>', "python"),
        ('<pre class="lang-js">x</pre>', "js"),
        ('<pre class="brush: java; gutter: false">x</pre>', "java"),
        ('<div class="highlight-source-c++"><pre>x</pre></div>', "c++"),
        ('<figure class="highlight ruby"><pre>x</pre></figure>', "ruby"),
        ('<pre class="sourceCode haskell"><code>x</code></pre>', "haskell"),
        ('<pre data-lang="Go">x</pre>', "go"),
        ('<pre lang="sql">x</pre>', "sql"),
        ('<pre class="wp-block-code">x</pre>', ""),
        ('<pre class="language-none">x</pre>', ""),
        ('<div lang="en"><pre>x</pre></div>', ""),
        ("<pre>x</pre>", ""),
    ],
)
def test_the_language_is_the_one_the_markup_names(html: str, language: str) -> None:
    assert [block.language for block in document(html).blocks] == [language]


def meaning(html: str) -> list[tuple[str, Style]]:
    (block,) = coloured(document(html)).blocks
    return [(run.text, run.style) for run in block.runs if run.text.strip()]


def test_code_is_coloured_by_what_its_language_means() -> None:
    found = dict(meaning('<pre class="language-python">def go():  # on\n    return "a" + 12</pre>'))
    assert found["def"] & Style.KEYWORD
    assert found["go"] & Style.NAME
    assert found["# on"] & Style.COMMENT
    assert found["12"] & Style.LITERAL
    assert any(style & Style.STRING for text, style in found.items() if "a" in text)


def test_colours_change_no_character_and_keep_links() -> None:
    html = '<pre class="language-python">\n\tx = <a href="/y">y</a>( "&lt;b&gt;" )\n\n</pre>'
    before, after = document(html), coloured(document(html))
    assert [line.text for line in lines(before, 30)] == [line.text for line in lines(after, 30)]
    assert [run.text for run in after.blocks[0].runs if run.link == 1] == ["y", "[1]"]


@pytest.mark.parametrize("named", ["klingon", "../../etc", "python" * 9])
def test_a_language_nobody_knows_stays_plain(named: str) -> None:
    html = f'<pre class="language-{named}">x = 1</pre>'
    assert coloured(document(html)).blocks[0].runs == document(html).blocks[0].runs


def test_more_code_than_a_person_reads_is_not_coloured() -> None:
    code = "x = 1\n" * 60_000
    found = coloured(document(f'<pre class="language-python">{code}</pre>'))
    assert len(found.blocks[0].runs) == 1
