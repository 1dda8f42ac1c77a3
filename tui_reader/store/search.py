"""Full-text search over entries and comments."""

from __future__ import annotations

import sqlite3

from tui_reader.model import SearchHit
from tui_reader.store import words
from tui_reader.store.connect import reads
from tui_reader.store.entries import rows
from tui_reader.store.journal import ids_json
from tui_reader.store.scopes import SHOWN, SUBSCRIBED

CANDIDATES = 2_000
"""Of more hits, only these many that arrived last are put in the order of their dates."""

_SNIPPET_WORDS = 24

_ENTRIES = f"""
    SELECT entry.sort_at, entry.id, NULL FROM (
        SELECT rowid FROM entry_words WHERE entry_words MATCH :match ORDER BY rowid DESC LIMIT {CANDIDATES}
    ) hit JOIN entry ON entry.id = hit.rowid WHERE {SUBSCRIBED} AND {SHOWN}
"""
_COMMENTS = f"""
    SELECT min(coalesce(comment.published, comment.arrived), comment.arrived), entry.id, comment.id FROM (
        SELECT rowid FROM comment_words WHERE comment_words MATCH :match ORDER BY rowid DESC LIMIT {CANDIDATES}
    ) hit JOIN comment ON comment.id = hit.rowid JOIN discussion ON discussion.id = comment.discussion_id
    JOIN entry ON entry.id = discussion.entry_id WHERE {SUBSCRIBED} AND {SHOWN}
"""


@reads
def search(db: sqlite3.Connection, text: str, *, limit: int = 200) -> tuple[SearchHit, ...]:
    """Entries and comments with all of these words, newest first; the last word may be the beginning of one."""
    match = words.match(text)
    if not match:
        return ()
    hits = db.execute(
        f"{_ENTRIES} UNION ALL {_COMMENTS} ORDER BY 1 DESC, 2 DESC, 3 DESC LIMIT :limit",
        {"match": match, "limit": limit},
    ).fetchall()
    entries = dict.fromkeys(entry for _, entry, _ in hits)
    shown = {row.id: row for row in rows(db, list(entries))}
    of_entries = _snippets(db, "entry_words", match, [entry for _, entry, comment in hits if comment is None])
    of_comments = _snippets(db, "comment_words", match, [comment for *_, comment in hits if comment is not None])
    return tuple(
        SearchHit(shown[entry], of_entries[entry] if comment is None else of_comments[comment], comment)
        for _, entry, comment in hits
    )


def _snippets(db: sqlite3.Connection, table: str, match: str, ids: list[int]) -> dict[int, str]:
    """One walk over the hits: asked for by id, every one of them would look the words up again."""
    if not ids:
        return {}
    found = db.execute(
        f"""SELECT rowid, snippet({table}, -1, '\ue000', '\ue001', '…', {_SNIPPET_WORDS}) FROM {table}
        WHERE {table} MATCH ? AND rowid BETWEEN ? AND ? AND +rowid IN (SELECT value FROM json_each(?))""",
        (match, min(ids), max(ids), ids_json(ids)),
    )
    return {rowid: words.joined(snippet) for rowid, snippet in found}
