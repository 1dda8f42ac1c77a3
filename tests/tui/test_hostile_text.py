"""No widget of ours takes a bare `str`: Textual reads markup in those, and `[/red]` in a title would end the reader.

This reads the source: whatever is handed to a place where Textual takes text must be `Content` made by us, or a
constant without brackets. What a real terminal receives is looked at in test_terminal.py.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import tui_reader.tui

SOURCES = sorted(Path(tui_reader.tui.__file__).parent.rglob("*.py"))
WIDGETS = {"Static", "Label", "Button", "Link", "Digits", "Markdown", "OptionList", "Option"}
CALLS = {"notify", "update"}
ATTRIBUTES = {"border_title", "border_subtitle", "tooltip"}


def handed_over(tree: ast.AST) -> Iterator[tuple[int, ast.expr]]:
    """Every expression that reaches a place where Textual reads markup in a `str`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args:
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            owner = node.func.value if isinstance(node.func, ast.Attribute) else None
            is_mapping = isinstance(owner, ast.Attribute | ast.Name) and _name(owner) in {
                "rows",
                "keep",
                "folded",
                "hits",
                "excerpts",
                "_scrolled",
            }
            if name in WIDGETS or (name in CALLS and not is_mapping):
                yield node.lineno, node.args[0]
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Attribute) and target.attr in ATTRIBUTES:
                    yield node.lineno, node.value


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def is_safe(value: ast.expr) -> bool:
    """`Content…` or `harmless(…)`, which is one; a constant without brackets, or None."""
    if isinstance(value, ast.Constant):
        return not isinstance(value.value, str) or "[" not in value.value
    if isinstance(value, ast.Call):
        return ast.unparse(value.func).split(".")[0] in {"Content", "harmless"}
    if isinstance(value, ast.IfExp):
        return is_safe(value.body) and is_safe(value.orelse)
    return False


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
@pytest.mark.row("C02")
def test_no_bare_text_reaches_a_widget(path: Path) -> None:
    found = [
        f"{path.name}:{line}: {ast.unparse(value)}"
        for line, value in handed_over(ast.parse(path.read_text()))
        if not is_safe(value)
    ]
    assert found == []


def test_the_check_itself_sees_what_it_should() -> None:
    bad = ast.parse("Static(entry.title)\nx.border_title = f'{a}'\nself.notify(text)\nStatic('[b]x')")
    good = ast.parse("Static(Content(entry.title))\nx.border_title = Content('a')\nStatic(id='x')")
    assert [is_safe(value) for _, value in handed_over(bad)] == [False] * 4
    assert all(is_safe(value) for _, value in handed_over(good))
