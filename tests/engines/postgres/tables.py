"""Tables in a test's database, from rows or from Parquet files, with columns as DuckDB names their types."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import psycopg
from psycopg import sql

_TYPES = {"VARCHAR": "text", "DOUBLE": "double precision", "FLOAT": "real", "BLOB": "bytea", "TINYINT": "smallint"}


def stored_as(kind: str) -> str:
    """Postgres' word for a type; most have the same in both."""
    plain = kind.upper().removesuffix("[]")
    return _TYPES.get(plain, plain) + "[]" * (plain != kind.upper())


def store(address: str, table: str, types: Mapping[str, str], rows: Iterable[Sequence[Any]]) -> None:
    """Make a table of rows."""
    schema, _, name = table.rpartition(".")
    target = sql.Identifier(schema or "public", name)
    columns = [sql.SQL("{} {}").format(sql.Identifier(c), sql.SQL(stored_as(kind))) for c, kind in types.items()]
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute(sql.SQL("create schema if not exists {}").format(sql.Identifier(schema or "public")))
        connection.execute(sql.SQL("create table {} ({})").format(target, sql.SQL(", ").join(columns)))
        with connection.cursor().copy(sql.SQL("copy {} from stdin").format(target)) as copy:
            for row in rows:
                copy.write_row(row)


def store_parquet(address: str, table: str, files: Path) -> None:
    """Make a table of Parquet files; the path may be a glob."""
    with duckdb.connect() as db:
        db.execute("set TimeZone = 'UTC'")
        found = db.execute("select * from read_parquet($path)", {"path": str(files)})
        types = {str(column[0]): str(column[1]) for column in found.description or ()}
        store(address, table, types, found.fetchall())
