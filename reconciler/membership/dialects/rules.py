"""How a dialect says things otherwise: rules by function and by node, and the one pass that applies them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from sqlglot import exp

from reconciler.membership.sql import Sql, call

Rule = Callable[..., Sql]
"""From the arguments of a function, already rewritten, to what is said instead. An argument that is used twice is
copied.
"""
NodeRule = Callable[[Any], Sql | None]
"""From a node, whose children are already rewritten, to what is said instead; None leaves it as it is."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Dialect:
    """What one engine says otherwise.

    `functions` by DuckDB's name in lower case, for what is written with `call` (and for what SQLGlot does not know);
    `nodes` for SQLGlot's own nodes that it would not write as this engine needs them; `same` are the functions that
    have the same name and meaning here; `absent` those that are never asked of this engine.
    """

    functions: Mapping[str, Rule] = field(default_factory=lambda: MappingProxyType({}))
    nodes: Mapping[type[Sql], NodeRule] = field(default_factory=lambda: MappingProxyType({}))
    same: frozenset[str] = frozenset()
    absent: frozenset[str] = frozenset()

    def knows(self, function: str) -> bool:
        """Whether it was decided what becomes of a function."""
        return function.lower() in self.functions or function.lower() in self.same | self.absent


def renamed(function: str) -> Rule:
    """The same function by another name."""
    return lambda *arguments: call(function, *arguments)


def try_cast(number: Callable[[Sql, exp.DataType], Sql], moment: Callable[[Sql, exp.DataType], Sql]) -> NodeRule:
    """Casts that may fail, for an engine that has none as we mean them: of numbers and of times; others stay."""

    def said(node: exp.TryCast) -> Sql | None:
        kind = node.args["to"]
        if kind.is_type("DECIMAL"):
            return number(node.this, kind)
        return moment(node.this, kind) if kind.is_type("TIMESTAMP", "TIMESTAMPTZ") else None

    return said


def rewritten(tree: Sql, dialect: Dialect) -> Sql:
    """A copy of a tree as the dialect says it, from the leaves up."""
    root = tree.copy()
    for node in reversed(list(_ours(root))):
        said = _said(node, dialect)
        if said is None:
            continue
        if node is root:
            root = said
        else:
            node.replace(said)
    return root


def _ours(root: Sql) -> Iterator[Sql]:
    """Every node, but nothing of what a user wrote in the engine's own words."""
    theirs: set[int] = set()
    for node in root.bfs():
        if id(node.parent) in theirs or node.meta.get(AS_WRITTEN):
            theirs.add(id(node))
        else:
            yield node


AS_WRITTEN = "as written"


def as_written(query: exp.Query) -> exp.Query:
    """Mark a query of the user's: it is in the engine's own words, and no rule touches it."""
    query.meta[AS_WRITTEN] = True
    return query


def _said(node: Sql, dialect: Dialect) -> Sql | None:
    if isinstance(node, exp.Anonymous):
        rule = dialect.functions.get(str(node.this).lower())
        return rule(*node.expressions) if rule else None
    said = dialect.nodes.get(type(node))
    return said(node) if said else None
