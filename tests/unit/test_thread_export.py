"""A thread for other programs: who answers whom survives, and nothing in a comment can break the format."""

from __future__ import annotations

import mailbox
from pathlib import Path

from markdown_it import MarkdownIt

from tests.tui.fake import NOW, world
from tui_reader.discussion.export import as_markdown, as_mbox, as_text
from tui_reader.model import Entry, Thread


async def sample() -> tuple[Thread, Entry]:
    library = world()
    return await library.thread(1), await library.entry(1)


async def test_text_is_indented_by_depth() -> None:
    thread, entry = await sample()
    lines = as_text(thread, entry, NOW, 80).splitlines()
    assert lines[0] == entry.row.title
    heads = [line for line in lines if " · #" in line]
    assert len(heads) == thread.held
    depths = [item.depth for item in thread.items if item.comment]
    assert [(len(line) - len(line.lstrip())) // 2 for line in heads] == depths


async def test_markdown_nests_as_the_thread_does() -> None:
    thread, entry = await sample()
    tokens = MarkdownIt().parse(as_markdown(thread, entry, NOW))
    depth = deepest = 0
    for token in tokens:
        depth += {"blockquote_open": 1, "blockquote_close": -1}.get(token.type, 0)
        deepest = max(deepest, depth)
    assert deepest == 1 + max(item.depth for item in thread.items)


async def test_a_mail_reader_finds_the_same_tree(tmp_path: Path) -> None:
    thread, entry = await sample()
    (tmp_path / "thread.mbox").write_bytes(as_mbox(thread, entry))
    messages = list(mailbox.mbox(tmp_path / "thread.mbox"))
    assert len(messages) == 1 + thread.held
    answers = {message["Message-ID"]: message["In-Reply-To"] for message in messages[1:]}
    for item in thread.items:
        if item.comment is not None:
            parent = f"comment-{item.parent_id}" if item.parent_id else f"entry-{entry.row.id}"
            assert answers[f"<comment-{item.comment.id}@tui-reader.invalid>"] == f"<{parent}@tui-reader.invalid>"


async def test_a_body_cannot_begin_a_message_nor_a_name_a_header(tmp_path: Path) -> None:
    library = world()
    library.comment_of(
        1, "Eve\r\nBcc: x <x@y.example>", 60, "<p>From here on</p><pre>From nobody Thu Jan  1 00:00:00 2026</pre>"
    )
    (tmp_path / "thread.mbox").write_bytes(as_mbox(await library.thread(1), await library.entry(1)))
    messages = list(mailbox.mbox(tmp_path / "thread.mbox"))
    assert len(messages) == 1 + (await library.thread(1)).held
    assert not [message for message in messages if message["Bcc"]]
