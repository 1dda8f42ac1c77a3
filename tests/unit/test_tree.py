"""Threading: every comment once, under its parent, siblings oldest first, whatever the feed says."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tui_reader.discussion.tree import thread
from tui_reader.model import Comment, Confidence, Discussion, ThreadItem


def comment(
    key: str,
    parent: str = "",
    *,
    at: int | None = None,
    seq: int = 0,
    confidence: Confidence = Confidence.EXACT,
    new: bool = False,
) -> Comment:
    number = seq or int(key)
    return Comment(
        id=number,
        discussion_id=1,
        entry_id=1,
        key=key,
        parent_key=parent,
        confidence=confidence,
        number=0,
        author="",
        author_url="",
        published=number if at is None else at,
        updated=None,
        arrived=number,
        url="",
        html="",
        is_text=False,
        base="",
        seq=number,
        read=False,
        new=new,
    )


def shape(items: tuple[ThreadItem, ...]) -> list[str]:
    return ["  " * item.depth + (item.key if item.comment else f"({item.key})") for item in items]


def test_replies_stand_under_their_parent_siblings_oldest_first() -> None:
    items = thread([comment("4", "1"), comment("2"), comment("1"), comment("3", "1"), comment("5", "4")])
    assert shape(items) == ["1", "  3", "  4", "    5", "2"]
    assert [item.last for item in items] == [False, False, True, True, True]
    assert items[0].replies == 3
    assert [item.parent_id for item in items] == [None, 1, 1, 4, None]


def test_guides_tell_at_which_levels_siblings_follow() -> None:
    items = {item.key: item for item in thread([comment("1"), comment("2", "1"), comment("3", "2"), comment("4", "1")])}
    assert items["1"].guides == ()
    assert items["2"].guides == ()
    assert not items["2"].last
    assert items["3"].guides == (True,)
    assert items["4"].last


@pytest.mark.row("C09")
def test_a_parent_that_is_not_held_is_a_placeholder_once_it_has_two_replies() -> None:
    assert shape(thread([comment("5", "1"), comment("6", "1"), comment("2")])) == ["2", "(1)", "  5", "  6"]
    assert shape(thread([comment("5", "1"), comment("2")])) == ["2", "5"]


def test_a_late_parent_fills_its_placeholder() -> None:
    late = comment("1", at=0, seq=9)
    assert shape(thread([comment("5", "1"), comment("6", "1"), late])) == ["1", "  5", "  6"]


def test_a_new_comment_moves_no_old_one() -> None:
    old = [comment("1"), comment("2", "1"), comment("3"), comment("4", "3")]
    before = [item.key for item in thread(old)]
    moderated = comment("9", "1", at=0)
    after = [item.key for item in thread([*old, moderated])]
    assert [key for key in after if key != "9"] == before


@pytest.mark.row("C09")
def test_loops_and_self_replies_are_cut() -> None:
    assert {item.key for item in thread([comment("1", "1")])} == {"1"}
    circle = thread([comment("1", "3"), comment("2", "1"), comment("3", "2")])
    assert sorted(item.key for item in circle) == ["1", "2", "3"]


def test_a_quote_or_an_order_is_not_drawn_as_nesting() -> None:
    for confidence in (Confidence.QUOTE, Confidence.ORDER, Confidence.NONE):
        assert shape(thread([comment("1"), comment("2", "1", confidence=confidence)])) == ["1", "2"]


def test_news_is_counted_below() -> None:
    items = thread([comment("1"), comment("2", "1", new=True), comment("3", "2", new=True)])
    assert [(item.replies, item.new_replies) for item in items] == [(2, 2), (1, 1), (0, 0)]


@pytest.mark.row("C09")
def test_three_thousand_levels_and_twenty_thousand_siblings() -> None:
    deep = thread([comment(str(n), str(n - 1) if n > 1 else "") for n in range(1, 3001)])
    assert deep[-1].depth == 2999
    assert len(deep[-1].guides) <= 24
    wide = thread([comment(str(n)) for n in range(1, 20001)])
    assert [item.key for item in wide[:3]] == ["1", "2", "3"]
    assert len(wide) == 20000


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 30), st.integers(0, 40)), unique_by=lambda pair: pair[0]), st.randoms())
def test_every_comment_stands_exactly_once_in_any_order_of_arrival(
    pairs: list[tuple[int, int]], rng: random.Random
) -> None:
    comments = [comment(str(key), str(parent) if parent else "") for key, parent in pairs]
    rng.shuffle(comments)
    items = thread(comments)
    assert sorted(item.comment.id for item in items if item.comment) == sorted(key for key, _ in pairs)
    for above, item in zip((None, *items), items, strict=False):
        assert item.depth <= (above.depth + 1 if above else 0)


def discussion(**what: object) -> Discussion:
    return Discussion(1, 1, "feed", "https://blog.example/feed", **what)  # type: ignore[arg-type]


def gaps(*discussions: Discussion) -> list[str]:
    comments = [comment("1", at=10), comment("2", "1", at=40), comment("3", at=30)]
    return [f"gap {item.missing}" if item.missing is not None else item.key for item in thread(comments, discussions)]


def test_a_gap_stands_before_the_first_thread_that_began_after_it() -> None:
    assert gaps(discussion(gap_at=20, declared=9, held=3)) == ["1", "2", "gap 6", "3"]
    assert gaps(discussion(gap_at=99, declared=9, held=3)) == ["1", "2", "3", "gap 6"]
    assert gaps(discussion(gap_at=0)) == ["gap 0", "1", "2", "3"]


def test_a_count_that_grew_since_the_last_look_is_no_gap() -> None:
    assert gaps(discussion(declared=9, held=3)) == ["1", "2", "3"]
    assert gaps(discussion(gap_at=0, declared=9, held=3, complete=True)) == ["1", "2", "3"]


def test_what_is_said_in_one_place_stays_together() -> None:
    there = [replace(comment(str(number), at=number), discussion_id=2, id=number + 50) for number in (1, 2)]
    items = thread([comment("1", at=5), *there, comment("2", at=1)])
    assert [item.discussion_id for item in items] == [1, 1, 2, 2]
