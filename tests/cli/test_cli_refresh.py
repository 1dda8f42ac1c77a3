"""refresh: for people, for cron, for scripts, and broken off."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import time

from tests.cli.running import Reader, blog, hold, put
from tests.site import Site


def test_what_is_not_due_is_not_asked_and_said(full: Reader, site: Site) -> None:
    answer = full("refresh", "--json")
    assert answer.code == 0
    assert (answer.json["asked"], answer.json["waiting"], answer.json["interrupted"]) == (0, 1, False)
    [feed] = answer.json["feeds"]
    assert (feed["outcome"], feed["feed_id"]) == ("waiting", 1)
    assert feed["message"]
    assert feed["next_at"].endswith("Z")
    assert len(site.asked()) == 1
    assert "1 not due" in full("refresh").out
    assert "was not asked" in full("refresh", "A Blog").err


def test_force_asks_conditionally(full: Reader, site: Site) -> None:
    answer = full("refresh", "--force", "--json")
    assert (answer.code, answer.json["asked"], answer.json["new"]) == (0, 1, 0)
    assert answer.json["feeds"][0]["outcome"] == "unchanged"
    assert site.asked()[-1].is_conditional


def test_new_posts_arrive(full: Reader, site: Site) -> None:
    blog(site, "/feed", "A Blog", "one", "two", "three", "four")
    answer = full("refresh", "--force")
    assert answer.code == 0
    assert answer.out.splitlines() == ["A Blog: 1 new", "1 feed asked, 1 new entry"]
    assert answer.err == ""


def test_trouble_is_one_line_and_a_code_of_its_own(full: Reader, site: Site) -> None:
    put(site, "/feed", "<h1>Down</h1>", status=503, type="text/html")
    answer = full("refresh", "--force")
    assert answer.code == 8
    assert answer.err.startswith("⚠ A Blog — ")
    assert answer.err.count("\n") == 1
    assert "3 saved articles are here" in answer.err
    put(site, "/feed", "<h1>Down</h1>", type="text/html")
    shape = full("refresh", "--force", "--json")
    assert (shape.code, shape.json["errors"]) == (8, 1)
    assert shape.json["feeds"][0]["outcome"] == "failed"
    assert len(full("list", "--json").json) == 3


def test_only_the_feeds_that_are_named(full: Reader, site: Site) -> None:
    full("add", blog(site, "/other", "Other", "four"))
    answer = full("refresh", "--force", "Other", "--json")
    assert [feed["title"] for feed in answer.json["feeds"]] == ["Other"]
    assert full("refresh", "Nobody").code == 3


def test_quiet_prints_nothing(full: Reader, site: Site) -> None:
    blog(site, "/feed", "A Blog", "one", "five")
    answer = full("refresh", "--force", "--quiet")
    assert (answer.code, answer.out, answer.err) == (0, "", "")
    assert len(full("list", "--json").json) == 4


def test_offline_says_so(full: Reader) -> None:
    answer = full("--offline", "refresh")
    assert (answer.code, answer.out) == (6, "")
    assert "--offline" in answer.err


def test_ctrl_c_keeps_what_has_arrived(full: Reader, site: Site) -> None:
    full("add", blog(site, "/slow", "Slow", "six"))
    blog(site, "/feed", "A Blog", "one", "two", "three", "four")
    hold(site, "/slow")
    process = subprocess.Popen(
        full.command("refresh", "--force", "--json"), stdout=-1, stderr=-1, env=full.environment, text=True
    )
    while len(site.asked("/slow")) < 2:
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert process.returncode == 130
    assert err == ""
    shape = json.loads(out)
    assert shape["interrupted"] is True
    assert (shape["asked"], shape["done"], shape["new"]) == (2, 1, 1)
    assert len(full("list", "--json").json) == 5


def test_a_second_refresh_is_told_who_refreshes_or_waits(full: Reader, site: Site) -> None:
    gate = hold(site, "/feed")
    first = subprocess.Popen(full.command("refresh", "--force"), stdout=-1, stderr=-1, env=full.environment)
    while len(site.asked()) < 2:
        time.sleep(0.02)
    answer = full("refresh", "--force")
    assert answer.code == 7
    assert f"process {first.pid}" in answer.err
    assert full("refresh", "--quiet").code == 0
    second = subprocess.Popen(full.command("refresh", "--wait"), stdout=-1, stderr=-1, env=full.environment)
    assert full("list", "--json").code == 0
    gate.set()
    assert first.wait(30) == 0
    assert second.wait(30) == 0
    for process in (first, second):
        process.communicate()


def test_on_a_terminal_a_line_follows_it(full: Reader, site: Site) -> None:
    ours, theirs = pty.openpty()
    process = subprocess.Popen(full.command("refresh", "--force"), stdout=-1, stderr=theirs, env=full.environment)
    os.close(theirs)
    process.communicate(timeout=30)
    told = os.read(ours, 10_000).decode()
    os.close(ours)
    assert "refreshing 0/1" in told
    assert "refreshing 1/1" in told
    assert told.endswith("\r\x1b[K")
