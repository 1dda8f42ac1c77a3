"""Unpacking a body as it arrives, never further than the limit."""

from __future__ import annotations

import zlib

_PIECE = 65_536
_GZIP = b"\x1f\x8b"
_MOST_MEMBERS = 1000


class TooLarge(Exception):
    """The document is larger than the limit."""


class Undecodable(Exception):
    """The body is not in an encoding that was asked for, or it is cut short."""


class Body:
    """A body of at most `limit` bytes, packed with gzip, with deflate, or not at all.

    The limit holds for what arrives as well as for what it unpacks to. Raises Undecodable for any other or a stacked
    encoding: those are how a few bytes become gigabytes.
    """

    def __init__(self, encoding: str, limit: int) -> None:
        name = encoding.strip().lower()
        if name not in {"", "identity", "gzip", "x-gzip", "deflate"}:
            raise Undecodable
        self._inflate = zlib.decompressobj(47) if name not in {"", "identity"} else None
        self._limit = limit
        self._parts: list[bytes] = []
        self._arrived = self._size = self._members = 0

    def feed(self, data: bytes) -> None:
        """Take what has arrived; raises TooLarge or Undecodable."""
        self._arrived += len(data)
        if self._arrived > self._limit:
            raise TooLarge
        if self._inflate is None:
            self._keep(data)
            return
        if self._inflate.eof:
            data = self._next_member(data)
        while data:
            try:
                self._keep(self._inflate.decompress(data, _PIECE))
            except zlib.error as error:
                raise Undecodable from error
            data = self._next_member(self._inflate.unused_data) if self._inflate.eof else self._inflate.unconsumed_tail

    def _next_member(self, rest: bytes) -> bytes:
        """RFC 1952 §2.2: a gzip file is a series of members. What follows the last one is nobody's."""
        if not rest.startswith(_GZIP) or self._members >= _MOST_MEMBERS:
            return b""
        self._members += 1
        self._inflate = zlib.decompressobj(47)
        return rest

    def _keep(self, part: bytes) -> None:
        self._size += len(part)
        if self._size > self._limit:
            raise TooLarge
        self._parts.append(part)

    def whole(self) -> bytes:
        """Everything; raises Undecodable when the packed body was cut short."""
        if self._inflate is not None and not self._inflate.eof and self._arrived:
            raise Undecodable
        return self.so_far()

    def so_far(self) -> bytes:
        """What has arrived."""
        return b"".join(self._parts)
