"""What a line of a list looks like: entries, feeds, comments, the header. Pure: data and a width in, `Content` out.

Every string is measured in cells and cut to its column, so a frame stays straight whatever a feed is called. What
came from outside only ever stands in `Content`, where it is text and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import tzinfo
from typing import TYPE_CHECKING

from msgspec import Struct
from textual.content import Content

from tui_reader import text
from tui_reader.config import Column
from tui_reader.model import Comment, Confidence, Counts, EntryRow, Quiet, ThreadItem
from tui_reader.tui.themes import DEPTHS
from tui_reader.tui.widgets.statusbar import cut

if TYPE_CHECKING:
    from tui_reader.tui.panes.feeds import Node

NEWS = "bold $news"
MUTED = "$muted"
SELECTED = "▌"
FEED_COLUMN_FROM = 52
"""Cells from which on a list has room for the feed's name."""
REASON_FROM = 10
"""Cells from which on what is wrong with a feed is worth a word beside its name."""
MOST_LEVELS = 20
"""Levels of a thread that are drawn; deeper ones stand at the last, with their depth as a number."""
TEXT = 40
"""Cells that the text of a comment keeps beside the levels, where there are as many."""


def waiting(width: int) -> Content:
    """A row that is being loaded."""
    return Content.styled(text.pad("  ·", width), MUTED)


# ---------------------------------------------------------------- entries


COLUMNS: tuple[Column, ...] = ("mark", "age", "feed", "title", "comments")
"""What a row shows unless told otherwise."""
AUTHOR_COLUMN_FROM = 60
"""Cells from which on a list has room for the author's name."""
DATE = 11
"""Cells of a date."""


class RowLook(Struct, frozen=True):
    """How the rows of a list look: their columns in order, whether two lines each, dates in place of ages and the zone
    they are told in."""

    columns: tuple[Column, ...] = COLUMNS
    comfortable: bool = False
    dates: bool = False
    zone: tzinfo | None = None


PLAIN = RowLook()


def entry(
    row: EntryRow, width: int, now: int, *, look: RowLook = PLAIN, show_feed: bool = True, selected: bool = False
) -> Content:
    """The columns of a row, the title as wide as the others leave it; a bar first when it is selected."""
    shown = [name for name in look.columns if not (look.comfortable and name in {"feed", "author"})]
    cells: dict[str, Content] = {
        name: _cell(name, row, width, now, look, last=name == shown[-1]) for name in shown if name != "title"
    }
    if not show_feed:
        cells.pop("feed", None)
    named = any(cells[name].plain for name in ("feed", "author") if name in cells)
    gap = 0 if named else 1
    title_width = max(4, width - 2 - gap - sum(text.width(cell.plain) for cell in cells.values()))
    edited = " ✎" if row.edited and title_width > 12 else ""
    title = text.cut(row.title or row.url or "(no title)", title_width - len(edited))
    free = title_width + 1 - text.width(title) - len(edited)
    cells["title"] = Content.assemble(
        " " * gap, (title, MUTED if row.read else "bold"), (edited, MUTED), " " * max(0, free)
    )
    bar = Content.styled(SELECTED, "bold $primary") if selected else Content(" ")
    return cut(Content("").join([bar, *(cells[name] for name in shown if name in cells)]), width)


def entry_more(
    row: EntryRow, width: int, look: RowLook, begins: str = "", *, show_feed: bool = True, selected: bool = False
) -> Content:
    """The second line of a row that has one, under the title: the feed, the author where there is room for the name,
    and how the text `begins`."""
    lead = 1 + (1 if "mark" in look.columns else 0) + (_age_width(look) + 1 if "age" in look.columns else 0) + 1
    author = row.author if row.author != row.feed_title and (width >= AUTHOR_COLUMN_FROM or not begins) else ""
    named = " · ".join(part for part in (row.feed_title if show_feed else "", author, begins) if part)
    bar = Content.styled(SELECTED, "bold $primary") if selected else Content(" ")
    return bar + Content.styled(text.pad(" " * (lead - 1) + named, max(0, width - 1)), MUTED)


def _age_width(look: RowLook) -> int:
    return DATE if look.dates else 4


def _cell(name: Column, row: EntryRow, width: int, now: int, look: RowLook, *, last: bool) -> Content:
    if name == "mark":
        return Content.styled(*(("★", NEWS) if row.starred else ("●", "$primary") if not row.read else (" ", "")))
    if name == "age":
        then = text.clock(row.sort_at, now, look.zone) if look.dates else text.age(row.sort_at, now)
        return Content.styled(f"{then.rjust(_age_width(look))} ", MUTED)
    if name == "comments":
        talk = _talk(row)
        return talk if last else Content(" " * max(0, TALK - text.width(talk.plain))) + talk
    room, from_width = (18, FEED_COLUMN_FROM) if name == "feed" else (16, AUTHOR_COLUMN_FROM)
    if width < from_width:
        return Content("")
    said = row.feed_title if name == "feed" else row.author
    return Content.styled(f"{text.pad(said, min(room, max(8, width // 5)))}  ", MUTED)


TALK = 12
"""Cells of the comments where other columns follow."""


def _talk(row: EntryRow) -> Content:
    """How much is said: how many of the comments are new, how many we hold, of how many; and whether it is watched."""
    declared, held = row.comments or 0, row.comments_stored
    watched = ("◆ ", "$news" if row.comments_new else MUTED) if row.watched else ("", "")
    if not (declared or held):
        return Content.assemble(" ", watched)
    news = f"+{row.comments_new} " if row.comments_new else ""
    count = f"{held}/{declared} " if 0 < held < declared else f"{max(declared, held)} "
    return Content.assemble(" ", watched, (news, NEWS), (count.rjust(4), MUTED))


# ---------------------------------------------------------------- feeds


def node(line: Node, width: int, now: int) -> Content:
    """A heading, a smart feed, a folder or a feed with its counts."""
    if line.kind == "gap":
        return Content(" " * width)
    if line.kind == "heading":
        return Content.styled(text.pad(f" {line.label.upper()}", width), MUTED)
    trouble = line.feed.poll.error if line.feed is not None else ""
    hidden = line.feed is not None and line.feed.hidden
    fold = ("▸ " if line.folded else "▾ ") if line.kind == "folder" else "⚠ " if trouble else "◌ " if hidden else "  "
    lead = " " + "  " * line.indent + fold
    news = f"+{line.news} " if line.news else ""
    count = f"{line.unread} " if line.unread else " "
    room = width - text.width(lead) - len(news) - len(count) - 1
    name = text.cut(line.label, max(3, room))
    name_style = "bold" if line.unread else MUTED if line.kind == "feed" else ""
    made = Content.assemble((lead, "$text-error" if trouble else MUTED), (name, name_style))
    left_over = room - text.width(name) - 1
    if trouble and left_over >= REASON_FROM:
        made += Content.styled(f"  {text.cut(trouble, left_over - 1)}", "$text-error")
    free = width - text.width(made.plain) - len(news) - len(count)
    right = Content.assemble((news, NEWS), (count, MUTED))
    return cut(made + Content(" " * max(1, free)) + right, width)


# ---------------------------------------------------------------- comments


def level(depth: int) -> str:
    """The colour of a level of a thread."""
    return f"$depth-{depth % DEPTHS + 1}"


def levels(width: int) -> int:
    """How many levels of a thread are drawn in so many cells, so that the text keeps `TEXT` of them."""
    return max(2, min(MOST_LEVELS, (width - TEXT) // 2))


def guides(item: ThreadItem, *, first: bool, most: int = MOST_LEVELS, ascii: bool = False) -> Content:
    """What stands left of a comment: a bar in its level's colour and a line for every level above that goes on. `first`
    is the header line, which the branch leads to. Beyond `most` levels the indent stays where it is."""
    bar, down, end, branch = ("|", "|", "`", "+") if ascii else ("▌", "│", "└", "├")
    lead = (bar, level(item.depth))
    if item.depth == 0:
        return Content.assemble(lead, " ")
    made: list[tuple[str, str]] = [lead, (" ", "")]
    shown = min(item.depth, most)
    above = item.guides[-(shown - 1) :] if shown > 1 else ()
    above = (False,) * (shown - 1 - len(above)) + tuple(above)
    for place, goes_on in enumerate(above):
        made.append((f"{down} " if goes_on else "  ", level(item.depth - shown + place + 1)))
    tail = (f"{end} " if item.last else f"{branch} ") if first else ("  " if item.last else f"{down} ")
    made.append((tail, level(item.depth)))
    return Content.assemble(*made)


def comment(
    item: ThreadItem,
    width: int,
    now: int,
    *,
    author: str,
    folded: bool,
    was_new: bool = False,
    back_fill: str = "",
    ascii: bool = False,
    when: str = "",
) -> Content:
    """The header line of a comment: who, when, whether it is new, what is folded below it. `author` is the post's,
    `was_new` what was read since the discussion was opened, `back_fill` the key that fetches what is missing, `when`
    what is told in place of its age."""
    if item.missing is not None:
        return cut(gap(item.missing, back_fill), width)
    most = levels(width)
    lead = guides(item, first=True, most=most, ascii=ascii)
    if item.depth > most:
        lead += Content.styled(f"{'>' if ascii else '⟫'}{item.depth} ", MUTED)
    said = item.comment
    if said is None:
        return cut(lead + Content.styled("⋯ not in the feed", MUTED), width)
    made = lead + Content.styled("+ " if ascii else "▸ ", MUTED) if folded else lead
    muted = said.quiet is Quiet.MUTED
    name_style = MUTED if muted else "bold $news" if said.new else "bold" if not said.read else "bold $muted"
    made += Content.assemble((said.author or "someone", name_style))
    made += Content("").join(_about(said, author, when or text.age(written(said), now)))
    if said.new or was_new:
        made += Content.styled(
            "  * new" if ascii else "  ● new" if said.new else "  ○ new", "$news" if said.new else MUTED
        )
    if folded and item.replies:
        news = f", {item.new_replies} new" if item.new_replies else ""
        made += Content.styled(f"  {'' if ascii else '↩ '}{text.plural(item.replies, 'reply')}{news}", MUTED)
    return cut(made, width)


def written(said: Comment) -> int:
    """When a comment was written, as far as that is known; else when it came."""
    return said.published if said.published is not None else said.arrived


def _about(said: Comment, author: str, when: str) -> Iterator[Content]:
    """What is told of a comment behind its author's name."""
    if said.quiet is Quiet.OWN:
        yield Content.styled("  you", "$primary")
    elif said.author and said.author == author:
        yield Content.styled("  author", "$primary")
    yield Content.styled(f"  {when}", MUTED)
    if said.score is not None:
        yield Content.styled(f"  ▲ {said.score}", MUTED)
    if said.confidence is Confidence.LIKELY:
        yield Content.styled("  ≈", MUTED)
    if said.starred:
        yield Content.styled("  ★", NEWS)
    if said.edited:
        yield Content.styled("  ✎ edited", MUTED)
    if said.removed:
        yield Content.styled("  removed by the site", "$text-warning")
    if said.quiet is Quiet.MUTED:
        yield Content.styled("  muted", MUTED)


def gap(missing: int, back_fill: str) -> Content:
    """Where comments were missed."""
    what = f"{text.plural(missing, 'comment')} the feed no longer shows" if missing else "older comments may be missing"
    fetch = Content.assemble(" · ", (back_fill, "bold $primary"), " fetches them") if back_fill else Content("")
    return Content.styled(f"  ⋯ {what}", MUTED) + fetch


def overview(cells: list[tuple[str, bool, bool]]) -> Content:
    """The map of a thread: bright where something is new, marked where the cursor is."""
    return Content.assemble(
        *(
            (bar, ("underline " if here else "") + ("$news" if new else "$primary" if here else MUTED))
            for bar, new, here in cells
        )
    )


def confidence(comments: list[Comment]) -> str:
    """How sure the thread's shape is, in a few words."""
    if len(comments) < 2:
        return ""
    found = {one.confidence for one in comments}
    if found <= {Confidence.NONE, Confidence.ORDER, Confidence.QUOTE}:
        return "replies not marked by this site"
    marked = {one.confidence for one in comments if one.parent_key}
    return "replies exact" if marked <= {Confidence.EXACT} else "replies as the site names them"


# ---------------------------------------------------------------- the header


def header(counts: Counts, refreshed_at: int | None, now: int) -> list[Content]:
    """The program, what waits, and when it was last asked for; the parts in the order in which they matter."""
    made = [
        Content.assemble(" ", ("tui-reader", "bold $primary"), "  "),
        Content(f" {counts.unread:,} unread"),
    ]
    if counts.comments_new:
        made.append(Content.styled(f"  {text.plural(counts.comments_new, 'new comment')}", NEWS))
    if refreshed_at is not None:
        ago = text.age(refreshed_at, now)
        made.append(Content.styled(f"  ·  refreshed {'now' if ago == 'now' else f'{ago} ago'}", MUTED))
    return made
