"""A site of its own for every test, and fetchers that are closed when it ends."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import httpx
import pytest

from tests.site import Site
from tui_reader.net.client import Fetcher
from tui_reader.net.fetch import Network, Settings
from tui_reader.net.process import FetchProcess

NOW = 1_700_000_000
AS_A_RULE: dict[str, Any] = {"user_agent": "tui-reader/1.0 (+https://example.org/me)", "deadline": 10.0}

Make = Callable[..., Fetcher]


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as running:
        yield running


@pytest.fixture(scope="session")
def trusted() -> ssl.SSLContext:
    """The authorities a fetcher trusts, read once for all tests."""
    return httpx.create_ssl_context()


@pytest.fixture
async def make(trusted: ssl.SSLContext) -> AsyncIterator[Make]:
    """Makes fetchers; what is not told is as short as a test needs it."""
    made: list[Fetcher] = []

    def one(**settings: Any) -> Fetcher:
        own = {name: settings.pop(name) for name in ("resolver", "tls") if name in settings}
        made.append(Fetcher(Settings(**(AS_A_RULE | settings)), clock=lambda: NOW, **({"tls": trusted} | own)))
        return made[-1]

    yield one
    for fetcher in made:
        await fetcher.close()


@pytest.fixture(params=["here", "in a process"])
async def fetcher(request: pytest.FixtureRequest, make: Make) -> AsyncIterator[Network]:
    """Who asks, and who asks another process to."""
    if request.param == "here":
        yield make()
        return
    process = FetchProcess(Settings(**AS_A_RULE), clock=lambda: NOW)
    yield process
    await process.close()
