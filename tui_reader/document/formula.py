"""Formulas as one line of text: MathML's fractions, roots and scripts in characters a terminal has."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborNode

_SUBSCRIPTS = str.maketrans("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎")
_SUPERSCRIPTS = str.maketrans("0123456789+-−=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿ")
_DEEPEST = 30
"""Levels that are set; what lies deeper is its bare text."""
_WORDS = frozenset({"mi", "mn", "mo", "mtext", "ms"})
_SCRIPTS = {"msup": " ^", "msub": " _", "msubsup": " _^", "munder": " _", "mover": " ^", "munderover": " _^"}
"""Where what an element holds stands: at its base, below, above."""
_RELATIONS = frozenset("=<>≤≥≠≈≡∼≃≅→←↔⇒⇐⇔↦∈∉⊂⊆⊃⊇∝∣")
_BETWEEN = frozenset("+-−±∓×÷⋅∗∧∨∩∪")
_SUMS = frozenset("∑∏∫∮⋃⋂")
_OPENING = frozenset("([{⟨⌊⌈|")
_BRACKETS = re.compile(r"\([^()]*\)")
_SPACED = re.compile(r" ([-+−=<>→∈]) ")
_UNSEEN = dict.fromkeys((0x2061, 0x2062, 0x2063, 0x2064))
_NOT_SHOWN = frozenset({"annotation", "annotation-xml", "mphantom"})


def raised(text: str) -> str | None:
    """Text as superscript, None when it has characters that cannot be."""
    return _small(text, _SUPERSCRIPTS)


def lowered(text: str) -> str | None:
    """Text as subscript, None when it has characters that cannot be."""
    return _small(text, _SUBSCRIPTS)


def grouped(text: str) -> str:
    """Text that is one thing wherever it stands: in brackets unless it is one word or number."""
    if text.replace(".", "").replace(",", "").isalnum() or len(text) < 2 or (text[0] == "(" and _closes(text)):
        return text
    return f"({text})"


def formula(node: LexborNode, depth: int = 0) -> str:
    """What a MathML element says."""
    tag = node.tag or ""
    if depth > _DEEPEST or tag in _WORDS or node.is_text_node:
        return " ".join((node.text(deep=True) or "").translate(_UNSEEN).split())
    parts = [child for child in node.iter(include_text=True) if child.tag not in _NOT_SHOWN and not _blank(child)]
    if tag == "semantics":
        return formula(parts[0], depth + 1) if parts else ""
    if tag == "mtable":
        return f"[{'; '.join(filter(None, (formula(part, depth + 1) for part in parts)))}]"
    if tag in {"mtr", "mlabeledtr"}:
        return _cells([formula(part, depth + 1) for part in parts])
    if tag == "mfenced":
        inner = (node.attributes.get("separators") or ",").strip()[:1] + " "
        said = inner.join(formula(part, depth + 1) for part in parts)
        return f"{node.attributes.get('open') or '('}{said}{node.attributes.get('close') or ')'}"
    if tag == "mfrac" and len(parts) == 2:
        above, below = (formula(part, depth + 1) for part in parts)
        return f"{grouped(above) if ' ' in _BRACKETS.sub('', above) else above}/{grouped(below)}"
    if tag == "mroot" and len(parts) == 2:
        base, index = (formula(part, depth + 1) for part in parts)
        return f"{raised(index) or f'{grouped(index)} '}√{grouped(base)}"
    if tag in _SCRIPTS and len(parts) == len(_SCRIPTS[tag]):
        return _scripted(_SCRIPTS[tag], [formula(part, depth + 1) for part in parts])
    said = _row(parts, depth)
    return f"√{grouped(said)}" if tag == "msqrt" else said


def _cells(cells: list[str]) -> str:
    """A row of a table: a cell that begins with a relation goes on with what the one before says."""
    made = cells[0] if cells else ""
    for cell in cells[1:]:
        made += f" {cell[0]} {cell[1:].lstrip()}" if cell[:1] in _RELATIONS and cell else f", {cell}"
    return made


def _blank(node: LexborNode) -> bool:
    """Whether a node is only the space between elements, which says nothing in MathML (MathML 3 §2.1.7)."""
    return node.is_text_node and not (node.text_content or "").strip()


def _small(text: str, table: dict[int, int]) -> str | None:
    made = text.translate(table)
    return made if all(ord(one) in table.values() or one.isspace() for one in made) else None


def _closes(text: str) -> bool:
    """Whether the bracket that opens a text is the one that ends it."""
    level = 0
    for place, one in enumerate(text):
        level += (one == "(") - (one == ")")
        if level == 0:
            return place == len(text) - 1
    return False


def _scripted(places: str, parts: list[str]) -> str:
    made = grouped(parts[0])
    for place, written in zip(places[1:], parts[1:], strict=True):
        part = _SPACED.sub(r"\1", written)
        if not part:
            continue
        if len(part) == 1 and not part.isalnum() and raised(part) is None:
            made += part  # a prime, an arrow or a bar
        else:
            made += (lowered(part) if place == "_" else raised(part)) or place + grouped(part)
    return made


def _row(parts: list[LexborNode], depth: int) -> str:
    """Things side by side, with space around what relates them and between words."""
    made = before = ""
    operand = False
    """Whether what comes next has something to be joined to."""
    for part in parts:
        said = formula(part, depth + 1)
        if not said:
            continue
        if part.tag == "mo" and (said in _RELATIONS or (said in _BETWEEN and operand)):
            made = f"{made.rstrip()} {said} " if made else said
            operand, before = False, ""
            continue
        if before and not before.endswith(" ") and part.tag != "mo":
            words = before.isalpha() and said[:1].isalnum() and len(before) + len(said.split()[0]) > 2
            if words or part.tag == "mtext" or before[0] in _SUMS or _ends_in_script(before):
                made += " "
        made += said
        operand = not (part.tag == "mo" and said in _OPENING)
        before = said if operand else ""
    return made.strip()


def _ends_in_script(made: str) -> bool:
    """Whether the last word has a script written out, which what follows would seem to belong to."""
    last = made.rsplit(" ", 1)[-1]
    return "^" in last or "_" in last
