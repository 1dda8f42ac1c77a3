"""What a line of a list looks like: its columns, what gives way in a narrow one, and that it is never too wide."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from rich.cells import cell_len
from textual.content import Content

from tests.tui.fake import DAY, HOUR, NOW
from tui_reader import text
from tui_reader.document.blocks import Line, Run, Style
from tui_reader.model import Comment, Confidence, Counts, EntryRow, Feed, PollState, Quiet, ThreadItem
from tui_reader.tui import lines
from tui_reader.tui.paint import painted
from tui_reader.tui.panes.feeds import Node
from tui_reader.tui.widgets.statusbar import both_ends, cut

ROW = EntryRow(
    1, 1, "LWN", "Kernel 7.4 released", "J. Corbet", "https://lwn.example/1", NOW - 2 * HOUR, None, False, False
)
SAID = Comment(
    1,
    1,
    1,
    "1",
    "",
    Confidence.EXACT,
    0,
    "Bob",
    "",
    NOW - HOUR,
    None,
    NOW,
    "",
    "<p>Hi.</p>",
    False,
    "",
    1,
    False,
    False,
)
ITEM = ThreadItem(SAID, "1", 0, None, 0, 0, (), True)

HARD = (
    "日本語のタイトル", "العربية עברית", "é̂̃̄ o̧", "👩‍👩‍👧‍👦 family", "🇩🇪🇫🇷 flags", "❤️ ⚠️ ☎", "﷽", "Ｆｕｌｌ", "한국어",
    "क्षत्रिय", "\u0301 a mark first", "\u200d", "[/red] [@click=app.quit]x[/] [bold", "$muted [$news]", "\\[x]", "a\u00a0b",
)  # fmt: skip

outside = st.one_of(
    st.sampled_from(HARD),
    st.text(max_size=60),
    st.text(st.sampled_from("aé日👩👧\u200d\ufe0f\u0301🇩🇪[]/$ ﷽"), max_size=40),
).map(lambda line: text.clean(line).rstrip("\u200d"))
"""What a feed may be called. A joiner at the very end swallows the space that follows it, here as in a terminal."""
widths = st.integers(0, 120)


def fits(content: Content, width: int) -> None:
    assert cell_len(content.plain) <= width
    assert "\n" not in content.plain


# ---------------------------------------------------------------- never too wide


@given(outside, outside, widths, st.booleans(), st.booleans(), st.booleans(), st.integers(0, 99_999), st.booleans())
def test_an_entry_takes_exactly_its_width(
    title: str, feed: str, width: int, read: bool, starred: bool, edited: bool, count: int, show_feed: bool
) -> None:
    row = replace(
        ROW,
        title=title,
        feed_title=feed,
        read=read,
        starred=starred,
        edited=edited,
        comments=count,
        comments_new=count // 3,
    )
    content = lines.entry(row, width, NOW, show_feed=show_feed)
    fits(content, width)
    if width >= 30:
        assert cell_len(content.plain) == width, "its counts stand at the right end"


@given(outside, outside, widths, st.integers(0, 9), st.integers(0, 99_999), st.integers(0, 999))
def test_a_feed_takes_exactly_its_width(name: str, error: str, width: int, indent: int, unread: int, news: int) -> None:
    feed = Feed(1, "https://site.example/", name, poll=PollState(error=error))
    node = Node("feed", "feed:1", name, unread, news, feed=feed, indent=indent)
    content = lines.node(node, width, NOW)
    fits(content, width)
    if width >= 44:
        assert cell_len(content.plain) == width


@given(
    outside,
    widths,
    st.integers(0, 40),
    st.lists(st.booleans(), max_size=7),
    st.booleans(),
    st.integers(0, 9),
    st.booleans(),
)
def test_a_comments_line_is_never_too_wide(
    author: str, width: int, depth: int, guides: list[bool], last: bool, replies: int, folded: bool
) -> None:
    item = ThreadItem(replace(SAID, author=author, new=True), "1", depth, None, replies, replies, tuple(guides), last)
    fits(lines.comment(item, width, NOW, author=author, folded=folded), width)
    fits(lines.comment(replace(item, comment=None), width, NOW, author=author, folded=folded), width)
    first, below = lines.guides(item, first=True), lines.guides(item, first=False)
    assert cell_len(first.plain) == cell_len(below.plain) <= 2 + 2 * lines.MOST_LEVELS, (
        "the text stands under its header"
    )


@given(outside, outside, widths)
def test_both_ends_never_meet(left: str, right: str, width: int) -> None:
    content = both_ends(Content(left), Content(right), width)
    fits(content, width)
    if cell_len(left) < width - cell_len(right) >= 4:
        assert content.plain.startswith(left)
        assert content.plain.endswith(right)


@given(outside, widths)
def test_cutting_keeps_the_beginning_and_the_styles(line: str, width: int) -> None:
    short = cut(Content.styled(line, "bold"), width)
    fits(short, width)
    if short.plain != line:
        assert not width or short.plain.endswith("…")
        assert line.startswith(short.plain[:-1])


@given(outside)
def test_what_came_from_outside_is_text_and_nothing_else(line: str) -> None:
    content = lines.entry(replace(ROW, title=line), 400, NOW)
    assert (line or ROW.url) in content.plain
    assert {str(span.style) for span in content.spans} <= {"$primary", "$muted", "bold", "bold $news"}


# ---------------------------------------------------------------- entries


def test_an_entry_has_its_columns() -> None:
    row = replace(ROW, comments=42, comments_stored=42, comments_new=7)
    line = lines.entry(row, 60, NOW).plain
    assert line == " ●  2h LWN           Kernel 7.4 released             +7  42 "


@pytest.mark.parametrize(
    ("row", "mark", "style"),
    [
        (ROW, "●", "bold"),
        (replace(ROW, read=True), " ", "$muted"),
        (replace(ROW, starred=True), "★", "bold"),
        (replace(ROW, read=True, starred=True), "★", "$muted"),
    ],
)
def test_only_what_is_unread_is_bold(row: EntryRow, mark: str, style: str) -> None:
    content = lines.entry(row, 60, NOW)
    start = content.plain.index("Kernel")
    assert content.plain[1] == mark
    assert [str(span.style) for span in content.spans if span.start == start] == [style]


def test_the_feeds_column_gives_way_in_a_narrow_list() -> None:
    assert "LWN" in lines.entry(ROW, 52, NOW).plain
    assert "LWN" not in lines.entry(ROW, 51, NOW).plain
    assert "LWN" not in lines.entry(ROW, 80, NOW, show_feed=False).plain


def test_an_entry_says_what_it_can() -> None:
    assert "https://lwn.example/1" in lines.entry(replace(ROW, title=""), 60, NOW).plain
    assert "(no title)" in lines.entry(replace(ROW, title="", url=""), 60, NOW).plain
    assert "released ✎" in lines.entry(replace(ROW, edited=True), 60, NOW).plain
    held_more = lines.entry(replace(ROW, comments=3, comments_stored=5), 60, NOW).plain
    assert held_more.rstrip().endswith("5")
    assert lines.entry(replace(ROW, comments=0), 60, NOW).plain.rstrip().endswith("released")


# ---------------------------------------------------------------- feeds


def test_a_feed_shows_its_counts_at_the_right() -> None:
    node = Node("feed", "feed:1", "LWN.net", 40, 7, feed=Feed(1, "", "LWN.net"), indent=1)
    assert lines.node(node, 28, NOW).plain == "     LWN.net          +7 40 "
    folder = Node("folder", "folder:x", "Linux", 61, folded=True)
    assert lines.node(folder, 28, NOW).plain == " ▸ Linux                 61 "
    assert lines.node(replace(folder, folded=False), 28, NOW).plain.startswith(" ▾ Linux")


def test_what_is_wrong_with_a_feed_is_told_where_there_is_room() -> None:
    feed = Feed(1, "", "xkcd", poll=PollState(error="not a feed"))
    node = Node("feed", "feed:1", "xkcd", feed=feed)
    assert lines.node(node, 28, NOW).plain.rstrip() == " ⚠ xkcd  not a feed"
    long = replace(node, label="A feed with a long name")
    assert lines.node(long, 28, NOW).plain.rstrip() == " ⚠ A feed with a long name"
    assert lines.node(node, 14, NOW).plain.rstrip() == " ⚠ xkcd"


# ---------------------------------------------------------------- comments


def test_a_comments_header_says_who_when_and_what_is_new() -> None:
    new = replace(SAID, new=True, confidence=Confidence.LIKELY)
    plain = lines.comment(replace(ITEM, comment=new), 60, NOW, author="Bob", folded=False).plain
    assert plain == "▌ Bob  author  1h  ≈  ● new"
    read = lines.comment(replace(ITEM, comment=replace(new, read=True, new=False)), 60, NOW, author="", folded=False)
    assert "new" not in read.plain


def test_a_folded_comment_says_what_is_below_it() -> None:
    item = replace(ITEM, replies=4, new_replies=1)
    assert "↩ 4 replies, 1 new" in lines.comment(item, 60, NOW, author="", folded=True).plain
    assert lines.comment(item, 60, NOW, author="", folded=True).plain.startswith("▌ ▸ Bob")
    assert "replies" not in lines.comment(item, 60, NOW, author="", folded=False).plain


def test_guides_lead_from_a_comment_to_its_parent() -> None:
    item = replace(ITEM, depth=3, guides=(True, False), last=True)
    assert lines.guides(item, first=True).plain == "▌ │   └ "
    assert lines.guides(item, first=False).plain == "▌ │     "
    goes_on = replace(item, last=False)
    assert lines.guides(goes_on, first=True).plain == "▌ │   ├ "
    assert lines.guides(goes_on, first=False).plain == "▌ │   │ "


def test_neighbouring_levels_differ_in_colour_and_none_has_that_of_news() -> None:
    colours = [lines.level(depth) for depth in range(12)]
    assert all(one != other for one, other in pairwise(colours))
    assert lines.NEWS not in colours


def test_very_deep_comments_stand_at_the_last_level_and_say_their_depth() -> None:
    item = replace(ITEM, depth=300, guides=(True,) * 7)
    assert "⟫300 Bob" in lines.comment(item, 80, NOW, author="", folded=False).plain


def test_a_comment_the_feed_no_longer_shows() -> None:
    assert lines.comment(replace(ITEM, comment=None), 60, NOW, author="", folded=False).plain == "▌ ⋯ not in the feed"


# ---------------------------------------------------------------- the rest


def test_the_header_says_what_waits() -> None:
    parts = lines.header(Counts(unread=1247, comments_new=18), NOW - 2 * DAY, NOW)
    assert "".join(part.plain for part in parts) == " tui-reader   1,247 unread  18 new comments  ·  refreshed 2d ago"
    assert len(lines.header(Counts(), None, NOW)) == 2


def test_a_documents_line_is_painted_by_what_its_runs_mean() -> None:
    line = Line((Run("see "), Run("here", Style.LINK | Style.STRONG, 1), Run("[1]", Style.NUMBER, 1)))
    content = painted(line)
    assert content.plain == "see here[1]"
    styles = {content.plain[span.start : span.end]: str(span.style) for span in content.spans}
    assert styles["here"] == "bold underline $link"
    assert "[/red]" in painted(Line((Run("a[/red]b", Style.EM),))).plain


def test_code_in_a_quote_is_code_beside_the_quotes_bar() -> None:
    bar, code = Run("▎ ", Style.GUTTER | Style.QUOTED), Run("x = 1", Style.CODE | Style.QUOTED)
    content = painted(Line((bar, Run("  ", Style.GUTTER | Style.CODE), code), code=True))
    styles = {content.plain[span.start : span.end]: str(span.style) for span in content.spans}
    assert styles["▎ "] == "$primary"
    assert "italic" not in styles.get("x = 1", "")


def test_a_links_number_is_as_quiet_in_bold_text_as_elsewhere() -> None:
    (span,) = painted(Line((Run("[1]", Style.NUMBER | Style.STRONG | Style.LINK, 1),))).spans
    assert str(span.style).endswith("$muted not bold not underline not italic")


@pytest.mark.parametrize(
    ("what", "told"),
    [
        ({"removed": True}, "removed by the site"),
        ({"edited": True}, "✎ edited"),
        ({"starred": True}, "★"),
        ({"score": -3}, "▲ -3"),
        ({"quiet": Quiet.MUTED}, "muted"),
        ({"quiet": Quiet.OWN}, "you"),
    ],
)
def test_a_comments_header_tells_what_became_of_it(what: dict[str, object], told: str) -> None:
    item = replace(ITEM, comment=replace(SAID, **what))
    assert told in lines.comment(item, 80, NOW, author="", folded=False).plain
    assert told not in lines.comment(ITEM, 80, NOW, author="", folded=False).plain


def test_a_gap_says_how_much_is_missing_and_which_key_fetches_it() -> None:
    gap = replace(ITEM, comment=None, missing=14)
    plain = lines.comment(gap, 80, NOW, author="", folded=False, back_fill="B").plain
    assert plain == "  ⋯ 14 comments the feed no longer shows · B fetches them"
    assert (
        "older comments may be missing"
        in lines.comment(replace(gap, missing=0), 80, NOW, author="", folded=False).plain
    )


def test_the_text_keeps_its_room_however_deep_it_stands() -> None:
    item = replace(ITEM, depth=300, guides=(True,) * 24)
    for width in (60, 80, 120):
        lead = lines.guides(item, first=False, most=lines.levels(width))
        assert width - cell_len(lead.plain) >= lines.TEXT - 4


def test_threads_can_be_drawn_in_ascii() -> None:
    item = replace(ITEM, depth=9, guides=(True, False, True), replies=2)
    for first in (True, False):
        assert lines.guides(item, first=first, most=4, ascii=True).plain.isascii()
    assert lines.comment(item, 60, NOW, author="", folded=True, ascii=True).plain.isascii()


def test_the_map_marks_what_is_new_and_where_the_cursor_is() -> None:
    made = lines.overview([("▁", False, False), ("█", True, False), ("▂", False, True)])
    assert made.plain == "▁█▂"
    assert [str(span.style) for span in made.spans] == ["$muted", "$news", "underline $primary"]
