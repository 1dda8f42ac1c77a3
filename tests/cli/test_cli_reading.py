"""list, show, thread, search, mark, star."""

from __future__ import annotations

import re

import pytest

from tests.cli.running import Reader, blog, put
from tests.site import Site

ENTRY = {"id", "feed_id", "feed_title", "guid", "url", "title", "author", "published", "updated", "read", "starred"} | {
    "comments", "comments_stored", "comments_new", "comments_url"
}  # fmt: skip
COMMENT = {"id", "entry_id", "parent_id", "depth", "author", "published", "url", "html", "text", "read"}


def titles(reader: Reader, *words: object) -> list[str]:
    return [entry["title"] for entry in reader("list", "--json", *words).json]


def id_of(reader: Reader, title: str) -> int:
    return next(entry["id"] for entry in reader("list", "--json").json if entry["title"] == title)


def test_list_json_has_the_documented_fields(full: Reader, site: Site) -> None:
    entries = full("list", "--json").json
    assert [entry["title"] for entry in entries] == ["Three", "Two", "One"]
    two = entries[1]
    assert two.keys() >= ENTRY
    assert (two["feed_id"], two["feed_title"], two["guid"], two["author"]) == (1, "A Blog", "two", "Ada")
    assert two["url"] == site.url("/posts/two")
    assert two["published"] == "2025-12-02T10:00:00Z"
    assert two["updated"] is None
    assert (two["read"], two["starred"], two["comments"], two["comments_stored"]) == (False, False, 2, 0)
    assert two["comments_url"] == site.url("/posts/two#comments")


def test_list_takes_words_a_limit_and_places(full: Reader, site: Site) -> None:
    full("add", blog(site, "/other", "Other", "four"), "--folder", "F")
    assert titles(full, "--limit", 1) == ["Three"]
    assert titles(full, "tw") == ["Two"]
    assert titles(full, "blog", "one") == ["One"]
    assert titles(full, "--feed", "Other") == ["Four"]
    assert titles(full, "--folder", "F") == ["Four"]
    assert titles(full, "--starred") == []
    assert titles(full, "--today") == []
    assert titles(full, "nothing") == []
    assert titles(full, "--sort", "title") == sorted(titles(full), key=str.casefold)
    assert titles(full, "--sort", "title", "--reverse", "--limit", 2) == titles(full, "--sort", "title")[:-3:-1]
    assert full("list", "--sort", "colour").code == 2
    assert full("list", "--folder", "G").code == 3
    assert full("list", "--feed", "Nobody").code == 3


def test_list_takes_the_query_language(full: Reader) -> None:
    two = id_of(full, "Two")
    full("star", two)
    assert titles(full, "title:one OR is:starred") == ["Two", "One"]
    assert titles(full, 'text:"about two"') == ["Two"]
    assert titles(full, "comments:>0") == ["Two"]
    assert titles(full, "--unread", "--", "-title:/^t/") == ["One"]
    assert titles(full, "published:2025-12-02..") == ["Three", "Two"]
    assert titles(full, "newer:1d") == []


def test_a_faulty_query_is_told_with_a_caret_under_the_place(full: Reader) -> None:
    told = full("list", "漢字", "is:unred")
    assert told.code == 2
    assert told.out == ""
    assert told.err.splitlines() == [
        "tui-reader: is: knows no “unred”, only unread, read, starred, watched, edited, hidden",
        "漢字 is:unred",
        "        ^",
    ]


def test_list_for_people_is_one_line_an_entry(full: Reader) -> None:
    lines = full("list").out.splitlines()
    assert len(lines) == 3
    assert re.match(r"\d+ +● +\S+ .*A Blog +Three$", lines[0])


def test_marks_and_stars(full: Reader) -> None:
    two = id_of(full, "Two")
    assert full("mark", two).out == "1 marked read\n"
    assert titles(full, "--unread") == ["Three", "One"]
    assert full("star", two).code == 0
    assert titles(full, "--starred") == ["Two"]
    assert titles(full, "--starred", "--unread") == []
    assert full("mark", "--unread", two).code == 0
    assert titles(full, "--unread") == ["Three", "Two", "One"]
    assert full("star", "--remove", two).code == 0
    assert titles(full, "--starred") == []
    assert full("mark", "--all").out == "3 marked read\n"
    assert full("mark", "--feed", "A Blog").out == "nothing to change\n"
    assert full("feeds", "--json").json[0]["unread"] == 0


@pytest.mark.parametrize(
    ("words", "code"),
    [(("mark",), 2), (("mark", "1", "--all"), 2), (("mark", "1", "99"), 3), (("mark", "x"), 2), (("star", "99"), 3)],
)
def test_a_mistake_marks_nothing(full: Reader, words: tuple[str, ...], code: int) -> None:
    assert full(*words).code == code
    assert len(titles(full, "--unread")) == 3


def test_show_in_every_form(full: Reader, site: Site) -> None:
    two = id_of(full, "Two")
    text = full("show", two).out
    assert text.startswith("Two\nA Blog · Ada · ")
    assert "About two" in text
    assert site.url("/more") in text
    md = full("show", two, "--format", "md").out
    assert md.startswith("# Two\n")
    assert re.search(rf"\[two\]\(<?{site.url('/more')}>?\)", md)
    html = full("show", two, "--format", "html").out
    assert html.startswith("<!doctype html>")
    assert f'<h2>Head</h2>\n<p>About <a href="{site.url("/more")}">two</a>.</p>\n' in html
    whole = full("show", two, "--format", "json").json
    assert whole == full("show", two, "--json").json
    assert whole.keys() >= {*ENTRY, "html", "text", "tags", "enclosures"}
    assert whole["text"] == "Head\nAbout two."


def test_show_of_nothing(full: Reader) -> None:
    answer = full("show", 999)
    assert (answer.code, answer.out) == (3, "")
    assert answer.err == "tui-reader: there is no entry number 999\n"


def test_thread_fetches_what_was_never_fetched(full: Reader, site: Site) -> None:
    two = id_of(full, "Two")
    answer = full("thread", two, "--json")
    assert answer.code == 0
    thread = answer.json
    assert thread["entry_id"] == two
    first, second = thread["comments"]
    assert first.keys() >= COMMENT
    assert (first["author"], first["parent_id"], first["depth"]) == ("Bob", None, 0)
    assert (second["author"], second["parent_id"], second["depth"]) == ("Cy", first["id"], 1)
    assert first["text"] == "First thought."
    assert first["html"] == "<p>First thought.</p>"
    assert first["published"] == "2025-12-02T11:00:00Z"
    before = len(site.asked())
    assert full("thread", two, "--json").json["comments"] == thread["comments"]
    assert len(site.asked()) == before
    assert full("thread", two, "--refresh").code == 0
    assert site.asked()[-1].is_conditional


def test_thread_for_people_is_indented(full: Reader) -> None:
    out = full("thread", id_of(full, "Two")).out
    assert out.startswith("Two\n2 comments")
    assert re.search(r"^Bob · .*#\d+$", out, re.MULTILINE)
    assert re.search(r"^  Cy · .*#\d+$", out, re.MULTILINE)
    assert "\n    An answer with marzipan.\n" in out


def test_thread_offline_reads_what_is_stored(full: Reader, site: Site) -> None:
    two = id_of(full, "Two")
    assert full("thread", two, "--json", "--offline").json["comments"] == []
    full("thread", two)
    assert len(full("--offline", "thread", two, "--json").json["comments"]) == 2


def test_comments_are_marked(full: Reader) -> None:
    two = id_of(full, "Two")
    ids = [comment["id"] for comment in full("thread", two, "--json").json["comments"]]
    assert full("mark", "--comments", *ids).code == 0
    assert all(comment["read"] for comment in full("thread", two, "--json").json["comments"])


def test_search_finds_entries_and_comments(full: Reader) -> None:
    two = id_of(full, "Two")
    full("thread", two)
    [hit] = full("search", "marzip", "--json").json
    assert (hit["id"], hit["title"]) == (two, "Two")
    assert isinstance(hit["comment_id"], int)
    assert hit["snippet"] == "An answer with marzipan."
    assert {hit["title"] for hit in full("search", "about", "--json").json} == {"One", "Two", "Three"}
    assert len(full("search", "about", "--limit", 2, "--json").json) == 2
    people = full("search", "marzipan")
    assert "Two · A Blog" in people.out
    assert "marzipan" in people.out.splitlines()[1]


def test_a_ranked_search_begins_with_the_best(full: Reader) -> None:
    for word in ("one", "two", "three"):
        hits = full("search", word, "OR", "about", "--rank", "--json").json
        assert hits[0]["title"] == word.title(), "it has both words"
        assert {hit["title"] for hit in hits} == {"One", "Two", "Three"}


def test_search_of_nothing(full: Reader) -> None:
    assert full("search", "zebra", "--json").json == []
    assert full("search", "zebra").code == 0
    assert full("search", "-", "--json").json == []
    faulty = full("search", "zebra", "is:striped")
    assert (faulty.code, faulty.err.splitlines()[1:]) == (2, ["zebra is:striped", "         ^"])


HOSTILE = "\x1b]52;c;aGFja2Vk\x07\x1b[31mred\x9b2J\u202edlrow"


def test_nothing_of_a_feed_reaches_the_terminal_raw(reader: Reader, site: Site) -> None:
    body = (
        f"<?xml version='1.1'?><rss version='2.0'><channel><title>T {HOSTILE}</title><item><guid>a</guid>"
        f"<title>A {HOSTILE}</title><author>{HOSTILE}</author><description>b &amp;#27;[31m {HOSTILE}</description>"
        f"</item></channel></rss>"
    )
    url = put(site, "/feed", body)
    for words in (
        ("add", url), ("feeds",), ("list",), ("show", 1), ("show", 1, "--format", "html"), ("show", 1, "--json"),
        ("show", 1, "--format", "md"), ("thread", 1), ("search", "red"), ("search", "red", "--json"), ("export",),
        ("rename", 1, f"x{HOSTILE}"), ("list", "--folder", HOSTILE), (HOSTILE,), ("list", "--json"), ("doctor",),
    ):  # fmt: skip
        answer = reader(*words)
        said = (answer.out + answer.err).replace("\n", "")
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]", said), words


def test_tags_and_smart_feeds(full: Reader) -> None:
    two = id_of(full, "Two")
    assert full("tag", "to read", two).out == "1 article tagged “to read”\n"
    assert full("tags", "--json").json == [{"tag": "to read", "entries": 1}]
    assert [one["id"] for one in full("list", 'tag:"to read"', "--json").json] == [two]
    assert full("smart", "Later", 'tag:"to read"').out == "smart feed Later made\n"
    assert full("smart", "--json").json == [{"id": 1, "name": "Later", "query": 'tag:"to read"', "unread": 1}]
    assert full("smart", "Nope").code == 3
    assert full("smart", "Bad", "title:/(/").code == 2
    assert full("tag", "to read", two, "--remove").out == "“to read” taken off 1 article\n"
    assert full("smart", "later").out == '0  Later  tag:"to read"\n'
    assert full("smart", "later", "--remove").out == "smart feed Later removed\n"
    assert full("smart").out == ""
    assert full("tag", "x", 999).code == 3


def test_a_hidden_feed(full: Reader) -> None:
    assert full("hide", "A Blog").out == "A Blog hidden from All and Unread\n"
    assert full("list", "--json").json == []
    assert len(full("list", "--feed", "A Blog", "--json").json) == 3
    assert full("hide", "A Blog", "--off").out == "A Blog no longer hidden\n"
    assert full("full-text", "A Blog").out == "A Blog is always read in full\n"
    assert full("feeds", "--json").json[0]["full_text"] is True
