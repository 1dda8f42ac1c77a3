"""A tree of replies walked feed by feed over real HTTP (the `source:` namespace)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.site import Answer, Site, document
from tui_reader.config import Config
from tui_reader.library import Added, Library
from tui_reader.model import Thread
from tui_reader.net.client import Fetcher

NOW = 1_767_300_000


def channel(site: Site, *items: str) -> Answer:
    return document(
        '<?xml version="1.0"?><rss version="2.0" xmlns:source="http://source.scripting.com/"><channel><title>Chat</title>'
        f"<link>{site.url('/')}</link>{''.join(items)}</channel></rss>".encode()
    )


def item(site: Site, id: int, to: int | None = None, count: int = 0) -> str:
    answers = f"<source:inReplyTo>{site.url(f'/?id={to}')}</source:inReplyTo>" if to is not None else ""
    return (
        f"<item><title>x</title><guid>{site.url(f'/?id={id}')}</guid><description>said {id}</description>"
        f"<pubDate>Thu, 01 Jan 2026 00:0{id}:00 GMT</pubDate>{answers}"
        f'<source:comments count="{count}" feedUrl="{site.url(f"/{id}.xml")}"/></item>'
    )


def shape(thread: Thread) -> list[str]:
    return [
        "  " * one.depth + one.comment.key.rpartition("=")[2] + ("x" if one.comment.removed else "")
        for one in thread.items
        if one.comment is not None
    ]


def talk(site: Site, *, first: tuple[int, ...] = (1, 2)) -> None:
    """1 is answered by 3, which is answered by 5; 2 is answered by 4."""
    site["/feed"] = channel(site, item(site, 0, count=2))
    site["/0.xml"] = channel(site, *(item(site, id, 0, 1) for id in first))
    site["/1.xml"] = channel(site, item(site, 3, 1, 1))
    site["/2.xml"] = channel(site, item(site, 4, 2))
    site["/3.xml"] = channel(site, item(site, 5, 3))


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as site:
        yield site


async def looked(site: Site, path: Path, *changes: Callable[[], None]) -> list[list[str]]:
    """The thread after a first look, and after one more for each change of the site."""
    now = NOW
    library = await Library.open(path / "library.db", Config(), clock=lambda: now, fetching=Fetcher)
    try:
        assert isinstance(await library.add(site.url("/feed")), Added)
        shapes = []
        for change in (lambda: None, *changes):
            change()
            now += 3600
            await library.look(1, force=True)
            shapes.append(shape(await library.thread(1)))
        return shapes
    finally:
        await library.close()


async def test_every_branch_is_read_to_its_end(site: Site, tmp_path: Path) -> None:
    talk(site)
    assert await looked(site, tmp_path) == [["1", "  3", "    5", "2", "  4"]]


async def test_a_branch_that_cannot_be_read_takes_nothing_away(site: Site, tmp_path: Path) -> None:
    talk(site)

    def break_one() -> None:
        site["/0.xml"] = channel(site, *(item(site, id, 0, count) for id, count in ((1, 2), (2, 1))))
        site["/1.xml"] = Answer(status=500)

    whole = ["1", "  3", "    5", "2", "  4"]
    assert await looked(site, tmp_path, break_one) == [whole, whole]


async def test_a_reply_that_is_gone_from_the_whole_tree_was_taken_away(site: Site, tmp_path: Path) -> None:
    talk(site)
    assert (await looked(site, tmp_path, lambda: talk(site, first=(1,))))[-1] == [
        "1",
        "  3",
        "    5",
        "2x",
        "  4x",
    ]
