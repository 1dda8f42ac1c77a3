"""What every source of comments is: it knows its addresses, and it reads what stands there.

A source never asks for anything itself. `discussion/` fetches its addresses, politely and within a budget, and gives
the bytes to `read` in the parse worker, which may be killed.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from tui_reader.model import DiscussionRef, NotAFeed, ParsedComment


class Place(Struct, frozen=True):
    """What is known of an entry when its discussions are looked for.

    `url` is the entry's link, `page` the page that its feed names for comments, or "". `announced` are the comment
    feeds that its feed names. `feed_url` and `generator` are the feed's.
    """

    url: str
    page: str = ""
    announced: tuple[DiscussionRef, ...] = ()
    feed_url: str = ""
    generator: str = ""


class About(Struct, frozen=True):
    """The discussion that is read: the entry's guid and link, the discussion's own addresses, and the comments held,
    as key to author."""

    guid: str = ""
    link: str = ""
    url: str = ""
    page_url: str = ""
    held: Mapping[str, str] | None = None

    @property
    def authors(self) -> Mapping[str, str]:
        """Who wrote which of the comments held."""
        return self.held or {}


class Body(Struct, frozen=True):
    """What was sent for one of a source's addresses; `url` is where it came from in the end."""

    content: bytes
    url: str
    content_type: str = ""


class Found(Struct, frozen=True):
    """What a document holds.

    `comments` are in the document's order. `complete`: together with what `follow` leads to it is the whole
    discussion, so that a comment held and not in it was taken away. `window` is how many of the newest it shows at
    most, 0 when it shows all. `deleted` are the keys of tombstones. `follow` are further addresses to be read with this
    source for the same look, nearest first; `older` is the next older page, read on request only. `suits` is False
    when this address is not what the source hoped for, and its next one should be asked. `declared` is how many
    comments the site says there are. `refs` are discussions that a page names.
    """

    comments: tuple[ParsedComment, ...] = ()
    complete: bool = False
    window: int = 0
    deleted: tuple[str, ...] = ()
    follow: tuple[str, ...] = ()
    older: tuple[str, ...] = ()
    suits: bool = True
    declared: int | None = None
    refs: tuple[DiscussionRef, ...] = ()


class Step(Struct, frozen=True):
    """One rung of the ladder by which missed comments are fetched: an address and the source that reads it."""

    kind: str
    url: str


class Source:
    """One kind of site. `kind` is stored with a discussion and never changes, `name` is what the reader sees.

    `pace` is the least number of seconds between two requests to its host. `sign` stands in every address that it
    claims: what has it nowhere is not shown to `claim`, for most of what a feed names is nothing to most sources.
    """

    kind = ""
    name = ""
    sign = ""
    pace = 1

    def claim(self, place: Place) -> DiscussionRef | None:
        """The entry's discussion of this kind, as its feed or an address tells it, else None. No request is made."""
        return None

    def addresses(self, url: str) -> tuple[str, ...]:
        """What to fetch for a discussion kept under `url`, the best first; which one a host answers is remembered."""
        return (url,)

    def read(self, body: Body, about: About) -> Found | NotAFeed:
        """The comments of a document. Never raises for what stands in it."""
        raise NotImplementedError

    def more(self, about: About) -> tuple[Step, ...]:
        """Where missed comments may be had, the surest first."""
        return ()


def claimed(ref: DiscussionRef, kind: str) -> DiscussionRef:
    """What a feed announced, to be read by the source of this kind."""
    return DiscussionRef(kind, ref.url, ref.page_url, ref.count, ref.updated, ref.name)


def place_ref(place: Place, kind: str, url: str, page: str) -> DiscussionRef:
    """A discussion at `url` with the counts that the entry's feed announced for its page."""
    told = next((ref for ref in place.announced if page and ref.page_url == page), None)
    return DiscussionRef(kind, url, page, told.count if told else None, told.updated if told else None)
