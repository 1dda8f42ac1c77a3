"""Full-text search over entries and comments."""

from __future__ import annotations

import sqlite3
from array import array
from collections.abc import Callable, Collection
from functools import cache, partial
from typing import Any

from tui_reader.model import RANKED, EntryRow, Scope, SearchHit
from tui_reader.query import Is, parse
from tui_reader.store import words
from tui_reader.store.connect import reads
from tui_reader.store.entries import ids, rows
from tui_reader.store.finding import Finding, finding
from tui_reader.store.journal import ids_json
from tui_reader.store.scopes import SHOWN, SUBSCRIBED

_SNIPPET_WORDS = 24
_BODY = {"entry_words": 2, "comment_words": 1}
"""The column of the text."""


@reads
def search(
    db: sqlite3.Connection, text: str, *, now: int = 0, limit: int = 200, ranked: bool = False
) -> tuple[SearchHit, ...]:
    """The entries and comments that a query finds, newest first, or with `ranked` the best first; see `finding`. Of
    more than `RANKED` only those that arrived last are put in order. Raises QueryFault."""
    # How rare a word is counts for its score: there the beginning is left to the index.
    beginning = None if ranked else partial(words.beginning, db)
    asked = finding(text, now=now, most=RANKED, also=_listed(text, now), scored=ranked, beginning=beginning)
    ways = [f"SELECT * FROM ({way})" for way in (asked.entries, asked.comments) if way]
    if not ways:
        return ()
    order = "4, 1 DESC, 2 DESC, 3 DESC" if ranked else "1 DESC, 2 DESC, 3 DESC"
    found = db.execute(
        f"{' UNION ALL '.join(ways)} ORDER BY {order} LIMIT :limit", {**asked.values, "limit": limit}
    ).fetchall()
    return _hits(db, asked, [(entry, said) for _, entry, said, _ in found])


@reads
def opening(
    db: sqlite3.Connection, /, scope: Scope, *, now: int, limit: int, seen: int, **asked: Any
) -> tuple[array[int], tuple[EntryRow, ...], tuple[SearchHit, ...]]:
    """What the list of a search begins with: all ids, the rows of the first `limit`, and what was found in the first
    `seen`; see `entries.ids` for what else is asked."""
    beginning = cache(partial(words.beginning, db))
    listed = ids(db, scope, now=now, beginning=beginning, **asked)
    hits = hits_in(db, scope.name, listed[:seen], now=now, beginning=beginning) if listed and seen else ()
    return listed, rows(db, listed[:limit]), hits


@reads
def hits_in(
    db: sqlite3.Connection,
    text: str,
    among: Collection[int],
    *,
    now: int = 0,
    beginning: Callable[[str, str], str] | None = None,
) -> tuple[SearchHit, ...]:
    """What a query finds in each of these entries: the entry itself, else the newest comment; `beginning` is that of
    `finding`, where somebody has asked it already. Raises QueryFault."""
    beginning = beginning or partial(words.beginning, db)
    asked = finding(text, now=now, most=-1, also=_listed(text, now), among=among, beginning=beginning)
    found: dict[int, int | None] = {}
    for way in (asked.entries, asked.comments):
        if way:
            newest = f"SELECT entry_id, comment_id, max(place) FROM ({way}) GROUP BY entry_id"
            for entry, said, _ in db.execute(newest, asked.values):
                found.setdefault(entry, said)
    return _hits(db, asked, list(found.items()))


def _listed(text: str, now: int) -> str:
    """The condition of what the search may show."""
    return SUBSCRIBED if parse(text, now=now).asks_for(Is("hidden")) else f"{SUBSCRIBED} AND {SHOWN}"


def _hits(db: sqlite3.Connection, asked: Finding, found: list[tuple[int, int | None]]) -> tuple[SearchHit, ...]:
    shown = {row.id: row for row in rows(db, list(dict.fromkeys(entry for entry, _ in found)))}
    of_entries = _snippets(db, "entry_words", asked.match, [entry for entry, said in found if said is None])
    of_comments = _snippets(db, "comment_words", asked.match_said, [said for _, said in found if said is not None])
    return tuple(
        SearchHit(shown[entry], of_entries.get(entry, "") if said is None else of_comments.get(said, ""), said)
        for entry, said in found
    )


def _snippets(db: sqlite3.Connection, table: str, match: str, ids: list[int]) -> dict[int, str]:
    """From the text where it has any of the words, else from wherever they are. One walk over the hits: asked for by
    id, every one of them would look the words up again."""
    if not ids or not match:
        return {}
    found = db.execute(
        f"""SELECT rowid, snippet({table}, -1, '\ue000', '\ue001', '…', {_SNIPPET_WORDS}),
            snippet({table}, {_BODY[table]}, '\ue000', '\ue001', '…', {_SNIPPET_WORDS}) FROM {table}
        WHERE {table} MATCH ? AND rowid BETWEEN ? AND ? AND +rowid IN (SELECT value FROM json_each(?))""",
        (match, min(ids), max(ids), ids_json(ids)),
    )
    return {rowid: words.joined(body if "\ue000" in body else best) for rowid, best, body in found}
