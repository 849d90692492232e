"""Collects everything that is wrong, so that all of it is told at once."""

from __future__ import annotations

from collections.abc import Iterable

from reconciler.config.nodes import Node
from reconciler.errors import Problem, WorkspaceInvalid
from reconciler.model.nearest import nearest, suggested

_COMPARISONS = 100_000
"""How many names are compared in all: the search is slow, and a file of nonsense must not take minutes."""

MOST = 1000
"""How many problems are told; a file with more is not mended by reading all of them."""


class Problems:
    """What is wrong so far. A node with a problem, and every node above it, is `broken`."""

    def __init__(self) -> None:
        self._found: set[Problem] = set()
        self._nodes: set[Node] = set()
        self._broken: set[Node] = set()
        self._comparisons = _COMPARISONS
        self._untold = 0

    def __bool__(self) -> bool:
        return bool(self._found)

    def add(self, node: Node, message: str, *, at_key: bool = False) -> None:
        """Something is wrong with this node: with its value, or (`at_key`) with its being there."""
        if self._has_room():
            place = node.key_place if at_key else node.place
            self._found.add(Problem(place.file, place.line, place.column, place.path, message, suggested(message)))
        self._nodes.add(node)
        above: Node | None = node
        while above is not None and above not in self._broken:
            self._broken.add(above)
            above = above.parent

    def add_at(self, file: str, line: int, column: int, message: str) -> None:
        """Something is wrong at a place that has no node."""
        if self._has_room():
            self._found.add(Problem(file, line, column, "", message))

    def _has_room(self) -> bool:
        self._untold += len(self._found) >= MOST
        return len(self._found) < MOST

    @property
    def nodes(self) -> frozenset[Node]:
        """The nodes that something is wrong with, themselves and not only below."""
        return frozenset(self._nodes)

    def broken(self, node: Node) -> bool:
        """Whether something is wrong with this node or below it."""
        return node in self._broken

    def nearest(self, name: str, names: Iterable[str]) -> str:
        """`; did you mean …?` with the nearest of the names, or nothing."""
        candidates = tuple(names)
        self._comparisons -= len(candidates)
        return nearest(name, candidates) if self._comparisons >= 0 else ""

    def error(self) -> WorkspaceInvalid:
        """All of them as one error, sorted by place."""
        return WorkspaceInvalid(tuple(sorted(self._found)), untold=self._untold)
