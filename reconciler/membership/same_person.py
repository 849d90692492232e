"""Which records are one person: those that share a valid identifier in the column that the workspace names for it."""

from __future__ import annotations

from sqlglot import exp, select

from reconciler.membership.engine import Engine
from reconciler.membership.identifiers import Column
from reconciler.membership.source import Relations
from reconciler.membership.sql import Sql, alias, call, create, decimal, drop, filtered, integer, name, negated, table
from reconciler.membership.values import Kind
from reconciler.model.membership import Merged

MOST = 20
"""An identifier that more records share is no evidence that they are one person: a shop's own, or a default."""


def make_persons(engine: Engine, relations: Relations, columns: tuple[Column, ...]) -> Merged | None:
    """Make `persons(k, p)`: the records that are one person with others, each with the smallest key of them. None where
    every record is a person.
    """
    column = _column(relations, columns)
    if column is None:
        return None
    there = negated(name(column.value).is_(exp.null()))
    engine.run(
        create("told_by", select(name("k"), alias(name(column.value), "e")).from_(table("addressed")).where(there))
    )
    counted = alias(exp.func("COUNT", exp.Star()), "n")
    shared = select(name("e"), alias(_smallest(relations), "p"), counted).from_(table("told_by")).group_by(name("e"))
    engine.run(create("shared_by", shared.having(exp.func("COUNT", exp.Star()) > integer(1))))
    records = select(name("k", "t"), name("p", "s")).from_(table("told_by").as_("t"))
    records = records.join(table("shared_by").as_("s"), on=name("e", "t").eq(name("e", "s")))
    engine.run(create("persons", records.where(name("n", "s") <= integer(MOST))))
    engine.run(drop("told_by"))
    return _merged(engine)


def _column(relations: Relations, columns: tuple[Column, ...]) -> Column | None:
    customers = relations.source.customers
    declared = zip(customers.identifiers, columns, strict=True)
    return next((column for each, column in declared if each.column == customers.same_person), None)


def _smallest(relations: Relations) -> Sql:
    """Whole numbers by their value, also where keys are compared as text; text by its code points."""
    key = name("k")
    if relations.customers[relations.source.customers.key].kind is Kind.EXACT:
        return call("arg_min", key, exp.TryCast(this=key.copy(), to=decimal(38, 0)))
    return exp.func("MIN", key)


def _merged(engine: Engine) -> Merged:
    many = name("n") > integer(MOST)
    few = negated(many.copy())
    counts = [
        filtered(exp.func("SUM", name("n")), few),
        filtered(exp.func("COUNT", exp.Star()), few.copy()),
        filtered(exp.func("COUNT", exp.Star()), many),
    ]
    records, persons, shared_by_many = engine.rows(select(*counts).from_(table("shared_by")))[0]
    return Merged(records=int(records or 0), persons=persons, shared_by_many=shared_by_many)
