"""Criteo's audience algebra: a tree of segments joined by `and`, `or` and `not`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

Node = Mapping[str, Any]

OPERATORS = ("and", "or", "not", "audienceSegmentId")
BUILDER_LEVELS = 3


def fault_of(node: Node | None, lists: str = "filled", most_nodes: int = 0) -> str | None:
    """Say what is wrong with the shape of a tree, or `None` when nothing is.

    `lists` says what `and` and `or` may join, as the switch `algebra_lists` does; `most_nodes` is 0 for any number.
    """
    fault = _node_fault_of(node, lists)
    if fault is None and node and 0 < most_nodes < _count(node):
        return f"the algebra has more than {most_nodes} nodes"
    return fault


def _node_fault_of(node: Node | None, lists: str) -> str | None:
    """A node is exactly one of a segment, `and`, `or` and `not` (Criteo's audience API 2026-07)."""
    if node is None:
        return "the algebra is missing"
    given = [operator for operator in OPERATORS if node.get(operator) is not None]
    if len(given) != 1:
        return f"a node needs exactly one of {', '.join(OPERATORS)}"
    if given[0] in ("and", "or"):
        joined = node[given[0]]
        if not joined and lists != "any":
            return f"'{given[0]}' is empty"
        if lists == "distinct" and any(node in joined[:place] for place, node in enumerate(joined)):
            return f"'{given[0]}' joins something twice"
    return next(filter(None, (_node_fault_of(child, lists) for child in children(node))), None)


def _count(node: Node) -> int:
    return 1 + sum(_count(child or {}) for child in children(node))


def children(node: Node) -> tuple[Node | None, ...]:
    """Return the nodes directly below `node`."""
    if node.get("not") is not None:
        return (node["not"],)
    return tuple(node.get("and") or node.get("or") or ())


def segments_of(node: Node) -> Iterator[str]:
    """Yield the id of every segment in a well-formed tree."""
    if node.get("audienceSegmentId") is not None:
        yield node["audienceSegmentId"]
    for child in children(node):
        yield from segments_of(child or {})


def without(node: Node, segment_id: str) -> dict[str, Any] | None:
    """Return a well-formed tree without a segment, and `None` when nothing is left of it."""
    if node.get("audienceSegmentId") is not None:
        return None if node["audienceSegmentId"] == segment_id else dict(node)
    kept = [left for child in children(node) if (left := without(child or {}, segment_id)) is not None]
    if not kept:
        return None
    if node.get("not") is not None:
        return {"not": kept[0]}
    return {("and" if node.get("and") else "or"): kept}


def builder_fault_of(node: Node, levels: int | None) -> str | None:
    """Say which rule of Criteo's audience builder a well-formed tree breaks, or `None`.

    `levels` is how many the tree may have, or `None` for as many as it likes.
    """
    if levels is not None and _levels(node) > levels:
        return f"the algebra has more than {levels} levels"
    if not _includes(node):
        return "segments are excluded but none is included"
    return _shape_fault(node)


def size(node: Node, size_of: Callable[[str], int]) -> int:
    """Estimate how many people a well-formed tree holds.

    An upper bound from the sizes of its segments: `or` adds, `and` takes the smallest, and `not`
    takes nobody away, because the overlap is not known.
    """
    if node.get("audienceSegmentId") is not None:
        return size_of(node["audienceSegmentId"])
    below = [size(child, size_of) for child in children(node) if child and "not" not in child]
    return (sum if node.get("or") else min)(below or [0])


def _levels(node: Node) -> int:
    return 1 + max((_levels(child or {}) for child in children(node)), default=0)


def _includes(node: Node) -> bool:
    if node.get("not") is not None:
        return False
    if node.get("audienceSegmentId") is not None:
        return True
    return any(_includes(child or {}) for child in children(node))


def _shape_fault(node: Node) -> str | None:
    excluded = sum(1 for child in children(node) if child and child.get("not") is not None)
    if node.get("or") and excluded:
        return "an excluded segment stands inside 'or'"
    if node.get("and") and excluded > 1:
        return "two excluded segments are joined by 'and'"
    return next(filter(None, (_shape_fault(child or {}) for child in children(node))), None)
