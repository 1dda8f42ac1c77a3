"""What stands at which address of the demo site: feeds, and the web pages a browser sees."""

from __future__ import annotations

from msgspec import Struct

from tui_reader.demo import comments, feeds, media
from tui_reader.demo.coast import HARBOUR, LIGHTHOUSE, RADIO
from tui_reader.demo.content import Blog, Post, Remark
from tui_reader.demo.making import CLASSIFIEDS, SHELF, WORKBENCH
from tui_reader.demo.markup import ATOM, RSS, View, text
from tui_reader.demo.sky import OBSERVATORY

BLOGS: tuple[Blog, ...] = (LIGHTHOUSE, HARBOUR, RADIO, WORKBENCH, SHELF, CLASSIFIEDS, OBSERVATORY)
_HTML = "text/html; charset=utf-8"
_TYPES = {"atom": "application/atom+xml", "json": "application/feed+json"}
_STYLE = (
    "body{font:18px/1.6 Georgia,serif;max-width:38em;margin:3em auto;padding:0 1em;color:#233}"
    "a{color:#05668d}pre{background:#f2f2ee;padding:1em;overflow:auto}td,th{padding:.2em 1em .2em 0;text-align:left}"
    "blockquote,.reply{border-left:3px solid #ccd;margin-left:0;padding-left:1.2em}img{max-width:100%}"
)


class Page(Struct, frozen=True):
    """One answer; `modified` in seconds since 1970."""

    body: bytes
    type: str
    modified: int


class World:
    """The site at `url`, as it is `elapsed` seconds after it began at the time `begun`."""

    def __init__(self, url: str, begun: float, elapsed: float) -> None:
        self._url = url
        self._begun = int(begun)
        self._elapsed = elapsed

    def page(self, path: str) -> Page | None:
        """The document at a path, None when there is none."""
        view = View(self._url, self._begun, self._elapsed)
        found = _document(view, path.partition("?")[0])
        if found is None:
            return None
        body, type_ = found
        return Page(body if isinstance(body, bytes) else body.encode(), type_, view.newest)


def _document(view: View, path: str) -> tuple[str | bytes, str] | None:
    for blog in BLOGS:
        if path == blog.feed:
            return _feed(view, blog)
    match path.strip("/").split("/"):
        case [""]:
            return _home(view), _HTML
        case ["pictures", name] if name.removesuffix(".svg") in media.PICTURES:
            return media.picture(name.removesuffix(".svg")), "image/svg+xml"
        case ["sounds", name] if name.removesuffix(".wav") in media.SOUNDS:
            return media.sound(name.removesuffix(".wav")), "audio/wav"
        case [name, *rest]:
            blog_there = next((blog for blog in BLOGS if blog.name == name), None)
            return _of_blog(view, blog_there, rest) if blog_there is not None else None
    return None


def _feed(view: View, blog: Blog) -> tuple[str, str]:
    if blog.ends is not None and view.elapsed >= blog.ends:
        return _page("We are moving!", "<p>The advertisements are back on Monday, next to the ferry.</p>"), _HTML
    return feeds.document(view, blog)


def _of_blog(view: View, blog: Blog, rest: list[str]) -> tuple[str, str] | None:
    if not rest:
        return _front(view, blog), _HTML
    if blog.shape == "wordpress" and rest == ["comments", "feed"]:
        return comments.wordpress_site(view, blog), RSS
    post = next((post for post in view.posts(blog) if post.slug == rest[0]), None)
    if post is None:
        return None
    match blog.shape, rest[1:]:
        case _, []:
            return _post(view, blog, post), _HTML
        case "wordpress", ["feed"]:
            return comments.wordpress(view, blog, post), RSS
        case "wordpress", ["feed", "atom"]:
            return comments.wordpress_atom(view, blog, post), ATOM
        case "atom", ["comments.atom"]:
            return comments.replies(view, blog, post), ATOM
    return None


# ---------------------------------------------------------------- web pages


def _page(title: str, body: str, head: str = "") -> str:
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{text(title)}</title>{head}'
        f"<style>{_STYLE}</style></head>\n<body><h1>{text(title)}</h1>\n{body}\n</body></html>\n"
    )


def _alternate(blog: Blog, title: str, href: str) -> str:
    type_ = _TYPES.get(blog.shape, "application/rss+xml")
    return f'<link rel="alternate" type="{type_}" title="{text(title)}" href="{href}">'


def _home(view: View) -> str:
    """A page that names two feeds, to choose from."""
    head = "".join(_alternate(blog, blog.title, blog.feed) for blog in (LIGHTHOUSE, WORKBENCH))
    listed = "".join(f'<li><a href="/{blog.name}/">{text(blog.title)}</a>: {text(blog.about)}</li>' for blog in BLOGS)
    newest = [(post, blog) for blog in BLOGS for post in view.posts(blog)]
    post, blog = max(newest, key=lambda pair: pair[0].at)
    latest = f'<p>The latest: <a href="{view.link(blog, post)}">{text(post.title)}</a></p>'
    return _page("Gull Rock and around", f"<p>A small world of blogs.</p><ul>{listed}</ul>{latest}", head)


def _front(view: View, blog: Blog) -> str:
    listed = "".join(f'<li><a href="{view.link(blog, post)}">{text(post.title)}</a></li>' for post in view.posts(blog))
    return _page(blog.title, f"<p>{text(blog.about)}</p><ul>{listed}</ul>", _alternate(blog, blog.title, blog.feed))


def _post(view: View, blog: Blog, post: Post) -> str:
    heard = view.remarks(post)
    link = view.link(blog, post)
    head = _alternate(blog, blog.title, blog.feed)
    if blog.shape == "wordpress":
        head += _alternate(blog, f"{blog.title} » {post.title} Comments Feed", f"{link}feed/")
    body = f"<pre>{text(post.html)}</pre>" if post.plain else f"<article>{post.html}</article>"
    if post.sound:
        body += f'<p><audio controls src="/sounds/{post.sound}.wav"></audio></p>'
    if heard:
        thoughts = "One thought" if len(heard) == 1 else f"{len(heard)} thoughts"
        said = "\n".join(_nested(heard[::-1], 0))
        body += f'<h2 id="comments">{thoughts} on “{text(post.title)}”</h2>\n{said}'
    return _page(post.title, f"{body}\n<p><a href='/{blog.name}/'>{text(blog.title)}</a></p>", head)


def _nested(heard: list[Remark], to: int) -> list[str]:
    """Comments inside what they answer, oldest first."""
    return [
        f'<div class="reply" id="comment-{one.number}"><p><b>{text(one.author)}</b></p>{one.html}'
        + "".join(_nested(heard, one.number))
        + "</div>"
        for one in heard
        if one.to == to
    ]
