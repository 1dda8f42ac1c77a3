"""Full-text search."""

from __future__ import annotations

import sqlite3

import pytest
from shelf import NOW, arrive, listed, new, post, say, shelf, talk, with_comments

from tui_reader.model import Scope
from tui_reader.parse import readable
from tui_reader.store import feeds, search


@pytest.fixture
def found(db: sqlite3.Connection) -> object:
    feed = shelf(db)
    arrive(
        db,
        feed,
        new(post("crème", "Crème brûlée", "<p>The <b>quick</b> br<i>ow</i>n fox&amp;hound</p>", author="Zoë Q"), 1),
        new(post("tower", "東京タワーに登る", "<p>日本語の本文です。Python入門。</p>"), 2),
        new(post("thai", "ภาษาไทยง่าย", "<p>korean 한국어입니다</p>"), 3),
        new(post("plain", "Plain & simple", "a < b and <b>not bold</b>", is_text=True), 4),
    )

    def ask(text: str) -> list[str]:
        return [hit.row.title for hit in search.search(db, text)]

    return ask


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("quick", ["Crème brûlée"]),
        ("QUICK fox", ["Crème brûlée"]),
        ("quick cat", []),
        ("brown", ["Crème brûlée"]),
        ("hound", ["Crème brûlée"]),
        ("creme BRULEE", ["Crème brûlée"]),
        ("crè", ["Crème brûlée"]),
        ("cr quick", []),
        ("zoe", ["Crème brûlée"]),
        ("amp", []),
        ("東京", ["東京タワーに登る"]),
        ("京タ", ["東京タワーに登る"]),
        ("塔", []),
        ("語", ["東京タワーに登る"]),
        ("python 本文", ["東京タワーに登る"]),
        ("Python入門", ["東京タワーに登る"]),
        ("入門Python", []),
        ("ไทย", ["ภาษาไทยง่าย"]),
        ("국어", ["ภาษาไทยง่าย"]),
        ("not bold", ["Plain & simple"]),
        ('"quick" OR (fox) NEAR *', []),
        ('quick"', ["Crème brûlée"]),
        ("title:quick", []),
        ('- ( * ^ "', []),
        ("", []),
        ("  \x00\x1b[31m ", []),
        ("\U0001e900", []),
        ("🎉", []),
        ("x" * 100_000, []),
    ],
)
@pytest.mark.row("S12")
def test_all_words_are_wanted_and_nothing_is_syntax(found: object, text: str, titles: list[str]) -> None:
    assert found(text) == titles  # type: ignore[operator]


def test_hits_are_the_newest_first_and_show_their_words(db: sqlite3.Connection) -> None:
    feed = shelf(db)
    arrive(db, feed, new(post("b", html="<p>one word 東京タワー</p>"), 5), new(post("a", html="<p>word</p>"), 9))
    arrive(db, feed, new(post("c", html="<p>a&#x1b;[31m word</p>"), 7))
    hits = search.search(db, "word")
    assert [(hit.row.title, hit.snippet, hit.comment_id) for hit in hits] == [
        ("a", "\ue000word\ue001", None),
        ("c", "a[31m \ue000word\ue001", None),
        ("b", "one \ue000word\ue001 東京タワー", None),
    ]
    assert search.search(db, "京タ")[0].snippet == "one word 東\ue000京タ\ue001ワー"
    assert len(search.search(db, "word", limit=2)) == 2


def test_comments_are_found_with_their_entry(db: sqlite3.Connection) -> None:
    arrive(db, shelf(db), new(with_comments("post"), NOW - 50), new(post("word"), NOW - 20))
    talk(db, 1, say("1", html="a word in time", published=NOW - 30), say("2", html="other", author="Word, Ann"))
    hits = search.search(db, "word")
    assert [(hit.row.title, hit.comment_id) for hit in hits] == [("post", 2), ("word", None), ("post", 1)]
    assert hits[2].snippet == "a \ue000word\ue001 in time"
    assert listed(db, Scope("search", name="word")) == ["word", "post"]
    feeds.remove(db, [1], now=NOW)
    assert search.search(db, "word") == ()


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>one</p><p>two</p>", "one two"),
        ("o<b>n</b>e<br>two", "one two"),
        ("<script>alert('x < y')</script>seen<style>p {}</style>", "seen"),
        ("<SCRIPT>x</SCRIPT>seen", "seen"),
        ("a<!-- b --> c <!-- d -->e", "a c e"),
        ("a <!-- never ended", "a never ended"),
        ("1 < 2 &amp;&amp; 3 > 2", "1 < 2 && 3 > 2"),
        ("&lt;b&gt; stays text", "<b> stays text"),
        ("a<script>never ended", "a"),
        ("", ""),
        ("<", "<"),
    ],
)
def test_the_words_of_html(html: str, text: str) -> None:
    assert readable.strip(html) == text


@pytest.mark.parametrize(
    "hostile",
    ["<!--", "<", "<script>", "<a ", "&", "&#", "<b>", "</p>", "<![CDATA[", "\u0301", "日", "<!-- -->"],
)
def test_hostile_html_takes_no_longer_than_other_html(hostile: str) -> None:
    """Anything quadratic would run into the time limit of the test."""
    assert len(readable.strip(hostile * (2_000_000 // len(hostile)))) <= readable.MOST_CHARACTERS
