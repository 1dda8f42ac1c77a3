"""The one query language: what is typed to narrow a list becomes a small tree. docs/query.md describes it.

    query  = either                       either = every {"OR" every}         every = term {term}
    term   = "-" term | "(" either ")" | [field ":"] (word | "phrase" | /pattern/) | field ":" value

Nothing here knows of tables; `store/query.py` turns the tree into a condition. A word that only looks like syntax stays
a word where no one can mean anything else by it: a dash alone, `https://…`, `std::list`, `Re:` before a space.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import date, datetime, timedelta, tzinfo
from difflib import get_close_matches
from typing import NoReturn

from msgspec import Struct

from tui_reader import pattern
from tui_reader.errors import BadInput
from tui_reader.text import width

LONGEST = 1000
"""Characters in a query."""
MOST_TERMS = 64
DEEPEST = 20

TEXTS = ("title", "author", "feed", "folder", "tag", "url", "text", "comment", "from")
"""Fields that are asked for a word, a phrase or a pattern."""
OF_COMMENT = ("comment", "from")
"""Those of them that are about comments."""
STATES = ("unread", "read", "starred", "watched", "edited", "hidden")
PARTS = ("comments", "enclosure", "fulltext", "tag")
COUNTS = ("comments", "new")
AGES = ("older", "newer")
FIELDS = (*TEXTS, "is", "has", *COUNTS, *AGES, "published")

_MINUTE, _HOUR, _DAY = 60, 3600, 86400
_UNITS = {"m": _MINUTE, "h": _HOUR, "d": _DAY, "w": 7 * _DAY, "mo": 30 * _DAY, "y": 365 * _DAY}
_FIELD = re.compile(r"([A-Za-z]+):")
_AGE = re.compile(r"(\d{1,5})(mo|[mhdwy])")
_COUNT = re.compile(r"(>=|<=|>|<|=|)(\d{1,9})")
_COUNTS = re.compile(r"(\d{0,9})\.\.(\d{0,9})")
_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
_LOOSE_MARKS = re.compile("[\u0300-\u036f]")
_JOINERS = "\u200c\u200d"


class QueryFault(BadInput):
    """A query that is not understood: why, and at which character (from 0) of the query."""

    def __init__(self, message: str, query: str, position: int) -> None:
        super().__init__(message)
        self.query = query
        self.position = min(position, len(query))

    def pointed(self) -> str:
        """Two lines: the query, and a caret under the place."""
        return f"{self.query}\n{' ' * width(self.query[: self.position])}^"


# ---------------------------------------------------------------- the tree


class Words(Struct, frozen=True):
    """A word, or a phrase, in one of `TEXTS`; for "" in title, author, feed or text."""

    field: str
    text: str
    phrase: bool = False


class Pattern(Struct, frozen=True):
    """A regular expression in one of `TEXTS`; for "" in title, author or feed. `pattern.build` takes it."""

    field: str
    source: str


class Is(Struct, frozen=True):
    """One of `STATES`."""

    state: str


class Has(Struct, frozen=True):
    """One of `PARTS`."""

    part: str


class Between(Struct, frozen=True):
    """A number from `low` up to, but not including, `high`; None is open.

    `what` is one of `COUNTS`, or a time: "placed" in the list, or "published".
    """

    what: str
    low: int | None
    high: int | None


class Not(Struct, frozen=True):
    term: Term


class Every(Struct, frozen=True):
    terms: tuple[Term, ...]


class Either(Struct, frozen=True):
    terms: tuple[Term, ...]


Leaf = Words | Pattern | Is | Has | Between
Term = Leaf | Not | Every | Either


class Query(Struct, frozen=True):
    """What was asked at the time `now`; an empty query has no term and fits everything."""

    term: Term | None
    now: int

    def leaves(self) -> Iterator[Leaf]:
        """Its terms that are no more taken apart, in their order."""
        yield from _leaves(self.term) if self.term is not None else ()

    def asks_for(self, leaf: Leaf) -> bool:
        """Whether it names this term."""
        return leaf in self.leaves()

    def needs(self, leaf: Leaf) -> bool:
        """Whether nothing fits that does not fulfil this term."""
        terms = self.term.terms if isinstance(self.term, Every) else (self.term,)
        return leaf in terms

    @property
    def of_comments(self) -> bool:
        """Whether it asks what comments say, or who wrote them."""
        return any(isinstance(leaf, Words | Pattern) and leaf.field in OF_COMMENT for leaf in self.leaves())


def _leaves(term: Term) -> Iterator[Leaf]:
    match term:
        case Not(inner):
            yield from _leaves(inner)
        case Every(terms) | Either(terms):
            for one in terms:
                yield from _leaves(one)
        case _:
            yield term


def parse(text: str, *, now: int, zone: tzinfo | None = None) -> Query:
    """Understand a query; its dates are those of `zone`, None is the machine's. Raises QueryFault."""
    return Query(_Parser(_on_one_line(text), now, zone).whole(), now)


def folded(text: str) -> str:
    """The text without case and accents, much as SQLite's unicode61 tokenizer sees it."""
    text = text.lower()
    return text if text.isascii() else _LOOSE_MARKS.sub("", unicodedata.normalize("NFD", text))


def _on_one_line(text: str) -> str:
    """Controls and what nobody sees become spaces, one for one, so that positions hold."""
    if text.isprintable():
        return text
    return "".join(one if one.isprintable() or one in _JOINERS else " " for one in text)


# ---------------------------------------------------------------- the parser


class _Parser:
    def __init__(self, text: str, now: int, zone: tzinfo | None) -> None:
        self.text = text
        self.now = now
        self.zone = zone
        self.at = 0
        self.terms = 0
        self.opened: list[int] = []

    def fail(self, message: str, position: int) -> NoReturn:
        raise QueryFault(message, self.text, position)

    # ------------------------------------------------------------ the shape

    def whole(self) -> Term | None:
        if len(self.text) > LONGEST:
            self.fail(f"a query has at most {LONGEST} characters", LONGEST)
        self._space()
        if self._end():
            return None
        term = self._either()
        if not self._end():
            self.fail("this parenthesis was not opened", self.at)
        return term

    def _either(self) -> Term:
        terms = [self._every()]
        while self._at_or():
            position = self.at
            self.at += 2
            terms.append(self._every(after_or=position))
        return terms[0] if len(terms) == 1 else Either(tuple(terms))

    def _every(self, after_or: int | None = None) -> Term:
        terms: list[Term] = []
        self._space()
        while not (self._end() or self._next() == ")" or self._at_or()):
            terms.append(self._term())
            self._space()
        if not terms:
            self._nothing(after_or)
        return terms[0] if len(terms) == 1 else Every(tuple(terms))

    def _nothing(self, after_or: int | None) -> NoReturn:
        if after_or is not None:
            self.fail("there is nothing after OR", after_or)
        if self._at_or():
            self.fail("there is nothing before OR", self.at)
        if self.opened:
            message = "this parenthesis is not closed" if self._end() else "there is nothing in these parentheses"
            self.fail(message, self.opened[-1])
        self.fail("this parenthesis was not opened", self.at)

    def _term(self) -> Term:
        self.terms += 1
        if self.terms > MOST_TERMS:
            self.fail(f"a query has at most {MOST_TERMS} terms", self.at)
        character = self._next()
        if character == "-" and self._negates():
            return self._not()
        if character == "(":
            return self._group()
        if character == '"':
            return Words("", self._phrase(), phrase=True)
        if character == "/":
            return Pattern("", self._pattern())
        name = _FIELD.match(self.text, self.at)
        if name is not None and self._is_field(name):
            return self._field(name)
        return Words("", self._word())

    def _not(self) -> Term:
        self._deeper(self.at)
        self.at += 1
        term = Not(self._term())
        self.opened.pop()
        return term

    def _group(self) -> Term:
        opened = self.at
        self._deeper(opened)
        self.at += 1
        term = self._either()
        if self._end():
            self.fail("this parenthesis is not closed", opened)
        self.at += 1
        self.opened.pop()
        return term

    def _deeper(self, position: int) -> None:
        self.opened.append(position)
        if len(self.opened) > DEEPEST:
            self.fail(f"a query is nested at most {DEEPEST} deep", position)

    # ------------------------------------------------------------ the pieces

    def _end(self) -> bool:
        return self.at >= len(self.text)

    def _next(self) -> str:
        return self.text[self.at : self.at + 1]

    def _space(self) -> None:
        while self._next().isspace():
            self.at += 1

    def _at_or(self) -> bool:
        after = self.text[self.at + 2 : self.at + 3]
        return self.text.startswith("OR", self.at) and (not after or after.isspace() or after in '()"')

    def _negates(self) -> bool:
        """A dash before a space, or one of a row of them, is a word."""
        after = self.text[self.at :].lstrip("-")[:1]
        return bool(after) and not after.isspace() and after != ")"

    def _word(self) -> str:
        """Up to the next space, or to a parenthesis that was opened before it."""
        start, inside = self.at, 0
        while not (self._end() or self._next().isspace()):
            if self._next() == ")":
                if not inside:
                    break
                inside -= 1
            inside += self._next() == "("
            self.at += 1
        return self.text[start : self.at]

    def _phrase(self) -> str:
        start = self.at
        end = _closing(self.text, start)
        if end < 0:
            self.fail("this quote is not closed", start)
        self.at = end + 1
        phrase = " ".join(self.text[start + 1 : end].replace('\\"', '"').split())
        if not phrase:
            self.fail("there is nothing between these quotes", start)
        return phrase

    def _pattern(self) -> str:
        start = self.at
        end = _closing(self.text, start)
        if end < 0:
            self.fail("this pattern is not closed with /", start)
        self.at = end + 1
        source = self.text[start + 1 : end]
        if not source:
            self.fail("there is nothing in this pattern", start)
        if not (self._end() or self._next().isspace() or self._next() == ")"):
            self.fail("a space is missing after the pattern", self.at)
        try:
            pattern.build(source)
        except pattern.PatternFault as fault:
            self.fail(str(fault), start + 1 + fault.position)
        return source

    # ------------------------------------------------------------ fields

    def _is_field(self, name: re.Match[str]) -> bool:
        known = name[1].lower() in FIELDS
        after = self.text[name.end() : name.end() + 1]
        plain = not after or after.isspace() or after in "):" or self.text.startswith("//", name.end())
        if not known and not plain:
            near = get_close_matches(name[1].lower(), FIELDS, n=1)
            wanted = f"did you mean {near[0]}:" if near else "for the word itself, put it in quotes"
            self.fail(f"there is no field {name[1]}: ({wanted})", self.at)
        return known

    def _field(self, name: re.Match[str]) -> Term:
        field = name[1].lower()
        start = self.at = name.end()
        character = self._next()
        if not character or character.isspace() or character == ")":
            self.fail(f"{field}: wants {_wanted(field)} right after it", start)
        if field in TEXTS:
            if character == '"':
                return Words(field, self._phrase(), phrase=True)
            return Pattern(field, self._pattern()) if character == "/" else Words(field, self._word())
        value = self._phrase() if character == '"' else self._word()
        if field == "is":
            return Is(self._known(value, STATES, field, start))
        if field == "has":
            return Has(self._known(value, PARTS, field, start))
        if field in COUNTS:
            return self._count(field, value, start)
        return self._age(field, value, start) if field in AGES else self._published(value, start)

    def _known(self, value: str, known: tuple[str, ...], field: str, position: int) -> str:
        if value.lower() not in known:
            self.fail(f"{field}: knows no “{value}”, only {', '.join(known)}", position)
        return value.lower()

    def _count(self, field: str, value: str, position: int) -> Term:
        if found := _COUNT.fullmatch(value):
            number = int(found[2])
            low, high = {
                ">": (number + 1, None),
                ">=": (number, None),
                "<": (None, number),
                "<=": (None, number + 1),
            }.get(found[1], (number, number + 1))
            return Between(field, low, high)
        found = _COUNTS.fullmatch(value)
        if not found or value == "..":
            self.fail(f"“{value}” is no number; {field}: wants {_wanted(field)}", position)
        low, high = int(found[1]) if found[1] else None, int(found[2]) + 1 if found[2] else None
        return Between(field, *self._ordered(low, high, position))

    def _age(self, field: str, value: str, position: int) -> Term:
        found = _AGE.fullmatch(value.lower())
        if not found:
            self.fail(f"“{value}” is no length of time; {field}: wants {_wanted(field)}", position)
        then = self.now - int(found[1]) * _UNITS[found[2]]
        return Between("placed", None, then) if field == "older" else Between("placed", then, None)

    def _published(self, value: str, position: int) -> Term:
        first, dots, last = value.partition("..")
        if value == "..":
            self.fail(f"a date is missing; published: wants {_wanted('published')}", position)
        low, high = self._days(first, position) if first else (None, None)
        if dots:
            high = self._days(last, position + len(first) + 2)[1] if last else None
        return Between("published", *self._ordered(low, high, position))

    def _ordered(self, low: int | None, high: int | None, position: int) -> tuple[int | None, int | None]:
        if low is not None and high is not None and high <= low:
            self.fail("this range ends before it begins", position)
        return low, high

    def _days(self, written: str, position: int) -> tuple[int, int]:
        """The moments at which a year, a month or a day begins and is over."""
        if written.lower() in {"today", "yesterday"}:
            first = datetime.fromtimestamp(self.now, self.zone).date() - timedelta(written.lower() == "yesterday")
            return self._midnight(first), self._midnight(first + timedelta(1))
        found = _DATE.fullmatch(written)
        try:
            if not found or not 1900 <= int(found[1]) <= 2999:
                raise ValueError
            year, month, day = (int(part) if part else 0 for part in found.groups())
            first = date(year, month if found[2] else 1, day if found[3] else 1)
            if day:
                end = first + timedelta(1)
            elif month:
                end = date(year + month // 12, month % 12 + 1, 1)
            else:
                end = date(year + 1, 1, 1)
        except ValueError:
            self.fail(f"“{written}” is no date; published: wants {_wanted('published')}", position)
        return self._midnight(first), self._midnight(end)

    def _midnight(self, day: date) -> int:
        return int(datetime(day.year, day.month, day.day, tzinfo=self.zone).timestamp())


def _closing(text: str, start: int) -> int:
    """Where the mark at `start` stands again without a backslash before it; -1 when it does not."""
    mark, at = text[start], start + 1
    while at < len(text):
        if text[at] == mark:
            return at
        # In a phrase only a quote is escaped, in a pattern every character is.
        at += 2 if text[at] == "\\" and (mark == "/" or text[at + 1 : at + 2] == mark) else 1
    return -1


def _wanted(field: str) -> str:
    if field in TEXTS:
        return 'a word, a "phrase" or a /pattern/'
    if field in COUNTS:
        return "a number like >10, 0 or 5..9"
    if field in AGES:
        return "a length of time like 3h, 1d, 2w, 6mo or 1y"
    if field == "published":
        return "a date like 2026, 2026-01, 2026-01-31 or 2026-01..2026-02"
    return ", ".join(STATES if field == "is" else PARTS)
