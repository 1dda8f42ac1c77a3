"""What a reader does about a discussion: mutes, stars, visits, watching. All can be taken back, after a restart too."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.site import Site, document
from tui_reader.config import Config, Discussion
from tui_reader.library import Added, Library
from tui_reader.model import Change, Comment, Scope, Visit
from tui_reader.net.client import Fetcher

NOW = 1_767_225_600
DAY = 86_400


class Talk:
    """A blog of one post whose comments are set by hand, and the library that reads it."""

    def __init__(self, site: Site, path: Path) -> None:
        self.site = site
        self.path = path
        self.now = NOW
        self.home = site.url("")
        self.library: Library

    async def open(self, *my_names: str) -> None:
        config = Config(discussion=Discussion(my_names=my_names))
        self.library = await Library.open(self.path, config, clock=lambda: self.now, fetching=Fetcher)

    async def again(self, *my_names: str) -> None:
        await self.library.close()
        await self.open(*my_names)

    async def subscribe(self) -> None:
        self.site["/feed"] = document(
            '<?xml version="1.0"?><rss version="2.0" xmlns:wfw="http://wellformedweb.org/CommentAPI/"><channel>'
            f"<title>Blog</title><link>{self.home}/</link><item><title>Post</title><link>{self.home}/post/</link>"
            f'<guid isPermaLink="false">{self.home}/?p=1</guid>'
            f"<wfw:commentRss>{self.home}/post/feed/</wfw:commentRss></item></channel></rss>".encode()
        )
        assert isinstance(await self.library.add(self.site.url("/feed")), Added)

    async def said(self, *comments: tuple[int, str, int, str]) -> None:
        """(number, author, number of the comment it answers or 0, text) come in."""
        entries = "".join(
            f"<entry><id>{self.home}/?p=1#comment-{number}</id><title>x</title><author><name>{author}</name></author>"
            f'<link href="{self.home}/post/#comment-{number}"/><updated>2026-01-01T00:00:00Z</updated>'
            f"<content>{text}</content>"
            f'<thr:in-reply-to ref="{self.home}/?p=1{f"#comment-{parent}" if parent else ""}"/></entry>'
            for number, author, parent, text in comments
        )
        self.site["/post/feed/atom/"] = document(
            '<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom" '
            'xmlns:thr="http://purl.org/syndication/thread/1.0"><title>c</title><id>c</id>'
            f"<updated>2026-01-01T00:00:00Z</updated>{entries}</feed>".encode()
        )
        self.now += 2 * 3600
        await self.library.look(1, force=True)

    async def comments(self) -> dict[str, Comment]:
        """By author."""
        items = (await self.library.thread(1)).items
        return {item.comment.author: item.comment for item in items if item.comment is not None}

    async def news(self) -> list[str]:
        items = (await self.library.thread(1)).items
        found = sorted(item.comment.author for item in items if item.comment is not None and item.comment.new)
        (row,) = await self.library.rows([1])
        counts = await self.library.counts()
        feed = await self.library.feed(1)
        assert row.comments_new == counts.comments_new == feed.comments_new == len(found)
        assert list(await self.library.ids(Scope("news"))) == ([1] if found else [])
        return found


ANN, BOB, EVE = (1, "Ann", 0, "First."), (2, "Bob", 1, "Yes."), (3, "Eve", 2, "No.")


@pytest.fixture
async def talk(tmp_path: Path) -> AsyncIterator[Talk]:
    """A discussion that was visited when Ann had spoken; Bob and Eve came after that."""
    with Site() as site:
        made = Talk(site, tmp_path / "library.db")
        await made.open()
        await made.subscribe()
        await made.said(ANN)
        await made.library.visit(1)
        await made.said(ANN, BOB, EVE)
        assert await made.news() == ["Bob", "Eve"]
        yield made
        await made.library.close()


async def test_a_muted_author_is_no_news_until_that_is_taken_back_after_a_restart(talk: Talk) -> None:
    told: list[Change] = []
    talk.library.on_change(told.append)
    await talk.library.mute_author("Eve", "127.0.0.1")
    assert told[-1].label == "Eve muted on 127.0.0.1"
    assert await talk.news() == ["Bob"]
    await talk.again()
    undone = await talk.library.undo()
    assert undone is not None
    assert undone.label == "Eve muted on 127.0.0.1"
    assert await talk.news() == ["Bob", "Eve"]
    await talk.library.redo()
    assert await talk.news() == ["Bob"]


async def test_a_muted_thread_is_listed_with_its_article_and_lifted(talk: Talk) -> None:
    comment = (await talk.comments())["Bob"]
    await talk.library.mute_thread(comment.discussion_id, comment.key, days=7)
    assert await talk.news() == []
    (mute,) = await talk.library.mutes()
    assert (mute.key, mute.entry_title, mute.expires_at) == (comment.key, "Post", talk.now + 7 * DAY)
    await talk.library.lift(mute.id)
    assert await talk.news() == ["Bob", "Eve"]
    assert await talk.library.mutes() == ()


async def test_a_mute_ends_by_itself_with_a_refresh_unless_it_is_for_good(talk: Talk) -> None:
    await talk.library.mute_author("Eve", days=3)
    await talk.library.mute_author("Bob", days=0)
    talk.now += 3 * DAY
    await talk.library.refresh(force=True)
    assert await talk.news() == ["Eve"]
    assert [one.author for one in await talk.library.mutes()] == ["Bob"]


async def test_ones_own_names_are_those_of_the_settings(talk: Talk) -> None:
    await talk.again("Bob")
    assert await talk.news() == ["Eve"]
    await talk.said(ANN, BOB, EVE, (4, "Bob", 3, "Well."))
    assert await talk.news() == ["Eve"]
    await talk.again()
    assert await talk.news() == ["Bob", "Bob", "Eve"]


async def test_watching_ends_by_hand_or_by_itself(talk: Talk) -> None:
    discussion = (await talk.library.thread(1)).discussions[0]
    await talk.library.watch(discussion.id, days=5)
    assert (await talk.library.counts()).watched == 1
    await talk.library.unwatch(discussion.id)
    assert (await talk.library.counts()).watched == 0
    await talk.library.undo()
    (row,) = await talk.library.rows([1])
    assert row.watched
    talk.now += 5 * DAY
    await talk.library.refresh()
    (row,) = await talk.library.rows([1])
    assert not row.watched


async def test_the_visits_before_the_last_one_are_told(talk: Talk) -> None:
    discussion = (await talk.library.thread(1)).discussions[0]
    seen = (await talk.comments())["Ann"].seq
    left = talk.now - 2 * 3600
    assert await talk.library.visits(discussion.id) == ()
    await talk.library.visit(1)
    assert await talk.library.visits(discussion.id) == (Visit(left, seen),)
    assert await talk.news() == []


async def test_a_star_on_a_comment_can_be_taken_back(talk: Talk) -> None:
    comment = (await talk.comments())["Ann"]
    assert (await talk.library.star_comments([comment.id], True)).label == "1 comment starred"
    assert (await talk.comments())["Ann"].starred
    await talk.library.undo()
    assert not (await talk.comments())["Ann"].starred


async def test_what_was_edited_is_kept_beside_who_said_it(talk: Talk) -> None:
    await talk.said(ANN, (2, "Bob", 1, "Yes and no."), EVE)
    comment = (await talk.comments())["Bob"]
    assert comment.edited
    (before,) = await talk.library.edits(comment.id)
    assert (before.html, before.seen_at) == ("Yes.", talk.now)
    ((found, title, entry_id),) = await talk.library.by_author("Bob")
    assert (found.html, title, entry_id) == ("Yes and no.", "Post", 1)
