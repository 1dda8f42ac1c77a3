"""The demo's web server: HTTP/1.1 on a loopback port, with ETag, Last-Modified, gzip and 304, in its own thread."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from types import TracebackType

from tui_reader.demo.pages import BLOGS, Page, World

_LONGEST_HEAD = 16_384
_PATIENCE = 10.0


class DemoSite:
    """A context manager: the site is up inside it. `clock` tells the time in seconds; what the site shows is a
    function of the seconds since it began, so posts and comments arrive while someone watches."""

    def __init__(self, clock: Callable[[], float] = time.time, *, port: int = 0) -> None:
        self._clock = clock
        self._begun = clock()
        self._port = port
        self._loop = asyncio.new_event_loop()
        self._up = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="tui-reader-demo", daemon=True)
        self.url = ""

    def __enter__(self) -> DemoSite:
        self._thread.start()
        self._up.wait(_PATIENCE)
        if not self.url:
            raise OSError("the demo site could not be started")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(_PATIENCE)

    @property
    def subscriptions(self) -> tuple[tuple[str, str], ...]:
        """What to subscribe to, as (address, folder)."""
        return tuple((self.url + blog.feed, blog.folder) for blog in BLOGS)

    # ------------------------------------------------------------ serving

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        server: asyncio.Server | None = None
        try:
            server = self._loop.run_until_complete(asyncio.start_server(self._answer, "127.0.0.1", self._port))
            self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        finally:
            self._up.set()
        self._loop.run_forever()
        server.close()
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self._loop.run_until_complete(asyncio.sleep(0))
        self._loop.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(_PATIENCE):
                head = await reader.readuntil(b"\r\n\r\n")
                if len(head) <= _LONGEST_HEAD:
                    writer.write(self._response(head.decode("latin-1")))
                    await writer.drain()
        except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass
        finally:
            writer.close()

    def _response(self, head: str) -> bytes:
        first, *rest = head.split("\r\n")
        method, _, target = first.partition(" ")
        path = target.partition(" ")[0]
        headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in rest)}
        if method != "GET":
            return _message(405, "Method Not Allowed", b"only GET is answered here\n", {})
        page = World(self.url, self._begun, self._clock() - self._begun).page(path)
        if page is None:
            return _message(404, "Not Found", b"There is nothing here.\n", {"Content-Type": "text/plain"})
        return _page(page, headers)


def _page(page: Page, asked: dict[str, str]) -> bytes:
    zipped = "gzip" in asked.get("accept-encoding", "")
    digest = hashlib.blake2b(page.body, digest_size=8).hexdigest()
    headers = {
        "Content-Type": page.type,
        "ETag": f'"{digest}-gzip"' if zipped else f'"{digest}"',
        "Last-Modified": format_datetime(datetime.fromtimestamp(page.modified, UTC), usegmt=True),
        "Vary": "Accept-Encoding",
    }
    if _is_known(page, headers["ETag"], asked):
        return _message(304, "Not Modified", b"", headers)
    if not zipped:
        return _message(200, "OK", page.body, headers)
    return _message(200, "OK", gzip.compress(page.body, mtime=0), {**headers, "Content-Encoding": "gzip"})


def _is_known(page: Page, etag: str, asked: dict[str, str]) -> bool:
    """RFC 9110 §13.2.2: the date counts only when no ETag is sent."""
    if "if-none-match" in asked:
        return etag in (one.strip().removeprefix("W/") for one in asked["if-none-match"].split(","))
    try:
        since = parsedate_to_datetime(asked.get("if-modified-since", ""))
    except ValueError:
        return False
    return page.modified <= since.timestamp()


def _message(status: int, reason: str, body: bytes, headers: dict[str, str]) -> bytes:
    lines = [f"HTTP/1.1 {status} {reason}", "Connection: close"]
    if status != 304:
        lines.append(f"Content-Length: {len(body)}")
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body
