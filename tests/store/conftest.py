"""A library file of its own for every test of the store."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from shelf import arrive, new, say, shelf, talk, with_comments

from tui_reader.store import connect, discussions

NOW = 1_700_000_000


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "library.db"


@pytest.fixture
def db(path: Path) -> Iterator[sqlite3.Connection]:
    """The writing connection of a new library."""
    connection = connect.open_writer(path, now=NOW)
    yield connection
    connection.close()


@pytest.fixture
def screen(db: sqlite3.Connection, path: Path) -> Iterator[sqlite3.Connection]:
    """A connection for reading only, as the screen has it."""
    connection = connect.open_reader(path)
    yield connection
    connection.close()


@pytest.fixture
def entry(db: sqlite3.Connection) -> int:
    """An entry with one discussion, visited when it held one comment."""
    arrive(db, shelf(db), new(with_comments("post", 7)))
    talk(db, 1, say("1", author="Ann"))
    discussions.visit(db, 1, now=NOW)
    return 1
