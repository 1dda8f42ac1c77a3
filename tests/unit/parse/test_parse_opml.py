"""Lists of subscriptions, in and out."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui_reader.errors import BadInput
from tui_reader.model import Feed
from tui_reader.parse import opml
from tui_reader.parse.opml import OutlineFeed

NOW = 1_780_000_000


def listed(body: str) -> opml.OpmlFile:
    return opml.read(
        f'<?xml version="1.0"?><opml version="2.0"><head><title>x</title></head><body>{body}</body></opml>'.encode()
    )


def test_feeds_in_folders_in_folders() -> None:
    found = listed(
        '<outline text="Top" xmlUrl="https://top.example/feed" htmlUrl="https://top.example/"/>'
        '<outline text="News"><outline text="Local"><outline type="rss" text="Here" xmlUrl="https://here.example/"/></outline>'
        '<outline text="There" title="Far" xmlUrl="https://there.example/"/></outline>'
    )
    assert found.feeds == (
        OutlineFeed("https://top.example/feed", "Top", "", "https://top.example/"),
        OutlineFeed("https://here.example/", "Here", "News / Local"),
        OutlineFeed("https://there.example/", "Far", "News"),
    )
    assert found.skipped == ()


@pytest.mark.row("X11")
def test_what_is_left_out_is_told_with_its_reason() -> None:
    found = listed(
        '<outline text="Empty"/><outline text="Script" xmlUrl="javascript:alert(1)"/><outline/>'
        '<outline text="A" xmlUrl="https://a.example/"/><outline text="Again" xmlUrl="https://a.example/"/>'
        '<outline text="Local file" xmlUrl="file:///etc/passwd"/>'
    )
    assert [feed.title for feed in found.feeds] == ["A"]
    assert [(what, why.partition(": ")[2] or why) for what, why in found.skipped] == [
        ("Empty", "it has no address"),
        ("Script", "only http and https addresses can be read"),
        ("an outline", "it has no address"),
        ("Again", "listed twice"),
        ("Local file", "not a web address"),
    ]


@pytest.mark.row("X11")
def test_attribute_names_in_any_case_and_addresses_as_people_write_them() -> None:
    found = listed('<outline TEXT="A" XMLURL=" feed://a.example/x "/><outline text="B" xmlurl="b.example/feed"/>')
    assert [feed.url for feed in found.feeds] == ["https://a.example/x", "https://b.example/feed"]


@pytest.mark.row("X11")
@pytest.mark.parametrize(
    "document",
    [
        b'<opml><body><outline text="R&D" xmlUrl="https://a.example/?a=1&b=2"/></body></opml>',
        b'\xef\xbb\xbf<opml><body><outline text="R&amp;D" xmlUrl="https://a.example/?a=1&amp;b=2"/></body></opml>',
        b'\r\n <opml><body><outline text="R&amp;D" xmlUrl="https://a.example/?a=1&amp;b=2"/></body></opml>',
        b'<OPML><BODY><OUTLINE text="R&amp;D" xmlUrl="https://a.example/?a=1&amp;b=2"/></BODY></OPML>',
        b'<opml><outline text="R&amp;D" xmlUrl="https://a.example/?a=1&amp;b=2"/></opml>',
        '<?xml version="1.0" encoding="utf-16"?><opml><body><outline text="R&amp;D" xmlUrl="https://a.example/?a=1&amp;b=2"/></body></opml>'.encode("utf-16"),
    ],
    ids=["stray ampersands", "mark", "space", "capitals", "no body", "utf-16"],
)  # fmt: skip
def test_sloppy_lists_are_read(document: bytes) -> None:
    (feed,) = opml.read(document).feeds
    assert (feed.title, feed.url) == ("R&D", "https://a.example/?a=1&b=2")


@pytest.mark.row("X11")
@pytest.mark.parametrize(
    "document",
    [
        b"",
        b"\0\xff\xfe",
        b"<html><body>no</body></html>",
        b"<rss/>",
        b"<opml><body>",
        b"<?xml version='1.0' encoding='nonsense'?><opml/>",
        b"not xml",
        b"<opml>&#xD800;</opml>",
    ],
)
def test_what_is_no_list_is_refused_whole(document: bytes) -> None:
    with pytest.raises(BadInput, match="nothing was changed"):
        opml.read(document)


@pytest.mark.row("X11")
@pytest.mark.parametrize("codec", ["utf-8", "utf-16"])
def test_entities_are_refused(codec: str) -> None:
    laughs = (
        f'<?xml version="1.0" encoding="{codec}"?><!DOCTYPE opml [<!ENTITY a "lol"><!ENTITY b "&a;&a;">'
        '<!ENTITY f SYSTEM "file:///etc/passwd">]><opml><body><outline text="&b;" xmlUrl="https://a.example/"/></body></opml>'
    )
    with pytest.raises(BadInput, match="entities"):
        opml.read(laughs.encode(codec))


@pytest.mark.row("X11")
def test_a_thousand_folders_deep_and_five_thousand_feeds() -> None:
    deep = '<outline text="d">' * 1000 + '<outline xmlUrl="https://a.example/"/>' + "</outline>" * 1000
    assert len(listed(deep).feeds) == 1
    wide = "".join(f'<outline text="{n}" xmlUrl="https://a.example/{n}"/>' for n in range(5000))
    assert len(listed(wide).feeds) == 5000


def test_descriptions_with_bare_markup_cost_no_feed() -> None:
    found = opml.read(
        b'<opml version="1.0"><body><outline text="Tools & toys" title="Tools &amp; toys">\n'
        b'<outline text="A" description="He is <a href="https://x.example/" target="_blank" title="T">at "X"</a> & more" '
        b'xmlUrl="https://a.example/" type="rss" />\n</outline>'
        b'<outline text="B" description=""A podcast" that <em>is</em>" xmlUrl="https://b.example/?a=1&b=2"/></body></opml>\n'
    )
    assert [(feed.url, feed.title, feed.folder) for feed in found.feeds] == [
        ("https://a.example/", "T", "Tools & toys"),
        ("https://b.example/?a=1&b=2", "B", ""),
    ]


@pytest.mark.row("X11")
def test_a_list_that_was_cut_off_is_refused_whole() -> None:
    whole = opml.write([feed(n, f"feed {n}") for n in range(20)], title="t", now=NOW).strip()
    for end in range(0, len(whole), 97):
        with pytest.raises(BadInput, match="nothing was changed"):
            opml.read(whole[:end])


def test_names_are_harmless() -> None:
    (feed,) = listed('<outline text="a&#x9d;0;x&#x9c;b&#x202e;" xmlUrl="https://a.example/"/>').feeds
    assert feed.title == "ab"


# ---------------------------------------------------------------- out


def feed(number: int, title: str, folder: str = "", site: str = "") -> Feed:
    return Feed(number, f"https://x.example/{number}?a=1&b=2", title, folder, site)


def test_what_is_written_reads_the_same() -> None:
    feeds = [feed(1, "One & <only> \"q\" 'r'"), feed(2, "Zwei", "Ä / B"), feed(3, "三", "Ä", "https://x.example/")]
    written = opml.write(feeds, title="Mine", now=NOW)
    assert written.startswith(b"<?xml")
    assert b"Thu, 28 May 2026 20:26:40 GMT" in written
    found = opml.read(written)
    assert {(one.url, one.title, one.folder, one.site_url) for one in found.feeds} == {
        (one.url, one.title, one.folder, one.site_url) for one in feeds
    }
    assert found.skipped == ()


def test_an_empty_list_is_a_list() -> None:
    assert opml.read(opml.write([], title="t", now=NOW)).feeds == ()


NAME = st.text(
    st.characters(blacklist_categories=("Cs", "Cc", "Cf", "Zl", "Zp", "Zs", "Co", "Cn", "Mn", "Me")),
    min_size=1,
    max_size=8,
)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(NAME, st.lists(NAME.filter(lambda name: "/" not in name), max_size=3)), max_size=8))
def test_any_names_come_back(names: list[tuple[str, list[str]]]) -> None:
    feeds = [feed(n, title, opml.SEPARATOR.join(path)) for n, (title, path) in enumerate(names)]
    found = {one.url: (one.title, one.folder) for one in opml.read(opml.write(feeds, title="t", now=NOW)).feeds}
    assert found == {one.url: (one.title, one.folder) for one in feeds}
