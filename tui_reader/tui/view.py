"""What the screen shows, as one frozen value: which layout, which panes, which pane has the keys.

Pure functions: the main screen holds one `View` and draws whatever the next one says.
"""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from tui_reader.model import Scope


class Layout(StrEnum):
    """How the panes share the terminal."""

    WIDE = "wide"
    MEDIUM = "medium"
    NARROW = "narrow"
    TINY = "tiny"


class Pane(StrEnum):
    """The four panes, from the outermost to the innermost."""

    FEEDS = "feeds"
    ENTRIES = "entries"
    ARTICLE = "article"
    DISCUSSION = "discussion"


ORDER = tuple(Pane)
WIDE_FROM = 150
MEDIUM_FROM = 90
LEAST_WIDTH = 40
LEAST_HEIGHT = 8
UNREAD = Scope("unread")


def layout_for(width: int, height: int, wanted: str = "auto") -> Layout:
    """The layout for a terminal of this many cells; `wanted` is the user's choice, kept while it fits at all."""
    if width < LEAST_WIDTH or height < LEAST_HEIGHT:
        return Layout.TINY
    if wanted in {Layout.WIDE, Layout.MEDIUM, Layout.NARROW}:
        return Layout(wanted)
    if width >= WIDE_FROM:
        return Layout.WIDE
    return Layout.MEDIUM if width >= MEDIUM_FROM else Layout.NARROW


class View(Struct, frozen=True):
    """The session's place. `reading` is the pane shown where article and discussion share one."""

    layout: Layout = Layout.WIDE
    scope: Scope = UNREAD
    entry: int | None = None
    pane: Pane = Pane.FEEDS
    reading: Pane = Pane.ARTICLE
    zoomed: bool = False

    def shown(self) -> frozenset[Pane]:
        """The panes on the screen."""
        if self.layout is Layout.TINY:
            return frozenset()
        if self.zoomed or self.layout is Layout.NARROW:
            return frozenset({self.pane})
        if self.layout is Layout.MEDIUM:
            return frozenset({Pane.FEEDS, Pane.ENTRIES, self.reading})
        return frozenset(ORDER)

    def focused(self, pane: Pane) -> View:
        """The same with the keys in `pane`."""
        reading = pane if pane in {Pane.ARTICLE, Pane.DISCUSSION} else self.reading
        return replace(self, pane=pane, reading=reading)

    def moved(self, steps: int) -> View:
        """The pane `steps` further in (or out, when negative), staying inside the first and the last."""
        place = ORDER.index(self.pane) + steps
        return self.focused(ORDER[max(0, min(place, len(ORDER) - 1))])

    def cycled(self, steps: int) -> View:
        """The next pane round; in the medium layout the reading pane counts once."""
        order = [pane for pane in ORDER if self.layout is not Layout.MEDIUM or pane in self.shown()]
        if self.zoomed:
            order = list(ORDER)
        return self.focused(order[(order.index(self.pane) + steps) % len(order)])

    def flipped(self) -> View:
        """From the article to its discussion and back."""
        return self.focused(Pane.ARTICLE if self.pane is Pane.DISCUSSION else Pane.DISCUSSION)
