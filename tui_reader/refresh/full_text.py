"""Full text: the article of an entry's own page, fetched on request, or for every new entry of some feeds."""

from __future__ import annotations

from importlib.util import find_spec

from tui_reader import urls
from tui_reader.errors import Offline, Refused
from tui_reader.model import Entry, FullText, NotAFeed
from tui_reader.net.fetch import Failed, Fetched, NotModified, Request
from tui_reader.refresh.run import Ports
from tui_reader.store import entries, feeds, full_text

PACE = 2
"""Seconds between two pages of one host."""
MOST_AT_ONCE = 10
"""Pages of one feed that one refresh asks for; the others follow with the next, or when they are opened."""
MISSING = "full text needs the extra “reader”: pip install 'tui-newsreader[reader]'"


def available() -> bool:
    """Whether what takes an article out of a page is installed."""
    return find_spec("readability") is not None


async def fetch(ports: Ports, entry_id: int) -> FullText:
    """Fetch and keep the article of an entry's page. Raises Offline or Refused with the reason; what the feed brought
    is there in any case."""
    if not available():
        raise Refused(MISSING)
    entry = await ports.engine.read(entries.entry, entry_id)
    if not entry.row.url:
        raise Refused("this article names no page")
    feed = await ports.engine.read(feeds.feed, entry.row.feed_id)
    taken = await _taken(ports, entry, feed.url)
    ports.on_change(await ports.engine.write(full_text.save, entry, taken))
    if taken.error:
        raise Refused(f"{urls.host(entry.row.url)} {taken.error}; the feed's text stays")
    return taken


async def fetch_wanted(ports: Ports) -> None:
    """Fetch the pages of what is new in feeds that are always read in full, each host one at a time. A page that
    cannot be had is not asked for again by itself; a host that is in trouble is left alone until the next refresh."""
    wanted = await ports.engine.read(full_text.wanted, MOST_AT_ONCE)
    if not (wanted and available()):
        return
    failing: set[str] = set()
    for entry_id, url, feed_url in wanted:
        host = urls.host_key(url)
        if host in failing:
            continue
        entry = await ports.engine.read(entries.entry, entry_id)
        try:
            taken = await _taken(ports, entry, feed_url)
        except (Offline, Refused):
            failing.add(host)
            continue
        ports.on_change(await ports.engine.write(full_text.save, entry, taken))


async def _taken(ports: Ports, entry: Entry, feed_url: str) -> FullText:
    """What the page holds, or the fault that is its own. Raises Offline or Refused for one that may pass."""
    url = entry.row.url
    typed = urls.host(url) == urls.host(feed_url)
    outcome = await ports.gate.fetch(Request(url, typed=typed), pace=PACE)
    now = ports.clock()
    if isinstance(outcome, Fetched):
        article = await ports.parser.article(outcome.body, url=outcome.url, content_type=outcome.content_type)
        if isinstance(article, NotAFeed):
            return FullText(url, "", now, error=f"sent {article.reason}")
        return FullText(outcome.url, article, now)
    if isinstance(outcome, NotModified):
        return FullText(url, "", now, error="sent nothing")
    if _is_its_own(outcome):
        return FullText(url, "", now, error=f"says: {outcome.reason}")
    kind = Offline if outcome.kind in {"offline", "dns", "connect"} else Refused
    raise kind(f"{urls.host(url)}: {outcome.reason}; the feed's text stays")


def _is_its_own(failed: Failed) -> bool:
    """Whether a failure will be the same tomorrow: the page is gone, too large, somewhere we do not go."""
    if failed.retry_at is not None or failed.status == 429 or failed.status >= 500:
        return False
    return failed.gone or 400 <= failed.status < 500 or failed.kind in {"redirect", "private", "size", "encoding"}
