"""Make the golden file of the schema version this program writes: `python tests/store/golden/make.py`.

Run once, when a version is about to be shipped; what was shipped is never made anew. Beside the library goes a JSON
file with what must be read from it, now and after every later migration.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
import sys
import tempfile
from pathlib import Path

from msgspec import Struct
from msgspec.structs import asdict, replace

from tui_reader.model import (
    Change,
    Confidence,
    DiscussionRef,
    Enclosure,
    EntryUpdate,
    FeedUpdate,
    FullText,
    ParsedComment,
    ParsedEntry,
    PollState,
    Scope,
    ThreadUpdate,
    Validators,
)
from tui_reader.rules import Rule, Rules
from tui_reader.store import (
    comments,
    connect,
    discussions,
    entries,
    feed_settings,
    feeds,
    full_text,
    index,
    mutes,
    schema,
    search,
    smart,
    status,
    tags,
    tidy,
)

HERE = Path(__file__).parent
NOW = 1_700_000_000


def fill(path: Path) -> None:
    """A library with something in every table and every column that is not empty by nature."""
    db = connect.open_writer(path, now=NOW)
    state = PollState(
        Validators(b'"\xe9tag"', b"Tue, 14 Nov 2023 22:13:20 GMT", "https://example.org/feed"),
        b"\x00hash",
        NOW,
        NOW - 1,
        NOW + 3600,
        "hourly",
        NOW + 60,
        2,
        NOW - 7200,
        3,
        "is busy",
        503,
        "Try later",
        "https://example.net/feed",
        1,
        NOW - 30,
        False,
        3600,
        (1, 2),
        (6,),
    )
    news = feeds.add(db, url="https://example.org/feed", folder="News / World", title="Mine", now=NOW)
    gone = feeds.add(db, url="https://removed.example/feed", now=NOW)
    for feed_id in (news, gone):
        update = FeedUpdate(
            feed_id,
            "Its own title",
            "https://example.org/",
            "the XML is not well-formed",
            state,
            tuple(EntryUpdate(None, _parsed(number), NOW - number, b"\x01\x02") for number in range(1, 5)),
        )
        entries.save(db, update, now=NOW)
    edited = EntryUpdate(1, _parsed(1, title="Edited 東京"), NOW, b"\x03", edited=True)
    entries.save(db, FeedUpdate(news, "Its own title", "", "", state, (edited,)), now=NOW)
    page = FullText("https://example.org/1", "<p>The whole article</p>", NOW)
    full_text.save(db, entries.entry(db, 1), page)
    full_text.save(db, entries.entry(db, 2), replace(page, html="", error="says: not found (404)", shown=False))
    entries.keep_place(db, 1, 400)
    feeds.in_full(db, news, True, now=NOW)
    feeds.hide(db, [news], True, now=NOW)
    feeds.hide(db, [news], False, now=NOW)
    smart.save(db, "Rust", "title:rust", now=NOW)
    tags.tag(db, [1, 2], "to read", now=NOW)
    tags.untag(db, [2], "to read", now=NOW)
    talk = discussions.of_entry(db, 1)[0]
    first = ParsedComment("#comment-1", number=1, author="Ann", html="<p>First</p>", published=NOW)
    reply = ParsedComment("#comment-2", "#comment-1", Confidence.EXACT, 2, "Bob", html="Reply", is_text=True)
    comments.save(db, ThreadUpdate(talk.id, (first,), state), now=NOW)
    discussions.visit(db, 1, now=NOW)
    comments.save(db, ThreadUpdate(talk.id, (first, reply), state), now=NOW + 1)
    again = ParsedComment(
        "#comment-2", "#comment-1", Confidence.EXACT, 2, "Bob", html="Reply, edited", is_text=True, score=3
    )
    taken = ParsedComment("#comment-3", number=3, author="Eve", html="Taken away")
    update = ThreadUpdate(
        talk.id, (first, again, taken), state, declared=9, gap_at=NOW - 9, watch_at=NOW + 60, watch_why="busy"
    )
    comments.save(db, update, now=NOW + 2)
    comments.save(db, replace(update, comments=(), deleted=("#comment-3",)), now=NOW + 3)
    discussions.visit(db, 1, now=NOW + 3)
    mutes.own(db, ("Bob",), now=NOW)
    mutes.mute_author(db, "Eve", "example.org", expires_at=NOW + 90, now=NOW)
    mutes.mute_thread(db, talk.id, "#comment-1", expires_at=None, now=NOW)
    feeds.follow(db, news, True, now=NOW)
    discussions.watch(db, talk.id, key="#comment-1", until=NOW + 900, now=NOW)
    status.star_comments(db, [1], True, now=NOW)
    status.mark(db, [2, 3], True, now=NOW)
    status.star(db, [3], True, now=NOW)
    status.mark_comments(db, [1], True, now=NOW)
    feeds.remove(db, [gone], now=NOW)
    status.mark(db, [4], True, now=NOW)
    status.undo(db, now=NOW)
    tidy.remember(db, "theme", {"name": "dark"})
    _ruled(db, state)
    db.close()


def _ruled(db: sqlite3.Connection, state: PollState) -> None:
    """A feed with settings of its own: a rule hides an entry, a word mutes one, the oldest was deleted to keep fewer,
    and the index lacks what came last."""
    kept = feeds.add(db, url="https://kept.example/feed", now=NOW)
    for name, written in (
        ("interval", "6h"),
        ("header", "X-Reader: 1"),
        ("login", "ann"),
        ("password", "env:KEPT"),
        ("name", "Annie"),
        ("edits-unread", "yes"),
        ("keep", "3"),
        ("tags", "quiet, small"),
    ):
        feed_settings.set_up(db, [kept], name, written, now=NOW)
    rules = Rules((Rule(1, 'title:"Title 7"', hide=True),), "run")
    news = tuple(EntryUpdate(None, _parsed(number), NOW - number, b"\x04") for number in range(5, 10))
    entries.save(db, FeedUpdate(kept, "Kept", "", "", state, news), now=NOW, rules=rules)
    while index.fill(db):
        pass
    mutes.mute_entries(db, word="Title 6", expires_at=NOW + 90, now=NOW)
    mutes.mute_entries(db, author="Nobody", expires_at=None, now=NOW)
    tidy.retain(db, 0, now=NOW)
    late = EntryUpdate(None, _parsed(10), NOW - 10, b"\x05")
    entries.save(db, FeedUpdate(kept, "Kept", "", "", state, (late,)), now=NOW)


def read(path: Path) -> object:
    """All that a person can see of a library, as JSON."""
    db = connect.open_writer(path, now=NOW)
    listed = entries.ids(db, Scope("all"), today_from=NOW - 2)
    seen = {
        "feeds": [asdict(feed) for feed in feeds.feeds(db)],
        "counts": asdict(entries.counts(db, today_from=NOW - 2)),
        "entries": [asdict(entries.entry(db, entry_id)) for entry_id in listed],
        "unread": list(entries.ids(db, Scope("unread"), today_from=0)),
        "discussions": [asdict(one) for entry_id in listed for one in discussions.of_entry(db, entry_id)],
        "comments": [asdict(comment) for comment in comments.comments(db, 1)],
        "edits": [asdict(edit) for edit in comments.edits(db, 2)],
        "visits": [asdict(visit) for visit in discussions.visits(db, 1)],
        "versions": [asdict(one) for one in entries.versions(db, 1)],
        "smart": [asdict(one) for one in smart.smart_feeds(db, today_from=NOW)],
        "tags": tags.tags(db),
        "mutes": [asdict(mute) for mute in mutes.mutes(db, NOW)],
        "watched": [one.discussion.id for one in discussions.watched(db, NOW)],
        "search": [asdict(hit) for words in ("東京", "reply", "body") for hit in search.search(db, words)],
        "theme": tidy.recall(db, "theme"),
        "redo": asdict(status.redo(db, now=NOW) or Change()),
        "undo": [asdict(status.undo(db, now=NOW) or Change()) for _ in range(8)],
        "after undo": [asdict(feed) for feed in feeds.feeds(db)],
    }
    db.close()
    return json.loads(json.dumps(seen, default=_plain, ensure_ascii=False))


def _plain(value: object) -> object:
    if isinstance(value, Struct):
        return asdict(value)
    if isinstance(value, bytes):
        return value.decode("latin-1")
    if isinstance(value, frozenset):
        return sorted(value)
    raise TypeError(type(value))


def _parsed(number: int, title: str = "") -> ParsedEntry:
    return ParsedEntry(
        key=f"key{number}",
        guid=f"guid{number}",
        url=f"https://example.org/{number}",
        title=title or f"Title {number}",
        author="Ann",
        published=NOW - number,
        updated=NOW,
        html=f"<p>Body {number}</p>",
        base="https://example.org/",
        tags=("one", "zwei"),
        enclosures=(Enclosure("https://example.org/a.mp3", "audio/mpeg", 12),),
        comments_url="https://example.org/c",
        discussions=(
            DiscussionRef("feed", f"https://example.org/{number}/feed", f"https://example.org/{number}", 7),
            DiscussionRef("page", "", f"https://example.org/{number}#comments", None),
        ),
    )


def main() -> None:
    """Write the two files of this version; stop when they are there."""
    library, seen = HERE / f"version-{schema.VERSION}.db", HERE / f"version-{schema.VERSION}.json"
    if library.exists():
        sys.exit(f"{library.name} was made already; a shipped version is never made anew")
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder, "made.db")
        fill(made)
        shutil.copy(made, library)
        seen.write_text(json.dumps(read(made), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
