"""The fast road gives what feedparser gives, or hands over: on documents of our own, and on a corpus where there is one.

Accepted differences over the corpus, each with its reason:

- an alternate link with an empty `href` is no link: the entry's id, when it is a web address, is a better one than
  the address of the document itself, which feedparser takes;
- an `<item>` inside an Atom feed is no entry.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from msgspec.structs import fields, replace

from benchmarks.generate import rss
from tui_reader.model import ParsedFeed
from tui_reader.parse import strict, xml

CORPORA = Path(os.environ.get("TUI_READER_CORPORA") or Path(__file__).parents[3] / "shared" / "corpora")
ACCEPTED = {"OneFootTsunami.atom", "unknown-namespace.xml"}
URL = "https://blog.example/feeds/all.xml"

RSS = b"""<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:wfw="http://wellformedweb.org/CommentAPI/" xmlns:slash="http://purl.org/rss/1.0/modules/slash/"
 xmlns:atom="http://www.w3.org/2005/Atom" xmlns:geo="http://www.georss.org/georss">
<channel><title>A &amp;amp; B</title><link>/home</link><atom:link rel="self" href="x"/><ttl>90</ttl>
<skipHours><hour>3</hour><hour>4</hour></skipHours><skipDays><day>Sunday</day></skipDays><generator>g</generator>
<item><title>One &lt;b&gt;bold&lt;/b&gt;</title><link>https://blog.example/1</link><guid isPermaLink="false">urn:1</guid>
<pubDate>Mon, 05 Jan 2026 10:00:00 +0100</pubDate><dc:creator>Ann</dc:creator><category>x</category><category>x</category>
<description>short</description><content:encoded><![CDATA[<p>long</p>]]></content:encoded>
<comments>https://blog.example/1#comments</comments><wfw:commentRss>https://blog.example/1/feed/</wfw:commentRss>
<slash:comments>1,234</slash:comments><enclosure url="/a.mp3" type="audio/mpeg" length="12"/><geo:point>1 2</geo:point></item>
<item><title>Two</title><guid>https://blog.example/2</guid><author>bob@blog.org (Bob)</author><comments>12</comments></item>
<item><title>Three</title><guid>not-an-address</guid><author>carol@blog.org</author></item></channel></rss>"""

ATOM = b"""<feed xmlns="http://www.w3.org/2005/Atom" xmlns:t="http://purl.org/syndication/thread/1.0" xml:base="https://blog.example/a/">
<title type="html">A &amp;lt;b&amp;gt; C</title><id>urn:feed</id><link href="../home"/><updated>2026-01-01T00:00:00Z</updated>
<entry><title>plain &lt;i&gt; text</title><id>urn:1</id><link href="1"/><link rel="replies" type="application/atom+xml"
 href="1/replies" t:count="3" t:updated="2026-01-02T00:00:00Z"/><link rel="enclosure" href="a.mp3" type="audio/mpeg"/>
<author><name>Ann</name><uri>https://ann.example/</uri></author>
<published>2026-01-01T00:00:00+01:00</published><updated>2026-01-02T00:00:00Z</updated><category term="t" label="L"/>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p class="x">a &amp; b<br/>c <img src="i.png" alt=""/></p></div></content>
</entry>
<entry><title type="html">&lt;i&gt;it&lt;/i&gt;</title><id>https://blog.example/2</id><updated>2026-01-02T00:00:00Z</updated>
<summary type="html">&lt;p&gt;s&lt;/p&gt;</summary><t:in-reply-to ref="urn:1"/><t:total>4</t:total></entry></feed>"""


def differences(body: bytes, quick: ParsedFeed) -> list[str]:
    judge = xml.parse(body, url=URL)
    assert isinstance(judge, ParsedFeed)
    quick, judge = (replace(one, format="") for one in (quick, judge))
    told = [field.name for field in fields(ParsedFeed) if getattr(quick, field.name) != getattr(judge, field.name)]
    if "entries" in told and len(quick.entries) == len(judge.entries):
        for mine, theirs in zip(quick.entries, judge.entries, strict=True):
            told += [f.name for f in fields(mine) if getattr(mine, f.name) != getattr(theirs, f.name)]
    return told


@pytest.mark.parametrize("body", [RSS, ATOM, rss(1, 10)], ids=["rss", "atom", "wordpress"])
def test_both_roads_give_the_same(body: bytes) -> None:
    quick = strict.parse(body, url=URL)
    assert quick is not None
    assert quick.entries
    assert differences(body, quick) == []


@pytest.mark.parametrize(
    "body",
    [
        RSS.replace(b"</rss>", b""),
        RSS.replace(b'encoding="utf-8"', b'encoding="iso-8859-1"'),
        b'<!DOCTYPE rss [<!ENTITY a "b">]>' + RSS.split(b"?>", 1)[1],
        RSS.replace(b"<category>x</category>", b"<category><b>x</b></category>"),
        RSS.replace(b"05 Jan 2026 10:00:00 +0100", b"the fifth of January"),
        ATOM.replace(b"http://www.w3.org/2005/Atom", b"http://purl.org/atom/ns#"),
        ATOM.replace(b'type="xhtml"', b'type="image/svg+xml"'),
        b"<html><body>no</body></html>",
        b"",
    ],
    ids=["cut", "charset", "doctype", "markup", "date", "atom03", "svg", "html", "empty"],
)
def test_what_it_does_not_know_exactly_is_handed_over(body: bytes) -> None:
    assert strict.parse(body, url=URL) is None


def test_another_charset_in_the_header_is_handed_over() -> None:
    assert strict.parse(RSS, url=URL, charset="windows-1252") is None
    assert strict.parse(RSS, url=URL, charset="UTF-8") is not None


def test_each_entry_is_a_sign_of_life() -> None:
    beats: list[None] = []
    strict.parse(RSS, url=URL, on_entry=lambda: beats.append(None))
    assert len(beats) == 3


@pytest.mark.timeout(300)
def test_both_roads_give_the_same_over_the_corpus() -> None:
    if not CORPORA.is_dir():
        pytest.skip("corpus absent: the differential test was not run (set TUI_READER_CORPORA)")
    files = [*(CORPORA / "real-feeds").iterdir(), *(CORPORA / "feedparser" / "wellformed").rglob("*.xml")]
    told: dict[str, list[str]] = {}
    taken = 0
    for file in files:
        body = file.read_bytes()
        quick = strict.parse(body, url=URL)
        if quick is not None:
            taken += 1
            if found := differences(body, quick):
                told[file.name] = found
    assert set(told) <= ACCEPTED, told
    assert taken > len(files) // 3
