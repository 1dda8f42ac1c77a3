"""Watching discussions over real HTTP with a clock that is moved by hand: what is asked, when, and what is missed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from benchmarks.watching import simulate
from tests.site import Answer, Site, document
from tests.wordpress import comment_feed, remark
from tui_reader.config import Config
from tui_reader.library import Added, Library
from tui_reader.model import Discussion, Scope
from tui_reader.net.client import Fetcher

NOW = 1_767_225_600
HOUR, DAY = 3600, 86_400


class Blog:
    """A WordPress of several posts on a site."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.home = site.url("")
        self.now = NOW
        self.library: Library

    async def subscribe(self, posts: int, counts: int | None = None) -> None:
        self.announce(posts, counts)
        assert isinstance(await self.library.add(self.site.url("/feed")), Added)

    def announce(self, posts: int, counts: int | None = None) -> None:
        items = "".join(
            f'<item><title>P{n}</title><link>{self.home}/p{n}/</link><guid isPermaLink="false">{self.home}/?p={n}</guid>'
            f"<wfw:commentRss>{self.home}/p{n}/feed/</wfw:commentRss><pubDate>Thu, 01 Jan 2026 00:00:00 GMT</pubDate>"
            f"{f'<slash:comments>{counts}</slash:comments>' if counts is not None else ''}</item>"
            for n in range(1, posts + 1)
        )
        self.site["/feed"] = document(
            '<?xml version="1.0"?><rss version="2.0" xmlns:wfw="http://wellformedweb.org/CommentAPI/" '
            'xmlns:slash="http://purl.org/rss/1.0/modules/slash/"><channel>'
            f"<title>B</title><link>{self.home}/</link>{items}</channel></rss>".encode()
        )

    def _feed(self, *said: tuple[int, int]) -> Answer:
        newest = sorted(said, key=lambda one: -one[1])
        return comment_feed(remark(self.home, number, post=post, slug=f"p{post}") for post, number in newest)

    def says(self, *said: tuple[int, int]) -> None:
        """(post, number of the comment): the posts' own feeds, and the site's feed of all."""
        posts = {post for post, _ in said}
        for post in posts:
            self.site[f"/p{post}/feed/atom/"] = self._feed(*(one for one in said if one[0] == post))
        self.site["/comments/feed/atom/"] = self._feed(*sorted(said, key=lambda one: one[1])[-10:])

    async def watch(self, *posts: int) -> None:
        for post in posts:
            await self.library.watch((await self.discussion(post)).id)

    async def discussion(self, post: int) -> Discussion:
        rows = {row.title: row.id for row in await self.library.first(Scope("all"))}
        return (await self.library.thread(rows[f"P{post}"])).discussions[0]

    def asked(self) -> list[str]:
        paths = [one.path for one in self.site.asked() if one.path != "/feed"]
        self.site.log.clear()
        return sorted(paths)


@pytest.fixture
async def blog(tmp_path: Path) -> AsyncIterator[Blog]:
    with Site() as site:
        made = Blog(site)
        made.library = await Library.open(tmp_path / "library.db", Config(), clock=lambda: made.now, fetching=Fetcher)
        yield made
        await made.library.close()


async def test_only_what_is_watched_and_due_is_asked(blog: Blog) -> None:
    await blog.subscribe(2)
    blog.says((1, 1), (2, 2))
    assert (await blog.library.look_watched()).asked is False
    await blog.watch(1)
    looked = await blog.library.look_watched()
    assert (looked.asked, looked.new, blog.asked()) == (True, 1, ["/p1/feed/atom/"])
    await blog.library.look_watched()
    assert blog.asked() == []
    one = await blog.discussion(1)
    assert one.watch_at is not None
    assert one.watch_at >= NOW + 15 * 60
    assert one.watch_why
    blog.now = one.watch_at
    await blog.library.look_watched()
    assert blog.asked() == ["/p1/feed/atom/"]


async def test_a_refresh_looks_at_what_is_watched_too(blog: Blog) -> None:
    await blog.subscribe(1)
    blog.says((1, 1))
    await blog.watch(1)
    await blog.library.refresh()
    assert blog.asked() == ["/p1/feed/atom/"]


async def test_a_count_that_grew_in_the_feed_is_reason_enough(blog: Blog) -> None:
    await blog.subscribe(1, counts=1)
    blog.says((1, 1))
    await blog.watch(1)
    await blog.library.look_watched()
    await blog.library.look_watched()
    blog.asked()
    blog.now += 2 * DAY
    await blog.library.look_watched()
    assert blog.asked() == ["/p1/feed/atom/"]
    blog.now += HOUR
    blog.announce(1, counts=5)
    blog.says(*((1, number) for number in range(1, 6)))
    await blog.library.refresh(force=True)
    assert blog.asked() == ["/p1/feed/atom/"]
    assert (await blog.discussion(1)).held == 5


async def test_a_watch_ends_by_itself(blog: Blog) -> None:
    await blog.subscribe(1)
    blog.says((1, 1))
    await blog.watch(1)
    blog.now += 31 * DAY
    await blog.library.look_watched()
    assert blog.asked() == []
    assert (await blog.discussion(1)).watch_until is None


async def test_a_followed_feed_watches_what_comes(blog: Blog) -> None:
    await blog.subscribe(1)
    (feed,) = await blog.library.feeds()
    await blog.library.follow(feed.id, True)
    blog.says((1, 1), (2, 2))
    blog.announce(2)
    blog.now += 2 * HOUR
    await blog.library.refresh(force=True)
    assert blog.asked() == ["/p2/feed/atom/"]


async def test_three_posts_of_one_site_are_served_by_its_one_feed(blog: Blog) -> None:
    await blog.subscribe(3)
    blog.says((1, 1), (2, 2), (3, 3))
    await blog.watch(1, 2, 3)
    await blog.library.look_watched()
    assert blog.asked() == ["/comments/feed/atom/", "/p1/feed/atom/", "/p2/feed/atom/", "/p3/feed/atom/"]
    blog.says((1, 1), (2, 2), (3, 3), (2, 4), (3, 5))
    blog.now += DAY
    looked = await blog.library.look_watched()
    assert (looked.new, blog.asked()) == (2, ["/comments/feed/atom/"])
    assert [(await blog.discussion(post)).held for post in (1, 2, 3)] == [1, 2, 2]


async def test_a_site_whose_window_moved_on_is_asked_post_by_post(blog: Blog) -> None:
    await blog.subscribe(3)
    said = [(1, 1), (2, 2), (3, 3)]
    blog.says(*said)
    await blog.watch(1, 2, 3)
    await blog.library.look_watched()
    blog.asked()
    blog.says(*said, *((1 + number % 3, number) for number in range(10, 30)))
    blog.now += DAY
    looked = await blog.library.look_watched()
    assert blog.asked() == ["/comments/feed/atom/", "/p1/feed/atom/", "/p2/feed/atom/", "/p3/feed/atom/"]
    assert looked.new == 20


async def test_a_site_that_asks_to_wait_is_left_alone_with_all_its_posts(blog: Blog) -> None:
    await blog.subscribe(3)
    blog.says((1, 1), (2, 2), (3, 3))
    await blog.watch(1, 2, 3)
    await blog.library.look_watched()
    blog.asked()
    blog.site["/comments/feed/atom/"] = Answer(429, headers=[("Retry-After", "7200")])
    blog.now += DAY
    await blog.library.look_watched(force=True)
    assert blog.asked() == ["/comments/feed/atom/"]
    blog.now += HOUR
    await blog.library.look_watched(force=True)
    assert blog.asked() == []


async def test_another_posts_comments_in_the_sites_feed_are_nobodys(blog: Blog) -> None:
    await blog.subscribe(4)
    blog.says((1, 1), (2, 2), (3, 3))
    await blog.watch(1, 2, 3)
    await blog.library.look_watched()
    blog.says((1, 1), (2, 2), (3, 3), (4, 4))
    blog.now += DAY
    assert (await blog.library.look_watched()).new == 0
    assert (await blog.discussion(4)).held == 0


def test_fourteen_days_cost_few_requests_and_lose_little() -> None:
    few = simulate(60, None, seeds=(1,))
    assert few.lost == 0
    assert few.requests <= 70
    many = simulate(300, None, seeds=(1,))
    assert many.lost <= 0.05
    assert many.requests <= 130
