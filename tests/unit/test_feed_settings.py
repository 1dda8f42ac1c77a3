"""How the settings of one feed are written."""

from __future__ import annotations

import json

import pytest

from tui_reader.errors import BadInput
from tui_reader.feed_settings import SETTINGS, change, shown, where
from tui_reader.model import FeedSettings

NONE = FeedSettings()


@pytest.mark.parametrize(
    ("name", "written", "column", "value"),
    [
        ("interval", "6h", "interval", 21_600),
        ("Interval", " 90m ", "interval", 5400),
        ("interval", "1w", "interval", 604_800),
        ("interval", "", "interval", None),
        ("header", "X-Token: abc", "headers", '{"X-Token": "abc"}'),
        ("header", "Cookie: env:SECRET", "headers", '{"Cookie": "env:SECRET"}'),
        ("header", "", "headers", "{}"),
        ("login", "ann", "login", "ann"),
        ("password", "env:FEED_PASSWORD", "password_from", "env:FEED_PASSWORD"),
        ("password", "command:pass show 'my feed'", "password_from", "command:pass show 'my feed'"),
        ("password", "", "password_from", ""),
        ("name", "Ann", "my_name", "Ann"),
        ("edits-unread", "yes", "edits_unread", 1),
        ("edits-unread", "", "edits_unread", 0),
        ("keep", "200", "keep", 200),
        ("keep", "all", "keep", 0),
        ("keep", "", "keep", None),
        ("tags", "news, linux kernel,,news", "tags", '["news", "linux kernel"]'),
        ("tags", "", "tags", "[]"),
    ],
)
def test_what_is_written_and_what_it_means(name: str, written: str, column: str, value: object) -> None:
    assert change(name, written, NONE) == (column, value)


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("interval", "59m"),
        ("interval", "2w"),
        ("interval", "often"),
        ("interval", "99999999999999h"),
        ("header", "no colon"),
        ("header", ": value"),
        ("header", "X Y: z"),
        ("header", "Host: evil.example"),
        ("header", "user-agent: Mozilla"),
        ("header", "Authorization: Basic c2VjcmV0"),
        ("header", "cookie: session=secret"),
        ("header", "X-Name: é"),
        ("login", "ann:secret"),
        ("password", "secret"),
        ("password", "env:"),
        ("password", "env:TWO WORDS"),
        ("password", "command:"),
        ("password", "command:pass 'never closed"),
        ("edits-unread", "perhaps"),
        ("keep", "0"),
        ("keep", "-3"),
        ("keep", "²"),
        ("frequency", "1h"),
    ],
)
def test_what_is_refused(name: str, written: str) -> None:
    with pytest.raises(BadInput) as told:
        change(name, written, NONE)
    assert "secret" not in str(told.value).replace("holds a secret", "") or name == "header"


def test_a_header_is_added_replaced_and_taken_away() -> None:
    held = FeedSettings(headers=(("X-A", "1"), ("X-B", "2")))
    assert json.loads(str(change("header", "x-a: 3", held)[1])) == {"X-B": "2", "x-a": "3"}
    assert json.loads(str(change("header", "X-A:", held)[1])) == {"X-B": "2"}
    with pytest.raises(BadInput, match="at most"):
        change("header", "X-C: 1", FeedSettings(headers=tuple((f"X-{n}", "1") for n in range(20))))


def test_all_are_shown_and_their_examples_are_good() -> None:
    assert [value for _, value, _ in shown(NONE)] == [""] * len(SETTINGS)
    for setting in SETTINGS.values():
        change(setting.name, setting.example, NONE)
    told = {name: value for name, value, _ in shown(FeedSettings(interval=5400, keep=0, tags=("a", "b"), login="x"))}
    assert (told["interval"], told["keep"], told["tags"], told["login"]) == ("90m", "all", "a, b", "x")


def test_where_a_secret_is_found() -> None:
    assert where("env:TOKEN") == ("env", ["TOKEN"])
    assert where("command:pass show 'a b'") == ("command", ["pass", "show", "a b"])
    assert where("plain") is None
