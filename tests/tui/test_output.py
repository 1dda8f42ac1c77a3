"""Writing to a terminal that takes what it likes: all bytes arrive, in their order, and the loop never waits."""

from __future__ import annotations

import os
import pty
import random
import threading
import tty
from collections.abc import Iterator
from queue import Queue

import pytest

from tui_reader.tui.output import Output

TEXT = "plain, wide 文字, joined 👩‍👧, \x1b[31mred\x1b[0m "


@pytest.fixture
def terminal() -> Iterator[tuple[int, int]]:
    """Both ends of a terminal: where its user sits, and where the program writes."""
    user, program = pty.openpty()
    tty.setraw(program)
    yield user, program
    os.close(user)
    os.close(program)


class Thread(threading.Thread):
    """Writes what was left, as Textual's does."""

    def __init__(self, output: Output) -> None:
        super().__init__(daemon=True)
        self.output = output
        self.queue: Queue[str | None] = Queue()

    def run(self) -> None:
        while (text := self.queue.get()) is not None:
            self.output.write(text)
            self.output.flush()


def received(user: int, count: int) -> bytes:
    seen = b""
    while len(seen) < count:
        seen += os.read(user, count - len(seen))
    return seen


def test_what_a_terminal_takes_is_written_at_once(terminal: tuple[int, int]) -> None:
    user, program = terminal
    output = Output(program)
    assert output.at_once(TEXT) == ""
    assert received(user, len(TEXT.encode())) == TEXT.encode()
    assert os.get_blocking(program), "the shell's terminal would not wait either"


def test_a_terminal_that_takes_nothing_does_not_hold_the_loop(terminal: tuple[int, int]) -> None:
    user, program = terminal
    output = Output(program)
    much = TEXT * 10_000
    left = output.at_once(much)
    assert left
    assert output.at_once("later") == "later", "what comes later does not overtake"
    thread = Thread(output)
    thread.start()
    for piece in (left, "later", None):
        thread.queue.put(piece)
    assert received(user, len(much.encode()) + 5) == much.encode() + b"later"
    thread.join(10)
    assert output.at_once("again") == ""


@pytest.mark.parametrize("seed", range(5))
def test_every_byte_arrives_in_its_order_however_it_is_taken(terminal: tuple[int, int], seed: int) -> None:
    user, program = terminal
    draw = random.Random(seed)
    pieces = [TEXT * draw.choice((1, 3, 100, 900)) for _ in range(60)]
    whole = "".join(pieces).encode()
    output = Output(program)
    thread = Thread(output)
    thread.start()
    seen: list[bytes] = []
    reader = threading.Thread(target=lambda: seen.append(received(user, len(whole))), daemon=True)
    reader.start()
    for piece in pieces:
        if left := output.at_once(piece):
            thread.queue.put(left)
    reader.join(30)
    thread.queue.put(None)
    assert seen == [whole]


def test_a_lone_surrogate_is_no_byte(terminal: tuple[int, int]) -> None:
    """U+DC9B stands for the byte 9B where halves are told, which begins a command."""
    user, program = terminal
    assert Output(program).at_once("a\udc9b31mb") == ""
    assert received(user, 6) == b"a?31mb"


def test_where_the_terminal_cannot_be_opened_all_is_left() -> None:
    reading, writing = os.pipe()
    output = Output(writing)
    assert output.at_once("text") == "text"
    output.write("text")
    assert os.read(reading, 10) == b"text"
    os.close(reading)
    os.close(writing)


def test_after_the_end_all_is_left(terminal: tuple[int, int]) -> None:
    user, program = terminal
    output = Output(program)
    output.close()
    output.close()
    assert output.at_once("text") == "text"
    output.write("text")
    assert received(user, 4) == b"text"
