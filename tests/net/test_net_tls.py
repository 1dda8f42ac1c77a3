"""Certificates: what cannot be trusted is refused with its reason, never passed over in silence."""

from __future__ import annotations

import asyncio
import ssl
from pathlib import Path

import pytest
from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import RequestReceived

from tests.net.conftest import Make
from tests.site import Answer, Site, document, redirect
from tui_reader.net.fetch import Failed, Fetched, Request

CERTS = Path(__file__).parent / "certs"


def _server(which: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTS / f"{which}.pem")
    return context


@pytest.fixture
def trusting() -> ssl.SSLContext:
    """Trusts the tests' own authority."""
    return ssl.create_default_context(cafile=CERTS / "authority.pem")


async def test_a_good_certificate(make: Make, trusting: ssl.SSLContext) -> None:
    with Site(tls=_server("good")) as site:
        site["/feed"] = document(b"<rss/>", packed=True)
        outcome = await make(tls=trusting).fetch(Request(site.url("/feed", host="localhost"), typed=True))
        assert isinstance(outcome, Fetched)
        assert site.log[0].tls


@pytest.mark.row("H02")
@pytest.mark.parametrize(
    ("which", "reason"),
    [
        ("expired", "its certificate has expired"),
        ("elsewhere", "its certificate is for another host"),
        ("alone", "its certificate is signed by itself"),
    ],
)
@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
async def test_a_bad_one_is_refused_by_name(
    make: Make, trusting: ssl.SSLContext, which: str, reason: str, host: str
) -> None:
    with Site(tls=_server(which)) as site:
        outcome = await make(tls=trusting).fetch(Request(site.url("/feed", host=host), typed=True))
        assert isinstance(outcome, Failed)
        assert (outcome.kind, outcome.reason, site.log) == ("tls", reason, [])


@pytest.mark.row("H02")
async def test_an_unknown_authority(make: Make) -> None:
    with Site(tls=_server("good")) as site:
        outcome = await make().fetch(Request(site.url("/feed", host="localhost"), typed=True))
        assert isinstance(outcome, Failed)
        assert outcome.kind == "tls"
        assert outcome.reason == "its certificate is signed by nobody we know"


@pytest.mark.row("H02")
async def test_plain_words_where_a_secure_line_was_expected(make: Make) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        outcome = await make().fetch(Request(f"https://127.0.0.1:{port}/", typed=True))
    assert isinstance(outcome, Failed)
    assert (outcome.kind, outcome.reason) == ("tls", "no safe connection could be made")


@pytest.mark.row("H16", "H17")
async def test_a_step_down_to_http_is_marked_and_not_adopted(site: Site, make: Make, trusting: ssl.SSLContext) -> None:
    site["/end"] = Answer(body=b"<rss/>")
    with Site(tls=_server("good")) as secure:
        secure["/feed"] = redirect(site.url("/end"), 301)
        outcome = await make(tls=trusting).fetch(Request(secure.url("/feed").replace("//", "//me:secret@"), typed=True))
    assert isinstance(outcome, Fetched)
    assert (outcome.downgraded, outcome.permanent_url) == (True, "")
    assert "authorization" in secure.log[0].names
    assert "authorization" not in site.log[0].names


async def test_a_step_up_to_https_may_be_adopted(site: Site, make: Make, trusting: ssl.SSLContext) -> None:
    with Site(tls=_server("good")) as secure:
        secure["/feed"] = Answer(body=b"<rss/>")
        site["/feed"] = redirect(secure.url("/feed"), 301)
        outcome = await make(tls=trusting).fetch(Request(site.url("/feed"), typed=True))
    assert isinstance(outcome, Fetched)
    assert (outcome.downgraded, outcome.permanent_url) == (False, secure.url("/feed"))


class Two(asyncio.Protocol):
    """Answers every request in HTTP/2."""

    def __init__(self, body: bytes) -> None:
        self._body = body
        self._two = H2Connection(H2Configuration(client_side=False))

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._two.initiate_connection()
        self._send()

    def data_received(self, data: bytes) -> None:
        for event in self._two.receive_data(data):
            if isinstance(event, RequestReceived):
                length = str(len(self._body))
                self._two.send_headers(event.stream_id, [(":status", "200"), ("content-length", length)])
                self._two.send_data(event.stream_id, self._body, end_stream=True)
        self._send()

    def _send(self) -> None:
        self._transport.write(self._two.data_to_send())  # type: ignore[attr-defined]


async def test_a_server_that_speaks_http_2(make: Make, trusting: ssl.SSLContext) -> None:
    context = _server("good")
    context.set_alpn_protocols(["h2"])
    trusting.set_alpn_protocols(["h2", "http/1.1"])
    body = b"<rss>" + b"x" * 10_000 + b"</rss>"
    loop = asyncio.get_running_loop()
    async with await loop.create_server(lambda: Two(body), "127.0.0.1", 0, ssl=context) as server:
        port = server.sockets[0].getsockname()[1]
        outcome = await make(tls=trusting).fetch(Request(f"https://localhost:{port}/feed", typed=True))
        assert isinstance(outcome, Fetched)
        assert outcome.body == body
