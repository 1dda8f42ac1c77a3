"""What an answer changes: new, edited, moved, the same, or back under another name."""

from __future__ import annotations

import pytest

from tui_reader.model import DiscussionRef, Feed, FeedUpdate, ParsedEntry, ParsedFeed, PollState, StoredEntry
from tui_reader.refresh.decide import decide, fingerprint

FEED = Feed(1, "https://blog.example/feed", "Blog")
NOW = 1_750_000_000


def entry(
    key: str, *, html: str = "<p>text</p>", url: str = "", published: int | None = NOW - 60, **more: object
) -> ParsedEntry:
    return ParsedEntry(key=key, guid=key, title=f"Post {key}", html=html, url=url, published=published, **more)  # type: ignore[arg-type]


def stored(id: int, parsed: ParsedEntry) -> StoredEntry:
    return StoredEntry(id, parsed.key, parsed.url, fingerprint(parsed), parsed.published)


def update(known: list[StoredEntry], *entries: ParsedEntry) -> FeedUpdate:
    return decide(FEED, known, ParsedFeed("rss20", title="Blog", entries=entries), PollState(), NOW)


def test_what_is_not_stored_is_new_and_the_oldest_is_written_first() -> None:
    found = update([], entry("b"), entry("a"))
    assert [(e.id, e.parsed.key) for e in found.entries] == [(None, "a"), (None, "b")]


def test_what_is_stored_unchanged_is_not_written() -> None:
    assert update([stored(7, entry("a"))], entry("a", published=NOW)).entries == ()


@pytest.mark.row("F05")
def test_a_changed_body_is_an_edit_a_changed_link_is_not() -> None:
    known = [stored(7, entry("a", url="https://blog.example/a"))]
    (edit,) = update(known, entry("a", url="https://blog.example/a", html="<p>better</p>")).entries
    assert (edit.id, edit.edited) == (7, True)
    (moved,) = update(known, entry("a", url="https://blog.example/b")).entries
    assert (moved.id, moved.edited) == (7, False)


def test_counts_of_an_unchanged_post_are_noted() -> None:
    ref = DiscussionRef("feed", "https://blog.example/a/feed", count=4)
    found = update([stored(7, entry("a"))], entry("a", discussions=(ref,)))
    assert found.entries == ()
    assert found.refs == ((7, (ref,)),)


@pytest.mark.row("K03")
def test_a_date_in_the_future_sorts_at_arrival() -> None:
    (late,) = update([], entry("a", published=NOW + 86400)).entries
    assert late.sort_at == NOW
    (undated,) = update([], entry("b", published=None)).entries
    assert undated.sort_at == NOW


@pytest.mark.row("F02")
def test_an_entry_that_comes_back_under_another_guid_is_the_same() -> None:
    known = [stored(7, entry("http://blog.example/a", url="http://blog.example/a"))]
    (same,) = update(known, entry("https://blog.example/a", url="https://blog.example/a?utm_source=rss")).entries
    assert (same.id, same.parsed.key) == (7, "https://blog.example/a")


@pytest.mark.row("F01")
def test_entries_that_share_one_link_are_not_aliases() -> None:
    known = [
        stored(7, entry("1", url="https://blog.example/")),
        stored(8, entry("2", url="https://blog.example/")),
    ]
    found = update(known, entry("3", url="https://blog.example/"))
    assert [e.id for e in found.entries] == [None]
    both = update(known[:1], entry("3", url="https://blog.example/"), entry("4", url="https://blog.example/"))
    assert [e.id for e in both.entries] == [None, None]


def test_an_entry_still_in_the_document_lends_its_place_to_no_other() -> None:
    known = [stored(7, entry("1", url="https://blog.example/a"))]
    found = update(known, entry("2", url="https://blog.example/a"), entry("1", url="https://blog.example/b"))
    assert sorted(str(e.id) for e in found.entries) == ["7", "None"]
