"""One door for everything that is fetched besides feeds: a host that wants to be left alone is left alone."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from tui_reader import urls
from tui_reader.net.fetch import Failed, Network, Outcome, Request
from tui_reader.refresh import due


class Gate:
    """Knows when which host was asked last, and until when one asked to be left alone. Lives on the engine's loop."""

    def __init__(self, fetcher: Network, clock: Callable[[], int]) -> None:
        self._fetcher = fetcher
        self._clock = clock
        self._asked: dict[str, int] = {}
        self._closed: dict[str, int] = {}

    async def fetch(self, request: Request, *, pace: int) -> Outcome:
        """Ask: never inside what the host asked for, never faster than once in `pace` seconds."""
        host, now = urls.host_key(request.url), self._clock()
        until = self._closed.get(host, 0)
        if now < until:
            return Failed("the server asked us to wait", retry_at=until)
        rest = self.asked(request.url) + pace - now
        if 0 < rest <= pace and not urls.is_loopback(urls.host(request.url)):
            await asyncio.sleep(rest)
        self._asked[host] = self._clock()
        outcome = await self._fetcher.fetch(request)
        if isinstance(outcome, Failed) and (outcome.retry_at is not None or outcome.status == 429):
            self._closed[host] = outcome.retry_at or now + due.BUSY
        return outcome

    def asked(self, url: str) -> int:
        """When the host of an address was asked last, 0 when it was not."""
        return self._asked.get(urls.host_key(url), 0)
