"""The words in the panes' frames. Pure."""

from __future__ import annotations

from datetime import tzinfo

from tui_reader import text
from tui_reader.model import Scope, Thread
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


def article(thread: Thread | None, key: str, *, discussion_in_sight: bool) -> str:
    """Where the discussion is out of sight, what waits in it and the key that leads there."""
    if thread is None or not thread.items or discussion_in_sight:
        return "Article"
    news = f", {thread.new} new" if thread.new else ""
    return f"Article · {key}: {text.plural(thread.held, 'comment')}{news}"


def discussion(thread: Thread | None, *, looking: bool) -> str:
    """How many comments there are, how many came since the last visit, and whether the site is being asked."""
    parts = ["Discussion"]
    if thread is not None and thread.items:
        parts.append(text.plural(thread.held, "comment"))
        if thread.new:
            parts.append(f"{thread.new} new")
    if looking:
        parts.append("looking …")
    return " · ".join(parts)


def looking(thread: Thread | None, told: str, now: int, zone: tzinfo | None) -> str:
    """How sure the thread's shape is, how the last look ended, when the next one is."""
    if thread is None or not thread.items:
        return ""
    parts = [lines.confidence([item.comment for item in thread.items if item.comment is not None])]
    if told:
        parts.append(f"⚠ {told}")
    nexts = [one.poll.next_at for one in thread.discussions if one.poll.next_at is not None]
    if nexts and min(nexts) > now:
        parts.append(f"next look {text.clock(min(nexts), now, zone)}")
    return " · ".join(part for part in parts if part)
