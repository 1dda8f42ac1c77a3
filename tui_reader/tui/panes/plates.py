"""The pictures of the open article, and what they look like in the column there is."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from msgspec import Struct
from textual.strip import Strip

from tui_reader.tui import pictures

if TYPE_CHECKING:
    from PIL.Image import Image

MOST_SIDE = 400
"""Pixels of a side that are held of a picture: two for each cell of the widest column, and of the highest pane."""


class Frame(Struct, frozen=True):
    """The room a picture has, in cells, and what shines through it."""

    columns: int
    rows: int
    background: pictures.Rgb


class Plates:
    """Pictures by address: made small once, drawn anew for every other frame. One that cannot be drawn has a fault."""

    def __init__(self) -> None:
        self.faults: dict[str, str] = {}
        self._images: dict[str, Image] = {}
        self._drawn: dict[str, tuple[Strip, ...]] = {}
        self._frame: Frame | None = None

    def __contains__(self, url: str) -> bool:
        return url in self._images

    def __bool__(self) -> bool:
        return bool(self._images)

    async def read(self, url: str, content: bytes) -> None:
        """Take in a picture's file. Raises BadPicture."""
        image = await asyncio.to_thread(pictures.opened, content, MOST_SIDE)
        self._images[url] = image
        self.faults.pop(url, None)

    def fits(self, frame: Frame) -> bool:
        """Whether all are drawn for this frame."""
        return self._frame == frame and self._images.keys() == self._drawn.keys()

    async def fit(self, frame: Frame) -> None:
        """Draw those that are not yet drawn for this frame."""
        if frame != self._frame:
            self._frame, self._drawn = frame, {}
        drawn = self._drawn
        for url, image in list(self._images.items()):
            if url not in drawn:
                drawn[url] = await asyncio.to_thread(
                    pictures.half_cells, image, frame.columns, frame.rows, frame.background
                )

    def lines(self, url: str, columns: int) -> tuple[Strip, ...]:
        """What a picture looks like in so many columns; nothing while it is not drawn for them."""
        return self._drawn.get(url, ()) if self._frame is not None and self._frame.columns == columns else ()
