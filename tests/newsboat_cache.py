"""A cache as newsboat writes it: the tables of several of its versions, for the tests."""

from __future__ import annotations

import sqlite3
from pathlib import Path

FEED = """CREATE TABLE rss_feed (rssurl VARCHAR(1024) PRIMARY KEY NOT NULL, url VARCHAR(1024) NOT NULL,
    title VARCHAR(1024) NOT NULL, lastmodified INTEGER(11) NOT NULL DEFAULT 0, is_rtl INTEGER(1) NOT NULL DEFAULT 0,
    etag VARCHAR(128) NOT NULL DEFAULT "")"""
ITEM = """CREATE TABLE rss_item (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, guid VARCHAR(64) NOT NULL,
    title VARCHAR(1024) NOT NULL, author VARCHAR(1024) NOT NULL, url VARCHAR(1024) NOT NULL,
    feedurl VARCHAR(1024) NOT NULL, pubDate INTEGER NOT NULL, content VARCHAR(65535) NOT NULL,
    unread INTEGER(1) NOT NULL, enclosure_url VARCHAR(1024), enclosure_type VARCHAR(1024),
    enqueued INTEGER(1) NOT NULL DEFAULT 0, flags VARCHAR(52), deleted INTEGER(1) NOT NULL DEFAULT 0,
    base VARCHAR(128) NOT NULL DEFAULT "")"""
NEWER = ITEM.replace("unread INTEGER", "content_mime_type VARCHAR(255) NOT NULL DEFAULT '', unread INTEGER")
OLDEST = """CREATE TABLE rss_item (id INTEGER PRIMARY KEY, guid VARCHAR(64) NOT NULL, title VARCHAR(1024) NOT NULL,
    url VARCHAR(1024) NOT NULL, feedurl VARCHAR(1024) NOT NULL, unread INTEGER(1) NOT NULL)"""


def cache(path: Path, *articles: dict[str, object], tables: str = ITEM) -> Path:
    """Write a cache with these articles, each by its columns; what is left out has a usual value."""
    db = sqlite3.connect(path)
    db.execute(FEED)
    db.execute(tables)
    known = {row[1] for row in db.execute("PRAGMA table_info(rss_item)")}
    for number, one in enumerate(articles):
        guid = str(one.get("guid", number))
        usual = {"title": guid, "author": "", "url": f"https://a.example/{guid}", "pubDate": 1_600_000_000 + number}
        usual |= {"content": f"<p>Text of {guid}</p>", "unread": 1, "feedurl": "https://a.example/feed", "guid": guid}
        row = {name: value for name, value in {**usual, **one}.items() if name in known}
        db.execute(f"INSERT INTO rss_item ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})", tuple(row.values()))
    db.commit()
    db.close()
    return path
