"""An article outside the reader, in every form."""

from __future__ import annotations

import json

import pytest
from msgspec.structs import replace

from tui_reader.document.blocks import Block
from tui_reader.document.html import blocks
from tui_reader.document.webpage import to_html
from tui_reader.exporting import Format, export, file_name
from tui_reader.model import Enclosure, Entry, EntryRow, FullText

BODY = """<h2>Tides &amp; mud</h2><p>Twice a <em>day</em>, see <a href="/t">the table</a>.<script>alert(1)</script></p>
<ol start=3><li>three<ul><li>inner</li></ul></li><li>four</li></ol><blockquote><p>Mud &lt;is&gt; mud</p></blockquote>
<pre class="language-python">if a &lt; b:\n    pass</pre><table><tr><th>A<th>B<tr><td colspan=2>c</table>
<p><img src="/p.png" alt="a boat"><form><input name=x onfocus="x()"></form><a href="javascript:x()">bad</a></p>"""
ROW = EntryRow(
    7,
    1,
    "Harbour *News*",
    "A # title_with [marks]",
    "Ann",
    "https://h.example/7?a=1&b=2",
    0,
    None,
    read=False,
    starred=False,
)
ENTRY = Entry(
    ROW,
    "g",
    None,
    0,
    BODY,
    is_text=False,
    base="https://h.example/",
    enclosures=(Enclosure("https://h.example/a.mp3"),),
)


def test_markdown_has_a_head_that_means_itself() -> None:
    made = export(ENTRY, Format.MARKDOWN, "Nov 3")
    assert made.startswith(
        "# A # title_with \\[marks\\]\n\nHarbour \\*News\\* · Ann · Nov 3\n\n<https://h.example/7?a=1&b=2>\n\n## Tides & mud"
    )
    assert made.endswith("- <https://h.example/a.mp3>\n")


def test_text_is_as_wide_as_asked() -> None:
    made = export(ENTRY, Format.TEXT, "Nov 3", columns=40)
    assert made.startswith("A # title_with [marks]\nHarbour *News* · Ann · Nov 3\n")
    assert max(map(len, made.split("\n"))) <= 40
    assert "[1] https://h.example/t" in made
    assert made.endswith("file: https://h.example/a.mp3\n")


def test_a_web_page_is_whole_and_harmless() -> None:
    made = export(ENTRY, Format.HTML, "Nov 3")
    for harm in ("script", "javascript", "onfocus", "<input", "<form"):
        assert harm not in made
    assert '<a href="https://h.example/7?a=1&amp;b=2">A # title_with [marks]</a>' in made
    assert '<img src="https://h.example/p.png" alt="a boat">' in made


def test_a_document_comes_back_from_its_web_page() -> None:
    before = blocks(BODY, base="https://h.example/")
    after = blocks(to_html(before), base="https://h.example/")
    assert [told(block) for block in after.blocks] == [told(block) for block in before.blocks]
    assert after.links == before.links


def told(block: Block) -> tuple[object, ...]:
    words = "".join(
        run.text for run in (*block.runs, *(run for row in block.rows for cell in row for run in cell.runs))
    )
    return block.kind, words, block.level, block.language, [gutter.mark for gutter in block.gutters]


def test_json_is_what_the_command_line_prints() -> None:
    made = json.loads(export(ENTRY, Format.JSON, ""))
    assert (made["title"], made["html"], made["full_text"]) == (ROW.title, BODY, None)


@pytest.mark.parametrize(("shown", "words"), [(True, "The whole"), (False, "Twice a")])
def test_what_is_read_is_what_is_written(shown: bool, words: str) -> None:
    full = FullText("https://h.example/7", "<p>The whole article</p>", 0, shown=shown)
    assert words in export(replace(ENTRY, full=full), Format.TEXT, "")


def test_what_could_not_be_fetched_is_not_read() -> None:
    assert "Twice a" in export(replace(ENTRY, full=FullText("u", "", 0, error="gone")), Format.TEXT, "")


def test_nothing_a_terminal_obeys_gets_out() -> None:
    hostile = replace(
        ENTRY, row=replace(ROW, title="a\x1b[31mb\u202ec"), html="<p>x\x1b]52;c;aaa\x07&#27;[2J&#x9b;1m</p>"
    )
    for format in (Format.MARKDOWN, Format.TEXT, Format.HTML):
        made = export(hostile, format, "")
        assert not any(one in made for one in "\x1b\x07\x9b\u202e")


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("A / title: with <odd> marks", "A-title-with-odd-marks.md"),
        ("../../etc/passwd", "etcpasswd.md"),
        ("…", "article-7.md"),
        ("", "article-7.md"),
        ("Größe 東京", "Größe-東京.md"),
        ("x" * 300, f"{'x' * 80}.md"),
        ("-rf", "rf.md"),
    ],
)
def test_a_files_name_is_fit_for_a_file_system(title: str, name: str) -> None:
    assert file_name(replace(ENTRY, row=replace(ROW, title=title)), Format.MARKDOWN) == name
