"""When an address may be asked: pure rules, tried by hand, by property, and over two weeks against a small server."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tui_reader.model import ParsedFeed, PollState, Validators
from tui_reader.net.fetch import Failed, Fetched, NotModified, Outcome
from tui_reader.refresh import due
from tui_reader.refresh.due import DAY, HOUR, WEEK, Due, Settings, Waiting, adopted, after, verdict

NOW = 1_700_000_000  # a Tuesday, 22:13 UTC
URL = "https://example.org/feed"
HELD = Validators(b'"1"', None, URL)
DAILY = Settings(interval=HOUR)


def _ok(*, validators: Validators = HELD, max_age: int | None = None, moved: str = "") -> Fetched:
    return Fetched(URL, 200, b"x", "", validators, moved, max_age)


def _same(*, max_age: int | None = None, moved: str = "") -> NotModified:
    return NotModified(HELD, max_age, permanent_url=moved)


def _next(
    outcome: Outcome,
    *,
    state: PollState | None = None,
    parsed: ParsedFeed | None = None,
    changed: bool = True,
    settings: Settings = DAILY,
    url: str = URL,
) -> PollState:
    return after(state or PollState(), outcome, NOW, settings, url=url, changed=changed, parsed=parsed)


def _wait(state: PollState) -> int:
    assert state.next_at is not None
    return state.next_at - NOW


# ---------------------------------------------------------------- after a good answer


def test_what_was_never_asked_is_due() -> None:
    assert verdict(PollState(), NOW) == Due()


def test_an_hour_and_a_little_more() -> None:
    state = _next(_ok())
    assert HOUR <= _wait(state) <= HOUR * 1.1
    assert state.next_why == "checked every hour"
    assert verdict(state, NOW + HOUR - 1) == Waiting("checked every hour", state.next_at)
    assert verdict(state, state.next_at or 0) == Due()


def test_the_little_more_is_the_same_every_time_and_differs_between_feeds() -> None:
    assert _next(_ok()) == _next(_ok())
    assert len({_wait(_next(_ok(), url=f"https://example.org/{n}")) for n in range(50)}) > 20


def test_a_good_answer_ends_every_trouble_and_replaces_the_pair() -> None:
    old = PollState(
        validators=Validators(b'"0"', b"then", URL),
        failures=3,
        failing_since=NOW - DAY,
        error="x",
        status=500,
        words="y",
        wait_until=NOW - 1,
        gone=True,
    )
    state = _next(_ok(validators=HELD), state=old)
    assert (state.failures, state.failing_since, state.error, state.words, state.gone) == (0, None, "", "", False)
    assert (state.status, state.validators, state.checked_at, state.changed_at) == (200, HELD, NOW, NOW)


@pytest.mark.row("Y07")
def test_without_validators_once_a_day() -> None:
    bare = _ok(validators=Validators(url=URL))
    assert DAY <= _wait(_next(bare)) <= DAY * 1.1
    assert _wait(_next(replace(bare, max_age=0))) >= DAY
    assert HOUR <= _wait(_next(replace(bare, max_age=HOUR))) <= HOUR * 1.1
    assert _wait(_next(bare, settings=Settings(interval=2 * DAY))) >= 2 * DAY


@pytest.mark.row("Y10", "Y12")
@pytest.mark.parametrize(
    ("asked", "least", "why"),
    [
        ({"ttl": 3 * HOUR}, 3 * HOUR, "ttl"),
        ({"ttl": 0}, HOUR, "every hour"),
        ({"ttl": -5}, HOUR, "every hour"),
        ({"ttl": 10**9}, WEEK, "ttl"),
        ({"max_age": 5 * HOUR}, 5 * HOUR, "max-age"),
        ({"max_age": 5 * HOUR, "ttl": 6 * HOUR}, 6 * HOUR, "ttl"),
        ({"max_age": 60}, HOUR, "every hour"),
    ],
)
def test_what_is_asked_for_is_a_floor(asked: dict[str, int], least: int, why: str) -> None:
    state = _next(_ok(max_age=asked.get("max_age")), parsed=ParsedFeed("rss", ttl=asked.get("ttl")))
    assert least <= _wait(state) <= min(least * 1.1, WEEK)
    assert why in state.next_why


def test_what_the_feed_asked_for_outlives_a_304() -> None:
    first = _next(_ok(), parsed=ParsedFeed("rss", ttl=5 * HOUR, skip_hours=(3,)))
    second = _next(_same(), state=first, changed=False)
    assert _wait(second) >= 5 * HOUR
    assert second.skip_hours == (3,)


@pytest.mark.row("Y11")
def test_what_seldom_changes_is_asked_less_up_to_a_day() -> None:
    waits = [
        _wait(_next(_same(), state=PollState(changed_at=NOW - days * DAY), changed=False)) for days in (0, 1, 5, 9, 400)
    ]
    assert waits == sorted(waits)
    assert waits[0] < waits[2] < waits[3]
    assert DAY <= waits[-1] <= DAY * 1.1
    news = _next(_ok(), state=PollState(changed_at=NOW - 400 * DAY))
    assert _wait(news) < 2 * HOUR


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost", "[::1]:1"])
def test_this_machine_is_asked_as_often_as_set(host: str) -> None:
    quick = Settings(minimum_interval=10)
    state = _next(_ok(validators=Validators()), settings=quick, url=f"http://{host}/feed")
    assert _wait(state) == 10
    assert _wait(_next(_ok(), settings=quick)) >= HOUR
    assert _wait(_next(Failed("x", "timeout"), settings=quick, url=f"http://{host}/feed")) == 10


def test_an_open_discussion_is_asked_every_quarter_of_an_hour_at_most() -> None:
    settings = Settings(interval=15 * 60)
    assert 15 * 60 <= _wait(_next(_ok(), settings=settings)) <= 17 * 60
    assert _wait(_next(_ok(validators=Validators()), settings=settings)) >= DAY
    assert _wait(_next(_ok(max_age=HOUR), settings=settings)) >= HOUR


# ---------------------------------------------------------------- quiet hours


def _hour(moment: int) -> int:
    return datetime.fromtimestamp(moment, UTC).hour


@pytest.mark.row("Y12")
def test_no_request_in_the_hours_and_days_a_feed_skips() -> None:
    state = _next(_ok(), parsed=ParsedFeed("rss", skip_hours=(23, 0, 1), skip_days=(2,)))
    assert state.next_at is not None
    at = datetime.fromtimestamp(state.next_at, UTC)
    assert (at.weekday(), at.hour, at.minute) == (3, 2, 0)
    assert state.next_why == "the feed's quiet hours"


def test_a_reader_that_was_closed_does_not_ask_in_a_quiet_hour_either() -> None:
    state = _next(_ok(), parsed=ParsedFeed("rss", skip_hours=tuple(range(12))))
    later = NOW + 10 * HOUR
    assert _hour(later) == 8
    waiting = verdict(replace(state, next_at=NOW + HOUR), later)
    assert isinstance(waiting, Waiting)
    assert waiting.until is not None
    assert _hour(waiting.until) == 12
    assert verdict(state, later, forced=True) == Due()


@pytest.mark.row("F13")
@pytest.mark.parametrize(
    "parsed", [ParsedFeed("", skip_hours=tuple(range(24))), ParsedFeed("", skip_days=tuple(range(7)))]
)
def test_who_skips_everything_means_nothing(parsed: ParsedFeed) -> None:
    state = _next(_ok(), parsed=parsed)
    assert _wait(state) <= HOUR * 1.1
    assert verdict(state, NOW + 2 * HOUR) == Due()


@pytest.mark.row("F13")
def test_after_a_week_it_is_asked_anyway() -> None:
    state = PollState(checked_at=NOW, skip_hours=tuple(h for h in range(24) if h != 5), skip_days=tuple(range(6)))
    assert isinstance(verdict(state, NOW + 6 * DAY), Waiting)
    assert verdict(state, NOW + WEEK) == Due()


# ---------------------------------------------------------------- after a fault


def test_faults_keep_the_validators_and_the_copy() -> None:
    good = _next(_ok())
    for fault in (
        Failed("x", "http", 500),
        Failed("x", "timeout"),
        Failed("x", "refused", 200),
        Failed("x", "offline"),
    ):
        state = _next(fault, state=good)
        assert (state.validators, state.changed_at) == (HELD, NOW)
        assert state.error == "x"


@pytest.mark.row("H10")
@pytest.mark.parametrize(("before", "least"), enumerate([HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR, 16 * HOUR, DAY, DAY, DAY]))
def test_back_off_doubles_up_to_a_day(before: int, least: int) -> None:
    state = _next(Failed("x", "timeout"), state=PollState(failures=before, failing_since=NOW))
    assert state.failures == before + 1
    assert least <= _wait(state) <= least * 1.1


@pytest.mark.row("F06")
def test_trying_again_before_its_time_does_not_slow_a_feed_down() -> None:
    state = _next(Failed("x", "timeout"))
    for minute in range(1, 20):
        state = after(state, Failed("x", "timeout"), NOW + 60 * minute, DAILY, url=URL)
    assert state.failures == 1
    assert state.next_at is not None
    assert state.next_at <= NOW + 2.2 * HOUR


def test_a_feed_is_not_asked_more_often_for_failing() -> None:
    state = _next(Failed("x", "timeout"), settings=Settings(interval=3 * DAY))
    assert _wait(state) >= 3 * DAY


@pytest.mark.row("H10", "Y21")
def test_after_a_month_of_faults_once_a_week() -> None:
    state = _next(Failed("x", "timeout"), state=PollState(failures=40, failing_since=NOW - 31 * DAY))
    assert _wait(state) == WEEK


@pytest.mark.row("H01")
def test_no_network_is_no_fault_of_the_feed() -> None:
    good = _next(_ok(), state=PollState(failures=2, failing_since=NOW - 5))
    state = after(good, Failed("the network is off", "offline"), NOW + 2 * HOUR, DAILY, url=URL)
    assert (state.failures, state.failing_since, state.checked_at) == (0, None, NOW)
    assert state.next_at == NOW + 2 * HOUR + due.UNREACHED


def test_a_name_that_is_not_found_is_no_fault_but_looked_up_ever_less() -> None:
    state, now, waits = PollState(), NOW, []
    for _ in range(100):
        state = after(state, Failed("there is no such host", "dns"), now, DAILY, url=URL)
        assert state.next_at is not None
        waits.append(state.next_at - now)
        now = state.next_at
    assert (state.failures, waits[0]) == (0, due.UNREACHED)
    assert waits == sorted(waits)
    assert max(waits) <= HOUR
    late = _next(Failed("", "dns"), state=PollState(failing_since=NOW - 40 * DAY))
    assert _wait(late) == DAY


@pytest.mark.row("H09")
def test_retry_after_is_waited_out_whatever_anyone_presses() -> None:
    state = _next(Failed("busy", "http", 429, retry_at=NOW + 5 * HOUR))
    assert (state.wait_until, state.next_at) == (NOW + 5 * HOUR, NOW + 5 * HOUR)
    for forced in (False, True):
        assert verdict(state, NOW + 5 * HOUR - 1, forced=forced) == Waiting(
            "the server asked us to wait", NOW + 5 * HOUR
        )
    assert verdict(state, NOW + 5 * HOUR) == Due()


@pytest.mark.row("H09", "Y09")
def test_a_bare_429_slows_us_down_too() -> None:
    state = _next(Failed("busy", "http", 429))
    assert isinstance(verdict(state, NOW + due.BUSY - 1, forced=True), Waiting)
    assert verdict(state, NOW + due.BUSY, forced=True) == Due()
    assert _wait(state) >= HOUR


@pytest.mark.row("H12")
def test_gone_stops_until_a_person_asks_and_it_answers() -> None:
    state = _next(Failed("gone", "http", 410, gone=True), state=_next(_ok()))
    assert state.next_at is None
    assert verdict(state, NOW + 400 * DAY) == Waiting("it is gone for good (410)", None)
    assert verdict(state, NOW, forced=True) == Due()
    again = _next(Failed("x", "timeout"), state=state)
    assert (again.gone, again.next_at) == (True, None)
    assert not _next(_ok(), state=again).gone


@pytest.mark.parametrize(
    "fault", [Failed("x", "offline"), Failed("x", "dns"), Failed("x", "timeout"), Failed("x", "http", 429)]
)
def test_a_forced_request_that_fails_does_not_make_a_feed_due_within_max_age(fault: Failed) -> None:
    state = _next(_ok(max_age=5 * DAY))
    failed = after(state, fault, NOW + HOUR, DAILY, url=URL)
    assert isinstance(verdict(failed, NOW + 5 * DAY - 1), Waiting)


# ---------------------------------------------------------------- clocks


@pytest.mark.row("K01")
@pytest.mark.parametrize("years", [-30, -10, -1, 1, 10, 30])
@pytest.mark.row("P08")
def test_a_clock_that_was_wrong_neither_storms_nor_silences(years: int) -> None:
    wrong = NOW + years * 365 * DAY
    states = [
        after(PollState(), outcome, wrong, DAILY, url=URL, changed=True)
        for outcome in (
            _ok(max_age=WEEK),
            Failed("x", "timeout"),
            Failed("x", "offline"),
            Failed("x", "http", 429, retry_at=wrong + WEEK),
        )
    ]
    for state in states:
        assert verdict(state, NOW) == Due()
        settled = after(state, _same(), NOW, DAILY, url=URL)
        assert isinstance(verdict(settled, NOW + 1), Waiting)
        assert settled.next_at is not None
        assert HOUR <= settled.next_at - NOW <= WEEK


@pytest.mark.row("K01")
def test_a_small_step_back_makes_nothing_due() -> None:
    assert isinstance(verdict(_next(_ok()), NOW - 60), Waiting)


# ---------------------------------------------------------------- moving


NEW = "https://new.example/feed"


def _moves(*answers: tuple[int, Outcome]) -> PollState:
    state = PollState()
    for day, outcome in answers:
        state = after(state, outcome, NOW + day * DAY, DAILY, url=URL)
    return state


@pytest.mark.row("H13", "Y22")
def test_a_move_is_believed_after_three_equal_answers_over_a_week() -> None:
    go, stay = _ok(moved=NEW), _same(moved=NEW)
    assert adopted(_moves((0, go), (7, stay)), URL, NOW + 7 * DAY) == ""
    assert adopted(_moves((0, go), (1, stay), (2, stay)), URL, NOW + 2 * DAY) == ""
    assert adopted(_moves((0, go), (1, stay), (7, go)), URL, NOW + 7 * DAY) == NEW


@pytest.mark.parametrize("other", [_ok(), _same(), _ok(moved="https://third.example/")])
def test_any_other_answer_ends_the_count(other: Outcome) -> None:
    state = _moves((0, _ok(moved=NEW)), (1, _ok(moved=NEW)), (2, other), (9, _ok(moved=NEW)))
    assert adopted(state, URL, NOW + 9 * DAY) == ""
    assert state.moved_count == 1


def test_a_fault_neither_counts_nor_ends_the_count() -> None:
    go = _ok(moved=NEW)
    state = _moves((0, go), (1, Failed("portal", "refused", 200)), (2, go), (8, go))
    assert adopted(state, URL, NOW + 8 * DAY) == NEW


@pytest.mark.row("H13")
@pytest.mark.parametrize(
    ("old", "new", "at_once"),
    [
        ("http://example.org/feed", "https://example.org/feed", True),
        ("http://example.org/feed", "https://example.org/feed/", False),
        ("http://example.org/feed", "https://www.example.org/feed", False),
        ("https://example.org/feed", "http://example.org/feed", False),
    ],
)
def test_only_a_step_to_https_is_believed_at_once(old: str, new: str, at_once: bool) -> None:
    state = after(PollState(), _ok(moved=new), NOW, DAILY, url=old)
    assert adopted(state, old, NOW) == (new if at_once else "")


@pytest.mark.parametrize("status", [404, 410])
def test_the_last_word_of_the_old_address_settles_a_move(status: int) -> None:
    state = _moves((0, _ok(moved=NEW)), (1, Failed("x", "http", status, url=URL, gone=status == 410)))
    assert adopted(state, URL, NOW + DAY) == NEW
    other = _moves((0, _ok(moved=NEW)), (1, Failed("x", "http", status, url=NEW, gone=status == 410)))
    assert adopted(other, URL, NOW + DAY) == ""


# ---------------------------------------------------------------- properties

moments = st.none() | st.integers(NOW - 400 * DAY, NOW + 400 * DAY)
hours = st.sets(st.integers(0, 23)).map(tuple)
days = st.sets(st.integers(0, 6)).map(tuple)
pairs = st.sampled_from([HELD, Validators(), Validators(url=URL), Validators(None, b"x", URL)])
ages = st.none() | st.integers(0, WEEK)
states = st.builds(
    PollState,
    validators=pairs,
    checked_at=moments,
    changed_at=moments,
    next_at=moments,
    wait_until=moments,
    failures=st.integers(0, 100),
    failing_since=moments,
    quiet=st.integers(0, 100),
    moved_to=st.sampled_from(["", URL, NEW]),
    moved_count=st.integers(0, 5),
    moved_since=moments,
    ttl=st.none() | st.integers(-10, 10**10),
    skip_hours=hours,
    skip_days=days,
)
good = st.builds(_ok, validators=pairs, max_age=ages, moved=st.sampled_from(["", URL, NEW])) | st.builds(
    _same, max_age=ages
)
faults = st.builds(
    Failed,
    st.just("x"),
    st.sampled_from(["offline", "dns", "timeout", "http", "refused"]),
    st.sampled_from([0, 404, 429, 500, 503]),
    retry_at=st.none() | st.integers(NOW + 1, NOW + WEEK),
)
paces = st.builds(Settings, interval=st.integers(60, 30 * DAY), minimum_interval=st.sampled_from([0, 10, 99_999_999]))
places = st.sampled_from([URL, "http://127.0.0.1:1/x"])


@pytest.mark.row("F13")
@given(states, good | faults, paces, places, st.booleans())
def test_no_wait_is_longer_than_a_week_and_none_is_in_the_past(
    state: PollState, outcome: Outcome, settings: Settings, url: str, changed: bool
) -> None:
    then = after(state, outcome, NOW, settings, url=url, changed=changed)
    assert then.next_at is not None
    assert NOW < then.next_at <= NOW + WEEK
    assert then.wait_until is None or then.next_at >= then.wait_until or isinstance(outcome, Failed)
    assert verdict(then, NOW + WEEK + 1) == Due()
    assert adopted(then, url, NOW) in {"", URL, NEW}


@given(states, good, paces, places)
def test_every_floor_holds(state: PollState, outcome: Fetched | NotModified, settings: Settings, url: str) -> None:
    then = after(state, outcome, NOW, settings, url=url)
    exempt = settings.minimum_interval > 0 and url != URL
    pace = settings.minimum_interval if exempt else settings.interval
    floors = [pace, outcome.max_age or 0, then.ttl or 0]
    if (
        not exempt
        and not (outcome.validators.etag or outcome.validators.last_modified)
        and (outcome.max_age or 0) < pace
    ):
        floors.append(DAY)
    assert _wait(then) >= min(max(floors), WEEK)


@pytest.mark.row("H09")
@given(states, faults, paces, places)
def test_nobody_is_asked_before_retry_after(state: PollState, fault: Failed, settings: Settings, url: str) -> None:
    then = after(state, fault, NOW, settings, url=url)
    if fault.retry_at is not None and fault.kind not in {"offline", "dns"}:
        assert isinstance(verdict(then, fault.retry_at - 1, forced=True), Waiting)
        assert then.next_at is not None
        assert then.next_at >= fault.retry_at


@pytest.mark.row("K01")
@given(states, st.integers(NOW - DAY, NOW + DAY))
def test_a_verdict_is_never_to_wait_for_the_past_or_for_ever(state: PollState, now: int) -> None:
    said = verdict(state, now)
    if isinstance(said, Waiting):
        assert said.until is not None
        assert now < said.until <= now + WEEK
        assert said.reason


@given(states, st.integers(0, 30 * DAY))
def test_no_request_in_a_skipped_hour_within_a_week(state: PollState, passed: int) -> None:
    then = after(state, _ok(), NOW, DAILY, url=URL)
    now = NOW + passed
    if verdict(then, now) == Due() and passed < WEEK and len(then.skip_hours) < 24 and len(then.skip_days) < 7:
        at = datetime.fromtimestamp(now, UTC)
        assert at.hour not in then.skip_hours
        assert at.weekday() not in then.skip_days


# ---------------------------------------------------------------- two weeks


def _fortnight(answer: Outcome, *, start: PollState | None = None, every: int = 300) -> list[int]:
    """The times at which a reader that looks every five minutes asks a server that always answers the same."""
    state, asked = start or PollState(), []
    for now in range(NOW, NOW + 14 * DAY, every):
        if verdict(state, now) == Due():
            asked.append(now)
            state = after(state, answer, now, DAILY, url=URL, changed=not asked[1:])
    return asked


def _gaps(asked: list[int]) -> list[int]:
    return [later - earlier for earlier, later in pairwise(asked)]


def test_two_weeks_of_a_quiet_feed() -> None:
    gaps = _gaps(_fortnight(_same()))
    assert min(gaps) >= HOUR
    assert gaps[-1] > 4 * gaps[0]


def test_two_weeks_of_a_feed_without_validators() -> None:
    asked = _fortnight(_ok(validators=Validators()))
    assert min(_gaps(asked)) >= DAY
    assert len(asked) >= 11


def test_two_weeks_of_an_error() -> None:
    gaps = _gaps(_fortnight(Failed("x", "http", 500)))
    assert gaps[:4] == sorted(gaps[:4])
    assert max(gaps) <= DAY * 1.1 + 300


def test_two_weeks_of_gone() -> None:
    assert len(_fortnight(Failed("x", "http", 410, gone=True))) == 1


def test_two_weeks_of_a_busy_server() -> None:
    gaps = _gaps(_fortnight(Failed("x", "http", 429)))
    assert gaps[0] >= HOUR
    assert gaps[3] > gaps[0]
