"""What headers mean, on values that servers really send."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_reader.net import headers
from tui_reader.net.headers import Answer

NOW = 1_700_000_000  # Tue, 14 Nov 2023 22:13:20 GMT
WEEK = 7 * 86400


def _answer(**sent: str | bytes) -> Answer:
    pairs = [
        (name.replace("_", "-").encode(), value if isinstance(value, bytes) else value.encode())
        for name, value in sent.items()
    ]
    return Answer("https://example.org/feed", 503, headers.read(pairs))


@pytest.fixture(params=["UTC", "Asia/Kathmandu"])
def zone(request: pytest.FixtureRequest) -> Iterator[None]:
    before = os.environ.get("TZ")
    os.environ["TZ"] = request.param
    time.tzset()
    yield
    os.environ.pop("TZ")
    if before is not None:
        os.environ["TZ"] = before
    time.tzset()


@pytest.mark.row("H09", "K05", "Y08")
@pytest.mark.usefixtures("zone")
@pytest.mark.parametrize(
    ("value", "date", "wait"),
    [
        ("120", "", 120),
        (" 120 ", "", 120),
        ("0", "", None),
        ("-5", "", None),
        ("1.5", "", None),
        ("315360000", "", WEEK),
        ("9" * 5000, "", WEEK),
        ("soon", "", None),
        ("", "", None),
        ("١٢٠", "", None),
        ("Tue, 14 Nov 2023 22:23:20 GMT", "", 600),
        ("Tue, 14 Nov 2023 22:23:20 -0000", "", 600),
        ("Tue, 14 Nov 2023 22:23:20", "", 600),
        ("Tuesday, 14-Nov-23 22:23:20 GMT", "", 600),
        ("Tue Nov 14 22:23:20 2023", "", 600),
        ("Tue, 14 Nov 2023 22:03:20 GMT", "", None),
        ("Fri, 31 Dec 9999 23:59:59 GMT", "", WEEK),
        ("Fri, 31 Dec 99999 23:59:59 GMT", "", None),
        ("Tue, 14 Nov 2023 19:23:20 GMT", "Tue, 14 Nov 2023 19:13:20 GMT", 600),
        ("Wed, 15 Nov 2023 01:23:20 GMT", "Wed, 15 Nov 2023 01:13:20 GMT", 600),
        ("Tue, 14 Nov 2023 22:23:20 GMT", "nonsense", 600),
    ],
)
def test_retry_after_in_seconds_and_by_the_servers_own_clock(value: str, date: str, wait: int | None) -> None:
    answer = _answer(Retry_After=value, Date=date)
    assert headers.retry_at(answer, NOW) == (None if wait is None else NOW + wait)


@pytest.mark.row("Y10")
@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("max-age=3600", 3600),
        ("public, MAX-AGE=60, must-revalidate", 60),
        ('max-age="300"', 300),
        ("max-age = 5", 5),
        ("max-age=0", 0),
        ("no-cache", None),
        ("s-maxage=600", None),
        ("max-age=-1", None),
        ("max-age=1.5", None),
        ("max-age=", None),
        ("max-age", None),
        ("max-age=99999999999999999999", WEEK),
        ("max-age=604801", WEEK),
        ("", None),
    ],
)
def test_max_age(value: str, seconds: int | None) -> None:
    assert headers.max_age(_answer(Cache_Control=value)) == seconds


@pytest.mark.row("Y10")
@pytest.mark.parametrize(
    ("control", "expires", "date", "seconds"),
    [
        ("", "Wed, 01 Jan 2020 02:00:00 GMT", "Wed, 01 Jan 2020 00:00:00 GMT", 7200),
        ("max-age=60", "Wed, 01 Jan 2020 02:00:00 GMT", "Wed, 01 Jan 2020 00:00:00 GMT", 60),
        ("no-cache", "Wed, 01 Jan 2020 00:00:00 GMT", "Wed, 01 Jan 2020 00:00:00 GMT", None),
        ("", "Tue, 14 Nov 2023 23:13:20 GMT", "", 3600),
        ("", "0", "", None),
        ("", "Fri, 01 Jan 2100 00:00:00 GMT", "", WEEK),
        ("", "", "", None),
    ],
)
def test_expires_counts_where_there_is_no_max_age(control: str, expires: str, date: str, seconds: int | None) -> None:
    answer = _answer(Cache_Control=control, Expires=expires, Date=date)
    assert headers.fresh_for(answer, NOW) == seconds


@pytest.mark.row("H09")
@given(st.text(max_size=80), st.text(max_size=80))
def test_no_value_raises_and_no_wait_is_longer_than_a_week(value: str, date: str) -> None:
    answer = _answer(Retry_After=value, Date=date, Cache_Control="max-age=" + value, Location=value, Expires=value)
    until, age = headers.retry_at(answer, NOW), headers.fresh_for(answer, NOW)
    assert until is None or NOW < until <= NOW + WEEK
    assert age is None or 0 <= age <= WEEK
    headers.target(answer)


@pytest.mark.row("H06")
@given(st.binary(max_size=40))
def test_a_validator_is_kept_whole_or_not_at_all(value: bytes) -> None:
    answer = Answer("https://example.org/", 200, {"etag": value})
    assert headers.validators(answer).etag in {value, None}
