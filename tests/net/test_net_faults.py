"""What servers do wrong on the wire: every case ends, in time and within bounds, as one plain sentence."""

from __future__ import annotations

import asyncio
import gzip
import socket
import threading
import tracemalloc
import zlib
from collections.abc import Iterable, Iterator

import pytest

from tests.net.conftest import NOW, Make
from tests.site import RESET, Answer, Site, Step, raw
from tui_reader.net.fetch import Failed, Fetched, Network, Outcome, Request

FEED = b"<rss/>" * 100
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/xml\r\n"
OK = HEAD + b"Content-Length: %d\r\n\r\n" % len(FEED) + FEED
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
PACKED = gzip.compress(FEED)
HEAD_PACKED = HEAD + b"Content-Encoding: gzip\r\n"
SIZE, PACKING, LENGTHS, BROKEN = (pytest.mark.row(row) for row in ("H22", "H23", "H24", "H25"))


async def _get(fetcher: Network, site: Site, path: str = "/feed") -> Outcome:
    return await fetcher.fetch(Request(site.url(path), typed=True))


async def _fault(fetcher: Network, site: Site) -> Failed:
    outcome = await _get(fetcher, site)
    assert isinstance(outcome, Failed), outcome
    assert outcome.reason
    assert outcome.reason.isprintable()
    assert outcome.words.isprintable()
    assert len(outcome.words) <= 300
    return outcome


def _for_ever(*steps: Step) -> Answer:
    def script() -> Iterator[Step]:
        while True:
            yield from steps

    return Answer(script=script)


def _slowly(data: bytes) -> Answer:
    def script() -> Iterable[Step]:
        for n in range(len(data)):
            yield data[n : n + 1]
            yield 0.02
        while True:
            yield 1.0

    return Answer(script=script)


@pytest.mark.row("H21")
@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(raw(60.0), id="silence"),
        pytest.param(_slowly(b"HTTP/1.1 200 OK\r\nX: " + b"x" * 1000), id="headers drip"),
        pytest.param(_slowly(HEAD + b"\r\n" + b"x" * 1000), id="body drips"),
        pytest.param(_for_ever(b"HTTP/1.1 103 Early Hints\r\n\r\n", 0.001), id="early hints for ever"),
    ],
)
async def test_the_deadline_holds_for_everything_together(site: Site, make: Make, answer: Answer) -> None:
    site["/feed"] = answer
    assert (await _fault(make(deadline=0.5), site)).kind == "timeout"


@pytest.mark.row("H21", "H15")
async def test_the_deadline_holds_for_a_whole_chain_of_redirects(site: Site, make: Make) -> None:
    for n in range(6):
        site[f"/{n}"] = Answer(302, headers=[("Location", f"/{n + 1}")], delay=0.25)
    outcome = await _get(make(deadline=0.6), site, "/0")
    assert isinstance(outcome, Failed)
    assert outcome.kind == "timeout"
    assert len(site.log) <= 4


async def test_waiting_for_ones_turn_does_not_count(site: Site, make: Make) -> None:
    site["/feed"] = Answer(body=FEED, delay=0.1)
    fetcher = make(deadline=0.9)
    outcomes = await asyncio.gather(*[_get(fetcher, site, f"/feed?{n}") for n in range(10)])
    assert all(isinstance(outcome, Fetched) for outcome in outcomes)


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        pytest.param(raw(HEAD + b"Content-Length: 10000000000\r\n\r\n", 60.0), "size", marks=SIZE, id="declares 10 GB"),
        pytest.param(_for_ever(HEAD + b"\r\n" + b"x" * 65536), "size", marks=SIZE, id="endless"),
        pytest.param(raw(HEAD + b"Content-Length: 1000\r\n\r\nshort"), "broken", marks=LENGTHS, id="length too long"),
        pytest.param(raw(CHUNKED + b"zz\r\njunk\r\n"), "broken", marks=LENGTHS, id="chunk garbage"),
        pytest.param(raw(CHUNKED + b"ff\r\nshort"), "broken", marks=LENGTHS, id="chunk cut"),
        pytest.param(raw(CHUNKED + b"3\r\nabc\r\n"), "broken", marks=LENGTHS, id="no last chunk"),
        pytest.param(
            raw(HEAD + b"Content-Length: 6\r\nContent-Length: 7\r\n\r\n<rss/>"),
            "broken",
            marks=LENGTHS,
            id="two lengths",
        ),
        pytest.param(raw(HEAD + b"Content-Length: -1\r\n\r\n<rss/>"), "broken", marks=LENGTHS, id="negative length"),
        pytest.param(raw(b"HTTP/1.1 200 OK\r\nCont", RESET), "broken", marks=BROKEN, id="reset in the head"),
        pytest.param(raw(HEAD + b"Content-Length: 9\r\n\r\nx", RESET), "broken", marks=BROKEN, id="reset in the body"),
        pytest.param(raw(), "broken", marks=BROKEN, id="nothing at all"),
        pytest.param(raw(RESET), "broken", marks=BROKEN, id="reset at once"),
        pytest.param(raw(b"SSH-2.0-OpenSSH_9.2p1\r\n"), "broken", marks=BROKEN, id="another protocol"),
        pytest.param(raw(b"\x00\xff\x1b]0;x\x07" * 100), "broken", marks=BROKEN, id="noise"),
        pytest.param(
            raw(b"HTTP/1.1 200 OK\r\n", *[b"X-%d: y\r\n" % n for n in range(20000)], b"\r\n"),
            "broken",
            marks=BROKEN,
            id="flood",
        ),
        pytest.param(
            raw(b"HTTP/1.1 200 OK\r\nX: " + b"x" * 5_000_000, b"\r\n\r\n"), "broken", marks=BROKEN, id="endless header"
        ),
        pytest.param(
            raw(HEAD_PACKED + b"\r\n" + PACKED[:-1]), "encoding", marks=PACKING, id="gzip without its last byte"
        ),
        pytest.param(raw(HEAD_PACKED + b"\r\n" + PACKED[:20]), "encoding", marks=PACKING, id="gzip cut"),
        pytest.param(
            raw(HEAD_PACKED + b"\r\n" + PACKED[:-8] + b"\0" * 8), "encoding", marks=PACKING, id="gzip with a wrong sum"
        ),
        pytest.param(raw(HEAD_PACKED + b"\r\n" + FEED), "encoding", marks=PACKING, id="gzip that is none"),
        pytest.param(raw(HEAD + b"Content-Encoding: br\r\n\r\nxx"), "encoding", marks=PACKING, id="brotli unasked"),
        pytest.param(raw(HEAD + b"Content-Encoding: zstd\r\n\r\nxx"), "encoding", marks=PACKING, id="zstd unasked"),
        pytest.param(
            raw(HEAD + b"Content-Encoding: gzip, gzip\r\n\r\n" + gzip.compress(PACKED)),
            "encoding",
            marks=PACKING,
            id="stacked",
        ),
        pytest.param(
            raw(HEAD_PACKED + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(PACKED)),
            "encoding",
            marks=PACKING,
            id="stacked twice",
        ),
    ],
)
async def test_broken_answers(site: Site, make: Make, answer: Answer, kind: str) -> None:
    site["/feed"] = answer
    outcome = await _fault(make(max_bytes=1_000_000), site)
    assert outcome.kind == kind


@pytest.mark.row("H28")
@pytest.mark.parametrize(
    "status", [201, 202, 203, 204, 206, 226, 300, 305, 400, 401, 402, 418, 451, 500, 502, 504, 599]
)
async def test_only_200_is_a_document(site: Site, fetcher: Network, status: int) -> None:
    site["/feed"] = Answer(status, FEED)
    outcome = await _fault(fetcher, site)
    assert outcome.status == status
    assert str(status) in outcome.reason


@pytest.mark.row("H25")
@pytest.mark.parametrize("line", [b"HTTP/1.1 999 Odd", b"HTTP/1.1 099 Odd", b"HTTP/1.1 20 OK", b"200"])
async def test_odd_status_lines(site: Site, fetcher: Network, line: bytes) -> None:
    site["/feed"] = raw(line + b"\r\nContent-Length: 0\r\n\r\n")
    await _fault(fetcher, site)


@pytest.mark.row("H23")
async def test_a_bomb_is_put_down_before_it_grows(site: Site, make: Make) -> None:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    bomb = b"".join([packer.compress(b"\0" * 1_000_000) for _ in range(300)] + [packer.flush()])
    site["/feed"] = raw(HEAD_PACKED + b"\r\n" + bomb)
    fetcher = make(max_bytes=5_000_000)
    await _get(fetcher, site, "/warm-up")
    tracemalloc.start()
    try:
        outcome = await _fault(fetcher, site)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert outcome.kind == "size"
    assert peak < 20_000_000


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(raw(OK), id="plain"),
        pytest.param(raw(HEAD + b"\r\n" + FEED), id="until the line closes"),
        pytest.param(raw(CHUNKED + b"%x;ext=1\r\n" % len(FEED) + FEED + b"\r\n0\r\nX: y\r\n\r\n"), id="chunked"),
        pytest.param(raw(b"HTTP/1.0 200 OK\r\n\r\n" + FEED), id="HTTP/1.0"),
        pytest.param(raw(b"HTTP/1.1 200\r\n\r\n" + FEED), id="no reason phrase"),
        pytest.param(raw(HEAD_PACKED + b"\r\n" + PACKED), id="gzip"),
        pytest.param(raw(HEAD + b"Content-Encoding: X-GZIP\r\n\r\n" + PACKED), id="x-gzip"),
        pytest.param(raw(HEAD_PACKED + b"\r\n" + PACKED + b"trailing junk"), id="gzip and junk"),
        pytest.param(
            raw(HEAD_PACKED + b"\r\n" + gzip.compress(FEED[:99]) + gzip.compress(FEED[99:])), id="two members"
        ),
        pytest.param(raw(HEAD + b"Content-Encoding: deflate\r\n\r\n" + zlib.compress(FEED)), id="deflate"),
        pytest.param(raw(b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + OK), id="after an early hint"),
        pytest.param(raw(*[OK[n : n + 7] for n in range(0, len(OK), 7)]), id="in small pieces"),
    ],
)
async def test_unusual_but_sound_answers(site: Site, fetcher: Network, answer: Answer) -> None:
    site["/feed"] = answer
    outcome = await _get(fetcher, site)
    assert isinstance(outcome, Fetched), outcome
    assert outcome.body == FEED


@pytest.mark.row("H09", "H26")
@pytest.mark.parametrize(
    ("status", "headers", "body"),
    [
        pytest.param(429, [("Content-Encoding", "br")], b"\x00\x01", id="brotli"),
        pytest.param(503, [("Content-Encoding", "gzip")], PACKED[:10], id="cut"),
        pytest.param(503, [("Content-Encoding", "gzip, gzip")], b"x", id="stacked"),
        pytest.param(429, [], b"x" * 10_000_000, id="large"),
    ],
)
async def test_an_unreadable_error_page_takes_nothing_from_its_status(
    site: Site, fetcher: Network, status: int, headers: list[tuple[str, str]], body: bytes
) -> None:
    site["/feed"] = Answer(status, body, headers=[*headers, ("Retry-After", "900")])
    outcome = await _fault(fetcher, site)
    assert (outcome.kind, outcome.status, outcome.retry_at) == ("http", status, NOW + 900)


@pytest.mark.row("H25")
async def test_an_error_page_that_breaks_off_is_read_as_far_as_it_came(site: Site, fetcher: Network) -> None:
    site["/feed"] = raw(
        b"HTTP/1.1 503 Busy\r\nRetry-After: 60\r\nContent-Length: 99\r\n\r\ntoo many readers", 0.5, RESET
    )
    outcome = await _fault(fetcher, site)
    assert (outcome.status, outcome.retry_at) == (503, NOW + 60)


@pytest.mark.row("H26")
@pytest.mark.parametrize(
    ("body", "words"),
    [
        pytest.param(b"<script>evil()</script><h1>Go  away</h1>\n<p>you &amp; yours", "Go away you & yours", id="html"),
        pytest.param(b"\x1b]0;pwned\x07\x1b[31mred\x1b[0m \xe2\x80\xaeturned", "red turned", id="sequences"),
        pytest.param(b"&#27;]0;x&#7;&#x202e;turned", "]0;xturned", id="sequences as entities"),
        pytest.param(b"", "Because I say so", id="only a reason phrase"),
        pytest.param(b"\x89PNG\x00\x00", "Because I say so", id="an image"),
        pytest.param(b"x" * 1000, "x" * 299 + "…", id="long"),
    ],
)
async def test_the_servers_words_are_cleaned(site: Site, fetcher: Network, body: bytes, words: str) -> None:
    site["/feed"] = raw(b"HTTP/1.1 403 Because \x1b]0;x\x07I say so\r\nX: \x1b[31m\r\n\r\n" + body)
    assert (await _fault(fetcher, site)).words == words


@pytest.mark.row("H10")
async def test_a_site_protection_is_named(site: Site, fetcher: Network) -> None:
    site["/feed"] = Answer(403, b"Just a moment...", headers=[("cf-mitigated", "challenge")])
    assert (await _fault(fetcher, site)).reason == "a site protection turns readers away (403)"


@pytest.mark.row("H12")
async def test_gone(site: Site, fetcher: Network) -> None:
    site["/feed"] = Answer(410)
    assert (await _fault(fetcher, site)).gone


@pytest.mark.row("H01")
async def test_nobody_listens(fetcher: Network) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    outcome = await fetcher.fetch(Request(f"http://127.0.0.1:{port}/", typed=True))
    assert isinstance(outcome, Failed)
    assert outcome.kind == "connect"


@pytest.mark.row("H19")
@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "gopher://x/", "javascript:x", "http://", "http://[::1", "", "/x", "http://é\x00/"]
)
async def test_an_address_that_is_none(fetcher: Network, url: str) -> None:
    assert isinstance(await fetcher.fetch(Request(url, typed=True)), Failed)


@pytest.mark.row("P10")
async def test_cancelling_cuts_the_line_and_frees_the_host(site: Site, fetcher: Network) -> None:
    gate = threading.Event()
    site["/stuck"] = raw(gate)
    site["/feed"] = Answer(body=FEED)
    task = asyncio.create_task(_get(fetcher, site, "/stuck"))
    while not site.log:
        await asyncio.sleep(0.005)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert isinstance(await _get(fetcher, site), Fetched)
    gate.set()


class TestProxy:
    """Through a proxy; the site plays the proxy."""

    async def test_the_proxy_gets_the_whole_address(self, site: Site, make: Make) -> None:
        site["http://feeds.example/feed"] = Answer(body=FEED)
        outcome = await make(proxy=site.url("")).fetch(Request("http://feeds.example/feed", typed=True))
        assert isinstance(outcome, Fetched)
        assert site.log[0].target == "http://feeds.example/feed"

    async def test_this_machine_is_asked_without_it(self, site: Site, make: Make) -> None:
        site["/feed"] = Answer(body=FEED)
        assert isinstance(await _get(make(proxy="http://127.0.0.1:9"), site), Fetched)

    @pytest.mark.row("H01")
    async def test_one_that_is_dead_is_no_fault_of_the_feed(self, make: Make) -> None:
        outcome = await make(proxy="http://127.0.0.1:9").fetch(Request("http://feeds.example/", typed=True))
        assert isinstance(outcome, Failed)
        assert (outcome.kind, outcome.reason) == ("offline", "the proxy cannot be reached")

    @pytest.mark.row("H01")
    async def test_one_that_refuses(self, site: Site, make: Make) -> None:
        site["feeds.example:443"] = Answer(407, reason="Log \x1b[1min first")
        outcome = await make(proxy=site.url("")).fetch(Request("https://feeds.example/", typed=True))
        assert isinstance(outcome, Failed)
        assert outcome.kind == "offline"
        assert outcome.reason.isprintable()

    @pytest.mark.row("H01")
    @pytest.mark.parametrize("proxy", ["nonsense", "ftp://x", "http://[", "socks9://x"])
    async def test_one_that_is_no_address(self, make: Make, proxy: str) -> None:
        outcome = await make(proxy=proxy).fetch(Request("http://feeds.example/", typed=True))
        assert isinstance(outcome, Failed)
        assert outcome.kind == "offline"

    @pytest.mark.row("H20")
    @pytest.mark.parametrize("host", ["10.0.0.1", "169.254.169.254", "localhost", "0x7f.1"])
    async def test_it_is_not_asked_for_what_is_written_as_private(self, site: Site, make: Make, host: str) -> None:
        outcome = await make(proxy=site.url("")).fetch(Request(f"http://{host}/"))
        assert isinstance(outcome, Failed)
        assert (outcome.kind, site.log) == ("private", [])
