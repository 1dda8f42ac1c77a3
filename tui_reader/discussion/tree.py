"""From a heap of comments to a thread: who answers whom, in reading order. Pure.

After JWZ's message threading, without its subject step: an unknown parent becomes a placeholder that is filled when
the comment arrives, a link that would close a loop is not made, and nothing recurses, so 3,000 levels are as easy as
three. Siblings stand oldest first, so an arrival never moves what was already there.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct, field

from tui_reader.model import Comment, Confidence, Discussion, ThreadItem

NESTING = frozenset({Confidence.EXACT, Confidence.STRONG, Confidence.LIKELY})
"""The confidences that make a reply a child; a quote or mere order is never drawn as nesting."""

GUIDES_KEPT = 24
"""How many levels of guide lines an item carries: the nearest ones, since an indent ends at a plateau."""

_Key = tuple[int, str]


class _Node(Struct):
    key: _Key
    comment: Comment | None = None
    parent: _Node | None = None
    children: list[_Node] = field(default_factory=list)
    answered: bool = False
    replies: int = 0
    news: int = 0


def _when(node: _Node) -> tuple[int, int, int]:
    """A placeholder began when its first reply did."""
    if node.comment is not None:
        return (node.key[0], _time(node.comment), node.comment.seq)
    return min(_when(child) for child in node.children)


def _time(comment: Comment) -> int:
    return comment.published if comment.published is not None else comment.arrived


def thread(comments: Iterable[Comment], discussions: Iterable[Discussion] = ()) -> tuple[ThreadItem, ...]:
    """All comments once each, in reading order, with placeholders for parents that are not held, and a row where
    comments of these discussions were missed. What is said of one discussion stays together."""
    nodes: dict[_Key, _Node] = {}
    for comment in sorted(comments, key=lambda c: c.seq):
        key = (comment.discussion_id, comment.key)
        node = nodes.setdefault(key, _Node(key))
        node.comment = comment
        if comment.parent_key and comment.confidence in NESTING:
            parent_key = (comment.discussion_id, comment.parent_key)
            parent = nodes.setdefault(parent_key, _Node(parent_key))
            if parent is not node and not (node.answered and _reaches(parent, node)):
                node.parent = parent
                parent.answered = True
    for node in nodes.values():
        if node.parent is not None:
            node.parent.children.append(node)
    roots = _without_lone_placeholders([node for node in nodes.values() if node.parent is None])
    items = _in_reading_order(roots)
    return _with_gaps(items, discussions) if discussions else items


def _reaches(node: _Node | None, target: _Node) -> bool:
    while node is not None:
        if node is target:
            return True
        node = node.parent
    return False


def _without_lone_placeholders(roots: list[_Node]) -> list[_Node]:
    """A placeholder with a single child says nothing that its child does not: the child takes its place."""
    kept: list[_Node] = []
    for root in roots:
        if root.comment is None and len(root.children) == 1:
            child = root.children[0]
            child.parent = None
            kept.append(child)
        elif root.comment is not None or root.children:
            kept.append(root)
    return kept


def _in_reading_order(roots: list[_Node]) -> tuple[ThreadItem, ...]:
    order: list[tuple[_Node, int, tuple[bool, ...], bool]] = []
    stack: list[tuple[_Node, int, tuple[bool, ...], bool]] = []

    def push(siblings: list[_Node], depth: int, guides: tuple[bool, ...]) -> None:
        ordered = sorted(siblings, key=_when, reverse=True) if len(siblings) > 1 else siblings
        stack.extend((node, depth, guides, node is ordered[0]) for node in ordered)

    push(roots, 0, ())
    while stack:
        node, depth, guides, last = stack.pop()
        order.append((node, depth, guides, last))
        if node.children:
            inner = () if depth == 0 else (*guides, not last)[-GUIDES_KEPT:]
            push(node.children, depth + 1, inner)
    for node, *_ in reversed(order):
        if node.parent is not None:
            node.parent.replies += node.replies + (node.comment is not None)
            node.parent.news += node.news + (node.comment is not None and node.comment.new)
    return tuple(
        ThreadItem(
            comment=node.comment,
            key=node.key[1],
            depth=depth,
            parent_id=_stored_ancestor(node),
            replies=node.replies,
            new_replies=node.news,
            guides=guides,
            last=last,
            discussion_id=node.key[0],
        )
        for node, depth, guides, last in order
    )


def _with_gaps(items: tuple[ThreadItem, ...], discussions: Iterable[Discussion]) -> tuple[ThreadItem, ...]:
    """The gap of a discussion stands before the first thread that began after it."""
    places: dict[int, ThreadItem] = {}
    for one in discussions:
        own = [place for place, item in enumerate(items) if item.discussion_id == one.id]
        placeholders = sum(1 for place in own if items[place].comment is None)
        missing = max(0, one.unseen - placeholders)
        if not own or one.complete or one.gap_at is None:
            continue
        row = ThreadItem(None, "gap", 0, None, 0, 0, (), False, discussion_id=one.id, missing=missing)
        later = (place for place in own if items[place].depth == 0 and _began(items[place]) >= one.gap_at)
        places[next(later, own[-1] + 1)] = row
    made: list[ThreadItem] = []
    for place, item in enumerate(items):
        made += [places[place]] if place in places else []
        made.append(item)
    return (*made, *([places[len(items)]] if len(items) in places else []))


def _began(item: ThreadItem) -> int:
    return _time(item.comment) if item.comment is not None else 0


def _stored_ancestor(node: _Node) -> int | None:
    parent = node.parent
    return parent.comment.id if parent is not None and parent.comment is not None else None
