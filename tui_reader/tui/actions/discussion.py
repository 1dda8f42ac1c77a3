"""Between an article and its discussions: which one is shown, watching, what is missing, what is new."""

from __future__ import annotations

from collections.abc import Collection, Coroutine
from typing import TYPE_CHECKING, Any

from tui_reader import text
from tui_reader.model import Discussion
from tui_reader.tui import chosen
from tui_reader.tui.view import Pane

if TYPE_CHECKING:
    from tui_reader.tui.main import Main


def show(main: Main, count: int | None) -> None:
    """The discussion of the open article, or of the one under the cursor, and back to the article."""
    if main.view.pane is Pane.ENTRIES and not main.reading.is_at_cursor() and main.entries.current is not None:
        main.reading.open(main.entries.current.id, into=Pane.DISCUSSION)
    else:
        main.show(main.view.flipped())


def next_source(main: Main, count: int | None) -> None:
    """The next place where the article is discussed."""
    _switch(main, 1)


def previous_source(main: Main, count: int | None) -> None:
    _switch(main, -1)


def _switch(main: Main, step: int) -> None:
    main.reading.leave_source()
    if not main.discussion.switch(step):
        main.say("this article is discussed in one place only" if main.discussion.source else "no discussion is known")
        return
    main.show_titles()
    main.go(main.reading.look(), group="look", newest=True)


def watch(main: Main, count: int | None) -> Coroutine[Any, Any, None]:
    """Watch the discussion of the article, or of each that is selected, or watch it no longer."""
    selected = chosen.selected(main)
    return _watch_all(main, selected) if selected else _watch(main)


async def _watch_all(main: Main, ids: Collection[int]) -> None:
    """Watch those that are not watched yet; when all are, none of them."""
    change = await main.library.watch_entries(ids, True, days=main.config.discussion.watch_days)
    if not change.label:
        change = await main.library.watch_entries(ids, False)
    if change.label:
        main.did(change)
    else:
        main.say("none of these articles names a discussion that could be watched")


async def _watch(main: Main) -> None:
    source = await _source(main)
    if source is None:
        return
    if source.watch_until is not None and not source.watch_key:
        main.did(await main.library.unwatch(source.id))
        return
    main.did(await main.library.watch(source.id, days=main.config.discussion.watch_days))
    main.say(f"watched for {text.plural(main.config.discussion.watch_days, 'day')}; {_next_look(main, source)}")


async def watch_replies(main: Main, count: int | None) -> None:
    """Watch only the comment under the cursor and what is said below it."""
    source, comment = main.discussion.source, main.discussion.comment
    if source is None or comment is None:
        main.say("no comment is chosen")
        return
    if source.watch_key == comment.key:
        main.did(await main.library.unwatch(source.id))
        return
    main.did(await main.library.watch(source.id, key=comment.key, days=main.config.discussion.watch_days))
    main.say(f"the replies to {comment.author or 'this comment'} are watched; {_next_look(main, source)}")


async def watch_feed(main: Main, count: int | None) -> None:
    """Watch the discussions of everything new in this feed, or no longer."""
    node, entry = main.feeds.current, main.reading.entry
    feed = node.feed if main.view.pane is Pane.FEEDS and node is not None else None
    if feed is None and entry is not None:
        feed = next((one for one in main.feeds.feeds if one.id == entry.row.feed_id), None)
    if feed is None:
        main.say("no feed is chosen")
        return
    main.did(await main.library.follow(feed.id, not feed.follow))


async def look_watched(main: Main, count: int | None) -> None:
    """Look at every watched discussion now, as far as their servers allow it."""
    main.say("looking at the watched discussions …")
    looked = await main.library.look_watched(force=True)
    if not looked.asked:
        main.say(looked.message or "no watched discussion may be asked now")
    else:
        main.say(text.plural(looked.new, "new comment") if looked.new else looked.message or "no new comments")


async def back_fill(main: Main, count: int | None) -> None:
    """Fetch the comments that the feed no longer shows; where no discussion is known, look for one on the page."""
    entry = main.reading.entry
    if entry is None:
        main.say("no article is open")
        return
    main.say("fetching what is missing …")
    looked = await main.library.back_fill(entry.row.id, main.discussion.source.id if main.discussion.source else 0)
    main.say(text.plural(looked.new, "comment") + " fetched" if looked.new else looked.message)


async def elsewhere(main: Main, count: int | None) -> None:
    """Ask Hacker News and Lobsters whether they discuss the open article's link, if the settings allow that."""
    entry = main.reading.entry
    if entry is None:
        main.say("no article is open")
        return
    if not main.config.discussion.ask_elsewhere:
        main.say("asking Hacker News and Lobsters tells them what you read: set discussion.ask_elsewhere = true first")
        return
    main.say("asking Hacker News and Lobsters …")
    looked = await main.library.ask_elsewhere(entry.row.id)
    main.say(looked.message)


async def since(main: Main, count: int | None) -> None:
    """Step back through the visits: new since the last one, since the one before it, of the last day, all."""
    source = main.discussion.source
    if source is None:
        main.say("no discussion is known")
        return
    main.say(main.discussion.step_since(await main.library.visits(source.id)))
    main.show_titles()


async def _source(main: Main) -> Discussion | None:
    """The discussion on the screen; in the lists the best one of the article under the cursor."""
    row = main.entries.current
    if main.view.pane is Pane.ENTRIES and not main.reading.is_at_cursor() and row is not None:
        places = (await main.library.thread(row.id)).discussions
    else:
        places = (main.discussion.source,) if main.discussion.source is not None else ()
    source = next((one for one in places if one.url), None)
    if source is None:
        main.say("this article names no discussion that could be watched")
    return source


def _next_look(main: Main, source: Discussion) -> str:
    after = source.poll.next_at or 0
    now = main.clock()
    return f"next look {text.clock(after, now, main.zone)}" if after > now else "the first look comes at once"
