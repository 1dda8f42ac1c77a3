"""Text from outside is harmless, and measured as the terminal will."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from tui_reader import text

HOSTILE = st.lists(
    st.text(max_size=5)
    | st.characters(max_codepoint=0xA0)
    | st.sampled_from(
        ["\x1b", "\x1b[", "\x1b]", "\x1bP", "\x9b", "\x9d", "\x90", "\x07", "\x1b\\", "\x9c", "0;", "52;c;", "31m", "\r\n",
         "\u202e", "\u2066", "\u200b", "\ufeff", "\u0301", "\u0489", "\ud800", "\udfff", "\U000e0041", "\u200d", "👨", "日",
         "\ufe0f", "🇩", "🇪", "\u2028", "\ue000", "[/red]", "e"]
    ),
    max_size=30,
).map("".join)  # fmt: skip
FORBIDDEN = {*map(chr, range(32)), *map(chr, range(0x7F, 0xA0)), *map(chr, range(0x202A, 0x202F)), *map(chr, range(0x2066, 0x206A)),
             "\u200e", "\u200f", "\u061c", "\u200b", "\ufeff", "\u00ad", "\u2028", "\u2029", "\ue000", "\ue001"}  # fmt: skip


def is_harmless(shown: str, kept: str = "") -> bool:
    return not (set(shown) & (FORBIDDEN - set(kept))) and not any(
        0xD800 <= ord(one) < 0xE000 or 0xE0000 <= ord(one) < 0xE0080 for one in shown
    )


@settings(max_examples=100)
@given(HOSTILE)
@example("0\r\u200d")
@pytest.mark.row("C01")
def test_one_line_is_harmless(written: str) -> None:
    shown = text.clean(written)
    assert is_harmless(shown)
    assert shown == shown.strip()
    assert len(shown) <= 1000
    assert text.clean(shown) == shown


@settings(max_examples=100)
@given(HOSTILE)
def test_a_block_is_harmless_and_keeps_its_lines_and_tabs(written: str) -> None:
    shown = text.clean_block(written)
    assert is_harmless(shown, "\n\t")
    shown.encode()


@settings(max_examples=100)
@given(HOSTILE)
@pytest.mark.row("C04")
def test_no_letter_carries_more_than_four_marks(written: str) -> None:
    run = 0
    for one in text.clean_block(written + "a" + "\u0301" * 9):
        run = run + 1 if unicodedata.category(one) in {"Mn", "Me"} else 0
        assert run <= 4


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("\x1b]0;title\x07after", "after"),
        ("\x1b]52;c;aGFja2Vk\x1b\\after", "after"),
        ("\x1b]8;;https://evil.example\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x9d0;title\x9cafter", "after"),
        ("\x1bP1$q\x1b\\after", "after"),
        ("\x1b_apc\x1b\\after", "after"),
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x9b31mred", "red"),
        ("\x1bcreset", "reset"),
        ("\x1b(0line", "line"),
        ("a\x1b", "a"),
        ("a\x1b[", "a"),
        ("unfinished \x1b]0;title", "unfinished 0;title"),
        ("a\r\nb\x0bc\x0cd\x85e\u2028f", "a b c d e f"),
        ("a\0b\x08c\x7fd", "abcd"),
        ("safe\u202egnp.exe", "safegnp.exe"),
        ("\ufefftitle\u200b", "title"),
        ("tag\U000e0041\U000e007f", "tag"),
        ("half\ud83d", "half\ufffd"),
        ("  many   spaces\t\u00a0 here ", "many spaces here"),
        ("👨‍👩‍👧 می‌خواهم", "👨‍👩‍👧 می‌خواهم"),
        ("עברית العربية", "עברית العربية"),
        ("e\u0301tat", "e\u0301tat"),
        ("[/red] [@click=app.quit]x[/]", "[/red] [@click=app.quit]x[/]"),
        ("", ""),
    ],
)
@pytest.mark.row("C03")
def test_what_stays_and_what_goes(written: str, shown: str) -> None:
    assert text.clean(written) == shown


@pytest.mark.row("C06")
def test_a_megabyte_of_open_sequences_is_nothing() -> None:
    assert set(text.clean_block("\x1b]" * 500_000)) <= set("]")


def test_the_limit_is_shown() -> None:
    assert text.clean("a" * 20, limit=10) == "aaaaaaaaa…"
    assert text.clean("a" * 10, limit=10) == "a" * 10
    assert len(text.clean_block("a" * 20, limit=10)) == 10


# ---------------------------------------------------------------- cells

LINE = HOSTILE.map(text.clean)


@settings(max_examples=100)
@given(LINE)
def test_width_is_the_screens(line: str) -> None:
    assert text.width(line) == cell_len(line)


@settings(max_examples=100)
@given(LINE, st.integers(-2, 40))
def test_a_cut_fits_and_says_so(line: str, cells: int) -> None:
    short = text.cut(line, cells)
    assert text.width(short) <= max(cells, 0)
    if text.width(line) <= cells:
        assert short == line
    elif cells > 0:
        assert short.endswith("…")
        assert line.startswith(short[:-1])


@settings(max_examples=100)
@given(LINE, st.integers(0, 40))
def test_a_pad_is_exact(line: str, cells: int) -> None:
    assert text.width(text.pad(line, cells)) == cells


@settings(max_examples=100)
@given(LINE)
def test_graphemes_cover_the_text(line: str) -> None:
    spans = text.graphemes(line)
    assert "".join(line[start:end] for start, end, _ in spans) == line


def test_no_character_is_split() -> None:
    assert text.cut("日本語", 4) == "日…"
    assert text.cut("👨‍👩‍👧👨‍👩‍👧", 3) == "👨‍👩‍👧…"
    assert text.cut("ab c", 3) == "ab…"
    assert text.pad("日本", 3) == "日…"
    assert text.pad("日本", 2) == "… "


# ---------------------------------------------------------------- times and numbers

NOW = int(datetime(2026, 6, 17, 12, 0, tzinfo=UTC).timestamp())


@pytest.mark.parametrize(
    ("ago", "shown"),
    [
        (0, "now"), (59, "now"), (-500, "now"), (60, "1m"), (3599, "59m"), (3600, "1h"), (86399, "23h"), (86400, "1d"),
        (13 * 86400, "13d"), (14 * 86400, "2w"), (364 * 86400, "52w"), (365 * 86400, "1y"), (3650 * 86400, "10y"),
    ],
)  # fmt: skip
def test_age(ago: int, shown: str) -> None:
    assert text.age(NOW - ago, NOW) == shown
    assert len(shown) <= 3


@pytest.mark.parametrize(
    ("then", "shown"),
    [
        (datetime(2026, 6, 17, 9, 5), "09:05"),
        (datetime(2026, 6, 17, 23, 59), "23:59"),
        (datetime(2026, 6, 16, 23, 59), "Tue 23:59"),
        (datetime(2026, 6, 20, 8, 0), "Sat 08:00"),
        (datetime(2026, 1, 2, 8, 0), "2 Jan"),
        (datetime(2024, 11, 23, 8, 0), "23 Nov 2024"),
    ],
)
def test_clock(then: datetime, shown: str) -> None:
    assert text.clock(int(then.replace(tzinfo=UTC).timestamp()), NOW, UTC) == shown


def test_clock_is_told_in_the_zone_asked_for_and_survives_any_number() -> None:
    assert text.clock(NOW, NOW, timezone(timedelta(hours=5, minutes=30))) == "17:30"
    assert text.clock(10**18, NOW) == "no date"
    assert text.clock(-(10**18), NOW) == "no date"


@pytest.mark.parametrize(
    ("bytes_", "shown"),
    [(0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (123_456, "123 kB"), (2_100_000, "2.1 MB"), (20_000_000, "20.0 MB"),
     (5_000_000_000, "5.0 GB"), (5_000_000_000_000, "5000.0 GB")],
)  # fmt: skip
def test_size(bytes_: int, shown: str) -> None:
    assert text.size(bytes_) == shown


@pytest.mark.parametrize(
    ("count", "noun", "shown"),
    [(1, "feed", "1 feed"), (30, "day", "30 days"), (2, "feed", "2 feeds"), (0, "entry", "0 entries"), (1, "entry", "1 entry"), (1234, "entry", "1,234 entries")],
)  # fmt: skip
def test_plural(count: int, noun: str, shown: str) -> None:
    assert text.plural(count, noun) == shown


@pytest.mark.parametrize(
    ("document", "words"),
    [
        (b"<html><head><style>a{}</style><script>x()</script></head><h1>Log in</h1><!-- no -->now", "Log in now"),
        (b"Forbidden &mdash; \x1b]0;x\x07ask &amp; wait", "Forbidden — ask & wait"),
        (b"\xff\xfe\x00", "\ufffd\ufffd"),
        (b"", ""),
        (b"<script>" * 3000, ""),
        (b"x " * 1000, ("x " * 150)[:299].rstrip() + "…"),
    ],
)  # fmt: skip
def test_first_words(document: bytes, words: str) -> None:
    assert text.first_words(document) == words
