"""Dates as feeds write them, to seconds since 1970 UTC; None for what is no date."""

from __future__ import annotations

import calendar
import re
from datetime import UTC, date, datetime
from email.utils import parsedate_tz

_EARLIEST, _LATEST = 0, 253_402_300_799
_EPOCH = date(1970, 1, 1).toordinal()
_ISO = re.compile(
    r"^(\d{4})-(\d{2})(?:-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s*(Z|[+-]\d{2}:?\d{2})?)?)?$",
    re.IGNORECASE,
)
_MONTHS = {
    "Jan": 1, "Feb": 2, "Mar": 3, "Apr": 4, "May": 5, "Jun": 6,
    "Jul": 7, "Aug": 8, "Sep": 9, "Oct": 10, "Nov": 11, "Dec": 12,
}  # fmt: skip
_MAIL = re.compile(
    r"^(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), )?([0-3]?\d) ([A-Z][a-z]{2}) ([12]\d{3}) ([01]\d|2[0-3]):([0-5]\d):(\d\d)"
    r" (?:GMT|([+-])(\d\d)(\d\d))$"
)
"""As nearly every feed writes it (RFC 2822 §3.3)."""


def seconds(written: str) -> int | None:
    """RFC 3339 and ISO 8601, RFC 822 and 2822. A bare number is no date (feedparser takes 1704067200 for a year)."""
    written = " ".join(written.split())
    if not written or written.isdigit():
        return None
    match = _ISO.match(written)
    try:
        return _within(_iso(match) if match else _mail(written))
    except (ValueError, OverflowError, TypeError, IndexError):
        return None


def _iso(match: re.Match[str]) -> int:
    year, month, day, hour, minute, second, zone = match.groups()
    hours = int(hour or 0)
    at = datetime(
        int(year), int(month), int(day or 1), hours % 24, int(minute or 0), min(int(second or 0), 59), tzinfo=UTC
    )
    offset = 0
    if zone and zone not in "Zz":
        digits = zone[1:].replace(":", "")
        offset = (int(digits[:2]) * 60 + int(digits[2:])) * 60 * (-1 if zone[0] == "-" else 1)
    return int(at.timestamp()) - offset + (86400 if hours == 24 else 0)


def _mail(written: str) -> int | None:
    if (usual := _MAIL.match(written)) and (month := _MONTHS.get(usual[2])):
        day, _, year, hour, minute, second, sign, hours, minutes = usual.groups()
        at = (date(int(year), month, int(day)).toordinal() - _EPOCH) * 86400
        at += (int(hour) * 60 + int(minute)) * 60 + int(second)
        return at - (int(f"{sign}1") * (int(hours) * 60 + int(minutes)) * 60 if sign else 0)
    parsed = parsedate_tz(written)
    if parsed is None:
        return None
    year, month, day, hour, minute, second = parsed[:6]
    datetime(year, month, day, hour % 24, minute, min(second, 59), tzinfo=UTC)
    return calendar.timegm((year, month, day, hour, minute, second)) - (parsed[9] or 0)


def from_struct(parts: object) -> int | None:
    """feedparser's struct_time (UTC), for the formats that only it knows."""
    try:
        return _within(calendar.timegm(parts))  # type: ignore[arg-type]
    except (ValueError, OverflowError, TypeError, IndexError):
        return None


def _within(at: int | None) -> int | None:
    """Only what a calendar can show, and not the very beginning of 1970, which means an empty field."""
    return at if at is not None and _EARLIEST + 86400 < at <= _LATEST else None
