"""The themes: each can be read, in all colours, in 256, in 16 and in none; choosing one shows it at once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.color import Color as RichColor
from rich.color import ColorSystem
from rich.terminal_theme import DEFAULT_TERMINAL_THEME
from textual.strip import Strip

from tests.cli.running import FEED, Reader, put
from tests.site import Site
from tests.tui.conftest import Start, reader
from tests.tui.fake import FakeLibrary, world
from tests.tui.test_terminal import ITEM, Terminal
from tui_reader.config import Config, Ui
from tui_reader.tui import themes, wardrobe
from tui_reader.tui.shades import GROUNDS, Rgb, contrast, rgb
from tui_reader.tui.snapshot import settle
from tui_reader.tui.themes import DEPTHS, PALETTES
from tui_reader.tui.wardrobe import on_light

TEXT = (
    "foreground", "primary", "news", "link", "warning", "error", "text-error", "text-success", "text-warning", "quote",
    "success", "secondary", "code-keyword", "code-string", "code-literal", "code-name",
)  # fmt: skip
DIM = ("muted", "text-muted", *(f"depth-{level}" for level in range(1, DEPTHS + 1)))


def colours_of(name: str, *, of_256: bool) -> dict[str, Rgb]:
    theme = themes.named(name, of_256=of_256)
    colours = {**theme.to_color_system().generate(), **theme.variables}
    wanted = {name: rgb(colours[name]) for name in (*TEXT, *DIM, *GROUNDS)}
    return {name: on_256(colour) for name, colour in wanted.items()} if of_256 else wanted


def on_256(colour: Rgb) -> Rgb:
    """What a terminal of 256 colours is told to show for a colour."""
    return tuple(RichColor.from_rgb(*colour).downgrade(ColorSystem.EIGHT_BIT).get_truecolor())


# Textual rounds colours; of 256, a grey may be told a shade off.
@pytest.mark.parametrize(("of_256", "slack"), [(False, 0.99), (True, 0.9)], ids=["all", "256"])
@pytest.mark.parametrize("palette", PALETTES, ids=lambda palette: palette.name)
def test_everything_can_be_read(palette, of_256: bool, slack: float) -> None:
    colours = colours_of(palette.name, of_256=of_256)
    high = palette.name.startswith("high-contrast")
    weak = [
        f"{name} on {ground}: {contrast(colours[name], colours[ground]):.2f}"
        for names, least in ((TEXT, 7.0 if high else 4.5), (DIM, 4.5 if high else 3.0))
        for name in names
        for ground in GROUNDS
        if contrast(colours[name], colours[ground]) < least * slack
    ]
    assert weak == []
    assert contrast(colours["muted"], colours["background"]) >= 4.5 * slack
    assert contrast(colours["background"], colours["news"]) >= 4.5 * slack, "the place found"
    for cursor in ("cursor", "cursor-blurred"):
        assert contrast(colours[cursor], colours["background"]) >= 1.07, cursor
    assert colours["cursor"] != colours["cursor-blurred"]


def test_there_are_dark_and_light_ones_and_none_is_called_as_another() -> None:
    assert len(set(themes.NAMES)) == len(themes.NAMES) >= 15
    assert sum(palette.dark for palette in PALETTES) >= 6
    assert sum(not palette.dark for palette in PALETTES) >= 6


def test_every_theme_says_the_same_things() -> None:
    own = [set(themes.named(palette.name).variables) for palette in PALETTES]
    assert all(names == own[0] for names in own)
    assert own[0] - {"background", "surface", "panel", "warning"} <= set(themes.ANSI.variables)


@pytest.mark.parametrize("name", themes.NAMES)
def test_only_news_has_the_colour_of_news(name: str) -> None:
    theme = themes.named(name)
    others = {name: value for name, value in theme.variables.items() if name not in {"news", "text-warning"}}
    assert theme.variables["news"] not in others.values()
    assert theme.variables["news"] != theme.primary


def seen_by(colour: Rgb, kind: str) -> tuple[float, ...]:
    """A colour as someone sees it who lacks one kind of cone (Viénot, Brettel and Mollon 1999), in linear light."""
    red, green, blue = ((part / 255) ** 2.2 for part in colour)
    if kind == "protan":
        mixed = 0.11238 * red + 0.88762 * green
        return mixed, mixed, 0.00401 * red - 0.00401 * green + blue
    mixed = 0.29275 * red + 0.70725 * green
    return mixed, mixed, -0.02234 * red + 0.02234 * green + blue


@pytest.mark.parametrize("kind", ["protan", "deutan"])
@pytest.mark.parametrize("name", ["colour-blind", "colour-blind-light"])
def test_what_means_something_is_told_apart_without_red_or_green(name: str, kind: str) -> None:
    colours = colours_of(name, of_256=False)
    meant = ("news", "primary", "text-error", "muted", "foreground")
    seen = {one: [max(0.0, part) ** (1 / 2.2) for part in seen_by(colours[one], kind)] for one in meant}
    for one in meant:
        for other in meant:
            if one < other:
                apart = sum((a - b) ** 2 for a, b in zip(seen[one], seen[other], strict=True)) ** 0.5
                assert apart > 0.12, (one, other, apart)


# ---------------------------------------------------------------- on the screen


FRAME = frozenset("─│╭╮╰╯━┃┏┓┗┛▌├└▁▂▃▄▅▆▇█▔▕▏╴╶ ")


def pairs(strips: list[Strip]) -> Iterator[tuple[str, Rgb, Rgb]]:
    """Every text on the screen with its colour and its ground."""
    for strip in strips:
        for segment in strip:
            style = segment.style
            if style is None or style.color is None or style.bgcolor is None or not set(segment.text) - FRAME:
                continue
            front, back = (tuple(one.get_truecolor(DEFAULT_TERMINAL_THEME)) for one in (style.color, style.bgcolor))
            yield (segment.text, back, front) if style.reverse else (segment.text, front, back)


STATES = (
    ["enter"],
    ["l", "n"],
    ["slash", "r"],
    ["escape", "g"],
    ["escape", "R"],
    ["question_mark"],
)


async def test_what_is_tested_above_is_what_the_screen_uses() -> None:
    """Every text stands in one of the colours on one of the grounds that are compared, or on its own colour reversed."""
    colours = colours_of("dusk", of_256=False)
    texts = {colours[name] for name in (*TEXT, *DIM)}
    grounds = {colours[name] for name in GROUNDS}
    app = reader(world())
    seen = 0
    async with app.run_test(size=(160, 40)) as pilot:
        await settle(app, pilot)
        for keys in STATES:
            for key in keys:
                await pilot.press(key)
                await settle(app, pilot)
            for text, front, back in pairs(app.screen._compositor.render_strips()):
                seen += 1
                if (front, back) != (colours["background"], colours["news"]):
                    assert front in texts and back in grounds, (keys, text, front, back)  # noqa: PT018
    assert seen > 500


async def test_a_theme_is_shown_while_it_is_chosen_and_then_remembered(desk: Start, library: FakeLibrary) -> None:
    async with desk("medium") as it:

        async def ask() -> None:
            await it.press("colon")
            await it.type("theme")
            await it.press("enter")

        await ask()
        assert "Theme" in it.screen
        assert "gruvbox" in it.screen
        await it.press("j", "j")
        assert it.app.theme == "dawn"
        await it.press("escape")
        assert it.app.theme == "dusk"
        assert await library.recall(wardrobe.KEY) is None
        await ask()
        await it.press("j", "j", "j", "enter")
        assert it.app.theme == "gruvbox"
        assert await library.recall(wardrobe.KEY) == "gruvbox"
        await it.press("colon")
        await it.type("theme nord")
        await it.press("enter")
        assert it.app.theme == await library.recall(wardrobe.KEY) == "nord"
        await it.press("colon")
        await it.type("theme none such")
        await it.press("enter")
        assert "there is no theme" in it.screen
        await it.press("escape")
        await it.press("colon")
        await it.type("theme dawn")
        await it.press("enter")
        assert it.app.theme == "dawn"


def test_the_settings_win_over_what_was_chosen_and_a_wrong_name_is_told() -> None:
    assert reader(world(), chosen_theme="nord").theme == "nord"
    assert reader(world(), Config(ui=Ui(theme="dawn")), chosen_theme="nord").theme == "dawn"
    assert reader(world(), chosen_theme="no such one").theme == "dusk"
    wrong = reader(world(), Config(ui=Ui(theme="dusq")), chosen_theme="nord")
    assert wrong.theme == "nord"
    assert wrong.wardrobe.faults[0].startswith("ui.theme: there is no theme “dusq”; there are dusk, dawn")


def test_every_theme_stands_in_the_docs() -> None:
    said = (Path(__file__).parents[2] / "docs" / "themes.md").read_text(encoding="utf-8")
    assert [name for name in themes.NAMES if f"`{name}`" not in said] == []


def test_light_terminals_say_so() -> None:
    assert on_light({"COLORFGBG": "0;15"})
    assert on_light({"COLORFGBG": "0;default;7"})
    assert not on_light({"COLORFGBG": "15;0"})
    assert not on_light({})


# ---------------------------------------------------------------- in a terminal


COLOUR = re.compile(rb"\x1b\[([0-9;]*)m")


def told(written: bytes) -> set[str]:
    """Every way in which a colour was asked of the terminal."""
    found: set[str] = set()
    for codes in COLOUR.findall(written):
        parts = codes.decode().split(";")
        while parts:
            code = parts.pop(0)
            if code in {"38", "48"}:
                count = 1 if parts[0] == "5" else 3
                found.add({"5": "256", "2": "all"}[parts[0]])
                parts = parts[1 + count :]
            elif code and (30 <= int(code) <= 47 or 90 <= int(code) <= 107) and code not in {"39"}:
                found.add("16")
    return found


@pytest.fixture
def stocked(tmp_path) -> Reader:
    with Site() as site:
        item = ITEM.format(title="First post", body="&lt;p&gt;Plain words.&lt;/p&gt;", n=1, site=site.url(""))
        shelf = Reader(tmp_path)
        assert shelf("add", put(site, "/feed", FEED.format(title="A blog", site=site.url(""), items=item))).code == 0
    return shelf


@pytest.mark.parametrize(
    ("environ", "colours"),
    [
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor"}, {"all"}),
        ({"TERM": "xterm-256color", "COLORTERM": ""}, {"256"}),
        ({"TERM": "xterm", "COLORTERM": ""}, {"16"}),
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor", "NO_COLOR": "1"}, set()),
    ],
    ids=["all", "256", "16", "none"],
)
def test_a_terminal_is_asked_only_for_colours_it_has(
    stocked: Reader, environ: dict[str, str], colours: set[str]
) -> None:
    terminal = Terminal(stocked, environ=environ)
    terminal.until(lambda screen: "First post" in screen and "j k move" in screen)
    asked = told(terminal.written)
    reversed_ = {
        terminal.display.buffer[y][x].reverse
        for y, line in enumerate(terminal.display.display)
        for x in [line.find("First post")]
        if x >= 0
    }
    terminal.child.send(b"Q")
    assert terminal.ended() == 0
    assert asked == colours
    assert reversed_ == {len(colours & {"all", "256"}) == 0}, "the cursor is seen"
