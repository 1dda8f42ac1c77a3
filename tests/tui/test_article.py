"""The article page, key by key: its links and notes, its place, its versions, what leaves the reader."""

from __future__ import annotations

import json
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.site import Answer, Site, document
from tests.tui.conftest import NOW, SIZES, Desk
from tui_reader.config import Config
from tui_reader.library import Library
from tui_reader.model import Change, Entry, Scope
from tui_reader.tui.app import ReaderApp
from tui_reader.tui.panes import article
from tui_reader.tui.snapshot import settle

WORDS = "The tide comes in twice a day, and twice a day the causeway is under water. "
NOTED = f"""<p>A claim<sup><a href="#fn1">1</a></sup> and another<sup><a href="#fn2">2</a></sup>, see
<a href="/table">the table</a> and <a href="https://evil.example/">https://bank.example/</a>.</p>
{f"<p>{WORDS * 4}</p>" * 30}
<ol><li id="fn1">The first source.</li><li id="fn2">The second source.</li></ol>"""
PAGE = f"<html><body><article><h1>Tide</h1><p>{WORDS * 8}</p><p>{WORDS * 8}</p></article></body></html>"


def feed(home: str, *, body: str = NOTED, title: str = "Tide") -> bytes:
    item = (
        f"<item><title>{title}</title><guid isPermaLink='false'>1</guid><link>{home}/tide/</link>"
        f"<description><![CDATA[{body}]]></description>"
        f"<enclosure url='{home}/tide.mp3' type='audio/mpeg' length='12000000'/></item>"
        f"<item><title>Mud</title><guid isPermaLink='false'>2</guid><link>{home}/mud/</link>"
        "<pubDate>Mon, 01 Dec 2025 10:00:00 GMT</pubDate><description>Short.</description></item>"
    )
    return f"<rss version='2.0'><channel><title>Harbour</title>{item}</channel></rss>".encode()


class Reader(Desk):
    """A running reader on a real library, with the site its feed is on."""

    site: Site

    async def change(self, body: str, title: str = "Tide") -> None:
        self.site["/feed"] = document(feed(self.site.url(""), body=body, title=title))
        await self.library.refresh(force=True)
        await settle(self.app, self.pilot)

    @property
    def page(self):
        return self.main.article

    @property
    def text(self) -> str:
        return "\n".join(line.content.plain for line in self.page.lines).replace("\N{NO-BREAK SPACE}", " ")

    @property
    def clipboard(self) -> str:
        return self.app.clipboard


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Reader]:
    clock = [NOW]
    with Site() as site:
        site["/feed"] = document(feed(site.url("")))
        site["/tide/"] = Answer(body=PAGE.encode(), type="text/html")
        library = await Library.open(tmp_path / "library.db", Config(), clock=lambda: clock[0])
        await library.add(site.url("/feed"))
        clock[0] += 2 * 86_400
        tide = next(row.id for row in await library.first(Scope("all")) if row.title == "Tide")
        app = ReaderApp(library, Config(), clock=lambda: clock[0], still=True, open_entry=tide)
        async with app.run_test(size=SIZES["medium"]) as pilot:
            await settle(app, pilot)
            made = Reader(app, pilot, library)  # type: ignore[arg-type]
            made.site = site
            yield made
        await library.close()


# ---------------------------------------------------------------- where it is read


@pytest.mark.parametrize(
    ("body", "beside"),
    [
        ("<p>short</p>", False),
        ("<PRE><code>x = 1</code></PRE>", True),
        (f"<p>{'long ' * (article.SHORT // 5 + 1)}</p>", True),
    ],
    ids=["short", "code", "long"],
)
async def test_what_takes_long_to_read_is_read_beside_the_keys(
    desk: Reader, monkeypatch: pytest.MonkeyPatch, body: str, beside: bool
) -> None:
    threads: list[threading.Thread] = []
    read = article.read

    def noted(entry: Entry) -> article.Text:
        threads.append(threading.current_thread())
        return read(entry)

    monkeypatch.setattr(article, "read", noted)
    await desk.change(body)
    assert threads
    assert all((thread is not threading.main_thread()) is beside for thread in threads)


# ---------------------------------------------------------------- links and notes


async def test_a_note_is_gone_to_and_back_from(desk: Reader) -> None:
    await desk.press("F")
    assert "The first source." in desk.screen
    assert "The second source." in desk.screen
    await desk.press("j", "enter")
    shown = desk.screen
    assert "The second source." in shown
    assert "A claim" not in shown
    await desk.press("`")
    assert "A claim¹ and another²" in desk.screen
    await desk.press("`")
    assert "no jump to go back from" in desk.last_line
    await desk.press("G", "F")
    assert "no footnote is in sight" in desk.last_line


async def test_every_link_and_file_is_under_a_number(desk: Reader) -> None:
    urls = [link.url for link in desk.page.links()]
    home = desk.site.url("")
    assert urls == [f"{home}/table", "https://evil.example/", f"{home}/tide.mp3"]
    assert "https://bank.example/[2→evil.example]" in desk.text
    assert "⬇ 127.0.0.1" in desk.text
    assert "[3] audio/mpeg · 12.0 MB" in desk.text
    await desk.press("3", "y", "f")
    assert desk.clipboard == urls[2]
    await desk.press("L")
    assert "https://evil.example/" in desk.screen
    await desk.press("escape")


async def test_a_click_on_a_link_opens_it(desk: Reader) -> None:
    line = next(n for n, line in enumerate(desk.page.lines) if "the table" in line.content.plain)
    column = desk.page.lines[line].content.plain.index("the table")
    await desk.pilot.click("#article", offset=(column + 3, line + 1))
    await settle(desk.app, desk.pilot)
    assert desk.clipboard == f"{desk.site.url('')}/table"
    assert "copied instead" in desk.last_line


async def test_what_is_selected_with_the_mouse_is_copied(desk: Reader) -> None:
    line = next(n for n, line in enumerate(desk.page.lines) if "A claim" in line.content.plain)
    column = desk.page.lines[line].content.plain.index("A claim")
    await desk.pilot.mouse_down("#article", offset=(column + 1, line + 1))
    await desk.pilot.hover("#article", offset=(column + 7, line + 1))
    await desk.pilot.mouse_up("#article", offset=(column + 7, line + 1))
    await settle(desk.app, desk.pilot)
    assert desk.clipboard == "A claim"
    assert "copied: A claim" in desk.last_line


# ---------------------------------------------------------------- its place


async def test_an_article_opens_where_it_was_left(desk: Reader) -> None:
    await desk.press("space", "space")
    top = desk.page.top
    assert top > 10
    before = desk.page.lines[top].content.plain
    await desk.press("g", "2", "j", "enter")
    assert desk.page.entry.row.title == "Mud"
    await desk.press("g", "2", "k", "enter")
    assert desk.page.entry.row.title == "Tide"
    assert desk.page.lines[desk.page.top].content.plain == before
    await desk.press("G", "g", "2", "j", "enter", "g", "2", "k", "enter")
    assert desk.page.entry.row.title == "Tide"
    assert desk.page.top == 0, "an article that was read to its end begins anew"


async def test_the_place_outlives_the_session(desk: Reader) -> None:
    await desk.press("space")
    above = desk.page.letters_above()
    assert above
    kept = desk.main.reading.place_to_keep()
    assert kept is not None
    await kept
    assert (await desk.library.entry(desk.page.entry.row.id)).place == above


# ---------------------------------------------------------------- its versions


async def test_full_text_is_fetched_shown_and_put_away(desk: Reader) -> None:
    await desk.press("x")
    assert "full text · x the other" in desk.last_line
    assert "· full text" in desk.text
    assert "A claim" not in desk.text
    assert WORDS[:20] in desk.text
    await desk.press("x")
    assert "A claim" in desk.text
    assert "· full text" not in desk.text
    await desk.press("x")
    assert "A claim" not in desk.text
    assert len(desk.site.asked("/tide/")) == 1


async def test_a_page_that_cannot_be_had_is_one_line(desk: Reader) -> None:
    desk.site["/tide/"] = Answer(404, reason="Not Found")
    await desk.press("x")
    assert "404" in desk.last_line
    assert "the feed's text stays" in desk.last_line
    assert "A claim" in desk.text


async def test_a_feed_is_always_read_in_full(desk: Reader) -> None:
    await desk.press("e", "x")
    assert "Harbour is always read in full · u undo" in desk.last_line
    assert (await desk.library.feeds())[0].full_text
    await desk.press("e", "x")
    assert not (await desk.library.feeds())[0].full_text


async def test_an_edit_is_marked_and_shown(desk: Reader) -> None:
    await desk.press("=")
    assert "not changed since it was first seen" in desk.last_line
    assert "edited" not in desk.text
    await desk.change(NOTED.replace("A claim", "A bold claim").replace("The first source.", "The first book."))
    assert "✎ edited, = what" in desk.text
    await desk.press("=")
    shown = desk.screen
    assert "Tide · edited" in shown
    assert "A bold claim" in shown
    assert "paragraphs as before" in shown
    assert "source. book." in shown
    await desk.press("escape")


async def test_the_source_is_shown_as_it_came(desk: Reader) -> None:
    await desk.press("z", "s")
    assert '<a href="#fn1">1</a>' in desk.screen
    assert "Source · HTML" in desk.screen
    await desk.press("escape")
    assert "Source · HTML" not in desk.screen


# ---------------------------------------------------------------- what leaves the reader


async def test_it_is_copied_as_markdown(desk: Reader) -> None:
    await desk.press("y", "m")
    assert desk.clipboard.startswith("# Tide\n\nHarbour · ")
    assert f"[the table](<{desk.site.url('')}/table>)" in desk.clipboard
    assert "copied: Tide as Markdown" in desk.last_line


@pytest.mark.parametrize(
    ("ending", "begins"), [("md", "# Tide"), ("txt", "Tide\n"), ("html", "<!doctype"), ("json", "{")]
)
async def test_it_is_saved_in_the_form_its_name_says(desk: Reader, tmp_path: Path, ending: str, begins: str) -> None:
    file = tmp_path / f"tide.{ending}"
    await desk.press("e", "s")
    await desk.press("ctrl+u")
    await desk.fill(str(file))
    await desk.press("enter")
    assert file.read_text("utf-8").startswith(begins)
    assert "saved as" in desk.last_line
    if ending == "json":
        assert json.loads(file.read_text("utf-8"))["title"] == "Tide"


async def test_no_file_is_written_over_unasked(desk: Reader, tmp_path: Path) -> None:
    file = tmp_path / "kept.md"
    file.write_text("mine", "utf-8")
    for answer in ("escape", "j"):
        await desk.press("e", "s", "ctrl+u")
        await desk.fill(str(file))
        await desk.press("enter")
        assert "write over kept.md?" in desk.screen
        await desk.press(*([answer] if answer == "escape" else [answer, "enter"]))
        assert file.read_text("utf-8") == "mine"
    await desk.press("e", "s", "ctrl+u")
    await desk.fill(str(file))
    await desk.press("enter", "enter")
    assert file.read_text("utf-8").startswith("# Tide")


@pytest.mark.parametrize(("name", "said"), [("tide.exe", "must end in"), ("nowhere/tide.md", "no such file")])
@pytest.mark.row("B02")
async def test_what_cannot_be_saved_says_why(desk: Reader, tmp_path: Path, name: str, said: str) -> None:
    await desk.press("e", "s", "ctrl+u")
    await desk.fill(str(tmp_path / name))
    await desk.press("enter")
    assert said in desk.screen
    await desk.press("escape")
    assert list(tmp_path.glob("*.exe")) == []


@pytest.mark.row("B01")
async def test_a_pipe_names_a_command_that_exists(desk: Reader) -> None:
    await desk.press("|", "m")
    await desk.type("no-such-command-here")
    await desk.press("enter")
    assert "there is no command no-such-command-here" in desk.screen
    await desk.press("ctrl+u")
    await desk.type("cat")
    await desk.press("enter")
    assert "there is no terminal to give to a command" in desk.last_line


# ---------------------------------------------------------------- tags and smart feeds


async def test_tags_are_a_line_to_edit(desk: Reader) -> None:
    await desk.press("t")
    await desk.type("to read, Sea")
    await desk.press("enter")
    assert "1 article tagged “to read” · 1 article tagged “Sea” · u undo" in desk.last_line
    assert "#Sea" in desk.text
    await desk.press("t")
    assert "to read" in desk.screen
    await desk.press("ctrl+u")
    await desk.type("sea")
    await desk.press("enter")
    assert [tag for tag, _ in await desk.library.tags()] == ["Sea"]
    await desk.press("u")
    assert [tag for tag, _ in await desk.library.tags()] == ["Sea", "to read"]


async def test_what_a_list_shows_is_kept_as_a_smart_feed(desk: Reader) -> None:
    await desk.press("g", "2", "/")
    await desk.type("title:mud")
    await desk.press("enter", "e", "f")
    assert "title:mud" in desk.screen
    await desk.press("enter", "ctrl+u")
    await desk.type("Mud")
    await desk.press("enter")
    (kept,) = await desk.library.smart_feeds()
    assert (kept.name, kept.query) == ("Mud", "title:mud")
    assert desk.main.view.scope.name == "Mud"
    assert [desk.main.entries.rows[one].title for one in desk.main.entries.ids] == ["Mud"]
    await desk.press("g", "1", "e", "u", "ctrl+u")
    await desk.type("title:/(/")
    await desk.press("enter")
    assert "⚠" in desk.screen
    await desk.press("ctrl+u")
    await desk.type("title:tide")
    await desk.press("enter")
    assert [desk.main.entries.rows[one].title for one in desk.main.entries.ids] == ["Tide"]
    await desk.press("g", "1", "e", "n", "ctrl+u")
    await desk.type("Tides")
    await desk.press("enter")
    assert [one.name for one in await desk.library.smart_feeds()] == ["Tides"]
    await desk.press("d", "d")
    assert await desk.library.smart_feeds() == ()
    await desk.press("u")
    assert [one.name for one in await desk.library.smart_feeds()] == ["Tides"]


async def test_a_feed_is_hidden_from_all(desk: Reader) -> None:
    await desk.press("e", "h")
    assert "Harbour hidden from All and Unread · u undo" in desk.last_line
    assert "◌ Harbour" in desk.screen
    assert len(await desk.library.ids(Scope("all"))) == 0
    await desk.press("e", "h")
    assert len(await desk.library.ids(Scope("all"))) == 2


async def test_full_text_takes_the_selection(desk: Reader) -> None:
    await desk.press("g", "2", "g", "g", "v", "j", "x")
    assert "1 full text, 1 could not be had" in desk.last_line
    assert len(desk.site.asked("/tide/")) == 1
    assert "· full text" in desk.text
    desk.site["/mud/"] = Answer(body=PAGE.encode(), type="text/html")
    await desk.press("g", "g", "v", "j", "x")
    assert len(desk.site.asked("/tide/")) == 1, "what is here is not asked for again"


async def test_what_was_just_read_stays_in_a_list_filtered_by_unread(desk: Reader) -> None:
    main = desk.main
    await main.open_scope(Scope("all"))
    await desk.press("g", "2", "slash")
    await desk.type("is:unread")
    await desk.press("enter", "g", "g")
    mud = main.entries.current
    assert (mud.title, len(main.entries.ids)) == ("Mud", 1)
    await desk.press("m")
    main.follow.note(Change(everything=True))
    await desk.press()
    assert (await desk.library.entry(mud.id)).row.read
    assert list(main.entries.ids) == [mud.id], "it stays until the list is left"
    await desk.press("escape", "slash")
    await desk.type("is:unread")
    await desk.press("enter")
    assert len(main.entries.ids) == 0
