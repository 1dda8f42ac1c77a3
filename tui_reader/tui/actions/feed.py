"""Subscriptions: adding, naming, moving, removing, taking them in and out as OPML."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from tui_reader import feed_settings, text, urls
from tui_reader.errors import BadInput, Offline, Refused
from tui_reader.model import Feed, ImportReport, Scope, SmartFeed
from tui_reader.query import QueryFault
from tui_reader.tui import chosen, titles
from tui_reader.tui.panes.feeds import Node
from tui_reader.tui.tasks import Doing
from tui_reader.tui.view import Pane

if TYPE_CHECKING:
    from tui_reader.tui.main import Main


# ---------------------------------------------------------------- going


def next_(main: Main, count: int | None) -> Doing:
    return _go(main, count or 1)


def previous(main: Main, count: int | None) -> Doing:
    return _go(main, -(count or 1))


def _go(main: Main, steps: int) -> Doing:
    scope = main.feeds.neighbour(main.view.scope, steps)
    if scope is None:
        return None
    main.feeds.go(scope)
    return main.open_scope(scope)


def fold(main: Main, count: int | None) -> None:
    """Fold or unfold the folder; from a feed go to its articles."""
    if main.feeds.current is not None and main.feeds.current.kind == "folder":
        main.feeds.toggle()
    else:
        main.show(main.view.focused(Pane.ENTRIES))


# ---------------------------------------------------------------- adding


async def add(main: Main, count: int | None, given: str = "") -> None:
    """Subscribe to an address. A page with several feeds lets choose; a refusal shows the server's own words."""
    address, fault = "", ""
    node = main.feeds.current
    folder = node.scope.name if node is not None and node.kind == "folder" and node.scope is not None else ""
    while True:
        answer: str | None = given
        if not given:
            answer = await main.dialogs.ask(
                "add feed", address, fault=fault, placeholder="the address of a feed or of any page"
            )
        given = ""
        if not answer or not answer.strip():
            return
        address = answer.strip()
        main.say(f"asking {urls.short(address, 60)} …")
        try:
            await _add(main, address, folder)
        except Refused as error:
            fault = f"{error}{_words(error)}"
        except (BadInput, Offline) as error:
            fault = str(error)
        else:
            return


def _words(error: Refused) -> str:
    """What the server said, as it said it, when it said something."""
    status = f" ({error.status})" if error.status and error.status != 200 else ""
    return f"{status}: “{text.cut(error.words, 120)}”" if error.words else status


async def _add(main: Main, address: str, folder: str) -> None:
    from tui_reader.library import Choice

    outcome = await main.library.add(address, folder=folder)
    if isinstance(outcome, Choice):
        offered = outcome.candidates
        rows = [(one.title or urls.short(one.url, 60), urls.short(one.url, 60)) for one in offered]
        chosen = await main.dialogs.choose(
            f"{urls.host(outcome.page)} offers {text.plural(len(offered), 'feed')}", rows
        )
        if chosen is None:
            main.say("nothing was added")
            return
        outcome = await main.library.add(offered[chosen].url, folder=folder)
        if isinstance(outcome, Choice):
            main.say("that address is another page, not a feed; nothing was added")
            return
    feed: Feed = outcome.feed
    await main.ask_feeds()
    if main.feeds.go(scope := main.feeds.scope_of(feed)):
        await main.open_scope(scope)
        main.show(main.view.focused(Pane.ENTRIES))
    arrived = text.plural(outcome.result.new, "article") if outcome.result is not None else ""
    main.say(f"{feed.title} is there already" if outcome.present else f"{feed.title} added · {arrived}")


async def import_(main: Main, count: int | None, given: str = "") -> None:
    """Subscribe to what an OPML file lists."""
    answer, fault = "", ""
    while True:
        asked = given or await main.dialogs.ask("import OPML", answer, fault=fault, placeholder="the file's path")
        answer, given = asked or "", ""
        if not answer.strip():
            return
        path = Path(answer.strip()).expanduser()
        try:
            report = await main.library.import_opml(await asyncio.to_thread(path.read_bytes))
        except OSError as error:
            fault = f"{path}: {error.strerror or 'cannot be read'}"
        except BadInput as error:
            fault = str(error)
        else:
            main.say(_reported(report, main.keys.hint("refresh.all", "fetches them")))
            return


def _reported(report: ImportReport, hint: str) -> str:
    parts = [f"{text.plural(len(report.added), 'feed')} added"]
    if report.present:
        parts.append(f"{len(report.present)} already there")
    if report.skipped:
        what, why = report.skipped[0]
        parts.append(f"{len(report.skipped)} skipped ({text.cut(what, 30)}: {why})")
    return " · ".join([*parts, hint])


async def export(main: Main, count: int | None, given: str = "") -> None:
    """Write all subscriptions to a new OPML file; an existing file is never overwritten."""
    answer, fault = "subscriptions.opml", ""
    while True:
        answer, given = given or await main.dialogs.ask("export OPML to", answer, fault=fault) or "", ""
        if not answer.strip():
            return
        path = Path(answer.strip()).expanduser()
        try:
            await asyncio.to_thread(_write_new, path, await main.library.export_opml())
        except FileExistsError:
            fault = f"{path} exists; name another file"
        except OSError as error:
            fault = f"{path}: {error.strerror or 'cannot be written'}"
        else:
            main.say(f"{text.plural(len(main.feeds.feeds), 'feed')} written to {path}")
            return


def _write_new(path: Path, document: bytes) -> None:
    with path.open("xb") as file:
        file.write(document)


# ---------------------------------------------------------------- changing


async def rename(main: Main, count: int | None, given: str = "") -> None:
    """A feed gets the user's own name ("" brings its own back), a folder another."""
    node = _chosen(main)
    if node is None:
        return
    if node.kind == "folder" and node.scope is not None:
        old = node.scope.name
        name = given or await main.dialogs.ask("rename folder", old)
        if name is not None and name.strip() and name.strip() != old:
            main.did(await main.library.rename_folder(old, name.strip()))
    elif node.saved is not None:
        name = given or await main.dialogs.ask("rename smart feed", node.label)
        if name is not None and name.strip():
            main.did(await main.library.rename_smart(node.saved.id, name.strip()))
    elif node.feed is not None:
        name = given or await main.dialogs.ask(
            "rename feed", node.feed.title, placeholder="empty: the feed's own title"
        )
        if name is not None:
            main.did(await main.library.rename(node.feed.id, name.strip()))


async def move(main: Main, count: int | None, given: str = "") -> None:
    """Into a folder, a new one too; an empty answer is the top level."""
    node = _chosen(main)
    if node is None or node.feed is None:
        return
    folders = sorted({feed.folder for feed in main.feeds.feeds if feed.folder})
    known = f"one of: {', '.join(folders)}, or a new one; empty: no folder" if folders else "a new folder's name"
    folder = given or await main.dialogs.ask("move to folder", node.feed.folder, placeholder=known)
    if folder is not None:
        main.keys.answered(folder)
        main.did(await main.library.move(node.feed.id, folder.strip()))


async def address(main: Main, count: int | None, given: str = "") -> None:
    """Another address for the same feed; its articles stay. Another query for a smart feed."""
    node = _chosen(main)
    if node is not None and node.saved is not None:
        await _ask_query(main, node.saved, given)
        return
    if node is None or node.feed is None:
        return
    url, fault = node.feed.url, ""
    while True:
        answer, given = given or await main.dialogs.ask("address", url, fault=fault), ""
        if not answer or answer.strip() == node.feed.url:
            return
        url = answer.strip()
        try:
            main.did(await main.library.set_url(node.feed.id, url))
        except BadInput as error:
            fault = str(error)
        else:
            return


async def remove(main: Main, count: int | None) -> None:
    """Unsubscribe from a feed, or from all of a folder. Undo brings them back."""
    node = _chosen(main)
    if node is None:
        return
    if node.saved is not None:
        main.did(await main.library.remove_smart(node.saved.id))
        return
    main.did(await main.library.remove(chosen.feeds(main)))


async def settings(main: Main, count: int | None) -> None:
    """What is set for the feed alone, or for all feeds of the folder; enter changes a line, escape ends it."""
    ids = chosen.feeds(main)
    if not ids:
        main.say("no feed is chosen")
        return
    place: int | None = 0
    while place is not None:
        feed = next((one for one in main.feeds.feeds if one.id == ids[0]), None)
        if feed is None:
            return
        listed = feed_settings.shown(feed.own)
        who = feed.title if len(ids) == 1 else text.plural(len(ids), "feed")
        rows = [(text.pad(name, 13), f"{value or 'as usual'} · {sentence}") for name, value, sentence in listed]
        place = await main.dialogs.choose(f"Set for {who} alone", rows)
        if place is not None:
            name, value, _ = listed[place]
            await _set(main, ids, name, "" if name == "header" else value)


async def _set(main: Main, ids: tuple[int, ...], name: str, value: str) -> None:
    setting = feed_settings.SETTINGS[name]
    written: str | None = value.removesuffix(" articles").removesuffix(" article") if name == "keep" else value
    fault = ""
    while True:
        example = f"as {setting.example}; empty: as usual"
        written = await main.dialogs.ask(name, written or "", fault=fault, placeholder=example)
        if written is None:
            return
        try:
            main.did(await main.library.set_feed(ids, name, written))
        except BadInput as error:
            fault = str(error)
        else:
            await main.ask_feeds()
            return


async def hide(main: Main, count: int | None) -> None:
    """Leave the feed, or all of the folder, out of All, Unread and Today; queries find it all the same."""
    ids = chosen.feeds(main)
    if not ids:
        main.say("no feed is chosen")
        return
    seen = [feed for feed in main.feeds.feeds if feed.id in ids and not feed.hidden]
    main.did(await main.library.hide(ids, bool(seen)))


async def _ask_query(main: Main, saved: SmartFeed, given: str) -> None:
    query: str | None = saved.query
    fault = ""
    while True:
        query = given or await main.dialogs.ask(
            "query", query or "", fault=fault, placeholder="what it asks; docs/query.md"
        )
        given = ""
        if query is None or not query.strip():
            return
        try:
            main.did(await main.library.save_smart(saved.name, query.strip()))
        except QueryFault as error:
            fault = str(error)
        else:
            await main.ask_feeds()
            await main.open_scope(Scope("smart", saved.name, query=query.strip()))
            return


def _chosen(main: Main) -> Node | None:
    node = main.feeds.current
    if node is None or node.kind not in {"feed", "folder", "saved"}:
        main.say("put the cursor on a feed, a folder or a smart feed of yours first")
        return None
    return node


def mark_read(main: Main, count: int | None) -> Coroutine[Any, Any, None] | None:
    """Everything in the feed, the folder or the smart feed under the cursor; elsewhere in the article's feed."""
    node, row = main.feeds.current, chosen.row(main)
    if main.view.pane is Pane.FEEDS and node is not None and node.scope is not None:
        return _mark_scope(main, node.scope)
    return _mark_scope(main, Scope("feed", row.feed_title, row.feed_id)) if row is not None else None


def mark_folder_read(main: Main, count: int | None) -> Coroutine[Any, Any, None] | None:
    """Everything in the folder that the feed is in."""
    chosen_feeds = set(chosen.feeds(main))
    folder = next((feed.folder for feed in main.feeds.feeds if feed.id in chosen_feeds), "")
    if not folder:
        main.say("this feed is in no folder")
        return None
    return _mark_scope(main, Scope("folder", folder))


async def _mark_scope(main: Main, scope: Scope) -> None:
    """Mark read what is unread there now; what arrives meanwhile stays unread."""
    ids = await main.library.ids(replace(scope, unread_only=True))
    main.entries.keep.update(ids)
    change = await main.library.mark(ids, True)
    name = titles.entries(scope)
    if change.label:
        main.say(f"{change.label} in {name} · {main.keys.hint('act.undo')}")
    else:
        main.say(f"all is read in {name}")
