"""Spark makes of identifiers what DuckDB makes of them, byte for byte."""

from __future__ import annotations

import pytest

from reconciler.membership.duckdb_engine import DuckDB
from reconciler.membership.spark.engine import Spark
from tests.engines.identifiers import COLUMNS, bytes_of, of_lists, told


@pytest.mark.parametrize("kind", COLUMNS)
def test_every_vector_is_judged_alike(kind: str, remote: Spark) -> None:
    """Spellings, reasons, faults, shapes, and the bytes that are sent."""
    column, values = COLUMNS[kind]
    with DuckDB([], []) as duckdb:
        assert told(remote, column, [None, *values]) == told(duckdb, column, [None, *values])
        assert bytes_of(remote, column, values) == bytes_of(duckdb, column, values)


def test_lists_are_taken_apart_alike(remote: Spark) -> None:
    """Each element is an identifier of its row."""
    with DuckDB([], []) as duckdb:
        assert of_lists(remote) == of_lists(duckdb)
