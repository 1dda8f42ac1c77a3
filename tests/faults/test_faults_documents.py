"""X: documents made to break parsers, at the whole reader, parsed in its own child process."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.faults import made
from tests.faults.world import World, rss
from tests.site import Answer, document
from tests.unit.parse.test_parse_worker import LAUGHS, QUADRATIC, RAISERS
from tui_reader.errors import BadInput
from tui_reader.model import NotAFeed, ParsedFeed, Scope
from tui_reader.worker.client import Parser

URL = "https://blog.example/feed"
GOOD = rss("new", "a", "b")


DIED = (NotAFeed("a feed that could not be read"), NotAFeed("a feed that takes too long to be read"))
Read = Callable[[bytes], ParsedFeed | NotAFeed]


@pytest.fixture(scope="module")
def read() -> Iterator[Read]:
    """Reads a document in a worker that all cases share, as it stands behind a long session."""
    loop = asyncio.new_event_loop()
    parser = Parser()
    yield lambda body: loop.run_until_complete(parser.parse(body, url=URL))
    loop.run_until_complete(parser.close())
    loop.close()


async def served(world: World, documents: Mapping[str, bytes], *, type: str = "application/xml") -> dict[str, str]:
    """Subscribe to a good feed for each, let it turn into the document, and back; how it ended, by name.

    Whatever came of the document: what was there stays there, once and as read as it was.
    """
    feeds = {}
    for n, name in enumerate(documents):
        feeds[name] = await world.subscribe(f"/{n}", rss(f"a{n}", f"b{n}", title=f"F{n}"))
        await world.mark(f"a{n}")
        world.site[f"/{n}"] = Answer(body=documents[name], type=type)
    done = {one.feed_id: one for one in (await world.refresh()).results}
    for n, (name, feed) in enumerate(feeds.items()):
        found = await world.feed(feed)
        assert found.entries >= 2, name
        if found.poll.error:
            world.line(found)
        world.site[f"/{n}"] = document(rss(f"c{n}", f"a{n}", f"b{n}", title=f"F{n}"))
    after = await world.refresh()
    assert after.errors == 0
    unread = {row.title for row in await world.library.first(Scope("unread"), limit=100_000)}
    assert not {f"a{n}" for n in range(len(documents))} & unread
    assert {f"c{n}" for n in range(len(documents))} <= unread
    return {name: done[feed.id].outcome for name, feed in feeds.items()}


def item(inner: str, before: str = "") -> bytes:
    return f"{before}<rss version='2.0'><channel><title>t</title><item>{inner}</item></channel></rss>".encode()


# ---------------------------------------------------------------- hostile


@pytest.mark.row("X01", "X02")
@pytest.mark.timeout(120)
async def test_entities(world: World, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("the canary sings")
    inside = world.site.url("/inside")
    documents = {
        "laughs": LAUGHS,
        "blow-up": item("<title>" + "&a;" * 5000 + "</title>", f"<!DOCTYPE r [<!ENTITY a '{'x' * 10_000}'>]>"),
        "parameters": item("<title>x</title>", f"<!DOCTYPE r [<!ENTITY % p SYSTEM '{inside}'> %p;]>"),
        "a file": item("<title>&f;</title>", f"<!DOCTYPE r [<!ENTITY f SYSTEM 'file://{secret}'>]>"),
        "an address": item("<title>&f;</title>", f"<!DOCTYPE r [<!ENTITY f SYSTEM '{inside}'>]>"),
        "a DTD": item("<title>x</title>", f"<!DOCTYPE r SYSTEM '{inside}'>"),
        "an include": item(f"<xi:include xmlns:xi='http://www.w3.org/2001/XInclude' href='file://{secret}' parse='text'/>"),
    }  # fmt: skip
    await served(world, documents)
    assert world.site.asked("/inside") == []
    rows = await world.library.first(Scope("all"), limit=1000)
    entries = [await world.library.entry(row.id) for row in rows]
    assert not any("canary" in entry.html + entry.row.title for entry in entries)
    assert all(len(row.title) <= 1000 for row in rows)


@pytest.mark.row("X03")
async def test_one_line_raisers(world: World) -> None:
    await served(world, RAISERS)


@pytest.mark.row("X04")
@pytest.mark.timeout(180)
async def test_quadratic_documents_cost_a_worker_and_no_other_feed(world: World) -> None:
    outcomes = await served(world, QUADRATIC)
    assert set(outcomes.values()) <= {"failed", "updated"}


@pytest.mark.row("X05")
@pytest.mark.timeout(180)
async def test_depth_and_numbers(world: World) -> None:
    many = "".join(f"<item><guid>{n}</guid><title>m{n}</title></item>" for n in range(12_000))
    documents = {
        "deep": b"<rss><channel><item>" + b"<a>" * 100_000,
        "deep and closed": item("<description>" + "<a>" * 50_000 + "</a>" * 50_000 + "</description>"),
        "wide": f"<rss version='2.0'><channel><title>t</title>{many}</channel></rss>".encode(),
        "long": item(f"<title>long</title><description>{'word ' * 300_000}</description>"),
    }
    await served(world, documents)
    wide = await world.feed_at("/2")
    assert 10_000 <= wide.entries <= 10_010
    assert wide.unread < 200


@pytest.mark.row("X06")
async def test_a_feed_cut_at_every_percent(world: World) -> None:
    names = [f"n{n}" for n in range(20)]
    whole = rss(*names)
    feed = await world.subscribe("/feed", whole)
    await world.mark(*names[:10])
    for percent in range(0, 100, 4):
        world.site["/feed"] = Answer(body=whole[: len(whole) * percent // 100])
        result = await world.result(after=8 * 86_400)
        assert (result.new, result.changed) == (0, 0), percent
        assert (await world.feed(feed)).entries == 20
    fresh = rss("new", *names)
    cut = fresh[: len(fresh) * 60 // 100]
    world.site["/feed"] = Answer(body=cut)
    assert (await world.result(after=8 * 86_400)).new == 1


@pytest.mark.row("X07")
async def test_charset_lies(world: World) -> None:
    def written(encoding: str, codec: str, title: str = "Grüße – äöü") -> bytes:
        text = f"<?xml version='1.0' encoding='{encoding}'?>" + item(f"<title>{title}</title>").decode()
        return text.encode(codec, "replace")

    documents = {
        "utf-8 called latin-1": written("iso-8859-1", "utf-8"),
        "cp1252 called utf-8": written("utf-8", "cp1252"),
        "utf-16 without a mark": written("utf-16", "utf-16-le"),
        "utf-16 called utf-8": written("utf-8", "utf-16"),
        "shift-jis": written("shift_jis", "shift_jis", "日本語の題"),
        "utf-7": written("utf-7", "utf-7"),
        "unicode_escape": written("unicode_escape", "ascii", r"a\x1b]0;owned\x07"),
        "punycode": written("punycode", "ascii"),
        "a mark in the middle": item("<title>a\ufeffb</title>"),
        "twice encoded": item("<title>GrÃ¼Ã\x9fe</title>"),
        "an unknown one": written("klingon", "utf-8"),
        "bytes that are none": b"<rss version='2.0'><channel><item><title>\xff\xfe\xfa\x80</title></item></channel></rss>",
    }
    await served(world, documents)
    for row in await world.library.first(Scope("all"), limit=1000):
        assert row.title.isprintable()


@pytest.mark.row("X08")
async def test_broken_markup_is_shown_all_the_same(world: World) -> None:
    documents = {
        "an unknown entity": item("<title>x &nbsp; y &bogus; z</title>"),
        "a bare ampersand": item("<title>x & y</title>"),
        "a bare less-than": item("<title>x < y</title>"),
        "open CDATA": item("<title>x</title><description><![CDATA[open</description>"),
        "two roots": item("<title>x</title>") + item("<title>y</title>"),
        "junk before": b"\n\nNotice: undefined index\n" + item("<title>x</title>"),
        "junk after": item("<title>x</title>") + b"<script>alert(1)</script>",
        "wrong nesting": item("<title>x</description></title>"),
        "control bytes": item("<title>x\x00\x01\x1b[31m</title>"),
    }
    await served(world, documents)
    titles = await world.titles()
    assert sum(title.startswith("x") for title in titles) >= 6
    assert all(title.isprintable() for title in titles)


KINDS = {
    "RSS 0.90": "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://my.netscape.com/rdf/simple/0.9/'>"
    "<channel><title>c</title></channel><item><title>t</title><link>http://b.example/1</link></item></rdf:RDF>",
    "RSS 0.91": "<rss version='0.91'><channel><title>c</title><item><title>t</title></item></channel></rss>",
    "RSS 0.92": "<rss version='0.92'><channel><title>c</title><item><title>t</title></item></channel></rss>",
    "RSS 1.0": "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/'>"
    "<channel rdf:about='http://b.example/'><title>c</title></channel>"
    "<item rdf:about='http://b.example/1'><title>t</title><link>http://b.example/1</link></item></rdf:RDF>",
    "RSS 2.0": "<rss version='2.0'><channel><title>c</title><item><title>t</title></item></channel></rss>",
    "Atom 0.3": "<feed version='0.3' xmlns='http://purl.org/atom/ns#'><title>c</title><entry><title>t</title></entry></feed>",
    "Atom 1.0": "<feed xmlns='http://www.w3.org/2005/Atom'><title>c</title><entry><id>1</id><title>t</title></entry></feed>",
    "CDF": "<CHANNEL HREF='http://b.example/'><TITLE>c</TITLE><ITEM HREF='http://b.example/1'><TITLE>t</TITLE></ITEM></CHANNEL>",
    "JSON Feed 1": json.dumps({"version": "https://jsonfeed.org/version/1", "title": "c", "items": [{"id": "1", "title": "t"}]}),
    "JSON Feed 1.1": json.dumps(
        {"version": "https://jsonfeed.org/version/1.1", "title": "c", "items": [{"id": "1", "title": "t"}]}
    ),
}  # fmt: skip


@pytest.mark.row("X09")
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_read(read: Read, kind: str) -> None:
    """All but h-feed, which is a web page: it is told as one, and its feed is looked for."""
    found = read(KINDS[kind].encode())
    assert isinstance(found, ParsedFeed), found
    assert [entry.title for entry in found.entries] == ["t"]


@pytest.mark.row("X10")
@pytest.mark.timeout(120)
async def test_json_of_every_badness(world: World) -> None:
    def feed(items: str) -> bytes:
        return ('{"version":"https://jsonfeed.org/version/1.1","title":"t","items":' + items + "}").encode()

    documents = {
        "NaN": feed('[{"id":NaN,"title":"x"}]'),
        "infinity": feed('[{"id":1e999,"title":"x","date_published":-Infinity}]'),
        "deep": b'{"version":"https://jsonfeed.org/version/1","items":' + b"[" * 100_000,
        "deep and closed": feed("[" * 50_000 + "]" * 50_000),
        "a huge number": feed('[{"id":' + "9" * 50_000 + ',"title":"x"}]'),
        "twice the key": feed('[{"id":"1","id":"2","title":"x","title":"y"}]'),
        "surrogates": feed('[{"id":"\\ud800","title":"\\udfff x \\ud83d"}]'),
        "junk behind": feed("[]") + b" }]<rss>",
        "items of other kinds": feed('[null, 1, "x", [], {"id": {}, "title": [], "tags": 7, "authors": "me"}]'),
        "no items": b'{"version":"https://jsonfeed.org/version/1"}',
        "an error": b'{"error": "\\u001b[31mno"}',
        "a string": b'"x"',
        "cut": feed('[{"id":"1"')[:-1],
        "a mark": b"\xef\xbb\xbf" + feed('[{"id":"9","title":"marked"}]'),
        "bytes that are none": feed('[{"id":"8","title":"\xff\xfe"}]'),
    }
    await served(world, documents, type="application/feed+json")
    for row in await world.library.first(Scope("all"), limit=1000):
        assert row.title.isprintable()


@pytest.mark.row("X11")
async def test_lists_of_subscriptions_are_taken_whole_or_not_at_all(world: World) -> None:
    await world.subscribe("/feed", rss("a"))
    deep = "".join(f"<outline text='f{n}'>" for n in range(1000))
    inner = "<outline xmlUrl='http://deep.example/feed'/>"
    many = "".join(f"<outline xmlUrl='http://many.example/{n}'/>" for n in range(5000))
    lists = [
        f"<opml><body>{deep}{inner}{'</outline>' * 1000}</body></opml>",
        f"<opml><body>{many}</body></opml>",
        f"<opml><body><outline text='no address'/><outline XMLURL='{world.site.url('/feed')}'/>{inner * 3}</body></opml>",
    ]
    added, present, skipped = [], [], []
    for text in lists:
        report = await world.library.import_opml(text.encode())
        added.append(len(report.added))
        present.append(len(report.present))
        skipped.append(len(report.skipped))
    assert added == [1, 5000, 0]
    assert present[2] == 2 or present[2] == 4
    before = len(await world.library.feeds())
    secret = world.path.with_name("secret")
    secret.write_text("http://secret.example/")
    for bad in (
        f"<!DOCTYPE o [<!ENTITY f SYSTEM 'file://{secret}'>]><opml><body><outline xmlUrl='&f;'/></body></opml>",
        "<opml><body><outline xmlUrl='http://cut.example/'/><outline",
        "<html><body>no</body></html>",
        "",
        "\x00" * 100,
    ):
        with pytest.raises(BadInput):
            await world.library.import_opml(bad.encode())
        assert len(await world.library.feeds()) == before


# ---------------------------------------------------------------- made up


@pytest.mark.row("X04", "X08")
@settings(
    deadline=None, max_examples=int(os.environ.get("TUI_READER_FUZZ", "150")), suppress_health_check=list(HealthCheck)
)
@given(made.documents)
def test_documents_made_up_are_read_or_refused(read: Read, body: bytes) -> None:
    """Hypothesis writes them; `make fuzz` does so for long."""
    found = read(body)
    assert isinstance(found, ParsedFeed | NotAFeed)
    assert found not in DIED, "the worker died of it"
    made.harmless(found)
    assert found == read(body)


@pytest.mark.row("X08")
@settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))
@given(st.lists(made.texts, min_size=1, max_size=6, unique=True), st.data())
def test_any_order_and_any_part_of_a_feed_gives_the_same_entries(
    read: Read, titles: list[str], data: st.DataObject
) -> None:
    whole = made.feed(titles)
    part = made.feed(data.draw(st.permutations(titles)))
    first, second = read(whole), read(part)
    assert isinstance(first, ParsedFeed)
    assert isinstance(second, ParsedFeed)
    assert {entry.key for entry in first.entries} == {entry.key for entry in second.entries}


@pytest.mark.soak
@pytest.mark.timeout(3600)
async def test_mutated_feeds_for_long(tmp_path: Path) -> None:
    """In the real worker: sound feeds with bytes turned, doubled, cut and spliced."""
    parser = Parser()
    try:
        for n in range(int(os.environ.get("TUI_READER_FUZZ", "20000"))):
            body = made.mutated(n)
            found = await parser.parse(body, url=URL)
            made.harmless(found)
    finally:
        await parser.close()
