"""Looking at discussions of all kinds over real HTTP: windows, gaps, back-fill, what was edited and taken away."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.site import Answer, Asked, Site, document
from tests.wordpress import comment_feed, remark
from tui_reader.config import Config
from tui_reader.library import Added, Library
from tui_reader.model import Thread
from tui_reader.net.client import Fetcher

NOW = 1_767_300_000
FEED = """<?xml version="1.0"?><rss version="2.0" xmlns:wfw="http://wellformedweb.org/CommentAPI/"
 xmlns:slash="http://purl.org/rss/1.0/modules/slash/"><channel><title>Blog</title><link>{home}/</link>
 <item><title>One</title><link>{home}/one/</link><guid isPermaLink="false">{home}/?p=1</guid>{says}</item>
 </channel></rss>"""
ANNOUNCED = "<wfw:commentRss>{home}/one/feed/</wfw:commentRss>"
COUNTED = ANNOUNCED + "<slash:comments>{count}</slash:comments>"


class Blog:
    """A blog with one post on a site, and a clock that is moved by hand."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.home = site.url("")
        self.now = NOW
        self.library: Library

    async def subscribe(self, says: str = ANNOUNCED, **names: object) -> None:
        self.announce(says, **names)
        added = await self.library.add(self.site.url("/feed"))
        assert isinstance(added, Added)

    def announce(self, says: str, **names: object) -> None:
        body = FEED.format(home=self.home, says=says.format(home=self.home, **names))
        self.site["/feed"] = document(body.encode())

    async def refresh(self) -> None:
        await self.library.refresh(force=True)

    def says(self, *numbers: int, html: dict[int, str] | None = None, **parents: int) -> None:
        """The comment feed shows these comments; `c9=8` tells that 9 answers 8."""
        self.site["/one/feed/atom/"] = comment_feed(
            remark(
                self.home,
                number,
                author=f"P{number}",
                to=parents.get(f"c{number}", 0),
                html=(html or {}).get(number, f"said {number}"),
            )
            for number in sorted(numbers, reverse=True)
        )

    async def look(self) -> Any:
        self.now += 3600
        return await self.library.look(1, force=True)

    async def thread(self) -> Thread:
        return await self.library.thread(1)

    async def rows(self) -> list[str]:
        """The thread, a line a comment: two spaces a level, the key's number, marks for what is odd about it."""
        return [
            "  " * item.depth
            + (
                f"-- {item.missing}"
                if item.missing is not None
                else "?"
                if item.comment is None
                else item.key.removeprefix("#comment-")
                + ("x" if item.comment.removed else "")
                + ("*" if item.comment.edited else "")
            )
            for item in (await self.thread()).items
        ]


def _date(number: int) -> str:
    return f"2026-01-01T{number // 60:02}:{number % 60:02}:00Z"


@pytest.fixture
async def blog(tmp_path: Path) -> AsyncIterator[Blog]:
    with Site() as site:
        made = Blog(site)
        made.library = await Library.open(tmp_path / "library.db", Config(), clock=lambda: made.now, fetching=Fetcher)
        yield made
        await made.library.close()


# ---------------------------------------------------------------- windows and gaps


async def test_a_window_that_moved_on_leaves_a_gap(blog: Blog) -> None:
    await blog.subscribe(COUNTED, count=3)
    blog.says(1, 2, 3, c3=2)
    await blog.look()
    assert await blog.rows() == ["1", "2", "  3"]
    blog.announce(COUNTED, count=24)
    await blog.refresh()
    blog.says(*range(15, 25))
    await blog.look()
    assert await blog.rows() == ["1", "2", "  3", "-- 11", *map(str, range(15, 25))]


async def test_a_window_that_overlaps_leaves_none(blog: Blog) -> None:
    await blog.subscribe()
    blog.says(*range(1, 8))
    await blog.look()
    blog.says(*range(7, 17))
    await blog.look()
    assert await blog.rows() == [str(number) for number in range(1, 17)]


async def test_nine_of_ten_are_no_full_window(blog: Blog) -> None:
    await blog.subscribe()
    blog.says(1, 2)
    await blog.look()
    blog.says(*range(10, 19))
    await blog.look()
    assert "-- 0" not in await blog.rows()


async def test_a_first_look_at_a_full_window_says_what_is_not_there(blog: Blog) -> None:
    await blog.subscribe(COUNTED, count=40)
    blog.says(*range(31, 41))
    await blog.look()
    assert (await blog.rows())[0] == "-- 30"


async def test_a_first_look_at_all_there_is_leaves_no_gap(blog: Blog) -> None:
    await blog.subscribe(COUNTED, count=10)
    blog.says(*range(1, 11))
    await blog.look()
    assert await blog.rows() == [str(number) for number in range(1, 11)]


async def test_a_count_that_grew_behind_an_unchanged_answer_is_a_gap(blog: Blog) -> None:
    await blog.subscribe(COUNTED, count=2)
    blog.says(1, 2)
    await blog.look()
    blog.announce(COUNTED, count=5)
    await blog.refresh()
    assert await blog.rows() == ["1", "2"]
    await blog.look()
    assert await blog.rows() == ["-- 3", "1", "2"]


async def test_a_late_parent_fills_its_place_and_an_old_comment_stays_where_it_is(blog: Blog) -> None:
    await blog.subscribe()
    blog.says(5, 6, 7, c6=3, c7=3)
    await blog.look()
    assert await blog.rows() == ["5", "?", "  6", "  7"]
    blog.says(3, 5, 6, 7, 8, c6=3, c7=3)
    await blog.look()
    assert await blog.rows() == ["3", "  6", "  7", "5", "8"]


# ---------------------------------------------------------------- edited, taken away


async def test_an_edit_keeps_what_was_said_before_and_makes_no_news(blog: Blog) -> None:
    await blog.subscribe()
    blog.says(1, 2)
    await blog.look()
    await blog.library.visit(1)
    blog.says(1, 2, html={2: "said otherwise"})
    assert (await blog.look()).new == 0
    assert await blog.rows() == ["1", "2*"]
    assert (await blog.thread()).new == 0
    blog.says(1, 2, html={2: "&lt;p&gt;said  otherwise&lt;/p&gt;"})
    await blog.look()
    assert await blog.rows() == ["1", "2*"]


async def test_what_a_window_no_longer_shows_was_not_taken_away(blog: Blog) -> None:
    await blog.subscribe()
    blog.says(1, 2, 3)
    await blog.look()
    blog.says(3)
    await blog.look()
    blog.says()
    await blog.look()
    assert await blog.rows() == ["1", "2", "3"]


# ---------------------------------------------------------------- refusals


@pytest.mark.parametrize("status", [403, 404, 429, 500])
async def test_a_refusal_is_told_and_the_thread_stays(blog: Blog, status: int) -> None:
    await blog.subscribe()
    blog.says(1, 2, c2=1)
    await blog.look()
    blog.site["/one/feed/atom/"] = Answer(status)
    blog.site["/one/feed/"] = Answer(status)
    looked = await blog.look()
    assert looked.failed
    assert looked.message
    assert await blog.rows() == ["1", "  2"]


async def test_a_server_that_was_out_of_order_is_no_reason_to_take_the_worse_feed_for_good(blog: Blog) -> None:
    await blog.subscribe()
    blog.site["/one/feed/atom/"] = Answer(500)
    blog.site["/one/feed/"] = Answer(500)
    await blog.look()
    blog.says(1, 2, c2=1)
    blog.now += 86_400
    await blog.look()
    assert await blog.rows() == ["1", "  2"]


async def test_nothing_is_fetched_inside_a_retry_after_not_even_what_is_missing(blog: Blog) -> None:
    await blog.subscribe(COUNTED, count=24)
    blog.says(*range(15, 25))
    await blog.look()
    blog.site["/one/feed/atom/"] = Answer(503, headers=[("Retry-After", "7200")])
    await blog.look()
    asked = len(blog.site.asked())
    looked = await blog.library.back_fill(1)
    assert (looked.new, looked.message, len(blog.site.asked())) == (0, "the server asked us to wait", asked)


async def test_a_host_that_asks_to_wait_ends_the_ladder(blog: Blog) -> None:
    await blog.subscribe(COUNTED, count=24)
    blog.says(*range(15, 25))
    await blog.look()
    blog.site["/wp-json/wp/v2/comments"] = Answer(429, headers=[("Retry-After", "7200")])
    before = len(blog.site.asked())
    looked = await blog.library.back_fill(1)
    assert (looked.new, looked.failed) == (0, True)
    assert [one.path for one in blog.site.asked()[before:]] == ["/one/feed/atom/", "/wp-json/wp/v2/comments"]


async def test_a_retry_after_is_waited_out_even_when_forced(blog: Blog) -> None:
    await blog.subscribe()
    blog.site["/one/feed/atom/"] = Answer(429, headers=[("Retry-After", "7200")])
    await blog.look()
    asked = len(blog.site.asked())
    looked = await blog.look()
    assert (looked.asked, "wait" in looked.message, len(blog.site.asked())) == (False, True, asked)
    assert looked.until is not None


# ---------------------------------------------------------------- back-fill


def rest(*numbers: int) -> Answer:
    said = [
        {
            "id": number,
            "parent": number - 1 if number % 2 == 0 else 0,
            "author_name": f"P{number}",
            "author_url": "",
            "date_gmt": _date(number).removesuffix("Z"),
            "content": {"rendered": f"<p>said {number}</p>"},
            "link": f"https://blog.example/one/#comment-{number}",
        }
        for number in numbers
    ]
    return Answer(body=json.dumps(said).encode(), headers=[("Content-Type", "application/json")])


async def test_the_missing_ones_are_fetched_on_request_and_the_gap_closes(blog: Blog) -> None:
    await blog.subscribe(COUNTED, count=24)
    blog.says(*range(15, 25))
    await blog.look()
    assert not [one for one in blog.site.asked() if "wp-json" in one.target]
    blog.site["/wp-json/wp/v2/comments"] = rest(*range(1, 25))
    looked = await blog.library.back_fill(1)
    assert (looked.new, looked.message) == (14, "")
    rows = await blog.rows()
    assert len(rows) == 24
    assert not [row for row in rows if "--" in row or "*" in row]
    asked = [one for one in blog.site.asked() if "wp-json" in one.target]
    assert [one.target.partition("?")[2] for one in asked] == ["post=1&per_page=100&order=asc&page=1"]
    blog.says(*range(16, 26))
    await blog.look()
    assert len(await blog.rows()) == 25


async def test_where_nothing_older_is_to_be_had_that_is_said(blog: Blog) -> None:
    await blog.subscribe(COUNTED, count=24)
    blog.says(*range(15, 25))
    await blog.look()
    looked = await blog.library.back_fill(1)
    assert (looked.new, looked.failed, bool(looked.message)) == (0, True, True)
    assert (await blog.rows())[0] == "-- 14"


async def test_where_nothing_is_missing_nobody_is_asked(blog: Blog) -> None:
    await blog.subscribe(COUNTED, count=3)
    blog.says(1, 2, 3)
    await blog.look()
    before = len(blog.site.asked())
    looked = await blog.library.back_fill(1)
    assert (looked.message, looked.failed) == ("nothing is missing (3 comments)", False)
    assert len(blog.site.asked()) == before


# ---------------------------------------------------------------- pages


def page_asked(blog: Blog) -> list[Asked]:
    return blog.site.asked("/one/")


async def test_a_page_that_names_its_comment_feed_is_read_once(blog: Blog) -> None:
    await blog.subscribe("<comments>{home}/one/#comments</comments><slash:comments>2</slash:comments>")
    blog.site["/one/"] = Answer(
        body=b'<!doctype html><html><head><link rel="alternate" type="application/rss+xml" title="One Comments Feed" '
        b'href="/one/feed/"></head><body><p>post</p></body></html>',
        headers=[("Content-Type", "text/html")],
    )
    blog.says(1, 2, c2=1)
    assert (await blog.look()).new == 2
    assert await blog.rows() == ["1", "  2"]
    await blog.refresh()
    await blog.look()
    assert len(page_asked(blog)) == 1
    assert len((await blog.thread()).discussions) == 1


async def test_a_page_that_names_none_is_remembered_for_its_host(blog: Blog) -> None:
    await blog.subscribe("<comments>{home}/one/#comments</comments><slash:comments>2</slash:comments>")
    blog.site["/one/"] = Answer(
        body=b"<!doctype html><html><body>post</body></html>", headers=[("Content-Type", "text/html")]
    )
    blog.now += 3600
    assert (await blog.library.look(1)).message
    blog.now += 3600
    await blog.library.look(1)
    assert len(page_asked(blog)) == 1
    await blog.library.back_fill(1)
    assert len(page_asked(blog)) == 2


async def test_an_article_that_names_no_discussion_is_asked_for_one_on_request_only(blog: Blog) -> None:
    await blog.subscribe("")
    blog.site["/one/"] = Answer(
        body=b'<!doctype html><html><body><ol class="commentlist"><li id="comment-4" class="comment"><cite class="fn">Ann</cite>'
        b'<div class="comment-content"><p>Hi</p></div><ol class="children"><li id="comment-5" class="comment">'
        b'<cite class="fn">Bob</cite><div class="comment-content"><p>Ho</p></div></li></ol></li></ol></body></html>',
        headers=[("Content-Type", "text/html")],
    )
    await blog.look()
    assert not page_asked(blog)
    looked = await blog.library.back_fill(1)
    assert (looked.new, await blog.rows()) == (2, ["4", "  5"])
