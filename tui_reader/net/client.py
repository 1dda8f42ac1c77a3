"""The polite client: GET only, conditional, identified, one request at a time per host, bounded in time and size.

No cookie is kept, nothing is sent that was not asked for, a redirect is followed by our own rules, and no exception of
the network leaves `fetch`: every fault is a `Failed`.
"""

from __future__ import annotations

import asyncio
import hashlib
import ssl
from collections.abc import Callable
from contextlib import aclosing, suppress
from weakref import WeakValueDictionary

import httpx

from tui_reader import urls
from tui_reader.net import explain, guard, headers
from tui_reader.net.decode import Body, TooLarge, Undecodable
from tui_reader.net.fetch import Failed, Fetched, NotModified, Outcome, Request, Settings
from tui_reader.net.headers import Answer
from tui_reader.text import clean, size

Headers = tuple[tuple[bytes, bytes], ...]

MOST_HOPS = 5

_ERROR_BODY = 65_536
_ERROR_PATIENCE = 3.0
"""Bytes and seconds that an error page gets: its status has said what matters."""
_PERMANENT = frozenset({301, 308})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_ACCEPT = b"application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, */*;q=0.8"


class _BadProxy(Exception):
    """The proxy that was set is none."""


class Fetcher:
    """Sends requests. Belongs to one asyncio loop.

    `clock` tells the time in seconds. `resolver` and `tls` replace the system's name look-up and the certificates that
    are trusted.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        clock: Callable[[], int],
        resolver: guard.Resolver | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._headers = [
            (b"User-Agent", clean(settings.user_agent).encode("ascii", "replace")),
            (b"Accept-Encoding", b"gzip"),
        ]
        self._settings = settings
        self._clock = clock
        self._resolver = resolver
        self._tls = tls
        self._slots = asyncio.Semaphore(settings.concurrency)
        self._hosts: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._ways: dict[str | None, httpx.AsyncHTTPTransport] = {}
        """Straight to the server, or by a proxy. httpx's client would keep cookies and follow redirects of its own."""

    async def fetch(self, request: Request) -> Outcome:
        """Ask for a document, following at most five redirects."""
        if self._settings.offline:
            return Failed("the network is off", kind="offline")
        loop = asyncio.get_running_loop()
        left = self._settings.deadline
        url, permanent, downgraded, visited = request.url, True, False, {request.url}
        own = request.headers
        for _ in range(MOST_HOPS + 1):
            lock = self._hosts.setdefault(urls.host_key(url), asyncio.Lock())
            async with lock, self._slots:
                begun = loop.time()
                answer = await self._ask(url, request, own, left)
                left = max(left - (loop.time() - begun), 0.1)
            if isinstance(answer, Failed):
                return answer
            if answer.status not in _REDIRECTS:
                adoptable = permanent and not downgraded and url != request.url
                return self._outcome(answer, request, url if adoptable else "", downgraded=downgraded)
            target = headers.target(answer)
            if isinstance(target, Failed):
                return target
            if target in visited:
                return Failed("the server sends us round in circles", "redirect", answer.status)
            downgraded = downgraded or (url.startswith("https:") and target.startswith("http:"))
            permanent = permanent and answer.status in _PERMANENT
            visited.add(target)
            own = own if urls.host_key(target) == urls.host_key(url) else ()
            url = target
        return Failed("the server sends us on and on", "redirect")

    async def close(self) -> None:
        """Close what is open."""
        ways, self._ways = list(self._ways.values()), {}
        for way in ways:
            await way.aclose()

    # ------------------------------------------------------------ one hop

    async def _ask(self, url: str, request: Request, own: Headers, seconds: float) -> Answer | Failed:
        host = urls.host(url)
        proxy = None if urls.is_loopback(host) else self._settings.proxy
        allowed = guard.may_be_private(url, request.url, typed=request.typed)
        if not allowed and guard.is_private_as_written(host):
            return _private()
        guard.PRIVATE_ALLOWED.set(allowed)
        largest = self._settings.max_bytes
        most = largest if request.most is None else min(request.most, largest)
        asking = [
            *self._headers,
            (b"Accept", request.accept.encode("ascii") or _ACCEPT),
            *headers.conditions(request.validators, url),
            *own,
        ]
        try:
            async with asyncio.timeout(seconds):
                return await self._send(self._way(proxy), url, asking, most)
        except TimeoutError:
            return Failed(f"no whole answer within {self._settings.deadline:g} seconds", "timeout")
        except TooLarge:
            return Failed(f"the document is larger than {size(most)}", "size")
        except Undecodable:
            return Failed("the answer is cut short or packed in a way we did not ask for", "encoding")
        except guard.PrivateAddress:
            return _private()
        except _BadProxy:
            return Failed("the proxy that is set is no web address", "offline")
        except Exception as error:
            if not explain.is_of_the_wire(error):
                raise
            return explain.trouble(error, proxied=proxy is not None)

    async def _send(
        self, way: httpx.AsyncHTTPTransport, url: str, asking: list[tuple[bytes, bytes]], most: int
    ) -> Answer:
        request = httpx.Request("GET", url, headers=asking)
        if request.url.userinfo:
            login = httpx.BasicAuth(request.url.username, request.url.password)
            request = next(login.auth_flow(request))
        async with aclosing(await way.handle_async_request(request)) as response:
            status = response.status_code
            if status in _REDIRECTS or status == 304:
                body = b""
            elif status == 200:
                body = await _document(response, most)
            else:
                body = await _error_page(response)
            return Answer(url, status, headers.read(response.headers.raw), body, response.reason_phrase)

    def _way(self, proxy: str | None) -> httpx.AsyncHTTPTransport:
        if proxy not in self._ways:
            self._ways[proxy] = self._build(proxy)
        return self._ways[proxy]

    def _build(self, proxy: str | None) -> httpx.AsyncHTTPTransport:
        # No connection outlives its request: a kept one would have passed the guard on behalf of another request, and
        # one that the server closes meanwhile would be a fault of a feed that has none.
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=0)
        verify: ssl.SSLContext | bool = self._tls or True
        try:
            way = httpx.AsyncHTTPTransport(verify=verify, http2=True, trust_env=False, limits=limits, proxy=proxy)
        except (ValueError, ImportError, httpx.InvalidURL) as error:
            raise _BadProxy from error
        if proxy is None:
            way._pool._network_backend = guard.GuardedBackend(self._resolver or guard.resolve)
        return way

    # ------------------------------------------------------------ what it means

    def _outcome(self, answer: Answer, request: Request, permanent_url: str, *, downgraded: bool) -> Outcome:
        if answer.status == 304:
            if not headers.conditions(request.validators, answer.url):
                return Failed("the server says 'not modified' to a first request", "broken", 304)
            held = headers.confirmed(request.validators, answer)
            return NotModified(held, headers.fresh_for(answer, self._clock()), permanent_url=permanent_url)
        if answer.status != 200:
            return explain.refusal(answer, self._clock())
        digest = hashlib.blake2b(answer.body, digest_size=16).digest()
        return Fetched(
            url=urls.without_login(answer.url),
            status=200,
            body=answer.body if digest != request.held else b"",
            content_type=answer.text("content-type"),
            validators=headers.validators(answer),
            permanent_url=permanent_url,
            max_age=headers.fresh_for(answer, self._clock()),
            downgraded=downgraded,
            digest=digest,
        )


def _private() -> Failed:
    return Failed("the address leads into a private network", "private")


async def _document(response: httpx.Response, most: int) -> bytes:
    declared = response.headers.get("content-length", "")
    if declared.isdecimal() and int(declared[:20]) > most:
        raise TooLarge
    body = Body(response.headers.get("content-encoding", ""), most)
    async for part in response.aiter_raw():
        body.feed(part)
    return body.whole()


async def _error_page(response: httpx.Response) -> bytes:
    """What a refusal says in its body, as far as it can be had: one that is broken, slow or endless takes nothing away
    from its status and its Retry-After."""
    try:
        body = Body(response.headers.get("content-encoding", ""), _ERROR_BODY)
    except Undecodable:
        return b""
    with suppress(Exception):
        async with asyncio.timeout(_ERROR_PATIENCE):
            async for part in response.aiter_raw():
                body.feed(part)
    return body.so_far()
