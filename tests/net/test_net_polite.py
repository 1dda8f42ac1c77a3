"""The rules of politeness that one request can keep (reliability.md §3a), read off the site's log."""

from __future__ import annotations

import asyncio
import re

import pytest
from msgspec.structs import replace

from tests.net.conftest import Make
from tests.site import Answer, Site, document, redirect
from tui_reader.model import Validators
from tui_reader.net.fetch import Failed, Fetched, Network, NotModified, Request

FEED = b"<rss version='2.0'><channel><title>t</title></channel></rss>"
STAMP = b"Sat, 01 Jan 2000 00:00:00 GMT"


async def _fetched(fetcher: Network, request: Request) -> Fetched:
    outcome = await fetcher.fetch(request)
    assert isinstance(outcome, Fetched), outcome
    return outcome


async def _again(fetcher: Network, url: str, held: Validators) -> Fetched | NotModified | Failed:
    return await fetcher.fetch(Request(url, held, typed=True))


@pytest.mark.row("Y03", "Y16", "Y18", "Y23")
async def test_the_first_request_is_a_plain_get_that_says_who_asks(site: Site, fetcher: Network) -> None:
    site["/feed"] = document(FEED, etag='"1"', last_modified=STAMP)
    await _fetched(fetcher, Request(site.url("/feed"), typed=True))
    (asked,) = site.log
    assert asked.method == "GET"
    assert asked.names == {"host", "user-agent", "accept", "accept-encoding"}
    assert asked.header("accept-encoding") == b"gzip"
    assert re.fullmatch(rb"tui-reader/\d\S* \(\+https?://\S+\)", asked.header("user-agent") or b"")


@pytest.mark.row("H06", "H08", "Y01", "Y02")
@pytest.mark.parametrize(
    "etag",
    [b'"plain"', b'W/"weak"', b"unquoted", b'"8-bit \xe9\xff"', b'"comma, and  two spaces"', b'"' + b"x" * 3000 + b'"'],
)
@pytest.mark.parametrize("stamp", [STAMP, b"yesterday, more or less", b"2041-01-01T00:00:00Z"])
async def test_validators_come_back_byte_for_byte(site: Site, fetcher: Network, etag: bytes, stamp: bytes) -> None:
    site["/feed"] = document(FEED, etag=etag, last_modified=stamp)
    first = await _fetched(fetcher, Request(site.url("/feed"), typed=True))
    assert isinstance(await _again(fetcher, site.url("/feed"), first.validators), NotModified)
    assert site.log[1].header("if-none-match") == etag
    assert site.log[1].header("if-modified-since") == stamp


@pytest.mark.row("H06")
@pytest.mark.parametrize("etag", [b'"tab\there"', b'"' + b"x" * 10_000 + b'"'])
async def test_a_validator_that_cannot_be_echoed_is_dropped_whole(site: Site, fetcher: Network, etag: bytes) -> None:
    site["/feed"] = document(FEED, etag=etag)
    first = await _fetched(fetcher, Request(site.url("/feed"), typed=True))
    assert first.validators.etag is None
    await _again(fetcher, site.url("/feed"), first.validators)
    assert not site.log[1].is_conditional


@pytest.mark.row("H04", "H05", "Y04")
@pytest.mark.parametrize(
    ("etag", "stamp"), [(b'"2"', STAMP), (b'"1"', b"later"), (b'"2"', b"later"), (None, b"later"), (b'"2"', None)]
)
async def test_the_pair_is_replaced_together_though_the_body_is_the_same(
    site: Site, fetcher: Network, etag: bytes | None, stamp: bytes | None
) -> None:
    site["/feed"] = [
        Answer(body=FEED, headers=[("ETag", '"1"'), ("Last-Modified", STAMP)]),
        Answer(body=FEED, headers=[(k, v) for k, v in (("ETag", etag), ("Last-Modified", stamp)) if v]),
    ]
    held = Validators()
    for _ in range(3):
        held = (await _fetched(fetcher, Request(site.url("/feed"), held, typed=True))).validators
    assert (site.log[2].header("if-none-match"), site.log[2].header("if-modified-since")) == (etag, stamp)


@pytest.mark.row("Y04")
@pytest.mark.parametrize(
    ("sent", "after"),
    [
        ([], (b'"1"', STAMP)),
        ([("ETag", '"1"'), ("Last-Modified", "new")], (b'"1"', b"new")),
        ([("Last-Modified", "new")], (b'"1"', b"new")),
        ([("ETag", '"other"'), ("Last-Modified", "new")], (b'"1"', STAMP)),
    ],
)
async def test_a_304_updates_the_pair_only_if_it_speaks_of_what_we_hold(
    site: Site, fetcher: Network, sent: list[tuple[str, str]], after: tuple[bytes, bytes]
) -> None:
    site["/feed"] = Answer(304, headers=sent, reason="Not Modified")
    held = Validators(b'"1"', STAMP, site.url("/feed"))
    outcome = await _again(fetcher, site.url("/feed"), held)
    assert isinstance(outcome, NotModified)
    assert (outcome.validators.etag, outcome.validators.last_modified) == after
    assert outcome.validators.url == site.url("/feed")


async def test_validators_go_only_to_the_address_that_issued_them(site: Site, fetcher: Network) -> None:
    end = site.url("/end", host="localhost")
    site["/feed"] = redirect(end)
    site["/end"] = document(FEED, etag='"1"')
    first = await _fetched(fetcher, Request(site.url("/feed"), typed=True))
    assert first.validators.url == end
    assert isinstance(await _again(fetcher, site.url("/feed"), first.validators), NotModified)
    assert [asked.is_conditional for asked in site.asked("/feed")] == [False, False]
    assert [asked.is_conditional for asked in site.asked("/end")] == [False, True]

    site["/end"] = redirect(site.url("/later"))
    site["/later"] = document(FEED, etag='"1"')
    await _again(fetcher, site.url("/feed"), first.validators)
    assert [asked.is_conditional for asked in site.asked("/later")] == [False]


@pytest.mark.row("H18", "Y19")
async def test_no_cookie_no_referer_no_decoration(site: Site, fetcher: Network) -> None:
    crumbs = [("Set-Cookie", "id=1; Path=/"), ("Set-Cookie", "other=2; Max-Age=99999")]
    site["/a"] = Answer(302, headers=[*crumbs, ("Location", "/b")], type="")
    site["/b"] = Answer(body=FEED, headers=crumbs)
    for _ in range(2):
        await _fetched(fetcher, Request(site.url("/a"), typed=True))
    assert [asked.target for asked in site.log] == ["/a", "/b", "/a", "/b"]
    assert not any(asked.names & {"cookie", "referer"} for asked in site.log)


@pytest.mark.row("Y17")
@pytest.mark.parametrize(
    "target",
    [
        "/",
        "/feed/",
        "/feed?x=1&y",
        "/feed?null",
        "//double//slash",
        "/a;b=c/%7Euser/%2F",
        "/a+b,c/(d)'!*$@:",
        "/?q=a%20b",
    ],
)
async def test_an_address_is_asked_for_as_it_is_written(site: Site, fetcher: Network, target: str) -> None:
    site[target] = Answer(body=FEED)
    await _fetched(fetcher, Request(site.url(target) + "#part", typed=True))
    assert site.log[0].target == target


@pytest.mark.row("H30", "Y13")
async def test_one_host_is_asked_one_at_a_time_and_others_meanwhile(site: Site, fetcher: Network) -> None:
    site["/feed"] = Answer(body=FEED, delay=0.01)
    hosts = ["127.0.0.1", "localhost"]
    requests = [Request(site.url(f"/feed?{n}", host=host), typed=True) for n in range(10) for host in hosts]
    outcomes = await asyncio.gather(*[fetcher.fetch(request) for request in requests])
    assert all(isinstance(outcome, Fetched) for outcome in outcomes)
    assert [site.most_at_once[host] for host in hosts] == [1, 1]


@pytest.mark.parametrize("concurrency", [1, 2])
async def test_no_more_hosts_at_once_than_allowed(site: Site, make: Make, concurrency: int) -> None:
    site["/feed"] = Answer(body=FEED, delay=0.01)
    hosts = ["127.0.0.1", "127.0.0.2", "localhost"]
    fetcher = make(concurrency=concurrency)
    await asyncio.gather(*[fetcher.fetch(Request(site.url("/feed", host=host), typed=True)) for host in hosts * 3])
    assert len(site.log) == 9
    assert site.most_at_once[""] <= concurrency


async def test_a_redirect_on_one_host_does_not_wait_for_itself(site: Site, fetcher: Network) -> None:
    for n in range(4):
        site[f"/{n}"] = redirect(f"/{n + 1}")
    site["/4"] = Answer(body=FEED)
    assert (await _fetched(fetcher, Request(site.url("/0"), typed=True))).url == site.url("/4")


@pytest.mark.row("H07")
async def test_a_304_to_a_first_request_is_a_fault(site: Site, fetcher: Network) -> None:
    site["/feed"] = Answer(304, headers=[("ETag", '"1"')])
    outcome = await fetcher.fetch(Request(site.url("/feed"), typed=True))
    assert isinstance(outcome, Failed)
    assert outcome.status == 304


@pytest.mark.row("H07")
async def test_a_304_may_carry_a_body_nobody_reads(site: Site, fetcher: Network) -> None:
    site["/feed"] = Answer(304, body=b"x" * 100, headers=[("Content-Length", "100")])
    held = Validators(b'"1"', None, site.url("/feed"))
    assert isinstance(await _again(fetcher, site.url("/feed"), held), NotModified)


async def test_max_age_is_told_with_the_document_and_with_a_304(site: Site, fetcher: Network) -> None:
    site["/feed"] = document(FEED, etag='"1"', headers=[("Cache-Control", "public"), ("Cache-Control", "max-age=7200")])
    first = await _fetched(fetcher, Request(site.url("/feed"), typed=True))
    second = await _again(fetcher, site.url("/feed"), first.validators)
    assert isinstance(second, NotModified)
    assert (first.max_age, second.max_age) == (7200, 7200)


async def test_a_document_that_is_here_already_is_told_by_its_digest(site: Site, fetcher: Network) -> None:
    site["/feed"] = Answer(body=FEED)
    url = site.url("/feed")
    first = await _fetched(fetcher, Request(url, typed=True))
    again = await _fetched(fetcher, Request(url, typed=True, held=first.digest))
    assert (first.body, again.body, again.digest) == (FEED, b"", first.digest)
    site["/feed"] = Answer(body=FEED + b" ")
    other = await _fetched(fetcher, Request(url, typed=True, held=first.digest))
    assert other.body == FEED + b" "
    assert other.digest != first.digest


async def test_a_packed_document_is_unpacked(site: Site, fetcher: Network) -> None:
    site["/feed"] = document(FEED * 1000, packed=True)
    assert (await _fetched(fetcher, Request(site.url("/feed"), typed=True))).body == FEED * 1000


@pytest.mark.row("H01")
async def test_offline_nothing_is_sent(site: Site, make: Make) -> None:
    outcome = await make(offline=True).fetch(Request(site.url("/feed"), typed=True))
    assert isinstance(outcome, Failed)
    assert (outcome.kind, site.log) == ("offline", [])


async def test_the_name_of_the_program_cannot_break_a_header(site: Site, make: Make) -> None:
    site["/feed"] = Answer(body=FEED)
    await _fetched(make(user_agent="x/1 (+a\r\nEvil: 1\x1b[31mé)"), Request(site.url("/feed"), typed=True))
    assert site.log[0].header("user-agent") == b"x/1 (+a Evil: 1?)"
    assert "evil" not in site.log[0].names


async def test_a_fetcher_can_be_used_after_it_was_closed(site: Site, fetcher: Network) -> None:
    site["/feed"] = Answer(body=FEED)
    request = Request(site.url("/feed"), typed=True)
    await _fetched(fetcher, request)
    await fetcher.close()
    assert (await _fetched(fetcher, replace(request))).body == FEED
