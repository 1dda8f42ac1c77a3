"""Every source is given what it claims, whatever else an entry names."""

from __future__ import annotations

import pytest

from tui_reader.model import DiscussionRef, ParsedEntry
from tui_reader.sources.registry import CLAIMING, settled

POST = "https://blog.example/2026/post/"
FEED = "https://blog.example/feed"


def feed(url: str) -> DiscussionRef:
    return DiscussionRef("feed", url, f"{POST}#comments", 3)


CLAIMS = [
    ("source", ParsedEntry("k", url=POST, discussions=(DiscussionRef("source", f"{POST}replies.xml"),)), FEED, ""),
    (
        "blogger",
        ParsedEntry("k", url=POST, discussions=(feed("https://b.example/feeds/77/comments/default"),)),
        FEED,
        "",
    ),
    ("remark42", ParsedEntry("k", discussions=(feed("https://r.example/api/v1/rss/post?site=a&url=b"),)), FEED, ""),
    ("discourse", ParsedEntry("k", url="https://forum.example/t/a-topic/7"), FEED, "Discourse 3.4"),
    ("wordpress", ParsedEntry("k", url=POST, discussions=(feed(f"{POST}feed/"),)), FEED, ""),
    ("wordpress", ParsedEntry("k", url=POST, discussions=(feed("HTTPS://Blog.Example/Post/feed"),)), FEED, ""),
    ("hackernews", ParsedEntry("k", url=POST, comments_url="https://news.ycombinator.com/item?id=7"), FEED, ""),
    ("lobsters", ParsedEntry("k", url=POST, comments_url="https://lobste.rs/s/abc123/a_story"), FEED, ""),
    ("reddit", ParsedEntry("k", url="https://old.reddit.com/r/python/comments/1abc/a_title/"), FEED, ""),
    ("lemmy", ParsedEntry("k", url="https://l.example/post/7"), "https://l.example/feeds/c/books.xml", ""),
    ("stackexchange", ParsedEntry("k", url="https://stackoverflow.com/questions/7/how"), FEED, ""),
    ("stackexchange", ParsedEntry("k", url="https://mathoverflow.net/q/7"), FEED, ""),
    ("mastodon", ParsedEntry("k", url="https://m.example/@me/7"), "https://m.example/@me.rss", ""),
    ("feed", ParsedEntry("k", url=POST, discussions=(feed("https://blog.example/comments.xml"),)), FEED, ""),
]


@pytest.mark.parametrize(("kind", "entry", "feed_url", "generator"), CLAIMS)
def test_what_a_source_claims_is_its_own(kind: str, entry: ParsedEntry, feed_url: str, generator: str) -> None:
    assert kind in [ref.kind for ref in settled(entry, feed_url, generator)]


def test_every_source_that_claims_has_an_example() -> None:
    assert {kind for kind, *_ in CLAIMS} == {source.kind for source in CLAIMING}


def test_an_entry_that_names_nothing_of_them_has_no_discussion() -> None:
    assert settled(ParsedEntry("k", url=POST), FEED) == ()


def test_what_was_announced_of_a_discussion_is_kept_with_it() -> None:
    (ref,) = settled(ParsedEntry("k", url=POST, discussions=(feed(f"{POST}feed/"),)), FEED)
    assert ref == DiscussionRef("wordpress", f"{POST}feed/", f"{POST}#comments", 3, None, "Comments")
