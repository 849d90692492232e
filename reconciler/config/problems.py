"""Collects everything that is wrong, so that all of it is told at once."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from reconciler.config.nodes import Node
from reconciler.errors import Problem, WorkspaceInvalid

_SUGGESTIONS = 200
"""How many names are looked for in all: the search is slow, and a file of nonsense must not take minutes."""

_CANDIDATES = 5000
_ASKED = "; did you mean `"


class Problems:
    """What is wrong so far. A node with a problem, and every node above it, is `broken`."""

    def __init__(self) -> None:
        self._found: set[Problem] = set()
        self._nodes: set[Node] = set()
        self._broken: set[Node] = set()
        self._suggestions = _SUGGESTIONS

    def __bool__(self) -> bool:
        return bool(self._found)

    def add(self, node: Node, message: str, *, at_key: bool = False) -> None:
        """Something is wrong with this node: with its value, or (`at_key`) with its being there."""
        place = node.key_place if at_key else node.place
        self._found.add(Problem(place.file, place.line, place.column, place.path, message, _suggested(message)))
        self._nodes.add(node)
        above: Node | None = node
        while above is not None and above not in self._broken:
            self._broken.add(above)
            above = above.parent

    def add_at(self, file: str, line: int, column: int, message: str) -> None:
        """Something is wrong at a place that has no node."""
        self._found.add(Problem(file, line, column, "", message))

    @property
    def nodes(self) -> frozenset[Node]:
        """The nodes that something is wrong with, themselves and not only below."""
        return frozenset(self._nodes)

    def broken(self, node: Node) -> bool:
        """Whether something is wrong with this node or below it."""
        return node in self._broken

    def nearest(self, name: str, names: Iterable[str]) -> str:
        """`; did you mean …?` with the nearest of the names, or nothing."""
        self._suggestions -= 1
        if self._suggestions < 0 or len(name) > 100:
            return ""
        candidates = sorted(names)[:_CANDIDATES]
        close = difflib.get_close_matches(name, candidates, n=1)
        return f"{_ASKED}{close[0]}`?" if close else ""

    def error(self) -> WorkspaceInvalid:
        """All of them as one error, sorted by place."""
        return WorkspaceInvalid(tuple(sorted(self._found)))


def _suggested(message: str) -> str | None:
    """The name that `nearest` put at the end of a message."""
    _, asked, name = message.rpartition(_ASKED)
    return name.removesuffix("`?") if asked else None
