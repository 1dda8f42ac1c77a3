"""Comments out of feeds: who answers whom, exactly, strongly, likely, or not at all."""

from __future__ import annotations

from dataclasses import replace

from tui_reader.model import Confidence, ParsedComment, ParsedEntry, ParsedFeed
from tui_reader.sources.source import About
from tui_reader.sources.threading import comments

POST = About("https://blog.example/?p=123", "https://blog.example/2026/01/hello/")


def item(number: int, author: str, html: str, *refs: str, guid: str = "") -> ParsedEntry:
    written = guid or f"{POST.guid}#comment-{number}"
    return ParsedEntry(
        key=written,
        guid=written,
        raw_id=written,
        url=f"{POST.link}comment-page-1/#comment-{number}",
        author=author,
        html=html,
        in_reply_to=refs,
    )


def reply(number: int, name: str, before: str = "In reply to", after: str = ".") -> str:
    return f'<p>{before} <a href="{POST.link}#comment-{number}">{name}</a>{after}</p>\n<p>Agreed.</p>'


def read(*items: ParsedEntry, held: dict[str, str] | None = None) -> dict[str, ParsedComment]:
    found = comments(ParsedFeed("rss20", entries=items), replace(POST, held=held))
    return {comment.key: comment for comment in found}


def test_the_reply_sentence_gives_the_parent_and_is_taken_out() -> None:
    found = read(item(8, "Bob", "<p>First.</p>"), item(9, "Cid", reply(8, "Bob")))
    assert found["#comment-9"].parent_key == "#comment-8"
    assert found["#comment-9"].confidence is Confidence.STRONG
    assert found["#comment-9"].html == "<p>Agreed.</p>"
    assert found["#comment-8"].confidence is Confidence.NONE


def test_the_sentence_is_believed_in_any_language() -> None:
    found = read(item(8, "Bärbel", "<p>Eins.</p>"), item(9, "Cid", reply(8, "Bärbel", "Als Antwort auf")))
    assert found["#comment-9"].parent_key == "#comment-8"


def test_the_sentence_is_found_in_a_body_without_paragraphs() -> None:
    body = f'In reply to <a href="{POST.link}#comment-8">Bob</a>. Agreed.'
    found = read(item(8, "Bob", "First."), item(9, "Cid", body))
    assert found["#comment-9"].parent_key == "#comment-8"
    assert found["#comment-9"].html == "Agreed."


def test_an_ordinary_link_to_a_comment_is_no_parent() -> None:
    body = f'<p>See also <a href="{POST.link}#comment-8">this</a></p><p>More.</p>'
    found = read(item(8, "Bob", "First."), item(9, "Cid", body))
    assert found["#comment-9"].parent_key == ""
    assert found["#comment-9"].html == body


def test_a_comment_cannot_answer_a_later_one() -> None:
    found = read(item(8, "Bob", reply(9, "Cid")), item(9, "Cid", "<p>x</p>"))
    assert found["#comment-8"].parent_key == ""


def test_a_parent_outside_the_window_is_likely_when_its_words_are_known() -> None:
    english = read(item(9, "Cid", reply(2, "Ann")))
    assert english["#comment-9"].parent_key == "#comment-2"
    assert english["#comment-9"].confidence is Confidence.LIKELY
    unknown = read(item(9, "Cid", reply(2, "Ann", "Siehe")))
    assert unknown["#comment-9"].parent_key == ""
    learnt = read(
        item(7, "Bob", "<p>x</p>"),
        item(8, "Cid", reply(7, "Bob", "Als Antwort auf")),
        item(9, "Dee", reply(2, "Ann", "Als Antwort auf")),
    )
    assert learnt["#comment-9"].confidence is Confidence.LIKELY


def test_authors_held_from_before_verify_a_parent() -> None:
    found = read(item(9, "Cid", reply(2, "Ann", "Svar på")), held={"#comment-2": "Ann"})
    assert found["#comment-9"].confidence is Confidence.STRONG


def test_references_are_exact_and_a_reference_to_the_post_is_top_level() -> None:
    found = read(
        item(8, "Bob", "<p>First.</p>", POST.guid),
        item(9, "Cid", reply(8, "Bob"), f"{POST.guid}#comment-8"),
    )
    assert (found["#comment-8"].parent_key, found["#comment-8"].confidence) == ("", Confidence.EXACT)
    assert (found["#comment-9"].parent_key, found["#comment-9"].confidence) == (
        "#comment-8",
        Confidence.EXACT,
    )
    assert found["#comment-9"].html == "<p>Agreed.</p>"


def test_of_several_references_the_known_comment_counts() -> None:
    a = ParsedEntry(key="a", raw_id="urn:a", guid="urn:a")
    b = ParsedEntry(key="b", raw_id="urn:b", guid="urn:b", in_reply_to=("urn:a", "urn:elsewhere"))
    assert read(a, b)["urn:b"].parent_key == "urn:a"


def test_the_post_listed_as_its_own_first_comment_is_left_out() -> None:
    post = ParsedEntry(key=POST.guid, guid=POST.guid, raw_id=POST.guid, url=POST.link, html="the post")
    assert list(read(post, item(8, "Bob", "x"))) == ["#comment-8"]


def test_a_reply_to_itself_is_top_level() -> None:
    alone = ParsedEntry(key="a", raw_id="urn:a", guid="urn:a", in_reply_to=("urn:a",))
    assert read(alone)["urn:a"].parent_key == ""


def test_a_comment_listed_twice_is_one() -> None:
    assert len(read(item(8, "Bob", "x"), item(8, "Bob", "x"))) == 1


def test_opaque_ids_with_numbered_links_are_joined() -> None:
    first = ParsedEntry(key="c1", raw_id="c1", guid="c1", url=f"{POST.link}#comment-1", author="Ann")
    second = ParsedEntry(key="c2", raw_id="c2", guid="c2", url=f"{POST.link}#comment-2", in_reply_to=("c1",))
    assert read(first, second)["#comment-2"].parent_key == "#comment-1"


def test_a_quotation_of_exactly_one_older_comment_is_told_but_is_no_reply() -> None:
    quoting = "<blockquote><p>Words that were <b>said</b> before.</p></blockquote><p>Yes.</p>"
    found = read(
        item(7, "Ann", "<p>Other.</p>"), item(8, "Bob", "<p>Words that were said before.</p>"), item(9, "Cid", quoting)
    )
    assert (found["#comment-9"].parent_key, found["#comment-9"].confidence) == ("#comment-8", Confidence.QUOTE)
    assert found["#comment-9"].html == quoting


def test_a_quotation_of_two_or_none_or_of_a_word_tells_nothing() -> None:
    quoting = "<blockquote>Words that were said before.</blockquote>Yes."
    twice = read(
        item(7, "Ann", "Words that were said before."),
        item(8, "Bob", "Words that were said before."),
        item(9, "Cid", quoting),
    )
    assert twice["#comment-9"].confidence is Confidence.NONE
    assert read(item(8, "Bob", "Other."), item(9, "Cid", quoting))["#comment-9"].confidence is Confidence.NONE
    short = read(item(8, "Bob", "Yes"), item(9, "Cid", "<blockquote>Yes</blockquote>Indeed."))
    assert short["#comment-9"].confidence is Confidence.NONE


def test_a_comment_of_another_post_is_left_out_where_the_guids_tell() -> None:
    found = read(item(8, "Bob", "First."), item(9, "Eve", "There.", guid="https://blog.example/?p=124#comment-9"))
    assert list(found) == ["#comment-8"]
