"""Looking at discussions over real HTTP: WordPress's exact feed where a host has it, its RSS where it has not."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.site import Answer, Site, document
from tui_reader.config import Config
from tui_reader.library import Added, Library
from tui_reader.model import Confidence, Scope, Thread
from tui_reader.net.client import Fetcher

FEED = """<?xml version="1.0"?><rss version="2.0" xmlns:wfw="http://wellformedweb.org/CommentAPI/"
 xmlns:slash="http://purl.org/rss/1.0/modules/slash/"><channel><title>Blog</title><link>{home}/</link>
 <item><title>One</title><link>{home}/one/</link><guid isPermaLink="false">{home}/?p=1</guid>
 <wfw:commentRss>{home}/one/feed/</wfw:commentRss><slash:comments>2</slash:comments></item>
 <item><title>Two</title><link>{home}/two/</link><guid isPermaLink="false">{home}/?p=2</guid>
 <wfw:commentRss>{home}/two/feed/</wfw:commentRss><slash:comments>2</slash:comments></item></channel></rss>"""
RSS = """<?xml version="1.0"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/">
 <channel><title>Comments</title>
 <item><title>By: Bob</title><link>{home}/{slug}/#comment-2</link><dc:creator>Bob</dc:creator>
 <guid isPermaLink="false">{home}/?p={post}#comment-2</guid>
 <description>&lt;p&gt;In reply to &lt;a href="{home}/{slug}/#comment-1"&gt;Ann&lt;/a&gt;.&lt;/p&gt; &lt;p&gt;Yes.&lt;/p&gt;</description></item>
 <item><title>By: Ann</title><link>{home}/{slug}/#comment-1</link><dc:creator>Ann</dc:creator>
 <guid isPermaLink="false">{home}/?p={post}#comment-1</guid><description>First.</description></item></channel></rss>"""
ATOM = """<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom" xmlns:thr="http://purl.org/syndication/thread/1.0">
 <title>Comments</title><id>x</id><updated>2026-01-01T00:00:00Z</updated>
 <entry><id>{home}/?p={post}#comment-2</id><title>By: Bob</title><link href="{home}/{slug}/#comment-2"/>
 <author><name>Bob</name></author><updated>2026-01-01T02:00:00Z</updated><content type="html">Yes.</content>
 <thr:in-reply-to ref="{home}/?p={post}#comment-1"/></entry>
 <entry><id>{home}/?p={post}#comment-1</id><title>By: Ann</title><link href="{home}/{slug}/#comment-1"/>
 <author><name>Ann</name></author><updated>2026-01-01T01:00:00Z</updated><content type="html">First.</content>
 <thr:in-reply-to ref="{home}/?p={post}"/></entry></feed>"""


class Blog:
    """A blog of two posts on a site, its entries by title."""

    def __init__(self, site: Site, library: Library) -> None:
        self.site = site
        self.library = library
        self.home = site.url("")

    def says(self, path: str, shape: str, **names: object) -> None:
        self.site[path] = document(shape.format(home=self.home, **names).encode())

    async def subscribe(self) -> dict[str, int]:
        self.says("/feed", FEED)
        added = await self.library.add(self.site.url("/feed"))
        assert isinstance(added, Added)
        return {row.title: row.id for row in await self.library.first(Scope("all"))}

    def asked(self) -> list[str]:
        return [one.path for one in self.site.asked() if one.path != "/feed"]


@pytest.fixture
async def blog(tmp_path: Path) -> AsyncIterator[Blog]:
    now = iter(range(1_767_300_000, 1_900_000_000, 3600))
    with Site() as site:
        library = await Library.open(tmp_path / "library.db", Config(), clock=lambda: next(now), fetching=Fetcher)
        yield Blog(site, library)
        await library.close()


def shape(thread: Thread) -> list[tuple[int, str, Confidence]]:
    return [(item.depth, item.comment.author, item.comment.confidence) for item in thread.items if item.comment]


async def test_the_exact_feed_is_asked_where_a_host_has_it(blog: Blog) -> None:
    entries = await blog.subscribe()
    blog.says("/one/feed/atom/", ATOM, slug="one", post=1)
    assert (await blog.library.look(entries["One"])).new == 2
    assert shape(await blog.library.thread(entries["One"])) == [
        (0, "Ann", Confidence.EXACT),
        (1, "Bob", Confidence.EXACT),
    ]
    assert blog.asked() == ["/one/feed/atom/"]


async def test_a_host_without_it_is_tried_once(blog: Blog) -> None:
    entries = await blog.subscribe()
    for post, slug in enumerate(("one", "two"), 1):
        blog.says(f"/{slug}/feed/", RSS, slug=slug, post=post)
        blog.site[f"/{slug}/feed/atom/"] = Answer(404)
        assert (await blog.library.look(entries[slug.capitalize()])).new == 2
    assert shape(await blog.library.thread(entries["Two"])) == [
        (0, "Ann", Confidence.NONE),
        (1, "Bob", Confidence.STRONG),
    ]
    assert blog.asked() == ["/one/feed/atom/", "/one/feed/", "/two/feed/"]


async def test_a_web_page_in_its_place_is_no_exact_feed(blog: Blog) -> None:
    entries = await blog.subscribe()
    blog.site["/one/feed/atom/"] = Answer(body=b"<!doctype html><html><body>the post</body></html>")
    blog.says("/one/feed/", RSS, slug="one", post=1)
    assert (await blog.library.look(entries["One"])).new == 2


async def test_a_busy_host_is_not_asked_twice_and_nothing_is_concluded(blog: Blog) -> None:
    entries = await blog.subscribe()
    blog.site["/one/feed/atom/"] = Answer(429, headers=[("Retry-After", "60")])
    looked = await blog.library.look(entries["One"])
    assert looked.failed
    assert "busy" in looked.message
    assert blog.asked() == ["/one/feed/atom/"]
    blog.says("/two/feed/atom/", ATOM, slug="two", post=2)
    assert (await blog.library.look(entries["Two"])).new == 2


async def test_a_second_look_is_conditional_and_what_comes_after_a_visit_is_new(blog: Blog) -> None:
    entries = await blog.subscribe()
    blog.site["/one/feed/atom/"] = document(ATOM.format(home=blog.home, slug="one", post=1).encode(), etag=b'"1"')
    await blog.library.look(entries["One"])
    await blog.library.visit(entries["One"])
    again = await blog.library.look(entries["One"], force=True)
    assert (again.asked, again.new, again.message) == (True, 0, "")
    assert blog.site.asked("/one/feed/atom/")[-1].header("if-none-match") == b'"1"'
    third = ATOM.replace("<entry>", "<entry><id>{home}/?p={post}#comment-3</id><title>By: Cid</title>"
                         "<author><name>Cid</name></author><updated>2025-01-01T00:00:00Z</updated>"
                         '<content>Late.</content><thr:in-reply-to ref="{home}/?p={post}#comment-2"/></entry><entry>', 1)  # fmt: skip
    blog.says("/one/feed/atom/", third, slug="one", post=1)
    assert (await blog.library.look(entries["One"], force=True)).new == 1
    thread = await blog.library.thread(entries["One"])
    assert [item.comment.author for item in thread.items if item.comment and item.comment.new] == ["Cid"]
    (row,) = await blog.library.rows([entries["One"]])
    assert (row.comments_stored, row.comments_new) == (3, 1)
