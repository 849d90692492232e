"""Segments that refer to segments: no circles, and no endless chains."""

from __future__ import annotations

from graphlib import CycleError, TopologicalSorter

from reconciler.config.nodes import Node
from reconciler.config.problems import Problems
from reconciler.config.segments import References

MAX_CHAIN = 20
"""How many segments may refer to each other in a row; more is no definition that anybody can follow."""


def check_references(references: References, problems: Problems) -> None:
    """Every circle is told once, at its first reference; then chains that are too long."""
    graph = {key: {other for other, _ in others} for key, others in references.items()}
    found_circle = False
    while circle := _circle(graph):
        found_circle = True
        start = circle.index(min(circle))
        ring = [*circle[start:], *circle[:start]]
        _tell_circle(ring, references, problems)
        for key in ring:
            graph[key] = set()
    if not found_circle:
        _check_chains(graph, references, problems)


def _circle(graph: dict[str, set[str]]) -> list[str]:
    """The keys of one circle, each referring to the next; empty when there is none."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        keys: list[str] = error.args[1]
        return keys[:0:-1]
    return []


def _tell_circle(ring: list[str], references: References, problems: Problems) -> None:
    shown = ring if len(ring) <= MAX_CHAIN else [*ring[:MAX_CHAIN], f"({len(ring) - MAX_CHAIN} more)"]
    words = " -> ".join([*shown, ring[0]])
    after = ring[1] if len(ring) > 1 else ring[0]
    problems.add(_reference(ring[0], after, references), f"a segment can't be part of its own definition: {words}")


def _reference(key: str, other: str, references: References) -> Node:
    return next(node for name, node in references[key] if name == other)


def _check_chains(graph: dict[str, set[str]], references: References, problems: Problems) -> None:
    length: dict[str, int] = {}
    for key in TopologicalSorter(graph).static_order():
        length[key] = 1 + max((length[other] for other in graph.get(key, ())), default=0)
        if length[key] == MAX_CHAIN + 1:
            node = references[key][0][1]
            problems.add(node, f"begins a chain of more than {MAX_CHAIN} segments that refer to each other")
