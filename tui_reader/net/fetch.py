"""What is asked of the network, and the four ways in which it answers."""

from __future__ import annotations

from typing import Literal, Protocol

from msgspec import Struct

from tui_reader import urls
from tui_reader.model import Validators

Trouble = Literal[
    "offline",  # no network, or it is forbidden: says nothing about this address
    "dns",  # the name is not known
    "connect",  # the host does not take connections
    "tls",  # the connection cannot be trusted
    "timeout",
    "http",  # an answer with a status that is no document
    "redirect",  # sent on and on, or to where we do not go
    "private",  # the address lies in a private network and was not typed by the user
    "size",
    "encoding",
    "broken",  # the answer broke off or is not HTTP
    "refused",  # a document, but not one that can be used
]


class Settings(Struct, frozen=True):
    """How everything is asked for: at most `concurrency` requests at once, through `proxy` unless the address is one of
    this machine. `deadline` is in seconds for all that a request takes once its turn has come; `max_bytes` counts
    unpacked bytes."""

    user_agent: str
    proxy: str | None = None
    concurrency: int = 20
    offline: bool = False
    deadline: float = 20.0
    max_bytes: int = 20_000_000


class Request(Struct, frozen=True):
    """A GET. `validators` are sent only to the address that issued them. `typed` tells that the user named this host,
    which is what allows it to lie in a private network. `most` bounds the answer's bytes further than the fetcher does;
    `accept` says what is wanted, "" for feeds. `headers` are sent besides the usual ones, until a redirect
    leads to another server: they may be secret. `held` is the `digest` of a body that is here already: when it comes
    again it is not handed over."""

    url: str
    validators: Validators = Validators()
    typed: bool = False
    most: int | None = None
    accept: str = ""
    headers: tuple[tuple[bytes, bytes], ...] = ()
    held: bytes = b""

    def __repr__(self) -> str:
        """What may stand in a log: nothing that is secret."""
        return f"Request({urls.without_login(self.url)!r})"


class Fetched(Struct, frozen=True):
    """A whole document with status 200. `url` is where it came from in the end; `permanent_url` is that address when
    every step there was a permanent redirect that may be adopted, else "". `max_age` is in seconds. `downgraded` tells
    that a step led from https to http: anyone on the way could have changed it. `digest` tells two bodies apart; `body`
    is empty when it is the one that the request `held`."""

    url: str
    status: int
    body: bytes
    content_type: str
    validators: Validators
    permanent_url: str = ""
    max_age: int | None = None
    downgraded: bool = False
    digest: bytes = b""


class NotModified(Struct, frozen=True):
    """What we hold is current; `validators` are those to send next time. The rest is as in Fetched."""

    validators: Validators
    max_age: int | None = None
    status: int = 304
    permanent_url: str = ""


class Failed(Struct, frozen=True):
    """No document. `reason` is one plain clause ("the server is busy (429)"), `words` the first words of the answer,
    cleaned, at most 300 characters. Nobody should ask before `retry_at`; `gone` is a 410. `url` is the address that
    answered with the status, "" when none did."""

    reason: str
    kind: Trouble = "http"
    status: int = 0
    words: str = ""
    retry_at: int | None = None
    gone: bool = False
    url: str = ""


Outcome = Fetched | NotModified | Failed


class Network(Protocol):
    """Whoever asks: `client.Fetcher`, and `process.FetchProcess`, which has one in another process."""

    async def fetch(self, request: Request) -> Outcome:
        """Ask for a document. No fault of the network is raised."""

    async def close(self) -> None:
        """Break off what is under way and close what is open."""
