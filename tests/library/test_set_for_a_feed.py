"""What is set for one feed alone, on the wire and in the library."""

from __future__ import annotations

import sqlite3
from base64 import b64decode
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from tests.site import Answer, Site, document, redirect
from tui_reader.config import Config
from tui_reader.config import Library as Kept
from tui_reader.errors import BadInput, Refused
from tui_reader.library import Added, Library
from tui_reader.model import FeedResult, Scope
from tui_reader.net.client import Fetcher

NOW = 1_767_300_000
HOUR, DAY = 3600, 86_400


def rss(*names: str, text: str = "about") -> bytes:
    items = "".join(
        f"<item><title>{name}</title><guid isPermaLink='false'>{name}</guid><description>{text} {name}</description>"
        f"<pubDate>Thu, {day:02} Dec 2025 00:00:00 GMT</pubDate></item>"
        for day, name in enumerate(names, 1)
    )
    return f"<rss version='2.0'><channel><title>Blog</title>{items}</channel></rss>".encode()


class World:
    """A site with one feed, and a clock that is put forward."""

    def __init__(self, site: Site, path: Path) -> None:
        self.site = site
        self.path = path
        self.now = NOW
        self.library: Library

    async def open(self, keep: int = 0) -> None:
        settings = msgspec.structs.replace(Config(), library=Kept(keep=keep))
        self.library = await Library.open(self.path, settings, clock=lambda: self.now, fetching=Fetcher)

    async def add(self, *settings: tuple[str, str]) -> int:
        added = await self.library.add(self.site.url("/feed"), settings=settings)
        assert isinstance(added, Added)
        return added.feed.id

    async def refresh(self, after: int = 2 * DAY) -> FeedResult:
        self.now += after
        self.site.log.clear()
        (result,) = (await self.library.refresh()).results
        return result

    async def titles(self, **scope: object) -> list[str]:
        rows = await self.library.first(Scope("all", **scope))  # type: ignore[arg-type]
        return sorted(row.title for row in rows)


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    with Site() as site:
        made = World(site, tmp_path / "library.db")
        await made.open()
        site["/feed"] = document(rss("a", "b"), etag='"1"')
        yield made
        await made.library.close()


# ---------------------------------------------------------------- secrets


async def test_headers_and_login_are_sent_and_the_password_is_never_kept(
    world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("FEED_PASSWORD", "pass:word")
    monkeypatch.setenv("FEED_TOKEN", "tok-en")
    secret = tmp_path / "secret"
    secret.write_text("from a command\nsecond line\n")
    feed = await world.add(("login", "ann"), ("password", "env:FEED_PASSWORD"), ("header", "X-Token: env:FEED_TOKEN"))
    [first] = world.site.asked("/feed")
    assert b64decode((first.header("authorization") or b"").removeprefix(b"Basic ")) == b"ann:pass:word"
    assert first.header("x-token") == b"tok-en"
    await world.library.set_feed([feed], "password", f"command:cat '{secret}'")
    await world.library.set_feed([feed], "header", "X-Plain: yes")
    assert (await world.refresh()).outcome == "unchanged"
    [second] = world.site.asked("/feed")
    assert b64decode((second.header("authorization") or b"").removeprefix(b"Basic ")) == b"ann:from a command"
    assert (second.header("x-plain"), second.header("if-none-match")) == (b"yes", b'"1"')
    for file in world.path.parent.glob("library.db*"):
        assert not any(word in file.read_bytes() for word in (b"pass:word", b"tok-en", b"from a command"))
    assert "pass:word" not in repr(await world.library.feed(feed))


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("env:NOT_SET_AT_ALL", "NOT_SET_AT_ALL"),
        ("command:/no/such/program", "cannot be run"),
        ("command:false", "failed"),
        ("command:true", "printed nothing"),
        ("command:printf 'a\\001b'", "cannot stand in a header"),
    ],
)
async def test_a_secret_that_is_not_found_is_told_and_the_server_is_not_asked(
    world: World, written: str, said: str
) -> None:
    feed = await world.add()
    await world.library.set_feed([feed], "header", f"Authorization: {written}")
    result = await world.refresh()
    assert result.outcome == "failed"
    assert said in result.message
    assert world.site.asked("/feed") == []
    with pytest.raises(Refused, match="was not asked"):
        await world.library.add(world.site.url("/other"), settings=[("header", f"Cookie: {written}")])


async def test_nothing_confidential_follows_a_redirect_to_another_server(world: World) -> None:
    feed = await world.add(("header", "X-Token: mine"), ("login", "ann"))
    world.site["/new"] = document(rss("a", "c"))
    world.site["/feed"] = redirect("/new", 302)
    await world.refresh()
    assert [one.header("x-token") for one in world.site.asked()] == [b"mine", b"mine"]
    world.site["/feed"] = redirect(world.site.url("/new", host="localhost"), 301)
    for _ in range(4):
        await world.refresh(after=8 * DAY)
        assert [one.header("x-token") for one in world.site.asked()] == [b"mine", None]
        assert [one.header("authorization") is None for one in world.site.asked()] == [False, True]
    assert (await world.library.feed(feed)).url == world.site.url("/feed")
    world.site["/back"] = redirect(world.site.url("/feed2"), 302)
    world.site["/feed2"] = document(rss("a"))
    world.site["/feed"] = redirect(world.site.url("/back", host="localhost"), 302)
    await world.refresh(after=8 * DAY)
    assert [one.header("x-token") for one in world.site.asked()] == [b"mine", None, None]


async def test_a_feed_behind_a_login_is_added_with_it(world: World) -> None:
    world.site["/page"] = Answer(body=b"<link rel=alternate type=application/rss+xml href=/feed>", type="text/html")
    added = await world.library.add(world.site.url("/page"), settings=[("login", "ann"), ("interval", "6h")])
    assert isinstance(added, Added)
    assert (added.feed.own.login, added.feed.own.interval) == ("ann", 6 * HOUR)
    assert [one.header("authorization") is not None for one in world.site.asked()] == [True, True]
    with pytest.raises(BadInput):
        await world.library.add(world.site.url("/x"), settings=[("interval", "5m")])


# ---------------------------------------------------------------- pace


async def test_the_interval_of_a_feed(world: World) -> None:
    feed = await world.add()
    usual = (await world.library.feed(feed)).poll.next_at
    await world.library.set_feed([feed], "interval", "12h")
    state = (await world.library.feed(feed)).poll
    assert state.next_at == max(usual or 0, NOW + 12 * HOUR)
    assert (await world.refresh(after=11 * HOUR)).outcome == "waiting"
    assert (await world.refresh(after=2 * HOUR)).outcome == "unchanged"
    state = (await world.library.feed(feed)).poll
    assert state.next_why == "every 12 hours, as you set it"
    assert 12 * HOUR <= (state.next_at or 0) - world.now <= 14 * HOUR
    world.now += 60 * DAY
    await world.refresh(after=0)
    assert ((await world.library.feed(feed)).poll.next_at or 0) - world.now <= 14 * HOUR
    with pytest.raises(BadInput):
        await world.library.set_feed([feed], "interval", "10m")


# ---------------------------------------------------------------- what is kept


async def test_fewer_are_kept_and_what_was_deleted_does_not_come_back(world: World) -> None:
    names = [f"n{number:02}" for number in range(1, 11)]
    world.site["/feed"] = document(rss(*names))
    feed = await world.add()
    ids = {row.title: row.id for row in await world.library.first(Scope("all"))}
    await world.library.star([ids["n01"]], True)
    await world.library.tag([ids["n02"]], "keep me")
    await world.library.set_feed([feed], "keep", "3")
    await world.library.index()
    await world.refresh()
    kept = ["n01", "n02", "n08", "n09", "n10"]
    assert await world.titles() == kept
    assert (await world.library.feed(feed)).entries == 5
    assert await world.library.search("n05") == ()
    world.site["/feed"] = document(rss(*names, "n11"))
    result = await world.refresh()
    assert (result.new, result.message) == (1, "")
    assert await world.titles() == ["n01", "n02", "n09", "n10", "n11"]
    with closing(sqlite3.connect(world.path)) as db:
        left = "SELECT count(*) FROM entry_words WHERE rowid NOT IN (SELECT id FROM entry)"
        assert db.execute(left).fetchone() == (0,)
        assert db.execute("SELECT count(*) FROM content WHERE entry_id NOT IN (SELECT id FROM entry)").fetchone() == (
            0,
        )
    await world.library.set_feed([feed], "keep", "")
    world.site["/feed"] = document(rss(*names, "n11", "n12"))
    await world.refresh()
    assert len(await world.titles()) == 6


async def test_the_number_for_all_feeds_and_one_of_its_own(world: World) -> None:
    world.site["/feed"] = document(rss(*"abcdef"))
    feed = await world.add()
    await world.refresh()
    assert len(await world.titles()) == 6
    await world.library.set_feed([feed], "keep", "all")
    await world.library.close()
    await world.open(keep=2)
    await world.refresh()
    assert len(await world.titles()) == 6
    await world.library.set_feed([feed], "keep", "")
    await world.refresh()
    assert await world.titles() == ["e", "f"]


# ---------------------------------------------------------------- marks and names


async def test_an_edit_is_unread_again_where_that_is_set(world: World) -> None:
    feed = await world.add()
    await world.library.mark([row.id for row in await world.library.first(Scope("all"))], True)
    world.site["/feed"] = document(rss("a", "b", text="quite another"))
    await world.refresh()
    assert (await world.library.feed(feed)).unread == 0
    await world.library.set_feed([feed], "edits-unread", "yes")
    world.site["/feed"] = document(rss("a", "b", text="quite  another "))
    await world.refresh()
    assert (await world.library.feed(feed)).unread == 0
    world.site["/feed"] = document(rss("a", "b", text="again another"))
    await world.refresh()
    assert (await world.library.feed(feed)).unread == 2


async def test_tags_of_a_feed_find_its_entries(world: World) -> None:
    feed = await world.add()
    await world.library.set_feed([feed], "tags", "sea, salt")
    assert await world.titles(filter="tag:salt") == ["a", "b"]
    assert await world.titles(filter="-tag:salt") == []
