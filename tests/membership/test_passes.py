from __future__ import annotations

import pytest
import sqlglot
from sqlglot import exp, select

from reconciler.membership.duckdb_engine import DuckDB
from reconciler.membership.passes import create_grouped
from reconciler.membership.sql import alias, create, name, table


@pytest.mark.parametrize(("room", "passes"), [(None, 1), (10**9, 1), (2_000_000, 3), (1, 16)])
def test_passes_make_one_table(room: int | None, passes: int) -> None:
    """Whatever the room, every key has its group once, the one without a value among them."""
    numbers = sqlglot.parse_one("select nullif(i % 10000, 7)::varchar as k from range(30000) r(i)", dialect="duckdb")
    with DuckDB([], []) as engine:
        engine.room = room
        engine.run(exp.Create(this=table("rows"), kind="TABLE", expression=numbers))
        engine.run(create("other", select(name("k")).from_(table("rows"))))
        before = len(engine.statements)
        grouped = select(name("k"), alias(exp.func("COUNT", exp.Star()), "n")).from_(table("other")).group_by(name("k"))
        create_grouped(engine, "made", grouped, groups=10_000, state=300)

        assert len(engine.statements) - before == passes
        counted = select(exp.func("COUNT", exp.Star()), exp.func("SUM", name("n"))).from_(table("made"))
        assert engine.rows(counted) == [(10_000, 30_000)]
        assert engine.rows(counted.where(name("k").is_(exp.null()))) == [(1, 3)]
