"""The parser as the program uses it: a child process that hostile documents may kill, and nothing else."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tui_reader.model import NotAFeed, ParsedFeed
from tui_reader.parse.readable import strip
from tui_reader.worker import client
from tui_reader.worker.child import BEAT
from tui_reader.worker.client import Parser

URL = "https://blog.example/feed"
GOOD = b"<rss version='2.0'><channel><title>good</title><item><title>One</title></item></channel></rss>"


def item(inner: str, before: str = "") -> bytes:
    return f"{before}<rss version='2.0'><channel><title>t</title><item>{inner}</item></channel></rss>".encode()


RAISERS = {
    "surrogate": item("<title>&#xD800;</title>"),
    "beyond unicode": item("<title>&#x110000;</title>"),
    "overflow": item("<title>&#99999999999;</title>"),
    "punycode": item("<title>x</title>", "<?xml version='1.0' encoding='punycode'?>"),
    "undefined codec": item("<title>x</title>", "<?xml version='1.0' encoding='undefined'?>"),
    "backslash entity": item("<title>&p;</title>", r'<!DOCTYPE rss [<!ENTITY p "C:\data">]>'),
    "gml": (
        b"<rss version='2.0' xmlns:georss='http://www.georss.org/georss' xmlns:gml='http://www.opengis.net/gml'>"
        b"<channel><title>t</title><item><title>x</title><georss:where><gml:Point srsName='a'><gml:pos>1 2</gml:pos>"
        b"</gml:Point></georss:where></item></channel></rss>"
    ),
    "gml dimension": (
        b"<rss version='2.0' xmlns:georss='http://www.georss.org/georss' xmlns:gml='http://www.opengis.net/gml'>"
        b"<channel><title>t</title><item><title>x</title><georss:where><gml:Point srsDimension='a'>"
        b"<gml:pos>1 2</gml:pos></gml:Point></georss:where></item></channel></rss>"
    ),
    "idna": item("<title>x</title>", "<?xml version='1.0' encoding='idna'?>"),
}
"""One line each, and feedparser raises where it should report."""

QUADRATIC = {
    "author": item(f"<author>{'a' * 300_000}</author><unknown:x/>"),
    "attributes": item("<title " + " ".join(f"a{n}='1'" for n in range(100_000)) + ">x</title><unknown:x/>"),
    "comments": item(f"<description>{'&lt;!--' * 200_000}</description><unknown:x/>"),
}
"""Small documents that would take feedparser minutes."""


@pytest.fixture
async def parser() -> AsyncIterator[Parser]:
    running = Parser(quiet=1.0, longest=20.0)
    yield running
    await running.close()


async def read(parser: Parser, body: bytes) -> ParsedFeed | NotAFeed:
    return await parser.parse(body, url=URL)


async def is_well(parser: Parser) -> bool:
    found = await read(parser, GOOD)
    return isinstance(found, ParsedFeed) and found.title == "good"


def child_of(parser: Parser) -> int:
    assert parser._child is not None
    return parser._child.pid


async def test_one_child_reads_one_document_after_the_other(parser: Parser) -> None:
    assert await is_well(parser)
    first = child_of(parser)
    assert await is_well(parser)
    assert child_of(parser) == first


async def test_a_child_that_was_begun_ahead_reads_the_documents(parser: Parser) -> None:
    await parser.begin()
    begun = child_of(parser)
    assert await is_well(parser)
    assert child_of(parser) == begun


async def test_documents_asked_for_at_once_take_turns(parser: Parser) -> None:
    bodies = [item(f"<title>{n}</title>") for n in range(20)]
    found = await asyncio.gather(*(read(parser, body) for body in bodies))
    assert [one.entries[0].title for one in found if isinstance(one, ParsedFeed)] == [str(n) for n in range(20)]


async def test_documents_asked_for_while_the_child_starts_get_their_own_answers(parser: Parser) -> None:
    waiting = []
    for n in range(60):
        waiting.append(asyncio.create_task(read(parser, item(f"<title>{n}</title>"))))
        await asyncio.sleep(0)
    found = await asyncio.gather(*waiting)
    assert [one.entries[0].title for one in found if isinstance(one, ParsedFeed)] == [str(n) for n in range(60)]


@pytest.mark.row("X03")
@pytest.mark.parametrize("name", RAISERS)
async def test_what_feedparser_raises_for_is_an_answer(parser: Parser, name: str) -> None:
    assert isinstance(await read(parser, RAISERS[name]), ParsedFeed | NotAFeed)
    pid = child_of(parser)
    assert await is_well(parser)
    assert child_of(parser) == pid


@pytest.mark.row("X04")
@pytest.mark.parametrize("name", QUADRATIC)
@pytest.mark.row("P04")
async def test_what_takes_for_ever_costs_the_child_its_life_and_nothing_else(parser: Parser, name: str) -> None:
    assert await is_well(parser)
    pid = child_of(parser)
    found = await read(parser, QUADRATIC[name])
    if isinstance(found, NotAFeed):  # a quick machine or a mended feedparser may get through
        assert found.reason == "a feed that takes too long to be read"
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)
    assert await is_well(parser)


LAUGHS = b"<!DOCTYPE r [<!ENTITY a0 'lol'>" + b"".join(
    b"<!ENTITY a%d '%s'>" % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 10)
) + b"]>" + item("<title>&a9;</title>")  # fmt: skip


@pytest.mark.row("X01")
async def test_a_billion_laughs(parser: Parser) -> None:
    found = await read(parser, LAUGHS)
    if isinstance(found, ParsedFeed):
        assert all(len(entry.title) <= 1000 for entry in found.entries)
    assert await is_well(parser)


@pytest.mark.row("X02")
async def test_entities_read_no_file_and_no_address(parser: Parser, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("TOP SECRET")
    for where in (secret.as_uri(), str(secret), "http://127.0.0.1:9/x"):
        body = item("<title>a&x;b</title>", f'<!DOCTYPE rss [<!ENTITY x SYSTEM "{where}">]>')
        assert "SECRET" not in str(await read(parser, body))


@pytest.mark.row("X05")
@pytest.mark.parametrize(
    "body",
    [
        b"<rss version='2.0'><channel>" + b"<item>" * 20_000,
        b"<feed>" + b"<a>" * 100_000,
        b"<rss>" + b"<![CDATA[" * 50_000,
    ],
    ids=["items", "elements", "cdata"],
)
async def test_depth(parser: Parser, body: bytes) -> None:
    assert isinstance(await read(parser, body), ParsedFeed | NotAFeed)
    assert await is_well(parser)


async def test_a_long_document_is_no_slow_one(parser: Parser) -> None:
    """Each entry is a sign of life, so that quiet counts from the last one."""
    inner = "".join(f"<item><title>{n}</title><guid>g{n}</guid><unknown:x/></item>" for n in range(3000))
    found = await read(parser, f"<rss version='2.0'><channel><title>t</title>{inner}</channel></rss>".encode())
    assert isinstance(found, ParsedFeed)
    assert len(found.entries) == 3000


@pytest.mark.row("X01")
async def test_a_title_of_a_megabyte_is_cut(parser: Parser) -> None:
    found = await read(parser, item(f"<title>{'x' * 1_000_000}</title>"))
    assert isinstance(found, ParsedFeed)
    assert len(found.entries[0].title) == 1000


@pytest.mark.row("P02")
@pytest.mark.row("P02")
async def test_a_child_that_was_killed_is_replaced(parser: Parser) -> None:
    assert await is_well(parser)
    os.kill(child_of(parser), signal.SIGKILL)
    assert parser._child is not None
    while parser._child.lives:
        await asyncio.sleep(0.005)
    assert await is_well(parser)


def script(answer: bytes) -> str:
    """A module that says it is ready, sends these bytes and nothing more."""
    written = f"import sys; sys.stdout.buffer.write({BEAT + answer!r}); sys.stdout.flush(); sys.stdin.read()"
    return written if answer else "raise SystemExit(1)"


@pytest.mark.row("P04")
@pytest.mark.parametrize("answer", [b"\xff\xff\xff\xff", b"\0\0\0\x05hello", b"\0\0\0\x09short", b""])
@pytest.mark.row("P04")
async def test_nonsense_from_the_child_is_a_fault_of_one_document(
    parser: Parser, answer: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "babbling.py").write_text(script(answer))
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setattr(client, "CHILD", "babbling")
    assert isinstance(await read(parser, GOOD), NotAFeed)
    monkeypatch.undo()
    assert await is_well(parser)


async def test_a_caller_who_gives_up_leaves_a_working_parser(parser: Parser) -> None:
    assert await is_well(parser)
    waiting = asyncio.create_task(read(parser, QUADRATIC["author"]))
    await asyncio.sleep(0.05)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert await is_well(parser)


async def test_nothing_is_left_running_after_close(parser: Parser) -> None:
    assert await is_well(parser)
    pid = child_of(parser)
    await parser.close()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


async def test_a_document_that_costs_the_child_its_life_costs_those_behind_it_nothing(parser: Parser) -> None:
    assert await is_well(parser)
    first = asyncio.create_task(read(parser, QUADRATIC["author"]))
    behind = [asyncio.create_task(read(parser, item(f"<title>{n}</title>"))) for n in range(4)]
    await asyncio.sleep(0.05)
    os.kill(child_of(parser), signal.SIGKILL)
    assert isinstance(await first, NotAFeed)
    found = await asyncio.gather(*behind)
    assert [one.entries[0].title for one in found if isinstance(one, ParsedFeed)] == ["0", "1", "2", "3"]


async def test_words_are_taken_out_as_they_are_here(parser: Parser) -> None:
    texts = ["<p>one<p>two", "", "&lt;b&gt; <script>no</script>yes", "naïve 日本"]
    assert list(await parser.words(texts)) == [strip(html) for html in texts]
    assert await is_well(parser)


async def test_who_gives_up_takes_nobody_elses_answer(parser: Parser) -> None:
    assert await is_well(parser)
    asked = [asyncio.create_task(read(parser, item(f"<title>{n}</title>"))) for n in range(6)]
    await asyncio.sleep(0)
    for given_up in (0, 1, 4):
        asked[given_up].cancel()
    found = await asyncio.gather(*asked, return_exceptions=True)
    titles = [one.entries[0].title if isinstance(one, ParsedFeed) else None for one in found]
    assert titles == [None, None, "2", "3", None, "5"]
    assert await is_well(parser)


async def test_close_answers_who_waits(parser: Parser) -> None:
    assert await is_well(parser)
    asked = [asyncio.create_task(read(parser, QUADRATIC["author"])) for _ in range(3)]
    await asyncio.sleep(0.05)
    await parser.close()
    assert all(isinstance(one, NotAFeed) for one in await asyncio.gather(*asked))
