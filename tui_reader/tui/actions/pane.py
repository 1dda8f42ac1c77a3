"""Going from pane to pane."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from tui_reader.tui.tasks import Doing
from tui_reader.tui.view import Layout, Pane

if TYPE_CHECKING:
    from tui_reader.tui.main import Main

COLUMNS, LINES = 4, 2
"""By how much a pane grows or shrinks when nothing is counted."""


def in_(main: Main, count: int | None) -> None:
    """One pane further in; from a list, open what the cursor is on when nothing is."""
    if main.view.pane is Pane.FEEDS and _folded(main):
        main.feeds.toggle()
    elif main.view.pane is Pane.ENTRIES and not main.reading.is_at_cursor():
        open_(main, None)
    else:
        main.show(main.view.moved(count or 1))


def _folded(main: Main) -> bool:
    node = main.feeds.current
    return node is not None and node.kind == "folder" and node.folded


def out(main: Main, count: int | None) -> None:
    """One pane out; in the feeds, from a feed to its folder, which then folds."""
    if main.view.pane is Pane.FEEDS:
        main.feeds.out()
    else:
        main.show(main.view.moved(-(count or 1)))


def next_(main: Main, count: int | None) -> None:
    main.show(main.view.cycled(count or 1))


def previous(main: Main, count: int | None) -> None:
    main.show(main.view.cycled(-(count or 1)))


def feeds(main: Main, count: int | None) -> None:
    main.show(main.view.focused(Pane.FEEDS))


def entries(main: Main, count: int | None) -> None:
    main.show(main.view.focused(Pane.ENTRIES))


def article(main: Main, count: int | None) -> None:
    main.show(main.view.focused(Pane.ARTICLE))


def discussion(main: Main, count: int | None) -> None:
    main.show(main.view.focused(Pane.DISCUSSION))


def open_(main: Main, count: int | None) -> None:
    """What the cursor is on: a feed's articles, an article, from an article its discussion."""
    if main.view.pane is Pane.ENTRIES:
        row = main.entries.current
        if row is not None:
            main.reading.open_listed(row.id)
    else:
        main.show(main.view.moved(1))


def back(main: Main, count: int | None) -> Doing:
    """Undo the last step in: a text search, a filter, a search, a zoom, at last one pane out."""
    view = main.view
    if view.pane in {Pane.ARTICLE, Pane.DISCUSSION} and main.stop_finding():
        return None
    if view.pane is Pane.ENTRIES and main.entries.stop_selecting():
        return None
    if view.zoomed:
        main.show(replace(view, zoomed=False))
    elif view.pane is Pane.FEEDS and main.feeds.words:
        main.feeds.narrow("")
    elif view.pane is Pane.ENTRIES and view.scope.filter:
        return main.open_scope(replace(view.scope, filter=""))
    elif view.pane is Pane.ENTRIES and view.scope.kind == "search" and main.before_search is not None:
        return main.open_scope(main.before_search)
    elif view.pane is Pane.DISCUSSION and view.layout in {Layout.WIDE, Layout.MEDIUM}:
        main.show(view.focused(Pane.ENTRIES))
    else:
        main.show(view.moved(-1))
    return None


def zoom(main: Main, count: int | None) -> None:
    main.show(replace(main.view, zoomed=not main.view.zoomed))


def wider(main: Main, count: int | None) -> None:
    _resized(main, main.dividers.widen(count or COLUMNS), "width")


def narrower(main: Main, count: int | None) -> None:
    _resized(main, main.dividers.widen(-(count or COLUMNS)), "width")


def taller(main: Main, count: int | None) -> None:
    _resized(main, main.dividers.heighten(count or LINES), "height")


def shorter(main: Main, count: int | None) -> None:
    _resized(main, main.dividers.heighten(-(count or LINES)), "height")


def even(main: Main, count: int | None) -> None:
    """The sizes of the style sheet."""
    main.dividers.reset()
    main.say("the panes have their usual sizes")


def _resized(main: Main, done: bool, what: str) -> None:
    if not done:
        main.say(f"this pane has all the {what} there is")
