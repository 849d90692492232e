"""Persons chosen by a query of the user's own, in the words of the engine."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import sqlglot
from sqlglot import exp, select

from reconciler.errors import SourceInvalid
from reconciler.membership.ages import moment
from reconciler.membership.columns import as_declared, kind_of
from reconciler.membership.dialects.rules import as_written
from reconciler.membership.engine import Engine
from reconciler.membership.source import Relations
from reconciler.membership.sql import alias, name
from reconciler.membership.tables import owners
from reconciler.membership.values import as_key


def keys_of(engine: Engine, relations: Relations, sql: str, as_of: dt.datetime) -> exp.Select:
    """Rows `k`: the different keys that a query yields in its first column, at a clock."""
    tree = _told(sql, engine.dialect, as_of, _tables(engine, relations) if engine.dialect == "duckdb" else {})
    column, stored = next(iter(engine.describe(tree).items()))
    key = as_key(name(column), kind_of(stored))
    return select(alias(key, "k")).distinct().from_(tree.subquery("q")).where(name(column).is_(exp.null()).not_())


def _tables(engine: Engine, relations: Relations) -> dict[str, exp.Query]:
    """The declared tables as they are, by the names that a query has for them."""
    events = [_plain(engine, relations.declared[owner].rows) for owner in owners(relations.source)]
    named = {"events": events[0]} if len(events) == 1 else {f"events_{n}": rows for n, rows in enumerate(events, 1)}
    return {"customers": _plain(engine, relations.declared["customers"].rows), **named}


def _plain(engine: Engine, rows: exp.Query) -> exp.Query:
    """The values of JSON files as the text that they are compared by."""
    types = engine.describe(rows)
    if "JSON" not in types.values():
        return rows
    told = [alias(as_declared(column, stored), column) for column, stored in types.items()]
    return select(*told).from_(rows.subquery("declared"))


def _told(sql: str, dialect: str, as_of: dt.datetime, tables: Mapping[str, exp.Query]) -> exp.Query:
    """The query with the clock and the declared tables in it."""
    tree = sqlglot.parse_one(sql, dialect=dialect)
    if not isinstance(tree, exp.Query):
        raise SourceInvalid("A query is not one.", hint="Write one SELECT.")
    for clock in list(tree.find_all(exp.Placeholder)):
        clock.replace(moment(as_of))
    given = _given(tree)
    for found in list(tree.find_all(exp.Table)):
        label = found.name.lower()
        if not found.db and label in tables and label not in given:
            found.replace(tables[label].copy().subquery(exp.to_identifier(found.alias or found.name)))
    return as_written(tree)


def _given(tree: exp.Expr) -> set[str]:
    """The names that WITH gives."""
    return {each.alias.lower() for each in tree.find_all(exp.CTE)}
