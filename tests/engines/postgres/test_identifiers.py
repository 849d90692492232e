"""Postgres makes of identifiers what DuckDB makes of them, byte for byte."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from reconciler.membership.duckdb_engine import DuckDB
from reconciler.membership.postgres.engine import Postgres
from reconciler.model.settings import Secret
from tests.engines.identifiers import COLUMNS, bytes_of, of_lists, told
from tests.engines.postgres import server


@pytest.fixture(scope="module")
def engine(folder: Path) -> Iterator[Postgres]:
    """One for all: each case makes its tables anew."""
    with Postgres(Secret(server.url(folder)), "identifiers") as opened:
        yield opened


@pytest.mark.parametrize("kind", COLUMNS)
def test_every_vector_is_judged_alike(kind: str, engine: Postgres) -> None:
    """Spellings, reasons, faults, shapes, and the bytes that are sent."""
    column, values = COLUMNS[kind]
    with DuckDB([], []) as duckdb:
        assert told(engine, column, [None, *values]) == told(duckdb, column, [None, *values])
        assert bytes_of(engine, column, values) == bytes_of(duckdb, column, values)


def test_lists_are_taken_apart_alike(engine: Postgres) -> None:
    """Each element is an identifier of its row."""
    with DuckDB([], []) as duckdb:
        assert of_lists(engine) == of_lists(duckdb)
