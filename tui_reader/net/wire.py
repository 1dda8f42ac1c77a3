"""TCP and TLS for httpcore, by asyncio's own transports.

httpcore's way there, anyio, makes three objects and several turns of the loop for what is one here: a fifth of the time
of a refresh that is answered with "not modified" throughout (docs/decisions/0017-the-wire.md).
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Iterable
from typing import Any

import httpcore

MOST_HELD = 262_144
"""Bytes that wait to be read before the other end is kept waiting."""
_SAID = {"client_addr": "sockname", "server_addr": "peername", "socket": "socket", "ssl_object": "ssl_object"}


class AsyncioBackend(httpcore.AsyncNetworkBackend):
    """Connects by TCP. Faults are httpcore's, with what the system said as their cause."""

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """A connection to an address; raises ConnectError, ConnectTimeout."""
        loop = asyncio.get_running_loop()
        own = (local_address, 0) if local_address is not None else None
        try:
            async with asyncio.timeout(timeout):
                _, held = await loop.create_connection(_Held, host, port, local_addr=own)
        except TimeoutError as error:
            raise httpcore.ConnectTimeout(str(error)) from error
        except OSError as error:
            raise httpcore.ConnectError(str(error)) from error
        return _Stream(held)

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await asyncio.sleep(seconds)


class _Held(asyncio.Protocol):
    """What has come over a connection and was not read yet, and whether more may be sent."""

    def __init__(self) -> None:
        self.bytes = bytearray()
        self.ended = False
        self.fault: Exception | None = None
        self.transport: asyncio.Transport | None = None
        self._may_send = asyncio.Event()
        self._may_send.set()
        self._waits: asyncio.Future[None] | None = None
        self._stopped = False

    async def more(self) -> None:
        """Wait until something is there to be read, or nothing will come any more."""
        if self._stopped and len(self.bytes) < MOST_HELD and self.transport is not None:
            self._stopped = False
            self.transport.resume_reading()
        if not self.bytes and not self.ended:
            self._waits = asyncio.get_running_loop().create_future()
            await self._waits

    async def sent(self) -> None:
        """Wait until the system takes more; raises OSError when the connection is gone."""
        await self._may_send.wait()
        if self.fault is not None:
            raise self.fault

    def _wake(self) -> None:
        if self._waits is not None and not self._waits.done():
            self._waits.set_result(None)

    # ------------------------------------------------------------ what asyncio tells

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport  # type: ignore[assignment]

    def data_received(self, data: bytes) -> None:
        self.bytes += data
        if len(self.bytes) >= MOST_HELD and not self._stopped and self.transport is not None:
            self._stopped = True
            self.transport.pause_reading()
        self._wake()

    def eof_received(self) -> bool:
        self.ended = True
        self._wake()
        return False

    def connection_lost(self, error: Exception | None) -> None:
        self.ended, self.fault = True, error
        self._may_send.set()
        self._wake()

    def pause_writing(self) -> None:
        self._may_send.clear()

    def resume_writing(self) -> None:
        self._may_send.set()


class _Stream(httpcore.AsyncNetworkStream):
    def __init__(self, held: _Held) -> None:
        self._held = held

    @property
    def _transport(self) -> asyncio.Transport:
        assert self._held.transport is not None
        return self._held.transport

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Up to so many bytes, b"" at the end; raises ReadError, ReadTimeout."""
        held = self._held
        try:
            async with asyncio.timeout(timeout):
                await held.more()
        except TimeoutError as error:
            raise httpcore.ReadTimeout(str(error)) from error
        if not held.bytes and held.fault is not None:
            raise httpcore.ReadError(str(held.fault)) from held.fault
        data = bytes(held.bytes[:max_bytes])
        del held.bytes[:max_bytes]
        return data

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send all of it; raises WriteError, WriteTimeout."""
        if not buffer:
            return
        try:
            async with asyncio.timeout(timeout):
                self._transport.write(buffer)
                await self._held.sent()
        except TimeoutError as error:
            raise httpcore.WriteTimeout(str(error)) from error
        except OSError as error:
            raise httpcore.WriteError(str(error)) from error

    async def aclose(self) -> None:
        """Hang up. A server need not agree to the end of what was read whole already."""
        self._transport.abort()

    async def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.AsyncNetworkStream:
        """The same connection, encrypted; raises ConnectError, ConnectTimeout."""
        try:
            async with asyncio.timeout(timeout):
                safe = await self._shaken(ssl_context, server_hostname or "")
        except TimeoutError as error:
            raise httpcore.ConnectTimeout(str(error)) from error
        except OSError as error:  # those of ssl, too
            raise httpcore.ConnectError(str(error)) from error
        if safe is None:  # nobody waits for it any more
            raise httpcore.ConnectError("the connection was closed")
        self._held.transport = safe
        return self

    async def _shaken(self, context: ssl.SSLContext, host: str) -> asyncio.Transport | None:
        loop = asyncio.get_running_loop()
        try:
            return await loop.start_tls(self._transport, self._held, context, server_hostname=host)
        except ConnectionError as error:
            raise ssl.SSLError(ssl.SSL_ERROR_EOF, "the other end hung up before the connection was safe") from error

    def get_extra_info(self, info: str) -> Any:
        """What httpcore asks of a connection, None where it is not known."""
        if info == "is_readable":
            return bool(self._held.bytes) or self._held.ended
        return self._transport.get_extra_info(_SAID[info]) if info in _SAID else None
