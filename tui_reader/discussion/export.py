"""A thread for other programs: plain text, Markdown, and mbox, which any mail reader shows as a thread. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime

from tui_reader import text, urls
from tui_reader.document.blocks import Document
from tui_reader.document.export import to_markdown, to_text
from tui_reader.document.html import blocks
from tui_reader.model import Comment, Entry, Thread, ThreadItem

DEEPEST_INDENT = 12
"""Levels that are indented; deeper replies stand at the last."""
NARROWEST = 20
_POLICY = EmailPolicy(utf8=True, linesep="\n", cte_type="8bit")
_NOT_HELD = "a comment that is not held here"


def as_text(thread: Thread, entry: Entry, now: int, width: int) -> str:
    """The thread indented by depth, at most `width` cells wide; each comment with its number."""
    made = [entry.row.title or "(no title)", _summary(thread)]
    for item in thread.items:
        indent = "  " * min(item.depth, DEEPEST_INDENT)
        made += ["", f"{indent}{_head(item, now)}"]
        if item.comment is not None:
            body = to_text(_document(item.comment), max(NARROWEST, width - len(indent) - 2)).rstrip("\n")
            made += [f"{indent}  {line}".rstrip() for line in body.split("\n")]
    return "\n".join(made) + "\n"


def as_markdown(thread: Thread, entry: Entry, now: int) -> str:
    """The thread as nested quotes, the form in which Markdown shows who answers whom."""
    made = [f"# {_escaped(entry.row.title or '(no title)')}", "", entry.row.url, "", _summary(thread)]
    for item in thread.items:
        quote = "> " * (min(item.depth, DEEPEST_INDENT) + 1)
        made.append("")
        made.append(f"{quote}**{_escaped(_head(item, now))}**")
        if item.comment is not None:
            made.append(quote.rstrip())
            made += [
                f"{quote}{line}".rstrip() for line in to_markdown(_document(item.comment)).rstrip("\n").split("\n")
            ]
    return "\n".join(made) + "\n"


def as_mbox(thread: Thread, entry: Entry) -> bytes:
    """The article and its comments as messages (RFC 4155), each answering its parent by `In-Reply-To`."""
    first = _message(f"entry-{entry.row.id}", entry.row.author, entry.row.sort_at, entry.row.title, "")
    _fill(first, blocks(entry.html, base=entry.base or entry.row.url, is_text=entry.is_text), entry.row.url)
    made = [_posted(first, entry.row.sort_at)]
    for item in thread.items:
        comment = item.comment
        if comment is not None:
            parent = f"comment-{item.parent_id}" if item.parent_id is not None else f"entry-{entry.row.id}"
            message = _message(
                f"comment-{comment.id}", comment.author, _when(comment), f"Re: {entry.row.title}", parent
            )
            _fill(message, _document(comment), comment.url)
            made.append(_posted(message, _when(comment)))
    return b"".join(made)


def _summary(thread: Thread) -> str:
    return text.plural(thread.held, "comment") + (f", {thread.new} new" if thread.new else "")


def _head(item: ThreadItem, now: int) -> str:
    comment = item.comment
    if comment is None:
        if item.missing is None:
            return _NOT_HELD
        return (
            f"{text.plural(item.missing, 'comment')} not held here" if item.missing else "older comments may be missing"
        )
    return " · ".join(
        [comment.author or "anonymous", text.clock(_when(comment), now), f"#{comment.id}", *_marks(comment)]
    )


def _marks(comment: Comment) -> Iterator[str]:
    if comment.new:
        yield "new"
    if comment.removed:
        yield "removed by the site"
    if comment.edited:
        yield "edited"


def _when(comment: Comment) -> int:
    return comment.published if comment.published is not None else comment.arrived


def _document(comment: Comment) -> Document:
    return blocks(comment.html, base=comment.base, is_text=comment.is_text)


def _escaped(line: str) -> str:
    return "".join(f"\\{one}" if one in "\\`*_[]<>#" else one for one in line)


def _message(id: str, author: str, at: int, subject: str, parent: str) -> EmailMessage:
    """`id` and `parent` name messages of this library; mail wants a domain behind them."""
    message = EmailMessage(_POLICY)
    message["From"] = f"{_quoted(author or 'anonymous')} <nobody@tui-reader.invalid>"
    message["Date"] = format_datetime(datetime.fromtimestamp(at, UTC))
    message["Subject"] = text.clean(subject, limit=300)
    message["Message-ID"] = f"<{id}@tui-reader.invalid>"
    if parent:
        message["In-Reply-To"] = message["References"] = f"<{parent}@tui-reader.invalid>"
    return message


def _quoted(name: str) -> str:
    return '"' + text.clean(name, limit=200).replace("\\", "").replace('"', "'") + '"'


def _fill(message: EmailMessage, document: Document, url: str) -> None:
    foot = f"\n{url}\n" if urls.is_web(url) else ""
    message.set_content(to_text(document, 78).rstrip("\n") + "\n" + foot)


def _posted(message: EmailMessage, at: int) -> bytes:
    """In an mbox a line that begins with "From " begins a message, so those of a body are quoted."""
    stamp = datetime.fromtimestamp(at, UTC).strftime("%a %b %d %H:%M:%S %Y")
    lines = message.as_bytes().split(b"\n")
    body = b"\n".join(b">" + line if line.lstrip(b">").startswith(b"From ") else line for line in lines)
    return b"From nobody@tui-reader.invalid " + stamp.encode() + b"\n" + body.rstrip(b"\n") + b"\n\n"
