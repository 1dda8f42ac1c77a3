"""The command palette: every command by its sentence, with the key that does the same."""

from __future__ import annotations

from functools import partial
from typing import cast

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content

from tui_reader.commands import Command
from tui_reader.tui.main import Main


class CommandProvider(Provider):
    """Offers the commands of the table that make sense where the keys are; the only provider there is."""

    @property
    def _main(self) -> Main:
        return cast(Main, self.screen)

    def _label(self, command: Command, sentence: Content) -> Content:
        key = self._main.keys.key_of(command.id)
        return Content.assemble(sentence, "  ", (key, "bold $primary")) if key else sentence

    async def discover(self) -> Hits:
        """All commands, in the order of the table."""
        for command in self._main.keys.offered():
            yield DiscoveryHit(
                self._label(command, Content(command.sentence)),
                partial(self._main.keys.run, command.id),
                text=command.sentence,
            )

    async def search(self, query: str) -> Hits:
        """The commands whose sentence or id matches, the best first."""
        matcher = self.matcher(query)
        for command in self._main.keys.offered():
            score = max(matcher.match(command.sentence), matcher.match(command.id))
            if score > 0:
                yield Hit(
                    score,
                    self._label(command, matcher.highlight(command.sentence)),
                    partial(self._main.keys.run, command.id),
                    text=command.sentence,
                )
