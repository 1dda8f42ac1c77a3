"""What stands in attributes: the marks of lists, numbers in the ways HTML counts, the language of code."""

from __future__ import annotations

import re
from collections.abc import Sequence

from selectolax.lexbor import LexborNode

from tui_reader.document.blocks import Block

_BULLETS = ("•", "◦", "▪")
_LETTERS = {"a", "A"}
_ROMAN = {"i", "I"}
_VALUES = (
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"),
    (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
)  # fmt: skip


_LANGUAGE = re.compile(
    r"(?:^|\s)(?:language-|lang-|highlight-source-|highlight-text-|brush:\s*|sourceCode\s+|highlight[ -])"
    r"([\w+#.-]{1,20})"
)
_NO_LANGUAGE = frozenset({"none", "plain", "text", "plaintext", "txt", "default", "nohighlight", "wrapper"})


def language(node: LexborNode) -> str:
    """What the code in a `pre` is written in, as its class, its `code` or what is right around it says; "" unsaid."""
    around = [node, *node.css("code")[:1]]
    parent = node.parent
    for _ in range(3):
        if parent is None or parent.tag not in {"div", "figure", "td", "tr", "tbody", "table"}:
            break
        around.append(parent)
        parent = parent.parent
    for one in around:
        attributes = one.attributes
        said = attributes.get("data-lang") or attributes.get("data-language") or attributes.get("lang") or ""
        found = _LANGUAGE.search(attributes.get("class") or "")
        named = found[1].lower() if found else said.lower() if one.tag in {"pre", "code"} else ""
        if named and named not in _NO_LANGUAGE:
            return named
    return ""


class ListMarks:
    """The marks of one list, one after the other; `depth` is how many bulleted lists are around it.

    `begun` is how many blocks there were before its last item, `tight` whether the next one follows them at once.
    """

    def __init__(self, node: LexborNode, depth: int, begun: int = 0) -> None:
        self.ordered = node.tag == "ol"
        self._kind = (node.attributes.get("type") or "1") if self.ordered else ""
        self._step = -1 if "reversed" in node.attributes else 1
        items = [child.attributes.get("value") for child in node.iter() if child.tag == "li"]
        self._number = integer(node.attributes.get("start"), len(items) if self._step < 0 else 1)
        self._bullet = _BULLETS[min(depth, len(_BULLETS) - 1)]
        self._room = self._widest(items) if self.ordered else 2
        self.begun = begun
        self.tight = False

    def next(self, value: str | None) -> str:
        """The mark of the next item; `value` is the number it claims for itself."""
        self._number = integer(value, self._number)
        mark = self._mark(self._number).rjust(self._room)
        self._number += self._step
        return mark

    def follows_at_once(self, blocks: Sequence[Block]) -> bool:
        """Whether the item that begins after these blocks needs no empty line before it: the one above has none."""
        above = blocks[self.begun :]
        self.begun = len(blocks)
        if above:
            self.tight = all(block.tight for block in above[1:])
        return self.tight

    def _widest(self, values: list[str | None]) -> int:
        number, widest = self._number, 0
        for value in values:
            number = integer(value, number)
            widest = max(widest, len(self._mark(number)))
            number += self._step
        return widest

    def _mark(self, number: int) -> str:
        if not self.ordered:
            return f"{self._bullet} "
        written = str(number)
        if self._kind in _LETTERS and number > 0:
            written = _lettered(number, ord(self._kind))
        elif self._kind in _ROMAN and 0 < number < 4000:
            written = _roman(number) if self._kind == "I" else _roman(number).lower()
        return f"{written}. "


def integer(written: str | None, default: int) -> int:
    """An attribute's whole number, or the default when it is none or absurd."""
    digits = (written or "").strip()
    return int(digits) if digits.removeprefix("-").isdigit() and len(digits) < 9 and digits.isascii() else default


def _lettered(number: int, first: int) -> str:
    """a to z, then aa: every letter counts, there is no zero."""
    made = ""
    while number:
        number, place = divmod(number - 1, 26)
        made = chr(first + place) + made
    return made


def _roman(number: int) -> str:
    made = ""
    for value, letters in _VALUES:
        made += letters * (number // value)
        number %= value
    return made
