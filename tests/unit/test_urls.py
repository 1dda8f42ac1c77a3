"""Addresses: what is joined, compared, shown, fetched and opened."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui_reader import urls
from tui_reader.errors import BadInput
from tui_reader.text import width

ODD = st.text(max_size=40) | st.lists(
    st.sampled_from(["http://", "https://", "//", "javascript:", "feed:", "@", ":", "/", "?", "#", "[", "]", "::1", "%", "%zz",
                     "example.org", "münchen.example", "xn--", "\x00", "\x1b[31m", " ", "\n", "\u202e", "-", "a", "99999", "\ud800", "．"]),
    max_size=8,
).map("".join)  # fmt: skip


@pytest.mark.parametrize(
    ("base", "link", "joined"),
    [
        ("https://a.example/b/c", "d", "https://a.example/b/d"),
        ("https://a.example/b/c", "../d?x=1#y", "https://a.example/d?x=1#y"),
        ("https://a.example/b/c", "//b.example/d", "https://b.example/d"),
        ("https://a.example/b/c", "http://b.example", "http://b.example"),
        ("https://a.example/", " /a b ", "https://a.example/a%20b"),
        ("https://a.example/", "/é", "https://a.example/%C3%A9"),
        ("https://a.example/", "/%C3%A9 é", "https://a.example/%C3%A9%20%C3%A9"),
        ("https://a.example/", "https://bücher.example/", "https://xn--bcher-kva.example/"),
        ("https://a.example/", "https://bücher.example:8443/x", "https://xn--bcher-kva.example:8443/x"),
        ("https://a.example/", "/half\ud83d", "https://a.example/half?"),
        ("https://a.example/", "", ""),
        ("https://a.example/", "http://\x08/", ""),
        ("https://a.example/", "http://a b.example/", ""),
        ("https://a.example/", "http://\u00b4/", ""),
        ("https://a.example/", "javascript:alert(1)", ""),
        ("https://a.example/", "data:text/html,x", ""),
        ("https://a.example/", "mailto:a@b.example", ""),
        ("https://a.example/", "http://[::1", ""),
        ("https://a.example/", "http://", ""),
        ("https://a.example/", "http://x:0/", ""),
        ("https://a.example/", "http://x:99999/", ""),
        ("https://a.example/", "/" + "x" * 9000, ""),
        ("", "relative", ""),
    ],
)
def test_join(base: str, link: str, joined: str) -> None:
    assert urls.join(base, link) == joined


@settings(max_examples=100)
@given(ODD, ODD)
def test_what_is_joined_can_be_fetched_or_is_nothing(base: str, link: str) -> None:
    joined = urls.join(base, link)
    assert joined == "" or (urls.is_web(joined) and joined.isascii() and joined.isprintable() and " " not in joined)


@settings(max_examples=100)
@given(ODD)
@pytest.mark.row("C03")
def test_no_address_confuses_anything(url: str) -> None:
    urls.is_web(url)
    urls.host(url).encode("ascii")
    urls.host_key(url)
    urls.canonical(url)
    assert "\x1b" not in urls.short(url, 30)
    assert width(urls.short(url, 30)) <= 30
    if urls.safe_to_open(url):
        assert not url.startswith("-")
        assert url.partition(":")[0].lower() in {"http", "https", "mailto"}


@pytest.mark.parametrize(
    "url", ["https://a.example/", "http://a.example:8080/x?y#z", "HTTPS://A.EXAMPLE", "mailto:a@b.example"]
)
@pytest.mark.row("C05")
def test_safe_to_open(url: str) -> None:
    assert urls.safe_to_open(url)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "--renderer-cmd-prefix=x",
        "-https://a.example/",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "vscode://evil",
        "data:text/html,x",
        "https://a.example/ --flag",
        "https://a.example/\n",
        "https://a.example/\x1b[31m",
        "https://",
        "http://[::1",
        "a.example",
        "%action",
    ],
)
@pytest.mark.row("C05")
def test_unsafe_to_open(url: str) -> None:
    assert not urls.safe_to_open(url)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://www.a.example/x/", "https://a.example/x"),
        ("https://a.example/x?utm_source=feed&b=1", "https://a.example/x?b=1"),
        ("https://a.example/x#comments", "https://a.example/x"),
        ("https://a.example/x\n", "https://a.example/x"),
        ("https://A.example:443/x", "http://a.example:80/x"),
        ("https://a.example", "https://a.example/"),
        ("https://a.example/?a=\ud800", "https://a.example/?a=\ud800"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/"),
        ("https://a.example/?FBCLID=1", "https://a.example/"),
    ],
)
def test_the_same_page(one: str, other: str) -> None:
    assert urls.canonical(one) == urls.canonical(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://a.example/?p=1", "https://a.example/?p=2"),
        ("https://a.example/x", "https://a.example/X"),
        ("https://a.example:8443/x", "https://a.example/x"),
        ("https://a.example/x?b=", "https://a.example/x"),
        ("https://blog.a.example/", "https://a.example/"),
    ],
)
def test_another_page(one: str, other: str) -> None:
    assert urls.canonical(one) != urls.canonical(other)


@settings(max_examples=300)
@given(st.from_regex(r"https?://(www\.)?[a-z0-9.-]{1,12}(:(80|443|8443|0))?(/[!\"$->@-~]{0,12}){0,3}", fullmatch=True))
def test_common_addresses_come_to_the_same_as_all_others(url: str) -> None:
    assert urls.canonical(url) == urls.canonical(f"{url}?"), "an empty query keeps it from the short way"


@settings(max_examples=100)
@given(ODD)
def test_canonical_of_canonical(url: str) -> None:
    once = urls.canonical(url)
    assert urls.canonical(once) == once


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://user:pw@a.example:8443/x", "a.example"),
        ("https://BÜCHER.example/", "xn--bcher-kva.example"),
        ("https://аpple.example/", "xn--pple-43d.example"),
        ("http://[::1]:80/", "::1"),
        ("mailto:a@b.example", ""),
        ("http://[::1", ""),
        ("", ""),
    ],
)
def test_host(url: str, host: str) -> None:
    assert urls.host(url) == host


@pytest.mark.parametrize("host", ["localhost", "feeds.localhost", "127.0.0.1", "127.9.9.9", "::1"])
def test_this_machine(host: str) -> None:
    assert urls.is_loopback(host)


@pytest.mark.parametrize(
    "host", ["", "localhost.example", "192.168.0.1", "0.0.0.0", "example.org", "127.0.0.1.example"]
)
def test_not_this_machine(host: str) -> None:
    assert not urls.is_loopback(host)


def test_a_host_key_is_one_for_one_server() -> None:
    assert urls.host_key("https://a.example/x") == urls.host_key("https://u:p@A.example:443/y")
    assert urls.host_key("https://a.example/") != urls.host_key("http://a.example/")
    assert urls.host_key("https://a.example/") != urls.host_key("https://a.example:8443/")


def test_without_login() -> None:
    assert urls.without_login("https://u:p%40@a.example:8443/x@y?z@") == "https://a.example:8443/x@y?z@"


@pytest.mark.parametrize(
    ("url", "cells", "shown"),
    [
        ("https://a.example/b/c?d", 40, "a.example/b/c?d"),
        ("https://user:secret@a.example/b", 40, "a.example/b"),
        ("https://аpple.example/", 40, "xn--pple-43d.example"),
        ("https://a.example/long/path", 14, "a.example/lon…"),
        ("mailto:x@y.example", 40, "mailto:x@y.example"),
    ],
)
def test_short(url: str, cells: int, shown: str) -> None:
    assert urls.short(url, cells) == shown


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("example.org", "https://example.org"),
        (" example.org/blog ", "https://example.org/blog"),
        ("<https://example.org/feed>", "https://example.org/feed"),
        ("feed://example.org/x", "https://example.org/x"),
        ("feed:https://example.org/x", "https://example.org/x"),
        ("feed:http://example.org/x", "http://example.org/x"),
        ("FEED://example.org/x", "https://example.org/x"),
        ("http://example.org", "http://example.org"),
        ("HTTP://EXAMPLE.ORG/A", "HTTP://EXAMPLE.ORG/A"),
        ("example.org:8080/x", "https://example.org:8080/x"),
        ("localhost:8000/feed", "http://localhost:8000/feed"),
        ("127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("[::1]:8000/feed", "http://[::1]:8000/feed"),
        ("bücher.example/é", "https://xn--bcher-kva.example/%C3%A9"),
        ("https://u:p@example.org/", "https://u:p@example.org/"),
        ("https://example.org/?a=1&b=%20", "https://example.org/?a=1&b=%20"),
    ],
)
def test_what_a_person_typed(typed: str, meant: str) -> None:
    assert urls.normalise_input(typed) == meant


@pytest.mark.parametrize("typed", ["", "  ", "two words", "javascript:alert(1)", "file:///etc/passwd", "mailto:a@b.example", "https://",
                                   "http://[::1", "https://x:99999/", "x" * 9000, "ftp://a.example/", "https://a b/", "\x1b[31m"])  # fmt: skip
def test_what_is_no_address_is_refused_in_plain_words(typed: str) -> None:
    with pytest.raises(BadInput) as refused:
        urls.normalise_input(typed)
    assert "\x1b" not in str(refused.value)
    assert len(str(refused.value)) < 150


@settings(max_examples=100)
@given(ODD)
def test_typing_gives_an_address_or_a_refusal(typed: str) -> None:
    try:
        meant = urls.normalise_input(typed)
    except BadInput:
        return
    assert urls.is_web(meant)
    assert meant.isascii()
    assert urls.normalise_input(meant) == meant
