"""The demo's documents: the same posts in the shapes that real sites write them in."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import partial
from html import escape
from typing import ClassVar

from tui_reader.demo import content
from tui_reader.demo.content import Post, Remark

RSS = "application/rss+xml; charset=utf-8"
ATOM = "application/atom+xml; charset=utf-8"
HTML = "text/html; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Page:
    """One answer; `modified` in seconds since 1970."""

    body: bytes
    type: str
    modified: int
    status: int = 200


class World:
    """The site as it is `elapsed` seconds after it began at `begun`."""

    SUBSCRIPTIONS: ClassVar[tuple[tuple[str, str], ...]] = (
        ("/lighthouse/feed/", "Coast"),
        ("/tides.rss", "Coast"),
        ("/radio.rss", "Coast"),
        ("/workbench/atom.xml", "Making"),
        ("/shelf.rdf", "Making"),
        ("/classifieds.rss", "Making"),
        ("/observatory/feed.json", "Sky"),
    )

    def __init__(self, url: str, begun: float, elapsed: float) -> None:
        self._url = url
        self._begun = int(begun)
        self._elapsed = elapsed

    def page(self, path: str) -> Page | None:
        """The document at a path, None when there is none."""
        made = self._document(path.partition("?")[0])
        if made is None:
            return None
        body, type_ = made
        return Page(body.encode(), type_, self._begun + self._latest(path))

    def _document(self, path: str) -> tuple[str, str] | None:
        fixed: dict[str, Callable[[], tuple[str, str]]] = {
            "/lighthouse/feed/": self._lighthouse,
            "/workbench/atom.xml": self._workbench,
            "/tides.rss": self._tides,
            "/shelf.rdf": self._shelf,
            "/radio.rss": self._radio,
            "/observatory/feed.json": self._observatory,
            "/": self._home,
            "/classifieds.rss": self._classifieds,
            "/lighthouse/": partial(self._front, "The Gull Rock Log", "/lighthouse/feed/", RSS, content.LIGHTHOUSE),
            "/workbench/": partial(self._front, "Workbench", "/workbench/atom.xml", ATOM, content.WORKBENCH),
        }
        if path in fixed:
            return fixed[path]()
        parts = path.strip("/").split("/")
        if len(parts) >= 2 and parts[0] == "lighthouse":
            return self._wordpress_post(parts[1], parts[2:])
        if len(parts) >= 2 and parts[0] == "workbench":
            return self._workbench_post(parts[1], parts[2:])
        return None

    def _latest(self, path: str) -> int:
        times = [post.at for post in self._shown(content.LIGHTHOUSE)]
        times += [remark.at for post in content.LIGHTHOUSE + content.WORKBENCH for remark in self._heard(post)]
        return max(times)

    # ------------------------------------------------------------ what is there by now

    def _shown(self, posts: Iterable[Post]) -> list[Post]:
        return sorted((post for post in posts if post.at <= self._elapsed), key=lambda post: -post.at)

    def _heard(self, post: Post) -> list[Remark]:
        return sorted((one for one in post.remarks if one.at <= self._elapsed), key=lambda one: -one.at)

    def _mail_date(self, at: int) -> str:
        return format_datetime(datetime.fromtimestamp(self._begun + at, UTC))

    def _iso(self, at: int) -> str:
        return datetime.fromtimestamp(self._begun + at, UTC).isoformat().replace("+00:00", "Z")

    # ------------------------------------------------------------ WordPress

    def _lighthouse(self) -> tuple[str, str]:
        items = []
        for post in self._shown(content.LIGHTHOUSE):
            link = f"{self._url}/lighthouse/{post.slug}/"
            items.append(
                f"<item><title>{_x(post.title)}</title><link>{link}</link><comments>{link}#comments</comments>"
                f"<dc:creator>{_cdata(post.author)}</dc:creator><pubDate>{self._mail_date(post.at)}</pubDate>"
                + "".join(f"<category>{_cdata(tag)}</category>" for tag in post.tags)
                + f'<guid isPermaLink="false">{self._url}/lighthouse/?p={_number(post)}</guid>'
                f"<description>{_cdata(_teaser(post.html))}</description>"
                f"<content:encoded>{_cdata(post.html)}</content:encoded>"
                f"<wfw:commentRss>{link}feed/</wfw:commentRss>"
                f"<slash:comments>{len(self._heard(post))}</slash:comments></item>"
            )
        return _rss(
            "The Gull Rock Log", f"{self._url}/lighthouse/", items, generator="https://wordpress.org/?v=6.6"
        ), RSS

    def _wordpress_post(self, slug: str, rest: Sequence[str]) -> tuple[str, str] | None:
        post = next((one for one in self._shown(content.LIGHTHOUSE) if one.slug == slug), None)
        if post is None:
            return None
        if list(rest) == ["feed"]:
            return self._wordpress_comments(post), RSS
        if list(rest) == ["feed", "atom"]:
            return self._wordpress_comments_atom(post), ATOM
        return (self._post_page(post, self._url + f"/lighthouse/{slug}/"), HTML) if not rest else None

    def _wordpress_comments(self, post: Post) -> str:
        link, guid = f"{self._url}/lighthouse/{post.slug}/", f"{self._url}/lighthouse/?p={_number(post)}"
        items = [
            f"<item><title>By: {_x(one.author)}</title><link>{link}#comment-{one.number}</link>"
            f"<dc:creator>{_cdata(one.author)}</dc:creator><pubDate>{self._mail_date(one.at)}</pubDate>"
            f'<guid isPermaLink="false">{guid}#comment-{one.number}</guid>'
            f"<description>{_cdata(_teaser(one.text))}</description>"
            f"<content:encoded>{_cdata(_with_reply(post, one, link))}</content:encoded></item>"
            for one in self._heard(post)
        ]
        return _rss(f"Comments on: {_x(post.title)}", link, items, generator="https://wordpress.org/?v=6.6")

    def _wordpress_comments_atom(self, post: Post) -> str:
        link, guid = f"{self._url}/lighthouse/{post.slug}/", f"{self._url}/lighthouse/?p={_number(post)}"
        entries = [
            f"<entry><title>By: {_x(one.author)}</title><id>{guid}#comment-{one.number}</id>"
            f'<link rel="alternate" type="text/html" href="{link}#comment-{one.number}"/>'
            f"<author><name>{_x(one.author)}</name></author><published>{self._iso(one.at)}</published>"
            f"<updated>{self._iso(one.at)}</updated>"
            f'<content type="html">{_cdata(_with_reply(post, one, link))}</content>'
            f'<thr:in-reply-to ref="{guid}{f"#comment-{one.to}" if one.to else ""}" href="{link}"/></entry>'
            for one in self._heard(post)
        ]
        return _atom(f"Comments on {_x(post.title)}", guid, link, self._iso(self._latest("")), entries)

    # ------------------------------------------------------------ Atom with RFC 4685

    def _workbench(self) -> tuple[str, str]:
        entries = []
        for post in self._shown(content.WORKBENCH):
            heard = self._heard(post)
            link = f"{self._url}/workbench/{post.slug}/"
            replies = ""
            if heard:
                replies = (
                    f'<link rel="replies" type="application/atom+xml" href="{link}comments.atom" '
                    f'thr:count="{len(heard)}" thr:updated="{self._iso(heard[0].at)}"/>'
                )
            entries.append(
                f"<entry><title>{_x(post.title)}</title><id>{_tag(post)}</id><link href='{link}'/>{replies}"
                f"<author><name>{_x(post.author)}</name></author><published>{self._iso(post.at)}</published>"
                f"<updated>{self._iso(post.at)}</updated>"
                + "".join(f'<category term="{_x(tag)}"/>' for tag in post.tags)
                + f'<content type="html">{_cdata(post.html)}</content></entry>'
            )
        home = f"{self._url}/workbench/"
        updated = self._iso(self._shown(content.WORKBENCH)[0].at)
        return _atom("Workbench", "tag:demo.example,2026:workbench", home, updated, entries), ATOM

    def _workbench_post(self, slug: str, rest: Sequence[str]) -> tuple[str, str] | None:
        post = next((one for one in self._shown(content.WORKBENCH) if one.slug == slug), None)
        if post is None:
            return None
        link = f"{self._url}/workbench/{slug}/"
        if list(rest) != ["comments.atom"]:
            return (self._post_page(post, link), HTML) if not rest else None
        entries = [
            f"<entry><title>Re: {_x(post.title)}</title><id>{_tag(post)}/{one.number}</id>"
            f'<link href="{link}#c{one.number}"/><author><name>{_x(one.author)}</name></author>'
            f"<updated>{self._iso(one.at)}</updated><content type='html'>{_cdata(one.text)}</content>"
            f'<thr:in-reply-to ref="{_tag(post)}{f"/{one.to}" if one.to else ""}" href="{link}"/></entry>'
            for one in self._heard(post)
        ]
        return _atom(f"Replies to {_x(post.title)}", f"{_tag(post)}/replies", link, self._iso(post.at), entries), ATOM

    # ------------------------------------------------------------ the others

    def _tides(self) -> tuple[str, str]:
        """RSS 0.92: neither guid nor date."""
        items = "".join(
            f"<item><title>{_x(post.title)}</title><link>{self._url}/tides/{post.slug}</link>"
            f"<description>{_x(post.html)}</description></item>"
            for post in self._shown(content.TIDES)
        )
        return (
            f'<?xml version="1.0"?><rss version="0.92"><channel><title>Harbour Office</title>'
            f"<link>{self._url}/</link><description>Tides and other news</description>{items}</channel></rss>"
        ), "text/xml"

    def _shelf(self) -> tuple[str, str]:
        posts = self._shown(content.SHELF)
        items = "".join(
            f'<item rdf:about="{self._url}/shelf/{post.slug}"><title>{_x(post.title)}</title>'
            f"<link>{self._url}/shelf/{post.slug}</link><dc:date>{self._iso(post.at)}</dc:date>"
            f"<dc:creator>{_x(post.author)}</dc:creator><description>{_x(post.html)}</description></item>"
            for post in posts
        )
        listed = "".join(f'<rdf:li resource="{self._url}/shelf/{post.slug}"/>' for post in posts)
        return (
            '<?xml version="1.0" encoding="utf-8"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
            'xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
            f'<channel rdf:about="{self._url}/shelf.rdf"><title>The Reading Room</title><link>{self._url}/</link>'
            f"<description>A library, thinking</description><items><rdf:Seq>{listed}</rdf:Seq></items></channel>"
            f"{items}</rdf:RDF>"
        ), "application/rdf+xml"

    def _radio(self) -> tuple[str, str]:
        items = [
            f"<item><title>{_x(post.title)}</title><guid>{self._url}/radio/{post.slug}</guid>"
            f"<link>{self._url}/radio/{post.slug}</link><pubDate>{self._mail_date(post.at)}</pubDate>"
            f"<description>{_cdata(post.html)}</description>"
            f'<enclosure url="{self._url}{post.audio}" type="audio/mpeg" length="8421376"/></item>'
            for post in self._shown(content.RADIO)
        ]
        return _rss("Radio Two Sisters", f"{self._url}/", items), RSS

    def _observatory(self) -> tuple[str, str]:
        return json.dumps(
            {
                "version": "https://jsonfeed.org/version/1.1",
                "title": "The Night Shift",
                "home_page_url": f"{self._url}/",
                "feed_url": f"{self._url}/observatory/feed.json",
                "items": [
                    {
                        "id": f"{self._url}/observatory/{post.slug}",
                        "url": f"{self._url}/observatory/{post.slug}",
                        "title": post.title,
                        "content_html": post.html,
                        "date_published": self._iso(post.at),
                        "authors": [{"name": post.author}],
                        "tags": list(post.tags),
                    }
                    for post in self._shown(content.OBSERVATORY)
                ],
            },
            ensure_ascii=False,
        ), "application/feed+json"

    def _classifieds(self) -> tuple[str, str]:
        """A feed that becomes a web page while one watches, as happens to feeds."""
        if self._elapsed > content.CLASSIFIEDS_END:
            return "<!doctype html><html><body><h1>We are moving!</h1><p>Back on Monday.</p></body></html>", HTML
        items = [
            f"<item><title>{_x(post.title)}</title><guid isPermaLink='false'>{post.slug}</guid>"
            f"<pubDate>{self._mail_date(post.at)}</pubDate><description>{_x(post.html)}</description></item>"
            for post in self._shown(content.CLASSIFIEDS)
        ]
        return _rss("Harbour Classifieds", f"{self._url}/", items), RSS

    def _home(self) -> tuple[str, str]:
        """A page with two feeds, to choose from."""
        return (
            '<!doctype html><html lang="en"><head><title>Gull Rock</title>'
            '<link rel="alternate" type="application/rss+xml" title="The Gull Rock Log" href="/lighthouse/feed/">'
            '<link rel="alternate" type="application/atom+xml" title="Workbench" href="/workbench/atom.xml">'
            "</head><body><h1>Gull Rock</h1><p>A small world of blogs.</p></body></html>"
        ), HTML

    def _front(self, title: str, feed: str, kind: str, posts: Sequence[Post]) -> tuple[str, str]:
        listed = "".join(f"<li><a href='{post.slug}/'>{_x(post.title)}</a></li>" for post in self._shown(posts))
        type_ = kind.partition(";")[0]
        return (
            f'<!doctype html><html><head><title>{title}</title><link rel="alternate" type="{type_}" title="{title}" '
            f'href="{feed}"></head><body><h1>{title}</h1><ul>{listed}</ul></body></html>'
        ), HTML

    def _post_page(self, post: Post, link: str) -> str:
        heard = self._heard(post)
        thoughts = f"<h2>{len(heard)} thoughts on “{_x(post.title)}”</h2>" if heard else ""
        return (
            f"<!doctype html><html><head><title>{_x(post.title)}</title></head><body><article><h1>{_x(post.title)}</h1>"
            f"{post.html}</article>{thoughts}"
            + "".join(
                f"<p id='comment-{one.number}'><b>{_x(one.author)}</b>: {one.text}</p>" for one in reversed(heard)
            )
            + "</body></html>"
        )


# ---------------------------------------------------------------- shapes


def _rss(title: str, link: str, items: Iterable[str], *, generator: str = "") -> str:
    made_by = f"<generator>{generator}</generator>" if generator else ""
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:wfw="http://wellformedweb.org/CommentAPI/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:slash="http://purl.org/rss/1.0/modules/slash/">'
        f"<channel><title>{title}</title><link>{link}</link><description></description>{made_by}"
        + "".join(items)
        + "</channel></rss>"
    )


def _atom(title: str, id: str, link: str, updated: str, entries: Iterable[str]) -> str:
    return (
        '<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom" '
        f'xmlns:thr="http://purl.org/syndication/thread/1.0"><title>{title}</title><id>{id}</id>'
        f'<link rel="alternate" href="{link}"/><updated>{updated}</updated>' + "".join(entries) + "</feed>"
    )


def _with_reply(post: Post, remark: Remark, link: str) -> str:
    """A reply as WordPress writes it: a sentence around one link, in the language of the site."""
    if not remark.to:
        return remark.text
    name = next(one.author for one in post.remarks if one.number == remark.to)
    return f'<p>In reply to <a href="{link}#comment-{remark.to}">{_x(name)}</a>.</p>\n{remark.text}'


def _number(post: Post) -> int:
    return 100 + [one.slug for one in content.LIGHTHOUSE].index(post.slug)


def _tag(post: Post) -> str:
    return f"tag:demo.example,2026:workbench/{post.slug}"


def _teaser(html: str) -> str:
    start = html.find(">") + 1
    return html[start : start + 120].partition("<")[0] + "…"


def _x(text: str) -> str:
    return escape(text)


def _cdata(text: str) -> str:
    return f"<![CDATA[{text}]]>"
