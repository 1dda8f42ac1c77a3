"""What goes wrong on the wire, said as one plain clause and sorted by whose fault it is."""

from __future__ import annotations

import errno
import socket
import ssl

from tui_reader.net.fetch import Failed
from tui_reader.net.headers import Answer, retry_at
from tui_reader.text import clean, first_words

_OF_THE_LIBRARIES = ("httpx", "httpcore", "h11", "h2", "hpack", "hyperframe", "anyio")
_OFFLINE = frozenset({errno.ENETUNREACH, errno.ENETDOWN})
_UNREACHED = frozenset({errno.EHOSTUNREACH, errno.EHOSTDOWN})
_NO_NAME = frozenset({socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)})
_SAID = {
    401: "the server asks for a login (401)",
    403: "the server refuses access (403)",
    404: "the server has nothing at this address (404)",
    410: "it is gone for good (410)",
    429: "the server is busy (429)",
    503: "the server is not available just now (503)",
}
_CERTIFICATE = {
    9: "its certificate is not valid yet, or this machine's clock is slow",
    10: "its certificate has expired",
    18: "its certificate is signed by itself",
    19: "its certificate is signed by nobody we know",
    20: "its certificate is signed by nobody we know",
    21: "its certificate is signed by nobody we know",
    62: "its certificate is for another host",
    64: "its certificate is for another host",
}
"""By the verification codes of OpenSSL (X509_V_ERR_…)."""


def refusal(answer: Answer, now: int) -> Failed:
    """An answer whose status is no document."""
    status = answer.status
    if answer.text("cf-mitigated"):
        reason = f"a site protection turns readers away ({status})"
    elif status in _SAID:
        reason = _SAID[status]
    elif 200 <= status < 300:
        reason = f"the server sent something other than a whole document ({status})"
    elif 500 <= status < 600:
        reason = f"the server has a fault of its own ({status})"
    else:
        reason = f"the server answered with status {status}"
    page = b"" if b"\0" in answer.body else answer.body
    words = first_words(page) or clean(answer.reason, limit=300)
    return Failed(reason, "http", status, words, retry_at(answer, now), gone=status == 410, url=answer.url)


def is_of_the_wire(error: Exception) -> bool:
    """Whether an exception tells of the network and not of a fault in this program."""
    return isinstance(error, OSError | ValueError) or any(
        kind.__module__.partition(".")[0] in _OF_THE_LIBRARIES for kind in type(error).__mro__
    )


def trouble(error: BaseException, *, proxied: bool) -> Failed:
    """A fault of the transport: the innermost cause that says something decides.

    `proxied` tells that it was the proxy we tried to reach: then nothing is known of the site itself.
    """
    import httpx

    if proxied and isinstance(error, httpx.ProxyError):
        return Failed(f"the proxy does not let us through ({clean(str(error), limit=60)})", "offline")
    for cause in _causes(error):
        found = _by_cause(cause)
        if found is not None:
            if proxied and found.kind in {"connect", "dns", "offline"}:
                return Failed("the proxy cannot be reached", "offline")
            return found
    if isinstance(error, httpx.TimeoutException):
        return Failed("no answer in time", "timeout")
    if isinstance(error, httpx.ConnectError):
        return Failed("the proxy cannot be reached", "offline") if proxied else _refused()
    if isinstance(error, httpx.InvalidURL | httpx.UnsupportedProtocol | ValueError):
        return Failed("the address cannot be asked for", "redirect")
    return Failed("the answer broke off or was no HTTP", "broken")


def _refused() -> Failed:
    return Failed("the server takes no connections", "connect")


def _by_cause(cause: BaseException) -> Failed | None:
    if isinstance(cause, ssl.SSLCertVerificationError):
        return Failed(_CERTIFICATE.get(cause.verify_code, "its certificate cannot be trusted"), "tls")
    if isinstance(cause, ssl.SSLError):
        return Failed("no safe connection could be made", "tls")
    if isinstance(cause, socket.gaierror):
        if cause.errno in _NO_NAME:
            return Failed("there is no such host", "dns")
        return Failed("names cannot be looked up; the network seems to be down", "offline")
    if isinstance(cause, ConnectionRefusedError):
        return _refused()
    if isinstance(cause, OSError) and cause.errno in _OFFLINE:
        return Failed("the network is not reachable", "offline")
    if isinstance(cause, OSError) and cause.errno in _UNREACHED:
        return Failed("the host cannot be reached", "connect")
    if isinstance(cause, OSError) and cause.errno in {errno.EMFILE, errno.ENFILE}:
        return Failed("too many files are open on this machine", "offline")
    return None


def _causes(error: BaseException) -> list[BaseException]:
    found: list[BaseException] = []
    waiting: list[BaseException | None] = [error]
    while waiting and len(found) < 50:
        one = waiting.pop()
        if one is None or one in found:
            continue
        found.append(one)
        waiting += [one.__context__, one.__cause__]
        if isinstance(one, BaseExceptionGroup):
            waiting += one.exceptions
    return found
