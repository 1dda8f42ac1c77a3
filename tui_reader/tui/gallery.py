"""The pictures of the open article: fetched when the settings or a key say so, given up when the article is left."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from tui_reader import text, urls
from tui_reader.errors import ReaderError, Refused
from tui_reader.model import Entry
from tui_reader.tui import graphics, pictures
from tui_reader.tui.reading import SETTLED
from tui_reader.tui.viewer import Viewer

if TYPE_CHECKING:
    from tui_reader.tui.main import Main

GROUP = "pictures"
MOST = 60
"""Pictures of an article that are fetched."""
AT_ONCE = 4
"""Pictures that are fetched and unpacked at once; of one host it is one at a time in any case."""
BUSY = frozenset({429, 503})
"""The statuses of a server that wants to be left alone."""


class Gallery:
    """Fetches pictures for the article pane, and shows one of them on the whole screen."""

    def __init__(self, main: Main) -> None:
        self.main = main
        self._asked_for: int | None = None
        """The entry whose pictures the user has asked for."""
        self._graphics: graphics.Graphics | None = None

    # ------------------------------------------------------------ following what is open

    def opened(self, entry: Entry) -> None:
        """An entry is shown, or shown again because it changed: fetch its pictures if they are wanted."""
        if entry.row.id != self._asked_for:
            self.leave()
        always = self.main.config.images.show == "always" and not self.main.still
        if (always or entry.row.id == self._asked_for) and not self._hindrance() and self._missing():
            self.main.go(self._fetch(entry, told=False, wait=SETTLED), group=GROUP, newest=True)

    def leave(self) -> None:
        """The article is left: nobody waits for its pictures any more."""
        self._asked_for = None
        self.main.tasks.cancel(GROUP)

    # ------------------------------------------------------------ on request

    def show(self) -> None:
        """Show the pictures in the article; once they are there, the one in sight on the whole screen."""
        main = self.main
        entry = main.reading.entry
        if hindrance := self._hindrance():
            main.say(hindrance)
        elif entry is None or not main.article.pictures():
            main.say("there is no picture by itself in this article")
        elif main.article.plates:
            self._view(entry)
        else:
            self._asked_for = entry.row.id
            main.go(self._fetch(entry, told=True), group=GROUP, newest=True)

    def _hindrance(self) -> str:
        """Why no pictures are shown here, "" when they can be."""
        main = self.main
        if main.config.images.show == "never":
            return "the settings forbid pictures: [images] show"
        if not pictures.available():
            return "pictures need an extra: pip install 'tui-newsreader[images]'"
        if not graphics.has_colours(main.app):
            return "this terminal has too few colours for pictures"
        return ""

    # ------------------------------------------------------------ fetching

    def _missing(self) -> list[str]:
        article = self.main.article
        return [url for url in article.pictures() if url not in article.plates][:MOST]

    async def _fetch(self, entry: Entry, *, told: bool, wait: float = 0.0) -> None:
        if wait and not self.main.still:
            await asyncio.sleep(wait)
        main, missing = self.main, self._missing()
        if told:
            main.say(f"fetching {text.plural(len(missing), 'picture')} …")
        gate = asyncio.Semaphore(AT_ONCE)
        busy: set[str] = set()
        results = await asyncio.gather(*(self._one(entry, url, gate, busy) for url in missing))
        faults = [fault for fault in results if fault]
        if faults and told:
            main.complain(f"⚠ {len(faults)} of {text.plural(len(missing), 'picture')} not shown: {faults[0]}")
        elif told:
            main.say("")

    async def _one(self, entry: Entry, url: str, gate: asyncio.Semaphore, busy: set[str]) -> str:
        """Fetch a picture and show it; why that cannot be, else ""."""
        main, host = self.main, urls.host(url)
        async with gate:
            try:
                if host in busy:
                    raise Refused(f"{host}: the server is busy")
                await main.article.put_picture(url, await main.library.picture(url, entry.row.feed_id))
            except ReaderError as error:
                if isinstance(error, Refused) and error.status in BUSY:
                    busy.add(host)
                main.article.put_fault(url, str(error))
                return str(error)
        return ""

    # ------------------------------------------------------------ the whole screen

    def _view(self, entry: Entry) -> None:
        main = self.main

        async def load(url: str) -> bytes:
            return await main.library.picture(url, entry.row.feed_id)

        if self._graphics is None:
            self._graphics = graphics.find(main.app)
        labels = main.article.pictures()
        main.app.push_screen(Viewer(load, labels, main.article.picture_in_sight(), self._graphics))
