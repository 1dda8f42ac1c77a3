"""What a feed names must lie on the open internet; what the user typed may lie anywhere."""

from __future__ import annotations

import asyncio
import socket
import subprocess
import sys

import pytest

from tests.net.conftest import Make
from tests.site import Answer, Site, redirect
from tui_reader.net import guard
from tui_reader.net.fetch import Failed, Fetched, Request

PRIVATE = [
    "127.0.0.1",
    "127.8.9.10",
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",
    "255.255.255.255",
    "224.0.0.1",
    "192.0.2.1",
    "198.18.0.1",
    "::",
    "::1",
    "::7f00:1",
    "::ffff:10.0.0.1",
    "::ffff:127.0.0.1",
    "64:ff9b::a00:1",
    "64:ff9b:1::1",
    "2002:7f00:1::",
    "2001::1",
    "2001:db8::1",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "fc00::1",
    "fd12::1",
    "ff02::1",
    "nonsense",
]
PUBLIC = ["1.1.1.1", "93.184.216.34", "2606:2800:220:1::1", "64:ff9b::101:101", "::ffff:1.1.1.1", "2002:101:101::"]


@pytest.mark.row("H20")
@pytest.mark.parametrize("address", PRIVATE)
def test_private_addresses(address: str) -> None:
    assert not guard.is_public(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses(address: str) -> None:
    assert guard.is_public(address)


@pytest.mark.row("H20")
@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "2130706433", "0x7f.1", "017700000001", "127.1", "::1", "localhost", "a.localhost", "localhost."],
)
def test_private_in_any_spelling(host: str) -> None:
    assert guard.is_private_as_written(host)


@pytest.mark.parametrize("host", ["example.org", "1.1.1.1", "localhost.example.org", "2606:2800:220:1::1", "", "é"])
def test_names_of_which_nothing_is_known(host: str) -> None:
    assert not guard.is_private_as_written(host)


@pytest.mark.row("H20")
@pytest.mark.parametrize(
    ("url", "asked", "typed", "allowed"),
    [
        ("http://10.0.0.1/a", "http://10.0.0.1/b", True, True),
        ("http://10.0.0.1/a", "http://10.0.0.1/b", False, False),
        ("http://10.0.0.2/a", "http://10.0.0.1/b", True, False),
        ("http://localhost:1/a", "http://127.0.0.1:2/b", True, True),
        ("http://127.0.0.1/a", "http://example.org/b", True, False),
        ("http://10.0.0.1/a", "http://127.0.0.1/b", True, False),
    ],
)
def test_the_rule(url: str, asked: str, typed: bool, allowed: bool) -> None:
    assert guard.may_be_private(url, asked, typed=typed) is allowed


def _names(**known: list[str]) -> tuple[guard.Resolver, list[str]]:
    looked_up: list[str] = []

    async def resolve(host: str, port: int) -> list[str]:
        looked_up.append(host)
        if host not in known and host.partition(".")[0] not in known:
            raise socket.gaierror(socket.EAI_NONAME, "no")
        return known[host.partition(".")[0]]

    return resolve, looked_up


@pytest.mark.row("H20")
async def test_a_name_that_points_inside_is_refused_unless_typed(site: Site, make: Make) -> None:
    resolve, _ = _names(inside=["127.0.0.1"])
    fetcher = make(resolver=resolve)
    site["/feed"] = Answer(body=b"<rss/>")
    url = site.url("/feed", host="inside.example")
    outcome = await fetcher.fetch(Request(url))
    assert isinstance(outcome, Failed)
    assert (outcome.kind, site.log) == ("private", [])
    assert isinstance(await fetcher.fetch(Request(url, typed=True)), Fetched)


@pytest.mark.row("H20")
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "2130706433", "0x7f.1", "other.example"])
async def test_a_typed_host_may_not_send_us_inside(site: Site, make: Make, host: str) -> None:
    resolve, _ = _names(feeds=["127.0.0.1"], other=["127.0.0.1"])
    site["/feed"] = redirect(f"http://{host}:{site.port}/secret")
    outcome = await make(resolver=resolve).fetch(Request(site.url("/feed", host="feeds.example"), typed=True))
    assert isinstance(outcome, Failed)
    assert outcome.kind == "private"
    assert [asked.path for asked in site.log] == ["/feed"]


@pytest.mark.row("H20")
async def test_this_machine_may_send_us_to_this_machine(site: Site, make: Make) -> None:
    site["/feed"] = redirect(site.url("/end", host="localhost"))
    site["/end"] = Answer(body=b"<rss/>")
    assert isinstance(await make().fetch(Request(site.url("/feed"), typed=True)), Fetched)


@pytest.mark.row("H20")
async def test_the_address_that_was_checked_is_the_one_connected_to(site: Site, make: Make) -> None:
    """A name that would answer differently the second time is not asked a second time."""
    resolve, looked_up = _names(mixed=["10.255.255.1", "fe80::1", "127.0.0.1"])
    outcome = await make(resolver=resolve).fetch(Request(site.url("/feed", host="mixed.example")))
    assert isinstance(outcome, Failed)
    assert outcome.kind == "private"
    assert looked_up == ["mixed.example"]


@pytest.mark.row("H29")
async def test_an_address_that_does_not_answer_costs_one_try(site: Site, make: Make) -> None:
    with socket.create_server(("127.0.0.3", site.port)) as silent:
        silent.close()
        resolve, _ = _names(twice=["127.0.0.3", "127.0.0.1"])
        site["/feed"] = Answer(body=b"<rss/>")
        outcome = await make(resolver=resolve).fetch(Request(site.url("/feed", host="twice.example"), typed=True))
    assert isinstance(outcome, Fetched)


@pytest.mark.row("H01")
async def test_an_unknown_name_is_told_as_such(site: Site, make: Make) -> None:
    resolve, _ = _names()
    outcome = await make(resolver=resolve).fetch(Request("http://nowhere.example/", typed=True))
    assert isinstance(outcome, Failed)
    assert (outcome.kind, outcome.reason) == ("dns", "there is no such host")


@pytest.mark.row("H01")
async def test_a_name_server_that_is_down_is_no_fault_of_the_feed(site: Site, make: Make) -> None:
    async def resolve(host: str, port: int) -> list[str]:
        raise socket.gaierror(socket.EAI_AGAIN, "try again")

    outcome = await make(resolver=resolve).fetch(Request("http://nowhere.example/", typed=True))
    assert isinstance(outcome, Failed)
    assert outcome.kind == "offline"


@pytest.mark.row("H29")
async def test_the_systems_names_with_the_families_in_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    six, four = socket.AF_INET6, socket.AF_INET
    answers = [(six, "2606::1"), (six, "2606::2"), (six, "2606::1"), (six, "2606::3"), (four, "1.1.1.1")]
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda *_, **__: [(family, 1, 6, "", (address, 80)) for family, address in answers]
    )
    assert await guard.resolve("x", 80) == ["2606::1", "1.1.1.1", "2606::2", "2606::3"]


async def test_a_look_up_that_was_given_up_disturbs_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    loop = asyncio.get_running_loop()
    begun, go_on = asyncio.Event(), asyncio.Event()

    def stuck(*_: object, **__: object) -> list[object]:
        loop.call_soon_threadsafe(begun.set)
        asyncio.run_coroutine_threadsafe(go_on.wait(), loop).result(10)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", stuck)
    waiting = asyncio.create_task(guard.resolve("x", 80))
    await begun.wait()
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    go_on.set()
    await asyncio.sleep(0.05)


ENDING = """
import asyncio, socket, time
from tui_reader.net import guard
socket.getaddrinfo = lambda *_, **__: time.sleep(3600)
async def main():
    task = asyncio.create_task(guard.resolve("x", 80))
    await asyncio.sleep(0.05)
    task.cancel()
asyncio.run(main())
"""


@pytest.mark.row("P10")
def test_a_silent_name_server_does_not_hold_up_the_end_of_the_program() -> None:
    subprocess.run([sys.executable, "-c", ENDING], check=True, timeout=50)
