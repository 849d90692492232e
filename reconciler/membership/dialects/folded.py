"""What several engines say with a clause or a function of its own, folded into what all have."""

from __future__ import annotations

from sqlglot import exp

from reconciler.membership.sql import Sql, call, when


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


def where_there(value: Sql, by: Sql) -> Sql:
    """What the greatest is looked for in: a row without the value takes no part."""
    return when(value.copy().is_(exp.null()), exp.null(), by)


def exploded(query: exp.Select) -> list[exp.Explode]:
    """The lists whose elements become rows of a query."""
    return [told.unalias() for told in query.expressions if isinstance(told.unalias(), exp.Explode)]


def _where(condition: Sql, value: Sql) -> Sql:
    return exp.Case(ifs=[exp.If(this=condition, true=value)])
