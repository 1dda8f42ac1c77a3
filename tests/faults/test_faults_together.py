"""N: several things at the same time."""

from __future__ import annotations

import asyncio
import threading

import pytest

from tests.faults.world import DAY, World, rss
from tests.site import Answer, Asked, document
from tui_reader.errors import NotFound
from tui_reader.model import Scope


def _held(gate: threading.Event, body: bytes) -> Answer:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/xml\r\nContent-Length: %d\r\n\r\n" % len(body)
    return Answer(script=lambda: (gate, head + body))


@pytest.mark.row("N01")
async def test_everything_at_once(world: World) -> None:
    feeds = [await world.subscribe(f"/{n}", rss(f"a{n}", f"b{n}", title=f"F{n}")) for n in range(10)]
    for n in range(10):
        world.site[f"/{n}"] = document(rss(f"c{n}", f"a{n}", f"b{n}", title=f"F{n}"))
    before = await world.ids()
    doomed = await world.library.ids(Scope("feed", feed_id=feeds[0].id))
    outlines = "".join(f"<outline type='rss' xmlUrl='{world.site.url(f'/new/{n}')}'/>" for n in range(20))
    refresh = asyncio.create_task(world.refresh())
    marked, _, report = await asyncio.gather(
        world.library.mark(before, True),
        world.library.remove([feeds[0].id]),
        world.library.import_opml(f"<opml version='2.0'><body>{outlines}</body></opml>".encode()),
    )
    await refresh
    assert len(report.added) == 20
    assert marked.entries >= frozenset(before) - frozenset(doomed)
    world.acknowledge("read", [one for one in before if one not in doomed])
    world.forget(*doomed)
    assert len(await world.library.feeds()) == 10 - 1 + 20 + 2
    with pytest.raises(NotFound):
        await world.library.feed(feeds[0].id)
    unread = {row.title for row in await world.library.first(Scope("unread"), limit=10_000)}
    assert {f"c{n}" for n in range(1, 10)} <= unread
    assert not {f"a{n}" for n in range(10)} & unread


@pytest.mark.row("N03")
async def test_one_feed_twice_at_once(world: World) -> None:
    feed = await world.subscribe("/feed", rss("a"), etag='"1"')
    gate = threading.Event()
    world.site["/feed"] = _held(gate, rss("b", "a"))
    world.now += 2 * DAY
    asks = [asyncio.create_task(world.library.refresh([feed.id])) for _ in range(5)]
    while len(world.site.asked("/feed")) < 2:
        await asyncio.sleep(0.01)
    gate.set()
    done = await asyncio.gather(*asks)
    assert len(world.site.asked("/feed")) == 2
    assert sum(one.new for one in done) == 1
    assert [one.waiting for one in done].count(1) == 4


@pytest.mark.row("N04")
@pytest.mark.parametrize("end", ["200", "503", "410", "304"])
async def test_unsubscribed_while_it_is_fetched(world: World, end: str) -> None:
    feed = await world.subscribe("/feed", rss("a"), etag='"1"')
    ids = await world.library.ids(Scope("feed", feed_id=feed.id))
    gate = threading.Event()
    last = {"200": rss("b", "a")}.get(end, b"")
    head = f'HTTP/1.1 {end} X\r\nContent-Type: application/xml\r\nETag: "2"\r\n'.encode()
    length = b"" if end == "304" else b"Content-Length: %d\r\n" % len(last)
    world.site["/feed"] = Answer(script=lambda: (gate, head + length + b"\r\n" + last))
    world.now += 2 * DAY
    refresh = asyncio.create_task(world.library.refresh([feed.id]))
    while len(world.site.asked("/feed")) < 2:
        await asyncio.sleep(0.01)
    await world.library.remove([feed.id])
    world.forget(*ids)
    gate.set()
    await refresh
    with pytest.raises(NotFound):
        await world.library.feed(feed.id)
    assert await world.titles() == []
    await world.library.undo()
    assert (await world.library.feed(feed.id)).entries == 1


@pytest.mark.row("N05")
async def test_undo_after_a_refresh_takes_back_the_act_alone(world: World) -> None:
    await world.subscribe("/feed", rss("a", "b"))
    ids = await world.ids("a", "b")
    await world.library.mark(ids, True)
    world.site["/feed"] = document(rss("c", "a", "b"))
    assert (await world.result()).new == 1
    await world.library.undo()
    assert await world.titles(unread=True) == await world.titles()
    assert len(await world.titles()) == 3
    await world.library.redo()
    world.acknowledge("read", ids)
    assert await world.titles(unread=True) == ["c"]


@pytest.mark.row("N02")
@pytest.mark.timeout(120)
async def test_five_hundred_feeds_answer_at_once(world: World) -> None:
    """Over twenty names of this machine, as many as are asked at the same time."""
    world.names = {f"h{n}.example": ["127.0.0.1"] for n in range(20)}
    urls = [world.site.url(f"/many/{n}", host=f"h{n % 20}.example") for n in range(500)]
    outlines = "".join(f"<outline type='rss' xmlUrl='{url}'/>" for url in urls)

    def answer(asked: Asked) -> Answer:
        return Answer(body=rss(*(f"{asked.path} {n}" for n in range(3)), title=asked.path))

    for n in range(500):
        world.site[f"/many/{n}"] = answer
    await world.library.import_opml(f"<opml version='2.0'><body>{outlines}</body></opml>".encode())
    refresh = asyncio.create_task(world.library.refresh())
    marked: list[int] = []
    while not refresh.done():
        rows = [row.id for row in await world.library.first(Scope("unread"), limit=5)]
        await world.library.mark(rows, True)
        marked += rows
        await asyncio.sleep(0.05)
    done = await refresh
    world.acknowledge("read", marked)
    assert (done.errors, done.new) == (0, 1500)
    assert max(world.site.most_at_once[f"h{n}.example"] for n in range(20)) == 1
    assert world.site.most_at_once[""] <= 20
