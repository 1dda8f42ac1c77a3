"""Commands about discussions: thread, discussions, watch, unwatch."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Iterable

from tui_reader import shapes, text
from tui_reader.cli import output
from tui_reader.cli.main import OK, TROUBLE
from tui_reader.cli.session import Session, clock, columns, tell
from tui_reader.discussion.export import as_markdown, as_mbox, as_text
from tui_reader.errors import NotFound
from tui_reader.library import Library
from tui_reader.model import Discussion, EntryRow, Scope

WIDEST = 80
NEWS, WATCHED = Scope("news"), Scope("watched")


async def thread(session: Session, args: Namespace) -> int:
    """Print a discussion: what is stored, fetched first when it never was or when asked to."""
    async with session.library() as library:
        entry = await library.entry(args.id)
        stored = await library.thread(args.id)
        never = all(place.poll.checked_at is None for place in stored.discussions)
        message, failed = "", False
        if args.refresh or (never and not session.offline):
            looked = await library.look(args.id, force=args.refresh)
            message, failed = looked.message, looked.failed
        if args.back_fill:
            looked = await library.back_fill(args.id)
            message, failed = looked.message, looked.failed
        stored = await library.thread(args.id)
    match "json" if args.json else args.format:
        case "json":
            output.print_json(shapes.thread(stored, entry, message))
        case "md":
            output.print_block(as_markdown(stored, entry, clock()).rstrip("\n"))
        case "mbox":
            sys.stdout.buffer.write(as_mbox(stored, entry))
            sys.stdout.buffer.flush()
        case _:
            output.print_block(as_text(stored, entry, clock(), columns(WIDEST)).rstrip("\n"))
    if message and not args.json:
        tell([f"{entry.row.title or 'its discussion'}: {message}"])
    return TROUBLE if failed else OK


async def discussions(session: Session, args: Namespace) -> int:
    """List articles whose discussion has something new, or that are watched, newest first."""
    async with session.library() as library:
        scopes = [scope for scope, other in ((NEWS, args.watched), (WATCHED, args.new)) if not other]
        ids: dict[int, None] = {}
        for scope in scopes or (NEWS, WATCHED):
            ids |= dict.fromkeys(await library.ids(scope))
        rows = await library.rows(sorted(ids, reverse=True))
        found = [(row, (await library.thread(row.id)).discussions) for row in rows]
    found.sort(key=lambda one: -one[0].sort_at)
    if args.json:
        output.print_json([shapes.talked_about(row, places) for row, places in found])
    elif found:
        now = clock()
        output.print_table([_line(row, places, now) for row, places in found], columns(1000))
    else:
        tell(["nothing new in any discussion" if args.new else "no discussion is watched or has news"])
    return OK


def _line(row: EntryRow, places: Iterable[Discussion], now: int) -> list[str]:
    nexts = [one.watch_at for one in places if one.watch_until is not None and one.watch_at]
    return [
        str(row.id),
        f"+{row.comments_new}" if row.comments_new else "",
        str(row.comments_stored),
        f"watched, next look {text.clock(min(nexts), now)}" if nexts else "watched" if row.watched else "",
        row.title or "(no title)",
    ]


async def watch(session: Session, args: Namespace) -> int:
    """Watch the discussions of articles: they are looked at by `refresh` and by the open reader."""
    async with session.library() as library:
        for entry_id in args.id:
            for one in await _of(library, entry_id):
                await library.watch(one.id, days=args.days)
    return OK


async def unwatch(session: Session, args: Namespace) -> int:
    """Watch them no longer."""
    async with session.library() as library:
        for entry_id in args.id:
            for one in await _of(library, entry_id):
                if one.watch_until is not None:
                    await library.unwatch(one.id)
    return OK


async def _of(library: Library, entry_id: int) -> list[Discussion]:
    """The discussions of an entry that can be watched. Raises NotFound when there is none."""
    title = (await library.entry(entry_id)).row.title or f"article {entry_id}"
    found = [one for one in (await library.thread(entry_id)).discussions if one.url]
    if not found:
        raise NotFound(f"{text.clean(title)} has no discussion that could be watched")
    return found
