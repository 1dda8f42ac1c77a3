"""Unpacking bounded: however a body is cut into parts, it is whole, too large, or a fault."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_reader.net.decode import Body, TooLarge, Undecodable

LIMIT = 100_000


def _fed(body: Body, data: bytes, step: int) -> Body:
    for start in range(0, len(data), step):
        body.feed(data[start : start + step])
    return body


@given(st.binary(max_size=5000), st.integers(1, 700), st.sampled_from(["gzip", "deflate", "identity", ""]))
def test_any_cut_gives_the_same_document(document: bytes, step: int, encoding: str) -> None:
    packers: dict[str, Callable[[bytes], bytes]] = {"gzip": gzip.compress, "deflate": zlib.compress}
    data = packers.get(encoding, bytes)(document)
    assert _fed(Body(encoding, LIMIT), data, step).whole() == document


@pytest.mark.row("H23")
@given(st.binary(min_size=1, max_size=2000), st.data())
def test_a_cut_packed_body_is_never_whole(document: bytes, data: st.DataObject) -> None:
    packed = gzip.compress(document)
    end = data.draw(st.integers(1, len(packed) - 1))
    body = _fed(Body("gzip", LIMIT), packed[:end], 64)
    with pytest.raises(Undecodable):
        body.whole()


@pytest.mark.row("H23")
@given(st.binary(max_size=3000), st.integers(1, 300))
def test_noise_is_a_fault_or_bounded(noise: bytes, step: int) -> None:
    body = Body("gzip", LIMIT)
    try:
        _fed(body, noise, step)
        assert len(body.whole()) <= LIMIT
    except (Undecodable, TooLarge):
        assert len(body.so_far()) <= LIMIT


@pytest.mark.row("H23")
@pytest.mark.parametrize("size", [LIMIT + 1, 50_000_000])
def test_no_more_than_the_limit_is_unpacked(size: int) -> None:
    body = Body("gzip", LIMIT)
    with pytest.raises(TooLarge):
        body.feed(gzip.compress(b"\0" * size, 1))
    assert len(body.so_far()) <= LIMIT


def test_exactly_the_limit_is_allowed() -> None:
    body = Body("gzip", LIMIT)
    body.feed(gzip.compress(b"x" * LIMIT))
    assert len(body.whole()) == LIMIT


@pytest.mark.row("H23")
def test_what_arrives_is_counted_though_it_unpacks_to_nothing() -> None:
    empty = zlib.compressobj(9, zlib.DEFLATED, 31)
    body = Body("gzip", LIMIT)
    body.feed(empty.compress(b""))
    nothing = b"\x00\x00\x00\xff\xff"  # a stored block of no length
    body.feed(empty.flush(zlib.Z_FULL_FLUSH))
    with pytest.raises(TooLarge):
        _fed(body, nothing * LIMIT, 1000)
    assert body.so_far() == b""


def test_members_follow_each_other() -> None:
    members = [gzip.compress(bytes([n]) * 100) for n in range(20)]
    at_once, in_turn = Body("gzip", LIMIT), Body("gzip", LIMIT)
    at_once.feed(b"".join(members))
    for member in members:
        in_turn.feed(member)
    assert at_once.whole() == in_turn.whole() == b"".join(bytes([n]) * 100 for n in range(20))


@pytest.mark.row("H23")
def test_a_swarm_of_empty_members_is_cut_off() -> None:
    body = Body("gzip", 10_000_000)
    body.feed(gzip.compress(b"") * 100_000)
    assert body.whole() == b""


@pytest.mark.row("H23")
@pytest.mark.parametrize("encoding", ["br", "zstd", "compress", "gzip, gzip", "gzip,deflate", "gzip;q=1", "x"])
def test_what_was_not_asked_for_is_refused(encoding: str) -> None:
    with pytest.raises(Undecodable):
        Body(encoding, LIMIT)


@pytest.mark.parametrize("encoding", ["gzip", "GZIP ", "x-gzip", "identity", "", "deflate"])
def test_an_empty_body_is_empty_in_any_encoding(encoding: str) -> None:
    assert Body(encoding, LIMIT).whole() == b""
