"""Postgres, from version 15 on: people, scratch tables and ledger stay on the server, only the difference leaves it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Self

import psycopg
from psycopg import sql
from sqlglot import exp, select

from reconciler.errors import ReconcilerError
from reconciler.membership.dialect import write
from reconciler.membership.engine import Row
from reconciler.membership.postgres import parquet, scratch, types
from reconciler.membership.postgres.connect import Server
from reconciler.membership.postgres.failures import Quiet, cancel
from reconciler.membership.postgres.ledger import LedgerTables
from reconciler.membership.receipts import read_receipt, write_receipt
from reconciler.membership.sql import Sql, alias, name
from reconciler.model.settings import Secret

ENGINE = "postgres"


class Postgres:
    """A server, reached by a URL (None: as libpq finds it). The ledger is kept in `schema`, scratch tables in a schema
    of the run's own beside it; everything else is only read.
    """

    dialect = ENGINE
    room: int | None = None

    def __init__(self, url: Secret | None, schema: str) -> None:
        self.statements: list[Sql] = []
        self._schema, self._run_schema = schema, scratch.run_schema(schema)
        self._server = Server(url, self._run_schema)
        self._connection = self._server.connect()
        self._ledger = LedgerTables(self._connection, schema)
        self._unanalyzed: set[str] = set()
        self._loaded: dict[Path, exp.Select] = {}
        try:
            with Quiet(self._connection):
                scratch.drop_leftovers(self._connection, schema)
                scratch.make(self._connection, self._run_schema)
        except BaseException:
            self._server.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop what runs and drop what the run made. Where that fails, the next run does it."""
        with suppress(psycopg.Error, ReconcilerError):
            self._server.close(but=self._connection)
            if not self._drop():
                self._server.close()
                with self._server.connect() as connection:
                    scratch.drop_leftovers(connection, self._schema)
        self._server.close()

    def _drop(self) -> bool:
        """Whether the run's own connection is still fit to do it; its lock goes with it."""
        if self._connection.closed:
            return self._connection.broken is False
        cancel(self._connection)
        if self._connection.info.transaction_status is not psycopg.pq.TransactionStatus.IDLE:
            return False
        scratch.drop(self._connection, self._run_schema)
        return True

    def run(self, tree: Sql) -> None:
        """Carry out a statement. Raises EngineFailed."""
        with Quiet(self._connection):
            self._analyze()
            statement = self._in_plain_text(tree) if isinstance(tree, exp.Create) else tree
            self.statements.append(statement)
            self._connection.execute(write(statement, self.dialect).encode())
            if isinstance(tree, exp.Create) and tree.kind == "TABLE" and tree.expression:
                self._unanalyzed.add(tree.this.name)

    def rows(self, query: Sql) -> list[Row]:
        """All rows of a query whose answer is small. Raises EngineFailed."""
        self.statements.append(query)
        with Quiet(self._connection):
            self._analyze()
            found: list[Row] = self._connection.execute(write(query, self.dialect).encode()).fetchall()
            return found

    def describe(self, query: exp.Query) -> Mapping[str, str]:
        """The columns of a query with their types, by DuckDB's names for them. Raises EngineFailed."""
        with Quiet(self._connection):
            return types.described(self._connection, write(query, self.dialect))

    def has(self, table: str) -> bool:
        """Whether a table of that name was made."""
        with Quiet(self._connection):
            found = self._connection.execute(
                "select from pg_catalog.pg_class where relname = %s and relnamespace = to_regnamespace(%s)",
                (table, self._run_schema),
            )
            return found.fetchone() is not None

    def stream(self, query: Sql, size: int) -> Iterator[list[Row]]:
        """The rows of a query in batches, by a cursor of the server on a connection of its own: safe in any thread."""
        with self._server.spare() as connection, Quiet(connection), connection.transaction():
            connection.execute("set transaction read only")
            with connection.cursor("stream") as cursor:
                cursor.execute(write(query, self.dialect).encode(), binary=True)
                while batch := cursor.fetchmany(size):
                    yield batch

    def take(self, table: str, columns: Sequence[Sequence[str | None]]) -> None:
        """Append a batch of text columns to a table."""
        target = sql.Identifier(self._run_schema, table)
        with Quiet(self._connection), self._connection.cursor() as cursor:
            with cursor.copy(sql.SQL("copy {} from stdin").format(target)) as copy:
                for row in zip(*columns, strict=True):
                    copy.write_row(row)
            self._unanalyzed.add(table)

    def read_file(self, path: Path) -> exp.Select:
        """The rows of a file of the state: the table that its receipt tells, or those in it, loaded once.

        Raises StateError when the table is not what was written.
        """
        if path not in self._loaded:
            receipt = read_receipt(path, ENGINE)
            with Quiet(self._connection):
                if receipt is not None:
                    place, table = self._ledger.table(receipt)
                else:
                    place, table = self._run_schema, f"file_{len(self._loaded)}"
                    parquet.load(self._connection, sql.Identifier(place, table), path)
                    self._unanalyzed.add(table)
            self._loaded[path] = select("*").from_(exp.table_(table, db=place, quoted=True))
        return self._loaded[path].copy()

    def write_file(self, query: exp.Query, path: Path, *, stays: bool) -> None:
        """Make the rows a table of the ledger and write its receipt; without `stays`, write them as Parquet."""
        written = write(query, self.dialect)
        if not stays:
            return parquet.save(self.describe(query), self.stream(query, parquet.BATCH), path)
        with Quiet(self._connection):
            self._analyze()
            write_receipt(path, self._ledger.keep(written))
            self._ledger.clear()
        return None

    def _analyze(self) -> None:
        """The planner knows nothing of a new table until it is told."""
        for table in sorted(self._unanalyzed):
            target = sql.Identifier(self._run_schema, table)
            self._connection.execute(sql.SQL("analyze {}").format(target))
        self._unanalyzed.clear()

    def _in_plain_text(self, tree: exp.Create) -> exp.Create:
        """Whatever is text at heart becomes text, compared byte by byte: with the user's types and collations the same
        question could have another answer here than on another engine.
        """
        query = tree.expression
        if not isinstance(query, exp.Query):
            return tree
        columns = types.described(self._connection, write(query, self.dialect))
        if "VARCHAR" not in columns.values():
            return tree
        made = tree.copy()
        told = [
            alias(exp.cast(name(column), "TEXT"), column) if kind == "VARCHAR" else name(column)
            for column, kind in columns.items()
        ]
        made.set("expression", select(*told).from_(query.subquery("made")))
        return made
