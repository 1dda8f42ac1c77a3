"""What a list shows, as a query that can be kept. Pure."""

from __future__ import annotations

from tui_reader.model import Scope

_KINDS = {
    "unread": "is:unread",
    "starred": "is:starred",
    "today": "newer:1d",
    "watched": "is:watched",
    "news": "new:>0",
}


def query_of(scope: Scope) -> str:
    """The query that lists the same entries, wherever it is asked."""
    parts = [_KINDS.get(scope.kind, "")]
    if scope.kind in {"feed", "folder"}:
        parts = [f'{scope.kind}:"{scope.name.replace(chr(34), " ")}"']
    elif scope.kind == "search":
        parts = [scope.name]
    elif scope.kind == "smart":
        parts = [scope.query]
    if scope.unread_only:
        parts.append("is:unread")
    parts.append(scope.filter)
    parts = [part for part in parts if part]
    return " ".join(f"({part})" if len(parts) > 1 and " OR " in f" {part} " else part for part in parts)
