"""Full-text search over entries and comments."""

from __future__ import annotations

import sqlite3

from tui_reader.model import SearchHit
from tui_reader.query import Is, parse
from tui_reader.store import words
from tui_reader.store.connect import reads
from tui_reader.store.entries import rows
from tui_reader.store.finding import finding
from tui_reader.store.journal import ids_json
from tui_reader.store.scopes import SHOWN, SUBSCRIBED

CANDIDATES = 2_000
"""Of more hits, only these many that arrived last are put in the order of their dates."""

_SNIPPET_WORDS = 24


@reads
def search(db: sqlite3.Connection, text: str, *, now: int = 0, limit: int = 200) -> tuple[SearchHit, ...]:
    """The entries and comments that a query finds, newest first; see `finding`. Raises QueryFault."""
    also = SUBSCRIBED if parse(text, now=now).asks_for(Is("hidden")) else f"{SUBSCRIBED} AND {SHOWN}"
    asked = finding(text, now=now, most=CANDIDATES, also=also)
    ways = [f"SELECT * FROM ({way})" for way in (asked.entries, asked.comments) if way]
    if not ways:
        return ()
    hits = db.execute(
        f"{' UNION ALL '.join(ways)} ORDER BY 1 DESC, 2 DESC, 3 DESC LIMIT :limit", {**asked.values, "limit": limit}
    ).fetchall()
    shown = {row.id: row for row in rows(db, list(dict.fromkeys(entry for _, entry, _ in hits)))}
    of_entries = _snippets(db, "entry_words", asked.match, [entry for _, entry, said in hits if said is None])
    of_comments = _snippets(db, "comment_words", asked.match_said, [said for *_, said in hits if said is not None])
    return tuple(
        SearchHit(shown[entry], of_entries.get(entry, "") if said is None else of_comments[said], said)
        for _, entry, said in hits
    )


def _snippets(db: sqlite3.Connection, table: str, match: str, ids: list[int]) -> dict[int, str]:
    """One walk over the hits: asked for by id, every one of them would look the words up again."""
    if not ids or not match:
        return {}
    found = db.execute(
        f"""SELECT rowid, snippet({table}, -1, '\ue000', '\ue001', '…', {_SNIPPET_WORDS}) FROM {table}
        WHERE {table} MATCH ? AND rowid BETWEEN ? AND ? AND +rowid IN (SELECT value FROM json_each(?))""",
        (match, min(ids), max(ids), ids_json(ids)),
    )
    return {rowid: words.joined(snippet) for rowid, snippet in found}
