"""A query finds the entries it describes, and nothing typed is ever more than a value."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime

import pytest
from shelf import NOW, arrive, changed, everything, id_of, new, post, say, talk

from tui_reader.model import DiscussionRef, Enclosure
from tui_reader.query import parse
from tui_reader.store import discussions, feeds, query, status

DAY = 86400
PLANET, KERNEL = "planet", "kernel"


@pytest.fixture
def library(db: sqlite3.Connection) -> sqlite3.Connection:
    """Two feeds in two folders; each entry has something of its own, its title says what."""
    planet = feeds.add(db, url="https://planet.example/feed", folder="Blogs", title="Planet Zoë", now=NOW)
    kernel = feeds.add(db, url="https://kernel.example/feed", folder="Linux / Kernel", title="Weekly Kernel", now=NOW)
    arrive(
        db,
        planet,
        new(post("plain", html="<p>Some text about a marzipan bakery.</p>"), NOW),
        new(post("by ann", author="Ann Söderberg", html="<p>-</p>"), NOW - DAY),
        new(post("tagged", tags=("Rust", "système d'exploitation")), NOW - 2 * DAY),
        new(post("Crème brûlée", html="<p>Naïve résumé, 100% c++ and x_y.</p>"), NOW - 20 * DAY),
        new(post("漢字の話", html="<p>東京の天気は晴れです。 A lone c.</p>"), NOW - 21 * DAY),
        new(post("podcast", enclosures=(Enclosure("https://planet.example/a.mp3", "audio/mpeg"),)), NOW - 30 * DAY),
    )
    talked = DiscussionRef("feed", "https://kernel.example/talked/feed", "", 30)
    declared = DiscussionRef("feed", "https://kernel.example/declared/feed", "", 7)
    silent = DiscussionRef("feed", "https://kernel.example/silent/feed")
    arrive(
        db,
        kernel,
        new(post("talked", url="https://kernel.example/2026/talked?a=1%20b", discussions=(talked,)), NOW - 40 * DAY),
        new(post("declared", discussions=(declared,)), NOW - 41 * DAY),
        new(post("silent", discussions=(silent,)), NOW - 42 * DAY),
        new(post("january", published=moment(2026, 1, 31, 23)), NOW - 43 * DAY),
    )
    entry = id_of(db, "talked")
    talk(
        db,
        entry,
        say("1", author="Bob Büchner", html="<p>I disagree, scheduler-wise.</p>"),
        say("2", "1", author="carol", html="<p>天気 and <b>gooseberries</b>.</p>"),
    )
    discussions.visit(db, entry, now=NOW)
    talk(db, entry, say("3", author="dave"))
    return db


def moment(*day: int) -> int:
    return int(datetime(*day, tzinfo=UTC).timestamp())  # type: ignore[arg-type, misc]


def found(db: sqlite3.Connection, text: str, *, now: int = NOW) -> list[str]:
    """The titles of the entries that fit, newest first."""
    condition, values = query.compile(parse(text, now=now, zone=UTC))
    rows = db.execute(f"SELECT title FROM entry WHERE {condition} ORDER BY sort_at DESC", values)
    return [title for (title,) in rows]


PLANETS = ["plain", "by ann", "tagged", "Crème brûlée", "漢字の話", "podcast"]
KERNELS = ["talked", "declared", "silent", "january"]
ALL = PLANETS + KERNELS


@pytest.mark.parametrize(
    ("asked", "titles"),
    [
        ("", ALL),
        # Words stand in title, author, feed or text.
        ("plain", ["plain"]),
        ("LAI", ["plain"]),
        ("marzipan", ["plain"]),
        ("marzip", ["plain"]),
        ("arzipan", []),
        ("Söderberg", ["by ann"]),
        ("soderberg", ["by ann"]),
        ("derber", ["by ann"]),
        ("zoe", PLANETS),
        ("WEEKLY", KERNELS),
        ("creme", ["Crème brûlée"]),
        ("BRÛL", ["Crème brûlée"]),
        ("naive", ["Crème brûlée"]),
        ("résume", ["Crème brûlée"]),
        ("planet marzipan", ["plain"]),
        ("gooseberries", []),
        # Short words are whole words of a text.
        ("ba", []),
        ("bak", ["plain"]),
        # Phrases.
        ('"marzipan bakery"', ["plain"]),
        ('"bakery marzipan"', []),
        ('"marzipan bak"', []),
        ('"by a"', ["by ann"]),
        ('"weekly kernel"', KERNELS),
        # Not, or, parentheses.
        ("planet -marzipan", PLANETS[1:]),
        ("-planet -kernel", []),
        ("marzipan OR soderberg", ["plain", "by ann"]),
        ("planet (podcast OR tagged)", ["tagged", "podcast"]),
        ("-(planet OR declared OR silent)", ["talked", "january"]),
        ("planet OR kernel declared", [*PLANETS, "declared"]),
        ("--plain", ["plain"]),
        # Patterns.
        ("/^p/", [*PLANETS]),
        ("title:/^p/", ["plain", "podcast"]),
        ("title:/^P.*N$/", ["plain"]),
        ("title:/(?-i:^P)/", []),
        ("author:/s.derb/", ["by ann"]),
        ("feed:/kernel$/", KERNELS),
        ("folder:/^linux/", KERNELS),
        ("tag:/^rus/", ["tagged"]),
        (r"url:/\d{4}/", ["talked"]),
        ("text:/mar.ipan/", ["plain"]),
        ("text:/東京の天気/", ["漢字の話"]),
        ("comment:/goose.*s/", ["talked"]),
        ("from:/^BOB/", ["talked"]),
        ("-title:/a/", ["Crème brûlée", "漢字の話", "silent"]),
        # Fields.
        ("title:plain", ["plain"]),
        ("title:marzipan", []),
        ("title:brulee", ["Crème brûlée"]),
        ('title:"y ann"', ["by ann"]),
        ("author:ann", ["by ann"]),
        ("author:plain", []),
        ("feed:ZOE", PLANETS),
        ("feed:plain", []),
        ("folder:blogs", PLANETS),
        ("folder:kernel", KERNELS),
        ('folder:"linux / kernel"', KERNELS),
        ("tag:rust", ["tagged"]),
        ("tag:rus", []),
        ('tag:"Systeme d\'exploitation"', ["tagged"]),
        ("url:kernel.example/2026", ["talked"]),
        ("url:1%20B", ["talked"]),
        ("text:marzipan", ["plain"]),
        ("text:tagged", ["tagged"]),
        ("text:brulee", []),
        ("comment:gooseb", ["talked"]),
        ("comment:carol", []),
        ('comment:"I disagree"', ["talked"]),
        ("comment:marzipan", []),
        ("from:buchner", ["talked"]),
        ("from:gooseberries", []),
        ("-from:bob kernel", ["declared", "silent", "january"]),
        # Signs, and what LIKE would take for more than a sign.
        ("%", []),
        ("100%", ["Crème brûlée"]),
        ("c++", ["Crème brûlée"]),
        ("c", ["Crème brûlée", "漢字の話", "podcast", "declared"]),
        ("title:%", []),
        ("title:_", []),
        ("url:_", []),
        ("url:%20", ["talked"]),
        ("text:_", ["Crème brûlée"]),
        ("comment:-", ["talked"]),
        ("comment:%", []),
        ("\\", []),
        # Scripts without spaces, down to one character.
        ("漢", ["漢字の話"]),
        ("字の", ["漢字の話"]),
        ("天気", ["漢字の話"]),
        ("晴", ["漢字の話"]),
        ("気天", []),
        ("text:京", ["漢字の話"]),
        ("comment:気", ["talked"]),
        # Numbers. A site may hold more than it says, or say more than is held.
        ("comments:>7", ["talked"]),
        ("comments:7", ["declared"]),
        ("comments:7..", ["talked", "declared"]),
        ("comments:30", ["talked"]),
        ("comments:0 kernel", ["silent", "january"]),
        ("comments:<8", [*PLANETS, "declared", "silent", "january"]),
        ("new:>0", ["talked"]),
        ("new:1", ["talked"]),
        ("new:0", [*PLANETS, "declared", "silent", "january"]),
        # Times.
        ("newer:1d", ["plain", "by ann"]),
        ("newer:36h", ["plain", "by ann"]),
        ("older:40d", ["declared", "silent", "january"]),
        ("older:2w newer:1mo", ["Crème brûlée", "漢字の話", "podcast"]),
        ("published:2026-01", ["january"]),
        ("published:2026-01-31", ["january"]),
        ("published:2026-02", []),
        ("published:2025-06..2026-02", ["january"]),
        ("published:2023-11-14", ["plain"]),
        ("published:2023..2023-10-05", ["talked", "declared", "silent"]),
        # Parts.
        ("has:comments", ["talked", "declared"]),
        ("has:enclosure", ["podcast"]),
        ("-has:comments folder:linux", ["silent", "january"]),
    ],
)
def test_a_query_finds_what_it_says(library: sqlite3.Connection, asked: str, titles: list[str]) -> None:
    assert found(library, asked) == titles


def test_states(library: sqlite3.Connection) -> None:
    status.mark(library, [id_of(library, title) for title in PLANETS], True, now=NOW)
    status.star(library, [id_of(library, "plain"), id_of(library, "silent")], True, now=NOW)
    arrive(library, 1, changed(id_of(library, "by ann"), post("by ann", html="<p>+</p>")))
    assert found(library, "is:unread") == KERNELS
    assert found(library, "is:read") == PLANETS
    assert found(library, "is:starred -is:unread") == ["plain"]
    assert found(library, "is:edited") == ["by ann"]


def test_watched_is_what_is_still_watched(library: sqlite3.Connection) -> None:
    discussion = discussions.of_entry(library, id_of(library, "silent"))[0]
    discussions.watch(library, discussion.id, until=NOW + DAY, now=NOW)
    assert found(library, "is:watched") == ["silent"]
    assert found(library, "is:watched", now=NOW + DAY) == []
    assert len(found(library, "-is:watched")) == len(ALL) - 1


@pytest.mark.parametrize("field", ["", "title:", "author:", "feed:", "folder:", "tag:", "url:", "text:", "comment:"])
@pytest.mark.parametrize(
    "typed",
    [
        "'; DROP TABLE entry; --",
        "' OR 1=1 --",
        "x' UNION SELECT 1 --",
        ":asked0",
        "?1",
        "{now}",
        "NEAR(a b)",
        "title : x*",
        "a AND b OR NOT c",
        "*",
        "^zq",
        "👩\u200d👩",
    ],
)
def test_what_is_typed_is_never_more_than_a_value(library: sqlite3.Connection, field: str, typed: str) -> None:
    before = everything(library)
    quoted = typed.replace('"', '\\"')
    assert found(library, f'{field}"{quoted}"') == []
    assert found(library, f'-{field}"{quoted}"') == ALL
    assert everything(library) == before


def test_values_are_bound_and_never_part_of_the_statement() -> None:
    asked = "zqx title:zqx tag:zqx comment:zqx /zqx/ url:/zqx/ comments:>4711 older:4711d published:1999 is:watched"
    condition, values = query.compile(parse(asked, now=123_456_789_012, zone=UTC))
    assert "zqx" not in condition
    assert not any(str(value) in condition for value in values.values() if isinstance(value, int))
    assert {4712, 123_456_789_012} <= set(values.values())


def test_a_query_of_the_most_terms_is_no_burden_to_sqlite(library: sqlite3.Connection) -> None:
    assert found(library, " ".join(["pla"] * 64)) == PLANETS
    assert found(library, " OR ".join(["漢"] * 64)) == ["漢字の話"]


def test_the_functions_are_there_on_every_connection_and_take_anything(
    library: sqlite3.Connection, screen: sqlite3.Connection
) -> None:
    for connection in (library, screen):
        asked = "SELECT matches('^a', 'Abc'), matches('b', NULL), matches('(a+)+', 'a'), matches(x'00', 1), folded('É')"
        assert connection.execute(asked).fetchone() == (1, 0, 0, 0, "e")
        assert connection.execute("SELECT folded(NULL)").fetchone() == ("",)
    assert found(screen, "title:/^pla/") == ["plain"]


def test_the_columns_of_a_written_pattern_stay_within_its_reach(library: sqlite3.Connection) -> None:
    arrive(library, 1, new(post("long", html=f"<p>{'.' * 20_000}end</p>"), NOW - 90 * DAY))
    assert found(library, "text:/[.]end/") == ["long"]
    assert found(library, "text:/[.]+end/") == []
