"""A line of newsboat's files as words: blanks between, quotes around, a backslash before what is meant literally."""

from __future__ import annotations

_ESCAPES = {"n": "\n", "r": "\r", "t": "\t"}
_BLANK = " \t\r\n"


def words(line: str) -> list[str]:
    """The words of a line. A word that begins with `#` ends it; a quote that is not closed ends with the line."""
    found: list[str] = []
    at = 0
    while at < len(line):
        if line[at] in _BLANK:
            at += 1
        elif line[at] == "#":
            break
        elif line[at] == '"':
            word, at = _quoted(line, at + 1)
            found.append(word)
        else:
            start = at
            while at < len(line) and line[at] not in _BLANK:
                at += 1
            found.append(line[start:at])
    return found


def _quoted(line: str, at: int) -> tuple[str, int]:
    """The word that begins at `at`, and the place after its closing quote."""
    word: list[str] = []
    while at < len(line) and line[at] != '"':
        if line[at] == "\\" and at + 1 < len(line):
            at += 1
            word.append(_ESCAPES.get(line[at], line[at]))
        else:
            word.append(line[at])
        at += 1
    return "".join(word), at + 1


def split(line: str, mark: str) -> list[str]:
    """A line taken apart at a mark that stands outside of quotes."""
    parts, start, at = [], 0, 0
    while at < len(line):
        if line[at] == '"':
            at = _quoted(line, at + 1)[1]
        elif line.startswith(mark, at):
            parts.append(line[start:at])
            at += len(mark)
            start = at
        else:
            at += 1
    return [*parts, line[start:]]
