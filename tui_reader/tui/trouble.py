"""What went wrong with a feed, as one line a person can act on, and its details. Pure.

The line has five parts: the feed's name, what happened in plain words, what is safe, what happens next and when, and
the key that helps.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import tzinfo

from tui_reader import text
from tui_reader.model import Feed

Keys = Callable[[str], str]
"""The key of a command, "" when it has none."""

SEEMS_GONE = 14 * 86_400
"""Seconds of refusals after which an address seems to be gone."""
_REFUSED = frozenset({403, 404})


def what_next(feed: Feed, now: int, zone: tzinfo | None) -> str:
    """When the feed is asked again, as a sentence."""
    poll = feed.poll
    if poll.gone:
        return "It is not asked again by itself."
    if poll.wait_until is not None and poll.wait_until > now:
        return f"It asked us to wait until {text.clock(poll.wait_until, now, zone)}."
    if poll.next_at is not None and poll.next_at > now:
        return f"Next try {text.clock(poll.next_at, now, zone)}."
    return "Next try with the next refresh."


def what_is_safe(feed: Feed) -> str:
    """What the fault does not touch, as a sentence."""
    if not feed.entries:
        return "Nothing was saved of it yet."
    return f"{text.plural(feed.entries, 'saved article')} {'is' if feed.entries == 1 else 'are'} here."


def advice(feed: Feed, now: int, key: Keys | None = None) -> str:
    """What a person can do about a fault that does not pass by itself, as a sentence; "" when waiting is best. Without
    `key` no keys are named."""
    poll = feed.poll
    remove, change = (key("feed.remove"), key("feed.address")) if key is not None else ("", "")
    if poll.status == 401:
        how = f"{change} changes it" if change else "change it"
        return f"A login can stand in its address (https://name:password@…): {how}."
    refused = poll.status in _REFUSED and poll.failing_since is not None and now - poll.failing_since >= SEEMS_GONE
    if not (poll.gone or refused):
        return ""
    found = "It seems to be gone: " if refused else ""
    if remove and change:
        return f"{found}{remove} removes the feed, {change} changes its address."
    return f"{found}remove the feed, or change its address." if found else "Remove the feed, or change its address."


def line(feed: Feed, now: int, zone: tzinfo | None, key: Keys | None = None) -> str:
    """One feed's fault in one line."""
    parts = (what_is_safe(feed), what_next(feed, now, zone), advice(feed, now, key))
    return f"⚠ {feed.title} — {feed.poll.error}. {' '.join(filter(None, parts))}"


def summary(faulty: Sequence[Feed], asked: int, now: int, zone: tzinfo | None, key: Keys | None = None) -> str:
    """The faults of one refresh in one line: one notice, however many feeds had trouble."""
    if len(faulty) == 1:
        return line(faulty[0], now, zone, key)
    if len(faulty) == asked and all(not feed.poll.failures and not feed.poll.status for feed in faulty):
        again = min((feed.poll.next_at for feed in faulty if feed.poll.next_at is not None), default=now)
        return f"⚠ The network seems to be down. What is saved can be read. Next try {text.clock(again, now, zone)}."
    return f"⚠ {len(faulty)} of {text.plural(asked, 'feed')} had trouble. Their saved articles are here."


def details(feed: Feed, now: int, zone: tzinfo | None, key: Keys | None = None) -> list[tuple[str, str]]:
    """All that is known of a feed's fault, as (label, text) pairs."""
    poll = feed.poll
    told = [("what happened", poll.error or feed.fault), ("address", feed.url)]
    if poll.error and feed.fault:
        told.append(("and before", feed.fault))
    if poll.status:
        told.append(("answer", f"HTTP status {poll.status}"))
    if poll.words:
        told.append(("its own words", poll.words[:300]))
    if poll.moved_to:
        told.append(("moved to", poll.moved_to))
    if poll.failing_since is not None:
        since = text.clock(poll.failing_since, now, zone)
        told.append(("since", f"{since}, {text.plural(poll.failures, 'time')} in a row"))
    if poll.checked_at is not None:
        told.append(("last answer", text.clock(poll.checked_at, now, zone)))
    told.append(("what is safe", what_is_safe(feed)))
    told.append(("what is next", what_next(feed, now, zone)))
    if can_do := advice(feed, now, key):
        told.append(("what you can do", can_do))
    return told
