"""Tables on a Spark server of the tests' own, from rows or from Parquet files, with DuckDB's names of their types."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
from pyspark.sql.connect.session import SparkSession

_TYPES = {
    "VARCHAR": "STRING",
    "BLOB": "BINARY",
    "TIMESTAMP": "TIMESTAMP_NTZ",
    "TIMESTAMPTZ": "TIMESTAMP",
    "TIMESTAMP WITH TIME ZONE": "TIMESTAMP",
}


def stored_as(kind: str) -> str:
    """Spark's word for a type; most have the same in both."""
    plain = kind.upper().removesuffix("[]")
    told = _TYPES.get(plain, plain)
    return told if plain == kind.upper() else f"ARRAY<{told}>"


def store(url: str, table: str, types: Mapping[str, str], rows: Iterable[Sequence[Any]]) -> None:
    """Make a table of rows anew, by way of a file: text that a value stands in as is read as its type."""
    with tempfile.TemporaryDirectory() as folder, duckdb.connect() as db:
        db.execute("set TimeZone = 'UTC'")
        db.execute(f"create table t ({', '.join(f'{_quoted(c)} {kind}' for c, kind in types.items())})")
        values = list(rows)
        if values:
            db.executemany(f"insert into t values ({', '.join('?' * len(types))})", values)  # noqa: S608 - only marks
        db.execute(f"copy t to '{folder}/rows.parquet' (format parquet)")
        _read_in(url, table, types, f"{folder}/rows.parquet")


def store_parquet(url: str, table: str, files: Path) -> None:
    """Make a table of Parquet files anew; the path may be a glob."""
    with duckdb.connect() as db:
        found = db.execute("select * from read_parquet($path) limit 0", {"path": str(files)})
        types = {str(column[0]): str(column[1]) for column in found.description or ()}
    _read_in(url, table, types, str(files))


def statements(table: str, types: Mapping[str, str], path: str) -> list[str]:
    """What makes a table anew from files of Parquet."""
    schema, _, _ = table.rpartition(".")
    columns = ", ".join(f"cast(`{c}` as {stored_as(kind)}) as `{c}`" for c, kind in types.items())
    rows = f"select {columns} from parquet.`{path}`"  # noqa: S608 - the test's own names
    return [
        "set spark.sql.session.timeZone = UTC",
        f"create schema if not exists {schema or 'default'}",
        f"drop table if exists {table}",
        f"create table {table} using parquet as {rows}",
    ]


def _read_in(url: str, table: str, types: Mapping[str, str], path: str) -> None:
    spark = SparkSession.builder.remote(url).create()
    try:
        for statement in statements(table, types, path):
            spark.sql(statement)
    finally:
        spark.stop()


def _quoted(column: str) -> str:
    return '"' + column.replace('"', '""') + '"'
