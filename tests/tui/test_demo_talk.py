"""The model case, in the demo: a post with "thoughts on …", a reply that arrives while it is read, one key through all."""

from __future__ import annotations

from datetime import UTC
from pathlib import Path

from tests.tui.conftest import SIZES
from tests.tui.talk import Desk
from tui_reader.config import Config, Refresh
from tui_reader.demo.pages import World
from tui_reader.demo.site import DemoSite
from tui_reader.library import Library
from tui_reader.model import Confidence, Scope
from tui_reader.tui.app import ReaderApp
from tui_reader.tui.snapshot import settle

LAMP = "/lighthouse/the-lamp/"
CID = "And why nobody is allowed to keep one."


async def test_a_reply_arrives_while_one_reads_and_one_key_leads_on_from_it(tmp_path: Path) -> None:
    now = [1_767_268_800.0]
    config = Config(refresh=Refresh(minimum_interval=1))
    with DemoSite(lambda: now[0]) as site:
        page = World(site.url, now[0], 0).page(LAMP)
        assert page is not None
        assert "thoughts on “The lamp that would not go out”" in page.body.decode()
        library = await Library.open(tmp_path / "library.db", config, clock=lambda: int(now[0]))
        for address, folder in site.subscriptions:
            await library.add(address, folder=folder)
        lamp = next(row.id for row in await library.first(Scope("all")) if row.url.endswith(LAMP))
        app = ReaderApp(library, config, clock=lambda: int(now[0]), zone=UTC, still=True, open_entry=lamp)
        async with app.run_test(size=SIZES["medium"]) as pilot:
            await settle(app, pilot)
            desk = Desk(app, pilot, library)
            await desk.press("c", "r")
            said = [item.comment for item in desk.pane.thread.items if item.comment is not None]
            assert len(said) == 8
            assert {comment.confidence for comment in said} == {Confidence.EXACT}
            assert max(item.depth for item in desk.pane.thread.items) == 2
            now[0] += 15
            await desk.press("r")
            assert "1 new" in desk.said
            (arrived,) = [item for item in desk.pane.thread.items if item.comment and CID in item.comment.html]
            assert (arrived.depth, arrived.comment.confidence) == (3, Confidence.EXACT)
            passed = set()
            for _ in range(60):
                await desk.press("space")
                if app.main.reading.entry.row.id != lamp:
                    break
                passed.add(desk.pane.comment.key)
            assert arrived.key in passed
            assert app.main.reading.entry.row.id != lamp
        await library.close()
