"""The moment at which the demo site is looked at, and the envelopes its documents come in."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from email.utils import format_datetime
from html import escape, unescape

from tui_reader.demo.content import Blog, Post, Remark

RSS = "application/rss+xml; charset=utf-8"
ATOM = "application/atom+xml; charset=utf-8"
_TAG = re.compile(r"<[^>]*>")
_TEASER = 180


class View:
    """The site at `url`, begun at the time `begun`, as it is `elapsed` seconds later.

    `newest` is the time of the newest thing that this view has shown: a document's Last-Modified.
    """

    def __init__(self, url: str, begun: int, elapsed: float) -> None:
        self.url = url
        self.elapsed = elapsed
        self.newest = begun
        self._begun = begun
        self._shown: list[int] = []

    def posts(self, blog: Blog) -> list[Post]:
        """What the blog has published by now, newest first."""
        posts = sorted((post for post in blog.posts if post.at <= self.elapsed), key=lambda post: -post.at)
        self._note(post.at for post in posts)
        return posts

    def remarks(self, post: Post) -> list[Remark]:
        """What has been said to a post by now, newest first."""
        remarks = sorted((one for one in post.remarks if one.at <= self.elapsed), key=lambda one: -one.at)
        self._note(one.at for one in remarks)
        return remarks

    def _note(self, times: Iterable[int]) -> None:
        self._shown.extend(times)
        if self._shown:
            self.newest = self._begun + max(self._shown)

    def link(self, blog: Blog, post: Post) -> str:
        """The address of a post's page."""
        return f"{self.url}/{blog.name}/{post.slug}/"

    def mail_date(self, at: int) -> str:
        """As RSS writes a time (RFC 822)."""
        return format_datetime(datetime.fromtimestamp(self._begun + at, UTC))

    def iso_date(self, at: int) -> str:
        """As Atom and JSON Feed write it (RFC 3339)."""
        return datetime.fromtimestamp(self._begun + at, UTC).isoformat().replace("+00:00", "Z")


def text(words: str) -> str:
    """Plain text as XML or HTML."""
    return escape(words)


def cdata(markup: str) -> str:
    """HTML inside XML."""
    return f"<![CDATA[{markup}]]>"


def teaser(html: str) -> str:
    """The first words of a post, as blog software cuts them."""
    words = " ".join(unescape(_TAG.sub("", html)).split())
    return words if len(words) <= _TEASER else words[:_TEASER].rsplit(" ", 1)[0] + " […]"


def rss(title: str, link: str, about: str, items: Iterable[str], *, generator: str = "") -> str:
    """An RSS 2.0 document with the modules that WordPress uses."""
    made_by = f"<generator>{generator}</generator>" if generator else ""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:wfw="http://wellformedweb.org/CommentAPI/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:slash="http://purl.org/rss/1.0/modules/slash/">\n'
        f"<channel><title>{text(title)}</title><link>{link}</link><description>{text(about)}</description>{made_by}\n"
        + "\n".join(items)
        + "\n</channel></rss>\n"
    )


def atom(title: str, id: str, link: str, updated: str, entries: Iterable[str]) -> str:
    """An Atom document with the threading extension (RFC 4685)."""
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom" '
        f'xmlns:thr="http://purl.org/syndication/thread/1.0"><title>{text(title)}</title><id>{id}</id>'
        f'<link rel="alternate" type="text/html" href="{link}"/><updated>{updated}</updated>\n'
        + "\n".join(entries)
        + "\n</feed>\n"
    )
