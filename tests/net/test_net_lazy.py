"""The network library costs a tenth of a second: it is loaded with the first request, not with the program."""

from __future__ import annotations

import subprocess
import sys

import pytest

PROGRAM = """
import asyncio, sys
from tui_reader.net.client import Fetcher
from tui_reader.net.fetch import Request
heavy = {"httpx", "httpcore", "h2", "anyio", "certifi", "http.client", "http.cookiejar", "email.utils"}
assert not heavy & set(sys.modules), heavy & set(sys.modules)
fetcher = Fetcher(user_agent="x/1", clock=lambda: 0)
assert not heavy & set(sys.modules), heavy & set(sys.modules)
asyncio.run(fetcher.fetch(Request("http://127.0.0.1:9/", typed=True)))
assert "httpx" in sys.modules
"""


def test_httpx_is_loaded_with_the_first_request() -> None:
    subprocess.run([sys.executable, "-c", PROGRAM], check=True, timeout=50)


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
