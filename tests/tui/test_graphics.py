"""A picture on the whole screen of a real terminal, which has real pixels or has none."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.cli.running import FEED, Reader, put
from tests.site import Site
from tests.tui.test_images import png
from tests.tui.test_terminal import Terminal
from tui_reader.store.pictures import Pictures, beside

DEVICE, CELL = b"\x1b[c", b"\x1b[16t"
KITTY = b"\x1b_G"
WELL = {b"\x1b[5n": b"\x1b[0n"}
"""What the terminal is asked."""


@pytest.fixture
def reader(tmp_path: Path) -> Reader:
    """A library with one article, whose picture is held."""
    with Site() as site:
        url = site.url("/picture.png")
        item = f"<item><title>First post</title><guid>1</guid><description>&lt;img src='{url}'&gt;</description></item>"
        reader = Reader(tmp_path)
        assert reader("add", put(site, "/feed", FEED.format(title="A blog", site=site.url(""), items=item))).code == 0
    Pictures(beside(reader.library), 10**6).keep(url, png(200, 100), int(time.time()))
    return reader


def until_written(terminal: Terminal, seen: bytes, answers: Mapping[bytes, bytes], *, late: float = 0.0) -> None:
    """Read on until these bytes were written, answering as a terminal does what it is asked, but so many seconds
    late."""
    begun = len(terminal.written)
    terminal.answers, terminal.late = dict(answers), late
    terminal.until(lambda _: seen in terminal.written[begun:])


def opened(terminal: Terminal) -> None:
    terminal.until(lambda screen: "First post" in screen)
    terminal.child.send(b"\r")
    terminal.until(lambda screen: "▣ Image" in screen)
    terminal.child.send(b"i")
    terminal.until(lambda screen: "▀▀▀" in screen)


def ends(terminal: Terminal) -> None:
    """The terminal is ours again: keys work, and it is left as it was."""
    terminal.child.send(b"q")
    time.sleep(0.3)
    terminal.child.send(b"?")
    until_written(terminal, b"Everywhere", {})
    terminal.child.send(b"q")
    time.sleep(0.3)
    terminal.child.send(b"Q")
    code = terminal.ended()
    assert code == 0, terminal.written[-3000:].decode(errors="replace")
    assert terminal.written.rfind(b"\x1b[?1049l") > terminal.written.rfind(b"\x1b[?1049h")


@pytest.fixture
def terminal(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> Callable[[], Terminal]:
    monkeypatch.setenv("COLORTERM", "truecolor")

    def start() -> Terminal:
        assert reader("mark", "--unread", "1").code == 0
        return Terminal(reader)

    return start


def test_a_terminal_without_pixels_shows_half_cells(terminal: Callable[[], Terminal]) -> None:
    shown = terminal()
    opened(shown)
    shown.child.send(b"i")
    until_written(shown, b"esc closes", {DEVICE: b"\x1b[?62;22c", **WELL})
    shown.until(lambda screen: screen.count("▀" * 20) > 10)
    ends(shown)


def test_a_terminal_that_says_nothing_shows_half_cells(terminal: Callable[[], Terminal]) -> None:
    shown = terminal()
    opened(shown)
    shown.child.send(b"i")
    until_written(shown, b"esc closes", {})
    shown.until(lambda screen: screen.count("▀" * 20) > 10)
    ends(shown)


def test_what_is_answered_over_a_slow_line_is_no_key(terminal: Callable[[], Terminal]) -> None:
    shown = terminal()
    opened(shown)
    shown.child.send(b"i")
    answers = {DEVICE: b"\x1b[?62;22c", KITTY: b"\x1b_Gi=1337;OK\x1b\\", CELL: b"\x1b[6;20;10t", **WELL}
    until_written(shown, b"esc closes", answers, late=0.2)
    shown.settle()
    assert "esc closes" in shown.screen
    ends(shown)


def with_pixels(start: Callable[[], Terminal], seen: bytes, answers: Mapping[bytes, bytes]) -> Terminal:
    """A terminal that was sent these bytes for a picture. Who asks waits a tenth of a second for the answers, which may
    be too short for this test on a busy machine: it tries a few times."""
    for _ in range(5):
        shown = start()
        opened(shown)
        shown.child.send(b"i")
        until_written(shown, b"esc closes", {**answers, **WELL})
        shown.settle()
        if seen in shown.written:
            return shown
        shown.child.close(force=True)
    raise AssertionError(shown.screen)


def test_sixels_are_used_where_they_are(terminal: Callable[[], Terminal]) -> None:
    ends(with_pixels(terminal, b"\x1bP", {DEVICE: b"\x1b[?62;4;22c", CELL: b"\x1b[6;20;10t"}))


def test_kittys_pixels_are_used_where_they_are(terminal: Callable[[], Terminal]) -> None:
    answers = {DEVICE: b"\x1b[?62;22c", CELL: b"\x1b[6;20;10t", KITTY: b"\x1b_Gi=1337;OK\x1b\\"}
    shown = with_pixels(terminal, b"U=1", answers)
    ends(shown)
    assert shown.written.rfind(b"\x1b_Ga=d") > shown.written.rfind(b"U=1")
