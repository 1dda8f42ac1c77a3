"""A site, a command on an empty library, and one on a library with a blog in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.running import Reader, blog
from tests.site import Site


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as running:
        yield running


@pytest.fixture
def reader(tmp_path: Path) -> Reader:
    return Reader(tmp_path)


@pytest.fixture
def full(reader: Reader, site: Site) -> Reader:
    """A library with one blog of three posts."""
    added = reader("add", blog(site, "/feed", "A Blog", "one", "two", "three"))
    assert added.code == 0, added.err
    return reader
