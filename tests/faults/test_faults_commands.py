"""B: what leaves the program: commands, files, the browser."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.faults.test_faults_terminal import PAYLOADS
from tui_reader.exporting import Format, file_name
from tui_reader.model import Entry, EntryRow
from tui_reader.tui import opening
from tui_reader.tui.actions import save

TITLES = (
    *PAYLOADS.values(),
    "../../etc/passwd", "/etc/passwd", "..", ".", "", ".bashrc", "-rf", "~root", "a/b\\c", "nul\0byte", "CON", "nul.txt",
    "COM1", "x" * 300, "𠀀" * 300, "文" * 300, "$(touch pwned)", "`touch pwned`", "; rm -rf ~", "a\nb", "*?", "  ", "a:b|c",
    "\u202egnp.exe", "name.", "e\u0301" * 200,
)  # fmt: skip


def titled(title: str) -> Entry:
    row = EntryRow(7, 1, "Blog", title, "", "https://h.example/", 0, 0, False, False)
    return Entry(row, "guid", None, 0, "<p>words</p>", False, "")


@pytest.mark.row("B02")
def test_a_files_name_stays_inside_its_folder_and_is_one_that_can_be_written(tmp_path: Path) -> None:
    for title in TITLES:
        for form in Format:
            name = file_name(titled(title), form)
            assert "/" not in name
            assert "\0" not in name
            assert name.isprintable()
            assert not name.startswith((".", "-"))
            assert len(name.encode()) <= 255
            assert name.partition(".")[0].lower() not in {"con", "nul", "com1"}
            assert (tmp_path / name).resolve().parent == tmp_path.resolve()
            (tmp_path / name).write_text("x")


@pytest.mark.row("B02")
def test_nothing_is_written_over_and_no_link_is_followed(tmp_path: Path) -> None:
    there = tmp_path / "post.md"
    there.write_text("mine")
    (tmp_path / "post 2.md").symlink_to(tmp_path / "elsewhere.md")
    save._write_new(there, "theirs")
    assert there.read_text() == "mine"
    assert not (tmp_path / "elsewhere.md").exists()
    assert (tmp_path / "post 3.md").read_text() == "theirs"
    for taken in ("post.md", "post 2.md"):
        with pytest.raises(FileExistsError):
            save._write(tmp_path / taken, "theirs", over=False)
    assert not (tmp_path / "elsewhere.md").exists()
    save._write(there, "theirs", over=True)
    assert there.read_text() == "theirs"


@pytest.mark.row("B01", "C05")
@pytest.mark.parametrize(
    "tail",
    ["$(touch pwned)", ";touch${IFS}pwned", "`touch pwned`", "%s", "%u", "|touch pwned", "&&touch", "#'\"", "a b"],
)
def test_an_address_reaches_the_browser_as_one_argument(tmp_path: Path, tail: str) -> None:
    note = tmp_path / "argv"
    words = (sys.executable, "-c", f"import sys; open({str(note)!r}, 'w').write(repr(sys.argv[1:]))")
    url = f"https://h.example/{tail}"
    opened = opening.open_url(url, words)
    if opened:
        assert note.read_text() == repr([url])
    else:
        assert not note.exists()
    assert not (tmp_path / "pwned").exists()
    assert [one.name for one in tmp_path.iterdir() if one != note] == []


@pytest.mark.row("B01", "C05")
@pytest.mark.parametrize(
    "url",
    ["--version", "-flag", "file:///etc/passwd", "javascript:alert(1)", "data:text/html,x", "vscode://evil", "%action", "ftp://h.example/", "https://h.example/\nX", "\x1bhttps://h.example/", "https:///", "http://", "mailto", "//h"],
)  # fmt: skip
def test_what_is_no_web_address_starts_nothing(tmp_path: Path, url: str) -> None:
    note = tmp_path / "ran"
    assert not opening.open_url(url, (sys.executable, "-c", f"open({str(note)!r}, 'w')"))
    assert not note.exists()


@pytest.mark.row("B03")
@pytest.mark.parametrize(
    ("program", "works"),
    [
        ("import sys; sys.exit(3)", False),
        ("raise SystemError", False),
        ("import os; os.abort()", False),
        ("print('x' * 100_000)", True),
        ("import sys; sys.stdin.read()", True),
    ],
)
def test_a_browser_may_crash_talk_or_ask(capfd: pytest.CaptureFixture[str], program: str, works: bool) -> None:
    assert opening.open_url("https://h.example/", (sys.executable, "-c", program)) is works
    assert capfd.readouterr() == ("", "")


@pytest.mark.row("B03")
def test_a_browser_that_blocks_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "SETTLES_WITHIN", 0.05)
    assert opening.open_url("https://h.example/", (sys.executable, "-c", "import time; time.sleep(3)"))
    assert not opening.open_url("https://h.example/", ("/no/such/browser",))
