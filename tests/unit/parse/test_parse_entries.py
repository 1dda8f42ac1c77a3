"""What one entry comes to: identity (F01), dates (K02), titles (C02, C08), and where it is discussed."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.parse.documents import URL, items, json_feed, read
from tui_reader.model import DiscussionRef, ParsedEntry
from tui_reader.parse import build, dates
from tui_reader.parse.document import parse as parse_document

# ---------------------------------------------------------------- identity


def entry(guid: str = "", url: str = "", title: str = "", html: str = "") -> ParsedEntry:
    return ParsedEntry(key="", guid=guid, raw_id=guid, url=url, title=title, html=html)


def keys(*entries: ParsedEntry) -> list[str]:
    return [one.key for one in build.identified(entries)]


def test_identity_is_the_guid_else_the_link_else_the_words() -> None:
    assert keys(entry("g", "https://x.example/1")) == ["g"]
    assert keys(entry("", "https://x.example/1")) == ["https://x.example/1"]
    (key,) = keys(entry(title="t", html="b"))
    assert key.startswith("hash:")
    assert keys(entry(title="t", html="c")) != [key]


@pytest.mark.row("F01")
def test_one_guid_for_all_items_makes_as_many_entries_as_links() -> None:
    found = keys(*(entry("same", f"https://x.example/{n}") for n in range(10)))
    assert len(set(found)) == 10


@pytest.mark.row("F01")
def test_one_link_for_all_items_makes_as_many_entries_as_texts() -> None:
    assert len(set(keys(*(entry("", "https://x.example/", f"t{n}") for n in range(10))))) == 10


def test_what_is_listed_twice_is_one() -> None:
    assert keys(entry("g", "https://x.example/1"), entry("g", "https://x.example/1", "new title")) == ["g"]
    assert len(keys(entry(title="t"), entry(title="t"))) == 1


@pytest.mark.row("F01", "F10")
@settings(max_examples=100)
@given(
    st.lists(
        st.builds(entry, st.sampled_from(["", "g", "h"]), st.sampled_from(["", "https://a.example", "https://b.example"]),
                  st.sampled_from(["", "t", "u"])),
        max_size=12,
    )
)  # fmt: skip
def test_keys_are_unique_and_do_not_depend_on_the_order(entries: list[ParsedEntry]) -> None:
    forth, back = build.identified(entries), build.identified(reversed(entries))
    assert len({one.key for one in forth}) == len(forth)
    assert {one.key for one in forth} == {one.key for one in back}
    assert [one.key for one in build.identified(forth)] == [one.key for one in forth]


# ---------------------------------------------------------------- dates


@pytest.mark.row("K02")
@pytest.mark.parametrize(
    ("written", "at"),
    [
        ("2026-06-01T10:30:00Z", "2026-06-01T10:30:00"),
        ("2026-06-01T10:30:00+02:00", "2026-06-01T08:30:00"),
        ("2026-06-01T10:30:00.123456-0530", "2026-06-01T16:00:00"),
        ("2026-06-01 10:30", "2026-06-01T10:30:00"),
        ("2026-06-01", "2026-06-01T00:00:00"),
        ("2026-06", "2026-06-01T00:00:00"),
        ("2026-06-01t10:30:00z", "2026-06-01T10:30:00"),
        ("2026-06-01T24:00:00Z", "2026-06-02T00:00:00"),
        ("2016-12-31T23:59:60Z", "2016-12-31T23:59:59"),
        ("Mon, 01 Jun 2026 10:30:00 GMT", "2026-06-01T10:30:00"),
        ("Mon, 01 Jun 2026 10:30:00 +0200", "2026-06-01T08:30:00"),
        ("Tue, 01 Jun 2026 10:30:00 EDT", "2026-06-01T14:30:00"),
        ("1 Jun 2026 10:30 -0000", "2026-06-01T10:30:00"),
        ("Mon, 01 Jun 26 10:30:00 Z", "2026-06-01T10:30:00"),
        ("  Mon,\n 01 Jun 2026\t10:30:00  GMT ", "2026-06-01T10:30:00"),
    ],
)
def test_dates(written: str, at: str) -> None:
    assert dates.seconds(written) == int(datetime.fromisoformat(at).replace(tzinfo=UTC).timestamp())


@pytest.mark.row("K02")
@pytest.mark.parametrize(
    "written",
    [
        "",
        " ",
        "1704067200",  # feedparser: the year 1704
        "0000-00-00T00:00:00Z",
        "0000-00-00 00:00:00",
        "0001-01-01T00:00:00Z",
        "1970-01-01T00:00:00Z",
        "Thu, 01 Jan 1970 00:00:00 GMT",
        "2026-02-30T00:00:00Z",
        "Mon, 30 Feb 2026 10:00:00 GMT",
        "2026-13-01",
        "9999-99-99",
        "99999-01-01T00:00:00Z",
        "2026-06-01T10:61:00Z",
        "soon",
        "Mon, 01 Jun 2026 99:99:99 GMT",
        "\ud800",
        "x" * 100_000,
    ],
)
def test_what_is_no_date_is_none(written: str) -> None:
    assert dates.seconds(written) is None


@pytest.mark.row("K02")
@settings(max_examples=100)
@given(
    st.text(max_size=60)
    | st.from_regex(r"\d{0,5}-\d{0,3}-\d{0,3}[T ]\d{0,3}:\d{0,3}(:\d{0,3})?(Z|[+-]\d{4})?", fullmatch=True)
)
def test_no_text_confuses_the_dates(written: str) -> None:
    found = dates.seconds(written)
    assert found is None or 0 < found < 253_402_300_800


@settings(max_examples=100)
@given(st.datetimes(datetime(1971, 1, 1), datetime(9000, 1, 1)), st.integers(-23 * 60, 23 * 60))
def test_every_time_of_every_zone(moment: datetime, minutes: int) -> None:
    moment = moment.replace(microsecond=0)
    sign, size = "-" if minutes < 0 else "+", abs(minutes)
    zone = f"{sign}{size // 60:02}:{size % 60:02}"
    assert dates.seconds(f"{moment.isoformat()}{zone}") == int(moment.replace(tzinfo=UTC).timestamp()) - minutes * 60


@pytest.mark.row("K02")
@pytest.mark.parametrize(
    "written", ["1704067200", "0000-00-00 00:00:00", "Feb 30 2026", "Mon, 01 Jun 2026 10:00 nonsense"]
)
@pytest.mark.parametrize("broken", ["", "<unknown:x/>"])
def test_a_bad_date_does_not_come_back_through_feedparser(written: str, broken: str) -> None:
    (found,) = items(f"<item><title>t</title><pubDate>{written}</pubDate>{broken}</item>")
    assert found.published is None or datetime.fromtimestamp(found.published, UTC).year == 2026


# ---------------------------------------------------------------- titles


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("[/red] [@click=app.quit]x[/] [link=y]", "[/red] [@click=app.quit]x[/] [link=y]"),
        ("[Sponsor] Timing", "[Sponsor] Timing"),
        ("a &lt;b&gt;bold&lt;/b&gt; word", "a bold word"),
        ("<![CDATA[a <b>bold</b> word]]>", "a bold word"),
        ("AT&amp;amp;T &amp;lt;3", "AT&T <3"),
        ("AT&amp;T &lt; 3 &gt; 2", "AT&T < 3 > 2"),
        ("if a &lt;b and c&gt; d", "if a d"),
        ("one&lt;br/&gt;two", "one two"),
        ("&lt;script&gt;alert(1)&lt;/script&gt;Safe", "Safe"),
        ("a\n   b\t c", "a b c"),
        ("\u202egnp.exe\u202c", "gnp.exe"),
        ("", ""),
        ("&amp;#x1b;[31mred&amp;#7;", "[31mred"),
        ("&amp;#8217;", "’"),
        ("C&lt;T&gt; generics", "C generics"),
    ],
)
@pytest.mark.parametrize("broken", ["", "<unknown:x/>"], ids=["sound", "broken"])
def test_titles(written: str, shown: str, broken: str) -> None:
    assert items(f"<item><title>{written}</title>{broken}</item>")[0].title == shown


@pytest.mark.row("X01")
def test_a_long_title_is_cut_with_a_sign() -> None:
    (found,) = items(f"<item><title>{'word ' * 1000}</title></item>")
    assert len(found.title) <= 1000
    assert found.title.endswith("…")


@pytest.mark.parametrize(
    "markup",
    ["<title>{0}</title>", "<category>{0}</category>", "<author>{0}</author>", "<guid>{0}</guid>", "<link>{0}</link>",
     "<description>{0}</description>", "<comments>{0}</comments>", "<enclosure url='{0}' type='{0}' length='{0}'/>",
     "<dc:creator>{0}</dc:creator>", "<content:encoded>{0}</content:encoded>"],
)  # fmt: skip
@pytest.mark.parametrize(
    "hostile", ["&#27;]52;c;aGk=&#7;", "\x1b[2J", "&amp;#155;31m", "&#x9d;0;x&#x9c;", "\u202e\u2066", "&#xE000;"]
)
def test_no_control_reaches_any_field(markup: str, hostile: str) -> None:
    for one in items(f"<item>{markup.format(f'a{hostile}b')}</item>"):
        assert not set(str(one)) & set("\x1b\x07\x9b\x9d\x9c\u202e\u2066\ue000")


# ---------------------------------------------------------------- links and files


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "file:///etc/passwd", "data:text/html,x", "--help", "mailto:a@x.example"]
)
def test_only_web_addresses_are_links(link: str) -> None:
    (found,) = items(f"<item><title>t</title><link>{link}</link><enclosure url='{link}' type='x' length='1'/></item>")
    assert found.url in {"", "https://blog.example/feed/--help"}
    assert all(one.url.startswith("https://blog.example/") for one in found.enclosures)


def test_a_relative_link_is_joined_to_the_feed() -> None:
    assert items("<item><link>/a b</link></item>")[0].url == "https://blog.example/a%20b"


def test_a_guid_is_a_link_when_it_says_so() -> None:
    assert items("<item><guid>https://blog.example/1</guid></item>")[0].url == "https://blog.example/1"
    assert items('<item><guid isPermaLink="false">https://blog.example/1</guid></item>')[0].url == ""


def test_a_file_is_listed_once() -> None:
    (found,) = items("<item><enclosure url='/a' type='t' length='x'/><enclosure url='/a' type='t' length='1'/></item>")
    assert [(one.url, one.length) for one in found.enclosures] == [("https://blog.example/a", None)]


# ---------------------------------------------------------------- discussions


def refs(inner: str) -> tuple[DiscussionRef, ...]:
    return items(f"<item><link>https://blog.example/1/</link>{inner}</item>")[0].discussions


def test_a_comment_feed_with_its_count() -> None:
    assert refs(
        "<comments>https://blog.example/1/#comments</comments><wfw:commentRss>/1/feed/</wfw:commentRss>"
        "<slash:comments>1,234</slash:comments>"
    ) == (DiscussionRef("feed", "https://blog.example/1/feed/", "https://blog.example/1/#comments", 1234),)


@pytest.mark.parametrize("name", ["commentRss", "commentRSS"])
def test_both_spellings_of_wfw(name: str) -> None:
    assert refs(f"<wfw:{name}>/1/feed/</wfw:{name}>")[0].url == "https://blog.example/1/feed/"


@pytest.mark.parametrize(
    "feed",
    [
        URL,
        "https://blog.example/feed",
        "http://www.blog.example/feed/?utm_source=x",
        "https://blog.example/comments/feed/",
        "https://blog.example/comments/feed/atom/",
        "https://blog.example/1/",
        "javascript:x",
        "",
    ],
)
def test_what_is_no_comment_feed_of_this_entry_is_none(feed: str) -> None:
    assert refs(f"<wfw:commentRss>{feed}</wfw:commentRss>") == ()


def test_a_bare_count_in_comments_is_no_address() -> None:
    (found,) = items("<item><link>https://blog.example/1/</link><comments>12</comments></item>")
    assert (found.comments_url, found.discussions) == ("", ())


def test_a_page_alone_is_a_page() -> None:
    assert refs("<comments>/1/#c</comments><slash:comments>0</slash:comments>") == (
        DiscussionRef("page", "", "https://blog.example/1/#c", 0),
    )


@pytest.mark.parametrize(
    ("written", "number"), [("12", 12), (" 12 ", 12), ("1,234", 1234), ("0", 0), ("", None), ("-3", None), ("many", None),
                            ("9" * 30, None), ("٣", None), ("1.5", None)],
)  # fmt: skip
def test_counts(written: str, number: int | None) -> None:
    assert build.count(written) == number


def test_no_word_of_comments_is_no_discussion() -> None:
    assert refs("") == ()
    assert refs("<slash:comments>0</slash:comments>") == ()


def atom(inner: str, prefix: str = "thr") -> ParsedEntry:
    (found,) = read(
        f'<feed xmlns="http://www.w3.org/2005/Atom" xmlns:{prefix}="http://purl.org/syndication/thread/1.0">'
        f"<title>t</title><entry><id>urn:1</id><title>t</title>"
        f'<link href="https://blog.example/1"/>{inner}</entry></feed>'
    ).entries
    return found


@pytest.mark.parametrize("prefix", ["thr", "t", "thread"])
@pytest.mark.parametrize("broken", ["", "<unknown:x/>"], ids=["sound", "broken"])
def test_replies_under_any_prefix(prefix: str, broken: str) -> None:
    found = atom(
        f'<link rel="replies" type="application/atom+xml" href="/1/c" {prefix}:count="4"/><{prefix}:in-reply-to ref="a"/>{broken}',
        prefix,
    )
    assert [ref.url for ref in found.discussions] == ["https://blog.example/1/c"]
    assert found.in_reply_to == ("a",)


def test_a_link_without_a_type_is_atom_and_a_total_is_a_count() -> None:
    found = atom('<link rel="replies" href="/1/c"/><thr:total>7</thr:total>')
    assert [(ref.kind, ref.url, ref.count) for ref in found.discussions] == [("feed", "https://blog.example/1/c", 7)]


def test_several_comment_feeds_keep_their_order() -> None:
    found = atom(
        '<link rel="replies" type="application/atom+xml" href="/a"/><link rel="replies" type="application/rss+xml" href="/b"/>'
        '<link rel="replies" type="application/atom+xml" href="/a"/>'
    )
    assert [ref.url for ref in found.discussions] == ["https://blog.example/a", "https://blog.example/b"]


def test_a_json_feed_has_no_discussions() -> None:
    (found,) = read(json_feed("1.1", {"id": "1", "url": "/1"})).entries
    assert found.discussions == ()


# ---------------------------------------------------------------- anything at all


@pytest.mark.row("X08")
@settings(max_examples=100, deadline=None)
@given(
    st.binary(max_size=300),
    st.sampled_from([b"", b"<rss version='2.0'><channel><item>", b"<feed><entry>", b'{"items":[']),
)
def test_no_bytes_confuse_the_parser(body: bytes, start: bytes) -> None:
    parse_document(start + body, url=URL)
