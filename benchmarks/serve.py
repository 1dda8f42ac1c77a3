"""Serve a folder of feeds over loopback HTTP, byte for byte: `python -m benchmarks.serve FOLDER [PORT]`.

Every answer is a plain 200 without validators, so that a second pass downloads everything again; requests are counted.
"""

from __future__ import annotations

import sys
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
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


class _Handler(SimpleHTTPRequestHandler):
    def __init__(self, *args: object, folder: FeedFolder, **kwargs: object) -> None:
        self.folder = folder
        super().__init__(*args, directory=str(folder.path), **kwargs)  # type: ignore[arg-type]

    def send_head(self) -> object:
        self.folder.requests += 1
        del self.headers["If-Modified-Since"]
        return super().send_head()

    def send_header(self, keyword: str, value: str) -> None:
        if keyword != "Last-Modified":
            super().send_header(keyword, value)

    def guess_type(self, path: object) -> str:
        return TYPES.get(Path(str(path)).suffix, "application/xml")

    def log_message(self, *args: object) -> None:
        pass


class FeedFolder:
    """A folder served while the context lasts, at `hosts` different loopback addresses.

    `requests` counts what was asked for.
    """

    def __init__(self, path: Path, *, hosts: int = 1, port: int = 0) -> None:
        self.path = path
        self.requests = 0
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
        """The addresses of all files, spread over the hosts."""
        files = sorted(path for path in self.path.rglob("*") if path.is_file())
        return [self._url(path, place) for place, path in enumerate(files)]

    def _url(self, path: Path, place: int) -> str:
        host, port = self._servers[place % len(self._servers)].server_address[:2]
        return f"http://{host!s}:{port}/{quote(path.relative_to(self.path).as_posix())}"


def main() -> None:
    """Serve until interrupted."""
    folder, port = Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 8000
    with FeedFolder(folder, port=port) as served:
        for url in served.urls():
            print(url)
        threading.Event().wait()


if __name__ == "__main__":
    main()
