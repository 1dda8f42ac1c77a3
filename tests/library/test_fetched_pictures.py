"""Pictures of articles: fetched politely, held on disk, never from a private network by a feed's word."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.site import Answer, Site
from tui_reader.config import Config
from tui_reader.errors import BadPicture, Offline, Refused
from tui_reader.library import Added, Library, fetching
from tui_reader.net.client import Fetcher

FEED = (
    b"<rss version='2.0'><channel><title>Blog</title><item><title>a</title><guid>a</guid>"
    b"<description>x</description></item></channel></rss>"
)
PICTURE = Answer(body=b"\x89PNG and so on", type="image/png")


class World:
    def __init__(self, site: Site, path: Path) -> None:
        self.site = site
        self.path = path
        self.library: Library
        self.feed_id = 0

    async def open(self, *, offline: bool = False) -> None:
        self.library = await Library.open(
            self.path, Config(), clock=lambda: 1_767_300_000, fetching=Fetcher, offline=offline
        )

    async def picture(self, path: str, host: str = "127.0.0.1") -> bytes:
        return await self.library.picture(self.site.url(path, host), self.feed_id)


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    with Site() as site:
        site["/feed"] = Answer(body=FEED)
        made = World(site, tmp_path / "library.db")
        await made.open()
        added = await made.library.add(site.url("/feed"))
        assert isinstance(added, Added)
        made.feed_id = added.feed.id
        yield made
        await made.library.close()


async def test_a_picture_is_fetched_once(world: World) -> None:
    world.site["/a.png"] = PICTURE
    assert await world.picture("/a.png") == PICTURE.body
    assert await world.picture("/a.png") == PICTURE.body
    (asked,) = world.site.asked("/a.png")
    assert (asked.header("accept") or b"").startswith(b"image/")


async def test_offline_there_is_what_is_held(world: World) -> None:
    world.site["/a.png"] = PICTURE
    await world.picture("/a.png")
    await world.library.close()
    await world.open(offline=True)
    assert await world.picture("/a.png") == PICTURE.body
    with pytest.raises(Offline, match="not held"):
        await world.picture("/b.png")
    assert world.site.asked("/b.png") == []


async def test_a_feed_cannot_send_us_into_a_private_network(world: World) -> None:
    world.site["/a.png"] = PICTURE
    with pytest.raises(Refused, match="private network"):
        await world.picture("/a.png", host="127.0.0.2")
    assert world.site.asked("/a.png") == []


async def test_what_is_no_web_address_is_not_opened(world: World) -> None:
    with pytest.raises(Refused, match="no web address"):
        await world.library.picture("file:///etc/passwd", world.feed_id)


async def test_a_picture_is_bounded(world: World) -> None:
    most = fetching.MOST_PICTURE
    world.site["/large.png"] = Answer(body=b"x" * (most + 1), type="image/png")
    with pytest.raises(Refused, match="larger than 10"):
        await world.picture("/large.png")


async def test_a_page_in_place_of_a_picture_is_not_held(world: World) -> None:
    world.site["/a.png"] = [Answer(body=b"<html>log in", type="text/html; charset=utf-8"), PICTURE]
    with pytest.raises(BadPicture, match="sent text/html instead of a picture"):
        await world.picture("/a.png")
    assert await world.picture("/a.png") == PICTURE.body


async def test_a_refusal_says_why(world: World) -> None:
    with pytest.raises(Refused, match="404"):
        await world.picture("/gone.png")
