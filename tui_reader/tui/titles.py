"""The words in the panes' frames. Pure."""

from __future__ import annotations

from datetime import tzinfo

from tui_reader import text
from tui_reader.model import RANKED, Discussion, Order, Scope, SortKey, Thread
from tui_reader.tui import lines

SMART = {
    "all": "All",
    "unread": "Unread",
    "today": "Today",
    "starred": "Starred",
    "watched": "Watching",
    "news": "New comments",
}


def entries(scope: Scope) -> str:
    """What the list shows and what it narrows to."""
    title = f"Search · {scope.name}" if scope.kind == "search" else SMART.get(scope.kind) or scope.name
    return f"{title} · {scope.filter}" if scope.filter else title


ORDERS: dict[SortKey, tuple[str, str]] = {
    "date": ("newest first", "oldest first"),
    "arrival": ("last arrived first", "first arrived first"),
    "title": ("by title", "by title, Z to A"),
    "feed": ("by feed", "by feed, Z to A"),
    "comments": ("most comments first", "fewest comments first"),
    "new": ("most new comments first", "fewest new comments first"),
    "relevance": (f"best of the newest {RANKED:,}", f"weakest of the newest {RANKED:,}"),
}
"""What an order is called, and what it is called the other way round."""


def order_of(order: Order) -> str:
    """The order of a list in words."""
    return ORDERS[order.by][order.reverse]


def listed(count: int, order: Order, selected: int = 0) -> str:
    """What the list's frame says of what is in it: how many are selected, the order, and how many there are."""
    told = f"{order_of(order)} · {text.plural(count, 'article')}" if count else ""
    return f"{selected:,} selected · {told}" if selected else told


def nothing(scope: Scope) -> str:
    """What a list with nothing in it says."""
    if scope.filter or scope.kind == "search":
        return "Nothing has these words."
    return EMPTY.get(scope.kind, "Nothing here yet.")


EMPTY = {
    "unread": "All is read.",
    "starred": "Nothing is starred.",
    "today": "Nothing yet today.",
    "watched": "No discussion is watched.",
    "news": "No new comments.",
}
"""What a list says that is empty and narrowed by nothing."""


def article(thread: Thread | None, key: str, *, discussion_in_sight: bool) -> str:
    """Where the discussion is out of sight, what waits in it and the key that leads there."""
    if thread is None or not thread.items or discussion_in_sight:
        return "Article"
    news = f", {thread.new} new" if thread.new else ""
    return f"Article · {key}: {text.plural(thread.held, 'comment')}{news}"


def discussion(thread: Thread | None, source: Discussion | None, *, looking: bool, how: str = "") -> str:
    """How many comments there are, of how many, and how many are new; with several places each with its own count.
    `how` tells what is shown of them when that is not the whole tree."""
    parts = ["Discussion"]
    if thread is not None and len(thread.discussions) > 1:
        parts = [_place(one, here=source is not None and one.id == source.id) for one in thread.discussions]
    elif thread is not None and thread.items:
        declared = source.declared if source is not None and source.unseen else None
        parts.append(f"{thread.held} of {declared} comments" if declared else text.plural(thread.held, "comment"))
    if thread is not None and thread.new:
        parts.append(f"{thread.new} new")
    if how:
        parts.append(how)
    if source is not None and source.watch_until is not None:
        parts.append("◆ replies watched" if source.watch_key else "◆ watched")
    if looking:
        parts.append("looking …")
    return " · ".join(parts)


def _place(one: Discussion, *, here: bool) -> str:
    count = one.held if one.complete else max(one.held, one.declared or 0)
    told = f"{one.name or 'Comments'} {count}" + (f" +{one.new}" if one.new else "")
    return f"[{told}]" if here else told


def looking(thread: Thread | None, source: Discussion | None, told: str, now: int, zone: tzinfo | None) -> str:
    """How sure the thread's shape is, how the last look ended, when the next one is and why."""
    if thread is None or not thread.items:
        return ""
    parts = [lines.confidence([item.comment for item in thread.items if item.comment is not None])]
    if told:
        parts.append(f"⚠ {told}")
    if source is not None:
        watched = source.watch_until is not None and source.watch_at is not None
        at, why = (source.watch_at, source.watch_why) if watched else (source.poll.next_at, "")
        if at is not None and at > now:
            parts.append(f"next look {text.clock(at, now, zone)}" + (f", {why}" if why else ""))
    return " · ".join(part for part in parts if part)
