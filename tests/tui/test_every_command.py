"""Every command can be reached, is told of, and does what shows on the screen.

`CASES` has one line a command: where it is run, and what shows that it worked. A command that is added without a line
here fails the first test. Each family runs in one reader; the library is real, and the network is off.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.tui import talk
from tests.tui.conftest import SIZES, reader
from tests.tui.fake import FakeLibrary, world
from tui_reader.commands import COMMANDS, Command
from tui_reader.keymap import START, build
from tui_reader.model import Scope
from tui_reader.presets import PRESETS
from tui_reader.tui import help as help_
from tui_reader.tui.keys import shown
from tui_reader.tui.snapshot import screen_text, settle
from tui_reader.tui.view import Pane

ROOT = Path(__file__).parents[2]
TABLE = {command.id: command for command in COMMANDS}
PANE_OF = {"feeds": Pane.FEEDS, "article": Pane.ARTICLE, "thread": Pane.DISCUSSION}


@dataclass(frozen=True, slots=True)
class Case:
    """`shows` must be on the screen afterwards, `moves` (an attribute of the main screen) must have another value.
    `first` are commands that are run before, each with what is given to it; `pane` has the keys."""

    shows: str = ""
    moves: str = ""
    pane: Pane = Pane.ENTRIES
    first: tuple[str, ...] = ()
    given: str = ""


LAST = frozenset({"app.quit", "welcome.demo", "feed.remove"})
"""What leaves nothing to run another command on."""
FEEDS, ARTICLE, THREAD = Pane.FEEDS, Pane.ARTICLE, Pane.DISCUSSION
OFF = "the network is off (--offline)"
CASES: dict[str, Case] = {
    "move.down": Case(moves="entries.cursor"),
    "move.up": Case(moves="entries.cursor", first=("move.bottom",)),
    "move.top": Case(moves="entries.cursor", first=("move.bottom",)),
    "move.bottom": Case(moves="entries.cursor"),
    "move.page_down": Case(moves="discussion.top", pane=THREAD),
    "move.page_up": Case(moves="discussion.top", pane=THREAD, first=("move.bottom",)),
    "move.half_down": Case(moves="discussion.top", pane=THREAD),
    "move.half_up": Case(moves="discussion.top", pane=THREAD, first=("move.bottom",)),
    "move.jump": Case("type a label"),
    "go.back": Case(moves="view.scope", first=("feed.next",)),
    "go.forward": Case(moves="view.scope", first=("feed.next", "go.back")),
    "pane.in": Case(moves="view.pane"),
    "pane.out": Case(moves="view.pane"),
    "pane.next": Case(moves="view.pane"),
    "pane.previous": Case(moves="view.pane"),
    "pane.feeds": Case(moves="view.pane"),
    "pane.entries": Case(moves="view.pane", pane=FEEDS),
    "pane.article": Case(moves="view.pane"),
    "pane.discussion": Case(moves="view.pane"),
    "pane.open": Case(moves="view.pane"),
    "pane.back": Case(moves="view.pane"),
    "pane.zoom": Case(moves="view.zoomed"),
    "pane.wider": Case(moves="dividers.sizes.entries"),
    "pane.narrower": Case(moves="dividers.sizes.entries"),
    "pane.taller": Case(moves="dividers.sizes.article", pane=ARTICLE),
    "pane.shorter": Case(moves="dividers.sizes.article", pane=ARTICLE),
    "pane.even": Case(moves="dividers.sizes.entries", first=("pane.wider",)),
    "read.on": Case(moves="discussion.item", pane=THREAD),
    "entry.next_unread": Case(moves="view.entry"),
    "entry.previous_unread": Case("back to Example Blog"),
    "feed.next": Case(moves="view.scope"),
    "feed.previous": Case(moves="view.scope", first=("feed.next",)),
    "article.full_text": Case(OFF),
    "article.always_full_text": Case("Example Blog is always read in full"),
    "article.notes": Case("no footnote is in sight", pane=ARTICLE),
    "article.back": Case("no jump to go back from", pane=ARTICLE),
    "article.changes": Case("this article was not changed since it was first seen"),
    "article.source": Case("<p>The harbour was quiet"),
    "discussion.show": Case(moves="view.pane"),
    "entry.toggle_read": Case("1 marked unread"),
    "entry.mark_all": Case("marked read"),
    "entry.select": Case("selected"),
    "entry.mark_above": Case("marked read", first=("act.undo", "move.bottom")),
    "entry.mark_below": Case("marked read", first=("act.undo",)),
    "entry.mark_older": Case("read", given="0"),
    "entry.star": Case("★"),
    "entry.tag": Case("maps", given="maps"),
    "act.undo": Case("taken back: 1 starred", first=("entry.star",)),
    "act.redo": Case("done again: 1 starred", first=("entry.star", "act.undo")),
    "act.repeat": Case("1 unstarred", first=("entry.star",)),
    "act.journal": Case("What was done", first=("entry.star",)),
    "link.open": Case("copied instead: https://blog.example/1/"),
    "link.open_discussion": Case("copied instead: https://news.ycombinator.com/item?id=1"),
    "link.follow": Case("there is no link here", pane=ARTICLE),
    "link.follow_comment": Case("copied instead: https://archive.example/x", first=("move.down 2",), pane=THREAD),
    "link.list": Case("https://archive.example/x", first=("move.down 2",), pane=THREAD),
    "image.show": Case("there is no picture by itself in this article", pane=ARTICLE),
    "copy.link": Case("copied: https://blog.example/1/"),
    "copy.title": Case("copied: Three thoughts on letters"),
    "copy.number": Case("copied: https://archive.example/x", first=("move.down 2",), pane=THREAD),
    "copy.markdown": Case("copied: Three thoughts on letters as Markdown"),
    "save.article": Case("saved as text: ", given="txt"),
    "pipe.markdown": Case("there is no command gr-what", given="gr-what"),
    "pipe.text": Case("there is no command gr-what", given="gr-what"),
    "pipe.html": Case("there is no command gr-what", given="gr-what"),
    "pipe.json": Case("there is no command gr-what", given="gr-what"),
    "find.here": Case(moves="view.scope", given="deep"),
    "find.everywhere": Case("Search · deep", given="deep"),
    "sort.date": Case("newest first", first=("sort.title",)),
    "sort.arrival": Case("last arrived first"),
    "sort.title": Case("by title"),
    "sort.feed": Case("by feed"),
    "sort.comments": Case("most comments first"),
    "sort.new": Case("most new comments first"),
    "sort.relevance": Case("only a search can be sorted by how well it fits"),
    "sort.reverse": Case("oldest first", first=("sort.date",)),
    "look.dates": Case(moves="entries.look_of"),
    "look.density": Case(moves="entries.look_of"),
    "refresh.feed": Case(OFF),
    "refresh.whole": Case(OFF),
    "refresh.all": Case(OFF),
    "feed.add": Case("⚠ ", given="https://new.example/"),
    "feed.rename": Case("Renamed Blog", pane=FEEDS, given="Renamed Blog"),
    "feed.move": Case("▾ Harbours", pane=FEEDS, given="Harbours"),
    "feed.address": Case("address of Renamed Blog changed", pane=FEEDS, given="https://blog.example/other"),
    "feed.hide": Case("hidden"),
    "feed.mark_read": Case("read"),
    "feed.mark_folder_read": Case("read", pane=FEEDS),
    "feed.settings": Case("Renamed Blog", pane=FEEDS),
    "feed.fold": Case("▸ Harbours", pane=FEEDS, first=("feed.move Harbours", "move.up")),
    "feed.import": Case("No such file", given="/nowhere/at-all.opml"),
    "feed.export": Case("1 feed written to", given="~/all.opml"),
    "feed.remove": Case("removed", pane=FEEDS),
    "smart.save": Case("Of late", first=("find.here deep",), given="Of late"),
    "error.details": Case("no feed has trouble"),
    "thread.next_new": Case(moves="discussion.item", pane=THREAD),
    "thread.previous_new": Case(moves="discussion.item", pane=THREAD, first=("move.bottom",)),
    "thread.next_sibling": Case(moves="discussion.item", pane=THREAD),
    "thread.previous_sibling": Case(moves="discussion.item", pane=THREAD, first=("thread.next_sibling",)),
    "thread.next_top": Case(moves="discussion.item", pane=THREAD),
    "thread.previous_top": Case(moves="discussion.item", pane=THREAD, first=("thread.next_top",)),
    "thread.out": Case(moves="discussion.folded", pane=THREAD),
    "thread.in": Case(moves="discussion.folded", pane=THREAD, first=("thread.out",)),
    "thread.root": Case(moves="discussion.item", pane=THREAD, first=("move.down",)),
    "thread.toggle_read": Case("marked", pane=THREAD),
    "thread.mark_subtree": Case(moves="discussion.item", pane=THREAD),
    "thread.look": Case("offline", pane=THREAD),
    "thread.back": Case(moves="discussion.item", pane=THREAD, first=("thread.next_top",)),
    "thread.peek": Case("answers the article itself", pane=THREAD),
    "thread.order": Case("shown newest first", pane=THREAD),
    "thread.fold_all": Case(moves="discussion.folded", pane=THREAD, first=("thread.unfold_all",)),
    "thread.unfold_all": Case(moves="discussion.folded", pane=THREAD, first=("thread.fold_all",)),
    "thread.fold_old": Case(moves="discussion.folded", pane=THREAD, first=("thread.unfold_all",)),
    **{
        f"thread.depth_{word}": Case(moves="discussion.folded", pane=THREAD, first=("thread.unfold_all",))
        for word in ("one", "two", "three")
    },
    **{
        f"thread.depth_{word}": Case(moves="discussion.folded", pane=THREAD, first=("thread.fold_all",))
        for word in ("four", "five", "six", "seven", "eight", "nine")
    },
    "discussion.look_watched": Case(OFF, pane=THREAD),
    "discussion.next_source": Case("[Hacker News 9]"),
    "discussion.previous_source": Case("[Hacker News 9]"),
    "discussion.elsewhere": Case("set discussion.ask_elsewhere = true first"),
    "discussion.watch": Case("watched for 30 days", first=("discussion.watch",)),
    "discussion.watch_replies": Case("are watched", pane=THREAD),
    "discussion.watch_feed": Case("watch"),
    "discussion.back_fill": Case("offline"),
    "discussion.since": Case("new", pane=THREAD),
    "mute.thread": Case("muted", pane=THREAD),
    "mute.author": Case("muted", pane=THREAD),
    "mute.author_everywhere": Case("muted", pane=THREAD),
    "mute.word": Case("muted", given="zebra"),
    "mute.entry_author": Case("muted"),
    "mute.list": Case("enter lifts it", first=("mute.author",), pane=THREAD),
    "comment.star": Case("starred", pane=THREAD),
    "comment.author": Case("comments", pane=THREAD),
    "comment.changes": Case("not", pane=THREAD),
    "comment.quote": Case("copied", pane=THREAD),
    "app.command": Case("tab completes"),
    "app.palette": Case("Search for commands"),
    "app.help": Case("Keys · type a word or a key"),
    "app.keys": Case("the keys of vim", given="vim"),
    "app.theme": Case("gruvbox"),
    "app.quit": Case(moves="app.return_code"),
    "welcome.demo": Case(moves="app.return_value"),
    "welcome.newsboat": Case("newsboat"),
    "welcome.starter": Case("What would you like to read about?"),
    "welcome.tour": Case("tour"),
}
MOST = 12
"""Commands that one test runs, so that none takes long."""


def _parts() -> Iterator[tuple[str, ...]]:
    for family in sorted({id.partition(".")[0] for id in TABLE}):
        ids = [id for id in TABLE if id.startswith(f"{family}.")]
        yield from (tuple(ids[start : start + MOST]) for start in range(0, len(ids), MOST))


# ---------------------------------------------------------------- reached, and told of


def test_every_command_has_a_case() -> None:
    assert set(CASES) == set(TABLE), "a command without a line in CASES, or a line without its command"
    assert [id for id, case in CASES.items() if not (case.shows or case.moves)] == []


async def test_every_command_is_reached_by_a_key_or_the_palette_where_it_works() -> None:
    app = reader(world())
    async with app.run_test(size=SIZES["wide"]) as pilot:
        await settle(app, pilot)
        offered = set()
        for pane in Pane:
            app.main.show(app.main.view.focused(pane))
            offered |= {command.id for command in app.main.keys.offered()}
        assert offered == set(TABLE)


@pytest.mark.parametrize("name", PRESETS)
def test_every_command_is_in_the_help(name: str) -> None:
    keymap, _ = build(COMMANDS, {}, PRESETS[name].keys)
    told = "\n".join(line.content.plain for line in help_.lines(keymap, "entries", shown, 200))
    for command in COMMANDS:
        assert command.id in told, command.id
        assert command.sentence in told, command.id


def test_every_command_is_in_the_docs() -> None:
    page = (ROOT / "docs" / "keys.md").read_text()
    assert [id for id in TABLE if f"`{id}`" not in page and f"`{id} " not in page] == []


# ---------------------------------------------------------------- done


@asynccontextmanager
async def at_work(family: str, folder: Path) -> AsyncIterator[tuple[object, object]]:
    """A reader with an article and its discussion open, or the first screen."""
    if family == "welcome":
        app = reader(FakeLibrary())
        async with app.run_test(size=SIZES["wide"]) as pilot:
            await settle(app, pilot)
            yield app, pilot
    else:
        talk.make(folder / "library.db")
        async with talk.opened(folder / "library.db") as desk:
            yield desk.app, desk.pilot


async def put_back(app, pilot, pane: Pane) -> None:
    """Close whatever is open and go to where a command begins."""
    main = app.main
    while len(app.screen_stack) > 1:
        app.pop_screen()
    main.dialogs.answered(None)
    main.keys._state = START
    main.show_menu("", [])
    main.stop_finding()
    await settle(app, pilot)
    if not main.has_feeds:
        return
    main.show(replace(main.view, zoomed=False))
    main.dividers.reset()
    await main.open_scope(Scope("all"), cursor=talk.LETTERS)
    main.reading.visited = False  # or what one case has seen of the discussion would be no news for the next
    main.reading.close()
    main.reading.open(talk.LETTERS, into=pane)
    await settle(app, pilot)
    main.show(main.view.focused(pane))
    main.feeds.go(main.feeds.scope_of(main.feeds.feeds[0]) if pane is FEEDS else Scope("all"))
    main.discussion.open_all()
    main.discussion.home()
    main.entries.home()
    main.say("")
    await settle(app, pilot)


async def press(app, pilot, command: Command, given: str) -> None:
    """By its first key, or, when something is given to it or it has none, as the command line runs it."""
    if command.keys and not given:
        for key in command.keys[0].split():
            await pilot.press(*([_pressed(key)]))
    else:
        app.main.keys.run(command.id, None, given)
    await settle(app, pilot)


def _pressed(key: str) -> str:
    names = {"|": "vertical_line", ":": "colon", "\\": "backslash", "/": "slash", "?": "question_mark"}
    return names.get(key, key)


@pytest.mark.timeout(180)
@pytest.mark.parametrize("ids", _parts(), ids=lambda ids: f"{ids[0]}…")
async def test_every_command_does_what_it_says(
    ids: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME"):
        monkeypatch.delenv(name, raising=False)
    wrong = []
    async with at_work(ids[0].partition(".")[0], tmp_path) as (app, pilot):
        for id in sorted(ids, key=LAST.__contains__):
            case = CASES[id]
            await put_back(app, pilot, case.pane)
            for step in case.first:
                before, _, given = step.partition(" ")
                count = int(given) if given.isdigit() else None
                app.main.keys.run(before, count, "" if count else given)
                await settle(app, pilot)
            held = attrgetter(case.moves)(_Seen(app)) if case.moves else None
            screen = "" if case.moves and not case.shows else screen_text(app)
            await press(app, pilot, TABLE[id], case.given)
            ended = app.return_value is not None or not app.is_running
            now = "" if ended else screen_text(app)
            if "by a fault of the program" in now:
                wrong.append(f"{id}: {now.splitlines()[-1].strip()}")
            elif case.shows and _lines(case.shows, now) in ([], _lines(case.shows, screen)):
                wrong.append(f"{id}: {case.shows!r} does not show: {now.splitlines()[-1].strip()[:100]}")
            elif case.moves and attrgetter(case.moves)(_Seen(app)) == held:
                wrong.append(f"{id}: {case.moves} is {held!r} as before")
    assert not wrong, "\n".join(wrong)


def _lines(words: str, screen: str) -> list[str]:
    return [line for line in screen.splitlines() if words in line]


class _Seen:
    """The main screen's attributes, and the app's below `app`."""

    def __init__(self, app) -> None:
        self.app = app

    def __getattr__(self, name: str):
        return getattr(self.app.main, name)
