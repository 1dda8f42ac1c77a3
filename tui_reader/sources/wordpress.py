"""WordPress has two comment feeds for each post, and announces the worse one.

`wfw:commentRss` names the RSS one, in which a reply is known only by a translated sentence. The Atom one at
`…/feed/atom/` (WordPress documents it beside the RSS one) carries `thr:in-reply-to` on every comment, so its tree is
exact. Whether a host answers there is tried once and remembered.
"""

from __future__ import annotations

import re
from urllib.parse import urlunsplit

from tui_reader import urls
from tui_reader.model import DiscussionRef, NotAFeed, ParsedFeed
from tui_reader.parse import document
from tui_reader.sources import threading, wordpress_rest
from tui_reader.sources.source import About, Body, Found, Place, Source, Step, claimed

_FEED = re.compile(r"(https?://[a-z0-9.-]+/(?:[!\"$->@-~]*/)?feed)/?")
WINDOW = 10
"""Comments that a WordPress shows in a feed unless its owner says otherwise."""


class WordPress(Source):
    """A post's comments: the newest ten, by its Atom feed with their parents."""

    kind = "wordpress"
    name = "Comments"
    sign = "/feed"

    def claim(self, place: Place) -> DiscussionRef | None:
        for ref in place.announced:
            if ref.kind == "feed" and _atom_address(ref.url):
                return claimed(ref, self.kind)
        return None

    def addresses(self, url: str) -> tuple[str, ...]:
        return tuple(address for address in (_atom_address(url), url) if address)

    def read(self, body: Body, about: About) -> Found | NotAFeed:
        found = document.parse(body.content, url=body.url, content_type=body.content_type)
        if isinstance(found, NotAFeed):
            return found
        hoped_for = urls.parts(body.url).path.rstrip("/").endswith("/atom") or "feed=atom" in urls.parts(body.url).query
        suits = not hoped_for or _says_who_answers_whom(found)
        return Found(threading.comments(found, about), window=WINDOW, suits=suits)

    def more(self, about: About) -> tuple[Step, ...]:
        rest = wordpress_rest.address(about.guid)
        steps = ((wordpress_rest.KIND, rest), ("page", about.link))
        return tuple(Step(kind, url) for kind, url in steps if url)


def _atom_address(comment_rss: str) -> str:
    """The Atom address beside a WordPress RSS comment feed's, "" when this does not look like one."""
    usual = _FEED.fullmatch(comment_rss)
    if usual is not None:
        return f"{usual[1]}/atom/"
    parts = urls.parts(comment_rss)
    if parts.query or not parts.path.rstrip("/").endswith("/feed"):
        return ""
    return urlunsplit(parts._replace(path=f"{parts.path.rstrip('/')}/atom/"))


def _says_who_answers_whom(found: ParsedFeed) -> bool:
    """Whether a document is what the upgrade hopes for: Atom in which comments carry their parent.

    A discussion without comments tells nothing and is taken as it is.
    """
    return found.format.startswith("atom") and (not found.entries or any(one.in_reply_to for one in found.entries))
