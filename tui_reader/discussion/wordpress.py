"""WordPress has two comment feeds for each post, and announces the worse one.

`wfw:commentRss` names the RSS one, in which a reply is known only by a translated sentence. The Atom one at
`…/feed/atom/` (WordPress documents it beside the RSS one) carries `thr:in-reply-to` on every comment, so its tree is
exact. Whether a host answers there is tried once and remembered.
"""

from __future__ import annotations

from urllib.parse import urlsplit, urlunsplit

from tui_reader.model import ParsedFeed


def atom_address(comment_rss: str) -> str:
    """The Atom address beside a WordPress RSS comment feed's, "" when this does not look like one."""
    parts = urlsplit(comment_rss)
    if parts.query or not parts.path.rstrip("/").endswith("/feed"):
        return ""
    return urlunsplit(parts._replace(path=f"{parts.path.rstrip('/')}/atom/"))


def says_who_answers_whom(document: ParsedFeed) -> bool:
    """Whether a document is what the upgrade hopes for: Atom in which comments carry their parent.

    A discussion without comments tells nothing and is taken as it is.
    """
    return document.format.startswith("atom") and (
        not document.entries or any(entry.in_reply_to for entry in document.entries)
    )
