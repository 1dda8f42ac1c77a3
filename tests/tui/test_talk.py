"""The discussion pane on a real library: where its keys lead, what they change, and that the cursor's line stays."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.tui import talk
from tests.tui.talk import DEEP, EMPTY, LETTERS, PAGE, SILENT, WIDE, opened
from tui_reader.config import Config, Discussion, Ui
from tui_reader.model import ThreadUpdate
from tui_reader.store import comments, connect, discussions
from tui_reader.tui.snapshot import settle


@pytest.fixture
def path(tmp_path: Path) -> Iterator[Path]:
    talk.make(tmp_path / "library.db")
    return tmp_path / "library.db"


# ---------------------------------------------------------------- one of several places


async def test_each_place_has_its_own_tab_with_its_own_count(path: Path) -> None:
    async with opened(path) as desk:
        assert "[Comments 40 +4]" in desk.screen
        assert "Hacker News 9" in desk.screen
        await desk.press(">")
        assert "[Hacker News 9]" in desk.screen
        assert desk.here == "100"
        assert "▲ 100" in desk.screen
        await desk.press(">")
        assert desk.here == "1"
        await desk.press("<")
        assert desk.here == "100"


async def test_a_glance_leaves_the_news_and_reading_ends_it_in_that_tab_alone(path: Path) -> None:
    async with opened(path) as desk:
        await desk.press(">")
        assert [one.new for one in (await desk.library.thread(LETTERS)).discussions] == [4, 0]
        await desk.press("j", "<")
        first, second = (await desk.library.thread(LETTERS)).discussions
        assert (first.new, first.visit_seq is None, second.visit_seq is None) == (4, False, False)
        await desk.press("n", ">")
        first, second = (await desk.library.thread(LETTERS)).discussions
        assert first.new == 0


async def test_an_article_in_one_place_says_so(path: Path) -> None:
    async with opened(path, WIDE) as desk:
        await desk.press(">")
        assert "in one place only" in desk.said


# ---------------------------------------------------------------- what a comment became


async def test_the_thread_tells_what_became_of_its_comments(path: Path) -> None:
    async with opened(path) as desk:
        await desk.press("z", "R")
        text = desk.text
        for told in ("Ann Marlow  author", "★", "Me  you", "✎ edited", "removed by the site", "then taken away", "≈",
                     "Eve  1h  muted", "↳ quotes Ida", "26 comments the feed no longer shows · B fetches them"):  # fmt: skip
            assert told in text, told
        assert "Buy my letters" not in text


async def test_what_an_edit_changed(path: Path) -> None:
    async with opened(path) as desk:
        await desk.press("J", "J")
        assert desk.here == "8"
        await desk.press("=")
        assert "of all three of them." in desk.screen
        assert "second is close." in desk.screen
        await desk.press("escape", "j", "=")
        assert "was not edited" in desk.said


async def test_all_that_an_author_said(path: Path) -> None:
    async with opened(path) as desk:
        await desk.press("i")
        assert "Bea Okafor" in desk.screen
        assert "A very deep thread" in desk.screen


# ---------------------------------------------------------------- ways


async def test_the_next_new_comment_and_the_way_back(path: Path) -> None:
    async with opened(path) as desk:
        way = []
        for _ in range(3):
            await desk.press("n")
            way.append(desk.here)
        assert way == ["31", "32", "30"]
        assert "Bea Okafor  15m  ○ new" in desk.text
        await desk.press("`")
        assert desk.here == "32"
        await desk.press("`", "`")
        assert desk.here == "1"
        await desk.press("`")
        assert "no jump before" in desk.said


async def test_brackets_are_the_same_keys(path: Path) -> None:
    async with opened(path) as desk:
        await desk.press("]", "]", "[")
        assert desk.here == "31"


async def test_peeking_shows_all_ancestors_and_any_key_returns(path: Path) -> None:
    async with opened(path, DEEP) as desk:
        await desk.press("n", "n", "n", "n", "P")
        sheet = desk.screen
        assert "What it answers" in sheet
        assert sheet.count("Agreed.") >= 1
        await desk.press("escape")
        assert "What it answers" not in desk.screen
        await desk.press("g", "g", "P")
        assert "answers the article itself" in desk.said


async def test_folding_by_depth_keeps_the_cursors_line(path: Path) -> None:
    async with opened(path) as desk:
        await desk.press("J", "J")
        assert desk.here == "8"
        line = desk.pane.item_lines(desk.pane.item).start - desk.pane.top
        await desk.press("z", "1")
        assert desk.here == "8"
        assert desk.pane.item_lines(desk.pane.item).start - desk.pane.top <= line
        assert "↩ 5 replies, 2 new" in desk.text
        assert "Cid" not in desk.text
        await desk.press("z", "R")
        assert "Cid" in desk.text


async def test_just_the_news_keeps_the_ways_to_it_open(path: Path) -> None:
    async with opened(path) as desk:
        await desk.press("z", "n")
        folded = {name.partition("#comment-")[2] for name in desk.pane.folded}
        assert folded == {"5", "6", "8"}
        await desk.press("g", "g", "n")
        assert desk.here == "31"


async def test_a_fold_that_hides_the_cursor_takes_it_to_what_hides_it(path: Path) -> None:
    async with opened(path, DEEP) as desk:
        await desk.press(*"nnnnnnnn")
        assert desk.here == "9"
        await desk.press("z", "3")
        assert desk.here == "3"


@pytest.mark.parametrize(
    ("times", "order", "first"),
    [(1, "newest first", "33"), (2, "only new ones", "33"), (3, "by author", "3"), (4, "as a tree", "1")],
)
async def test_orders(path: Path, times: int, order: str, first: str) -> None:
    async with opened(path) as desk:
        await desk.press(*["S"] * times)
        assert f"shown {order}" in desk.said
        await desk.press("g", "g")
        assert desk.here == first


async def test_new_since_which_visit(path: Path) -> None:
    async with opened(path) as desk:
        await desk.press("V")
        assert "since the visit" in desk.said
        await desk.press("V")
        assert "new within a day: 12" in desk.said
        await desk.press("g", "g", "n")
        assert desk.here == "2"
        await desk.press("V", "V")
        assert "since your last visit" in desk.said


# ---------------------------------------------------------------- acts


async def test_watching_and_back(path: Path) -> None:
    async with opened(path, WIDE) as desk:
        await desk.press("w")
        assert "◆ watched" in desk.screen
        assert (await desk.library.thread(WIDE)).discussions[0].watch_until is not None
        await desk.press("u")
        assert "◆ watched" not in desk.screen
        await desk.press("W")
        assert "◆ replies watched" in desk.screen
        await desk.press("W")
        assert "replies watched" not in desk.screen


async def test_muting_a_thread_and_taking_it_back(path: Path) -> None:
    async with opened(path) as desk:
        await desk.press("X", "t")
        assert (await desk.library.thread(LETTERS)).only(desk.pane.source.id).new == 2
        await desk.press("X", "l")
        assert "a thread of “Three thoughts on letters”" in desk.screen
        await desk.press("escape", "u")
        assert desk.pane.thread.new == 4


async def test_muting_an_author_and_lifting_it_from_the_list(path: Path) -> None:
    async with opened(path) as desk:
        await desk.press("X", "e")
        assert [one.author for one in await desk.library.mutes()] == ["Bea Okafor", "Eve"]
        await desk.press("X", "l", "enter")
        assert [one.author for one in await desk.library.mutes()] == ["Eve"]


async def test_a_star(path: Path) -> None:
    async with opened(path) as desk:
        await desk.press("s")
        assert desk.pane.comment.starred
        await desk.press("u")
        assert not desk.pane.comment.starred


async def test_asking_elsewhere_is_refused_until_the_settings_allow_it(path: Path) -> None:
    async with opened(path) as desk:
        await desk.press("E")
        assert "tells them what you read" in desk.said
    allowed = Config(discussion=Discussion(ask_elsewhere=True))
    async with opened(path, config=allowed) as desk:
        await desk.press("E")
        assert "network is off" in desk.said


# ---------------------------------------------------------------- arrivals


async def test_what_arrives_is_told_and_moves_nothing(path: Path) -> None:
    async with opened(path) as desk:
        await desk.press("J", "J", "j")
        here, row = desk.here, desk.pane.item_lines(desk.pane.item).start - desk.pane.top
        db = connect.open_writer(path, now=talk.NOW)
        place = discussions.of_entry(db, LETTERS)[0]
        said = (talk.say(60, 1, ago=20), talk.say(61, 8, ago=10))
        comments.save(db, ThreadUpdate(place.id, said, place.poll, gap_at=place.gap_at), now=talk.NOW)
        db.close()
        await desk.library.poll_outside()
        await settle(desk.app, desk.pilot)
        assert desk.here == here
        assert desk.pane.item_lines(desk.pane.item).start - desk.pane.top == row
        assert "1 new above · 1 new below" in desk.said


# ---------------------------------------------------------------- empty, ascii


@pytest.mark.parametrize(
    ("article", "told"),
    [
        (EMPTY, "No comments yet."),
        (PAGE, "The comments are on the site's page only."),
        (SILENT, "This article names no discussion."),
    ],
)
async def test_an_empty_pane_says_why(path: Path, article: int, told: str) -> None:
    async with opened(path, article) as desk:
        assert told in desk.screen


async def test_a_thread_in_ascii(path: Path) -> None:
    async with opened(path, DEEP, config=Config(ui=Ui(ascii=True))) as desk:
        rows = [row.plain for line in desk.pane.lines[:40] if (row := line.content)]
        assert all(row.isascii() for row in rows), [row for row in rows if not row.isascii()]


async def test_dates_in_full_in_the_discussion_and_the_article(path: Path) -> None:
    async with opened(path) as desk:
        here = desk.here
        assert " 2025 " not in desk.text
        await desk.press("j", "z", "t")
        assert re.search(r"Ann Marlow  author  (Mon|Tue|Wed|Thu|Fri|Sat|Sun) \d+ \w+ \d{4} \d\d:\d\d", desk.text)
        assert re.search(r"\w{3} \d+ \w{3} \d{4} \d\d:\d\d", shown_head(desk))
        await desk.press("z", "t", "g", "g")
        assert desk.here == here
        assert not re.search(r"Ann Marlow  author  \w{3} \d", desk.text)


def shown_head(desk) -> str:
    lines = [line.content.plain for line in desk.main.article.lines[:6]]
    return " ".join(lines).replace("\N{NO-BREAK SPACE}", " ")
