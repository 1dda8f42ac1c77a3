"""Comments out of feeds: who answers whom, exactly, strongly, likely, or not at all."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

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


@pytest.mark.parametrize("guid", ["http://blog.example/?p=123", "https://www.blog.example/?p=123"])
def test_a_comment_of_the_same_number_is_kept_whatever_its_scheme_and_host(guid: str) -> None:
    assert list(read(item(8, "Bob", "First.", guid=f"{guid}#comment-8"))) == ["#comment-8"]


def test_a_comment_of_another_post_is_kept_where_the_guids_do_not_tell() -> None:
    post = About("tag:blog.example,2026:1", POST.link)
    found = comments(ParsedFeed("rss20", entries=(item(9, "Eve", "There."),)), post)
    assert [one.key for one in found] == ["#comment-9"]


@pytest.mark.parametrize(
    "guid", [POST.guid, POST.link, "http://blog.example/?p=123", "https://blog.example/2026/01/hello", ""]
)
def test_the_post_is_known_by_its_guid_or_its_link(guid: str) -> None:
    post = ParsedEntry(key="k", guid=guid, raw_id=guid, url=POST.link, html="the post")
    assert list(read(post, item(8, "Bob", "x"))) == ["#comment-8"]


def test_a_comment_that_links_to_the_post_only_is_no_post() -> None:
    bare = ParsedEntry(key="urn:1", guid="urn:1", raw_id="urn:1", url=POST.link, html="said")
    inner = ParsedEntry(key="k", guid=f"{POST.link}#c2", raw_id=f"{POST.link}#c2", url=POST.link, html="said")
    assert list(read(bare, inner)) == ["urn:1", f"{POST.link}#c2"]


@pytest.mark.parametrize(
    "ref", [POST.guid, POST.link, "http://blog.example/2026/01/hello/", "http://blog.example/?p=123"]
)
def test_a_reference_to_the_post_under_any_of_its_names_is_top_level(ref: str) -> None:
    found = read(item(8, "Bob", "First.", ref))["#comment-8"]
    assert (found.parent_key, found.confidence) == ("", Confidence.EXACT)


def test_a_feed_in_one_other_language_is_read_by_its_own_words() -> None:
    def antwort(number: int, name: str) -> str:
        return reply(number, name, "Als Antwort auf", ".")

    found = read(
        item(12, "Eva", antwort(11, "Dora")),
        item(11, "Dora", antwort(3, "Anton")),
        item(10, "Carl", antwort(9, "Bärbel &amp; Co")),
        item(9, "Bärbel & Co", "<p>Eins.</p>"),
    )
    assert [(one.number, one.parent_key, one.confidence.value) for one in found.values()] == [
        (12, "#comment-11", "strong"),
        (11, "#comment-3", "likely"),
        (10, "#comment-9", "strong"),
        (9, "", "none"),
    ]
    assert all("Antwort" not in one.html for one in found.values())


@pytest.mark.parametrize(
    "body",
    [
        '<p>See also <a href="#comment-8">this</a></p><p>More.</p>',
        '<p>See also <a href="#comment-2">this</a></p>',
        '<p>As <a href="#comment-8">Ann</a> said.</p>',
        '<p>In reply to <a href="#comment-8">Bob</a> and <a href="#comment-7">Ann</a>.</p>',
        '<p>In reply to <em>all</em> <a href="#comment-8">Bob</a>.</p>',
        '<p>In reply to <a href="https://blog.example/#comments">Bob</a>.</p>',
        '<blockquote><p>In reply to <a href="#comment-8">Bob</a>.</p></blockquote>',
        "In reply to Bob.",
    ],
)
def test_what_only_looks_like_the_sentence_is_left_as_it_is(body: str) -> None:
    found = read(item(7, "Ann", "x"), item(8, "Bob", "y"), item(9, "Cid", body))["#comment-9"]
    assert (found.parent_key, found.confidence, found.html) == ("", Confidence.NONE, body)


def test_a_parent_that_arrives_later_has_the_key_that_its_reply_named() -> None:
    reply_first = read(item(9, "Cid", reply(2, "Ann")))["#comment-9"]
    parent = read(item(2, "Ann", "x"), held={"#comment-9": "Cid"})
    assert reply_first.parent_key in parent


def test_the_number_joins_a_guid_by_post_with_a_link_by_page() -> None:
    first = replace(item(8, "Bob", "x"), url=f"{POST.link}comment-page-2/#comment-8")
    second = item(9, "Cid", reply(8, "Bob").replace(f"{POST.link}#", f"{POST.link}comment-page-2/#"))
    third = item(10, "Dee", "z", f"{POST.link}comment-page-3/#comment-9")
    found = read(first, second, third)
    assert [one.parent_key for one in found.values()] == ["", "#comment-8", "#comment-9"]


# ---------------------------------------------------------------- quotations


LONG = "One thing is sure. The tide comes in twice a day and nobody is asked. So be it."
PART = "The tide comes in twice a day and nobody is asked."


def quoting(words: str) -> str:
    return f"\n<blockquote cite='x'><p>{words}</p></blockquote>\n<p>Yes.</p>"


def test_a_part_of_an_older_comment_is_quoted_too() -> None:
    found = read(item(8, "Bob", f"<p>{LONG}</p>"), item(9, "Cid", quoting(PART)))["#comment-9"]
    assert (found.parent_key, found.confidence, found.html) == ("#comment-8", Confidence.QUOTE, quoting(PART))


def test_what_a_comment_quotes_itself_is_not_its_own() -> None:
    found = read(item(8, "Bob", LONG), item(9, "Cid", quoting(PART)), item(10, "Dee", quoting(PART)))
    assert [one.parent_key for one in found.values()] == ["", "#comment-8", "#comment-8"]


@pytest.mark.parametrize("words", [PART[:-5], PART.replace("twice", "once"), PART[1:], "nobody is asked"])
def test_other_words_and_parts_of_words_and_few_words_are_no_quotation(words: str) -> None:
    found = read(item(8, "Bob", LONG), item(9, "Cid", quoting(words)))["#comment-9"]
    assert (found.parent_key, found.confidence) == ("", Confidence.NONE)


def test_a_later_comment_is_not_quoted_and_a_quotation_further_down_is_none() -> None:
    later = read(item(9, "Cid", quoting(PART)), item(10, "Dee", LONG))
    assert later["#comment-9"].confidence is Confidence.NONE
    below = read(item(8, "Bob", LONG), item(9, "Cid", f"<p>I say:</p>{quoting(PART)}"))
    assert below["#comment-9"].confidence is Confidence.NONE


def test_a_known_parent_is_not_overruled_by_a_quotation() -> None:
    found = read(item(7, "Ann", "x"), item(8, "Bob", LONG), item(9, "Cid", quoting(PART), f"{POST.guid}#comment-7"))
    assert (found["#comment-9"].parent_key, found["#comment-9"].confidence) == ("#comment-7", Confidence.EXACT)


def test_markup_in_a_plain_text_is_no_quotation() -> None:
    text = replace(item(9, "Cid", quoting(PART)), is_text=True)
    assert read(item(8, "Bob", LONG), text)["#comment-9"].confidence is Confidence.NONE


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "piece",
    [
        " ",
        "<p> ",
        "<a ",
        "<a href='",
        "<blockquote",
        "<blockquote>",
        "<blockquote>a",
        "In reply to <a href='#comment-1'>",
    ],
)
@pytest.mark.row("C06")
def test_a_hostile_body_is_read_in_linear_time(piece: str) -> None:
    body = piece * (400_000 // len(piece))
    assert len(read(item(8, "Bob", body), item(9, "Cid", quoting(PART)))) == 2


@pytest.mark.timeout(60)
def test_ten_thousand_quotations_of_the_same_words_are_read() -> None:
    found = read(*(item(number, "Ann", f"{quoting(PART)}{PART}") for number in range(1, 10_001)))
    assert {one.confidence for one in found.values()} == {Confidence.NONE}
