"""A WordPress's Atom feeds of comments, for whoever needs one on a site."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from tests.site import Answer, document

BEGIN = 1_767_225_600
"""2026-01-01 00:00 UTC."""


def remark(
    home: str, number: int, *, post: int = 1, slug: str = "one", to: int = 0, author: str = "A", html: str = "said"
) -> str:
    """One comment; `to` is the number of the one it answers. It was written so many seconds into 2026 as its number."""
    guid, link = f"{home}/?p={post}", f"{home}/{slug}/"
    answered = f"{guid}#comment-{to}" if to else guid
    when = datetime.fromtimestamp(BEGIN + number, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return (
        f"<entry><id>{guid}#comment-{number}</id><title>x</title><author><name>{author}</name></author>"
        f'<link href="{link}#comment-{number}"/><updated>{when}</updated><content type="html">{html}</content>'
        f'<thr:in-reply-to ref="{answered}"/></entry>'
    )


def comment_feed(remarks: Iterable[str], *, etag: bytes = b"") -> Answer:
    """A feed of these comments."""
    body = (
        '<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom" '
        'xmlns:thr="http://purl.org/syndication/thread/1.0"><title>c</title><id>c</id>'
        f"<updated>2026-01-01T00:00:00Z</updated>{''.join(remarks)}</feed>"
    )
    return document(body.encode(), etag=etag) if etag else document(body.encode())
