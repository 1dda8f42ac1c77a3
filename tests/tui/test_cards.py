"""Sheets about one comment: what an edit changed, what its author said, how it is quoted, what is muted."""

from __future__ import annotations

from msgspec.structs import replace

from tests.tui.fake import NOW, world
from tui_reader.model import Comment, CommentEdit, Mute
from tui_reader.tui import cards


async def sample() -> Comment:
    items = (await world().thread(1)).items
    return next(item.comment for item in items if item.comment is not None)


def test_a_difference_keeps_every_word_of_both_versions() -> None:
    before, after = ["the", "old", "word", "stays", "here"], ["the", "new", "word", "stays", "there", "now"]
    made = cards.difference(before, after)
    assert [word for word, style in made if "strike" not in style] == after
    assert [word for word, style in made if "underline" not in style] == before
    assert ("word", "") in made


def test_an_unchanged_text_has_no_difference() -> None:
    assert {style for _, style in cards.difference(["a", "b"], ["a", "b"])} == {""}


async def test_changes_show_every_version_within_the_width() -> None:
    comment = replace(await sample(), html="<p>third words here</p>", edited=True)
    edits = (CommentEdit(NOW - 60, "<p>first words</p>", False), CommentEdit(NOW, "second words", True))
    lines = [line.content.plain for line in cards._changes(comment, edits, NOW, None, 30)]
    assert max(map(len, lines)) <= 30
    shown = " ".join(lines)
    for word in ("first", "second", "third", "here"):
        assert word in shown


async def test_a_quotation_names_who_and_where() -> None:
    comment = replace(
        await sample(), author="Ann", html="<p>One <b>two</b></p><p>three</p>", url="https://blog.example/#comment-1"
    )
    assert cards.quoted(comment).split("\n") == [
        "Ann:", "> One two", ">", "> three", "https://blog.example/#comment-1",
    ]  # fmt: skip


async def test_a_body_cannot_reach_the_terminal_through_a_quotation() -> None:
    comment = replace(await sample(), html="a\x1b]52;c;AAAA\x07b", is_text=True)
    assert "\x1b" not in cards.quoted(comment)


def test_a_mute_says_what_it_silences_and_until_when() -> None:
    here = Mute(1, author="Eve", host="blog.example", made_at=NOW, expires_at=NOW + 86_400)
    name, until = cards.mute(here, NOW, None)
    assert name == "Eve on blog.example"
    assert until.startswith("until ")
    assert cards.mute(replace(here, host="", expires_at=None), NOW, None) == ("Eve everywhere", "for good")
    thread = Mute(2, entry_title="Hello", made_at=NOW)
    assert "Hello" in cards.mute(thread, NOW, None)[0]
