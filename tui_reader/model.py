"""The words of the program as frozen data: what was parsed, what is stored, what a line on the screen needs.

The prefix tells the origin: `Parsed…` comes from bytes, `…Row` is what one line of a list needs, `…Update` is to be
written. A time is an `int`: seconds since 1970-01-01 UTC. Text that came from outside has been through
`text.clean()` before it stands in any of these.
"""

from __future__ import annotations

from enum import IntEnum, StrEnum
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

# ---------------------------------------------------------------- from bytes


class Enclosure(Struct, frozen=True):
    """A file that goes with an entry (RSS 2.0 `<enclosure>`, Atom `rel=enclosure`); `length` in bytes when told."""

    url: str
    type: str = ""
    length: int | None = None


class DiscussionRef(Struct, frozen=True):
    """Where an entry's comments can be had, as its feed announces them without another request.

    `kind` names the source in `sources/` that reads it ("feed" for any RSS or Atom feed of comments, "page" when only
    a web page is known), `name` is that source's for people. `url` is what it fetches. `count` and `updated` are what
    the post's feed says of it.
    """

    kind: str
    url: str
    page_url: str = ""
    count: int | None = None
    updated: int | None = None
    name: str = ""


class ParsedEntry(Struct, frozen=True):
    """One item of a feed document.

    `key` identifies it within its feed: guid, else link, else a hash (reliability rule F01); two different items of
    one document never share it. `raw_id` is the id exactly as written, for joining `in_reply_to`. `html` is the body
    as published (full content, else summary), plain text when `is_text`; `base` is what its relative links join.
    `in_reply_to` holds every `thr:in-reply-to` ref (RFC 4685 §3) and `source:inReplyTo`, in document order; `related`
    the addresses of its Atom `rel=related` links; `removed` tells that the site took its text away; `score` is
    `re:rank`.
    """

    key: str
    guid: str = ""
    raw_id: str = ""
    url: str = ""
    title: str = ""
    author: str = ""
    author_url: str = ""
    published: int | None = None
    updated: int | None = None
    html: str = ""
    is_text: bool = False
    base: str = ""
    tags: tuple[str, ...] = ()
    enclosures: tuple[Enclosure, ...] = ()
    comments_url: str = ""
    discussions: tuple[DiscussionRef, ...] = ()
    in_reply_to: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    removed: bool = False
    score: int | None = None


class ParsedFeed(Struct, frozen=True):
    """A feed document, cleaned and lean.

    `fault` is "" for a sound document, else one plain sentence about what was wrong with it (what could be read is
    still here). `ttl` is in seconds, `skip_hours` in UTC hours 0-23, `skip_days` as 0 = Monday. `next_url` is the next
    page of it (RFC 5005 §3), `deleted` holds the ids of its tombstones (RFC 6721).
    """

    format: str
    title: str = ""
    site_url: str = ""
    generator: str = ""
    entries: tuple[ParsedEntry, ...] = ()
    ttl: int | None = None
    skip_hours: tuple[int, ...] = ()
    skip_days: tuple[int, ...] = ()
    next_url: str = ""
    deleted: tuple[str, ...] = ()
    fault: str = ""


class NotAFeed(Struct, frozen=True):
    """The bytes are no feed. `reason` completes the sentence "… sent {reason}" ("a web page instead of a feed");
    `words` are the first readable words of the answer, cleaned, at most 300 characters."""

    reason: str
    words: str = ""


class Confidence(StrEnum):
    """How sure we are of a comment's parent."""

    EXACT = "exact"
    STRONG = "strong"
    LIKELY = "likely"
    QUOTE = "quote"
    ORDER = "order"
    NONE = "none"


class ParsedComment(Struct, frozen=True):
    """One comment of a discussion; `key` is unique in it, `parent_key` is "" for a reply to the post itself.

    `number` is the site's own running number when it has one (WordPress `#comment-N`), else 0. `removed`: the site says
    that it was taken away.
    """

    key: str
    parent_key: str = ""
    confidence: Confidence = Confidence.NONE
    number: int = 0
    author: str = ""
    author_url: str = ""
    published: int | None = None
    updated: int | None = None
    url: str = ""
    html: str = ""
    is_text: bool = False
    base: str = ""
    removed: bool = False
    score: int | None = None


# ---------------------------------------------------------------- stored


class Validators(Struct, frozen=True):
    """ETag and Last-Modified exactly as received, as bytes, and the URL that issued them (the only one they are
    sent back to)."""

    etag: bytes | None = None
    last_modified: bytes | None = None
    url: str = ""


class PollState(Struct, frozen=True):
    """What is remembered of one polled address (a feed or a discussion) between polls.

    `checked_at` is the last answered poll, `changed_at` the last one that brought something. `next_at` is when it is
    due again and `next_why` the reason in a few words ("server asked", "hourly"). Before `wait_until` nobody may ask
    at all (Retry-After). `failures` counts faults in a row, `quiet` unchanged answers in a row. `error` is the
    current fault as one plain clause or "", `status` the last HTTP status, `words` the last refusal's own first
    words. `moved_to`, `moved_count`, `moved_since` record a permanent redirect on its way to being adopted.
    `gone` is set by a 410: it is not asked again by itself.
    """

    validators: Validators = Validators()
    body_hash: bytes = b""
    checked_at: int | None = None
    changed_at: int | None = None
    next_at: int | None = None
    next_why: str = ""
    wait_until: int | None = None
    failures: int = 0
    failing_since: int | None = None
    quiet: int = 0
    error: str = ""
    status: int = 0
    words: str = ""
    moved_to: str = ""
    moved_count: int = 0
    moved_since: int | None = None
    gone: bool = False
    ttl: int | None = None
    skip_hours: tuple[int, ...] = ()
    skip_days: tuple[int, ...] = ()


class FeedSettings(Struct, frozen=True):
    """What the reader set for one feed alone; `feed_settings.py` says how each is written. `interval` in seconds,
    `keep` a number of entries, 0 for all; None leaves both to the settings. `tags` are for all of its entries."""

    interval: int | None = None
    headers: tuple[tuple[str, str], ...] = ()
    login: str = ""
    password_from: str = ""
    my_name: str = ""
    edits_unread: bool = False
    keep: int | None = None
    tags: tuple[str, ...] = ()

    @property
    def confidential(self) -> bool:
        """Whether something is sent to this server that no other may see."""
        return bool(self.headers or self.login)


class Feed(Struct, frozen=True):
    """A subscribed feed with its counts. `title` is what the user sees: his own name for it, else the feed's own,
    else its host. `folder` is "" at the top level; a folder inside another is written "Outer / Inner"."""

    id: int
    url: str
    title: str
    folder: str = ""
    site_url: str = ""
    own_title: str = ""
    fault: str = ""
    entries: int = 0
    unread: int = 0
    comments_new: int = 0
    poll: PollState = PollState()
    follow: bool = False
    full_text: bool = False
    hidden: bool = False
    own: FeedSettings = FeedSettings()

    @property
    def rank(self) -> tuple[str, str, int]:
        """Where it stands among the subscriptions: by folder and title, those without a folder first."""
        return self.folder.casefold(), self.title.casefold(), self.id


class SmartFeed(Struct, frozen=True):
    """A query that is kept under a name, with how many of its entries are unread."""

    id: int
    name: str
    query: str
    unread: int = 0


class Counts(Struct, frozen=True):
    """Totals of the smart feeds. `watched` counts articles whose discussion is watched, `watched_new` what is new in
    them, `news` articles with anything new in their discussions."""

    all: int = 0
    unread: int = 0
    starred: int = 0
    today: int = 0
    comments_new: int = 0
    watched: int = 0
    watched_new: int = 0
    news: int = 0


class EntryRow(Struct, frozen=True):
    """What one line of the articles list needs.

    `sort_at` is the entry's place in time: its date, never later than its arrival. `comments` is the count the site
    declares (None when it declares none), `comments_stored` how many we hold, `comments_new` how many of them
    arrived since the discussion was last left (0 before a first visit).
    """

    id: int
    feed_id: int
    feed_title: str
    title: str
    author: str
    url: str
    sort_at: int
    published: int | None
    read: bool
    starred: bool
    edited: bool = False
    comments: int | None = None
    comments_stored: int = 0
    comments_new: int = 0
    watched: bool = False


class Entry(Struct, frozen=True):
    """An entry with its body: what the article pane and `show` need. `full` is what was taken from its page, `place`
    how far it was read (the letters above the first line in sight), `own_tags` are the reader's."""

    row: EntryRow
    guid: str
    updated: int | None
    arrived: int
    html: str
    is_text: bool
    base: str
    tags: tuple[str, ...] = ()
    enclosures: tuple[Enclosure, ...] = ()
    comments_url: str = ""
    full: FullText | None = None
    place: int = 0
    own_tags: tuple[str, ...] = ()

    @property
    def text(self) -> Text:
        """What is read of it: what its page says where that is shown, else what its feed says."""
        if self.full is not None and self.full.shown and not self.full.error:
            return Text(self.full.html, self.full.url, is_text=False)
        return Text(self.html, self.base or self.row.url, self.is_text)


class Text(Struct, frozen=True):
    """A body as it came: HTML or plain text, and the address that its relative links join."""

    body: str
    base: str
    is_text: bool


class FullText(Struct, frozen=True):
    """The article as its own page has it: what was taken from the page at `url`, or in `error` why nothing was. `shown`
    tells that it is read in place of the feed's text."""

    url: str
    html: str
    fetched_at: int
    error: str = ""
    shown: bool = True


class Version(Struct, frozen=True):
    """What an entry said until a change was seen at `seen_at`."""

    seen_at: int
    title: str
    html: str
    is_text: bool


class Discussion(Struct, frozen=True):
    """One place where an entry is discussed, and what we know of it; `name` is the source's for people.

    `held` counts the comments stored, `complete` tells that they are all there are. `gap_at`: comments older than this
    moment were missed. It is watched until `watch_until`, next looked at for that at `watch_at` for the reason
    `watch_why`; with a `watch_key` only that comment and its replies are watched.
    """

    id: int
    entry_id: int
    kind: str
    url: str
    page_url: str = ""
    declared: int | None = None
    held: int = 0
    new: int = 0
    poll: PollState = PollState()
    visit_seq: int | None = None
    complete: bool = False
    gap_at: int | None = None
    watch_until: int | None = None
    watch_key: str = ""
    watch_at: int | None = None
    watch_why: str = ""
    declared_updated: int | None = None
    name: str = ""

    @property
    def unseen(self) -> int:
        """How many more comments the site declares than are held, 0 where all are."""
        return 0 if self.complete else max(0, (self.declared or 0) - self.held)


class Watched(Struct, frozen=True):
    """A discussion with what its source must know of the entry: its guid, link and date, and its feed's address."""

    discussion: Discussion
    entry_guid: str
    entry_url: str
    entry_at: int
    feed_url: str


class Quiet(IntEnum):
    """Why a comment is never news."""

    NO = 0
    MUTED = 1
    OWN = 2


class Comment(Struct, frozen=True):
    """A stored comment. `seq` grows with arrival over the whole library and decides what is news. `removed`: the site
    took it away, our copy stays. `edited`: it said something else before."""

    id: int
    discussion_id: int
    entry_id: int
    key: str
    parent_key: str
    confidence: Confidence
    number: int
    author: str
    author_url: str
    published: int | None
    updated: int | None
    arrived: int
    url: str
    html: str
    is_text: bool
    base: str
    seq: int
    read: bool
    new: bool
    removed: bool = False
    starred: bool = False
    edited: bool = False
    quiet: Quiet = Quiet.NO
    score: int | None = None


class CommentEdit(Struct, frozen=True):
    """What a comment said until it was seen changed at `seen_at`."""

    seen_at: int
    html: str
    is_text: bool


class Visit(Struct, frozen=True):
    """A visit of a discussion: when, and the `seq` of the last comment there was."""

    at: int
    seq: int


class Mute(Struct, frozen=True):
    """An author who is muted, on `host` or everywhere for "", or a comment with its replies (`discussion_id`, `key`);
    or the articles of an author (`entry_author`), or with a `word`. It ends at `expires_at`, never for None."""

    id: int
    author: str = ""
    host: str = ""
    discussion_id: int = 0
    key: str = ""
    entry_title: str = ""
    made_at: int = 0
    expires_at: int | None = None
    entry_author: str = ""
    word: str = ""


class ThreadItem(Struct, frozen=True):
    """One line of a thread in reading order.

    `comment` is None for a placeholder: a parent the feed no longer shows; or, when `missing` is not None, for a gap
    where that many comments were missed (0: nobody knows how many). `depth` is 0 at the top level, `parent_id` the id
    of the nearest stored ancestor. `replies` counts stored descendants. `guides` tells for every level above whether
    more siblings follow there (a line is drawn), `last` whether this is its parent's last.
    """

    comment: Comment | None
    key: str
    depth: int
    parent_id: int | None
    replies: int
    new_replies: int
    guides: tuple[bool, ...]
    last: bool
    discussion_id: int = 0
    missing: int | None = None


class Thread(Struct, frozen=True):
    """An entry's comments in reading order, with the discussions they come from (best first, maybe none)."""

    entry_id: int
    discussions: tuple[Discussion, ...] = ()
    items: tuple[ThreadItem, ...] = ()

    def only(self, discussion_id: int) -> Thread:
        """What is said in one of its discussions."""
        return self.with_items(tuple(item for item in self.items if item.discussion_id == discussion_id))

    def with_items(self, items: tuple[ThreadItem, ...]) -> Thread:
        """The same thread with other items."""
        return replace(self, items=items)

    @property
    def held(self) -> int:
        """How many comments are stored."""
        return sum(1 for item in self.items if item.comment is not None)

    @property
    def new(self) -> int:
        """How many of them arrived since the last visit."""
        return sum(1 for item in self.items if item.comment is not None and item.comment.new)


# ---------------------------------------------------------------- to be written


class StoredEntry(Struct, frozen=True):
    """What `decide` needs to know of an entry that is already stored."""

    id: int
    key: str
    url: str
    hash: bytes
    published: int | None


IMPORTED = b""
"""The hash of an entry that another program's cache brought: its feed's own words take its place without an edit."""


class EntryUpdate(Struct, frozen=True):
    """An entry to be written: new when `id` is None, else changed. `hash` covers what the reader would notice
    (title, body, link), not counts or dates. A new one that is `read` came with a flood of old ones."""

    id: int | None
    parsed: ParsedEntry
    sort_at: int
    hash: bytes
    edited: bool = False
    read: bool = False


class FeedUpdate(Struct, frozen=True):
    """All that one good answer of a feed changes, written in one transaction.

    `entries` are the new and the changed ones; `refs` are the discussions to be noted for entries that did not
    change otherwise (their counts grow while the post stays), as (entry id, refs).
    """

    feed_id: int
    title: str
    site_url: str
    fault: str
    poll: PollState
    entries: tuple[EntryUpdate, ...] = ()
    refs: tuple[tuple[int, tuple[DiscussionRef, ...]], ...] = ()
    url: str = ""


class ThreadUpdate(Struct, frozen=True):
    """All that one look at a discussion brought, written in one transaction.

    `poll` None leaves the poll state as it is, and with it `watch_at` and `watch_why`. `whole`: the comments are all
    there are, what is held besides was taken away. `deleted` are the keys of what was taken away. `fill` adds what is
    missing and changes nothing that is held: for answers of another shape than the usual one. `complete` and `gap_at`
    say how the discussion stands afterwards.
    """

    discussion_id: int
    comments: tuple[ParsedComment, ...] = ()
    poll: PollState | None = None
    whole: bool = False
    deleted: tuple[str, ...] = ()
    declared: int | None = None
    complete: bool = False
    gap_at: int | None = None
    watch_at: int | None = None
    watch_why: str = ""
    fill: bool = False


class Fired(Struct, frozen=True):
    """A rule, by its number, that fits what has just arrived and has something to tell of it or to run."""

    rule: int
    entries: tuple[int, ...] = ()
    comments: tuple[int, ...] = ()


class Alert(Struct, frozen=True):
    """What a rule tells: a title and a line, or in `fault` why it could not do what it was to do."""

    title: str = ""
    body: str = ""
    fault: str = ""


class Change(Struct, frozen=True):
    """What a write touched, so that the screen re-asks only what it shows of it. `label` is the act in a few words
    when it can be undone ("12 marked read"), else "". `indexed`: the full-text index has caught
    up with what is stored. `fired` are the rules that have something to tell or to run."""

    feeds: frozenset[int] = frozenset()
    entries: frozenset[int] = frozenset()
    threads: frozenset[int] = frozenset()
    new_entries: int = 0
    changed_entries: int = 0
    new_comments: int = 0
    subscriptions: bool = False
    everything: bool = False
    label: str = ""
    indexed: bool = False
    fired: tuple[Fired, ...] = ()

    def __or__(self, other: Change) -> Change:
        """Both changes as one."""
        return Change(
            self.feeds | other.feeds,
            self.entries | other.entries,
            self.threads | other.threads,
            self.new_entries + other.new_entries,
            self.changed_entries + other.changed_entries,
            self.new_comments + other.new_comments,
            self.subscriptions or other.subscriptions,
            self.everything or other.everything,
            other.label or self.label,
            self.indexed or other.indexed,
            self.fired + other.fired,
        )


class Act(Struct, frozen=True):
    """One line of the journal: something that was done, when, and whether it is taken back at present."""

    id: int
    at: int
    label: str
    undone: bool = False


# ---------------------------------------------------------------- asked


ScopeKind = Literal["all", "unread", "starred", "today", "watched", "news", "smart", "folder", "feed", "search"]


class Scope(Struct, frozen=True):
    """What the articles list shows: a smart feed, a folder, one feed, or the hits of a search.

    `name` is the name of the folder or of the smart feed that was saved (its `query` is what it asks), or the search's
    words, `feed_id` the feed. `filter` narrows it further, in the
    language of `query.py`. `unread_only` hides what is read, but for the ids the caller asks to keep.
    """

    kind: ScopeKind = "unread"
    name: str = ""
    feed_id: int = 0
    filter: str = ""
    unread_only: bool = False
    query: str = ""


SortKey = Literal["date", "arrival", "title", "feed", "comments", "new", "relevance"]

RANKED = 2_000
"""A search puts so many articles, and so many comments, in the order of relevance: those that arrived last."""


class Order(Struct, frozen=True):
    """The order of a list: newest, last arrived, most comments or most new comments first, or by title or feed from A
    on; what is equal stands newest first. `reverse` turns what it goes by round. `relevance` is for
    searches, the best of the newest hits first; other lists stand newest first in it."""

    by: SortKey = "date"
    reverse: bool = False


class SearchHit(Struct, frozen=True):
    """An entry or one of its comments that a full-text search found; `snippet` holds the words around the hit, the
    hit between U+E000 and U+E001 (private characters that no cleaned text contains)."""

    row: EntryRow
    snippet: str
    comment_id: int | None = None


class FeedResult(Struct, frozen=True):
    """How the refresh of one feed ended, for progress, reports and scripts.

    `outcome`: "updated" (something new or changed), "unchanged", "failed", "waiting" (inside a Retry-After or not
    due). `message` is the fault or the reason as one plain clause.
    """

    feed_id: int
    title: str
    outcome: Literal["updated", "unchanged", "failed", "waiting"]
    new: int = 0
    changed: int = 0
    message: str = ""
    next_at: int | None = None
    status: int = 0


class Progress(Struct, frozen=True):
    """A refresh under way; `total` counts the feeds that are asked, `waiting` those that are not due."""

    done: int = 0
    total: int = 0
    new: int = 0
    errors: int = 0
    waiting: int = 0
    running: bool = False
    results: tuple[FeedResult, ...] = ()


class Candidate(Struct, frozen=True):
    """A feed that an address offers, for the choice after `add`."""

    url: str
    title: str
    type: str = ""


class ImportReport(Struct, frozen=True):
    """What an OPML import did: addresses added, already there, and skipped with the reason."""

    added: tuple[str, ...] = ()
    present: tuple[str, ...] = ()
    skipped: tuple[tuple[str, str], ...] = ()


class NewsboatReport(Struct, frozen=True):
    """What an import from newsboat did: addresses added and there already, entries brought, how many of all that
    newsboat knew are read and starred there, smart feeds made. `left` is what was not taken, as (what, why), `settings`
    what its keys and settings come to as a piece of config.toml, "" for nothing."""

    added: tuple[str, ...] = ()
    present: tuple[str, ...] = ()
    entries: int = 0
    read: int = 0
    starred: int = 0
    smart: tuple[str, ...] = ()
    left: tuple[tuple[str, str], ...] = ()
    settings: str = ""
