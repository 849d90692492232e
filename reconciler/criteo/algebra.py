"""Criteo's audience algebra ↔ any of `include`, none of `exclude`.

A node is exactly one of a segment, `and`, `or` and `not` (Criteo's audience API 2026-07).
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from typing import Any

from reconciler.model.remote import Targeting

_Literal = tuple[str, bool]
"""A segment id, and whether people in it are meant (True) or people outside of it."""

_Clause = frozenset[_Literal]
"""Literals of which at least one holds; a tree that we understand is a conjunction of these."""


class _NotOursError(Exception):
    """The tree has a shape that we never write."""


def encode(targeting: Targeting) -> dict[str, Any]:
    """The canonical tree: `and[ or[includes], not a, not b ]`, sorted, and nothing wrapped around a single node.

    Raises ValueError when nothing is included: Criteo's audience builder takes no exclusion by itself.
    """
    if not targeting.include:
        raise ValueError("an audience includes at least one segment")
    included = list(map(_segment, sorted(targeting.include)))
    excluded = [{"not": _segment(segment)} for segment in sorted(targeting.exclude)]
    return _join("and", [_join("or", included), *excluded])


def decode(node: Any) -> Targeting | None:
    """What a tree means, whatever its shape, or None when it is nothing that `encode` could have written."""
    try:
        clauses = _minimal(_clauses(node, wanted=True))
    except _NotOursError:
        return None
    includes = [clause for clause in clauses if all(wanted for _, wanted in clause)]
    excludes = [clause for clause in clauses if len(clause) == 1 and clause not in includes]
    if len(includes) != 1 or len(includes) + len(excludes) != len(clauses):
        return None
    return Targeting(include=_ids(includes), exclude=_ids(excludes))


def _segment(segment: str) -> dict[str, Any]:
    return {"audienceSegmentId": segment}


def _join(operator: str, nodes: list[dict[str, Any]]) -> dict[str, Any]:
    return nodes[0] if len(nodes) == 1 else {operator: nodes}


def _ids(clauses: Iterable[_Clause]) -> frozenset[str]:
    return frozenset(segment for clause in clauses for segment, _ in clause)


def _clauses(node: Any, *, wanted: bool) -> list[_Clause]:
    """The conjunction that a tree, or its denial, comes to."""
    operator, value = _taken_apart(node)
    if operator == "audienceSegmentId":
        return [frozenset({(str(value), wanted)})]
    if operator == "not":
        return _clauses(value, wanted=not wanted)
    below = [_clauses(child, wanted=wanted) for child in _children(value)]
    # Denial turns one operator into the other.
    return list(chain.from_iterable(below)) if (operator == "and") == wanted else [_either(below)]


def _either(below: list[list[_Clause]]) -> _Clause:
    """One clause out of alternatives; one that is a conjunction itself is beyond what we write."""
    alternatives = [clauses for clauses in map(_minimal, below) if len(clauses) == 1]
    if len(alternatives) != len(below):
        raise _NotOursError
    return frozenset(chain.from_iterable(clauses[0] for clauses in alternatives))


def _minimal(clauses: Iterable[_Clause]) -> list[_Clause]:
    """Without repetition, and without clauses that hold whenever a smaller one does."""
    distinct = set(clauses)
    return [clause for clause in distinct if not any(other < clause for other in distinct)]


def _taken_apart(node: Any) -> tuple[str, Any]:
    given = [(key, value) for key, value in node.items() if value is not None] if isinstance(node, dict) else []
    if len(given) != 1 or given[0][0] not in ("audienceSegmentId", "and", "or", "not"):
        raise _NotOursError
    return given[0]


def _children(value: Any) -> list[Any]:
    if not isinstance(value, list) or not value:
        raise _NotOursError
    return value
