"""A library of 100,000 entries in 1,000 feeds, the same one every time, written by SQLite itself in some seconds."""

from __future__ import annotations

from pathlib import Path

from tui_reader.store import connect, schema

NOW = 1_767_268_800
ENTRIES, FEEDS = 100_000, 1_000
BIGGEST = 50_050
"""Entries of feed 1."""
UNREAD_EVERY, TALKED_EVERY = 3, 10
"""Every third entry is unread, every tenth has a discussion."""

_NUMBERS = "WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < ?)"


def write(path: Path) -> None:
    """Make the library file. The feed of an entry, its age and its title follow from its number; feed 1 holds half of
    all there is."""
    db = connect.open_writer(path, now=NOW)
    with db:
        db.execute("BEGIN")
        db.execute(
            f"""INSERT INTO feed (id, url, title, feed_title, folder) {_NUMBERS}
            SELECT n, 'https://f' || n || '.example/feed', 'Feed ' || (n * 7919 % 1000), '', 'Folder ' || (n % 20)
            FROM number""",
            (FEEDS,),
        )
        db.execute(
            f"""INSERT INTO entry (id, feed_id, key, url, address, title, author, published, sort_at, arrived, hash)
            {_NUMBERS} SELECT n, iif(n % 2, 1, n / 2 % {FEEDS} + 1), n, 'https://e.example/' || n, 'e.example/' || n,
            'Title ' || (n * 7919 % {ENTRIES}), 'Author ' || (n % 100), {NOW} - n * 61 % 10000000,
            {NOW} - n * 61 % 10000000, {NOW} - {ENTRIES} + n, x'' FROM number""",
            (ENTRIES,),
        )
        db.execute(f"INSERT INTO unread SELECT id, feed_id, sort_at FROM entry WHERE id % {UNREAD_EVERY} = 0")
        db.execute(schema.COUNT_UNREAD)
        db.execute("UPDATE feed SET entries = (SELECT count(*) FROM entry WHERE feed_id = feed.id)")
        db.execute(
            """INSERT INTO content (entry_id, guid, html, is_text, base, tags, enclosures, comments_url)
            SELECT id, key, '<p>' || title || '</p>', 0, url, '[]', '[]', '' FROM entry"""
        )
        db.execute(
            f"""INSERT INTO discussion (entry_id, kind, url, page_url, held, new, declared)
            SELECT id, 'feed', url || '/comments', '', id % 50, iif(id % 70, 0, id % 7 + 1), id % 50 FROM entry
            WHERE id % {TALKED_EVERY} = 0"""
        )
    db.execute("ANALYZE")
    db.close()
