"""What rules and mutes have to say on the screen."""

from __future__ import annotations

from tests.tui.conftest import Start
from tests.tui.fake import FakeLibrary
from tui_reader.model import Alert, Change
from tui_reader.tui import outside


async def test_an_alert_is_told_and_the_terminal_is_asked_to_tell_it(desk: Start) -> None:
    async with desk() as it:
        driver = it.main.app._driver
        assert driver is not None
        written: list[str] = []
        driver.write = written.append  # type: ignore[method-assign]
        outside.alert(it.main, Alert("2 new articles", "rule 1 (rust)"))
        assert any("2 new articles" in sequence and sequence.startswith("\x1b") for sequence in written)
        assert "2 new articles · rule 1 (rust)" in it.last_line
        outside.alert(it.main, Alert(fault="rule 1 (rust): sh ended with 3; what arrived is stored"))
        assert "⚠ rule 1 (rust): sh ended with 3" in it.last_line


async def test_articles_are_muted_by_a_word_and_by_their_author(desk: Start, library: FakeLibrary) -> None:
    asked: list[dict[str, object]] = []

    async def mute(**what: object) -> Change:
        asked.append(what)
        return Change(label="muted")

    library.mute_entries = mute  # type: ignore[attr-defined]
    async with desk() as it:
        await it.press("X", "w")
        await it.type("cup")
        await it.press("enter")
        assert asked == [{"word": "cup", "days": 30}]
        await it.press("9", "0", "X", "w")
        await it.press("escape")
        assert len(asked) == 1
