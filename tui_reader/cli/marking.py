"""Commands that mark, and the journal that takes everything back: mark, star, tag, tags, journal, undo, redo."""

from __future__ import annotations

from argparse import Namespace

from tui_reader import shapes, text
from tui_reader.cli import output
from tui_reader.cli.main import OK
from tui_reader.cli.scopes import scope_named
from tui_reader.cli.session import Session, clock
from tui_reader.errors import BadInput, NotFound
from tui_reader.library import Library
from tui_reader.model import Change, Scope

SHOWN = 20
"""Titles that a dry run shows."""


async def mark(session: Session, args: Namespace) -> int:
    """Mark entries, or comments, read or unread."""
    named = sum(map(bool, (args.id, args.query, args.feed, args.folder, args.all)))
    if named != 1 or (args.comments and not args.id) or (args.comments and args.dry_run):
        raise BadInput("name what to mark: either numbers, or one of --query, --feed, --folder, --all")
    async with session.library() as library:
        if args.comments:
            return _done(await library.mark_comments(args.id, not args.unread))
        if args.id or args.query:
            ids = await _named(library, args)
        else:
            ids = list(await library.ids(await scope_named(library, args.feed, args.folder)))
        return await _dry(library, ids) if args.dry_run else _done(await library.mark(ids, not args.unread))


async def star(session: Session, args: Namespace) -> int:
    """Star entries, or take the stars away."""
    async with session.library() as library:
        ids = await _named(library, args)
        return await _dry(library, ids) if args.dry_run else _done(await library.star(ids, not args.remove))


async def tag(session: Session, args: Namespace) -> int:
    """Put a tag on entries, or take it off."""
    async with session.library() as library:
        ids = await _named(library, args)
        if args.dry_run:
            return await _dry(library, ids)
        return _done(await (library.untag if args.remove else library.tag)(ids, args.tag))


async def _named(library: Library, args: Namespace) -> list[int]:
    """The entries that are named by their numbers, or by a query."""
    if bool(args.id) == bool(args.query):
        raise BadInput("name the entries: either by numbers or by --query")
    if args.id:
        return await _known(library, args.id)
    if not library.read_only:
        await library.index()  # a query that marks must not pass over what the index lacks
    return list(await library.ids(Scope("all", filter=args.query)))


async def _dry(library: Library, ids: list[int]) -> int:
    """What a dry run has to say: how many, and which are the first."""
    for row in await library.rows(ids[:SHOWN]):
        output.print_line(f"{row.id} {row.title or '(no title)'} · {row.feed_title}")
    more = f", {len(ids) - SHOWN} of them not shown" if len(ids) > SHOWN else ""
    output.print_line(f"{text.plural(len(ids), 'entry')}{more}; nothing was changed (--dry-run)")
    return OK


async def tags(session: Session, args: Namespace) -> int:
    """List the tags in use, the most used first."""
    async with session.library() as library:
        found = await library.tags()
    if args.json:
        output.print_json([{"tag": name, "entries": count} for name, count in found])
    else:
        output.print_table([(str(count), name) for name, count in found], None)
    return OK


async def journal(session: Session, args: Namespace) -> int:
    """List what was done, the last act first."""
    async with session.library() as library:
        acts = await library.journal(args.limit)
    if args.json:
        output.print_json([shapes.act(one) for one in acts])
    else:
        now = clock()
        output.print_table(
            [(str(one.id), text.clock(one.at, now), one.label, "taken back" if one.undone else "") for one in acts],
            None,
        )
    return OK


async def undo(session: Session, args: Namespace) -> int:
    """Take back the last act, or the one that is named, alone or with all that followed."""
    if args.since and not args.act:
        raise BadInput("--since wants the number of an act: `tui-reader journal` lists them")
    async with session.library() as library:
        if args.act:
            return _told(await (library.undo_to if args.since else library.undo_act)(args.act), "taken back")
        return _told(await library.undo(), "taken back")


async def redo(session: Session, args: Namespace) -> int:
    """Do again what was taken back last."""
    async with session.library() as library:
        return _told(await library.redo(), "done again")


def _told(change: Change | None, done: str) -> int:
    output.print_line(
        f"{done}: {change.label}" if change else f"nothing to {'take back' if done[0] == 't' else 'do again'}"
    )
    return OK


async def _known(library: Library, ids: list[int]) -> list[int]:
    """All of the ids, or NotFound: a script that names a wrong one should learn it before anything is marked."""
    found = {row.id for row in await library.rows(ids)}
    missing = [str(one) for one in ids if one not in found]
    if missing:
        raise NotFound(f"there is no entry number {', '.join(missing[:5])}")
    return ids


def _done(change: Change) -> int:
    output.print_line(change.label or "nothing to change")
    return OK
