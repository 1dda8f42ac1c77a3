"""All sources, and which of them an entry's discussions belong to.

The order matters: an announced address goes to the first source that claims it, and the plain feed takes what no other
one does.
"""

from __future__ import annotations

from msgspec.structs import replace

from tui_reader import urls
from tui_reader.model import DiscussionRef, ParsedEntry, ParsedFeed
from tui_reader.sources.blogger import Blogger
from tui_reader.sources.discourse import Discourse
from tui_reader.sources.elsewhere import HackerNewsSearch, LobstersSearch
from tui_reader.sources.feed import PlainFeed
from tui_reader.sources.hackernews import HackerNews
from tui_reader.sources.lemmy import Lemmy
from tui_reader.sources.lobsters import Lobsters
from tui_reader.sources.mastodon import Mastodon
from tui_reader.sources.page import Page
from tui_reader.sources.reddit import Reddit
from tui_reader.sources.remark42 import Remark42
from tui_reader.sources.source import Place, Source
from tui_reader.sources.source_namespace import SourceNamespace
from tui_reader.sources.stackexchange import StackExchange
from tui_reader.sources.wordpress import WordPress
from tui_reader.sources.wordpress_rest import WordPressRest

PLAIN = PlainFeed()
CLAIMING: tuple[Source, ...] = (
    SourceNamespace(),
    Blogger(),
    Remark42(),
    Discourse(),
    WordPress(),
    HackerNews(),
    Lobsters(),
    Reddit(),
    Lemmy(),
    StackExchange(),
    Mastodon(),
    PLAIN,
)
"""Sources that know their discussions by what a feed says."""
SOURCES: tuple[Source, ...] = (*CLAIMING, WordPressRest(), Page(), HackerNewsSearch(), LobstersSearch())


def by_kind(kind: str) -> Source:
    """The source of a stored discussion; one whose kind is unknown is read as a plain feed."""
    return next((source for source in SOURCES if source.kind == kind), PLAIN)


def announced(feed: ParsedFeed, url: str) -> ParsedFeed:
    """The feed with every entry's discussions given to the sources that read them."""
    entries = tuple(
        replace(entry, discussions=settled(entry, url, feed.generator)) if _may_have_one(entry) else entry
        for entry in feed.entries
    )
    return replace(feed, entries=entries)


def _may_have_one(entry: ParsedEntry) -> bool:
    return bool(entry.discussions or entry.comments_url or entry.url)


def settled(entry: ParsedEntry, feed_url: str = "", generator: str = "") -> tuple[DiscussionRef, ...]:
    """An entry's discussions, each with the source that reads it; the feed's own announcements come first."""
    place = Place(entry.url, entry.comments_url, entry.discussions, feed_url, generator)
    addresses = "\n".join((place.url, place.page, *(f"{ref.url}\n{ref.page_url}" for ref in place.announced)))
    found: dict[str, DiscussionRef] = {}
    for source in CLAIMING:
        if source.sign not in addresses:
            continue
        while (ref := source.claim(place)) is not None and ref.url not in found:
            found[ref.url] = DiscussionRef(ref.kind, ref.url, ref.page_url, ref.count, ref.updated, source.name)
            left = tuple(one for one in place.announced if not _is_same(one, ref))
            place = Place(entry.url, entry.comments_url, left, feed_url, generator)
    if len(found) < 2:
        return (*found.values(), *place.announced)
    here = urls.host(entry.url)
    return (*sorted(found.values(), key=lambda ref: urls.host(ref.url) != here), *place.announced)


def _is_same(announced: DiscussionRef, claimed: DiscussionRef) -> bool:
    """Whether what was announced is the discussion that was claimed: by its address, or by its page where that is all
    that was announced."""
    return announced.url == claimed.url or (not announced.url and announced.page_url == claimed.page_url)
