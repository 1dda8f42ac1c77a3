"""Keeps requests that a feed chose out of private networks.

The rule: a host that the user typed himself may lie anywhere, and if he typed one on this very machine, a redirect may
lead to any other name of this machine. Whatever else an address or a redirect names must lie on the open internet.

The check is made on the address that is connected to, after the name was resolved, so a name that points inside (or
does so at the second look) helps nobody. A proxy resolves names itself: there, only hosts that are written as a
private address can be told and refused.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import threading
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from contextvars import ContextVar
from itertools import zip_longest
from typing import Any

import httpcore

from tui_reader import urls
from tui_reader.net.wire import AsyncioBackend

Resolver = Callable[[str, int], Awaitable[list[str]]]

PRIVATE_ALLOWED: ContextVar[bool] = ContextVar("private_allowed", default=False)
"""Whether the request of this task may connect to a private address."""

_GLOBAL_UNICAST = ipaddress.ip_network("2000::/3")
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_TRIES = 4
_PATIENCE = 4.0
"""Seconds for an address while there is another one to try."""


class PrivateAddress(Exception):
    """The name leads into a private network."""


def may_be_private(url: str, asked: str, *, typed: bool) -> bool:
    """Whether `url`, reached from the address `asked`, may lie in a private network: the rule above."""
    own, first = urls.host(url), urls.host(asked)
    return typed and (own == first or (urls.is_loopback(own) and urls.is_loopback(first)))


def is_public(address: str) -> bool:
    """Whether an IP address is one of the open internet."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour
        if ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
        if ip not in _GLOBAL_UNICAST:
            return False
    return ip.is_global and not ip.is_multicast


def is_private_as_written(host: str) -> bool:
    """Whether a host is a private address in any spelling that connects ("0x7f.1", "2130706433"), or this machine's
    name; tells nothing of other names."""
    try:
        return not is_public(str(ipaddress.ip_address(host.partition("%")[0])))
    except ValueError:
        pass
    try:
        return not is_public(socket.inet_ntoa(socket.inet_aton(host)))
    except (OSError, ValueError):
        return urls.is_loopback(host.rstrip("."))


async def resolve(host: str, port: int) -> list[str]:
    """The addresses of a name, by the system's resolver, the families in turn so that a broken one costs one try.

    Every look-up has a thread of its own that nobody waits for: the system's call cannot be broken off, and a name
    server that is silent must hold up neither other work nor the end of the program.
    """
    with suppress(ValueError):
        return [str(ipaddress.ip_address(host))]
    loop = asyncio.get_running_loop()
    found: asyncio.Future[list[Any]] = loop.create_future()

    def settle(entries: list[Any], error: Exception | None) -> None:
        if found.done():
            return
        if error is None:
            found.set_result(entries)
        else:
            found.set_exception(error)

    def look_up() -> None:
        entries: list[Any] = []
        trouble: Exception | None = None
        try:
            entries = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, ValueError) as error:
            trouble = error
        with suppress(RuntimeError):  # the loop was closed meanwhile
            loop.call_soon_threadsafe(settle, entries, trouble)

    threading.Thread(target=look_up, name="tui-reader-name", daemon=True).start()
    addresses = list(dict.fromkeys((entry[0], str(entry[4][0])) for entry in await found))
    first = [address for family, address in addresses if family == addresses[0][0]]
    second = [address for family, address in addresses if family != addresses[0][0]]
    return [address for pair in zip_longest(first, second) for address in pair if address]


class GuardedBackend(httpcore.AsyncNetworkBackend):
    """Connects like httpcore, but to checked addresses, one after the other until one answers."""

    def __init__(self, resolver: Resolver) -> None:
        self._inner = AsyncioBackend()
        self._resolve = resolver

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect to the first address that may be used and answers; raises PrivateAddress when none may."""
        addresses = await self._resolve(host, port)
        usable = [address for address in addresses if PRIVATE_ALLOWED.get() or is_public(address)][:_TRIES]
        if not usable:
            raise PrivateAddress(host)
        for address in usable[:-1]:
            try:
                return await self._inner.connect_tcp(address, port, min(timeout or _PATIENCE, _PATIENCE), local_address)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
        return await self._inner.connect_tcp(usable[-1], port, timeout, local_address)

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await self._inner.sleep(seconds)
