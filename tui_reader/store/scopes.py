"""From a `Scope` and an `Order` to the one statement that lists it, or two in the orders by comments.

Newest and oldest first every list walks an index; the other orders sort what the list holds, from an index that covers
it wherever the order needs nothing else of the table. By comments only what has some is sorted.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from typing import Literal

from tui_reader.model import RANKED, Order, Scope
from tui_reader.query import Is, parse
from tui_reader.store.finding import finding
from tui_reader.store.journal import ids_json
from tui_reader.store.query import NUMBERS, READ, UNREAD, Ground, alphabetical
from tui_reader.store.query import compile as condition_of

SUBSCRIBED = "feed_id NOT IN (SELECT id FROM feed WHERE removed_at IS NOT NULL)"
"""Of a feed that is not removed; those are few or none, so this costs next to nothing a row."""
IN_SIGHT = "feed_id NOT IN (SELECT id FROM feed WHERE removed_at IS NOT NULL OR hidden = 1)"
"""Of a feed that is neither removed nor hidden."""
SHOWN = "entry.id NOT IN (SELECT id FROM entry WHERE hidden + muted > 0)"
"""Neither hidden nor muted."""

_FIRST = (
    "NOT EXISTS (SELECT 1 FROM entry twin WHERE twin.address = entry.address AND twin.address != ''"
    " AND twin.id < entry.id AND twin.feed_id NOT IN (SELECT id FROM feed WHERE removed_at IS NOT NULL)"
)
"""That no other feed had the same article before; to be closed."""
_PLACES = {
    "title": alphabetical("entry.title"),
    "feed": f"(SELECT {alphabetical('title')} FROM feed WHERE id = feed_id)",
    "comments": NUMBERS["comments"],
    "new": NUMBERS["new"],
}
"""What the orders go by, but for the date, which every row comes with."""
_SPOKEN = {
    "comments": f"""(entry.id IN (SELECT entry_id FROM discussion WHERE held > 0 OR declared > 0)
        AND {NUMBERS["comments"]} > 0)""",
    "new": "entry.id IN (SELECT entry_id FROM discussion WHERE new > 0)",
}
"""What an entry with more than none of them fulfils."""
Part = Literal["", "spoken", "silent"]
_FROM_A = frozenset({"title", "feed"})
"""The orders that begin with the smallest."""
_WALKED = frozenset({"all", "unread", "today", "feed", "folder", "smart"})
"""The scopes whose unread entries are read off the table of what is unread; those of the others are few, or found by
their words, and looked up there."""
_OF_ENTRY_ALONE = re.compile(r"\bentry\.(?!(?:id|feed_id|sort_at)\b)")
"""A column that the table of what is unread has not: only where one is asked for, entries are looked up for it."""
MOST_HITS = 10_000
"""A search that is listed as a scope shows at most these many of its hits, those that arrived last."""
NEWEST = Order()


def query(
    scope: Scope,
    *,
    today_from: int,
    keep: Collection[int],
    limit: int | None,
    now: int | None = None,
    once: bool = False,
    order: Order = NEWEST,
    part: Part = "",
    beginning: Callable[[str, str], str] | None = None,
) -> tuple[str, dict[str, object]]:
    """The statement that lists a scope, or one of the `parts` of it, in an order, ids in its first column, and the
    values to bind.

    Ages in the filter count from `now`, the start of the day when it is left out. With `once` the lists of all and of
    unread entries show an article that several feeds have in the feed that had it first. `beginning` is that of
    `finding`. Raises QueryFault for a filter that is not understood.
    """
    if order.by == "relevance" and scope.kind != "search":
        order = NEWEST
    spoken = _SPOKEN.get(order.by, "")
    if part == "silent":
        order = NEWEST
    values: dict[str, object] = {} if limit is None else {"limit": limit}
    if keep:
        values["keep"] = ids_json(keep)
    conditions = [
        *_of_kind(scope, order, today_from, today_from if now is None else now, values, beginning),
        *_in_the_open(scope, now or today_from),
        *_of_filter(scope.filter, today_from if now is None else now, values),
        *_of_filter(scope.query, today_from if now is None else now, values, "saved"),
    ]
    if once and scope.kind in {"all", "unread"} and not scope.filter:
        conditions.append(f"{_FIRST}{' AND twin.id IN (SELECT id FROM unread)' if scope.kind == 'unread' else ''})")
    if part:
        conditions.append(spoken if part == "spoken" else f"NOT {spoken}")
    columns, ordered = _order(order)
    # Without a limit SQLite sorts at the end, which is faster by half than keeping all in order as they come.
    ordered = f"ORDER BY {ordered}{'' if limit is None else ' LIMIT :limit'}"
    listed = f"SELECT {columns} FROM"
    source = (
        "entry"
        if order.by != "relevance"
        else f"{_scored(scope, today_from if now is None else now, _kept(values))} entry"
    )
    needed = _needed(scope, now or today_from)
    if "unread" not in needed:
        way = _way(scope, order, part, unread=False)
        return f"{listed} {source} {way}WHERE {' AND '.join(conditions)} {ordered}", values
    fulfilled = " AND ".join(conditions)
    if scope.kind in _WALKED and "starred" not in needed:
        way = _way(scope, order, part, unread=True)
        alone = not _OF_ENTRY_ALONE.search(f"{columns} {fulfilled}")
        rows = f"unread AS entry {way}" if alone else f"unread {way}CROSS JOIN entry USING (id, feed_id, sort_at) "
        unread = f"{listed} {rows}WHERE {fulfilled.replace(UNREAD, '1')}"
    else:
        unread = f"{listed} {source} WHERE {UNREAD} AND {fulfilled}"
    if not keep:
        return f"{unread} {ordered}", values
    kept = f"entry.id IN (SELECT value FROM json_each(:keep)) AND {READ} AND {fulfilled}"
    return f"{unread} UNION ALL {listed} {source} WHERE {kept} {ordered}", values


def _needed(scope: Scope, now: int) -> frozenset[str]:
    """Of unread and starred what all that is listed must be, what is kept aside."""
    asked = [parse(text, now=now) for text in (scope.filter, scope.query) if text]
    needed = {state for state in ("unread", "starred") if any(one.needs(Is(state)) for one in asked)}
    return frozenset(needed | ({"unread"} if scope.kind == "unread" or scope.unread_only else set()))


def _order(order: Order) -> tuple[str, str]:
    """The columns that a list is sorted by, and their order."""
    up, down = ("DESC", "ASC") if order.reverse else ("ASC", "DESC")
    if order.by == "date":
        return "id, sort_at", f"sort_at {down}, id {down}"
    if order.by == "arrival":
        return "id, sort_at", f"id {down}"
    if order.by == "relevance":
        return "id, sort_at, place", f"place {up}, sort_at DESC, id DESC"
    place = f"place {up if order.by in _FROM_A else down}"
    return f"id, sort_at, {_PLACES[order.by]} AS place", f"{place}, sort_at DESC, id DESC"


def parts(scope: Scope, order: Order) -> tuple[Part, ...]:
    """The parts that a list is made of, one after the other: in the orders by comments those that have some, gathered
    from the discussions, and all others, which stand there by date and need no sorting."""
    if order.by not in _SPOKEN or scope.kind not in {"all", "unread", "today"}:
        return ("",)
    return ("silent", "spoken") if order.reverse else ("spoken", "silent")


def _way(scope: Scope, order: Order, part: Part, *, unread: bool) -> str:
    """The index to go by where SQLite may guess wrong: it knows how many rows there are, not how much there is to read
    of each. A folder is gathered from its feeds and sorted: walking all entries for it takes long when it is a quiet
    one. What is discussed is looked up by its ids. All entries stand in the table in the order of their arrival."""
    if scope.kind == "folder" or (scope.kind == "feed" and order.by != "date"):
        return f"INDEXED BY {'unread_of_feed' if unread else 'entry_of_feed'} "
    if part == "spoken":
        return "NOT INDEXED "
    if order.by == "date":
        return ""
    if unread:
        return "INDEXED BY unread_newest " if scope.kind in {"unread", "all", "today"} else ""
    if scope.kind == "all":
        return {"arrival": "NOT INDEXED ", "title": ""}.get(order.by, "INDEXED BY entry_newest ")
    return "INDEXED BY entry_starred " if scope.kind == "starred" else ""


def _of_kind(
    scope: Scope,
    order: Order,
    today_from: int,
    now: int,
    values: dict[str, object],
    beginning: Callable[[str, str], str] | None,
) -> Iterator[str]:
    if scope.kind == "feed":
        values["feed"] = scope.feed_id
        yield "feed_id = (SELECT id FROM feed WHERE id = :feed AND removed_at IS NULL)"
        return
    if scope.kind == "folder":
        values |= {"folder": scope.name, "inside": f"{scope.name} / "}
        yield (
            "feed_id IN (SELECT id FROM feed WHERE removed_at IS NULL"
            " AND (folder = :folder OR substr(folder, 1, length(:inside)) = :inside))"
        )
        return
    yield IN_SIGHT if scope.kind in {"all", "unread", "today"} else SUBSCRIBED
    if scope.kind == "starred":
        yield "starred = 1"
    elif scope.kind == "watched":
        yield "id IN (SELECT entry_id FROM discussion WHERE watch_until IS NOT NULL)"
    elif scope.kind == "news":
        kept = " UNION ALL SELECT value FROM json_each(:keep)" if "keep" in values else ""
        yield f"id IN (SELECT entry_id FROM discussion WHERE new > 0{kept})"
    elif scope.kind == "today":
        values["today"] = today_from
        yield "sort_at >= :today"
    elif scope.kind == "search" and order.by == "relevance":
        values |= finding(scope.name, now=now, most=RANKED, kept=_kept(values)).values
        yield "id = entry_id"
    elif scope.kind == "search":
        asked = finding(scope.name, now=now, most=MOST_HITS, kept=_kept(values), placed=False, beginning=beginning)
        values |= asked.values
        ways = [f"SELECT entry_id FROM ({way})" for way in (asked.entries, asked.comments) if way]
        yield f"id IN ({' UNION ALL '.join(ways)})" if ways else "0 = 1"


def _scored(scope: Scope, now: int, kept: str) -> str:
    """The entries that a search finds and how well the best of each fits, to be joined with the table of them. How
    rare a word is, is asked of the whole index; rows are read of the newest hits only."""
    asked = finding(scope.name, now=now, most=RANKED, scored=True, kept=kept)
    ways = [f"SELECT entry_id, score FROM ({way})" for way in (asked.entries, asked.comments) if way]
    hits = " UNION ALL ".join(ways) or "SELECT NULL AS entry_id, 0 AS score"
    return f"(SELECT entry_id, min(score) AS place FROM ({hits}) GROUP BY entry_id) hit CROSS JOIN"


def _in_the_open(scope: Scope, now: int) -> Iterator[str]:
    """What is hidden is listed only where a query asks for it."""
    asked = (parse(text, now=now).asks_for(Is("hidden")) for text in _queries(scope))
    if not any(asked):
        yield SHOWN


def _queries(scope: Scope) -> tuple[str, ...]:
    return (scope.filter, scope.query, scope.name if scope.kind == "search" else "")


def _of_filter(text: str, now: int, values: dict[str, object], name: str = "asked") -> Iterator[str]:
    asked = parse(text, now=now)
    if asked.term is not None:
        condition, bound = condition_of(asked, name, Ground(kept=_kept(values)))
        values |= bound
        yield condition


def _kept(values: dict[str, object]) -> str:
    """The name of what is to stay in the list, "" for nothing."""
    return "keep" if "keep" in values else ""
