"""Newsboat's `urls`: one feed a line, its tags behind it, `~` before a title, `!` before what is hidden.

The first tag becomes the folder; all tags stay with the feed, where `tag:` in a query finds them.
"""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from tui_reader import urls
from tui_reader.errors import BadInput
from tui_reader.newsboat import filters
from tui_reader.newsboat.words import words
from tui_reader.text import clean


class Subscription(Struct, frozen=True):
    """One feed of the list; `written` is its address as it stands there, by which the cache knows it."""

    url: str
    written: str
    title: str = ""
    folder: str = ""
    tags: tuple[str, ...] = ()
    hidden: bool = False
    site_url: str = ""


class QueryFeed(Struct, frozen=True):
    """A query feed in our words."""

    name: str
    query: str


class Listed(Struct, frozen=True):
    """What the list holds, each address once, and what was left out, as (what, why)."""

    feeds: tuple[Subscription, ...] = ()
    queries: tuple[QueryFeed, ...] = ()
    skipped: tuple[tuple[str, str], ...] = ()


def read(document: str) -> Listed:
    """Read a list of feeds; a line that is not understood is left out and told."""
    feeds: dict[str, Subscription] = {}
    queries: dict[str, QueryFeed] = {}
    skipped: list[tuple[str, str]] = []
    for line in document.splitlines():
        written = words(line)
        if not written:
            continue
        address, *tags = written
        shown = clean(address, limit=80)
        if address.startswith("query:"):
            _query(address, queries, skipped)
        elif address.startswith(("exec:", "filter:")):
            skipped.append((shown, "it runs a program, which an import never does"))
        else:
            try:
                found = _feed(address, tags)
            except BadInput as error:
                skipped.append((shown, str(error)))
                continue
            if found.url in feeds:
                skipped.append((shown, "listed twice"))
                found = replace(feeds[found.url], tags=tuple(dict.fromkeys((*feeds[found.url].tags, *found.tags))))
            feeds[found.url] = found
    return Listed(tuple(feeds.values()), tuple(queries.values()), tuple(skipped))


def _feed(address: str, marks: list[str]) -> Subscription:
    title = next((clean(mark[1:]) for mark in marks if mark.startswith("~")), "")
    tags = tuple(dict.fromkeys(tag for mark in marks if mark[:1] not in {"~", "!"} and (tag := clean(mark))))
    hidden = any(mark.startswith("!") for mark in marks)
    return Subscription(urls.normalise_input(address), address, title, tags[0] if tags else "", tags, hidden)


def _query(written: str, queries: dict[str, QueryFeed], skipped: list[tuple[str, str]]) -> None:
    _, _, rest = written.partition(":")
    name, _, expression = rest.partition(":")
    name = clean(name) or "Query"
    try:
        queries[name.casefold()] = QueryFeed(name, filters.translated(expression))
    except filters.Untranslatable as why:
        skipped.append((f"query feed “{name}”", f"{why}: {clean(expression, limit=200)}"))
