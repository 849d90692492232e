"""What an engine makes of a column of identifiers."""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import select

from reconciler.membership.duckdb_engine import DuckDB
from reconciler.membership.identifiers import Column
from reconciler.membership.preparing import prepare
from reconciler.membership.sql import name, table
from tests.membership.conftest import Fill


def judged(
    engine: DuckDB, fill: Fill, raws: Sequence[str | None], column: Column, kind: str = "varchar"
) -> list[tuple[str | None, str | None]]:
    """The identifier where it is valid, and the reason where it is not, of each value."""
    fill("customers", {"k": "integer", column.raw: kind}, list(enumerate(raws)))
    engine._connection.execute("drop view if exists addressed")
    engine._connection.execute("drop table if exists listed")
    prepare(engine, (column,))
    rows = engine.rows(select(name(column.value), name(column.reason)).from_(table("addressed")).order_by(name("k")))
    return [(value, reason) for value, reason in rows]
