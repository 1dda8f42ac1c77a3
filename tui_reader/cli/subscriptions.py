"""Commands about what is subscribed: add, remove, rename, move, address, feeds, import, export."""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile

from tui_reader import feed_settings, shapes, text
from tui_reader.cli import output
from tui_reader.cli.main import CHOOSE, OK
from tui_reader.cli.session import Session, clock, columns, tell
from tui_reader.errors import BadInput, NotFound
from tui_reader.library import Added, Choice
from tui_reader.model import Change, Feed


async def add(session: Session, args: Namespace) -> int:
    """Subscribe; a page that offers several feeds is answered with their list."""
    async with session.library() as library:
        answer = await library.add(
            args.url, folder=text.clean(args.folder), title=text.clean(args.title), settings=_pairs(args.set)
        )
    if isinstance(answer, Choice):
        return _choose(answer, as_json=args.json)
    if args.json:
        output.print_json(
            {"added": not answer.present, "feed": shapes.feed(answer.feed), "page": None, "candidates": []}
        )
    else:
        output.print_line(_added(answer))
    return OK


def _added(answer: Added) -> str:
    feed = answer.feed
    if answer.present:
        return f"{feed.title} is subscribed already, as number {feed.id}"
    fault = f"; {answer.result.message}" if answer.result is not None and answer.result.message else ""
    return f"{feed.title} added as number {feed.id}: {text.plural(feed.entries, 'entry')}{fault}"


def _choose(answer: Choice, *, as_json: bool) -> int:
    if as_json:
        candidates = [shapes.candidate(one) for one in answer.candidates]
        output.print_json({"added": False, "feed": None, "page": answer.page, "candidates": candidates})
    else:
        output.print_table([(one.url, one.title) for one in answer.candidates], None)
        tell([f"that page offers {text.plural(len(answer.candidates), 'feed')}: add one of these addresses"])
    return CHOOSE


async def remove(session: Session, args: Namespace) -> int:
    """Unsubscribe from all that are named, or, if one of them is unknown, from none."""
    async with session.library() as library:
        ids = {(await library.find(name)).id for name in args.feed}
        return _done(await library.remove(ids))


async def rename(session: Session, args: Namespace) -> int:
    """Give a feed or a folder another name."""
    title = text.clean(args.title)
    async with session.library() as library:
        if args.folder:
            return _done(await library.rename_folder(args.feed, title))
        return _done(await library.rename((await library.find(args.feed)).id, title))


async def move(session: Session, args: Namespace) -> int:
    """Put feeds into a folder."""
    async with session.library() as library:
        for feed in [await library.find(name) for name in args.feed]:
            _done(await library.move(feed.id, text.clean(args.folder)))
    return OK


async def address(session: Session, args: Namespace) -> int:
    """Change a feed's address."""
    async with session.library() as library:
        return _done(await library.set_url((await library.find(args.feed)).id, args.url))


async def full_text(session: Session, args: Namespace) -> int:
    """Have a feed read in full, or as it is."""
    async with session.library() as library:
        return _done(await library.always_in_full((await library.find(args.feed)).id, not args.off))


async def feed(session: Session, args: Namespace) -> int:
    """Change what is set for one feed, all or nothing, or show it."""
    async with session.library() as library:
        known = await library.find(args.feed)
        wanted = _pairs(args.set)
        for name, value in wanted:
            feed_settings.change(name, value, known.own)
        for name, value in wanted:
            done = await library.set_feed((known.id,), name, value)
            if not args.json:
                _done(done)
        known = await library.feed(known.id)
    if args.json:
        output.print_json(shapes.feed(known))
    elif not wanted:
        rows = feed_settings.shown(known.own)
        output.print_table([(name, value or "as usual", sentence) for name, value, sentence in rows], None)
    return OK


def _pairs(written: list[str]) -> list[tuple[str, str]]:
    """The NAME=VALUE of `--set`."""
    if any("=" not in one for one in written):
        raise BadInput("--set wants NAME=VALUE")
    return [(name, value) for name, _, value in (one.partition("=") for one in written)]


async def hide(session: Session, args: Namespace) -> int:
    """Leave feeds out of All and Unread, or no longer."""
    async with session.library() as library:
        return _done(await library.hide({(await library.find(name)).id for name in args.feed}, not args.off))


async def smart(session: Session, args: Namespace) -> int:
    """List the smart feeds, keep a query as one, or forget one."""
    async with session.library() as library:
        if args.name and args.query:
            return _done(await library.save_smart(args.name, " ".join(args.query)))
        known = await library.smart_feeds()
        if args.name:
            found = next((one for one in known if one.name.casefold() == args.name.casefold()), None)
            if found is None:
                raise NotFound(f"there is no smart feed “{text.clean(args.name)}”")
            if args.remove:
                return _done(await library.remove_smart(found.id))
            known = (found,)
    if args.json:
        output.print_json([shapes.smart_feed(one) for one in known])
    else:
        output.print_table([(str(one.unread), one.name, one.query) for one in known], None)
    return OK


def _done(change: Change) -> int:
    output.print_line(change.label or "nothing to change")
    return OK


async def feeds(session: Session, args: Namespace) -> int:
    """List the subscriptions."""
    async with session.library() as library:
        known = await library.feeds()
    if args.json:
        output.print_json([shapes.feed(feed) for feed in known])
    elif known:
        output.print_table([_row(feed) for feed in known], columns(1000) if sys.stdout.isatty() else None)
    else:
        tell(["no feeds yet: `tui-reader add URL` subscribes to one"])
    return OK


def _row(feed: Feed) -> tuple[str, ...]:
    poll = feed.poll
    trouble = f"⚠ {poll.error}" if poll.error else ""
    if not trouble and poll.next_at is not None:
        trouble = f"next {text.clock(poll.next_at, clock())}, {poll.next_why}"
    return (str(feed.id), str(feed.unread), str(feed.entries), feed.folder, feed.title, trouble, feed.url)


async def import_(session: Session, args: Namespace) -> int:
    """Subscribe to all feeds of an OPML file, or of newsboat, all or none."""
    if args.newsboat or args.config_dir or args.cache or args.write_config:
        if args.file:
            raise BadInput("name either an OPML file or --newsboat")
        return await _import_newsboat(session, args)
    if not args.file:
        raise BadInput("name an OPML file, or --newsboat")
    try:
        document = sys.stdin.buffer.read() if args.file == "-" else Path(args.file).expanduser().read_bytes()
    except OSError as error:
        raise BadInput(f"{args.file}: {(error.strerror or 'cannot be read').lower()}") from error
    async with session.library() as library:
        report = await library.import_opml(document)
    if args.json:
        output.print_json(shapes.report(report))
        return OK
    hint = "; `tui-reader refresh` fetches them" if report.added else ""
    output.print_line(f"{text.plural(len(report.added), 'feed')} added, {len(report.present)} already there{hint}")
    tell(f"skipped {what}: {why}" for what, why in report.skipped)
    return OK


async def _import_newsboat(session: Session, args: Namespace) -> int:
    written: Path | None = args.write_config
    if written is not None and written.expanduser().exists():
        raise BadInput(f"{written} exists; nothing was imported, name a new file")
    async with session.library() as library:
        report = await library.import_newsboat(os.environ, args.config_dir, args.cache)
    if written is not None and report.settings:
        write_whole(written.expanduser(), report.settings.encode())
    if args.json:
        output.print_json(shapes.newsboat_report(report))
        return OK
    hint = "; `tui-reader refresh` fetches what is new" if report.added else ""
    output.print_line(f"{text.plural(len(report.added), 'feed')} added, {len(report.present)} already there{hint}")
    marks = f"{report.read} read and {report.starred} flagged there"
    output.print_line(f"{text.plural(report.entries, 'article')} brought; {marks}")
    if report.smart:
        output.print_line(f"smart feeds made: {', '.join(report.smart)}")
    tell(f"not taken: {what}: {why}" for what, why in report.left)
    if report.settings and written is None:
        output.print_line(f"its keys and settings, for {session.config_path}:")
        output.print_block(f"\n{report.settings}")
    return OK


async def export(session: Session, args: Namespace) -> int:
    """Write the subscriptions as OPML; a file is replaced as a whole or not at all."""
    async with session.library() as library:
        document = await library.export_opml()
    if args.file == "-":
        sys.stdout.buffer.write(document)
        sys.stdout.buffer.flush()
        return OK
    write_whole(Path(args.file).expanduser(), document)
    return OK


def write_whole(path: Path, document: bytes) -> None:
    """Write a file so that at every moment it holds either what it held or the new document. Raises BadInput."""
    try:
        with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
            try:
                file.write(document)
                file.flush()
                os.fsync(file.fileno())
                Path(file.name).chmod(path.stat().st_mode & 0o777 if path.exists() else 0o644)
                Path(file.name).replace(path)
            except BaseException:
                with suppress(OSError):
                    Path(file.name).unlink()
                raise
    except OSError as error:
        raise BadInput(f"{path}: {(error.strerror or 'cannot be written').lower()}") from error
