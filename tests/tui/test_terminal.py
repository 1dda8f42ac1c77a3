"""In a real terminal: what the bytes draw, what they must not contain, and how the terminal is left."""

from __future__ import annotations

import re
import signal
import time
from pathlib import Path

import pytest

from tests.cli.running import FEED, Reader, put
from tests.faults.terminals import Terminal
from tests.site import Site

EVIL = "\x1b]52;c;aGFja2Vk\x07\x1b]0;PWNED\x07\x9b31m\u202eevil\u202c [/red] [@click=app.quit]x[/]"
ITEM = "<item><title>{title}</title><link>{site}/{n}</link><guid>{n}</guid><pubDate>Mon, 0{n} Dec 2025 10:00:00 GMT</pubDate><description>{body}</description></item>"


@pytest.fixture
def reader(tmp_path: Path) -> Reader:
    with Site() as site:
        items = [
            ITEM.format(title="First post", body="&lt;p&gt;Plain words.&lt;/p&gt;", n=1, site=site.url("")),
            ITEM.format(title="Second 在 post 🦀", body="&lt;p&gt;Wide words: 文字.&lt;/p&gt;", n=2, site=site.url("")),
            ITEM.format(title=hostile(EVIL), body=hostile(f"<p>{EVIL}</p>"), n=3, site=site.url("")),
        ]
        body = FEED.format(title="A blog", site=site.url(""), items="".join(items))
        reader = Reader(tmp_path)
        assert reader("add", put(site, "/feed", body)).code == 0
    return reader


def hostile(text: str) -> str:
    """Text as a feed can smuggle it in: escapes as character references, which a lenient parser resolves."""
    return "".join(
        f"&amp;#{ord(letter)};" if ord(letter) < 32 or ord(letter) > 126 else letter
        for letter in text.replace("<", "&lt;")
    )


def test_it_is_drawn_and_keys_work(reader: Reader) -> None:
    terminal = Terminal(reader)
    terminal.until(lambda screen: "First post" in screen and "Second" in screen)
    terminal.child.send(b"jj\r")
    terminal.until(lambda screen: "Plain words." in screen)
    terminal.child.send(b"Q")
    assert terminal.ended() == 0


@pytest.mark.parametrize(
    ("keys", "unread"),
    [(b"jj\rQ", 2), (b"jj\ruQ", 3), (b"jj\rmQ", 3), (b"jjmmQ", 3), (b"nQ", 2), (b"nnnQ", 0), (b"nnnuQ", 1)],
)
def test_marks_are_stored_behind_the_picture_in_the_order_of_the_keys(reader: Reader, keys: bytes, unread: int) -> None:
    """However fast the keys come, the last of them ends it."""
    terminal = Terminal(reader)
    terminal.until(lambda screen: "First post" in screen and "j k move" in screen)
    terminal.child.send(keys)
    assert terminal.ended() == 0
    listed = reader("list", "is:unread", "--json")
    assert len(listed.json) == unread, listed


@pytest.mark.row("C04")
def test_frames_stay_straight_whatever_is_in_them(reader: Reader) -> None:
    terminal = Terminal(reader)
    terminal.until(lambda screen: "First post" in screen and "j k move" in screen)
    terminal.until(lambda screen: len([row for row in screen.splitlines() if row.endswith("│")]) > 20)
    rows = terminal.display.display[2:-2]
    assert all(row.rstrip().endswith(("│", "╮", "╯")) for row in rows), terminal.screen
    terminal.child.send(b"Q")
    terminal.ended()


@pytest.mark.row("C01")
def test_nothing_of_a_feed_reaches_the_terminal_as_a_command(reader: Reader) -> None:
    terminal = Terminal(reader)
    terminal.until(lambda screen: "evil" in screen)
    terminal.child.send(b"gg\r")
    terminal.until(lambda screen: screen.count("[@click=app.quit]") >= 2 or screen.count("evil") >= 2)
    terminal.child.send(b"Q")
    assert terminal.ended() == 0
    for payload in (b"\x1b]52", b"\x1b]0;", b"PWNED\x07", "\u202e".encode(), b"\xc2\x9b", b"\x9b31m"):
        assert payload not in terminal.written


@pytest.mark.parametrize(("name", "code"), [("SIGTERM", 143), ("SIGHUP", 129), ("SIGINT", 130)])
@pytest.mark.row("P01")
def test_a_signal_while_the_screen_is_built_ends_it_too(reader: Reader, name: str, code: int) -> None:
    terminal = Terminal(reader)
    while b"\x1b[?25l" not in terminal.written:
        assert terminal.read(0.005)
    terminal.kill(name)
    assert terminal.ended() == code
    assert b"NoMatches" not in terminal.written
    assert terminal.dirty() == []


@pytest.mark.parametrize(("name", "code"), [("SIGTERM", 143), ("SIGHUP", 129), ("SIGINT", 130)])
@pytest.mark.row("P01")
def test_a_signal_leaves_the_terminal_as_it_was(reader: Reader, name: str, code: int) -> None:
    terminal = Terminal(reader)
    terminal.until(lambda screen: "First post" in screen)
    terminal.child.kill(getattr(signal, name))
    assert terminal.ended() == code
    left = terminal.written
    for on, off in (
        (b"\x1b[?1049h", b"\x1b[?1049l"),
        (b"\x1b[?25l", b"\x1b[?25h"),
        (b"\x1b[?1000h", b"\x1b[?1000l"),
        (b"\x1b[?1003h", b"\x1b[?1003l"),
        (b"\x1b[?2004h", b"\x1b[?2004l"),
    ):
        assert left.rfind(off) > left.rfind(on), f"{on!r} is still on"


@pytest.mark.row("P05")
def test_sizes_may_change_at_any_time(reader: Reader) -> None:
    terminal = Terminal(reader)
    terminal.until(lambda screen: "First post" in screen)
    for rows, columns in ((1, 1), (50, 200), (8, 40), (5, 30), (24, 80), (2, 300), (35, 120)):
        terminal.child.setwinsize(rows, columns)
        time.sleep(0.05)
    terminal.display.resize(35, 120)
    terminal.child.send(b"jj\r")
    terminal.until(lambda screen: "Plain words." in screen)
    terminal.child.send(b"Q")
    assert terminal.ended() == 0


@pytest.mark.row("C05")
def test_a_link_is_told_to_the_terminal_and_only_its_address(tmp_path: Path) -> None:
    with Site() as site:
        body = hostile(
            "<p><a href='https://h.example/x?a=1'>good</a> <a href='https://h.example/\x1b]0;PWNED\x07\x9c'>odd</a> "
            "<a href='javascript:alert(1)'>script</a> <a href='file:///etc/passwd'>file</a> "
            "<a href='https://h.example/\u202eevil'>turned</a></p>"
        )
        item = ITEM.format(title="Links", body=body, n=1, site=site.url(""))
        reader = Reader(tmp_path)
        feed = FEED.format(title="A blog", site=site.url(""), items=item)
        assert reader("add", put(site, "/feed", feed)).code == 0
    terminal = Terminal(reader)
    terminal.until(lambda screen: "Links" in screen)
    terminal.child.send(b"\r")
    terminal.until(lambda screen: "turned" in screen)
    terminal.child.send(b"Q")
    assert terminal.ended() == 0
    told = set(re.findall(rb"\x1b\]8;[^;]*;([^\x1b]*)\x1b\\", terminal.written)) - {b""}
    assert b"https://h.example/x?a=1" in told
    assert all(re.fullmatch(rb"https://h\.example/[!-~]*", address) for address in told), told
    assert terminal.written.count(b"\x1b]8;") == len(re.findall(rb"\x1b\]8;[^\x1b\x07]*\x1b\\", terminal.written))
    assert b"\x1b]0;" not in terminal.written
    assert b"file:" not in b"".join(told)


def test_a_command_has_the_terminal_while_an_article_is_piped_to_it(reader: Reader) -> None:
    terminal = Terminal(reader)
    terminal.until(lambda screen: "First post" in screen)
    terminal.child.send(b"Gk\r")
    terminal.until(lambda screen: "Wide words" in screen or "Plain words." in screen)
    terminal.child.send(b"|t")
    terminal.until(lambda screen: "text to" in screen)
    terminal.child.send(b"sed s/words/WORDS/\r")
    terminal.until(lambda screen: "sed ended" in screen and "WORDS" in screen and "read on" not in screen)
    terminal.child.send(b"\r")
    terminal.until(lambda screen: "read on" in screen or "handed to sed" in screen)
    terminal.child.send(b"Q")
    assert terminal.ended() == 0


def test_it_ends_when_its_terminal_is_closed(reader: Reader) -> None:
    terminal = Terminal(reader)
    terminal.until(lambda screen: "First post" in screen)
    assert terminal.hung_up() == 129
