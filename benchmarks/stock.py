"""Libraries of any size, stocked in bulk from a seed, and newsboat's cache with the same entries.

They are kept in the system's folder for temporary files (or `TUI_READER_BENCH`), named by size and by the library's
tables, so that each is built once. `python -m benchmarks.stock ENTRIES` builds both.
"""

from __future__ import annotations

import hashlib
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import gettempdir

from benchmarks.generate import NOW, body, sentence
from tui_reader.parse.readable import strip
from tui_reader.store import connect, schema

FEEDS = 1_000
LARGE = 10
"""One entry in so many belongs to the first feed, the others to all."""
UNREAD = 0.3
POOL = 2_000
"""Different titles and bodies; entries take turns in them, each title with its number."""
RARE = "zirconium"
"""A word that one entry in ten thousand has."""
STEP = 30
"""Seconds between two entries."""


def library(entries: int) -> Path:
    """A library file of so many entries, built when there is none yet."""
    tables = hashlib.sha256(repr(schema.MIGRATIONS).encode()).hexdigest()[:8]
    path = _folder() / f"library-{entries}-{tables}.db"
    if not path.exists():
        _build(path, lambda unfinished: _stock(unfinished, entries))
    return path


def newsboat(entries: int) -> Path:
    """A folder with newsboat's `urls`, `config` and `cache.db` for the same entries, ANALYZEd (without, it starts up to
    ten times slower)."""
    folder = _folder() / f"newsboat-{entries}"
    if not folder.exists():
        _build(folder, lambda unfinished: _stock_newsboat(unfinished, entries))
    return folder


def url(feed: int) -> str:
    """The address of a feed; nobody answers there."""
    return f"http://127.0.0.1:9/feed/{feed}"


def _folder() -> Path:
    folder = Path(os.environ.get("TUI_READER_BENCH") or Path(gettempdir()) / "tui-reader-bench")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _build(path: Path, work) -> None:  # type: ignore[no-untyped-def]
    unfinished = path.with_name(f"{path.name}.unfinished")
    if unfinished.is_dir():
        shutil.rmtree(unfinished)
    unfinished.unlink(missing_ok=True)
    work(unfinished)
    unfinished.rename(path)


def _entries(count: int) -> Iterator[tuple[int, int, str, str, str, int, bool]]:
    """(number, feed, title, HTML, words, date, read), the oldest first."""
    rng = random.Random(7)
    titles = [sentence(rng, rng.randint(4, 10)) for _ in range(POOL)]
    bodies = [body(rng, 400) for _ in range(POOL)]
    plain = [strip(html) for html in bodies]
    feeds = min(FEEDS, max(1, count // 20))
    for number in range(1, count + 1):
        feed = 1 if number % LARGE == 0 else rng.randint(1, feeds)
        at = rng.randrange(POOL)
        rare = f" {RARE}" if number % 10_000 == 1 else ""
        read = rng.random() >= UNREAD
        yield number, feed, f"{titles[at]} {number}{rare}", bodies[at], plain[at], NOW - (count - number) * STEP, read


def _stock(path: Path, count: int) -> None:
    db = connect.open_writer(path, now=NOW)
    indexes = db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL").fetchall()
    of_entry = [(name, sql) for name, sql in indexes if " ON entry(" in sql or " ON unread(" in sql]
    db.execute("PRAGMA synchronous = OFF")
    db.execute("PRAGMA cache_size = -200000")
    for name, _ in of_entry:
        db.execute(f"DROP INDEX {name}")
    db.execute("BEGIN")
    feeds = min(FEEDS, max(1, count // 20))
    db.executemany(
        "INSERT INTO feed (id, url, title, feed_title, folder, next_at) VALUES (?, ?, ?, ?, ?, ?)",
        (
            (n, url(n), f"Feed {n:04}", f"Feed {n:04}", f"Folder {n % 20:02}" if n % 3 else "", 1 << 40)
            for n in range(1, feeds + 1)
        ),
    )
    batch: list[tuple[int, int, str, str, str, int, bool]] = []
    for one in _entries(count):
        batch.append(one)
        if len(batch) == 20_000 or one[0] == count:
            _put(db, batch)
            batch = []
    db.execute("COMMIT")
    for _, sql in of_entry:
        db.execute(sql)
    db.execute("UPDATE feed SET entries = (SELECT count(*) FROM entry WHERE feed_id = feed.id)")
    db.execute(schema.COUNT_UNREAD)
    db.execute("ANALYZE")
    db.close()


def _put(db: sqlite3.Connection, batch: list[tuple[int, int, str, str, str, int, bool]]) -> None:
    db.executemany(
        """INSERT INTO entry (id, feed_id, key, url, address, title, author, published, sort_at, arrived, hash)
        VALUES (?, ?, ?, ?, ?, ?, 'Ann Author', ?, ?, ?, x'00')""",
        ((n, feed, f"k{n}", f"https://blog.example/{n}", f"blog.example/{n}", title, at, at, at)
         for n, feed, title, _, _, at, _ in batch),
    )  # fmt: skip
    db.executemany("INSERT INTO unread VALUES (?, ?, ?)", ((one[0], one[1], one[5]) for one in batch if not one[6]))
    db.executemany(
        """INSERT INTO content (entry_id, guid, html, is_text, base, tags, enclosures, comments_url)
        VALUES (?, ?, ?, 0, '', '[]', '[]', '')""",
        ((n, f"k{n}", html) for n, _, _, html, _, _, _ in batch),
    )
    db.executemany(
        "INSERT INTO entry_words (rowid, title, author, body) VALUES (?, ?, 'Ann Author', ?)",
        ((n, title, words) for n, _, title, _, words, _, _ in batch),
    )


def _stock_newsboat(folder: Path, count: int) -> None:
    folder.mkdir()
    feeds = min(FEEDS, max(1, count // 20))
    (folder / "urls").write_text("".join(f"{url(n)}\n" for n in range(1, feeds + 1)))
    (folder / "config").write_text("auto-reload no\n")
    subprocess.run([*newsboat_command(folder), "-x", "print-unread"], check=True, capture_output=True)
    db = sqlite3.connect(folder / "cache.db", isolation_level=None)
    db.execute("PRAGMA synchronous = OFF")
    db.execute("BEGIN")
    db.execute("DELETE FROM rss_feed")
    db.executemany(
        "INSERT INTO rss_feed (rssurl, url, title) VALUES (?, ?, ?)",
        ((url(n), url(n), f"Feed {n:04}") for n in range(1, feeds + 1)),
    )
    db.executemany(
        """INSERT INTO rss_item (guid, title, author, url, feedurl, pubDate, content, unread, enclosure_url,
            enclosure_type, flags) VALUES (?, ?, 'Ann Author', ?, ?, ?, ?, ?, '', '', '')""",
        ((f"k{n}", title, f"https://blog.example/{n}", url(feed), at, html, int(not read))
         for n, feed, title, html, _, at, read in _entries(count)),
    )  # fmt: skip
    db.execute("COMMIT")
    db.execute("ANALYZE")
    db.close()


def newsboat_command(folder: Path) -> list[str]:
    """Newsboat on one of these folders."""
    return ["newsboat", "-u", str(folder / "urls"), "-c", str(folder / "cache.db"), "-C", str(folder / "config")]


if __name__ == "__main__":
    for size in map(int, sys.argv[1:]):
        for make in (library, newsboat):
            begun = time.perf_counter()
            print(f"{make(size)}: {time.perf_counter() - begun:.0f} s")
