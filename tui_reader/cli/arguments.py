"""What can be written on the command line.

Only argparse is needed to read it, so that `--version`, `--help` and a typing mistake are answered at once: a command
names its family (a module of this package) and its verb (a function there), which are imported when it runs.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

from tui_reader import __version__

_EPILOG = "Without a command the reader's screen opens. Exit codes and JSON fields: docs/cli.md."


_NO_COMMAND = {"command": "", "family": "screen", "verb": "screen", "quiet": False}

SORTS = ("date", "arrival", "title", "feed", "comments", "new")
"""What a list can be sorted by; `new` is the number of new comments."""


class _Parser(argparse.ArgumentParser):
    """Faults as one line; what the user typed may hold anything, so it is cleaned first."""

    def error(self, message: str) -> NoReturn:
        from tui_reader.text import clean

        unknown = re.match(r"argument COMMAND: invalid choice: ('.*?')", message)
        said = f"there is no command {unknown[1]}" if unknown else message
        self.exit(2, f"{self.prog}: {clean(said)} (--help tells more)\n")


def parse(argv: Sequence[str]) -> argparse.Namespace:
    """Read the command line. Raises SystemExit for `--help`, `--version` (code 0) and for mistakes (code 2)."""
    # Most starts open the screen, which is not to wait until fifty commands are described.
    with suppress(argparse.ArgumentError):
        args, rest = _screen().parse_known_args(argv)
        if not rest:
            return args
    return _parser().parse_args(argv)


def _number(written: str) -> int:
    if written.isascii() and written.isdigit() and len(written) < 19:
        return int(written)
    raise argparse.ArgumentTypeError(f"{written!r} is not a number")


def _size(written: str) -> tuple[int, int]:
    columns, _, rows = written.lower().partition("x")
    if columns.isdigit() and rows.isdigit() and 1 <= int(columns) <= 1000 and 1 <= int(rows) <= 1000:
        return int(columns), int(rows)
    raise argparse.ArgumentTypeError(f"{written!r} is not a size like 120x35")


def _common() -> argparse.ArgumentParser:
    """The options that may stand before or after the command; unset ones leave no trace, so neither place wins."""
    common = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS)
    group = common.add_argument_group("options of every command")
    group.add_argument("--library", metavar="PATH", help="the library file (or TUI_READER_LIBRARY)")
    group.add_argument("--config", metavar="PATH", help="the settings file (or TUI_READER_CONFIG)")
    group.add_argument("--offline", action="store_true", help="never use the network")
    return common


def _screen() -> argparse.ArgumentParser:
    """What is understood without a command."""
    parser = argparse.ArgumentParser(parents=[_common()], add_help=False, allow_abbrev=False, exit_on_error=False)
    parser.set_defaults(**_NO_COMMAND)
    return parser


def _parser() -> argparse.ArgumentParser:
    common = _common()
    parser = _Parser(
        prog="tui-reader",
        description="A keyboard-driven newsreader for the terminal: posts and their comments, cached, offline.",
        epilog=_EPILOG,
        parents=[common],
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"tui-reader {__version__}")
    parser.set_defaults(**_NO_COMMAND)
    commands = parser.add_subparsers(metavar="COMMAND", title="commands")
    adder = _Adder(commands, common)
    _subscriptions(adder)
    _reading(adder)
    _program(adder)
    return parser


class _Adder:
    """Adds commands that share the common options."""

    def __init__(self, commands: Any, common: argparse.ArgumentParser) -> None:
        self._commands = commands
        self._common = common
        self.family = ""

    def __call__(self, command: str, help: str, *, verb: str = "", json: bool = False) -> argparse.ArgumentParser:
        """A command with its one-line help; `verb` is its function when it cannot bear the command's name."""
        parser: argparse.ArgumentParser = self._commands.add_parser(
            command, help=help, description=f"{help}.", parents=[self._common], allow_abbrev=False
        )
        parser.set_defaults(command=command, family=self.family, verb=verb or command)
        if json:
            parser.add_argument("--json", action="store_true", help="print JSON")
        return parser


def _subscriptions(add: _Adder) -> None:
    add.family = "subscriptions"
    it = add("add", "Subscribe to a feed, or to the feed a page offers", json=True)
    it.add_argument("url", metavar="URL", help="the address of a feed or of any page that names one")
    it.add_argument("--folder", default="", help="the folder to put it in; 'Outer / Inner' for one inside another")
    it.add_argument("--title", default="", help="your own name for it")
    it.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="as in `feed`: login, password …")
    it = add("remove", "Unsubscribe; undo in the reader brings it back")
    it.add_argument("feed", nargs="+", metavar="FEED", help="number, address or title")
    it = add("rename", "Give a feed your own name")
    it.add_argument("feed", metavar="FEED", help="number, address or title; with --folder a folder's name")
    it.add_argument("title", metavar="TITLE", help="the new name; '' goes back to the feed's own")
    it.add_argument("--folder", action="store_true", help="rename a folder, not a feed")
    it = add("move", "Put feeds into a folder")
    it.add_argument("feed", nargs="+", metavar="FEED", help="number, address or title")
    it.add_argument("folder", metavar="FOLDER", help="the folder; '' is the top level")
    it = add("address", "Change a feed's address; its entries stay")
    it.add_argument("feed", metavar="FEED", help="number, address or title")
    it.add_argument("url", metavar="URL", help="the new address")
    it = add("full-text", "Always fetch the full text of a feed's new entries", verb="full_text")
    it.add_argument("feed", metavar="FEED", help="number, address or title")
    it.add_argument("--off", action="store_true", help="no longer")
    it = add("feed", "Show or change what is set for one feed alone", json=True)
    it.add_argument("feed", metavar="FEED", help="number, address or title")
    it.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="interval, header, login, password, name, edits-unread, keep or tags; 'NAME=' goes back to the usual",
    )
    it = add("hide", "Leave feeds out of All and Unread; queries find them")
    it.add_argument("feed", nargs="+", metavar="FEED", help="number, address or title")
    it.add_argument("--off", action="store_true", help="no longer")
    it = add("smart", "List the smart feeds, or keep a query as one", json=True)
    it.add_argument("name", nargs="?", default="", metavar="NAME", help="the smart feed to make, change or forget")
    it.add_argument("query", nargs="*", metavar="QUERY", help="what it asks (docs/query.md)")
    it.add_argument("--remove", action="store_true", help="forget it; no entry goes with it")
    add("feeds", "List the subscriptions", json=True)
    it = add("import", "Subscribe to all feeds of an OPML file, or bring newsboat over", verb="import_", json=True)
    it.add_argument("file", nargs="?", metavar="FILE", help="the OPML file; '-' reads standard input")
    group = it.add_argument_group("from newsboat: its feeds, tags, query feeds, articles, what is read and flagged")
    group.add_argument("--newsboat", action="store_true", help="bring newsboat over, from where it keeps its files")
    group.add_argument("--config-dir", type=Path, metavar="DIR", help="the folder its files are in")
    group.add_argument("--cache", type=Path, metavar="FILE", help="its cache.db")
    group.add_argument(
        "--write-config", type=Path, metavar="FILE", help="write its keys and settings to a new file, in our words"
    )
    it = add("export", "Write the subscriptions as OPML")
    it.add_argument("file", nargs="?", default="-", metavar="FILE", help="the file to write; else standard output")

    add.family = "refreshing"
    it = add("refresh", "Ask the feeds that are due for news", json=True)
    it.add_argument("feed", nargs="*", metavar="FEED", help="only these: number, address or title")
    it.add_argument("--force", action="store_true", help="ask although not due, but never inside a Retry-After")
    it.add_argument("--wait", action="store_true", help="wait for another process that is refreshing")
    it.add_argument("--quiet", action="store_true", help="print nothing but real faults, for cron")


def _by_query(it: argparse.ArgumentParser) -> None:
    it.add_argument("--query", default="", metavar="QUERY", help="all entries that a query finds (docs/query.md)")
    it.add_argument("--dry-run", action="store_true", help="tell which entries that are; change nothing")


def _reading(add: _Adder) -> None:
    add.family = "reading"
    it = add("list", "List entries, newest first unless told otherwise", verb="list_", json=True)
    it.add_argument(
        "query", nargs="*", metavar="QUERY", help="what to narrow it to: words, fields, states (docs/query.md)"
    )
    it.add_argument("--limit", type=_number, metavar="N", help="at most N; 0 is all")
    it.add_argument("--sort", choices=SORTS, default="date", help="what to sort by (date)")
    it.add_argument("--reverse", action="store_true", help="the other way round: oldest first, Z to A, fewest first")
    it.add_argument("--unread", action="store_true", help="only unread ones")
    which = it.add_mutually_exclusive_group()
    which.add_argument("--starred", action="store_true", help="only starred ones")
    which.add_argument("--today", action="store_true", help="only those of today")
    which.add_argument("--feed", metavar="FEED", help="only those of one feed: number, address or title")
    which.add_argument("--folder", metavar="FOLDER", help="only those of one folder")
    it = add("show", "Print an entry", json=True)
    it.add_argument("id", type=_number, metavar="ID")
    it.add_argument("--format", choices=("text", "md", "html", "json"), default="text", help="text is the default")
    body = it.add_mutually_exclusive_group()
    body.add_argument("--full-text", action="store_true", help="as its own page has it, fetched if it never was")
    body.add_argument("--feed-text", action="store_true", help="as its feed has it, whatever the reader shows")
    it = add("search", "Search all entries and comments", json=True)
    it.add_argument("words", nargs="+", metavar="QUERY", help="what to find: words, fields, states (docs/query.md)")
    it.add_argument("--limit", type=_number, default=50, metavar="N", help="at most N (default 50)")
    it.add_argument("--rank", action="store_true", help="the best of the newest 2,000 first")

    add.family = "discussing"
    it = add("thread", "Print an entry's discussion, fetched if it never was", json=True)
    it.add_argument("id", type=_number, metavar="ID", help="the entry's number")
    it.add_argument("--refresh", action="store_true", help="look for new comments now")
    it.add_argument("--back-fill", action="store_true", help="fetch the comments that its feed no longer shows")
    it.add_argument("--format", choices=("text", "md", "mbox", "json"), default="text", help="text is the default")
    it = add("discussions", "List articles whose discussion has something new or is watched", json=True)
    it.add_argument("--new", action="store_true", help="only those with something new")
    it.add_argument("--watched", action="store_true", help="only those that are watched")
    it = add("watch", "Watch the discussions of entries")
    it.add_argument("id", type=_number, nargs="+", metavar="ID", help="the entry's number")
    it.add_argument("--days", type=_number, default=30, metavar="N", help="for how long (30)")
    it = add("unwatch", "Watch the discussions of entries no longer")
    it.add_argument("id", type=_number, nargs="+", metavar="ID", help="the entry's number")

    add.family = "marking"
    it = add("mark", "Mark entries read")
    it.add_argument("id", type=_number, nargs="*", metavar="ID")
    it.add_argument("--unread", action="store_true", help="mark them unread")
    it.add_argument("--comments", action="store_true", help="the numbers are those of comments")
    it.add_argument("--feed", metavar="FEED", help="all entries of a feed: number, address or title")
    it.add_argument("--folder", metavar="FOLDER", help="all entries of a folder")
    it.add_argument("--all", action="store_true", help="all entries")
    _by_query(it)
    it = add("star", "Star entries")
    it.add_argument("id", type=_number, nargs="*", metavar="ID")
    _by_query(it)
    it.add_argument("--remove", action="store_true", help="take the stars away")
    it = add("tag", "Put a tag of yours on entries")
    it.add_argument("tag", metavar="TAG")
    it.add_argument("id", type=_number, nargs="*", metavar="ID")
    _by_query(it)
    it.add_argument("--remove", action="store_true", help="take it off")
    add("tags", "List the tags in use", json=True)
    it = add("journal", "List what was done and can be taken back, the last act first", json=True)
    it.add_argument("--limit", type=_number, default=50, metavar="N", help="at most N (default 50)")
    it = add("undo", "Take back the last act, or one of the journal")
    it.add_argument("act", type=_number, nargs="?", metavar="ACT", help="its number in the journal")
    it.add_argument("--since", action="store_true", help="everything that was done since then as well")
    add("redo", "Do again what was taken back last")

    add.family = "ruling"
    it = add("rules", "List the rules, or tell which stored entries each fits", json=True)
    it.add_argument("--test", action="store_true", help="a dry run: what each would have done; nothing is changed")


def _program(add: _Adder) -> None:
    add.family = "screen"
    add("demo", "Open the reader on a small world of blogs served from this machine")
    it = add("snapshot", "Draw any state of the screen as a picture or as text")
    it.add_argument("--size", type=_size, default=(120, 35), metavar="WxH", help="columns and rows (120x35)")
    it.add_argument("--keys", default="", help="the keys to press, spaces between: 'j j enter c'")
    it.add_argument("--now", metavar="TIME", help="the time it shows, as 2026-01-01T12:00:00Z (else the clock's)")
    it.add_argument("--open", type=_number, metavar="ID", help="start with this entry and its discussion")
    it.add_argument("--output", type=Path, metavar="FILE", help="a file ending in .svg or .txt; else text is printed")

    add.family = "health"
    it = add("doctor", "Check library, settings, keys and terminal, and say how to mend what is wrong", json=True)
    it.add_argument("--vacuum", action="store_true", help="give back the room that the library file needs no longer")
    it = add("config", "Show where the settings are and what they come to", json=True)
    it.add_argument("--default", action="store_true", help="print a documented sample of the settings file")
    it.add_argument("--path", action="store_true", help="print the settings file's path only")
