"""Feeds that move: a permanent redirect is believed when it stands, and at once when the old address is gone."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.site import Answer, Site, document, redirect
from tui_reader.config import Config
from tui_reader.library import Added, Library
from tui_reader.net.client import Fetcher

DAY = 86400
FEED = b"""<rss version="2.0"><channel><title>Blog</title><item><title>One</title><guid>https://blog.example/1</guid>
</item></channel></rss>"""


class Mover:
    """A feed at /old on a site, and a clock that can be put forward."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.now = 1_767_300_000
        self.library: Library
        self.feed_id = 0

    async def after(self, seconds: int) -> str:
        """The feed's address after a refresh so much later."""
        self.now += seconds
        await self.library.refresh(force=True)
        return (await self.library.feed(self.feed_id)).url.removeprefix(self.site.url(""))


@pytest.fixture
async def mover(tmp_path: Path) -> AsyncIterator[Mover]:
    with Site() as site:
        made = Mover(site)
        made.library = await Library.open(tmp_path / "library.db", Config(), clock=lambda: made.now, fetching=Fetcher)
        site["/old"] = document(FEED, etag=b'"1"')
        site["/new"] = document(FEED, etag=b'"2"')
        added = await made.library.add(site.url("/old"))
        assert isinstance(added, Added)
        made.feed_id = added.feed.id
        yield made
        await made.library.close()


@pytest.mark.row("H13")
async def test_a_permanent_redirect_that_stands_for_a_week_is_adopted(mover: Mover) -> None:
    mover.site["/old"] = redirect("/new", status=301)
    assert await mover.after(DAY) == "/old"
    assert await mover.after(4 * DAY) == "/old"
    assert await mover.after(4 * DAY) == "/new"
    asked = len(mover.site.asked("/old"))
    assert await mover.after(DAY) == "/new"
    assert len(mover.site.asked("/old")) == asked
    assert (await mover.library.counts()).all == 1


@pytest.mark.row("H14")
async def test_a_temporary_redirect_is_followed_and_never_adopted(mover: Mover) -> None:
    mover.site["/old"] = redirect("/new", status=302)
    for _ in range(5):
        assert await mover.after(4 * DAY) == "/old"


@pytest.mark.row("H13")
async def test_an_address_that_moved_and_then_is_gone_is_left_at_once(mover: Mover) -> None:
    mover.site["/old"] = redirect("/new", status=301)
    assert await mover.after(DAY) == "/old"
    mover.site["/old"] = Answer(410)
    assert await mover.after(DAY) == "/new"
    feed = await mover.library.feed(mover.feed_id)
    assert (feed.poll.error, feed.poll.gone) == ("", False)


@pytest.mark.row("H13", "F06")
async def test_a_login_page_in_its_place_changes_nothing(mover: Mover) -> None:
    mover.site["/login"] = Answer(body=b"<!doctype html><html><body>Pay for the Wi-Fi</body></html>")
    mover.site["/old"] = redirect("/login", status=301)
    for _ in range(5):
        assert await mover.after(4 * DAY) == "/old"
    mover.site["/old"] = document(FEED, etag=b'"1"')
    assert await mover.after(DAY) == "/old"
    assert (await mover.library.feed(mover.feed_id)).poll.error == ""
    assert mover.site.asked("/old")[-1].header("if-none-match") == b'"1"'


@pytest.mark.row("H13")
async def test_two_subscriptions_are_never_merged_by_a_redirect(mover: Mover) -> None:
    await mover.library.add(mover.site.url("/new"))
    mover.site["/old"] = redirect("/new", status=301)
    for _ in range(4):
        assert await mover.after(4 * DAY) == "/old"
    assert len(await mover.library.feeds()) == 2
