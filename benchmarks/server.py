"""A loopback server in a process of its own: prepared feeds at many loopback addresses, with ETag and gzip."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import resource
import subprocess
import sys
from types import TracebackType
from urllib.parse import urljoin
from urllib.request import urlopen

from benchmarks.generate import rss

_IGNORE, _HEED = "/ignore-conditions", "/heed-conditions"


class Feeds:
    """`count` feeds of `entries` entries each, served while the context lasts; `urls` are their addresses.

    Each has a loopback address of its own, so that no two share a host. With `distinct` only so many different documents
    are made, and dealt out in turn.
    """

    def __init__(self, count: int, entries: int, distinct: int = 0) -> None:
        self._command = [sys.executable, "-m", "benchmarks.server", str(count), str(entries), str(distinct or count)]
        self.urls: list[str] = []

    def __enter__(self) -> Feeds:
        self._process = subprocess.Popen(self._command, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if line == "ready\n":
                break
            self.urls.append(line.strip())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.wait()

    def ignore_conditions(self, ignored: bool) -> None:
        """Answer 200 with the whole document to whoever has it already, or 304 again."""
        with urlopen(urljoin(self.urls[0], _IGNORE if ignored else _HEED)) as answer:
            answer.read()


def address(number: int) -> str:
    """The loopback address of a feed."""
    return f"127.1.{number // 250}.{number % 250 + 1}"


async def serve(count: int, entries: int, distinct: int) -> None:
    """Answer until killed."""
    answers: dict[str, tuple[bytes, bytes]] = {}
    heeded = True
    for number in range(distinct):
        document = gzip.compress(rss(number, entries), 6, mtime=0)
        etag = hashlib.blake2b(document, digest_size=8).hexdigest().encode()
        head = b'ETag: "%s"\r\nContent-Type: application/rss+xml\r\nConnection: close\r\n' % etag
        whole = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n" % len(document)
        answers[f"/{number}.rss"] = (etag, whole + head + b"\r\n" + document)

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            nonlocal heeded
            request = await reader.readuntil(b"\r\n\r\n")
            path = request.split(b" ", 2)[1].decode()
            if path in {_IGNORE, _HEED}:
                heeded = path == _HEED
            etag, whole = answers.get(path, (b"", b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"))
            if heeded and etag and etag in request:
                whole = b'HTTP/1.1 304 Not Modified\r\nETag: "%s"\r\nConnection: close\r\n\r\n' % etag
            writer.write(whole)
            await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    hosts = [address(number) for number in range(count)]
    server = await asyncio.start_server(answer, hosts[0], 0, backlog=512)
    port = server.sockets[0].getsockname()[1]
    for host in hosts[1:]:
        await asyncio.start_server(answer, host, port, backlog=64)
    for number, host in enumerate(hosts):
        print(f"http://{host}:{port}/{number % distinct}.rss")
    print("ready", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(*map(int, sys.argv[1:4])))
