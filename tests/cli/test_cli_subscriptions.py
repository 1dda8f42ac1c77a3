"""add, remove, rename, move, address, feeds, import, export."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.running import Reader, blog, put
from tests.site import Site

FIELDS = {
    "id",
    "url",
    "title",
    "folder",
    "site_url",
    "entries",
    "unread",
    "comments_new",
    "checked_at",
    "next_at",
    "error",
}


def test_add_fetches_at_once_and_asks_once(reader: Reader, site: Site) -> None:
    answer = reader("add", blog(site, "/feed", "A Blog", "one", "two"), "--folder", "Blogs")
    assert (answer.code, answer.err) == (0, "")
    assert answer.out == "A Blog added as number 1: 2 entries\n"
    assert [one.path for one in site.asked()] == ["/feed"]
    [feed] = reader("feeds", "--json").json
    assert feed.keys() >= FIELDS
    assert (feed["title"], feed["folder"], feed["entries"], feed["unread"]) == ("A Blog", "Blogs", 2, 2)


def test_add_json_holds_the_feed(reader: Reader, site: Site) -> None:
    url = blog(site, "/feed", "A Blog", "one")
    answer = reader("add", url, "--title", "Mine", "--json")
    assert answer.code == 0
    assert answer.json["added"] is True
    assert (answer.json["feed"]["url"], answer.json["feed"]["title"]) == (url, "Mine")
    again = reader("add", url, "--json")
    assert (again.code, again.json["added"], again.json["feed"]["id"]) == (0, False, 1)


def test_add_of_a_page_with_one_feed_takes_it(reader: Reader, site: Site) -> None:
    url = blog(site, "/feed", "A Blog", "one")
    page = put(site, "/", "<link rel=alternate type=application/rss+xml href=/feed>", type="text/html")
    assert reader("add", page).code == 0
    assert reader("feeds", "--json").json[0]["url"] == url


def test_add_of_a_page_with_several_feeds_lists_them(reader: Reader, site: Site) -> None:
    links = "".join(f"<link rel=alternate type=application/rss+xml title={name} href=/{name}>" for name in ("a", "b"))
    page = put(site, "/", links, type="text/html")
    answer = reader("add", page)
    assert answer.code == 5
    assert [line.split() for line in answer.out.splitlines()] == [[site.url("/a"), "a"], [site.url("/b"), "b"]]
    assert "2 feeds" in answer.err
    answer = reader("add", page, "--json")
    assert answer.code == 5
    assert answer.json["feed"] is None
    assert [one["title"] for one in answer.json["candidates"]] == ["a", "b"]
    assert reader("feeds", "--json").json == []


def test_add_shows_the_servers_own_words_when_it_refuses(reader: Reader, site: Site) -> None:
    put(site, "/feed", "<h1>Closed</h1><p>The blog has moved to paper.", status=403, type="text/html")
    answer = reader("add", site.url("/feed"))
    assert answer.code == 4
    assert answer.out == ""
    assert answer.err.count("\n") == 1
    assert "403" in answer.err
    assert "The blog has moved to paper." in answer.err


def test_add_of_a_web_page_without_feeds_is_refused(reader: Reader, site: Site) -> None:
    answer = reader("add", put(site, "/", "<h1>Welcome</h1>", type="text/html"))
    assert answer.code == 4
    assert "Welcome" in answer.err
    assert reader("feeds", "--json").json == []


@pytest.mark.parametrize(
    ("address", "code"), [("ftp://example.org", 2), ("", 2), ("a b", 2), ("http://127.0.0.1:1/", 4)]
)
def test_add_of_what_cannot_be_asked(reader: Reader, address: str, code: int) -> None:
    answer = reader("add", address)
    assert answer.code == code
    assert answer.err.count("\n") == 1


def test_offline_adds_nothing(reader: Reader, site: Site) -> None:
    answer = reader("--offline", "add", blog(site, "/feed", "A Blog", "one"))
    assert answer.code == 6
    assert site.asked() == []


def test_rename_move_address_remove(full: Reader, site: Site) -> None:
    assert full("rename", "A Blog", "Bee").out == "A Blog renamed to Bee\n"
    assert full("move", "bee", "Good / Best").code == 0
    assert full("address", "1", site.url("/other")).code == 0
    [feed] = full("feeds", "--json").json
    assert (feed["title"], feed["folder"], feed["url"]) == ("Bee", "Good / Best", site.url("/other"))
    assert full("rename", "--folder", "Good", "Fine").code == 0
    assert full("feeds", "--json").json[0]["folder"] == "Fine / Best"
    assert full("rename", "1", "").code == 0
    assert full("feeds", "--json").json[0]["title"] == "A Blog"
    assert full("remove", "1").out == "A Blog removed\n"
    assert full("feeds", "--json").json == []


def test_remove_of_an_unknown_feed_removes_none(full: Reader) -> None:
    answer = full("remove", "A Blog", "Nobody")
    assert answer.code == 3
    assert "Nobody" in answer.err
    assert len(full("feeds", "--json").json) == 1


def test_feeds_for_people(full: Reader, site: Site) -> None:
    answer = full("feeds")
    assert "A Blog" in answer.out
    assert site.url("/feed") in answer.out
    assert answer.out.count("\n") == 1


def test_no_feeds_says_what_to_do(reader: Reader) -> None:
    answer = reader("feeds")
    assert (answer.code, answer.out) == (0, "")
    assert "tui-reader add" in answer.err
    assert reader("feeds", "--json").out == "[]\n"


OPML = b"""<opml version="2.0"><body><outline text="Blogs"><outline text="Inner">
<outline text="A" xmlUrl="http://a.example/feed"/></outline></outline>
<outline text="B" xmlUrl="http://b.example/feed"/><outline text="C" xmlUrl="javascript:alert(1)"/></body></opml>"""


def test_import_and_export_keep_folders(reader: Reader, tmp_path: Path) -> None:
    file = tmp_path / "subs.opml"
    file.write_bytes(OPML)
    answer = reader("import", file, "--json")
    assert answer.code == 0
    assert answer.json["added"] == ["http://a.example/feed", "http://b.example/feed"]
    assert [one["what"] for one in answer.json["skipped"]] == ["C"]
    again = reader("import", "-", stdin=OPML)
    assert again.out == "0 feeds added, 2 already there\n"
    assert "skipped C" in again.err
    copy = tmp_path / "out.opml"
    assert reader("export", copy).code == 0
    assert reader("export").out.encode().partition(b"<body>")[2] == copy.read_bytes().partition(b"<body>")[2]
    other = Reader(tmp_path / "other")
    other.folder.mkdir()
    assert other("import", copy).code == 0
    shape = [(feed["title"], feed["folder"], feed["url"]) for feed in reader("feeds", "--json").json]
    assert shape == [(feed["title"], feed["folder"], feed["url"]) for feed in other("feeds", "--json").json]
    assert ("A", "Blogs / Inner", "http://a.example/feed") in shape


@pytest.mark.parametrize("document", [b"", b"hello", b"<html><body>no</body></html>", b"\x00\xff" * 50])
def test_import_of_something_else_is_refused(reader: Reader, document: bytes) -> None:
    answer = reader("import", "-", stdin=document)
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.count("\n") == 1


def test_import_of_a_missing_file(reader: Reader, tmp_path: Path) -> None:
    answer = reader("import", tmp_path / "none.opml")
    assert answer.code == 2
    assert "no such file" in answer.err


def test_export_into_a_missing_folder_is_told(full: Reader, tmp_path: Path) -> None:
    answer = full("export", tmp_path / "none" / "x.opml")
    assert answer.code == 2
    assert answer.err.count("\n") == 1
