"""What membership asks of an engine."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol, Self

from sqlglot import exp

from reconciler.membership.sql import Sql

Row = tuple[Any, ...]


class Engine(Protocol):
    """Runs trees, reads rows, takes in batches, and keeps the ledger where the people are.

    Closing it takes away everything that was made on it but the files and tables of the ledger.
    """

    dialect: str
    """The name by which SQLGlot knows its SQL."""
    room: int | None
    """The bytes that the groups of one query may fill; None where the engine sees to that itself."""
    statements: list[Sql]
    """Every tree that was run, in order, for whoever wants to read the SQL."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...

    def close(self) -> None:
        """End it and wipe what it made."""
        ...

    def run(self, tree: Sql) -> None:
        """Carry out a statement. Raises EngineFailed."""
        ...

    def rows(self, query: Sql) -> list[Row]:
        """All rows of a query whose answer is small. Raises EngineFailed."""
        ...

    def describe(self, query: exp.Query) -> Mapping[str, str]:
        """The columns of a query with their types, by DuckDB's names for them: VARCHAR, BIGINT, DECIMAL(10,2), DOUBLE,
        BOOLEAN, TIMESTAMP, TIMESTAMP WITH TIME ZONE, DATE, JSON, VARCHAR[] …
        """
        ...

    def has(self, table: str) -> bool:
        """Whether a table of that name was made."""
        ...

    def stream(self, query: Sql, size: int) -> Iterator[list[Row]]:
        """The rows of a query in batches: safe in any thread, several at a time."""
        ...

    def take(self, table: str, columns: Sequence[Sequence[str | None]]) -> None:
        """Append a batch of text columns to a table."""
        ...

    def read_file(self, path: Path) -> exp.Select:
        """The rows of a file that `write_file` wrote, on this engine."""
        ...

    def write_file(self, query: exp.Query, path: Path, *, stays: bool) -> None:
        """Write a query's rows to a file of the state. With `stays` the rows may stay with the engine, and the file
        only says where: that is how a ledger lives there. Without it they are in the file.
        """
        ...
