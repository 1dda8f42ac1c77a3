"""The test site itself: if it lies, every test on top of it does."""

from __future__ import annotations

import socket
import threading
import urllib.error
import urllib.request

import pytest

from tests.site import RESET, Answer, Asked, Site, document, raw, redirect


def _get(url: str, **headers: str) -> tuple[int, bytes]:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    request = urllib.request.Request(url, headers={name.replace("_", "-"): value for name, value in headers.items()})
    try:
        with opener.open(request, timeout=10) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read()


def test_a_document_answers_its_own_validators_with_304() -> None:
    with Site() as site:
        site["/feed"] = document(b"<x/>", etag='W/"a b"', last_modified="not even a date")
        assert _get(site.url("/feed")) == (200, b"<x/>")
        assert _get(site.url("/feed"), If_None_Match='W/"a b"') == (304, b"")
        assert _get(site.url("/feed"), If_None_Match='"a b"') == (200, b"<x/>")
        assert _get(site.url("/feed"), If_Modified_Since="not even a date") == (304, b"")
        assert [asked.is_conditional for asked in site.asked("/feed")] == [False, True, True, True]


def test_routes_take_turns_and_the_last_one_stays() -> None:
    with Site() as site:
        site["/turn"] = [Answer(503), Answer(body=b"ok")]
        assert [_get(site.url("/turn"))[0] for _ in range(3)] == [503, 200, 200]


def test_a_query_has_a_route_of_its_own_or_its_paths() -> None:
    with Site() as site:
        site["/a"] = Answer(body=b"path")
        site["/a?b=1"] = Answer(body=b"query")
        assert _get(site.url("/a?b=1"))[1] == b"query"
        assert _get(site.url("/a?b=2"))[1] == b"path"
        assert _get(site.url("/c"))[0] == 404


def test_one_port_is_several_hosts() -> None:
    with Site() as site:
        site["/hop"] = lambda asked: redirect(site.url("/end", host="localhost"))
        site["/end"] = Answer(body=b"end")
        assert _get(site.url("/hop", host="127.0.0.2"))[1] == b"end"
        assert [asked.host for asked in site.log] == ["127.0.0.2", "localhost"]


def test_a_script_is_the_whole_answer_and_can_cut_the_line() -> None:
    with Site() as site:
        site["/cut"] = raw(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345", 0.01, RESET)
        with pytest.raises(OSError):
            _get(site.url("/cut"))


def test_a_script_waits_for_what_the_test_says() -> None:
    gate = threading.Event()
    with Site() as site:
        site["/gate"] = raw(gate, b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        threading.Timer(0.05, gate.set).start()
        assert _get(site.url("/gate")) == (200, b"ok")


def test_the_log_keeps_every_byte() -> None:
    with Site() as site, socket.create_connection(("127.0.0.1", site.port), timeout=10) as line:
        head = b'GET /x?y HTTP/1.1\r\nHost: h:1\r\nIf-None-Match: "\xe9"\r\n\r\n'
        line.sendall(head)
        line.recv(10_000)
        asked: Asked = site.log[0]
        assert (asked.method, asked.target, asked.path) == ("GET", "/x?y", "/x")
        assert asked.head == head
        assert asked.header("IF-NONE-MATCH") == b'"\xe9"'
