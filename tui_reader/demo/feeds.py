"""Feeds of posts, in the shapes that real sites write them in. Each takes a view and a blog: (document, media type)."""

from __future__ import annotations

import json

from tui_reader.demo import media
from tui_reader.demo.content import Blog, Post
from tui_reader.demo.markup import ATOM, RSS, View, atom, cdata, rss, teaser, text

WORDPRESS = "https://wordpress.org/?v=6.6.2"


def document(view: View, blog: Blog) -> tuple[str, str]:
    """The blog's feed in its shape."""
    match blog.shape:
        case "wordpress":
            return wordpress(view, blog), RSS
        case "atom":
            return threaded_atom(view, blog), ATOM
        case "rss092":
            return rss_092(view, blog), "text/xml"
        case "podcast":
            return podcast(view, blog), RSS
        case "rdf":
            return rdf(view, blog), "application/rdf+xml"
        case "json":
            return json_feed(view, blog), "application/feed+json"
        case _:
            return plain_rss(view, blog), RSS


def wordpress_guid(view: View, blog: Blog, post: Post) -> str:
    """What WordPress names a post by: never the address at which it is shown."""
    return f"{view.url}/{blog.name}/?p={post.number}"


def atom_id(blog: Blog, post: Post) -> str:
    """A tag URI (RFC 4151)."""
    return f"tag:demo.example,2026:{blog.name}/{post.slug}"


def wordpress(view: View, blog: Blog) -> str:
    """RSS 2.0 that names each post's comment feed and counts its comments."""
    items = []
    for post in view.posts(blog):
        link = view.link(blog, post)
        items.append(
            f"<item><title>{text(post.title)}</title><link>{link}</link><comments>{link}#comments</comments>"
            f"<dc:creator>{cdata(post.author)}</dc:creator><pubDate>{view.mail_date(post.at)}</pubDate>"
            + "".join(f"<category>{cdata(tag)}</category>" for tag in post.tags)
            + f'<guid isPermaLink="false">{wordpress_guid(view, blog, post)}</guid>'
            f"<description>{cdata(text(teaser(post.html)))}</description>"
            f"<content:encoded>{cdata(post.html)}</content:encoded>"
            f"<wfw:commentRss>{link}feed/</wfw:commentRss>"
            f"<slash:comments>{len(view.remarks(post))}</slash:comments></item>"
        )
    return rss(blog.title, f"{view.url}/{blog.name}/", blog.about, items, generator=WORDPRESS)


def threaded_atom(view: View, blog: Blog) -> str:
    """Atom whose entries link to their replies, with how many and since when (RFC 4685 §4)."""
    posts = view.posts(blog)
    entries = []
    for post in posts:
        link, heard = view.link(blog, post), view.remarks(post)
        replies = ""
        if heard:
            replies = (
                f'<link rel="replies" type="application/atom+xml" href="{link}comments.atom" '
                f'thr:count="{len(heard)}" thr:updated="{view.iso_date(heard[0].at)}"/>'
            )
        entries.append(
            f"<entry><title>{text(post.title)}</title><id>{atom_id(blog, post)}</id>"
            f'<link rel="alternate" type="text/html" href="{link}"/>{replies}'
            f"<author><name>{text(post.author)}</name></author><published>{view.iso_date(post.at)}</published>"
            f"<updated>{view.iso_date(post.at)}</updated>"
            + "".join(f'<category term="{text(tag)}"/>' for tag in post.tags)
            + f'<content type="html">{cdata(post.html)}</content></entry>'
        )
    home = f"{view.url}/{blog.name}/"
    return atom(blog.title, f"tag:demo.example,2026:{blog.name}", home, view.iso_date(posts[0].at), entries)


def rss_092(view: View, blog: Blog) -> str:
    """RSS 0.92: neither guid nor date."""
    items = "\n".join(
        f"<item><title>{text(post.title)}</title><link>{view.link(blog, post)}</link>"
        f"<description>{text(post.html)}</description></item>"
        for post in view.posts(blog)
    )
    return (
        f'<?xml version="1.0"?>\n<rss version="0.92"><channel><title>{text(blog.title)}</title>'
        f"<link>{view.url}/{blog.name}/</link><description>{text(blog.about)}</description>\n{items}\n</channel></rss>\n"
    )


def plain_rss(view: View, blog: Blog) -> str:
    """RSS 2.0 without any module and without pages of its own."""
    items = [
        f'<item><title>{text(post.title)}</title><guid isPermaLink="false">{post.slug}</guid>'
        f"<pubDate>{view.mail_date(post.at)}</pubDate><description>{text(post.html)}</description></item>"
        for post in view.posts(blog)
    ]
    return rss(blog.title, f"{view.url}/{blog.name}/", blog.about, items)


def podcast(view: View, blog: Blog) -> str:
    """RSS 2.0 with enclosures."""
    items = [
        f"<item><title>{text(post.title)}</title><guid>{view.link(blog, post)}</guid>"
        f"<link>{view.link(blog, post)}</link><pubDate>{view.mail_date(post.at)}</pubDate>"
        f"<description>{cdata(post.html)}</description>"
        f'<enclosure url="{view.url}/sounds/{post.sound}.wav" type="audio/wav" '
        f'length="{len(media.sound(post.sound))}"/></item>'
        for post in view.posts(blog)
    ]
    return rss(blog.title, f"{view.url}/{blog.name}/", blog.about, items)


def rdf(view: View, blog: Blog) -> str:
    """RSS 1.0: items beside the channel, dates by Dublin Core."""
    posts = view.posts(blog)
    items = "\n".join(
        f'<item rdf:about="{view.link(blog, post)}"><title>{text(post.title)}</title>'
        f"<link>{view.link(blog, post)}</link><dc:date>{view.iso_date(post.at)}</dc:date>"
        f"<dc:creator>{text(post.author)}</dc:creator><description>{text(post.html)}</description></item>"
        for post in posts
    )
    listed = "".join(f'<rdf:li rdf:resource="{view.link(blog, post)}"/>' for post in posts)
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        'xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f'<channel rdf:about="{view.url}{blog.feed}"><title>{text(blog.title)}</title>'
        f"<link>{view.url}/{blog.name}/</link><description>{text(blog.about)}</description>"
        f"<items><rdf:Seq>{listed}</rdf:Seq></items></channel>\n{items}\n</rdf:RDF>\n"
    )


def json_feed(view: View, blog: Blog) -> str:
    """JSON Feed 1.1."""
    return json.dumps(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": blog.title,
            "home_page_url": f"{view.url}/{blog.name}/",
            "feed_url": view.url + blog.feed,
            "description": blog.about,
            "items": [
                {
                    "id": view.link(blog, post),
                    "url": view.link(blog, post),
                    "title": post.title,
                    "content_text" if post.plain else "content_html": post.html,
                    "date_published": view.iso_date(post.at),
                    "authors": [{"name": post.author}],
                    "tags": list(post.tags),
                }
                for post in view.posts(blog)
            ],
        },
        ensure_ascii=False,
        indent=1,
    )
