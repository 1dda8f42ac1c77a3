"""Articles that nobody here wrote: every page of the corpora is laid out whole, harmless and within its width."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.markdown import changed
from tests.visible import lost_between, lost_in_lines
from tui_reader.document.export import to_markdown
from tui_reader.document.html import blocks
from tui_reader.document.layout import lines
from tui_reader.model import Feed, ParsedFeed
from tui_reader.parse import opml
from tui_reader.parse.document import parse
from tui_reader.text import clean, pad, width

CORPORA = Path(os.environ.get("TUI_READER_CORPORA") or Path(__file__).parents[3] / "shared" / "corpora")
BASE = "https://blog.example/post/"
HARMFUL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
WIDTHS = (20, 72, 120)


def faults(name: str, html: str) -> Iterator[str]:
    """What is wrong with one article as a reader would see it."""
    document = blocks(html, base=BASE)
    for columns in WIDTHS:
        for line in lines(document, columns):
            if width(line.text) > columns:
                yield f"{name}: wider than {columns}: {line.text!r}"
            if HARMFUL.search(line.text):
                yield f"{name}: control characters: {line.text!r}"
    if [link.number for link in document.links] != list(range(1, len(document.links) + 1)):
        yield f"{name}: its links are not numbered one by one"
    to_markdown(document)


def files(*parts: str, pattern: str) -> list[Path]:
    folder = CORPORA.joinpath(*parts)
    found = sorted(folder.rglob(pattern)) if folder.is_dir() else []
    if not found:
        pytest.skip(f"corpus absent: {'/'.join(parts)} not run (set TUI_READER_CORPORA)")
    return found


@pytest.mark.timeout(300)
def test_articles_are_laid_out_and_lose_no_word() -> None:
    """Every letter of the visible text, in its order, in words of its own, at a page's width and at one without end."""
    told: list[str] = []
    for file in files("articles", pattern="*.html"):
        html = file.read_text("utf-8", "replace")
        name = f"{file.parent.name}/{file.name}"
        told += faults(name, html)
        document = blocks(html, base=BASE)
        told += [f"{name}: {one}" for one in lost_between(html, document)]
        told += [f"{name}: {one}" for columns in (72, 4000) for one in lost_in_lines(document, columns)]
        told += [f"{name}: as Markdown: {one}" for one in changed(html)]
    assert told == []


@pytest.mark.timeout(300)
def test_entries_of_real_feeds_are_laid_out() -> None:
    told: list[str] = []
    entries = 0
    for file in files("real-feeds", pattern="*.*"):
        found = parse(file.read_bytes(), url="https://blog.example/feed")
        for entry in found.entries if isinstance(found, ParsedFeed) else ():
            entries += 1
            name = f"{file.name}: {entry.title}"
            told += faults(name, entry.html)
            document = blocks(entry.html, base=BASE, is_text=entry.is_text)
            told += [f"{name}: {one}" for one in lost_in_lines(document, 72)]
            if not entry.is_text:
                told += [f"{name}: {one}" for one in lost_between(entry.html, document)]
                told += [f"{name}: as Markdown: {one}" for one in changed(entry.html)]
    assert told == []
    assert entries > 500


def test_naughty_strings_are_harmless_in_any_field() -> None:
    (file,) = files(pattern="naughty-strings.txt")
    told: list[str] = []
    for text in file.read_text("utf-8", "replace").split("\n"):
        for html in (text, f"<p title='x'>{text}</p>", f"<pre>{text}</pre>", f"<a href='{text}'>{text}</a>"):
            told += faults(text[:40], html)
        shown = clean(text)
        if HARMFUL.search(shown) or width(pad(shown, 30)) != 30:
            told.append(f"{text[:40]!r} became {shown[:40]!r}")
    assert told == []


def test_lists_of_subscriptions_come_back() -> None:
    for file in files("opml", pattern="*.opml"):
        first = opml.read(file.read_bytes())
        assert first.feeds, file.name
        again = opml.read(opml.write((as_feed(one) for one in first.feeds), title="t", now=0))
        assert {(one.url, one.title, one.folder) for one in again.feeds} == {
            (one.url, one.title or one.url, one.folder) for one in first.feeds
        }


def as_feed(one: opml.OutlineFeed) -> Feed:
    return Feed(1, one.url, one.title or one.url, one.folder, one.site_url)
