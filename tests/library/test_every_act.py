"""Every verb that changes state is taken back by undo and done again by redo, to the same rows; or it says why not."""

from __future__ import annotations

import inspect
import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import closing
from functools import reduce
from operator import or_
from pathlib import Path

import pytest

from tests.newsboat_cache import cache
from tests.site import Site, document
from tests.store.shelf import NOW, say, shelf, talk, with_comments
from tests.store.shelf import arrive as arrives
from tests.store.shelf import new as a_new
from tui_reader.config import Config
from tui_reader.errors import BadInput, NotFound
from tui_reader.library import Library
from tui_reader.model import Change
from tui_reader.net.client import Fetcher
from tui_reader.store import connect, feeds, polls

Act = Callable[[Library], Awaitable[object]]

OPML = b"<opml><body><outline text='F'><outline xmlUrl='https://new.example/feed'/></outline></body></opml>"

ACTS: dict[str, Act] = {
    "mark": lambda it: it.mark([1, 2], True),
    "star": lambda it: it.star([1], True),
    "mark_comments": lambda it: it.mark_comments([1, 2], True),
    "star_comments": lambda it: it.star_comments([1], True),
    "watch": lambda it: it.watch(1),
    "unwatch": lambda it: it.unwatch(1),
    "watch_entries": lambda it: it.watch_entries([1, 2], True),
    "watch_entries no longer": lambda it: it.watch_entries([1, 2], False),
    "follow": lambda it: it.follow(1, True),
    "always_in_full": lambda it: it.always_in_full(1, True),
    "hide": lambda it: it.hide([1, 2], True),
    "save_smart": lambda it: it.save_smart("Kernel", "title:kernel"),
    "save_smart again": lambda it: it.save_smart("kernel", "title:linux"),
    "rename_smart": lambda it: it.rename_smart(1, "Linux"),
    "remove_smart": lambda it: it.remove_smart(1),
    "tag": lambda it: it.tag([1, 2], "later"),
    "tag again": lambda it: it.tag([2, 3], "Later"),
    "untag": lambda it: it.untag([1, 3], "later"),
    "mute_author": lambda it: it.mute_author("author of c1"),
    "mute_author again": lambda it: it.mute_author("author of c1", days=0),
    "mute_thread": lambda it: it.mute_thread(1, "c2"),
    "lift": lambda it: it.lift(3),
    "mute_entries": lambda it: it.mute_entries(word="kernel"),
    "mute_entries by author": lambda it: it.mute_entries(author="nobody", days=0),
    "rename": lambda it: it.rename(1, "Mine"),
    "move": lambda it: it.move(1, "Folder"),
    "rename_folder": lambda it: it.rename_folder("Folder", "Outer / Inner"),
    "set_url": lambda it: it.set_url(1, "https://moved.example/feed"),
    **{
        f"set_feed {name}": lambda it, name=name, value=value: it.set_feed([1], name, value)  # type: ignore[misc]
        for name, value in {
            "interval": "6h",
            "header": "X-Token: env:TOKEN",
            "login": "me",
            "password": "command:pass show it",
            "name": "author of c1",
            "edits-unread": "yes",
            "keep": "5",
            "tags": "sea, salt",
        }.items()
    },
    "remove": lambda it: it.remove([1, 2]),
    "import_opml": lambda it: it.import_opml(OPML),
    "remove what was imported": lambda it: it.remove([3]),
    "import_opml again": lambda it: it.import_opml(OPML.replace(b"'F'", b"'G'")),
    "import_starter": lambda it: it.import_starter(["Fun", "Science"]),
    "import_newsboat": lambda it: it.import_newsboat({}, it.path.parent / "newsboat"),
    "import_newsboat again": lambda it: it.import_newsboat({}, it.path.parent / "more"),
}
"""The acts in the order in which they are done, on a library of two feeds with a discussion."""

NO_ACTS = {
    "add": "tested apart, since it asks a site",
    "refresh": "brings what is published, and touches no mark",
    "reload": "brings what is published",
    "look": "brings what is published",
    "look_watched": "brings what is published",
    "back_fill": "brings what is published",
    "ask_elsewhere": "brings what is published",
    "full_text": "brings what is published; the feed's text stays",
    "picture": "fills a cache",
    "show_full_text": "the same key shows the other text again",
    "visit": "V steps back through the visits",
    "keep_place": "a place in a text, moved by moving",
    "remember": "what the screen looks like",
    **dict.fromkeys(("undo", "redo", "undo_act", "undo_to", "redo_to"), "it is what takes back"),
    **dict.fromkeys(("open", "close", "copy", "poll_outside"), "changes nothing in the library"),
}
"""Verbs that undo leaves alone, and why."""


def test_every_verb_that_writes_is_an_act_or_says_why_not() -> None:
    """A write tells its `Change`, or a report of what it did: such a verb is tested here or named with its reason."""
    verbs = {name: getattr(Library, name) for name in dir(Library) if name[0] != "_"}
    verbs = {name: verb for name, verb in verbs.items() if inspect.iscoroutinefunction(inspect.unwrap(verb))}
    told = {name: str(inspect.signature(verb).return_annotation) for name, verb in verbs.items()}
    writes = {name for name, answer in told.items() if "Change" in answer or "Report" in answer}
    acts = {name.split()[0] for name in ACTS}
    assert writes - acts <= set(NO_ACTS)
    assert acts <= writes
    assert set(NO_ACTS) <= set(dir(Library))
    assert all(NO_ACTS.values())


def state(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """All rows that count: without what was removed, the journal, and what is remembered of servers."""
    gone = "(SELECT id FROM feed WHERE removed_at IS NOT NULL)"
    entries = f"(SELECT id FROM entry WHERE feed_id NOT IN {gone})"
    with closing(sqlite3.connect(path)) as db:
        columns = [row[1] for row in db.execute("PRAGMA table_info(feed)") if row[1] not in polls.COLUMNS]
        queries = {
            "feed": f"SELECT {', '.join(columns)} FROM feed WHERE removed_at IS NULL",
            "entry": f"SELECT * FROM entry WHERE id IN {entries}",
            "unread": f"SELECT * FROM unread WHERE id IN {entries}",
            "content": f"SELECT * FROM content WHERE entry_id IN {entries}",
            "discussion": f"SELECT * FROM discussion WHERE entry_id IN {entries}",
            "comment": f"""SELECT * FROM comment WHERE discussion_id IN
                (SELECT id FROM discussion WHERE entry_id IN {entries})""",
            "tagging": f"SELECT * FROM tagging WHERE removed_at IS NULL AND entry_id IN {entries}",
            "smart": "SELECT * FROM smart WHERE removed_at IS NULL",
            "mute": "SELECT * FROM mute WHERE removed_at IS NULL",
            "setting": "SELECT * FROM setting",
        }
        return {table: db.execute(f"{query} ORDER BY 1, 2").fetchall() for table, query in queries.items()}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A library with two feeds and a discussion, and newsboat's files beside it."""
    path = tmp_path / "library.db"
    db = connect.open_writer(path, now=NOW)
    feed = feeds.add(db, url="https://example.org/feed", folder="Start", now=NOW)
    arrives(db, feed, a_new(with_comments("kernel")), a_new(with_comments("nix")))
    shelf(db, "c", feed="b.example")
    talk(db, 1, say("c1"), say("c2"), say("c3", "c2"))
    with connect.transaction(db):
        db.execute("DELETE FROM journal")
    db.close()
    for folder, guids in (("newsboat", "ab"), ("more", "bd")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "urls").write_text(
            'https://boat.example/feed sea tide\nhttps://example.org/feed sea\n"query:Wet:tags # \\"sea\\""\n'
        )
        articles = [{"guid": guid, "feedurl": "https://boat.example/feed", "unread": 0} for guid in guids]
        old = {"guid": f"old {folder}", "feedurl": "https://example.org/feed", "flags": "s"}
        known = {
            "guid": "nix",
            "url": "https://example.org/nix",
            "feedurl": "https://example.org/feed",
            "unread": 0,
            "flags": "x",
        }
        cache(tmp_path / folder / "cache.db", *articles, old, known)
    return path


async def test_all_acts_are_taken_back_and_done_again(path: Path) -> None:
    """One after the other, across a restart, with another process that looks on and takes over."""
    library = await Library.open(path, Config(), clock=lambda: NOW, offline=True)
    states = [state(path)]
    for name, act in ACTS.items():
        await act(library)
        states.append(state(path))
        assert states[-1] != states[-2], f"{name} changed nothing"
        assert len(await library.journal()) == len(states) - 1, f"{name} is not in the journal"
    labels = [act.label for act in await library.journal()]
    await library.close()

    library = await Library.open(path, Config(), clock=lambda: NOW, offline=True)
    other = await Library.open(path, Config(), clock=lambda: NOW, offline=True)
    for number, (name, before) in enumerate(zip(reversed(ACTS), reversed(states[:-1]), strict=True)):
        change = await (library, other)[number % 2].undo()
        assert change is not None
        assert change.label == labels[number]
        assert state(path) == before, f"{name} was not taken back"
    assert await library.undo() is None
    for number, (name, after) in enumerate(zip(ACTS, states[1:], strict=True)):
        assert await (other, library)[number % 2].redo() is not None
        assert state(path) == after, f"{name} was not done again"
    assert await other.redo() is None
    await library.close()
    await other.close()


async def test_a_change_names_every_feed_that_reads_differently(path: Path) -> None:
    """The screen asks for those alone."""
    library = await Library.open(path, Config(), clock=lambda: NOW, offline=True)
    told: list[Change] = []
    library.on_change(told.append)
    shown = {feed.id: feed for feed in await library.feeds()}
    asked_for_some = 0
    back = dict.fromkeys((f"undo {name}" for name in reversed(ACTS)), Library.undo)
    again = dict.fromkeys((f"redo {name}" for name in ACTS), Library.redo)
    for name, act in {**ACTS, **back, **again}.items():
        told.clear()
        await act(library)
        change = reduce(or_, told, Change())
        whole = change.everything or change.subscriptions
        asked_for_some += not whole
        found = {feed.id: feed for feed in await library.feeds(None if whole else change.feeds)}
        shown = found if whole else shown | found
        assert sorted(shown.values(), key=lambda feed: feed.rank) == list(await library.feeds()), name
    assert asked_for_some > len(ACTS), "most acts touch a few feeds and no subscription"
    await library.close()


async def test_adding_is_taken_back_and_done_again(path: Path) -> None:
    with Site() as site:
        site["/feed"] = document(
            b"<rss version='2.0'><channel><title>T</title><item><title>x</title><guid>x</guid></item></channel></rss>"
        )
        library = await Library.open(path, Config(), clock=lambda: NOW, fetching=Fetcher)
        before = state(path)
        await library.add(site.url("/feed"), folder="Here")
        after = state(path)
        await library.undo()
        assert state(path) == before
        await library.add(site.url("/feed"), folder="There")
        assert [feed.folder for feed in await library.feeds()] == ["", "Start", "There"]
        await library.undo()
        assert state(path) == before
        await library.redo()
        await library.rename_folder("There", "Here")
        assert state(path) == after
        await library.close()


async def test_an_act_alone_or_with_all_that_followed(path: Path) -> None:
    library = await Library.open(path, Config(), clock=lambda: NOW, offline=True)
    states = [state(path)]
    for act in (
        library.star([1], True),
        library.mark([1, 2], True),
        library.star([1], False),
        library.rename(1, "Mine"),
    ):
        await act
        states.append(state(path))
    named, unstarred, marked, starred = [one.id for one in await library.journal()]
    with pytest.raises(BadInput, match="1 unstarred"):
        await library.undo_act(starred)
    assert state(path) == states[-1]
    change = await library.undo_act(marked)
    assert change.label == "2 marked read"
    assert [row[11] for row in state(path)["entry"]] == [0, 0, 0]
    assert [(one.id, one.undone) for one in await library.journal()][2] == (marked, True)
    assert (await library.undo()).label == "example.org renamed to Mine"  # type: ignore[union-attr]
    assert (await library.redo()).label == "example.org renamed to Mine"  # type: ignore[union-attr]
    assert (await library.redo()).label == "2 marked read"  # type: ignore[union-attr]
    assert state(path) == states[-1]
    change = await library.undo_to(marked)
    assert (change.label, state(path)) == ("3 acts", states[1])
    change = await library.redo_to(unstarred)
    assert (change.label, state(path)) == ("2 acts", states[3])
    for wrong in (library.undo_to(named), library.undo_act(99), library.redo_to(marked)):
        with pytest.raises(NotFound):
            await wrong
    await library.star([2], True)
    with pytest.raises(NotFound):
        await library.redo_to(named)
    assert len(await library.journal(limit=2)) == 2
    await library.close()
