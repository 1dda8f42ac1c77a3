"""Pictures in the article pane and on the whole screen."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC
from io import BytesIO
from pathlib import Path

import pytest
from msgspec.structs import replace
from PIL import Image, ImageDraw
from textual.events import Key

from tests.site import Answer, Site
from tests.tui.conftest import SIZES, Desk, Start, reader
from tests.tui.fake import HOUR, NOW, FakeLibrary
from tests.tui.test_pictures import taken
from tui_reader.config import Config, Images
from tui_reader.library import Added, Library
from tui_reader.tui import gallery
from tui_reader.tui.app import ReaderApp
from tui_reader.tui.graphics import has_colours
from tui_reader.tui.panes.article import PictureLine
from tui_reader.tui.snapshot import settle
from tui_reader.tui.viewer import Viewer

Compare = Callable[..., bool]

ONE, TWO = "https://lore.example/one.png", "https://lore.example/two.png"
NEVER, ALWAYS = Config(images=Images(show="never")), Config(images=Images(show="always"))
HTML = (
    "<p>Before the pictures.</p>"
    f"<figure><img src='{ONE}' alt='A lamp'><figcaption>The lamp in the window</figcaption></figure>"
    "<p>Between the pictures.</p>"
    f"<p><a href='https://lore.example/large'><img src='{TWO}' alt='The desk'></a></p>"
    + "".join(f"<p>Paragraph {number} of what is below.</p>" for number in range(40))
)


def png(width: int = 48, height: int = 24) -> bytes:
    """Straight edges, and at home no larger than the pane: no version of Pillow draws it in another way."""
    image = Image.new("RGBA", (width, height), (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, height // 2, width, height), fill="#7aa2f7")
    draw.rectangle((width // 3, height // 6, width * 2 // 3, height * 5 // 6), fill="#f2b866")
    written = BytesIO()
    image.save(written, "PNG")
    return written.getvalue()


@pytest.fixture
def library() -> FakeLibrary:
    made = FakeLibrary()
    feed = made.feed_of("Lore")
    made.entry_of(feed, "Two pictures", HOUR, HTML)
    made.entry_of(feed, "No pictures", 2 * HOUR)
    made.files = {ONE: png(), TWO: png(24, 20)}
    return made


def drawn(app: ReaderApp) -> dict[str, int]:
    """How many lines each picture takes in the article."""
    lines = [line for line in app.main.article.lines if isinstance(line, PictureLine) and line.strip is not None]
    return {url: sum(line.url == url for line in lines) for url in dict.fromkeys(line.url for line in lines)}


def sight(desk: Desk) -> list[str]:
    article = desk.main.article
    return [line.content.plain.strip() for line in article.lines[article.top : article.top + article.size.height]]


# ---------------------------------------------------------------- asked for


async def test_nothing_is_fetched_before_the_key(desk: Start) -> None:
    async with desk() as at:
        await at.press("enter")
        assert at.library.pictured == []
        assert "▣ Image A lamp" in at.screen
        await at.press("i")
        assert sorted(at.library.pictured) == [ONE, TWO]
        assert "▀▀▀▀▀" in at.screen
        assert at.screen.index("▀") < at.screen.index("▣ Image A lamp")
        assert set(drawn(at.app)) == {ONE, TWO}


async def test_never_means_never(desk: Start) -> None:
    async with desk(config=NEVER) as at:
        await at.press("enter", "i")
        assert at.library.pictured == []
        assert "the settings forbid pictures" in at.last_line


async def test_an_article_without_pictures_says_so(desk: Start) -> None:
    async with desk() as at:
        await at.press("j", "enter", "i")
        assert "no picture by itself" in at.last_line
        assert at.app.screen is at.main


async def test_without_the_extra_the_key_says_what_is_missing(desk: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gallery.pictures, "available", lambda: False)
    async with desk() as at:
        await at.press("enter", "i")
        assert "tui-newsreader[images]" in at.last_line
        assert at.library.pictured == []


async def test_without_colours_there_are_labels(desk: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with desk() as at:
        await at.press("enter", "i")
        assert "too few colours" in at.last_line
        assert at.library.pictured == []


@pytest.mark.parametrize(("colours", "enough"), [("standard", False), ("256", True), ("truecolor", True)])
def test_sixteen_colours_are_too_few(
    library: FakeLibrary, monkeypatch: pytest.MonkeyPatch, colours: str, enough: bool
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    app = reader(library)
    monkeypatch.setattr(type(app), "is_headless", False)
    monkeypatch.setattr(type(app.console), "color_system", colours)
    assert has_colours(app) is enough


async def test_what_cannot_be_shown_keeps_its_label_and_says_why(desk: Start, library: FakeLibrary) -> None:
    library.files = {ONE: b"<svg xmlns='http://www.w3.org/2000/svg'/>"}
    async with desk() as at:
        await at.press("enter", "i")
        assert "▣ Image A lamp[1] · an SVG drawing" in at.screen
        assert "▣ Image The desk[2] · lore.example: not found" in at.screen
        assert "2 of 2 pictures not shown: an SVG" in at.last_line
        library.files = {ONE: png()}
        await at.press("i")
        assert set(drawn(at.app)) == {ONE}
        assert "an SVG drawing" not in at.screen


async def test_a_picture_keeps_to_the_column_and_two_thirds_of_the_pane(desk: Start, library: FakeLibrary) -> None:
    library.files = {ONE: png(2000, 100), TWO: png(100, 2000)}
    async with desk("medium") as at:
        await at.press("enter", "i")
        article = at.main.article
        height = article.scrollable_content_region.height
        assert drawn(at.app)[ONE] == 2
        assert drawn(at.app)[TWO] == height * 2 // 3
        widest = max(line.strip.cell_length for line in article.lines if line.strip is not None)
        assert widest <= article.room - 2


# ---------------------------------------------------------------- the words stay


async def test_the_words_at_the_top_stay_where_they_are(desk: Start) -> None:
    async with desk("medium") as at:
        await at.press("enter", *"jjjjjjjjjjjjjjjj")
        before = sight(at)
        assert before[0]
        at.main.gallery.show()
        await settle(at.app, at.pilot)
        assert len(drawn(at.app)) == 2
        assert sight(at) == before


async def test_another_width_draws_them_anew(desk: Start) -> None:
    async with desk("wide") as at:
        await at.press("enter", "i")
        before = drawn(at.app)
        await at.pilot.resize_terminal(60, 20)
        await settle(at.app, at.pilot)
        after = drawn(at.app)
        assert set(after) == set(before)
        assert after[ONE] < before[ONE]


async def test_another_theme_shows_through(desk: Start) -> None:
    async with desk() as at:
        await at.press("enter", "i")

        def corner() -> object:
            strip = next(line.strip for line in at.main.article.lines if line.strip is not None)
            return next(segment.style.color for segment in strip if segment.style and segment.style.color)

        before = corner()
        at.app.wardrobe.put_on("dawn")
        await settle(at.app, at.pilot)
        assert corner() != before


async def test_finding_passes_over_pictures(desk: Start) -> None:
    async with desk() as at:
        await at.press("enter", "i", "slash", *"lamp", "enter")
        article = at.main.article
        assert [article.lines[hit].strip for hit in article._hits] == [None, None]


# ---------------------------------------------------------------- following what is open


async def test_leaving_the_article_leaves_its_pictures(desk: Start) -> None:
    async with desk() as at:
        await at.press("enter", "i", "n")
        assert at.main.reading.entry is not None
        assert drawn(at.app) == {}
        assert not at.main.article.plates


async def test_an_article_that_changes_keeps_its_pictures_and_gets_the_new_one(
    desk: Start, library: FakeLibrary
) -> None:
    async with desk() as at:
        await at.press("enter", "i")
        library.pictured.clear()
        entry = library.entries[1]
        three = "https://lore.example/three.png"
        library.files[three] = png(50, 50)
        library.entries[1] = replace(entry, html=f"{HTML}<img src='{three}'>")
        await at.main.reading.reask_article()
        await settle(at.app, at.pilot)
        at.main.article.finish()
        assert library.pictured == [three]
        assert set(drawn(at.app)) == {ONE, TWO, three}


# ---------------------------------------------------------------- the whole screen


async def test_the_key_again_shows_one_on_the_whole_screen(desk: Start) -> None:
    async with desk() as at:
        await at.press("enter", "i", "i")
        assert isinstance(at.app.screen, Viewer)
        assert "1 of 2 · ▣ Image A lamp" in at.last_line
        assert "▀▀▀▀▀" in at.screen
        await at.press("l")
        assert "2 of 2 · ▣ Image The desk" in at.last_line
        await at.press("l", "h")
        assert "1 of 2" in at.last_line
        await at.press("q")
        assert at.app.screen is at.main


async def test_the_one_in_sight_is_shown(desk: Start) -> None:
    async with desk("medium") as at:
        await at.press("enter", "i", "G", "i")
        assert "2 of 2 · ▣ Image The desk" in at.last_line


async def test_two_closing_keys_at_once_close_it_once(desk: Start) -> None:
    async with desk() as at:
        for keys in (["enter", "i", "i"], ["question_mark"]):
            await at.press(*keys)
            for _ in range(2):
                at.app.screen.post_message(Key("q", "q"))
            await settle(at.app, at.pilot)
            assert at.app.screen is at.main
            assert at.app.is_running


async def test_one_that_cannot_be_shown_says_why_there_too(desk: Start, library: FakeLibrary) -> None:
    del library.files[TWO]
    async with desk() as at:
        await at.press("enter", "i", "i", "l")
        assert "lore.example: not found (404)" in at.screen
        await at.press("escape")
        assert at.app.screen is at.main


# ---------------------------------------------------------------- pictures of it


@pytest.mark.parametrize("size", ["wide", "narrow"])
def test_in_the_text(snap_compare: Compare, library: FakeLibrary, size: str) -> None:
    assert taken(snap_compare, reader(library), ["enter", "i"], size)


def test_on_the_whole_screen(snap_compare: Compare, library: FakeLibrary) -> None:
    assert taken(snap_compare, reader(library), ["enter", "i", "i"], "narrow")


# ---------------------------------------------------------------- what a real site sees


@asynccontextmanager
async def running(site: Site, folder: Path, config: Config, *, still: bool) -> AsyncIterator[Desk]:
    """The reader on a library whose one feed has one article with one picture."""
    site["/picture.png"] = Answer(body=png(), type="image/png")
    site["/feed"] = Answer(
        body=b"<rss version='2.0'><channel><title>Blog</title><item><title>One</title><guid>1</guid>"
        b"<description>&lt;p&gt;x&lt;/p&gt;&lt;img src='%b'&gt;</description></item></channel></rss>"
        % site.url("/picture.png").encode()
    )
    real = await Library.open(folder / "library.db", config, clock=lambda: NOW)
    try:
        assert isinstance(await real.add(site.url("/feed")), Added)
        app = ReaderApp(real, config, clock=lambda: NOW, zone=UTC, still=still)
        async with app.run_test(size=SIZES["medium"]) as pilot:
            await settle(app, pilot)
            yield Desk(app, pilot, real)  # type: ignore[arg-type]
    finally:
        await real.close()


async def test_a_site_is_asked_for_pictures_only_after_the_key(tmp_path: Path) -> None:
    with Site() as site:
        async with running(site, tmp_path, Config(), still=False) as at:
            await at.press("enter", "j")
            assert site.asked("/picture.png") == []
            await at.press("i", "i", "q")
            assert len(site.asked("/picture.png")) == 1
            assert len(drawn(at.app)) == 1


async def test_a_site_is_never_asked_when_the_settings_forbid_it(tmp_path: Path) -> None:
    with Site() as site:
        async with running(site, tmp_path, NEVER, still=False) as at:
            await at.press("enter", "i", "i")
            assert site.asked("/picture.png") == []


async def test_always_fetches_behind_the_text(tmp_path: Path) -> None:
    with Site() as site:
        async with running(site, tmp_path, ALWAYS, still=False) as at:
            await at.press("enter")
            assert len(site.asked("/picture.png")) == 1
            assert len(drawn(at.app)) == 1


async def test_a_screen_that_stands_still_asks_nobody(tmp_path: Path) -> None:
    with Site() as site:
        async with running(site, tmp_path, ALWAYS, still=True) as at:
            await at.press("enter")
            assert site.asked("/picture.png") == []
