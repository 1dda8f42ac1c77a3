"""From `Content` to lines of the screen, and what the widgets that draw line by line share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from rich.segment import Segment
from textual.color import Color
from textual.content import Content
from textual.css.styles import RenderStyles
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.style import Style
from textual.theme import Theme
from textual.widget import Widget

_CONTROLS = (*range(0x20), *range(0x7F, 0xA0))
_DIRECTIONS = (0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
_ROUND, _HEAVY = "╭─╮│╰─╯", "┏━┓┃┗━┛"
"""The frame of a view; without colours the one with the keys has the heavy one."""
KEPT = 600
"""Lines that are kept as they were drawn: several screens."""
_OBEYED = dict.fromkeys((*_CONTROLS, *_DIRECTIONS), "\ufffd") | {ord("\t"): " ", ord("\n"): "\n"}


def harmless_text(line: str) -> str:
    """Text without anything that a terminal would obey; every character taken out leaves one in its place."""
    return line if line.isprintable() else line.translate(_OBEYED)


def harmless(content: Content) -> Content:
    """The same for content, its styles where they were.

    Text is cleaned where it enters the program; this is the second lock, for whatever came another way.
    """
    plain = harmless_text(content.plain)
    return content if plain == content.plain else Content(plain, spans=list(content.spans))


def alike(one: Sequence[Content], other: Sequence[Content]) -> bool:
    """Whether these look the same; `==` of contents goes by their words alone."""
    return [(part.plain, part.spans) for part in one] == [(part.plain, part.spans) for part in other]


def drawn(widget: Widget, content: Content, width: int, base: Style) -> Strip:
    """One line of content on a background, exactly `width` cells; style names are resolved by the widget's theme.

    A reversed line keeps no colours of its own: they would stand as patches of background in it.
    """
    content = harmless(content)
    if "\n" in content.plain:
        content = content[: content.plain.index("\n")]
    if base.reverse:
        content = Content(content.plain).stylize(base)
    parts = content.render(base, end="", parse_style=widget._get_style)
    segments = [Segment(text, (base + style).rich_style) for text, style in parts if text]
    left = width - content.cell_length
    if left > 0:
        segments.append(Segment(" " * left, base.rich_style))
    strip = Strip(segments, content.cell_length + max(0, left))
    return strip if left >= 0 else strip.crop(0, width)


class LineView(ScrollView, can_focus=True):
    """A scrolling view of numbered lines, drawn one at a time when they come into sight and kept until they change.

    A subclass says how many lines there are, what state a line is in (the cursor on it, say), and draws it. A view that
    `is_lit` looks like the one that has the keys.
    """

    COMPONENT_CLASSES = {"line--label", "line--lit"}

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._strips: dict[int, tuple[tuple[int, int], Strip]] = {}
        self._labels: dict[int, str] = {}
        self._framed = [Content(""), Content("")]
        self._drawn_in: tuple[Theme, Style] | None = None
        self._ground: Color | None = None
        self._looks: dict[tuple[str, ...], Style] = {}
        self._painted: dict[int, Strip] = {}
        """The lines as they were painted last, the frame's too, but for those that are to be painted anew."""
        self.is_lit = False
        self._sides: dict[bool, tuple[Strip, Strip]] = {}
        self._bordered: dict[tuple[int, bool], tuple[Strip, Strip]] = {}
        self._ends: dict[tuple[bool, bool], tuple[int, Content | None, Strip]] = {}
        self._blank = Strip([], 0)

    # ------------------------------------------------------------ for subclasses

    @property
    def _count(self) -> int:
        raise NotImplementedError

    def _state(self, index: int) -> int:
        """A number that differs where a line is to look different."""
        raise NotImplementedError

    def _drawn(self, index: int, width: int, state: int) -> Strip:
        raise NotImplementedError

    def targets(self) -> Iterable[int]:
        """The lines in sight that can be jumped to."""
        return ()

    def jump(self, line: int) -> None:
        """Go to a line, one of `targets`."""

    # ------------------------------------------------------------ where it is

    @property
    def top(self) -> int:
        """The first line in sight."""
        return self.scroll_offset.y

    @property
    def room(self) -> int:
        """The cells a line has."""
        return self.scrollable_content_region.width

    @property
    def _height(self) -> int:
        return max(1, self.scrollable_content_region.height)

    def lengthen(self, lines: int) -> None:
        """Be so many lines long. Textual lays the whole screen out anew when a view tells it so, though where the view
        stands depends on none of its lines; only a scroll bar that comes or goes does that here."""
        size = Size(0, lines)
        if size != self.virtual_size:
            self.set_reactive(Widget.virtual_size, size)
            self._scroll_update(size)

    # ------------------------------------------------------------ drawing

    def frame(self, title: Content | None = None, subtitle: Content | None = None) -> None:
        """Write these into the frame at the top and at the bottom. Each costs a repaint of the whole view, so what
        stands there already is not written again."""
        if title is not None and not alike((title,), self._framed[:1]):
            self._framed[0] = title
            self.border_title = harmless(title)
        if subtitle is not None and not alike((subtitle,), self._framed[1:]):
            self._framed[1] = subtitle
            self.border_subtitle = harmless(subtitle)

    def pass_on(self, message: Message) -> None:
        """Tell the screen, without the way through every box that the view stands in."""
        if self.is_attached:
            self.screen.post_message(message)

    def label(self, labels: Mapping[int, str]) -> None:
        """Show these labels at the beginning of these lines, and no others."""
        if labels or self._labels:
            self._labels = dict(labels)
            self.refresh()

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines with the frame around them. Textual asks for every line of every view whenever it paints something
        of one: those that nothing has touched are as they were."""
        width, height = self.outer_size
        gutter, room, top = self.styles.gutter, self.room, self.scroll_offset.y
        for y in crop.line_range:
            if y in self._painted:
                continue
            if gutter.top <= y < height - gutter.bottom:
                self._painted[y] = self._between_sides(y, self.line_at(top + y - gutter.top, room), width)
            else:
                self._painted[y] = self._end(width, is_top=y < gutter.top)
        found = [self._painted[y] for y in crop.line_range]
        return found if crop.column_span == (0, width) else [strip.crop(*crop.column_span) for strip in found]

    def _set_dirty(self, *regions: Region) -> None:
        super()._set_dirty(*regions)
        if not regions:
            self._painted.clear()
        for region in regions:
            for y in region.translate(self.content_offset).line_range:
                self._painted.pop(y, None)

    def _between_sides(self, y: int, line: Strip, width: int) -> Strip:
        held = self._bordered.get((y, self.is_lit))
        if held is not None and held[0] is line and held[1].cell_length == width:
            return held[1]
        if self.is_lit not in self._sides:
            side = Content(self._frame_characters[3])
            drawn_side = self._filtered(drawn(self, side, 1, self._frame_style))
            gutter = self.styles.gutter
            self._sides[self.is_lit] = drawn_side.crop(0, gutter.left), drawn_side.crop(0, gutter.right)
        left, right = self._sides[self.is_lit]
        room = width - left.cell_length - right.cell_length
        inner = self._filtered(line.adjust_cell_length(room, self.visual_style.rich_style))
        strip = Strip([*left, *inner, *right], width)
        self._bordered[y, self.is_lit] = line, strip
        return strip

    def _end(self, width: int, *, is_top: bool) -> Strip:
        """The top of the frame with the title at its left, or the bottom with the subtitle at its right."""
        said = self._border_title if is_top else self._border_subtitle
        held = self._ends.get((is_top, self.is_lit))
        if held is not None and held[0] == width and held[1] is said:
            return held[2]
        left, edge, right = tuple(self._frame_characters[:3] if is_top else self._frame_characters[4:])
        told = Content("")
        if said is not None and said.cell_length and width > 6:
            told = said.truncate(width - 6, ellipsis=True).pad(1, 1).stylize_before(self._said_style(is_top=is_top))
        rest = max(0, width - 3 - told.cell_length)
        ends = (left + edge, edge * rest + right) if is_top else (left + edge * rest, edge + right)
        strip = self._filtered(drawn(self, Content.assemble(ends[0], told, ends[1]), width, self._frame_style))
        self._ends[is_top, self.is_lit] = width, said, strip
        return strip

    @property
    def _frame_characters(self) -> str:
        return _HEAVY if self.is_lit and self.app.no_color else _ROUND

    @property
    def _frame_styles(self) -> RenderStyles:
        """What colours the frame; a view on its way out has no looks any more but its own."""
        return self.get_component_styles("line--lit") if self.is_lit and self._component_styles else self.styles

    @property
    def _frame_style(self) -> Style:
        return self.look() + Style(foreground=self._frame_styles.border_top[1])

    def _said_style(self, *, is_top: bool) -> Style:
        if not is_top:
            return Style(foreground=self.styles.border_subtitle_color)
        styles = self._frame_styles
        return Style(foreground=styles.border_title_color, bold=styles.border_title_style.bold)

    def _filtered(self, strip: Strip) -> Strip:
        if self._ground is None:
            self._ground = self.background_colors[1]
        for one in self.get_line_filters():
            strip = strip.apply_filter(one, self._ground)
        return strip

    def render_line(self, y: int) -> Strip:
        """A line as Textual asks for it, to tell what the mouse is on."""
        return self.line_at(self.scroll_offset.y + y, self.room)

    def line_at(self, index: int, width: int) -> Strip:
        """What line `index` looks like, blank beyond the last one; the same as long as it looks the same."""
        line = self._line(index, width)
        label = self._labels.get(index)
        if label is None:
            return line
        shown = Content.styled(f" {label} ", self.look("line--label"))
        over = Strip(shown.render_segments(self.visual_style), len(label) + 2)
        return Strip.join([over, line.crop(len(label) + 2)])

    def _line(self, index: int, width: int) -> Strip:
        if not 0 <= index < self._count:
            if self._blank.cell_length != width:
                self._blank = Strip.blank(width, self.rich_style)
            return self._blank
        look = (width, self._state(index))
        held = self._strips.get(index)
        if held is not None and held[0] == look:
            return held[1]
        if not self._component_styles:  # a view on its way out, which has no looks any more
            return held[1] if held is not None else Strip.blank(width)
        if len(self._strips) > KEPT:
            self._strips.clear()
        strip = self._drawn(index, *look)
        self._strips[index] = (look, strip)
        return strip

    def redraw(self, lines: Iterable[int] | None = None) -> None:
        """Draw every line in sight anew, or these; those that look as before are not painted again."""
        held = dict(self._strips)
        if lines is None:
            self._strips.clear()
        room = self.room
        if not held or room <= 0:
            self.refresh()
            return
        top = self.scroll_offset.y
        in_sight = range(top, top + self.scrollable_content_region.height)
        for index in in_sight if lines is None else lines:
            self._strips.pop(index, None)
            if index not in in_sight:
                continue
            self._line(index, room)
            before = held.get(index)
            if before != self._strips.get(index):
                self.refresh(Region(0, index - top, room, 1))
            elif before is not None:
                self._strips[index] = before

    def look(self, *names: str) -> Style:
        """The style of the view with those of component classes on it."""
        if names not in self._looks:
            style = self.get_visual_style(*names)
            # Textual's own sum leaves reversing out.
            is_reversed = any(self.get_component_styles(name).text_style.reverse for name in names)
            self._looks[names] = style + Style(reverse=True) if is_reversed else style
        return self._looks[names]

    def render_str(self, text_content: str | Content) -> Content:
        """The frame's titles pass through here; none of them is markup."""
        return harmless(text_content if isinstance(text_content, Content) else Content(text_content))

    def notify_style_update(self) -> None:
        """The frame may look different now; lines do in other colours only."""
        super().notify_style_update()
        self._blank, self._ground = Strip([], 0), None
        self._looks.clear()
        for held in (self._sides, self._bordered, self._ends, self._painted):
            held.clear()
        drawn_in = self.app.current_theme, self.visual_style
        if drawn_in != self._drawn_in:
            self._drawn_in = drawn_in
            self._strips.clear()

    def light(self, on: bool) -> None:
        """Look like the view that has the keys, or like one that has not."""
        if on != self.is_lit:
            self.is_lit = on
            self.refresh()

    def watch_has_focus(self, focused: bool) -> None:
        """A view that is focused has the keys. Its style sheet has no say in it: to ask that anew takes Textual longer
        than to paint the view."""
        self.light(focused)
