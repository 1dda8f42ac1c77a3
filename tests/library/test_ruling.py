"""Rules at work in a refresh: what they run, what they tell, and what is told when that fails."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.site import Site, document
from tui_reader.config import Config, Notify
from tui_reader.library import Added, Library
from tui_reader.model import Alert, Fired, Scope
from tui_reader.net.client import Fetcher
from tui_reader.refresh import follow_up as after
from tui_reader.rules import rule

ITEM = "<item><title>{0}</title><guid>{0}</guid><link>/{0}</link><description>about {0}</description></item>"


def rss(*names: str) -> bytes:
    items = "".join(ITEM.format(name) for name in names)
    return f"<rss version='2.0'><channel><title>Blog</title><link>/</link>{items}</channel></rss>".encode()


@dataclass
class Desk:
    """A library with rules, its feed, and what it told."""

    library: Library
    site: Site
    told: list[Alert]
    feed: int = 0

    async def bring(self, *names: str, path: str = "/feed") -> None:
        self.site[path] = document(rss(*names))
        if not self.feed:
            added = await self.library.add(self.site.url(path))
            assert isinstance(added, Added)
            self.feed = added.feed.id
        else:
            await self.library.refresh(force=True)


@pytest.fixture
async def desk(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Desk]:
    rules = [
        rule({"when": when.format(tmp=tmp_path), "do": [[word.format(tmp=tmp_path) for word in act] if isinstance(act, list) else act for act in do]}, number)
        for number, (when, do) in enumerate(request.param, 1)
    ]  # fmt: skip
    config = Config(rules=tuple(rules), notify=Notify(command=("sh", "-c", f'echo "$0|$1" >> {tmp_path}/told')))
    library = await Library.open(tmp_path / "library.db", config, clock=lambda: 1_767_300_000, fetching=Fetcher)
    with Site() as site:
        made = Desk(library, site, [])
        library.on_alert(made.told.append)
        yield made
        await made.library.close()


COPY = ["run", "sh", "-c", "cat > {tmp}/$$.json"]


@pytest.mark.parametrize("desk", [[("title:rust", ["star", "notify", COPY])]], indirect=True)
async def test_a_command_gets_the_entry_and_a_notice_is_told_once(desk: Desk, tmp_path: Path) -> None:
    await desk.bring("Rust", "Go")
    (file,) = tmp_path.glob("*.json")
    given = json.loads(file.read_text())
    assert (given["rule"], given["entry"]["title"], given["entry"]["starred"]) == ("title:rust", "Rust", True)
    assert given["entry"]["text"] == "about Rust"
    assert desk.told == [Alert("Rust", "Blog")]
    assert (tmp_path / "told").read_text() == "Rust|Blog\n"
    file.unlink()
    await desk.bring("Rust", "Go", "Go on")
    assert (len(desk.told), list(tmp_path.glob("*.json"))) == (1, [])
    await desk.bring("Rust", "Rust 2", "Rust 3")
    assert desk.told[1:] == [Alert("2 new articles", "rule 1 (title:rust)")]
    assert [row.title for row in await desk.library.first(Scope("starred"))] == ["Rust 2", "Rust 3", "Rust"]
    change = await desk.library.undo_act((await desk.library.journal())[0].id)
    assert change.label == "2 articles by rule 1 (title:rust)"


@pytest.mark.parametrize(
    "desk",
    [
        [
            ("a", [["run", "{tmp}/nothing-here"], "star"]),
            ("a", [["run", "sh", "-c", "echo it is late >&2; exit 3"]]),
            ("title:/[ab]/", [["run", "sh", "-c", "exec <&-; exit 1"]]),
            ("a", [["run", "sh", "-c", "yes | head -c 3000000 >&2"]]),
            ("a", [["run", "true"]]),
        ]
    ],
    indirect=True,
)
async def test_a_command_that_fails_is_one_line_and_the_rest_is_done(desk: Desk) -> None:
    await desk.bring("a", "b")
    faults = [alert.fault for alert in desk.told]
    assert faults == [
        "rule 1 (a): " + faults[0].partition(": ")[2],
        "rule 2 (a): sh ended with 3 (it is late); what arrived is stored",
        "rule 3 (title:/[ab]/): sh ended with 1 (2 times); what arrived is stored",
    ]
    assert "cannot be run (no such file or directory); what arrived is stored" in faults[0]
    assert [row.title for row in await desk.library.first(Scope("starred"))] == ["a"]


@pytest.mark.parametrize(
    "desk", [[("", [["run", "sh", "-c", "echo x >> {tmp}/runs"], ["run", "true"]])]], indirect=True
)
async def test_a_refresh_runs_only_so_many_commands(desk: Desk, tmp_path: Path) -> None:
    await desk.bring(*map(str, range(25)))
    assert [alert.fault for alert in desk.told] == [
        "rule 1 (everything) ran its command for 20 of 25; one refresh runs no more",
        "the rules ran 20 of 40 commands; one refresh runs no more",
    ]
    assert len((tmp_path / "runs").read_text().split()) == 10


@pytest.mark.parametrize(
    "desk", [[("", [["run", "sh", "-c", "sleep 60 & echo $! > {tmp}/child; wait"]])]], indirect=True
)
async def test_a_command_that_takes_too_long_is_ended_with_all_it_started(desk: Desk, tmp_path: Path) -> None:
    rules = desk.library._ports.rules.rules
    await desk.library.close()
    desk.library = await Library.open(tmp_path / "library.db", Config(), clock=lambda: 1_767_300_000, fetching=Fetcher)
    await desk.bring("a")
    work = after.follow_up(desk.library._engine, rules, [Fired(1, (1,))], command=(), seconds=0.5)
    told = await desk.library._engine.run(work)
    assert [alert.fault for alert in told] == [
        "rule 1 (everything): sh was ended after 0.5 seconds; what arrived is stored"
    ]
    child = int((tmp_path / "child").read_text())
    async with asyncio.timeout(10):
        while lives(child):
            await asyncio.sleep(0.01)


def lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{pid}/stat")
    return not (stat.exists() and stat.read_text().rpartition(")")[2].split()[0] == "Z")
