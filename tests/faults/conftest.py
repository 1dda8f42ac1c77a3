"""What the cases of the fault table share: a world with a site, a library, a clock and a ledger (see `world.py`)."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest

from tests.faults.report import Figures
from tests.faults.world import World
from tests.site import Site


@pytest.fixture(scope="session")
def trusted() -> ssl.SSLContext:
    """The authorities a reader trusts, read once for all tests."""
    return httpx.create_ssl_context()


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as running:
        yield running


@pytest.fixture
async def world(tmp_path: Path, site: Site, figures: Figures, trusted: ssl.SSLContext) -> AsyncIterator[World]:
    """A reader with two calm feeds; when the test ends, everything it acknowledged must be there."""
    made = World(site, tmp_path / "library.db", figures, trusted)
    await made.start()
    yield made
    await made.end()
