"""The keys while everything else goes wrong: the program in a real terminal, refreshing the worst feeds there are."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.cli.running import Reader
from tests.faults.report import Figures
from tests.faults.world import rss
from tests.site import Answer, Site, document, raw
from tests.tui.test_terminal import Terminal
from tests.unit.parse.test_parse_worker import LAUGHS, QUADRATIC

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/xml\r\n\r\n"
TYPED = "the quick brown fox jumps over it"


@pytest.mark.row("H21", "H22", "X01", "X04", "X05")
@pytest.mark.timeout(180)
def test_every_key_is_answered_while_hostile_feeds_arrive(tmp_path: Path, site: Site, figures: Figures) -> None:
    reader = Reader(tmp_path)
    site["/good"] = document(rss(*(f"post {n}" for n in range(200)), title="Good"))
    assert reader("add", site.url("/good")).code == 0
    routes = {
        "silent": raw(60.0),
        "endless": Answer(script=lambda: iter([HEAD, *[b"x" * 65536] * 400])),
        "laughs": Answer(body=LAUGHS),
        "many": Answer(body=rss(*(f"many {n}" for n in range(5000)), title="Many")),
        **{name: Answer(body=body) for name, body in QUADRATIC.items()},
        **{f"plain {n}": Answer(body=rss(*(f"p{n} {m}" for m in range(20)), title=f"P{n}")) for n in range(20)},
    }
    for n, route in enumerate(routes.values()):
        site[f"/{n}"] = route
    hosts = ("127.0.0.1", "localhost", "127.0.0.2")
    outlines = "".join(f"<outline xmlUrl='{site.url(f'/{n}', host=hosts[n % 3])}'/>" for n in range(len(routes)))
    listed = tmp_path / "list.opml"
    listed.write_text(f"<opml version='2.0'><body>{outlines}</body></opml>")
    assert reader("import", listed).code == 0
    terminal = Terminal(reader, offline=False)
    try:
        terminal.until(lambda screen: "post 1" in screen)
        terminal.child.send(b"/")
        terminal.until(lambda screen: "esc" in screen)
        for n in range(1, len(TYPED) + 1):
            pressed = time.perf_counter()
            terminal.child.send(TYPED[n - 1].encode())
            terminal.until(lambda screen, typed=TYPED[:n]: typed in screen)
            figures.time((time.perf_counter() - pressed) * 1000)
            time.sleep(0.1)
        terminal.child.send(b"\x1b")
        time.sleep(0.3)
        terminal.child.send(b"Q")
        assert terminal.ended() == 0
    finally:
        terminal.child.close(force=True)
    left = terminal.written.rpartition(b"\x1b[?1049l")
    figures.add("dirty", int(not left[1]))
    figures.add("payload", terminal.written.count(b"\x1b]52") + terminal.written.count(b"owned"))
    assert left[1]
