"""The commands that draw, in a real terminal."""

from __future__ import annotations

import signal
from pathlib import Path

import pexpect
import pytest

from tests.cli.running import Reader

SHOWN = b"Gull"
"""A word of the demo's world."""


def opened(reader: Reader, *words: object) -> pexpect.spawn[bytes]:
    program, *arguments = reader.command(*words)
    environ = {
        name: value for name, value in reader.environment.items() if name not in {"NO_COLOR", "COLUMNS", "LINES"}
    }
    return pexpect.spawn(
        program,
        arguments,
        cwd=str(reader.folder),
        dimensions=(35, 120),
        env={**environ, "TERM": "xterm-256color"},
        timeout=40,
    )


def left(child: pexpect.spawn[bytes]) -> tuple[bytes, int | None]:
    """What it wrote to its end, and its exit code."""
    child.expect(pexpect.EOF)
    child.close()
    return child.before or b"", child.exitstatus


@pytest.mark.parametrize("way", ["demo", "welcome"])
def test_the_demo_opens_from_the_command_line_and_from_the_first_screen(reader: Reader, way: str) -> None:
    child = opened(reader, *(["demo"] if way == "demo" else []))
    if way == "welcome":
        child.expect(b"OPML")
        child.send(b"d")
    child.expect(SHOWN)
    child.send(b"Q")
    told, code = left(child)
    assert code == 0
    assert b"That was the demo" in told
    assert reader("feeds", "--json").json == []


def test_the_demo_leaves_nothing_behind(reader: Reader, tmp_path: Path) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    reader.environ["TMPDIR"] = str(scratch)
    child = opened(reader, "demo")
    child.expect(SHOWN)
    assert list(scratch.iterdir()) != []
    child.send(b"Q")
    assert left(child)[1] == 0
    assert list(scratch.iterdir()) == []


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP", "SIGINT"])
def test_a_signal_ends_it_with_the_terminal_as_it_was(reader: Reader, name: str) -> None:
    child = opened(reader)
    child.expect(b"OPML")
    child.kill(getattr(signal, name))
    told, code = left(child)
    assert code == 128 + getattr(signal, name)
    assert told.rindex(b"\x1b[?1049l") > told.rfind(b"\x1b[?1049h")
    assert told.rindex(b"\x1b[?25h") > told.rfind(b"\x1b[?25l")
