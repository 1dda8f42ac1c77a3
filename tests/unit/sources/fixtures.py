"""One document of every kind of discussion, in the shape that its site documents or sends, and what is known of it.

A new source adds one entry to `FIXTURES`; the contract test demands it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from tui_reader.sources.source import About

POST = "https://blog.example/2026/hello/"
BLOG = About(guid="https://blog.example/?p=7", link=POST, url=f"{POST}feed/")
RSS = (
    '<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:source="http://source.scripting.com/" '
    'xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>t</title><link>https://blog.example/</link>{}</channel></rss>'
)
ATOM = (
    '<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom" xmlns:thr="http://purl.org/syndication/thread/1.0" '
    'xmlns:gd="http://schemas.google.com/g/2005" xmlns:re="http://purl.org/atompub/rank/1.0" '
    'xmlns:at="http://purl.org/atompub/tombstones/1.0"><id>f</id><title>t</title>'
    "<updated>2026-01-01T00:00:00Z</updated>{}</feed>"
)


@dataclass(frozen=True)
class Fixture:
    """`address` is where the document comes from; `tree` its comments as (key, parent, author, confidence)."""

    body: bytes
    about: About
    address: str
    tree: tuple[tuple[str, str, str, str], ...]


def entry(id: str, author: str, body: str = "said", more: str = "") -> str:
    return (
        f"<entry><id>{id}</id><title>x</title><author><name>{author}</name></author>"
        f'<updated>2026-01-01T00:00:00Z</updated><content type="html">{body}</content>{more}</entry>'
    )


def item(guid: str, author: str, body: str = "said", more: str = "", title: str = "x") -> str:
    return (
        f'<item><title>{title}</title><dc:creator>{author}</dc:creator><guid isPermaLink="false">{guid}</guid>'
        f"<pubDate>Thu, 01 Jan 2026 00:00:00 GMT</pubDate><description>{body}</description>{more}</item>"
    )


def answers(ref: str) -> str:
    return f'<thr:in-reply-to ref="{ref}"/>'


def _blogger() -> str:
    def comment(id: int, author: str, parent: int = 0, more: str = "") -> str:
        related = (
            f'<link rel="related" href="https://www.blogger.com/feeds/11/22/comments/default/{parent}?v=2"/>'
            if parent
            else ""
        )
        return entry(
            f"tag:blogger.com,1999:blog-11.post-{id}",
            author,
            more=f'{related}{more}<thr:in-reply-to ref="tag:blogger.com,1999:blog-11.post-22"/>',
        )

    removed = '<gd:extendedProperty name="blogger.itemClass" value="pid-1"/><gd:extendedProperty name="blogger.contentRemoved" value="true"/>'  # fmt: skip
    pages = '<link rel="next" href="https://www.blogger.com/feeds/11/22/comments/default?start-index=26"/>'
    return ATOM.format(pages + comment(333, "Bob", 332, removed) + comment(332, "Ann"))


def _hackernews() -> object:
    def said(id: int, author: str | None, text: str | None, *below: object) -> object:
        return {"id": id, "author": author, "text": text, "created_at_i": 1_767_000_000 + id, "children": list(below)}

    return {"id": 1, "title": "t", "children": [said(2, "ann", "<p>a", said(3, "bob", "b", said(5, None, None))), said(4, "cid", "c")]}  # fmt: skip


def _lobsters() -> object:
    def said(id: str, parent: str | None, user: object, **more: object) -> object:
        return {
            "short_id": id, "parent_comment": parent, "commenting_user": user, "comment": f"<p>{id}</p>", "score": 4,
            "created_at": "2026-01-01T00:00:00.000-06:00", "last_edited_at": "2026-01-01T01:00:00.000-06:00",
            "is_deleted": False, "is_moderated": False, "url": f"https://lobste.rs/c/{id}", **more,
        }  # fmt: skip

    return {"short_id": "abc", "comment_count": 3, "comments": [said("a1", None, "ann"), said("b2", "a1", {"username": "bob"}), said("c3", "b2", "cid", is_deleted=True)]}  # fmt: skip


def _lemmy() -> object:
    def said(id: int, path: str, name: str) -> object:
        return {
            "comment": {"id": id, "path": path, "content": "*said*", "published": "2026-01-01T00:00:00.5Z", "deleted": False,
                        "removed": False, "ap_id": f"https://lemmy.example/comment/{id}"},
            "creator": {"name": name, "actor_id": f"https://lemmy.example/u/{name}"},
            "counts": {"score": 2},
        }  # fmt: skip

    return {"comments": [said(12, "0.12", "ann"), said(15, "0.12.15", "bob"), said(16, "0.12.15.16", "cid")]}


def _mastodon() -> object:
    def said(id: int, to: int, name: str) -> object:
        return {
            "id": str(id), "in_reply_to_id": str(to), "created_at": "2026-01-01T00:00:00.000Z", "edited_at": None,
            "content": "<p>said</p>", "url": f"https://social.example/@{name}/{id}",
            "account": {"acct": name, "display_name": name.title(), "url": f"https://social.example/@{name}"},
        }  # fmt: skip

    return {"ancestors": [], "descendants": [said(101, 100, "ann"), said(102, 101, "bob"), said(103, 100, "cid")]}


def _discourse() -> object:
    def post(number: int, to: int | None, user: str) -> object:
        return {
            "id": 900 + number, "post_number": number, "reply_to_post_number": to, "username": user, "name": user.title(),
            "created_at": "2026-01-01T00:00:00.000Z", "updated_at": "2026-01-01T00:00:00.000Z",
            "cooked": "<p>said</p>", "post_url": f"/t/slug/7/{number}",
        }  # fmt: skip

    posts = [post(1, None, "op"), post(2, None, "ann"), post(3, 2, "bob"), post(4, 1, "cid")]
    return {"post_stream": {"posts": posts, "stream": [901, 902, 903, 904]}, "posts_count": 4}


def _rest() -> object:
    def said(id: int, parent: int, name: str) -> object:
        return {
            "id": id, "parent": parent, "author_name": name, "author_url": "", "date_gmt": "2026-01-01T00:00:00",
            "content": {"rendered": "<p>said</p>\n"}, "link": f"{POST}#comment-{id}",
        }  # fmt: skip

    return [said(1, 0, "Ann"), said(2, 1, "Bob &amp; Co")]


def _reddit() -> str:
    return ATOM.format(
        "".join(entry(id, f"/u/{name}") for id, name in (("t3_abc", "op"), ("t1_c1", "ann"), ("t1_c2", "bob")))
    )


def _answers() -> str:
    rank = '<re:rank scheme="https://stackoverflow.com">{}</re:rank>'
    return ATOM.format(
        entry("https://stackoverflow.com/q/55", "op", more=rank.format(9))
        + entry("https://stackoverflow.com/questions/55/how/56#56", "ann", more=rank.format(4))
        + entry("https://stackoverflow.com/questions/55/how/57#57", "bob", more=rank.format(-1))
    )


def _remark42() -> str:
    return RSS.format(
        item("22", "Bob", "&lt;p&gt;Reply&lt;/p&gt;&lt;blockquote&gt;&lt;p&gt;First words&lt;/p&gt;&lt;/blockquote&gt;", title="Bob &gt; Ann, My post")
        + item("21", "Ann", "&lt;p&gt;First words and more&lt;/p&gt;", title="Ann, My post")
    )  # fmt: skip


def _source() -> str:
    reply = '<source:inReplyTo>{}</source:inReplyTo><source:comments count="{}" feedUrl="https://chat.example/{}.xml"/>'
    return RSS.format(
        item("https://chat.example/?id=205", "Bob", more=reply.format("https://chat.example/?id=204", 1, 205))
        + item("https://chat.example/?id=206", "Cid", more=reply.format("https://chat.example/?id=205", 0, 206))
    )


def _page() -> str:
    def said(number: int, name: str, below: str = "") -> str:
        return (
            f'<li id="comment-{number}" class="comment"><cite class="fn">{name}</cite>'
            f'<time datetime="2026-01-01T00:00:00+00:00">then</time><div class="comment-content"><p>said</p></div>'
            f"{f'<ol class=children>{below}</ol>' if below else ''}</li>"
        )

    return (
        '<!doctype html><html><head><link rel="alternate" type="application/rss+xml" title="Blog" href="/feed/">'
        '<link rel="alternate" type="application/rss+xml" title="Hello Comments Feed" href="/2026/hello/feed/"></head>'
        f"<body><ol>{said(1, 'Ann', said(2, 'Bob', said(3, 'Cid')))}{said(4, 'Dee')}</ol></body></html>"
    )


def _json(document: object) -> bytes:
    return json.dumps(document).encode()


_WP = "https://blog.example/?p=7"
_EXACT, _STRONG, _LIKELY, _ORDER = "exact", "strong", "likely", "order"
FIXTURES: dict[str, Fixture] = {
    "wordpress": Fixture(
        ATOM.format(
            entry(f"{_WP}#comment-3", "Cid", more=answers(f"{_WP}#comment-2"))
            + entry(f"{_WP}#comment-2", "Bob", more=answers(f"{_WP}#comment-1"))
            + entry(f"{_WP}#comment-1", "Ann", more=answers(_WP))
        ).encode(),
        BLOG,
        f"{POST}feed/atom/",
        (("#comment-3", "#comment-2", "Cid", _EXACT), ("#comment-2", "#comment-1", "Bob", _EXACT), ("#comment-1", "", "Ann", _EXACT)),
    ),
    "feed": Fixture(
        ATOM.format(
            entry("tag:blog.example,2026:2", "Bob", more=answers("tag:blog.example,2026:1")) + entry("tag:blog.example,2026:1", "Ann")
        ).encode(),
        About(guid="g", link=POST, url="https://blog.example/isso/feed"),
        "https://blog.example/isso/feed",
        (("tag:blog.example,2026:2", "tag:blog.example,2026:1", "Bob", _EXACT), ("tag:blog.example,2026:1", "", "Ann", "none")),
    ),
    "blogger": Fixture(
        _blogger().encode(),
        About(guid="tag:blogger.com,1999:blog-11.post-22", url="https://www.blogger.com/feeds/11/22/comments/default"),
        "https://www.blogger.com/feeds/11/22/comments/default",
        (("333", "332", "Bob", _EXACT), ("332", "", "Ann", _EXACT)),
    ),
    "remark42": Fixture(
        _remark42().encode(),
        About(link=POST),
        "https://remark.example/api/v1/rss/post?site=s&url=u",
        (("22", "21", "Bob", _LIKELY), ("21", "", "Ann", "none")),
    ),
    "source": Fixture(
        _source().encode(),
        About(guid="https://chat.example/?id=204", link="https://chat.example/?id=204"),
        "https://chat.example/204.xml",
        (
            ("https://chat.example/?id=205", "", "Bob", _EXACT),
            ("https://chat.example/?id=206", "https://chat.example/?id=205", "Cid", _EXACT),
        ),
    ),
    "hackernews": Fixture(
        _json(_hackernews()),
        About(),
        "https://hn.algolia.com/api/v1/items/1",
        (("2", "", "ann", _EXACT), ("4", "", "cid", _EXACT), ("3", "2", "bob", _EXACT), ("5", "3", "", _EXACT)),
    ),
    "lobsters": Fixture(
        _json(_lobsters()),
        About(),
        "https://lobste.rs/s/abc.json",
        (("a1", "", "ann", _EXACT), ("b2", "a1", "bob", _EXACT), ("c3", "b2", "cid", _EXACT)),
    ),
    "lemmy": Fixture(
        _json(_lemmy()),
        About(),
        "https://lemmy.example/api/v3/comment/list?post_id=1&sort=New",
        (("12", "", "ann", _EXACT), ("15", "12", "bob", _EXACT), ("16", "15", "cid", _EXACT)),
    ),
    "mastodon": Fixture(
        _json(_mastodon()),
        About(url="https://social.example/api/v1/statuses/100/context"),
        "https://social.example/api/v1/statuses/100/context",
        (("101", "", "Ann", _EXACT), ("102", "101", "Bob", _EXACT), ("103", "", "Cid", _EXACT)),
    ),
    "discourse": Fixture(
        _json(_discourse()),
        About(),
        "https://forum.example/t/7.json",
        (("#post-2", "", "Ann", _EXACT), ("#post-3", "#post-2", "Bob", _EXACT), ("#post-4", "", "Cid", _EXACT)),
    ),
    "stackexchange": Fixture(
        _answers().encode(),
        About(page_url="https://stackoverflow.com/questions/55/how"),
        "https://stackoverflow.com/feeds/question/55",
        (
            ("https://stackoverflow.com/questions/55/how/56#56", "", "ann", _EXACT),
            ("https://stackoverflow.com/questions/55/how/57#57", "", "bob", _EXACT),
        ),
    ),
    "reddit": Fixture(
        _reddit().encode(),
        About(),
        "https://www.reddit.com/r/x/comments/abc/s/.rss",
        (("t1_c1", "", "/u/ann", _ORDER), ("t1_c2", "", "/u/bob", _ORDER)),
    ),
    "wordpress-rest": Fixture(
        _json(_rest()),
        BLOG,
        "https://blog.example/wp-json/wp/v2/comments?post=7&page=1",
        (("#comment-1", "", "Ann", _EXACT), ("#comment-2", "#comment-1", "Bob & Co", _EXACT)),
    ),
    "page": Fixture(
        _page().encode(),
        BLOG,
        POST,
        (
            ("#comment-1", "", "Ann", _EXACT), ("#comment-2", "#comment-1", "Bob", _EXACT),
            ("#comment-3", "#comment-2", "Cid", _EXACT), ("#comment-4", "", "Dee", _EXACT),
        ),
    ),
    "hackernews-search": Fixture(
        _json({"hits": [{"objectID": "41", "url": f"{POST}?utm_source=x", "num_comments": 5}, {"objectID": "42", "url": "https://other.example/"}]}),
        About(link=POST),
        "https://hn.algolia.com/api/v1/search?query=x",
        (),
    ),
    "lobsters-search": Fixture(
        _json([{"short_id": "abc", "url": POST, "comment_count": 3}, {"short_id": "def", "url": POST, "comment_count": 0}]),
        About(link=POST),
        "https://lobste.rs/stories/url/all.json?url=x",
        (),
    ),
}  # fmt: skip
