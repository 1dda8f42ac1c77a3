"""The pace of a watched discussion: by age, by what came, and never outside its bounds."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tui_reader.discussion.schedule import DAY, HOUR, LATEST, SOONEST, pause


def wait(*, age: int, quiet: int = 1, new: int = 0, window: int = 10) -> int:
    return pause(age=age, quiet=quiet, new=new, window=window)[0]


def test_the_older_the_article_the_longer_the_pause() -> None:
    waits = [wait(age=age) for age in (HOUR, 12 * HOUR, 2 * DAY, 7 * DAY, 30 * DAY)]
    assert waits == sorted(waits)
    assert len(set(waits)) == 5


def test_every_quiet_answer_makes_it_longer_up_to_a_bound() -> None:
    waits = [wait(age=2 * DAY, quiet=quiet) for quiet in range(1, 40)]
    assert waits == sorted(waits)
    assert waits[0] < waits[1]
    assert waits[-1] == waits[-2] <= LATEST


def test_news_makes_it_shorter_and_half_a_window_of_news_much_shorter() -> None:
    calm, some, much = (wait(age=7 * DAY, new=new) for new in (0, 4, 5))
    assert much * 2 < some < calm


def test_where_all_is_shown_nothing_can_be_lost() -> None:
    assert wait(age=7 * DAY, new=500, window=0) == wait(age=7 * DAY, new=1, window=0)


def test_a_first_look_is_soon_followed_by_another() -> None:
    assert wait(age=HOUR, quiet=0) == SOONEST


@given(st.integers(-DAY, 4000 * DAY), st.integers(0, 10_000), st.integers(0, 100_000), st.integers(0, 1000))
def test_it_stays_within_its_bounds_and_says_why(age: int, quiet: int, new: int, window: int) -> None:
    seconds, why = pause(age=age, quiet=quiet, new=new, window=window)
    assert SOONEST <= seconds <= LATEST
    assert why
