"""Where panes meet: how they share the screen, moved with the mouse or by a command, and remembered.

A size of 0 is the style sheet's. Only the wide and the medium layout have dividers; a zoomed pane has the screen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from msgspec import Struct
from msgspec.structs import asdict, fields, replace

from tui_reader.tui.view import Layout, Pane

if TYPE_CHECKING:
    from tui_reader.tui.main import Main

KEY = "panes"
"""Under which the library remembers them."""
LEAST_COLUMNS = 16
LEAST_ROWS = 4

Edge = Literal["feeds", "entries", "list", "article"]


class Sizes(Struct, frozen=True):
    """Cells of the panes before a divider: the columns of the feeds and of the articles, the lines of the list of
    articles where it is above what is read, and of the article where it is above its discussion."""

    feeds: int = 0
    entries: int = 0
    list: int = 0
    article: int = 0


def recalled(told: object) -> Sizes:
    """The sizes that were remembered, 0 for whatever of it makes no sense."""
    held = told if isinstance(told, dict) else {}
    good = {field.name: held[field.name] for field in fields(Sizes) if isinstance(held.get(field.name), int)}
    return Sizes(**{name: max(0, size) for name, size in good.items()})


class Dividers:
    """The sizes in force. `moving` is the divider that the mouse holds."""

    def __init__(self, main: Main) -> None:
        self.main = main
        self.sizes = Sizes()
        self.moving: Edge | None = None
        self._applied: tuple[int | None, ...] = (None,) * 4

    def kept(self) -> dict[str, int]:
        """As JSON can hold it."""
        return asdict(self.sizes)

    def apply(self) -> None:
        """Give the panes their sizes, as far as the screen has room for them."""
        main, sizes = self.main, self.sizes
        wide, medium = (main.view.layout is layout and not main.view.zoomed for layout in (Layout.WIDE, Layout.MEDIUM))
        width, height = main.size
        feeds = _within(sizes.feeds, LEAST_COLUMNS, width // 2) if wide or medium else None
        room = width - (feeds or main.feeds.size.width) - 2 * LEAST_COLUMNS
        entries = _within(sizes.entries, LEAST_COLUMNS, room) if wide else None
        rows = _within(sizes.list, LEAST_ROWS, height - 2 - LEAST_ROWS) if medium else None
        article = _within(sizes.article, LEAST_ROWS, height - 2 - LEAST_ROWS) if wide else None
        wanted = (feeds, entries, rows, article)
        if wanted == self._applied:
            return
        self._applied = wanted
        main.feeds.styles.width = feeds
        main.entries.styles.width = entries
        main.entries.styles.max_width = None if entries is None else "100%"
        main.entries.styles.height = rows
        main.article.styles.height = article

    # ------------------------------------------------------------ the mouse

    def at(self, x: int, y: int) -> Edge | None:
        """The divider at a place of the screen: the frames of two panes where they touch."""
        main = self.main
        shown = main.view.shown()
        if main.view.zoomed or main.view.layout not in {Layout.WIDE, Layout.MEDIUM} or not main.has_feeds:
            return None
        feeds, entries, article = main.feeds.region, main.entries.region, main.article.region
        if x in {feeds.right - 1, feeds.right} and feeds.y <= y < feeds.bottom:
            return "feeds"
        if main.view.layout is Layout.WIDE:
            if x in {entries.right - 1, entries.right} and entries.y <= y < entries.bottom:
                return "entries"
            if Pane.DISCUSSION in shown and y in {article.bottom - 1, article.bottom} and article.x < x < article.right:
                return "article"
        elif y in {entries.bottom - 1, entries.bottom} and entries.x < x < entries.right:
            return "list"
        return None

    def drag(self, x: int, y: int) -> None:
        """The divider that is held follows the mouse."""
        main = self.main
        match self.moving:
            case "feeds":
                self._set("feeds", x - main.feeds.region.x + 1)
            case "entries":
                self._set("entries", x - main.entries.region.x + 1)
            case "list":
                self._set("list", y - main.entries.region.y + 1)
            case "article":
                self._set("article", y - main.article.region.y + 1)

    # ------------------------------------------------------------ by command

    def widen(self, columns: int) -> bool:
        """Make the pane with the keys wider, or narrower; False where it has all the width there is."""
        main, view = self.main, self.main.view
        if view.zoomed or view.layout not in {Layout.WIDE, Layout.MEDIUM}:
            return False
        if view.pane is Pane.FEEDS:
            self._set("feeds", main.feeds.region.width + columns)
        elif view.layout is Layout.MEDIUM:
            self._set("feeds", main.feeds.region.width - columns)
        elif view.pane is Pane.ENTRIES:
            self._set("entries", main.entries.region.width + columns)
        else:
            self._set("entries", main.entries.region.width - columns)
        return True

    def heighten(self, rows: int) -> bool:
        """Make the pane with the keys taller, or shorter; False where it has all the height there is."""
        main, view = self.main, self.main.view
        if view.zoomed or view.pane is Pane.FEEDS:
            return False
        if view.layout is Layout.MEDIUM:
            self._set("list", main.entries.region.height + (rows if view.pane is Pane.ENTRIES else -rows))
        elif view.layout is Layout.WIDE and view.pane is not Pane.ENTRIES:
            self._set("article", main.article.region.height + (rows if view.pane is Pane.ARTICLE else -rows))
        else:
            return False
        return True

    def reset(self) -> None:
        """As the style sheet has it."""
        self.sizes = Sizes()
        self.apply()

    def _set(self, name: Edge, size: int) -> None:
        least = LEAST_COLUMNS if name in {"feeds", "entries"} else LEAST_ROWS
        self.sizes = replace(self.sizes, **{name: max(least, size)})
        self.apply()


def _within(size: int, least: int, most: int) -> int | None:
    return max(least, min(size, most)) if size else None
