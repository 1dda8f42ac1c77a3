"""C: what feeds, pages, servers, lists and people can put on the screen, judged by the bytes a real terminal receives.

Everything from outside is filled with what terminals obey; then every screen is visited in a pseudo-terminal. The bytes
are taken apart as a terminal would: whatever is no text must be one of the few sequences that the screen itself writes,
to the letter.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.running import Reader
from tests.faults.report import Figures
from tests.faults.terminals import Terminal
from tests.faults.world import rss
from tests.site import Answer, Site
from tui_reader.config import Config
from tui_reader.document.html import blocks
from tui_reader.document.layout import lines
from tui_reader.library import Added, Library
from tui_reader.model import Scope

MARK = "777"
"""Stands in every payload where a terminal would read it, and nowhere in what the screen writes by itself."""

PAYLOADS = {
    "SGR": "\x1b[7771;31mred",
    "cursor": "\x1b[7771A\x1b[7771;7772Hup",
    "erase": "\x1b[7772Jgone",
    "mode": "\x1b[?7773h\x1b[?7773l",
    "region": "\x1b[7774;7775r",
    "report": "\x1b[7776n\x1b[7776c",
    "window": "\x1b[7777;7778t",
    "soft reset": "\x1b[!p\x1b[7779!p",
    "OSC 0": "\x1b]0;PWN777\x07",
    "OSC 2 with ST": "\x1b]2;PWN777\x1b\\",
    "OSC 8": "\x1b]8;;https://evil777.example/\x07link\x1b]8;;\x07",
    "OSC 9": "\x1b]9;PWN777\x07",
    "OSC 52": "\x1b]52;c;UFdONzc3\x07",
    "OSC 777": "\x1b]777;notify;PWN777;x\x07",
    "OSC 1337": "\x1b]1337;File=inline=1:UFdONzc3\x07",
    "OSC 10": "\x1b]10;?777\x07",
    "OSC without end": "\x1b]0;PWN777 never ends",
    "DCS": "\x1bPq777;#0;2;0;0;0~-\x1b\\",
    "DCS tmux": "\x1bPtmux;\x1b\x1b]52;c;UFdONzc3\x07\x1b\\",
    "APC": "\x1b_Ga=T,f=100,777;UFdO\x1b\\",
    "PM": "\x1b^PWN777\x1b\\",
    "SOS": "\x1bXPWN777\x1b\\",
    "ESC alone": "\x1bc\x1b7\x1b8\x1bD\x1bM\x1b=\x1b#8\x1b(0 777",
    "C1 CSI": "\x9b7771;31m",
    "C1 OSC": "\x9d0;PWN777\x9c",
    "C1 DCS": "\x90q777\x9c",
    "C1 APC PM SOS": "\x9f777\x9c\x9e777\x9c\x98777\x9c",
    "C0": "a\x07b\x08\x08c\x0b\x0cd\x0ee\x0ff\x05g\x00h\x7fi",
    "lines": "one\rtwo\x85three\u2028four\u2029five",
    "nested": "\x1b\x1b[\x1b]0;PWN777\x07[7771m",
    "bidi": "\u202eevil\u202c\u2066x\u2069\u200f\u061c",
    "invisible": "a\u200bb\u2060c\ufeffd\u00ade\u180ef",
    "tags": "flag\U000e0061\U000e0062\U000e007f",
    "interlinear": "a\ufff9b\ufffac\ufffb",
    "zalgo": "z" + "\u0301" * 400 + "a",
    "markup": "[/red][@click=app.quit]quit[/][link=https://evil777.example]x[/link][bold",
    "entities": "&#27;]0;PWN777&#7; &amp;#27;[7771m &#155;31m",
}
HIDDEN = re.compile(
    "[\u202a-\u202e\u2066-\u2069\u200b\u200e\u200f\u061c\u2060\ufeff\u00ad\u180e\ufff9-\ufffb\U000e0000-\U000e007f]"
)

TOKEN = re.compile(
    rb"\x1b\](?P<osc>[^\x07\x1b]*)(?:\x07|\x1b\\)"
    rb"|\x1b\[(?P<csi>[0-?]*[ -/]*[@-~])"
    rb"|\x1b(?P<string>[PX^_])"
    rb"|\x1b(?P<esc>.)"
    rb"|(?P<control>[\x00-\x06\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f])"
    rb"|(?P<c1>\xc2[\x80-\x9f])",
    re.DOTALL,
)
OWN_CSI = re.compile(
    rb"[\d;:]*m"  # colours
    rb"|\d{1,3};\d{1,3}H|H|\d*[ABCDGKJ]"  # the cursor
    rb"|\?(?:25|1000|1003|1004|1006|1015|1016|1049|2004|2026|2031|2048|7)[hl]|\?(?:2026|2048|2031)\$p"
    rb"|>\d*u|<\d*u|=\d+;?\d*u|\?u|>\d*q|c|\?996n|\d*t|\?1;\d*;\d*S|14t|16t|18t"
)
OWN_POINTER = re.compile(rb"22;(?:default|pointer|text)")
OWN_LINK = re.compile(rb"8;(?:id=[\w-]*)?;(?:(?:https?|mailto):[!-~]*)?")


def obeyed(written: bytes, copied: tuple[str, ...] = ()) -> list[bytes]:
    """Everything in these bytes that a terminal would obey and the screen did not write for itself."""
    found = []
    clips = {base64.b64encode(text.encode()) for text in copied}
    for token in TOKEN.finditer(written):
        osc, csi, esc = token["osc"], token["csi"], token["esc"]
        if osc is not None:
            own = (
                OWN_LINK.fullmatch(osc) or OWN_POINTER.fullmatch(osc) or (osc.startswith(b"52;c;") and osc[5:] in clips)
            )
            own = own and b";https://evil777" not in osc
        elif csi is not None:
            own = OWN_CSI.fullmatch(csi) and MARK.encode() not in csi
        else:
            own = esc in {b"=", b">", b"7", b"8"} if esc is not None else None
        if not own:
            found.append(token[0])
    found += [one.encode() for one in HIDDEN.findall(written.decode("utf-8", "replace"))]
    return found


def test_the_judge_sees_every_payload() -> None:
    for name, payload in PAYLOADS.items():
        if name not in {"lines", "zalgo", "markup", "entities"}:
            assert obeyed(payload.encode()), name
    assert obeyed(b"\x1b[1;31mred\x1b[0m \x1b]8;id=7;https://h.example/\x1b\\x\x1b]8;;\x1b\\ \x1b[12;40H") == []


# ---------------------------------------------------------------- the library that is shown

FEED_WITH_TALK = """<rss version='2.0' xmlns:wfw='http://wellformedweb.org/CommentAPI/'><channel><title>Talk</title>
<link>{site}</link>{items}</channel></rss>"""
TALKED = """<item><title>Talk {n} {evil}</title><guid>{n}</guid><link>{site}/{n}</link>
<description>{evil}</description><wfw:commentRss>{site}/talk/{n}</wfw:commentRss></item>"""
COMMENTS = """<rss version='2.0' xmlns:dc='http://purl.org/dc/elements/1.1/'><channel><title>c {evil}</title>{items}
</channel></rss>"""
COMMENT = """<item><title>{evil}</title><guid>c{n}</guid><dc:creator>by {evil}</dc:creator><link>{site}/c{n}</link>
<description>says {evil} so</description></item>"""


def smuggled(text: str) -> str:
    """Text for XML: what may stand there as it is, what may not as references, which a lenient reader resolves."""
    bare = text.replace("&", "&amp;").replace("<", "&lt;")
    return "".join(f"&#{ord(one)};" if ord(one) < 32 or 126 < ord(one) < 160 else one for one in bare)


def everything_hostile(site: Site) -> bytes:
    """A JSON Feed with every payload in every field."""
    items = [
        {
            "id": f"{number}-{payload}",
            "url": f"https://h.example/{number}/{payload}",
            "external_url": f"https://h.example/e{number}{payload}",
            "title": f"{number} {name}: {payload} end",
            "content_html": f"<p>{name} {payload} <b>bold{payload}</b> <a href='https://h.example/{payload}'>{payload}</a>"
            f"<a href='javascript:alert({payload})'>js</a><img src='https://h.example/{payload}.png' alt='{payload}'></p>"
            f"<pre><code class='language-{payload}'>{payload}</code></pre><table><tr><th>{payload}</th></tr><tr><td>"
            f"{payload}</td></tr></table><h2>{payload}</h2><blockquote>{payload}</blockquote><dl><dt>{payload}</dt></dl>",
            "summary": payload,
            "authors": [{"name": f"author {payload}", "url": f"https://h.example/{payload}"}],
            "tags": [f"tag{payload}", payload],
            "attachments": [
                {"url": f"https://h.example/{payload}.mp3", "mime_type": f"audio/{payload}", "title": payload}
            ],
            "date_published": "2025-12-01T10:00:00Z",
        }
        for number, (name, payload) in enumerate(PAYLOADS.items())
    ]
    every = "".join(PAYLOADS.values())
    shape = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": f"Feed {every}",
        "home_page_url": f"https://h.example/{every}",
        "description": every,
        "items": items,
    }
    return json.dumps(shape).encode()


async def filled(reader: Reader, site: Site) -> None:
    """A library with all of it: entries, comments, tags, folders of a list, and feeds in every kind of trouble."""
    every = "".join(PAYLOADS.values())
    site["/feed"] = Answer(body=everything_hostile(site), type="application/feed+json")
    talks = []
    for n, payload in enumerate(PAYLOADS.values()):
        talks.append(TALKED.format(n=n, site=site.url(""), evil=smuggled(payload)))
        said = [COMMENT.format(n=k, site=site.url(""), evil=smuggled(one)) for k, one in enumerate(PAYLOADS.values())]
        site[f"/talk/{n}"] = Answer(body=COMMENTS.format(evil="", items="".join(said)).encode())
    site["/talk"] = Answer(body=FEED_WITH_TALK.format(site=site.url(""), items="".join(talks[:4])).encode())
    site["/fails"] = [
        Answer(body=rss("a")),
        Answer(
            503,
            every.encode(),
            reason=f"So {every}".replace("\r", "").replace("\n", "").encode()[:400],
            type="text/html",
        ),
    ]
    later = [0]
    library = await Library.open(reader.library, Config(), clock=lambda: 1_767_300_000 + later[0])
    try:
        for path in ("/feed", "/talk", "/fails"):
            added = await library.add(site.url(path))
            assert isinstance(added, Added), added
        listed = "".join(
            f'<outline text="{smuggled(name)} {smuggled(payload).replace(chr(34), "")}">'
            f'<outline type="rss" text="sub {smuggled(payload).replace(chr(34), "")}" xmlUrl="https://s{n}.example/f"/></outline>'
            for n, (name, payload) in enumerate(PAYLOADS.items())
        )
        with_entities = f'<opml version="2.0"><body>{listed}</body></opml>'
        await library.import_opml(with_entities.encode())
        rows = await library.first(Scope("all"), limit=1000)
        assert len(rows) >= len(PAYLOADS)
        talked = [row for row in rows if row.title.startswith("Talk")]
        assert len(talked) == 4
        for row in talked:
            await library.look(row.id)
        assert (await library.thread(talked[0].id)).items
        for payload in PAYLOADS.values():
            await library.tag([rows[0].id], f"mine{payload}")
            await library.save_smart(f"smart {payload}", "is:unread")
        later[0] = 90_000
        failing = [feed.id for feed in await library.feeds() if feed.url.endswith("/fails")]
        await library.refresh(failing, force=True)
        assert [feed for feed in await library.feeds() if feed.poll.error]
    finally:
        await library.close()


@pytest.fixture
async def hostile(tmp_path: Path) -> Reader:
    with Site() as site:
        reader = Reader(tmp_path)
        await filled(reader, site)
    return reader


def paste(text: str) -> bytes:
    return b"\x1b[200~" + text.replace("\x1b", "").encode("utf-8", "replace") + b"\x1b[201~"


SCREENS: tuple[tuple[str, bytes], ...] = (
    ("article list and feeds", b"g1"),
    *((f"feed {number}", b"j") for number in range(6)),
    ("all", b"ggg2gg"),
    ("an article with a discussion", b"j\r"),
    ("the discussion", b"c"),
    *((f"comment {number}", b"j") for number in range(8)),
    ("the last comment", b"G"),
    ("flat", b"S"),
    ("what it answers", b"P"),
    ("back", b"\x1b"),
    ("the list again", b"g2gg"),
    ("an article", b"\r"),
    *((f"article {number}", b"n") for number in range(len(PAYLOADS) + 6)),
    ("its end", b"G"),
    ("links", b"L"),
    ("back", b"\x1b"),
    ("source", b"zs"),
    ("back", b"\x1b"),
    ("help", b"?"),
    ("back", b"\x1b"),
    ("palette", b"\x10"),
    ("back", b"\x1b"),
    ("journal", b"gu"),
    ("back", b"\x1b"),
    ("tags", b"t"),
    ("back", b"\x1b"),
    ("save as", b"es"),
    ("back", b"\x1b"),
    ("trouble", b"!"),
    ("back", b"\x1b"),
    ("search", b"\\"),
    ("what is pasted there", paste("".join(PAYLOADS.values()))),
    ("its hits", b"\r"),
    ("back", b"\x1b"),
    ("filter", b"g2/"),
    ("what is pasted there", paste(PAYLOADS["OSC 0"] + "\x9b31m\u202e")),
    ("its rows", b"\r"),
    ("back", b"\x1b"),
    ("command line", b":"),
    ("what is pasted there", paste("theme " + PAYLOADS["C1 CSI"])),
    ("its answer", b"\r"),
    ("copy", b"g3yt"),
)
SIZES = ((35, 120), (50, 200), (24, 80), (15, 60))


@pytest.mark.row("C01", "C02", "C03", "C04")
@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    ("rows", "columns"), [pytest.param(*size, marks=pytest.mark.soak) if size != (35, 120) else size for size in SIZES]
)
def test_not_one_byte_of_a_payload_is_obeyed_on_any_screen(
    hostile: Reader, figures: Figures, rows: int, columns: int
) -> None:
    terminal = Terminal(hostile, columns=columns, rows=rows)
    terminal.until(lambda screen: "move" in screen)
    crooked: list[str] = []
    for name, keys in SCREENS:
        terminal.send(keys)
        terminal.settle(quiet=1)
        assert name != "the discussion" or "says" in terminal.screen, terminal.screen
        crooked += [f"{name}: {line!r}" for line in uneven(terminal)]
        assert terminal.child.isalive(), name
    for size in SIZES:
        terminal.child.setwinsize(*size)
        terminal.display.resize(*size)
        terminal.settle(quiet=1)
    for key in (b"\x1b", b"\x1b", b"Q"):
        terminal.send(key)
        terminal.settle(quiet=1)
    assert terminal.ended() == 0
    found = [one for one in obeyed(terminal.written) if not one.startswith(b"\x1b]52;c;")]
    clips = re.findall(rb"\x1b\]52;c;([^\x07]*)\x07", terminal.written)
    figures.add("payload", len(found))
    figures.add("dirty", len(terminal.dirty()))
    assert found == []
    assert clips
    assert all(base64.b64decode(clip).decode().isprintable() for clip in clips)
    assert crooked == []
    assert terminal.dirty() == []


def uneven(terminal: Terminal) -> Iterator[str]:
    """Rows whose frame is not closed at the right edge, where the screen shows panes."""
    rows = terminal.display.display[1:-1]
    framed = [row for row in rows if row[:1] in "│╭╰┃┏┗┌└"]
    if len(framed) > len(rows) * 0.8:
        yield from (row for row in framed if row.rstrip()[-1:] not in "│╮╯┃┓┛┐┘▌▐█▁▂▃▄▅▆▇▎▊▋▍▉▏ ")


@pytest.mark.row("C08")
async def test_what_has_no_title_says_something(tmp_path: Path, site: Site) -> None:
    items = (
        "<item><guid>1</guid><description>Only a body with some words.</description></item>"
        "<item><guid>2</guid><title>   </title><link>https://h.example/only-a-link</link></item>"
        "<item><guid>3</guid><enclosure url='https://h.example/show.mp3' type='audio/mpeg' length='7'/></item>"
        f"<item><guid>4</guid><title>{'word ' * 5000}</title></item>"
        "<item><guid>5</guid><title>&lt;b&gt;Bold&lt;/b&gt; &amp;amp; plain</title></item>"
        "<item><guid>6</guid></item>"
    )
    site["/feed"] = Answer(body=f"<rss version='2.0'><channel><title>T</title>{items}</channel></rss>".encode())
    library = await Library.open(tmp_path / "library.db", Config(), clock=lambda: 1_767_300_000)
    try:
        await library.add(site.url("/feed"))
        titles = [row.title for row in await library.first(Scope("all"))]
    finally:
        await library.close()
    assert len(titles) == 6
    assert all(len(title) <= 1000 for title in titles)
    assert "Bold & plain" in titles
    listed = Reader(tmp_path)("list").out
    assert listed.count("(no title)") == titles.count("")


@pytest.mark.row("C07")
async def test_nothing_in_an_article_is_fetched_or_run(tmp_path: Path, site: Site) -> None:
    here = site.url("")
    body = (
        f"<p>before</p><script src='{here}/s.js'>run()</script><style>@import '{here}/s.css'; p {{color: red}}</style>"
        f"<link rel=stylesheet href='{here}/l.css'><iframe src='{here}/frame'>inside</iframe>"
        f"<form action='{here}/form'><input value='typed'><button>send</button></form>"
        f"<svg><image href='{here}/svg.png'/><text>drawn</text></svg><object data='{here}/o'></object>"
        f"<img src='{here}/pixel.gif' width=1 height=1><video src='{here}/v.mp4' autoplay></video>"
        f"<meta http-equiv=refresh content='0;url={here}/meta'><base href='{here}/base/'><p onclick='x()'>after</p>"
    )
    item = f"<item><guid>1</guid><title>t</title><description><![CDATA[{body}]]></description></item>"
    site["/feed"] = Answer(body=f"<rss version='2.0'><channel><title>T</title>{item}</channel></rss>".encode())
    library = await Library.open(tmp_path / "library.db", Config(), clock=lambda: 1_767_300_000)
    try:
        await library.add(site.url("/feed"))
        (row,) = await library.first(Scope("all"))
        entry = await library.entry(row.id)
        text = "\n".join(line.text for line in lines(blocks(entry.html, base=entry.base), 72))
    finally:
        await library.close()
    assert [one.path for one in site.asked()] == ["/feed"]
    assert "before" in text
    assert "after" in text
    for inert in ("run()", "@import", "color: red", "x()"):
        assert inert not in text
