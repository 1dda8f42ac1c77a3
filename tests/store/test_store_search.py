"""Full-text search."""

from __future__ import annotations

import random
import sqlite3
from array import array
from pathlib import Path

import pytest
from shelf import NOW, arrive, listed, new, post, say, shelf, talk, with_comments
from test_store_plans import planned, traced

from tui_reader.model import RANKED, Order, Scope
from tui_reader.parse import readable
from tui_reader.query import QueryFault
from tui_reader.store import connect, entries, feeds, scopes, search, status, words
from tui_reader.store.finding import finding


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
        ("quick -fox", []),
        ("quick -cat", ["Crème brûlée"]),
        ("-quick -日本語 -plain ", ["ภาษาไทยง่าย"]),
        ("hound OR bold", ["Plain & simple", "Crème brûlée"]),
        ('(fox OR python) -"本文" ', ["Crème brûlée"]),
        ('"quick brown"', ["Crème brûlée"]),
        ('"brown quick"', []),
        ("/cr.me/", ["Crème brûlée"]),
        ("/plain/ bold", ["Plain & simple"]),
        ("title:quick", []),
        ("title:creme quick", ["Crème brûlée"]),
        ("text:plain", []),
        ("author:zoe is:unread", ["Crème brûlée"]),
        ("is:starred bold", []),
        ("feed:example 한국어", ["ภาษาไทยง่าย"]),
        ("is:read", []),
        ("c++ OR fox&hound", ["Crème brûlée"]),
        ("qui fox", []),
        ("fox qui", ["Crème brûlée"]),
        ("fox qui ", []),
        ("fox -qui", []),
        ("NEAR * { } ^ : AND", []),
        ("", []),
        ("  \x00\x1b[31m ", []),
        ("\U0001e900", []),
        ("🎉", []),
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


@pytest.mark.parametrize("text", ['"quick', "(fox", "is:", "fox OR", "x" * 1001, "autor:x", "/a"])
def test_a_faulty_query_is_told_and_not_guessed_at(db: sqlite3.Connection, text: str) -> None:
    shelf(db, "a")
    with pytest.raises(QueryFault):
        search.search(db, text)
    with pytest.raises(QueryFault):
        listed(db, Scope("search", text))


def test_comments_are_found_by_the_same_language(db: sqlite3.Connection) -> None:
    feed = shelf(db)
    arrive(db, feed, new(with_comments("rust"), 1), new(with_comments("go"), 2))
    for entry in (1, 2):
        talk(
            db,
            entry,
            say("1", author="Ann Bo", html="<p>the memory model, 東京都</p>"),
            say("2", author="Cy", html="<p>no memory of C++</p>"),
        )

    def found(text: str) -> set[tuple[str, int | None]]:
        hits = search.search(db, text)
        titles = {hit.row.title for hit in hits}
        assert set(listed(db, Scope("search", text))) == titles
        return {(hit.row.title, hit.comment_id) for hit in hits}

    assert found("memory") == {("rust", 1), ("rust", 2), ("go", 3), ("go", 4)}
    assert found("memory -model") == {("rust", 2), ("go", 4)}
    assert found("memory title:rust") == {("rust", 1), ("rust", 2)}
    assert found("memory from:ann feed:example") == {("rust", 1), ("go", 3)}
    assert found("from:cy") == {("rust", 2), ("go", 4)}
    assert found("comment:京 is:unread title:go") == {("go", 3)}
    assert found("c++") == {("rust", 2), ("go", 4)}
    assert found("rust OR model") == {("rust", None), ("rust", 1), ("go", 3)}
    assert found("has:comments title:go") == {("go", None)}
    assert found("comment:/model$/ title:go") == set()
    assert found("comment:/el, / title:go") == {("go", None)}
    (hit,) = search.search(db, "from:ann title:go")
    assert hit.snippet == "\ue000Ann\ue001 Bo"


@pytest.mark.parametrize("seed", range(10))
def test_what_the_search_finds_is_what_a_list_of_the_same_words_finds(db: sqlite3.Connection, seed: int) -> None:
    """Where no word is part of another and none stands in a feed's name, the two roads mean the same."""
    chance = random.Random(seed)
    feed = shelf(db)
    kinds = ["alpha", "beta", "gamma", "delta", "東京"]
    texts = [" ".join(chance.choices(kinds, k=3)) for _ in range(30)]
    arrive(db, feed, *(new(post(str(key), text, f"<p>{texts[key - 1]}</p>"), key) for key, text in enumerate(texts)))

    def query(deep: int) -> str:
        if not deep or chance.random() < 0.3:
            field = chance.choice(["", "", "", "title:", "text:"])
            return f"{field}{chance.choice(kinds)}"
        return chance.choice(["({} {})", "({} OR {})", "({} -{})", "-({} OR {})"]).format(
            query(deep - 1), query(deep - 1)
        )

    for _ in range(40):
        asked = f"{query(3)} "
        hits = [hit.row.id for hit in search.search(db, asked)]
        assert hits == list(entries.ids(db, Scope("all", filter=asked), today_from=0)), asked
        assert hits == list(entries.ids(db, Scope("search", asked), today_from=0)), asked


def test_the_index_is_walked_from_its_end_and_no_further_than_needed(db: sqlite3.Connection) -> None:
    """Ten times as many entries, and not one row more is looked at."""
    feed = shelf(db)
    arrive(db, feed, *(new(post(f"word {key}", html="<p>word and more</p>"), key) for key in range(300)))
    asked = finding("word more -seldom is:unread", now=NOW, most=50)
    plan = planned(db, asked.entries, asked.values)
    assert "SCAN entry_words VIRTUAL TABLE" in plan
    assert "SEARCH entry USING INTEGER PRIMARY KEY" in plan
    assert "TEMP B-TREE" not in plan
    assert "SCAN comment_words VIRTUAL TABLE" in planned(db, asked.comments, asked.values)
    assert "TEMP B-TREE" not in planned(db, asked.comments, asked.values)

    looked_at = []
    db.create_function("looked_at", 1, lambda entry: looked_at.append(entry) or 1)
    asked = finding("word more -seldom is:unread", now=NOW, most=50, also="looked_at(entry.id)")
    arrive(db, feed, *(new(post(f"word {key}", html="<p>word and more</p>"), key) for key in range(300, 3000)))
    assert len(db.execute(asked.entries, asked.values).fetchall()) == 50
    assert looked_at == list(range(3000, 2950, -1))
    assert len(search.search(db, "word more", limit=50)) == 50
    assert len(traced(db, lambda: search.search(db, "word more", limit=50))) == 7


def test_what_was_found_in_the_rows_in_sight_is_asked_of_them_alone(db: sqlite3.Connection) -> None:
    """The article itself where it has the words, else its newest comment; a handful of statements for any number."""
    feed = shelf(db)
    arrive(db, feed, *(new(with_comments(f"post {key}"), key) for key in range(40)))
    arrive(db, feed, new(post("text", "Title", "<p>before the word and after</p>"), 50))
    for entry in range(1, 41):
        talk(
            db,
            entry,
            say("1", html=f"the word, first of {entry}", published=NOW - 9),
            say("2", html=f"word {entry}", author="Ann", published=NOW - 5),
            say("3", html="other"),
        )
    hits = search.hits_in(db, "word", [41, 7, 3])
    assert {hit.row.id: (hit.snippet, hit.comment_id) for hit in hits} == {
        41: ("before the \ue000word\ue001 and after", None),
        7: ("\ue000word\ue001 7", 20),
        3: ("\ue000word\ue001 3", 8),
    }
    assert [hit.comment_id for hit in search.hits_in(db, "word -from:ann", [5])] == [13], "the whole query is asked"
    assert search.hits_in(db, "wörter", [1, 41]) == ()
    assert search.hits_in(db, "word", []) == ()
    assert [hit.snippet for hit in search.hits_in(db, "is:unread", [2, 41])] == ["", ""]

    few = len(traced(db, lambda: search.hits_in(db, "word", [41, 7])))
    assert few == len(traced(db, lambda: search.hits_in(db, "word", range(1, 42)))) == 9
    asked = finding("word", now=NOW, most=-1, among=[7, 3])
    for way, index in ((asked.entries, "entry_words"), (asked.comments, "comment_words")):
        plan = planned(db, way, asked.values)
        assert plan.count(f"SCAN {index} VIRTUAL TABLE") == 1
        assert f"SCAN {index.split('_')[0]}\n" not in plan
    looked_at: list[int] = []
    db.create_function("looked_at", 1, lambda entry: looked_at.append(entry) or 1)
    asked = finding("word", now=NOW, most=-1, among=[7, 3], also="looked_at(entry.id)")
    db.execute(asked.comments, asked.values).fetchall()
    assert sorted(looked_at) == [3, 3, 7, 7], "no row of any other entry"


def test_a_ranked_search_reads_the_newest_hits_only_and_puts_the_best_first(db: sqlite3.Connection) -> None:
    feed = shelf(db)
    told = [("three", "word " * 3 + "x " * 9), ("none", "x"), ("one", "word " + "x " * 60), ("the word", "x " * 5)]
    arrive(db, feed, *(new(post(title, title, f"<p>{html}</p>"), at) for at, (title, html) in enumerate(told)))
    best = Order("relevance")
    assert [hit.row.title for hit in search.search(db, "word", ranked=True)] == ["the word", "three", "one"]
    assert [hit.row.title for hit in search.search(db, "word")] == ["the word", "one", "three"]
    assert listed(db, Scope("search", "word"), order=best) == ["the word", "three", "one"]
    assert listed(db, Scope("search", "word", filter="-one"), order=best) == ["the word", "three"]
    assert listed(db, Scope("search", "word"), order=Order("relevance", reverse=True)) == ["one", "three", "the word"]
    assert listed(db, Scope("search", "is:unread"), order=best) == ["the word", "one", "none", "three"]
    assert listed(db, Scope("search", "…"), order=best) == []
    status.mark(db, [1, 4], True, now=NOW)
    unread = Scope("search", "word", unread_only=True)
    assert listed(db, unread, order=best) == ["one"]
    assert listed(db, unread, order=best, keep=(1,)) == ["three", "one"], "what was just read stays"

    looked_at: list[int] = []
    db.create_function("looked_at", 1, lambda entry: looked_at.append(entry) or 1)
    arrive(db, feed, *(new(post(f"word {key}"), 10 + key) for key in range(RANKED + 300)))
    asked = finding("word", now=NOW, most=RANKED, also="looked_at(entry.id)", scored=True)
    assert len(db.execute(asked.entries, asked.values).fetchall()) == RANKED
    assert len(looked_at) == RANKED
    assert "TEMP B-TREE" not in planned(db, asked.entries, asked.values)
    in_rank = entries.ids(db, Scope("search", "word"), today_from=0, order=best)
    assert len(in_rank) == RANKED
    assert min(in_rank) == 305, "the three that came first are not among the newest"
    plan = planned(db, *scopes.query(Scope("search", "word"), today_from=0, keep=(), limit=200, order=best))
    assert "SEARCH entry USING INTEGER PRIMARY KEY" in plan
    assert "SCAN entry\n" not in plan


def test_a_word_that_is_being_written_is_put_to_the_index_as_the_words_that_begin_so(db: sqlite3.Connection) -> None:
    """Of words that are named the index reads the first hits only, of a beginning all there are."""
    texts = ("harbour", "Harvest café", "harp and", "hat", "ann's", "東京 harz")
    arrive(db, shelf(db), *(new(post(f"{n}", f"No {n}", f"<p>{text}</p>"), n) for n, text in enumerate(texts)))
    assert words.beginning(db, "entry_words", "HAR") == '("harbour" OR "harp" OR "harvest" OR "harz")'
    assert [hit.row.title for hit in search.search(db, "har")] == ["No 5", "No 2", "No 1", "No 0"]
    assert [hit.row.title for hit in search.search(db, "har", ranked=True)]
    assert [hit.row.title for hit in search.search(db, "no -harv")] == ["No 5", "No 4", "No 3", "No 2", "No 0"]
    assert [hit.row.title for hit in search.search(db, "text:an")] == ["No 4", "No 2"]
    for whole in ("x", "é", "ann's", "東", "*"):
        assert words.beginning(db, "entry_words", whole) == ""
    assert [hit.row.title for hit in search.search(db, "cafe caf")] == ["No 1"]


@pytest.mark.parametrize(("most", "left"), [(1, 0), (0, 1)])
def test_more_words_than_that_are_left_to_the_index(db: sqlite3.Connection, path: Path, most: int, left: int) -> None:
    count = words.MOST_WORDS + left
    arrive(db, shelf(db), *(new(post(f"{n}", f"No {n}", f"<p>word{n}</p>"), n) for n in range(count)))
    reader = connect.open_reader(path)
    assert bool(words.beginning(reader, "entry_words", "word")) is bool(most)
    assert len(search.search(reader, "word")) == count
    assert reader.execute("PRAGMA query_only").fetchone() == (1,)
    reader.close()


def test_the_words_that_begin_so_are_asked_for_in_two_statements(db: sqlite3.Connection) -> None:
    arrive(db, shelf(db), *(new(post(f"{n}", f"No {n}", f"<p>word{n}</p>"), n) for n in range(40)))
    assert words.beginning(db, "entry_words", "word")
    assert len(traced(db, lambda: words.beginning(db, "entry_words", "word"))) == 2


def test_a_list_looks_for_the_words_that_begin_so_and_not_for_all_that_may(db: sqlite3.Connection) -> None:
    shelf(db, "harbour", "harbours", "hall")
    said: list[str] = []
    db.set_trace_callback(said.append)
    found = entries.ids(db, Scope("search", "harb"), today_from=0)
    db.set_trace_callback(None)
    assert len(found) == 2
    assert any("""entry_words MATCH '("harbour" OR "harbours")'""" in line for line in said)


def test_a_list_of_plain_words_looks_every_hit_up_once(db: sqlite3.Connection) -> None:
    """What the index gives are ids already: the entries are needed for their dates only, and sorted once at the end."""
    shelf(db, "harbour", "harbours", "hall")

    def plan(words: str, limit: int | None = None) -> str:
        return planned(db, *scopes.query(Scope("search", words), today_from=0, keep=(), limit=limit))

    by_words, by_more = plan("harbour "), plan("harbour is:unread")
    of_comments = 1
    assert by_words.count("SEARCH entry USING INTEGER PRIMARY KEY") == 1 + of_comments
    assert by_more.count("SEARCH entry USING INTEGER PRIMARY KEY") == 2 + of_comments, "a state is one of the entry"
    assert "LIMIT" not in scopes.query(Scope("all"), today_from=0, keep=(), limit=None)[0], "which sorts as it goes"


def test_a_search_opens_with_its_rows_and_what_was_found_in_those_in_sight(db: sqlite3.Connection) -> None:
    feed = shelf(db)
    arrive(db, feed, *(new(post(f"harbour {key}", html="<p>the harbour</p>"), key) for key in range(30)))
    asked = {"now": NOW, "limit": 8, "today_from": 0}
    statements: list[str] = []
    db.set_trace_callback(statements.append)
    ids, rows, hits = search.opening(db, Scope("search", "harb"), seen=4, **asked)
    db.set_trace_callback(None)
    assert list(ids) == list(entries.ids(db, Scope("search", "harb"), today_from=0)) == list(range(30, 0, -1))
    assert [row.id for row in rows] == list(ids[:8])
    assert sorted((hit.row.id for hit in hits), reverse=True) == list(ids[:4])
    assert {hit.snippet for hit in hits} == {"the \ue000harbour\ue001"}
    assert sum("WITH RECURSIVE" in one for one in statements) == 2, "entries and comments: what begins so, once each"
    assert search.opening(db, Scope("search", "harb"), seen=0, **asked)[2] == ()
    assert search.opening(db, Scope("search", "nowhere"), seen=4, **asked) == (array("q"), (), ())
