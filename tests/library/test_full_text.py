"""Full text: the page of an article is fetched when it is wanted, kept, found, and never asked for in vain."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.site import Answer, Site, document
from tui_reader.config import Config
from tui_reader.document.html import plain
from tui_reader.errors import Offline, Refused
from tui_reader.library import Library
from tui_reader.model import Scope
from tui_reader.net.client import Fetcher
from tui_reader.refresh import full_text

NOW = 1_767_300_000
SENTENCE = "The tide comes in twice a day, and twice a day the causeway is under water, whatever the timetable says. "


def page(title: str, *, words: str = SENTENCE * 12, head: str = "", type: str = "text/html; charset=utf-8") -> Answer:
    body = f"""<!doctype html><html><head><title>{title}</title>{head}</head><body>
    <nav><a href="/">Home</a> <a href="/about">About the harbour</a></nav>
    <article><h1>{title}</h1><p>{words}</p><p>{words} <a href="notes.html">the notes</a></p>
    <figure><img src="pic.png" alt="A boat"><figcaption>A boat at low tide</figcaption></figure></article>
    <script>alert("no")</script><footer>Subscribe to our newsletter</footer></body></html>"""
    return Answer(body=body.encode("utf-8"), type=type)


class Harbour:
    """A feed of short texts whose pages tell the rest."""

    def __init__(self, site: Site, path: Path) -> None:
        self.site = site
        self.path = path
        self.now = NOW
        self.library: Library

    async def open(self) -> None:
        self.library = await Library.open(self.path, Config(), clock=lambda: self.now, fetching=Fetcher)

    def feed(self, *names: str) -> None:
        items = "".join(
            f"<item><title>{name}</title><guid isPermaLink='false'>{name}</guid>"
            f"<link>{self.site.url(f'/{name}/')}</link><description>A few words on {name}.</description></item>"
            for name in names
        )
        self.site["/feed"] = document(f"<rss version='2.0'><channel><title>H</title>{items}</channel></rss>".encode())

    async def subscribe(self, *names: str) -> None:
        self.feed(*names)
        await self.library.add(self.site.url("/feed"))

    async def id(self, name: str) -> int:
        return next(row.id for row in await self.library.first(Scope("all")) if row.title == name)

    async def refresh(self) -> None:
        self.now += 2 * 86_400
        await self.library.refresh()

    def asked(self, *names: str) -> list[int]:
        return [len(self.site.asked(f"/{name}/")) for name in names]


@pytest.fixture
async def harbour(tmp_path: Path) -> AsyncIterator[Harbour]:
    with Site() as site:
        made = Harbour(site, tmp_path / "library.db")
        await made.open()
        yield made
        await made.library.close()


async def test_a_page_is_fetched_once_kept_and_found(harbour: Harbour) -> None:
    await harbour.subscribe("tide")
    harbour.site["/tide/"] = page("Tide")
    tide = await harbour.id("tide")
    await harbour.library.index()
    assert await harbour.library.search("causeway") == ()
    await harbour.library.full_text(tide)
    entry = await harbour.library.entry(tide)
    assert entry.full is not None
    assert entry.full.shown
    words = plain(entry.full.html)
    assert "The tide comes in twice a day" in words
    assert "A boat at low tide" in words
    assert "newsletter" not in words
    assert "alert" not in entry.full.html
    assert harbour.site.url("/tide/notes.html") in entry.full.html
    assert entry.html == "A few words on tide."
    await harbour.library.index()
    assert [hit.row.id for hit in await harbour.library.search("causeway")] == [tide]
    assert [hit.row.id for hit in await harbour.library.search("few words")] == [tide]
    assert harbour.asked("tide") == [1]
    await harbour.library.show_full_text((tide,), False)
    entry = await harbour.library.entry(tide)
    assert entry.full is not None
    assert not entry.full.shown


async def test_an_edit_of_the_feed_does_not_take_the_page_out_of_the_search(harbour: Harbour) -> None:
    await harbour.subscribe("tide")
    harbour.site["/tide/"] = page("Tide")
    tide = await harbour.id("tide")
    await harbour.library.full_text(tide)
    harbour.site["/feed"] = document(
        f"<rss version='2.0'><channel><title>H</title><item><title>tide</title><guid isPermaLink='false'>tide</guid>"
        f"<link>{harbour.site.url('/tide/')}</link><description>Other words.</description></item></channel></rss>".encode()
    )
    await harbour.refresh()
    await harbour.library.index()
    assert [hit.row.id for hit in await harbour.library.search("causeway")] == [tide]
    assert [hit.row.id for hit in await harbour.library.search("other words")] == [tide]
    assert await harbour.library.search("few words") == ()
    (before,) = await harbour.library.versions(tide)
    assert (before.title, before.html) == ("tide", "A few words on tide.")


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Answer(404, reason="Not Found"), "404"),
        (Answer(503), "503"),
        (Answer(body=b"%PDF-1.7 not a page", type="application/pdf"), "application/pdf"),
        (page("Shell", words="Please turn on JavaScript."), "a page without an article"),
        (Answer(body=b"", type="text/html"), "127.0.0.1"),
        (Answer(body=b"\x00\xff<html><<<table", type="text/html"), "127.0.0.1"),
    ],
)
async def test_what_is_no_article_is_one_line_and_the_feeds_text_stays(
    harbour: Harbour, answer: Answer, said: str
) -> None:
    await harbour.subscribe("tide")
    harbour.site["/tide/"] = answer
    tide = await harbour.id("tide")
    with pytest.raises((Refused, Offline), match="the feed's text stays") as raised:
        await harbour.library.full_text(tide)
    assert said in str(raised.value)
    assert "\n" not in str(raised.value)
    entry = await harbour.library.entry(tide)
    assert entry.html == "A few words on tide."
    assert entry.full is None or entry.full.error


async def test_a_fault_does_not_lose_what_was_fetched_before(harbour: Harbour) -> None:
    await harbour.subscribe("tide")
    harbour.site["/tide/"] = [page("Tide"), Answer(404)]
    tide = await harbour.id("tide")
    await harbour.library.full_text(tide)
    with pytest.raises(Refused):
        await harbour.library.full_text(tide)
    entry = await harbour.library.entry(tide)
    assert entry.full is not None
    assert "causeway" in entry.full.html


async def test_nothing_is_asked_inside_a_retry_after(harbour: Harbour) -> None:
    await harbour.subscribe("tide", "mud")
    harbour.site["/tide/"] = Answer(429, headers=[("Retry-After", "600")])
    harbour.site["/mud/"] = page("Mud")
    for name in ("tide", "mud", "tide"):
        with pytest.raises(Refused):
            await harbour.library.full_text(await harbour.id(name))
    assert harbour.asked("tide", "mud") == [1, 0]
    harbour.now += 601
    await harbour.library.full_text(await harbour.id("mud"))
    assert harbour.asked("mud") == [1]


async def test_a_feed_that_is_always_read_in_full_asks_for_each_new_page_once(harbour: Harbour) -> None:
    await harbour.subscribe("tide", "mud")
    for name in ("tide", "mud", "gull"):
        harbour.site[f"/{name}/"] = page(name)
    harbour.site["/mud/"] = Answer(404)
    await harbour.refresh()
    assert harbour.asked("tide", "mud") == [0, 0]
    (feed,) = await harbour.library.feeds()
    change = await harbour.library.always_in_full(feed.id, True)
    assert change.label == "H is always read in full"
    await harbour.refresh()
    assert harbour.asked("tide", "mud", "gull") == [1, 1, 0]
    harbour.feed("gull", "tide", "mud")
    await harbour.refresh()
    await harbour.refresh()
    assert harbour.asked("tide", "mud", "gull") == [1, 1, 1]
    gull = await harbour.library.entry(await harbour.id("gull"))
    assert gull.full is not None
    assert not gull.row.read
    await harbour.library.undo()
    assert not (await harbour.library.feeds())[0].full_text


async def test_a_host_in_trouble_is_left_alone_for_the_rest_of_a_refresh(harbour: Harbour) -> None:
    await harbour.subscribe("tide", "mud", "gull")
    for name in ("tide", "mud", "gull"):
        harbour.site[f"/{name}/"] = Answer(500)
    (feed,) = await harbour.library.feeds()
    await harbour.library.always_in_full(feed.id, True)
    await harbour.refresh()
    assert sum(harbour.asked("tide", "mud", "gull")) == 1
    for name in ("tide", "mud", "gull"):
        harbour.site[f"/{name}/"] = page(name)
    await harbour.refresh()
    assert sum(harbour.asked("tide", "mud", "gull")) == 4


async def test_one_refresh_asks_for_a_bounded_number_of_pages_of_a_feed(harbour: Harbour) -> None:
    names = [f"n{number}" for number in range(full_text.MOST_AT_ONCE + 5)]
    await harbour.subscribe(*names)
    for name in names:
        harbour.site[f"/{name}/"] = page(name)
    (feed,) = await harbour.library.feeds()
    await harbour.library.always_in_full(feed.id, True)
    await harbour.refresh()
    assert sum(harbour.asked(*names)) == full_text.MOST_AT_ONCE
    await harbour.refresh()
    assert harbour.asked(*names) == [1] * len(names)


async def test_pages_are_read_in_the_charset_they_are_written_in(harbour: Harbour) -> None:
    words = "Прилив приходит дважды в день, и дважды в день дорога уходит под воду. " * 12
    body = f"<html><head><meta charset=windows-1251></head><body><article><p>{words}</p></article></body></html>"
    await harbour.subscribe("tide")
    harbour.site["/tide/"] = Answer(body=body.encode("cp1251"), type="text/html")
    taken = await harbour.library.full_text(await harbour.id("tide"))
    assert "Прилив приходит дважды" in plain(taken.html)


async def test_without_the_network_or_the_extra_it_says_so(
    harbour: Harbour, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    await harbour.subscribe("tide")
    tide = await harbour.id("tide")
    offline = await Library.open(harbour.path, Config(), clock=lambda: NOW, offline=True)
    with pytest.raises(Offline, match="the network is off"):
        await offline.full_text(tide)
    await offline.close()
    monkeypatch.setattr(full_text, "available", lambda: False)
    with pytest.raises(Refused, match=r"tui-newsreader\[reader\]"):
        await harbour.library.full_text(tide)
    assert harbour.asked("tide") == [0]


async def test_how_far_an_article_was_read_is_remembered(harbour: Harbour) -> None:
    await harbour.subscribe("tide")
    tide = await harbour.id("tide")
    await harbour.library.keep_place(tide, 1200)
    assert (await harbour.library.entry(tide)).place == 1200
    await harbour.library.keep_place(tide, 0)
    assert (await harbour.library.entry(tide)).place == 0
