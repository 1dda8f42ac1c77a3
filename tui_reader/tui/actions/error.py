"""What went wrong, in full."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_reader.model import Feed
from tui_reader.tui import details as faults

if TYPE_CHECKING:
    from tui_reader.tui.main import Main


def details(main: Main, count: int | None) -> None:
    """The faults of the chosen feed, else of the last refresh, else of all feeds that have one."""
    node = main.feeds.current
    chosen = [node.feed] if node is not None and node.feed is not None and _has_trouble(node.feed) else []
    faulty = chosen or list(main.follow.faulty) or [feed for feed in main.feeds.feeds if _has_trouble(feed)]
    if faulty:
        main.app.push_screen(faults.sheet(faulty, main.clock(), main.zone, main.keys.key_of))
    else:
        main.say("no feed has trouble")


def _has_trouble(feed: Feed) -> bool:
    return bool(feed.poll.error or feed.fault)
