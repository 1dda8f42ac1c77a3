"""Finding one's way in a thread: parents, siblings, what is folded away, what is still to be read. Pure.

A place is an index into the thread's items, which stand in reading order: a comment's replies follow it directly, one
deeper.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from tui_reader.model import ThreadItem


def name(item: ThreadItem) -> str:
    """What an item is known by while the thread around it changes."""
    return f"{item.comment.discussion_id}:{item.key}" if item.comment is not None else f"?:{item.key}"


def is_new(item: ThreadItem) -> bool:
    """Whether it arrived since the last visit and was not read meanwhile."""
    return item.comment is not None and item.comment.new and not item.comment.read


def is_unread(item: ThreadItem) -> bool:
    """Whether it is a comment that was never read."""
    return item.comment is not None and not item.comment.read


class Branches:
    """The shape of one thread."""

    def __init__(self, items: tuple[ThreadItem, ...]) -> None:
        self.items = items
        self.names = tuple(name(item) for item in items)
        self._place = {name: place for place, name in enumerate(self.names)}

    def find(self, name: str) -> int | None:
        """Where the item of this name stands now."""
        return self._place.get(name)

    def end(self, place: int) -> int:
        """The place after the last reply below `place`."""
        depth = self.items[place].depth
        after = place + 1
        while after < len(self.items) and self.items[after].depth > depth:
            after += 1
        return after

    def parent(self, place: int) -> int | None:
        """What this answers, None at the top level."""
        depth = self.items[place].depth
        for before in range(place - 1, -1, -1):
            if self.items[before].depth < depth:
                return before
        return None

    def ancestors(self, place: int) -> list[int]:
        """The way up, the nearest first."""
        way: list[int] = []
        depth = self.items[place].depth
        for before in range(place - 1, -1, -1):
            if self.items[before].depth < depth:
                way.append(before)
                depth = self.items[before].depth
        return way

    def root(self, place: int) -> int:
        """The top-level comment above, or the place itself."""
        way = self.ancestors(place)
        return way[-1] if way else place

    def sibling(self, place: int, step: int) -> int | None:
        """The next (1) or previous (-1) answer to the same comment."""
        depth = self.items[place].depth
        reach = range(place + 1, len(self.items)) if step > 0 else range(place - 1, -1, -1)
        for other in reach:
            if self.items[other].depth < depth:
                return None
            if self.items[other].depth == depth:
                return other
        return None

    def top_level(self, place: int, step: int) -> int | None:
        """The next (1) or previous (-1) top-level comment; backwards first the one `place` is below."""
        reach = range(place + 1, len(self.items)) if step > 0 else range(place - 1, -1, -1)
        return next((other for other in reach if self.items[other].depth == 0), None)

    def first_reply(self, place: int) -> int | None:
        """The first answer to this comment."""
        return place + 1 if self.end(place) > place + 1 else None

    def visible(self, folded: Iterable[str]) -> list[int]:
        """The places that are not below something folded, in order."""
        shut = set(folded)
        shown: list[int] = []
        hidden_below: int | None = None
        for place, item in enumerate(self.items):
            if hidden_below is not None and item.depth > hidden_below:
                continue
            hidden_below = item.depth if self.names[place] in shut else None
            shown.append(place)
        return shown

    def search(self, place: int, step: int, wanted: Callable[[ThreadItem], bool]) -> int | None:
        """The next (1) or previous (-1) wanted item after `place` (-1 to start from the beginning)."""
        reach = range(place + 1, len(self.items)) if step > 0 else range(place - 1, -1, -1)
        return next((other for other in reach if wanted(self.items[other])), None)
