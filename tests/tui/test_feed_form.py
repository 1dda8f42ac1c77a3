"""What is set for one feed alone, by keys."""

from __future__ import annotations

from tests.tui.conftest import Start


async def test_a_setting_is_chosen_written_and_shown(desk: Start) -> None:
    async with desk("medium") as it:
        feed = it.library.subscriptions[it.library.entries[it.main.entries.ids[0]].row.feed_id]
        await it.press("e", "e")
        assert f"Set for {feed.title} alone" in it.screen
        assert "as usual · how often it is asked" in it.screen
        await it.press("enter")
        await it.type("5m")
        await it.press("enter")
        assert "from 1h to 1w" in it.screen
        await it.press("backspace", "backspace")
        await it.type("6h")
        await it.press("enter")
        assert "6h · how often it is asked" in it.screen
        await it.press("escape")
        assert "Set for" not in it.screen
        assert it.library.subscriptions[feed.id].own.interval == 21_600
        await it.press("u")
        assert it.library.subscriptions[feed.id].own.interval is None
