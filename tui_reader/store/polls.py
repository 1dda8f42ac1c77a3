"""`PollState` to columns and back: feeds and discussions keep it in columns of the same names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tui_reader.model import PollState, Validators

COLUMNS = (
    "etag",
    "last_modified",
    "validators_url",
    "body_hash",
    "checked_at",
    "changed_at",
    "next_at",
    "next_why",
    "wait_until",
    "failures",
    "failing_since",
    "quiet",
    "error",
    "status",
    "words",
    "moved_to",
    "moved_count",
    "moved_since",
    "gone",
    "ttl",
    "skip_hours",
    "skip_days",
)
SET = ", ".join(f"{column} = ?" for column in COLUMNS)
"""For `UPDATE … SET`, to be bound to `values(state)`."""


def selected(table: str) -> str:
    """The columns for a SELECT list, to be read back with `state`."""
    return ", ".join(f"{table}.{column}" for column in COLUMNS)


def values(state: PollState) -> tuple[object, ...]:
    """What to bind to `SET`."""
    return (
        state.validators.etag,
        state.validators.last_modified,
        state.validators.url,
        state.body_hash,
        state.checked_at,
        state.changed_at,
        state.next_at,
        state.next_why,
        state.wait_until,
        state.failures,
        state.failing_since,
        state.quiet,
        state.error,
        state.status,
        state.words,
        state.moved_to,
        state.moved_count,
        state.moved_since,
        int(state.gone),
        state.ttl,
        _joined(state.skip_hours),
        _joined(state.skip_days),
    )


def state(row: Sequence[Any]) -> PollState:
    """The state from the columns of `selected`, in its order."""
    etag, last_modified, url, *plain, gone, ttl, hours, days = row
    known = (Validators(etag, last_modified, url), *plain, bool(gone), ttl, _numbers(hours), _numbers(days))
    return PollState(*known)


def _numbers(joined: str) -> tuple[int, ...]:
    return tuple(map(int, joined.split())) if joined else ()


def _joined(numbers: tuple[int, ...]) -> str:
    return " ".join(map(str, numbers))
