"""Connections as httpcore uses them, over real sockets: what is held, what ends, what breaks."""

from __future__ import annotations

import asyncio
import socket
import ssl
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import httpcore
import pytest

from tui_reader.net import wire

CERTS = Path(__file__).parent / "certs"
PIECE = b"0123456789abcdef" * 4096
Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def connected(serve: Serve, *, safe: bool = False) -> AsyncIterator[httpcore.AsyncNetworkStream]:
    context = None
    if safe:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(CERTS / "good.pem")

    async def served(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await serve(reader, writer)
        except ConnectionError:
            pass
        finally:
            writer.close()

    async with await asyncio.start_server(served, "127.0.0.1", 0, ssl=context) as server:
        port = server.sockets[0].getsockname()[1]
        stream = await wire.AsyncioBackend().connect_tcp("127.0.0.1", port, 2)
        if safe:
            trusting = ssl.create_default_context(cafile=CERTS / "authority.pem")
            stream = await stream.start_tls(trusting, "localhost", 2)
        yield stream
        await stream.aclose()


@pytest.mark.parametrize("safe", [False, True])
async def test_a_slow_reader_holds_no_more_than_it_may_and_gets_everything(safe: bool) -> None:
    whole = PIECE * 64
    sent: list[int] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for at in range(0, len(whole), len(PIECE)):
            writer.write(whole[at : at + len(PIECE)])
            await writer.drain()
            sent.append(at)

    async with connected(serve, safe=safe) as stream:
        got = bytearray(await stream.read(10))
        for _ in range(20):
            await asyncio.sleep(0)
        held = stream._held  # type: ignore[attr-defined]
        most = 0
        while part := await stream.read(65_536):
            most = max(most, len(held.bytes))
            got += part
            await asyncio.sleep(0)
        assert bytes(got) == whole
        assert most <= 2 * wire.MOST_HELD
        assert await stream.read(10) == b"", "and stays at its end"


@pytest.mark.parametrize("safe", [False, True])
async def test_what_is_sent_arrives_whole(safe: bool) -> None:
    whole = PIECE * 32

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        got = await reader.readexactly(len(whole))
        writer.write(b"same" if got == whole else b"other")
        await writer.drain()

    async with connected(serve, safe=safe) as stream:
        await stream.write(b"")
        await stream.write(whole)
        assert await stream.read(100) == b"same"
        assert (stream.get_extra_info("ssl_object") is not None) is safe
        assert stream.get_extra_info("server_addr")[0] == "127.0.0.1"
        assert stream.get_extra_info("unknown") is None


async def test_a_silent_server_is_waited_for_as_long_as_said() -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()

    async with connected(serve) as stream:
        assert not stream.get_extra_info("is_readable")
        with pytest.raises(httpcore.ReadTimeout):
            await stream.read(10, timeout=0.01)


async def test_a_connection_that_is_torn_is_no_end() -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readexactly(2)
        torn = writer.get_extra_info("socket")
        torn.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        writer.transport.abort()

    async with connected(serve) as stream:
        await stream.write(b"go")
        with pytest.raises(httpcore.ReadError):
            await stream.read(10)
        with pytest.raises(httpcore.WriteError):
            await stream.write(PIECE)


async def test_nobody_at_the_address_is_told_with_what_the_system_said() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(httpcore.ConnectError) as told:
        await wire.AsyncioBackend().connect_tcp("127.0.0.1", port, 2)
    assert isinstance(told.value.__cause__, ConnectionRefusedError)
