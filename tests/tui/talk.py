"""A real library with discussions of every shape, for the discussion pane: deep, wide, with a gap, with mutes, empty."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC
from pathlib import Path

from tests.tui.conftest import SIZES
from tui_reader.config import Config, Discussion
from tui_reader.library import Library
from tui_reader.model import (
    Confidence,
    DiscussionRef,
    EntryUpdate,
    FeedUpdate,
    ParsedComment,
    ParsedEntry,
    PollState,
    ThreadUpdate,
)
from tui_reader.store import comments, connect, discussions, entries, feeds, mutes, status
from tui_reader.tui.app import ReaderApp
from tui_reader.tui.snapshot import screen_text, settle

NOW = 1_767_268_800
"""2026-01-01 12:00 UTC."""
CONFIG = Config(discussion=Discussion(my_names=("Me",)))
LETTERS, DEEP, WIDE, EMPTY, PAGE, SILENT = range(1, 7)
"""The articles in the order of the list."""

SAID = (
    "<p>I kept every letter she sent. The paper is thinner than I remember.</p>",
    "<p>That is not what the third paragraph says, and I have read it twice.</p><p>Where did you find the original?</p>",
    "<p>Agreed.</p>",
    "<p>There is a longer account in <a href='https://archive.example/x'>the archive</a>, with the maps.</p>",
)


def say(number: int, to: int = 0, author: str = "", *, ago: int = 0, **more: object) -> ParsedComment:
    names = ("Bea Okafor", "Cid", "Dov", "Fay Lin", "Gus")
    return ParsedComment(
        f"#comment-{number}",
        f"#comment-{to}" if to else "",
        number=number,
        author=author or names[number % len(names)],
        published=NOW - ago if ago else NOW - 7000 + number * 60,
        url=f"https://blog.example/1/#comment-{number}",
        **{"html": SAID[number % len(SAID)], "confidence": Confidence.EXACT, **more},  # type: ignore[arg-type]
    )


def make(path: Path) -> None:
    """Write the library."""
    db = connect.open_writer(path, now=NOW)
    feed = feeds.add(db, url="https://blog.example/feed", title="Example Blog", now=NOW)

    def post(number: int, title: str, *refs: DiscussionRef) -> EntryUpdate:
        parsed = ParsedEntry(
            key=str(number),
            guid=f"https://blog.example/?p={number}",
            url=f"https://blog.example/{number}/",
            title=title,
            author="Ann Marlow",
            html=f"<p>{'The harbour was quiet when the letter came. ' * 8}</p>",
            published=NOW - 7200,
            discussions=refs,
        )
        return EntryUpdate(None, parsed, NOW - 7200 - number, str(number).encode())

    def announced(number: int, count: int | None) -> DiscussionRef:
        return DiscussionRef("wordpress", f"https://blog.example/{number}/feed/", count=count, name="Comments")

    elsewhere = DiscussionRef(
        "hackernews", "https://hn.algolia.com/api/v1/items/1", "https://news.ycombinator.com/item?id=1", 9, name="Hacker News"
    )  # fmt: skip
    posts = (
        post(LETTERS, "Three thoughts on letters", announced(1, 40), elsewhere),
        post(DEEP, "A very deep thread", announced(2, None)),
        post(WIDE, "A wide one", announced(3, None)),
        post(EMPTY, "Nothing said yet", announced(4, 0)),
        post(PAGE, "Only a page", DiscussionRef("page", "", "https://blog.example/5/#comments", 3, name="Page")),
        post(SILENT, "No discussion at all"),
    )
    poll = PollState(checked_at=NOW - 600, next_at=NOW + 3000)
    entries.save(db, FeedUpdate(feed, "Example Blog", "https://blog.example/", "", poll, posts), now=NOW - 7000)

    def talk(number: int, *said: ParsedComment, place: int = 0, at: int = NOW - 3600, **more: object) -> int:
        one = discussions.of_entry(db, number)[place]
        state = PollState(checked_at=at, next_at=NOW + 1500)
        comments.save(db, ThreadUpdate(one.id, said, state, watch_at=NOW + 1800, watch_why="people are writing", **more), now=at)  # type: ignore[arg-type]  # fmt: skip
        return one.id

    letters = talk(
        LETTERS,
        say(1, author="Bea Okafor"), say(2, 1, "Cid"), say(3, 2, "Ann Marlow"), say(4, 3, "Me"),
        say(5, author="Eve", html="<p>Buy my letters!</p>"), say(6, 5, "Gus"), say(7, 6, "Dov"),
        say(8, author="Ida", html="<p>The third thought is the best of all three of them.</p>"),
        say(9, 8, "Dov", html="<p>This was said and then taken away.</p>"),
    )  # fmt: skip
    discussions.watch(db, letters, until=NOW + 30 * 86_400, now=NOW - 3500)
    discussions.visit(db, LETTERS, now=NOW - 3400)
    talk(LETTERS, say(10, 8, "Cid"), at=NOW - 3200)
    discussions.visit(db, LETTERS, now=NOW - 3000)
    talk(
        LETTERS,
        say(8, author="Ida", html="<p>The third thought is the best; the second is close.</p>"),
        say(9, 8, "Dov", removed=True, html=""),
        say(30, author="Fay Lin", ago=2000), say(31, 3, "Bea Okafor", ago=900),
        say(32, 1, "Cid", ago=800, confidence=Confidence.LIKELY),
        say(33, 8, "Gus", ago=700, confidence=Confidence.QUOTE),
        at=NOW - 300, gap_at=NOW - 5300,
    )  # fmt: skip
    mutes.mute_author(db, "Eve", "blog.example", expires_at=NOW + 30 * 86_400, now=NOW)
    status.star_comments(db, [3], True, now=NOW)
    talk(LETTERS, *(say(n, n - 1 if n % 3 else 0, score=n) for n in range(100, 109)), place=1, complete=True)
    talk(DEEP, *(say(n, n - 1 if n not in {1, 17} else 0) for n in range(1, 36)))
    talk(WIDE, *(say(n, 1 if 1 < n < 60 else 0) for n in range(1, 80)))
    talk(EMPTY)
    db.close()


class Desk:
    """A running reader on that library."""

    def __init__(self, app: ReaderApp, pilot: object, library: Library) -> None:
        self.app, self.pilot, self.library = app, pilot, library

    @property
    def main(self):  # type: ignore[no-untyped-def]
        return self.app.main

    @property
    def pane(self):  # type: ignore[no-untyped-def]
        return self.app.main.discussion

    @property
    def here(self) -> str:
        """The number of the comment under the cursor."""
        return self.pane.comment.key.removeprefix("#comment-") if self.pane.comment is not None else ""

    async def press(self, *keys: str) -> None:
        for key in keys:
            await self.pilot.press(key)  # type: ignore[attr-defined]
            await settle(self.app, self.pilot)  # type: ignore[arg-type]

    @property
    def screen(self) -> str:
        return screen_text(self.app)

    @property
    def text(self) -> str:
        """Every line of the pane, those out of sight as well."""
        self.pane.finish()
        return "\n".join(line.content.plain for line in self.pane.lines)

    @property
    def said(self) -> str:
        """The status line."""
        return self.screen.splitlines()[-1]


@asynccontextmanager
async def opened(
    path: Path, article: int = LETTERS, *, size: str = "wide", config: Config = CONFIG
) -> AsyncIterator[Desk]:
    """The reader with an article's discussion open and the keys in it."""
    library = await Library.open(path, config, clock=lambda: NOW, offline=True)
    try:
        app = ReaderApp(library, config, clock=lambda: NOW, zone=UTC, still=True, open_entry=article)
        async with app.run_test(size=SIZES[size]) as pilot:
            await settle(app, pilot)
            desk = Desk(app, pilot, library)
            await desk.press("g", "4")
            yield desk
    finally:
        await library.close()
