"""Many rows in few statements.

At every statement a thread lets the others run and waits for its turn with the interpreter. A refresh that stored its
entries row by row, while other answers are fetched, waited for turns twice as long as it wrote.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from itertools import chain

_SIZES = (32, 8, 1)
"""How many rows a statement has: few sizes, so that each stays prepared."""


def insert(db: sqlite3.Connection, into: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> int:
    """Insert rows into a table, within a transaction, and tell how many: one that is there already is left out."""
    places = f"({', '.join('?' * len(columns))})"
    done = made = 0
    for size in _SIZES:
        while len(rows) - done >= size:
            made += db.execute(
                f"""INSERT INTO {into} ({", ".join(columns)}) VALUES {", ".join([places] * size)}
                ON CONFLICT DO NOTHING""",
                tuple(chain.from_iterable(rows[done : done + size])),
            ).rowcount
            done += size
    return made
