"""Each kind of feed document, read whole: what every field comes to."""

from __future__ import annotations

import pytest

from tests.unit.parse.documents import URL, json_feed, read
from tui_reader.model import DiscussionRef, Enclosure, NotAFeed, ParsedEntry, ParsedFeed
from tui_reader.parse.document import parse

WORDPRESS = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:wfw="http://wellformedweb.org/CommentAPI/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:atom="http://www.w3.org/2005/Atom" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"
 xmlns:slash="http://purl.org/rss/1.0/modules/slash/">
<channel>
 <title>Garden &#8217;n&#8217; more</title>
 <atom:link href="https://blog.example/feed/" rel="self" type="application/rss+xml" />
 <link>https://blog.example</link>
 <description>Plants</description>
 <lastBuildDate>Tue, 02 Jun 2026 08:00:00 +0000</lastBuildDate>
 <language>en</language>
 <sy:updatePeriod>hourly</sy:updatePeriod>
 <generator>https://wordpress.org/?v=6.9</generator>
 <item>
  <title>Peas &amp; beans</title>
  <link>https://blog.example/2026/06/peas/</link>
  <comments>https://blog.example/2026/06/peas/#comments</comments>
  <dc:creator><![CDATA[Ann O'Neill]]></dc:creator>
  <pubDate>Mon, 01 Jun 2026 10:30:00 +0200</pubDate>
  <category><![CDATA[Legumes]]></category>
  <category><![CDATA[Legumes]]></category>
  <category><![CDATA[R&D]]></category>
  <guid isPermaLink="false">https://blog.example/?p=17</guid>
  <description><![CDATA[<p>Short.</p>]]></description>
  <content:encoded><![CDATA[<p>Long &amp; <em>full</em>.</p>]]></content:encoded>
  <wfw:commentRss>https://blog.example/2026/06/peas/feed/</wfw:commentRss>
  <slash:comments>3</slash:comments>
  <enclosure url="https://blog.example/peas.mp3" length="1234" type="audio/mpeg" />
 </item>
</channel></rss>"""

ATOM = """<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xmlns:thr="http://purl.org/syndication/thread/1.0">
 <title type="text">A &lt;b&gt; in plain text</title>
 <id>tag:blog.example,2026:feed</id>
 <link rel="self" href="https://blog.example/feed/"/>
 <link rel="alternate" type="text/html" href="https://blog.example/"/>
 <updated>2026-06-02T08:00:00Z</updated>
 <entry>
  <id>tag:blog.example,2026:post-1</id>
  <title type="html">Hard &amp;amp; &lt;em&gt;soft&lt;/em&gt;</title>
  <link rel="alternate" type="text/html" href="https://blog.example/1"/>
  <link rel="replies" type="application/atom+xml" href="https://blog.example/1/comments.atom"
   thr:count="12" thr:updated="2026-06-03T00:00:00Z"/>
  <link rel="replies" type="text/html" href="https://blog.example/1#comments"/>
  <link rel="enclosure" href="https://blog.example/1.ogg" type="audio/ogg" length="99"/>
  <author><name>Ann</name><uri>https://ann.example/</uri></author>
  <category term="tea" label="Tea"/>
  <published>2026-06-01T10:30:00+02:00</published>
  <updated>2026-06-01T12:00:00Z</updated>
  <summary>short</summary>
  <content type="html">&lt;p&gt;Body&lt;/p&gt;</content>
 </entry>
 <entry>
  <id>tag:blog.example,2026:comment-2</id>
  <title>Re</title>
  <link href="https://blog.example/1#c2"/>
  <updated>2026-06-01T13:00:00Z</updated>
  <thr:in-reply-to ref="tag:blog.example,2026:post-1" href="https://blog.example/1"/>
  <thr:in-reply-to ref="tag:blog.example,2026:comment-1"/>
  <content type="text">a &lt; b</content>
 </entry>
</feed>"""

RDF = """<?xml version="1.0"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:slash="http://purl.org/rss/1.0/modules/slash/">
 <channel rdf:about="https://blog.example/"><title>Old and good</title><link>https://blog.example/</link>
  <items><rdf:Seq><rdf:li rdf:resource="https://blog.example/a"/></rdf:Seq></items></channel>
 <item rdf:about="https://blog.example/a"><title>One</title><link>https://blog.example/a</link>
  <description>Words</description><dc:creator>Bob</dc:creator><dc:date>2026-06-01T08:30:00Z</dc:date>
  <dc:subject>tea</dc:subject><slash:comments>7</slash:comments></item>
</rdf:RDF>"""

RSS_092 = """<rss version="0.92"><channel><title>Older</title><link>https://blog.example/</link>
<description>d</description>
<item><description>No title, only &lt;b&gt;words&lt;/b&gt;.</description>
 <enclosure url="http://blog.example/a.mp3" length="10" type="audio/mpeg"/></item>
<item><title>With a link</title><link>https://blog.example/b</link></item>
</channel></rss>"""


@pytest.mark.row("X09")
def test_rss_2_as_wordpress_writes_it() -> None:
    feed = read(WORDPRESS)
    assert (feed.format, feed.title, feed.site_url) == ("rss20", "Garden ’n’ more", "https://blog.example")
    assert feed.generator == "https://wordpress.org/?v=6.9"
    assert (feed.fault, feed.ttl) == ("", None)
    (entry,) = feed.entries
    assert entry == ParsedEntry(
        key="https://blog.example/?p=17",
        guid="https://blog.example/?p=17",
        raw_id="https://blog.example/?p=17",
        url="https://blog.example/2026/06/peas/",
        title="Peas & beans",
        author="Ann O'Neill",
        published=1_780_302_600,
        html="<p>Long &amp; <em>full</em>.</p>",
        base=URL,
        tags=("Legumes", "R&D"),
        enclosures=(Enclosure("https://blog.example/peas.mp3", "audio/mpeg", 1234),),
        comments_url="https://blog.example/2026/06/peas/#comments",
        discussions=(
            DiscussionRef(
                "feed",
                "https://blog.example/2026/06/peas/feed/",
                "https://blog.example/2026/06/peas/#comments",
                3,
            ),
        ),
    )


@pytest.mark.row("X09")
def test_atom_with_threading() -> None:
    feed = read(ATOM)
    assert (feed.format, feed.title, feed.site_url) == ("atom10", "A <b> in plain text", "https://blog.example/")
    post, comment = feed.entries
    assert post.title == "Hard & soft"
    assert (post.author, post.author_url) == ("Ann", "https://ann.example/")
    assert (post.published, post.updated) == (1_780_302_600, 1_780_315_200)
    assert (post.html, post.is_text, post.tags) == ("<p>Body</p>", False, ("Tea",))
    assert post.enclosures == (Enclosure("https://blog.example/1.ogg", "audio/ogg", 99),)
    assert post.comments_url == "https://blog.example/1#comments"
    (ref,) = post.discussions
    assert (ref.kind, ref.url, ref.count) == ("feed", "https://blog.example/1/comments.atom", 12)
    assert ref.updated == 1_780_444_800
    assert comment.in_reply_to == ("tag:blog.example,2026:post-1", "tag:blog.example,2026:comment-1")
    assert (comment.html, comment.is_text) == ("a < b", True)


@pytest.mark.row("X09")
def test_rdf() -> None:
    feed = read(RDF)
    assert (feed.format, feed.title) == ("rss10", "Old and good")
    (entry,) = feed.entries
    assert (entry.key, entry.url, entry.title) == ("https://blog.example/a", "https://blog.example/a", "One")
    assert (entry.author, entry.tags) == ("Bob", ("tea",))
    assert entry.published == entry.updated or 1_780_302_600 in {entry.published, entry.updated}
    assert [ref.count for ref in entry.discussions] == [7]


@pytest.mark.row("X09")
def test_rss_0_92_has_items_without_a_title() -> None:
    untitled, linked = read(RSS_092).entries
    assert (untitled.title, untitled.url, untitled.html) == ("", "", "No title, only <b>words</b>.")
    assert untitled.key.startswith("hash:")
    assert untitled.enclosures[0].url == "http://blog.example/a.mp3"
    assert linked.key == "https://blog.example/b"


@pytest.mark.row("X09")
def test_json_feed_1() -> None:
    feed = read(
        json_feed(
            "1",
            {
                "id": 7,
                "url": "/7",
                "title": "Seven",
                "content_text": "a < b",
                "date_published": "2026-06-01T10:30:00+02:00",
                "tags": ["x", "x", 3],
            },
            home_page_url="https://blog.example/",
            author={"name": "Ann", "url": "https://ann.example/"},
        )
    )
    (entry,) = feed.entries
    assert (feed.format, feed.site_url) == ("json", "https://blog.example/")
    assert (entry.key, entry.url, entry.html, entry.is_text) == ("7", "https://blog.example/7", "a < b", True)
    assert (entry.author, entry.author_url, entry.tags) == ("Ann", "https://ann.example/", ("x", "3"))
    assert entry.published == 1_780_302_600


@pytest.mark.row("X09")
def test_json_feed_1_1() -> None:
    feed = read(
        json_feed(
            "1.1",
            {
                "id": "https://blog.example/a",
                "external_url": "https://elsewhere.example/",
                "content_html": "<p>H</p>",
                "content_text": "T",
                "authors": [{"name": "Ann"}, {"name": "Bob"}],
                "attachments": [
                    {"url": "/a.mp3", "mime_type": "audio/mpeg", "size_in_bytes": 12},
                    {"url": "javascript:x", "mime_type": "text/html"},
                ],
            },
        )
    )
    (entry,) = feed.entries
    assert (entry.url, entry.html, entry.is_text) == ("https://elsewhere.example/", "<p>H</p>", False)
    assert entry.author == "Ann, Bob"
    assert entry.enclosures == (Enclosure("https://blog.example/a.mp3", "audio/mpeg", 12),)


@pytest.mark.row("X10")
@pytest.mark.parametrize(
    "body",
    [
        b'{"version": "https://jsonfeed.org/version/1.1", "items": [1, null, "x", [], {}, {"id": null, "title": []}]}',
        b'{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": NaN, "title": "\\ud800", "url": 1e999}]}',
        b'{"version": "https://jsonfeed.org/version/1.1", "items": [{"url": "/\\ud800", "external_url": "//\\ud800/"}]}',
        b'{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": ' + b"9" * 5000 + b"}]}",
        b'{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": 1, "id": 2}], "items": []}',
        b'\xef\xbb\xbf{"version": "https://jsonfeed.org/version/1", "items": [{"id": "\xff\xfe", "authors": "Ann"}]}',
    ],
)
def test_json_that_is_oddly_filled_is_still_a_feed(body: bytes) -> None:
    assert isinstance(parse(body, url=URL), ParsedFeed)


@pytest.mark.row("H27")
@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "an empty document"),
        (b" \r\n\t\xef\xbb\xbf ", "an empty document"),
        (b"\0" * 100, "an empty document"),
        (b"<!doctype html><title>Log in</title><p>Please log in.", "a web page instead of a feed"),
        (b"\n<HTML><head></head><body>no</body></HTML>", "a web page instead of a feed"),
        (b"%PDF-1.7 x", "a PDF instead of a feed"),
        (b"\x89PNG\r\n\x1a\n", "a picture instead of a feed"),
        (b"\x1f\x8b\x08", "an archive instead of a feed"),
        (b'{"error": "not found"}', "JSON that is no feed"),
        (b"[1, 2]", "JSON that is no feed"),
        (b"{", "JSON that could not be read as a feed"),
        (b"[" * 100_000, "JSON that could not be read as a feed"),
        (b"just words", "something that could not be read as a feed"),
    ],
)
def test_what_is_no_feed_is_named(body: bytes, reason: str) -> None:
    found = parse(body, url=URL)
    assert isinstance(found, NotAFeed)
    assert found.reason == reason
    assert len(found.words) <= 300


def test_the_words_of_a_page_are_kept_and_harmless() -> None:
    found = parse(b"<html><style>p{}</style><p>Please \x1b]0;x\x07log&nbsp;in &amp; wait</p>", url=URL)
    assert isinstance(found, NotAFeed)
    assert found.words == "Please log in & wait"


def test_a_page_that_mentions_a_feed_first_is_a_feed_and_the_other_way_round() -> None:
    assert read(
        "<rss version='2.0'><channel><title>x</title><item><title>&lt;html> &lt;body></title></item></channel></rss>"
    )
    assert isinstance(parse(b"<html><body><pre><rss version='2.0'></pre>", url=URL), NotAFeed)


# ---------------------------------------------------------------- charsets


@pytest.mark.row("X07")
@pytest.mark.parametrize(
    ("declared", "codec"),
    [
        ("utf-8", "utf-8"),
        ("iso-8859-1", "latin-1"),
        ("windows-1252", "cp1252"),
        ("koi8-r", "koi8-r"),
        ("shift_jis", "shift_jis"),
        ("gb2312", "gbk"),
        ("utf-16", "utf-16"),
    ],
)
def test_charsets(declared: str, codec: str) -> None:
    word = {"koi8-r": "Привет", "shift_jis": "日本語", "gbk": "中文", "utf-8": "é日Ж", "utf-16": "é日Ж"}.get(
        codec, "café"
    )
    text = f"<?xml version='1.0' encoding='{declared}'?><rss version='2.0'><channel><item><title>{word}</title></item></channel></rss>"
    assert read(text.encode(codec)).entries[0].title == word


@pytest.mark.row("X07")
def test_the_header_names_the_charset_when_the_document_does_not() -> None:
    body = "<rss version='2.0'><channel><item><title>Жук</title></item></channel></rss>".encode("koi8-r")
    assert read(body, content_type="text/xml; charset=koi8-r").entries[0].title == "Жук"


@pytest.mark.row("X07")
@pytest.mark.parametrize(
    "codec",
    [
        "unicode_escape",
        "raw_unicode_escape",
        "utf-7",
        "punycode",
        "idna",
        "undefined",
        "rot13",
        "hex",
        "zip",
        "base64",
        "nonsense",
    ],
)
def test_a_codec_that_is_none_of_text_is_not_used(codec: str) -> None:
    title = r"a\x1b]0;pwn\x07b +ABs-"
    body = (
        f"<?xml version='1.0' encoding='{codec}'?><rss version='2.0'><channel><item><title>{title}</title></item>"
        f"</channel></rss>"
    )
    for content_type in ("", f"application/xml; charset={codec}"):
        (entry,) = read(body, content_type=content_type).entries
        assert "\x1b" not in entry.title
        assert r"\x1b" in entry.title


# ---------------------------------------------------------------- broken, but shown


@pytest.mark.row("X08")
@pytest.mark.parametrize(
    "body",
    [
        "<rss version='2.0'><channel><item><title>One &nbsp; two</title></item></channel></rss>",
        "<rss version='2.0'><channel><item><title>One & two</title></item></channel></rss>",
        "<rss version='2.0'><channel><item><title>One two</title></item>",
        "<rss version='2.0'><channel><item><title>One two</title></item></channel></rss>trailing <junk",
        "<rss version='2.0'><channel><item><title>One\x1b[31m two</title></item></channel></rss>",
        "<rss version='2.0'><channel><item><media:title>x</media:title><title>One two</title></item></channel></rss>",
    ],
    ids=["entity", "ampersand", "cut", "junk", "control", "prefix"],
)
def test_what_can_be_read_of_a_broken_document_is_shown_and_said_so(body: str) -> None:
    feed = read(body)
    assert feed.entries[0].title.startswith("One")
    assert "\x1b" not in feed.entries[0].title
    assert "not well-formed" in feed.fault


@pytest.mark.parametrize(
    "tail", ["", "<description><![CDATA[open", "<description><!-- open", "<description", "<title>Tw", "<"]
)
def test_an_entry_that_is_cut_off_is_left_for_the_next_time(tail: str) -> None:
    feed = read(f"<rss version='2.0'><channel><item><guid>a</guid><title>One</title></item><item><guid>b</guid>{tail}")
    assert [entry.guid for entry in feed.entries] == ["a"]
    assert feed.fault.endswith("1 entry could be read")


@pytest.mark.row("X08")
def test_a_missing_end_tag_costs_no_entry() -> None:
    feed = read("<rss version='2.0'><channel><item><guid>a</guid></item><item><guid>b</guid></channel></rss>")
    assert [entry.guid for entry in feed.entries] == ["a", "b"]


@pytest.mark.parametrize("guid", ["g0", "tag:x,2026:1", "/relative", "?p=3", "https://blog.example/x", "urn:x"])
@pytest.mark.parametrize("link", ["", "<link>https://blog.example/post</link>"])
def test_an_entry_is_the_same_one_when_its_document_breaks(guid: str, link: str) -> None:
    sound = f"<rss version='2.0'><channel><item><guid>{guid}</guid>{link}<comments>12</comments><title>One</title></item></channel></rss>"
    (whole,), (broken,) = read(sound).entries, read(sound.replace("</channel></rss>", "")).entries
    assert whole == broken
    assert whole.guid == guid


@pytest.mark.row("X06")
def test_entries_before_a_cut_are_kept() -> None:
    inner = "".join(
        f"<item><title>t{n}</title><guid>g{n}</guid><description>{'x' * 50}</description></item>" for n in range(20)
    )
    whole = f"<rss version='2.0'><channel><title>t</title>{inner}</channel></rss>".encode()
    for percent in range(20, 100, 5):
        found = parse(whole[: len(whole) * percent // 100], url=URL)
        assert isinstance(found, ParsedFeed)
        complete = whole[: len(whole) * percent // 100].count(b"</item>")
        assert [entry.guid for entry in found.entries] == [f"g{n}" for n in range(complete)]


@pytest.mark.row("X05")
def test_ten_thousand_entries_are_taken_of_one_document() -> None:
    feed = read(json_feed("1", *({"id": str(n)} for n in range(10_050))))
    assert len(feed.entries) == 10_000


def test_a_feed_of_feeds_asks_for_patience() -> None:
    feed = read(
        "<rss version='2.0'><channel><title>t</title><ttl>120</ttl><skipHours><hour>0</hour><hour>24</hour>"
        "<hour>x</hour><hour>7</hour></skipHours><skipDays><day>Sunday</day><day>monday</day><day>Noday</day>"
        "</skipDays></channel></rss>"
    )
    assert (feed.ttl, feed.skip_hours, feed.skip_days) == (7200, (0, 7), (0, 6))


@pytest.mark.parametrize("ttl", ["0", "-5", "x", "", "1e9", "99999999999999999999"])
def test_a_ttl_that_says_nothing_is_none(ttl: str) -> None:
    assert read(f"<rss version='2.0'><channel><title>t</title><ttl>{ttl}</ttl></channel></rss>").ttl is None
