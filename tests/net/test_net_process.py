"""The process that fetches, seen from its parent: it may die, be late or be asked a hundred things at once."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.net.conftest import AS_A_RULE, NOW
from tests.site import Answer, Site, raw
from tui_reader import children
from tui_reader.children import Child
from tui_reader.net import CHILD
from tui_reader.net.fetch import Failed, Fetched, Request, Settings
from tui_reader.net.process import FetchProcess


@pytest.fixture
async def fetching() -> AsyncIterator[FetchProcess]:
    made = FetchProcess(Settings(**AS_A_RULE), clock=lambda: NOW)
    yield made
    await made.close()


def pid_of(fetching: FetchProcess) -> int:
    assert fetching._child is not None
    return fetching._child.pid


async def get(fetching: FetchProcess, site: Site, path: str = "/feed") -> Fetched | Failed:
    outcome = await fetching.fetch(Request(site.url(path), typed=True))
    assert isinstance(outcome, Fetched | Failed)
    return outcome


async def begun(site: Site, count: int = 1) -> None:
    while len(site.log) < count:
        await asyncio.sleep(0.005)


async def test_every_request_gets_its_own_answer_whoever_is_first(site: Site, fetching: FetchProcess) -> None:
    for number in range(40):
        late = 0.05 * (number % 3)
        site[f"/{number}"] = raw(late, b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n%02d" % number)
    hosts = ("127.0.0.1", "127.0.0.2")
    asked = [site.url(f"/{number}", host=hosts[number % 2]) for number in range(40)]
    answers = await asyncio.gather(*(fetching.fetch(Request(url, typed=True)) for url in asked))
    assert [one.body for one in answers if isinstance(one, Fetched)] == [b"%02d" % number for number in range(40)]


async def test_a_document_of_many_megabytes_arrives_whole(site: Site, fetching: FetchProcess) -> None:
    body = os.urandom(9_000_000)
    site["/feed"] = Answer(body=body)
    outcome = await get(fetching, site)
    assert isinstance(outcome, Fetched)
    assert outcome.body == body


@pytest.mark.row("P04")
async def test_a_child_that_is_killed_is_nobodys_fault_and_is_replaced(site: Site, fetching: FetchProcess) -> None:
    gate = threading.Event()
    site["/stuck"] = raw(gate)
    site["/feed"] = Answer(body=b"x")
    waiting = [asyncio.create_task(get(fetching, site, "/stuck")) for _ in range(3)]
    await begun(site)
    first = pid_of(fetching)
    os.kill(first, signal.SIGKILL)
    for outcome in await asyncio.gather(*waiting):
        assert isinstance(outcome, Failed)
        assert outcome.kind == "offline", "it tells nothing of the address"
    assert isinstance(await get(fetching, site), Fetched)
    assert pid_of(fetching) != first
    gate.set()


async def test_closing_answers_whoever_waits_and_leaves_nothing_running(site: Site, fetching: FetchProcess) -> None:
    gate = threading.Event()
    site["/stuck"] = raw(gate)
    waiting = asyncio.create_task(get(fetching, site, "/stuck"))
    await begun(site)
    child = pid_of(fetching)
    await fetching.close()
    assert isinstance(await waiting, Failed)
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)
    gate.set()


async def test_without_a_network_no_process_is_started() -> None:
    fetching = FetchProcess(Settings("x/1", offline=True), clock=lambda: NOW)
    outcome = await fetching.fetch(Request("http://127.0.0.1:9/", typed=True))
    assert outcome == Failed("the network is off", kind="offline")
    assert fetching._child is None


async def test_a_machine_without_room_for_a_process_is_told_of(
    site: Site, fetching: FetchProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(children.sys, "executable", "/nowhere/python")
    outcome = await get(fetching, site)
    assert isinstance(outcome, Failed)
    assert outcome.reason.startswith("no process can be started that fetches")
    monkeypatch.undo()
    site["/feed"] = Answer(body=b"x")
    assert isinstance(await get(fetching, site), Fetched)


async def test_a_child_that_was_started_before_is_used(site: Site) -> None:
    site["/feed"] = Answer(body=b"x")
    child = Child(CHILD)
    fetching = FetchProcess(Settings(**AS_A_RULE), clock=lambda: NOW, child=child)
    assert isinstance(await get(fetching, site), Fetched)
    assert pid_of(fetching) == child.pid
    await fetching.close()
    assert not child.lives


async def test_a_fault_of_ours_in_the_child_is_one_in_the_parent(site: Site, fetching: FetchProcess) -> None:
    with pytest.raises(RuntimeError, match="UnicodeEncodeError"):
        await fetching.fetch(Request(site.url("/feed"), typed=True, accept="é"))
    site["/feed"] = Answer(body=b"x")
    assert isinstance(await get(fetching, site), Fetched)


@pytest.mark.skipif(sys.platform != "linux", reason="/proc")
async def test_secrets_stand_in_no_list_of_processes(site: Site, fetching: FetchProcess) -> None:
    site["/feed"] = Answer(body=b"x")
    secret = Request(site.url("/feed"), typed=True, headers=((b"Authorization", b"Bearer s3cr3t"),))
    assert isinstance(await fetching.fetch(secret), Fetched)
    assert site.log[0].header("authorization") == b"Bearer s3cr3t"
    folder = Path(f"/proc/{pid_of(fetching)}")
    assert b"s3cr3t" not in (folder / "cmdline").read_bytes() + (folder / "environ").read_bytes()


def test_what_is_logged_of_a_request_holds_no_secret() -> None:
    secret = Request("https://me:s3cr3t@a.example/feed", headers=((b"Authorization", b"Bearer s3cr3t"),))
    assert repr(secret) == "Request('https://a.example/feed')"


PARENT = """
import sys, time
from tui_reader.children import Child
print(Child("{module}").pid, flush=True)
time.sleep(3600)
"""


@pytest.mark.parametrize("module", ["tui_reader.net.child", "tui_reader.worker.child"])
async def test_no_child_outlives_a_parent_that_is_killed(module: str) -> None:
    parent = subprocess.Popen([sys.executable, "-c", PARENT.format(module=module)], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    parent.kill()
    parent.wait()
    parent.stdout.close()
    for _ in range(1000):
        if _has_ended(child):
            return
        await asyncio.sleep(0.02)
    pytest.fail("it runs for ever")


def _has_ended(pid: int) -> bool:
    """Whether a process is gone, or waits for nothing but to be counted by who adopted it."""
    try:
        os.kill(pid, 0)
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except (ProcessLookupError, FileNotFoundError):
        return True
