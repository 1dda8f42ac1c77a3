"""The command as a user runs it: a process of its own, on a library of its own, against a site on this machine."""

from __future__ import annotations

import json
import os
import sys
import threading
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from tests.cli import forked
from tests.site import Answer, Site, document

ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-m", "tui_reader"]

POST = """<item><title>{title}</title><link>{site}/posts/{name}</link><guid>{name}</guid>
<pubDate>Mon, 0{day} Dec 2025 10:00:00 GMT</pubDate><dc:creator>Ada</dc:creator>
<slash:comments>{count}</slash:comments><wfw:commentRss>{site}/posts/{name}/feed</wfw:commentRss>
<comments>{site}/posts/{name}#comments</comments>
<description>&lt;h2&gt;Head&lt;/h2&gt;&lt;p&gt;About &lt;a href="/more"&gt;{name}&lt;/a&gt;.&lt;/p&gt;</description></item>"""
FEED = """<?xml version="1.0"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:slash="http://purl.org/rss/1.0/modules/slash/" xmlns:wfw="http://wellformedweb.org/CommentAPI/">
<channel><title>{title}</title><link>{site}/</link>{items}</channel></rss>"""
COMMENTS = """<?xml version="1.0"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:thr="http://purl.org/syndication/thread/1.0"><channel><title>Comments on Two</title><link>{site}/posts/two</link>
<item><title>a</title><guid>c1</guid><dc:creator>Bob</dc:creator><pubDate>Tue, 02 Dec 2025 11:00:00 GMT</pubDate>
<link>{site}/posts/two#c1</link><description>&lt;p&gt;First thought.&lt;/p&gt;</description></item>
<item><title>b</title><guid>c2</guid><dc:creator>Cy</dc:creator><pubDate>Tue, 02 Dec 2025 12:00:00 GMT</pubDate>
<link>{site}/posts/two#c2</link><thr:in-reply-to ref="c1"/>
<description>&lt;p&gt;An answer with marzipan.&lt;/p&gt;</description></item></channel></rss>"""


def put(site: Site, path: str, body: str, *, status: int = 200, type: str = "application/rss+xml") -> str:
    """Serve a page, a good one with an ETag; returns its address."""
    if status == 200:
        site[path] = document(body.encode(), etag=f'"{sha256(body.encode()).hexdigest()[:12]}"', type=type)
    else:
        site[path] = Answer(status, body.encode(), type=type, reason="So")
    return site.url(path)


def blog(site: Site, path: str, title: str, *names: str) -> str:
    """Serve a feed with one post for each name, and the comments of the one named "two"; returns its address."""
    here = site.url("")
    items = "".join(
        POST.format(title=name.title(), name=name, site=here, day=day, count=2 if name == "two" else 0)
        for day, name in enumerate(names, 1)
    )
    put(site, "/posts/two/feed", COMMENTS.format(site=here))
    return put(site, path, FEED.format(title=title, site=here, items=items))


def hold(site: Site, path: str) -> threading.Event:
    """Answer a path only when the event is set, and then that nothing has changed."""
    gate = threading.Event()
    site[path] = Answer(script=lambda: (gate, b"HTTP/1.1 304 Not Modified\r\n\r\n"))
    return gate


@dataclass
class Ended:
    """How a run of the command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@dataclass
class Reader:
    """Runs the command on one library."""

    folder: Path
    environ: dict[str, str] = field(default_factory=dict)

    @property
    def library(self) -> Path:
        return self.folder / "library.db"

    @property
    def config(self) -> Path:
        return self.folder / "config.toml"

    def command(self, *words: object) -> list[str]:
        return [*COMMAND, "--library", str(self.library), "--config", str(self.config), *map(str, words)]

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
        home = str(self.folder / "home")
        return kept | {"HOME": home, "PYTHONPATH": str(ROOT), "TZ": "UTC", "PYTHONUTF8": "1"} | self.environ

    def __call__(self, *words: object, stdin: bytes = b"") -> Ended:
        argv = self.command(*words)[len(COMMAND) :]
        answer = Ended(*forked.run(argv, environ=self.environment, folder=self.folder, stdin=stdin, timeout=60))
        assert "Traceback" not in answer.err, answer.err
        return answer
