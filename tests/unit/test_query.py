"""What is typed becomes a tree, or a fault with its place."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise
from typing import TypeVar
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_reader import pattern, text
from tui_reader.errors import BadInput
from tui_reader.query import (
    DEEPEST,
    FIELDS,
    LONGEST,
    MOST_TERMS,
    STATES,
    Between,
    Either,
    Every,
    Has,
    Is,
    Not,
    Pattern,
    Query,
    QueryFault,
    Term,
    Words,
    folded,
    parse,
)

Fault = TypeVar("Fault", bound=Exception)

NOW = int(datetime(2026, 3, 10, 12, tzinfo=UTC).timestamp())
DAY = 86400
A, B, C = Words("", "a"), Words("", "b"), Words("", "c")


def tree(query: str, zone: object = UTC) -> Term | None:
    return parse(query, now=NOW, zone=zone).term  # type: ignore[arg-type]


def moment(*day: int, zone: object = UTC) -> int:
    return int(datetime(*day, tzinfo=zone).timestamp())  # type: ignore[arg-type, misc]


@pytest.mark.parametrize("nothing", ["", "  ", "\t\n"])
def test_an_empty_query_fits_everything(nothing: str) -> None:
    assert parse(nothing, now=NOW, zone=UTC) == Query(None, NOW)


@pytest.mark.parametrize(
    ("query", "term"),
    [
        ("a", A),
        ("  a  b ", Every((A, B))),
        ("a OR b", Either((A, B))),
        ("a b OR c", Either((Every((A, B)), C))),
        ("a (b OR c)", Every((A, Either((B, C))))),
        ("(a)", A),
        ("((a)b)c", Every((Every((A, B)), C))),
        ("-a", Not(A)),
        ("--a", Not(Not(A))),
        ("-(a OR b) c", Every((Not(Either((A, B))), C))),
        ('"a  b"', Words("", "a b", phrase=True)),
        (r'"say \"so\""', Words("", 'say "so"', phrase=True)),
        (r'"back\slash"', Words("", r"back\slash", phrase=True)),
        ('-"a b"', Not(Words("", "a b", phrase=True))),
        ('"OR"', Words("", "OR", phrase=True)),
        ('"a"OR"b"', Either((Words("", "a", phrase=True), Words("", "b", phrase=True)))),
        ("/a b/", Pattern("", "a b")),
        (r"/a\/b/", Pattern("", r"a\/b")),
        ("title:/^a$/ b", Every((Pattern("title", "^a$"), B))),
        ("title:rust", Words("title", "rust")),
        ("TITLE:Rust", Words("title", "Rust")),
        ('author:"Ann Other"', Words("author", "Ann Other", phrase=True)),
        ("url:https://example.org/a", Words("url", "https://example.org/a")),
        ("-from:bob", Not(Words("from", "bob"))),
        ("is:unread", Is("unread")),
        ("Is:Starred", Is("starred")),
        ("has:enclosure", Has("enclosure")),
        ("(is:read)", Is("read")),
        ("comments:>10", Between("comments", 11, None)),
        ("comments:>=10", Between("comments", 10, None)),
        ("comments:<10", Between("comments", None, 10)),
        ("comments:<=10", Between("comments", None, 11)),
        ("comments:10", Between("comments", 10, 11)),
        ("new:=0", Between("new", 0, 1)),
        ("new:5..9", Between("new", 5, 10)),
        ("new:5..", Between("new", 5, None)),
        ("new:..9", Between("new", None, 10)),
        ("older:2w", Between("placed", None, NOW - 14 * DAY)),
        ("newer:90m", Between("placed", NOW - 5400, None)),
        ("newer:3h", Between("placed", NOW - 10800, None)),
        ("newer:1d", Between("placed", NOW - DAY, None)),
        ("older:6mo", Between("placed", None, NOW - 180 * DAY)),
        ("older:1Y", Between("placed", None, NOW - 365 * DAY)),
    ],
)
def test_a_query_becomes_a_tree(query: str, term: Term) -> None:
    assert tree(query) == term


@pytest.mark.parametrize(
    "word",
    [
        *(
            "-",
            "--",
            "100%",
            "_",
            "\\",
            "or",
            "ORder",
            "and/or",
            'x"y',
            "f(x)",
            "f(",
            "don't",
            "12:30",
            "*",
            "a-b",
            ":",
        ),
        *("https://a.example/b", "Re:", "std::list", "漢字", "c++", "';"),
    ],
)
def test_a_word_that_only_looks_like_syntax_stays_a_word(word: str) -> None:
    assert tree(word) == Words("", word)
    assert tree(f"a {word}") == Every((A, Words("", word)))


def test_controls_are_spaces() -> None:
    assert tree("a\x1b\u202eb") == Every((A, B))


# ---------------------------------------------------------------- dates


@pytest.mark.parametrize(
    ("written", "low", "high"),
    [
        ("2026-01-31", (2026, 1, 31), (2026, 2, 1)),
        ("2026-01", (2026, 1, 1), (2026, 2, 1)),
        ("2026-12", (2026, 12, 1), (2027, 1, 1)),
        ("2026", (2026, 1, 1), (2027, 1, 1)),
        ("2024-02-29", (2024, 2, 29), (2024, 3, 1)),
        ("2026-01..2026-02", (2026, 1, 1), (2026, 3, 1)),
        ("2025..2026-01-02", (2025, 1, 1), (2026, 1, 3)),
        ("2026-01-05..2026-01-05", (2026, 1, 5), (2026, 1, 6)),
        ("2026-01..", (2026, 1, 1), None),
        ("..2026-01", None, (2026, 2, 1)),
        ("today", (2026, 3, 10), (2026, 3, 11)),
        ("Yesterday", (2026, 3, 9), (2026, 3, 10)),
        ("yesterday..today", (2026, 3, 9), (2026, 3, 11)),
    ],
)
def test_published_takes_days_months_years_and_open_ranges(
    written: str, low: tuple[int, ...] | None, high: tuple[int, ...] | None
) -> None:
    assert tree(f"published:{written}") == Between("published", low and moment(*low), high and moment(*high))


def test_a_day_is_the_day_of_the_users_zone() -> None:
    east = timezone(timedelta(hours=9))
    assert tree("published:2026-01-05", east) == Between("published", moment(2026, 1, 4, 15), moment(2026, 1, 5, 15))
    # Noon of the 10th in UTC is the 11th in Kiritimati.
    ahead = ZoneInfo("Pacific/Kiritimati")
    begins = moment(2026, 3, 11, zone=ahead)
    assert tree("published:today", ahead) == Between("published", begins, begins + DAY)


def test_the_day_the_clocks_change_has_its_own_length() -> None:
    day = tree("published:2026-03-29", ZoneInfo("Europe/Berlin"))
    assert isinstance(day, Between)
    assert day.low is not None
    assert day.high is not None
    assert day.high - day.low == 23 * 3600


def test_without_a_zone_the_machines_own_is_taken() -> None:
    here = datetime(2026, 1, 5).astimezone()
    day = tree("published:2026-01-05", None)
    assert isinstance(day, Between)
    assert day.low == int(here.timestamp())


# ---------------------------------------------------------------- faults


@pytest.mark.parametrize(
    ("query", "place", "words"),
    [
        ('a "b c', "  ^", "this quote is not closed"),
        ('"', "^", "this quote is not closed"),
        ('title:"b', "      ^", "this quote is not closed"),
        ('a " "', "  ^", "nothing between these quotes"),
        ("a (b", "  ^", "this parenthesis is not closed"),
        ("(a (b)", "^", "this parenthesis is not closed"),
        ("a (", "  ^", "this parenthesis is not closed"),
        ("a ( ) b", "  ^", "nothing in these parentheses"),
        ("a b)", "   ^", "this parenthesis was not opened"),
        (")", "^", "this parenthesis was not opened"),
        ("OR a", "^", "nothing before OR"),
        ("a (OR b)", "   ^", "nothing before OR"),
        ("a OR", "  ^", "nothing after OR"),
        ("a OR OR b", "  ^", "nothing after OR"),
        ("(a OR ) b", "   ^", "nothing after OR"),
        ("a /b", "  ^", "this pattern is not closed with /"),
        ("a //", "  ^", "nothing in this pattern"),
        ("/etc/passwd", "     ^", "a space is missing after the pattern"),
        ("a /b(c/", "    ^", "this pattern is not understood (missing ), unterminated subpattern)"),
        ("/*a/", " ^", "this pattern is not understood (nothing to repeat)"),
        ("/a[b/", "  ^", "this pattern is not understood (unterminated character set)"),
        ("/a)/", "  ^", "this pattern is not understood (unbalanced parenthesis)"),
        ("x /(a+)+/", "       ^", "cannot be repeated"),
        ("a titel:b", "  ^", "there is no field titel: (did you mean title:)"),
        ("foo:b", "^", "there is no field foo: (for the word itself, put it in quotes)"),
        ("a title:", "        ^", 'title: wants a word, a "phrase" or a /pattern/ right after it'),
        ("title: b", "      ^", "title: wants a word"),
        ("is:", "   ^", "is: wants unread, read, starred, watched, edited, hidden right after it"),
        ("(is:)", "    ^", "is: wants"),
        ("a is:unred", "     ^", "is: knows no “unred”, only unread, read, starred, watched, edited"),
        ("has:pictures", "    ^", "has: knows no “pictures”, only comments, enclosure, fulltext, tag"),
        ("comments:many", "         ^", "“many” is no number; comments: wants a number like >10, 0 or 5..9"),
        ("new:>", "    ^", "“>” is no number"),
        ("new:..", "    ^", "“..” is no number"),
        ("new:9..5", "    ^", "this range ends before it begins"),
        ("older:2", "      ^", "“2” is no length of time; older: wants a length of time like 3h"),
        ("newer:two", "      ^", "“two” is no length of time"),
        ("published:2026-13", "          ^", "“2026-13” is no date; published: wants a date like 2026"),
        ("published:2026-00", "          ^", "“2026-00” is no date"),
        ("published:2025-02-29", "          ^", "“2025-02-29” is no date"),
        ("published:9999", "          ^", "“9999” is no date"),
        ("published:2026..next", "                ^", "“next” is no date"),
        ("published:..", "          ^", "a date is missing"),
        ("published:2026..2025", "          ^", "this range ends before it begins"),
        ("漢字 (", "     ^", "this parenthesis is not closed"),
        ("cafe\u0301 )", "     ^", "this parenthesis was not opened"),
        ("a\tb)", "   ^", "this parenthesis was not opened"),
    ],
)
def test_a_faulty_query_is_told_with_a_caret_under_the_place(query: str, place: str, words: str) -> None:
    with pytest.raises(QueryFault) as fault:
        parse(query, now=NOW, zone=UTC)
    assert words in str(fault.value)
    line, caret = fault.value.pointed().split("\n")
    assert line == query.replace("\t", " ")
    assert caret == place


def test_the_position_is_a_character_of_the_query() -> None:
    with pytest.raises(BadInput) as fault:
        parse("漢字 is:old", now=NOW)
    assert isinstance(fault.value, QueryFault)
    assert fault.value.position == 6


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("a" * (LONGEST + 1), "at most"),
        ("a " * (MOST_TERMS + 1), "at most"),
        ("(" * (DEEPEST + 1), "nested"),
        ("-" * (DEEPEST + 1) + "a", "nested"),
    ],
)
def test_a_query_has_bounds(query: str, words: str) -> None:
    with pytest.raises(QueryFault, match=words):
        parse(query, now=NOW)


TYPED = (
    *(f"{field}:" for field in FIELDS),
    *STATES,
    *("OR", "-", "(", ")", '"', "/", "\\", " ", "a", "[", "*", ">1", "2w", "2026-01", "..", "漢", "\x1b", "\ud800"),
    "\U0001f469\u200d\U0001f469",
)
PIECES = st.lists(st.sampled_from(TYPED) | st.text(max_size=3), max_size=30).map("".join)


@given(PIECES)
def test_whatever_is_typed_is_understood_or_refused_with_a_place(query: str) -> None:
    fault = fault_of(lambda: parse(query, now=NOW, zone=UTC), QueryFault)
    if fault is not None:
        assert 0 <= fault.position <= len(query)
        assert text.clean(str(fault), limit=2000) == str(fault)
        assert len(fault.pointed().split("\n")) == 2


def fault_of(act: Callable[[], object], kind: type[Fault]) -> Fault | None:
    try:
        act()
    except kind as fault:
        return fault
    return None


# ---------------------------------------------------------------- patterns and folding


@pytest.mark.parametrize(
    ("source", "found", "not_found"),
    [
        ("rust", "In RUST we", "ru st"),
        (r"^\d{4}", "2026 and", "in 2026"),
        ("colou?rs?", "Colors", "colr"),
        ("(rust|go) 1", "Go 1", "c 1"),
        ("(?-i:Rust)", "Rust", "rust"),
        ("(?:ab)+c", "ababc", "ac"),
        ("[]a]x", "]x", "bx"),
        ("a.*b", "a long way to b", "b a"),
        ("x{2,}", "xx", "x"),
        ("a{b", "a{b", "ab"),
        ("x{,2}y", "y", "x"),
        ("été", "ÉTÉ", "ete"),
    ],
)
def test_a_pattern_finds_without_regard_to_case(source: str, found: str, not_found: str) -> None:
    assert pattern.build(source).found_in(found)
    assert not pattern.build(source).found_in(not_found)


@pytest.mark.parametrize(
    ("source", "position"),
    [
        ("(a+)+", 4),
        ("(a*)*b", 4),
        ("(a|aa)+", 6),
        ("((a?)b){5}", 7),
        ("(?:(?:a+))*", 10),
        ("(x+x+)+y", 6),
        ("([a-z]+){2,}", 8),
        (r"(a)\1", 3),
        ("(?=a)", 0),
        ("(?P<n>a)", 0),
        ("(?i)a", 0),
        ("a*b*c*d*e", 0),
        ("a?" * 30, 0),
        ("(a|b)" * 30, 0),
        ("a{1,50}" * 10, 0),
        ("x" * 201, 200),
        ("[[a]", 1),
        ("[a--b]", 2),
        ("a{1,99999999999999999999}", 0),
    ],
)
def test_a_pattern_that_could_run_for_ever_or_is_not_plain_is_refused(source: str, position: int) -> None:
    with pytest.raises(pattern.PatternFault) as fault:
        pattern.build(source)
    assert fault.value.position == position


def test_the_more_a_pattern_repeats_the_less_of_a_text_it_reads() -> None:
    reaches = [pattern.build(source).reach for source in ("a", "a+b", "a+b+c", "a+b+c+d")]
    assert reaches == [100_000, 14_142, 584, 118]
    assert all(more > less for more, less in pairwise(reaches))
    assert pattern.build("a+b").found_in("." * 14_140 + "ab")
    assert not pattern.build("a+b").found_in("." * 14_141 + "ab")


@given(st.text(alphabet="ab()[]{}|*+?\\^$.,:-1239/i<=!P", max_size=25))
def test_a_pattern_is_built_or_refused(source: str) -> None:
    fault = fault_of(lambda: pattern.build(source).found_in("a" * 40 + "b" * 6), pattern.PatternFault)
    assert fault is None or 0 <= fault.position <= len(source)


@pytest.mark.parametrize(
    ("written", "seen"),
    [("ÄRGER", "arger"), ("Café", "cafe"), ("e\u0301", "e"), ("Ελλάδα", "ελλαδα"), ("がぎ", "か\u3099き\u3099")],
)
def test_case_and_accents_are_folded_and_other_marks_are_kept(written: str, seen: str) -> None:
    assert folded(written) == seen
