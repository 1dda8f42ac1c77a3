"""Finding one's way in a thread: parents, siblings, what is folded away, what is still to be read. Pure.

A place is an index into the thread's items, which stand in reading order: a comment's replies follow it directly, one
deeper.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from msgspec.structs import replace

from tui_reader.model import Comment, Quiet, ThreadItem

ORDERS = ("as a tree", "newest first", "only new ones", "by author")
"""The orders a thread can be shown in; the first is the one it is told in."""
BARS = "▁▂▃▄▅▆▇█"


def name(item: ThreadItem) -> str:
    """What an item is known by while the thread around it changes."""
    return f"{item.discussion_id}:{item.key}"


def is_new(item: ThreadItem) -> bool:
    """Whether it is news: it arrived since the last visit, or since the one that was stepped back to."""
    return item.comment is not None and item.comment.new


def ordered(items: Sequence[ThreadItem], order: str) -> tuple[ThreadItem, ...]:
    """The items in one of the `ORDERS`; in all but the first nothing stands below anything else."""
    if order == ORDERS[0]:
        return tuple(items)
    said = [(item, item.comment) for item in items if item.comment is not None]
    if order == ORDERS[2]:
        said = [(item, comment) for item, comment in said if comment.new]
    if order == ORDERS[3]:
        said.sort(key=lambda one: (one[1].author.casefold(), one[1].seq))
    else:
        said.sort(key=lambda one: -one[1].seq)
    return tuple(replace(item, depth=0, guides=(), last=True, replies=0, new_replies=0) for item, _ in said)


def since(items: Sequence[ThreadItem], news: Callable[[Comment], bool]) -> tuple[ThreadItem, ...]:
    """The items with `news` deciding what is new; what is muted or one's own never is."""
    made = list(items)
    for place, item in enumerate(made):
        comment = item.comment
        if comment is not None:
            new = comment.quiet is Quiet.NO and news(comment)
            if new != comment.new:
                made[place] = replace(item, comment=replace(comment, new=new))
    return tuple(made)


def overview(items: Sequence[ThreadItem], here: int, cells: int) -> list[tuple[str, bool, bool]]:
    """The thread in so many cells: how much is said there, whether something of it is new, whether `here` is in it."""
    count = len(items)
    cells = min(cells, count)
    made: list[tuple[str, bool, bool]] = []
    reach = [range(count * cell // cells, count * (cell + 1) // cells) for cell in range(cells)]
    talk = [max((_weight(items[place]) for place in part), default=0) for part in reach]
    most = max(talk, default=0) or 1
    for part, heavy in zip(reach, talk, strict=True):
        bar = BARS[min(len(BARS) - 1, heavy * (len(BARS) - 1) // most)]
        made.append((bar, any(is_new(items[place]) for place in part), here in part))
    return made


def _weight(item: ThreadItem) -> int:
    return item.replies + 1 if item.depth == 0 else 1


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
        after = place + 1
        return after if after < len(self.items) and self.items[after].depth > self.items[place].depth else None

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

    def deeper_than(self, depth: int) -> set[str]:
        """What must be folded so that so many levels show, 1 for the top one alone."""
        return {
            self.names[place]
            for place, item in enumerate(self.items)
            if item.depth >= depth - 1 and self.first_reply(place) is not None
        }

    def without_news(self) -> set[str]:
        """What can be folded without hiding anything new."""
        return {self.names[place] for place, item in enumerate(self.items) if item.replies and not item.new_replies}

    def search(self, place: int, step: int, wanted: Callable[[ThreadItem], bool]) -> int | None:
        """The next (1) or previous (-1) wanted item after `place` (-1 to start from the beginning)."""
        reach = range(place + 1, len(self.items)) if step > 0 else range(place - 1, -1, -1)
        return next((other for other in reach if wanted(self.items[other])), None)
