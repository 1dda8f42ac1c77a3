"""The whole screen by its keys: what a person does and then sees."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from tests.tui.conftest import Start
from tests.tui.fake import DAY, HOUR, NOW, FakeLibrary
from tui_reader.config import Config, Ui
from tui_reader.errors import LibraryBusy, Refused
from tui_reader.model import Candidate, Change, FeedResult, Order, Progress, Scope
from tui_reader.tui import session
from tui_reader.tui.view import Layout, Pane

# ---------------------------------------------------------------- layouts


async def test_every_size_has_its_panes(desk: Start) -> None:
    async with desk("wide") as it:
        assert it.main.view.layout is Layout.WIDE
        assert all(pane.display for pane in it.main.panes.values())
        await it.pilot.resize_terminal(120, 35)
        await it.press()
        assert it.main.view.layout is Layout.MEDIUM
        assert not it.main.discussion.display
        await it.pilot.resize_terminal(80, 24)
        await it.press()
        assert [name for name, pane in it.main.panes.items() if pane.display] == [it.main.view.pane]


@pytest.mark.parametrize("size", [(39, 20), (80, 7), (1, 1), (20, 3)])
@pytest.mark.row("P05")
async def test_a_terminal_that_is_too_small_says_so_and_recovers(desk: Start, size: tuple[int, int]) -> None:
    async with desk("narrow") as it:
        await it.pilot.resize_terminal(*size)
        await it.pilot.pause()
        assert "Unread" not in it.screen
        if size == (39, 20):
            assert "too small: 40×8 needed" in it.screen
        await it.pilot.resize_terminal(80, 24)
        await it.pilot.pause()
        assert "Kernel 7.4" in it.screen


async def test_narrow_goes_deeper_and_back(desk: Start) -> None:
    async with desk("small") as it:
        assert it.main.view.pane is Pane.ENTRIES
        await it.press("h")
        assert "SMART" in it.screen
        await it.press("l", "l")
        assert "deadline-aware" in it.screen
        await it.press("l")
        assert "wake-up numbers" in it.screen or "Which file systems" in it.screen
        await it.press("q", "q")
        assert it.main.view.pane is Pane.ENTRIES


async def test_c_flips_between_article_and_discussion(desk: Start) -> None:
    async with desk("medium") as it:
        await it.press("enter")
        assert "deadline-aware" in it.screen
        assert "7 comments, 3 new" in it.screen
        await it.press("c")
        assert "Which file systems?" in it.screen
        assert "deadline-aware" not in it.screen
        await it.press("c")
        assert "deadline-aware" in it.screen


async def test_zoom_gives_a_pane_the_whole_screen_and_back(desk: Start) -> None:
    async with desk("wide") as it:
        await it.press("enter", "z", "z")
        assert [name for name, pane in it.main.panes.items() if pane.display] == [Pane.ARTICLE]
        await it.press("escape")
        assert all(pane.display for pane in it.main.panes.values())


async def test_the_wanted_layout_is_kept(desk: Start) -> None:
    async with desk("wide", config=Config(ui=Ui(layout="narrow"))) as it:
        assert it.main.view.layout is Layout.NARROW


# ---------------------------------------------------------------- reading


async def test_opening_marks_read_and_the_row_stays_until_the_list_is_left(desk: Start) -> None:
    async with desk() as it:
        await it.press("enter")
        assert it.library.entries[1].row.read
        assert len(it.main.entries.ids) == 7
        assert "6 unread" in it.screen
        await it.press("h", "h", "k", "j")
        assert it.main.view.scope == Scope("unread")
        assert len(it.main.entries.ids) == 6


async def test_opening_can_leave_unread(desk: Start) -> None:
    async with desk(config=Config(ui=Ui(mark_read="hand"))) as it:
        await it.press("enter")
        assert not it.library.entries[1].row.read


async def test_space_reads_everything(desk: Start) -> None:
    async with desk() as it:
        await it.press("space")
        assert it.main.reading.entry.row.id == 1
        assert it.main.view.pane is Pane.ENTRIES
        seen = []
        for _ in range(60):
            await it.press("space")
            seen.append((it.main.reading.entry.row.id, it.main.article.top, it.main.discussion.item))
            if it.main.reading.entry.row.id != 1:
                break
        assert it.main.reading.entry.row.id == 2
        assert any(top > 0 for _, top, _ in seen), "the article was paged"
        places = [item for entry, _, item in seen if entry == 1]
        assert {1, 3, 4} <= set(places), "every new comment was visited"
        for _ in range(20):
            await it.press("space")
        assert "all is read" in it.screen
        assert all(entry.row.read for entry in it.library.entries.values())


async def test_space_goes_on_to_the_next_feed_with_unread(desk: Start) -> None:
    async with desk() as it:
        await it.press("h", "G", "k")
        lwn = it.main.feeds.current
        assert lwn.label == "Planet Kernel"
        await it.press("space")
        assert it.main.view.scope.kind == "feed"
        for _ in range(12):
            await it.press("space")
        assert it.main.view.scope.name != "Planet Kernel"


async def test_n_and_p_open_the_next_and_previous_unread(desk: Start) -> None:
    async with desk() as it:
        await it.press("n")
        assert it.main.reading.entry.row.id == 2
        await it.press("n")
        assert it.main.reading.entry.row.id == 3
        await it.press("p")
        assert it.main.reading.entry.row.id == 1
        await it.press("p")
        assert "back to Planet Kernel" in it.last_line, "above is none: back into the feed before"


@pytest.mark.row("C02")
async def test_an_article_is_not_markup(desk: Start) -> None:
    async with desk() as it:
        assert "GNOME [51] beta [/red] and what it means" in it.screen


async def test_find_in_the_article(desk: Start) -> None:
    async with desk() as it:
        await it.press("enter", "slash")
        await it.type("paragraph 2")
        await it.press("enter")
        assert it.main.article.finding
        assert it.main.article.top > 0
        await it.press("escape")
        assert not it.main.article.finding
        assert it.main.view.pane is Pane.ARTICLE


# ---------------------------------------------------------------- marks


async def test_mark_all_marks_exactly_what_is_listed_and_undo_takes_it_back(desk: Start) -> None:
    async with desk() as it:
        await it.press("slash")
        await it.type("kernel")
        await it.press("enter")
        listed = list(it.main.entries.ids)
        assert 0 < len(listed) < 7
        unlisted = [
            number for number, entry in it.library.entries.items() if number not in listed and not entry.row.read
        ]
        await it.press("A")
        assert all(it.library.entries[number].row.read for number in listed)
        assert not any(it.library.entries[number].row.read for number in unlisted)
        assert f"{len(listed)} marked read · u undo" in it.last_line
        await it.press("u")
        assert f"taken back: {len(listed)} marked read" in it.last_line
        assert not any(it.library.entries[number].row.read for number in listed)
        await it.press("ctrl+r")
        assert all(it.library.entries[number].row.read for number in listed)


async def test_star_and_unread_show_at_once_and_are_kept(desk: Start) -> None:
    async with desk() as it:
        await it.press("j", "s", "m")
        assert it.library.entries[2].row.starred
        assert it.library.entries[2].row.read
        assert "★" in it.screen
        await it.press("m")
        assert not it.library.entries[2].row.read


async def test_a_mark_that_cannot_be_stored_is_taken_back_and_told(desk: Start, library: FakeLibrary) -> None:
    async def fail(ids: object, starred: bool, *, after: object) -> Change:
        raise LibraryBusy("the disk is full")

    library.star = fail  # type: ignore[method-assign]
    async with desk() as it:
        await it.press("s")
        assert "⚠ the disk is full" in it.last_line
        assert not it.main.entries.current.starred


@pytest.mark.row("P03")
async def test_a_fault_of_the_program_is_one_line_and_the_reader_goes_on(desk: Start, library: FakeLibrary) -> None:
    async def fail() -> Change:
        raise ValueError("what was this")

    library.undo = fail  # type: ignore[method-assign]
    async with desk() as it:
        await it.press("u")
        assert "by a fault of the program" in it.last_line
        await it.press("j")
        assert it.main.entries.cursor == 1


# ---------------------------------------------------------------- following


async def test_a_refresh_moves_neither_cursor_nor_scroll(desk: Start) -> None:
    async with desk("medium") as it:
        for number in range(300):
            it.library.entry_of(1, f"Old {number}", 10 * 24 * HOUR + number)
        it.library.tell(Change(entries=frozenset(it.library.entries), new_entries=300))
        await it.press("5", "0", "j")
        before = it.main.entries.current.id
        line = it.main.entries.cursor - it.main.entries.top
        new = it.library.entry_of(1, "Something new", 60)
        it.library.tell(Change(entries=frozenset({new}), new_entries=1))
        await it.press()
        assert it.main.entries.current.id == before
        assert it.main.entries.cursor - it.main.entries.top == line
        assert new in it.main.entries.ids


async def test_many_rows_are_loaded_as_they_come_into_sight(desk: Start) -> None:
    async with desk("medium") as it:
        for number in range(2000):
            it.library.entry_of(1, f"Old {number}", 10 * 24 * HOUR + number)
        it.library.tell(Change(everything=True))
        await it.press("G")
        assert "Old 1999" in it.screen
        assert len(it.main.entries.rows) < 1500
        await it.press("g", "g")
        assert "Kernel 7.4" in it.screen


async def test_comments_that_arrive_appear_below_the_cursor_line_kept(desk: Start) -> None:
    async with desk() as it:
        await it.press("enter", "l", "j")
        author = it.main.discussion.comment.author
        it.library.comment_of(1, "newcomer", 10, "<p>Late to this.</p>", new=True)
        it.library.tell(Change(threads=frozenset({1}), entries=frozenset({1}), new_comments=1))
        await it.press()
        assert "newcomer" in it.screen
        assert it.main.discussion.comment.author == author
        assert "8 comments · " in it.screen


async def test_progress_is_told_while_a_refresh_runs(desk: Start) -> None:
    async with desk() as it:
        it.library.progress(Progress(done=12, total=40, new=5, errors=1, running=True))
        await it.press()
        assert "refreshing 12/40 · 5 new · 1 error" in it.last_line


async def test_a_refresh_ends_with_one_line_and_its_details(desk: Start) -> None:
    async with desk() as it:
        await it.press("R")
        assert "⚠ xkcd — sent a web page instead of a feed." in it.last_line
        await it.press("exclamation_mark")
        assert "Welcome to the hotel" in it.screen
        assert "https://site6.example/feed" in it.screen
        await it.press("escape")
        assert "Welcome to the hotel" not in it.screen


async def test_a_refresh_without_trouble_tells_what_came(desk: Start, library: FakeLibrary) -> None:
    async def refresh(*_: object, **__: object) -> Progress:
        return Progress(3, 3, 2, 0, 1, results=(FeedResult(1, "LWN.net", "updated", 2),))

    library.refresh = refresh  # type: ignore[method-assign]
    async with desk() as it:
        await it.press("R")
        assert "3 feeds asked · 2 new articles · 1 feed not due" in it.last_line


async def test_a_feed_is_fetched_whole_by_its_own_key_once_an_hour(desk: Start) -> None:
    async with desk() as it:
        await it.press("e", "r")
        (feed_id,) = it.library.reloaded
        title = it.library.subscriptions[feed_id].title
        assert f"{title} was fetched whole: 2 new articles" in it.last_line
        await it.press("e", "r")
        assert "fetched whole less than an hour ago" in it.last_line
        assert it.library.reloaded == [feed_id]


# ---------------------------------------------------------------- discussion


async def test_h_l_fold_and_move_out_and_in(desk: Start) -> None:
    async with desk() as it:
        await it.press("enter", "l", "right_curly_bracket")
        thread = it.main.discussion
        assert thread.comment.author == "alice"
        await it.press("h")
        assert "▸ alice" in it.screen
        assert "bob" not in it.screen
        assert "4 replies" in it.screen
        await it.press("l", "l")
        assert thread.comment.author == "bob"
        await it.press("J")
        assert thread.comment.author == "dave"
        await it.press("K")
        assert thread.comment.author == "bob"
        await it.press("h", "h")
        assert thread.comment.author == "alice"
        await it.press("h", "h")
        assert it.main.view.pane is Pane.ARTICLE


async def test_n_finds_new_comments_inside_folds(desk: Start) -> None:
    async with desk() as it:
        await it.press("enter", "l", "right_curly_bracket", "h", "p")
        assert it.main.discussion.comment.author == "frank"
        await it.press("n")
        assert it.main.discussion.comment.author == "bob"
        await it.press("n")
        assert it.main.discussion.comment.author == "carol"
        await it.press("n")
        assert "no new comment below" in it.last_line
        await it.press("H")
        assert it.main.discussion.comment.author == "alice"


async def test_what_was_passed_is_read_and_leaving_makes_it_old(desk: Start) -> None:
    async with desk() as it:
        await it.press("enter")
        assert it.library.visited == []
        await it.press("l", "n", "n")
        assert [comment.read for comment in it.library.comments[1] if comment.author == "frank"] == [True]
        assert "● new" in it.screen
        assert it.library.visited == []
        await it.press("g", "2", "j", "enter")
        assert it.library.visited == [1]


async def test_an_article_opened_without_its_discussion_keeps_its_news(desk: Start) -> None:
    async with desk() as it:
        await it.press("enter", "h", "j", "enter")
        assert it.library.visited == []
        assert sum(comment.new for comment in it.library.comments[1]) == 3


async def test_m_marks_a_comment_and_M_its_replies(desk: Start) -> None:
    async with desk() as it:
        await it.press("enter", "l", "right_curly_bracket", "M")
        assert all(comment.read for comment in it.library.comments[1] if comment.author in {"bob", "carol"})
        await it.press("m")
        assert not it.main.discussion.comment.read


async def test_honest_words_where_there_is_nothing(desk: Start) -> None:
    async with desk() as it:
        await it.press("j", "j", "enter")
        assert "This article names no discussion." in it.screen


# ---------------------------------------------------------------- finding and feeds


async def test_a_filter_narrows_while_typing_and_escape_gives_it_up(desk: Start) -> None:
    async with desk() as it:
        await it.press("slash")
        await it.type("rust")
        assert len(it.main.entries.ids) == 1
        await it.press("escape")
        assert len(it.main.entries.ids) == 7
        await it.press("slash")
        await it.type("rust")
        await it.press("enter", "q")
        assert len(it.main.entries.ids) == 7


async def test_a_half_typed_query_tells_its_fault_under_the_place_and_keeps_the_list(desk: Start) -> None:
    async with desk() as it:
        await it.press("slash")
        await it.type('rust "')
        assert len(it.main.entries.ids) == 1
        query, told = it.screen.splitlines()[-2:]
        assert told[query.index('"')] == "^"
        assert "this quote is not closed" in told
        await it.press("enter")
        assert it.main.view.scope.filter == "rust "
        assert "this quote is not closed" in it.last_line
        await it.press("backspace")
        assert "this quote is not closed" not in it.screen
        await it.press("enter", "slash")
        await it.type(" is:")
        assert "is: wants unread, read" in it.last_line
        await it.press("escape")
        assert it.main.view.scope.filter == "rust "
        assert "is: wants" not in it.screen


async def test_a_fault_that_stands_far_to_the_right_is_told_before_its_place(desk: Start) -> None:
    async with desk("narrow") as it:
        await it.press("slash")
        await it.type("x" * 60 + ")")
        query, told = it.screen.splitlines()[-2:]
        assert told.index("^") == query.index(")")
        assert "this parenthesis was not opened" in told


async def test_search_everything_and_back(desk: Start, library: FakeLibrary) -> None:
    real = library._in

    def search(scope: Scope, row: object, keep: object) -> bool:
        return real(Scope("all", filter=scope.name) if scope.kind == "search" else scope, row, keep)  # type: ignore[arg-type]

    library._in = search  # type: ignore[method-assign, assignment]
    async with desk() as it:
        await it.press("backslash")
        await it.type("shipping")
        assert it.main.view.scope == Scope("search", "shipping")
        await it.type(" is:")
        query, told = it.screen.splitlines()[-2:]
        assert told.index("^") == query.index("is:") + 3
        assert "is: wants unread, read" in told
        assert it.main.view.scope == Scope("search", "shipping is"), "what was found last stays"
        await it.press("enter")
        assert "is: wants unread, read" in it.last_line
        for _ in " is:":
            await it.press("backspace")
        await it.press("enter")
        assert it.main.view.scope == Scope("search", "shipping")
        assert "Search · shipping" in it.screen
        assert len(it.main.entries.ids) == 1
        await it.press("q")
        assert it.main.view.scope == Scope("unread")


async def test_a_search_shows_the_words_around_its_hits_and_opens_the_comment_that_has_them(
    desk: Start, library: FakeLibrary
) -> None:
    real = library._in
    library._in = lambda scope, row, keep: real(Scope("all") if scope.kind == "search" else scope, row, keep)  # type: ignore[method-assign]
    for number in range(60):
        library.entry_of(1, f"Old news {number}", 90 * DAY + number)
    said = library.comment_of(1, "Ann", DAY, "<p>no such lighthouse</p>")
    async with desk("narrow") as it:
        main = it.main
        await it.press("backslash")
        await it.type("lighthous")
        asked = len(library.hits_asked)
        await it.type("e")
        assert len(library.hits_asked) == asked + 1, "what was found comes with the rows, to be painted once"
        await it.press("enter")
        shown = it.screen.splitlines()
        under = [shown[line] for line in range(3, 12, 2)]
        assert all("lighthouse after" in line and "…" in line for line in under), "the hit is in sight"
        sight = (main.entries.scrollable_content_region.height + 1) // 2
        assert max(map(len, library.hits_asked)) <= sight, "the rows in sight are asked for and no others"
        asked = len(library.hits_asked)
        await it.press("G")
        assert len(library.hits_asked) > asked
        assert max(map(len, library.hits_asked)) <= sight
        await it.press("S", "b")
        assert "best of the newest 2,000 · " in it.screen
        asked = len(library.hits_asked)
        await it.press("j", "k", "m")
        assert len(library.hits_asked) == asked, "what is known is not asked again"
        main.entries.goto(main.entries.place(1))
        await it.press()
        assert "in a comment · " in it.screen
        await it.press("enter")
        assert main.view.pane is Pane.DISCUSSION
        assert main.discussion.comment.id == said
        await it.press("q", "q")
        assert main.view.pane is Pane.ENTRIES
        main.entries.goto(main.entries.place(5))
        await it.press("enter")
        assert main.view.pane is Pane.ARTICLE
        await it.press("g", "2", "backslash")
        await it.type("x")
        assert main.entries.order == Order(), "what is typed is asked newest first"
        await it.press("escape")
        await it.press("g", "1", "k", "S", "b")
        assert "only a search" in it.last_line
        assert main.entries.tall == 1


async def test_a_search_says_what_the_index_lacks_and_shows_it_when_it_comes(desk: Start, library: FakeLibrary) -> None:
    real, found = library._in, set[str]()

    def search(scope: Scope, row: object, keep: object) -> bool:
        if scope.kind != "search":
            return real(scope, row, keep)  # type: ignore[arg-type]
        return bool(found) and real(Scope("all", filter=scope.name), row, keep)  # type: ignore[arg-type]

    library._in = search  # type: ignore[method-assign, assignment]
    library.missing = 812
    async with desk() as it:
        await it.press("backslash")
        await it.type("shipping")
        await it.press("enter")
        assert "index: 812 to go" in it.screen
        assert len(it.main.entries.ids) == 0
        found.add("shipping")
        library.tell(Change(indexed=True))
        await it.press()
        await it.press()
        assert len(it.main.entries.ids) == 1


async def test_feeds_fold_and_the_fold_is_remembered(desk: Start) -> None:
    async with desk() as it:
        await it.press("g", "1")
        main = it.main
        main.feeds.go(Scope("folder", "Linux"))
        await it.press("h")
        assert "▸ Linux" in it.screen
        assert "Planet Kernel " not in it.screen.split("╮")[0]
        assert session.kept(main.view.scope, main.feeds.folded, {})["folded"] == ["folder:Linux"]
        await it.press("z", "a")
        assert "▾ Linux" in it.screen


async def test_the_last_place_comes_back(desk: Start, library: FakeLibrary) -> None:
    library.memory["session"] = {"folded": ["folder:Blogs"], "scope": ["feed", "LWN.net", 1]}
    async with desk() as it:
        assert it.main.view.scope == Scope("feed", "LWN.net", 1)
        assert it.main.feeds.current.label == "LWN.net"
        assert "▸ Blogs" in it.screen


@pytest.mark.parametrize(
    "garbage", [None, 5, "x", {"scope": ["nonsense", 1, 2], "folded": [1, None]}, {"scope": None}, {"folded": 5}]
)
async def test_a_memory_that_makes_no_sense_is_no_trouble(desk: Start, library: FakeLibrary, garbage: object) -> None:
    library.memory["session"] = garbage
    async with desk() as it:
        assert it.main.view.scope == Scope("unread")


async def test_rename_move_and_remove_a_feed(desk: Start) -> None:
    async with desk() as it:
        await it.press("g", "1")
        it.main.feeds.go(Scope("feed", "LWN.net", 1))
        await it.press("e", "n", "ctrl+u")
        await it.type("Weekly")
        await it.press("enter")
        assert it.library.subscriptions[1].title == "Weekly"
        await it.press("e", "m", "ctrl+u")
        await it.type("News")
        await it.press("enter")
        assert it.library.subscriptions[1].folder == "News"
        await it.press("d", "d")
        assert 1 not in it.library.subscriptions
        assert "1 removed · u undo" in it.last_line
        await it.press("u")
        assert 1 in it.library.subscriptions


async def test_adding_offers_a_choice(desk: Start, library: FakeLibrary) -> None:
    from tui_reader.library import Added, Choice

    number = library.feed_of("Chosen", "")
    chosen = library.subscriptions.pop(number)
    offered = Choice(
        "https://page.example/",
        (Candidate("https://page.example/a", "All"), Candidate("https://page.example/b", "Few")),
    )
    library.answer = [offered, Added(chosen, FeedResult(number, "Chosen", "updated", 3))]
    async with desk() as it:
        await it.press("a")
        await it.type("page.example")
        await it.press("enter")
        assert "page.example offers 2 feeds" in it.screen
        library.subscriptions[number] = chosen
        await it.press("j", "enter")
        assert "Chosen added · 3 articles" in it.last_line
        assert it.main.view.scope.feed_id == number


async def test_a_refusal_shows_the_servers_own_words_and_lets_try_again(desk: Start, library: FakeLibrary) -> None:
    library.answer = Refused("x.example sent a web page instead of a feed", status=200, words="Come back later")
    async with desk() as it:
        await it.press("a")
        await it.type("x.example")
        await it.press("enter")
        assert "x.example sent a web page instead of a feed: “Come back later”" in it.screen
        assert "add feed x.example" in " ".join(it.screen.split())
        await it.press("escape")
        await it.press("j")
        assert it.main.entries.cursor == 1


# ---------------------------------------------------------------- the program


async def test_the_first_screen_and_the_starter_list() -> None:
    from tests.tui.conftest import Desk, reader
    from tui_reader.tui.snapshot import settle

    library = FakeLibrary()
    app = reader(library)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(app, pilot)
        it = Desk(app, pilot, library)
        assert "You follow no feeds yet" in it.screen
        await it.press("t")
        assert "Ten keys" in it.screen
        assert "take back what you did last" in it.screen
        await it.press("escape")
        await it.press("s")
        assert "Subscribe to 3 feeds" in it.screen
        await it.press("escape")
        assert "nothing was added" in it.last_line
        await it.press("s", "j", "enter")
        assert "Subscribe to 1 feed " in it.screen
        assert "✓ Fun" in it.screen
        assert "✓ Technology" not in it.screen
        await it.press("k", "enter")
        assert "1 feed added · R fetches them · u undo" in it.last_line
        assert "You follow no feeds yet" not in it.screen


async def test_the_first_screen_brings_newsboat_over() -> None:
    from tests.tui.conftest import Desk, reader
    from tui_reader.tui.snapshot import settle

    library = FakeLibrary()
    app = reader(library)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(app, pilot)
        it = Desk(app, pilot, library)
        await it.press("n")
        assert "no newsboat files in /home/me/.newsboat" in it.screen
        await it.type("/elsewhere")
        await it.press("enter")
        assert "Not taken" in it.screen
        assert "macro y open ; frob: a step of this macro has no like here" in it.screen
        await it.press("escape")
        assert "1 feed · 7 articles · 5 read · 1 flagged · u undo" in it.last_line
        assert "You follow no feeds yet" not in it.screen


async def test_d_leaves_for_the_demo() -> None:
    from tests.tui.conftest import reader
    from tui_reader.tui.snapshot import settle

    app = reader(FakeLibrary())
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(app, pilot)
        await pilot.press("d")
        await settle(app, pilot)
    assert app.return_value == "demo"
    assert app.return_code == 0


async def test_help_lists_every_command_with_its_key(desk: Start) -> None:
    async with desk() as it:
        await it.press("question_mark")
        assert "Everywhere" in it.screen
        assert "In the articles" in it.screen or "Star the article" in it.screen
        await it.press("q")
        assert "Star the article" not in it.screen


async def test_help_is_narrowed_by_typing_and_finds_a_key_by_its_name(desk: Start) -> None:
    async with desk() as it:
        await it.press("question_mark")
        await it.type("star the")
        assert "Star the article" in it.screen
        assert "Go down" not in it.screen
        await it.press("escape")
        assert "Go down" in it.screen
        await it.press("J")
        assert "The key J" in it.screen
        assert "Go to the next feed" in it.screen
        assert "Go to the next reply" in it.screen
        await it.press("backspace", "slash")
        await it.type("quit")
        assert "app.quit" in it.screen
        assert "Leave the reader" in it.screen
        await it.type("zzz")
        assert "No command has “/quitzzz”" in it.screen
        await it.press("ctrl+u", "enter")
        assert "Keys ·" not in it.screen


async def test_the_palette_finds_and_runs_a_command(desk: Start) -> None:
    async with desk() as it:
        await it.press("ctrl+p")
        await it.type("star the")
        await it.press("enter", "enter")
        assert it.library.entries[1].row.starred


async def test_keys_can_be_changed(desk: Start) -> None:
    config = Config(keys={"entry.star": ("x",), "move.down": ("ctrl+n",)})
    async with desk(config=config) as it:
        await it.press("x", "ctrl+n")
        assert it.library.entries[1].row.starred
        assert it.main.entries.cursor == 1
        await it.press("s")
        assert "s does nothing here · ? help" in it.last_line


async def test_a_prefix_key_shows_what_can_follow(desk: Start) -> None:
    async with desk() as it:
        await it.press("g")
        assert "Go to the discussion" in it.screen
        await it.press("escape")
        assert "Go to the discussion" not in it.screen
        await it.press("3")
        assert it.last_line.rstrip().endswith("3")


async def test_copy_goes_through_the_terminal(desk: Start) -> None:
    async with desk() as it:
        await it.press("y", "y")
        assert it.app.clipboard == "https://site1.example/1"
        await it.press("enter", "2", "y", "f")
        assert it.app.clipboard == "https://lore.example/talk"


async def test_without_a_browser_the_link_is_copied(desk: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME"):
        monkeypatch.delenv(name, raising=False)
    async with desk() as it:
        await it.press("enter", "f")
        await it.type("1")
        assert "1 → https://lore.example/patch" in it.screen
        await it.press("enter")
        assert it.app.clipboard == "https://lore.example/patch"
        assert "copied instead" in it.last_line


async def test_the_notices_of_the_start_are_told(desk: Start) -> None:
    async with desk(notices=["config.toml:3: ui.width: too wide"]) as it:
        assert "config.toml:3: ui.width: too wide" in it.last_line


async def test_a_read_only_library_says_so(desk: Start, library: FakeLibrary) -> None:
    library.told_at_start = ("the library is in a folder that cannot be written",)
    async with desk() as it:
        assert "cannot be written" in it.last_line


async def test_opening_an_entry_from_the_start(desk: Start) -> None:
    async with desk(open_entry=1) as it:
        assert "deadline-aware" in it.screen
        assert "Which file systems?" in it.screen


@pytest.mark.row("C02")
async def test_feed_text_is_text(desk: Start, library: FakeLibrary) -> None:
    entry = library.entries[1]
    for evil in ("[@click=app.quit]Q[/]", "[/]", "[bold", "C++ [draft]", "\\[x]"):
        library.entries[1] = replace(entry, row=replace(entry.row, title=evil, author=evil), html=f"<p>{evil}</p>")
        async with desk("medium") as it:
            await it.press("enter")
            assert it.screen.count(evil) >= 2
            assert it.app.return_code is None


def test_the_time_of_the_tests_stands_still() -> None:
    assert NOW == 1_767_268_800
