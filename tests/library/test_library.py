"""The library's verbs on a real file, against a real site."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from tests.site import RESET, Answer, Site, document, raw, redirect
from tui_reader.config import Config
from tui_reader.errors import BadInput, LibraryBusy, NotFound, Offline, Refused
from tui_reader.library import Added, Choice, Library
from tui_reader.model import Change, Confidence, FeedResult, Scope
from tui_reader.net.client import Fetcher
from tui_reader.parse import opml
from tui_reader.store.locks import FileLock, beside

HOUR, DAY = 3600, 86400


def rss(*names: str, title: str = "Blog", extra: str = "") -> bytes:
    """A feed with an item for each name, the first on top."""
    items = "".join(
        f"<item><title>{name}</title><guid isPermaLink='false'>g-{name}</guid><link>/{name}</link>"
        f"<description>about {name}</description>{extra.format(name=name)}</item>"
        for name in names
    )
    return (
        "<rss version='2.0' xmlns:wfw='http://wellformedweb.org/CommentAPI/' xmlns:dc='http://purl.org/dc/elements/1.1/'>"
        f"<channel><title>{title}</title><link>/</link>{items}</channel></rss>"
    ).encode()


def page(*feeds: str) -> Answer:
    links = "".join(f"<link rel=alternate type=application/rss+xml href='{url}' title='{url}'>" for url in feeds)
    return Answer(body=f"<!doctype html><html><head>{links}</head><body>Hello</body></html>".encode(), type="text/html")


class World:
    """A site, a library file and a clock that can be put forward."""

    def __init__(self, site: Site, path: Path) -> None:
        self.site = site
        self.path = path
        self.now = 1_767_300_000
        self.opened: list[Library] = []
        self.library: Library

    async def open(self, *, offline: bool = False) -> Library:
        self.opened.append(
            await Library.open(self.path, Config(), clock=lambda: self.now, fetching=Fetcher, offline=offline)
        )
        return self.opened[-1]

    async def restart(self) -> None:
        self.opened.remove(self.library)
        await self.library.close()
        self.library = await self.open()

    async def add(self, path: str = "/feed") -> Added:
        added = await self.library.add(self.site.url(path))
        assert isinstance(added, Added)
        return added

    async def refresh(self, after: int = 2 * DAY) -> FeedResult:
        """What became of the only feed, so much later."""
        self.now += after
        (result,) = (await self.library.refresh()).results
        return result

    async def titles(self, scope: Scope | None = None) -> list[str]:
        return [row.title for row in await self.library.first(scope or Scope("all"))]


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    with Site() as site:
        made = World(site, tmp_path / "library.db")
        made.library = await made.open()
        yield made
        for library in made.opened:
            await library.close()


# ---------------------------------------------------------------- subscribing


@pytest.mark.row("Y14")
async def test_a_feed_costs_one_request(world: World) -> None:
    world.site["/feed"] = document(rss("b", "a"), etag='"1"')
    added = await world.add()
    assert [one.target for one in world.site.log] == ["/feed"]
    assert not added.present
    assert (added.feed.title, added.feed.entries, added.feed.unread) == ("Blog", 2, 2)
    assert added.result is not None
    assert added.result.new == 2
    assert await world.titles() == ["b", "a"]


async def test_a_page_that_names_one_feed_costs_two(world: World) -> None:
    world.site["/"] = page("/feed")
    world.site["/feed"] = document(rss("a"))
    added = await world.add("/")
    assert [one.target for one in world.site.log] == ["/", "/feed"]
    assert added.feed.url == world.site.url("/feed")


async def test_a_page_that_names_several_lets_the_user_choose(world: World) -> None:
    world.site["/"] = page("/feed", "/comments/feed")
    found = await world.library.add(world.site.url("/"))
    assert isinstance(found, Choice)
    assert [one.url for one in found.candidates] == [world.site.url("/feed"), world.site.url("/comments/feed")]
    assert len(world.site.log) == 1
    assert await world.library.feeds() == ()


async def test_a_page_without_feeds_is_refused_with_its_own_words(world: World) -> None:
    world.site["/"] = Answer(body=b"<html><body>Please \x1b[31mlog in</body></html>", type="text/html")
    with pytest.raises(Refused) as refused:
        await world.add("/")
    assert "a web page instead of a feed" in str(refused.value)
    assert refused.value.words == "Please log in"
    assert len(world.site.log) == 1


async def test_a_page_whose_feed_is_a_page_is_refused_after_two_requests(world: World) -> None:
    world.site["/"] = page("/feed")
    world.site["/feed"] = page("/other")
    with pytest.raises(Refused):
        await world.add("/")
    assert len(world.site.log) == 2


@pytest.mark.parametrize("status", [401, 403, 404, 410, 429, 500, 503])
async def test_a_refusal_is_told_with_its_status_and_words(world: World, status: int) -> None:
    world.site["/feed"] = Answer(status, b"go away", type="text/plain")
    with pytest.raises(Refused) as refused:
        await world.add()
    assert (refused.value.status, refused.value.words) == (status, "go away")
    assert await world.library.feeds() == ()


async def test_what_cannot_be_reached_adds_nothing(world: World) -> None:
    world.site["/feed"] = raw(RESET)
    with pytest.raises(Refused):
        await world.add()
    with pytest.raises(Offline):
        await world.library.add("https://no-such-host.invalid/feed")
    assert await world.library.feeds() == ()


@pytest.mark.parametrize("typed", ["", "javascript:x", "two words", "file:///etc/passwd"])
async def test_what_is_no_address_is_not_asked(world: World, typed: str) -> None:
    with pytest.raises(BadInput):
        await world.library.add(typed)


async def test_the_same_feed_is_not_added_twice_nor_asked_again(world: World) -> None:
    world.site["/feed"] = document(rss("a"))
    first = await world.add()
    again = await world.add()
    assert again.present
    assert again.feed.id == first.feed.id
    assert len(world.site.log) == 1


@pytest.mark.row("H20")
async def test_a_page_does_not_lead_into_a_private_network(world: World) -> None:
    world.site["/"] = page("http://10.0.0.1/feed")
    with pytest.raises(Refused, match="private network"):
        await world.add("/")


async def test_a_feed_that_moved_for_good_is_added_where_it_is(world: World) -> None:
    world.site["/old"] = redirect("/new", status=301)
    world.site["/new"] = document(rss("a"))
    assert (await world.add("/old")).feed.url == world.site.url("/new")
    world.site["/found"] = redirect("/new2", status=302)
    world.site["/new2"] = document(rss("a"))
    assert (await world.add("/found")).feed.url == world.site.url("/found")


async def test_a_folder_and_a_name_of_ones_own(world: World) -> None:
    world.site["/feed"] = document(rss("a"))
    added = await world.library.add(world.site.url("/feed"), folder="News / Local", title="Mine")
    assert isinstance(added, Added)
    assert (added.feed.title, added.feed.folder) == ("Mine", "News / Local")
    await world.library.rename(added.feed.id, "")
    await world.library.move(added.feed.id, "")
    feed = await world.library.feed(added.feed.id)
    assert (feed.title, feed.folder) == ("Blog", "")


async def test_unsubscribing_can_be_taken_back(world: World) -> None:
    world.site["/feed"] = document(rss("a", "b"))
    feed = (await world.add()).feed
    await world.library.remove([feed.id])
    assert await world.library.feeds() == ()
    with pytest.raises(NotFound):
        await world.library.feed(feed.id)
    assert await world.titles() == []
    await world.library.undo()
    assert [one.id for one in await world.library.feeds()] == [feed.id]
    assert await world.titles() == ["a", "b"]


# ---------------------------------------------------------------- refreshing


async def test_news_arrives_and_what_was_read_stays_read(world: World) -> None:
    world.site["/feed"] = document(rss("a"), etag='"1"')
    await world.add()
    await world.library.mark(await world.library.ids(Scope("all")), True)
    world.site["/feed"] = document(rss("b", "a"), etag='"2"')
    result = await world.refresh()
    assert (result.outcome, result.new, result.changed) == ("updated", 1, 0)
    assert await world.titles(Scope("unread")) == ["b"]
    assert world.site.log[-1].header("if-none-match") == b'"1"'


@pytest.mark.row("H03")
async def test_a_304_changes_nothing_but_the_time(world: World) -> None:
    world.site["/feed"] = document(rss("a"), etag='"1"', last_modified="Sat, 01 Jan 2000 00:00:00 GMT")
    feed = (await world.add()).feed
    result = await world.refresh()
    assert (result.outcome, result.status) == ("unchanged", 304)
    after = await world.library.feed(feed.id)
    assert after.poll.checked_at == world.now
    assert after.poll.validators == feed.poll.validators
    assert after.poll.changed_at == feed.poll.changed_at


@pytest.mark.row("H05")
async def test_the_same_body_is_not_parsed_again_but_its_new_validators_are_kept(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.site["/feed"] = document(rss("a"), etag='"1"')
    feed = (await world.add()).feed

    async def forbidden(*_: object, **__: object) -> None:
        raise AssertionError("parsed")

    monkeypatch.setattr(world.library._ports.parser, "parse", forbidden)
    world.site["/feed"] = document(rss("a"), etag='"2"')
    assert (await world.refresh()).outcome == "unchanged"
    assert (await world.library.feed(feed.id)).poll.validators.etag == b'"2"'


@pytest.mark.row("H27")
@pytest.mark.parametrize(
    "answer",
    [
        Answer(body=b"<html><body>Welcome to the hotel</body></html>", type="text/html", headers=[("ETag", '"hotel"')]),
        Answer(body=b"", headers=[("ETag", '"empty"')]),
        Answer(body=b"\x89PNG\r\n\x1a\n", headers=[("ETag", '"png"')]),
        Answer(body=b'{"error": 1}', headers=[("ETag", '"json"')]),
        Answer(500, b"oops"),
        Answer(206, rss("z"), headers=[("ETag", '"part"')]),
        raw(b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\nETag: \"cut\"\r\n\r\n" + rss("z")),
        redirect("javascript:x", 301),
        redirect("/feed", 301),
    ],
    ids=["page", "empty", "picture", "json", "500", "206", "cut", "javascript", "circle"],
)  # fmt: skip
async def test_what_is_no_feed_keeps_the_copy_the_address_and_the_validators(world: World, answer: Answer) -> None:
    good = document(rss("a"), etag='"1"')
    world.site["/feed"] = good
    feed = (await world.add()).feed
    world.site["/feed"] = answer
    result = await world.refresh()
    assert result.outcome == "failed"
    assert result.message
    after = await world.library.feed(feed.id)
    assert (after.url, after.title, after.entries) == (feed.url, "Blog", 1)
    assert (after.poll.validators, after.poll.failures) == (feed.poll.validators, 1)
    assert after.poll.error == result.message
    world.site["/feed"] = good
    assert (await world.refresh()).status == 304
    assert (await world.library.feed(feed.id)).poll.error == ""


@pytest.mark.row("X12")
async def test_an_empty_feed_deletes_nothing(world: World) -> None:
    world.site["/feed"] = document(rss("a", "b"))
    await world.add()
    world.site["/feed"] = document(rss())
    assert (await world.refresh()).outcome == "unchanged"
    assert await world.titles() == ["a", "b"]


@pytest.mark.row("F08")
async def test_what_drops_off_and_comes_back_is_not_new(world: World) -> None:
    world.site["/feed"] = document(rss("b", "a"))
    await world.add()
    await world.library.mark(await world.library.ids(Scope("all")), True)
    for names in (("c", "b"), ("b", "a")):
        world.site["/feed"] = document(rss(*names))
        await world.refresh()
    assert await world.titles(Scope("unread")) == ["c"]


@pytest.mark.row("F07")
async def test_a_feed_that_changes_its_format_has_the_same_entries(world: World) -> None:
    world.site["/feed"] = document(rss("a", "b"))
    await world.add()
    entries = "".join(
        f"<entry><id>g-{name}</id><title>{name}</title><link href='/{name}'/><content type='html'>about {name}</content></entry>"
        for name in "ab"
    )
    atom = f"<feed xmlns='http://www.w3.org/2005/Atom'><title>Blog</title>{entries}</feed>"
    world.site["/feed"] = document(atom.encode())
    assert (await world.refresh()).new == 0
    world.site["/feed"] = Answer(body=b"<html><body>no</body></html>", type="text/html")
    await world.refresh()
    world.site["/feed"] = document(rss("a", "b"))
    assert (await world.refresh()).new == 0
    assert sorted(await world.titles()) == ["a", "b"]


@pytest.mark.row("X06")
async def test_a_document_that_broke_off_adds_nothing_twice(world: World) -> None:
    whole = rss("c", "b", "a")
    world.site["/feed"] = document(whole[: whole.index(b"<guid isPermaLink='false'>g-a")])
    assert "not well-formed" in (await world.add()).feed.fault
    world.site["/feed"] = document(whole)
    await world.refresh()
    assert sorted(await world.titles()) == ["a", "b", "c"]


async def test_what_is_not_due_is_not_asked(world: World) -> None:
    world.site["/feed"] = document(rss("a"), etag='"1"')
    await world.add()
    result = await world.refresh(after=60)
    assert (result.outcome, len(world.site.log)) == ("waiting", 1)
    assert result.next_at is not None
    progress = await world.library.refresh(force=True)
    assert (progress.done, world.site.log[-1].is_conditional) == (1, True)


@pytest.mark.row("H09")
async def test_retry_after_holds_over_a_wish_and_a_restart(world: World) -> None:
    world.site["/feed"] = document(rss("a"))
    await world.add()
    world.site["/feed"] = Answer(429, b"slow down", headers=[("Retry-After", str(3 * DAY))])
    await world.refresh()
    asked = len(world.site.log)
    world.now += 2 * DAY
    await world.restart()
    (waiting,) = (await world.library.refresh(force=True)).results
    assert (waiting.outcome, waiting.message) == ("waiting", "the server asked us to wait")
    assert len(world.site.log) == asked
    world.now += DAY
    assert (await world.library.refresh()).done == 1


@pytest.mark.row("H12")
async def test_gone_stops_asking_and_keeps_everything(world: World) -> None:
    world.site["/feed"] = document(rss("a"))
    await world.add()
    world.site["/feed"] = Answer(410)
    await world.refresh()
    asked = len(world.site.log)
    assert (await world.refresh(after=60 * DAY)).outcome == "waiting"
    assert len(world.site.log) == asked
    assert await world.titles() == ["a"]


async def test_one_broken_feed_among_many_touches_no_other(world: World) -> None:
    for number in range(12):
        world.site[f"/{number}"] = document(rss("a", title=f"Blog {number}"))
        await world.add(f"/{number}")
    for number in range(12):
        world.site[f"/{number}"] = document(rss("b", "a", title=f"Blog {number}"))
    world.site["/3"] = raw(RESET)
    world.site["/5"] = Answer(body=b"<html><body>no</body></html>")
    world.site["/7"] = Answer(body=b"<rss version='2.0'><channel><item><title>&#xD800;</title></item></channel></rss>")
    world.now += 2 * DAY
    progress = await world.library.refresh()
    outcomes = {result.title: result.outcome for result in progress.results}
    assert {title for title, outcome in outcomes.items() if outcome == "failed"} == {"Blog 3", "Blog 5", "Blog 7"}
    assert (progress.done, progress.errors, progress.new) == (12, 3, 9)
    assert world.site.most_at_once["127.0.0.1"] == 1


@pytest.mark.row("F05")
async def test_an_edit_of_a_read_entry_leaves_it_read(world: World) -> None:
    world.site["/feed"] = document(rss("a"))
    await world.add()
    ids = await world.library.ids(Scope("all"))
    await world.library.mark(ids, True)
    world.site["/feed"] = document(rss("a").replace(b"about a", b"about A, corrected"))
    assert (await world.refresh()).changed == 1
    (row,) = await world.library.rows(ids)
    assert (row.read, row.edited) == (True, True)
    assert "corrected" in (await world.library.entry(row.id)).html


async def test_progress_and_changes_are_told(world: World) -> None:
    world.site["/feed"] = document(rss("a"))
    await world.add()
    seen: list[tuple[int, int, bool]] = []
    changes: list[Change] = []
    world.library.on_progress(lambda one: seen.append((one.done, one.total, one.running)))
    world.library.on_change(changes.append)
    world.site["/feed"] = document(rss("b", "a"))
    await world.refresh()
    assert seen == [(0, 1, True), (1, 1, True), (1, 1, False)]
    assert sum(change.new_entries for change in changes) == 1


# ---------------------------------------------------------------- offline


async def test_without_the_network_everything_stored_can_be_read(world: World) -> None:
    world.site["/feed"] = document(rss("a", extra="<wfw:commentRss>/{name}/comments</wfw:commentRss>"))
    await world.add()
    offline = await world.open(offline=True)
    (row,) = await offline.first(Scope("all"))
    with pytest.raises(Offline):
        await offline.refresh()
    with pytest.raises(Offline):
        await offline.add(world.site.url("/other"))
    looked = await offline.look(row.id)
    assert (looked.asked, looked.message) == (False, "the network is off (--offline)")
    assert (await offline.entry(row.id)).html == "about a"
    assert len(world.site.log) == 1


# ---------------------------------------------------------------- discussions

COMMENT = "<item><title>By: {author}</title><link>/a/#comment-{n}</link><guid isPermaLink='false'>g-a#comment-{n}</guid><dc:creator>{author}</dc:creator><description>{html}</description></item>"


def comments(*made: tuple[int, str, str]) -> bytes:
    items = "".join(COMMENT.format(n=n, author=author, html=html) for n, author, html in made)
    return (
        "<rss version='2.0' xmlns:dc='http://purl.org/dc/elements/1.1/'><channel><title>Comments on a</title>"
        f"{items}</channel></rss>"
    ).encode()


async def test_a_comment_feed_becomes_a_thread_and_what_comes_later_is_new(world: World) -> None:
    link = '&lt;p&gt;In reply to &lt;a href="/a/#comment-1"&gt;Ann&lt;/a&gt;.&lt;/p&gt;&lt;p&gt;Yes.&lt;/p&gt;'
    world.site["/feed"] = document(rss("a", extra="<wfw:commentRss>/talk/{name}</wfw:commentRss>"))
    world.site["/talk/a"] = document(comments((2, "Bob", link), (1, "Ann", "First.")), etag='"c1"')
    await world.add()
    (row,) = await world.library.first(Scope("all"))
    assert (await world.library.look(row.id)).new == 2
    thread = await world.library.thread(row.id)
    assert [(item.depth, item.comment.author, item.comment.confidence) for item in thread.items if item.comment] == [
        (0, "Ann", Confidence.NONE),
        (1, "Bob", Confidence.STRONG),
    ]
    asked = len(world.site.log)
    assert not (await world.library.look(row.id)).asked
    assert len(world.site.log) == asked
    await world.library.visit(row.id)
    world.now += HOUR
    again = await world.library.look(row.id)
    assert (again.asked, again.new, again.failed) == (True, 0, False)
    assert world.site.log[-1].header("if-none-match") == b'"c1"'
    world.site["/talk/a"] = document(comments((3, "Cid", "Third."), (2, "Bob", link)), etag='"c2"')
    world.now += HOUR
    assert (await world.library.look(row.id)).new == 1
    assert (await world.library.thread(row.id)).new == 1
    (row,) = await world.library.rows([row.id])
    assert (row.comments_stored, row.comments_new) == (3, 1)
    assert (await world.library.counts()).comments_new == 1
    await world.library.visit(row.id)
    assert (await world.library.thread(row.id)).new == 0


async def test_a_discussion_that_fails_keeps_what_it_had(world: World) -> None:
    world.site["/feed"] = document(rss("a", extra="<wfw:commentRss>/talk/{name}</wfw:commentRss>"))
    world.site["/talk/a"] = document(comments((1, "Ann", "First.")))
    await world.add()
    (row,) = await world.library.first(Scope("all"))
    await world.library.look(row.id)
    world.site["/talk/a"] = Answer(body=b"<html><body>gone</body></html>")
    world.now += 2 * DAY
    looked = await world.library.look(row.id)
    assert (looked.failed, looked.message) == (True, "sent a web page instead of a feed")
    assert (await world.library.thread(row.id)).held == 1


async def test_an_entry_without_a_discussion_asks_nobody(world: World) -> None:
    world.site["/feed"] = document(rss("a"))
    await world.add()
    (row,) = await world.library.first(Scope("all"))
    assert not (await world.library.look(row.id)).asked
    assert len(world.site.log) == 1


@pytest.mark.row("H20")
async def test_a_comment_feed_does_not_lead_into_a_private_network(world: World) -> None:
    world.site["/feed"] = document(rss("a", extra="<wfw:commentRss>http://10.0.0.1/{name}</wfw:commentRss>"))
    await world.add()
    (row,) = await world.library.first(Scope("all"))
    looked = await world.library.look(row.id)
    assert (looked.failed, looked.message) == (True, "the address leads into a private network")


# ---------------------------------------------------------------- acts, other processes


async def test_acts_can_be_taken_back_after_a_restart(world: World) -> None:
    world.site["/feed"] = document(rss("b", "a"))
    await world.add()
    ids = list(await world.library.ids(Scope("all")))
    await world.library.star(ids[:1], True)
    await world.library.mark(ids, True)
    await world.restart()
    undone = await world.library.undo()
    assert undone is not None
    assert set(undone.entries) == set(ids)
    assert [row.read for row in await world.library.rows(ids)] == [False, False]
    await world.library.undo()
    assert (await world.library.counts()).starred == 0
    await world.library.redo()
    await world.library.redo()
    assert (await world.library.counts()).unread == 0
    assert (await world.library.counts()).starred == 1


@pytest.mark.row("N05")
async def test_undo_takes_back_the_act_and_not_the_refresh(world: World) -> None:
    world.site["/feed"] = document(rss("a"))
    await world.add()
    await world.library.mark(await world.library.ids(Scope("all")), True)
    world.site["/feed"] = document(rss("b", "a"))
    await world.refresh()
    await world.library.undo()
    assert sorted(await world.titles(Scope("unread"))) == ["a", "b"]


async def test_another_librarys_write_is_noticed(world: World) -> None:
    world.site["/feed"] = document(rss("a"))
    await world.add()
    other = await world.open()
    changes: list[Change] = []
    other.on_change(changes.append)
    assert not await other.poll_outside()
    await world.library.mark(await world.library.ids(Scope("all")), True)
    assert await other.poll_outside()
    assert [change.everything for change in changes] == [True]
    assert not await other.poll_outside()
    await other.mark(await other.ids(Scope("all")), False)
    assert not await other.poll_outside()


async def _until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not holds():
            await asyncio.sleep(0.01)


async def test_a_second_refresh_of_the_same_library_waits_or_is_told(world: World) -> None:
    go = threading.Event()
    world.site["/feed"] = document(rss("a"))
    await world.add()
    feed = rss("b", "a")
    world.site["/feed"] = raw(go, b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(feed) + feed)
    world.now += 2 * DAY
    other = await world.open()
    first = asyncio.create_task(world.library.refresh())
    await _until(lambda: len(world.site.log) == 2)
    with pytest.raises(LibraryBusy, match="another refresh is running"):
        await other.refresh()
    second = asyncio.create_task(other.refresh(wait=True))
    go.set()
    assert (await first).new == 1
    assert (await second).waiting == 1
    assert len(world.site.log) == 2


async def test_a_refresh_that_is_broken_off_keeps_what_it_got(world: World) -> None:
    never = threading.Event()
    for name in ("one", "two"):
        world.site[f"/{name}"] = document(rss("a", title=name))
        await world.add(f"/{name}")
        world.site[f"/{name}"] = document(rss("b", "a", title=name))
    world.site["/two"] = raw(never)
    world.now += 2 * DAY
    running = asyncio.create_task(world.library.refresh())
    await _until(lambda: len(world.site.asked("/two")) == 2)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    never.set()
    assert {feed.title: feed.entries for feed in await world.library.feeds()} == {"one": 2, "two": 1}
    world.site["/two"] = document(rss("b", "a", title="two"))
    assert (await world.library.refresh()).new == 1


# ---------------------------------------------------------------- lists


async def test_opml_in_and_out(world: World) -> None:
    listed = (
        b'<opml version="2.0"><body><outline text="News"><outline text="Local"><outline text="A" xmlUrl="https://a.example/feed" '
        b'htmlUrl="https://a.example/"/></outline></outline><outline text="B" xmlUrl="https://b.example/"/>'
        b'<outline text="Nothing"/><outline text="B again" xmlUrl="https://b.example/"/></body></opml>'
    )
    report = await world.library.import_opml(listed)
    assert report.added == ("https://a.example/feed", "https://b.example/")
    assert report.present == ()
    assert {what for what, _ in report.skipped} == {"Nothing", "B again"}
    assert world.site.log == []
    written = opml.read(await world.library.export_opml())
    assert {(one.url, one.title, one.folder) for one in written.feeds} == {
        ("https://a.example/feed", "A", "News / Local"),
        ("https://b.example/", "B", ""),
    }
    again = await world.library.import_opml(listed)
    assert (again.added, set(again.present)) == ((), set(report.added))
    assert len(await world.library.feeds()) == 2


@pytest.mark.parametrize("document_", [b"", b"<html></html>", b'<!DOCTYPE x [<!ENTITY a "b">]><opml/>'])
async def test_what_is_no_list_changes_nothing(world: World, document_: bytes) -> None:
    with pytest.raises(BadInput):
        await world.library.import_opml(document_)
    assert await world.library.feeds() == ()


# ---------------------------------------------------------------- odds and ends


async def test_what_the_screen_remembers(world: World) -> None:
    await world.library.remember("pane", {"width": 30, "name": "日"})
    await world.restart()
    assert await world.library.recall("pane") == {"width": 30, "name": "日"}
    assert await world.library.recall("other") is None


async def test_words_are_found_in_entries_and_comments(world: World) -> None:
    world.site["/feed"] = document(rss("a", "b", extra="<wfw:commentRss>/talk/{name}</wfw:commentRss>"))
    world.site["/talk/a"] = document(comments((1, "Ann", "A marmalade recipe.")))
    await world.add()
    rows = {row.title: row.id for row in await world.library.first(Scope("all"))}
    await world.library.look(rows["a"])
    await world.library.index()
    assert [hit.row.title for hit in await world.library.search("about b")] == ["b"]
    (hit,) = await world.library.search("marmalade")
    assert (hit.row.id, hit.comment_id is not None) == (rows["a"], True)


async def test_the_index_catches_up_behind_a_refresh_and_says_when_it_has(world: World) -> None:
    world.site["/feed"] = document(rss("a", "b"))
    caught_up = threading.Event()
    world.library.on_change(lambda change: caught_up.set() if change.indexed else None)
    await world.add()
    assert await asyncio.to_thread(caught_up.wait, 30)
    assert await world.library.unindexed() == 0
    assert [hit.row.title for hit in await world.library.search("about b")] == ["b"]


async def test_what_was_not_indexed_when_the_reader_closed_is_made_up_for_by_the_next(world: World) -> None:
    world.site["/feed"] = document(rss("a", "b"))
    await world.add()
    assert await world.library.unindexed() == 2
    await world.restart()
    left: list[int] = []
    await world.library.index(left.append)
    assert left == [2]
    assert len(await world.library.search("about")) == 2


async def test_the_index_waits_while_another_process_refreshes(world: World) -> None:
    world.site["/feed"] = document(rss("a", "b"))
    await world.add()
    lock = FileLock(beside(world.path, "refresh"))
    assert lock.take()
    assert not await world.library._engine.write(world.library._catch_up, lambda: False)
    assert await world.library.unindexed() == 2
    lock.close()
    await world.library._engine.write(world.library._catch_up, lambda: False)
    assert await world.library.unindexed() == 0
