"""The glimpse of the first screen, in a real terminal: that it is there first, that it is true, that it leaves nothing."""

from __future__ import annotations

import os
import termios
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.running import COMMAND, Reader, blog
from tests.faults.terminals import Terminal
from tests.faults.test_faults_terminal import obeyed
from tests.site import Site

ALTERNATE = b"\x1b[?1049h"
ASLEEP = (
    "import signal, time\nsignal.signal(2, signal.default_int_handler)\nopen({there!r}, 'w').close()\ntime.sleep(60)\n"
)
BROKEN = "raise SystemExit(77)\n"


@pytest.fixture
def reader(tmp_path: Path) -> Reader:
    """A library of two blogs, in which a session was had and left."""
    with Site() as site:
        reader = Reader(tmp_path)
        for path, title, names in (("/a", "A blog", ("one", "two", "three")), ("/b", "B blog", ("four", "five"))):
            assert reader("add", blog(site, path, title, *names)).code == 0
    session(reader)
    return reader


def session(reader: Reader, keys: bytes = b"", **terminal: int) -> None:
    """Start the reader, press keys, leave it, so that it draws what the next one shows: a busy machine may have no time
    for that at once."""
    for _ in range(5):
        had(reader, keys, **terminal)
        if (reader.folder / "library.db.glimpse").is_file():
            return


def had(reader: Reader, keys: bytes, **terminal: int) -> None:
    """One session, from its start to its end; what was drawn before is gone."""
    glimpse = reader.folder / "library.db.glimpse"
    if glimpse.is_file():
        glimpse.unlink()
    shown = Terminal(reader, **terminal)
    shown.until(lambda screen: "articles" in screen or "enter opens" in screen or "j k" in screen)
    shown.send(keys)
    shown.settle()
    shown.send(b"Q")
    assert shown.ended() == 0
    assert shown.dirty() == []


def without_textual(reader: Reader, program: str) -> dict[str, str]:
    """An environment in which whoever imports the drawing library gets this program in its place."""
    package = reader.folder / "instead" / "textual"
    package.mkdir(parents=True, exist_ok=True)
    (package / "__init__.py").write_text(program)
    return {"PYTHONPATH": os.pathsep.join([str(package.parent), reader.environment["PYTHONPATH"]])}


def glimpsed(reader: Reader, **terminal: int) -> Terminal:
    """A start that ends where it would import the drawing library."""
    shown = Terminal(reader, environ=without_textual(reader, BROKEN), **terminal)
    assert shown.ended() == 77
    return shown


def asleep(reader: Reader) -> Terminal:
    """A start that has come to where it would import the drawing library, and stays there."""
    there = reader.folder / "there"
    shown = Terminal(reader, environ=without_textual(reader, ASLEEP.format(there=str(there))))
    shown.until(lambda screen: "Three" in screen and there.exists())
    return shown


@pytest.mark.parametrize(
    ("keys", "columns", "rows"),
    [
        (b"\r", 120, 35),
        (b"\rzz", 120, 35),
        (b"g1jj", 160, 45),
        (b"/on\r", 160, 45),
        (b" cj", 80, 24),
        (b"v", 80, 24),
        (b"\r", 60, 15),
    ],
)
def test_what_is_seen_first_is_what_is_seen_in_the_end(reader: Reader, keys: bytes, columns: int, rows: int) -> None:
    session(reader, keys, columns=columns, rows=rows)
    glimpse = glimpsed(reader, columns=columns, rows=rows)
    assert glimpse.written.count(ALTERNATE) == 1
    shown = Terminal(reader, columns=columns, rows=rows)
    shown.until(lambda screen: b"\x1b[?1004h" in shown.written)
    shown.settle()
    before, _, after = shown.written.partition(b"\x1b[?1004h")
    assert screen_of(before, columns, rows) == screen_of(before + after, columns, rows)
    assert obeyed(glimpse.written) == []
    shown.send(b"Q")
    assert shown.ended() == 0


def screen_of(written: bytes, columns: int, rows: int) -> list[str]:
    """What these bytes draw."""
    import pyte

    display = pyte.Screen(columns, rows)
    # pyte takes the push of the keyboard's modes for text.
    plain = written.replace(b"\x1b[?2026h", b"").replace(b"\x1b[?2026l", b"").replace(b"\x1b[>25u", b"")
    pyte.ByteStream(display).feed(plain)
    return [line.rstrip() for line in display.display]


def test_nothing_flickers_when_the_real_screen_takes_over(reader: Reader) -> None:
    shown = Terminal(reader)
    shown.until(lambda screen: "Three" in screen)
    seen: set[str] = set()
    while b"\x1b[?1004h" not in shown.written or shown.written.count(b"Three") < 2:
        shown.read(0.05)
    shown.settle()
    begun = shown.written.index(b"\x1b[?1004h")
    frames = [at for at in range(begun, len(shown.written)) if shown.written.startswith(b"\x1b[1;1H", at)]
    for at in [*frames, len(shown.written)]:
        seen.add("\n".join(screen_of(shown.written[:at], 120, 35)))
    assert len(seen) == 1
    assert shown.written.count(ALTERNATE) == 1  # asked for twice, a terminal clears it
    shown.send(b"Q")
    assert shown.ended() == 0


def test_a_start_paints_once(reader: Reader) -> None:
    """Layouts come one after another in a start; none is painted before that is filled."""
    (reader.folder / "library.db.glimpse").unlink()
    shown = Terminal(reader)
    shown.until(lambda screen: "Three" in screen)
    shown.settle()
    assert shown.written.count(b"Three") == 1
    shown.send(b"Q")
    assert shown.ended() == 0


def test_keys_pressed_at_the_glimpse_reach_the_screen_and_are_not_echoed(reader: Reader) -> None:
    shown = Terminal(reader)
    shown.until(lambda screen: "Three" in screen)
    assert ALTERNATE in shown.written
    assert b"\x1b[?1004h" not in shown.written, "the screen was there before the keys"
    shown.send(b"jj\r")
    shown.until(lambda screen: "About" in screen)
    assert b"^M" not in shown.written
    assert b"jj" not in shown.written
    shown.send(b"Q")
    assert shown.ended() == 0
    assert reader("list", "is:read", "--json").json[0]["title"] == "Two"


def changed_library(reader: Reader) -> None:
    assert reader("mark", "1").code == 0


def changed_settings(reader: Reader) -> None:
    reader.config.write_text("[ui]\ndensity = 'comfortable'\n")


def changed_version(reader: Reader) -> None:
    glimpse = reader.folder / "library.db.glimpse"
    glimpse.write_bytes(glimpse.read_bytes().replace(b"('", b"('9.", 1))


def damaged_glimpse(reader: Reader) -> None:
    glimpse = reader.folder / "library.db.glimpse"
    glimpse.write_bytes(glimpse.read_bytes()[:-10] + b"\x1b]0;evil\x07")


def cut_glimpse(reader: Reader) -> None:
    glimpse = reader.folder / "library.db.glimpse"
    glimpse.write_bytes(glimpse.read_bytes()[:-100])


def open_elsewhere(reader: Reader) -> None:
    (reader.folder / "library.db-wal").write_bytes(b"x")


@pytest.mark.parametrize(
    "change", [changed_library, changed_settings, changed_version, damaged_glimpse, cut_glimpse, open_elsewhere]
)
def test_what_may_not_be_true_is_not_shown(reader: Reader, change: Callable[[Reader], None]) -> None:
    assert ALTERNATE in glimpsed(reader).written
    change(reader)
    assert ALTERNATE not in glimpsed(reader).written


def test_another_terminal_or_another_start_has_none(reader: Reader) -> None:
    environ = without_textual(reader, BROKEN)
    for terminal in (
        Terminal(reader, columns=119, environ=environ),
        Terminal(reader, environ=environ | {"TERM": "xterm"}),
        Terminal(reader, environ=environ | {"NO_COLOR": "1"}),
        Terminal(reader, environ=environ | {"TZ": "Asia/Tokyo"}),
        Terminal(reader, offline=False, environ=environ),
    ):
        assert terminal.ended() == 77
        assert ALTERNATE not in terminal.written
    terminal = Terminal(reader, environ=environ)
    assert terminal.ended() == 77
    assert ALTERNATE in terminal.written


def test_a_library_that_the_settings_name_has_one_too(reader: Reader) -> None:
    elsewhere = reader.folder / "elsewhere.db"
    reader.library.rename(elsewhere)
    reader.config.write_text(f"[library]\npath = '{elsewhere}'\n")

    class Bare(Reader):
        def command(self, *words: object) -> list[str]:
            return [*COMMAND, *map(str, words)]

    def start(environ: dict[str, str]) -> Terminal:
        return Terminal(Bare(reader.folder), environ={"TUI_READER_CONFIG": str(reader.config)} | environ)

    shown = start({})
    shown.until(lambda screen: "Three" in screen)
    shown.send(b"Q")
    assert shown.ended() == 0
    shown = start(without_textual(reader, BROKEN))
    assert shown.ended() == 77
    assert ALTERNATE in shown.written


@pytest.mark.parametrize(
    ("end", "code"),
    [
        (lambda shown: shown.send(b"\x03"), 130),
        (lambda shown: shown.kill("SIGTERM"), 143),
        (lambda shown: shown.kill("SIGHUP"), 129),
    ],
)
def test_a_start_that_is_ended_leaves_the_terminal_as_it_was(
    reader: Reader, end: Callable[[Terminal], None], code: int
) -> None:
    shown = asleep(reader)
    assert not echoes(shown)
    shown.send(b"\x1a")  # suspends nothing: the shell would have the glimpse on its screen
    end(shown)
    while shown.read():
        pass
    assert echoes(shown)
    assert shown.ended() == code
    assert shown.dirty() == []


def echoes(shown: Terminal) -> bool:
    """Whether the terminal shows what is typed by itself."""
    return bool(termios.tcgetattr(shown.child.child_fd)[3] & termios.ECHO)


def test_the_terminal_is_left_as_it_was_after_a_session_that_began_with_a_glimpse(reader: Reader) -> None:
    shown = Terminal(reader)
    shown.until(lambda screen: b"\x1b[?1004h" in shown.written)
    shown.settle()
    shown.send(b"Q")
    while shown.read():
        pass
    assert echoes(shown)
    assert shown.ended() == 0
    assert shown.dirty() == []


def test_a_glimpse_is_its_owners_alone_and_leaves_no_half(reader: Reader) -> None:
    glimpse = reader.folder / "library.db.glimpse"
    assert glimpse.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in reader.folder.glob("*glimpse*")] == [glimpse.name]


def test_where_none_can_be_kept_the_reader_ends_all_the_same(reader: Reader) -> None:
    glimpse = reader.folder / "library.db.glimpse"
    glimpse.unlink()
    glimpse.mkdir()
    had(reader, b"")
    assert [path.name for path in reader.folder.glob("*glimpse*")] == [glimpse.name]
    assert ALTERNATE not in glimpsed(reader).written
