"""The feeds that a web page names."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui_reader.model import Candidate
from tui_reader.parse.discover import candidates

PAGE = "https://blog.example/2026/post.html"


def found(head: str = "", body: str = "", url: str = PAGE, content_type: str = "") -> tuple[Candidate, ...]:
    page = f"<!doctype html><html><head>{head}</head><body>{body}</body></html>"
    return candidates(page.encode(), url, content_type)


def link(href: str, type_: str = "application/rss+xml", title: str = "", rel: str = "alternate") -> str:
    return f'<link rel="{rel}" type="{type_}" href="{href}" title="{title}">'


def test_what_the_head_names_in_its_order() -> None:
    assert found(
        link("/feed/", title="Posts &amp; more") + link("comments.atom", "application/atom+xml", "Comments")
    ) == (
        Candidate("https://blog.example/feed/", "Posts & more", "RSS"),
        Candidate("https://blog.example/2026/comments.atom", "Comments", "Atom"),
    )


@pytest.mark.parametrize(
    ("type_", "named"),
    [
        ("application/rss+xml", "RSS"),
        ("APPLICATION/ATOM+XML; charset=utf-8", "Atom"),
        ("application/rdf+xml", "RDF"),
        ("application/feed+json", "JSON Feed"),
        ("text/xml", "XML"),
    ],
)
def test_types(type_: str, named: str) -> None:
    assert found(link("/x", type_)) == (Candidate("https://blog.example/x", "", named),)


@pytest.mark.parametrize(
    "markup",
    [
        link("/style.css", "text/css", rel="stylesheet"),
        link("/de/", "text/html"),
        link("/wp-json/wp/v2/posts/1", "application/json"),
        link("/oembed?format=json", "application/json"),
        link("javascript:x"),
        link(""),
        '<link rel="alternate" type="application/rss+xml">',
        link(PAGE),
        link("/feed", rel="stylesheet"),
    ],
)
def test_what_is_no_feed_is_not_offered(markup: str) -> None:
    assert found(markup) == ()


def test_each_address_once_and_at_most_twenty() -> None:
    assert len(found(link("/feed") * 3)) == 1
    assert len(found("".join(link(f"/feed{n}") for n in range(100)))) == 20


def test_a_base_is_followed() -> None:
    assert found('<base href="/deep/">' + link("feed"))[0].url == "https://blog.example/deep/feed"
    assert found('<base href="javascript:x">' + link("feed"))[0].url == "https://blog.example/2026/feed"


def test_links_of_the_page_when_the_head_names_none() -> None:
    body = '<a href="/about">About</a> <a href="/rss.xml">Our <b>feed</b></a> <a href="/blog/feed/">x</a> <a href="/feedback">no</a>'
    assert [one.url for one in found(body=body)] == ["https://blog.example/rss.xml", "https://blog.example/blog/feed/"]
    assert found(body=body)[0].title == "Our feed"
    assert len(found(link("/named"), body)) == 1


def test_a_link_in_the_body_counts_as_one_in_the_head() -> None:
    assert len(found(body=link("/feed"))) == 1


def test_the_pages_charset() -> None:
    page = link("/feed", title="Жук").encode("koi8-r")
    assert candidates(page, PAGE, "text/html; charset=koi8-r")[0].title == "Жук"
    assert candidates(page, PAGE, "text/html; charset=nonsense")[0].url == "https://blog.example/feed"


def test_titles_are_harmless() -> None:
    assert found(link("/feed", title="a\x1b]0;x\x07b\u202e"))[0].title == "ab"


@settings(max_examples=100, deadline=None)
@given(
    st.binary(max_size=300),
    st.sampled_from(["", "text/html; charset=utf-16", "text/html; charset=punycode", "; charset=hex"]),
)
def test_no_page_confuses_it(page: bytes, content_type: str) -> None:
    for one in candidates(page, PAGE, content_type):
        assert one.url.startswith(("http://", "https://"))
