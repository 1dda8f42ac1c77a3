"""journal, undo, redo."""

from __future__ import annotations

from tests.cli.running import Reader


def test_what_was_done_is_listed_and_taken_back(full: Reader) -> None:
    full("star", "1")
    full("mark", "1", "2")
    full("tag", "later", "3")
    acts = full("journal", "--json").json
    assert [(one["label"], one["undone"]) for one in acts] == [
        ("1 article tagged “later”", False),
        ("2 marked read", False),
        ("1 starred", False),
        ("A Blog added", False),
    ]
    assert full("undo").out == "taken back: 1 article tagged “later”\n"
    assert full("undo", str(acts[2]["id"])).out == "taken back: 1 starred\n"
    assert "taken back" in full("journal").out
    assert full("redo").out == "done again: 1 starred\n"
    assert full("undo", str(acts[2]["id"]), "--since").out == "taken back: 2 acts\n"
    assert full("list", "--starred", "--json").json == []
    assert full("undo", "99").code == 3
    assert full("undo", "--since").code == 2
    assert full("undo").out == "taken back: A Blog added\n"
    assert full("undo").out == "nothing to take back\n"
