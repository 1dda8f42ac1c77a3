"""A site of its own for every test, and fetchers that are closed when it ends."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import httpx
import pytest

from tests.site import Site
from tui_reader.net.client import Fetcher

NOW = 1_700_000_000

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
        kept: dict[str, Any] = {
            "user_agent": "tui-reader/1.0 (+https://example.org/me)",
            "clock": lambda: NOW,
            "deadline": 10.0,
            "tls": trusted,
        }
        made.append(Fetcher(**(kept | settings)))
        return made[-1]

    yield one
    for fetcher in made:
        await fetcher.close()


@pytest.fixture
def fetcher(make: Make) -> Fetcher:
    return make()
