"""Nobody is asked faster than their site bears, whoever wishes it."""

from __future__ import annotations

from pathlib import Path

from tui_reader.config import Config
from tui_reader.discussion.run import held_back
from tui_reader.library import Library
from tui_reader.model import DiscussionRef, EntryUpdate, FeedUpdate, ParsedEntry, PollState, ThreadUpdate
from tui_reader.net.client import Fetcher
from tui_reader.sources.registry import by_kind
from tui_reader.store import comments, connect, discussions, entries, feeds

NOW = 1_767_225_600


def test_a_slow_site_is_asked_once_in_its_pace() -> None:
    waiting = held_back(by_kind("reddit"), NOW - 20, NOW)
    assert waiting is not None
    assert (waiting.reason, waiting.until) == ("Reddit is asked once in 60 seconds", NOW + 40)
    assert held_back(by_kind("reddit"), NOW - 60, NOW) is None


def test_a_clock_that_was_wrong_does_not_hold_anyone_back() -> None:
    assert held_back(by_kind("reddit"), NOW + 86_400, NOW) is None


async def test_one_discussion_waits_for_another_of_the_same_site_though_it_was_asked_by_another_run(
    tmp_path: Path,
) -> None:
    db = connect.open_writer(tmp_path / "library.db", now=NOW)
    feed = feeds.add(db, url="https://blog.example/feed", now=NOW)
    for number in (1, 2):
        ref = DiscussionRef("reddit", f"https://www.reddit.com/r/x/comments/{number}/s/.rss", name="Reddit")
        entry = EntryUpdate(None, ParsedEntry(str(number), discussions=(ref,)), NOW, str(number).encode())
        entries.save(db, FeedUpdate(feed, "Blog", "", "", PollState(), (entry,)), now=NOW)
    first = discussions.of_entry(db, 1)[0]
    comments.save(db, ThreadUpdate(first.id, poll=PollState(checked_at=NOW - 10)), now=NOW)
    db.close()
    library = await Library.open(tmp_path / "library.db", Config(), clock=lambda: NOW, fetching=Fetcher)
    looked = await library.look(2, force=True)
    assert (looked.asked, looked.message, looked.until) == (False, "Reddit is asked once in 60 seconds", NOW + 50)
    await library.close()
