"""`import --newsboat` as a user runs it."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest

from tests.cli.running import Reader, blog
from tests.newsboat_cache import cache
from tests.site import Site

CONFIG = 'bind-key ^G reload-all\nbrowser "firefox"\nmacro y set browser "mpv %u"\n'


@pytest.fixture
def newsboat(tmp_path: Path, site: Site) -> Path:
    """Newsboat's folder with one feed that the site serves, a query feed, and one article of three read, one flagged."""
    folder = tmp_path / "newsboat"
    folder.mkdir()
    url = blog(site, "/feed", "A Blog", "one", "two", "three")
    lines = (f'{url} blogs "~Mine"', '"query:New ones:unread = \\"yes\\""', "exec:/bin/true")
    (folder / "urls").write_text("\n".join(lines))
    (folder / "config").write_text(CONFIG)
    here = site.url("/posts/")
    cache(
        folder / "cache.db",
        {"guid": "one", "url": f"{here}one", "unread": 0, "feedurl": url},
        {"guid": "two", "url": f"{here}two", "flags": "s", "feedurl": url},
    )
    return folder


def test_it_comes_over_and_survives_the_first_refresh(reader: Reader, newsboat: Path) -> None:
    before = {one.name: sha256(one.read_bytes()).digest() for one in newsboat.iterdir()}
    answer = reader("import", "--newsboat", "--config-dir", str(newsboat))
    assert answer.code == 0, answer.err
    assert answer.out.startswith(
        "1 feed added, 0 already there; `tui-reader refresh` fetches what is new\n2 articles brought; 1 read and 1 flagged there\nsmart feeds made: New ones\n"
    )
    assert '[open]\nbrowser = ["firefox"]\n\n[keys]\npreset = "newsboat"\n"refresh.all" = ["ctrl+g", "R"]' in answer.out
    assert [line.split(": ")[1] for line in answer.err.splitlines()] == [
        "exec:/bin/true",
        'macro y set browser "mpv %u"',
    ]
    assert reader("refresh").code == 0
    rows = reader("list", "--json").json
    assert {row["title"]: (row["read"], row["starred"]) for row in rows} == {
        "One": (True, False),
        "Two": (False, True),
        "Three": (False, False),
    }
    assert [feed["folder"] for feed in reader("feeds", "--json").json] == ["blogs"]
    assert {one.name: sha256(one.read_bytes()).digest() for one in newsboat.iterdir()} == before
    assert not reader.config.exists()
    again = reader("import", "--config-dir", str(newsboat), "--json").json
    assert (again["added"], again["entries"], len(again["present"])) == ([], 0, 1)


def test_its_settings_are_written_to_a_new_file_only(reader: Reader, newsboat: Path, tmp_path: Path) -> None:
    written = tmp_path / "new.toml"
    answer = reader("import", "--newsboat", "--config-dir", str(newsboat), "--write-config", str(written))
    assert answer.code == 0
    assert '"refresh.all" = ["ctrl+g", "R"]' in written.read_text()
    assert "[keys]" not in answer.out
    written.write_text("mine")
    refused = reader("import", "--newsboat", "--config-dir", str(newsboat), "--write-config", str(written))
    assert (refused.code, written.read_text()) == (2, "mine")
    assert "nothing was imported" in refused.err


def test_what_is_not_there_is_told(reader: Reader, tmp_path: Path) -> None:
    answer = reader("import", "--newsboat", "--config-dir", str(tmp_path))
    assert (answer.code, answer.err.count("\n")) == (3, 1)
    for wrong in (("import",), ("import", "--newsboat", "a.opml")):
        assert reader(*wrong).code == 2
