"""Keeps requests that a feed chose out of private networks.

The check is made on the address that is connected to, after the name was resolved, so a name that points inside (or
does so at the second look) helps nobody. A host that the user typed himself may lie anywhere. Through a proxy the
proxy resolves names and this check cannot see them.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable, Iterable
from contextvars import ContextVar
from typing import Any

import httpcore

Resolver = Callable[[str, int], Awaitable[list[str]]]

PRIVATE_ALLOWED: ContextVar[bool] = ContextVar("private_allowed", default=False)
"""Whether the request of this task may connect to a private address."""

_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_TRIES = 4
_PATIENCE = 4.0


class PrivateAddress(Exception):
    """The name leads into a private network."""


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
    return ip.is_global and not ip.is_multicast


async def resolve(host: str, port: int) -> list[str]:
    """The addresses of a name, by the system's resolver, in its order."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class GuardedBackend(httpcore.AsyncNetworkBackend):
    """Connects like httpcore, but to checked addresses, one after the other until one answers."""

    def __init__(self, resolver: Resolver) -> None:
        self._inner = httpcore.AnyIOBackend()
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
