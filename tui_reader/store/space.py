"""The room a library takes on the disk, and giving back what it needs no longer."""

from __future__ import annotations

import sqlite3

from tui_reader.store.connect import alone, reads, transaction

PIECE = 500
"""Pages given back in one transaction: a few milliseconds."""
SPARE = 2_000
"""Free pages that are kept for what comes next; what has room to spare need not grow."""
_INCREMENTAL = 2


def give_back(db: sqlite3.Connection) -> bool:
    """Shorten the file by a piece when more than a tenth of it is free; tells whether there is more to give.

    A library that was made before it could be shortened by pieces stays as it is until `vacuum`.
    """
    free, pages = _number(db, "freelist_count"), _number(db, "page_count")
    if _number(db, "auto_vacuum") != _INCREMENTAL or free <= max(SPARE, pages // 10):
        return False
    with transaction(db):
        db.execute(f"PRAGMA incremental_vacuum({PIECE})").fetchall()
    return True


def vacuum(db: sqlite3.Connection) -> None:
    """Write the whole file anew without its gaps; needs as much room again while it lasts."""
    with alone(db):
        db.execute(f"PRAGMA auto_vacuum = {_INCREMENTAL}")
        db.execute("VACUUM")
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")


@reads
def sizes(db: sqlite3.Connection) -> tuple[int, int]:
    """Bytes of the whole library as it is at this moment, and how many of them are free."""
    page = _number(db, "page_size")
    return page * _number(db, "page_count"), page * _number(db, "freelist_count")


def _number(db: sqlite3.Connection, pragma: str) -> int:
    (value,) = db.execute(f"PRAGMA {pragma}").fetchone()
    return int(value)
