"""Which panes a terminal of some size shows, and where the keys go."""

from __future__ import annotations

import pytest

from tui_reader.tui.view import ORDER, Layout, Pane, View, layout_for


@pytest.mark.parametrize(
    ("size", "layout"),
    [
        ((200, 50), Layout.WIDE),
        ((150, 20), Layout.WIDE),
        ((149, 50), Layout.MEDIUM),
        ((90, 24), Layout.MEDIUM),
        ((89, 24), Layout.NARROW),
        ((60, 15), Layout.NARROW),
        ((40, 8), Layout.NARROW),
        ((39, 24), Layout.TINY),
        ((120, 7), Layout.TINY),
        ((1, 1), Layout.TINY),
    ],
)
def test_the_size_decides_the_layout(size: tuple[int, int], layout: Layout) -> None:
    assert layout_for(*size) is layout


def test_a_wanted_layout_is_kept_but_never_below_the_least_size() -> None:
    assert layout_for(200, 50, "narrow") is Layout.NARROW
    assert layout_for(30, 50, "wide") is Layout.TINY
    assert layout_for(120, 50, "nonsense") is Layout.MEDIUM


def test_wide_shows_all_medium_three_narrow_one() -> None:
    assert View(Layout.WIDE).shown() == set(ORDER)
    assert View(Layout.MEDIUM).shown() == {Pane.FEEDS, Pane.ENTRIES, Pane.ARTICLE}
    assert View(Layout.NARROW, pane=Pane.ENTRIES).shown() == {Pane.ENTRIES}
    assert View(Layout.TINY).shown() == set()
    assert View(Layout.WIDE, pane=Pane.ARTICLE, zoomed=True).shown() == {Pane.ARTICLE}


def test_flipping_shows_the_discussion_in_the_reading_pane_and_back() -> None:
    view = View(Layout.MEDIUM, pane=Pane.ENTRIES).flipped()
    assert (view.pane, view.reading) == (Pane.DISCUSSION, Pane.DISCUSSION)
    assert Pane.ARTICLE not in view.shown()
    assert view.flipped().shown() == {Pane.FEEDS, Pane.ENTRIES, Pane.ARTICLE}


def test_deeper_and_back_stop_at_the_ends() -> None:
    view = View(Layout.NARROW)
    way = [view.moved(steps).pane for steps in range(6)]
    assert way == [*ORDER, Pane.DISCUSSION, Pane.DISCUSSION]
    assert view.moved(-1).pane is Pane.FEEDS


def test_going_round_visits_every_pane_on_the_screen_once() -> None:
    view, seen = View(Layout.MEDIUM), []
    for _ in range(3):
        seen.append(view.pane)
        view = view.cycled(1)
    assert seen == [Pane.FEEDS, Pane.ENTRIES, Pane.ARTICLE]
    assert view.pane is Pane.FEEDS
    assert View(Layout.WIDE).cycled(-1).pane is Pane.DISCUSSION
