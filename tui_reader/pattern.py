"""Regular expressions written by the user, kept from running for ever.

Python's `re` tries every way a pattern can fit, and holds the interpreter while it does. So a pattern is taken only
when the ways can be counted beforehand: what is repeated must not vary in itself (no `(a+)*`, no `(a|b)+`), nothing
refers back or looks around. Then a text of n characters is done in at most `branches · n^(open + 1)` steps, where
`open` counts the repetitions without an end (`*`, `+`, `{2,}`) and `branches` multiplies the choices of all others
(`?`, `{1,3}`, `|`). A text is read only as far as keeps this below `_STEPS`, which is 100,000 characters for a pattern
without repetitions, 14,142 for one and 584 for two; a pattern that could not even read `_LEAST` is refused.
"""

from __future__ import annotations

import re

from msgspec import Struct

_STEPS = 2e8
_LEAST = 100
_MOST = 100_000
_LONGEST = 200

_REPEAT = re.compile(r"[*+?]|\{(?!,?\})(\d*)(,?)(\d*)\}|\{,\}")
_GROUPS = ("(?:", "(?-i:")
_SET_OPERATORS = ("[", "--", "&&", "||", "~~")


class PatternFault(ValueError):
    """A pattern that is not understood or could run for ever; `position` is the character it is about."""

    def __init__(self, message: str, position: int) -> None:
        super().__init__(message)
        self.position = position


class Pattern(Struct, frozen=True):
    """A compiled pattern that reads the first `reach` characters of a text."""

    regex: re.Pattern[str]
    reach: int

    def found_in(self, text: str) -> bool:
        return self.regex.search(text, 0, self.reach) is not None


def build(source: str) -> Pattern:
    """Compile a pattern, blind to case but inside `(?-i:…)`. Raises PatternFault."""
    if len(source) > _LONGEST:
        raise PatternFault(f"a pattern has at most {_LONGEST} characters", _LONGEST)
    branches, open_ = _ways(source)
    reach = int((_STEPS / branches) ** (1 / (open_ + 1)))
    if reach < _LEAST:
        raise PatternFault("this pattern could take very long; use fewer of * + ? and |", 0)
    try:
        return Pattern(re.compile(source, re.IGNORECASE), min(reach, _MOST))
    except re.error as error:
        raise PatternFault(f"this pattern is not understood ({error.msg})", error.pos or 0) from error
    except OverflowError as error:
        raise PatternFault("this pattern repeats too often", 0) from error


def _ways(source: str) -> tuple[int, int]:
    """How many branches a pattern has and how many repetitions without an end; what is no pattern is told by `re`."""
    branches, open_, at = 1, 0, 0
    varying: bool | None = None  # of what stands before, None when there is nothing to repeat
    groups = [[1, False]]  # of each group that is open: its alternatives, and whether it varies
    while at < len(source):
        character = source[at]
        repeat = _REPEAT.match(source, at)
        if character == "\\":
            if source[at + 1 : at + 2] in set("123456789"):
                raise PatternFault("a pattern cannot refer back", at)
            at, varying = at + 2, False
        elif character == "[":
            at, varying = _after_set(source, at), False
        elif character == "(":
            opening = next((one for one in _GROUPS if source.startswith(one, at)), "(")
            if opening == "(" and source.startswith("(?", at):
                raise PatternFault("of the groups with ? only (?: and (?-i: are understood", at)
            groups.append([1, False])
            at, varying = at + len(opening), None
        elif character == ")" and len(groups) > 1:
            alternatives, varies = groups.pop()
            branches *= alternatives
            varying = bool(varies or alternatives > 1)
            groups[-1][1] = groups[-1][1] or varying
            at += 1
        elif character == "|":
            groups[-1][0] += 1
            at, varying = at + 1, None
        elif repeat is not None:
            least, most = _bounds(repeat)
            if varying and (most is None or most > 1):
                raise PatternFault("what varies in itself cannot be repeated, it could take very long", at)
            if most is None:
                open_ += 1
            else:
                branches *= max(most, most - least + 1)
            groups[-1][1] = groups[-1][1] or least != most
            at, varying = repeat.end(), None
            at += source[at : at + 1] in {"?", "+"}
        else:
            at, varying = at + 1, False
    return branches * int(groups[0][0]), open_


def _bounds(repeat: re.Match[str]) -> tuple[int, int | None]:
    written = repeat[0]
    if written in {"*", "+", "{,}"}:
        return int(written == "+"), None
    if written == "?":
        return 0, 1
    least = int(repeat[1] or 0)
    return least, (int(repeat[3]) if repeat[3] else None) if repeat[2] else least


def _after_set(source: str, start: int) -> int:
    """Where a set in brackets ends. What `re` may one day read as an operation on sets must be escaped."""
    at = start + 1
    at += source[at : at + 1] == "^"
    first = at
    while at < len(source):
        if source[at] == "]" and at > first:
            return at + 1
        if source.startswith(_SET_OPERATORS, at):
            raise PatternFault("inside [ ] this wants a \\ before it", at)
        at += 2 if source[at] == "\\" else 1
    return at
