"""Criteo's audience algebra ↔ our formulas.

A node is exactly one of a segment, `and`, `or` and `not` (Criteo's audience API 2026-07).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

from reconciler.model.algebra import And, Formula, Leaf, Not, Or, canonical
from reconciler.model.remote import Targeting

SEGMENT = "audienceSegmentId"

_Literal = tuple[str, bool]
"""A segment id, and whether people in it are meant (True) or people outside of it."""

_Clause = frozenset[_Literal]
"""Literals of which at least one holds; any of some, none of others is a conjunction of these."""


class _UnknownShapeError(Exception):
    """The tree has a node that we do not know."""


class _NotPlainError(Exception):
    """The tree says more than any of some segments and none of others."""


def encode(targeting: Targeting) -> dict[str, Any]:
    """The canonical tree: `and[ or[includes], not a, not b ]`, sorted, and nothing wrapped around a single node.

    Raises ValueError when nothing is included: Criteo's audience builder takes no exclusion by itself.
    """
    if not targeting.include:
        raise ValueError("an audience includes at least one segment")
    return _node(targeting.formula)


def decode(node: Any) -> Targeting | None:
    """What a tree means, whatever its shape, or None where we do not know some of its nodes."""
    try:
        formula = canonical(_formula(node))
    except _UnknownShapeError:
        return None
    try:
        return _plain(_minimal(_clauses(formula, wanted=True)))
    except _NotPlainError:
        return Targeting.of(formula)


def mentioned(node: Any) -> frozenset[str]:
    """Every segment that a tree names, whatever its shape."""
    return frozenset(_mentions(node))


def _mentions(node: Any) -> Iterator[str]:
    fields = node if isinstance(node, dict) else {}
    named = fields.get(SEGMENT)
    if isinstance(named, str | int):
        yield str(named)
    yield from chain.from_iterable(map(_mentions, node if isinstance(node, list) else fields.values()))


def _node(formula: Formula) -> dict[str, Any]:
    match formula:
        case Leaf(segment):
            return {SEGMENT: segment}
        case Not(of):
            return {"not": _node(of)}
        case And(parts):
            return {"and": list(map(_node, parts))}
        case Or(parts):
            return {"or": list(map(_node, parts))}


def _formula(node: Any) -> Formula:
    operator, value = _taken_apart(node)
    if operator == SEGMENT:
        return Leaf(_named(value))
    if operator == "not":
        return Not(_formula(value))
    parts = tuple(map(_formula, _children(value)))
    return And(parts) if operator == "and" else Or(parts)


def _taken_apart(node: Any) -> tuple[str, Any]:
    given = [(key, value) for key, value in node.items() if value is not None] if isinstance(node, dict) else []
    if len(given) != 1 or given[0][0] not in (SEGMENT, "and", "or", "not"):
        raise _UnknownShapeError
    return given[0]


def _named(value: Any) -> str:
    if not isinstance(value, str | int) or isinstance(value, bool):
        raise _UnknownShapeError
    return str(value)


def _children(value: Any) -> list[Any]:
    if not isinstance(value, list) or not value:
        raise _UnknownShapeError
    return value


def _plain(clauses: list[_Clause]) -> Targeting:
    """Any of some segments, none of others. Raises _NotPlainError where that is not all."""
    includes = [clause for clause in clauses if all(wanted for _, wanted in clause)]
    excludes = [clause for clause in clauses if len(clause) == 1 and clause not in includes]
    if len(includes) != 1 or len(includes) + len(excludes) != len(clauses):
        raise _NotPlainError
    return Targeting(include=_ids(includes), exclude=_ids(excludes))


def _ids(clauses: Iterable[_Clause]) -> frozenset[str]:
    return frozenset(segment for clause in clauses for segment, _ in clause)


def _clauses(formula: Formula, *, wanted: bool) -> list[_Clause]:
    """The conjunction that a formula, or its denial, comes to."""
    match formula:
        case Leaf(segment):
            return [frozenset({(segment, wanted)})]
        case Not(of):
            return _clauses(of, wanted=not wanted)
        case And(parts) | Or(parts):
            below = [_clauses(each, wanted=wanted) for each in parts]
            # Denial turns one operator into the other.
            joins = isinstance(formula, And) == wanted
            return list(chain.from_iterable(below)) if joins else [_either(below)]


def _either(below: list[list[_Clause]]) -> _Clause:
    """One clause out of alternatives; one that is a conjunction itself is more than that."""
    alternatives = [clauses for clauses in map(_minimal, below) if len(clauses) == 1]
    if len(alternatives) != len(below):
        raise _NotPlainError
    return frozenset(chain.from_iterable(clauses[0] for clauses in alternatives))


def _minimal(clauses: Iterable[_Clause]) -> list[_Clause]:
    """Without repetition, and without clauses that hold whenever a smaller one does."""
    distinct = set(clauses)
    return [clause for clause in distinct if not any(other < clause for other in distinct)]
