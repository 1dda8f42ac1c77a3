"""Articles of every awkward kind, each written for these tests: the first line is the title, the rest the body."""

from __future__ import annotations

from pathlib import Path

from msgspec.structs import replace

from tests.tui.fake import HOUR, FakeLibrary

FOLDER = Path(__file__).with_name("articles")
NAMES = tuple(sorted(path.name for path in FOLDER.iterdir()))


def opened_on(name: str) -> FakeLibrary:
    """A library whose only article is the one of that file."""
    title, _, body = (FOLDER / name).read_text(encoding="utf-8").partition("\n")
    library = FakeLibrary()
    feed = library.feed_of("The Awkward Review", "Tests")
    number = library.entry_of(feed, title, HOUR, body, author="E. Ditor")
    if name.endswith(".txt"):
        library.entries[number] = replace(library.entries[number], is_text=True)
    return library
