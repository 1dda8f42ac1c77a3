"""Newsboat's filter language in ours: `unread = "yes" and tags # "tech"` is `is:unread tag:tech`.

A filter is translated as a whole or not at all: one that lost a condition would show something else. `and` and `or`
bind alike and are read from left to right, as newsboat does.
"""

from __future__ import annotations

import re

from tui_reader import query
from tui_reader.newsboat.words import words

_TOKEN = re.compile(r'\s*(?:([()])|("(?:\\.|[^"\\])*")|(=~|!~|!#|==|!=|<=|>=|[=<>#])|([^\s()"=<>!#~]+))')
_TEXTS = {"title": "title", "author": "author", "content": "text", "link": "url", "feedtitle": "feed", "tags": "tag"}
_SLASH = re.compile(r"(?<!\\)/")
_PLAIN = re.compile(r"\w[\w -]*")
_OPPOSITE = {"!=": "=", "!~": "=~", "!#": "#"}
FLAG = "flag-"
"""What stands before the letter of a flag in the name of the tag that it becomes."""


class Untranslatable(ValueError):
    """A filter that has no like in our language, and why."""


def translated(written: str) -> str:
    """The filter as a query. Raises Untranslatable."""
    reading = _Reading(written)
    found = reading.expression()
    if reading.at < len(reading.tokens):
        raise Untranslatable(f"“{reading.tokens[reading.at]}” is not understood there")
    try:
        query.parse(found, now=0)
    except query.QueryFault as fault:
        raise Untranslatable(str(fault)) from fault
    return found


class _Reading:
    def __init__(self, written: str) -> None:
        self.tokens: list[str] = []
        self.at = 0
        self.depth = 0
        place = 0
        while written[place:].strip():
            found = _TOKEN.match(written, place)
            if found is None:
                raise Untranslatable("the filter is not understood")
            self.tokens.append(found[found.lastindex or 0])
            place = found.end()

    def next(self) -> str:
        if self.at >= len(self.tokens):
            raise Untranslatable("the filter ends too soon")
        self.at += 1
        return self.tokens[self.at - 1]

    def expression(self) -> str:
        found = self._term()
        joined = ""
        while self.at < len(self.tokens) and (word := self.tokens[self.at].lower()) in {"and", "or"}:
            self.at += 1
            if joined == "or" and word == "and":
                found = f"({found})"
            right = self._term()
            found = f"{found} {right}" if word == "and" else f"{found} OR {right}"
            joined = word
        return found

    def _term(self) -> str:
        begun = self.next()
        if begun != "(":
            return self._condition(begun.lower())
        self.depth += 1
        if self.depth > query.DEEPEST:
            raise Untranslatable("it is nested too deep")
        inside = self.expression()
        self.depth -= 1
        if self.next() != ")":
            raise Untranslatable("a parenthesis is not closed")
        return f"({inside})"

    def _condition(self, what: str) -> str:
        sign = self.next().lower()
        written = self.next()
        value = words(written)[0] if written.startswith('"') else written
        sign = "=" if sign == "==" else sign
        turned = sign in _OPPOSITE
        found = _found(what, _OPPOSITE.get(sign, sign), value)
        if not turned:
            return found
        return found[1:] if found.startswith("-") else f"-{found}"


def _found(what: str, sign: str, value: str) -> str:
    if what == "unread" and sign == "=" and value in {"yes", "no"}:
        return "is:unread" if value == "yes" else "is:read"
    if what == "age":
        return _aged(sign, value)
    if what == "flags":
        return _flagged(sign, value)
    if what in {"enclosure_url", "enclosure_type"}:
        if sign == "=" and not value:
            return "-has:enclosure"
        if sign == "=~" and value in {".", ".*", ".+", "http"}:
            return "has:enclosure"
    if what in _TEXTS and sign in {"=", "=~", "#"}:
        return _said(what, sign, value)
    raise Untranslatable(f"{what} {sign} has no like here")


def _said(what: str, sign: str, value: str) -> str:
    field = _TEXTS[what]
    if not value:
        raise Untranslatable(f"{what} without anything has no like here")
    if what == "tags" and sign != "=~":
        return _word(field, value)
    if sign == "=":
        return _pattern(field, f"^{re.escape(value)}$")
    if sign == "#":
        return _pattern(field, rf"\b{re.escape(value)}\b")
    if what != "tags" and _PLAIN.fullmatch(value):
        return _word(field, value)
    return _pattern(field, value)


def _word(field: str, value: str) -> str:
    bare = value.replace("-", "").isalnum() and value[0] != "-"
    return f"{field}:{value}" if bare else '{}:"{}"'.format(field, value.replace('"', '\\"'))


def _pattern(field: str, source: str) -> str:
    escaped = _SLASH.sub(r"\\/", source)
    return f"{field}:/{escaped}/"


def _flagged(sign: str, value: str) -> str:
    if sign == "=" and not value:
        return "-is:starred"
    if value and value.isascii() and value.isalpha() and (sign == "#" or (sign == "=~" and len(value) == 1)):
        return " ".join(f"tag:{FLAG}{letter}" for letter in value) if len(value) == 1 else _all_flags(value)
    raise Untranslatable(f"flags {sign} has no like here")


def _all_flags(letters: str) -> str:
    return f"({' '.join(f'tag:{FLAG}{letter}' for letter in letters)})"


def _aged(sign: str, value: str) -> str:
    """An age is counted in whole days: what is 30 hours old is one day old."""
    low, dots, high = value.partition(":")
    if sign == "between" and dots and low.isdigit() and high.isdigit():
        young = f"newer:{int(high) + 1}d"
        return f"({young} older:{int(low)}d)" if int(low) else young
    if not value.isdigit():
        raise Untranslatable(f"age {sign} {value} is not understood")
    days = int(value)
    match sign:
        case "<" if days:
            return f"newer:{days}d"
        case "<=":
            return f"newer:{days + 1}d"
        case ">":
            return f"older:{days + 1}d"
        case ">=" if days:
            return f"older:{days}d"
        case "=":
            return f"(newer:{days + 1}d older:{days}d)" if days else "newer:1d"
    raise Untranslatable(f"age {sign} {value} has no like here")
