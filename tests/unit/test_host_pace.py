"""Nobody is asked faster than their site bears, whoever wishes it."""

from __future__ import annotations

from types import SimpleNamespace

from tui_reader.discussion.run import Looker
from tui_reader.model import Discussion, PollState
from tui_reader.refresh import due
from tui_reader.sources.registry import by_kind

NOW = 1_767_225_600
REDDIT = "https://www.reddit.com/r/x/comments/abc/s/.rss"


def waiting(checked_at: int | None, *, forced: bool, url: str = REDDIT) -> due.Waiting | None:
    looker = Looker(SimpleNamespace(clock=lambda: NOW))  # type: ignore[arg-type]
    one = Discussion(1, 1, "reddit", url, poll=PollState(checked_at=checked_at))
    return looker._waiting(one, by_kind("reddit"), forced=forced)


def test_reddit_is_asked_once_a_minute_at_most() -> None:
    held_back = waiting(NOW - 20, forced=True)
    assert held_back is not None
    assert (held_back.reason, held_back.until) == ("Reddit is asked once in 60 seconds", NOW + 40)
    assert waiting(NOW - 60, forced=True) is None
    assert waiting(None, forced=False) is None


def test_a_clock_that_was_wrong_does_not_hold_anyone_back() -> None:
    assert waiting(NOW + 86_400, forced=True) is None


def test_a_retry_after_wins() -> None:
    looker = Looker(SimpleNamespace(clock=lambda: NOW))  # type: ignore[arg-type]
    one = Discussion(1, 1, "reddit", REDDIT, poll=PollState(checked_at=NOW - 900, wait_until=NOW + 900))
    held_back = looker._waiting(one, by_kind("reddit"), forced=True)
    assert held_back is not None
    assert held_back.until == NOW + 900
