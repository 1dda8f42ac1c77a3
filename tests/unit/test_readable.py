"""The words of HTML for the index: what is seen, and the short way to it."""

from __future__ import annotations

from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_reader.parse import readable
from tui_reader.text import clean

PIECES = (
    "<", ">", "<b>", "</b>", "<p>", "</P>", "<!--", "-->", "<script>", "</script>", "<scripty", "a", "p", "/", "!", "?", " ",
    "\0", '<I class="q">', "&lt;", "&amp;", "<br/>", "</ b>", "<1>", "<a1>", "'", "<BDO", "noscript", "<abbrx>", "\n",
)  # fmt: skip


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("<p>One</p><p>two <b>th</b>ree</p>", "One two three"),
        ("a<!-- not <b>this</b> -->b<script>nor this</script> c", "ab c"),
        ("x<STYLE>p { }</STYLE >y <Em>z</eM>", "xy z"),
        ("3 < 4 &amp; 5 &gt; 4", "3 < 4 & 5 > 4"),
        ("<<b>p>", "<p>"),
    ],
)
def test_the_words_that_are_seen(html: str, words: str) -> None:
    assert readable.strip(html) == words


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_the_short_way_leads_to_the_same_words(html: str) -> None:
    assert readable.strip(html) == clean(unescape("".join(readable._texts(html))), limit=readable.MOST_CHARACTERS)
