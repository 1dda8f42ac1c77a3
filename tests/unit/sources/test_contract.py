"""What holds for every source of comments, whatever is sent to it."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from tests.unit.sources.fixtures import FIXTURES, Fixture
from tui_reader import urls
from tui_reader.model import Confidence, NotAFeed, ParsedComment
from tui_reader.sources.registry import SOURCES, by_kind
from tui_reader.sources.source import About, Body, Found, Place

KINDS = [source.kind for source in SOURCES]
HOSTILE = "a\x1b[31mb\u009b2Jc\u202ed\x07"
ADDRESSES = ("", "x", "javascript:alert(1)", "http://", "https://[::1", "//host", "https://news.ycombinator.com/item?id=x",
             "https://lobste.rs/s/", "https://www.reddit.com/r/x/comments/", "https://h.example/t/1", "https://x/" + "a" * 9000,
             "https://stackoverflow.com/questions/x", "data:text/html,x", "https://h.example/@a/1", "\x00")  # fmt: skip


def read(kind: str, content: bytes, *, about: About | None = None) -> Found | NotAFeed:
    fixture = FIXTURES[kind]
    return by_kind(kind).read(Body(content, fixture.address), about or fixture.about)


def sound(found: Found | NotAFeed) -> tuple[ParsedComment, ...]:
    """What may be stored, whatever was sent."""
    if isinstance(found, NotAFeed):
        assert found.reason
        return ()
    keys = [one.key for one in found.comments]
    assert all(keys)
    assert len(set(keys)) == len(keys)
    for one in found.comments:
        assert one.parent_key != one.key
        assert one.confidence in Confidence
        for text in (one.key, one.parent_key, one.author, one.html):
            assert not set(text) & set("\x1b\x07\u009b\u202e\x00")
        for address in (one.url, one.author_url):
            assert address == "" or urls.is_web(address)
    for address in (
        *found.follow,
        *found.older,
        *(ref.url for ref in found.refs),
        *(ref.page_url for ref in found.refs),
    ):
        assert urls.is_web(address)
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(found), type=Found) == found
    return found.comments


def test_every_source_has_a_kind_of_its_own_and_a_sample() -> None:
    assert len(set(KINDS)) == len(KINDS)
    assert set(FIXTURES) == set(KINDS)
    assert all(by_kind(kind).kind == kind for kind in KINDS)
    assert all(source.name and source.pace >= 1 for source in SOURCES)
    assert by_kind("nobody knows").kind == "feed"


@pytest.mark.parametrize("kind", KINDS)
def test_the_sample_gives_the_tree_that_its_site_means(kind: str) -> None:
    fixture = FIXTURES[kind]
    found = sound(read(kind, fixture.body))
    assert tuple((one.key, one.parent_key, one.author, one.confidence.value) for one in found) == fixture.tree


def junk(fixture: Fixture) -> Iterator[bytes]:
    yield b""
    yield b"\x00" * 100
    yield b"<!doctype html><html><body>Sign in</body></html>"
    yield b"null"
    yield b"[]"
    yield b"{}"
    yield b"[" * 100_000
    yield b'{"a":' * 100_000
    rng = random.Random(7)
    yield rng.randbytes(2000)
    for part in range(1, 11):
        yield fixture.body[: len(fixture.body) * part // 11]
    for _ in range(20):
        body = bytearray(fixture.body)
        for _ in range(5):
            body[rng.randrange(len(body))] = rng.randrange(256)
        yield bytes(body)


@pytest.mark.parametrize("kind", KINDS)
def test_junk_never_raises(kind: str) -> None:
    for content in junk(FIXTURES[kind]):
        sound(read(kind, content))


def _twisted(document: Any, value: object) -> Iterator[Any]:
    """The document with one value after the other replaced."""
    if isinstance(document, dict):
        for name in document:
            yield {**document, name: value}
            yield {key: one for key, one in document.items() if key != name}
            for inner in _twisted(document[name], value):
                yield {**document, name: inner}
    elif isinstance(document, list):
        for place, one in enumerate(document):
            for inner in _twisted(one, value):
                yield [*document[:place], inner, *document[place + 1 :]]


@pytest.mark.parametrize("kind", [kind for kind, fixture in FIXTURES.items() if fixture.body[:1] in {b"{", b"["}])
def test_a_value_of_another_type_costs_at_most_its_comment(kind: str) -> None:
    document = json.loads(FIXTURES[kind].body)
    for value in (None, True, -1, 1e400, 10**30, "\ud800", HOSTILE, [], {}, [[]], "x" * 10_000):
        for twisted in _twisted(document, value):
            content = json.dumps(twisted).encode("utf-8", "surrogatepass")
            sound(read(kind, content))


@pytest.mark.parametrize("kind", KINDS)
def test_no_byte_of_a_comment_reaches_the_terminal_raw(kind: str) -> None:
    body = FIXTURES[kind].body.decode()
    for word in ("said", "Ann", "ann", "Bob", "bob"):
        body = body.replace(
            word, word + "\\u001b\\u009b\\u202e" if body[:1] in {"{", "["} else f"{word}&amp;#27;\u202e\u0085"
        )
    sound(read(kind, body.encode()))


@pytest.mark.parametrize("kind", KINDS)
def test_claiming_never_raises_and_names_only_what_can_be_fetched(kind: str) -> None:
    for address in ADDRESSES:
        place = Place(address, address, (), address, address)
        ref = by_kind(kind).claim(place)
        assert ref is None or urls.is_web(ref.url)
        assert all(urls.is_web(one) or one == address for one in by_kind(kind).addresses(address))
        steps = by_kind(kind).more(About(guid=address, link=address, url=address))
        assert all(step.kind in KINDS for step in steps)


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_held_already_may_be_read_again(kind: str) -> None:
    first = sound(read(kind, FIXTURES[kind].body))
    fixture = FIXTURES[kind]
    about = replace(fixture.about, held={one.key: one.author for one in first})
    assert {one.key for one in sound(read(kind, fixture.body, about=about))} == {one.key for one in first}
