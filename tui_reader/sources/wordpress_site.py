"""One feed of all comments of a WordPress site, given to the posts that they belong to.

A comment's guid is its post's guid with `#comment-N`, its link the post's with the same fragment.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urlunsplit

from msgspec.structs import replace

from tui_reader import urls
from tui_reader.model import ParsedComment, ParsedEntry, ParsedFeed
from tui_reader.sources import threading
from tui_reader.sources.source import About

_PAGE = re.compile(r"/comment-page-\d+/?$")


def address(comment_feed: str, site: str) -> str:
    """The site's feed of all comments, "" when the post's feed does not lie under the site's address."""
    home = site if site.endswith("/") else f"{site}/"
    if not site or not comment_feed.startswith(home):
        return ""
    return urls.join(home, "comments/feed/atom/")


def routed(document: ParsedFeed, posts: Mapping[int, About]) -> dict[int, tuple[ParsedComment, ...]]:
    """Which comments belong to which of these discussions; those of other posts are left out."""
    by_guid = {about.guid: id for id, about in posts.items() if about.guid}
    by_link = {urls.canonical(about.link): id for id, about in posts.items() if about.link}
    shares: dict[int, list[ParsedEntry]] = {}
    for entry in document.entries:
        guid, link = (entry.raw_id or entry.guid).partition("#comment-")[0], _post(entry.url)
        belongs = by_guid.get(guid) or by_link.get(link)
        if belongs is not None:
            shares.setdefault(belongs, []).append(entry)
    return {id: threading.comments(replace(document, entries=tuple(share)), posts[id]) for id, share in shares.items()}


def _post(comment: str) -> str:
    parts = urls.parts(comment)
    return urls.canonical(urlunsplit(parts._replace(path=_PAGE.sub("/", parts.path), fragment="")))
