"""The engine on Spark: what membership makes is kept by Spark itself, and only small answers leave it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Self

import pyarrow as pa
import pyarrow.parquet as pq
from pyspark import StorageLevel
from pyspark.errors import PySparkException
from pyspark.sql import DataFrame
from pyspark.sql.pandas.types import from_arrow_schema
from sqlglot import exp, select

from reconciler.errors import EngineFailed, ReconcilerError
from reconciler.membership.dialect import write
from reconciler.membership.dialects.spark import SCRATCH
from reconciler.membership.engine import Row
from reconciler.membership.receipts import (
    Receipt,
    check_receipt,
    missing_table,
    read_receipt,
    succession,
    write_receipt,
)
from reconciler.membership.spark.connection import Connection, aside, connect
from reconciler.membership.spark.failures import Quiet
from reconciler.membership.spark.kinds import arrow_schema, name_of
from reconciler.membership.sql import Sql, alias, call, name, table
from reconciler.model.settings import EngineAccess

BATCH = 100_000
"""Rows that pass through this process at a time when a file is written or read."""
PIECES = 16
"""More pieces of a table than this are put together before it is read."""
_LEDGER = "ledger_"


class Spark:
    """Spark 4, by Spark Connect or in this process.

    A table is computed at once and kept by the executors, in memory and on their disks, without its history: it can't
    be computed again from a source that has changed meanwhile, and a lost executor is an error, not another answer.
    """

    dialect = "spark"
    room: int | None = None

    def __init__(self, schema: str, access: EngineAccess, master: str | None = None) -> None:
        self.statements: list[Sql] = []
        self._schema = schema
        self._connection: Connection = connect(access.spark, master)
        self._session = self._connection.session
        self._quiet = Quiet(self._interrupt)
        self._interrupted = False
        self._made: dict[str, DataFrame] = {}
        self._pieces: dict[str, list[DataFrame]] = {}
        self._receipts: dict[Path, Receipt] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Drop what was made, and end the session."""
        if self._interrupted:
            return aside(self._connection.end)
        try:
            with suppress(EngineFailed), self._quiet:
                for label in list(self._made):
                    self._drop(label)
        finally:
            with suppress(Exception):  # a Spark that is gone can't be ended
                self._connection.end()

    def run(self, tree: Sql) -> None:
        """Make a table or a view, or drop one. Raises EngineFailed."""
        self.statements.append(tree)
        label = _label(tree)
        with self._quiet:
            if isinstance(tree, exp.Drop):
                self._drop(label)
            elif isinstance(tree, exp.Create) and tree.args["kind"] == "VIEW":
                self._register(label, self._frame(tree.expression))
            elif isinstance(tree, exp.Create):
                frame = self._frame(tree.expression or _no_rows(tree))
                self._register(label, frame.localCheckpoint(True, StorageLevel.MEMORY_AND_DISK))
            else:
                raise ReconcilerError("A statement that Spark does not carry out.", hint="This is a bug in reconciler.")

    def rows(self, query: Sql) -> list[Row]:
        """All rows of a query whose answer is small."""
        self.statements.append(query)
        with self._quiet:
            return list(map(_plain, self._frame(query).collect()))

    def describe(self, query: exp.Query) -> Mapping[str, str]:
        """The columns of a query with their types."""
        with self._quiet:
            return {field.name: name_of(field.dataType) for field in self._frame(query).schema.fields}

    def has(self, table: str) -> bool:
        """Whether a table of that name was made."""
        return table in self._made

    def stream(self, query: Sql, size: int) -> Iterator[list[Row]]:
        """The rows of a query in batches, partition by partition: safe in any thread."""
        with self._quiet:
            rows = self._frame(query).toLocalIterator()
            while batch := list(map(_plain, islice(rows, size))):
                yield batch

    def take(self, table: str, columns: Sequence[Sequence[str | None]]) -> None:
        """Append a batch of text columns to a table."""
        names = self._made[table].columns
        with self._quiet:
            self._append(table, pa.table([pa.array(column, pa.string()) for column in columns], names=names))

    def read_file(self, path: Path) -> exp.Select:
        """The rows of a state file: in the table that it is the receipt of, or taken from it to Spark.

        Raises StateError when the table is gone or is not what was written.
        """
        receipt = read_receipt(path, self.dialect)
        if receipt is None:
            return select("*").from_(table(self._loaded(path)))
        if path not in self._receipts:
            self._check(receipt)
            self._receipts[path] = receipt
        return select("*").from_(exp.to_table(receipt.table))

    def write_file(self, query: exp.Query, path: Path, *, stays: bool) -> None:
        """Write a query's rows as Parquet; with `stays` as a table, where Spark has a catalog that outlives it."""
        self.statements.append(query)
        with self._quiet:
            if stays and self._catalog_lasts():
                self._keep(query, path)
            else:
                self._write(query, path)

    def _frame(self, query: Sql) -> DataFrame:
        self._put_together()
        return self._session.sql(write(query, self.dialect))

    def _register(self, label: str, frame: DataFrame) -> None:
        frame.createOrReplaceTempView(SCRATCH + label)
        self._made[label] = frame

    def _drop(self, label: str) -> None:
        if self._made.pop(label, None) is not None:
            self._session.catalog.dropTempView(SCRATCH + label)

    def _append(self, label: str, rows: pa.Table) -> None:
        if rows.num_rows:
            self._pieces.setdefault(label, []).append(self._session.createDataFrame(rows).localCheckpoint())

    def _put_together(self) -> None:
        """What was appended is seen by the next query."""
        while self._pieces:
            label, pieces = self._pieces.popitem()
            whole = self._made[label]
            for piece in pieces:
                whole = whole.unionAll(piece)
            self._register(label, whole.coalesce(PIECES).localCheckpoint() if len(pieces) > PIECES else whole)

    def _loaded(self, path: Path) -> str:
        label = f"file_{path.stem}"
        if label not in self._made:
            with self._quiet, pq.ParquetFile(path) as file:
                self._register(label, self._session.createDataFrame([], from_arrow_schema(file.schema_arrow)))
                for batch in file.iter_batches(BATCH):
                    self._append(label, pa.Table.from_batches([batch]))
        return label

    def _write(self, query: exp.Query, path: Path) -> None:
        """The rows pass through in batches."""
        frame = self._frame(query)
        schema, rows = arrow_schema(frame.schema), frame.toLocalIterator()
        with pq.ParquetWriter(path, schema, compression="zstd", compression_level=1) as file:
            while batch := list(islice(rows, BATCH)):
                columns = zip(*batch, strict=True)
                arrays = [pa.array(c, field.type) for c, field in zip(columns, schema, strict=True)]
                file.write_table(pa.table(arrays, schema=schema))

    def _catalog_lasts(self) -> bool:
        """A catalog in memory forgets its tables when Spark ends."""
        get = self._session.conf.get
        plain = get("spark.sql.defaultCatalog") == "spark_catalog"
        return not plain or bool(get("spark.sql.catalogImplementation") == "hive")

    def _keep(self, query: exp.Query, path: Path) -> None:
        self._session.sql(f"CREATE SCHEMA IF NOT EXISTS `{self._schema}`")
        kept = exp.to_table(f"{self._schema}.{_LEDGER}{uuid.uuid4().hex}")
        self._session.sql(write(_stored(kept, query), self.dialect))
        rows, digest = self._content(kept)
        now = int(self._session.sql("SELECT unix_seconds(current_timestamp())").collect()[0][0])
        earlier, over = succession(self._receipts.values(), now)
        label = f"{kept.db}.{kept.name}"
        receipt = Receipt(engine=self.dialect, table=label, rows=rows, digest=digest, earlier=earlier)
        write_receipt(path, receipt)
        for old in over:
            self._forget(exp.to_table(old))

    def _forget(self, old: exp.Table) -> None:
        if old.db == self._schema and old.name.startswith(_LEDGER):
            with suppress(PySparkException):  # somebody else's by now, or gone: no reason to stop
                self._session.sql(write(exp.Drop(tables=[old], kind="TABLE", exists=True), self.dialect))

    def _check(self, receipt: Receipt) -> None:
        with self._quiet:
            there = self._session.catalog.tableExists(receipt.table)
            found = self._content(exp.to_table(receipt.table)) if there else None
        if found is None:
            raise missing_table(receipt)
        check_receipt(receipt, *found)

    def _content(self, kept: exp.Table) -> tuple[int, str]:
        """Its rows, and a digest that does not depend on their order."""
        columns = self._session.table(f"`{kept.db}`.`{kept.name}`").columns
        each = exp.cast(call("hash", *map(name, columns)), "DECIMAL(20, 0)")
        query = select(exp.func("COUNT", exp.Star()), exp.func("SUM", each)).from_(kept)
        rows, digest = self._frame(query).collect()[0]
        return int(rows), str(digest or 0)

    def _interrupt(self) -> None:
        self._interrupted = True
        aside(self._connection.cancel)


def _label(tree: Sql) -> str:
    made = tree.args["tables"][0] if isinstance(tree, exp.Drop) else tree.find(exp.Table)
    return made.name if isinstance(made, exp.Table) else ""


def _no_rows(tree: exp.Create) -> exp.Select:
    """A table that is declared by its columns."""
    columns = tree.this.expressions
    return select(*(alias(exp.cast(exp.null(), each.args["kind"]), each.name) for each in columns)).where(exp.false())


def _stored(kept: exp.Table, query: exp.Query) -> exp.Create:
    form = exp.Properties(expressions=[exp.FileFormatProperty(this=exp.var("PARQUET"))])
    return exp.Create(this=kept.copy(), kind="TABLE", expression=query, properties=form)


def _plain(row: Row) -> Row:
    """Older versions give bytes that can be changed."""
    return tuple(bytes(value) if isinstance(value, bytearray) else value for value in row)
