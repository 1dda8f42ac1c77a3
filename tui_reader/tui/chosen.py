"""What an act is about: the article that is open or under the cursor, the comment, the feeds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_reader.model import EntryRow
from tui_reader.tui.view import Pane

if TYPE_CHECKING:
    from tui_reader.tui.main import Main


def row(main: Main) -> EntryRow | None:
    """In the lists the article under the cursor, in the article and its discussion the one that is open."""
    if main.view.pane in {Pane.ARTICLE, Pane.DISCUSSION} and main.reading.entry is not None:
        open_row = main.reading.entry.row
        return main.entries.rows.get(open_row.id, open_row)
    return main.entries.current


def selected(main: Main) -> tuple[int, ...]:
    """The articles that are selected, while the keys are in their list; the selection ends with it, because an act is
    about what was selected at the key press."""
    return main.entries.stop_selecting() if main.view.pane is Pane.ENTRIES else ()


def ids(main: Main) -> tuple[int, ...]:
    """The selected articles, else the one article."""
    found = selected(main)
    article = None if found else row(main)
    return found or ((article.id,) if article is not None else ())


def url(main: Main) -> str:
    """The address of the comment under the cursor, else of the article; "" when there is none."""
    if main.view.pane is Pane.DISCUSSION and main.discussion.comment is not None:
        return main.discussion.comment.url
    article = row(main)
    return article.url if article is not None else ""


def feeds(main: Main) -> tuple[int, ...]:
    """In the feeds the feed under the cursor or the folder's feeds; elsewhere the feed of the article; else none."""
    node = main.feeds.current
    if main.view.pane is Pane.FEEDS and node is not None:
        return tuple(feed.id for feed in main.feeds.inside(node))
    article = row(main)
    return (article.feed_id,) if article is not None else ()
