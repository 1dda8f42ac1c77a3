"""The rules command, and rules in a refresh from cron."""

from __future__ import annotations

from tests.cli.running import Reader, blog
from tests.site import Site

RULES = """
[[rules]]
when = "title:two"
do = ["mark-read", "tag rust", ["run", "sh", "-c", "exit 4"]]
[[rules]]
when = "from:bob"
do = ["star"]
[[rules]]
when = "is:unred"
do = ["star"]
"""
FAULT = "config.toml:9:12: rule 3: is: knows no “unred”, only unread, read, starred, watched, edited, hidden"


def test_rules_are_listed_tried_out_and_applied(full: Reader, site: Site) -> None:
    assert "no rules in" in full("rules").out
    full("thread", 2)
    full.config.write_text(RULES)
    listed = full("rules")
    assert (listed.code, listed.err.strip()) == (1, FAULT)
    assert listed.out.splitlines() == [
        "1. title:two → mark-read, tag rust, run sh -c exit 4",
        "2. from:bob → star",
    ]
    assert full("rules", "--test").out.splitlines() == [
        "1. title:two → mark-read, tag rust, run sh -c exit 4: 1 article",
        "    2 Two · A Blog",
        "2. from:bob → star: 1 comment",
        "    1 Bob: First thought.",
    ]
    assert full("rules", "--test", "--json").json == {
        "rules": [
            {
                "number": 1,
                "when": "title:two",
                "do": ["mark-read", "tag rust", "run sh -c exit 4"],
                "of_comments": False,
                "entries": [2],
            },
            {"number": 2, "when": "from:bob", "do": ["star"], "of_comments": True, "comments": [1]},
        ],
        "faults": [FAULT],
    }
    assert [one["read"] for one in full("list", "--json").json] == [False, False, False]
    blog(site, "/feed", "A Blog", "one", "two", "three", "two-more")
    done = full("refresh", "--force")
    assert done.code == 0
    assert done.err.splitlines()[-1] == "rule 1 (title:two): sh ended with 4; what arrived is stored"
    assert [one["title"] for one in full("list", "--json", "tag:rust", "is:read").json] == ["Two-More"]


def test_entries_are_marked_starred_and_tagged_by_a_query(full: Reader) -> None:
    told = full("mark", "--query", "title:/^t/", "--dry-run")
    assert told.out.splitlines() == [
        "1 Three · A Blog",
        "2 Two · A Blog",
        "2 entries; nothing was changed (--dry-run)",
    ]
    assert full("list", "--json", "is:read").json == []
    assert full("mark", "--query", "title:/^t/").out.strip() == "2 marked read"
    assert full("star", "--query", "is:read -two").out.strip() == "1 starred"
    assert full("tag", "later", "--query", "is:read").out.strip() == "2 articles tagged “later”"
    assert [one["title"] for one in full("list", "--json", "is:starred tag:later").json] == ["Three"]
    for words in (("star",), ("star", 1, "--query", "x"), ("mark", "--all", "--query", "x"), ("tag", "x")):
        assert full(*words).code == 2
    faulty = full("star", "--query", "is:striped")
    assert (faulty.code, faulty.err.splitlines()[1:]) == (2, ["is:striped", "   ^"])
