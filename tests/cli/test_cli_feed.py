"""feed: what is set for one feed alone."""

from __future__ import annotations

from tests.cli.running import Reader, blog
from tests.site import Site


def test_it_is_set_shown_and_taken_back(full: Reader) -> None:
    assert full("feed", "A Blog").out.splitlines()[0].split()[:3] == ["interval", "as", "usual"]
    answer = full("feed", "A Blog", "--set", "interval=6h", "--set", "tags=sea, salt")
    assert (answer.code, answer.out) == (0, "interval of A Blog set\ntags of A Blog set\n")
    assert full("feed", "A Blog", "--json").json["settings"] == {"interval": "6h", "tags": "sea, salt"}
    assert full("feed", "A Blog", "--set", "interval=", "--json").json["settings"] == {"tags": "sea, salt"}
    assert full("undo").out == "taken back: interval of A Blog as usual\n"
    refused = full("feed", "A Blog", "--set", "keep=5", "--set", "password=secret")
    assert (refused.code, refused.err.count("\n")) == (2, 1)
    assert "never kept" in refused.err
    assert full("feed", "A Blog", "--json").json["settings"] == {"interval": "6h", "tags": "sea, salt"}
    assert full("feed", "A Blog", "--set", "keep").code == 2


def test_a_feed_behind_a_login(reader: Reader, site: Site) -> None:
    reader.environ["FEED_PASSWORD"] = "hush"
    url = blog(site, "/feed", "A Blog", "one")
    answer = reader("add", url, "--set", "login=ann", "--set", "password=env:FEED_PASSWORD")
    assert answer.code == 0, answer.err
    assert site.asked("/feed")[0].header("authorization") == b"Basic YW5uOmh1c2g="
