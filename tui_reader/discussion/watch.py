"""Many discussions at once: several hosts side by side, and each host one at a time."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable

from tui_reader import urls
from tui_reader.discussion.run import Looked, Looker
from tui_reader.discussion.sites import Site, sites
from tui_reader.errors import ReaderError
from tui_reader.model import Watched
from tui_reader.refresh import due

log = logging.getLogger(__name__)

HOSTS = 4
"""Hosts that are asked at once."""


async def look(looker: Looker, watched: Iterable[Watched], *, forced: bool) -> Looked:
    """Look at those of these that may be asked, and tell what came in all. One that fails stops no other."""
    hosts: dict[str, list[Watched]] = {}
    for one in watched:
        hosts.setdefault(urls.host_key(one.discussion.url), []).append(one)
    turns = asyncio.Semaphore(HOSTS)

    async def ask(host: list[Watched]) -> list[Looked]:
        async with turns:
            now = looker.ports.clock()
            open_ = [one for one in host if isinstance(due.verdict(one.discussion.poll, now, forced=forced), due.Due)]
            shared, alone = sites(looker, open_)
            told = []
            for site in shared:
                looked = await _together(site)
                alone += site.posts if looked is None else []
                told += [looked] if looked is not None else []
            return [*told, *[await _safely(looker, one, forced=forced) for one in alone]]

    looked = [one for host in await asyncio.gather(*map(ask, hosts.values())) for one in host]
    failed = [one.message for one in looked if one.failed]
    return Looked(
        asked=any(one.asked for one in looked),
        new=sum(one.new for one in looked),
        message=failed[0] if failed else "",
        failed=bool(failed),
    )


async def _together(site: Site) -> Looked | None:
    try:
        return await site.look()
    except Exception:
        log.exception("looking at a site's comments failed")
        return None


async def _safely(looker: Looker, subject: Watched, *, forced: bool) -> Looked:
    try:
        return await looker.look(subject, forced=forced)
    except ReaderError as error:
        return Looked(message=str(error), failed=True)
    except Exception:
        log.exception("looking at discussion %d failed", subject.discussion.id)
        return Looked(message="an unforeseen fault", failed=True)
