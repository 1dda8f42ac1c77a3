"""What the headers of an answer mean: validators, how long to wait, where to go next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC
from urllib.parse import urlsplit, urlunsplit

from msgspec import Struct

from tui_reader import urls
from tui_reader.model import Validators
from tui_reader.net.fetch import Failed
from tui_reader.text import clean

LONGEST_WAIT = 7 * 86400
"""Seconds a server may make us wait; "16 years" has been seen."""

_LONGEST_VALIDATOR = 4096


class Answer(Struct, frozen=True):
    """One answer of one server, after one request. `reason` is the phrase behind the status, as it came."""

    url: str
    status: int
    headers: Mapping[str, bytes]
    body: bytes = b""
    reason: str = ""

    def text(self, name: str) -> str:
        """A header's value, "" when it was not sent."""
        return self.headers.get(name, b"").decode("latin-1").strip()


def read(pairs: Iterable[tuple[bytes, bytes]]) -> Mapping[str, bytes]:
    """Headers by their lower-case names. One that was sent twice keeps its last value, but for the one that is a
    list by its nature."""
    headers: dict[str, bytes] = {}
    for raw, value in pairs:
        name = raw.decode("latin-1").lower()
        is_more = name == "cache-control" and name in headers
        headers[name] = headers[name] + b", " + value if is_more else value
    return headers


def conditions(held: Validators, url: str) -> list[tuple[bytes, bytes]]:
    """The headers that ask only for something newer: byte for byte what this very address once sent, or nothing.

    Both are sent when both are known: RFC 9110 §13.1.3 lets old servers look at the second one alone.
    """
    if held.url != url:
        return []
    pairs = ((b"If-None-Match", held.etag), (b"If-Modified-Since", held.last_modified))
    return [(name, value) for name, value in pairs if value]


def validators(answer: Answer) -> Validators:
    """The pair that this answer brought, one set whether complete or not."""
    return Validators(_opaque(answer.headers.get("etag")), _opaque(answer.headers.get("last-modified")), answer.url)


def confirmed(held: Validators, answer: Answer) -> Validators:
    """The pair to send next time after a 304.

    RFC 9111 §4.3.4 takes new values from a 304 only when its ETag is the one we hold; one without an ETag speaks of
    the same document too.
    """
    sent = validators(answer)
    if sent.etag is not None and sent.etag != held.etag:
        return held
    return Validators(held.etag, sent.last_modified or held.last_modified, held.url)


def _opaque(value: bytes | None) -> bytes | None:
    """A validator is echoed byte for byte or not at all: one that cannot stand in a header is dropped whole."""
    if not value or len(value) > _LONGEST_VALIDATOR or any(byte < 32 or byte == 127 for byte in value):
        return None
    return value


def target(answer: Answer) -> str | Failed:
    """Where a redirect leads. A user name and a password go on only to the server they were typed for, whatever the
    redirect itself contains."""
    written = answer.headers.get("location", b"").decode("utf-8", "replace").partition("#")[0]
    joined = urls.join(answer.url, written) if written else ""
    if not joined:
        shown = clean(written, limit=60) or "nowhere"
        return Failed(f"the server sends us to {shown}, where we do not go", "redirect", answer.status)
    bare = urls.without_login(joined)
    return _with_login_of(answer.url, bare) if urls.host_key(bare) == urls.host_key(answer.url) else bare


def _with_login_of(known: str, bare: str) -> str:
    login, at, _ = urlsplit(known).netloc.rpartition("@")
    parts = urlsplit(bare)
    return urlunsplit(parts._replace(netloc=login + at + parts.netloc)) if at else bare


def max_age(answer: Answer) -> int | None:
    """Seconds for which the server says nobody needs to ask again."""
    for directive in answer.text("cache-control").lower().split(","):
        name, _, value = directive.strip().partition("=")
        digits = value.strip(' "')
        if name.strip() == "max-age" and digits.isascii() and digits.isdigit():
            return min(int(digits[:10]), LONGEST_WAIT)
    return None


def fresh_for(answer: Answer, now: int) -> int | None:
    """Seconds for which nobody needs to ask again, by Cache-Control or else by Expires, which is read by the server's
    own clock when it tells the time (RFC 9111 §4.2.1)."""
    told = max_age(answer)
    expires = _date(answer.text("expires")) if told is None else None
    if expires is None:
        return told
    sent = _date(answer.text("date"))
    wait = expires - (sent if sent is not None else now)
    return min(wait, LONGEST_WAIT) if wait > 0 else None


def retry_at(answer: Answer, now: int) -> int | None:
    """RFC 9110 §10.2.3: seconds, or a date, which is read by the server's own clock when it tells the time."""
    value = answer.text("retry-after")
    if value.isascii() and value.isdigit():
        wait = int(value[:10])
    else:
        at, sent = _date(value), _date(answer.text("date"))
        if at is None:
            return None
        wait = at - (sent if sent is not None else now)
    return now + min(wait, LONGEST_WAIT) if wait > 0 else None


def _date(value: str) -> int | None:
    from email.utils import parsedate_to_datetime  # only refusals need it, and it costs the start of the program

    try:
        at = parsedate_to_datetime(value)
        return int((at if at.tzinfo is not None else at.replace(tzinfo=UTC)).timestamp())
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
