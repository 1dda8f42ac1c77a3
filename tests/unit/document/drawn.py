"""HTML as lines of text, for the document's tests."""

from __future__ import annotations

from tui_reader.document.blocks import Document
from tui_reader.document.html import blocks
from tui_reader.document.layout import lines

BASE = "https://blog.example/2026/post/"


def document(html: str, *, is_text: bool = False) -> Document:
    return blocks(html, base=BASE, is_text=is_text)


def drawn(html: str, columns: int = 60, *, is_text: bool = False) -> list[str]:
    """The lines as they stand on the screen, without the spaces at their ends."""
    return [line.text.rstrip() for line in lines(document(html, is_text=is_text), columns)]
