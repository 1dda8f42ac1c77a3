"""What threading needs of a document, whichever road reads it: ids and references as written, tombstones, scores, and
where the replies are."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from tests.unit.parse.documents import URL, read
from tui_reader.model import DiscussionRef, ParsedEntry, ParsedFeed
from tui_reader.parse import strict, xml

SPACES = (
    'xmlns:thr="http://purl.org/syndication/thread/1.0" xmlns:gd="http://schemas.google.com/g/2005" '
    'xmlns:re="http://purl.org/atompub/rank/1.0" xmlns:at="http://purl.org/atompub/tombstones/1.0" '
    'xmlns:source="http://source.scripting.com/" xmlns:atom="http://www.w3.org/2005/Atom" '
    'xmlns:wfw="http://wellformedweb.org/CommentAPI/" xmlns:slash="http://purl.org/rss/1.0/modules/slash/"'
)


def atom(inner: str, url: str = URL, attributes: str = "") -> ParsedFeed:
    return both(
        f'<feed xmlns="http://www.w3.org/2005/Atom" {SPACES} {attributes}><id>urn:feed</id><title>t</title>{inner}</feed>',
        url,
    )


def rss(inner: str, url: str = URL, spaces: str = SPACES) -> ParsedFeed:
    return both(
        f'<rss version="2.0" {spaces}><channel><title>t</title><link>https://blog.example/</link>{inner}</channel></rss>',
        url,
    )


def both(text: str, url: str) -> ParsedFeed:
    """What feedparser's road gives, after the fast road gave the same or handed over."""
    judge = xml.parse(text.encode(), url=url)
    assert isinstance(judge, ParsedFeed)
    quick = strict.parse(text.encode(), url=url)
    assert quick is None or replace(quick, format="") == replace(judge, format="")
    return judge


def entry(inner: str, id: str = "urn:1", attributes: str = "") -> str:
    return f"<entry {attributes}><id>{id}</id><title>t</title><updated>2026-06-01T00:00:00Z</updated>{inner}</entry>"


def one(feed: ParsedFeed) -> ParsedEntry:
    (found,) = feed.entries
    return found


# ---------------------------------------------------------------- who answers whom


def test_every_reference_is_kept_in_its_order() -> None:
    found = one(
        atom(
            entry(
                '<thr:in-reply-to ref="urn:a"/><thr:in-reply-to href="https://blog.example/b"/><thr:in-reply-to ref="c"/>'
            )
        )
    )
    assert found.in_reply_to == ("urn:a", "https://blog.example/b", "c")


def test_a_reference_without_attributes_is_none() -> None:
    assert one(atom(entry("<thr:in-reply-to/>"))).in_reply_to == ()


@pytest.mark.parametrize("url", [URL, ""], ids=["with-an-address", "without-an-address"])
def test_relative_ids_and_references_stay_as_written(url: str) -> None:
    feed = atom(entry("", "t1_c1") + entry('<thr:in-reply-to ref="t1_c1"/>', "t1_c2"), url)
    assert [(found.key, found.raw_id, found.in_reply_to) for found in feed.entries] == [
        ("t1_c1", "t1_c1", ()),
        ("t1_c2", "t1_c2", ("t1_c1",)),
    ]


@pytest.mark.parametrize("broken", ["", "&nosuch;", "<unknown:x/>"])
def test_the_base_of_one_body_does_not_leak_into_the_next_id(broken: str) -> None:
    content = '<content type="html" xml:base="https://h.example/p/">x</content>'
    feed = read(
        f'<feed xmlns="http://www.w3.org/2005/Atom"><id>f</id><title>t{broken}</title>'
        f"{entry(content, 'a1')}{entry('', 'a2')}</feed>"
    )
    assert [found.raw_id for found in feed.entries] == ["a1", "a2"]


def test_a_foreign_id_beside_it_is_not_the_id() -> None:
    item = (
        '<item><guid isPermaLink="false">mine</guid><g:id xmlns:g="http://base.google.com/ns/1.0">shop-7</g:id></item>'
    )
    assert one(rss(item)).raw_id == "mine"


@pytest.mark.parametrize("attributes", ["", ' isPermaLink="false"', ' isPermaLink="true"'])
@pytest.mark.parametrize("prefix", ["source", "s"])
def test_the_source_namespace_names_the_parent(prefix: str, attributes: str) -> None:
    found = rss(
        f"<item><guid>https://chat.example/?id=2</guid>"
        f"<{prefix}:inReplyTo{attributes}> https://chat.example/?id=1 </{prefix}:inReplyTo></item>",
        spaces=f'xmlns:{prefix}="http://source.scripting.com/"',
    )
    assert one(found).in_reply_to == ("https://chat.example/?id=1",)


def test_the_source_namespace_is_read_in_atom_too() -> None:
    found = one(
        atom(
            entry(
                '<source:inReplyTo>urn:0</source:inReplyTo><source:comments count="2" feedUrl="https://c.example/1.xml"/>'
            )
        )
    )
    assert found.in_reply_to == ("urn:0",)
    assert [(ref.kind, ref.url, ref.count) for ref in found.discussions] == [("source", "https://c.example/1.xml", 2)]


# ---------------------------------------------------------------- what a comment carries


@pytest.mark.parametrize("attributes", ["", 'xml:base="https://other.example/x/"'])
def test_related_addresses_follow_the_base(attributes: str) -> None:
    links = '<link rel="related" href="comments/5?v=2"/><link rel="related" href="https://a.example/6"/>'
    found = one(atom(entry(links, attributes=attributes)))
    base = "https://other.example/x/" if attributes else URL
    assert found.related == (f"{base}comments/5?v=2", "https://a.example/6")


def test_related_addresses_of_an_rss_item() -> None:
    assert one(rss('<item><guid>g</guid><atom:link rel="related" href="/5"/></item>')).related == (
        "https://blog.example/5",
    )


@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_removed_comment_is_told_among_other_properties(place: int) -> None:
    properties = ['<gd:extendedProperty name="blogger.itemClass" value="pid-1"/>'] * 2
    properties.insert(place, '<gd:extendedProperty name="blogger.contentRemoved" value="true"/>')
    feed = atom(entry("".join(properties)) + entry("", "urn:2"))
    assert [found.removed for found in feed.entries] == [True, False]


def test_a_comment_that_is_not_removed_says_so_too() -> None:
    assert not one(atom(entry('<gd:extendedProperty name="blogger.contentRemoved" value="false"/>'))).removed


@pytest.mark.parametrize(
    ("written", "score"),
    [("9", 9), (" -3\n", -3), ("4.0", 4), ("", None), ("many", None), ("nan", None), ("inf", None), ("9" * 40, None)],
)
def test_a_rank_is_a_score(written: str, score: int | None) -> None:
    assert one(atom(entry(f'<re:rank scheme="https://qa.example">{written}</re:rank>'))).score == score


# ---------------------------------------------------------------- the document


@pytest.mark.parametrize("attributes", ["", 'xml:base="https://other.example/x/"'])
def test_the_next_page(attributes: str) -> None:
    base = "https://other.example/x/" if attributes else URL
    assert atom('<link rel="next" href="?start=26"/>' + entry(""), attributes=attributes).next_url == f"{base}?start=26"
    assert atom('<link rel="self" href="x"/>' + entry("<link rel='next' href='y'/>")).next_url == ""


def test_the_next_page_of_rss() -> None:
    assert rss('<atom:link rel="next" href="/feed/?paged=2"/><item><guid>g</guid></item>').next_url == (
        "https://blog.example/feed/?paged=2"
    )


def test_only_a_web_address_is_a_next_page() -> None:
    assert atom('<link rel="next" href="javascript:x"/>').next_url == ""


def test_every_tombstone_is_kept() -> None:
    feed = atom(
        '<at:deleted-entry ref="urn:8" when="2026-01-01T00:00:00Z"/>' + entry("")
        + '<at:deleted-entry ref="urn:9" when="2026-01-01T00:00:00Z"><at:comment>spam</at:comment></at:deleted-entry>'
        "<at:deleted-entry/>"
    )  # fmt: skip
    assert feed.deleted == ("urn:8", "urn:9")
    assert [found.key for found in feed.entries] == ["urn:1"]


def test_tombstones_of_rss() -> None:
    assert rss('<at:deleted-entry ref="g0"/><item><guid>g</guid></item>').deleted == ("g0",)


# ---------------------------------------------------------------- where the replies are


def replies(attributes: str, more: str = "") -> tuple[DiscussionRef, ...]:
    return one(
        rss(f"<item><link>https://blog.example/1/</link><source:comments {attributes}/>{more}</item>")
    ).discussions


def test_a_feed_of_direct_replies_with_its_count() -> None:
    assert replies('count="7" feedUrl="/1.xml"') == (DiscussionRef("source", "https://blog.example/1.xml", count=7),)


@pytest.mark.parametrize(("count", "number"), [("1,234", 1234), ("abc", None), ("", None), ("-1", None)])
def test_the_count_of_direct_replies(count: str, number: int | None) -> None:
    assert [ref.count for ref in replies(f'count="{count}" feedUrl="/1.xml"')] == [number]


def test_a_feed_of_direct_replies_takes_another_count_when_it_has_none() -> None:
    assert [ref.count for ref in replies('feedUrl="/1.xml"', "<slash:comments>3</slash:comments>")] == [3]


def test_a_count_without_a_feed_counts_the_page() -> None:
    page = "<comments>https://blog.example/1/#comments</comments>"
    assert replies('count="7"', page) == (DiscussionRef("page", "", "https://blog.example/1/#comments", 7),)


@pytest.mark.parametrize(
    "feed", [URL, "https://blog.example/1/", "https://blog.example/comments/feed/", "javascript:x", ""]
)
def test_what_cannot_be_the_replies_is_refused(feed: str) -> None:
    assert replies(f'feedUrl="{feed}"') == ()


@pytest.mark.parametrize("feed", [URL, "https://blog.example/feed", "https://blog.example/1"])
def test_an_atom_entry_is_not_discussed_in_its_own_feed_or_page(feed: str) -> None:
    links = f'<link href="https://blog.example/1"/><link rel="replies" type="application/atom+xml" href="{feed}"/>'
    assert one(atom(entry(links))).discussions == ()


@pytest.mark.parametrize("written", ["12", "javascript:alert(1)", "data:text/html,x", ""])
def test_comments_that_name_no_page(written: str) -> None:
    found = one(rss(f"<item><link>https://blog.example/1/</link><comments>{written}</comments></item>"))
    assert (found.comments_url, found.discussions) == ("", ())


@pytest.mark.parametrize(("count", "number"), [("1,234", 1234), ("abc", None), ("", None)])
def test_counts_of_both_vocabularies(count: str, number: int | None) -> None:
    feed = "<link rel='replies' type='application/atom+xml' href='/c'{}/>"
    assert [ref.count for ref in one(atom(entry(feed.format(f" thr:count='{count}'")))).discussions] == [number]
    assert [ref.count for ref in one(atom(entry(feed.format("") + f"<thr:total>{count}</thr:total>"))).discussions] == [
        number
    ]


def test_wfw_without_its_final_slash() -> None:
    item = "<item><link>https://blog.example/1/</link><wfw:commentRss>/1/feed/</wfw:commentRss></item>"
    found = one(rss(item, spaces='xmlns:wfw="http://wellformedweb.org/CommentAPI"'))
    assert [(ref.kind, ref.url) for ref in found.discussions] == [("feed", "https://blog.example/1/feed/")]


def test_undeclared_prefixes_of_broken_xml_still_tell() -> None:
    feed = rss(
        "<item><guid>a</guid><link>https://blog.example/1/</link><wfw:commentRss>/1/feed/</wfw:commentRss>"
        "<slash:comments>3</slash:comments></item>"
        '<item><guid>b</guid><thr:in-reply-to ref="a"/><source:inReplyTo>c</source:inReplyTo></item>',
        spaces="",
    )
    post, reply = feed.entries
    assert feed.fault
    assert [(ref.url, ref.count) for ref in post.discussions] == [("https://blog.example/1/feed/", 3)]
    assert reply.in_reply_to[:1] == ("a",)


def test_undeclared_direct_replies_of_broken_xml_still_tell() -> None:
    feed = rss(
        '<item><guid>b</guid><source:inReplyTo>a</source:inReplyTo><source:comments count="2" feedUrl="/b.xml"/></item>',
        spaces="",
    )
    found = one(feed)
    assert found.in_reply_to == ("a",)
    assert [(ref.kind, ref.url, ref.count) for ref in found.discussions] == [
        ("source", "https://blog.example/b.xml", 2)
    ]


def test_no_control_reaches_an_id_or_a_reference() -> None:
    hostile = "a&#155;[2J\u202eb"
    found = one(
        read(
            f"<rss version='2.0' {SPACES}><channel><title>t</title><item><guid>{hostile}</guid>"
            f"<source:inReplyTo>{hostile}</source:inReplyTo><thr:in-reply-to ref='{hostile}'/></item></channel></rss>"
        )
    )
    assert found.in_reply_to == (found.raw_id, found.raw_id)
    assert not set(found.raw_id) & set("\x1b\x9b\u202e")
