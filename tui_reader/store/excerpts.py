"""How entries begin, in plain words, for lists that show it: of each body no more is handed over than that takes."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Sequence

from tui_reader.parse.readable import strip
from tui_reader.store.connect import reads
from tui_reader.store.journal import ids_json
from tui_reader.text import clean

_READ = 1_500
"""Characters of a body in which its first words are looked for; markup takes its share of them."""
_TOLD = 320
"""Characters of an excerpt: more than a line has cells."""
_OPEN_TAG = re.compile(r"<[^>]*\Z")


@reads
def excerpts(db: sqlite3.Connection, ids: Sequence[int]) -> tuple[tuple[int, str], ...]:
    """The first words of these entries, "" of one that has none."""
    rows = db.execute(
        f"""SELECT entry_id, substr(html, 1, {_READ}), is_text FROM content
        WHERE entry_id IN (SELECT value FROM json_each(?))""",
        (ids_json(ids),),
    )
    return tuple((entry_id, _words(begun, bool(is_text))) for entry_id, begun, is_text in rows)


def _words(begun: str, is_text: bool) -> str:
    plain = begun if is_text else strip(_OPEN_TAG.sub("", begun))
    return clean(" ".join(plain.split()), limit=_TOLD)
