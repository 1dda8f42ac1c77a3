"""P: what the system and the terminal do to the program: signals, sizes, strange bytes, no descriptors, no terminal."""

from __future__ import annotations

import random
import resource
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.cli.running import FEED, Reader, blog, put
from tests.faults.report import Figures
from tests.faults.terminals import Terminal
from tests.site import Answer, Site


@pytest.fixture
def reader(tmp_path: Path) -> Reader:
    """A library with one blog of three posts."""
    with Site() as site:
        reader = Reader(tmp_path)
        assert reader("add", blog(site, "/feed", "A Blog", "one", "two", "three")).code == 0
    return reader


def is_up(screen: str) -> bool:
    return "Three" in screen and "move" in screen


@pytest.mark.row("P01", "P05", "P07")
@pytest.mark.timeout(180)
def test_one_session_survives_all_that_a_terminal_may_send(reader: Reader, figures: Figures) -> None:
    """Suspended and continued, resized in a storm, odd mouse bytes, a paste of a megabyte, garbage: then keys work."""
    terminal = Terminal(reader)
    terminal.until(is_up)

    terminal.kill("SIGTSTP")
    terminal.settle()
    assert terminal.dirty() == [], "suspended, and the terminal is not as it was"
    terminal.kill("SIGCONT")
    terminal.settle()

    dice = random.Random(5)
    for _ in range(40):
        rows, columns = dice.choice([(1, 1), (2, 300), (50, 200), (8, 40), (24, 80), (100, 500)])
        terminal.child.setwinsize(rows, columns)
        terminal.kill("SIGWINCH")
    terminal.child.setwinsize(35, 120)
    terminal.display.resize(35, 120)
    terminal.settle()
    assert terminal.child.isalive()

    for garbage in (
        b"\x1b[M \xff\xfe",  # a mouse report of the old kind, right of column 95
        b"\x1b[M\x80\x81\x82\xc3\x28",
        b"\xff" * 300,
        dice.randbytes(2000).replace(b"\x03", b"").replace(b"Q", b"").replace(b"\x1a", b""),
        b"\x1b[999999999999;1R\x1b[<99999;99999;99999M\x1bO\x1b[200~\x1b[201~\x1b]11;rgb:zz/zz/zz\x07\x1b[?1;999c",
    ):
        terminal.send(garbage)
        terminal.settle(quiet=1)
        assert terminal.child.isalive(), garbage[:20]
    for key in (b"\x1b", b"\x1b", b"\x1b"):
        terminal.send(key)
        terminal.settle(quiet=1)

    terminal.send(b"\\")
    terminal.settle(quiet=1)
    for _ in range(16):
        terminal.send(b"\x1b[200~" + b"pasted words " * 5_000 + b"\x1b[201~")
        terminal.read(0.05)
    terminal.settle()
    assert terminal.child.isalive()
    terminal.send(b"\x1b")
    terminal.settle(quiet=1)
    for key in (b"\x1b", b"Q"):
        terminal.send(key)
        terminal.settle(quiet=1)
    assert terminal.ended() == 0
    figures.add("dirty", len(terminal.dirty()))
    assert terminal.dirty() == []


@pytest.mark.row("P02")
@pytest.mark.timeout(120)
def test_a_reader_that_is_killed_is_noticed_at_the_next_start_and_nothing_is_lost(
    reader: Reader, figures: Figures
) -> None:
    terminal = Terminal(reader)
    terminal.until(is_up)
    terminal.send(b"gg\r")
    terminal.until(lambda screen: "About" in screen)
    terminal.settle()
    terminal.child.kill(signal.SIGKILL)
    terminal.child.wait()
    again = Terminal(reader)
    again.until(lambda screen: "the last session ended unexpectedly" in screen)
    assert "2 unread" in again.screen
    again.send(b"Q")
    assert again.ended() == 0
    figures.add("kills", 1)
    third = Terminal(reader)
    third.until(lambda screen: "2 unread" in screen and "move" in screen)
    assert "unexpectedly" not in third.screen
    third.send(b"Q")
    assert third.ended() == 0


@pytest.mark.row("P06")
@pytest.mark.parametrize(
    ("environ", "said"),
    [
        ({"TERM": "dumb"}, "TERM is dumb"),
        ({"TERM": ""}, "TERM is not set"),
        ({"PYTHONIOENCODING": "latin-1"}, "needs UTF-8"),
    ],
)
def test_a_terminal_that_cannot_draw_is_told_in_a_line(reader: Reader, environ: dict[str, str], said: str) -> None:
    terminal = Terminal(reader, environ=environ)
    assert terminal.ended() == 2
    assert said in terminal.screen.replace("\n", "")
    assert b"\x1b[?1049h" not in terminal.written


@pytest.mark.row("P06")
def test_without_a_terminal_it_says_so(reader: Reader) -> None:
    ended = reader("--offline")
    assert ended.code == 2
    assert "the screen needs a terminal" in ended.err
    assert "\x1b" not in ended.out + ended.err


@pytest.mark.row("P06")
@pytest.mark.parametrize("environ", [{"TERM": "xterm"}, {"TERM": "vt100", "NO_COLOR": "1"}, {"LC_ALL": "C"}])
def test_few_colours_and_a_plain_locale_draw_the_same_words(reader: Reader, environ: dict[str, str]) -> None:
    terminal = Terminal(reader, environ=environ)
    terminal.until(is_up)
    terminal.send(b"Q")
    assert terminal.ended() == 0


@pytest.mark.row("P09")
@pytest.mark.parametrize("most", [12, 13, 16, 18, 24])
def test_without_descriptors_it_ends_in_a_line_or_does_its_work(reader: Reader, site_of_many: Site, most: int) -> None:
    def few() -> None:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))

    listed = "".join(f'<outline xmlUrl="{site_of_many.url(f"/{n}")}"/>' for n in range(40))
    (reader.folder / "list.opml").write_text(f'<opml version="2.0"><body>{listed}</body></opml>')
    assert reader("import", reader.folder / "list.opml").code == 0
    done = subprocess.run(
        reader.command("refresh"), capture_output=True, env=reader.environment, preexec_fn=few, timeout=60
    )
    said = done.stderr.decode()
    assert "Traceback" not in said, said
    assert done.returncode in {0, 1, 6, 7, 8}, said
    assert said or done.returncode == 0
    # What was stored is whole, and with room it works again.
    assert reader("refresh").code in {0, 8}
    assert reader("doctor").code == 0 or "sound" in reader("doctor").out


@pytest.fixture
def site_of_many() -> Site:  # type: ignore[misc]
    with Site() as site:
        for n in range(40):
            put(site, f"/{n}", FEED.format(title=f"Blog {n}", site=site.url(""), items=""))
        yield site


@pytest.mark.row("P10")
@pytest.mark.timeout(120)
def test_it_quits_while_a_server_hangs(tmp_path: Path, figures: Figures) -> None:
    """Nothing of what runs is waited for: the request is given up, though its server would never answer."""
    with Site() as site:
        reader = Reader(tmp_path)
        body = FEED.format(title="Slow", site=site.url(""), items="")
        site["/feed"] = [Answer(body=body.encode()), Answer(script=lambda: (b"HTTP/1.1 200 OK\r\n", 600.0))]
        assert reader("add", site.url("/feed")).code == 0
        reader.config.write_text("[network]\ntimeout = 300\n")
        terminal = Terminal(reader, "--library", str(reader.library))
        terminal.until(lambda screen: "Slow" in screen and "move" in screen)
        for keys in (b"g1", b"G", b"r"):
            terminal.send(keys)
            terminal.settle(quiet=1)
        until = time.monotonic() + 60
        while len(site.asked("/feed")) < 2 and time.monotonic() < until:
            terminal.read(0.05)
        assert len(site.asked("/feed")) == 2
        begun = time.monotonic()
        terminal.send(b"Q")
        assert terminal.ended() == 0
        figures.time(1000 * (time.monotonic() - begun))
    assert terminal.dirty() == []
    assert reader.library.exists()


@pytest.mark.row("D02")
def test_broken_settings_start_with_the_defaults_and_point_at_the_place(reader: Reader) -> None:
    for written in (
        b"[ui\nwidth = 1",
        b"\xff\xfe\x00",
        b"[ui]\nwidth = 'wide'\n",
        b"a" * 3_000_000,
        b'[keys]\n"x.y" = 3',
    ):
        reader.config.write_bytes(written)
        ended = reader("feeds")
        assert ended.code == 0
        assert "A Blog" in ended.out
        assert "config.toml" in ended.err
        assert len(ended.err) < 1000
        assert reader.config.read_bytes() == written


@pytest.mark.row("S09")
def test_no_home_and_no_folder_for_data_is_told_in_plain_lines(tmp_path: Path) -> None:
    reader = Reader(tmp_path)
    command = [word for word in reader.command("feeds") if str(tmp_path) not in word]
    command = [word for word in command if word not in {"--library", "--config"}]
    shut = tmp_path / "shut"
    shut.write_text("a file, not a folder")
    environ = {
        **reader.environment,
        "HOME": str(shut),
        "XDG_DATA_HOME": str(shut / "data"),
        "XDG_CONFIG_HOME": str(shut),
    }
    done = subprocess.run(command, capture_output=True, env=environ, timeout=60)
    assert done.returncode in {1, 7}
    assert b"Traceback" not in done.stderr
    assert done.stderr.count(b"\n") == 2, done.stderr  # the settings, the library
