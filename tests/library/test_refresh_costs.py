"""What a refresh costs, counted: statements a feed, documents parsed, requests begun, words between the processes."""

from __future__ import annotations

import asyncio
import socket
import sqlite3
import threading
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest

from tests.site import Answer, Site, document
from tui_reader.config import Config
from tui_reader.library import Library
from tui_reader.model import Progress
from tui_reader.store import index
from tui_reader.worker.client import Parser

DAY = 86_400


def rss(name: str, count: int) -> bytes:
    items = "".join(
        f"<item><title>{name} {n}</title><guid isPermaLink='false'>{name}-{n}</guid><link>/{name}/{n}</link>"
        f"<description>about {n}</description></item>"
        for n in range(count)
    )
    return f"<rss version='2.0'><channel><title>{name}</title><link>/</link>{items}</channel></rss>".encode()


class Shelf:
    """A library of many feeds, and what its writing connection was told and its worker was asked."""

    def __init__(self, path: Path, site: Site, parsed: list[str]) -> None:
        self.path = path
        self.site = site
        self.parsed = parsed
        self.now = 1_767_300_000
        self.library: Library

    async def subscribe(self, urls: list[str]) -> None:
        outlines = "".join(f"<outline type='rss' xmlUrl='{url}'/>" for url in urls)
        await self.library.import_opml(f"<opml version='2.0'><body>{outlines}</body></opml>".encode())

    def serve(self, names: list[str], count: int, *, etag: bool = True) -> list[str]:
        for name in names:
            self.site[f"/{name}"] = document(rss(name, count), etag=f'"{name}{count}"' if etag else None)
        return [self.site.url(f"/{name}") for name in names]

    async def traced(self, ids: set[int]) -> list[str]:
        """The statements of refreshing these feeds, without those that SQLite sends inside."""
        said: list[str] = []
        await self.library._engine.write(lambda db: db.set_trace_callback(said.append))
        self.now += 2 * DAY
        await self.library.refresh(ids, force=True)
        await self.library._engine.write(lambda db: db.set_trace_callback(None))
        return [one for one in said if not one.lstrip().startswith("--")]

    async def of_each(self) -> float:
        """Statements that a feed more costs: what a refresh costs anyway is left out."""
        ids = [feed.id for feed in await self.library.feeds()]
        few, many = await self.traced(set(ids[:1])), await self.traced(set(ids[1:]))
        return (len(many) - len(few)) / (len(ids) - 2)


@pytest.fixture
async def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Shelf]:
    parsed: list[str] = []
    parse = Parser.parse

    async def counted(self: Parser, body: bytes, *, url: str, content_type: str = "") -> object:
        parsed.append(url)
        return await parse(self, body, url=url, content_type=content_type)

    monkeypatch.setattr(Parser, "parse", counted)
    with Site() as site:
        made = Shelf(tmp_path / "library.db", site, parsed)
        made.library = await Library.open(made.path, Config(), clock=lambda: made.now)
        yield made
        await made.library.close()


NAMES = [f"feed{n}" for n in range(8)]


async def test_a_304_costs_one_small_write_and_no_parse(shelf: Shelf) -> None:
    await shelf.subscribe(shelf.serve(NAMES, 3))
    await shelf.library.refresh()
    shelf.parsed.clear()
    assert await shelf.of_each() == 3, "begin, one row, commit"
    assert shelf.parsed == []
    assert [one.is_conditional for one in shelf.site.log[-len(NAMES) :]] == [True] * len(NAMES)


async def test_the_parse_worker_starts_ahead_of_its_first_document_and_only_where_one_is_expected(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[int] = []
    begin = Parser.begin

    async def counted(self: Parser) -> None:
        begun.append(len(shelf.parsed))
        await begin(self)

    monkeypatch.setattr(Parser, "begin", counted)
    await shelf.subscribe(shelf.serve(NAMES, 3))
    await shelf.library.refresh()
    assert begun == [0]
    await shelf.library.refresh(force=True)
    assert begun == [0]
    assert len(shelf.parsed) == len(NAMES)


async def test_the_same_bytes_cost_one_small_write_and_no_parse(shelf: Shelf) -> None:
    await shelf.subscribe(shelf.serve(NAMES, 3, etag=False))
    await shelf.library.refresh()
    shelf.parsed.clear()
    assert await shelf.of_each() == 3
    assert shelf.parsed == []


@pytest.mark.parametrize("more", [1, 40])
async def test_news_costs_two_statements_an_entry_and_a_few_a_feed(shelf: Shelf, more: int) -> None:
    await shelf.subscribe(shelf.serve(NAMES, 2))
    await shelf.library.refresh()
    shelf.parsed.clear()
    shelf.serve(NAMES, 2 + more)
    # Two of the four are the trigger that counts what is unread: SQLite tells of it as of the statement it belongs to.
    assert await shelf.of_each() <= 4 * more + 12
    assert len(shelf.parsed) == len(NAMES)
    assert (await shelf.library.counts()).all == len(NAMES) * (2 + more)


async def test_a_refresh_leaves_the_index_for_later_and_the_planner_informed(shelf: Shelf) -> None:
    await shelf.subscribe(shelf.serve(NAMES, 40))
    said = await shelf.traced({feed.id for feed in await shelf.library.feeds()})
    assert not [one for one in said if "entry_words" in one]
    assert await shelf.library.unindexed() == len(NAMES) * 40
    known = await shelf.library._engine.read(_analysed)
    assert known >= {"feed", "entry"}


async def test_the_parse_worker_takes_the_words_out_while_others_are_indexed(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index, "BATCH", 40)
    here, there = list[str](), list[str]()
    take, ask = index.strip, Parser.words

    def taken(html: str) -> str:
        here.append(html)
        return take(html)

    async def asked(self: Parser, texts: Sequence[str]) -> Sequence[str]:
        there.extend(texts)
        return await ask(self, texts)

    monkeypatch.setattr(index, "strip", taken)
    monkeypatch.setattr(Parser, "words", asked)
    await shelf.subscribe(shelf.serve(NAMES, 40))
    await shelf.library.refresh()
    await shelf.library.index()
    assert len(there) >= 40 * (len(NAMES) - 3)
    assert len(here) + len(there) >= 40 * len(NAMES)
    for number in (0, 39):
        assert len(await shelf.library.search(f"about {number}", limit=50)) == len(NAMES)


def _analysed(db: sqlite3.Connection) -> set[str]:
    return {table for (table,) in db.execute("SELECT DISTINCT tbl FROM sqlite_stat1")}


async def test_many_hosts_that_fail_are_counted_one_by_one_and_nothing_is_lost(shelf: Shelf) -> None:
    hosts, told = 300, list[Progress]()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening: every connection is refused
        port = taken.getsockname()[1]
        await shelf.subscribe([f"http://127.9.{n // 250}.{n % 250 + 1}:{port}/feed" for n in range(hosts)])
        shelf.library.on_progress(told.append)
        done = await shelf.library.refresh()
    assert (done.total, done.done, done.errors, done.new) == (hosts, hosts, hosts, 0)
    assert [one.done for one in told] == sorted(one.done for one in told)
    assert all(one.errors == one.done for one in told)
    assert {one.outcome for one in done.results} == {"failed"}
    assert len(await shelf.library.feeds()) == hosts


async def test_broken_off_while_servers_dribble_it_ends_at_once_and_asks_no_more(shelf: Shelf) -> None:
    for_ever = threading.Event()
    begun = asyncio.Event()
    loop = asyncio.get_running_loop()

    def dribble() -> Answer:
        def steps() -> object:
            loop.call_soon_threadsafe(begun.set)
            yield b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n<"
            yield for_ever

        return Answer(script=steps)  # type: ignore[arg-type]

    told = list[Progress]()
    for name in NAMES:
        shelf.site[f"/{name}"] = dribble()
    await shelf.subscribe([shelf.site.url(f"/{name}") for name in NAMES])
    shelf.library.on_progress(told.append)
    running = asyncio.create_task(shelf.library.refresh())
    await asyncio.wait_for(begun.wait(), 20)
    assert [one.done for one in told] == [0] * len(told), "nothing is done before it is whole"
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    asked = len(shelf.site.log)
    await shelf.library.feeds()
    assert len(shelf.site.log) == asked == 1, "one host is asked one request at a time"
    for_ever.set()


async def test_a_document_of_many_megabytes_costs_its_worker_few_words(shelf: Shelf) -> None:
    """The worker says that it lives a few times a second, not with every entry: each word wakes the parent."""
    heard: list[int] = []
    parser = Parser()
    body = rss("large", 9_000)
    found = await parser.parse(body, url="https://blog.example/feed")
    child = parser._child
    assert child is not None
    read = child.said.readexactly

    async def counted(size: int) -> bytes:
        heard.append(size)
        return await read(size)

    child.said.readexactly = counted  # type: ignore[method-assign]
    again = await parser.parse(body, url="https://blog.example/feed")
    await parser.close()
    assert found == again
    assert len(heard) < 900
