"""The small widgets, the themes, and the last lock before the terminal."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from textual.content import Content
from textual.message import Message
from textual.pilot import Pilot
from textual.widgets import Input

from tests.tui.stage import Numbers, Stage, strips
from tui_reader.tui.widgets.menu import ChoiceList, PrefixMenu
from tui_reader.tui.widgets.page import Page, PageLine
from tui_reader.tui.widgets.prompt import Prompt
from tui_reader.tui.widgets.statusbar import HeaderLine, StatusBar
from tui_reader.tui.widgets.strips import harmless, harmless_text

OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
EVIL = "\x1b]52;c;aGFja2Vk\x07\x1b]0;PWNED\x07\x9b31m\u202eevil\u202c\t[/red] [@click=app.quit]x[/]"
WIDE = "日本語 👩‍👩‍👧 🇩🇪 e\u0301\u0302 ❤️ ﷽ العربية " * 4


# ---------------------------------------------------------------- the last lock


@given(st.text())
def test_nothing_a_terminal_obeys_is_left(line: str) -> None:
    made = harmless_text(line)
    assert not OBEYED.search(made)
    assert len(made) == len(line)


@given(st.text(), st.text(min_size=1), st.text())
def test_styles_stay_where_they_were(before: str, bold: str, after: str) -> None:
    content = Content(before) + Content.styled(bold, "bold") + Content(after)
    made = harmless(content)
    assert not OBEYED.search(made.plain)
    assert [(span.start, span.end) for span in made.spans] == [(span.start, span.end) for span in content.spans]


@pytest.mark.parametrize("width", [4, 5, 33, 60])
@pytest.mark.parametrize(
    "words", [EVIL, WIDE, "two\nlines", "", "a" * 500], ids=["evil", "wide", "lines", "none", "long"]
)
@pytest.mark.row("C01")
async def test_every_line_is_harmless_and_fills_its_view(width: int, words: str) -> None:
    rows, page = Numbers(words=lambda index: words), Page()
    rows.border_title = Content(words)
    page.border_title = Content(words)
    async with Stage(rows, page).run_test(size=(width, 20)) as pilot:
        rows.show(30)
        page.show([PageLine(Content(words), 0)] * 30, item=0)
        await pilot.pause()
        for view in (rows, page):
            inside = view.scrollable_content_region.width
            for strip in strips(view):
                assert not OBEYED.search(strip.text)
                assert strip.cell_length == sum(cell_len(segment.text) for segment in strip) == inside
        for line in pilot.app.screen._compositor.render_strips():
            assert not OBEYED.search(line.text)
            assert cell_len(line.text) == width, "frames stay straight"


@pytest.mark.row("C01")
async def test_what_is_pasted_into_a_question_is_harmless() -> None:
    prompt = Prompt("rename", "old")
    async with Stage(prompt).run_test(size=(60, 5)) as pilot:
        await pilot.pause()
        prompt.query_one(Input).insert_text_at_cursor(EVIL)
        await pilot.pause()
        assert not OBEYED.search(prompt.query_one(Input).value)
        assert "[/red]" in prompt.query_one(Input).value


# ---------------------------------------------------------------- the lines at the top and the bottom


def drawn(widget: HeaderLine | StatusBar) -> str:
    return widget.render().plain


async def test_the_top_line_loses_whole_parts() -> None:
    header = HeaderLine(id="header")
    async with Stage(header).run_test(size=(60, 5)) as pilot:
        header.show([Content(" reader"), Content("  12 unread"), Content("  3 new comments")], Content("? help "))
        assert drawn(header) == " reader  12 unread  3 new comments".ljust(53) + "? help "
        await pilot.resize_terminal(40, 5)
        assert drawn(header) == " reader  12 unread".ljust(33) + "? help "
        await pilot.resize_terminal(12, 5)
        assert cell_len(drawn(header)) == 12


async def test_the_status_line_tells_the_keys_or_what_happened() -> None:
    status = StatusBar(id="status")
    async with Stage(status).run_test(size=(40, 5)) as pilot:
        status.hints([("j k", "move"), ("space", "read on"), ("s", "star"), ("u", "undo this and that")])
        status.state(Content("refreshing"))
        assert drawn(status) == " j k move  space read on ".ljust(29) + "refreshing "
        status.say(Content("⚠ " + EVIL), fault=True)
        assert status.told.startswith("⚠")
        assert not OBEYED.search(drawn(status))
        assert cell_len(drawn(status)) == 40
        status.say(Content(""))
        assert "move" in drawn(status)
        await pilot.pause()


# ---------------------------------------------------------------- asking


class Asked(Stage):
    def on_prompt_typed(self, message: Prompt.Typed) -> None:
        self.told.append(message)

    def on_prompt_answered(self, message: Prompt.Answered) -> None:
        self.told.append(message)

    def on_choice_list_answered(self, message: ChoiceList.Answered) -> None:
        self.told.append(message)


async def answers(app: Stage, pilot: Pilot[None], kind: type[Message], name: str) -> list[object]:
    await pilot.pause()
    await pilot.pause()
    return [getattr(message, name) for message in app.of(kind)]


async def test_a_question_is_answered_as_it_is_typed() -> None:
    app = Asked(Prompt("add", "x"))
    async with app.run_test(size=(60, 5)) as pilot:
        await pilot.press("j", "q", "space", "1", "enter")
        assert await answers(app, pilot, Prompt.Typed, "value") == ["x", "xj", "xjq", "xjq ", "xjq 1"]
        assert await answers(app, pilot, Prompt.Answered, "value") == ["xjq 1"]
        await pilot.press("2", "escape")
        assert await answers(app, pilot, Prompt.Answered, "value") == []
        assert app.query_one(Prompt).query_one(Input).value == "xjq 1"


async def test_a_question_is_given_up_with_escape() -> None:
    app = Asked(Prompt("add", "x"))
    async with app.run_test(size=(60, 5)) as pilot:
        await pilot.press("j", "escape")
        assert await answers(app, pilot, Prompt.Answered, "value") == [None]


async def test_a_question_shows_what_was_wrong_with_the_last_answer() -> None:
    app = Asked(Prompt("add", fault="[/red] is no address"))
    async with app.run_test(size=(60, 6)) as pilot:
        await pilot.pause()
        screen = "\n".join(strip.text for strip in pilot.app.screen._compositor.render_strips())
        assert "⚠ [/red] is no address" in screen


@pytest.mark.parametrize(
    ("keys", "place"),
    [("enter", 0), ("j enter", 1), ("down down down enter", 2), ("j k enter", 0), ("escape", None), ("q", None)],
)
async def test_one_of_several_is_chosen(keys: str, place: int | None) -> None:
    app = Asked(ChoiceList("Several feeds", [(f"[feed {n}]", "https://x.example/" + WIDE) for n in range(3)]))
    async with app.run_test(size=(60, 20)) as pilot:
        await pilot.pause()
        await pilot.press(*keys.split())
        assert await answers(app, pilot, ChoiceList.Answered, "place") == [place]


async def test_one_of_several_is_chosen_with_the_mouse() -> None:
    choice = ChoiceList("Several feeds", [(f"feed {n}", "") for n in range(3)])
    app = Asked(choice)
    async with app.run_test(size=(60, 20)) as pilot:
        await pilot.pause()
        await pilot.click(choice, offset=(5, 2))
        await pilot.click(choice, offset=(5, 2))
        assert await answers(app, pilot, ChoiceList.Answered, "place") == [1]


async def test_a_choice_keeps_its_height_when_the_screen_is_laid_out_before_it_is_ready() -> None:
    """On a busy machine others are painted between its arrival on the screen and its own first message."""
    app = Asked()
    async with app.run_test(size=(60, 20)) as pilot:
        await pilot.pause()
        choice = ChoiceList("Several feeds", [(f"feed {n}", "") for n in range(3)])
        mounted = app.screen.mount(choice)
        app.screen._refresh_layout()
        await mounted
        await pilot.pause()
        assert choice.outer_size.height == 5


async def test_what_may_follow_a_key_is_shown_and_hidden() -> None:
    menu = PrefixMenu(id="menu")
    async with Stage(menu).run_test(size=(30, 20)) as pilot:
        menu.show("g", [("g", "to the top"), ("1", "to the feeds, which stand at the left of the screen")])
        await pilot.pause()
        assert menu.display
        lines = menu.render().plain.split("\n")
        assert lines[0].rstrip() == " g  to the top"
        assert all(cell_len(line) <= menu.content_size.width for line in lines)
        menu.show("", [])
        await pilot.pause()
        assert not menu.display
