"""What columns are, by DuckDB's names for their types."""

from __future__ import annotations

import psycopg
import pytest
import sqlglot
from sqlglot import exp, select

from reconciler.membership.postgres.engine import Postgres

TYPES = {
    "text": "VARCHAR",
    "varchar(20)": "VARCHAR",
    "char(3)": "VARCHAR",
    "name": "VARCHAR",
    "uuid": "VARCHAR",
    "inet": "VARCHAR",
    "mood": "VARCHAR",
    "short": "VARCHAR",
    "smallint": "SMALLINT",
    "integer": "INTEGER",
    "bigint": "BIGINT",
    "numeric": "DECIMAL",
    "numeric(10,2)": "DECIMAL(10,2)",
    "numeric(38,0)": "DECIMAL(38,0)",
    "real": "FLOAT",
    "double precision": "DOUBLE",
    "boolean": "BOOLEAN",
    "date": "DATE",
    "timestamp": "TIMESTAMP",
    "timestamptz": "TIMESTAMP WITH TIME ZONE",
    "json": "JSON",
    "jsonb": "JSON",
    "bytea": "BLOB",
    "text[]": "VARCHAR[]",
    "uuid[]": "VARCHAR[]",
    "integer[]": "INTEGER[]",
    "numeric(10,2)[]": "DECIMAL[]",
    "jsonb[]": "JSON[]",
    "mood[]": "VARCHAR[]",
    "int4range": "STRUCT",
    "pair": "STRUCT",
    "point": "STRUCT",
}


def test_every_type_has_its_name(engine: Postgres, address: str) -> None:
    """What is text at heart is text; numbers say how they are stored; lists say of what."""
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("create type mood as enum ('glad', 'sad')")
        connection.execute("create type pair as (a int, b int)")
        connection.execute("create domain short as varchar(3)")
        columns = ", ".join(f'"{kind} column" {kind}' for kind in TYPES)
        connection.execute(f"create table every ({columns})".encode())

    found = engine.describe(select("*").from_("public.every"))

    assert found == {f"{kind} column": told for kind, told in TYPES.items()}


def test_a_description_runs_nothing(engine: Postgres) -> None:
    """What would fail on a row, or take long, is described at once."""
    query = sqlglot.parse_one("select 1 / 0 as a, pg_sleep(100) is null as b", read="postgres")
    assert isinstance(query, exp.Query)

    assert engine.describe(query) == {"a": "INTEGER", "b": "BOOLEAN"}


@pytest.mark.parametrize("collation", ["und-x-icu", "en-x-icu"])
def test_text_is_compared_by_code_points(engine: Postgres, address: str, collation: str) -> None:
    """Whatever order the user's columns have, a table that we make of them has that of the bytes."""
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f'create table words (w varchar(9) collate "{collation}")'.encode())
        connection.execute("insert into words values ('b'), ('A'), ('a'), ('B'), ('_'), ('ä')")

    engine.run(exp.Create(this=exp.to_table("ours"), kind="TABLE", expression=select("w").from_("public.words")))

    found = engine.rows(select("w").from_("ours").order_by("w"))
    assert [row[0] for row in found] == ["A", "B", "_", "a", "b", "ä"]
