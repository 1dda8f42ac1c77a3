"""What was done, and taking any of it back."""

from __future__ import annotations

from tests.tui.conftest import Start


async def test_the_journal(desk: Start) -> None:
    async with desk() as it:
        await it.press("g", "u")
        assert "nothing was done yet" in it.last_line
        unread = [entry.row.read for entry in it.library.entries.values()].count(False)
        first = it.main.entries.ids[0]
        await it.press("s", "m")
        await it.press("j", "s")
        await it.press("g", "u")
        assert "What was done" in it.screen
        assert it.screen.index("1 starred") < it.screen.index("1 marked read")
        assert "11:00" in it.screen
        frame = [line for line in it.screen.splitlines() if "What was done" in line or "enter choose" in line]
        assert [(line[0], line.rstrip()[-1]) for line in frame] == [("╭", "╮"), ("╰", "╯")]
        await it.press("escape")
        assert "What was done" not in it.screen
        await it.press("g", "u", "j", "enter")
        assert "this one alone" in it.screen
        await it.press("enter")
        assert "taken back: 1 marked read · ^r redo" in it.last_line
        assert not it.library.entries[first].row.read
        await it.press("g", "u")
        assert "taken back; enter does it again" in it.screen
        await it.press("enter")
        assert "done again: 1 marked read · u undo" in it.last_line
        await it.press("g", "u", "pagedown", "enter", "enter")
        assert "take that back first" in it.last_line
        await it.press("g", "u", "pagedown", "enter", "j", "enter")
        assert "taken back: 3 acts" in it.last_line
        assert [entry.row.read for entry in it.library.entries.values()].count(False) == unread
        assert not any(entry.row.starred for entry in it.library.entries.values() if entry.row.id == first)
