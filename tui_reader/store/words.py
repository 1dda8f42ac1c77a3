"""The full-text index: how words are put in, and how they become a query.

Scripts written without spaces are taken apart, every character a word of its own, and a term of a query becomes the
phrase of its characters. So any part of a Chinese, Japanese, Korean or Thai text is found, one character included.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable
from functools import cache

from tui_reader.parse.readable import MOST_CHARACTERS
from tui_reader.text import clean

_UNSPACED = (
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"  # Thai, Lao, Burmese, Khmer
    "\u3040-\u30ff\uac00-\ud7af\uff66-\uff9f"  # kana, Hangul
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"  # Han
)
_ZERO_WIDTH_SPACE = "\u200b"
VOCABULARY = {"entry_words": "entry_vocabulary", "comment_words": "comment_vocabulary"}
MOST_WORDS = 64
"""Words that a beginning stands for at most before it is left to the index."""
ARRIVED = {"arrived_words": ("title", "author", "body"), "arrived_comment_words": ("author", "body")}


def spaced(text: str) -> str:
    """The text with an invisible seam at every character of a script without spaces."""
    return text if text.isascii() else _seams().sub(_ZERO_WIDTH_SPACE, text)


@cache
def _seams() -> re.Pattern[str]:
    """Compiled at its first use: that takes longer than most modules take to import."""
    return re.compile(f"(?<={_UNSPACED})|(?={_UNSPACED})")


def joined(text: str) -> str:
    """The text as it was before `spaced`; cleaned text has no such character of its own."""
    return text.replace(_ZERO_WIDTH_SPACE, "")


def match(words: str) -> str:
    """An FTS5 query for all of these words, the last one as a prefix; "" when there is no word in them."""
    terms = [term(word) for word in clean(words).split()]
    found = " ".join(filter(None, terms))
    return f"{found}*" if found else ""


def term(text: str, *, prefix: bool = False) -> str:
    """The FTS5 term for a word or a phrase, or for what begins with it; "" when there is no word in it."""
    if not any(character.isalnum() for character in text):
        return ""
    quoted = '"{}"'.format(spaced(text).replace('"', " "))
    return f"{quoted}*" if prefix else quoted


def beginning(db: sqlite3.Connection, index: str, text: str) -> str:
    """The FTS5 term for every word of an index that begins so, "" where they are none or more than `MOST_WORDS`, or
    where only the index itself knows what is a word.

    FTS5 puts together all places of all the words before it gives the first of `text*`; of words that are named it
    reads no more than it is asked for. So this is found at once in an index of any size.
    """
    if not (text.isascii() and text.isalnum()):
        return ""
    start = text.lower()
    vocabulary = VOCABULARY[index]
    if db.execute("SELECT 1 FROM temp.sqlite_master WHERE name = ?", (vocabulary,)).fetchone() is None:
        _list_words(db, index)
    found = db.execute(
        f"""WITH RECURSIVE word(term) AS (
            SELECT (SELECT term FROM {vocabulary} WHERE term >= :start AND term < :end LIMIT 1)
            UNION ALL
            SELECT (SELECT term FROM {vocabulary} WHERE term >= word.term || char(1) AND term < :end LIMIT 1)
            FROM word WHERE word.term NOTNULL
        ) SELECT term FROM word WHERE term NOTNULL LIMIT :most""",
        {"start": start, "end": f"{start}\U0010ffff", "most": MOST_WORDS + 1},
    ).fetchall()
    return f"({' OR '.join(term(word) for (word,) in found)})" if 0 < len(found) <= MOST_WORDS else ""


def _list_words(db: sqlite3.Connection, index: str) -> None:
    """Let a connection read the words of an index in their order, one for reading only, too: it is no table of the
    file."""
    (reading,) = db.execute("PRAGMA query_only").fetchone()
    db.execute("PRAGMA query_only = OFF")
    try:
        db.execute(f"CREATE VIRTUAL TABLE temp.{VOCABULARY[index]} USING fts5vocab(main, {index}, instance)")
    finally:
        db.execute(f"PRAGMA query_only = {reading}")


def put_entry(db: sqlite3.Connection, entry_id: int, title: str, author: str, text: str) -> None:
    """Index an entry by its readable words in place of what was indexed of it before, within a transaction."""
    row = (entry_id, spaced(title), spaced(author), spaced(text[:MOST_CHARACTERS]))
    db.execute("INSERT OR REPLACE INTO entry_words (rowid, title, author, body) VALUES (?, ?, ?, ?)", row)


def lay_out(db: sqlite3.Connection, table: str, rows: Iterable[tuple[int | str, ...]]) -> None:
    """Put texts that have just arrived into a small index of their own, one of `ARRIVED`, which holds nothing else:
    what a rule asks of them must not wait until the great one has them. Rows are those of the great one."""
    columns = ARRIVED[table]
    db.execute(
        f"CREATE VIRTUAL TABLE IF NOT EXISTS temp.{table} USING"
        f" fts5({', '.join(columns)}, tokenize='unicode61 remove_diacritics 2')"
    )
    db.execute(f"DELETE FROM temp.{table}")
    db.executemany(
        f"INSERT INTO temp.{table} (rowid, {', '.join(columns)}) VALUES (?{', ?' * len(columns)})",
        ((number, *(spaced(str(text)[:MOST_CHARACTERS]) for text in texts)) for number, *texts in rows),
    )


def put_comment(db: sqlite3.Connection, comment_id: int, author: str, text: str) -> None:
    """Index a comment in place of what was indexed of it before, within a transaction."""
    db.execute("DELETE FROM comment_words WHERE rowid = ?", (comment_id,))
    db.execute(
        "INSERT INTO comment_words (rowid, author, body) VALUES (?, ?, ?)",
        (comment_id, spaced(author), spaced(text[:MOST_CHARACTERS])),
    )
