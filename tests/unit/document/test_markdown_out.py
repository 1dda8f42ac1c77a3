"""Markdown that means to another program what the page said: its text, links, headings and code."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from tests.markdown import BASE, GITHUB, addresses, back, changed, squeezed
from tests.unit.document.drawn import drawn
from tests.unit.document.test_words_in_order import MADE_UP, PAGES, SAMPLES
from tui_reader.document.export import to_markdown
from tui_reader.document.html import blocks

MARKUP_AS_TEXT = [
    "# no heading", "## x #", "#tag", "C#", "- no item", "-", "+ x", "+", "* x", "*", "1. x", "1) x", "12. ", "2023. A year",
    "---", "- - -", "***", "* * *", "___", "===", "=", "--", "> no quote", "&gt;x", "```", "~~~", "``a`", "`a`", "    four spaces",
    "*a*", "**a**", "_a_", "__a__", "a_b_c", "a__b", "_a", "a_", "snake_case_name", "~a~", "~~a~~", "[a](b)", "[a]: /b", "[a][b]",
    "[^1]", "![a](b)", "!", "&amp;amp;", "&amp;#35;", "&amp;copy", "AT&amp;T", "a \\ b", "\\", "a\\", "\\*a\\*", "&lt;b&gt;x&lt;/b&gt;",
    "&lt;!-- x --&gt;", "&lt;script&gt;", "&lt;https://x.example&gt;", "a|b", "|a|b|", "|---|---|", "--|--", ":--", "a &lt; b &gt; c",
    "https://x.example/a_b_c?d=e&amp;f=g_h", "www.x.example/a*b", "me@x.example", "$a_1$", "a  \nb", "\u00a0\u00a0\u00a0\u00a0a", "☐ a", "[ ] a",
]  # fmt: skip
AROUND = [
    "<p>{}</p>", "<p>a<br>{}<br>b</p>", "<ul><li>{}<li>b</ul>", "<blockquote>{}</blockquote>", "<h2>{}</h2>", "<p>a <b>{}</b> c</p>",
    "<p>x<i>{}</i>y</p>", "<p>a <a href='/x'>{}</a> b</p>", "<p><code>{}</code></p>", "<pre>{}</pre>", "<ul><li><pre>a\n  {}</pre></ul>",
    "<table><tr><th>{}<th>b<tr><td>c<td>{}</table>", "<table><tr><td>a<td><code>{}</code><tr><td>{}<br>x<td>d</table>",
    "<p><del>{}</del>x</p>", "<p>wow!<a href=/x>{}</a></p>", "<p>a<u>{}</u>b</p>", "<p><b>{}</b><i>{}</i></p>", "<p>a<br><br>{}</p>",
]  # fmt: skip
OWN = [
    "<p>a<b>bold.</b>next <i>(x)</i>y z<b>!</b>z</p>",
    "<p><b>a</b><b>b</b><i>c</i><b>d<i>e</i></b><i><b>f</b>g</i></p>",
    "<p><code>a</code><code>b</code><kbd>c</kbd> <code>`</code> <code> a </code> <code>a<br>b</code></p>",
    "<p><a href=/a>one<br><br>two</a> <b>three<br><br>four</b></p>",
    "<p><a href=/a>a</a><a href=/b>b</a><a href='/c(d)'>c</a><a href='/e f?g=h&amp;lt;i'>[x]</a></p>",
    "<a href=/a>a<p>b</p><ul><li>c</ul></a>",
    "<ul><li>a<ol start=7><li>b<li>c</ol><li>d<ul><li><ul><li>e</ul></ul></ul>",
    "<ul><li>a<pre>b\n\n  c\n\td</pre>e<li><pre>f</pre><ol><li><pre>g\n    h</pre></ol></ul>",
    "<ol start=99><li>a<p>b</p><pre>c</pre><li>d<blockquote>e<ul><li>f</ul></blockquote></ol>",
    "<ul><li><hr><li>a</ul><hr><ul><li><h3>b</h3>c</ul>",
    "<blockquote><p>a</p><p>b</p><pre>c\n\nd</pre><ul><li>e<li>f</ul></blockquote><blockquote>g</blockquote>",
    "<blockquote>a<blockquote>b</blockquote>c</blockquote>d",
    "<blockquote>a</blockquote><ol start=3><li>b</ol><p>c<ol start=3><li>d</ol>",
    "<ul><li><table><tr><th>a<th>b<tr><td>c|d<td>e<br>f</table><li>g</ul>",
    "<table><tr><th>a|b<th><code>c|d</code><tr><td>\\|e\\<td><code>\\|f</code><tr><td colspan=2><a href='/x|y'>g|h</a></table>",
    "<table><tr><td>a<td><p>b</p><p>c</p><tr><td><b>d<br>e</b><td><img src=/i alt='f|g'></table>",
    "<table><tr><td rowspan=2>a<td>b<tr><td>c</table><table><tr><th><th>x<tr><td>y<td></table>",
    "<p>text<img src=/i alt='A [b] *c*'><a href=/x><img src=/j alt=d></a><img src=/k><img src=/l alt=m></p>",
    "<video src=/v title='a_b *c*'></video><iframe src=/f></iframe>",
    "<dl><dt>a<dd>b<dd><pre>c</pre><dt>d<dd><ul><li>e</ul></dl>",
    "<h2>a<br>b <code>c</code> <a href=/x>d</a> #</h2><h1>#</h1>",
    "<p>हिन्दी<b>हिन्दी</b>हिन्दी 日本<b>「語」</b>です。<i>e\u0301</i>x</p>",
    "<p>a<sup>2</sup> b<sub>i</sub> x<sup>n_m</sup> 1<sup>st</sup> <q>q</q></p>",
    "<ol type=a><li>a<li>b</ol><ol reversed><li>c<li>d</ol><ol start=0><li>e</ol><ol start=-3><li>f</ol>",
    "<p><b>a</b>\u00a0<b>b</b> <b> c </b><i>\u00a0d\u00a0</i></p>",
    "<p>a<pre><a href=/x><br></a></pre>b<pre>c<a href=/x><br></a></pre>",
    "<pre><a href=/x><input type=checkbox></a></pre>",
    "<pre>```\n~~~\n````\n</pre><pre>    a  \n\n\n  b   </pre><pre>\ta\tb</pre>",
]  # fmt: skip


@pytest.mark.parametrize("around", AROUND)
def test_text_that_looks_like_markup_stays_text(around: str) -> None:
    told = {text: list(changed(around.replace("{}", text))) for text in MARKUP_AS_TEXT}
    assert {text: one for text, one in told.items() if one} == {}


@pytest.mark.parametrize("html", [*OWN, *SAMPLES])
def test_markdown_says_the_same(html: str) -> None:
    assert list(changed(html)) == []


@settings(max_examples=MADE_UP, deadline=None)
@given(PAGES)
def test_markdown_of_any_page_says_the_same(html: str) -> None:
    assert list(changed(html)) == []


SIGN = st.sampled_from(
    [*"*_`~#-+=|<>[]()!\\&;:.1a \n", "&lt;", "&amp;", "https://x.example/", "<br>", "<b>", "</b>", "<i>", "</i>"]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(SIGN, max_size=14).map("".join), st.sampled_from(AROUND))
def test_signs_in_any_order_stay_signs(text: str, around: str) -> None:
    assert list(changed(around.replace("{}", text))) == []


@pytest.mark.parametrize(
    "html",
    [
        "<blockquote><p>a</p><p>b</p></blockquote><p>c</p>",
        "<ul><li>a<ul><li>b<p>c</p></ul><li>d</ul><p>e</p>",
        "<ol><li>a<pre>b</pre><li>c<blockquote>d</blockquote></ol>",
        "<ul><li>a<ol start=7><li>b</ol></ul>",
        "<blockquote><ul><li>a<li>b</ul><p>c</p></blockquote>",
        "<h2>a</h2><hr><p>b <b>c</b> d<i>e</i></p><p>f<br>g</p>",
    ],
)
def test_quotes_and_lists_look_the_same_afterwards(html: str) -> None:
    written = GITHUB.render(to_markdown(blocks(html, base=BASE)))
    assert [line for line in drawn(written) if line.strip("▎ ")] == [line for line in drawn(html) if line.strip("▎ ")]


def test_a_bare_address_is_itself_where_addresses_become_links() -> None:
    """GitHub and others link what looks like an address: then it leads where the text says."""
    html = "<p>See https://x.example/a_b_c?d=e&amp;f=g_h or <a href='https://y.example/'>https://y.example/</a></p>"
    document = blocks(html, base=BASE)
    linking = blocks(MarkdownIt("gfm-like").render(to_markdown(document)), base=BASE)
    assert squeezed(linking) == squeezed(document) == squeezed(back(document))
    assert addresses(linking) == ["https://x.example/a_b_c?d=e&f=g_h", "https://y.example/"]
