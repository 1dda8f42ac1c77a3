"""The demo site, over real sockets: its shapes, its answers, its growth."""

from __future__ import annotations

import gzip
import http.client
import io
import json
import re
import wave
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from itertools import pairwise
from urllib.parse import urlsplit

import feedparser
import pytest

from tui_reader.demo.markup import View
from tui_reader.demo.pages import BLOGS, World
from tui_reader.demo.site import DemoSite

BEGUN = 1_767_268_800
LAMP = "/lighthouse/the-lamp/"


class Visitor:
    """A browser of the site whose clock is set by hand."""

    def __init__(self) -> None:
        self.now = float(BEGUN)
        self.site = DemoSite(lambda: self.now)

    def ask(self, path: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
        where = urlsplit(self.site.url)
        line = http.client.HTTPConnection(where.hostname or "", where.port, timeout=10)
        line.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        answer = line.getresponse()
        body = answer.read()
        line.close()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, body

    def body(self, path: str) -> bytes:
        status, _, body = self.ask(path)
        assert status == 200, path
        return body

    def feed(self, path: str) -> feedparser.FeedParserDict:
        parsed = feedparser.parse(self.body(path), sanitize_html=False, resolve_relative_uris=False)
        assert not parsed.bozo, parsed.get("bozo_exception")
        return parsed


@pytest.fixture
def visitor() -> Iterator[Visitor]:
    one = Visitor()
    with one.site:
        yield one


# ---------------------------------------------------------------- shapes


@pytest.mark.parametrize(
    ("path", "version", "entries"),
    [
        ("/lighthouse/feed/", "rss20", 5),
        ("/harbour/notices.rss", "rss092", 3),
        ("/radio/episodes.rss", "rss20", 3),
        ("/workbench/atom.xml", "atom10", 3),
        ("/shelf/index.rdf", "rss10", 3),
        ("/classifieds/ads.rss", "rss20", 3),
    ],
)
def test_feed_has_its_shape(visitor: Visitor, path: str, version: str, entries: int) -> None:
    parsed = visitor.feed(path)
    assert parsed.version == version
    assert len(parsed.entries) == entries
    assert all(entry.title and entry.summary for entry in parsed.entries)


def test_json_feed_has_its_shape_and_hostile_titles(visitor: Visitor) -> None:
    _, headers, body = visitor.ask("/observatory/feed.json")
    feed = json.loads(body)
    assert headers["content-type"] == "application/feed+json"
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert "\x1b]2;" in feed["title"]
    assert feed["items"][0]["title"].startswith("[/red] C++ [draft]")
    assert sum("content_text" in item for item in feed["items"]) == 1


def test_wordpress_names_and_counts_its_comments(visitor: Visitor) -> None:
    for entry in visitor.feed("/lighthouse/feed/").entries:
        assert entry.wfw_commentrss == entry.link + "feed/"
        assert entry.comments == entry.link + "#comments"
        assert entry.author
        assert entry.content[0].value
        assert int(entry.slash_comments) == len(visitor.feed(urlsplit(entry.wfw_commentrss).path).entries)


def test_atom_links_to_its_replies(visitor: Visitor) -> None:
    entry = visitor.feed("/workbench/atom.xml").entries[0]
    [replies] = [link for link in entry.links if link.rel == "replies"]
    said = visitor.feed(urlsplit(replies.href).path)
    assert int(replies["count"]) == len(said.entries) == 4
    assert replies["updated"] == max(one.updated for one in said.entries)
    known = {entry.id} | {one.id for one in said.entries}
    assert all(one["thr_in-reply-to"]["ref"] in known for one in said.entries)


def test_podcast_has_sounds_of_the_length_it_tells(visitor: Visitor) -> None:
    for entry in visitor.feed("/radio/episodes.rss").entries:
        [enclosure] = entry.enclosures
        sound = visitor.body(urlsplit(enclosure.href).path)
        assert len(sound) == int(enclosure.length)
        with wave.open(io.BytesIO(sound)) as recording:
            assert recording.getnframes() > recording.getframerate()


def test_a_wordpress_reply_says_so_in_words_and_by_id_in_atom(visitor: Visitor) -> None:
    visitor.now += 40
    in_words = {one.id: one.content[0].value for one in visitor.feed(LAMP + "feed/").entries}
    parents = {one.id: one["thr_in-reply-to"]["ref"] for one in visitor.feed(LAMP + "feed/atom/").entries}
    assert in_words.keys() == parents.keys()
    assert sum(body.startswith('<p>In reply to <a href="') for body in in_words.values()) == sum(
        "#comment-" in parent for parent in parents.values()
    )

    def depth(id: str) -> int:
        return depth(parents[id]) + 1 if "#comment-" in id else -1

    assert max(map(depth, parents)) == 4
    assert any("Niemand gibt es zu" in body for body in in_words.values())


def test_comment_numbers_grow_with_time_and_answer_older_ones() -> None:
    for blog in BLOGS:
        remarks = sorted((one for post in blog.posts for one in post.remarks), key=lambda one: one.number)
        assert all(one.at < other.at for one, other in pairwise(remarks))
        for post in blog.posts:
            numbers = {one.number for one in post.remarks}
            assert all(one.to == 0 or (one.to in numbers and one.to < one.number) for one in post.remarks)
            assert all(one.at > post.at for one in post.remarks)


def test_pages_name_their_feeds(visitor: Visitor) -> None:
    def alternates(path: str) -> list[str]:
        return re.findall(r'<link rel="alternate"[^>]* href="([^"]*)"', visitor.body(path).decode())

    assert len(alternates("/")) == 2
    assert alternates("/workbench/") == ["/workbench/atom.xml"]
    assert len(alternates(LAMP)) == 2
    assert "8 thoughts on “The lamp" in visitor.body(LAMP).decode()


def test_every_link_within_the_site_leads_somewhere(visitor: Visitor) -> None:
    visitor.now += 600
    seen: set[str] = set()
    waiting = ["/", *(blog.feed for blog in BLOGS)]
    while waiting:
        path = waiting.pop()
        if path in seen:
            continue
        seen.add(path)
        _, headers, body = visitor.ask(path)
        if headers["content-type"].startswith(("audio", "image")):
            continue
        for link in re.findall(r"""(?:href|src|url)="([^"#]+)|<(?:link|wfw:commentRss)>([^<#]+)""", body.decode()):
            local = "".join(link).removeprefix(visitor.site.url)
            if local.startswith("/"):
                assert visitor.ask(local)[0] == 200, (path, local)
                waiting.append(local)
    assert len(seen) > 50


# ---------------------------------------------------------------- answers


@pytest.mark.parametrize("path", [blog.feed for blog in BLOGS])
def test_unchanged_is_304_by_etag_and_by_date(visitor: Visitor, path: str) -> None:
    status, first, _ = visitor.ask(path)
    assert status == 200
    for asked in ({"If_None_Match": first["etag"]}, {"If_Modified_Since": first["last-modified"]}):
        status, headers, body = visitor.ask(path, **asked)
        assert (status, body) == (304, b"")
        assert headers["etag"] == first["etag"]
    assert parsedate_to_datetime(first["last-modified"]).timestamp() <= visitor.now


def test_an_etag_outweighs_a_date(visitor: Visitor) -> None:
    _, first, _ = visitor.ask(LAMP)
    assert visitor.ask(LAMP, If_None_Match='"other"', If_Modified_Since=first["last-modified"])[0] == 200


def test_gzip_is_used_when_asked_for_and_has_an_etag_of_its_own(visitor: Visitor) -> None:
    _, plain, body = visitor.ask("/lighthouse/feed/")
    _, zipped, packed = visitor.ask("/lighthouse/feed/", Accept_Encoding="gzip")
    assert "content-encoding" not in plain
    assert zipped["content-encoding"] == "gzip"
    assert gzip.decompress(packed) == body
    assert plain["etag"] != zipped["etag"]
    assert visitor.ask("/lighthouse/feed/", Accept_Encoding="gzip", If_None_Match=zipped["etag"])[0] == 304


@pytest.mark.parametrize("path", ["/nothing", "/lighthouse/nothing/", "/lighthouse/the-lamp/nothing/", "/sounds/x.wav"])
def test_what_is_not_there_is_404(visitor: Visitor, path: str) -> None:
    assert visitor.ask(path)[0] == 404


def test_only_get_is_answered(visitor: Visitor) -> None:
    assert visitor.ask("/", method="POST")[0] == 405


# ---------------------------------------------------------------- growth


def documents(elapsed: float) -> dict[str, bytes]:
    """Every feed of posts and of comments at a moment."""
    world = World("http://demo.example", BEGUN, elapsed)
    view = View("http://demo.example", BEGUN, elapsed)
    paths = [blog.feed for blog in BLOGS]
    posts = [f"/{blog.name}/{post.slug}/" for blog in BLOGS for post in view.posts(blog)]
    paths += [post + tail for post in posts for tail in ("feed/", "feed/atom/", "comments.atom")]
    pages = {path: world.page(path) for path in paths}
    return {path: page.body for path, page in pages.items() if page is not None}


def test_it_grows_while_one_watches_and_then_rests() -> None:
    moments = [0]
    for second in range(1, 600):
        if documents(second) != documents(moments[-1]):
            moments.append(second)
    assert 10 <= moments[1] <= 15
    assert all(later - earlier <= 25 for earlier, later in pairwise(moments))
    assert 180 <= moments[-1] <= 360


def test_the_same_moment_is_the_same_site() -> None:
    assert documents(90) == documents(90)


def test_new_posts_and_comments_appear(visitor: Visitor) -> None:
    before = visitor.feed("/lighthouse/feed/")
    _, headers, _ = visitor.ask(LAMP + "feed/")
    visitor.now += 60
    after = visitor.feed("/lighthouse/feed/")
    assert len(after.entries) == len(before.entries) + 1
    assert after.entries[0].title == "Notes from the first dark night"
    status, later, _ = visitor.ask(LAMP + "feed/", If_None_Match=headers["etag"])
    assert status == 200
    assert parsedate_to_datetime(later["last-modified"]) > parsedate_to_datetime(headers["last-modified"])


def test_wordpress_shows_a_window_of_its_comments(visitor: Visitor) -> None:
    visitor.now += 600
    [lamp] = [entry for entry in visitor.feed("/lighthouse/feed/").entries if entry.link.endswith(LAMP)]
    assert int(lamp.slash_comments) == 13
    assert len(visitor.feed(LAMP + "feed/").entries) == 10


def test_one_feed_becomes_a_web_page(visitor: Visitor) -> None:
    visitor.now += 60
    status, headers, body = visitor.ask("/classifieds/ads.rss")
    assert status == 200
    assert headers["content-type"].startswith("text/html")
    assert b"We are moving" in body
