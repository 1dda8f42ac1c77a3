"""From what is searched for to the statements that find it, in entries and in comments.

The words of a query are put to the full-text index as one question, which walks what it finds from the youngest down,
so that the first hits cost no more in a large library; what else the query asks is asked of each row on the way.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

from msgspec import Struct, field

from tui_reader.query import Query, Words, parse
from tui_reader.store.journal import ids_json
from tui_reader.store.query import Ground, split

_SCORES = {"entry_words": "bm25(entry_words, 4.0, 2.0, 1.0)", "comment_words": "bm25(comment_words)"}
"""How well a row fits, the best the smallest; a word in a title counts for more than one in a text."""
_OWN = "SELECT value AS id FROM json_each(:among)"
_SAID = """SELECT talk.id FROM json_each(:among) CROSS JOIN discussion place ON place.entry_id = value
    CROSS JOIN comment talk ON talk.discussion_id = place.id"""


class Finding(Struct, frozen=True):
    """Statements whose rows are (its place in time, entry id, comment id or NULL, how well it fits or 0), the youngest
    first; "" for one that finds nothing. `match` and `match_said` are what they ask of the indexes, "" where none is
    asked."""

    entries: str = ""
    comments: str = ""
    match: str = ""
    match_said: str = ""
    values: dict[str, object] = field(default_factory=dict)


def finding(
    text: str,
    *,
    now: int,
    most: int,
    also: str = "1",
    among: Collection[int] | None = None,
    scored: bool = False,
    kept: str = "",
    placed: bool = True,
    beginning: Callable[[str, str], str] | None = None,
) -> Finding:
    """What finds at most so many entries, and so many comments, that arrived last, by what is written in the search.
    `also` is one more condition on `entry`; `among` looks in these entries and what is said of them only; `scored` asks
    how well each fits, `placed` where each entry stands in time; `kept` is that of `Ground`; `beginning` is the term
    for what begins with a text in an index, see `words.beginning`. Raises QueryFault.

    Words are whole, but for one that ends the text: it may be the beginning of one. A query that asks for nothing but
    states and fields finds entries only; one with `comment:` or `from:` finds the comments themselves.
    """
    asked = parse(text, now=now)
    if asked.term is None:
        return Finding()
    last = _still_written(asked, text)
    endings = [beginning(index, last.text) if beginning and last else "" for index in ("entry_words", "comment_words")]
    own = split(asked, "found", Ground(indexed=True, last=last, ending=endings[0], kept=kept))
    said = split(asked, "heard", Ground(indexed=True, last=last, said=True, ending=endings[1], kept=kept))
    values = own.values | said.values | {"found_match": own.match, "heard_match": said.match, "most": most}
    if among is not None:
        values["among"] = ids_json(among)
    comments = ""
    if said.match:
        comments = f"""SELECT min(coalesce(comment.published, comment.arrived), comment.arrived) AS place,
            entry.id AS entry_id, comment.id AS comment_id, {_score("comment_words", scored)} AS score
            FROM comment_words CROSS JOIN comment ON comment.id = comment_words.rowid
            JOIN discussion ON discussion.id = comment.discussion_id JOIN entry ON entry.id = discussion.entry_id
            WHERE comment_words MATCH :heard_match AND {_within("comment_words", among)} AND {also} AND {said.condition}
            ORDER BY comment_words.rowid DESC LIMIT :most"""
    entries = ""
    if not (asked.of_comments and comments):
        conditions = [condition for condition in (also, own.condition) if condition != "1"]
        entries = _entries(own.match, " AND ".join(conditions), among, scored=scored, placed=placed)
    return Finding(entries, comments, own.match, said.match, values)


def _entries(match: str, condition: str, among: Collection[int] | None, *, scored: bool, placed: bool) -> str:
    if match and not condition and not placed:
        # Whoever asks looks the entries up by himself: to do it twice took half of a search in a large library.
        return f"""SELECT NULL AS place, rowid AS entry_id, NULL AS comment_id, {_score("entry_words", scored)} AS score
            FROM entry_words WHERE entry_words MATCH :found_match AND {_within("entry_words", among)}
            ORDER BY entry_words.rowid DESC LIMIT :most"""
    columns = "SELECT entry.sort_at AS place, entry.id AS entry_id, NULL AS comment_id"
    condition = condition or "1"
    if match:
        return f"""{columns}, {_score("entry_words", scored)} AS score
            FROM entry_words CROSS JOIN entry ON entry.id = entry_words.rowid
            WHERE entry_words MATCH :found_match AND {_within("entry_words", among)} AND {condition}
            ORDER BY entry_words.rowid DESC LIMIT :most"""
    if among is not None:
        condition = f"entry.id IN ({_OWN}) AND {condition}"
    return f"{columns}, 0 AS score FROM entry WHERE {condition} ORDER BY entry.sort_at DESC, entry.id DESC LIMIT :most"


def _score(index: str, scored: bool) -> str:
    return _SCORES[index] if scored else "0"


def _within(index: str, among: Collection[int] | None) -> str:
    """That a row of an index belongs to the entries that are looked in. The index is walked once, between the first
    and the last of them: asked for by id, every one would look the words up again."""
    if among is None:
        return "1"
    ids = _OWN if index == "entry_words" else _SAID
    ends = [f"(SELECT {end}(id) FROM ({ids}))" for end in ("min", "max")]
    return f"{index}.rowid BETWEEN {ends[0]} AND {ends[1]} AND +{index}.rowid IN ({ids})"


def _still_written(asked: Query, text: str) -> Words | None:
    """The word that ends the text, where it does."""
    *_, last = asked.leaves()
    return last if isinstance(last, Words) and not last.phrase and text.endswith(last.text) else None
