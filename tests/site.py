"""A web site on loopback for tests: raw sockets, so that it can also answer wrongly, slowly or not at all.

    async with Site() as site:          # or `with Site() as site:`
        site["/feed"] = document(FEED, etag=b'"1"')     # ETag, Last-Modified and 304, as a good server does
        site["/slow"] = Answer(script=lambda: (b"HTTP/1.1 200 OK\\r\\n", 0.5, RESET))
        site["/turn"] = [Answer(503), Answer(body=b"...")]   # one after the other, the last one stays
        ... fetch site.url("/feed") ...
        assert site.asked("/feed")[0].header("if-none-match") is None

It runs on a thread of its own and works with any event loop. One port is open on 127.0.0.1, on 127.0.0.2 and, where
the machine has it, on ::1: `site.url("/feed", host="localhost")` is the same page on another host. `site.log` holds
every request byte for byte.
"""

from __future__ import annotations

import asyncio
import gzip
import socket
import ssl
import struct
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType

Headers = Sequence[tuple[str | bytes, str | bytes]]

RESET = object()
"""A step of a script: close the connection with a RST."""

Step = bytes | float | threading.Event | object
"""A step of a script: bytes are sent, a float is slept (seconds), an Event is waited for, RESET cuts the line."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One request: `head` is everything up to the blank line, as it came."""

    method: str
    target: str
    headers: tuple[tuple[bytes, bytes], ...]
    head: bytes
    peer: str
    tls: bool = False

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]

    @property
    def names(self) -> set[str]:
        """The names of its headers in lower case."""
        return {name.decode("latin-1").lower() for name, _ in self.headers}

    @property
    def host(self) -> str:
        """The host it was sent to, without the port."""
        return (self.header("host") or b"").decode("latin-1").rpartition(":")[0].strip("[]")

    @property
    def is_conditional(self) -> bool:
        return bool(self.names & {"if-none-match", "if-modified-since"})

    def header(self, name: str) -> bytes | None:
        """The value byte for byte; the last one when there are several."""
        wanted = name.lower().encode()
        return next((value for key, value in reversed(self.headers) if key.lower() == wanted), None)


@dataclass(frozen=True, slots=True)
class Answer:
    """What is sent. With `script` nothing else is: its steps are the whole answer, status line included.

    `length` sends a Content-Length (the true one when True, another number when told, none when False). `delay` is in
    seconds before the first byte.
    """

    status: int = 200
    body: bytes = b""
    headers: Headers = ()
    type: str = "application/xml"
    reason: str | bytes = "OK"
    length: bool | int = True
    delay: float = 0.0
    script: Callable[[], Iterable[Step]] | None = None

    def steps(self) -> Iterator[Step]:
        """What happens on the wire."""
        if self.delay:
            yield self.delay
        if self.script is not None:
            yield from self.script()
            return
        lines = [b"HTTP/1.1 %d %s" % (self.status, _bytes(self.reason))]
        lines += [b"%s: %s" % (_bytes(name), _bytes(value)) for name, value in self.headers]
        if self.type and self.status != 304:
            lines.append(b"Content-Type: " + self.type.encode())
        if self.length is not False and self.status != 304:
            lines.append(b"Content-Length: %d" % (len(self.body) if self.length is True else self.length))
        if self.length is not True:
            lines.append(b"Connection: close")
        yield b"\r\n".join([*lines, b"", b""])
        yield self.body

    @property
    def keeps_alive(self) -> bool:
        return self.script is None and self.length is True


Route = Answer | Callable[[Asked], Answer] | list[Answer]


def document(
    body: bytes | Callable[[], bytes],
    *,
    etag: str | bytes | None = None,
    last_modified: str | bytes | None = None,
    type: str = "application/xml",
    headers: Headers = (),
    packed: bool = False,
) -> Callable[[Asked], Answer]:
    """A page as a good server sends it: validators, 304 when they match byte for byte, gzip when it is asked for."""
    pair = [(name, value) for name, value in (("ETag", etag), ("Last-Modified", last_modified)) if value is not None]
    extra = [*pair, *headers]

    def answer(asked: Asked) -> Answer:
        sent, since = asked.header("if-none-match"), asked.header("if-modified-since")
        if sent is not None:
            held = etag is not None and sent == _bytes(etag)
        else:
            held = since is not None and last_modified is not None and since == _bytes(last_modified)
        if held:
            return Answer(304, headers=extra, reason="Not Modified")
        content = body() if callable(body) else body
        if packed and b"gzip" in (asked.header("accept-encoding") or b""):
            return Answer(
                body=gzip.compress(content, mtime=0), type=type, headers=[*extra, ("Content-Encoding", "gzip")]
            )
        return Answer(body=content, type=type, headers=extra)

    return answer


def redirect(location: str | bytes, status: int = 302) -> Answer:
    """A step to another address."""
    return Answer(status, headers=[("Location", location)], reason="Elsewhere", type="")


def raw(*steps: Step) -> Answer:
    """Exactly these steps and nothing else."""
    return Answer(script=lambda: steps)


@dataclass
class Site:
    """The running site: a mapping from path to what is answered there; any other path is a 404."""

    tls: ssl.SSLContext | None = None
    log: list[Asked] = field(default_factory=list)
    most_at_once: Counter[str] = field(default_factory=Counter)
    """The greatest number of requests that were open at the same time, by host name; "" for all hosts together."""

    def __post_init__(self) -> None:
        self.port = 0
        self._routes: dict[str, Route] = {}
        self._open: Counter[str] = Counter()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="site", daemon=True)
        self._servers: list[asyncio.Server] = []

    # ------------------------------------------------------------ what tests do with it

    def __setitem__(self, path: str, route: Route) -> None:
        self._routes[path] = route

    def __delitem__(self, path: str) -> None:
        del self._routes[path]

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        """The address of a path here."""
        shown = f"[{host}]" if ":" in host else host
        return f"{'https' if self.tls else 'http'}://{shown}:{self.port}{path}"

    def asked(self, path: str | None = None) -> list[Asked]:
        """The requests so far, or those for one path."""
        return [one for one in list(self.log) if path is None or one.path == path]

    # ------------------------------------------------------------ running

    def __enter__(self) -> Site:
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._start(), self._loop).result(10)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    async def __aenter__(self) -> Site:
        return self.__enter__()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await asyncio.to_thread(self.__exit__, kind, error, trace)

    async def _start(self) -> None:
        for family, address in (
            (socket.AF_INET, "127.0.0.1"),
            (socket.AF_INET, "127.0.0.2"),
            (socket.AF_INET6, "::1"),
        ):
            with suppress(OSError):  # not every machine has all three
                server = await asyncio.start_server(self._serve, address, self.port, family=family, ssl=self.tls)
                self.port = server.sockets[0].getsockname()[1]
                self._servers.append(server)

    async def _stop(self) -> None:
        for server in self._servers:
            server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            with suppress(ConnectionError, asyncio.IncompleteReadError, ssl.SSLError, asyncio.CancelledError):
                while await self._one(reader, writer):
                    pass
        finally:
            with suppress(Exception):
                writer.close()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        asked = _read(await reader.readuntil(b"\r\n\r\n"), writer)
        self.log.append(asked)
        for host in (asked.host, ""):
            self._open[host] += 1
            self.most_at_once[host] = max(self.most_at_once[host], self._open[host])
        try:
            answer = self._answer(asked)
            for step in answer.steps():
                if step is RESET:
                    _reset(writer)
                    return False
                await _take(step, writer)
        finally:
            self._open[asked.host] -= 1
            self._open[""] -= 1
        return answer.keeps_alive

    def _answer(self, asked: Asked) -> Answer:
        route = self._routes.get(asked.target, self._routes.get(asked.path))
        if route is None:
            return Answer(404, b"nothing here", reason="Not Found", type="text/plain")
        if isinstance(route, list):
            return route.pop(0) if len(route) > 1 else route[0]
        return route if isinstance(route, Answer) else route(asked)


def _read(head: bytes, writer: asyncio.StreamWriter) -> Asked:
    first, *lines = head[:-4].split(b"\r\n")
    method, target, _ = first.decode("latin-1").split(" ", 2)
    pairs = [line.partition(b":") for line in lines]
    peer = str(writer.get_extra_info("peername")[0])
    secure = writer.get_extra_info("ssl_object") is not None
    return Asked(method, target, tuple((name, value.strip(b" ")) for name, _, value in pairs), head, peer, secure)


async def _take(step: Step, writer: asyncio.StreamWriter) -> None:
    if isinstance(step, bytes):
        writer.write(step)
        await writer.drain()
    elif isinstance(step, threading.Event):
        while not step.is_set():
            await asyncio.sleep(0.005)
    elif isinstance(step, float | int):
        await asyncio.sleep(step)
    else:
        raise TypeError(f"no step of a script: {step!r}")


def _reset(writer: asyncio.StreamWriter) -> None:
    line = writer.get_extra_info("socket")
    line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


def _bytes(value: str | bytes) -> bytes:
    return value.encode("latin-1") if isinstance(value, str) else value


__all__ = ["RESET", "Answer", "Asked", "Site", "document", "raw", "redirect"]
