"""Smart feeds: what the list shows, kept under a name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_reader.errors import BadInput
from tui_reader.model import Scope
from tui_reader.query import QueryFault
from tui_reader.tui.asking import query_of

if TYPE_CHECKING:
    from tui_reader.tui.main import Main


async def save(main: Main, count: int | None, given: str = "") -> None:
    """Keep what the list shows, its filter included, as a smart feed; the query can be changed before it is kept,
    unless its name is given."""
    query = query_of(main.view.scope)
    asked: str | None = query
    if given and not query:
        main.say(f"all articles are listed: {main.keys.hint('find.here')} first, then there is something to keep")
        return
    if not given:
        asked = await main.dialogs.ask("query", query, placeholder="what it asks; docs/query.md")
    while asked is not None and asked.strip():
        query = asked.strip()
        name, given = given or await main.dialogs.ask("its name", main.view.scope.filter or query), ""
        if not name or not name.strip():
            return
        try:
            change = await main.library.save_smart(name.strip(), query)
        except (QueryFault, BadInput) as error:
            asked = await main.dialogs.ask("query", query, fault=str(error))
            continue
        main.did(change)
        await main.ask_feeds()
        scope = Scope("smart", name.strip(), query=query)
        if main.feeds.go(scope):
            await main.open_scope(scope)
        return
