"""What one session leaves for the next: the list that was open and the folders that were shut. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from tui_reader.model import Scope

KEY = "session"
"""Under which the library remembers it."""


def kept(scope: Scope, folded: Iterable[str]) -> dict[str, object]:
    """The session as JSON can hold it."""
    return {"folded": sorted(folded), "scope": [scope.kind, scope.name, scope.feed_id]}


def recalled(session: object) -> tuple[set[str], Scope]:
    """The folded folders and the scope, or the defaults for whatever of it makes no sense."""
    told = session if isinstance(session, dict) else {}
    listed = told.get("folded")
    folded = {name for name in listed if isinstance(name, str)} if isinstance(listed, list) else set()
    match told.get("scope"):
        case [("all" | "unread" | "starred" | "today" | "folder" | "feed") as kind, str() as name, int() as feed_id]:
            return folded, Scope(kind, name, feed_id)
        case _:
            return folded, Scope("unread")
