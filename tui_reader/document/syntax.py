"""The colours of code, by the language its markup names. What is not named stays plain: a guess would be worse."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from tui_reader.document.blocks import Block, Document, Kind, Run, Style

MOST = 200_000
"""Characters of code that are coloured in one document; what follows is plain."""

_MEANT: tuple[tuple[str, Style], ...] = (
    ("Comment", Style.COMMENT),
    ("Keyword", Style.KEYWORD),
    ("Name.Tag", Style.KEYWORD),
    ("Operator.Word", Style.KEYWORD),
    ("Literal.String", Style.STRING),
    ("Literal", Style.LITERAL),
    ("Name.Function", Style.NAME),
    ("Name.Class", Style.NAME),
    ("Name.Decorator", Style.NAME),
    ("Name.Builtin", Style.NAME),
    ("Name.Attribute", Style.NAME),
    ("Generic.Deleted", Style.DELETED),
    ("Generic.Inserted", Style.INSERTED),
    ("Generic.Heading", Style.STRONG),
    ("Generic.Subheading", Style.KEYWORD),
    ("Generic.Prompt", Style.COMMENT),
)


def coloured(document: Document) -> Document:
    """The same document with its code coloured. Takes long enough to be kept off the thread that draws."""
    if not any(block.language for block in document.blocks):
        return document
    left = MOST
    made: list[Block] = []
    for block in document.blocks:
        if block.kind is Kind.CODE and block.language and left > 0:
            left -= sum(len(run.text) for run in block.runs)
            block = _coloured(block) if left > 0 else block
        made.append(block)
    return replace(document, blocks=tuple(made))


def _coloured(block: Block) -> Block:
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    code = "".join(run.text for run in block.runs if not run.style & Style.NUMBER)
    try:
        lexer = get_lexer_by_name(block.language, stripnl=False, ensurenl=False)
        meant = [(text, _meaning(str(token))) for token, text in lexer.get_tokens(code)]
    except (ClassNotFound, RecursionError, ValueError, TypeError):
        return block
    if "".join(text for text, _ in meant) != code:
        return block
    return replace(block, runs=tuple(_joined(block.runs, meant)))


def _meaning(token: str) -> Style:
    name = token.removeprefix("Token.")
    return next((style for prefix, style in _MEANT if name.startswith(prefix)), Style.PLAIN)


def _joined(runs: Sequence[Run], meant: Sequence[tuple[str, Style]]) -> Iterator[Run]:
    """Both partings of one text laid over each other: the links and styles of the runs, the meanings of the lexer."""
    marks = iter(meant)
    text, style = "", Style.PLAIN
    for run in runs:
        if run.style & Style.NUMBER:
            yield run
            continue
        rest = run.text
        while rest:
            while not text:
                text, style = next(marks)
            taken, rest, text = rest[: len(text)], rest[len(text) :], text[len(rest) :]
            yield Run(taken, run.style | style, run.link)
