"""More than anybody has: a feed of 16 MB with 100,000 entries, and thousands of hosts that fail."""

from __future__ import annotations

import json
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.running import Reader, put
from tests.site import Site
from tui_reader.cli.main import TROUBLE

ENOUGH = 250
"""MB that the largest process of a run may have had at most."""


MEASURE = """
import resource, subprocess, sys
code = subprocess.call(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
print(code, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""
"""Asks from a small process: the peak of one that is forked begins with that of whoever forks it."""


def measured(reader: Reader, *words: object) -> tuple[int, float]:
    """The code that a run of the command ends with, and the peak of its largest process in MB."""
    command = [sys.executable, "-c", MEASURE, *reader.command(*words)]
    said = subprocess.run(command, capture_output=True, text=True, check=True, env=reader.environment, timeout=500)
    code, kilobytes = map(int, said.stdout.split())
    return code, kilobytes / 1024


@pytest.mark.timeout(120)
def test_a_hundred_thousand_entries_in_one_feed(reader: Reader, site: Site) -> None:
    item = "<item><guid>{n}</guid><title>Number {n}</title><description>" + "words " * 16 + "</description></item>"
    small = "<rss version='2.0'><channel><title>Flood</title></channel></rss>"
    reader("add", put(site, "/flood", small))
    items = "".join(item.format(n=n) for n in range(100_000))
    assert len(items) > 16_000_000
    put(site, "/flood", small.replace("</channel>", f"{items}</channel>"))
    code, memory = measured(reader, "refresh", "--force", "--quiet")
    assert (code, memory < ENOUGH) == (0, True), memory
    (feed,) = reader("feeds", "--json").json
    assert feed["entries"] == 10_000


@pytest.mark.timeout(600)
@pytest.mark.parametrize("count", [500, pytest.param(5_000, marks=pytest.mark.soak)])
def test_thousands_of_hosts_that_take_no_connection(reader: Reader, count: int, tmp_path: Path) -> None:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))  # bound but not listening: nothing answers there, and nobody else gets the port
        port = taken.getsockname()[1]
        urls = [f"http://127.9.{number // 250}.{number % 250 + 1}:{port}/feed" for number in range(count)]
        outlines = "".join(f'<outline type="rss" text="f" xmlUrl="{url}"/>' for url in urls)
        opml = tmp_path / "many.opml"
        opml.write_text(f'<opml version="2.0"><body>{outlines}</body></opml>')
        assert reader("import", str(opml)).code == 0
        code, memory = measured(reader, "refresh", "--quiet")
        assert (code, memory < 150) == (TROUBLE, True), memory
        assert counted(reader, "failures = 1 AND entries = 0") == count

        last = counted(reader, "1", "max(checked_at)")
        while time.time() < last + 1:
            time.sleep(0.05)
        again = subprocess.Popen(
            reader.command("refresh", "--force", "--json"),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=reader.environment,
        )
        while again.poll() is None and counted(reader, f"checked_at > {last}") < 20:
            time.sleep(0.01)
        again.send_signal(signal.SIGINT)
        said, _ = again.communicate(timeout=30)
        assert again.returncode == 130
        done = json.loads(said)["done"]
        assert 0 < done < count, "it ended long before the last one"
        assert counted(reader, f"checked_at > {last}") >= done, "and kept what it had"


def counted(reader: Reader, condition: str, what: str = "count(*)") -> int:
    """Of the feeds in the library's file."""
    with closing(sqlite3.connect(f"{reader.library.as_uri()}?mode=ro", uri=True)) as db:
        found: int = db.execute(f"SELECT {what} FROM feed WHERE {condition}").fetchone()[0]
        return found
