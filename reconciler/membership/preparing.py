"""Identifiers of a relation made ready: normalised, judged, and hashed where that can't wait."""

from __future__ import annotations

from collections.abc import Iterable

from sqlglot import exp, select

from reconciler.membership import addresses
from reconciler.membership.engine import Engine
from reconciler.membership.identifiers import Column
from reconciler.membership.sql import alias, name, table, together


def prepare(engine: Engine, columns: tuple[Column, ...], of: str = "customers", into: str = "addressed") -> None:
    """Make the relation `into`: the relation `of` with each identifier as it is sent (NULL when it is not valid) and
    the reason.
    """
    for column in columns:
        addresses.read_odd(engine, column, of)
    rows = select("*").from_(table(of))
    for layer in addresses.LAYERS:
        told = [alias(value, label) for label, value in map(layer, columns)]
        rows = select("*", *told).from_(rows.subquery("a"))
    engine.run(exp.Create(this=table(into), kind="VIEW", expression=rows))


def valid_and_reasons(columns: Iterable[Column]) -> exp.Select:
    """Rows `(reason, count)` over all persons and columns; reason NULL counts the valid ones."""
    parts = [select(alias(name(c.reason), "r")).from_(table("people")) for c in columns]
    query = together(parts)
    return select(name("r"), exp.func("COUNT", exp.Star())).from_(query.subquery("a")).group_by(name("r"))
