"""Serve a folder of feeds over loopback HTTP, byte for byte: `python -m benchmarks.serve FOLDER [--port N] [--etag]`.

Without `etag` every answer is a plain 200 without validators, so that a second pass downloads everything again.
Requests are counted. A document that says in a comment which header it was published with (`Header: Content-Type: …`,
as feedparser's own test documents do) gets that header.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import threading
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from urllib.parse import quote

TYPES = {
    ".rss": "application/rss+xml",
    ".atom": "application/atom+xml",
    ".json": "application/feed+json",
    ".html": "text/html",
    ".opml": "text/x-opml",
}
_SAID = re.compile(rb"^Header:\s+Content-type:[ \t]*([\x20-\x7e]+)", re.IGNORECASE | re.MULTILINE)
_PREAMBLE = 2000


class _Handler(BaseHTTPRequestHandler):
    def __init__(self, *args: object, folder: FeedFolder) -> None:
        self.folder = folder
        super().__init__(*args)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        self.folder.requests += 1
        path = self.folder.files.get(self.path)
        if path is None:
            self.send_error(404)
            return
        body = path.read_bytes()
        etag = f'"{hashlib.blake2b(body, digest_size=8).hexdigest()}"' if self.folder.etag else ""
        known = etag and self.headers.get("If-None-Match") == etag
        self.send_response(304 if known else 200)
        self.send_header("Content-Type", media_type(path, body))
        if etag:
            self.send_header("ETag", etag)
        if not known:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if not known:
            self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        pass


def media_type(path: Path, body: bytes) -> str:
    """What the document says of itself, else what its name says."""
    said = _SAID.search(body[:_PREAMBLE])
    return said[1].decode().strip() if said else TYPES.get(path.suffix, "application/xml")


class FeedFolder:
    """A folder served while the context lasts, at `hosts` different loopback addresses.

    `requests` counts what was asked for.
    """

    def __init__(self, path: Path, *, hosts: int = 1, port: int = 0, etag: bool = False) -> None:
        self.etag = etag
        self.requests = 0
        found = sorted(file for file in path.rglob("*") if file.is_file())
        self.files = {"/" + quote(file.relative_to(path).as_posix()): file for file in found}
        self._servers: list[ThreadingHTTPServer] = []
        self._hosts = hosts
        self._port = port

    def __enter__(self) -> FeedFolder:
        for number in range(1, self._hosts + 1):
            server = ThreadingHTTPServer((f"127.0.0.{number}", self._port), partial(_Handler, folder=self))
            server.daemon_threads = True
            threading.Thread(target=server.serve_forever, daemon=True).start()
            self._servers.append(server)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for server in self._servers:
            server.shutdown()
            server.server_close()

    def urls(self) -> list[str]:
        """The addresses of all files, dealt out to the hosts in turn."""
        hosts = [server.server_address for server in self._servers]
        return [
            f"http://{hosts[place % len(hosts)][0]!s}:{hosts[place % len(hosts)][1]}{path}"
            for place, path in enumerate(self.files)
        ]


def main() -> None:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.serve", description="Serve a folder of feeds.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--etag", action="store_true", help="answer 304 to what has not changed")
    asked = parser.parse_args()
    with FeedFolder(asked.folder, port=asked.port, etag=asked.etag) as served:
        for url in served.urls():
            print(url)
        threading.Event().wait()


if __name__ == "__main__":
    main()
