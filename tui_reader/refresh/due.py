"""When an address may be asked, and what an answer means for the next time. Pure: every time is an argument.

Floors hold at once: our own interval, the feed's ttl, skipHours and skipDays (RSS 2.0), the server's max-age. What
seldom changes is asked less; what fails is asked less and less; Retry-After is waited out whatever anyone presses.
No wait is longer than a week, so a time that lies further ahead was noted by a clock that was wrong.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

from msgspec import Struct
from msgspec.structs import replace

from tui_reader import urls
from tui_reader.model import Feed, ParsedFeed, PollState
from tui_reader.net.fetch import Failed, Fetched, NotModified, Outcome

HOUR, DAY, WEEK = 3600, 86400, 7 * 86400

WITHOUT_VALIDATORS = DAY
"""Seconds between polls of a server whose feed cannot be asked for conditionally."""
UNREACHED = 10 * 60
"""Seconds until an address is tried again when the network, not the server, was the trouble."""
BUSY = 10 * 60
"""Seconds to wait after a 429 that names no time."""
MOVES_SEEN, MOVED_FOR = 3, WEEK
"""A permanent redirect is believed after this many equal answers over this many seconds."""
RETIRED_AFTER = 30 * DAY
"""Seconds of nothing but faults after which an address is asked once a week."""
_NOTHING_HERE = frozenset({404, 410})


class Settings(Struct, frozen=True):
    """`interval`: seconds between polls. `minimum_interval`: seconds that replace it, and every pace of our own, for
    addresses on this machine; 0 for no exception. `paced`: what seldom changes or cannot tell is asked less often.
    `chosen`: the interval was chosen for this very address, which is asked so often although it seldom changes."""

    interval: int = HOUR
    minimum_interval: int = 0
    paced: bool = True
    chosen: bool = False

    def of(self, feed: Feed) -> Settings:
        """The same for one feed, with the interval that was chosen for it; never below an hour."""
        if feed.own.interval is None:
            return self
        return replace(self, interval=max(feed.own.interval, HOUR), chosen=True)


class Due(Struct, frozen=True):
    """It may be asked now."""


class Waiting(Struct, frozen=True):
    """It may not; `until` is when, None for not by itself."""

    reason: str
    until: int | None


def verdict(state: PollState, now: int, *, forced: bool = False) -> Due | Waiting:
    """Whether an address may be asked now. `forced` is a person's wish: it passes over everything but Retry-After."""
    if state.wait_until is not None and _is_ahead(state.wait_until, now):
        return Waiting("the server asked us to wait", state.wait_until)
    if forced:
        return Due()
    if state.gone:
        return Waiting("it is gone for good (410)", None)
    if state.checked_at is not None and now < state.checked_at - HOUR:
        return Due()
    if state.next_at is not None and _is_ahead(state.next_at, now):
        return Waiting(state.next_why or "not due yet", state.next_at)
    if state.checked_at is not None and state.checked_at + WEEK > now:
        allowed = _outside_quiet_hours(state, now)
        if allowed > now:
            return Waiting("the feed's quiet hours", min(allowed, state.checked_at + WEEK))
    return Due()


def _is_ahead(moment: int, now: int) -> bool:
    return now < moment <= now + WEEK


def after(
    state: PollState,
    outcome: Outcome,
    now: int,
    settings: Settings,
    *,
    url: str,
    changed: bool = False,
    parsed: ParsedFeed | None = None,
) -> PollState:
    """The state after an answer. `changed` tells that the document was another one; `parsed` is that document."""
    if isinstance(outcome, Failed):
        return _after_failure(state, outcome, now, settings, url)
    if parsed is not None:
        state = replace(state, ttl=parsed.ttl, skip_hours=parsed.skip_hours, skip_days=parsed.skip_days)
    state = _moving(state, outcome, now, url)
    state = replace(
        state,
        validators=outcome.validators,
        checked_at=now,
        changed_at=now if changed or state.changed_at is None else state.changed_at,
        wait_until=None,
        failures=0,
        failing_since=None,
        quiet=0 if changed else state.quiet + 1,
        error="",
        status=outcome.status,
        words="",
        gone=False,
    )
    next_at, why = _next_poll(state, outcome.max_age, now, settings, url)
    return replace(state, next_at=next_at, next_why=why)


def _next_poll(state: PollState, max_age: int | None, now: int, settings: Settings, url: str) -> tuple[int, str]:
    own = _pace(settings, url)
    wait, why = own, "checked every hour" if own == HOUR else f"checked every {_span(own)}"
    if settings.chosen and not is_exempt(settings, url):
        why = f"every {_span(own)}, as you set it"
    if settings.paced and not is_exempt(settings, url):
        calm = min((now - (state.changed_at or now)) // 12, DAY)
        if calm > wait and not settings.chosen:
            wait, why = calm, "seldom changes"
        if not (state.validators.etag or state.validators.last_modified) and (max_age or 0) < own:
            wait, why = max(wait, WITHOUT_VALIDATORS), "the server cannot tell what is new: once a day"
    if state.ttl is not None and state.ttl > wait:
        wait, why = state.ttl, "the feed asks for it (ttl)"
    if max_age is not None and max_age > wait:
        wait, why = max_age, "the server asks for it (max-age)"
    wait = min(wait, WEEK)
    if not is_exempt(settings, url):
        wait = min(wait + _jitter(url, wait), WEEK)
    at = _outside_quiet_hours(state, now + wait)
    return min(at, now + WEEK), why if at == now + wait else "the feed's quiet hours"


def _pace(settings: Settings, url: str) -> int:
    return settings.minimum_interval if is_exempt(settings, url) else settings.interval


def is_exempt(settings: Settings, url: str) -> bool:
    """Whether the address lies on this machine and has a pace of its own."""
    return settings.minimum_interval > 0 and urls.is_loopback(urls.host(url))


def _jitter(url: str, wait: int) -> int:
    """Up to a tenth more, the same for one address every time, so that a thousand feeds do not fall due at once."""
    return wait * hashlib.blake2b(url.encode(), digest_size=1).digest()[0] // 2560


def _outside_quiet_hours(state: PollState, at: int) -> int:
    if len(state.skip_hours) >= 24 or len(state.skip_days) >= 7:
        return at
    moment = at
    for _ in range(7 * 24):
        when = datetime.fromtimestamp(moment, UTC)
        if when.hour not in state.skip_hours and when.weekday() not in state.skip_days:
            return moment
        moment = (moment // HOUR + 1) * HOUR
    return at


def _after_failure(state: PollState, failed: Failed, now: int, settings: Settings, url: str) -> PollState:
    if failed.kind == "offline":
        next_at = _no_sooner(state, now + min(UNREACHED, _pace(settings, url)), now)
        return replace(state, error=failed.reason, status=0, words="", next_at=next_at, next_why="the network was down")
    since = now if state.failing_since is None else min(state.failing_since, now)
    if failed.kind == "dns":
        pause = DAY if now - since > RETIRED_AFTER else min(max(UNREACHED, (now - since) // 4), HOUR)
        return replace(
            state,
            failing_since=since,
            error=failed.reason,
            status=0,
            words="",
            next_at=_no_sooner(state, now + pause, now),
            next_why="its name was not found",
        )
    if failed.status in _NOTHING_HERE and failed.url not in {"", url}:
        state = replace(state, moved_to="", moved_count=0, moved_since=None)  # the new place is the empty one
    asked_early = bool(state.failures) and state.next_at is not None and _is_ahead(state.next_at, now)
    failures = state.failures + (not asked_early)  # whoever tries again and again in a hotel is not slowed down by it
    pause = _back_off(failures, since, now, settings, url)
    wait_until = failed.retry_at
    if wait_until is None and failed.status == 429:
        wait_until = now + min(BUSY, pause)
    gone = state.gone or failed.gone
    return replace(
        state,
        checked_at=now,
        failures=failures,
        failing_since=since,
        error=failed.reason,
        status=failed.status,
        words=failed.words,
        wait_until=wait_until,
        next_at=None if gone else max(_no_sooner(state, now + pause, now), wait_until or 0),
        next_why="" if gone else "the server asked us to wait" if failed.retry_at else "it failed",
        gone=gone,
    )


def _back_off(failures: int, since: int, now: int, settings: Settings, url: str) -> int:
    """Seconds after so many faults in a row: 1, 2, 4 … hours up to a day; once a week when nothing else has come for
    a month."""
    pace = _pace(settings, url)
    if now - since > RETIRED_AFTER:
        return WEEK
    pause = max(pace, min(pace << min(failures - 1, 16), DAY))
    if not is_exempt(settings, url):
        pause += _jitter(url, pause)
    return min(pause, WEEK)


def _no_sooner(state: PollState, moment: int, now: int) -> int:
    """A fault never makes an address due earlier than its last good answer allows: it may have been asked because a
    person wished it."""
    return max(moment, state.next_at) if state.next_at is not None and _is_ahead(state.next_at, now) else moment


# ---------------------------------------------------------------- moving


def _moving(state: PollState, outcome: Fetched | NotModified, now: int, url: str) -> PollState:
    """Keep count of a permanent redirect; an answer without it ends the count."""
    target = outcome.permanent_url
    if not target or target == url:
        return replace(state, moved_to="", moved_count=0, moved_since=None)
    if target != state.moved_to or state.moved_since is None or state.moved_since > now:
        return replace(state, moved_to=target, moved_count=1, moved_since=now)
    return replace(state, moved_count=state.moved_count + 1)


def adopted(state: PollState, url: str, now: int) -> str:
    """The address to ask from now on in place of `url`, or "". The caller makes sure that the same feed is there.

    RFC 9110 §15.4.2 adopts a permanent redirect when the answer can be trusted. A step from http to https on the same
    host and path can, and so can the last word of an address that has nothing more to give (404, 410). Any other must
    say the same three times over a week, since hotel networks and broken servers send permanent redirects too.
    """
    target = state.moved_to
    if not target:
        return ""
    if state.failures and state.status in _NOTHING_HERE:
        return target
    if target.startswith("https://") and url.startswith("http://") and target[8:] == url[7:]:
        return target
    stood = state.moved_since is not None and now - state.moved_since >= MOVED_FOR
    return target if stood and state.moved_count >= MOVES_SEEN else ""


def _span(seconds: int) -> str:
    if seconds % HOUR == 0:
        return f"{seconds // HOUR} hours"
    return f"{seconds // 60} minutes" if seconds >= 60 else f"{seconds} seconds"
