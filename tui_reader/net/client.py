"""The polite client: GET only, conditional, identified, one request at a time per host, bounded in time and size.

httpx is imported when the first request is made. No cookie is kept, nothing is sent that was not asked for, a redirect
is followed by our own rules, and no exception of the network leaves `fetch`: every fault is a `Failed`.
"""

from __future__ import annotations

import asyncio
import errno
import socket
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from http.cookiejar import DefaultCookiePolicy
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

from tui_reader import urls
from tui_reader.model import Validators
from tui_reader.net.decode import Body, TooLarge, Undecodable
from tui_reader.net.fetch import Failed, Fetched, NotModified, Outcome, Request
from tui_reader.text import clean, first_words, size

if TYPE_CHECKING:
    import httpx

    from tui_reader.net.guard import Resolver

MOST_HOPS = 5
LONGEST_WAIT = 7 * 86400
"""Seconds a server may make us wait; "16 years" has been seen."""

_LONGEST_VALIDATOR = 4096
_ERROR_BODY = 65_536
_PERMANENT = frozenset({301, 308})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_ACCEPT = b"application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, */*;q=0.8"
_SAID = {
    401: "the server asks for a login (401)",
    403: "the server refuses access (403)",
    404: "the server has nothing at this address (404)",
    410: "it is gone for good (410)",
    429: "the server is busy (429)",
    503: "the server is not available just now (503)",
}


@dataclass(frozen=True, slots=True)
class _Answer:
    """One answer of one server. `headers` has lower-case names; a header sent twice keeps its last value."""

    url: str
    status: int
    headers: Mapping[str, bytes]
    body: bytes

    def text(self, name: str) -> str:
        return self.headers.get(name, b"").decode("latin-1").strip()


class Fetcher:
    """Sends requests, at most `concurrency` at once. Belongs to one asyncio loop.

    `deadline` is in seconds for everything a request takes once its turn has come; `max_bytes` counts unpacked bytes;
    `clock` tells the time in seconds. `resolver` replaces the system's, for tests.
    """

    def __init__(
        self,
        *,
        user_agent: str,
        proxy: str | None = None,
        concurrency: int = 20,
        offline: bool = False,
        clock: Callable[[], int],
        deadline: float = 20.0,
        max_bytes: int = 20_000_000,
        resolver: Resolver | None = None,
    ) -> None:
        self._headers = [
            (b"User-Agent", user_agent.encode("ascii", "replace")),
            (b"Accept", _ACCEPT),
            (b"Accept-Encoding", b"gzip"),
        ]
        self._proxy = proxy
        self._offline = offline
        self._clock = clock
        self._deadline = deadline
        self._max_bytes = max_bytes
        self._resolver = resolver
        self._slots = asyncio.Semaphore(concurrency)
        self._hosts: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._client: httpx.AsyncClient | None = None

    async def fetch(self, request: Request) -> Outcome:
        """Ask for a document, following at most five redirects."""
        if self._offline:
            return Failed("the network is off", kind="offline")
        loop = asyncio.get_running_loop()
        left = self._deadline
        url, permanent, visited = request.url, True, {request.url}
        for _ in range(MOST_HOPS + 1):
            lock = self._hosts.setdefault(urls.host_key(url), asyncio.Lock())
            async with lock, self._slots:
                begun = loop.time()
                answer = await self._ask(url, request, left)
                left = max(left - (loop.time() - begun), 0.1)
            if isinstance(answer, Failed):
                return answer
            if answer.status not in _REDIRECTS:
                return self._outcome(answer, request, permanent=permanent and url != request.url)
            target = _target(answer)
            if isinstance(target, Failed):
                return target
            if target in visited:
                return Failed("the server sends us round in circles", "redirect", answer.status)
            downgraded = url.startswith("https:") and target.startswith("http:")
            permanent = permanent and answer.status in _PERMANENT and not downgraded
            visited.add(target)
            url = target
        return Failed("the server sends us on and on", "redirect")

    async def close(self) -> None:
        """Close what is open."""
        if self._client is not None:
            await self._client.aclose()
            self._client = None

    # ------------------------------------------------------------ one hop

    async def _ask(self, url: str, request: Request, seconds: float) -> _Answer | Failed:
        from tui_reader.net.guard import PRIVATE_ALLOWED, PrivateAddress

        own, asked = urls.host(url), urls.host(request.url)
        PRIVATE_ALLOWED.set(request.typed and (own == asked or (urls.is_loopback(own) and urls.is_loopback(asked))))
        try:
            async with asyncio.timeout(seconds):
                return await self._send(url, _conditions(request, url))
        except TimeoutError:
            return Failed(f"no whole answer within {self._deadline:g} seconds", "timeout")
        except TooLarge:
            return Failed(f"the document is larger than {size(self._max_bytes)}", "size")
        except Undecodable:
            return Failed("the answer is cut short or packed in a way we did not ask for", "encoding")
        except PrivateAddress:
            return Failed("the address leads into a private network", "private")
        except (OSError, ValueError) as error:
            return _explained(error)
        except Exception as error:
            if not _of_httpx(error):
                raise
            return _explained(error)

    async def _send(self, url: str, conditions: list[tuple[bytes, bytes]]) -> _Answer:
        if self._client is None:
            self._client = await asyncio.to_thread(self._build)
        async with self._client.stream("GET", url, headers=[*self._headers, *conditions]) as response:
            headers = {name.decode("latin-1").lower(): value for name, value in response.headers.raw}
            if response.status_code in _REDIRECTS or response.status_code == 304:
                return _Answer(url, response.status_code, headers, b"")
            good = response.status_code == 200
            body = Body(response.headers.get("content-encoding", ""), self._max_bytes if good else _ERROR_BODY)
            try:
                async for part in response.aiter_raw():
                    body.feed(part)
            except TooLarge:
                if good:
                    raise
                return _Answer(url, response.status_code, headers, body.so_far())
            return _Answer(url, response.status_code, headers, body.whole())

    def _build(self) -> httpx.AsyncClient:
        import httpx

        from tui_reader.net.guard import GuardedBackend, resolve

        limits = httpx.Limits(max_connections=None, max_keepalive_connections=0)
        transport = httpx.AsyncHTTPTransport(http2=True, trust_env=False, limits=limits, proxy=self._proxy)
        if self._proxy is None:
            transport._pool._network_backend = GuardedBackend(self._resolver or resolve)
        client = httpx.AsyncClient(
            transport=transport, trust_env=False, follow_redirects=False, timeout=self._deadline, headers={}
        )
        client.headers.clear()
        client.cookies.jar.set_policy(_no_cookies())
        return client

    # ------------------------------------------------------------ what it means

    def _outcome(self, answer: _Answer, request: Request, *, permanent: bool) -> Outcome:
        if answer.status == 304:
            return self._not_modified(answer, request)
        if answer.status != 200:
            return self._refusal(answer)
        return Fetched(
            url=answer.url,
            status=200,
            body=answer.body,
            content_type=answer.text("content-type"),
            validators=_validators(answer),
            permanent_url=answer.url if permanent else "",
            max_age=_max_age(answer),
        )

    def _not_modified(self, answer: _Answer, request: Request) -> Outcome:
        held = request.validators
        if not _conditions(request, answer.url):
            return Failed("the server says 'not modified' to a first request", "broken", 304)
        sent = _validators(answer)
        if sent.etag is None or sent.etag == held.etag:
            held = Validators(sent.etag or held.etag, sent.last_modified or held.last_modified, held.url)
        return NotModified(held, _max_age(answer))

    def _refusal(self, answer: _Answer) -> Failed:
        status = answer.status
        reason = _SAID.get(status)
        if answer.text("cf-mitigated"):
            reason = f"a site protection turns readers away ({status})"
        elif reason is None and 200 <= status < 300:
            reason = f"the server sent something other than a whole document ({status})"
        elif reason is None and 500 <= status < 600:
            reason = f"the server has a fault of its own ({status})"
        elif reason is None:
            reason = f"the server answered with status {status}"
        return Failed(
            reason,
            "http",
            status,
            words=first_words(answer.body),
            retry_at=_retry_at(answer, self._clock()),
            gone=status == 410,
        )


def _conditions(request: Request, url: str) -> list[tuple[bytes, bytes]]:
    held = request.validators
    if held.url != url:
        return []
    pairs = ((b"If-None-Match", held.etag), (b"If-Modified-Since", held.last_modified))
    return [(name, value) for name, value in pairs if value]


def _validators(answer: _Answer) -> Validators:
    return Validators(_opaque(answer.headers.get("etag")), _opaque(answer.headers.get("last-modified")), answer.url)


def _opaque(value: bytes | None) -> bytes | None:
    """A validator is echoed byte for byte or not at all: one that cannot stand in a header is dropped whole."""
    if not value or len(value) > _LONGEST_VALIDATOR or any(byte < 32 or byte == 127 for byte in value):
        return None
    return value


def _target(answer: _Answer) -> str | Failed:
    written = answer.headers.get("location", b"").decode("utf-8", "replace").partition("#")[0]
    target = urls.without_login(urls.join(answer.url, written)) if written else ""
    if not target:
        shown = clean(written, limit=60) or "nowhere"
        return Failed(f"the server sends us to {shown}, where we do not go", "redirect", answer.status)
    return target


def _max_age(answer: _Answer) -> int | None:
    for directive in answer.text("cache-control").lower().split(","):
        name, _, value = directive.strip().partition("=")
        digits = value.strip(' "')
        if name == "max-age" and digits.isascii() and digits.isdigit():
            return min(int(digits[:10]), LONGEST_WAIT)
    return None


def _retry_at(answer: _Answer, now: int) -> int | None:
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
    try:
        return int(parsedate_to_datetime(value).timestamp())
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def _no_cookies() -> DefaultCookiePolicy:
    return DefaultCookiePolicy(allowed_domains=[])


def _of_httpx(error: Exception) -> bool:
    import httpcore
    import httpx

    return isinstance(error, (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError)) or type(
        error
    ).__module__.startswith((httpcore.__name__, "h11", "h2", "hpack", "anyio"))


def _explained(error: BaseException) -> Failed:
    """A transport fault as one plain clause: the innermost cause that says something decides."""
    import httpx

    for cause in _causes(error):
        if isinstance(cause, ssl.SSLCertVerificationError):
            return Failed(_certificate(cause), "tls")
        if isinstance(cause, ssl.SSLError):
            return Failed("no safe connection could be made", "tls")
        if isinstance(cause, socket.gaierror):
            if cause.errno in {socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)}:
                return Failed("there is no such host", "dns")
            return Failed("names cannot be looked up; the network seems to be down", "offline")
        if isinstance(cause, OSError) and cause.errno in {errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN}:
            return Failed("the network is not reachable", "offline")
        if isinstance(cause, ConnectionRefusedError):
            return Failed("the server takes no connections", "connect")
        if isinstance(cause, OSError) and cause.errno in {errno.EMFILE, errno.ENFILE}:
            return Failed("too many files are open on this machine", "offline")
    if isinstance(error, httpx.ProxyError):
        return Failed("the proxy does not let us through", "offline")
    if isinstance(error, httpx.TimeoutException):
        return Failed("no answer in time", "timeout")
    if isinstance(error, (httpx.ConnectError, httpx.ConnectTimeout)):
        return Failed("the server takes no connections", "connect")
    if isinstance(error, (httpx.InvalidURL, httpx.UnsupportedProtocol, ValueError)):
        return Failed("the address cannot be asked for", "redirect")
    return Failed("the answer broke off or was no HTTP", "broken")


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


def _certificate(error: ssl.SSLCertVerificationError) -> str:
    said = {
        10: "its certificate has expired",
        18: "its certificate is signed by itself",
        19: "its certificate is signed by nobody we know",
        20: "its certificate is signed by nobody we know",
        62: "its certificate is for another host",
    }
    return said.get(error.verify_code, "its certificate cannot be trusted")
