"""Discussions on the command line: what is new, what is watched, and threads for other programs."""

from __future__ import annotations

import mailbox
from pathlib import Path

from tests.cli.running import COMMENTS, FEED, POST, Reader, put
from tests.site import Site

THIRD = """<item><title>c</title><guid>c3</guid><dc:creator>Dee</dc:creator><thr:in-reply-to ref="c2"/>
<link>{site}/posts/two#c3</link><description>Late.</description></item>"""


def two(reader: Reader) -> str:
    return str(next(entry["id"] for entry in reader("list", "--json").json if entry["title"] == "Two"))


def test_a_watched_discussion_is_looked_at_by_refresh_and_its_news_is_listed(full: Reader, site: Site) -> None:
    id = two(full)
    assert full("discussions").out == ""
    assert full("watch", id).code == 0
    (watched,) = full("discussions", "--watched", "--json").json
    assert (watched["entry_id"], watched["watched"], watched["held_count"]) == (int(id), True, 0)
    assert full("refresh").code == 0
    (watched,) = full("discussions", "--watched", "--json").json
    assert watched["held_count"] == 2
    assert watched["discussions"][0]["watch_at"] > watched["discussions"][0]["checked_at"]
    assert watched["discussions"][0]["watch_why"]
    assert id in full("discussions").out
    assert full("discussions", "--new", "--json").json == []
    assert full("unwatch", id).code == 0
    assert full("discussions", "--watched", "--json").json == []


def test_what_cannot_be_watched_says_so(full: Reader) -> None:
    missing = full("watch", "999")
    assert (missing.code, missing.out) == (3, "")
    assert missing.err.count("\n") == 1


def test_thread_json_tells_where_each_comment_was_said_and_what_became_of_it(full: Reader) -> None:
    thread = full("thread", two(full), "--json").json
    (place,) = thread["discussions"]
    assert (place["kind"], place["name"], place["complete"]) == ("wordpress", "Comments", False)
    assert (thread["gap"], thread["missing_count"]) == (False, 0)
    for comment in thread["comments"]:
        assert comment["discussion_id"] == place["id"]
        assert not any(comment[name] for name in ("removed", "edited", "starred", "muted", "own"))
        assert comment["score"] is None


def test_thread_as_mail_keeps_who_answers_whom(full: Reader, tmp_path: Path) -> None:
    (tmp_path / "t.mbox").write_text(full("thread", two(full), "--format", "mbox").out)
    messages = list(mailbox.mbox(tmp_path / "t.mbox"))
    assert [message["From"].partition(" <")[0].strip('"') for message in messages] == ["Ada", "Bob", "Cy"]
    assert messages[2]["In-Reply-To"] == messages[1]["Message-ID"]
    assert messages[1]["In-Reply-To"] == messages[0]["Message-ID"]


def test_thread_as_markdown_quotes_by_depth(full: Reader) -> None:
    out = full("thread", two(full), "--format", "md").out
    assert "> First thought." in out
    assert "> > An answer with marzipan." in out


def test_what_came_later_is_new_in_the_list(full: Reader, site: Site) -> None:
    id = two(full)
    full("thread", id)
    put(
        site,
        "/posts/two/feed",
        COMMENTS.format(site=site.url("")).replace("</channel>", THIRD.format(site=site.url("")) + "</channel>"),
    )
    thread = full("thread", id, "--refresh", "--json").json
    assert [comment["author"] for comment in thread["comments"]] == ["Bob", "Cy", "Dee"]
    assert thread["comments"][2]["depth"] == 2


def test_back_fill_says_when_there_is_nothing_more(full: Reader, site: Site) -> None:
    done = full("thread", two(full), "--back-fill")
    assert (done.code, done.err) == (0, "Two: nothing is missing (2 comments)\n")
    assert "First thought." in done.out
    feed = site.url("/feed")
    blog = full("show", two(full), "--json").json
    assert blog["comments"] == 2
    body = FEED.format(
        title="A Blog", site=site.url(""), items=POST.format(title="Two", name="two", site=site.url(""), day=2, count=9)
    )
    put(site, "/feed", body)
    assert full("refresh", feed, "--force").code == 0
    assert full("thread", two(full), "--refresh", "--json").json["missing_count"] == 7
    done = full("thread", two(full), "--back-fill")
    assert done.code == 8
    assert "First thought." in done.out
    assert done.err.count("\n") == 1
