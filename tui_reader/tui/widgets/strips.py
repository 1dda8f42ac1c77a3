"""From `Content` to one line of the screen."""

from __future__ import annotations

from textual.content import Content
from textual.strip import Strip
from textual.style import Style
from textual.visual import Visual
from textual.widget import Widget


def drawn(widget: Widget, content: Content, width: int, base: Style) -> Strip:
    """One line of content on a background, exactly `width` cells; style names are resolved by the widget's theme."""
    strips = Visual.to_strips(widget, content, width, 1, base, apply_selection=False) if width > 0 else []
    if not strips:
        return Strip.blank(width, base.rich_style)
    return strips[0].adjust_cell_length(width, base.rich_style)
