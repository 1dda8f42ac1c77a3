"""From a query to a condition on the table `entry`: every value is bound by name, none is ever part of the SQL.

In titles, names and addresses any part of a word counts (LIKE, which runs over 100,000 rows in C); what the full-text
index holds besides is found without regard to case and accents, from the beginning of a word.
"""

from __future__ import annotations

import re
import sqlite3
from functools import lru_cache

from msgspec import Struct

from tui_reader import pattern, query
from tui_reader.query import OF_COMMENT, Between, Either, Every, Has, Is, Leaf, Not, Pattern, Query, Term, Words
from tui_reader.store import words

UNREAD = "+entry.id IN (SELECT id FROM unread)"
"""That an entry is unread: asked of each that is come by. The plus keeps SQLite from going through all that is unread,
which `scopes` has it do where that is the way."""
READ = "entry.id NOT IN (SELECT id FROM unread)"
NUMBERS = {
    # The number that the list shows.
    "comments": """(SELECT coalesce(nullif(
            sum(iif(kind = 'page', 0, iif(complete, held, max(coalesce(declared, 0), held)))), 0), max(declared), 0)
        FROM discussion WHERE entry_id = entry.id)""",
    "new": "coalesce((SELECT sum(new) FROM discussion WHERE entry_id = entry.id AND new > 0), 0)",
    "placed": "entry.sort_at",
    "published": "coalesce(entry.published, entry.sort_at)",
}
_STATES = {
    "unread": UNREAD,
    "read": READ,
    "starred": "entry.starred = 1",
    "edited": "entry.edited = 1",
    "hidden": "entry.id IN (SELECT id FROM entry WHERE hidden + muted > 0)",
    "watched": "entry.id IN (SELECT entry_id FROM discussion WHERE watch_until > {now})",
}
_PARTS = {
    "comments": "entry.id IN (SELECT entry_id FROM discussion WHERE held > 0 OR declared > 0)",
    "fulltext": "EXISTS (SELECT 1 FROM full_text WHERE entry_id = entry.id AND error = '')",
    "tag": "EXISTS (SELECT 1 FROM tagging WHERE entry_id = entry.id AND removed_at IS NULL)",
    "enclosure": "EXISTS (SELECT 1 FROM content WHERE entry_id = entry.id AND enclosures != '[]')",
}
_COLUMNS = {"title": "entry.title", "author": "entry.author", "url": "entry.url"}
_OF_FEED = {"feed": "title", "folder": "folder"}
_OF_COMMENT = {"": "", "comment": "body", "from": "author"}
_OF_ENTRY = {"": "", "title": "title", "author": "author", "text": "body"}
_BEGINNING = re.compile(r"\w{3}\W*$")
"""Shorter words must be there whole: every text has a word that begins with an a."""


def add_functions(db: sqlite3.Connection) -> None:
    """What the conditions call: `matches(pattern, text)` and `folded(text)`, both blind to what is no text."""
    build = lru_cache(maxsize=32)(pattern.build)

    def matches(source: object, text: object) -> bool:
        if not isinstance(source, str) or not isinstance(text, str):
            return False
        try:
            return build(source).found_in(text)
        except pattern.PatternFault:
            return False

    def folded(text: object) -> str:
        return query.folded(text) if isinstance(text, str) else ""

    db.create_function("matches", 2, matches, deterministic=True)
    db.create_function("folded", 1, folded, deterministic=True)


class Ground(Struct, frozen=True):
    """Where a query is asked. `entries` and `comments` are the full-text indexes. `few`: the rows are a handful that is
    named beforehand, so that nothing runs over all feeds and discussions. `said`: a row is a comment, joined with its
    discussion and its entry; words without a field, and those of `comment:` and `from:`, are looked for in it.
    `indexed`: words are those of the full-text indexes and nothing else, whole but for `last`, which is still being
    written; `ending` is the term for what begins so, "" where the index is to find that out. `kept` is the name under
    which the ids are bound that pass as unread although they were read."""

    entries: str = "entry_words"
    comments: str = "comment_words"
    few: bool = False
    said: bool = False
    indexed: bool = False
    last: Leaf | None = None
    kept: str = ""
    ending: str = ""


LIBRARY = Ground()


def alphabetical(column: str) -> str:
    """The expression by which texts stand in alphabetical order: without case, accents and the quotation mark or
    bracket they may begin with. Only texts that need it leave SQLite to be folded."""
    folded = f"CASE WHEN {column} GLOB '*[^ -~]*' THEN folded({column}) ELSE lower({column}) END"
    return f"ltrim({folded}, '{_BEFORE_WORDS}')"


_BEFORE_WORDS = " \"''([{«»„“”‚‘’‹›…#*-_"
"""What a title may begin with that is no part of its first word, written for SQL."""


def compile(asked: Query, name: str = "asked", ground: Ground = LIBRARY) -> tuple[str, dict[str, object]]:
    """The condition that a row of `entry` fulfils when it fits, never NULL, and the values to bind, whose names begin
    with `name`."""
    compiler = _Compiler(asked.now, name, ground)
    return (compiler.term(asked.term) if asked.term is not None else "1"), compiler.values


class Split(Struct, frozen=True):
    """A query taken apart for a walk over a full-text index: what the index finds ("" when nothing in the query is for
    it alone), and the condition that is left for each row."""

    match: str
    condition: str
    values: dict[str, object]


def split(asked: Query, name: str, ground: Ground) -> Split:
    """Take a query apart for the index of entries, or of comments where rows are `said`."""
    compiler = _Compiler(asked.now, name, ground)
    terms = asked.term.terms if isinstance(asked.term, Every) else () if asked.term is None else (asked.term,)
    wanted = [(term, compiler.match(term)) for term in terms]
    found = [match for _, match in wanted if match]
    unwanted = [compiler.match(term.term) if isinstance(term, Not) else "" for term, _ in wanted]
    left = [
        compiler.term(term)
        for (term, match), no in zip(wanted, unwanted, strict=True)
        if not ((match and compiler.by_index_alone(term)) or (found and no and compiler.by_index_alone(term)))
    ]
    refused = [
        no for (term, _), no in zip(wanted, unwanted, strict=True) if no and found and compiler.by_index_alone(term)
    ]
    match = " AND ".join(found)
    if refused:
        match = f"({match}) NOT ({' OR '.join(refused)})"
    return Split(match, " AND ".join(left) or "1", compiler.values)


class _Compiler:
    def __init__(self, now: int, name: str, ground: Ground) -> None:
        self.now = now
        self.ground = ground
        self.name = name
        self.values: dict[str, object] = {}

    def bound(self, value: object) -> str:
        name = f"{self.name}{len(self.values)}"
        self.values[name] = value
        return f":{name}"

    def term(self, term: Term, *, refused: bool = False) -> str:
        """The condition of a term; `refused` inside a NOT, where what is kept has to be as it is."""
        match term:
            case Not(inner):
                return f"NOT {self.term(inner, refused=not refused)}"
            case Every(terms):
                return f"({' AND '.join(self.term(one, refused=refused) for one in terms)})"
            case Either(terms):
                return f"({' OR '.join(self.term(one, refused=refused) for one in terms)})"
            case Is("unread") if self.ground.kept and not refused:
                return f"({UNREAD} OR entry.id IN (SELECT value FROM json_each(:{self.ground.kept})))"
            case Is("read") if self.ground.kept and refused:
                return f"({READ} AND entry.id NOT IN (SELECT value FROM json_each(:{self.ground.kept})))"
            case Is(state):
                return _STATES[state].format(now=self.bound(self.now) if state == "watched" else "")
            case Has("comments") if self.ground.few:
                return "EXISTS (SELECT 1 FROM discussion WHERE entry_id = entry.id AND (held > 0 OR declared > 0))"
            case Has(part):
                return _PARTS[part]
            case Between():
                return self._between(term)
            case Pattern():
                return self._pattern(term)
            case Words():
                return self._words(term)

    def _between(self, asked: Between) -> str:
        number = NUMBERS[asked.what]
        ends = [f"{number} >= {self.bound(asked.low)}"] if asked.low is not None else []
        ends += [f"{number} < {self.bound(asked.high)}"] if asked.high is not None else []
        return f"({' AND '.join(ends) or '1'})"

    # ------------------------------------------------------------ patterns

    def _pattern(self, asked: Pattern) -> str:
        source = self.bound(asked.source)
        usual = ("comment", "from") if self.ground.said else ("title", "author", "feed")
        fields = (asked.field,) if asked.field else usual
        return f"({' OR '.join(self._tested(field, f'matches({source}, {{}})') for field in fields)})"

    # ------------------------------------------------------------ by the index alone

    def match(self, term: Term) -> str:
        """The full-text query for a term, "" when the index cannot answer it; of what it finds for c++ only the texts
        with the signs are meant, see `by_index_alone`."""
        match term:
            case Words():
                column = (_OF_COMMENT if self.ground.said else _OF_ENTRY).get(term.field)
                found = self._found(term)
                return "" if column is None or not found else f"{{{column}}} : {found}" if column else found
            case Every(terms) | Either(terms):
                parts = [self.match(one) if self.by_index_alone(one) else "" for one in terms]
                joined = " AND " if isinstance(term, Every) else " OR "
                return f"({joined.join(parts)})" if all(parts) else ""
            case _:
                return ""

    def by_index_alone(self, term: Term) -> bool:
        """Whether what the index finds for a term is just what is meant."""
        match term:
            case Words():
                return _is_plain(term) and bool(self.match(term))
            case Not(inner):
                return self.by_index_alone(inner)
            case Every(terms) | Either(terms):
                return all(map(self.by_index_alone, terms))
            case _:
                return False

    def _found(self, asked: Words) -> str:
        beginning = self._is_beginning(asked)
        return (beginning and self.ground.ending) or words.term(asked.text, prefix=beginning)

    def _is_beginning(self, asked: Words) -> bool:
        if self.ground.indexed:
            return asked is self.ground.last
        return not asked.phrase and _BEGINNING.search(asked.text) is not None

    # ------------------------------------------------------------ words

    def _words(self, asked: Words) -> str:
        field = asked.field
        if self.ground.indexed and field in _OF_ENTRY and not self.ground.said:
            return self._indexed("entry_words", _OF_ENTRY[field], asked) or "0"
        if field in _OF_FEED:
            return self._tested(field, f"instr(folded({{}}), {self.bound(query.folded(asked.text))}) > 0")
        if field == "tag":
            return self._tested(field, f"folded({{}}) = {self.bound(query.folded(asked.text))}")
        if field in OF_COMMENT or (field == "" and self.ground.said):
            return self._indexed("comment_words", _OF_COMMENT[field], asked) or "0"
        ways = [self._like(column, asked.text) for column in ("title", "author", "url") if field == column]
        if field == "":
            ways = [self._like("title", asked.text), self._like("author", asked.text)]
            ways.append(self._words(Words("feed", asked.text)))
        if field != "url":
            ways.append(self._indexed("entry_words", "body" if field == "text" else field, asked))
        return f"({' OR '.join(way for way in ways if way)})"

    def _like(self, field: str, text: str) -> str:
        names = [self.bound(f"%{_escaped(form)}%") for form in _forms(text)]
        return " OR ".join(f"{_COLUMNS[field]} LIKE {name} ESCAPE '\\'" for name in names)

    def _indexed(self, table: str, column: str, asked: Words) -> str:
        """The entries, or those with the comments, that the full-text index finds; "" for all its columns."""
        index = self.ground.entries if table == "entry_words" else self.ground.comments
        term = self._found(asked)
        conditions = [f"{index} MATCH {self.bound(f'{column} : {term}' if column else term)}"] if term else []
        if not term or not _is_plain(asked):
            # The index knows no signs: of what it finds for c++ only the texts with the signs are meant.
            sought = self.bound(asked.text)
            where = column or ("author || ' ' || body" if table == "comment_words" else "title || ' ' || body")
            conditions.append(f"instr(lower({_whole(where)}), lower({sought})) > 0")
        if not term and not column:
            return ""
        found = f"SELECT rowid FROM {index} WHERE {' AND '.join(conditions)}"
        if table == "entry_words":
            return f"entry.id IN ({found})"
        if self.ground.said:
            return f"comment.id IN ({found})"
        return f"""entry.id IN (SELECT discussion.entry_id FROM ({found}) hit
            JOIN comment ON comment.id = hit.rowid JOIN discussion ON discussion.id = comment.discussion_id)"""

    def _tested(self, field: str, test: str) -> str:
        """Whether a text of this field passes a test, in which it stands as {}."""
        if field in _COLUMNS:
            return test.format(_COLUMNS[field])
        if field in _OF_FEED:
            passing = test.format(f"feed.{_OF_FEED[field]}")
            if self.ground.few:
                return f"EXISTS (SELECT 1 FROM feed WHERE feed.id = entry.feed_id AND {passing})"
            return f"entry.feed_id IN (SELECT id FROM feed WHERE {passing})"
        if field == "tag":
            label = test.format("label.value")
            of_feed = f"entry.feed_id IN (SELECT feed.id FROM feed, json_each(feed.tags) label WHERE {label})"
            if self.ground.few:
                own = "(SELECT feed.tags FROM feed WHERE feed.id = entry.feed_id)"
                of_feed = f"EXISTS (SELECT 1 FROM json_each({own}) label WHERE {label})"
            return f"""(EXISTS (SELECT 1 FROM tagging
                WHERE tagging.entry_id = entry.id AND tagging.removed_at IS NULL AND {test.format("tagging.tag")})
                OR EXISTS (SELECT 1 FROM content, json_each(content.tags) tag
                WHERE content.entry_id = entry.id AND {test.format("tag.value")})
                OR {of_feed})"""
        if field == "text":
            index = self.ground.entries
            return f"EXISTS (SELECT 1 FROM {index} WHERE rowid = entry.id AND {test.format(_whole('body'))})"
        tested = test.format("comment.author" if field == "from" else _whole("body"))
        if self.ground.said:
            return f"EXISTS (SELECT 1 FROM {self.ground.comments} WHERE rowid = comment.id AND {tested})"
        return f"""EXISTS (SELECT 1 FROM discussion JOIN comment ON comment.discussion_id = discussion.id
            JOIN comment_words ON comment_words.rowid = comment.id WHERE discussion.entry_id = entry.id AND {tested})"""


def _is_plain(asked: Words) -> bool:
    """Whether the index, which knows no signs, tells these words from others."""
    return asked.phrase or (asked.text[0].isalnum() and asked.text[-1].isalnum())


def _whole(column: str) -> str:
    """A column of the index as it was before it was taken apart."""
    return f"replace({column}, char(8203), '')"


def _forms(word: str) -> tuple[str, ...]:
    """LIKE ignores case in ASCII only; other words are looked for in their usual spellings."""
    if word.isascii():
        return (word,)
    return tuple(dict.fromkeys((word, word.lower(), word.upper(), word.capitalize())))


def _escaped(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
