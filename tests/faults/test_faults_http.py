"""H: what servers and networks do, at the whole reader. The wire alone is tried in tests/net."""

from __future__ import annotations

import asyncio
import gzip
import socket
import ssl
import zlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC
from pathlib import Path

import pytest

from tests.faults.report import Figures
from tests.faults.world import DAY, DEADLINE, HOUR, World, rss
from tests.net.test_net_tls import CERTS
from tests.site import RESET, Answer, Asked, Site, Step, document, raw, redirect
from tui_reader.errors import ReaderError, Refused
from tui_reader.library import Choice
from tui_reader.text import clock
from tui_reader.tui import trouble

FEED = rss("a", "b")
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/xml\r\n"
PACKED = gzip.compress(FEED)
NASTY = "\x1b]0;owned\x07\x1b[31m\u202eevil"


def _server(which: str, oldest: ssl.TLSVersion | None = None) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTS / f"{which}.pem")
    if oldest is not None:
        context.set_ciphers("DEFAULT:@SECLEVEL=0")
        context.minimum_version = context.maximum_version = oldest
    return context


def _for_ever(*steps: Step) -> Answer:
    def script() -> Iterator[Step]:
        while True:
            yield from steps

    return Answer(script=script)


def _drip(data: bytes) -> Answer:
    def script() -> Iterator[Step]:
        for n in range(len(data)):
            yield data[n : n + 1]
            yield 0.1
        while True:
            yield 1.0

    return Answer(script=script)


# ---------------------------------------------------------------- nobody there


@pytest.mark.row("H01")
async def test_no_network_is_one_line_and_nobodys_fault(world: World) -> None:
    world.names = {f"{n}.example": ["127.0.0.1"] for n in range(5)}
    feeds = [await world.subscribe(f"/{n}", rss(f"a{n}"), host=f"{n}.example") for n in range(5)]
    await world.mark("a1")
    hosts, world.names = world.names, {}
    await world.library.close()

    async def down(host: str, port: int) -> list[str]:
        raise socket.gaierror(socket.EAI_AGAIN, "no answer")

    world.library = await world.open(resolver=down)
    world.now += 2 * DAY
    done = await world.library.refresh()
    assert {one.outcome for one in done.results} == {"failed"}
    found = [await world.feed(feed) for feed in feeds]
    assert [feed.poll.failures for feed in found] == [0] * 5
    everyone = await world.library.feeds()
    told = trouble.summary(everyone, len(everyone), world.now, UTC)
    assert told.startswith("⚠ The network seems to be down. What is saved can be read. Next try")
    assert len(await world.titles()) == 5

    world.names = hosts
    await world.restart()
    done = await world.refresh(HOUR)
    assert {one.outcome for one in done.results} <= {"unchanged", "updated"}


@pytest.mark.row("H01")
async def test_one_host_that_takes_no_connections(world: World) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    feed = await world.subscribe("/feed", FEED)
    await world.library.set_url(feed.id, f"http://127.0.0.1:{port}/feed")
    (result,) = [one for one in (await world.refresh()).results if one.feed_id == feed.id]
    assert (result.outcome, result.message) == ("failed", "the server takes no connections")
    world.line(await world.feed(feed))


@pytest.mark.row("H01")
async def test_a_dead_proxy_is_no_feeds_fault(world: World) -> None:
    world.names = {"far.example": ["127.0.0.1"]}
    feed = await world.subscribe("/feed", FEED, host="far.example")
    world.settings = {"proxy": "http://127.0.0.1:9"}
    await world.restart()
    result = await world.result()
    assert (result.outcome, result.message) == ("failed", "the proxy cannot be reached")
    assert (await world.feed(feed)).poll.failures == 0


# ---------------------------------------------------------------- TLS


@pytest.mark.row("H02")
@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1")
@pytest.mark.parametrize(
    ("which", "oldest", "message"),
    [
        ("expired", None, "its certificate has expired"),
        ("alone", None, "its certificate is signed by itself"),
        ("elsewhere", None, "its certificate is for another host"),
        ("good", ssl.TLSVersion.TLSv1, "no safe connection could be made"),
    ],
)
async def test_a_connection_that_cannot_be_trusted(
    world: World, which: str, oldest: ssl.TLSVersion | None, message: str
) -> None:
    world.settings = {"tls": ssl.create_default_context(cafile=CERTS / "authority.pem")}
    await world.restart()
    feed = await world.subscribe("/feed", FEED)
    await world.mark("a")
    with Site(tls=_server(which, oldest)) as secure:
        await world.library.set_url(feed.id, secure.url("/feed", host="localhost"))
        (result,) = [one for one in (await world.refresh()).results if one.feed_id == feed.id]
        assert (result.outcome, result.message, secure.log) == ("failed", message, [])
    world.line(await world.feed(feed))


@pytest.mark.row("H02")
async def test_no_tls_where_it_was_expected(world: World) -> None:
    feed = await world.subscribe("/feed", FEED)
    await world.library.set_url(feed.id, world.site.url("/feed").replace("http:", "https:"))
    (result,) = [one for one in (await world.refresh()).results if one.feed_id == feed.id]
    assert result.outcome == "failed"
    assert len(world.site.asked("/feed")) == 1
    world.line(await world.feed(feed))


@pytest.mark.row("H16", "H17")
async def test_a_step_from_https_to_http_is_shown(world: World) -> None:
    world.settings = {"tls": ssl.create_default_context(cafile=CERTS / "authority.pem")}
    await world.restart()
    world.site["/plain"] = document(FEED)
    with Site(tls=_server("good")) as secure:
        secure["/feed"] = redirect(world.site.url("/plain", host="localhost"), 301)
        added = await world.library.add(secure.url("/feed", host="localhost").replace("//", "//me:secret@"))
        assert not isinstance(added, Choice)
        feed = added.feed
        assert feed.url.startswith("https:")
        assert "https" in feed.fault
        assert "http" in dict(trouble.details(feed, world.now, UTC))["what happened"]
        assert "authorization" in secure.log[0].names
    assert "authorization" not in world.site.asked("/plain")[0].names


# ---------------------------------------------------------------- validators


@pytest.mark.row("H03", "H04", "H05")
async def test_what_did_not_change_is_not_parsed_and_new_validators_are_kept(world: World) -> None:
    stamp = "Sat, 01 Jan 2000 00:00:00 GMT"
    feed = await world.subscribe("/feed", FEED, etag='"1"', last_modified=stamp)
    result = await world.result()
    assert (result.outcome, result.status) == ("unchanged", 304)
    world.site["/feed"] = document(FEED, etag='"2"', last_modified=stamp)
    assert (await world.result()).outcome == "unchanged"
    assert (await world.feed(feed)).poll.validators.etag == b'"2"'
    assert (await world.result()).status == 304
    assert world.site.asked("/feed")[-1].header("if-none-match") == b'"2"'
    assert world.site.asked("/feed")[-1].header("if-modified-since") == stamp.encode()


@pytest.mark.row("H06")
async def test_odd_validators_survive_the_file(world: World) -> None:
    odd = [b'W/"x"', b"bare", b'"\xe9\xff"', b'"' + b"y" * 10_000 + b'"', b'"a\tb"', b'"a\x1b]0;x\x07"']
    for n, etag in enumerate(odd):
        await world.subscribe(f"/{n}", rss(f"t{n}"), etag=etag)
    await world.restart()
    await world.refresh()
    sent = [world.site.asked(f"/{n}")[-1].header("if-none-match") for n in range(len(odd))]
    assert sent[:3] == odd[:3]
    assert all(one in (None, etag) for one, etag in zip(sent, odd, strict=True))


@pytest.mark.row("H07")
async def test_304_to_a_first_request(world: World) -> None:
    world.site["/feed"] = Answer(304)
    with pytest.raises(Refused, match="not modified"):
        await world.library.add(world.site.url("/feed"))
    feed = await world.subscribe("/feed", FEED)
    result = await world.fault("/feed", Answer(304, body=b"what", headers=[("Content-Length", "4")]))
    assert (await world.feed(feed)).entries == 2
    assert result.status == 304


@pytest.mark.row("H08")
async def test_a_server_that_says_not_modified_for_ever_is_asked_whole_on_wish(world: World) -> None:
    stuck = Answer(304, headers=[("Last-Modified", "Tue, 01 Jan 2041 00:00:00 GMT")])
    feed = await world.subscribe("/feed", FEED, etag='"1"', last_modified="Tue, 01 Jan 2041 00:00:00 GMT")

    def latched(asked: Asked) -> Answer:
        return stuck if asked.is_conditional else Answer(body=rss("new", "a", "b"), headers=[("ETag", '"2"')])

    world.site["/feed"] = latched
    for _ in range(20):
        assert (await world.result(after=DAY)).outcome in {"unchanged", "waiting"}
    assert all(asked.is_conditional for asked in world.site.asked("/feed")[1:])
    done = await world.library.reload(feed.id)
    assert done.new == 1
    assert not world.site.asked("/feed")[-1].is_conditional
    with pytest.raises(ReaderError, match="an hour"):
        await world.library.reload(feed.id)
    assert (await world.feed(feed)).poll.validators.etag == b'"2"'
    world.site["/feed"] = Answer(500)
    world.now += 2 * HOUR
    assert (await world.library.reload(feed.id)).outcome == "failed"
    assert (await world.feed(feed)).poll.validators.etag == b'"2"'


# ---------------------------------------------------------------- refusals


@pytest.mark.row("H09", "K05")
async def test_asked_to_wait(world: World) -> None:
    date, off = "Fri, 02 Jan 2026 20:40:00 GMT", "Fri, 02 Jan 2026 17:40:00 GMT"
    waits = {
        "bare": [],
        "seconds": [("Retry-After", "7200")],
        "by date": [("Retry-After", "Sat, 03 Jan 2026 21:40:00 GMT"), ("Date", "Sat, 03 Jan 2026 20:40:00 GMT")],
        "by a clock that is off": [("Retry-After", date), ("Date", off)],
        "negative": [("Retry-After", "-5")],
        "ten years": [("Retry-After", str(10 * 365 * DAY))],
        "garbage": [("Retry-After", "soon \x1b[31m")],
    }
    done = await world.faults({name: Answer(429, headers=headers) for name, headers in waits.items()})
    at = dict.fromkeys(waits, world.now)
    expected = {"seconds": 7200, "by date": HOUR, "by a clock that is off": 3 * HOUR, "ten years": 7 * DAY}
    for name in waits:
        feed = await world.feed_at(f"/{name.replace(' ', '-')}")
        assert feed.poll.wait_until is not None
        waited = feed.poll.wait_until - at[name]
        assert waited == expected.get(name, waited)
        assert 0 < waited <= 7 * DAY
        assert f"wait until {clock(feed.poll.wait_until, world.now, UTC)}" in world.line(feed)
        assert done[name].message == "the server is busy (429)"
    asked = len(world.site.log)
    with pytest.raises(Refused, match="asked us to wait"):
        await world.library.reload((await world.feed_at("/seconds")).id)
    forced = await world.library.refresh(force=True)
    refused = [one for one in forced.results if one.outcome == "waiting"]
    assert len(refused) == len(waits)
    assert {one.message for one in refused} == {"the server asked us to wait"}
    assert len(world.site.log) - asked == 2


@pytest.mark.row("H10", "H11", "H12")
async def test_refusals_are_told_in_our_words(world: World) -> None:
    routes = {
        "unavailable": (Answer(503, headers=[("Retry-After", "1800")]), "the server is not available just now (503)"),
        "broken": (Answer(500, NASTY.encode(), reason=NASTY.encode()), "the server has a fault of its own (500)"),
        "gateway": (Answer(502), "the server has a fault of its own (502)"),
        "slow gateway": (Answer(504), "the server has a fault of its own (504)"),
        "protected": (
            Answer(403, b"Just a moment...", headers=[("cf-mitigated", "challenge")]),
            "a site protection turns readers away (403)",
        ),
        "missing": (Answer(404), "the server has nothing at this address (404)"),
        "forbidden": (Answer(403), "the server refuses access (403)"),
        "private": (Answer(401), "the server asks for a login (401)"),
        "gone": (Answer(410), "it is gone for good (410)"),
    }
    done = await world.faults({name: route for name, (route, _) in routes.items()})
    assert {name: result.message for name, result in done.items()} == {name: said for name, (_, said) in routes.items()}
    gone = await world.feed_at("/gone")
    assert "not asked again by itself" in world.line(gone)
    assert "d d removes the feed" in world.line(gone)
    assert "e u changes its address" in world.line(gone)
    assert "login" in world.line(await world.feed_at("/private"))
    missing = await world.feed_at("/missing")
    assert "seems to be gone" not in world.line(missing)
    asked = {path: len(world.site.asked(path)) for path in ("/gone", "/missing", "/broken")}
    gaps = []
    for _ in range(40):
        before = len(world.site.asked("/broken"))
        await world.refresh(HOUR)
        gaps.append(len(world.site.asked("/broken")) - before)
    assert sum(gaps) <= 6
    assert len(world.site.asked("/gone")) == asked["/gone"]
    world.now += 15 * DAY
    await world.refresh(HOUR)
    told = world.line(await world.feed_at("/missing"))
    assert "seems to be gone" in told
    assert "d d removes the feed" in told


@pytest.mark.row("H12")
async def test_a_feed_that_is_gone_can_be_asked_by_a_person(world: World) -> None:
    await world.subscribe("/feed", FEED)
    await world.mark("a")
    await world.fault("/feed", Answer(410))
    assert (await world.result(after=30 * DAY)).outcome == "waiting"
    world.site["/feed"] = document(rss("c", "a", "b"))
    assert (await world.result(force=True)).new == 1
    assert not (await world.feed_at("/feed")).poll.gone


# ---------------------------------------------------------------- redirects


@pytest.mark.row("H13", "H14")
async def test_moves(world: World) -> None:
    codes = (301, 308, 302, 303, 307)
    for code in codes:
        world.site[f"/new-{code}"] = document(rss(f"a{code}"), etag='"1"')
        await world.subscribe(f"/old-{code}", rss(f"a{code}"))
        world.site[f"/old-{code}"] = redirect(f"/new-{code}", code)
    await world.subscribe("/to-page", FEED)
    world.site["/to-page"] = redirect("/page", 301)
    world.site["/page"] = Answer(body=b"<!doctype html><html><body>For sale</body></html>", type="text/html")
    for _ in range(4):
        await world.refresh(3 * DAY)
    paths = {feed.url.removeprefix(world.site.url("")) for feed in await world.library.feeds()}
    assert {"/new-301", "/new-308", "/old-302", "/old-303", "/old-307", "/to-page"} <= paths


@pytest.mark.row("H13")
async def test_a_move_to_another_subscription_is_offered_and_not_done(world: World) -> None:
    await world.subscribe("/there", FEED, etag='"1"')
    old = await world.subscribe("/feed", rss("a", "b", title="Old"))
    world.twice = frozenset({"a", "b"})
    world.site["/feed"] = redirect("/there", 301)
    for _ in range(4):
        await world.refresh(3 * DAY)
    found = await world.feed(old)
    assert found.url.endswith("/feed")
    assert "moved to where “Blog” is" in found.fault
    assert "both stay" in found.fault
    assert found.fault in dict(trouble.details(found, world.now, UTC)).values()
    assert len(await world.library.feeds()) == 4


@pytest.mark.row("H15", "H19")
async def test_redirects_that_lead_nowhere(world: World) -> None:
    world.site["/round"] = redirect("/round", 302)
    world.site["/page-1"] = redirect("/page-2")
    world.site["/page-2"] = redirect("/page-1")
    for n in range(30):
        world.site[f"/chain-{n}"] = redirect(f"/chain-{n + 1}")
    routes = {
        "itself": redirect("/itself"),
        "a pair": redirect("/page-1"),
        "a chain": redirect("/chain-0"),
        "no place": Answer(302),
        "an empty place": redirect(""),
        "a bad place": redirect("http://[nonsense"),
        "sequences": redirect(b"http://\x1b]0;x\x07/"),
        "a login": redirect("http://me:secret@/"),
    } | {
        f"to {scheme}": redirect(f"{scheme}:{rest}")
        for scheme, rest in (("file", "///etc/passwd"), ("gopher", "//127.0.0.1/"), ("javascript", "alert(1)"),
                             ("data", "text/xml,<rss/>"), ("ftp", "//127.0.0.1/feed"))
    }  # fmt: skip
    before = len(world.site.log)
    done = await world.faults(routes)
    told = {name: one.message for name, one in done.items() if not one.message.startswith("the server sends us")}
    assert set(told) <= {"sequences", "to data", "to javascript"}
    assert set(told.values()) <= {"the answer broke off or was no HTTP", "the address cannot be asked for"}
    chain = [asked for asked in world.site.log[before:] if asked.path.startswith("/chain")]
    assert len(chain) == 5


@pytest.mark.row("H17", "H18")
async def test_nothing_personal_goes_to_another_host(world: World) -> None:
    cookies = [("Set-Cookie", "session=1; Path=/"), ("Set-Cookie", "x=2; Domain=localhost")]
    world.site["/feed"] = Answer(body=FEED, headers=[*cookies, ("ETag", '"1"')])
    added = await world.library.add(world.site.url("/feed").replace("//", "//me:secret@"))
    assert not isinstance(added, Choice)
    world.site["/feed"] = Answer(
        302, headers=[*cookies, ("Location", world.site.url("/other", host="localhost"))], type=""
    )
    world.site["/other"] = Answer(body=rss("c", "a", "b"), headers=cookies)
    assert (await world.result()).outcome == "updated"
    await world.result()
    assert all("authorization" in asked.names for asked in world.site.asked("/feed"))
    for asked in world.site.asked("/other"):
        assert not asked.names & {"authorization", "cookie", "referer", "if-none-match", "if-modified-since"}
    assert not any("cookie" in asked.names for asked in world.site.log)


@pytest.mark.row("H20")
@pytest.mark.parametrize(
    "inside",
    ["127.0.0.1", "169.254.169.254", "::1", "fe80::1", "10.0.0.1", "100.64.0.1", "64:ff9b::7f00:1", "0.0.0.0"],
)
async def test_a_feed_cannot_send_us_into_a_private_network(world: World, inside: str) -> None:
    world.names = {"feeds.example": ["127.0.0.1"], "trap.example": [inside]}
    await world.subscribe("/feed", FEED, host="feeds.example")
    world.site["/secret"] = Answer(body=rss("secret"))
    host = f"[{inside}]" if ":" in inside else inside
    for target in ("trap.example", host):
        world.site["/feed"] = redirect(f"http://{target}:{world.site.port}/secret")
        result = await world.result()
        assert (result.outcome, result.message) == ("failed", "the address leads into a private network")
    assert world.site.asked("/secret") == []


@pytest.mark.row("H20")
async def test_a_name_that_turns_inward_later_is_not_followed(world: World) -> None:
    """Rebinding: the check is made on the address that is connected to, each time anew."""
    world.names = {"feeds.example": ["127.0.0.1"], "turns.example": ["127.0.0.1"]}
    await world.subscribe("/feed", FEED, host="feeds.example")
    world.site["/feed"] = redirect(world.site.url("/secret", host="turns.example"))
    world.site["/secret"] = Answer(body=rss("secret"))
    world.names["turns.example"] = ["127.0.0.1", "93.184.216.34"][:1]
    result = await world.result()
    assert result.message == "the address leads into a private network"
    assert world.site.asked("/secret") == []


# ---------------------------------------------------------------- slow, large, broken


@pytest.mark.row("H21")
async def test_slow_answers_end_by_one_deadline(world: World) -> None:
    routes = {
        "silence": raw(60.0),
        "dripping head": _drip(b"HTTP/1.1 200 OK\r\nX: " + b"x" * 1000),
        "dripping body": _drip(HEAD + b"\r\n" + FEED),
        "early hints": _for_ever(b"HTTP/1.1 103 Early Hints\r\n\r\n", 0.001),
    }
    done = await world.faults(routes)
    assert {result.message for result in done.values()} == {f"no whole answer within {DEADLINE} seconds"}


@pytest.mark.row("H22", "H23")
async def test_large_answers_stop_at_the_limit(world: World, figures: Figures) -> None:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    bomb = b"".join([packer.compress(b"\0" * 1_000_000) for _ in range(200)] + [packer.flush()])
    head = HEAD + b"Content-Encoding: gzip\r\n\r\n"
    routes = {
        "ten gigabytes": raw(HEAD + b"Content-Length: 10000000000\r\n\r\n", 60.0),
        "endless": _for_ever(HEAD + b"\r\n" + b"x" * 65536),
        "a bomb": raw(head + bomb),
    }
    done = await world.faults(routes)
    assert {result.message for result in done.values()} == {"the document is larger than 2.0 MB"}


@pytest.mark.row("H23", "H24", "H25")
async def test_broken_answers(world: World) -> None:
    packed = HEAD + b"Content-Encoding: gzip\r\n\r\n"
    chunked = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
    length = HEAD + b"Content-Length: %d\r\n" % len(FEED)
    routes = {
        "a stack": raw(HEAD + b"Content-Encoding: gzip, gzip\r\n\r\n" + gzip.compress(PACKED)),
        "a cut": raw(packed + PACKED[:-9]),
        "a wrong sum": raw(packed + PACKED[:-8] + b"\0" * 8),
        "plain text": raw(packed + FEED),
        "brotli": raw(HEAD + b"Content-Encoding: br\r\n\r\n" + FEED),
        "raw deflate": raw(HEAD + b"Content-Encoding: deflate\r\n\r\n" + zlib.compress(FEED)[2:-4]),
        "short": raw(HEAD + b"Content-Length: 100000\r\n\r\n" + FEED),
        "cut chunk": raw(chunked + b"ffff\r\n" + FEED),
        "chunk garbage": raw(chunked + b"zz\r\n" + FEED),
        "two lengths": raw(length + b"Content-Length: 3\r\n\r\n" + FEED),
        "reset": raw(length + b"\r\n" + FEED[:30], RESET),
        "reset head": raw(b"HTTP/1.1 200 O", RESET),
        "nothing": raw(),
        "ssh": raw(b"SSH-2.0-OpenSSH_9.2p1\r\n"),
        "status 999": raw(b"HTTP/1.1 999 Odd\r\nContent-Length: 0\r\n\r\n"),
        "header flood": raw(b"HTTP/1.1 200 OK\r\n", *[b"X-%d: y\r\n" % n for n in range(20000)], b"\r\n"),
    }
    await world.faults(routes)


@pytest.mark.row("H24")
async def test_a_length_and_chunks_at_once_are_one_document_or_none(world: World) -> None:
    """RFC 9112 §6.3: chunks win; what comes after the body is nobody's."""
    both = HEAD + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n"
    new = rss("c", "a", "b")
    await world.subscribe("/feed", FEED)
    world.site["/feed"] = raw(both + b"%x\r\n" % len(new) + new + b"\r\n0\r\n\r\n" + rss("smuggled"))
    await world.result()
    assert set(await world.titles()) in ({"a", "b"}, {"a", "b", "c"})
    world.site["/feed"] = raw(HEAD + b"Content-Length: 5\r\n\r\n" + FEED)
    assert (await world.result()).outcome == "failed"
    assert "smuggled" not in await world.titles()


@pytest.mark.row("H26")
async def test_a_servers_own_words_are_clean_in_the_details(world: World) -> None:
    page = f"<h1>{NASTY}</h1> &#27;]52;c;aGk=&#7; [bold]no[/] please wait".encode()
    answer = Answer(418, page, reason=NASTY, headers=[("X-Say", NASTY.encode("utf-8"))], type="text/html")
    answer = replace(answer, reason=NASTY.encode("utf-8"))
    await world.faults({"teapot": answer})
    told = trouble.details(await world.feed_at("/teapot"), world.now, UTC)
    assert all(text.isprintable() for _, text in told)
    assert "please wait" in dict(told)["its own words"]


@pytest.mark.row("H27", "H28")
async def test_answers_that_are_no_feed(world: World) -> None:
    fresh = [("ETag", '"2"'), ("Last-Modified", "now")]
    routes = {
        "zero bytes": Answer(body=b"", headers=fresh),
        "a page": Answer(body=b"<!doctype html><html><body>Oops</body></html>", headers=fresh, type="text/html"),
        "a picture": Answer(body=b"\x89PNG\r\n\x1a\n" + b"\0" * 50, headers=fresh, type="image/png"),
        "json": Answer(body=b'{"error": "no"}', headers=fresh, type="application/json"),
        "pdf": Answer(body=b"%PDF-1.7", headers=fresh),
        "text": Answer(body=b"It works!", headers=fresh, type="text/plain"),
        "partial": Answer(206, FEED, headers=[*fresh, ("Content-Range", "bytes 0-9/10")]),
        "by a proxy": Answer(203, FEED, headers=fresh),
        "no content": Answer(204, headers=fresh, length=False),
        "a delta": Answer(226, FEED, headers=[*fresh, ("IM", "feed")]),
    }
    done = await world.faults(routes)
    assert done["a page"].message == "sent a web page instead of a feed"
    assert done["pdf"].message == "sent a PDF instead of a feed"


# ---------------------------------------------------------------- many and odd hosts


@pytest.mark.row("H29")
async def test_an_address_that_is_dead_costs_one_try(world: World) -> None:
    with socket.create_server(("127.0.0.3", world.site.port)) as silent:
        silent.close()
        world.names = {"two.example": ["127.0.0.3", "127.0.0.1"]}
        await world.subscribe("/feed", FEED, host="two.example")
    assert (await world.result()).outcome == "unchanged"


@pytest.mark.row("H30", "N02", "Y13")
async def test_two_hundred_feeds_on_one_host(world: World, tmp_path: Path) -> None:
    outlines = "".join(f"<outline type='rss' xmlUrl='{world.site.url(f'/many/{n}')}'/>" for n in range(200))
    for n in range(200):
        world.site[f"/many/{n}"] = document(rss(f"many {n}", title=f"Many {n}"))
    await world.library.import_opml(f"<opml version='2.0'><body>{outlines}</body></opml>".encode())
    reads = 0
    refresh = asyncio.create_task(world.refresh())
    while not refresh.done():
        await world.library.counts()
        reads += 1
        await asyncio.sleep(0.01)
    done = await refresh
    assert done.errors == 0
    assert world.site.most_at_once["127.0.0.1"] == 1
    assert len([asked for asked in world.site.log if asked.path.startswith("/many")]) == 200
    assert reads > 10
    assert len(await world.titles()) == 200
