"""Moving and marking in a discussion. `h l J K` mean out, in, next and previous sibling."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tui_reader.tui import cards
from tui_reader.tui.view import Pane

if TYPE_CHECKING:
    from tui_reader.tui.main import Main


async def next_new(main: Main, count: int | None) -> None:
    """The next new comment; after the last one the next article whose discussion has news, told by name."""
    if main.discussion.go_new(1):
        return
    row = await main.entries.next_with_news()
    if row is None:
        main.say("no new comment below")
        return
    main.say(f"on to {row.title}")
    main.reading.open(row.id, into=Pane.DISCUSSION, at_news=True)


def previous_new(main: Main, count: int | None) -> None:
    if not main.discussion.go_new(-1):
        main.say("no new comment above")


def next_sibling(main: Main, count: int | None) -> None:
    _go(main, main.discussion.sibling(count or 1), "no further reply to the same comment")


def previous_sibling(main: Main, count: int | None) -> None:
    _go(main, main.discussion.sibling(-(count or 1)), "no earlier reply to the same comment")


def next_top(main: Main, count: int | None) -> None:
    _go(main, main.discussion.top_level(count or 1), "this is the last thread")


def previous_top(main: Main, count: int | None) -> None:
    _go(main, main.discussion.top_level(-(count or 1)), "this is the first thread")


def root(main: Main, count: int | None) -> None:
    _go(main, main.discussion.root(), "this is the top of the thread")


def _go(main: Main, moved: bool, else_say: str) -> None:
    if not moved:
        main.say(else_say)


def out(main: Main, count: int | None) -> None:
    """Fold; where there is nothing to fold, to the parent; at the top, out of the discussion."""
    if not main.discussion.out():
        main.show(main.view.moved(-1))


def in_(main: Main, count: int | None) -> None:
    """Unfold; where nothing is folded, to the first reply."""
    main.discussion.into()


async def toggle_read(main: Main, count: int | None) -> None:
    comment = main.discussion.comment
    if comment is not None:
        main.did(await main.library.mark_comments({comment.id}, not comment.read))


async def mark_subtree(main: Main, count: int | None) -> None:
    """The comment and everything below it, then on to the next sibling."""
    ids = main.discussion.below()
    if ids:
        main.did(await main.library.mark_comments(ids, True))
    main.discussion.sibling(1)


async def look(main: Main, count: int | None) -> None:
    await main.reading.look(force=True)


def back(main: Main, count: int | None) -> None:
    _go(main, main.discussion.back(), "there was no jump before")


def peek(main: Main, count: int | None) -> None:
    """All that the comment answers, from the top; any key returns."""
    way = main.discussion.answered()
    if len(way) < 2:
        main.say("this comment answers the article itself")
        return
    main.app.push_screen(cards.ancestors(way, main.discussion.text_of, main.clock()))


def order(main: Main, count: int | None) -> None:
    """As a tree, newest first, only new ones, by author."""
    main.say(f"shown {main.discussion.reorder()}")
    main.show_titles()


def fold_all(main: Main, count: int | None) -> None:
    main.discussion.open_to(1)


def unfold_all(main: Main, count: int | None) -> None:
    main.discussion.open_all()


def fold_old(main: Main, count: int | None) -> None:
    """Everything without news; the ways to what is new stay open."""
    main.discussion.fold_old()


def _depth(levels: int) -> Callable[[Main, int | None], None]:
    def depth(main: Main, count: int | None) -> None:
        main.discussion.open_to(levels)

    depth.__module__ = __name__
    return depth


depth_one, depth_two, depth_three = _depth(1), _depth(2), _depth(3)
depth_four, depth_five, depth_six = _depth(4), _depth(5), _depth(6)
depth_seven, depth_eight, depth_nine = _depth(7), _depth(8), _depth(9)
