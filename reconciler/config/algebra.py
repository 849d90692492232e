"""`algebra` of an audience: a tree of segments joined by `and`, `or` and `not`, and what it must not say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from reconciler.config.context import Context
from reconciler.config.names import lists_of
from reconciler.config.nodes import Node
from reconciler.model.algebra import And, Formula, Leaf, Not, Or, any_but, canonical, depth, included, possible, renamed
from reconciler.model.workspace import AudienceConfig, SegmentConfig

Segments = Mapping[str, SegmentConfig]

MOST_LEVELS = 10
"""How deep a formula may be nested: what is deeper nobody can review."""


class Reference(NamedTuple):
    """A segment in a formula, and whether being on its list helps."""

    node: Node
    wanted: bool


def references(node: Node, *, wanted: bool = True) -> Iterator[Reference]:
    """Every segment of a formula, from top to bottom."""
    if isinstance(node.value, str):
        yield Reference(node, wanted)
    for key, child in node.entries():
        for each in child.items():
            yield from references(each, wanted=wanted != (key == "not"))


def read_algebra(node: Node, context: Context) -> Formula | None:
    """The formula as it is written, in canonical form; None with a problem where it can't be one."""
    if context.problems.broken(node):
        return None
    formula = canonical(_formula(node))
    if depth(formula) > MOST_LEVELS:
        context.problems.add(node, f"is nested more than {MOST_LEVELS} levels deep; cut it into segments of their own")
    elif not included(formula):
        context.problems.add(node, "includes nobody: at least one segment must stand in it without `not`")
    return formula


def _formula(node: Node) -> Formula:
    for key, child in node.entries():
        parts = tuple(map(_formula, child.items()))
        return Not(parts[0]) if key == "not" else And(parts) if key == "and" else Or(parts)
    return Leaf(node.raw)


def formula_of(audience: AudienceConfig, always: Iterable[str], segments: Segments) -> Formula:
    """Whom an audience targets, by the addresses of lists: `always` are excluded too. A segment with slices stands for
    all of them.
    """
    if audience.algebra is None:
        return any_but(_lists(audience.include, segments), _lists((*audience.exclude, *always), segments))
    written = renamed(audience.algebra, lambda name: Or(tuple(map(Leaf, lists_of(name, segments)))))
    return canonical(And((written, *(Not(Leaf(each)) for each in _lists(always, segments)))))


def _lists(references: Iterable[str], segments: Segments) -> Iterator[str]:
    return (address for reference in references for address in lists_of(reference, segments))


def brings_nobody(formula: Formula, reference: str, segments: Segments) -> bool:
    """Whether nobody can be targeted who is on a list of this reference."""
    on_it = Or(tuple(map(Leaf, lists_of(reference, segments))))
    return not possible(And((formula, on_it)))
