"""What the engine tells the screen from its threads: put together, nothing lost, and the screen woken once for it."""

from __future__ import annotations

import threading

from tui_reader.model import Change, Progress
from tui_reader.tui.follow import Tray


class Screen:
    """Counts how often it is woken."""

    def __init__(self) -> None:
        self.woken = 0
        self.tray = Tray(self._wake)

    def _wake(self) -> None:
        self.woken += 1


def test_the_screen_is_woken_once_for_all_that_comes_until_it_listens_again() -> None:
    screen = Screen()
    screen.tray.put_progress(Progress(total=500, running=True))
    woken = screen.woken
    for feed in range(500):
        screen.tray.put_change(Change(feeds=frozenset({feed})))
        screen.tray.put_progress(Progress(done=feed + 1, total=500, running=True))
    assert screen.woken == woken == 1
    change, progress = screen.tray.take()
    assert change == Change(feeds=frozenset(range(500)))
    assert progress == Progress(done=500, total=500, running=True)
    assert screen.tray.take() == (None, None)
    screen.tray.listen()
    assert screen.woken == 1, "there is nothing new"
    screen.tray.put_change(Change(feeds=frozenset({1})))
    assert screen.woken == 2


def test_what_came_while_it_did_not_listen_is_told_as_soon_as_it_does() -> None:
    screen = Screen()
    screen.tray.put_change(Change(feeds=frozenset({1})))
    screen.tray.take()
    screen.tray.put_change(Change(feeds=frozenset({2})))
    assert screen.woken == 1
    screen.tray.listen()
    assert screen.woken == 2
    assert screen.tray.take()[0] == Change(feeds=frozenset({2}))


def test_the_end_of_a_refresh_does_not_wait() -> None:
    screen = Screen()
    screen.tray.put_progress(Progress(running=True))
    screen.tray.take()
    screen.tray.put_progress(Progress(done=1, running=True))
    assert screen.woken == 1
    screen.tray.put_progress(Progress(done=2, running=False))
    assert screen.woken == 2


def test_nothing_is_lost_between_threads() -> None:
    told: set[int] = set()
    woken = threading.Semaphore(0)
    tray = Tray(woken.release)

    def engine(first: int) -> None:
        for number in range(first, first + 2000):
            tray.put_change(Change(feeds=frozenset({number})))

    threads = [threading.Thread(target=engine, args=(first,)) for first in (0, 2000, 4000)]
    for thread in threads:
        thread.start()
    while len(told) < 6000:
        assert woken.acquire(timeout=20), f"never woken for {6000 - len(told)}"
        change, _ = tray.take()
        if change is not None:
            told |= change.feeds
        tray.listen()
    for thread in threads:
        thread.join()
    assert told == set(range(6000))
