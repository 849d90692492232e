"""Aggregates over some of the rows, for engines that have no `FILTER`."""

from __future__ import annotations

from sqlglot import exp

from reconciler.membership.sql import Sql, call


def fold(count_if: str, node: exp.Filter) -> Sql:
    """The condition goes inside: what does not meet it counts as NULL, which every aggregate leaves out."""
    aggregate, condition = node.this, node.expression.this
    if isinstance(aggregate, exp.Count) and isinstance(aggregate.this, exp.Star):
        return call(count_if, condition)
    if isinstance(aggregate, exp.Anonymous):
        first, *rest = aggregate.expressions
        return call(str(aggregate.this), _where(condition, first), *rest)
    inside = aggregate.this
    if isinstance(inside, exp.Distinct):
        inside.set("expressions", [_where(condition.copy(), value) for value in inside.expressions])
    else:
        aggregate.set("this", _where(condition, inside))
    folded: Sql = aggregate
    return folded


def _where(condition: Sql, value: Sql) -> Sql:
    return exp.Case(ifs=[exp.If(this=condition, true=value)])
