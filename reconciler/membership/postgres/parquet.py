"""Files of the state that hold their rows: written and read by the embedded DuckDB, row by row over the connection."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import duckdb
from psycopg import sql

from reconciler.errors import EngineFailed
from reconciler.membership.engine import Row
from reconciler.membership.postgres.failures import Connection

BATCH = 20_000
_TYPES = {"BLOB": "bytea", "BIGINT": "bigint", "INTEGER": "integer", "SMALLINT": "smallint", "VARCHAR": "text"}


def save(columns: Mapping[str, str], batches: Iterable[list[Row]], path: Path) -> None:
    """Write rows as Parquet."""
    told = ", ".join(f'"{column}" {kind}' for column, kind in columns.items())
    lists = ", ".join(f"unnest(${number}::{kind}[])" for number, kind in enumerate(columns.values(), 1))
    try:
        with duckdb.connect(":memory:") as db:
            db.execute(f"create table rows ({told})")
            for batch in batches:
                db.execute(f"insert into rows select {lists}", [list(column) for column in zip(*batch, strict=True)])
            db.execute(
                "copy rows to $path (format parquet, compression zstd, compression_level 1)", {"path": str(path)}
            )
    except duckdb.Error:
        raise EngineFailed("A file of the state could not be written.", hint="Check the disk.") from None


def load(connection: Connection, table: sql.Identifier, path: Path) -> None:
    """Make a scratch table of the rows of a Parquet file."""
    try:
        with duckdb.connect(":memory:") as db:
            rows = db.execute("select * from read_parquet($path)", {"path": str(path)})
            _take(connection, table, rows)
    except duckdb.Error:
        raise EngineFailed("A file of the state could not be read.", hint="Check the disk.") from None


def _take(connection: Connection, table: sql.Identifier, rows: duckdb.DuckDBPyConnection) -> None:
    columns = [(str(column[0]), _TYPES[str(column[1])]) for column in rows.description or ()]
    told = [sql.SQL("{} {}").format(sql.Identifier(column), sql.SQL(kind)) for column, kind in columns]
    connection.execute(sql.SQL("create unlogged table {} ({})").format(table, sql.SQL(", ").join(told)))
    with connection.cursor().copy(sql.SQL("copy {} from stdin (format binary)").format(table)) as copy:
        copy.set_types([kind for _, kind in columns])
        while batch := rows.fetchmany(BATCH):
            for row in batch:
                copy.write_row(row)
