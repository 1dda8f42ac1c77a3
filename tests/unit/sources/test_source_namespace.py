"""Direct replies and where the next ones are: what one feed of the `source:` namespace comes to."""

from __future__ import annotations

from tui_reader.model import DiscussionRef, ParsedEntry
from tui_reader.sources.registry import settled
from tui_reader.sources.source import About, Body, Found, Place
from tui_reader.sources.source_namespace import MOST, SourceNamespace

POST = "https://chat.example/?id=204"
ROOT = "https://chat.example/comments/204.xml"
ABOUT = About(guid=POST, link=POST, url=ROOT)


def reply(id: int, to: str = POST, comments: str = "") -> str:
    return (
        f"<item><description>said {id}</description><guid>https://chat.example/?id={id}</guid>"
        f'<source:inReplyTo isPermaLink="false">{to}</source:inReplyTo>{comments}</item>'
    )


def more(id: int, count: object) -> str:
    return f'<source:comments count="{count}" feedUrl="https://chat.example/comments/{id}.xml"/>'


def read(*replies: str, url: str = ROOT) -> Found:
    body = (
        '<rss version="2.0" xmlns:source="http://source.scripting.com/"><channel><title>Replies</title>'
        f"<link>https://chat.example/</link>{''.join(replies)}</channel></rss>"
    )
    found = SourceNamespace().read(Body(body.encode(), url), ABOUT)
    assert isinstance(found, Found)
    return found


def followed(found: Found) -> list[str]:
    return [address.rpartition("/")[2] for address in found.follow]


def test_only_what_is_announced_as_direct_replies_is_claimed() -> None:
    direct, feed = DiscussionRef("source", ROOT, count=3), DiscussionRef("feed", "https://chat.example/1/feed.xml")
    source = SourceNamespace()
    assert source.claim(Place(POST, announced=(feed, direct))) == direct
    assert source.claim(Place(POST, announced=(feed,))) is None
    assert source.claim(Place("https://chat.example/comments/1.xml")) is None
    assert [ref.kind for ref in settled(ParsedEntry("k", url=POST, discussions=(direct, feed)))] == ["source", "feed"]


def test_a_reply_to_the_post_is_top_level_and_one_to_a_reply_names_it() -> None:
    found = read(reply(205), reply(206, "https://chat.example/?id=205"))
    assert [(one.key[-3:], one.parent_key[-3:], one.confidence.value) for one in found.comments] == [
        ("205", "", "exact"),
        ("206", "205", "exact"),
    ]
    assert (found.complete, found.follow) == (True, ())


def test_the_post_listed_among_its_replies_is_left_out() -> None:
    found = read(f"<item><description>post</description><guid>{POST}</guid></item>", reply(205))
    assert [one.key[-3:] for one in found.comments] == ["205"]


def test_only_replies_that_have_some_lead_on_and_each_feed_once() -> None:
    uncounted = '<source:comments feedUrl="https://chat.example/comments/208.xml"/>'
    found = read(
        reply(205, comments=more(205, 2)),
        reply(206, comments=more(206, 0)),
        reply(207, comments=more(205, 1)),
        reply(208, comments=uncounted),
        reply(209),
    )
    assert followed(found) == ["205.xml", "208.xml"]
    assert found.complete


def test_a_reply_that_leads_back_is_not_followed() -> None:
    elsewhere = "https://chat.example/comments/205.xml"
    assert followed(read(reply(205, comments=more(204, 3)))) == []
    assert followed(read(reply(206, comments=more(204, 3) + more(205, 3)), url=elsewhere)) == []


def test_more_than_fifty_branches_are_not_all_read_and_that_is_told() -> None:
    just = read(*(reply(id, comments=more(id, 1)) for id in range(1000, 1000 + MOST)))
    assert (len(just.follow), just.complete) == (MOST, True)
    over = read(*(reply(id, comments=more(id, 1)) for id in range(1000, 1001 + MOST)))
    assert (len(over.follow), over.complete, len(over.comments)) == (MOST, False, MOST + 1)


def test_only_web_addresses_lead_on() -> None:
    odd = ['<source:comments count="1" feedUrl="javascript:x"/>', '<source:comments count="1"/>']
    assert followed(read(*(reply(id, comments=one) for id, one in enumerate(odd, 300)))) == []
