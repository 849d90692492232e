"""The records of customers: each has a key, and none has another's."""

from __future__ import annotations

from sqlglot import exp, select

from reconciler.errors import SourceInvalid
from reconciler.membership.checks import Columns
from reconciler.membership.engine import Engine
from reconciler.membership.files import told
from reconciler.membership.source import Relations
from reconciler.membership.sql import call, name, table
from reconciler.membership.values import Kind, as_text


def check_keys(engine: Engine, relations: Relations, columns: Columns) -> int:
    """The number of records. Raises SourceInvalid when some have no key or share one."""
    key = name("k")
    customers = relations.source.customers
    text_kind = relations.customers[customers.key].kind is Kind.TEXT
    there = as_text(key, Kind.TEXT) if text_kind else key
    rows, keyed, different = engine.rows(
        select(
            exp.func("COUNT", exp.Star()),
            exp.func("COUNT", there),
            exp.Count(this=exp.Distinct(expressions=[call("hash", key)])),
        ).from_(table("customers"))
    )[0]
    place = columns.get(("customers", customers.key), customers.table.place)
    if keyed < rows:
        raise SourceInvalid(
            "Customers without a key.",
            hint="Give every row its key; nothing was changed.",
            problems=(told(place, f"{rows - keyed:,} of {rows:,} rows have no `{customers.key}`"),),
        )
    if different < keyed and (twice := keyed - _different(engine)):
        raise SourceInvalid(
            "Customers share a key.",
            hint="Keep one row a customer; nothing was changed.",
            problems=(told(place, f"`{customers.key}` repeats in {twice:,} of {rows:,} rows"),),
        )
    return int(rows)


def _different(engine: Engine) -> int:
    """Counted by hash first, since that is quick; by value only when two hashes met."""
    query = select(exp.Count(this=exp.Distinct(expressions=[name("k")]))).from_(table("customers"))
    return int(engine.rows(query)[0][0])
