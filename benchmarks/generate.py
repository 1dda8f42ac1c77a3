"""Feeds made from a seed: the same every time, in the shapes real ones have."""

from __future__ import annotations

import random
from email.utils import formatdate

WORDS = [
    "river",
    "lamp",
    "harbour",
    "signal",
    "paper",
    "window",
    "winter",
    "engine",
    "copper",
    "garden",
    "letter",
    "market",
    "mirror",
    "timber",
    "valley",
    "kernel",
    "thread",
    "parser",
    "buffer",
    "socket",
    "editor",
    "terminal",
    "reader",
    "archive",
    "cache",
    "index",
    "column",
    "border",
    "comment",
]
NOW = 1_767_268_800


def sentence(rng: random.Random, words: int) -> str:
    """So many words, the first with a capital."""
    return " ".join(rng.choice(WORDS) for _ in range(words)).capitalize()


def body(rng: random.Random, size: int) -> str:
    """HTML of about `size` bytes: headings, paragraphs with links, lists, quotes, code."""
    made: list[str] = []
    length = 0
    while length < size:
        kind = rng.random()
        if kind < 0.1:
            part = f"<h2>{sentence(rng, 4)}</h2>"
        elif kind < 0.2:
            part = "<ul>" + "".join(f"<li>{sentence(rng, 8)}</li>" for _ in range(4)) + "</ul>"
        elif kind < 0.27:
            part = f"<blockquote><p>{sentence(rng, 20)}</p></blockquote>"
        elif kind < 0.33:
            part = f"<pre><code>{sentence(rng, 6)}\n    {sentence(rng, 6)}</code></pre>"
        else:
            link = f'<a href="https://example.org/{rng.choice(WORDS)}">{sentence(rng, 2)}</a>'
            part = f"<p>{sentence(rng, 18)} {link} <em>{sentence(rng, 3)}</em> {sentence(rng, 22)}.</p>"
        made.append(part)
        length += len(part)
    return "".join(made)


def rss(number: int, entries: int, size: int = 2600) -> bytes:
    """A WordPress-like RSS 2.0 feed."""
    rng = random.Random(number)
    home = f"https://blog{number}.example"
    items = []
    for place in range(entries):
        link = f"{home}/{place}/"
        text = body(rng, size)
        items.append(
            f"<item><title>{sentence(rng, 7)}</title><link>{link}</link><comments>{link}#comments</comments>"
            f"<dc:creator><![CDATA[{sentence(rng, 2)}]]></dc:creator><pubDate>{formatdate(NOW - place * 7200)}</pubDate>"
            f'<guid isPermaLink="false">{home}/?p={place}</guid><description><![CDATA[{sentence(rng, 30)}]]></description>'
            f"<content:encoded><![CDATA[{text}]]></content:encoded><wfw:commentRss>{link}feed/</wfw:commentRss>"
            f"<slash:comments>{rng.randrange(40)}</slash:comments></item>"
        )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:wfw="http://wellformedweb.org/CommentAPI/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:slash="http://purl.org/rss/1.0/modules/slash/">'
        f"<channel><title>{sentence(rng, 3)} {number}</title><link>{home}/</link><description>x</description>"
        + "".join(items)
        + "</channel></rss>"
    ).encode()
