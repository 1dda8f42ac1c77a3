"""Every kind of discussion over real HTTP: its sample is served on loopback, looked at, stored, and read as a thread."""

from __future__ import annotations

from html import escape
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.site import Site, document
from tests.unit.sources.fixtures import FIXTURES
from tui_reader.config import Config
from tui_reader.library import Library
from tui_reader.model import DiscussionRef
from tui_reader.net.client import Fetcher
from tui_reader.store import discussions

KINDS = [kind for kind, fixture in FIXTURES.items() if fixture.tree]


@pytest.mark.parametrize("kind", KINDS)
async def test_a_look_stores_the_tree_that_the_site_means(tmp_path: Path, kind: str) -> None:
    fixture = FIXTURES[kind]
    about = fixture.about
    clock = iter(range(1_767_300_000, 1_900_000_000, 3600))
    with Site() as site:
        site["/feed"] = document(
            '<?xml version="1.0"?><rss version="2.0"><channel><title>t</title><link>https://blog.example/</link><item>'
            f"<title>One</title><link>{escape(about.link or 'https://blog.example/one/')}</link>"
            f'<guid isPermaLink="false">{escape(about.guid or "one")}</guid></item></channel></rss>'.encode()
        )
        there = urlsplit(fixture.address)
        site[there.path] = document(fixture.body, type="application/octet-stream")
        kept = urlsplit(about.url if kind == "wordpress" else fixture.address)  # it is kept by what its feed announces
        url = site.url(kept.path) + (f"?{kept.query}" if kept.query else "")
        library = await Library.open(tmp_path / "library.db", Config(), clock=lambda: next(clock), fetching=Fetcher)
        await library.add(site.url("/feed"))
        ref = DiscussionRef(kind, url, about.page_url, name="Talk")
        await library._engine.write(discussions.noted, 1, (ref,))
        place = next(one for one in (await library.thread(1)).discussions if one.kind == kind)
        looked = await library.look(1, place.id)
        assert (looked.message, looked.new) == ("", len(fixture.tree))
        thread = (await library.thread(1)).only(place.id)
        stored = {
            (one.key, one.parent_key, one.author, one.confidence.value)
            for item in thread.items
            if (one := item.comment) is not None
        }
        assert stored == set(fixture.tree)
        again = await library.look(1, place.id, force=True)
        assert (again.asked, again.new, again.failed) == (True, 0, False)
        assert (await library.thread(1)).only(place.id).held == len(fixture.tree)
        await library.close()
