"""Newsboat's files read and translated: the list of feeds, the filter language, keys and settings."""

from __future__ import annotations

from pathlib import Path

import pytest

from tui_reader import config, query
from tui_reader.commands import COMMANDS
from tui_reader.errors import NotFound
from tui_reader.newsboat import files, filters, habits, subscriptions
from tui_reader.newsboat.words import split, words


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("", []),
        ("  # a comment", []),
        ("https://a.example/feed#part news", ["https://a.example/feed#part", "news"]),
        (r'a "two words" "with \"quotes\" and \\" # the rest', ["a", "two words", 'with "quotes" and \\']),
        ('a "never closed', ["a", "never closed"]),
        ('a ""', ["a", ""]),
        ("a\\", ["a\\"]),
        ('"\\', ["\\"]),
    ],
)
def test_words_of_a_line(line: str, found: list[str]) -> None:
    assert words(line) == found


def test_a_line_is_split_outside_of_quotes() -> None:
    assert split('set browser "a;b" ; open; quit', ";") == ['set browser "a;b" ', " open", " quit"]


LIST = r"""
# my feeds
https://a.example/feed tech "linux kernel" "~My Alpha"
http://b.example/rss "!" news
c.example
https://a.example/feed late
"query:Unread Tech:unread = \"yes\" and tags # \"tech\""
"query:By place:articleindex < 5"
query:Broken
exec:/usr/bin/some "~Script"
filter:/bin/cat:https://d.example/feed
file:///home/me/feed.xml
"""


def test_the_list_of_feeds() -> None:
    listed = subscriptions.read(LIST)
    assert [(one.url, one.title, one.folder, one.tags, one.hidden) for one in listed.feeds] == [
        ("https://a.example/feed", "My Alpha", "tech", ("tech", "linux kernel", "late"), False),
        ("http://b.example/rss", "", "news", ("news",), True),
        ("https://c.example", "", "", (), False),
    ]
    assert listed.feeds[2].written == "c.example"
    assert listed.queries == (subscriptions.QueryFeed("Unread Tech", "is:unread tag:tech"),)
    assert [what for what, _ in listed.skipped] == [
        "https://a.example/feed",
        "query feed “By place”",
        "query feed “Broken”",
        "exec:/usr/bin/some",
        "filter:/bin/cat:https://d.example/feed",
        "file:///home/me/feed.xml",
    ]
    assert "articleindex < 5" in listed.skipped[1][1]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ('unread = "yes"', "is:unread"),
        ('unread == "no"', "is:read"),
        ('unread != "yes"', "-is:unread"),
        ('title =~ "rust"', "title:rust"),
        ('title =~ "rust|go"', "title:/rust|go/"),
        ('title !~ "ad"', "-title:ad"),
        ('title =~ "a/b"', r"title:/a\/b/"),
        (r'title =~ "a\\/b"', r"title:/a\/b/"),
        ('title = "What is it?"', r"title:/^What\ is\ it\?$/"),
        ('author =~ "jane doe"', 'author:"jane doe"'),
        ('content =~ "kernel"', "text:kernel"),
        ('link =~ "example.org"', "url:/example.org/"),
        ('feedtitle =~ "lwn"', "feed:lwn"),
        ('tags # "linux kernel"', 'tag:"linux kernel"'),
        ('tags !# "news"', "-tag:news"),
        ("age < 3", "newer:3d"),
        ("age <= 3", "newer:4d"),
        ("age > 3", "older:4d"),
        ("age >= 3", "older:3d"),
        ("age = 0", "newer:1d"),
        ("age = 2", "(newer:3d older:2d)"),
        ("age between 2:7", "(newer:8d older:2d)"),
        ("age between 0:7", "newer:8d"),
        ('flags # "s"', "tag:flag-s"),
        ('flags =~ "s"', "tag:flag-s"),
        ('flags != ""', "is:starred"),
        ('enclosure_url != ""', "has:enclosure"),
        ('unread = "yes" and (title =~ "a" or title =~ "b")', "is:unread (title:a OR title:b)"),
        ('unread = "yes" or age < 2 and tags # "x"', "(is:unread OR newer:2d) tag:x"),
        ('unread="yes"and age<2', "is:unread newer:2d"),
    ],
)
def test_a_filter_in_our_words(written: str, meant: str) -> None:
    assert filters.translated(written) == meant
    query.parse(meant, now=0)


@pytest.mark.parametrize(
    "written",
    [
        "",
        "unread",
        "unread =",
        'unread = "maybe"',
        'title =~ "(a+)+"',
        'title =~ "["',
        'title =~ ""',
        "articleindex < 5",
        'rssurl =~ "example"',
        "age < 0",
        "age < many",
        '(unread = "yes"',
        'unread = "yes")',
        'unread = "yes" and',
        'unread = "yes" xor age < 2',
        "(" * 2000,
        "\x00 = 1",
    ],
)
def test_a_filter_without_a_like_is_told(written: str) -> None:
    with pytest.raises(filters.Untranslatable):
        filters.translated(written)


CONFIG = r"""
auto-reload yes
reload-time 15
refresh-on-startup no
browser "firefox --new-tab '%u'"
use-proxy yes
proxy localhost:8118
text-width 90
color listnormal white black
highlight feedlist "x" red
bind-key ^G reload-all
bind-key U toggle-article-read articlelist
bind gg everywhere home -- "Top"
bind-key j down
bind-key n next-unread-feed
bind-key x random-unread
bind-key Z open filebrowser
bind-key
macro o open ; open-in-browser ; quit -- "read elsewhere"
macro v set browser "mpv %u"; open-in-browser
unknown-thing yes
"""


def test_settings_and_keys_in_our_words(tmp_path: Path) -> None:
    found = habits.read(CONFIG)
    assert {(section, name): value for section, name, value in found.settings} == {
        ("refresh", "auto"): True,
        ("refresh", "interval"): 60,
        ("refresh", "on_start"): False,
        ("open", "browser"): ["firefox", "--new-tab"],
        ("network", "proxy"): "http://localhost:8118",
        ("ui", "width"): 90,
    }
    assert found.keys["refresh.all"] == ("ctrl+g", "R")
    assert found.keys["entry.toggle_read"] == ("U", "N", "m")
    assert found.keys["feed.next"][0] == "n"
    assert found.macros == {", o": ("pane.open", "link.open", "pane.back")}
    told = dict(found.left)
    assert told["2 lines of colours"] == "choose a theme"
    assert {"bind-key x random-unread", "bind-key Z open filebrowser", "unknown-thing yes"} <= set(told)
    assert any(what.startswith("macro v") for what in told)


def test_what_is_written_out_is_a_sound_config(tmp_path: Path) -> None:
    found = habits.read(CONFIG)
    path = tmp_path / "config.toml"
    path.write_text(found.toml())
    settings, faults = config.load(path)
    assert [str(fault) for fault in faults] == []
    assert settings.macros[", o"] == ("pane.open", "link.open", "pane.back")
    assert (settings.refresh.interval, settings.preset) == (60, "newsboat")
    assert habits.read("# nothing").toml() == ""
    assert settings.keys["refresh.all"] == ("ctrl+g", "R")


def test_every_operation_has_a_command_that_is_there() -> None:
    known = {command.id for command in COMMANDS}
    assert {id for mapped in habits.OPERATIONS.values() for id in mapped.values()} <= known


@pytest.mark.parametrize(
    "junk", ["", "\x00\x01", '"', "bind-key", "bind a", "macro", "macro x", "bind-key \u202e open", "\\\n" * 50]
)
def test_junk_is_read_without_a_fault(junk: str) -> None:
    habits.read(junk)
    subscriptions.read(junk)


def test_the_files_are_found_where_newsboat_looks(tmp_path: Path) -> None:
    environ = {"HOME": str(tmp_path)}
    with pytest.raises(NotFound):
        files.places(environ)
    old = tmp_path / ".newsboat"
    old.mkdir()
    (old / "urls").write_text("https://old.example/feed\n")
    assert files.places(environ).urls == old / "urls"
    new = tmp_path / ".config" / "newsboat"
    new.mkdir(parents=True)
    (new / "urls").write_text("https://new.example/feed\n")
    data = tmp_path / ".local" / "share" / "newsboat"
    data.mkdir(parents=True)
    (data / "cache.db").write_text("")
    found = files.places(environ)
    assert (found.urls, found.config, found.cache) == (new / "urls", None, data / "cache.db")
    elsewhere = tmp_path / "xdg"
    (elsewhere / "newsboat").mkdir(parents=True)
    (elsewhere / "newsboat" / "urls").write_text("")
    assert files.places({**environ, "XDG_CONFIG_HOME": str(elsewhere)}).urls == elsewhere / "newsboat" / "urls"
    assert files.places(environ, old).urls == old / "urls"
    with pytest.raises(NotFound):
        files.places(environ, tmp_path)
    (new / "urls").write_bytes(b"\xef\xbb\xbfhttps://a.example/f\xe9ed\n")
    assert [one.written for one in files.read(found).listed.feeds] == ["https://a.example/f\ufffded"]
    (new / "urls").unlink()
    assert files.read(found).faults == (("urls", "no such file or directory"),)
