"""Addresses go to a browser as one argument of a list, and only addresses that are safe to open."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tui_reader.tui.opening import command, hyperlinks, open_url

URL = "https://example.org/a?b=1&c=$(touch%20x)"


def note(path: Path) -> tuple[str, ...]:
    """A browser that writes its arguments down."""
    return (sys.executable, "-c", "import sys; open(sys.argv[1], 'w').write('\\n'.join(sys.argv[2:]))", str(path))


@pytest.mark.row("B01")
def test_the_address_is_one_argument_at_the_end(tmp_path: Path) -> None:
    assert open_url(URL, note(tmp_path / "log"))
    assert (tmp_path / "log").read_text() == URL


@pytest.mark.row("B01")
def test_a_placeholder_says_where_the_address_goes(tmp_path: Path) -> None:
    assert open_url(URL, (*note(tmp_path / "log"), "--new=%u", "end"))
    assert (tmp_path / "log").read_text().splitlines() == [f"--new={URL}", "end"]


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "file:///etc/passwd",
        "--renderer-cmd-prefix=x",
        "vscode://x",
        "",
        "https://a b/",
        "data:text/html,x",
    ],
)
@pytest.mark.row("C05")
def test_what_is_not_safe_is_not_opened(url: str, tmp_path: Path) -> None:
    assert not open_url(url, note(tmp_path / "log"))
    assert not (tmp_path / "log").exists()


@pytest.mark.row("B03")
def test_a_browser_that_fails_or_is_missing_is_noticed() -> None:
    assert not open_url(URL, (sys.executable, "-c", "raise SystemExit(3)"))
    assert not open_url(URL, ("/no/such/browser",))
    assert not open_url(URL, ())


def test_which_browser_is_started() -> None:
    def nothing(name: str) -> None:
        return None

    assert command(["firefox", "-P", "x"], {}) == ("firefox", "-P", "x")
    assert command([], {}, platform="darwin") == ("open",)
    assert command([], {"DISPLAY": ":0"}, platform="linux", find=lambda name: name) == ("xdg-open",)
    assert command([], {"DISPLAY": ":0"}, platform="linux", find=nothing) == ()
    assert command([], {}, platform="linux", find=lambda name: name) == (), (
        "no display: a text browser would want this terminal"
    )


@pytest.mark.parametrize(
    ("environ", "told"),
    [({"TERM": "xterm-256color"}, True), ({"TERM": "linux"}, False), ({}, False), ({"TERM": "dumb"}, False)],
)
def test_only_a_terminal_that_understands_is_told_where_links_lead(environ: dict[str, str], told: bool) -> None:
    assert hyperlinks(environ) is told
