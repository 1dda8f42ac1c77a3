"""What an article's own page tells: comments in three kinds of markup, and the addresses in its head."""

from __future__ import annotations

import json

import pytest

from tui_reader.model import Confidence, NotAFeed, ParsedComment
from tui_reader.sources.page import MOST, Page
from tui_reader.sources.source import About, Body, Found

POST = "https://blog.example/2026/hello/"


def read(markup: str | bytes, *, url: str = POST, content_type: str = "") -> Found:
    content = markup if isinstance(markup, bytes) else markup.encode()
    found = Page().read(Body(b"<!doctype html>" + content, url, content_type), About(link=POST))
    assert isinstance(found, Found)
    assert not found.complete
    return found


def tree(found: Found) -> list[tuple[str, str, str]]:
    return [(one.key, one.parent_key, one.author) for one in found.comments]


def only(found: Found) -> ParsedComment:
    [one] = found.comments
    assert one.confidence is Confidence.EXACT
    return one


# ---------------------------------------------------------------- WordPress


def said(number: int, head: str, below: str = "", body: str = "<p>Words.</p>") -> str:
    children = f'<ol class="children">{below}</ol>' if below else ""
    return f'<li id="comment-{number}">{head}<div class="comment-content">{body}</div>{children}</li>'


def by(name: str) -> str:
    return (
        f'<div class="comment-author"><b class="fn"><a href="https://{name}.example/">{name}</a></b></div>'
        f'<time datetime="2026-01-02T03:04:05+00:00">then</time>'
    )


def test_a_comment_has_its_author_its_home_its_time_and_its_place() -> None:
    one = only(read(f"<ol>{said(7, by('ann'))}</ol>"))
    assert (one.author, one.author_url, one.published) == ("ann", "https://ann.example/", 1_767_323_045)
    assert (one.url, one.number, one.html) == (f"{POST}#comment-7", 7, "<p>Words.</p>")


def test_what_a_reply_has_is_not_given_to_the_comment_it_answers() -> None:
    nameless, named = read(f"<ol>{said(1, '', said(2, by('bob')))}</ol>").comments
    assert (nameless.key, nameless.author, nameless.author_url, nameless.published) == ("#comment-1", "", "", None)
    assert (named.key, named.parent_key, named.author) == ("#comment-2", "#comment-1", "bob")


def test_a_comment_whose_list_item_and_box_bear_its_number_is_one_comment() -> None:
    box = '<div id="comment-{0}"><cite class="fn">{1}</cite><div class="comment-content">{1}</div></div>'
    inner = f'<li id="li-comment-6">{box.format(6, "Bob")}</li>'
    found = read(f'<ol><li id="li-comment-5">{box.format(5, "Ann")}<ol class="children">{inner}</ol></li></ol>')
    assert tree(found) == [("#comment-5", "", "Ann"), ("#comment-6", "#comment-5", "Bob")]


def test_what_an_older_theme_puts_around_the_words_is_left_out() -> None:
    around = (
        '<div class="comment-author vcard"><cite class="fn">Ann</cite> says:</div><div class="comment-meta">3 May</div>'
    )
    body = f'<div id="div-comment-1" class="comment-body">{around}<p>a &lt; b</p><div class="reply"><a>Reply</a></div></div>'
    one = only(read(f'<ol><li id="comment-1">{body}</li></ol>'))
    assert (one.author, one.html) == ("Ann", "<p>a &lt; b</p>")


def test_replies_inside_the_words_of_a_comment_are_not_its_words() -> None:
    inner = '<div id="comment-2" class="comment-body">Mine.</div>'
    outer, below = read(f'<div id="comment-1" class="comment-body">Yours.{inner}</div>').comments
    assert (outer.html, below.html, below.parent_key) == ("Yours.", "Mine.", "#comment-1")


def test_a_reply_to_a_comment_that_cannot_be_read_keeps_its_parent() -> None:
    found = read(f'<ol><li id="comment-1"><ol class="children">{said(2, by("bob"))}</ol></li></ol>')
    assert tree(found) == [("#comment-2", "#comment-1", "bob")]


def test_three_thousand_replies_inside_each_other_are_read() -> None:
    found = read("<ol>" + "".join(said(n, by("ann"))[:-5] + '<ol class="children">' for n in range(1, 3001)))
    assert len(found.comments) == 3000
    assert found.comments[-1].parent_key == "#comment-2999"


def test_no_more_comments_are_taken_than_a_thread_can_have() -> None:
    found = read("".join(f'<li id="comment-{n}"><p class="comment-content">x</li>' for n in range(1, MOST + 3)))
    assert len(found.comments) == MOST


def test_bodies_inside_each_other_do_not_grow_without_limit() -> None:
    box = '<div id="comment-{}"><section><p></p><div class="comment-content"><b>x</b><section>'
    found = read("".join(box.format(n) for n in range(1, 3000)))
    assert 0 < sum(len(one.html) for one in found.comments) <= 4_000_000


# ---------------------------------------------------------------- JSON-LD


def ld(*documents: object) -> str:
    return "".join(f'<script type="application/ld+json">{json.dumps(one)}</script>' for one in documents)


def remark(name: str, text: str, *below: object, **more: object) -> dict[str, object]:
    return {
        "@type": "Comment",
        "author": {"@type": "Person", "name": name},
        "text": text,
        "comment": list(below),
        **more,
    }


@pytest.mark.parametrize(
    "article",
    [
        {"@type": "BlogPosting"},
        {"@type": ["CreativeWork", "DiscussionForumPosting"]},
        {"@type": "https://schema.org/Article"},
    ],
)
@pytest.mark.parametrize("in_graph", [False, True])
def test_comments_of_an_article_are_nested_as_they_stand(article: dict[str, object], in_graph: bool) -> None:
    thread = remark("Ann", "one", remark("Bob", "two", url="/c/2"), url="/c/1", dateCreated="2026-01-02T03:04:05Z")
    document = {**article, "comment": [thread, remark("Cid", "three", **{"@id": "urn:c3"})]}
    found = read(ld({"@type": "WebSite"}, {"@graph": [{"@type": "Person"}, document]} if in_graph else document))
    assert sorted(tree(found)) == [
        ("https://blog.example/c/1", "", "Ann"),
        ("https://blog.example/c/2", "https://blog.example/c/1", "Bob"),
        ("urn:c3", "", "Cid"),
    ]
    assert found.comments[0].published == 1_767_323_045


def test_a_comment_without_an_address_keeps_its_key_when_others_come_before_it() -> None:
    old = remark("Ann", "one", remark("Bob", "two"), datePublished="2026-01-02")
    first = read(ld({"@type": "Article", "comment": old}))
    later = read(ld({"@type": "Article", "comment": [remark("Cid", "three"), old]}))
    assert {one.author: one.key for one in later.comments}.items() >= {
        one.author: one.key for one in first.comments
    }.items()
    assert len({one.key for one in later.comments}) == 3


def test_lines_of_plain_text_stay_lines_and_markup_stays_markup() -> None:
    plain, marked = read(
        ld({"@type": "Article", "comment": [remark("A", "a < b\nc"), remark("B", "<p>a</p>")]})
    ).comments
    assert (plain.html, plain.is_text) == ("a < b\nc", True)
    assert (marked.html, marked.is_text) == ("<p>a</p>", False)


def test_a_reply_chain_without_addresses_loses_nobody() -> None:
    chain: dict[str, object] = remark("Ann", "again")
    for _ in range(150):
        chain = remark("Ann", "again", chain)
    found = read(ld({"@type": "Article", "comment": chain}))
    assert len(found.comments) == 151
    assert [one.parent_key for one in found.comments[1:]] == [one.key for one in found.comments[:-1]]


# ---------------------------------------------------------------- microformats


def cite(name: str, place: str, body: str, below: str = "") -> str:
    return (
        f'<div class="u-comment h-cite"><span class="p-author h-card"><a class="u-url p-name" href="https://{name}.example/">'
        f'{name}</a></span><a class="u-url" href="{place}"><time class="dt-published" datetime="2026-01-02T03:04:05Z">x</time>'
        f'</a><div class="e-content">{body}</div>{below}</div>'
    )


def test_cited_comments_answer_the_one_around_them() -> None:
    found = read(
        f'<article class="h-entry">{cite("ann", "#a", "one", cite("bob", "#b", "two"))}{cite("ann", "#c", "3")}'
    )
    assert tree(found) == [(f"{POST}#a", "", "ann"), (f"{POST}#b", f"{POST}#a", "bob"), (f"{POST}#c", "", "ann")]
    first = found.comments[0]
    assert (first.html, first.url, first.author_url) == ("one", f"{POST}#a", "https://ann.example/")
    assert (first.published, first.confidence) == (1_767_323_045, Confidence.EXACT)


def test_a_cited_comment_is_known_by_its_words_where_it_has_no_address() -> None:
    one = '<li class="u-comment h-cite"><b class="p-author">Ann</b><p class="p-content">Words.</p></li>'
    alone, later = read(one), read(one.replace("Words", "Other words") + one)
    assert later.comments[1].key == only(alone).key
    assert later.comments[0].key != only(alone).key


def test_what_a_comment_cites_itself_is_no_comment() -> None:
    cited = '<a class="u-in-reply-to h-cite" href="/x"><p class="p-content">cited</p></a>'
    assert tree(read(cite("ann", "#a", f"one {cited}"))) == [(f"{POST}#a", "", "ann")]


# ---------------------------------------------------------------- what the head names


def feed(href: str, title: str = "", type_: str = "application/rss+xml") -> str:
    return f'<link rel="alternate" type="{type_}" title="{title}" href="{href}">'


def refs(head: str, url: str = POST) -> list[tuple[str, str, str]]:
    return [(ref.kind, ref.url, ref.page_url) for ref in read(f"<html><head>{head}</head>", url=url).refs]


def test_a_feed_below_the_page_or_titled_as_comments_is_the_pages_discussion() -> None:
    assert refs(feed("/feed/", "Blog") + feed("/2026/hello/feed/", "x", "application/atom+xml; charset=utf-8")) == [
        ("feed", f"{POST}feed/", POST)
    ]
    assert refs(feed("https://talk.example/7.rss", "Comments on Hello")) == [
        ("feed", "https://talk.example/7.rss", POST)
    ]


@pytest.mark.parametrize(
    "address",
    [
        "/comments/feed/",
        "/blog/comments/feed/",
        "/comments/feed/atom/",
        "/?feed=comments-rss2",
        "javascript:x",
        "ftp://blog.example/2026/hello/feed/",
    ],
)
def test_a_sites_feed_of_all_comments_and_what_is_no_web_address_are_not(address: str) -> None:
    assert refs(feed(address, "Blog » Comments Feed")) == []


def test_the_front_page_takes_no_feed_for_its_own() -> None:
    assert refs(feed("/feed/", "Blog"), "https://blog.example/") == []


REST = "https://blog.example/wp-json/wp/v2/comments?post=7&per_page=100&order=asc&page=1"
API = '<link rel="https://api.w.org/" href="https://blog.example/wp-json/">'
JSON = '<link rel="alternate" type="application/json" href="https://blog.example/wp-json/wp/v2/posts/7">'


@pytest.mark.parametrize(
    "head",
    [
        f'{API}<link rel="shortlink" href="https://blog.example/?p=7">',
        f'{API}<link rel="shortlink" href="https://short.example/x">{JSON}',
        '<link rel="alternate" type="application/json" href="/wp-json/wp/v2/pages/7">',
    ],
)
def test_a_wordpress_page_names_where_its_comments_are_listed(head: str) -> None:
    assert refs(head) == [("wordpress-rest", REST, POST)]


@pytest.mark.parametrize(
    "head",
    [
        '<link rel="shortlink" href="https://blog.example/?p=7">',
        f'{API}<link rel="shortlink" href="https://short.example/x">',
        '<link rel="alternate" type="application/json" href="https://blog.example/wp-json/wp/v2/categories/7">',
    ],
)
def test_a_number_that_may_be_no_posts_is_not_asked_for(head: str) -> None:
    assert refs(head) == []


def test_one_discussion_is_not_named_twice() -> None:
    head = f'{API}<link rel="shortlink" href="https://blog.example/?p=7">' + feed("/2026/hello/feed/") * 2
    assert refs(head) == [("feed", f"{POST}feed/", POST)]


# ---------------------------------------------------------------- the page as a whole


def test_a_page_without_anything_holds_nothing() -> None:
    assert read("<html><body><p>Just words.</p></body></html>") == Found()


@pytest.mark.parametrize("content", [b"", b"<rss><channel/></rss>", b'{"a": 1}'])
def test_what_is_no_page_is_refused(content: bytes) -> None:
    assert isinstance(Page().read(Body(content, POST), About(link=POST)), NotAFeed)


@pytest.mark.parametrize(
    ("head", "content_type"), [('<meta charset="iso-8859-2">', ""), ("", "text/html; charset=iso-8859-2")]
)
def test_a_page_may_be_in_another_encoding(head: str, content_type: str) -> None:
    markup = f"<html><head>{head}</head><ol>{said(1, by('ann'), body='Łódź')}</ol>".encode("iso-8859-2")
    assert only(read(markup, content_type=content_type)).html == "Łódź"
