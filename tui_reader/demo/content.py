"""What the demo site is made of: blogs, posts, comments. Data only; the texts are in coast, making and sky.

`at` is in seconds relative to the start of the site: negative is the past, positive arrives while one watches.
"""

from __future__ import annotations

from msgspec import Struct

MINUTE, HOUR, DAY = 60, 3600, 86400


class Remark(Struct, frozen=True):
    """A comment; `number` grows over its blog, `to` is the number of the comment it answers, 0 for the post."""

    number: int
    author: str
    at: int
    html: str
    to: int = 0


class Post(Struct, frozen=True):
    """A post with its comments. `number` is the blog software's own, `sound` the name of a recording that goes with
    it, `plain` says that `html` is plain text."""

    number: int
    slug: str
    title: str
    author: str
    at: int
    html: str
    tags: tuple[str, ...] = ()
    remarks: tuple[Remark, ...] = ()
    sound: str = ""
    plain: bool = False


class Blog(Struct, frozen=True):
    """A blog: `name` is its folder on the site, `feed` the path of its feed there, `shape` how that feed is written.

    With `ends` the feed answers with a web page from that second on, as happens to feeds.
    """

    name: str
    title: str
    about: str
    folder: str
    feed: str
    shape: str
    posts: tuple[Post, ...]
    ends: int | None = None
