"""Commands that read: list, show, search."""

from __future__ import annotations

import asyncio
import sys
from argparse import Namespace
from collections.abc import Sequence

from msgspec.structs import replace

from tui_reader import shapes, text
from tui_reader.cli import output
from tui_reader.cli.main import OK
from tui_reader.cli.scopes import few_indexed, narrowed, scope_named
from tui_reader.cli.session import Session, clock, columns, tell
from tui_reader.errors import NotFound
from tui_reader.exporting import Format, export
from tui_reader.library import Library
from tui_reader.model import Entry, EntryRow, Order, Scope

ON_A_TERMINAL = 50
"""Entries that `list` prints on a terminal when no limit is given; a script gets all."""
WIDEST = 80
_TOGETHER = 200


async def list_(session: Session, args: Namespace) -> int:
    """List entries in the order asked for."""
    on_terminal = sys.stdout.isatty() and not args.json
    limit = args.limit if args.limit is not None else ON_A_TERMINAL if on_terminal else 0
    async with session.library() as library:
        if args.query:
            await few_indexed(library)
        scope = narrowed(await _scope(library, args), unread=args.unread, words=" ".join(args.query))
        ids = await library.ids(scope, limit=args.limit or None, order=Order(args.sort, args.reverse))
        shown = ids[:limit] if limit else ids
        if args.json:
            output.print_json([shapes.entry(one) for one in await _entries(library, shown)])
            return OK
        rows = await library.rows(shown)
    if rows:
        now = clock()
        output.print_table([_line(row, now) for row in rows], columns(1000) if on_terminal else None)
    if args.limit is None and len(shown) < len(ids):
        which = "newest" if args.sort == "date" and not args.reverse else "first"
        tell([f"the {which} {len(shown)} of {len(ids)}; --limit 0 lists all"])
    return OK


async def _scope(library: Library, args: Namespace) -> Scope:
    if args.starred or args.today:
        return Scope("starred" if args.starred else "today")
    return await scope_named(library, args.feed, args.folder)


async def _entries(library: Library, ids: Sequence[int]) -> list[Entry]:
    """The entries with their bodies; one that another process removed meanwhile is left out."""
    found: list[Entry] = []
    for start in range(0, len(ids), _TOGETHER):
        asked = (library.entry(entry_id) for entry_id in ids[start : start + _TOGETHER])
        for answer in await asyncio.gather(*asked, return_exceptions=True):
            if isinstance(answer, Entry):
                found.append(answer)
            elif not isinstance(answer, NotFound):
                raise answer
    return found


def _line(row: EntryRow, now: int) -> tuple[str, ...]:
    marks = ("★" if row.starred else " ") + ("●" if not row.read else " ")
    count = row.comments if row.comments is not None else row.comments_stored
    said = f"{count or ''}{f' +{row.comments_new}' if row.comments_new else ''}"
    title = row.title or "(no title)"
    return (str(row.id), marks, text.age(row.sort_at, now), said, text.cut(row.feed_title, 20), title)


async def show(session: Session, args: Namespace) -> int:
    """Print an entry as text, Markdown, HTML or JSON."""
    async with session.library() as library:
        entry = await library.entry(args.id)
        if args.full_text and (entry.full is None or entry.full.error):
            await library.full_text(args.id)
            entry = await library.entry(args.id)
    if args.feed_text:
        entry = replace(entry, full=None)
    if args.json or args.format == "json":
        output.print_json(shapes.whole_entry(entry))
    else:
        format = Format("txt" if args.format == "text" else args.format)
        when = text.clock(entry.row.published, clock()) if entry.row.published is not None else "no date"
        output.print_block(export(entry, format, when, columns=columns(WIDEST)))
    return OK


async def search(session: Session, args: Namespace) -> int:
    """Search entries and comments."""
    async with session.library() as library:
        await few_indexed(library)
        hits = await library.search(" ".join(args.words), limit=args.limit or 1_000_000, ranked=args.rank)
        if args.json:
            found = {one.row.id: one for one in await _entries(library, list({hit.row.id: 0 for hit in hits}))}
            output.print_json([shapes.hit(one, found[one.row.id]) for one in hits if one.row.id in found])
            return OK
        missing = await library.unindexed()
    if missing:
        tell([f"index: {missing:,} to go, which cannot be found yet; the open reader and `refresh` complete it"])
    if not hits:
        tell(["nothing was found"])
        return OK
    now, width = clock(), columns(1000) if sys.stdout.isatty() else 1000
    for hit in hits:
        where = f" · comment #{hit.comment_id}" if hit.comment_id is not None else ""
        head = (
            f"{hit.row.id}  {hit.row.title or '(no title)'} · {hit.row.feed_title} · {text.age(hit.row.sort_at, now)}"
        )
        output.print_line(text.cut(text.clean(head + where), width))
        output.print_block(text.cut("    " + text.clean(hit.snippet), width))
    return OK
