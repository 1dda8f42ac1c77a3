"""Feeds of comments: WordPress's two, and the replies feed of RFC 4685."""

from __future__ import annotations

from tui_reader.demo.content import Blog, Post, Remark
from tui_reader.demo.feeds import WORDPRESS, atom_id, wordpress_guid
from tui_reader.demo.markup import View, atom, cdata, rss, teaser, text

WINDOW = 10
"""WordPress shows only so many of the newest comments."""


def wordpress(view: View, blog: Blog, post: Post) -> str:
    """What `wfw:commentRss` names: a reply is told only by a sentence, in the language of the site."""
    link = view.link(blog, post)
    items = [
        _item(view, blog, post, one, f"By: {one.author}", _with_sentence(post, one, link))
        for one in view.remarks(post)[:WINDOW]
    ]
    return rss(f"Comments on: {post.title}", link, blog.about, items, generator=WORDPRESS)


def wordpress_site(view: View, blog: Blog) -> str:
    """The newest comments of the whole blog."""
    said = [(one, post) for post in view.posts(blog) for one in view.remarks(post)]
    said.sort(key=lambda pair: -pair[0].at)
    items = [
        _item(
            view, blog, post, one, f"Comment on {post.title} by {one.author}",
            _with_sentence(post, one, view.link(blog, post)),
        )
        for one, post in said[:WINDOW]
    ]  # fmt: skip
    return rss(f"Comments for {blog.title}", f"{view.url}/{blog.name}/", blog.about, items, generator=WORDPRESS)


def _item(view: View, blog: Blog, post: Post, one: Remark, title: str, html: str) -> str:
    return (
        f"<item><title>{text(title)}</title><link>{view.link(blog, post)}#comment-{one.number}</link>"
        f"<dc:creator>{cdata(one.author)}</dc:creator><pubDate>{view.mail_date(one.at)}</pubDate>"
        f'<guid isPermaLink="false">{wordpress_guid(view, blog, post)}#comment-{one.number}</guid>'
        f"<description>{cdata(text(teaser(html)))}</description>"
        f"<content:encoded>{cdata(html)}</content:encoded></item>"
    )


def wordpress_atom(view: View, blog: Blog, post: Post) -> str:
    """The same comments as Atom, where each says by id what it answers. No feed of posts names this one."""
    link, guid = view.link(blog, post), wordpress_guid(view, blog, post)
    heard = view.remarks(post)
    entries = [
        f"<entry><title>By: {text(one.author)}</title><id>{guid}#comment-{one.number}</id>"
        f'<link rel="alternate" type="text/html" href="{link}#comment-{one.number}"/>'
        f"<author><name>{text(one.author)}</name></author><published>{view.iso_date(one.at)}</published>"
        f"<updated>{view.iso_date(one.at)}</updated>"
        f'<content type="html">{cdata(_with_sentence(post, one, link))}</content>'
        f'<thr:in-reply-to ref="{guid}{f"#comment-{one.to}" if one.to else ""}" '
        f'href="{link}{f"#comment-{one.to}" if one.to else ""}" type="text/html"/></entry>'
        for one in heard[:WINDOW]
    ]
    return atom(f"Comments on: {post.title}", f"{link}feed/atom/", link, _updated(view, post, heard), entries)


def replies(view: View, blog: Blog, post: Post) -> str:
    """What `<link rel="replies">` names."""
    link, id = view.link(blog, post), atom_id(blog, post)
    heard = view.remarks(post)
    entries = [
        f"<entry><title>Re: {text(post.title)}</title><id>{id}/{one.number}</id>"
        f'<link rel="alternate" type="text/html" href="{link}#comment-{one.number}"/>'
        f"<author><name>{text(one.author)}</name></author><published>{view.iso_date(one.at)}</published>"
        f'<updated>{view.iso_date(one.at)}</updated><content type="html">{cdata(one.html)}</content>'
        f'<thr:in-reply-to ref="{id}{f"/{one.to}" if one.to else ""}" href="{link}"/></entry>'
        for one in heard
    ]
    return atom(f"Replies to {post.title}", f"{id}/replies", link, _updated(view, post, heard), entries)


def _updated(view: View, post: Post, heard: list[Remark]) -> str:
    return view.iso_date(heard[0].at if heard else post.at)


def _with_sentence(post: Post, remark: Remark, link: str) -> str:
    if not remark.to:
        return remark.html
    name = next(one.author for one in post.remarks if one.number == remark.to)
    return f'<p>In reply to <a href="{link}#comment-{remark.to}">{text(name)}</a>.</p>\n{remark.html}'
