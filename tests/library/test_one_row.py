"""One row for an article that several feeds have."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.site import Site, document
from tui_reader.config import Config, Ui
from tui_reader.library import Library
from tui_reader.model import Scope
from tui_reader.net.client import Fetcher


def feed(title: str, link: str) -> bytes:
    return (
        f'<?xml version="1.0"?><rss version="2.0"><channel><title>{title}</title><link>https://{title}.example/</link>'
        f"<item><title>{title} says</title><link>{link}</link><guid>{title}</guid></item></channel></rss>"
    ).encode()


@pytest.mark.parametrize("one_row", [True, False])
async def test_a_shared_article_is_one_row_and_read_once_when_asked_for(tmp_path: Path, one_row: bool) -> None:
    config = Config(ui=Ui(one_row_per_link=one_row))
    with Site() as site:
        site["/a"] = document(feed("a", "https://blog.example/post/"))
        site["/b"] = document(feed("b", "https://blog.example/post/?utm_source=b"))
        library = await Library.open(tmp_path / "library.db", config, clock=lambda: 1_767_225_600, fetching=Fetcher)
        await library.add(site.url("/a"))
        await library.add(site.url("/b"))
        rows = await library.first(Scope("unread"))
        assert [row.title for row in rows] == (["a says"] if one_row else ["b says", "a says"])
        await library.mark({rows[-1].id}, True)
        assert len(await library.ids(Scope("unread"))) == (0 if one_row else 1)
        await library.undo()
        assert (await library.counts()).unread == 2
        await library.close()
