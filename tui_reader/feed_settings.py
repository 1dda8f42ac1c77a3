"""What can be set for one feed alone: names, how they are written, what they mean. Pure.

A secret is never kept: a password, or the value of a header that holds one, is written as where it is found, `env:NAME`
for a variable of the environment or `command:pass show feeds` for the first line that a command prints.
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Callable, Mapping

from msgspec import Struct
from msgspec.structs import replace

from tui_reader.errors import BadInput
from tui_reader.model import FeedSettings
from tui_reader.text import clean, plural

HOUR, DAY, WEEK = 3600, 86_400, 7 * 86_400
_UNITS = {"m": 60, "h": HOUR, "d": DAY, "w": WEEK}
_SPAN = re.compile(r"(\d{1,6})\s*([mhdw])")
_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}")
_OURS = frozenset(
    {
        *("accept", "accept-encoding", "connection", "content-length", "host", "if-modified-since", "if-none-match"),
        *("keep-alive", "proxy-authorization", "proxy-connection", "range", "te", "trailer", "transfer-encoding"),
        *("upgrade", "user-agent"),
    }
)
"""Headers that carry the protocol, or say who asks: they are the program's own."""
_SECRET = frozenset({"authorization", "cookie"})
_MOST_HEADERS = 20
_YES, _NO = frozenset({"yes", "on", "true", "1"}), frozenset({"no", "off", "false", "0", ""})

Value = str | int | None


class Setting(Struct, frozen=True):
    """One of them: its column in the library, its sentence, an example of how it is written."""

    name: str
    column: str
    sentence: str
    example: str
    read: Callable[[str, FeedSettings], Value]
    shown: Callable[[FeedSettings], str]


def change(name: str, written: str, now: FeedSettings) -> tuple[str, Value]:
    """The column and its new value for `name` set to `written`; "" goes back to the usual. Raises BadInput."""
    setting = SETTINGS.get(name.strip().lower())
    if setting is None:
        raise BadInput(f"a feed has no setting “{clean(name, limit=40)}”, only {', '.join(SETTINGS)}")
    return setting.column, setting.read(clean(written, limit=2000).strip(), now)


def applied(settings: FeedSettings, name: str, written: str) -> FeedSettings:
    """The settings with this one changed. Raises BadInput."""
    column, value = change(name, written, settings)
    made: object = value
    if column in {"headers", "tags"}:
        held = json.loads(str(value))
        made = tuple(held.items()) if column == "headers" else tuple(held)
    return replace(settings, **{column: bool(value) if column == "edits_unread" else made})


def shown(settings: FeedSettings) -> tuple[tuple[str, str, str], ...]:
    """Every setting as (name, what it is set to or "", sentence)."""
    return tuple((one.name, one.shown(settings), one.sentence) for one in SETTINGS.values())


def where(written: str) -> tuple[str, list[str]] | None:
    """Where a secret is found: ("env", [name]) or ("command", words); None when it is written plainly."""
    kind, _, rest = written.partition(":")
    if kind == "env" and re.fullmatch(r"[A-Za-z_]\w*", rest.strip()):
        return kind, [rest.strip()]
    if kind == "command":
        try:
            words = shlex.split(rest)
        except ValueError:
            return None
        return (kind, words) if words else None
    return None


# ---------------------------------------------------------------- how each is written


def _interval(written: str, now: FeedSettings) -> Value:
    if not written:
        return None
    found = _SPAN.fullmatch(written.lower())
    seconds = int(found[1]) * _UNITS[found[2]] if found else 0
    if not HOUR <= seconds <= WEEK:
        raise BadInput("interval wants a time from 1h to 1w, as 90m, 6h or 2d")
    return seconds


def _span(seconds: int | None) -> str:
    if seconds is None:
        return ""
    unit = next(unit for unit in "wdhm" if seconds % _UNITS[unit] == 0 or unit == "m")
    return f"{seconds // _UNITS[unit]}{unit}"


def _header(written: str, now: FeedSettings) -> Value:
    """`Name: value` adds one or puts another in its place, `Name:` takes it away, "" takes all away."""
    if not written:
        return "{}"
    name, colon, value = written.partition(":")
    name, value = name.strip(), value.strip()
    if not colon or not _NAME.fullmatch(name):
        raise BadInput("a header is written as Name: value")
    if name.lower() in _OURS:
        raise BadInput(f"{name} is the program's own header")
    if name.lower() in _SECRET and value and where(value) is None:
        raise BadInput(f"{name} holds a secret: write where it is found, as {name}: env:NAME or command:pass show it")
    if not value.isascii():
        raise BadInput("a header's value has plain ASCII characters only")
    kept = {other: text for other, text in now.headers if other.lower() != name.lower()}
    if value:
        kept[name] = value
    if len(kept) > _MOST_HEADERS:
        raise BadInput(f"a feed has at most {_MOST_HEADERS} headers of its own")
    return json.dumps(kept)


def _login(written: str, now: FeedSettings) -> Value:
    if ":" in written:
        raise BadInput("a user name for HTTP has no colon; the password is a setting of its own")
    return written


def _password(written: str, now: FeedSettings) -> Value:
    if written and where(written) is None:
        raise BadInput(
            "the password itself is never kept: write where it is found, as env:NAME or command:pass show it"
        )
    return written


def _keep(written: str, now: FeedSettings) -> Value:
    if not written:
        return None
    if written == "all":
        return 0
    if not (written.isascii() and written.isdigit() and 0 < int(written[:9]) < 1_000_000):
        raise BadInput("keep wants a number of articles, or all")
    return int(written)


def _yes(written: str, now: FeedSettings) -> Value:
    if written.lower() in _YES | _NO:
        return int(written.lower() in _YES)
    raise BadInput("this wants yes or no")


def _tags(written: str, now: FeedSettings) -> Value:
    return json.dumps(
        list(dict.fromkeys(tag for part in written.split(",") if (tag := part.strip()))), ensure_ascii=False
    )


def _text(written: str, now: FeedSettings) -> Value:
    return written


SETTINGS: Mapping[str, Setting] = {
    one.name: one
    for one in (
        Setting(
            "interval", "interval", "how often it is asked, 1h at least", "6h", _interval, lambda it: _span(it.interval)
        ),
        Setting(
            "header",
            "headers",
            "a header that is sent to it; Name: alone takes it away",
            "X-Token: env:TOKEN",
            _header,
            lambda it: ", ".join(f"{name}: {value}" for name, value in it.headers),
        ),
        Setting("login", "login", "the user name it asks for (HTTP basic)", "me", _login, lambda it: it.login),
        Setting(
            "password",
            "password_from",
            "where its password is found; it is never kept here",
            "command:pass show feeds/lwn",
            _password,
            lambda it: it.password_from,
        ),
        Setting(
            "name",
            "my_name",
            "your name in its discussions: what you say is no news",
            "ann",
            _text,
            lambda it: it.my_name,
        ),
        Setting(
            "edits-unread",
            "edits_unread",
            "whether an article that was changed is unread again",
            "yes",
            _yes,
            lambda it: "yes" if it.edits_unread else "",
        ),
        Setting(
            "keep",
            "keep",
            "how many of its articles are kept; starred, watched and tagged ones stay",
            "200",
            _keep,
            lambda it: "" if it.keep is None else "all" if it.keep == 0 else plural(it.keep, "article"),
        ),
        Setting(
            "tags", "tags", "tags of yours for all its articles", "linux, news", _tags, lambda it: ", ".join(it.tags)
        ),
    )
}
"""Every setting of a feed, by the name it is set with."""
