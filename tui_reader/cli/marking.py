"""Commands that mark: mark, star, tag. The reader's undo takes them back like its own."""

from __future__ import annotations

from argparse import Namespace

from tui_reader.cli import output
from tui_reader.cli.main import OK
from tui_reader.cli.scopes import scope_named
from tui_reader.cli.session import Session
from tui_reader.errors import BadInput, NotFound
from tui_reader.library import Library
from tui_reader.model import Change


async def mark(session: Session, args: Namespace) -> int:
    """Mark entries, or comments, read or unread."""
    named = sum(map(bool, (args.id, args.feed, args.folder, args.all)))
    if named != 1 or (args.comments and not args.id):
        raise BadInput("name what to mark: either numbers, or one of --feed, --folder, --all")
    async with session.library() as library:
        if args.comments:
            return _done(await library.mark_comments(args.id, not args.unread))
        ids = (
            await _known(library, args.id)
            if args.id
            else await library.ids(await scope_named(library, args.feed, args.folder))
        )
        return _done(await library.mark(ids, not args.unread))


async def star(session: Session, args: Namespace) -> int:
    """Star entries, or take the stars away."""
    async with session.library() as library:
        return _done(await library.star(await _known(library, args.id), not args.remove))


async def tag(session: Session, args: Namespace) -> int:
    """Put a tag on entries, or take it off."""
    async with session.library() as library:
        ids = await _known(library, args.id)
        return _done(await (library.untag if args.remove else library.tag)(ids, args.tag))


async def tags(session: Session, args: Namespace) -> int:
    """List the tags in use, the most used first."""
    async with session.library() as library:
        found = await library.tags()
    if args.json:
        output.print_json([{"tag": name, "entries": count} for name, count in found])
    else:
        output.print_table([(str(count), name) for name, count in found], None)
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
