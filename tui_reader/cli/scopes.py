"""Which entries the options of a command name."""

from __future__ import annotations

from msgspec.structs import replace

from tui_reader import text
from tui_reader.errors import NotFound
from tui_reader.library import Library
from tui_reader.model import Scope

SOON_INDEXED = 1_000
"""Entries and comments that a query puts into the index first; more of them are done behind, and told of."""


async def few_indexed(library: Library) -> None:
    """Have the words of what came last found: put it into the index, unless that is much."""
    if not library.read_only and 0 < await library.unindexed() <= SOON_INDEXED:
        await library.index()


async def scope_named(library: Library, feed: str | None, folder: str | None) -> Scope:
    """The entries of a feed or of a folder with those inside it, else all. Raises NotFound."""
    if feed:
        return Scope("feed", feed_id=(await library.find(feed)).id)
    if not folder:
        return Scope("all")
    name = folder.strip()
    if not any(one.folder == name or one.folder.startswith(f"{name} / ") for one in await library.feeds()):
        raise NotFound(f"there is no folder “{text.clean(name)}”")
    return Scope("folder", name=name)


def narrowed(scope: Scope, *, unread: bool, words: str) -> Scope:
    """Of these entries the unread ones, and those with all of the words."""
    if unread and scope.kind == "all":
        return Scope("unread", filter=words)
    return replace(scope, filter=words, unread_only=unread)
