"""The command line itself: options, codes, doctor, config, snapshot, docs."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.running import ROOT, Reader, hold
from tests.site import Site
from tui_reader.cli import arguments, docs, main, sample
from tui_reader.cli.session import environment_proxy
from tui_reader.commands import COMMANDS
from tui_reader.config import Config, load

NAMES = (
    "add", "remove", "rename", "move", "feeds", "refresh", "list", "show", "thread", "search", "mark", "star", "import",
    "export", "demo", "doctor", "config", "snapshot",
)  # fmt: skip


def test_version_and_help(reader: Reader) -> None:
    assert re.fullmatch(r"tui-reader \d+\.\d+\.\d+\n", reader("--version").out)
    told = reader("--help")
    assert told.code == 0
    assert [name for name in NAMES if not re.search(rf"^    {name} ", told.out, re.MULTILINE)] == []


@pytest.mark.parametrize("name", NAMES)
def test_every_command_has_help(reader: Reader, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        arguments.parse([name, "--help"])
    assert ended.value.code == 0
    assert "options of every command" in capsys.readouterr().out


def test_every_command_is_documented() -> None:
    told = (ROOT / "docs" / "cli.md").read_text()
    assert [name for name in [*NAMES, "address"] if f"`{name}" not in told] == []


@pytest.mark.parametrize(
    "words", [("bogus",), ("list", "--bogus"), ("show",), ("show", "x"), ("list", "--limit", "-1")]
)
def test_a_mistake_is_one_line(reader: Reader, words: tuple[str, ...]) -> None:
    answer = reader(*words)
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.count("\n") == 1


def test_options_stand_before_or_after_the_command(full: Reader) -> None:
    plain = [sys.executable, "-m", "tui_reader"]
    wanted = full("list", "--json").out
    for words in (
        [*plain, "list", "--json", "--library", str(full.library), "--config", str(full.config), "--offline"],
        [*plain, "--offline", "--library", str(full.library), "--config", str(full.config), "list", "--json"],
    ):
        assert subprocess.run(words, capture_output=True, text=True, env=full.environment).stdout == wanted
    places = {"TUI_READER_LIBRARY": str(full.library), "TUI_READER_CONFIG": str(full.config)}
    by_environment = subprocess.run(
        [*plain, "list", "--json"], capture_output=True, text=True, env=full.environment | places
    )
    assert by_environment.stdout == wanted


def test_the_library_may_be_named_in_the_settings(full: Reader, tmp_path: Path) -> None:
    settings = tmp_path / "other.toml"
    settings.write_text(f"[library]\npath = {json.dumps(str(full.library))}\n")
    words = [sys.executable, "-m", "tui_reader", "--config", str(settings), "feeds", "--json"]
    assert len(json.loads(subprocess.run(words, capture_output=True, env=full.environment).stdout)) == 1


def test_nothing_is_written_outside_the_named_files(full: Reader) -> None:
    assert not (full.folder / "home").exists()


def test_settings_in_fault_are_told_and_the_command_runs(full: Reader) -> None:
    full.config.write_text('[ui]\nwidth = "x"\n')
    answer = full("feeds", "--json")
    assert answer.code == 0
    assert len(answer.json) == 1
    assert answer.err.startswith("config.toml:2: ui.width: ")
    full.config.write_text("[ui\n")
    assert full("feeds").err.startswith("config.toml:1:4: ")


def test_a_closed_pipe_is_no_fault(full: Reader) -> None:
    source, sink = os.pipe()
    os.close(source)
    done = subprocess.run(full.command("list", "--json"), stdout=sink, stderr=-1, env=full.environment, text=True)
    os.close(sink)
    assert (done.returncode, done.stderr) == (141, "")


def test_ctrl_c_ends_any_command_without_a_word(reader: Reader, site: Site) -> None:
    hold(site, "/slow")
    process = subprocess.Popen(
        reader.command("add", site.url("/slow")), stdout=-1, stderr=-1, env=reader.environment, text=True
    )
    while not site.asked("/slow"):
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    assert process.communicate(timeout=30) == ("", "")
    assert process.returncode == 130


def test_a_library_that_cannot_be_written_can_be_read(full: Reader) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may write anywhere: 1 case not run")
    full.folder.chmod(0o500)
    try:
        assert len(full("list", "--json").json) == 3
        assert full("mark", "--all").code == 7
        assert full("doctor").code == 1
    finally:
        full.folder.chmod(0o700)


def test_the_screen_needs_a_terminal(reader: Reader) -> None:
    answer = reader()
    assert answer.code == 2
    assert "terminal" in answer.err
    assert answer.err.count("\n") == 1


def test_a_foreign_file_is_left_alone(reader: Reader) -> None:
    reader.library.write_bytes(b"precious" * 100)
    for command in (("feeds",), ("refresh",), ("doctor",)):
        assert reader(*command).code == 1
    assert reader.library.read_bytes() == b"precious" * 100
    assert list(reader.folder.glob("library.db*")) == [reader.library]


def test_doctor_finds_and_says_how_to_mend(full: Reader) -> None:
    good = full("doctor", "--json")
    assert good.code == 0
    assert all(finding["ok"] for finding in good.json)
    assert {finding["check"] for finding in good.json} >= {"library", "feeds", "config", "keys", "terminal"}
    full.config.write_text('[keys]\n"entry.sar" = "x"\n[ui]\nwidth = 1\n')
    bad = full("doctor")
    assert bad.code == 1
    assert "✖ keys: config.toml:2: keys.entry.sar: there is no such command" in bad.out
    assert "✖ config: config.toml:4: ui.width: " in bad.out
    assert bad.out.count("    edit ") == 2


def test_doctor_gives_back_room_when_it_is_asked_to(full: Reader) -> None:
    told = full("doctor", "--vacuum")
    assert told.code == 0
    assert "vacuumed: " in told.err
    assert full("list").out


def test_doctor_of_a_new_home_is_content(reader: Reader) -> None:
    assert reader("doctor").code == 0
    assert not reader.library.exists()


def test_config_shows_what_holds(reader: Reader) -> None:
    reader.config.write_text('[ui]\nwidth = 66\n[keys]\n"entry.star" = ["*", "S"]\n')
    shape = reader("config", "--json").json
    assert shape["settings"]["ui"]["width"] == 66
    assert shape["settings"]["keys"] == {"preset": "", "entry.star": ["*", "S"]}
    assert (shape["config"], shape["library"], shape["faults"]) == (str(reader.config), str(reader.library), [])
    assert reader("config", "--path").out == f"{reader.config}\n"
    shown = reader("config").out
    copy = reader.folder / "copy.toml"
    copy.write_text(shown)
    assert load(copy) == load(reader.config)


def test_the_sample_is_sound_and_sets_nothing(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(sample.text())
    assert load(path) == (Config(), ())
    path.write_text(re.sub(r"^# (\"?[\w.]+\"? = |\[\[)", r"\1", sample.text(), flags=re.MULTILINE))
    settings, faults = load(path)
    assert faults == ()
    assert settings.ui == Config().ui
    assert settings.keys == {"entry.star": ("*", "s")}
    assert [rule.tags for rule in settings.rules] == [("weekly",)]


def test_a_snapshot_is_the_same_every_time_and_changes_nothing(full: Reader) -> None:
    words = ("snapshot", "--size", "100x30", "--keys", "j m s", "--now", "2026-01-01T12:00:00Z")
    first = full(*words)
    assert first.code == 0, first.err
    assert "Three" in first.out
    assert full(*words).out == first.out
    assert len(full("list", "--unread", "--json").json) == 3
    picture = full.folder / "shot.svg"
    assert full(*words, "--open", 2, "--output", picture).code == 0
    assert picture.read_text().startswith("<svg")


@pytest.mark.parametrize("words", [("--size", "0x5"), ("--now", "yesterday"), ("--output", "x.png")])
def test_a_snapshot_that_cannot_be(full: Reader, words: tuple[str, ...]) -> None:
    answer = full("snapshot", *words)
    assert (answer.code, answer.err.count("\n")) == (2, 1)


def test_the_committed_docs_are_current() -> None:
    hint = "run `make docs`"
    assert (ROOT / "docs" / "keys.md").read_text() == docs.keys_markdown(COMMANDS), hint
    assert (ROOT / "docs" / "config.md").read_text() == docs.config_markdown(), hint


@pytest.mark.parametrize(
    ("environ", "proxy"),
    [
        ({}, ""),
        ({"https_proxy": "http://p:1"}, "http://p:1"),
        ({"HTTPS_PROXY": "p:1"}, "http://p:1"),
        ({"http_proxy": "http://p:1", "ALL_PROXY": "socks5://q:2"}, "http://p:1"),
        ({"https_proxy": "http://p:1", "no_proxy": "*"}, ""),
    ],
)
def test_the_environments_proxy(environ: dict[str, str], proxy: str) -> None:
    assert environment_proxy(environ) == proxy


@pytest.mark.parametrize(
    ("words", "asks"),
    [
        ("refresh", True),
        ("add https://a.example/feed", True),
        ("thread 1 --refresh", True),
        ("thread 1 --back-fill", True),
        ("thread 1", False),
        ("list", False),
        ("", False),
        ("add https://a.example/feed --offline", False),
        ("refresh --offline", False),
    ],
)
def test_the_process_that_fetches_is_started_first_for_what_asks_in_any_case(words: str, asks: bool) -> None:
    assert main.asks(arguments.parse(words.split())) is asks
