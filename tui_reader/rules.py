"""Rules: what is done with entries and comments as they arrive. docs/rules.md describes them.

A rule is a query and a list of acts. One whose query names `comment:` or `from:` is about comments, every other one
about entries. Nothing here knows of the library; `store/rules.py` finds what a rule fits and does what is stored.
"""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from tui_reader import query, text

MOST = 100
"""Rules in a settings file."""
LONGEST_TAG = 80
SIMPLE = ("mark-read", "star", "hide", "notify")
"""Acts that stand alone; `tag NAME` and `run COMMAND …` take words."""
_NOT_FOR_COMMENTS = ("hide", "tag")


class RuleFault(ValueError):
    """A rule that is not understood; `position` is the character (from 0) of the text under `key` that it is about."""

    def __init__(self, key: str, message: str, position: int | None = None) -> None:
        super().__init__(message)
        self.key = key
        self.position = position


class Rule(Struct, frozen=True):
    """What is done with what arrives and fits the query `when`; `number` is its place among the rules, from 1."""

    number: int
    when: str
    mark_read: bool = False
    star: bool = False
    hide: bool = False
    notify: bool = False
    tags: tuple[str, ...] = ()
    runs: tuple[tuple[str, ...], ...] = ()
    of_comments: bool = False

    @property
    def name(self) -> str:
        """How it is called on the screen."""
        return f"rule {self.number} ({text.cut(text.clean(self.when), 40) or 'everything'})"


class Rules(Struct, frozen=True):
    """The rules of one refresh. Acts of the same `batch` are taken back together."""

    rules: tuple[Rule, ...] = ()
    batch: str = ""

    def of_one_run(self, batch: str) -> Rules:
        """The same rules, with what tells the acts of one run from those of others."""
        return replace(self, batch=batch)


NONE = Rules()


def rule(table: Mapping[str, Any], number: int) -> Rule:
    """Understand one `[[rules]]` table. Raises RuleFault."""
    for key in table:
        if key not in {"when", "do"}:
            raise RuleFault(key, "a rule has only when and do")
    when = table.get("when")
    if not isinstance(when, str):
        raise RuleFault("when", "a rule wants a query here, as text")
    try:
        asked = query.parse(when, now=0)
    except query.QueryFault as fault:
        raise RuleFault("when", str(fault), fault.position) from fault
    written = table.get("do")
    if not isinstance(written, list) or not written:
        raise RuleFault("do", 'a rule wants a list of acts here, like ["mark-read", "tag rust"]')
    acts = [_act(one) for one in written]
    for name, _ in acts:
        if asked.of_comments and name in _NOT_FOR_COMMENTS:
            raise RuleFault("do", f"a rule about comments cannot {name}")
    named = [name for name, _ in acts]
    return Rule(
        number,
        when,
        mark_read="mark-read" in named,
        star="star" in named,
        hide="hide" in named,
        notify="notify" in named,
        tags=tuple(dict.fromkeys(" ".join(words) for name, words in acts if name == "tag")),
        runs=tuple(words for name, words in acts if name == "run"),
        of_comments=asked.of_comments,
    )


def _act(written: object) -> tuple[str, tuple[str, ...]]:
    words = _words(written)
    name, rest = words[0], words[1:]
    if name in SIMPLE:
        if rest:
            raise RuleFault("do", f"{name} stands alone, without “{text.cut(text.clean(' '.join(rest)), 40)}”")
    elif name == "tag":
        tag = text.clean(" ".join(rest))
        if not tag or len(tag) > LONGEST_TAG:
            raise RuleFault("do", f"tag wants a name of at most {LONGEST_TAG} characters")
        return name, (tag,)
    elif name == "run":
        if not rest:
            raise RuleFault("do", "run wants a command, with its words")
    else:
        known = ", ".join((*SIMPLE, "tag NAME", "run COMMAND …"))
        raise RuleFault("do", f"there is no act “{text.cut(text.clean(name), 40)}”, only {known}")
    return name, tuple(rest)


def _words(written: object) -> Sequence[str]:
    """An act is one text, its words parted by spaces and kept together by quotes, or a list of words."""
    if isinstance(written, list) and written and all(isinstance(word, str) for word in written):
        words: Sequence[str] = written
    elif isinstance(written, str):
        try:
            words = shlex.split(written)
        except ValueError as error:
            raise RuleFault("do", "a quote in this act is not closed") from error
    else:
        raise RuleFault("do", "an act is a text, or a list of words")
    if not words or any("\0" in word for word in words):
        raise RuleFault("do", "an act wants a name")
    return words
