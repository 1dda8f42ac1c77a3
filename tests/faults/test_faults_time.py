"""F and K: what feeds do over weeks, and what clocks do to them."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import format_datetime

import pytest

from tests.faults.world import DAY, HOUR, NOW, World, rss
from tests.site import Answer, Asked, document, redirect
from tui_reader.discussion.run import MOST_FOLLOWED
from tui_reader.model import Scope

PAGE = Answer(body=b"<!doctype html><html><body>Welcome to the hotel. Log in.</body></html>", type="text/html")
WEEK = 7 * DAY


def atom(*names: str) -> bytes:
    entries = "".join(
        f"<entry><id>g-{name}</id><title>{name}</title><link href='/{name}'/><content>about {name}</content></entry>"
        for name in names
    )
    return f"<feed xmlns='http://www.w3.org/2005/Atom'><title>Blog</title><link href='/'/>{entries}</feed>".encode()


def items(*written: str) -> bytes:
    inner = "".join(f"<item>{one}</item>" for one in written)
    return f"<rss version='2.0'><channel><title>Blog</title><link>/</link>{inner}</channel></rss>".encode()


def mail(at: int) -> str:
    return format_datetime(datetime.fromtimestamp(at, UTC))


# ---------------------------------------------------------------- who is who


@pytest.mark.row("F01")
@pytest.mark.parametrize(
    ("written", "count"),
    [
        (["<title>a</title>", "<title>b</title>", "<title>c</title>"], 3),
        (["<guid>x</guid><title>a</title><link>/a</link>", "<guid>x</guid><title>b</title><link>/b</link>"], 2),
        ([f"<guid>x</guid><title>t{n}</title><link>/{n}</link>" for n in range(10)], 10),
        (["<title>a</title><link>/</link>", "<title>b</title><link>/</link>"], 2),
        (["<guid>x</guid><title>a</title><link>/a</link>"] * 3, 1),
    ],
    ids=["none", "twice", "the same for all", "one link for all", "one item three times"],
)
async def test_identity(world: World, written: list[str], count: int) -> None:
    feed = await world.subscribe("/feed", items(*written))
    assert len(await world.titles()) == count
    await world.mark(*(await world.titles()))
    world.site["/feed"] = document(items(*reversed(written)) + b"<!-- turned -->")
    await world.refresh()
    assert (await world.feed(feed)).entries == count
    assert await world.titles(unread=True) == []


@pytest.mark.row("F02")
async def test_guids_that_change_their_spelling(world: World) -> None:
    def feed(scheme: str, host: str, query: str) -> bytes:
        pages = [f"{scheme}://{host}/{n}{query}" for n in range(3)]
        return items(*(f"<guid>{page}</guid><link>{page}</link><title>t{n}</title>" for n, page in enumerate(pages)))

    await world.subscribe("/feed", feed("http", "blog.example", ""))
    await world.mark("t0", "t1", "t2")
    for spelling in (
        ("https", "blog.example", ""),
        ("https", "www.blog.example", ""),
        ("https", "www.blog.example", "?utm_source=rss&amp;utm_medium=feed"),
        ("http", "blog.example", ""),
    ):
        world.site["/feed"] = document(feed(*spelling))
        await world.refresh()
        assert len(await world.titles()) == 3
        assert await world.titles(unread=True) == []


@pytest.mark.row("F03")
async def test_one_guid_in_two_feeds(world: World) -> None:
    world.twice = frozenset({"a"})
    first = await world.subscribe("/one", rss("a", title="One"))
    second = await world.subscribe("/two", rss("a", title="Two"))
    assert [(await world.feed(feed)).entries for feed in (first, second)] == [1, 1]


@pytest.mark.row("F04", "F05")
async def test_edits_and_guids_used_again(world: World) -> None:
    feed = await world.subscribe("/feed", items("<guid>1</guid><title>Old</title><description>old words</description>"))
    await world.mark("Old")
    for text in ("<title>Old!</title><description>old words</description>",
                 "<title>Quite another</title><description>new words</description>"):  # fmt: skip
        world.site["/feed"] = document(items(f"<guid>1</guid>{text}"))
        assert (await world.result()).changed == 1
    assert await world.titles(feed) == ["Quite another"]
    assert await world.titles(feed, unread=True) == []
    (row,) = await world.library.first(Scope("feed", feed_id=feed.id))
    assert row.edited
    assert [version.title for version in await world.library.versions(row.id)] == ["Old", "Old!"]


@pytest.mark.row("F05")
async def test_a_new_date_alone_is_no_edit(world: World) -> None:
    feed = await world.subscribe("/feed", rss("a", extra=f"<pubDate>{mail(NOW - DAY)}</pubDate>"))
    await world.mark("a")
    world.site["/feed"] = document(rss("a", extra=f"<pubDate>{mail(NOW + DAY)}</pubDate>"))
    await world.refresh()
    (row,) = await world.library.first(Scope("feed", feed_id=feed.id))
    assert (row.edited, row.read) == (False, True)


# ---------------------------------------------------------------- hotels, moves, flips


@pytest.mark.row("F06")
@pytest.mark.parametrize("way", ["page", "301", "302", "to another host", "404"])
async def test_a_hotel_network_for_an_hour(world: World, way: str) -> None:
    world.site["/login"] = PAGE
    answers = {
        "page": PAGE,
        "301": redirect("/login", 301),
        "302": redirect("/login", 302),
        "to another host": redirect(world.site.url("/login", host="localhost"), 301),
        "404": Answer(404),
    }
    feeds = [await world.subscribe(f"/{n}", rss(f"a{n}", f"b{n}", title=f"F{n}"), etag=f'"{n}"') for n in range(8)]
    await world.mark("a1", "a2")
    await world.star("b1")
    before = [await world.feed(feed) for feed in feeds]
    for n in range(8):
        world.site[f"/{n}"] = answers[way]
    for after in (2 * DAY, 1200, 1200, 1200):
        await world.refresh(after, force=True)
    found = [await world.feed(feed) for feed in feeds]
    assert [feed.url for feed in found] == [feed.url for feed in before]
    assert [feed.poll.validators for feed in found] == [feed.poll.validators for feed in before]
    assert [feed.title for feed in found] == [feed.title for feed in before]
    assert all(feed.poll.error for feed in found)
    for n in range(8):
        world.site[f"/{n}"] = document(rss(f"c{n}", f"a{n}", f"b{n}", title=f"F{n}"), etag='"new"')
    assert (await world.refresh(2 * HOUR)).errors == 0
    found = [await world.feed(feed) for feed in feeds]
    assert [(feed.entries, feed.poll.error) for feed in found] == [(3, "")] * 8


@pytest.mark.row("F07")
async def test_a_feed_that_changes_its_kind(world: World) -> None:
    feed = await world.subscribe("/feed", rss("a", "b"))
    await world.mark("a", "b")
    for route in (document(atom("a", "b")), PAGE, document(rss("a", "b")), document(atom("c", "a", "b"))):
        world.site["/feed"] = route
        await world.refresh()
    assert (await world.feed(feed)).entries == 3
    assert await world.titles(unread=True) == ["c"]


@pytest.mark.row("F08")
async def test_what_comes_back_is_not_new(world: World) -> None:
    await world.subscribe("/feed", rss("a", "b"))
    await world.mark("a")
    for later in (DAY, 200 * DAY):
        world.site["/feed"] = document(rss("b"))
        await world.refresh(later)
        world.site["/feed"] = document(rss("a", "b"))
        assert (await world.result(after=later)).new == 0
    assert await world.titles(unread=True) == ["b"]


@pytest.mark.row("F09", "X12")
async def test_a_feed_that_is_emptied_and_then_sold(world: World) -> None:
    names = [f"n{n}" for n in range(50)]
    feed = await world.subscribe("/feed", rss(*names))
    await world.star("n7")
    world.site["/feed"] = document(rss())
    result = await world.result()
    assert result.outcome == "unchanged"
    assert "lists no articles any more" in (await world.feed(feed)).fault
    await world.fault("/feed", Answer(body=b"<html><body>This domain is for sale</body></html>", type="text/html"))
    assert (await world.feed(feed)).entries == 50
    world.site["/feed"] = document(rss("casino", title="Best casino"))
    assert (await world.result()).new == 1
    assert (await world.feed(feed)).entries == 51


@pytest.mark.row("F10")
@pytest.mark.parametrize("dated", [True, False])
async def test_an_archive_at_once_is_no_flood(world: World, dated: bool) -> None:
    def item(n: int) -> str:
        when = f"<pubDate>{mail(NOW - n * HOUR)}</pubDate>" if dated else ""
        return f"<guid>{n}</guid><title>t{n}</title><link>/{n}</link>{when}"

    feed = await world.subscribe("/feed", items(*map(item, range(10))))
    await world.mark(*(f"t{n}" for n in range(10)))
    fresh = f"<guid>new</guid><title>new</title><pubDate>{mail(NOW + DAY)}</pubDate>"
    world.site["/feed"] = document(items(fresh, *map(item, range(2000))))
    result = await world.result()
    found = await world.feed(feed)
    assert found.entries == 2001
    assert found.unread <= 101
    assert "new" in await world.titles(feed, unread=True)
    assert "older articles came at once" in result.message
    assert "here as read" in result.message


@pytest.mark.row("F10")
async def test_a_long_absence_from_a_busy_feed_is_news(world: World) -> None:
    old = f"<guid>0</guid><title>t0</title><pubDate>{mail(NOW - HOUR)}</pubDate>"
    feed = await world.subscribe("/feed", items(old))
    later = [f"<guid>{n}</guid><title>t{n}</title><pubDate>{mail(NOW + n * HOUR)}</pubDate>" for n in range(1, 400)]
    world.site["/feed"] = document(items(*reversed(later), old))
    await world.refresh(30 * DAY)
    assert (await world.feed(feed)).unread == 400


@pytest.mark.row("F10")
async def test_an_order_that_turns(world: World) -> None:
    names = [f"n{n}" for n in range(30)]
    await world.subscribe("/feed", rss(*names))
    await world.mark(*names[:10])
    listed = await world.titles()
    world.site["/feed"] = document(rss(*reversed(names)))
    assert (await world.result()).new == 0
    assert await world.titles() == listed


@pytest.mark.row("F11")
async def test_ones_own_name_stays(world: World) -> None:
    feed = await world.subscribe("/feed", rss("a", title="Its name"))
    await world.library.rename(feed.id, "My name")
    world.site["/feed"] = document(rss("a", title="Buy now!!!"))
    await world.refresh()
    assert (await world.feed(feed)).title == "My name"
    await world.library.rename(feed.id, "")
    assert (await world.feed(feed)).title == "Buy now!!!"


@pytest.mark.row("F12")
async def test_pages_of_comments_without_end_are_capped(world: World) -> None:
    """Older pages (RFC 5005) are asked for on request only, for discussions; a feed's own archive is never walked."""

    def talk(asked: Asked) -> Answer:
        number = int(asked.target.partition("page=")[2] or 0)
        entry = f"<entry><id>c{number}</id><title>c</title><content>said {number}</content></entry>"
        link = f"<link rel='next' href='/talk?page={number + 1}'/>"
        body = f"<feed xmlns='http://www.w3.org/2005/Atom'><title>Comments</title>{link}{entry}</feed>"
        return Answer(body=body.encode())

    world.site["/talk"] = talk
    extra = "<wfw:commentRss xmlns:wfw='http://wellformedweb.org/CommentAPI/'>/talk</wfw:commentRss>"
    feed = await world.subscribe(
        "/feed",
        rss(
            "a",
            extra=extra,
            channel="<atom:link xmlns:atom='http://www.w3.org/2005/Atom' rel='prev-archive' href='/1'/>",
        ),
    )
    (row,) = await world.library.first(Scope("feed", feed_id=feed.id))
    await world.library.look(row.id, force=True)
    await world.library.back_fill(row.id)
    assert 1 < len(world.site.asked("/talk")) <= MOST_FOLLOWED + 2
    assert world.site.asked("/1") == []


@pytest.mark.row("F13", "Y12")
@pytest.mark.parametrize(
    ("channel", "least", "most"),
    [
        ("<ttl>0</ttl>", HOUR, 2 * HOUR),
        ("<ttl>1000000000</ttl>", HOUR, WEEK),
        ("<ttl>-5</ttl>", HOUR, 2 * HOUR),
        (f"<skipHours>{''.join(f'<hour>{n}</hour>' for n in range(24))}</skipHours>", HOUR, 2 * HOUR),
        ("<skipDays>" + "".join(f"<day>{day}</day>" for day in
         ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")) + "</skipDays>", HOUR, 2 * HOUR),
    ],
)  # fmt: skip
async def test_what_feeds_ask_for_has_bounds(world: World, channel: str, least: int, most: int) -> None:
    feed = await world.subscribe("/feed", rss("a", channel=channel), etag='"1"')
    at = (await world.feed(feed)).poll.next_at
    assert at is not None
    assert least <= at - world.now <= most
    world.now += WEEK + 1
    assert (await world.result(after=0)).outcome == "unchanged"


# ---------------------------------------------------------------- clocks


@pytest.mark.row("K01", "P08")
@pytest.mark.parametrize("jump", [-10 * 365 * DAY, 10 * 365 * DAY, -DAY, -90, 8 * HOUR])
async def test_a_clock_that_jumps(world: World, jump: int) -> None:
    """No storm: a second refresh right after asks nobody. No silence: within a week everything is asked."""
    feeds = [await world.subscribe(f"/{n}", rss(f"a{n}"), etag='"1"') for n in range(5)]
    await world.mark("a1")
    await world.refresh(2 * HOUR)
    await world.refresh(jump)
    await world.restart()
    asked = len(world.site.log)
    done = await world.library.refresh()
    assert (done.total, len(world.site.log)) == (0, asked)
    world.now += WEEK
    await world.library.refresh()
    for feed in feeds:
        checked = (await world.feed(feed)).poll.checked_at
        assert checked is not None
        assert abs(world.now - checked) < 60


@pytest.fixture
def zones() -> Iterator[None]:
    before = os.environ.get("TZ")
    yield
    os.environ.pop("TZ", None)
    if before is not None:
        os.environ["TZ"] = before
    time.tzset()


@pytest.mark.row("K01")
@pytest.mark.usefixtures("zones")
async def test_zones_and_leap_days_change_no_wait(world: World) -> None:
    world.now = int(datetime(2028, 2, 28, 23, 30, tzinfo=UTC).timestamp())
    feed = await world.subscribe("/feed", rss("a"), etag='"1"')
    for zone in ("Europe/Berlin", "Asia/Kathmandu", "America/St_Johns", "UTC"):
        os.environ["TZ"] = zone
        time.tzset()
        before = len(world.site.asked("/feed"))
        await world.library.refresh()
        assert len(world.site.asked("/feed")) == before
        assert (await world.refresh(DAY)).errors == 0
        assert len(world.site.asked("/feed")) == before + 1
        assert (await world.library.counts()).all > 0
        assert world.line(await world.feed(feed)) if (await world.feed(feed)).poll.error else True


@pytest.mark.row("K02", "K03")
async def test_dates_that_are_none_pin_nothing_to_the_top(world: World) -> None:
    odd = ["", "soon", "0000-00-00", "1970-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "1704067200", "Feb 30 2025",
           "Mon, 01 Jan 2024 24:00:00 GMT", "Mon, 01 Jan 2024 10:00:00 MSK", "\x1b[31m", "2041-05-05T00:00:00Z",
           mail(NOW + HOUR), mail(NOW + 365 * DAY), "-1", "1e400"]  # fmt: skip
    written = [f"<guid>{n}</guid><title>odd {n}</title><pubDate>{text}</pubDate>" for n, text in enumerate(odd)]
    written = [text.replace("\x1b", "") for text in written]
    feed = await world.subscribe("/feed", items(*written))
    rows = await world.library.first(Scope("feed", feed_id=feed.id))
    assert len(rows) == len(odd)
    assert all(0 < row.sort_at <= NOW for row in rows)
    claimed = {row.title: row.published for row in rows}
    assert claimed["odd 12"] == NOW + 365 * DAY
    assert claimed["odd 1"] is None
    late = f"<guid>late</guid><title>late</title><pubDate>{mail(NOW + DAY)}</pubDate>"
    world.site["/feed"] = document(items(late, *written))
    await world.refresh()
    assert (await world.titles(feed))[0] == "late"


@pytest.mark.row("K04")
async def test_dates_that_are_new_at_each_fetch(world: World) -> None:
    def feed(asked: Asked) -> Answer:
        return Answer(body=rss("a", "b", "c", extra=f"<pubDate>{mail(world.now)}</pubDate>"))

    await world.subscribe("/feed", feed)
    await world.mark("a")
    order = await world.titles()
    for _ in range(3):
        assert (await world.result()).new == 0
        assert await world.titles() == order
    assert await world.titles(unread=True) == [name for name in order if name != "a"]
