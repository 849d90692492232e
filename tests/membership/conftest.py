"""An engine without files, and tables made by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest
import sqlglot

from reconciler.membership.duckdb_engine import DuckDB

Fill = Callable[[str, dict[str, str], Sequence[Sequence[Any]]], None]


@pytest.fixture(scope="module")
def engine() -> Iterator[DuckDB]:
    """DuckDB, opened shut."""
    with DuckDB([], []) as opened:
        yield opened


@pytest.fixture
def fill(engine: DuckDB) -> Fill:
    """Make a table anew from columns with types, and rows of text that are cast to them."""

    def filled(label: str, types: dict[str, str], rows: Sequence[Sequence[Any]]) -> None:
        columns = ", ".join(f'"{name}" {kind}' for name, kind in types.items())
        engine.run(sqlglot.parse_one(f'create or replace table "{label}" ({columns})', dialect="duckdb"))
        if rows:
            engine.take(label, [[None if row[n] is None else str(row[n]) for row in rows] for n in range(len(types))])

    return filled
