"""Whether comments were missed: what a site shows is a window on the discussion, not the discussion. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from tui_reader.model import ParsedComment


def gap_at(
    found: Sequence[ParsedComment], held: Collection[str], window: int, declared: int | None, before: int | None
) -> int | None:
    """The moment before which comments were missed, 0 when nobody knows it, None when none were.

    `held` are the keys stored so far, `window` is how many comments the source shows (0: all of them), `before` the
    gap known so far. A full window in which nothing is known has moved on further than one look; at a first look it
    hides something unless the site declares no more than it shows. A count that is not reached tells the same.
    """
    keys = {comment.key for comment in found}
    if declared is not None and len(keys | set(held)) >= declared:
        return None
    if not window:
        return before
    if len(found) < window or keys & set(held):
        return before if before is not None or declared is None or not keys else 0
    dates = [comment.published for comment in found if comment.published is not None]
    return min(dates, default=before or 0)
