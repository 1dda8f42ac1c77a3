"""What a good answer of a feed changes in the library. Pure: the stored state and the document in, the update out."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from tui_reader import urls
from tui_reader.model import IMPORTED, EntryUpdate, Feed, FeedUpdate, ParsedEntry, ParsedFeed, PollState, StoredEntry

FLOOD = 100
"""New entries that a known feed may bring at once; of more than these, those that are old arrive as read."""


def decide(feed: Feed, stored: Sequence[StoredEntry], parsed: ParsedFeed, poll: PollState, now: int) -> FeedUpdate:
    """The update that brings `feed` to what `parsed` says.

    `stored` holds at least the entries that share a key or an address with the document. Nothing is ever removed:
    an entry that left the feed stays.
    """
    by_key = {entry.key: entry for entry in stored}
    aliases = _aliases(stored, parsed.entries)
    updates: list[EntryUpdate] = []
    refs = []
    for entry in reversed(parsed.entries):
        known = by_key.get(entry.key) or aliases.get(entry.key)
        digest = fingerprint(entry)
        if known is None:
            updates.append(EntryUpdate(None, entry, _place_in_time(entry, now), digest))
        elif (known.hash, known.key, known.url) != (digest, entry.key, entry.url):
            edited = known.hash not in {digest, IMPORTED}
            updates.append(EntryUpdate(known.id, entry, _place_in_time(entry, now), digest, edited))
        elif entry.discussions:
            refs.append((known.id, entry.discussions))
    return FeedUpdate(
        feed_id=feed.id,
        title=parsed.title,
        site_url=parsed.site_url,
        fault=parsed.fault,
        poll=poll,
        entries=_without_flood(updates, feed),
        refs=tuple(refs),
    )


def _without_flood(updates: Sequence[EntryUpdate], feed: Feed) -> tuple[EntryUpdate, ...]:
    """A feed that suddenly lists its whole archive must not bury what is unread: its newest entries are news, and so
    is whatever is dated after the last look at it; the rest arrives as read."""
    new = [one for one in updates if one.id is None]
    if not feed.entries or len(new) <= FLOOD:
        return tuple(updates)
    looked = feed.poll.checked_at or 0
    newest = sorted(range(len(new)), key=lambda n: (new[n].sort_at, n), reverse=True)
    old = {new[n].parsed.key for n in newest[FLOOD:] if (new[n].parsed.published or 0) < looked}
    return tuple(replace(one, read=one.id is None and one.parsed.key in old) for one in updates)


def fingerprint(entry: ParsedEntry) -> bytes:
    """A hash of what a reader would notice: title, body, enclosures. Links, dates and comment counts move without
    an edit."""
    noticed = "\0".join((entry.title, entry.html, *(enclosure.url for enclosure in entry.enclosures), ""))
    return hashlib.blake2b(noticed.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def _place_in_time(entry: ParsedEntry, now: int) -> int:
    """Its date, but never later than its arrival: a date in the future pins nothing to the top."""
    when = entry.published if entry.published is not None else entry.updated
    return now if when is None else min(when, now)


def _aliases(stored: Sequence[StoredEntry], entries: Sequence[ParsedEntry]) -> Mapping[str, StoredEntry]:
    """Stored entries that come back under another guid (http became https, a tracking query was added).

    Only when the address is one entry's alone on both sides: a feed whose items all link to its front page has
    different items, not one.
    """
    keys = {entry.key for entry in entries}
    theirs = Counter(urls.canonical(entry.url) for entry in entries if entry.url)
    ours = Counter(urls.canonical(entry.url) for entry in stored if entry.url)
    free = {
        urls.canonical(entry.url): entry
        for entry in stored
        if entry.url and entry.key not in keys and ours[urls.canonical(entry.url)] == 1
    }
    return {
        entry.key: free[address]
        for entry in entries
        if entry.url and theirs[address := urls.canonical(entry.url)] == 1 and address in free
    }
