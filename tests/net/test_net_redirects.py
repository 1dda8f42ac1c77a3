"""Redirects by our own rules: few, only to the web, with nothing taken along, adopted only when all are permanent."""

from __future__ import annotations

import base64

import pytest

from tests.net.conftest import Make
from tests.site import Answer, Site, document, redirect
from tui_reader.model import Validators
from tui_reader.net.client import MOST_HOPS
from tui_reader.net.fetch import Failed, Fetched, Network, NotModified, Outcome, Request

FEED = b"<rss/>"


async def _get(fetcher: Network, url: str, held: Validators | None = None) -> Outcome:
    return await fetcher.fetch(Request(url, held or Validators(), typed=True))


@pytest.mark.row("H13", "H14")
@pytest.mark.parametrize(
    ("chain", "adoptable"),
    [
        ([301], True),
        ([308], True),
        ([301, 308], True),
        ([302], False),
        ([303], False),
        ([307], False),
        ([301, 302], False),
        ([307, 301], False),
    ],
)
async def test_only_a_wholly_permanent_chain_may_be_adopted(
    site: Site, fetcher: Network, chain: list[int], adoptable: bool
) -> None:
    for n, status in enumerate(chain):
        site[f"/{n}"] = redirect(f"/{n + 1}", status)
    end = f"/{len(chain)}"
    site[end] = document(FEED, etag='"1"')
    first = await _get(fetcher, site.url("/0"))
    assert isinstance(first, Fetched)
    assert (first.url, first.permanent_url) == (site.url(end), site.url(end) if adoptable else "")
    second = await _get(fetcher, site.url("/0"), first.validators)
    assert isinstance(second, NotModified)
    assert second.permanent_url == first.permanent_url


async def test_an_answer_without_a_redirect_offers_nothing_to_adopt(site: Site, fetcher: Network) -> None:
    site["/feed"] = Answer(body=FEED)
    outcome = await _get(fetcher, site.url("/feed"))
    assert isinstance(outcome, Fetched)
    assert outcome.permanent_url == ""
    assert not outcome.downgraded


@pytest.mark.row("H15", "H19")
@pytest.mark.parametrize(
    "location",
    [
        "javascript:alert(1)",
        "file:///etc/passwd",
        "gopher://127.0.0.1/",
        "data:text/plain,x",
        "ftp://127.0.0.1/x",
        "http://[::1",
        "http://",
        "http://127.0.0.1:99999/",
        "http://127.0.0.1:x/",
        "//",
        "",
        "#only",
        "\x1b]0;pwned\x07",
        "http://\x00/",
        b"\xff\xfe",
        "x" * 20_000,
    ],
)
async def test_a_redirect_to_nowhere_is_refused_in_one_clean_sentence(
    site: Site, fetcher: Network, location: str | bytes
) -> None:
    site["/feed"] = redirect(location)
    outcome = await _get(fetcher, site.url("/feed"))
    assert isinstance(outcome, Failed), outcome
    assert outcome.kind in {"redirect", "http", "broken"}
    assert outcome.reason.isprintable()
    assert len(outcome.reason) < 150
    assert len(site.log) <= 2


@pytest.mark.row("H15")
async def test_a_redirect_without_a_location_is_a_fault(site: Site, fetcher: Network) -> None:
    site["/feed"] = Answer(301, type="")
    assert isinstance(await _get(fetcher, site.url("/feed")), Failed)


@pytest.mark.row("H15")
@pytest.mark.parametrize("location", ["end", "./end", "/end", "/end#part", "?x", "//{}/end", "\t/end"])
async def test_relative_redirects_and_fragments(site: Site, fetcher: Network, location: str) -> None:
    site["/feed"] = redirect(location.format(f"127.0.0.1:{site.port}"))
    site["/end"] = site["/feed?x"] = Answer(body=FEED)
    assert isinstance(await _get(fetcher, site.url("/feed")), Fetched)


@pytest.mark.row("H15")
async def test_a_loop_ends_at_once(site: Site, fetcher: Network) -> None:
    site["/a"], site["/b"] = redirect("/b"), redirect("/a")
    outcome = await _get(fetcher, site.url("/a"))
    assert isinstance(outcome, Failed)
    assert outcome.kind == "redirect"
    assert len(site.log) == 2


@pytest.mark.row("H15")
async def test_a_chain_without_end_is_left_after_five_steps(site: Site, fetcher: Network) -> None:
    for n in range(30):
        site[f"/{n}"] = redirect(f"/{n + 1}")
    outcome = await _get(fetcher, site.url("/0"))
    assert isinstance(outcome, Failed)
    assert len(site.log) == MOST_HOPS + 1


@pytest.mark.row("H17")
async def test_a_login_is_sent_where_it_was_typed_and_nowhere_else(site: Site, fetcher: Network) -> None:
    basic = b"Basic " + base64.b64encode(b"me:secret")
    site["/feed"] = redirect("/same")
    site["/same"] = redirect(site.url("/other", host="localhost"))
    site["/other"] = Answer(body=FEED)
    outcome = await _get(fetcher, site.url("/feed").replace("//", "//me:secret@"))
    assert isinstance(outcome, Fetched)
    assert [asked.header("authorization") for asked in site.log] == [basic, basic, None]
    assert not any(b"secret" in asked.head for asked in site.log)


async def test_a_login_does_not_stay_in_the_address_that_links_are_joined_to(site: Site, fetcher: Network) -> None:
    site["/feed"] = document(FEED, etag='"1"')
    address = site.url("/feed").replace("//", "//me:secret@")
    outcome = await _get(fetcher, address)
    assert isinstance(outcome, Fetched)
    assert outcome.url == site.url("/feed")
    assert isinstance(await _get(fetcher, address, outcome.validators), NotModified)


@pytest.mark.row("H15", "H17")
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
async def test_a_login_in_a_location_is_not_taken(site: Site, fetcher: Network, host: str) -> None:
    site["/feed"] = redirect(site.url("/end", host=host).replace("//", "//evil:word@"))
    site["/end"] = Answer(body=FEED)
    assert isinstance(await _get(fetcher, site.url("/feed")), Fetched)
    assert site.log[1].header("authorization") is None


async def test_a_redirect_to_a_refusal_tells_the_refusal_and_its_address(site: Site, make: Make) -> None:
    site["/feed"] = redirect("/end", 301)
    site["/end"] = Answer(410, b"<p>Gone &amp; forgotten</p>", reason="Gone", type="text/html")
    outcome = await _get(make(), site.url("/feed"))
    assert isinstance(outcome, Failed)
    assert (outcome.status, outcome.gone, outcome.url) == (410, True, site.url("/end"))
    assert outcome.words == "Gone & forgotten"


@pytest.mark.row("H17")
@pytest.mark.parametrize("host", ["localhost", "127.0.0.2"])
async def test_a_header_of_ones_own_goes_to_no_other_host(site: Site, make: Make, host: str) -> None:
    site["/feed"] = redirect(site.url("/there", host=host))
    site["/there"] = redirect(site.url("/back"))
    site["/back"] = Answer(body=b"<rss/>")
    own = ((b"X-Api-Key", b"secret"), (b"Authorization", b"Basic bWU6c2VjcmV0"))
    assert isinstance(await make().fetch(Request(site.url("/feed"), typed=True, headers=own)), Fetched)
    assert {"x-api-key", "authorization"} <= site.asked("/feed")[0].names
    assert not {"x-api-key", "authorization"} & site.asked("/there")[0].names
