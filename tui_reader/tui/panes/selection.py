"""The rows of a list that the next act is about, known by their ids: what the list does meanwhile changes nothing."""

from __future__ import annotations

from collections.abc import Sequence


class Selection:
    """Begins on one row and grows and shrinks with the cursor. What arrives between its rows is not part of it."""

    def __init__(self) -> None:
        self.ids: set[int] = set()
        self._anchor = 0

    def __bool__(self) -> bool:
        return bool(self.ids)

    def begin(self, entry_id: int) -> None:
        """Select this row, from which the selection goes as far as the cursor."""
        self.ids, self._anchor = {entry_id}, entry_id

    def end(self) -> None:
        """Select nothing."""
        self.ids, self._anchor = set(), 0

    def reach(self, listed: Sequence[int], before: int, after: int) -> None:
        """The cursor went from one place of the list to another."""
        try:
            anchor = listed.index(self._anchor)
        except ValueError:  # its row is gone; what is selected stays
            anchor, self._anchor = before, listed[before]
        was, now = _between(anchor, before), _between(anchor, after)
        for place in was:
            if place not in now:
                self.ids.discard(listed[place])
        for place in now:
            if place not in was or place == after:
                self.ids.add(listed[place])

    def in_order(self, listed: Sequence[int]) -> tuple[int, ...]:
        """The ids as they stand in the list, those that have left it last."""
        there = [entry_id for entry_id in listed if entry_id in self.ids]
        return (*there, *(self.ids.difference(there)))


def _between(one: int, other: int) -> range:
    return range(min(one, other), max(one, other) + 1)
