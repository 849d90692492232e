"""DuckDB embedded: opened shut, its messages never shown."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path
from typing import Literal, Self

import duckdb
from sqlglot import exp, select

from reconciler.errors import EngineFailed, EngineUnavailable
from reconciler.membership.dialect import write
from reconciler.membership.engine import Row
from reconciler.membership.sql import Sql, call, text

SPILL = "reconciler-spill-"
Filling = Literal["text", "list", "time"]
_FILLED: Mapping[Filling, str] = {
    "text": "unnest(${}::varchar[])",
    "list": "unnest(${}::varchar[][])",
    "time": "unnest(${}::varchar[])::timestamptz::timestamp",
}


class DuckDB:
    """DuckDB in memory. It may read `files` and read and write inside `folders`, and nothing else: no network, no
    extensions, settings locked. What it spills is encrypted, in a private folder that goes with it.

    `small`: for a handful of rows, which no statement depends on the number of, and no plan is worth optimising for.
    """

    dialect = "duckdb"

    def __init__(self, files: Sequence[Path], folders: Sequence[Path], *, small: bool = False) -> None:
        self.statements: list[Sql] = []
        # Measured: where groups need more, DuckDB gives up its tables of them early, and spills.
        self.room: int | None = None if small else _memory_limit() * 46 // 100
        _wipe_what_dead_runs_left()
        self._spill = Path(tempfile.mkdtemp(prefix=f"{SPILL}{os.getpid()}-"))
        self._thread = ThreadPoolExecutor(1, "duckdb")
        self._connection = duckdb.connect(":memory:", config={"allow_community_extensions": "false"})
        unhurried = ["set threads = 1", "pragma disable_optimizer"] if small else []
        for statement in [*unhurried, *_shut(files, (*folders, self._spill), self._spill)]:
            self._connection.execute(statement)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End it and wipe what it spilled."""
        self._connection.close()
        self._thread.shutdown()
        shutil.rmtree(self._spill, ignore_errors=True)

    def run(self, tree: Sql) -> None:
        """Carry out a statement. Raises EngineFailed."""
        self.statements.append(tree)
        with _Quiet():
            self._execute(self._connection, write(tree, self.dialect))

    def rows(self, query: Sql) -> list[Row]:
        """All rows of a query whose answer is small."""
        self.statements.append(query)
        with _Quiet():
            return self._execute(self._connection, write(query, self.dialect)).fetchall()

    def has(self, table: str) -> bool:
        """Whether a table of that name was made."""
        named = exp.column("table_name").eq(table)
        return bool(self.rows(select("1").from_("information_schema.tables").where(named)))

    def stream(self, query: Sql, size: int) -> Iterator[list[Row]]:
        """The rows of a query in batches, on a connection of their own: safe in any thread."""
        with _Quiet(), self._connection.cursor() as cursor:
            self._execute(cursor, write(query, self.dialect))
            while batch := cursor.fetchmany(size):
                yield batch

    def _execute(self, connection: duckdb.DuckDBPyConnection, sql: str) -> duckdb.DuckDBPyConnection:
        """The main thread waits for another one: DuckDB itself would look at a Ctrl-C only when a long task is over."""
        if threading.current_thread() is not threading.main_thread():
            return connection.execute(sql)
        task = self._thread.submit(connection.execute, sql)
        try:
            return task.result()
        finally:
            while not task.done():
                connection.interrupt()  # once more while it may not have begun yet
                wait([task], timeout=0.05)

    def take(self, table: str, columns: Sequence[Sequence[str | None]]) -> None:
        """Append a batch of text columns to a table."""
        lists = ", ".join(f"unnest(${number}::varchar[])" for number in range(1, len(columns) + 1))
        with _Quiet():
            self._connection.execute(f'insert into "{table}" select {lists}', [list(column) for column in columns])

    def fill(self, table: str, columns: Mapping[str, tuple[Sequence[object], Filling]]) -> None:
        """Make a table anew of columns of texts, of lists of texts, or of times that are given as text."""
        told = (
            f"{_FILLED[kind].format(number)} as {exp.to_identifier(column, quoted=True).sql(dialect=self.dialect)}"
            for number, (column, (_, kind)) in enumerate(columns.items(), 1)
        )
        with _Quiet():
            statement = f'create or replace table "{table}" as select {", ".join(told)}'
            self._connection.execute(statement, [list(values) for values, _ in columns.values()])

    def again(self, statements: Sequence[str]) -> None:
        """Carry out statements that were written before."""
        with _Quiet():
            for statement in statements:
                self._execute(self._connection, statement)

    def answer(self, query: str) -> list[Row]:
        """All rows of a query that was written before."""
        with _Quiet():
            return self._execute(self._connection, query).fetchall()

    def describe(self, query: exp.Query) -> Mapping[str, str]:
        """The columns of a query with their types."""
        return {row[0]: row[1] for row in self.rows(exp.Describe(this=query))}

    def read_file(self, path: Path) -> exp.Select:
        """The rows of a state file."""
        return select("*").from_(call("read_parquet", text(str(path))))

    def write_file(self, query: exp.Query, path: Path, *, stays: bool) -> None:
        """Write a query's rows as Parquet. Digests can't be compressed, and version 2 does not try to: it writes them
        in half the time.
        """
        del stays  # all that this engine keeps is files
        options: dict[str, str | int] = {"FORMAT": "parquet", "PARQUET_VERSION": "V2"}
        options |= {"COMPRESSION": "zstd", "COMPRESSION_LEVEL": 1}
        self.run(_copy(query, path, options))


def _wipe_what_dead_runs_left() -> None:
    """A run that was killed could not wipe its spill; it is encrypted, and it goes now."""
    for folder in Path(tempfile.gettempdir()).glob(f"{SPILL}[0-9]*-*"):
        pid = folder.name.removeprefix(SPILL).partition("-")[0]
        if pid.isdecimal() and not Path(f"/proc/{pid}").exists() and Path("/proc/self").exists():
            shutil.rmtree(folder, ignore_errors=True)


def _copy(query: Sql, path: Path, options: dict[str, str | int]) -> exp.Copy:
    parameters = [
        exp.CopyParameter(
            this=exp.var(key), expression=exp.convert(value) if isinstance(value, int) else exp.var(value)
        )
        for key, value in options.items()
    ]
    target = exp.Literal.string(str(path))
    return exp.Copy(this=exp.paren(query), kind=False, files=[target], params=parameters)


def _memory_limit() -> int:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return min(3 * 10**9, memory * 6 // 10)


def _shut(files: Sequence[Path], folders: Sequence[Path], spill: Path) -> list[str]:
    return [
        "set TimeZone = 'UTC'",
        "set autoinstall_known_extensions = false",
        "set autoload_known_extensions = false",
        "set preserve_insertion_order = false",
        # DuckDB 2.0.0 takes branches of a UNION ALL for one where their joins differ in the column, and loses rows.
        "set disabled_optimizers = 'common_subplan'",
        # DuckDB's own encryption has to be asked for like this: the random numbers behind its keys are weaker than
        # those of an extension, which would come over the network. Without it, a run that has to spill would die.
        "set force_mbedtls_unsafe = true",
        "set temp_file_encryption = true",
        f"set temp_directory = {_quoted(spill)}",
        f"set memory_limit = '{_memory_limit()}B'",
        f"set allowed_paths = [{', '.join(map(_quoted, files))}]",
        f"set allowed_directories = [{', '.join(map(_quoted, folders))}]",
        "set enable_external_access = false",
        "set lock_configuration = true",
    ]


def _quoted(path: Path) -> str:
    return exp.Literal.string(str(path)).sql(dialect="duckdb")


class _Quiet:
    """Turns the engine's errors into ours: its own message may quote a row, so only its kind is kept."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: object) -> None:
        if isinstance(error, duckdb.Error):
            raise _translated(error) from None


def _translated(error: duckdb.Error) -> EngineFailed:
    if isinstance(error, duckdb.OutOfMemoryException):
        return EngineUnavailable(
            "The engine ran out of memory or of disk to spill to.",
            f"It spills to {tempfile.gettempdir()}.",
            "Free some memory and disk there, or set TMPDIR to a folder on a larger disk.",
        )
    if isinstance(error, duckdb.IOException):
        return EngineFailed("The engine could not read or write a file.", hint="Check the disk and the source files.")
    if isinstance(error, duckdb.OutOfRangeException):
        return EngineFailed(
            "The numbers of a column are too large to be added up.",
            "A sum has 20 digits before the point.",
            "Look at the columns that `total` and `ratio` name; nothing was changed.",
        )
    line = re.search(r"CSV Error on Line: ([0-9]+)", str(error))
    return EngineFailed(
        "The engine could not run a query.",
        f"It says {type(error).__name__}; its message is withheld, it may quote a row.",
        line=int(line[1]) if line else None,
    )
