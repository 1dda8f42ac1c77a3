"""Rules act on what arrives, once, in its own transaction; what they did is taken back with one key."""

from __future__ import annotations

import random
import sqlite3

import pytest
from shelf import ALL, NOW, UNREAD, arrive, changed, id_of, indexed, listed, new, post, say, shelf, with_comments
from test_store_plans import planned, traced

from tui_reader.errors import BadInput
from tui_reader.model import Change, Enclosure, FeedUpdate, Fired, ParsedComment, PollState, Scope, ThreadUpdate
from tui_reader.rules import Rules, rule
from tui_reader.store import comments, discussions, entries, feeds, mutes, rules, search, smart, status, tidy


def ruled(*written: tuple[str, list[str]], batch: str = "run 1") -> Rules:
    return Rules(tuple(rule({"when": when, "do": do}, number) for number, (when, do) in enumerate(written, 1)), batch)


def come(db: sqlite3.Connection, feed: int, what: Rules, *posts: object) -> Change:
    updates = tuple(new(one) for one in posts)  # type: ignore[arg-type]
    return entries.save(db, FeedUpdate(feed, "", "", "", PollState(), updates), now=NOW, rules=what)


def hidden(db: sqlite3.Connection) -> list[str]:
    return listed(db, Scope("all", filter="is:hidden"))


def test_what_fits_is_marked_starred_tagged_and_hidden(db: sqlite3.Connection) -> None:
    feed = shelf(db, folder="News")
    what = ruled(
        ("rust folder:news", ["mark-read"]),
        ("title:/^b/", ["star", "tag two words"]),
        ("is:read", ["hide"]),
        ("-is:hidden", ["tag seen"]),
    )
    change = come(
        db, feed, what, post("a", html="<p>Of <b>Rust</b> 東京都</p>"), post("b"), post("c", html="<p>crust</p>")
    )
    assert change.fired == ()
    assert listed(db) == ["c", "b"]
    assert hidden(db) == ["a"]
    assert listed(db, Scope("all", filter='is:starred tag:\'two OR tag:"two words"')) == ["b"]
    assert listed(db, Scope("all", filter="tag:seen")) == ["c", "b"]
    (one,) = entries.rows(db, [id_of(db, "a")])
    assert one.read


def undo_of_rule(db: sqlite3.Connection) -> str:
    """Take back the youngest act of a rule, as the journal does; its label."""
    act = next(act for act in status.acts(db, now=NOW) if "by rule" in act.label and not act.undone)
    return status.undo_act(db, act.id, now=NOW).label


def test_one_undo_takes_back_what_a_rule_did_in_a_whole_refresh(db: sqlite3.Connection) -> None:
    first, second = shelf(db), shelf(db, feed="b.example")
    status.star(db, [0], True, now=NOW)
    what = ruled(("", ["mark-read", "tag x"]), ("title:b", ["star"]))
    for feed in (first, second):
        come(db, feed, what, post(f"a{feed}"), post(f"b{feed}"))
    assert [undo_of_rule(db) for _ in range(2)] == [
        "2 articles by rule 2 (title:b)",
        "4 articles by rule 1 (everything)",
    ]
    assert listed(db, UNREAD) == ["b2", "a2", "b1", "a1"]
    assert listed(db, Scope("all", filter="tag:x OR is:starred")) == []
    assert status.redo(db, now=NOW).label == "4 articles by rule 1 (everything)"  # type: ignore[union-attr]
    assert listed(db, UNREAD) == []
    assert len(listed(db, Scope("all", filter="tag:x"))) == 4


@pytest.mark.parametrize("batch", ["", "1"])
def test_undo_takes_back_what_the_reader_did_before_what_rules_did_since(db: sqlite3.Connection, batch: str) -> None:
    feed = shelf(db, "old")
    status.mark(db, [1], True, now=NOW - 1)
    status.star(db, [1], True, now=NOW)
    come(db, feed, ruled(("", ["star"]), batch=batch), post("new"))
    come(db, feed, ruled(("", ["star"]), batch=batch), post("newer"))
    undone = [status.undo(db, now=NOW) for _ in range(2)]
    assert [change.label for change in undone if change] == ["1 starred", "1 marked read"]
    assert listed(db, Scope("starred")) == ["newer", "new"]
    by_rule = [act for act in status.acts(db, now=NOW) if "by rule" in act.label]
    assert len(by_rule) == (1 if batch else 2)
    status.undo_act(db, by_rule[0].id, now=NOW)
    assert listed(db, Scope("starred")) == ([] if batch else ["new"])


def test_another_refresh_is_another_act_and_takes_no_redo_away(db: sqlite3.Connection) -> None:
    feed = shelf(db, "old")
    status.star(db, [1], True, now=NOW)
    status.undo(db, now=NOW)
    come(db, feed, ruled(("a", ["star"]), batch="1"), post("a1"))
    come(db, feed, ruled(("a", ["star"]), batch="2"), post("a2"))
    assert status.redo(db, now=NOW).label == "1 starred"  # type: ignore[union-attr]
    undo_of_rule(db)
    assert listed(db, Scope("starred")) == ["a1", "old"]


def test_a_rule_acts_once_on_an_entry_and_never_on_one_that_is_held(db: sqlite3.Connection) -> None:
    feed = shelf(db, "old")
    what = ruled(("", ["star", "notify"]))
    assert come(db, feed, what, post("new"), post("old")).fired == (Fired(1, (2,)),)
    status.star(db, [2], False, now=NOW)
    again = FeedUpdate(feed, "", "", "", PollState(), (changed(2, post("new", html="<p>other</p>")), new(post("new"))))
    assert entries.save(db, again, now=NOW, rules=what).fired == ()
    assert listed(db, Scope("starred")) == []


def test_a_rule_that_did_nothing_leaves_nothing_to_undo(db: sqlite3.Connection) -> None:
    feed = shelf(db)
    before = db.execute("SELECT count(*) FROM journal").fetchone()
    come(db, feed, ruled(("nothing", ["star"]), ("is:unread", ["notify"])), post("a"))
    assert db.execute("SELECT count(*) FROM journal").fetchone() == before


def test_what_is_hidden_is_in_no_list_and_no_count(db: sqlite3.Connection) -> None:
    feed = shelf(db, "seen", folder="F")
    come(db, feed, ruled(("gone", ["hide", "star"])), with_comments("gone"))
    gone = id_of(db, "gone")
    talk = discussions.of_entry(db, gone)[0]
    discussions.watch(db, talk.id, until=NOW + 9, now=NOW)
    comments.save(db, ThreadUpdate(talk.id, (say("1"),), PollState(checked_at=NOW)), now=NOW)
    discussions.visit(db, gone, now=NOW)
    comments.save(db, ThreadUpdate(talk.id, (say("2"),), PollState(checked_at=NOW)), now=NOW)
    indexed(db)
    smart.save(db, "All", "", now=NOW)
    smart.save(db, "Hidden", "is:hidden", now=NOW)
    scopes = [
        *(Scope(kind) for kind in ("all", "unread", "starred", "today", "watched", "news")),
        Scope("folder", name="F"),
        Scope("feed", feed_id=feed),
        Scope("smart", query=""),
        Scope("search", "gone"),
    ]
    for scope in scopes:
        assert "gone" not in listed(db, scope, today_from=0), scope
    assert search.search(db, "gone") == ()
    counts = entries.counts(db, today_from=0)
    assert (counts.all, counts.unread, counts.starred, counts.today) == (1, 1, 0, 1)
    assert (counts.watched, counts.watched_new, counts.news, counts.comments_new) == (0, 0, 0, 0)
    assert feeds.feed(db, feed).unread == 1
    assert [one.unread for one in smart.smart_feeds(db, today_from=0)] == [1, 1]
    assert hidden(db) == ["gone"]
    assert listed(db, Scope("unread", filter="-is:hidden")) == ["seen"]


# ---------------------------------------------------------------- one language


WORDS = ["rust", "kernel", "naïve", "東京", "タワー", "C++", "Über"]


def _posts(chance: random.Random) -> list[object]:
    def text(most: int) -> str:
        return " ".join(chance.choices(WORDS, k=chance.randint(0, most)))

    return [
        post(
            f"p{number}",
            text(2) or "-",
            f"<p>{text(6)}</p>",
            author=chance.choice(["Ann", "Bö", ""]),
            url=f"https://x.example/{chance.choice(WORDS[:2])}/{number}",
            published=NOW - chance.randint(0, 40) * 86_400,
            tags=tuple(chance.sample(WORDS, 1)),
            enclosures=(Enclosure("https://x.example/f.mp3"),) if chance.random() < 0.3 else (),
            **({"discussions": with_comments("x", 7).discussions} if chance.random() < 0.3 else {}),
        )
        for number in range(12)
    ]


def _query(chance: random.Random, deep: int = 2) -> str:
    if deep and chance.random() < 0.5:
        parts = [_query(chance, deep - 1) for _ in range(2)]
        return chance.choice(["{} {}", "({} OR {})", "-({} {})"]).format(*parts)
    word = chance.choice([*WORDS, "rus", "nai", "uber", "京", "c"])
    return chance.choice(
        [
            word,
            f'"{word} {chance.choice(WORDS)}"',
            f"-{word}",
            f"{chance.choice(['title', 'author', 'text', 'url', 'feed', 'folder', 'tag'])}:{word}",
            "title:/[rk]/",
            "text:/ta|タ/",
            "/an/",
            "author:b",
            "feed:example",
            "folder:/^n/",
            "has:comments",
            "has:enclosure",
            "comments:>3",
            "is:unread",
            "is:watched",
            "has:fulltext",
            "newer:20d",
            "older:5d",
        ]
    )


@pytest.mark.parametrize("seed", range(40))
def test_what_arrives_is_understood_exactly_as_what_is_stored(db: sqlite3.Connection, seed: int) -> None:
    chance = random.Random(seed)
    feed = shelf(db, folder="News")
    queries = [_query(chance) for _ in range(12)]
    what = ruled(*((query, ["notify"]) for query in queries))
    change = come(db, feed, what, *_posts(chance))
    fired = {one.rule: sorted(one.entries) for one in change.fired}
    indexed(db)
    for one, stored in zip(what.rules, rules.touched(db, what.rules, now=NOW), strict=True):
        assert fired.get(one.number, []) == sorted(stored), one.when
        found = entries.ids(db, Scope("all", filter=one.when), today_from=NOW, now=NOW)
        assert sorted(found) == sorted(stored), one.when


def test_a_rule_asks_only_of_what_has_arrived(db: sqlite3.Connection) -> None:
    """However much is stored, and although the great index is behind."""
    for number in range(40):
        feed = shelf(db, *map(str, range(20)), feed=f"{number}.example")
    what = ruled(
        ("word has:comments feed:example tag:x -is:watched comments:>1 new:>0 /a/ text:/b/", ["star"]),
        ("", ["hide", "tag x", "mark-read"]),
    )
    tidy.optimize(db)
    statements = traced(db, lambda: come(db, feed, what, post("a")))
    asked = [statement for statement in statements if "entry.muted" in statement]
    assert len(asked) == 2
    for statement in asked:
        plan = planned(db, statement)
        for table in ("entry", "content", "discussion", "comment", "feed", "tagging"):
            assert f"SCAN {table}\n" not in plan, (statement, plan)
        assert "entry_words" not in plan
    assert len(statements) < 45


# ---------------------------------------------------------------- comments


def _hear(db: sqlite3.Connection, entry_id: int, what: Rules, *said: ParsedComment) -> Change:
    place = discussions.of_entry(db, entry_id)[0]
    return comments.save(db, ThreadUpdate(place.id, said, PollState(checked_at=NOW)), now=NOW, rules=what)


def test_rules_about_comments_act_on_new_comments(db: sqlite3.Connection) -> None:
    feed = shelf(db)
    arrive(db, feed, new(with_comments("rust")), new(with_comments("go")))
    what = ruled(
        ("from:ann title:rust", ["mark-read"]),
        ("comment:東京 OR comment:/q$/", ["star", "notify"]),
        ("tower", ["notify"]),
        ("comment:x tower", ["notify"]),
    )
    said = [
        say("1", author="Ann", html="<p>x of the tower</p>"),
        say("2", author="Bo", html="<p>東京都 q</p>"),
        say("3", author="Bo", html="<p>no</p>"),
    ]
    assert _hear(db, 1, what, *said).fired == (Fired(2, comments=(2,)), Fired(4, comments=(1,)))
    assert [(one.read, one.starred) for one in comments.comments(db, 1)] == [
        (True, False),
        (False, True),
        (False, False),
    ]
    _hear(db, 2, what, *said)
    assert not any(one.read for one in comments.comments(db, 2))
    assert _hear(db, 1, what.of_one_run("2"), *said, say("4", author="ANN")).fired == ()
    assert [one.read for one in comments.comments(db, 1)] == [True, False, False, True]
    assert undo_of_rule(db) == "1 comment by rule 1 (from:ann title:rust)"
    indexed(db)
    assert rules.touched(db, what.rules, now=NOW) == ((7, 1), (5, 2), (), (4, 1))


def test_what_a_mute_silences_fires_nothing(db: sqlite3.Connection) -> None:
    feed = shelf(db)
    arrive(db, feed, new(with_comments("a")))
    mutes.mute_author(db, "Troll", "", expires_at=None, now=NOW)
    change = _hear(db, 1, ruled(("comment:hello", ["notify", "star"])), say("1", author="Troll", html="hello"))
    assert change.fired == ()
    assert not comments.comments(db, 1)[0].starred


def test_rules_are_undone_with_their_entries_when_storing_fails(db: sqlite3.Connection) -> None:
    feed = shelf(db)
    db.execute("CREATE TEMP TRIGGER stop BEFORE INSERT ON main.journal BEGIN SELECT raise(ABORT, 'stop'); END")
    with pytest.raises(Exception, match="stop"):
        come(db, feed, ruled(("", ["star"])), post("a"))
    db.execute("DROP TRIGGER stop")
    assert listed(db, ALL) == []
    come(db, feed, ruled(("a", ["star"])), post("a"))
    assert listed(db, Scope("starred")) == ["a"]


def test_articles_with_a_word_or_by_an_author_are_muted_until_it_ends(db: sqlite3.Connection) -> None:
    feed = shelf(db)
    arrive(
        db,
        feed,
        new(post("a", "The Cup final", author="Ann"), 1),
        new(post("b", "Cupboards", html="<p>the cup</p>"), 2),
        new(post("c", "Tea", author="Bo"), 3),
    )
    muted = mutes.mute_entries(db, word="cup", expires_at=NOW + 9, now=NOW)
    assert (muted.entries, muted.label) == (frozenset({1}), "articles with “cup” muted")
    mutes.mute_entries(db, author="Bo", expires_at=None, now=NOW)
    assert listed(db) == ["Cupboards"]
    assert feeds.feed(db, feed).unread == 1
    assert [(one.word, one.entry_author) for one in mutes.mutes(db, NOW)] == [("", "Bo"), ("cup", "")]
    change = come(
        db,
        feed,
        ruled(("", ["star", "notify"])),
        post("d", "World CUP"),
        post("e", "-", author="Bo"),
        post("f", "Cups", author="Bob"),
    )
    assert change.fired == (Fired(1, (6,)),)
    assert set(hidden(db)) == {"Tea", "The Cup final", "-", "World CUP"}
    indexed(db)
    assert undo_of_rule(db) == "1 article by rule 1 (everything)"
    assert status.undo(db, now=NOW).label == "articles by Bo muted"  # type: ignore[union-attr]
    assert set(hidden(db)) == {"The Cup final", "World CUP"}
    mutes.end(db, now=NOW + 10)
    assert hidden(db) == []
    assert feeds.feed(db, feed).unread == 6
    with pytest.raises(BadInput):
        mutes.mute_entries(db, word="++", expires_at=None, now=NOW)
    mutes.mute_entries(db, word="東京", expires_at=None, now=NOW)
    come(db, feed, ruled(), post("g", "東京都"))
    assert hidden(db) == ["東京都"]
    (one,) = mutes.mutes(db, NOW)
    mutes.lift(db, one.id, now=NOW)
    assert hidden(db) == []
