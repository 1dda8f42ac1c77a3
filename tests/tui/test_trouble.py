"""A feed's fault in one line: its name, what happened, what is safe, what is next."""

from __future__ import annotations

from datetime import UTC

from msgspec.structs import replace

from tests.tui.fake import HOUR, NOW
from tui_reader.model import Feed, PollState
from tui_reader.tui import trouble

LWN = Feed(
    1,
    "https://lwn.example/feed",
    "LWN",
    entries=58,
    poll=PollState(
        error="server is busy (429)",
        status=429,
        wait_until=NOW + 3 * HOUR,
        failures=2,
        failing_since=NOW - HOUR,
        words="slow down",
    ),
)


def test_the_line_has_its_parts() -> None:
    line = trouble.line(LWN, NOW, UTC)
    assert line == "⚠ LWN — server is busy (429). 58 saved articles are here. It asked us to wait until 15:00."


def test_one_notice_for_many_faults() -> None:
    assert trouble.summary([LWN], 40, NOW, UTC) == trouble.line(LWN, NOW, UTC)
    assert trouble.summary([LWN, LWN, LWN], 40, NOW, UTC).startswith("⚠ 3 of 40 feeds had trouble.")


def test_when_nothing_can_be_reached_the_network_is_named_once() -> None:
    down = replace(LWN, poll=PollState(error="there is no such host", next_at=NOW + HOUR))
    told = trouble.summary([down, down], 2, NOW, UTC)
    assert told == "⚠ The network seems to be down. What is saved can be read. Next try 13:00."
    assert "had trouble" in trouble.summary([down, down], 3, NOW, UTC)


def test_what_is_next_and_what_is_safe_fit_the_case() -> None:
    poll = PollState(error="it is gone (410)", gone=True)
    assert trouble.what_next(replace(LWN, poll=poll), NOW, UTC) == "It is not asked again by itself."
    poll = PollState(error="no answer", next_at=NOW + HOUR)
    assert trouble.what_next(replace(LWN, poll=poll), NOW, UTC) == "Next try 13:00."
    assert trouble.what_is_safe(replace(LWN, entries=0)) == "Nothing was saved of it yet."
    assert trouble.what_is_safe(replace(LWN, entries=1)) == "1 saved article is here."


def test_the_details_carry_status_address_and_the_servers_own_words() -> None:
    told = dict(trouble.details(LWN, NOW, UTC))
    assert told["answer"] == "HTTP status 429"
    assert told["address"] == "https://lwn.example/feed"
    assert told["its own words"] == "slow down"
    assert told["since"] == "11:00, 2 times in a row"


def test_what_does_not_pass_by_itself_says_what_can_be_done() -> None:
    keys = {"feed.remove": "dd", "feed.address": "eu"}.get

    def advice(poll: PollState, *, named: bool = True) -> str:
        return trouble.advice(replace(LWN, poll=poll), NOW, (lambda one: keys(one, "")) if named else None)

    gone = PollState(error="it is gone (410)", status=410, gone=True)
    assert advice(gone) == "dd removes the feed, eu changes its address."
    assert advice(gone, named=False) == "Remove the feed, or change its address."
    missing = PollState(error="nothing there (404)", status=404, failing_since=NOW - 3 * 24 * HOUR)
    assert advice(missing) == ""
    missing = replace(missing, failing_since=NOW - 15 * 24 * HOUR)
    assert advice(missing) == "It seems to be gone: dd removes the feed, eu changes its address."
    assert "https://name:password@" in advice(PollState(error="a login (401)", status=401))
    assert trouble.line(replace(LWN, poll=gone), NOW, UTC).endswith(
        "by itself. Remove the feed, or change its address."
    )


def test_what_a_good_answer_left_to_be_told_is_in_the_details() -> None:
    moved = replace(LWN, fault="it has moved to where “B” is", poll=PollState())
    assert ("what happened", moved.fault) in trouble.details(moved, NOW, UTC)
    both = replace(LWN, fault="it lists no articles any more")
    assert ("and before", both.fault) in trouble.details(both, NOW, UTC)
