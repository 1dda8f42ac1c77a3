"""What went wrong, in full."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_reader.tui import details as faults

if TYPE_CHECKING:
    from tui_reader.tui.main import Main


def details(main: Main, count: int | None) -> None:
    """The faults of the chosen feed, else of the last refresh, else of all feeds that have one."""
    node = main.feeds.current
    chosen = [node.feed] if node is not None and node.feed is not None and node.feed.poll.error else []
    faulty = chosen or list(main.follow.faulty) or [feed for feed in main.feeds.feeds if feed.poll.error]
    if faulty:
        main.app.push_screen(faults.sheet(faulty, main.clock(), main.zone))
    else:
        main.say("no feed has trouble")
