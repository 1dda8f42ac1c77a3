"""When comments were missed: a full window in which nothing is known."""

from __future__ import annotations

from tui_reader.discussion.gaps import gap_at
from tui_reader.model import ParsedComment


def window(first: int, last: int) -> list[ParsedComment]:
    return [ParsedComment(str(number), published=number) for number in range(last, first - 1, -1)]


def held(last: int) -> set[str]:
    return {str(number) for number in range(1, last + 1)}


def test_a_full_window_without_anything_known_hides_something() -> None:
    assert gap_at(window(11, 20), held(5), 10, None, None) == 11


def test_nine_of_ten_hide_nothing() -> None:
    assert gap_at(window(12, 20), held(5), 10, None, None) is None


def test_one_known_comment_joins_the_windows() -> None:
    assert gap_at(window(11, 20), held(11), 10, None, None) is None


def test_a_gap_stays_until_as_many_are_held_as_are_declared() -> None:
    assert gap_at(window(12, 21), held(20), 10, 40, 3) == 3
    assert gap_at(window(12, 21), held(20), 10, 21, 3) is None


def test_a_first_look_believes_the_count() -> None:
    assert gap_at(window(1, 10), (), 10, 10, None) is None
    assert gap_at(window(31, 40), (), 10, 40, None) == 31
    assert gap_at(window(31, 40), (), 10, None, None) == 31


def test_where_all_is_shown_there_is_no_gap() -> None:
    assert gap_at(window(11, 400), held(5), 0, None, None) is None


def test_a_late_comment_with_an_old_date_is_no_gap() -> None:
    moderated = ParsedComment("99", published=2)
    assert gap_at([*window(7, 15), moderated], held(10), 10, None, None) is None


def test_comments_without_dates() -> None:
    assert gap_at([ParsedComment(str(number)) for number in range(20, 30)], held(5), 10, None, None) == 0


def test_a_count_that_is_not_reached_is_a_gap_of_unknown_place() -> None:
    assert gap_at(window(1, 3), (), 10, 5, None) == 0
    assert gap_at(window(1, 5), held(3), 10, 5, 0) is None
    assert gap_at([], (), 10, 5, None) is None
